# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import integrate, stats

from greenrisk.actuarial.glm.counts import negative_binomial_log_density
from greenrisk.actuarial.glm.mixed import MixedModel, condition, fit_mixed
from greenrisk.core.errors import FitError


def one_way(groups, members, sd, dispersion, seed, level=13.0):
    """Counts so large that their logarithms are the levels plus a gamma effect: a one-way layout."""
    rng = np.random.default_rng(seed)
    effect = np.repeat(rng.normal(0, sd, groups), members)
    own = rng.gamma(1 / dispersion, dispersion, groups * members)
    y = np.round(np.exp(level + effect) * own)
    return MixedModel(y, np.ones((y.size, 1)), {"group": np.repeat(np.eye(groups), members, axis=0)})


def test_large_counts_give_the_classical_variance_components():
    # Balanced one-way layout: REML is (MSB - MSW) / n and MSW; ln gamma has variance psi'(1 / a), close to a.
    model = one_way(40, 10, sd=0.3, dispersion=0.01, seed=3)
    fit = fit_mixed(model)
    logs = np.log(model.counts).reshape(40, 10)
    within = logs.var(axis=1, ddof=1).mean()
    between = 10 * logs.mean(axis=1).var(ddof=1)
    assert fit.sds["group"] == pytest.approx(np.sqrt((between - within) / 10), rel=0.01)
    assert fit.dispersion == pytest.approx(within, rel=0.03)
    # the level: variance of the grand mean is MSB / (40 * 10)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(np.sqrt(between / 400), rel=0.02)
    # a group's effect is drawn in by the share of its mean's variance that is the group's
    share = (between - within) / between
    expected = share * (logs.mean(axis=1) - logs.mean())
    assert fit.coefficients[1:] == pytest.approx(expected, abs=0.01)


def test_the_error_of_a_log_standard_deviation_is_that_of_a_chi_squared():
    # s^2 of g groups ~ chi2 / (g - 1): sd(ln s) = 1 / sqrt(2 (g - 1)) when the noise within groups is small.
    fit = fit_mixed(one_way(13, 50, sd=0.5, dispersion=0.005, seed=5))
    assert np.sqrt(fit.log_covariance[1, 1]) == pytest.approx(1 / np.sqrt(24), rel=0.05)


def test_the_laplace_likelihood_is_near_the_integral_over_the_effects():
    # One group, one fixed level, both integrated: ln of the double integral of density x prior of the effect.
    y = np.array([3.0, 8.0, 5.0, 12.0])
    model = MixedModel(y, np.ones((4, 1)), {"group": np.ones((4, 1))})
    seen = condition(model, 0.2, {"group": 0.4}).log_likelihood

    def integrand(effect, level):
        density = negative_binomial_log_density(y, np.full(4, level + effect), 0.2).sum()
        return np.exp(density) * stats.norm.pdf(effect, 0, 0.4)

    exact = np.log(integrate.dblquad(integrand, -2, 6, -3, 3, epsabs=1e-12)[0])
    # the fixed level has a flat prior, the effect a normal one: both carry their 2 pi
    assert seen == pytest.approx(exact, abs=0.02)


def test_the_mode_solves_the_penalised_score_equations():
    model = one_way(6, 5, sd=0.4, dispersion=0.3, seed=1, level=2.0)
    found = condition(model, 0.3, {"group": 0.4})
    mean = np.exp(model.design @ found.coefficients)
    score = model.design.T @ ((model.counts - mean) / (1 + 0.3 * mean))
    penalty = np.concatenate([[0.0], found.coefficients[1:] / 0.4**2])
    assert score - penalty == pytest.approx(np.zeros(7), abs=1e-6)


def test_an_effect_that_is_not_there_is_found_absent():
    rng = np.random.default_rng(11)
    y = rng.poisson(rng.gamma(5, 20 / 5, (10, 8))).astype(float)
    y -= np.round(y.mean(axis=1, keepdims=True) - y.mean())  # all years made equal
    y = np.maximum(y, 0)
    model = MixedModel(y.ravel(), np.ones((80, 1)), {"year": np.repeat(np.eye(10), 8, axis=0)})
    assert fit_mixed(model).sds["year"] < 0.02


def test_a_fit_without_any_event_is_an_error():
    model = MixedModel(np.zeros(8), np.ones((8, 1)), {"year": np.repeat(np.eye(4), 2, axis=0)})
    with pytest.raises(FitError):
        fit_mixed(model)
