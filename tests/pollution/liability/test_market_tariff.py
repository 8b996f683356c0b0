# SPDX-License-Identifier: Apache-2.0
"""A user's tariff: reading it, what it charges, and why the model's premium differs."""

import numpy as np
import pytest
from small_zone import leping_frames

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.pollution.accidents.rates import Rates
from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.liability.market_premium import (
    market_premiums,
    recent_accidents,
    tariff_group,
)
from greenrisk.pollution.liability.premium import PlantPremiums
from greenrisk.pollution.liability.presets import presets
from greenrisk.pollution.liability.tariff import read_tariff
from greenrisk.pollution.liability.tariff_difference import (
    LEVEL,
    difference,
    market_factors,
    technical_factors,
)
from greenrisk.pollution.liability.tariff_tables import EPL_TARIFFS_SEEN, ZONE_TARIFF

DATA = library_root() / "data"
SHIPPED = read_table(DATA / "zone_tariff_illustrative.csv", ZONE_TARIFF, Ledger())
TARIFF = read_tariff(SHIPPED)
SEEN = read_table(DATA / "epl_tariffs_seen.csv", EPL_TARIFFS_SEEN, Ledger())
ZONE = inventory_of(leping_frames())
PLANTS = ZONE.plants
GRADE = np.where(np.arange(len(PLANTS)) % 4 == 3, -1, np.arange(len(PLANTS)) % 4)
NONE = np.zeros(len(PLANTS), dtype=np.int64)


def _at(plant_id):
    return int(np.flatnonzero(PLANTS.ids == plant_id)[0])


def test_the_synthetic_tariff_charges_what_the_schemes_seen_charge_at_factor_one():
    for preset in presets(SEEN).values():
        limit = preset.policy.accident_limit_cny
        assert TARIFF.base * TARIFF.of_limit(np.array([limit]))[0] * limit == pytest.approx(
            preset.premium, rel=1e-3
        )


def test_no_row_of_a_tariff_seen_or_made_up_is_called_confirmed():
    assert set(SHIPPED["status"]) == {"illustrative"}
    assert set(SEEN["status"]) <= {"illustrative", "unconfirmed"}
    assert (SHIPPED["low"].isna() | (SHIPPED["low"] <= SHIPPED["factor"])).all()


def test_the_premium_is_the_product_of_its_parts():
    limit = np.full(len(PLANTS), 2e6)
    found = market_premiums(TARIFF, PLANTS, GRADE, NONE, limit)
    # LZ05: pesticides, graded general here, yellow, no accident, limit 2 million.
    at = _at("LZ05")
    assert GRADE[at] == 0
    assert found.premium[at] == pytest.approx(2e6 * 0.01 * 2.25 * 0.9 * 1.15 * 0.9 * 1.75)
    ungraded, uncoloured = _at("LZ04"), _at("LZ16")
    assert found.factor["grade"][ungraded] == 1.0
    assert found.factor["colour"][uncoloured] == 1.0
    assert found.premium == pytest.approx(limit * np.prod(list(found.factor.values()), axis=0))


def test_the_longest_match_of_the_industry_counts():
    assert [TARIFF.of_industry(code) for code in ("2631", "2612", "2651", "9999", "26")] == [
        2.25,
        1.75,
        1.5,
        1.0,
        1.5,
    ]


def test_between_limits_the_factor_is_a_power_and_beyond_them_it_stays():
    middle = TARIFF.of_limit(np.array([np.sqrt(1e6 * 2e6)]))[0]
    assert middle == pytest.approx(np.sqrt(2.0 * 1.75))
    assert TARIFF.of_limit(np.array([1e5, 1e9])).tolist() == pytest.approx([2.4, 1.0])


def test_a_plant_without_cover_pays_nothing_and_accidents_raise_the_premium():
    limit = np.where(np.arange(len(PLANTS)) == 0, 0.0, 1e6)
    found = market_premiums(TARIFF, PLANTS, GRADE, NONE, limit)
    assert found.premium[0] == 0.0
    worse = market_premiums(TARIFF, PLANTS, GRADE, NONE + np.arange(len(PLANTS)) % 6, limit)
    ratio = worse.premium[1:] / found.premium[1:]
    expected = np.array([0.9, 1.3, 2.0, 2.0, 2.0, 2.0])[np.arange(1, len(PLANTS)) % 6] / 0.9
    assert ratio == pytest.approx(expected)


