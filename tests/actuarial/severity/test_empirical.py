# SPDX-License-Identifier: Apache-2.0
"""What must hold for observed losses and for points with probabilities: plain sums, and quantiles by definition."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as s

from greenrisk.actuarial.severity.empirical import Discrete, Empirical
from greenrisk.core.errors import ArgumentError

FEW = settings(max_examples=40, deadline=None, derandomize=True)
LOSSES = s.lists(s.one_of(s.integers(0, 6).map(float), s.floats(0.0, 1e6)), min_size=1, max_size=30)
LIMITS = np.array([0.0, 0.5, 1.0, 3.0, 1e3, 1e7, math.inf])


@FEW
@given(LOSSES, s.sampled_from([1, 2, 3]))
def test_limited_values_are_plain_means(losses, power):
    expected = [np.mean(np.minimum(losses, limit) ** power) for limit in LIMITS]
    assert Empirical(losses).limited_expected_value(LIMITS, power) == pytest.approx(
        expected, rel=1e-13, abs=1e-300
    )


@FEW
@given(LOSSES, s.integers(0, 1000), s.sampled_from([1, 2, 3]))
def test_weights_count_by_their_ratios_only(losses, seed, power):
    weights = np.random.default_rng(seed).integers(0, 5, len(losses)).astype(float)
    weights[0] += 1.0
    law, thrice = Empirical(losses, weights), Empirical(losses, 3 * weights)
    repeated = Empirical(np.repeat(losses, weights.astype(int)))
    for x in (np.asarray(losses), np.asarray(losses) + 0.25, np.array([-1.0, math.inf])):
        expected = [weights[np.asarray(losses) <= at].sum() / weights.sum() for at in x]
        assert law.cdf(x) == pytest.approx(expected, rel=1e-14)
        assert law.sf(x) == pytest.approx(1 - np.array(expected), rel=1e-13, abs=1e-15)
        assert repeated.cdf(x) == pytest.approx(expected, rel=1e-14)
    expected = [np.average(np.minimum(losses, limit) ** power, weights=weights) for limit in LIMITS]
    for same in (law, thrice, repeated):
        assert same.limited_expected_value(LIMITS, power) == pytest.approx(expected, rel=1e-13, abs=1e-300)


@FEW
@given(LOSSES, s.floats(0.0, 1.0))
def test_the_quantile_is_the_least_loss_that_reaches_the_probability(losses, p):
    law = Empirical(losses)
    ordered = np.sort(losses)
    levels = np.append(law.cdf(ordered), p)
    expected = [ordered[np.flatnonzero(law.cdf(ordered) >= level)[0]] for level in levels]
    assert law.ppf(levels).tolist() == expected
    survival = np.append(law.sf(ordered), p)
    expected = [ordered[np.flatnonzero(law.sf(ordered) <= level)[0]] for level in survival]
    assert law.isf(survival).tolist() == expected


def test_quantiles_of_four_losses_are_those_counted_by_hand():
    law = Empirical([40.0, 10.0, 30.0, 20.0])
    assert law.ppf([0.0, 0.2, 0.25, 0.26, 0.5, 0.75, 0.76, 1.0]).tolist() == [10, 10, 10, 20, 20, 30, 40, 40]
    assert law.isf([1.0, 0.75, 0.74, 0.5, 0.25, 0.24, 0.0]).tolist() == [10, 10, 20, 20, 30, 40, 40]
    assert law.support() == (10.0, 40.0)
    assert law.mean() == 25.0
    assert law.var() == pytest.approx(125.0, rel=1e-13)


def test_equal_points_are_added_and_points_without_probability_left_out():
    law = Discrete([3.0, 1.0, 3.0, 7.0], [0.25, 0.5, 0.25, 0.0])
    assert law.atoms().points.tolist() == [1.0, 3.0]
    assert law.atoms().probabilities.tolist() == [0.5, 0.5]
    assert law.support() == (1.0, 3.0)
    assert law.pdf([1.0, 2.0]).tolist() == [0.0, 0.0]
    assert law.mean() == 2.0


def test_answers_have_the_shape_of_the_question():
    law = Discrete([1.0, 2.0], [0.5, 0.5])
    square = np.array([[0.5, 1.0], [1.5, 2.0]])
    for answer in (law.cdf(square), law.sf(square), law.pdf(square), law.limited_expected_value(square)):
        assert answer.shape == (2, 2)
    assert law.ppf(square / 2).shape == (2, 2)
    for scalar in (
        law.cdf(1.0),
        law.sf(1.0),
        law.pdf(1.0),
        law.ppf(0.5),
        law.isf(0.5),
        law.limited_expected_value(1.5),
    ):
        assert np.ndim(scalar) == 0


def test_sums_of_many_weights_keep_their_digits():
    rng = np.random.default_rng(4)
    losses, weights = rng.lognormal(8.0, 2.0, 200_000), rng.random(200_000)
    law = Empirical(losses, weights)
    limit = 1e5
    exact = math.fsum((np.minimum(losses, limit) * weights).tolist()) / math.fsum(weights.tolist())
    assert law.limited_expected_value(limit) == pytest.approx(exact, rel=1e-14)
    level = float(np.sort(losses)[-5])
    far = math.fsum(weights[losses > level].tolist()) / math.fsum(weights.tolist())
    assert law.sf(level) == pytest.approx(far, rel=1e-13)


def test_what_was_given_can_be_changed_without_changing_the_law():
    losses, weights = np.array([1.0, 2.0]), np.array([1.0, 3.0])
    law = Empirical(losses, weights)
    losses[:], weights[:] = 9.0, 0.0
    assert law.mean() == 1.75
    with pytest.raises(ValueError, match="read-only"):
        law.atoms().points[0] = 5.0


def test_random_losses_are_the_observed_ones_as_often_as_their_weights_say():
    law = Empirical([5.0, 1.0, 3.0], [1.0, 2.0, 5.0])
    drawn = law.rvs(20_000, np.random.default_rng(2))
    found, counts = np.unique(drawn, return_counts=True)
    assert found.tolist() == [1.0, 3.0, 5.0]
    expected = np.array([0.25, 0.625, 0.125])
    assert (
        np.abs(counts / drawn.size - expected) < 4 * np.sqrt(expected * (1 - expected) / drawn.size)
    ).all()


@pytest.mark.parametrize(
    ("losses", "weights", "name"),
    [
        ([], None, "losses"),
        ([1.0, -0.5], None, "losses"),
        ([1.0, math.nan], None, "losses"),
        ([1.0, math.inf], None, "losses"),
        ([[1.0]], None, "losses"),
        ([1.0, 2.0], [1.0], "weights"),
        ([1.0, 2.0], [0.0, 0.0], "weights"),
        ([1.0, 2.0], [1.0, -1.0], "weights"),
        ([1.0, 2.0], [1.0, math.nan], "weights"),
    ],
)
def test_losses_and_weights_that_are_none_are_refused(losses, weights, name):
    with pytest.raises(ArgumentError) as caught:
        Empirical(losses, weights)
    assert caught.value.faults[0].where.startswith(name)


@pytest.mark.parametrize(
    ("points", "probabilities", "name"),
    [
        ([1.0, 2.0], [0.5, 0.4], "probabilities"),
        ([1.0, 2.0], [1.5, -0.5], "probabilities"),
        ([1.0, 2.0], [1.0], "probabilities"),
        ([-1.0, 2.0], [0.5, 0.5], "points"),
        ([], [], "points"),
    ],
)
def test_points_and_probabilities_that_are_none_are_refused(points, probabilities, name):
    with pytest.raises(ArgumentError) as caught:
        Discrete(points, probabilities)
    assert caught.value.faults[0].where.startswith(name)


def test_the_law_says_what_it_holds():
    assert repr(Empirical([1.0, 5.0], [1, 2])) == "Empirical(2 losses from 1 to 5, weighted)"
    assert repr(Discrete([1.0, 2.0], [0.5, 0.5])) == "Discrete([1.0, 2.0], [0.5, 0.5])"
    assert repr(Discrete(np.arange(8.0), np.full(8, 0.125))) == "Discrete(8 points from 0 to 7)"


@pytest.mark.parametrize("power", [0, 4, 1.5])
def test_a_power_other_than_one_two_or_three_is_refused(power):
    with pytest.raises(ArgumentError):
        Empirical([1.0]).limited_expected_value(1.0, power)
