# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.actuarial.layers import annual_largest, annual_sum
from greenrisk.actuarial.measures import (
    event_return_level,
    exceedance,
    mean_and_standard_error,
    tail_value_at_risk,
    value_at_risk,
)
from greenrisk.core.errors import ArgumentError

TEN = np.arange(1.0, 11.0)


def test_mean_and_standard_error_of_a_small_sample():
    # Mean of 1, 2, 3 is 2; variance with n - 1 is 1; error 1 / sqrt(3).
    assert mean_and_standard_error([3.0, 1.0, 2.0]) == pytest.approx((2, 3**-0.5))


def test_a_single_year_has_no_standard_error():
    estimate = mean_and_standard_error([3.0])
    assert estimate.value == 3
    assert np.isnan(estimate.standard_error)


def test_value_at_risk_is_the_smallest_loss_reached_with_the_probability():
    # F(8) = 0.8 of ten years, so VaR at 0.8 is 8 and just above 0.8 it is 9.
    assert value_at_risk(TEN, 0.8) == 8
    assert value_at_risk(TEN, 0.8001) == 9
    assert value_at_risk(TEN, 0.05) == 1


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99, 0.995, 0.999])
def test_value_at_risk_is_not_shifted_a_rank_by_binary_fractions(level):
    # 1, ..., 10,000: the rank is the loss; 10,000 * level is a whole number in decimals.
    assert value_at_risk(np.arange(1.0, 10_001.0), level) == round(10_000 * level)


def test_tail_value_at_risk_is_the_mean_of_the_worst_years():
    # The worst two of ten: (9 + 10) / 2.
    assert tail_value_at_risk(TEN, 0.8).value == pytest.approx(9.5)


def test_tail_value_at_risk_takes_a_fraction_of_the_year_at_the_edge():
    # A tail of 1.5 years: 10 whole and half of 9: (10 + 4.5) / 1.5.
    assert tail_value_at_risk(TEN, 0.85).value == pytest.approx(14.5 / 1.5)


def test_tail_value_at_risk_is_coherent_at_atoms():
    # Half the years 0, half 10. At 0.2 the tail of 8 of 10 years holds five of 10 and three of 0: 50 / 8.
    # E[S | S > VaR] would say 10 and break subadditivity.
    losses = [0.0] * 5 + [10.0] * 5
    assert value_at_risk(losses, 0.2) == 0
    assert tail_value_at_risk(losses, 0.2).value == pytest.approx(6.25)


def test_a_tail_of_less_than_one_year_is_not_estimated():
    assert np.isnan(tail_value_at_risk(TEN, 0.95)).all()


def test_closed_forms_of_the_exponential_are_met():
    # Mean 1: VaR = -ln(1 - p), TVaR = VaR + 1. Error of a quantile: sqrt(p (1 - p) / n) / density, density 1 - p.
    n, p = 200_000, 0.99
    x = np.random.default_rng(20_250_101).exponential(size=n)
    var = -np.log(1 - p)
    tail = tail_value_at_risk(x, p)
    assert abs(value_at_risk(x, p) - var) < 4 * np.sqrt(p * (1 - p) / n) / (1 - p)
    assert abs(tail.value - (var + 1)) < 4 * tail.standard_error
    # Error by algebra: Var((X - v)+) = (1 - p) * 2 - (1 - p)^2.
    by_algebra = np.sqrt((1 - p) * 2 - (1 - p) ** 2) / ((1 - p) * np.sqrt(n))
    assert tail.standard_error == pytest.approx(by_algebra, rel=0.1)


def test_closed_forms_of_a_pareto_are_met():
    # S(x) = x^-3, x >= 1: VaR = (1 - p)^(-1/3), TVaR = VaR * 3 / 2, mean 3 / 2.
    n = 200_000
    x = np.random.default_rng(20_250_102).pareto(3, size=n) + 1
    mean, tail = mean_and_standard_error(x), tail_value_at_risk(x, 0.99)
    assert abs(mean.value - 1.5) < 4 * mean.standard_error
    assert abs(tail.value - 1.5 * 0.01 ** (-1 / 3)) < 4 * tail.standard_error
    curve = exceedance(x, [10, 100, 1000])
    exact = np.array([10, 100, 1000]) ** (1 / 3)
    assert (np.abs(curve.loss - exact) < 4 * curve.standard_error).all()
    # Density of the quantile: f(x) = 3 x^-4; error sqrt(p (1 - p) / n) / f.
    p = 1 - 1 / np.array([10, 100, 1000])
    by_algebra = np.sqrt(p * (1 - p) / n) / (3 * exact**-4)
    assert curve.standard_error == pytest.approx(by_algebra, rel=0.25)


def test_stated_errors_are_those_seen_over_many_samples():
    # 400 samples of 1,000 exponential years: the spread of an estimate over samples is known to 1 / sqrt(800) = 3.5 %.
    rng = np.random.default_rng(20_250_103)
    samples = rng.exponential(size=(400, 1000))
    tails = np.array([tail_value_at_risk(x, 0.9) for x in samples])
    curves = [exceedance(x, [20], confidence=0.9) for x in samples]
    losses, errors = (np.array([c.loss[0] for c in curves]), np.array([c.standard_error[0] for c in curves]))
    assert tails[:, 1].mean() == pytest.approx(tails[:, 0].std(ddof=1), rel=4 / np.sqrt(800))
    assert errors.mean() == pytest.approx(losses.std(ddof=1), rel=4 / np.sqrt(800))


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


