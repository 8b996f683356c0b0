# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from greenrisk.actuarial.fitting.extremes import fit_generalised_extreme_value, fit_generalised_pareto
from greenrisk.actuarial.fitting.return_levels import block_return_levels, peak_return_levels
from greenrisk.core.errors import ArgumentError

PERIODS = [2.0, 10.0, 100.0]
DROP = stats.chi2.ppf(0.95, 1) / 2


@pytest.fixture(scope="module")
def blocks():
    rng = np.random.default_rng(21)
    x = stats.genextreme.rvs(-0.2, loc=10.0, scale=3.0, size=80, random_state=rng)
    return x, fit_generalised_extreme_value(x)


@pytest.fixture(scope="module")
def peaks():
    rng = np.random.default_rng(22)
    y = stats.genpareto.rvs(0.3, scale=4.0, size=60, random_state=rng)
    return y, fit_generalised_pareto(y + 7.0, threshold=7.0)


def test_a_level_per_block_is_the_quantile_of_the_law(blocks):
    _, fit = blocks
    levels = block_return_levels(fit, PERIODS, method="delta")
    expected = stats.genextreme.isf(1 / np.array(PERIODS), -fit.shape, fit.location, fit.scale)
    assert levels.values == pytest.approx(expected[None, :], rel=1e-10)
    assert levels.per == "block"


def test_a_level_per_year_of_monthly_blocks_is_a_quantile_of_twelve(blocks):
    _, fit = blocks
    levels = block_return_levels(fit, PERIODS, per="year", blocks_per_year=12, method="delta")
    below = stats.genextreme.cdf(levels.values[0], -fit.shape, fit.location, fit.scale) ** 12
    assert below == pytest.approx(1 - 1 / np.array(PERIODS), rel=1e-12)
    assert levels.per == "year"


def test_a_level_of_peaks_is_exceeded_once_in_its_period(peaks):
    _, fit = peaks
    levels = peak_return_levels(fit, PERIODS, years=20.0, method="delta").values[0]
    rate = 60 / 20 * stats.genpareto.sf(levels - 7, fit.shape, scale=fit.scale)
    assert rate == pytest.approx(1 / np.array(PERIODS), rel=1e-9)


def test_delta_errors_are_those_of_coles(peaks):
    # Coles (2001), 4.3.3, with ln scale and ln rate for coordinates.
    _, fit = peaks
    m, years, rate = 50.0, 20.0, 3.0
    xi, beta = fit.shape, fit.scale
    power = (m * rate) ** xi
    slope_scale = beta / xi * (power - 1)
    slope_shape = -beta / xi**2 * (power - 1) + beta / xi * power * np.log(m * rate)
    slope_rate = beta * power
    slopes = np.array([slope_scale, slope_shape])
    variance = slopes @ fit.covariance @ slopes
    known = peak_return_levels(fit, [m], years, method="delta", rate_known=True)
    assert known.standard_errors[0, 0] == pytest.approx(np.sqrt(variance), rel=1e-6)
    free = peak_return_levels(fit, [m], years, method="delta")
    assert free.standard_errors[0, 0] == pytest.approx(np.sqrt(variance + slope_rate**2 / 60), rel=1e-6)
    assert free.high[0, 0] - free.values[0, 0] == pytest.approx(
        1.959964 * free.standard_errors[0, 0], rel=1e-6
    )


def check_block_profile(x, fit, periods):
    levels = block_return_levels(fit, periods)
    for k, m in enumerate(periods):
        y = -np.log1p(-1 / m)
        for end in (levels.low[0, k], levels.high[0, k]):

            def negative(free, end=end, y=y):
                location, shape = free
                scale = (end - location) * shape / (y**-shape - 1)
                if not scale > 0:
                    return 1e10
                height = stats.genextreme.logpdf(x, -shape, location, scale).sum()
                return -height if np.isfinite(height) else 1e10

            shapes = np.linspace(fit.shape - 1, fit.shape + 1, 402)
            best = min(shapes, key=lambda shape: negative([fit.location, shape]))
            best = search(negative, [fit.location, best])
            assert fit.log_likelihood + best == pytest.approx(DROP, abs=1e-5)


