# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.perils.fire_counts import CountLaw, count_law, poisson_quantile, trend_path

UNIFORMS = np.random.default_rng(7).random((3, 200_000))


@pytest.mark.parametrize("mean", [1e-9, 1e-3, 0.2, 1.0, 2.5, 17.0, 60.0, 999.5, 3000.0, 80_000.0])
def test_poisson_quantiles_equal_those_of_scipy(mean):
    u = np.concatenate([UNIFORMS[0][:5000], [0.0, 1e-12, 1 - 1e-12]])
    expected = stats.poisson.ppf(np.clip(u, 2.0**-53, None), mean)
    assert np.array_equal(poisson_quantile(u, mean), expected)


def test_poisson_quantile_of_an_exact_step_is_the_step_itself():
    # P(N <= 2) = 5 / 2 e^-1 for mean 1; the smallest k that reaches it is 2.
    step = stats.poisson.cdf(2, 1.0)
    assert poisson_quantile([step, np.nextafter(step, 1)], 1.0).tolist() == [2, 3]


def test_poisson_quantile_of_mean_zero_is_zero():
    assert poisson_quantile([0.0, 0.5, 0.999999], 0.0).tolist() == [0, 0, 0]


def test_counts_have_the_mean_and_variance_of_the_mixed_law():
    law = CountLaw(mean=48.0, year_effect_sd=0.35, dispersion=0.26)
    counts = law.counts(*UNIFORMS)
    # Var = m + m^2 (E[E^2 G^2] - 1), E[E^2] = exp(s^2), E[G^2] = 1 + a
    variance = 48 + 48**2 * (math.exp(0.35**2) * 1.26 - 1)
    assert law.variance() == pytest.approx(variance, rel=1e-12)
    assert abs(counts.mean() - 48) < 4 * math.sqrt(variance / counts.size)
    assert counts.var() == pytest.approx(variance, rel=0.03)


@pytest.mark.parametrize(
    ("mean", "sd", "dispersion"), [(1.7, 0.35, 0.26), (48.0, 0.6, 0.1), (0.05, 1.0, 0.5)]
)
@pytest.mark.parametrize("count", [0, 1, 3, 60])
def test_the_law_of_the_number_is_the_double_integral_over_both_effects(mean, sd, dispersion, count):
    """Poisson probabilities over the year effect and over the gamma variable, one inside the other."""
    rate = stats.gamma(1 / dispersion, scale=dispersion)
    nodes, weights = np.polynomial.legendre.leggauss(400)
    # the gamma variable by its quantiles, graded towards both ends of (0, 1)
    level = (1 + np.sin(np.pi / 2 * np.sin(np.pi / 2 * nodes))) / 2
    slope = np.pi**2 / 8 * np.cos(np.pi / 2 * np.sin(np.pi / 2 * nodes)) * np.cos(np.pi / 2 * nodes)
    own = rate.ppf(np.clip(level, 1e-300, 1 - 1e-16))
    scores, step = np.linspace(-9, 9, 721, retstep=True)
    common = np.exp(sd * scores - sd**2 / 2)
    given = stats.poisson.pmf(count, mean * common[:, None] * own) @ (weights * slope)
    expected = float(given @ stats.norm.pdf(scores)) * step
    found = float(CountLaw(mean, sd, dispersion).frequency().pmf(count))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    "law",
    [CountLaw(48.0, 0.35, 0.26), CountLaw(2.0, 0.8, 0.0), CountLaw(3.0, 0.0, 0.4), CountLaw(5.0, 0.0, 0.0)],
)
def test_the_law_of_the_number_has_the_moments_of_the_law_and_of_the_simulated_numbers(law):
    frequency = law.frequency()
    assert frequency.mean() == pytest.approx(law.mean, rel=1e-12)
    assert frequency.var() == pytest.approx(law.variance(), rel=1e-12)
    counts = law.counts(*UNIFORMS)
    n = counts.size
    assert abs(counts.mean() - frequency.mean()) < 4 * math.sqrt(frequency.var() / n)
    # standard error of a variance from the fourth moment of the sample
    squares = (counts - counts.mean()) ** 2
    assert abs(counts.var() - frequency.var()) < 4 * squares.std() / math.sqrt(n)
    for count in (0, int(law.mean), int(2 * law.mean)):
        chance = float(frequency.pmf(count))
        assert abs((counts == count).mean() - chance) < 4 * math.sqrt(chance * (1 - chance) / n) + 1e-12


def test_a_part_of_the_region_has_the_thinned_law():
    law = CountLaw(48.0, 0.35, 0.26)
    k = np.arange(60)
    assert law.thin(0.1).frequency().pmf(k) == pytest.approx(law.frequency().thin(0.1).pmf(k), abs=1e-13)


