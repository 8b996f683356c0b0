# SPDX-License-Identifier: Apache-2.0
"""What is known of 2015, the scale that one year allows, and the comparison with simulated years."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.resource.nonfire import (
    FIGURES,
    KNOWN_YEAR,
    LEVELS,
    SEEN_PREMIUMS,
    experience_check,
    known_year_of,
    one_year_scale,
)

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "data/jiangxi_2015_experience.csv"


def frame():
    return read_table(TABLE, KNOWN_YEAR, Ledger())


def known():
    return known_year_of(frame(), TABLE.name)


def check(payments, paid_area, claims, **changed):
    settings = {"insured_area": 1000.0, "known": known(), "loss_ratio": 0.5, **changed}
    return experience_check(payments, paid_area, claims, **settings)


def test_the_table_gives_the_figures_of_the_handbook():
    year = known()
    assert year.year == 2015
    assert year.paid_per_insured_mu["printed"] == pytest.approx(0.62, abs=0.005)
    assert year.paid_per_insured_mu["forest"] == pytest.approx(1.07, abs=0.005)
    assert year.paid_per_paid_mu == pytest.approx(380, abs=0.5)
    assert year.area_per_claim == pytest.approx(453, abs=0.5)
    assert {name for name, status in year.status.items() if status == "unconfirmed"} == {"forest_area"}


def test_the_table_holds_what_the_page_prints_in_words():
    products = pd.read_csv(ROOT / "data/forest_products_seen.csv")
    row = products[(products["region"] == "Jiangxi") & (products["year"] == "2016")].iloc[0]
    for words in ("193M mu insured (73% of forest land", "698 claims 2015", "CNY 120M paid on 316,000 mu"):
        assert words in row["notes"]
    year = known()
    assert (year.insured_area, year.insured_share, year.claims) == (193e6, 0.73, 698)
    assert (year.paid, year.paid_area) == (120e6, 316_000)
    assert row["source"] in set(frame()["source"])


def test_premiums_seen_are_those_of_the_table_of_products():
    products = pd.read_csv(ROOT / "data/forest_products_seen.csv")
    forest = products["object"].str.contains("forest|pine") & (products["unit"] == "CNY/mu")
    premiums = products[forest]["premium"].dropna()
    assert (premiums[premiums >= 1].min(), premiums.max()) == SEEN_PREMIUMS
    assert premiums[premiums < 1].tolist() == [0.65]


def test_one_year_leaves_the_mean_between_two_fifths_and_five_and_a_half_times():
    middle, low, high = one_year_scale(1.0)
    assert middle == pytest.approx(math.sqrt(2))
    assert (round(low, 1), round(high, 1)) == (0.4, 5.6)
    # the same by drawing: a mean from a flat law of its logarithm, kept where its year is near the one seen
    rng = np.random.default_rng(1)
    log_mean = rng.uniform(-6, 6, 2_000_000)
    sigma = math.sqrt(math.log(2))
    log_year = log_mean - sigma**2 / 2 + sigma * rng.standard_normal(log_mean.size)
    kept = np.exp(log_mean[np.abs(log_year) < 0.02])
    assert np.mean(kept < low) == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / kept.size))
    assert np.mean(kept < middle) == pytest.approx(0.5, abs=4 * math.sqrt(0.25 / kept.size))
    assert np.mean(kept > high) == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / kept.size))
    with pytest.raises(ArgumentError, match="coefficient_of_variation = 0"):
        one_year_scale(0.0)


def test_the_card_of_the_scale_is_that_law_rounded():
    card = read_card(ROOT / "models/nonfire-cost-jiangxi.yaml")
    assert card.use == "forest.nonfire_scale"
    assert list(card.parameters) == ["scale"]
    scale = card.parameters["scale"]
    assert scale.range.distribution == "lognormal"
    found = tuple(round(number, 2) for number in one_year_scale(1.0))
    assert (scale.value, scale.range.low, scale.range.high) == found


def test_the_figures_of_four_years_are_those_worked_out_by_hand():
    # 1,000 mu insured; CNY/mu: 0, 0.5, 1.0, 2.5; CNY/paid mu: -, 250, 500, 500; mu/claim: -, 2, 1, 2.5
    found = check([0, 500, 1000, 2500], [0, 2, 2, 5], [0, 1, 2, 2])
    row = found.sel(figure="paid_per_insured_mu_printed")
    assert (float(row["mean"]), float(row["pooled"]), float(row["years"])) == (1.0, 1.0, 4)
    assert float(row["share_below"]) == 0.5  # 0.62 lies above two of four
    assert row["quantile"].values.tolist() == [0, 0, 0.5, 1.0, 2.5]
    assert float(found.sel(figure="paid_per_insured_mu_forest")["share_below"]) == 0.75
    row = found.sel(figure="paid_per_paid_mu")
    assert float(row["mean"]) == pytest.approx((250 + 500 + 500) / 3)
    assert (float(row["pooled"]), float(row["years"])) == (pytest.approx(4000 / 9), 3)
    assert float(row["share_below"]) == pytest.approx(1 / 3)
    row = found.sel(figure="area_per_claim")
    assert (float(row["mean"]), float(row["pooled"])) == (pytest.approx(5.5 / 3), pytest.approx(9 / 5))
    premium = found.sel(figure=["premium_low", "premium_high"])
    assert premium["known"].values.tolist() == [0.5, 1.4]
    assert premium["share_below"].values.tolist() == [0.375, 0.75]  # one year of four equals 0.5
    assert set(premium["law"].values) == {"the mean of all years"}
    assert found["level"].values.tolist() == list(LEVELS)


def test_a_weight_counts_as_so_many_years():
    even = check([0, 500, 500, 500, 900], [0, 2, 2, 2, 3], [0, 1, 1, 1, 4])
    weighted = check([0, 500, 900], [0, 2, 3], [0, 1, 4], weights=[1, 3, 1])
    for name in ("mean", "pooled", "share_below", "quantile"):
        np.testing.assert_allclose(weighted[name].values, even[name].values, rtol=1e-12)


def test_it_compares_and_never_agrees():
    found = check([400, 900], [1, 2], [1, 1])
    for sentence in found["sentence"].values:
        assert "compared with" in sentence
        assert "agree" not in sentence
    assert "agree" not in found.attrs["note"]
    for said in ("the level of the cards that ship was set by what this one year paid", "chance alone"):
        assert said in found.attrs["note"]
    assert found["sentence"].values[0] == (
        "Payments by insured mu, insured area as printed: 0.622 CNY/mu, compared with 0.65 in the mean of the "
        "model's years (90 % of them from 0.4 to 0.9; 50 % lie below)."
    )
    assert dict(zip(found["figure"].values, found["status"].values, strict=True)) == {
        "paid_per_insured_mu_printed": "confirmed",
        "paid_per_insured_mu_forest": "unconfirmed",
        "paid_per_paid_mu": "confirmed",
        "area_per_claim": "confirmed",
        "premium_low": "illustrative",
        "premium_high": "illustrative",
    }


def test_a_figure_that_no_year_has_is_left_out():
    found = check([0, 0], [0, 0], [0, 0])
    assert "paid_per_paid_mu" not in found["figure"]
    assert "area_per_claim" not in found["figure"]
    assert found.notnull().all().to_array().all()


def test_every_number_of_the_check_has_a_unit():
    found = check([400, 900], [1, 2], [1, 1])
    for name, variable in found.variables.items():
        if variable.dtype.kind in "iuf":
            assert variable.attrs.get("units"), name


def test_years_that_do_not_go_together_are_refused():
    with pytest.raises(ArgumentError) as caught:
        check([1, 2], [1], [1, 2])
    assert str(caught.value) == (
        "payments  2 payments, 1 paid_area, 2 claims\n  One of each for every year was expected.\n1 fault."
    )
    with pytest.raises(ArgumentError) as caught:
        check([1], [1], [1], loss_ratio=0.0, insured_area=-3.0, premiums=(3.0, 2.0))
    assert len(caught.value.faults) == 3
    with pytest.raises(ArgumentError, match="payments"):
        check([-1.0], [1], [1])


def test_a_table_with_missing_or_wrong_figures_is_refused_all_at_once():
    table = frame()
    table.loc[table["name"] == "paid_area", "unit"] = "ha"
    with pytest.raises(TableError) as caught:
        known_year_of(table[table["name"] != "claims"], "known.csv")
    assert str(caught.value) == (
        "known.csv  no row claims\n  Add the row `claims`.  [1]\n"
        "known.csv  paid_area: unit = ha\n  Give it in mu.  [mu]\n2 faults."
    )
    table = frame()
    for name, value in (("year", 2015.5), ("insured_share", 73.0), ("paid_area", 194e6)):
        table.loc[table["name"] == name, "value"] = value
    with pytest.raises(TableError) as caught:
        known_year_of(table, "known.csv")
    assert [fault.what for fault in caught.value.faults] == [
        "year = 2015.5",
        "insured_share = 73",
        "paid_area = 1.94e+08, insured_area = 1.93e+08",
    ]
    assert set(FIGURES) == set(frame()["name"])
