# SPDX-License-Identifier: Apache-2.0
"""Risk measures of samples: by hand, by closed form, coherent, and the same with equal weights as without."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from greenrisk.actuarial.exceedance import exceedance
from greenrisk.actuarial.measures import (
    mean_and_standard_error,
    spectral,
    tail_value_at_risk,
    value_at_risk,
)
from greenrisk.actuarial.samples import sample
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.core.errors import ArgumentError

TEN = np.arange(1.0, 11.0)


def test_mean_and_standard_error_of_a_small_sample():
    # Mean of 1, 2, 3 is 2; variance with n - 1 is 1; error 1 / sqrt(3).
    assert mean_and_standard_error([3.0, 1.0, 2.0]) == pytest.approx((2, 3**-0.5))


def test_a_single_year_has_no_standard_error():
    estimate = mean_and_standard_error([3.0])
    assert estimate.value == 3
    assert estimate.standard_error == np.inf


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


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (0.95, "10 years\n  A tail at 0.95 needs at least 20 simulated years"),
        ([0.5, 0.99, 0.999], "A tail at 0.999 needs at least 1,000 simulated years"),
        (1 - 1e-12, "A tail at 0.999999999999 needs"),
    ],
)
def test_a_tail_of_less_than_one_year_is_refused(level, told):
    with pytest.raises(ArgumentError, match=told):
        tail_value_at_risk(TEN, level)


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


def test_several_levels_are_answered_in_their_order():
    # The worst two and the worst one of ten.
    assert value_at_risk(TEN, [0.8, 0.9]).tolist() == [8, 9]
    assert tail_value_at_risk(TEN, [0.8, 0.9]).value == pytest.approx([9.5, 10])
    assert tail_value_at_risk(TEN, np.array([0.8])).standard_error.shape == (1,)


def test_a_year_of_weight_two_is_two_years():
    once, twice = ([1.0, 5.0, 9.0], [1, 2, 1]), ([1.0, 5.0, 5.0, 9.0],)
    for measure in (
        lambda x, w=None: mean_and_standard_error(x, w).value,
        lambda x, w=None: value_at_risk(x, 0.5, w),
        lambda x, w=None: tail_value_at_risk(x, 0.5, w).value,
        lambda x, w=None: spectral(x, lambda u: 2 * u, w).value,
    ):
        assert measure(*once) == pytest.approx(measure(*twice), rel=1e-14)


def test_weighted_measures_by_hand():
    # Shares 1/4, 1/2, 1/4 of 1, 5, 9: mean 5; the worst half is 9 and half of 5: 7.
    x, w = [9.0, 1.0, 5.0], [2, 2, 4]
    assert mean_and_standard_error(x, w).value == 5
    assert value_at_risk(x, 0.75, w) == 5
    assert value_at_risk(x, 0.76, w) == 9
    assert tail_value_at_risk(x, 0.5, w).value == 7
    # Variance of the mean: sum share^2 (x - 5)^2 = (16 + 16) / 16 = 2, over 1 - (1 + 4 + 1) / 16 = 10 / 16.
    assert mean_and_standard_error(x, w).standard_error == pytest.approx(math.sqrt(3.2))


def test_weighted_tail_years_beyond_the_sample_are_refused():
    with pytest.raises(ArgumentError, match=r"A tail at 0\.5 needs"):
        tail_value_at_risk([1.0, 2.0], 0.5, [1, 3])
    assert tail_value_at_risk([1.0, 2.0], 0.5, [3, 1]).value == 1.5


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.lists(st.floats(0, 1e9), min_size=5, max_size=60), st.floats(0.01, 0.8), st.floats(0.1, 10))
def test_equal_weights_are_no_weights(losses, level, weight):
    weights, size = np.full(len(losses), weight), max(losses)
    assert value_at_risk(losses, level, weights) == value_at_risk(losses, level)
    for measure in (
        mean_and_standard_error,
        lambda x, w=None: tail_value_at_risk(x, level, w),
        lambda x, w=None: spectral(x, lambda u: 3 * u**2, w),
        lambda x, w=None: spectral(x, ([0.0, level], [0.3, 0.7]), w),
    ):
        np.testing.assert_allclose(measure(losses, weights), measure(losses), rtol=1e-9, atol=1e-9 * size)


def test_a_sample_that_was_ordered_before_gives_the_same():
    x, w = np.array([9.0, 1.0, 5.0]), np.array([2.0, 2.0, 4.0])
    assert tail_value_at_risk(sample(x, w), 0.5) == tail_value_at_risk(x, 0.5, w)
    assert x.tolist() == [9, 1, 5]


def test_oversampled_tails_find_the_closed_forms_of_an_exponential():
    # Years drawn with mean 4 and weighted back to mean 1: quantiles -ln(1 - p), TVaR one more (memoryless).
    x = np.random.default_rng(5).exponential(4.0, 40_000)
    w = 4.0 * np.exp(-x * 0.75)
    for level in (0.99, 0.999):
        tail = tail_value_at_risk(x, level, w)
        assert abs(tail.value - (1 - math.log(1 - level))) < 4 * tail.standard_error
        # Drawing the tail on purpose pays: plain years have sqrt(2 (1 - p) - (1 - p)^2) / ((1 - p) sqrt(n)).
        assert tail.standard_error < math.sqrt(1 / (1 - level) / x.size)
    mean = mean_and_standard_error(x, w)
    assert abs(mean.value - 1.0) < 4 * mean.standard_error


def test_stated_errors_of_weighted_years_are_those_seen_over_many_samples():
    # 400 samples of 1,000 years: the spread of an estimate over samples is known to 1 / sqrt(800) = 3.5 %.
    rng = np.random.default_rng(20_250_107)
    found = {name: [] for name in ("mean", "tail", "spectral")}
    for _ in range(400):
        x = rng.exponential(2.0, 1000)
        years = sample(x, np.exp(-x / 2))
        found["mean"].append(mean_and_standard_error(years))
        found["tail"].append(tail_value_at_risk(years, 0.9))
        found["spectral"].append(spectral(years, lambda u: 2 * u))
    for estimates in map(np.array, found.values()):
        assert estimates[:, 1].mean() == pytest.approx(estimates[:, 0].std(ddof=1), rel=4 / np.sqrt(800))


def test_a_spectrum_of_one_level_is_the_tail_value_at_risk():
    x = np.random.default_rng(20_250_108).exponential(size=500)
    one, other = spectral(x, ([0.95], [1.0])), tail_value_at_risk(x, 0.95)
    assert one == pytest.approx(other, rel=1e-12)


def test_a_flat_spectrum_is_the_mean():
    x = np.random.default_rng(20_250_109).exponential(size=500)
    assert spectral(x, np.ones_like) == pytest.approx(mean_and_standard_error(x), rel=1e-12)
    assert spectral(x, ([0.0], [1.0])) == pytest.approx(mean_and_standard_error(x), rel=1e-12)


def test_a_linear_spectrum_is_the_expected_larger_of_two_draws():
    # 2u weighs the quantiles as the larger of two independent draws: of four years 1..4 each of 16 pairs.
    larger = np.mean([max(i, j) for i in range(1, 5) for j in range(1, 5)])
    assert spectral([3.0, 1.0, 4.0, 2.0], lambda u: 2 * u).value == pytest.approx(larger, rel=1e-13)


def test_a_proportional_hazard_spectrum_finds_its_closed_form_though_it_is_unbounded():
    # g(s) = s^(1/2) of an exponential: the integral of exp(-x/2) is 2.
    x = stats.expon.ppf((np.arange(20_000) + 0.5) / 20_000)
    found = spectral(x, lambda u: 0.5 * (1 - u) ** -0.5).value
    # On the sample the integral is that of its step function: sum of the gaps times sqrt(share beyond).
    steps = np.sum(np.diff(x, prepend=0.0) * np.sqrt(1 - np.arange(20_000) / 20_000))
    assert found == pytest.approx(steps, rel=1e-9)
    assert found == pytest.approx(2.0, rel=0.01)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 5)), min_size=5, max_size=60),
    st.floats(0.01, 0.7),
)
def test_coherent_measures_of_a_sum_are_at_most_the_sum_with_weights_too(rows, level):
    x, y, w = (np.array(v) for v in zip(*rows, strict=True))
    for measure in (
        lambda z: tail_value_at_risk(z, level, w).value,
        lambda z: spectral(z, lambda u: 3 * u**2, w).value,
    ):
        try:
            total, one, other = (measure(v) for v in (x + y, x, y))
        except ArgumentError:
            # the worst year outweighs the tail: no answer, so no claim
            assert w.max() / w.sum() > 1 - level
        else:
            assert total <= (one + other) * (1 + 1e-9) + 1e-9


samples = st.lists(st.floats(0, 1e9), min_size=5, max_size=60)
levels = st.floats(0.01, 0.8)


@given(samples, levels)
def test_mean_and_var_never_exceed_tvar_which_never_exceeds_the_worst_year(losses, level):
    tail = tail_value_at_risk(losses, level).value
    slack = 1e-9 * max(losses) + 1e-12
    assert value_at_risk(losses, level) <= tail + slack
    assert np.mean(losses) <= tail + slack
    assert tail <= max(losses) + slack


def test_gains_after_reinsurance_are_results_like_any_other():
    # Net results -5, -1, 2, 6: the upper half is (2 + 6) / 2; all moved by 10 they are losses.
    net = np.array([6.0, -5.0, 2.0, -1.0])
    assert value_at_risk(net, 0.25) == -5
    assert tail_value_at_risk(net, 0.5).value == 4
    assert tail_value_at_risk(net + 10, 0.5).value == 14


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
        (lambda: value_at_risk(TEN, np.nan), "level"),
        (lambda: value_at_risk(TEN, [0.5, "0.9x"]), "level"),
    ],
)
def test_senseless_arguments_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert caught.value.faults[0].where == where


@pytest.mark.parametrize(
    ("spectrum", "told"),
    [
        (lambda u: 2 * (1 - u), "it decreases somewhere"),
        (lambda u: 1 + u, "it integrates to 1.5"),
        (([0.5], [0.9]), "sum 0.9"),
        (([0.5, 0.6], [1.0]), "2 levels, 1 weights"),
        (([0.99], [1.0]), "needs at least 100 simulated years"),
        (([1.0], [1.0]), "levels[0] = 1"),
        (([0.1, 0.2], [1.5, -0.5]), "= -0.5"),
    ],
)
def test_what_is_no_spectrum_is_refused(spectrum, told):
    with pytest.raises(ArgumentError) as caught:
        spectral(TEN, spectrum)
    assert told in str(caught.value)


@pytest.mark.parametrize("measure", [value_at_risk, tail_value_at_risk])
def test_a_law_is_told_where_its_measures_are(measure):
    with pytest.raises(ArgumentError, match=r"SpectralDistortion"):
        measure(Lognormal(0.0, 1.0), 0.99)
