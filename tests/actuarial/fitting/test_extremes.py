# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.extremes import fit_generalised_extreme_value
from greenrisk.actuarial.fitting.nested import likelihood_ratio_test
from greenrisk.core.errors import ArgumentError, FitError


def maxima(shape, count, seed, location=0.0, scale=1.0):
    # scipy's sign of the shape is the opposite one
    rng = np.random.default_rng(seed)
    return stats.genextreme.rvs(-shape, loc=location, scale=scale, size=count, random_state=rng)


@pytest.mark.parametrize("shape", [-0.3, -0.02, 0.0, 0.25, 0.9])
def test_scipy_finds_no_better_extreme_value_law_and_takes_the_opposite_sign(shape):
    x = maxima(shape, 400, 11, 20.0, 3.0)
    fit = fit_generalised_extreme_value(x)
    c, location, scale = stats.genextreme.fit(x, -shape, loc=20.0, scale=3.0)
    assert fit.log_likelihood >= stats.genextreme.logpdf(x, c, location, scale).sum() - 1e-9
    assert fit.log_likelihood == pytest.approx(
        stats.genextreme.logpdf(x, -fit.shape, fit.location, fit.scale).sum(), abs=1e-8
    )
    assert (fit.shape, fit.location, fit.scale) == pytest.approx((-c, location, scale), abs=2e-3)
    truth = np.array([20.0, np.log(3.0), shape])
    assert np.all(np.abs(fit.coefficients - truth) < 4 * fit.standard_errors())


def test_the_covariance_is_the_inverse_of_the_observed_information():
    # Second differences of scipy's log-density in (location, ln scale, shape).
    x = maxima(0.2, 500, 12, 5.0, 2.0)
    fit = fit_generalised_extreme_value(x)

    def height(theta):
        return stats.genextreme.logpdf(x, -theta[2], theta[0], np.exp(theta[1])).sum()

    step = 1e-3
    information = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            a, b = step * np.eye(3)[i], step * np.eye(3)[j]
            at = fit.coefficients
            corners = height(at + a + b) - height(at + a - b) - height(at - a + b) + height(at - a - b)
            information[i, j] = -corners / (4 * step**2)
    assert fit.covariance == pytest.approx(np.linalg.inv(information), rel=1e-3)


def test_a_trend_in_every_parameter_is_found_again():
    n = 3000
    t = np.linspace(1900, 2020, n)
    rng = np.random.default_rng(13)
    location, scale, shape = (
        10 + 0.05 * (t - 1960),
        np.exp(0.5 + 0.004 * (t - 1960)),
        0.1 + 0.001 * (t - 1960),
    )
    x = stats.genextreme.rvs(-shape, loc=location, scale=scale, random_state=rng)
    year = {"year": t}
    fit = fit_generalised_extreme_value(x, location=year, scale=year, shape=year)
    truth = [10 - 0.05 * 1960, 0.05, 0.5 - 0.004 * 1960, 0.004, 0.1 - 0.001 * 1960, 0.001]
    assert np.all(np.abs(fit.coefficients - truth) < 4 * fit.standard_errors())
    assert fit.names == (
        "location",
        "location: year",
        "log scale",
        "log scale: year",
        "shape",
        "shape: year",
    )
    at = fit.parameters({"year": [1960.0]})
    assert at.location == pytest.approx(fit.coefficients[0] + 1960 * fit.coefficients[1], rel=1e-12)
    assert at.scale == pytest.approx(np.exp(fit.coefficients[2] + 1960 * fit.coefficients[3]), rel=1e-9)


