# SPDX-License-Identifier: Apache-2.0
"""Basis risk of a cover: 13 years by hand, provinces as the handbook has them, a normal link in closed form."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

from greenrisk.core.errors import ArgumentError
from greenrisk.core.library import find
from greenrisk.resource.basis_risk.buyer import Buyer
from greenrisk.resource.basis_risk.groups import QUADRANTS, basis_groups
from greenrisk.resource.basis_risk.intervals import Measure
from greenrisk.resource.basis_risk.measures import BasisRisk, basis_risk, basis_values

LOSS = np.array([33.0, 7.3, 14.4, 4.1, 7.5, 15.8, 3.3, 1.9, 7.1, 4.8, 4.9, 4.1, 3.0])
PAYOUT = np.array([20.0, 6, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0])
BUYER = Buyer(2.0, 100.0, 1.4)


@pytest.fixture(scope="module")
def found() -> BasisRisk:
    return basis_risk(LOSS, PAYOUT, 3.0, BUYER, resamples=400)


def by_name(found: BasisRisk) -> dict[str, Measure]:
    return {measure.name: measure for measure in found.measures}


def test_misses_are_counted_at_matched_frequency(found: BasisRisk) -> None:
    # paid: 2009, 2010, 2012; the 3 worst: 2009, 2014, 2011
    measures = by_name(found)
    assert found.matched == 3
    assert np.flatnonzero(found.worst).tolist() == [0, 2, 5]
    for name in ("false_negatives", "false_positives"):
        assert measures[name].value == pytest.approx(2 / 3)
        assert measures[name].years == 3
    assert measures["false_negatives"].note.startswith("2 of the 3 worst years were not paid.")
    assert measures["false_positives"].note.startswith("2 of the 3 paid years are none of the worst.")
    # R: binom.test(2, 3, conf.level = 0.9)
    ends = (measures["false_negatives"].low, measures["false_negatives"].high)
    assert ends == pytest.approx((0.135350362171584, 0.983047572491558))


def test_where_fewer_years_had_a_loss_than_were_paid_the_two_differ() -> None:
    loss = np.array([9.0, 0, 0, 0, 0, 0])
    paid = np.array([1.0, 1, 1, 0, 0, 0])
    measures = by_name(basis_risk(loss, paid, 0.1, BUYER, resamples=50))
    assert (measures["false_negatives"].value, measures["false_negatives"].years) == (0.0, 1)
    assert (measures["false_positives"].value, measures["false_positives"].years) == (pytest.approx(2 / 3), 3)


def test_money_by_hand(found: BasisRisk) -> None:
    assert found.value("mean_loss") == pytest.approx(111.2 / 13)
    assert found.value("mean_payout") == pytest.approx(32 / 13)
    # 2012: 1.9 paid beyond; all else of the difference stays unpaid
    assert found.value("expected_excess") == pytest.approx(1.9 / 13)
    assert found.value("expected_shortfall") == pytest.approx((111.2 - 32 + 1.9) / 13)
    # the worst 20 % of 13 years: 2.6 of them: 15.8, 14.4 and 0.6 of 13.0 (2009)
    assert found.value("tail_shortfall") == pytest.approx((15.8 + 14.4 + 0.6 * 13.0) / 2.6)
    assert by_name(found)["tail_shortfall"].years == 3
    reduction = 1 - (LOSS - PAYOUT).var() / LOSS.var()
    assert found.value("variance_reduction") == pytest.approx(reduction)


def test_every_measure_has_unit_years_and_words_and_the_interval_holds_the_value(found: BasisRisk) -> None:
    names = [measure.name for measure in found.measures]
    assert len(set(names)) == len(names)
    for one in found.measures:
        assert one.unit in ("unitless", "CNY/year")
        assert 0 < one.years <= 13
        assert one.note.endswith(".")
        assert one.low <= one.value + 1e-12
        assert one.value <= one.high + 1e-12


def test_an_index_adds_what_every_year_tells() -> None:
    index = np.array([10.1, 4.9, 3.6, 4.7, 2.8, 1.9, 0.28, 0.32, 0.96, 0.65, 0.86, 0.28, 0.28])
    found = basis_risk(LOSS, PAYOUT, 3.0, BUYER, severity=index, resamples=50)
    # R: cor(loss, index, method = "spearman")
    assert found.value("spearman_index") == pytest.approx(0.75519322322682)
    # beyond the 11th of 13: losses 2009 and 2014; index 2009 and 2010
    tail = by_name(found)["tail_dependence"]
    assert (tail.value, tail.years) == (0.5, 2)


def test_what_few_years_cannot_tell_is_said(found: BasisRisk) -> None:
    assert found.note.startswith(
        "13 years: nothing rarer than once in 13 years was seen. 3 years were paid; of the 3 worst"
    )
    assert "2 went unpaid, which fits anything from 14% to 98% of such years in the long run." in found.note
    assert "tends to be too narrow" in found.note


def test_a_cover_that_never_pays_says_that_nothing_is_known() -> None:
    found = basis_risk(LOSS, np.zeros(13), 0.0, BUYER, resamples=50)
    assert "No year was paid: whether the cover pays in a bad year is not known" in found.note
    measures = by_name(found)
    assert math.isnan(measures["false_negatives"].value)
    assert math.isnan(measures["pearson"].value)
    assert (measures["false_negatives"].low, measures["false_negatives"].high) == (0.0, 1.0)
    assert found.value("expected_shortfall") == pytest.approx(111.2 / 13)
    assert found.value("index_gain") == pytest.approx(0.0, abs=1e-12)


def test_equal_seeds_give_equal_intervals_and_scaling_scales_money_alone() -> None:
    one = by_name(basis_risk(LOSS, PAYOUT, 3.0, BUYER, resamples=50, seed=4))
    again = by_name(basis_risk(LOSS, PAYOUT, 3.0, BUYER, resamples=50, seed=4))
    large = by_name(basis_risk(1e6 * LOSS, 1e6 * PAYOUT, 3e6, Buyer(2.0, 1e8, 1.4), resamples=50, seed=4))
    for name, measure in one.items():
        factor = 1e6 if measure.unit == "CNY/year" else 1.0
        for key in ("value", "low", "high"):
            assert getattr(again[name], key) == getattr(measure, key)
            assert getattr(large[name], key) == pytest.approx(
                factor * getattr(measure, key), rel=1e-9, abs=1e-6
            )


def test_losses_of_provinces_move_together_as_the_handbook_says() -> None:
    # shared/methods/resource.md 1.4: logs of damaged area, Jiangxi with its neighbours, 2009 to 2021: 0.44
    # (Guangdong) to 0.80, with the line taken out 0.28 to 0.67
    path = find("data", "fires_jiangxi_neighbours_2009_2021")
    assert path is not None
    area = pd.read_csv(path).pivot(index="year", columns="province", values="damaged_forest_ha")
    logs = np.log(area)
    line = logs.apply(lambda c: c - np.polynomial.Polynomial.fit(area.index, c, 1)(area.index))
    # rebased: correlations see neither the level nor the scale
    for table, low, high in ((logs, 0.44, 0.80), (line, 0.28, 0.67)):
        lifted = table - table.min() + 1.0
        others = [name for name in area.columns if name != "Jiangxi"]
        seen = [
            basis_risk(lifted["Jiangxi"], lifted[name], 0.1, BUYER, resamples=2).value("pearson")
            for name in others
        ]
        assert min(seen) == pytest.approx(low, abs=0.005)
        assert max(seen) == pytest.approx(high, abs=0.005)
        if table is logs:
            assert others[int(np.argmin(seen))] == "Guangdong"


def test_simulated_years_meet_the_closed_forms_of_a_normal_link() -> None:
    r, share, years = 0.6, 0.1, 100_000
    rng = np.random.default_rng(21)
    z = rng.standard_normal(years)
    index = r * z + math.sqrt(1 - r * r) * rng.standard_normal(years)
    loss = np.exp(z)
    payout = np.where(index > norm.ppf(1 - share), 5.0, 0.0)
    found = basis_risk(loss, payout, 0.6, Buyer(1.0, 1e3), simulated=True, severity=index, tail_level=0.9)
    both = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([norm.ppf(share)] * 2)
    measures = by_name(found)
    hit = both / share
    error = math.sqrt(hit * (1 - hit) / (share * years))
    assert measures["tail_dependence"].value == pytest.approx(hit, abs=4 * error)
    assert measures["false_negatives"].value == pytest.approx(1 - hit, abs=4 * error)
    assert measures["spearman_index"].value == pytest.approx(
        6 / math.pi * math.asin(r / 2), abs=4 / math.sqrt(years)
    )
    # E exp(Z) = exp(1/2), variance (e - 1) e
    exact, spread = math.exp(0.5), math.sqrt((math.e - 1) * math.e)
    mean = measures["mean_loss"]
    assert mean.value == pytest.approx(exact, abs=4 * spread / math.sqrt(years))
    # 50 batches: a relative error of 1 / sqrt(2 * 49), times 4
    assert mean.standard_error == pytest.approx(spread / math.sqrt(years), rel=0.4)
    missed = measures["false_negatives"]
    assert missed.standard_error == pytest.approx(error, rel=0.1)
    for one in found.measures:
        assert math.isnan(one.low), one.name
        assert math.isnan(one.high), one.name
        assert "interval" not in one.note, one.name
    values = basis_values(loss, payout, 0.6, Buyer(1.0, 1e3), index, 0.9)
    assert values == {one.name: one.value for one in found.measures}
    assert "declared by a card, not measured" in found.note


@pytest.mark.parametrize(
    ("loss", "payout", "told"),
    [
        ([1.0, 2, 3, 4], [0.0] * 4, "5"),
        (LOSS, PAYOUT[:5], "The loss has 13 years: give the same ones."),
        ([1.0, math.nan, 3, 4, 5], [0.0] * 5, "loss"),
        ([1.0, -2, 3, 4, 5], [0.0] * 5, "loss"),
    ],
)
def test_years_that_do_not_fit_are_refused(loss: list[float], payout: list[float], told: str) -> None:
    with pytest.raises(ArgumentError, match=told):
        basis_risk(loss, payout, 1.0, BUYER)


def test_too_few_simulated_years_are_refused() -> None:
    with pytest.raises(ArgumentError, match="At least 5,000 are needed"):
        basis_risk(LOSS, PAYOUT, 1.0, BUYER, simulated=True)


def test_groups_hold_the_measures_the_pairs_and_the_buyer(found: BasisRisk) -> None:
    groups = basis_groups(found, np.arange(2009, 2022), BUYER, treatment="linear")
    assert list(groups) == ["basis", "basis_pairs", "buyer"]
    basis, pairs, buyer = groups.values()
    assert float(basis["value"].sel(measure="false_negatives")) == pytest.approx(2 / 3)
    assert basis.attrs["matched_years"] == 3
    assert basis.attrs["treatment"] == "linear"
    assert basis.attrs["note"] == found.note
    named = dict(zip(pairs["year"].values.tolist(), pairs["quadrant"].values.tolist(), strict=True))
    assert named[2009] == QUADRANTS[0]
    assert [y for y, q in named.items() if q == "loss, no payment"] == [2011, 2014]
    assert [y for y, q in named.items() if q == "payment, no loss"] == [2010, 2012]
    assert list(named.values()).count("neither") == 8
    assert pairs.attrs["loss_edge"] == 14.4
    assert pairs["gap"].values == pytest.approx(LOSS - PAYOUT)
    assert buyer["arrangement"].values.tolist() == ["none", "index", "index_quoted", "indemnity"]
    assert buyer["premium"].values == pytest.approx([0.0, 1.4 * 32 / 13, 3.0, 1.4 * 111.2 / 13])
    # net of both: gains of the measures are differences of this column
    worth = buyer["certainty_equivalent"].values
    assert worth[1] - worth[0] == pytest.approx(found.value("index_gain"))
    assert worth[2] - worth[0] == pytest.approx(found.value("index_gain_quoted"))
    assert all("units" in buyer[name].attrs for name in buyer.data_vars)


def test_pairs_of_many_simulated_years_are_cut_and_their_number_kept() -> None:
    rng = np.random.default_rng(1)
    loss = rng.random(6000)
    found = basis_risk(loss, np.where(loss > 0.9, 0.5, 0.0), 0.1, Buyer(1.0, 5.0), simulated=True)
    pairs = basis_groups(found, np.arange(6000), Buyer(1.0, 5.0), treatment="none")["basis_pairs"]
    assert pairs.sizes["year"] == 2000
    assert (pairs.attrs["years"], pairs.attrs["simulated"]) == (6000, 1)
