# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from greenrisk.actuarial.credibility.prior import GammaPoisson
from greenrisk.core.errors import ArgumentError


def test_a_prior_of_mean_and_cv_by_hand():
    prior = GammaPoisson.from_mean_cv(0.2, 0.5)
    assert (prior.shape, prior.rate) == pytest.approx((4, 20))
    assert (prior.mean, prior.cv) == pytest.approx((0.2, 0.5))


def test_an_update_is_the_credibility_premium():
    # Prior worth 20 units; 9 claims in 30: Z = 0.6, 0.6 * 0.3 + 0.4 * 0.2 = 0.26.
    prior = GammaPoisson.from_mean_cv(0.2, 0.5)
    posterior = prior.update(9, 30)
    assert prior.credibility(30) == pytest.approx(0.6)
    assert posterior.mean == pytest.approx(0.26)
    assert posterior.interval(0.9) == pytest.approx(tuple(stats.gamma(13, scale=1 / 50).ppf([0.05, 0.95])))


def test_updates_one_by_one_and_at_once_agree():
    prior = GammaPoisson.from_mean_cv(1.0, 2.0)
    assert prior.update(2, 1.5).update(0, 3).update(4, 2) == prior.update(6, 6.5)
    assert prior.update(0, 0) == prior


def test_the_posterior_is_bayes_rule_on_a_grid():
    prior = GammaPoisson(2.5, 10.0)
    x = np.linspace(1e-6, 3, 200_001)
    density = stats.gamma(2.5, scale=0.1).pdf(x) * stats.poisson(8 * x).pmf(5)
    density /= np.trapezoid(density, x)
    posterior = prior.update(5, 8)
    assert np.trapezoid(x * density, x) == pytest.approx(posterior.mean, rel=1e-6)
    assert density[40_000] == pytest.approx(
        stats.gamma(posterior.shape, scale=1 / posterior.rate).pdf(x[40_000])
    )


def test_the_predictive_law_is_poisson_averaged_over_the_belief():
    belief = GammaPoisson(2.5, 10.0)
    x, w = np.polynomial.legendre.leggauss(200)
    x, w = 1.5 * (x + 1), 1.5 * w
    for k in (0, 1, 4):
        expected = (stats.poisson(6 * x).pmf(k) * stats.gamma(2.5, scale=0.1).pdf(x) * w).sum()
        assert belief.predictive(6.0).pmf(k) == pytest.approx(expected, rel=1e-6)
    assert belief.predictive(6.0).mean() == pytest.approx(6 * belief.mean)


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.4), (0.0, 0.5), (0.001, 3.0), (0.199, 0.201)])
def test_a_prior_of_mean_and_interval_holds_it_with_that_probability(low, high):
    prior = GammaPoisson.from_mean_interval(0.2, low, high, 0.9)
    law = stats.gamma(prior.shape, scale=1 / prior.rate)
    assert prior.mean == pytest.approx(0.2)
    assert law.cdf(high) - law.cdf(low) == pytest.approx(0.9, abs=1e-9)


def test_of_two_shapes_that_hold_an_interval_the_surer_is_taken():
    # The interval [0, 2 * mean] is held with 0.9 by a law that runs to 0 as well; the one with a hump is meant.
    assert GammaPoisson.from_mean_interval(1.0, 0.0, 2.0, 0.9).shape > 1


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.floats(0.05, 20), st.floats(0.01, 100), st.integers(0, 50), st.floats(0.01, 100))
def test_the_posterior_lies_between_belief_and_experience_and_narrows(shape, rate, claims, exposure):
    prior = GammaPoisson(shape, rate)
    posterior = prior.update(claims, exposure)
    ends = sorted((prior.mean, claims / exposure))
    assert ends[0] * (1 - 1e-9) <= posterior.mean <= ends[1] * (1 + 1e-9)
    assert posterior.cv <= prior.cv
    low, high = posterior.interval(0.8)
    assert 0 <= low < high


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GammaPoisson(0.0, 1.0), "shape = 0"),
        (lambda: GammaPoisson(1.0, float("nan")), "rate = nan"),
        (lambda: GammaPoisson.from_mean_cv(-1.0, 0.5), "mean = -1"),
        (lambda: GammaPoisson.from_mean_interval(0.2, 0.3, 0.4), "low = 0.3"),
        (lambda: GammaPoisson.from_mean_interval(0.2, 0.1, 0.15), "high = 0.15"),
        (lambda: GammaPoisson.from_mean_interval(0.2, 0.0, 0.24, 0.5), "No gamma law has such an interval"),
        (lambda: GammaPoisson(1.0, 1.0).update(-1, 1), "claims = -1"),
        (lambda: GammaPoisson(1.0, 1.0).update(1, 0), "1 claims in no exposure"),
        (lambda: GammaPoisson(1.0, 1.0).interval(1.0), "level = 1"),
        (lambda: GammaPoisson(1.0, 1.0).predictive(0.0), "exposure = 0"),
        (lambda: GammaPoisson(1.0, 1.0).credibility(-1.0), "exposure = -1"),
    ],
)
def test_bad_beliefs_and_claims_are_refused_by_name(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


def test_all_faults_of_a_belief_are_named_at_once():
    with pytest.raises(ArgumentError) as caught:
        GammaPoisson(-1.0, 0.0)
    assert [fault.where for fault in caught.value.faults] == ["shape", "rate"]