def test_a_block_profile_ends_where_no_law_with_that_level_is_more_likely(blocks):
    check_block_profile(*blocks, PERIODS)


@pytest.mark.parametrize(("shape", "count"), [(0.6, 60), (1.1, 60), (0.2, 20), (-0.3, 40)])
def test_a_rare_level_of_a_heavy_tail_has_a_profile_interval(shape, count):
    x = stats.genextreme.rvs(
        -shape, loc=20.0, scale=3.0, size=count, random_state=np.random.default_rng([7, count])
    )
    check_block_profile(x, fit_generalised_extreme_value(x), [1.2, 1000.0])


@pytest.mark.parametrize("known", [True, False])
def test_a_peak_profile_ends_where_no_law_with_that_level_is_more_likely(peaks, known):
    y, fit = peaks
    years, m = 20.0, 100.0
    levels = peak_return_levels(fit, [m], years, rate_known=known)
    poisson = 60 * np.log(3.0) - 3.0 * years
    for end in (levels.low[0, 0], levels.high[0, 0]):

        def negative(free, end=end):
            rate, shape = (3.0 if known else np.exp(free[1])), free[0]
            scale = (end - 7) * shape / np.expm1(shape * np.log(m * rate))
            height = stats.genpareto.logpdf(y, shape, scale=scale).sum() if scale > 0 else -np.inf
            height += 60 * np.log(rate) - rate * years - poisson
            return -height if np.isfinite(height) else 1e10

        best = search(negative, [fit.shape] if known else [fit.shape, np.log(3.0)])
        assert fit.log_likelihood + best == pytest.approx(DROP, abs=1e-5)


def search(negative, start):
    point = np.array(start)
    for _ in range(3):
        point = minimize(
            negative, point, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000}
        ).x
    return negative(point)


def test_levels_of_rows_of_covariates_are_the_quantiles_of_their_laws():
    rng = np.random.default_rng(23)
    t = np.arange(90.0)
    x = stats.genextreme.rvs(-0.1, loc=10 + 0.1 * t, scale=2.0, random_state=rng)
    fit = fit_generalised_extreme_value(x, location={"year": t})
    levels = block_return_levels(fit, PERIODS, covariates={"year": [0.0, 89.0, 120.0]})
    law = fit.parameters({"year": [0.0, 89.0, 120.0]})
    expected = stats.genextreme.isf(
        1 / np.array(PERIODS)[None, :], -law.shape[:, None], law.location[:, None], law.scale[:, None]
    )
    assert levels.values == pytest.approx(expected, rel=1e-10)
    assert np.all(levels.low < levels.values)
    assert np.all(levels.values < levels.high)
    assert levels.standard_errors[2, 0] > levels.standard_errors[1, 0]  # beyond the data


def test_a_profile_interval_reaches_further_up_than_down(peaks):
    _, fit = peaks
    levels = peak_return_levels(fit, [100.0], 20.0)
    assert levels.high[0, 0] - levels.values[0, 0] > levels.values[0, 0] - levels.low[0, 0]
    assert levels.low[0, 0] > 7.0


def test_profile_intervals_cover_as_often_as_they_say():
    truth = stats.genpareto.isf(1 / (50 * 4), 0.2, scale=2.0)
    hits = 0
    rng = np.random.default_rng(24)
    for _ in range(30):
        y = stats.genpareto.rvs(0.2, scale=2.0, size=rng.poisson(4 * 30), random_state=rng)
        levels = peak_return_levels(fit_generalised_pareto(y), [50.0], 30.0, level=0.8)
        hits += levels.low[0, 0] < truth < levels.high[0, 0]
    assert abs(hits / 30 - 0.8) < 4 * np.sqrt(0.8 * 0.2 / 30)


def test_periods_too_short_are_refused(blocks, peaks):
    with pytest.raises(ArgumentError, match=r"periods\[0\] = 1\n  It must be > 1"):
        block_return_levels(blocks[1], [1.0, 10.0])
    with pytest.raises(ArgumentError, match=r"periods = 0\.25 with 3 peaks a year\n  It must be > 0\.3333"):
        peak_return_levels(peaks[1], [0.25, 10.0], 20.0)
    with pytest.raises(ArgumentError, match="Known: profile, delta"):
        block_return_levels(blocks[1], [10.0], method="bayes")
