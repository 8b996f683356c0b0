# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from scipy import optimize, stats

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, ParetoII
from greenrisk.core.errors import ArgumentError, FitError


@pytest.fixture(scope="module")
def lognormal():
    return fit_severity(np.exp(np.random.default_rng(8).normal(1.0, 1.2, 40)), Lognormal)


def quantile(level):
    return stats.chi2.ppf(level, 1)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_the_profile_of_a_lognormals_mu_ends_in_closed_form(lognormal, level):
    # n ln(1 + (mu_hat - mu)^2 / sigma_hat^2) = q
    mu, sigma = lognormal.law.mu, lognormal.law.sigma
    reach = sigma * math.sqrt(math.expm1(quantile(level) / 40))
    assert lognormal.profile_interval("mu", level) == pytest.approx((mu - reach, mu + reach), rel=1e-8)


def test_the_profile_of_a_lognormals_sigma_ends_in_closed_form(lognormal):
    # n (2 ln(sigma / sigma_hat) + sigma_hat^2 / sigma^2 - 1) = q
    sigma = lognormal.law.sigma
    low, high = lognormal.profile_interval("sigma", 0.95)
    for end in (low, high):
        fallen = 40 * (2 * math.log(end / sigma) + (sigma / end) ** 2 - 1)
        assert fallen == pytest.approx(quantile(0.95), rel=1e-7)
    assert low < sigma < high


def test_a_single_parameter_has_its_likelihood_interval():
    # 2 n (ln(theta / theta_hat) + theta_hat / theta - 1) = q
    fit = fit_severity([1.0, 2.0, 6.0, 7.0, 14.0], Exponential)
    for end in fit.profile_interval("scale", 0.95):
        assert 10 * (math.log(end / 6) + 6 / end - 1) == pytest.approx(quantile(0.95), rel=1e-8)


def test_an_end_that_the_data_do_not_bound_is_the_edge_of_the_domain():
    # Nearly exponential losses: every large shape of a Pareto II law is as likely.
    p = (np.arange(60) + 0.5) / 60
    fit = fit_severity(ParetoII(8.0, 40.0).ppf(p), ParetoII)
    low, high = fit.profile_interval("shape", 0.95)
    assert 1 < low < fit.law.shape
    assert high == math.inf


def test_a_profile_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(21)
    hits, count = 0, 80
    for _ in range(count):
        losses = Weibull(1.5, 10.0).rvs(50, rng)
        fit = fit_severity(LossData.exact(losses, limit=14.0), Weibull)
        low, high = fit.profile_interval("shape", 0.8)
        hits += low < 1.5 < high
    assert hits / count == pytest.approx(0.8, abs=4 * math.sqrt(0.8 * 0.2 / count))


def test_the_delta_interval_of_a_median_is_its_line_of_algebra():
    fit = fit_severity([1.0, 2.0, 6.0, 7.0, 14.0], Exponential)
    low, high = fit.interval_of(lambda law: float(law.ppf(0.5)), 0.9)
    middle, reach = 6 * math.log(2), stats.norm.ppf(0.95) * 6 * math.log(2) / math.sqrt(5)
    assert (low, high) == pytest.approx((middle - reach, middle + reach), rel=1e-8)


def test_a_profile_interval_does_not_depend_on_the_parameter_it_is_asked_by():
    fit = fit_severity([1.0, 2.0, 6.0, 7.0, 14.0], Exponential)
    low, high = fit.profile_interval("scale", 0.95)
    median = fit.interval_of(lambda law: float(law.ppf(0.5)), 0.95, "profile")
    assert median == pytest.approx((low * math.log(2), high * math.log(2)), rel=1e-6)


def test_the_profile_interval_of_a_function_is_that_of_the_parameter_it_gives(lognormal):
    assert lognormal.interval_of(lambda law: law.sigma, 0.95, "profile") == pytest.approx(
        lognormal.profile_interval("sigma", 0.95), rel=1e-6
    )
    assert lognormal.interval_of(lambda law: law.mu, 0.95, "profile") == pytest.approx(
        lognormal.profile_interval("mu", 0.95), rel=1e-6
    )