def test_where_a_covariate_begins_to_count_does_not_matter():
    x = maxima(0.1, 120, 14) + 0.02 * np.arange(120)
    since = fit_generalised_extreme_value(x, location={"year": np.arange(120)})
    date = fit_generalised_extreme_value(x, location={"year": np.arange(120) + 1900.0})
    assert since.log_likelihood == pytest.approx(date.log_likelihood, abs=1e-9)
    assert since.coefficients[1:] == pytest.approx(date.coefficients[1:], abs=1e-8)
    assert since.coefficients[0] == pytest.approx(
        date.coefficients[0] + 1900 * date.coefficients[1], abs=1e-6
    )
    assert since.standard_errors()[1] == pytest.approx(date.standard_errors()[1], rel=1e-6)


def test_the_trend_is_tested_against_none():
    # Under no trend the statistic is chi-squared: its mean over 20 series is 1 with standard error sqrt(2/20).
    statistics = []
    for seed in range(20):
        x = maxima(0.1, 80, 100 + seed)
        flat = fit_generalised_extreme_value(x)
        sloped = fit_generalised_extreme_value(x, location={"year": np.arange(80)})
        statistics.append(likelihood_ratio_test(flat, sloped).statistic)
    assert abs(np.mean(statistics) - 1) < 4 * np.sqrt(2 / 20)
    x = maxima(0.1, 80, 15) + 0.1 * np.arange(80)
    test = likelihood_ratio_test(
        fit_generalised_extreme_value(x), fit_generalised_extreme_value(x, location={"year": np.arange(80)})
    )
    assert test.freedom == 1
    assert test.p_value < 1e-6


def test_the_ends_of_a_profile_interval_have_the_drop_that_was_asked_for():
    x = maxima(0.15, 60, 16) + 0.03 * np.arange(60)
    fit = fit_generalised_extreme_value(x, location={"year": np.arange(60)})
    drop = stats.chi2.ppf(0.9, 1) / 2
    for name in fit.names:
        low, high = fit.profile_interval(name, 0.9)
        j = fit.names.index(name)
        assert low < fit.coefficients[j] < high
        # Independent of the profile: a Nelder-Mead search over the others with scipy's density.
        for end in (low, high):
            found = nelder_mead_given(x, j, end, fit.coefficients)
            assert fit.log_likelihood - found == pytest.approx(drop, abs=1e-4)


def nelder_mead_given(x, j, value, near):
    from scipy.optimize import minimize

    t = np.arange(x.size)

    def negative(free):
        theta = np.insert(free, j, value)
        heights = stats.genextreme.logpdf(x, -theta[3], theta[0] + theta[1] * t, np.exp(theta[2])).sum()
        return -heights if np.isfinite(heights) else 1e10

    free = np.delete(near, j)
    for _ in range(4):
        free = minimize(
            negative, free, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000}
        ).x
    return -negative(free)


def test_normal_intervals_are_estimate_and_error():
    fit = fit_generalised_extreme_value(maxima(0.1, 100, 17))
    low, high = fit.interval(0.9).T
    assert (high - low) / 2 == pytest.approx(1.6448536 * fit.standard_errors(), rel=1e-6)
    assert fit.aic == pytest.approx(6 - 2 * fit.log_likelihood)


def test_maxima_that_end_or_are_few_or_equal_are_refused():
    with pytest.raises(FitError, match=r"14 block maxima\n  At least 15 are needed for 3 coefficients"):
        fit_generalised_extreme_value(np.arange(14.0))
    with pytest.raises(FitError, match="half of the 40 are equal to 3"):
        fit_generalised_extreme_value([3.0] * 39 + [4.0])
    with pytest.raises(FitError, match="the tail has an end"):
        fit_generalised_extreme_value(maxima(-0.8, 500, 18))
    with pytest.raises(ArgumentError, match="It must be finite"):
        fit_generalised_extreme_value([1.0, np.inf] * 20)


def test_an_unknown_coefficient_is_refused_with_the_known_ones():
    fit = fit_generalised_extreme_value(maxima(0.1, 50, 19))
    with pytest.raises(ArgumentError, match=r"name = 'scale'\n  Known: location, log scale, shape"):
        fit.profile_interval("scale")
