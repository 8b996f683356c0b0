# SPDX-License-Identifier: Apache-2.0
"""Losses by return period: by hand, by closed form, AEP, OEP and the event-rate curve told apart."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.exceedance import (
    aggregate_exceedance,
    event_return_level,
    exceedance,
    exceedance_curves,
    occurrence_exceedance,
    return_level,
)
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.core.errors import ArgumentError

TEN = np.arange(1.0, 11.0)
samples = st.lists(st.floats(0, 1e9), min_size=5, max_size=60)


def test_the_interval_of_a_quantile_covers_at_least_what_it_promises():
    rng = np.random.default_rng(20_250_104)
    quantile = np.log(20)
    covered = np.array(
        [
            (c := exceedance(rng.exponential(size=500), [20])).low[0] <= quantile <= c.high[0]
            for _ in range(1000)
        ]
    )
    # Binomial error of a share of 0.9 over 1,000 samples.
    assert covered.mean() > 0.9 - 4 * np.sqrt(0.9 * 0.1 / 1000)


def test_exceedance_by_hand():
    # T = 5 of ten years: rank 10 - 2 = 8; s = sqrt(10 * 0.8 * 0.2), and the ranks are the losses.
    curve = exceedance(TEN[::-1], [5, 10])
    assert curve.loss.tolist() == [8, 9]
    assert curve.standard_error == pytest.approx([np.sqrt(1.6), np.sqrt(0.9)])
    assert curve.within_sample.tolist() == [True, True]


def test_interval_by_hand_from_binomial_ranks():
    # n = 10, p = 1/2: P(B <= 2) = 56/1024 > 0.05 >= 11/1024 = P(B <= 1), so the lower rank is 2; P(B <= 8) =
    # 1013/1024 > 0.95 > 968/1024 = P(B <= 7), so the upper rank is 8 + 1.
    curve = exceedance(TEN, [2], confidence=0.9)
    assert (curve.low[0], curve.high[0]) == (2, 9)


def test_return_periods_beyond_the_sample_are_flagged_and_never_clamped():
    curve = exceedance(TEN, [10, 11, 1e6])
    assert curve.within_sample.tolist() == [True, False, False]
    for values in (curve.loss, curve.standard_error, curve.low, curve.high):
        assert np.isnan(values[1:]).all()


@given(st.integers(2, 400), st.floats(1.001, 400))
def test_every_return_period_within_the_sample_has_a_standard_error(n, period):
    curve = exceedance(np.arange(float(n)), [period])
    assert curve.within_sample[0] == (period <= n)
    assert np.isfinite(curve.standard_error[0]) == np.isfinite(curve.loss[0]) == (period <= n)


def test_a_return_period_beyond_the_sample_is_refused_unless_it_is_said_what_stands_for_it():
    events = EventTable.of([10.0, 9.0], [0, 3], 6)
    told = r"return_period = 7\n  It lies beyond 6 years and is not clamped: simulate at least 7"
    for call in (
        lambda **beyond: return_level(np.arange(6.0), [2, 7, 20], **beyond),
        lambda **beyond: event_return_level(events, [2, 7, 20], **beyond),
    ):
        with pytest.raises(ArgumentError, match=told):
            call()
        assert call(beyond=-1.0).tolist()[1:] == [-1, -1]
    with pytest.raises(ArgumentError, match="simulate at least 1,000,000"):
        return_level(TEN, 1e6)


def test_the_event_curve_holds_what_the_mask_of_the_aggregate_curve_says():
    events = EventTable.of([5.0, 4.0, 7.0, 1.0], [0, 0, 1, 3], 4)
    for weights in (None, [3.0, 1.0, 1.0, 1.0]):
        curves = exceedance_curves(events, [1.5, 2, 3, 4, 5], 0.9, weights)
        assert np.isnan(curves.event).tolist() == (~curves.aggregate.within_sample).tolist()


def test_an_upper_end_that_the_sample_does_not_hold_is_nan():
    # T = 10 of ten years: the 90 % interval of the quantile has no upper order statistic.
    curve = exceedance(TEN, [10])
    assert np.isnan(curve.high[0])
    assert curve.low[0] <= 9


def test_aggregate_and_occurrence_curves_differ_where_a_year_has_two_events():
    # Years: 5 + 4, 7, none, 1. Aggregate 9, 7, 1, 0; occurrence 7, 5, 1, 0.
    events = EventTable.of([5.0, 4.0, 7.0, 1.0], [0, 0, 1, 3], 4)
    aggregate, occurrence = aggregate_exceedance(events, [2, 4]), occurrence_exceedance(events, [2, 4])
    assert aggregate.loss.tolist() == [1, 7]
    assert occurrence.loss.tolist() == [1, 5]
    assert (aggregate.curve, occurrence.curve) == ("aggregate", "occurrence")


def test_return_period_of_events_is_a_third_thing():
    # Four events in six years. Once in three years = two events in the sample may exceed it: the third largest, 8.
    # The occurrence curve of the same events, all in one year, never gets there: five of six years are empty.
    events = EventTable.of([10.0, 9.0, 8.0, 7.0], [0, 0, 0, 0], 6)
    assert event_return_level(events, [3, 6, 1]).tolist() == [8, 9, 0]
    assert occurrence_exceedance(events, [3]).loss.tolist() == [0]


def test_occurrence_and_event_rate_meet_for_poisson_events():
    # OEP(x) = 1 - exp(-rate(x)). Events uniform on (0, 1), one a year: rate(x) = 1 - x; at T = 10 years,
    # x = 1 + ln(1 - 1/10) for the occurrence and 0.9 for the events.
    rng, n = np.random.default_rng(20_250_105), 100_000
    counts = rng.poisson(1.0, n)
    year = np.repeat(np.arange(n), counts)
    events = EventTable.of(rng.random(year.size), year, n)
    curve = occurrence_exceedance(events, [10])
    assert abs(curve.loss[0] - (1 + np.log(0.9))) < 4 * curve.standard_error[0]
    # The number of events above x is Poisson(n (1 - x)); error of x: sqrt(n * 0.1) / n.
    assert abs(event_return_level(events, [10])[0] - 0.9) < 4 * np.sqrt(n * 0.1) / n


@given(samples)
def test_losses_grow_with_the_return_period(losses):
    loss = exceedance(losses, [1.5, 2, 3, 4, 5]).loss
    assert (np.diff(loss) >= 0).all()


def test_the_three_curves_stand_side_by_side():
    events = EventTable.of([5.0, 4.0, 7.0, 1.0], [0, 0, 1, 3], 4)
    table = exceedance_curves(events, [2, 4, 5]).to_xarray()
    # Two events in four years may exceed the 2-year event loss, one the 4-year one.
    np.testing.assert_equal(table["loss"].values, [[1, 7, np.nan], [1, 5, np.nan], [4, 5, np.nan]])
    assert table["curve"].values.tolist() == ["aggregate", "occurrence", "event"]
    assert table["loss"].attrs["units"] == "CNY"


def test_return_levels_are_the_losses_of_the_curve():
    x = np.random.default_rng(20_250_110).exponential(size=200)
    for weights in (None, 1 + x):
        periods = [1.5, 10, 50, 1000]
        found = return_level(x, periods, weights, beyond=np.nan)
        np.testing.assert_equal(found, exceedance(x, periods, 0.9, weights).loss)


@pytest.mark.parametrize("n", [200, 1000, 4999])
def test_equal_weights_give_the_unweighted_curve(n):
    x = np.round(np.random.default_rng(n).exponential(1.0, n), 2)  # rounded: ties are atoms
    periods, weights = (2.0, 5.0, 10.0, 100.0, float(n)), np.full(n, 3.0)
    one, other = exceedance(x, periods), exceedance(x, periods, 0.9, weights)
    assert one.loss.tolist() == other.loss.tolist()
    np.testing.assert_allclose(one.standard_error, other.standard_error, rtol=1e-6)
    assert one.within_sample.tolist() == other.within_sample.tolist()
    year = np.arange(n)
    table = EventTable.of(x, year, n)
    assert event_return_level(table, periods).tolist() == event_return_level(table, periods, weights).tolist()


def test_a_year_that_outweighs_the_tail_is_beyond_the_sample():
    # The worst year has the share 3/4: nothing can be said of once in two years.
    curve = exceedance([1.0, 2.0], [4 / 3, 2], 0.9, [1, 3])
    assert curve.loss.tolist() == [1, pytest.approx(math.nan, nan_ok=True)]
    assert curve.within_sample.tolist() == [True, False]


def test_oversampled_years_find_the_quantiles_of_an_exponential_and_their_error():
    # Drawn with mean 4, weighted back to mean 1. 300 samples: the spread over samples is known to 1 / sqrt(600).
    rng, found, covered = np.random.default_rng(20_250_111), [], []
    for _ in range(300):
        x = rng.exponential(4.0, 2000)
        curve = exceedance(x, [100.0], 0.9, 4.0 * np.exp(-x * 0.75))
        found.append((curve.loss[0], curve.standard_error[0]))
        covered.append(curve.low[0] <= math.log(100) <= curve.high[0])
    losses, errors = np.array(found).T
    assert abs(losses.mean() - math.log(100)) < 4 * losses.std() / math.sqrt(300) + 1 / 2000
    assert errors.mean() == pytest.approx(losses.std(ddof=1), rel=4 / math.sqrt(600))
    assert np.mean(covered) == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / 300))


def test_event_rates_of_weighted_years_count_each_event_by_its_year():
    # Years of shares 3/4 and 1/4, events 10 in the first and 20, 30 in the second: rates beyond 30, 20, 10 are
    # 0, 1/4, 1/2 and 5/4 beyond nothing.
    events = EventTable.of([10.0, 20.0, 30.0], [0, 1, 1], 2)
    assert event_return_level(events, [4 / 3, 0.8, 1], [3, 1]).tolist() == [10, 0, 10]


@settings(deadline=None, max_examples=50, derandomize=True)
@given(samples, st.floats(1.1, 5))
def test_the_largest_event_never_exceeds_the_sum_of_the_year(losses, period):
    events = EventTable.of(losses, np.arange(len(losses)) // 2, len(losses))
    curves = exceedance_curves(events, [period])
    assert curves.occurrence.loss[0] <= curves.aggregate.loss[0] * (1 + 1e-12)


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: exceedance(TEN, [1.0]), "return_period"),
        (lambda: exceedance(TEN, [np.inf]), "return_period"),
        (lambda: exceedance(TEN, [2.0], confidence=1.0), "confidence"),
        (lambda: exceedance([], [2.0]), "losses"),
        (lambda: event_return_level(EventTable.of_years(TEN), [0.0]), "return_period"),
        (lambda: event_return_level(EventTable.of_years(TEN), [2.0], [1.0]), "weights"),
    ],
)
def test_senseless_arguments_of_a_curve_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert caught.value.faults[0].where == where
