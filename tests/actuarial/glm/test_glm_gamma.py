# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from greenrisk.actuarial.glm.gamma import gamma_log_density, gamma_regression
from greenrisk.core.errors import ArgumentError, FitError


def test_the_density_is_scipys():
    y = np.array([0.2, 3.0, 40.0])
    for shape in (0.4, 1.0, 6.0):
        expected = stats.gamma.logpdf(y, shape, scale=5.0 / shape)
        assert gamma_log_density(y, np.full(3, 5.0), shape) == pytest.approx(expected)


def test_one_factor_gives_the_weighted_means_of_its_levels():
    y = np.array([10.0, 20.0, 60.0, 30.0, 90.0])
    w = np.array([1.0, 3.0, 2.0, 1.0, 1.0])
    design = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]])
    fit = gamma_regression(y, design, ("a", "b"), weights=w)
    # (10 + 3 * 20) / 4 and (2 * 60 + 30 + 90) / 4
    assert np.exp(fit.coefficients) == pytest.approx([17.5, 60.0])
    # Pearson: sum w (y / m - 1)^2 over 5 - 2 degrees; information of ln m is the level's weight
    pearson = (w * (y / [17.5, 17.5, 60, 60, 60] - 1) ** 2).sum() / 3
    assert fit.pearson_dispersion == pytest.approx(pearson)
    assert fit.standard_errors() == pytest.approx(np.sqrt(pearson / np.array([4.0, 4.0])))


def test_the_fit_is_the_joint_maximum_of_coefficients_and_shape():
    rng = np.random.default_rng(61)
    x, w = rng.normal(size=200), rng.integers(1, 6, 200).astype(float)
    y = rng.gamma(1.7 * w, np.exp(6 + 0.4 * x) / (1.7 * w))
    design = np.column_stack([np.ones(200), x])
    fit = gamma_regression(y, design, ("base", "x"), weights=w)

    def negative(point):
        shape = w * np.exp(point[2])
        return -stats.gamma.logpdf(y, shape, scale=np.exp(design @ point[:2]) / shape).sum()

    found = minimize(
        negative,
        [6.0, 0.0, 0.0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000},
    )
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-6)
    assert fit.coefficients == pytest.approx(found.x[:2], abs=1e-5)
    assert 1 / fit.dispersion == pytest.approx(np.exp(found.x[2]), rel=1e-4)
    assert np.all(np.abs(fit.coefficients - [6.0, 0.4]) < 4 * fit.standard_errors())
    assert fit.free == 3


def test_without_regressors_mean_and_shape_are_scipys():
    y = stats.gamma.rvs(2.5, scale=40.0, size=500, random_state=np.random.default_rng(62))
    fit = gamma_regression(y, np.ones((500, 1)), ("base",))
    shape, _, scale = stats.gamma.fit(y, floc=0)
    assert np.exp(fit.coefficients[0]) == pytest.approx(y.mean())
    assert 1 / fit.dispersion == pytest.approx(shape, rel=1e-5)
    assert fit.log_likelihood == pytest.approx(stats.gamma.logpdf(y, shape, scale=scale).sum(), abs=1e-6)


def test_exposure_multiplies_the_mean():
    rng = np.random.default_rng(63)
    e = rng.uniform(0.1, 10, 300)
    y = e * rng.gamma(3.0, 5.0, 300)
    fit = gamma_regression(y, np.ones((300, 1)), ("base",), exposure=e)
    assert np.exp(fit.coefficients[0]) == pytest.approx((y / e).mean())


def test_zeros_and_perfect_fits_are_refused():
    with pytest.raises(ArgumentError, match=r"amounts\[1\] = 0\n  It must be > 0"):
        gamma_regression([1.0, 0.0, 2.0], np.ones((3, 1)), ("base",))
    with pytest.raises(FitError, match="every amount is fitted exactly"):
        gamma_regression([5.0, 5.0, 5.0], np.ones((3, 1)), ("base",))