def test_an_upper_end_that_the_sample_does_not_hold_is_nan():
    # T = 10 of ten years: the 90 % interval of the quantile has no upper order statistic.
    curve = exceedance(TEN, [10])
    assert np.isnan(curve.high[0])
    assert curve.low[0] <= 9


def test_aggregate_and_occurrence_curves_differ_where_a_year_has_two_events():
    # Years: 5 + 4, 7, none, 1. Aggregate 9, 7, 1, 0; occurrence 7, 5, 1, 0.
    losses, year = [5.0, 4.0, 7.0, 1.0], [0, 0, 1, 3]
    aggregate = exceedance(annual_sum(losses, year, 4), [2, 4]).loss
    occurrence = exceedance(annual_largest(losses, year, 4), [2, 4]).loss
    assert aggregate.tolist() == [1, 7]
    assert occurrence.tolist() == [1, 5]


def test_return_period_of_events_is_a_third_thing():
    # Four events in six years. Once in three years = two events in the sample may exceed it: the third largest, 8.
    # The occurrence curve of the same events, all in one year, never gets there: five of six years are empty.
    losses = [10.0, 9.0, 8.0, 7.0]
    assert event_return_level(losses, 6, [3, 6, 1, 7]).tolist() == [
        8,
        9,
        0,
        pytest.approx(np.nan, nan_ok=True),
    ]
    assert exceedance(annual_largest(losses, [0, 0, 0, 0], 6), [3]).loss.tolist() == [0]


def test_occurrence_and_event_rate_meet_for_poisson_events():
    # OEP(x) = 1 - exp(-rate(x)). Events uniform on (0, 1), one a year: rate(x) = 1 - x; at T = 10 years,
    # x = 1 + ln(1 - 1/10) for the occurrence and 0.9 for the events.
    rng, n = np.random.default_rng(20_250_105), 100_000
    counts = rng.poisson(1.0, n)
    year = np.repeat(np.arange(n), counts)
    losses = rng.random(year.size)
    curve = exceedance(annual_largest(losses, year, n), [10])
    assert abs(curve.loss[0] - (1 + np.log(0.9))) < 4 * curve.standard_error[0]
    # The number of events above x is Poisson(n (1 - x)); error of x: sqrt(n * 0.1) / n.
    assert abs(event_return_level(losses, n, [10])[0] - 0.9) < 4 * np.sqrt(n * 0.1) / n


samples = st.lists(st.floats(0, 1e9), min_size=5, max_size=60)
levels = st.floats(0.01, 0.8)


@given(samples, levels)
def test_mean_and_var_never_exceed_tvar_which_never_exceeds_the_worst_year(losses, level):
    tail = tail_value_at_risk(losses, level).value
    slack = 1e-9 * max(losses) + 1e-12
    assert value_at_risk(losses, level) <= tail + slack
    assert np.mean(losses) <= tail + slack
    assert tail <= max(losses) + slack


@given(samples, levels, st.floats(0.1, 10), st.floats(0, 1e6))
def test_measures_scale_and_shift_with_the_losses(losses, level, factor, shift):
    x = np.array(losses)
    for measure in (value_at_risk, lambda y, p: tail_value_at_risk(y, p).value):
        assert measure(factor * x + shift, level) == pytest.approx(
            factor * measure(x, level) + shift, rel=1e-9
        )


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=5, max_size=60), levels)
def test_tvar_of_a_sum_is_at_most_the_sum_of_tvars(pairs, level):
    x, y = (np.array(v) for v in zip(*pairs, strict=True))
    total, one, other = (tail_value_at_risk(v, level).value for v in (x + y, x, y))
    assert total <= (one + other) * (1 + 1e-9) + 1e-9


@given(samples)
def test_losses_grow_with_the_return_period(losses):
    loss = exceedance(losses, [1.5, 2, 3, 4, 5]).loss
    assert (np.diff(loss) >= 0).all()


def test_four_times_the_years_halve_the_simulation_error():
    rng = np.random.default_rng(20_250_106)
    short, long = rng.exponential(size=10_000), rng.exponential(size=40_000)
    for error in (
        lambda x: mean_and_standard_error(x).standard_error,
        lambda x: tail_value_at_risk(x, 0.99).standard_error,
        lambda x: exceedance(x, [100]).standard_error[0],
    ):
        assert error(short) / error(long) == pytest.approx(2, rel=0.25)


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: value_at_risk(TEN, 1.0), "level"),
        (lambda: tail_value_at_risk(TEN, 0.0), "level"),
        (lambda: exceedance(TEN, [1.0]), "return_period"),
        (lambda: exceedance(TEN, [np.inf]), "return_period"),
        (lambda: mean_and_standard_error([]), "losses"),
        (lambda: value_at_risk([1.0, np.nan], 0.5), "losses"),
    ],
)
def test_senseless_arguments_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert caught.value.faults[0].where == where
