# SPDX-License-Identifier: Apache-2.0
"""A judged level updated by aggregate losses: limits, algebra, numerical Bayes, and truth recovered from simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import gamma, poisson

from greenrisk.actuarial.credibility.level import LognormalLevel, persistent_years
from greenrisk.core.errors import ArgumentError

WIDE = LognormalLevel(1.41, 0.83)
NARROW = LognormalLevel(1.0, 0.42)


def bayes(
    belief: LognormalLevel, actual: float, events: float, severity_cv: float
) -> tuple[float, np.ndarray]:
    """Mean and quantiles (5, 50, 95 %) of the posterior by summation over a grid; the second method.

    A year's losses are ``events * level`` Poisson events of mean size 1 / events and gamma sizes, thus of mean level.
    """
    logs = np.linspace(
        math.log(belief.median) - 6 * belief.log_sd, math.log(belief.median) + 6 * belief.log_sd, 4001
    )
    level = np.exp(logs)
    prior = np.exp(-0.5 * ((logs - math.log(belief.median)) / belief.log_sd) ** 2)
    shape = 1 / severity_cv**2
    if actual == 0:
        likelihood = np.exp(-events * level)
    else:
        n = np.arange(1, 400)
        of_n = gamma.pdf(actual, n * shape, scale=1 / (events * shape))
        likelihood = (poisson.pmf(n[None, :], (events * level)[:, None]) * of_n).sum(axis=1)
    weight = prior * likelihood
    weight /= weight.sum()
    quantiles = np.interp([0.05, 0.5, 0.95], np.cumsum(weight), level)
    return float((weight * level).sum()), quantiles


def test_the_weight_is_knowledge_variance_over_knowledge_and_process_variance() -> None:
    belief = LognormalLevel.from_mean_cv(2.0, 1.0)
    # Knowledge variance 4, expected process variance 2 * 30 / 10^2 = 0.6.
    found = belief.update(actual=5.0, expected=10.0, variance=30.0)
    assert found.credibility == pytest.approx(4 / 4.6)
    assert belief.credibility(10.0, 30.0) == pytest.approx(4 / 4.6)
    assert found.posterior.mean == pytest.approx(4 / 4.6 * 0.5 + 0.6 / 4.6 * 2.0)
    assert found.ratio == 0.5
    # phi = 3: 5 / 3 claims beside the belief's one.
    assert found.claims == pytest.approx(5 / 3)
    assert found.posterior.cv == pytest.approx((1 + 5 / 3) ** -0.5)


def test_experience_worth_nothing_leaves_the_belief_and_endless_experience_replaces_it() -> None:
    nothing = WIDE.update(actual=0.0, expected=1e-9, variance=1.0)
    assert nothing.credibility == pytest.approx(0.0, abs=1e-15)
    assert (nothing.posterior.median, nothing.posterior.log_sd) == pytest.approx((1.41, 0.83), rel=1e-9)
    endless = WIDE.update(actual=0.7e9, expected=1e9, variance=1e9)
    assert endless.credibility == pytest.approx(1.0, abs=1e-8)
    assert endless.posterior.median == pytest.approx(0.7, rel=1e-6)
    assert endless.posterior.log_sd < 1e-4


def test_the_weight_grows_with_the_years_and_falls_with_the_variance_of_a_year() -> None:
    weights = [NARROW.credibility(n * 1.0, n * 4.0) for n in (1, 3, 10, 30, 100)]
    assert weights == sorted(weights)
    assert NARROW.credibility(10.0, 40.0) > NARROW.credibility(10.0, 400.0)
    assert LognormalLevel(1.0, 0.0).credibility(10.0, 40.0) == 0.0


def test_years_without_loss_lower_the_level_but_never_to_nothing() -> None:
    found = NARROW.update(actual=0.0, expected=10.0, variance=40.0)
    assert 0.0 < found.posterior.median < NARROW.median
    low, high = found.ratio_interval()
    assert low == 0.0
    # No claim was seen, exp(-exposure * high) = 5 %.
    assert math.exp(-found.exposure * high) == pytest.approx(0.05)


def test_the_interval_of_the_ratio_is_that_of_a_poisson_count() -> None:
    found = NARROW.update(actual=4.0, expected=10.0, variance=10.0)
    low, high = found.ratio_interval()
    assert poisson.sf(3, low * 10) == pytest.approx(0.05)
    assert poisson.cdf(4, high * 10) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("belief", "events", "of_mean", "of_ends"),
    [
        (WIDE, 3.0, 0.15, 0.30),
        (WIDE, 10.0, 0.12, 0.17),
        (WIDE, 40.0, 0.05, 0.06),
        (NARROW, 3.0, 0.06, 0.11),
        (NARROW, 10.0, 0.03, 0.08),
        (NARROW, 40.0, 0.04, 0.06),
    ],
)
@pytest.mark.parametrize("times", [0.5, 1.0, 2.0])
def test_mean_and_range_agree_with_numerical_bayes(
    belief: LognormalLevel, events: float, of_mean: float, of_ends: float, times: float
) -> None:
    """From half to twice what was expected, within tolerances that narrow with the events and with the belief.

    The closed form knows two moments of belief and years, the integral knows their laws.
    """
    found = belief.update(actual=times, expected=1.0, variance=1.49 / events)
    mean, quantiles = bayes(belief, times, events, 0.7)
    assert found.posterior.mean == pytest.approx(mean, rel=of_mean)
    ours = [found.posterior.quantile(p) for p in (0.05, 0.5, 0.95)]
    assert ours == pytest.approx(list(quantiles), rel=of_ends)


@pytest.mark.parametrize(
    ("belief", "events", "of_mean"), [(WIDE, 1.0, 0.08), (NARROW, 3.0, 0.06), (WIDE, 3.0, 0.27)]
)
def test_without_any_loss_the_mean_is_below_or_near_numerical_bayes(
    belief: LognormalLevel, events: float, of_mean: float
) -> None:
    """As the Notes say: a wide belief and several events expected, none seen, give a level that is too low."""
    found = belief.update(actual=0.0, expected=1.0, variance=1.49 / events)
    mean, _ = bayes(belief, 0.0, events, 0.7)
    assert found.posterior.mean == pytest.approx(mean, rel=of_mean)


@pytest.mark.parametrize("severity_cv", [0.7, 2.0])
def test_the_range_holds_the_truth_of_simulated_insurers_nine_times_in_ten(severity_cv: float) -> None:
    """3,000 insurers, level drawn from the belief, ten years with some events: 88 to 96 % inside, and no bias."""
    rng = np.random.default_rng(5)
    insurers, events, shape = 3000, 12.0, 1 / severity_cv**2
    truth = WIDE.median * np.exp(WIDE.log_sd * rng.standard_normal(insurers))
    counts = rng.poisson(events * truth)
    actual = rng.gamma(np.maximum(counts, 1) * shape, 1 / (events * shape)) * (counts > 0)
    found = [WIDE.update(float(a), 1.0, (1 + severity_cv**2) / events) for a in actual]
    inside = np.mean(
        [
            u.posterior.quantile(0.05) < t < u.posterior.quantile(0.95)
            for u, t in zip(found, truth, strict=True)
        ]
    )
    assert 0.88 < inside < 0.96
    error = np.array([u.posterior.mean for u in found]) - truth
    assert abs(error.mean()) < 4 * error.std() / math.sqrt(insurers)
    # Both errors of a credibility premium are what the theory says: (1 - Z) of the knowledge variance.
    expected = (1 - found[0].credibility) * (WIDE.mean * WIDE.cv) ** 2
    assert np.mean(error**2) == pytest.approx(expected, abs=4 * np.std(error**2) / math.sqrt(insurers))
    assert np.mean([(u.posterior.mean * u.posterior.cv) ** 2 for u in found]) == pytest.approx(
        expected, rel=0.1
    )


def test_years_that_lean_on_each_other_count_less() -> None:
    # Three years with r = 1/2: 1 + 2 (2/3 * 1/2 + 1/3 * 1/4) = 11/6.
    assert persistent_years(3, 0.5) == pytest.approx(11 / 6)
    assert persistent_years(1, 0.8) == 1.0
    assert persistent_years(10, 0.0) == 1.0
    assert persistent_years(100_000, 0.8) == pytest.approx(9.0, rel=1e-3)


def test_arguments_out_of_their_domain_are_refused_together() -> None:
    with pytest.raises(ArgumentError, match=r"(?s)median = -1.*log_sd = -1.*2 faults"):
        LognormalLevel(-1.0, -1.0)
    with pytest.raises(ArgumentError, match="actual = -1"):
        NARROW.update(-1.0, 1.0, 1.0)
    with pytest.raises(ArgumentError, match=r"(?s)expected = 0.*variance = 0"):
        NARROW.update(1.0, 0.0, 0.0)
