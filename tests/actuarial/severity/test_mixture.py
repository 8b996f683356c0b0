# SPDX-License-Identifier: Apache-2.0
"""What must hold for a mixture: each of its answers is the weighted sum of its parts' answers."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as s

from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.mixture import Mixture, mixture_of
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, ParetoII
from greenrisk.core.errors import ArgumentError

FEW = settings(max_examples=25, deadline=None, derandomize=True)
PART = s.one_of(
    s.builds(Lognormal, s.floats(-2.0, 6.0), s.floats(0.2, 2.0)),
    s.builds(Gamma, s.floats(0.5, 20.0), s.floats(0.1, 100.0)),
    s.builds(Weibull, s.floats(0.5, 4.0), s.floats(0.1, 100.0)),
    s.builds(ParetoII, s.floats(1.2, 8.0), s.floats(0.1, 100.0)),
)
PARTS = s.lists(s.tuples(s.floats(0.01, 1.0), PART), min_size=1, max_size=6)


def mixed(pairs):
    weights = np.array([weight for weight, _ in pairs])
    return Mixture(tuple((weights / weights.sum()).tolist()), tuple(part for _, part in pairs))


def two_hundred():
    rng = np.random.default_rng(20)
    weights = rng.dirichlet(np.ones(200))
    parts = [
        Lognormal(mu, sigma)
        for mu, sigma in zip(rng.normal(10, 1.5, 200), rng.uniform(0.3, 2.0, 200), strict=True)
    ]
    return Mixture(tuple(weights.tolist()), tuple(parts))


@pytest.mark.parametrize(
    "weights", [(0.5, 0.4), (0.7, 0.7), (1.2, -0.2), (math.nan, 1.0), (1.0,), (), (0.0, 0.0)]
)
def test_weights_that_are_no_probabilities_of_the_parts_are_refused(weights):
    with pytest.raises(ArgumentError):
        Mixture(weights, (Exponential(1.0), Exponential(2.0)))


def test_inner_mixtures_are_dissolved_and_parts_of_weight_zero_left_out():
    a, b, c, d = (Exponential(scale) for scale in (1.0, 2.0, 3.0, 4.0))
    law = Mixture((0.5, 0.5, 0.0), (Mixture((0.25, 0.75), (a, Mixture((0.5, 0.5), (b, c)))), c, d))
    assert law.parts == (a, b, c, c)
    assert law.weights == (0.125, 0.1875, 0.1875, 0.5)


@FEW
@given(PARTS, s.sampled_from([1, 2, 3]))
def test_every_answer_is_the_weighted_sum_of_the_parts(pairs, power):
    law = mixed(pairs)
    x = np.array([[0.0, 0.1, 1.0], [10.0, 300.0, 1e5]])
    for name in ("cdf", "sf", "pdf"):
        points = x[x > 0]
        plain = sum(w * getattr(part, name)(points) for w, part in zip(law.weights, law.parts, strict=True))
        assert getattr(law, name)(points) == pytest.approx(plain, rel=1e-13, abs=1e-300)
    plain = sum(w * p.limited_expected_value(x, power) for w, p in zip(law.weights, law.parts, strict=True))
    assert law.limited_expected_value(x, power) == pytest.approx(plain, rel=1e-13)
    assert law.mean() == pytest.approx(
        sum(w * part.mean() for w, part in zip(law.weights, law.parts, strict=True)), rel=1e-13
    )


@pytest.mark.parametrize("power", [1, 2])
def test_the_interpolated_limited_value_of_200_lognormals_is_the_plain_sum(power):
    law = two_hundred()
    x = np.linspace(0.0, 4e6, 2**12)
    plain = np.zeros(x.size)
    for weight, part in zip(law.weights, law.parts, strict=True):
        plain += weight * part.limited_expected_value(x, power)
    assert np.abs(law.limited_expected_value(x, power) - plain).max() < 1e-12 * law.moment(power)
    backwards = law.limited_expected_value(x[::-1], power)
    assert np.abs(backwards[::-1] - plain).max() < 1e-12 * law.moment(power)


def test_a_kink_where_a_part_begins_does_not_disturb_the_interpolated_limited_value():
    begins = np.linspace(100.0, 5e4, 60)
    parts = tuple(GeneralisedPareto(0.3, 500.0, start) for start in begins)
    law = Mixture((1 / 60,) * 60, parts)
    x = np.linspace(0.0, 1e5, 2**11)
    plain = sum(part.limited_expected_value(x) for part in parts) / 60
    assert np.abs(law.limited_expected_value(x) - plain).max() < 1e-12 * law.mean()


@FEW
@given(PARTS)
def test_the_quantile_inverts_the_distribution_function(pairs):
    law = mixed(pairs)
    p = np.array([1e-9, 1e-3, 0.2, 0.5, 0.9, 0.999])
    assert law.cdf(law.ppf(p)) == pytest.approx(p, rel=1e-11)
    q = np.array([0.3, 1e-4, 1e-12, 1e-20])
    assert law.sf(law.isf(q)) == pytest.approx(q, rel=1e-11)
    assert (np.diff(law.ppf(p)) > 0).all()


@pytest.mark.parametrize(
    "exponents", [(-18.0, -17.0), (-17.0, -18.0), (-20.0, -19.0, -30.0), (-200.0, -17.0)]
)
def test_probabilities_below_rounding_have_quantiles_of_their_own(exponents):
    small = 10.0 ** np.array(exponents)
    law = Mixture((0.5, 0.5), (Lognormal(0.0, 1.0), Lognormal(0.5, 1.5)))
    assert law.sf(law.isf(small)) == pytest.approx(small, rel=1e-10, abs=0)
    assert law.cdf(law.ppf(small)) == pytest.approx(small, rel=1e-10, abs=0)


def test_the_quantile_meets_atoms_and_the_lower_end_of_a_stretch_without_losses():
    law = Mixture(
        (0.25, 0.25, 0.5), (Discrete([0.0], [1.0]), Discrete([3.0], [1.0]), GeneralisedPareto(0.2, 2.0, 10.0))
    )
    p = np.array([0.0, 0.1, 0.25, 0.26, 0.4, 0.5, 0.75])
    expected = [0.0, 0.0, 0.0, 3.0, 3.0, 3.0, GeneralisedPareto(0.2, 2.0, 10.0).ppf(0.5)]
    assert law.ppf(p) == pytest.approx(expected, rel=1e-13)
    assert law.isf(1 - p) == pytest.approx(expected, rel=1e-13)
    assert law.support() == (0.0, math.inf)


@FEW
@given(s.lists(s.integers(0, 12), min_size=2, max_size=8), s.integers(0, 16))
def test_the_quantile_of_mixed_atoms_is_the_least_point_that_reaches_the_probability(at, level):
    half = len(at) // 2
    sides = [Discrete(side, np.full(len(side), 1 / len(side))) for side in (at[:half], at[half:])]
    law = Mixture((0.25, 0.75), tuple(sides))
    points = law.atoms().points
    levels = np.append(law.cdf(points), level / 16)
    reached = [points[np.flatnonzero(law.cdf(points) >= p * (1 - 1e-15))[0]] for p in levels]
    assert law.ppf(levels).tolist() == reached


def test_the_quantile_at_the_edge_of_a_gap_does_not_hang_on_the_last_digit_of_the_weights():
    tail = GeneralisedPareto(0.2, 2.0, 10.0)
    law = Mixture((0.1, 0.2, 0.4, 0.3), (*(Discrete([at], [1.0]) for at in (1.0, 2.0, 3.0)), tail))
    assert law.ppf([0.1, 0.3, 0.7]).tolist() == [1.0, 2.0, 3.0]
    assert law.isf([0.9, 0.7, 0.3]).tolist() == [1.0, 2.0, 3.0]


def test_quantiles_of_200_parts_at_20_000_points_take_little_memory():
    law = two_hundred()
    p = np.linspace(0.0005, 0.9995, 20_000)
    law.ppf(0.5)
    tracemalloc.start()
    law.ppf(p)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 * p.nbytes / 2


def test_parts_under_one_layer_become_that_layer_of_the_mixture():
    weights, bases = (0.3, 0.7), (Lognormal(2.0, 1.0), Gamma(2.0, 30.0))
    law = mixture_of(weights, [base.layer(50.0, 20.0) for base in bases])
    assert law == Layered(Mixture(weights, bases), 50.0, 20.0)
    apart = Mixture(weights, tuple(base.layer(50.0, 20.0) for base in bases))
    x = np.array([0.0, 5.0, 49.0, 50.0, 80.0])
    for power in (1, 2, 3):
        assert law.limited_expected_value(x, power) == pytest.approx(
            apart.limited_expected_value(x, power), rel=1e-12
        )
    assert law.sf(x) == pytest.approx(apart.sf(x), rel=1e-13)
    assert law.atoms().points.tolist() == apart.atoms().points.tolist() == [0.0, 50.0]
    assert law.atoms().probabilities == pytest.approx(apart.atoms().probabilities, rel=1e-13)
    p = np.array([0.01, 0.5, 0.7, 0.8, 0.999])
    assert apart.ppf(p) == pytest.approx(law.ppf(p), rel=1e-11, abs=1e-11)


def test_a_mixture_of_one_is_itself_and_of_different_layers_stays_a_mixture():
    part = Exponential(3.0)
    assert mixture_of([1.0, 0.0], [part, Gamma(2.0, 1.0)]) is part
    assert isinstance(mixture_of([0.5, 0.5], [part.layer(1.0), part.layer(2.0)]), Mixture)


def test_atoms_at_one_point_are_added_and_continuous_parts_have_none():
    law = Mixture(
        (0.5, 0.25, 0.25), (Discrete([1.0, 2.0], [0.5, 0.5]), Discrete([2.0], [1.0]), Exponential(1.0))
    )
    assert law.atoms().points.tolist() == [1.0, 2.0]
    assert law.atoms().probabilities.tolist() == [0.25, 0.5]
    assert Mixture((0.5, 0.5), (Exponential(1.0), Exponential(2.0))).atoms().points.size == 0


def test_random_losses_have_the_mean_and_the_law_of_the_mixture():
    law = Mixture((0.8, 0.2), (Exponential(1.0), Gamma(4.0, 5.0)))
    drawn = law.rvs((200, 100), np.random.default_rng(7))
    assert drawn.shape == (200, 100)
    assert drawn.mean() == pytest.approx(0.8 + 0.2 * 20, abs=4 * math.sqrt(law.var() / drawn.size))
    assert (drawn > 5).mean() == pytest.approx(law.sf(5.0), abs=4 * 0.5 / math.sqrt(drawn.size))
