# SPDX-License-Identifier: Apache-2.0
"""What must hold for a layer of a loss: atoms, sums of layers, moments by a second method."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as s

from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.core.errors import ArgumentError

FEW = settings(max_examples=25, deadline=None, derandomize=True)
BASES = s.one_of(
    s.builds(Lognormal, s.floats(0.0, 5.0), s.floats(0.2, 2.0)),
    s.builds(Gamma, s.floats(0.5, 10.0), s.floats(1.0, 50.0)),
    s.builds(Weibull, s.floats(0.5, 3.0), s.floats(1.0, 50.0)),
    s.builds(ParetoII, s.floats(0.7, 6.0), s.floats(1.0, 50.0)),
)
AMOUNTS = s.floats(0.5, 200.0)


@FEW
@given(BASES, AMOUNTS, AMOUNTS)
def test_the_atoms_are_no_payment_and_full_payment(base, limit, attachment):
    law = base.layer(limit, attachment)
    given_atoms = dict(zip(*(column.tolist() for column in law.atoms()), strict=True))
    assert given_atoms.get(0.0, 0.0) == base.cdf(attachment)
    assert given_atoms.get(limit, 0.0) == base.sf(attachment + limit)
    assert law.cdf(0.0) == base.cdf(attachment)
    assert law.sf(-1e-9) == 1.0
    assert law.cdf(limit) == 1.0
    below = np.nextafter(limit, 0.0)
    assert law.sf(below) == pytest.approx(base.sf(attachment + limit), rel=1e-9, abs=1e-300)


def test_atoms_of_the_base_stay_inside_and_join_those_at_the_ends():
    law = Discrete([1.0, 2.0, 3.0, 5.0, 9.0], [0.1, 0.2, 0.3, 0.15, 0.25]).layer(3.0, 2.0)
    assert law.atoms().points.tolist() == [0.0, 1.0, 3.0]
    assert law.atoms().probabilities == pytest.approx([0.3, 0.3, 0.4], rel=1e-14)
    assert law.mean() == pytest.approx(0.3 * 1 + 0.4 * 3, rel=1e-14)
    assert law.support() == (0.0, 3.0)


@FEW
@given(BASES, AMOUNTS, AMOUNTS, AMOUNTS)
def test_adjacent_layers_add_up_to_the_whole(base, first, second, third):
    layers = [base.layer(first), base.layer(second, first), base.layer(third, first + second)]
    whole = base.layer(first + second + third)
    assert math.fsum(layer.mean() for layer in layers) == pytest.approx(whole.mean(), rel=1e-12)
    u = np.random.default_rng(3).random(50)
    assert sum(layer.ppf(u) for layer in layers) == pytest.approx(whole.ppf(u), rel=1e-12, abs=1e-12)


@FEW
@given(BASES, s.floats(10.0, 100.0), AMOUNTS, s.floats(0.5, 9.0), AMOUNTS)
def test_a_layer_of_a_layer_pays_of_what_that_layer_pays(
    base, limit, attachment, inner_attachment, inner_limit
):
    inner = base.layer(limit, attachment).layer(inner_limit, inner_attachment)
    assert inner.base is base
    u = np.linspace(0.0, 0.9999, 60)
    paid = np.clip(base.ppf(u) - attachment, 0.0, limit)
    assert inner.ppf(u) == pytest.approx(
        np.clip(paid - inner_attachment, 0.0, inner_limit), rel=1e-10, abs=1e-10
    )


def test_a_layer_above_the_limit_of_the_layer_beneath_is_refused():
    with pytest.raises(ArgumentError) as caught:
        Exponential(1.0).layer(5.0).layer(1.0, 5.0)
    assert [fault.where for fault in caught.value.faults] == ["attachment"]


@pytest.mark.parametrize(
    ("limit", "attachment", "faults"),
    [(0.0, 0.0, 1), (-1.0, -1.0, 2), (math.nan, math.inf, 2), (1.0, math.nan, 1), ("x", 1.0, 1)],
)
def test_a_limit_or_attachment_outside_its_domain_is_refused_with_all_faults(limit, attachment, faults):
    with pytest.raises(ArgumentError) as caught:
        Layered(Exponential(1.0), limit, attachment)
    assert len(caught.value.faults) == faults


@FEW
@given(BASES, AMOUNTS, AMOUNTS, s.sampled_from([1, 2, 3]))
def test_moments_of_a_layer_are_integrals_of_the_survival_function(base, limit, attachment, power):
    law = base.layer(limit, attachment)
    d = np.array([0.0, 0.3, 0.9, 1.0, 2.0]) * limit
    expected = limited_by_quadrature(base, np.minimum(d, limit), power, attachment).value
    got = law.limited_expected_value(d, power)
    assert np.abs(got - expected).max() <= 2e-9 * expected[-1]


@pytest.mark.parametrize("power", [1, 2, 3])
@pytest.mark.parametrize("attachment", [2.0, 30.0, 300.0])
def test_a_layer_of_an_exponential_loss_has_its_closed_moments_however_remote(power, attachment):
    # Given X > a the excess is exponential again: E[min(Y, l)^k] = k! P(k, l) + l^k e^-l, with scale 1.
    law = Exponential(1.0).layer(2.0, attachment)
    limited = {
        1: 1 - math.exp(-2),
        2: 2 - 2 * math.exp(-2) * (1 + 2.0),
        3: 6 - 3 * math.exp(-2) * (2 + 2 * 2.0 + 4.0),
    }
    assert law.moment(power) == pytest.approx(math.exp(-attachment) * limited[power], rel=2e-9, abs=0)


def test_moments_that_do_not_exist_are_infinite_without_a_limit_and_finite_with_one():
    law = ParetoII(1.5, 10.0).layer(math.inf, 5.0)
    # E[max(X - a, 0)] = (scale + a) / (shape - 1) * ((scale + a) / scale)^-shape.
    assert law.mean() == pytest.approx(15.0 / 0.5 * 1.5**-1.5, rel=1e-12)
    assert law.moment(2) == math.inf
    assert law.var() == math.inf
    assert math.isfinite(ParetoII(0.8, 10.0).layer(100.0, 5.0).moment(3))


@pytest.mark.parametrize("base", [Lognormal(3.0, 1.2), Gamma(2.0, 20.0), ParetoII(2.5, 60.0)])
def test_second_differences_of_the_limited_value_are_differences_of_integrals_of_the_survival_function(base):
    law = base.layer(400.0, 15.0)
    step = 400.0 / 2**12
    nodes = step * np.arange(2**12 + 1)
    second = np.diff(law.limited_expected_value(nodes), 2)
    points, weights = np.polynomial.legendre.leggauss(8)
    x = nodes[:-1, np.newaxis] + step * (points + 1) / 2
    cells = step / 2 * law.sf(x) @ weights
    # Each limited value carries a rounding of its size; a second difference has four of them.
    assert np.abs(second - np.diff(cells)).max() < 1e-13 * base.limited_expected_value(415.0)
    assert (second < 1e-13 * base.limited_expected_value(415.0)).all()


def test_random_payments_have_the_mean_of_the_layer():
    law = Gamma(2.0, 20.0).layer(30.0, 25.0)
    drawn = law.rvs(20_000, np.random.default_rng(11))
    assert drawn.min() == 0.0
    assert drawn.max() == 30.0
    assert drawn.mean() == pytest.approx(law.mean(), abs=4 * math.sqrt(law.var() / drawn.size))