def test_where_no_fires_are_expected_there_are_none():
    assert CountLaw(0.0, 0.3, 0.2).frequency().pmf([0, 1]).tolist() == pytest.approx([1.0, 0.0])


def test_without_a_year_effect_the_counts_are_negative_binomial():
    counts = CountLaw(mean=12.0, year_effect_sd=0.0, dispersion=0.5).counts(*UNIFORMS)
    r = 1 / 0.5
    expected = stats.nbinom.pmf(np.arange(40), r, r / (r + 12.0))
    seen = np.bincount(counts, minlength=40)[:40] / counts.size
    error = np.sqrt(expected * (1 - expected) / counts.size)
    assert np.all(np.abs(seen - expected) < 4.5 * error)


def test_without_any_mixing_the_counts_are_poisson():
    law = CountLaw(mean=3.0, year_effect_sd=0.0, dispersion=0.0)
    assert np.array_equal(law.counts(*UNIFORMS), stats.poisson.ppf(UNIFORMS[2], 3.0))
    assert law.variance() == 3.0


def test_a_region_of_no_hazard_has_no_fires():
    assert not CountLaw(10.0, 0.3, 0.3).thin(0.0).counts(*UNIFORMS[:, :100]).any()


@given(
    mean=st.floats(0.01, 500),
    factor=st.floats(1, 3),
    sd=st.floats(0, 1),
    dispersion=st.floats(0, 2),
    seed=st.integers(0, 10**6),
)
def test_with_the_same_uniforms_counts_never_fall_when_the_mean_grows(mean, factor, sd, dispersion, seed):
    u = np.random.default_rng(seed).random((3, 50))
    less, more = CountLaw(mean, sd, dispersion), CountLaw(mean * factor, sd, dispersion)
    assert np.all(more.counts(*u) >= less.counts(*u))


def test_two_parts_of_a_province_share_their_good_and_bad_years():
    whole = CountLaw(mean=2000.0, year_effect_sd=0.3, dispersion=0.2)
    other = np.random.default_rng(8).random(UNIFORMS.shape[1])
    first = whole.thin(0.3).counts(*UNIFORMS)
    second = whole.thin(0.7).counts(UNIFORMS[0], UNIFORMS[1], other)
    # Cov = m1 m2 v with v = exp(s^2)(1 + a) - 1; Var_i = m_i + m_i^2 v.
    v = math.exp(0.09) * 1.2 - 1
    m1, m2 = 600.0, 1400.0
    expected = m1 * m2 * v / math.sqrt((m1 + m1**2 * v) * (m2 + m2**2 * v))
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize("name", ["mean", "year_effect_sd", "dispersion"])
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_a_law_refuses_negative_and_undefined_parameters(name, value):
    good = {"mean": 1.0, "year_effect_sd": 0.1, "dispersion": 0.1}
    with pytest.raises(ArgumentError, match=name):
        CountLaw(**{**good, name: value})


def test_the_path_of_an_undamped_trend_is_time_itself():
    years = np.array([2009, 2015, 2021, 2026])
    assert trend_path(2009, 2021, years, 1.0).tolist() == [-12, -6, 0, 5]


def test_each_step_of_a_damped_trend_is_the_last_one_times_the_damping():
    path = trend_path(2009, 2021, np.arange(2009, 2031), 0.8)
    steps = np.diff(path)
    assert path[0] == pytest.approx(-12)
    assert path[12] == pytest.approx(0, abs=1e-12)
    assert steps[1:] == pytest.approx(0.8 * steps[:-1])


def test_a_damped_trend_never_falls_below_its_limit():
    # The steps after the base year sum to at most d / (1 - d) times the last step of the data.
    path = trend_path(2009, 2021, np.array([2020, 2021, 4000]), 0.8)
    assert path[2] == pytest.approx((path[1] - path[0]) * 0.8 / 0.2)


def test_the_path_is_continuous_where_the_damping_reaches_one():
    years = np.arange(2009, 2027)
    assert trend_path(2009, 2021, years, 1 - 1e-7) == pytest.approx(
        trend_path(2009, 2021, years, 1.0), abs=1e-4
    )


def test_a_card_gives_the_mean_over_year_effects():
    values = {"log_count": 4.0, "trend": -0.1, "damping": 1.0, "year_effect_sd": 0.4, "dispersion": 0.3}
    law = count_law(values, {"first_year": 2009, "base_year": 2021}, 2026)
    # median exp(4 - 0.1 * 5), mean over a lognormal year effect times exp(0.4^2 / 2)
    assert law.mean == pytest.approx(math.exp(4.0 - 0.5 + 0.08))
    assert (law.year_effect_sd, law.dispersion) == (0.4, 0.3)