def test_the_record_counts_accidents_of_the_window_and_no_penalties():
    history = ZONE.history
    last = int(history.year.max())
    every = recent_accidents(history, len(PLANTS), last, 200)
    assert every.sum() == (history.kind == 0).sum()
    frame = leping_frames()["zone-history"]
    rows = frame[(frame["kind"] == "accident") & (frame["year"] > last - 3) & (frame["year"] <= last)]
    found = recent_accidents(history, len(PLANTS), last, 3)
    assert {str(PLANTS.ids[i]): int(n) for i, n in enumerate(found.tolist()) if n} == rows[
        "plant_id"
    ].value_counts().to_dict()


def test_the_loss_ratio_is_what_is_paid_over_what_is_charged():
    limit = np.where(np.arange(len(PLANTS)) < 2, 0.0, 1e6)
    market = market_premiums(TARIFF, PLANTS, GRADE, NONE, limit)
    paid = np.where(limit > 0, 5000.0, 0.0)
    group = tariff_group(market, 1.6 * paid, paid, PLANTS.ids)
    assert np.isnan(group["loss_ratio"].values[:2]).all()
    assert float(group["zone_loss_ratio"]) == pytest.approx(paid.sum() / market.premium.sum())
    assert float(group["zone_technical_over_market"]) == pytest.approx(
        1.6 * paid.sum() / market.premium.sum()
    )
    assert group["rate_on_line"].values[2:] == pytest.approx(market.premium[2:] / 1e6)


def _changed(change):
    with pytest.raises(TableError) as caught:
        read_tariff(change(SHIPPED), "tariff.csv")
    return {(fault.where, fault.what): fault.expected for fault in caught.value.faults}


def _drop(part, label):
    return lambda rows: rows[(rows["part"] != part) | (rows["class"] != label)]


def _put(row, column, value):
    return lambda rows: rows.assign(**{column: rows[column].where(rows.index != row - 2, value)})


def test_every_fault_of_a_tariff_is_told_with_its_row():
    assert (
        "1 changes nothing"
        in _changed(_drop("grade", "major"))["tariff.csv", "no row of part grade and class major"]
    )
    assert ("tariff.csv", "no row of part base and class *") in _changed(_drop("base", "*"))
    assert ("tariff.csv", "no row of part record and class 0") in _changed(_drop("record", "0"))
    assert ("tariff.csv", "no row of part industry and class *") in _changed(_drop("industry", "*"))
    faults = _changed(_put(17, "class", "generall"))
    assert faults["tariff.csv:17", "class = generall"].endswith("Did you mean `general`?")
    assert "Row 17" in _changed(_put(18, "class", "general"))["tariff.csv:18", "class = general"]
    assert ("tariff.csv:27", "class = some") in _changed(_put(27, "class", "some"))
    assert ("tariff.csv:29", "class = -5") in _changed(_put(29, "class", "-5"))
    assert ("tariff.csv:2", "factor = 0.03 with the range 0.01 to 0.02") in _changed(_put(2, "factor", 0.03))
    no_limit = _changed(lambda rows: rows[rows["part"] != "limit"])
    assert ("tariff.csv", "no row of part limit") in no_limit


def test_a_tariff_without_ranges_is_read():
    assert read_tariff(SHIPPED.drop(columns=["low", "high", "note"])).base == TARIFF.base


def test_tariffs_for_the_wrong_plants_are_refused_all_at_once():
    with pytest.raises(ArgumentError) as caught:
        market_premiums(TARIFF, PLANTS, GRADE[:2], NONE[:3], np.full(len(PLANTS), 1e6))
    assert [fault.where for fault in caught.value.faults] == ["grade", "accidents"]


def test_the_difference_of_two_premiums_adds_up_factor_by_factor():
    rng = np.random.default_rng(3)
    names = ("base", "industry", "grade", "colour", "record", "limit")
    technical = {name: rng.uniform(0.5, 3.0, 6) for name in (*names, "prevention", "transport", "loadings")}
    market = {name: rng.uniform(0.5, 3.0, 6) for name in names}
    technical["base"], market["base"] = np.full(6, 0.8), np.full(6, 0.01)
    found = difference(technical, market, list("abcdef"))
    ours, theirs = (np.prod(list(side.values()), axis=0) for side in (technical, market))
    assert found["amount"].sum("factor").values == pytest.approx(ours - theirs, rel=1e-12)
    assert found["log_ratio"].sum("factor").values == pytest.approx(np.log(ours / theirs), rel=1e-12)
    assert float(found["zone_amount"].sum()) == pytest.approx((ours - theirs).sum())
    # The level is the same of every plant, and no other factor has a mean of its own.
    assert np.ptp(found["log_ratio"].sel(factor=LEVEL).values) == pytest.approx(0.0, abs=1e-12)
    others = found["log_ratio"].drop_sel(factor=LEVEL).values
    assert others @ theirs == pytest.approx(np.zeros(others.shape[0]), abs=1e-12 * theirs.sum())


