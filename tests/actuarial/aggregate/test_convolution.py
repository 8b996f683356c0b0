# SPDX-License-Identifier: Apache-2.0
"""Sums of aggregate laws: closed forms, annual terms of each summand, atoms of both."""

import math

import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal


def test_sum_of_two_laws_is_the_law_of_the_portfolio():
    left = CompoundDistribution(Poisson(3.0), Lognormal.from_mean_cv(10.0, 1.5))
    right = CompoundDistribution(NegativeBinomial(2.0, 1.5), Gamma(2.0, 4.0))
    added, together = left.aggregate() + right.aggregate(), (left + right).aggregate(1e-8)
    for level in (0.5, 0.9, 0.99, 0.999, 0.9999):
        value, exact = added.value_at_risk(level), together.value_at_risk(level)
        assert abs(value.value - exact.value) <= value.error + exact.error
        assert value.value == pytest.approx(exact.value, rel=1e-5)
        tail, other = added.tail_value_at_risk(level), together.tail_value_at_risk(level)
        assert abs(tail.value - other.value) <= tail.error + other.error
    assert added.exact == pytest.approx(together.exact, rel=1e-12)
    assert added.compounds == (left, right)
    assert float(added.occurrence_exceedance(20.0)) == pytest.approx(
        float((left + right).occurrence_exceedance(20.0)), rel=1e-12
    )


def test_sum_of_two_exponential_years_is_a_gamma():
    one = CompoundDistribution(Binomial(1, 1.0), Exponential(5.0)).aggregate()
    two = one + one
    for level in (0.1, 0.5, 0.9, 0.999):
        value = two.value_at_risk(level)
        exact = stats.gamma.ppf(level, 2.0, scale=5.0)
        assert abs(value.value - exact) <= value.error
        assert value.value == pytest.approx(exact, rel=1e-6)


def test_atoms_of_both_laws_and_of_their_limits_are_kept():
    left = CompoundDistribution(Binomial(1, 0.5), Exponential(10.0)).aggregate(annual_limit=6.0)
    right = CompoundDistribution(Binomial(1, 0.5), Exponential(10.0)).aggregate(annual_limit=4.0)
    points, probabilities = (left + right).atoms()
    a, b = 0.5 * math.exp(-0.6), 0.5 * math.exp(-0.4)
    assert points == pytest.approx([0.0, 4.0, 6.0, 10.0], rel=1e-12)
    assert probabilities == pytest.approx([0.25, 0.5 * b, 0.5 * a, a * b], abs=1e-10)
    total = left + right
    assert total.value_at_risk(1 - a * b / 2) == pytest.approx((10.0, 0.0, "atom"), abs=1e-9)
    assert total.mean() == pytest.approx(left.mean() + right.mean(), rel=1e-12)
    assert total.exact is None


def test_lattices_add_exactly():
    die = CompoundDistribution(Binomial(1, 1.0), Discrete(np.arange(1.0, 7.0), np.full(6, 1 / 6))).aggregate()
    points, probabilities = (die + die).atoms()
    assert points == pytest.approx(np.arange(2.0, 13.0))
    assert probabilities == pytest.approx(np.array([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]) / 36, abs=1e-14)


def test_annual_terms_apply_to_the_summand_and_not_to_the_sum():
    law = CompoundDistribution(Poisson(2.0), Exponential(5.0))
    capped = law.aggregate(annual_limit=10.0)
    total = capped + law.aggregate()
    assert total.annual_limit == math.inf
    assert total.mean() == pytest.approx(capped.mean() + 10.0, rel=1e-9)
    rng = np.random.default_rng(11)
    years = 200_000

    def year():
        number = rng.poisson(2.0, years)
        return np.bincount(np.repeat(np.arange(years), number), rng.exponential(5.0, number.sum()), years)

    sample = np.minimum(year(), 10.0) + year()
    for level in (0.5, 0.9, 0.99):
        x = total.value_at_risk(level).value
        assert abs((sample <= x).mean() - level) <= 4 * math.sqrt(level * (1 - level) / years)


def test_sums_of_sums_and_their_bounds():
    law = CompoundDistribution(Poisson(1.0), Exponential(5.0))
    three = law.aggregate() + law.aggregate() + law.aggregate().layer(20.0, 1.0)
    value = three.value_at_risk(0.9)
    low, high = three.bounds(0.9)
    assert low <= value.value <= high
    assert high - low < 0.2 * value.value
    assert three.layer(10.0, 5.0).value_at_risk(0.9).value <= 10.0


def test_far_tail_of_a_sum_is_that_of_both():
    law = CompoundDistribution(Poisson(3.0), Lognormal.from_mean_cv(10.0, 1.5))
    added = law.aggregate() + law.aggregate()
    double = CompoundDistribution(Poisson(6.0), Lognormal.from_mean_cv(10.0, 1.5)).aggregate(
        top_level=1 - 1e-8
    )
    x = np.array([1.5, 3.0]) * added.values[-1]
    assert added.tail_survival(x) == pytest.approx(double.sf(x), rel=1e-3)
