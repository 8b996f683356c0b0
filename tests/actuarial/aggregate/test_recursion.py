# SPDX-License-Identifier: Apache-2.0
"""Panjer's recursion against the transform on the same weights, against powers of weights, and under underflow."""

import math

import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.aggregate.recursion import panjer
from greenrisk.actuarial.aggregate.transform import Factor, plain
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.mixed import PoissonInverseGaussian
from greenrisk.actuarial.frequency.modified import Logarithmic, ZeroModified, ZeroTruncated
from greenrisk.actuarial.severity.families import Exponential
from greenrisk.core.errors import ArgumentError

LAWS = [
    Poisson(4.0),
    Binomial(6, 0.4),
    NegativeBinomial(1.7, 2.5),
    ZeroModified(Poisson(3.0), 0.35),
    ZeroModified(Binomial(5, 0.3), 0.05),
    ZeroTruncated(NegativeBinomial(0.8, 3.0)),
    Logarithmic(2.0),
]


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_recursion_and_transform_agree_on_the_same_weights(law):
    weights = np.random.default_rng(5).dirichlet(np.ones(30))
    recursive = panjer(law, weights, 600)
    transformed = plain([Factor(law.pgf, np.zeros(0), weights, 0.0)], 600)
    assert np.abs(recursive - transformed).max() <= 1e-12


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_recursion_is_the_sum_over_numbers_of_losses(law):
    weights = np.array([0.1, 0.5, 0.0, 0.4])
    size, most = 40, 60
    exact, power = np.zeros(size), np.eye(1, size)[0]
    for probability in law.pmf(np.arange(most)):
        exact += probability * power
        power = np.convolve(power, weights)[:size]
    assert panjer(law, weights, size) == pytest.approx(exact, abs=1e-14)


@pytest.mark.parametrize(
    ("law", "log_none"),
    [
        (Poisson(3000.0), -3000.0),
        (NegativeBinomial(2000.0, 1.0), -2000.0 * math.log(2.0)),
        (Binomial(4000, 0.5), -4000.0 * math.log(2.0)),
    ],
    ids=repr,
)
def test_recursion_is_scaled_where_the_probability_of_none_underflows(law, log_none):
    assert log_none < math.log(5e-324)
    size = 6000
    found = panjer(law, np.array([0.0, 1.0]), size)
    assert found == pytest.approx(law.pmf(np.arange(size)), abs=1e-14)
    assert found.sum() == pytest.approx(1.0, abs=1e-9)


def test_recursion_of_a_law_without_one_is_refused_with_the_mend():
    with pytest.raises(ArgumentError, match=r"use aggregate\(\)"):
        panjer(PoissonInverseGaussian(2.0, 0.5), np.array([0.5, 0.5]), 10)
    with pytest.raises(ArgumentError, match="underflows"):
        panjer(ZeroModified(Poisson(2000.0), 1e-300), np.array([0.0, 1.0]), 10)


@pytest.mark.parametrize(
    "law", [Logarithmic(1.0), ZeroTruncated(Poisson(1.0)), ZeroTruncated(Binomial(3, 0.4))], ids=repr
)
def test_a_sum_that_is_never_nought_has_the_weight_0_there(law):
    # convolution powers of weights, by hand: 40 losses at most matter at the first six nodes, since none is 0
    weights = [0.0, 0.3, 0.5, 0.2]
    expected, power = np.zeros(6), np.array([1.0])
    for k in range(6):
        expected[: power.size] += float(law.pmf(k)) * power[:6]
        power = np.convolve(power, weights)[:6]
    found = panjer(law, weights, 6)
    assert found[0] == 0.0
    assert found == pytest.approx(expected, rel=1e-14)


def test_one_loss_may_be_rare_beside_none():
    # P(N = 1) = 2e-107 against P(N = 0) = 1/2: a difference of the two would lose it, and half of the law with it.
    law = ZeroModified(Poisson(250.0), 0.5)
    found = panjer(law, [0.0, 1.0], 600)
    assert found == pytest.approx(law.pmf(np.arange(600)), rel=1e-10)
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert panjer(law, [1.0], 3).tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((3.0, [1.0], 4), "frequency = 3.0\n  One Frequency was expected"),
        ((Poisson(1.0), [0.5, np.nan], 4), r"weights\[1\] = nan"),
        ((Poisson(1.0), [0.5, -0.1], 4), r"weights\[1\] = -0.1"),
        ((Poisson(1.0), [0.9, 0.2], 4), "sum of weights = 1.1"),
        ((Poisson(1.0), [], 4), "weights holds 0"),
        ((Poisson(1.0), [0.9, 0.1], 0), "size = 0"),
    ],
)
def test_what_is_no_law_or_no_probability_is_refused_by_its_name(arguments, told):
    with pytest.raises(ArgumentError, match=told):
        panjer(*arguments)


def test_weights_that_miss_1_are_the_probability_of_losses_elsewhere():
    # P(sum = 0) = exp(-2 (1 - 0.1)), P(sum = 1 step) = 2 * 0.5 of it; 0.4 of the losses are too large to matter.
    found = panjer(Poisson(2.0), [0.1, 0.5], 2)
    assert found == pytest.approx([math.exp(-1.8), math.exp(-1.8)], rel=1e-14)


def test_an_unstable_recursion_is_refused_and_never_returned():
    # a = -19: 1 = a f(z) has a root near z = -0.08.
    with pytest.raises(ArgumentError, match="unstable"):
        panjer(Binomial(8, 0.95), np.array([0.0, 0.7, 0.3]), 200)


def test_weights_longer_than_wanted_are_cut():
    found = panjer(Poisson(2.0), np.array([0.0, 1.0, 0.0, 0.0, 0.0]), 3)
    assert found == pytest.approx(stats.poisson.pmf([0, 1, 2], 2.0), rel=1e-14)


def test_the_aggregate_law_by_recursion_states_an_error_that_holds():
    law = CompoundDistribution(NegativeBinomial(1.0, 4.0), Exponential(2.0))
    loss = law.aggregate_by_recursion(1e-5)
    # Geometric sum of exponentials: an atom of 1/5 and an exponential of mean 10.
    for level in (0.5, 0.9, 0.99):
        exact = -10.0 * math.log((1 - level) / 0.8)
        value = loss.value_at_risk(level)
        assert abs(value.value - exact) <= value.error
        assert value.value == pytest.approx(exact, rel=1e-4)
