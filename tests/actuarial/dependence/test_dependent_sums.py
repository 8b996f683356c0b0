# SPDX-License-Identifier: Apache-2.0
"""Sums of dependent lines against the closed forms of independent lines and of lines that move together."""

import functools
import math

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.dependence.archimedean import Clayton, Gumbel
from greenrisk.actuarial.dependence.copula import Copula, TailDependence, alike
from greenrisk.actuarial.dependence.elliptical import Gaussian
from greenrisk.actuarial.dependence.sums import dependent_losses, simulate_sum
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.severity.empirical import Empirical
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.core.errors import ArgumentError

YEARS = 40_000


class Together(Copula):
    """Lines that move together, at evenly spread levels: draws without chance."""

    @property
    def dimension(self) -> int:
        return 2

    def rvs(self, size: int, rng: np.random.Generator) -> np.ndarray:
        return np.repeat((np.arange(size) + 0.5)[:, np.newaxis] / size, 2, axis=1)

    def cdf(self, u: ArrayLike) -> np.ndarray:
        return np.min(u, axis=-1)

    def log_density(self, u: ArrayLike) -> np.ndarray:
        raise AssertionError

    def kendall_tau(self) -> np.ndarray:
        return alike(2, 1.0)

    def tail_dependence(self) -> TailDependence:
        return TailDependence(alike(2, 1.0), alike(2, 1.0))


@functools.cache
def storms() -> AggregateLoss:
    return CompoundDistribution(Poisson(1.2), Exponential(10.0)).aggregate()


def exact_survival(x: float) -> float:
    """Survival of a Poisson number of exponential losses: a Poisson mixture of Erlang laws."""
    n = np.arange(1, 80)
    return float((stats.poisson.pmf(n, 1.2) * stats.gamma.sf(x, n, scale=10.0)).sum())


def test_independent_exponential_lines_add_up_to_a_gamma_law() -> None:
    found = simulate_sum([Exponential(5.0)] * 3, Gumbel(1.0, 3), YEARS, 11)
    mean = found.mean()
    assert abs(mean.value - 15.0) < 4.0 * mean.standard_error
    assert mean.standard_error == pytest.approx(5.0 * math.sqrt(3.0 / YEARS), rel=0.03)
    x = np.array([5.0, 15.0, 30.0, 45.0])
    seen, expected = found.aggregate_exceedance(x), stats.gamma.sf(x, 3, scale=5.0)
    assert (
        np.abs(seen.value - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / YEARS) + 2e-3 * expected
    ).all()
    at_risk = found.value_at_risk(0.99)
    quantile = stats.gamma.ppf(0.99, 3, scale=5.0)
    assert abs(at_risk.value - quantile) < 4.0 * at_risk.standard_error + at_risk.bin_width


def test_lines_that_move_together_add_up_at_each_level() -> None:
    laws = [Exponential(5.0), Lognormal(1.0, 0.8)]
    losses = dependent_losses(laws, Together(), 1_000, np.random.default_rng(0))
    level = (np.arange(1_000) + 0.5) / 1_000
    expected = -5.0 * np.log1p(-level) + np.exp(1.0 + 0.8 * stats.norm.ppf(level))
    np.testing.assert_allclose(losses.sum(axis=1), expected, rtol=1e-10)


def test_a_correlation_of_nearly_one_has_the_value_at_risk_of_the_sum_of_values_at_risk() -> None:
    r = 1.0 - 1e-10
    found = simulate_sum([Exponential(5.0), Exponential(20.0)], Gaussian([[1.0, r], [r, 1.0]]), YEARS, 3)
    at_risk, tail = found.value_at_risk(0.99), found.tail_value_at_risk(0.99)
    assert abs(at_risk.value - 25.0 * math.log(100.0)) < 4.0 * at_risk.standard_error + at_risk.bin_width
    assert abs(tail.value - 25.0 * (math.log(100.0) + 1.0)) < 4.0 * tail.standard_error + tail.bin_width


def test_the_variance_of_normal_scores_on_lognormal_lines_is_the_closed_form() -> None:
    r, sigma = 0.5, 0.6
    losses = dependent_losses(
        [Lognormal(0.0, sigma)] * 2, Gaussian([[1.0, r], [r, 1.0]]), YEARS, np.random.default_rng(2)
    )
    product = losses.prod(axis=1)
    expected = math.exp(sigma**2 * (1.0 + r))
    assert abs(product.mean() - expected) < 4.0 * product.std() / math.sqrt(YEARS)


