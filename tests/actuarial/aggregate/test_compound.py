# SPDX-License-Identifier: Apache-2.0
"""Aggregate laws against closed forms: nothing here is taken from our own output."""

import math

import numpy as np
import pytest
from scipy import optimize, special, stats

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio, collapsed
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.empirical import EmpiricalCounts
from greenrisk.actuarial.frequency.modified import Logarithmic, ZeroModified
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.core.errors import ArgumentError

LEVELS = (0.5, 0.9, 0.99, 0.995, 0.999)


class ErlangMixture:
    """sum_n p_n Gamma(n shape, scale), an atom p_0 at zero: P(S <= x), E[min(S, x)]."""

    def __init__(self, probabilities, shape, scale):
        self.p, self.scale = np.asarray(probabilities), scale
        self.shapes = shape * np.arange(1, self.p.size)

    def mean(self):
        return float(self.p[1:] @ self.shapes) * self.scale

    def cdf(self, x):
        return float(self.p[0] + self.p[1:] @ special.gammainc(self.shapes, x / self.scale))

    def limited(self, x):
        z = x / self.scale
        below = self.shapes * self.scale * special.gammainc(self.shapes + 1, z)
        return float(self.p[1:] @ (below + x * special.gammaincc(self.shapes, z)))

    def value_at_risk(self, p):
        if p <= self.p[0]:
            return 0.0
        return optimize.brentq(lambda x: self.cdf(x) - p, 0.0, 1e6 * self.scale, xtol=1e-13, rtol=1e-14)

    def tail_value_at_risk(self, p):
        x = self.value_at_risk(p)
        return x + (self.mean() - self.limited(x)) / (1 - p)


def check(loss, exact, rtol):
    assert loss.error.converged
    assert loss.mean() == pytest.approx(exact.mean(), rel=1e-12)
    assert float(loss.cdf(0.0)) == pytest.approx(exact.p[0], abs=1e-14)
    for level in LEVELS:
        value, tail = loss.value_at_risk(level), loss.tail_value_at_risk(level)
        assert abs(value.value - exact.value_at_risk(level)) <= value.error + 1e-12 * value.value
        assert abs(tail.value - exact.tail_value_at_risk(level)) <= tail.error + 1e-12 * tail.value
        assert value.value == pytest.approx(exact.value_at_risk(level), rel=rtol)
        assert tail.value == pytest.approx(exact.tail_value_at_risk(level), rel=rtol)
        assert value.kind == ("atom" if level <= exact.p[0] else "interpolated")
    for x in exact.mean() * np.array([0.01, 0.3, 1.0, 2.5]):
        assert float(loss.cdf(x)) == pytest.approx(exact.cdf(x), abs=2e-6)
        assert float(loss.limited_expected_value(x)) == pytest.approx(
            exact.limited(x), abs=1e-6 * exact.mean()
        )


def test_poisson_sum_of_exponentials_is_a_poisson_mixture_of_erlang_laws():
    exact = ErlangMixture(stats.poisson.pmf(np.arange(80), 3.0), 1.0, 7.0)
    check(CompoundDistribution(Poisson(3.0), Exponential(7.0)).aggregate(), exact, 1e-8)


def test_poisson_sum_of_gamma_losses_with_an_unbounded_density_at_zero():
    exact = ErlangMixture(stats.poisson.pmf(np.arange(80), 3.0), 0.3, 10.0)
    check(CompoundDistribution(Poisson(3.0), Gamma(0.3, 10.0)).aggregate(), exact, 1e-6)


def test_geometric_sum_of_exponentials_is_an_exponential_with_an_atom():
    beta, scale = 4.0, 2.0
    loss = CompoundDistribution(NegativeBinomial(1.0, beta), Exponential(scale)).aggregate()
    exact = ErlangMixture([1 / (1 + beta), beta / (1 + beta)], 1.0, scale * (1 + beta))
    check(loss, exact, 1e-8)
    level = 0.99
    x = -math.log((1 - level) * (1 + beta) / beta) * scale * (1 + beta)
    assert loss.value_at_risk(level).value == pytest.approx(x, rel=1e-8)
    assert loss.tail_value_at_risk(level).value == pytest.approx(x + scale * (1 + beta), rel=1e-8)


def test_negative_binomial_sum_of_exponentials_is_a_finite_mixture():
    r, beta, scale = 3, 1.5, 2.0
    exact = ErlangMixture(stats.binom.pmf(np.arange(r + 1), r, beta / (1 + beta)), 1.0, scale * (1 + beta))
    check(CompoundDistribution(NegativeBinomial(r, beta), Exponential(scale)).aggregate(), exact, 1e-8)


