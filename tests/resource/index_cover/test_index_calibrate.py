# SPDX-License-Identifier: Apache-2.0
"""Calibration of trigger and exit: closed forms, rounds redone by hand, and the optimism of a choice among noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from index_records import record
from priced_records import cover, linear, tiers
from scipy import stats

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.index_cover.calibrate import calibrate
from greenrisk.resource.index_cover.certainty import certainty_equivalent, worst_mean
from greenrisk.resource.index_cover.history_spec import CalibrationSpec
from greenrisk.resource.index_cover.payouts import payout_share

PERIODS = CalibrationSpec(method="return_period")
WORTH = CalibrationSpec(method="certainty_equivalent")
SHORT = CalibrationSpec(method="expected_shortfall", budget_cny=150.0)


def test_certainty_equivalents_are_the_power_means_of_wealth() -> None:
    outcome = np.array([[0.0, -75.0], [300.0, -75.0]])
    # Harmonic means of (100, 25) and (400, 25); geometric ones; plain ones.
    np.testing.assert_allclose(certainty_equivalent(outcome, 100.0, 2.0), [40.0, 800.0 / 17.0], rtol=1e-12)
    np.testing.assert_allclose(certainty_equivalent(outcome, 100.0, 1.0), [50.0, 100.0], rtol=1e-12)
    np.testing.assert_allclose(certainty_equivalent(outcome, 100.0, 0.0), [62.5, 212.5], rtol=1e-12)
    np.testing.assert_allclose(
        certainty_equivalent(outcome, 100.0, 0.5), [56.25, (15.0 / 2 + 5) ** 2], rtol=1e-12
    )


def test_a_certainty_equivalent_neither_overflows_nor_forgives_ruin() -> None:
    found = certainty_equivalent(np.array([0.0, -0.5e9]), 1e9, 20.0)
    assert float(found) == pytest.approx(0.5e9 * ((1 + 2.0**-19) / 2) ** (-1 / 19), rel=1e-12)
    assert float(certainty_equivalent(np.array([0.0, -1e9]), 1e9, 2.0)) == -math.inf
    # Lognormal wealth exp(m + s z): the equivalent is exp(m + (1 - g) s^2 / 2).
    z = stats.norm.ppf((np.arange(400_000) + 0.5) / 400_000)
    assert float(certainty_equivalent(np.exp(0.1 + 0.3 * z), 0.0, 3.0)) == pytest.approx(
        math.exp(0.1 - 0.09), rel=1e-4
    )


def test_the_mean_of_the_worst_takes_a_part_of_a_year() -> None:
    value = np.array([4.0, 1.0, 3.0, 2.0, 5.0])
    assert worst_mean(value, 0.6) == pytest.approx(4.5)
    assert worst_mean(value, 0.5) == pytest.approx((5.0 + 4.0 + 0.5 * 3.0) / 2.5)
    assert worst_mean(value, 0.0) == pytest.approx(3.0)


def test_return_periods_are_those_of_the_law_and_left_out_years_are_judged_by_the_others() -> None:
    value = record("nile")[1]
    asked = cover(linear("below", 800.0, 600.0))
    found = calibrate(PERIODS, asked, value, law="normal")
    assert found.trigger == pytest.approx(stats.norm.ppf(0.1, value.mean(), value.std()), rel=1e-9)
    assert found.exit == pytest.approx(stats.norm.ppf(0.02, value.mean(), value.std()), rel=1e-9)
    assert (found.own_trigger, found.own_exit, found.rounds, found.years) == (800.0, 600.0, 100, 100)
    reached, paid = [], []
    for place in range(value.size):
        others = np.delete(value, place)
        trigger, full = stats.norm.ppf([0.1, 0.02], others.mean(), others.std())
        reached.append(value[place] <= trigger)
        paid.append(1000.0 * np.clip((trigger - value[place]) / (trigger - full), 0.0, 1.0))
    figures = {one.name: one for one in found.figures}
    frequency = figures["payment_frequency"]
    assert frequency.wanted == 0.1
    assert frequency.in_sample == (value <= found.trigger).mean()
    assert frequency.corrected == pytest.approx(np.mean(reached))
    assert frequency.own == (value <= 800.0).mean()
    assert figures["mean_payment"].corrected == pytest.approx(np.mean(paid), rel=1e-9)
    assert figures["mean_payment"].optimism == pytest.approx(
        np.mean(paid) - figures["mean_payment"].in_sample, rel=1e-9
    )


def test_neighbouring_years_of_the_calendar_are_left_out_together() -> None:
    nile = record("nile")[1]
    value = np.concatenate([nile[:20], np.full(10, np.nan), nile[20:30]])
    found = calibrate(PERIODS, cover(linear("below", 800.0, 600.0)), value, law="normal", block_years=8)
    # 40 calendar years in blocks of 8, ten of them unknown: all five blocks hold a known year.
    assert (found.rounds, found.years) == (5, 30)
    reached = 0
    known = ~np.isnan(value)
    for block in range(5):
        left = np.arange(40) // 8 == block
        others = value[known & ~left]
        reached += int((value[known & left] <= stats.norm.ppf(0.1, others.mean(), others.std())).sum())
    assert found.figures[0].corrected == pytest.approx(reached / 30)


def pairs(rng: np.random.Generator, years: int, tie: float) -> tuple[np.ndarray, np.ndarray]:
    """Return an index that falls with what causes the loss, and the loss [CNY]."""
    cause = rng.standard_normal(years)
    other = math.sqrt(1 - tie**2) * rng.standard_normal(years)
    return -cause, 1000.0 * np.clip(tie * cause + other, -2.5, 2.5) + 2500.0


def test_what_is_found_is_worth_more_in_sample_than_any_plain_guess() -> None:
    index, loss = pairs(np.random.default_rng(11), 60, 0.9)
    asked = cover(linear("below", -1.0, -2.0), 2000.0)
    found = calibrate(WORTH, asked, index, loss=loss, wealth=6000.0, risk_aversion=4.0, loading=1.2)
    gain = found.figures[0]
    bare = certainty_equivalent(-loss, 6000.0, 4.0)

    def gained(trigger: float, full: float) -> float:
        paid = 2000.0 * payout_share(linear("below", trigger, full), index)
        return float(certainty_equivalent(paid - loss - 1.2 * paid.mean(), 6000.0, 4.0) - bare)

    assert gain.in_sample == pytest.approx(gained(found.trigger, found.exit), rel=1e-9)
    assert gain.own == pytest.approx(gained(-1.0, -2.0), rel=1e-9)
    guesses = [
        gained(trigger, trigger - width) for trigger in (-0.1, -0.5, -1.0, -1.5) for width in (0.3, 1.0, 2.0)
    ]
    assert gain.in_sample > max(guesses) - 0.02 * abs(max(guesses))
    assert gain.optimism == pytest.approx(gain.in_sample - gain.corrected, rel=1e-12)


def test_years_left_out_are_judged_by_what_the_others_set_and_charged_what_they_are_paid() -> None:
    index, loss = pairs(np.random.default_rng(15), 14, 0.8)
    asked = cover(linear("below", -1.0, -2.0), 2000.0)
    terms = {"wealth": 9000.0, "risk_aversion": 3.0, "loading": 1.4}
    found = calibrate(WORTH, asked, index, loss=loss, **terms)
    paid = []
    for place in range(14):
        others = calibrate(WORTH, asked, np.delete(index, place), loss=np.delete(loss, place), **terms)
        own = linear("below", others.trigger, others.exit)
        paid.append(2000.0 * float(payout_share(own, index[place])))
    left = np.array(paid)
    gain = certainty_equivalent(left - loss - 1.4 * left.mean(), 9000.0, 3.0)
    expected = float(gain - certainty_equivalent(-loss, 9000.0, 3.0))
    assert found.figures[0].corrected == pytest.approx(expected, rel=1e-9)
    assert found.figures[1].corrected == pytest.approx(1.4 * left.mean(), rel=1e-9)


def test_the_shortfall_is_made_small_within_the_budget() -> None:
    index, loss = pairs(np.random.default_rng(12), 60, 0.9)
    asked = cover(linear("below", -1.0, -2.0), 2000.0)
    found = calibrate(SHORT, asked, index, loss=loss, loading=1.3)
    paid = 2000.0 * payout_share(linear("below", found.trigger, found.exit), index)
    shortfall, premium = found.figures
    assert premium.in_sample == pytest.approx(1.3 * paid.mean(), rel=1e-9)
    assert premium.in_sample <= 150.0
    assert premium.wanted == 150.0
    assert shortfall.in_sample == pytest.approx(float(worst_mean(loss - paid, 0.8)), rel=1e-9)
    assert shortfall.in_sample < float(worst_mean(loss, 0.8))
    with pytest.raises(ArgumentError, match="The cheapest cover tried costs CNY"):
        calibrate(CalibrationSpec(method="expected_shortfall", budget_cny=1e-6), asked, index, loss=loss)


def test_in_sample_a_trigger_chosen_among_noise_looks_better_than_it_is() -> None:
    # An index that has nothing to do with the loss; what a choice is truly worth is told by 20,000 further years.
    rng = np.random.default_rng(13)
    asked = cover(linear("below", -1.0, -2.0), 2000.0)
    more, lost = pairs(rng, 20_000, 0.0)
    bare = certainty_equivalent(-lost, 10_000.0, 4.0)
    off = []
    for _ in range(60):
        index, loss = pairs(rng, 25, 0.0)
        found = calibrate(WORTH, asked, index, loss=loss, wealth=10_000.0, risk_aversion=4.0, loading=1.2)
        paid = 2000.0 * payout_share(linear("below", found.trigger, found.exit), more)
        true = float(certainty_equivalent(paid - lost - 1.2 * paid.mean(), 10_000.0, 4.0) - bare)
        gain, premium = found.figures
        assert true < 0.0
        off.append(
            (
                gain.in_sample - true,
                gain.corrected - true,
                gain.resampled - true,
                premium.in_sample - 1.2 * paid.mean(),
                premium.resampled - 1.2 * paid.mean(),
            )
        )
    means, errors = np.mean(off, axis=0), np.std(off, axis=0) / math.sqrt(len(off))
    in_sample, corrected, resampled, price, price_corrected = range(5)
    assert means[in_sample] > 4 * errors[in_sample]
    assert means[corrected] < 4 * errors[corrected]
    assert abs(means[resampled]) < means[in_sample]
    # The price is flattered with it: set where it was chosen, it is too low.
    assert means[price] < -4 * errors[price]
    assert abs(means[price_corrected]) < abs(means[price])


def test_what_a_method_lacks_is_told() -> None:
    index, loss = pairs(np.random.default_rng(14), 20, 0.5)
    line = cover(linear("below", -1.0, -2.0))
    with pytest.raises(ArgumentError, match="needs a `loss`"):
        calibrate(WORTH, line, index)
    with pytest.raises(ArgumentError, match="wealth"):
        calibrate(WORTH, line, index, loss=loss)
    with pytest.raises(ArgumentError, match=r"payout `tiers`"):
        calibrate(PERIODS, cover(tiers("below", (0.0, True, 1.0))), index)
    with pytest.raises(ArgumentError, match="9 years with an index and a loss"):
        calibrate(WORTH, line, index[:9], loss=loss[:9], wealth=1e5)
    with pytest.raises(ArgumentError, match="same years"):
        calibrate(WORTH, line, index, loss=loss[:5], wealth=1e5)
    with pytest.raises(ArgumentError, match="at its worst value, 0"):
        calibrate(WORTH, line, np.append(np.zeros(12), np.ones(8)), loss=loss, wealth=1e5)