def test_one_factor_that_differs_explains_all_of_it():
    equal = {name: np.ones(2) for name in ("base", "industry", "grade")}
    found = difference(equal | {"grade": np.array([1.0, 2.0])}, equal, ["a", "b"])
    assert float(np.abs(found["amount"].sel(factor="industry")).max()) == 0.0
    # A mean of ln 2 / 2 is the level; the rest is the grade's, and opposite for both plants.
    half = np.log(2) / 2
    assert found["log_ratio"].sel(factor="grade").values.tolist() == pytest.approx([-half, half])
    assert found["log_ratio"].sel(factor=LEVEL).values.tolist() == pytest.approx([half, half])
    assert found["mean_log_ratio"].sel(factor="grade") == pytest.approx(half)


def test_a_level_is_no_difference_between_plants():
    one = {"base": np.full(3, 0.01), "industry": np.array([1.0, 2.0, 3.0])}
    twice = one | {"base": np.full(3, 0.02)}
    found = difference(twice, one, list("abc"))
    premium = np.prod(list(one.values()), axis=0)
    assert found["amount"].sel(factor=LEVEL).values == pytest.approx(premium)
    assert found["amount"].sel(factor="industry").values == pytest.approx(np.zeros(3), abs=1e-15)


def test_plants_without_a_premium_are_not_compared():
    found = difference(
        {"base": np.ones(3), "industry": np.array([1.0, np.nan, 2.0])},
        {"base": np.array([1.0, 1.0, 0.0]), "industry": np.ones(3)},
        list("abc"),
    )
    assert np.isnan(found["amount"].values[:, 1:]).all()
    assert found["zone_amount"].values == pytest.approx(np.zeros(2))


def _rates(plants):
    rng = np.random.default_rng(1)
    pooled, factor = rng.uniform(0.01, 0.05, plants), rng.uniform(0.7, 1.5, (3, plants))
    prior = pooled * factor.prod(axis=0) * 0.8
    return Rates(
        source=np.ones((4, plants)),
        weight=np.ones((4, plants)),
        pooled=pooled,
        factor=factor,
        transfer=0.8,
        prior=prior,
        credibility=np.zeros(plants),
        own=np.zeros(plants),
        posterior=prior * rng.uniform(0.8, 1.4, plants),
        transport=np.where(np.arange(plants) % 2, 0.01, 0.0),
        transfer_before=0.8,
        per_km=1e-7,
        per_km_before=1e-7,
        transport_prior=np.where(np.arange(plants) % 2, 0.01, 0.0),
        transport_credibility=np.zeros(plants),
    )


def test_the_factors_of_the_model_multiply_to_its_premium():
    count = len(PLANTS)
    pure = np.linspace(1e3, 9e3, count)
    amount = np.stack([pure, *[0.1 * pure] * 5, 1.5 * pure])
    premiums = PlantPremiums(None, amount, np.zeros(count), np.ones(count, bool))
    factors = technical_factors(_rates(count), premiums)
    assert np.prod(list(factors.values()), axis=0) == pytest.approx(1.5 * pure, rel=1e-12)
    market = market_premiums(TARIFF, PLANTS, GRADE, NONE, np.full(count, 1e6))
    assert np.prod(list(market_factors(market).values()), axis=0) == pytest.approx(market.premium, rel=1e-12)
    found = difference(factors, market_factors(market), PLANTS.ids)
    assert found["amount"].sum("factor").values == pytest.approx(1.5 * pure - market.premium, rel=1e-9)
    assert set(found["factor"].values) == {
        LEVEL,
        "industry",
        "grade",
        "colour",
        "record",
        "limit",
        "prevention",
        "transport",
        "loadings",
    }


def test_unknown_factors_are_refused():
    with pytest.raises(ArgumentError, match="receptor"):
        difference({"base": np.ones(1), "receptor": np.ones(1)}, {"base": np.ones(1)}, ["a"])
    with pytest.raises(ArgumentError, match="shapes"):
        difference({"base": np.ones(1), "grade": np.ones(2)}, {"base": np.ones(1)}, ["a"])