def test_logarithmic_and_zero_modified_counts():
    beta = 2.0
    n = np.arange(1, 400)
    log = np.concatenate([[0.0], (beta / (1 + beta)) ** n / (n * math.log1p(beta))])
    check(
        CompoundDistribution(Logarithmic(beta), Exponential(3.0)).aggregate(),
        ErlangMixture(log, 1.0, 3.0),
        1e-8,
    )
    poisson = stats.poisson.pmf(np.arange(60), 2.0)
    modified = 0.4 * poisson / (1 - poisson[0])
    modified[0] = 0.6
    law = CompoundDistribution(ZeroModified(Poisson(2.0), 0.6), Exponential(3.0))
    check(law.aggregate(), ErlangMixture(modified, 1.0, 3.0), 1e-8)


def test_many_losses_are_summed_without_underflow():
    # P(S = 0) = exp(-5000) is below the smallest number.
    loss = CompoundDistribution(Poisson(5000.0), Exponential(1.0)).aggregate()
    n = np.arange(4000, 6200)
    weights = stats.poisson.pmf(n, 5000.0)

    def cdf(x):
        return float(weights @ special.gammainc(n, x))

    exact = optimize.brentq(lambda x: cdf(x) - 0.995, 4500.0, 6000.0, xtol=1e-10)
    value = loss.value_at_risk(0.995)
    assert abs(value.value - exact) <= value.error
    assert value.value == pytest.approx(exact, rel=1e-8)


def test_discrete_losses_are_summed_exactly():
    # N ~ Poisson(2) of 1 or 3, half each: S = A + 3 B, A and B Poisson(1).
    loss = CompoundDistribution(Poisson(2.0), Discrete([1.0, 3.0], [0.5, 0.5])).aggregate()
    one = stats.poisson.pmf(np.arange(40), 1.0)
    exact = np.zeros(160)
    for b in range(40):
        exact[3 * b : 3 * b + 40] += one * one[b]
    assert loss.step == 1.0
    assert loss.probabilities == pytest.approx(exact[: loss.probabilities.size], abs=1e-14)
    assert loss.error.doubled_grid == 0.0
    cumulated = np.cumsum(exact)
    for level in LEVELS:
        value = loss.value_at_risk(level)
        assert (value.value, value.kind, value.error) == (
            float(np.searchsorted(cumulated, level)),
            "atom",
            0.0,
        )


def test_a_level_reached_exactly_takes_the_lower_point():
    # P(S <= 1) = 1/2 exactly: inf{x : F(x) >= 1/2} is 1, not 2.
    loss = CompoundDistribution(Binomial(1, 1.0), Discrete([1.0, 2.0], [0.5, 0.5])).aggregate()
    assert loss.value_at_risk(0.5).value == 1.0
    two = CompoundDistribution(Binomial(2, 1.0), Discrete([1.0, 2.0, 3.0, 4.0], [0.25] * 4)).aggregate()
    # Ten of the sixteen equally likely pairs sum to at most 5.
    assert two.value_at_risk(10 / 16).value == 5.0
    assert two.value_at_risk(10 / 16 + 1e-9).value == 6.0


def test_exact_moments_are_those_of_the_cumulants():
    # Poisson: kappa_k = lambda E[X^k]; gamma(2, 3): 6, 54, 648.
    moments = CompoundDistribution(Poisson(5.0), Gamma(2.0, 3.0)).moments()
    assert moments.mean == pytest.approx(30.0)
    assert moments.standard_deviation**2 == pytest.approx(270.0)
    assert moments.skewness == pytest.approx(5 * 648 / 270**1.5)


def test_infinite_moments_are_told_as_such():
    law = CompoundDistribution(Poisson(5.0), ParetoII(1.5, 3.0))
    assert law.mean() == pytest.approx(30.0)
    assert law.var() == math.inf
    assert law.skewness() == math.inf
    assert CompoundDistribution(Poisson(5.0), ParetoII(0.9, 3.0)).mean() == math.inf
    skewed = CompoundDistribution(Poisson(5.0), ParetoII(2.5, 3.0)).moments()
    assert math.isfinite(skewed.standard_deviation)
    assert skewed.skewness == math.inf


