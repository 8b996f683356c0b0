# SPDX-License-Identifier: Apache-2.0
"""Very many losses a year, and very few: closed forms, and errors that are stated as large as they are.

A geometric number of exponential losses is exponential but for its atom at nought: P(S > x) = q exp(-x / m),
q = K / (1 + K), m = scale (1 + K), K the expected number.
"""

import math

import numpy as np
import pytest

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.distortion.functions import ProportionalHazard
from greenrisk.actuarial.distortion.pricing import price
from greenrisk.actuarial.frequency.counts import Binomial, NegativeBinomial, Poisson
from greenrisk.actuarial.layers.layer import Layer
from greenrisk.actuarial.layers.pricing import layer_price
from greenrisk.actuarial.severity.families import Exponential
from greenrisk.actuarial.severity.pareto_families import ParetoII

LEVELS = (0.9, 0.99, 0.999, 0.9999)


def geometric(expected, scale=1e4):
    return CompoundDistribution(NegativeBinomial(1.0, expected), Exponential(scale))


@pytest.mark.parametrize(
    ("expected", "rtol"),
    [
        *((k, 1e-6) for k in (0.01, 30.0, 3000.0, 1e4, 1e5, 1e6)),
        *((k, 1e-8) for k in (0.01, 30.0, 3000.0, 1e5)),
    ],
)
def test_a_geometric_number_of_exponential_losses_is_exponential(expected, rtol):
    loss = geometric(expected).aggregate(rtol)
    q, m = expected / (1 + expected), 1e4 * (1 + expected)
    assert loss.error.converged
    for level in LEVELS:
        tail = 1 - level
        exact = max(-m * math.log(tail / q), 0.0)
        exact_tail = exact + (m if exact > 0 else m * q / tail)
        at, beyond = loss.value_at_risk(level), loss.tail_value_at_risk(level)
        # Beyond 0.999 nothing is promised but an honest error; rounding is that of expected / 1e6 * 1e-9.
        wanted = max(2 * rtol, 1e-14 * expected / tail) if level <= 0.999 else 1e-5
        assert abs(at.value - exact) <= min(at.error, wanted * exact) + 1e-12 * m
        assert abs(beyond.value - exact_tail) <= min(beyond.error, wanted * exact_tail) + 1e-12 * m


def test_layers_and_prices_of_overdispersed_years_are_their_closed_forms():
    expected = 3000.0
    q, m = expected / (1 + expected), 1e4 * (1 + expected)
    loss = geometric(expected).aggregate()
    hazard = price(loss, ProportionalHazard(0.5))
    assert hazard.value == pytest.approx(q**0.5 * 2 * m, rel=1e-5)
    start, limit = 1.5e8, 2e8
    exact = q * m * (math.exp(-start / m) - math.exp(-(start + limit) / m))
    layer = Layer(math.inf, 0.0, annual_attachment=start, annual_limit=limit)
    assert layer_price(geometric(expected), layer).expected_loss.value == pytest.approx(exact, rel=3e-6)
    direct = geometric(expected).aggregate(annual_attachment=start, annual_limit=limit)
    assert direct.mean() == pytest.approx(exact, rel=3e-6)


def test_the_distribution_function_of_many_losses_never_exceeds_one():
    for shape, mean in ((0.5, 1e4), (2.0, 1e3), (0.8, 1e4), (4.0, 2e4)):
        loss = CompoundDistribution(NegativeBinomial(shape, mean / shape), Exponential(1.0)).aggregate()
        assert (loss.fine.law.ends + loss.fine.law.atoms_up_to).max() <= 1.0 + 1e-9


@pytest.mark.parametrize("rate", [2e-4, 1e-3])
def test_a_rare_loss_is_resolved_where_it_happens(rate):
    severity = ParetoII(1.3, 4e4)
    loss = CompoundDistribution(Binomial(1, rate), severity).aggregate()
    for within in (0.9, 0.99, 0.999):
        level = 1 - (1 - within) * rate
        found = loss.value_at_risk(level)
        exact = float(severity.isf(1 - within))
        assert found.value == pytest.approx(exact, rel=3e-6)
        assert abs(found.value - exact) <= found.error


def test_the_tail_of_years_without_loss_holds_the_whole_mean():
    loss = CompoundDistribution(Poisson(1e-3), ParetoII(1.3, 4e4)).aggregate()
    for level in (0.5, 0.99, 0.999):
        tail = loss.tail_value_at_risk(level)
        assert tail.value == pytest.approx(1e-3 * 4e4 / 0.3 / (1 - level), rel=1e-13)
        assert tail.error == 0.0


def test_a_finer_tolerance_refines_the_law_of_rare_losses():
    sizes = [
        CompoundDistribution(Poisson(1e-3), ParetoII(1.3, 4e4)).aggregate(rtol).error.size
        for rtol in (1e-4, 1e-6, 1e-8)
    ]
    assert np.all(np.diff(sizes) > 0)