def test_an_aggregate_law_is_inverted_with_its_atom_at_none() -> None:
    law = storms()
    size = 2_000
    losses = dependent_losses([law, law], Together(), size, np.random.default_rng(0))
    np.testing.assert_array_equal(losses[:, 0], losses[:, 1])
    level = (np.arange(size) + 0.5) / size
    none = level < math.exp(-1.2)
    np.testing.assert_array_equal(losses[none, 0], 0.0)
    assert (losses[~none, 0] > 0.0).all()
    back = np.array([exact_survival(x) for x in losses[~none, 0]])
    # The first step of the grid carries the density next to the atom: one cell of it is the accuracy to be had.
    np.testing.assert_allclose(
        1.0 - back, level[~none], rtol=0.0, atol=law.step / 10.0 * math.exp(-1.2) * 1.2
    )
    assert losses[:, 0].mean() == pytest.approx(12.0, rel=2e-3)


def test_a_capped_aggregate_law_never_passes_its_limit() -> None:
    law = CompoundDistribution(Poisson(1.2), Exponential(10.0)).aggregate(annual_limit=25.0)
    losses = dependent_losses([law, law], Together(), 5_000, np.random.default_rng(0))[:, 0]
    assert losses.max() == 25.0
    assert (losses == 25.0).mean() == pytest.approx(exact_survival(25.0), abs=2.0 / 5_000)
    assert (losses == 0.0).mean() == pytest.approx(math.exp(-1.2), abs=2.0 / 5_000)


def test_a_heavy_tail_goes_on_beyond_the_grid() -> None:
    # One big loss makes the far tail: P(S > x) ~ E[N] P(X > x).
    severity = ParetoII(1.5, 10.0)
    law = CompoundDistribution(Poisson(0.5), severity).aggregate(1e-4, top_level=0.999)
    beyond = float(law.values[-1]) * 50.0
    level = 1.0 - float(law.sf(beyond))

    class Far(Together):
        def rvs(self, size: int, rng: np.random.Generator) -> np.ndarray:
            return np.full((size, 2), level)

    losses = dependent_losses([law, law], Far(), 3, np.random.default_rng(0))
    np.testing.assert_allclose(losses, beyond, rtol=1e-2)
    assert 0.5 * float(severity.sf(beyond)) == pytest.approx(1.0 - level, rel=0.05)


def test_observed_years_may_be_lines() -> None:
    losses = dependent_losses(
        [Empirical([1.0, 2.0, 3.0, 4.0]), Exponential(1.0)], Clayton(2.0), 400, np.random.default_rng(1)
    )
    assert set(losses[:, 0]) == {1.0, 2.0, 3.0, 4.0}


def test_annual_terms_apply_to_the_sum() -> None:
    terms = {"annual_limit": 20.0, "annual_attachment": 10.0}
    found = simulate_sum([Exponential(5.0)] * 2, Gumbel(1.0), YEARS, 4, **terms)
    law = stats.gamma(2, scale=5.0)
    x = np.linspace(10.0, 30.0, 20_001)
    expected = float(np.trapezoid(law.sf(x), x))
    assert abs(found.mean().value - expected) < 4.0 * found.mean().standard_error
    full = found.aggregate_exceedance(20.0 * (1.0 - 1e-9)).value
    assert abs(full - law.sf(30.0)) < 4.0 * math.sqrt(law.sf(30.0) / YEARS)
    assert found.largest == 20.0


def test_a_limit_makes_lines_of_infinite_mean_payable() -> None:
    laws = [ParetoII(0.9, 1.0), Exponential(1.0)]
    with pytest.raises(ArgumentError, match="annual_limit"):
        simulate_sum(laws, Clayton(1.0), 100, 1)
    assert simulate_sum(laws, Clayton(1.0), 1_000, 1, annual_limit=50.0).largest <= 50.0


def test_the_seed_alone_decides_and_more_years_begin_with_the_same() -> None:
    laws = [Exponential(5.0)] * 2
    first, second = (simulate_sum(laws, Clayton(1.0), 3_000, 5) for _ in range(2))
    assert first.mean() == second.mean()
    other = simulate_sum(laws, Clayton(1.0), 3_000, np.random.default_rng(5))
    again = simulate_sum(laws, Clayton(1.0), 3_000, np.random.default_rng(5))
    assert other.mean() == again.mean()
    assert other.mean() != first.mean()
    assert first.years == 3_000


def test_bad_input_is_refused() -> None:
    laws = [Exponential(5.0)] * 2
    with pytest.raises(ArgumentError, match="One law for each of the 3 lines"):
        dependent_losses(laws, Gumbel(1.0, 3), 5, np.random.default_rng(0))
    with pytest.raises(ArgumentError, match="size"):
        dependent_losses(laws, Gumbel(1.0), -1, np.random.default_rng(0))
    with pytest.raises(ArgumentError, match="years") as found:
        simulate_sum(laws, Gumbel(1.0), 0, -1, annual_limit=0.0, annual_attachment=-1.0)
    for name in ("seed", "annual_limit", "annual_attachment"):
        assert name in str(found.value)
    assert dependent_losses(laws, Gumbel(1.0), 0, np.random.default_rng(0)).shape == (0, 2)
