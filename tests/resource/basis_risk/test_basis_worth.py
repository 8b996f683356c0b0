# SPDX-License-Identifier: Apache-2.0
"""What a cover is worth to its buyer: lotteries of two years by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.buyer import Buyer, buyer_of, most_worth_paying
from greenrisk.resource.basis_risk.intervals import Intervals, drawn_years
from greenrisk.resource.basis_risk.worth import arrangements_of, worth_measures
from greenrisk.resource.index_cover.history_spec import BuyerSpec

LOSS = np.array([60.0, 0.0, 0.0, 20.0])
PAID = np.array([30.0, 0.0, 30.0, 0.0])


def worth(wealth: list[float], g: float) -> float:
    """Return the certainty equivalent by plain sums."""
    if g == 1:
        return math.exp(sum(map(math.log, wealth)) / len(wealth))
    return (sum(w ** (1 - g) for w in wealth) / len(wealth)) ** (1 / (1 - g))


@pytest.mark.parametrize("g", [0.0, 0.5, 1.0, 2.0, 5.0])
def test_arrangements_are_what_plain_sums_give(g: float) -> None:
    buyer = Buyer(g, 200.0, 1.25)
    intervals = Intervals(LOSS, PAID, drawn_years(4, 1, 50, seed=1))
    none, index, quoted, full = arrangements_of(intervals, 20.0, buyer)
    assert none.certainty_equivalent == pytest.approx(worth([140, 200, 200, 180], g))
    # like for like: 1.25 * 15 = 18.75 for the index
    assert index.certainty_equivalent == pytest.approx(worth([151.25, 181.25, 211.25, 161.25], g))
    assert quoted.certainty_equivalent == pytest.approx(worth([150, 180, 210, 160], g))
    # full indemnity: 1.25 * 20 = 25 for sure
    assert full.certainty_equivalent == pytest.approx(175.0)
    rows = (none, index, quoted, full)
    assert [one.premium for one in rows] == [0.0, 18.75, 20.0, 25.0]
    assert [one.mean_cost for one in rows] == [20.0, 23.75, 25.0, 25.0]
    assert [one.worst_year for one in rows] == [60.0, 48.75, 50.0, 25.0]
    assert all(math.isnan(one.standard_error) for one in rows)
    assert (full.low, full.high) == pytest.approx((175.0, 175.0))
    assert index.low < index.certainty_equivalent < index.high


def test_gains_are_differences_of_the_certainty_equivalents() -> None:
    buyer = Buyer(2.0, 200.0, 1.25)
    intervals = Intervals(LOSS, PAID, drawn_years(4, 1, 50, seed=1))
    found = {one.name: one for one in worth_measures(intervals, 20.0, buyer)}
    none = worth([140, 200, 200, 180], 2)
    assert found["index_gain"].value == pytest.approx(worth([151.25, 181.25, 211.25, 161.25], 2) - none)
    assert found["index_gain_quoted"].value == pytest.approx(worth([150, 180, 210, 160], 2) - none)
    for name in ("index_gain", "index_gain_quoted"):
        assert "CNY 19" in found[name].note  # of 18.75, in whole yuan
    assert "CNY 20 a year, instead of CNY 19" in found["index_gain_quoted"].note
    assert found["indemnity_gain"].value == pytest.approx(175 - none)
    # pure premiums: 15 for the index, 20 for full indemnity
    share = (worth([155, 185, 215, 165], 2) - none) / (180 - none)
    assert found["share_of_indemnity"].value == pytest.approx(share)
    assert found["most_worth_paying"].value == pytest.approx(
        float(most_worth_paying(LOSS, PAID, 200.0, 2.0)), abs=1e-9
    )


def test_a_premium_made_from_other_years_does_not_move_the_gain_like_for_like() -> None:
    intervals = Intervals(LOSS, PAID, drawn_years(4, 1, 50, seed=1))
    cheap, dear = (
        {one.name: one.value for one in worth_measures(intervals, premium, Buyer(2.0, 200.0, 1.25))}
        for premium in (10.0, 30.0)
    )
    assert cheap["index_gain"] == dear["index_gain"]
    assert cheap["index_gain_quoted"] > cheap["index_gain"] > dear["index_gain_quoted"]


def test_of_simulated_years_the_error_stands_apart_and_no_interval_is_told() -> None:
    draws = np.random.default_rng(3).gamma(2.0, 10.0, (2, 20_000))
    for one in worth_measures(Intervals(*draws, None), 20.0, Buyer(1.0, 1e4, 1.2)):
        assert one.standard_error > 0, one.name
        assert math.isnan(one.low), one.name
        assert math.isnan(one.high), one.name


def test_full_insurance_is_worth_what_the_utility_says() -> None:
    # the payment is the loss: W - p = CE of no cover
    for g in (0.0, 1.0, 3.0):
        exact = 200 - worth([140, 200, 200, 180], g)
        assert float(most_worth_paying(LOSS, LOSS, 200.0, g)) == pytest.approx(exact, abs=1e-9)


def test_of_a_buyer_whom_a_year_ruins_no_worth_is_told() -> None:
    # 60 lost of 50: with and without the cover
    assert math.isnan(float(most_worth_paying(LOSS, PAID / 10, 50.0, 2.0)))
    intervals = Intervals(LOSS, PAID / 10, None, bare=True)
    found = {one.name: one.value for one in worth_measures(intervals, 2.0, Buyer(2.0, 50.0, 1.25))}
    for name in ("index_gain", "index_gain_quoted", "share_of_indemnity", "most_worth_paying"):
        assert not math.isfinite(found[name]), name


def test_without_risk_aversion_a_cover_is_worth_its_mean_payment() -> None:
    rows = np.stack([PAID, 2 * PAID])
    found = most_worth_paying(np.stack([LOSS, LOSS]), rows, 200.0, 0.0)
    assert found == pytest.approx([15.0, 30.0])


def test_a_payment_apart_from_the_loss_is_worth_less_than_its_mean() -> None:
    # paid in the good years: it adds to the spread of the wealth
    wrong = np.array([0.0, 30.0, 30.0, 0.0])
    assert float(most_worth_paying(LOSS, wrong, 100.0, 3.0)) < 15.0
    right = np.array([60.0, 0.0, 0.0, 0.0])
    assert float(most_worth_paying(LOSS, right, 100.0, 3.0)) > 15.0


def test_a_wealth_that_is_not_stated_is_twice_the_largest_loss_and_told() -> None:
    ledger = Ledger()
    buyer = buyer_of(BuyerSpec(), LOSS, 20.0, 16.0, ledger)
    assert (buyer.risk_aversion, buyer.wealth, buyer.loading) == (2.0, 120.0, 1.25)
    (entry,) = ledger
    assert entry.kind == "assumption"
    assert "2 times the largest loss of the record, CNY 120." in entry.detail


def test_a_stated_wealth_is_taken_and_not_told() -> None:
    ledger = Ledger()
    assert buyer_of(BuyerSpec(wealth_cny=81.0), LOSS, 20.0, 16.0, ledger).wealth == 81.0
    assert not list(ledger)


def test_a_wealth_that_the_worst_year_takes_is_refused() -> None:
    with pytest.raises(ArgumentError, match="worst year's loss and premium, CNY 80: nobody can lose more"):
        buyer_of(BuyerSpec(wealth_cny=80.0), LOSS, 20.0, 16.0, Ledger())