def test_the_profile_interval_of_a_mean_is_found_on_the_edge_of_the_likely_laws(lognormal):
    # Every likely law: n (2 ln(s / s_hat) + (s_hat^2 + (m - m_hat)^2) / s^2 - 1) <= q. For each sigma the most distant
    # mu is explicit; the extreme mean is then one search over sigma.
    mu, sigma, q = lognormal.law.mu, lognormal.law.sigma, quantile(0.9)

    def mean_at(s, sign):
        room = s**2 * (q / 40 + 1 - 2 * math.log(s / sigma)) - sigma**2
        return mu + sign * math.sqrt(max(room, 0.0)) + s**2 / 2 if room > 0 else None

    ends = []
    for sign in (-1, 1):
        grid = [s for s in np.linspace(0.5 * sigma, 2 * sigma, 4001) if mean_at(s, sign) is not None]
        best = optimize.minimize_scalar(
            lambda s, sign=sign: -sign * mean_at(s, sign), bounds=(grid[0], grid[-1])
        )
        ends.append(math.exp(mean_at(best.x, sign)))
    assert lognormal.interval_of(lambda law: law.mean(), 0.9, "profile") == pytest.approx(ends, rel=1e-5)


def test_the_sandwich_of_an_exponential_is_the_variance_of_its_mean():
    # H = n / theta^2, scores (x - theta) / theta^2: the sandwich is sum (x - theta)^2 / n^2.
    losses = np.array([1.0, 2.0, 6.0, 7.0, 14.0])
    fit = fit_severity(losses, Exponential)
    assert fit.robust_covariance()[0, 0] == pytest.approx(((losses - 6) ** 2).sum() / 25, rel=1e-6)


def test_the_sandwich_does_not_depend_on_the_scale_of_the_weights():
    losses, weights = [1.0, 2.0, 6.0, 7.0, 14.0], np.array([1.0, 2.0, 1.0, 0.5, 3.0])
    one = fit_severity(LossData.exact(losses, weights=weights), Gamma)
    ten = fit_severity(LossData.exact(losses, weights=10 * weights), Gamma)
    assert ten.robust_covariance() == pytest.approx(one.robust_covariance(), rel=1e-4)
    assert ten.covariance == pytest.approx(one.covariance / 10, rel=1e-6)


def test_a_fit_prints_its_parameters_with_errors():
    losses = [12.0, 15.0, 19.0, 22.0, 30.0, 45.0, 90.0, 11.0, 13.0, 60.0]
    fit = fit_severity(LossData.exact(losses, deductible=10.0), GeneralisedPareto, fixed={"threshold": 10.0})
    assert str(fit).startswith("GeneralisedPareto(shape = ")
    assert "±" in str(fit)
    assert "threshold = 10 (held)); 10 records, AIC " in str(fit)


def test_questions_that_cannot_be_answered_are_refused(lognormal):
    with pytest.raises(ArgumentError, match=r"name = 'shape'\n  Known: mu, sigma\."):
        lognormal.profile_interval("shape")
    with pytest.raises(ArgumentError, match="level = 1"):
        lognormal.profile_interval("mu", 1.0)
    with pytest.raises(ArgumentError, match="method = 'bayes'"):
        lognormal.interval_of(lambda law: law.mean(), method="bayes")
    heavy = fit_severity(GeneralisedPareto(1.3, 5.0).rvs(500, np.random.default_rng(2)), GeneralisedPareto)
    with pytest.raises(ArgumentError, match="take that of a layer"):
        heavy.interval_of(lambda law: law.mean())
    with pytest.raises(FitError, match="must change with the parameters"):
        lognormal.interval_of(lambda law: 3.0, method="profile")


def test_a_layers_expected_loss_has_an_interval_where_the_mean_has_none():
    heavy = fit_severity(GeneralisedPareto(1.3, 5.0).rvs(500, np.random.default_rng(2)), GeneralisedPareto)
    layer = lambda law: law.layer(100.0, 20.0).mean()  # noqa: E731
    low, high = heavy.interval_of(layer, 0.95, "profile")
    assert low < layer(heavy.law) < high
    assert low == pytest.approx(heavy.interval_of(layer)[0], rel=0.2)