def test_poisson_compounds_collapse_into_one():
    parts = [
        CompoundDistribution(Poisson(rate), Exponential(scale)) for rate, scale in ((1.0, 2.0), (3.0, 5.0))
    ]
    ((frequency, severity),) = collapsed(parts)
    assert frequency.mean() == 4.0
    assert float(severity.sf(4.0)) == pytest.approx(0.25 * math.exp(-2.0) + 0.75 * math.exp(-0.8))
    other = CompoundDistribution(Binomial(3, 0.5), Exponential(1.0))
    assert len(collapsed([*parts, other])) == 2


def test_portfolio_is_the_same_law_as_the_collapsed_compound():
    parts = [CompoundDistribution(Poisson(2.0), Exponential(3.0)) for _ in range(3)]
    together = Portfolio(parts).aggregate()
    one = CompoundDistribution(Poisson(6.0), Exponential(3.0)).aggregate()
    assert together.value_at_risk(0.99).value == pytest.approx(one.value_at_risk(0.99).value, rel=1e-10)


def test_compounds_that_are_no_poisson_multiply_their_transforms():
    # NB(2, b) + NB(1, b) = NB(3, b) over the same losses.
    left = CompoundDistribution(NegativeBinomial(2.0, 1.5), Exponential(2.0))
    right = CompoundDistribution(NegativeBinomial(1.0, 1.5), Exponential(2.0))
    exact = ErlangMixture(stats.binom.pmf(np.arange(4), 3, 0.6), 1.0, 5.0)
    check((left + right).aggregate(), exact, 1e-8)
    assert (left + right).members == (left, right)
    assert ((left + right) + left).members == (left, right, left)


def test_occurrence_exceedance_is_that_of_the_largest_loss():
    poisson = CompoundDistribution(Poisson(3.0), Exponential(2.0))
    x = np.array([0.0, 1.0, 5.0, 60.0])
    exact = -np.expm1(-3.0 * np.exp(-x / 2.0))
    assert poisson.occurrence_exceedance(x) == pytest.approx(exact, rel=1e-12)
    assert poisson.aggregate().occurrence_exceedance(x) == pytest.approx(exact, rel=1e-12)
    binomial = CompoundDistribution(Binomial(4, 0.25), Exponential(2.0))
    none = np.exp(-3.0 * np.exp(-x / 2.0)) * (1 - 0.25 * np.exp(-x / 2.0)) ** 4
    assert (poisson + binomial).occurrence_exceedance(x) == pytest.approx(1 - none, rel=1e-9)


def test_a_year_without_losses_costs_nothing():
    loss = CompoundDistribution(Poisson(0.0), Exponential(2.0)).aggregate()
    assert loss.mean() == 0.0
    assert loss.value_at_risk(0.999) == (0.0, 0.0, "atom")
    assert loss.tail_value_at_risk(0.999).value == 0.0


def test_counts_that_never_vary_give_the_sum_of_so_many():
    loss = CompoundDistribution(EmpiricalCounts([0.0, 0.0, 1.0]), Exponential(2.0)).aggregate()
    # Erlang(2): F(x) = 1 - (1 + x/2) exp(-x/2).
    for level in LEVELS:
        exact = stats.gamma.ppf(level, 2.0, scale=2.0)
        assert loss.value_at_risk(level).value == pytest.approx(exact, rel=1e-8)


def test_what_is_no_law_is_refused_by_name():
    with pytest.raises(ArgumentError) as caught:
        CompoundDistribution(3.0, "lognormal")
    assert [fault.where for fault in caught.value.faults] == ["frequency", "severity"]
    with pytest.raises(ArgumentError, match="At least one compound"):
        Portfolio([])
    with pytest.raises(ArgumentError, match=r"members\[1\]"):
        Portfolio([CompoundDistribution(Poisson(1.0), Exponential(1.0)), 3])


def test_all_bad_arguments_of_aggregate_are_told_at_once():
    law = CompoundDistribution(Poisson(1.0), Lognormal(0.0, 1.0))
    with pytest.raises(ArgumentError) as caught:
        law.aggregate(0.5, annual_limit=-1.0, annual_attachment=math.nan, top_level=1.0, largest_grid=10)
    assert {fault.where for fault in caught.value.faults} == {
        "rtol",
        "annual_limit",
        "annual_attachment",
        "top_level",
        "largest_grid",
    }


def test_what_is_no_loss_is_not_added_and_nothing_exceeds_infinity():
    compound = CompoundDistribution(Poisson(2.0), Exponential(1.0))
    for wrong in (lambda: compound + 3, lambda: compound.aggregate() + 3):
        with pytest.raises(ArgumentError, match="other = 3"):
            wrong()
    assert math.copysign(1.0, float(compound.occurrence_exceedance(math.inf))) == 1.0
