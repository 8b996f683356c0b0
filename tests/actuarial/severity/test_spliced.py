# SPDX-License-Identifier: Apache-2.0
"""What must hold for a body joined to a tail at a threshold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as s

from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.core.errors import ArgumentError

FEW = settings(max_examples=25, deadline=None, derandomize=True)
U = 40.0
BODIES = s.one_of(
    s.builds(Lognormal, s.floats(1.0, 4.5), s.floats(0.4, 1.8)),
    s.builds(Gamma, s.floats(0.6, 6.0), s.floats(4.0, 40.0)),
    s.builds(Exponential, s.floats(4.0, 60.0)),
)
TAILS = s.one_of(
    s.builds(GeneralisedPareto, s.floats(-0.3, 0.8), s.floats(5.0, 60.0), s.just(U)),
    s.builds(Pareto, s.floats(1.3, 5.0), s.just(U)),
    s.builds(Lognormal, s.floats(2.0, 5.0), s.floats(0.5, 1.5)),
)
WEIGHTS = s.floats(0.01, 0.9)


@FEW
@given(BODIES, TAILS, WEIGHTS)
def test_the_distribution_function_does_not_jump_at_the_threshold_and_the_weight_lies_above(
    body, tail, weight
):
    law = Spliced(body, tail, U, weight)
    assert law.tail_weight == weight
    assert law.sf(U) == pytest.approx(weight, rel=1e-13)
    assert law.cdf(U) == pytest.approx(1 - weight, rel=1e-13)
    just = U + np.array([-1e-10, 0.0, 1e-10])
    assert np.abs(np.diff(law.cdf(just))).max() < 1e-9
    x = np.array([0.0, 1.0, 20.0, U, 41.0, 90.0, 1e4])
    assert law.cdf(x) + law.sf(x) == pytest.approx(np.ones(x.size), rel=1e-13)
    assert (np.diff(law.cdf(x)) >= 0).all()


@FEW
@given(BODIES, TAILS, WEIGHTS)
def test_each_side_is_its_law_given_that_side(body, tail, weight):
    law = Spliced(body, tail, U, weight)
    low, high = np.array([2.0, 15.0, 39.0]), np.array([41.0, 55.0, 70.0])
    assert law.cdf(low) == pytest.approx((1 - weight) * body.cdf(low) / body.cdf(U), rel=1e-11)
    assert law.sf(high) == pytest.approx(weight * tail.sf(high) / tail.sf(U), rel=1e-11)
    assert law.pdf(low) == pytest.approx((1 - weight) * body.pdf(low) / body.cdf(U), rel=1e-11)
    assert law.pdf(high) == pytest.approx(weight * tail.pdf(high) / tail.sf(U), rel=1e-11)


@FEW
@given(BODIES, TAILS)
def test_a_continuous_density_does_not_jump_at_the_threshold(body, tail):
    law = Spliced(body, tail, U, continuity="density")
    below, above = law.pdf(U), law.pdf(np.nextafter(U, math.inf))
    assert 0 < law.tail_weight < 1
    assert above == pytest.approx(below, rel=1e-9)


def test_the_weight_of_a_continuous_density_of_two_exponentials_has_its_closed_form():
    # Memoryless tail: its density at the threshold is its rate; the body's is rate e^-ru / (1 - e^-ru).
    law = Spliced(Exponential(10.0), Exponential(25.0), 20.0, continuity="density")
    a, b = 0.1 * math.exp(-2) / -math.expm1(-2), 1 / 25
    assert law.tail_weight == pytest.approx(a / (a + b), rel=1e-13)


def test_a_law_joined_to_itself_with_its_own_weight_is_the_law():
    base = Lognormal(3.0, 1.0)
    law = Spliced(base, base, U, float(base.sf(U)))
    x = np.array([0.5, 10.0, 40.0, 60.0, 5000.0])
    assert law.sf(x) == pytest.approx(base.sf(x), rel=1e-12)
    assert law.limited_expected_value(x) == pytest.approx(base.limited_expected_value(x), rel=1e-12)
    assert law.moment(2) == pytest.approx(base.moment(2), rel=1e-12)
    same = Spliced(base, base, U, continuity="density")
    assert same.tail_weight == pytest.approx(base.sf(U), rel=1e-12)


@FEW
@given(BODIES, TAILS, WEIGHTS, s.sampled_from([1, 2, 3]))
def test_limited_values_are_integrals_of_the_survival_function(body, tail, weight, power):
    law = Spliced(body, tail, U, weight)
    d = np.array([5.0, U, 60.0, 500.0])
    # The threshold is among the limits, so that no rule crosses it.
    assert law.limited_expected_value(d, power) == pytest.approx(
        limited_by_quadrature(law, d, power).value, rel=1e-10
    )


def test_the_mean_of_an_exponential_body_under_a_pareto_tail_has_its_closed_form():
    law = Spliced(Exponential(10.0), Pareto(2.5, 20.0), 20.0, 0.1)
    body = 10.0 - 20.0 * math.exp(-2) / -math.expm1(-2)
    assert law.mean() == pytest.approx(0.9 * body + 0.1 * 20.0 * 2.5 / 1.5, rel=1e-13)
    assert law.mean() == pytest.approx(float(limited_by_quadrature(law, [20.0, math.inf]).value[1]), rel=1e-9)


@FEW
@given(BODIES, TAILS, WEIGHTS)
def test_the_quantile_inverts_the_distribution_function_on_both_sides(body, tail, weight):
    law = Spliced(body, tail, U, weight)
    p = np.array([0.001, 0.05, 0.3, 0.7, 0.95, 0.999])
    assert law.cdf(law.ppf(p)) == pytest.approx(p, rel=1e-9)
    q = np.array([0.9, 0.2, 1e-3, 1e-6])
    assert law.sf(law.isf(q)) == pytest.approx(q, rel=1e-8)
    assert ((law.isf(q) > U) == (q < weight)).all()


def test_atoms_of_both_sides_carry_their_share():
    law = Spliced(
        Discrete([1.0, 2.0, 9.0], [0.25, 0.25, 0.5]), Discrete([1.0, 5.0, 6.0], [0.5, 0.3, 0.2]), 4.0, 0.2
    )
    assert law.atoms().points.tolist() == [1.0, 2.0, 5.0, 6.0]
    assert law.atoms().probabilities == pytest.approx([0.4, 0.4, 0.12, 0.08], rel=1e-12)
    assert law.mean() == pytest.approx(0.4 + 0.8 + 0.6 + 0.48, rel=1e-12)


def test_random_losses_lie_above_the_threshold_as_often_as_the_weight_says():
    law = Spliced(Gamma(2.0, 10.0), Pareto(3.0, U), U, 0.25)
    drawn = law.rvs(20_000, np.random.default_rng(5))
    assert (drawn > U).mean() == pytest.approx(0.25, abs=4 * math.sqrt(0.25 * 0.75 / drawn.size))


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"threshold": -1.0, "weight": 2.0}, ["threshold", "weight"]),
        ({"threshold": 4.0}, ["weight"]),
        ({"threshold": 4.0, "weight": 0.1, "continuity": "density"}, ["weight"]),
        ({"threshold": 4.0, "weight": 0.1, "continuity": "smooth"}, ["continuity"]),
        ({"threshold": 4.0, "weight": 0.0}, ["weight"]),
        ({"threshold": 0.5, "weight": 0.5}, ["body"]),
        ({"threshold": 50.0, "weight": 0.5}, ["tail"]),
    ],
)
def test_what_cannot_be_joined_is_refused(arguments, names):
    with pytest.raises(ArgumentError) as caught:
        Spliced(Pareto(2.0, 1.0), Discrete([6.0], [1.0]), **arguments)
    assert [fault.where for fault in caught.value.faults] == names
