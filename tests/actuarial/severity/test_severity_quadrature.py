# SPDX-License-Identifier: Apache-2.0
"""Limited expected values by quadrature, and the error that comes with them."""

import math

import numpy as np
import pytest

from greenrisk.actuarial.severity.beta import Beta
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Gamma, Weibull
from greenrisk.actuarial.severity.mixture import Mixture
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto, ParetoII
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.core.errors import ArgumentError


@pytest.mark.parametrize(
    ("law", "mean"),
    [
        (Exponential(2.0), 2.0),
        (Weibull(0.25, 1.0), 24.0),  # Gamma(5)
        (ParetoII(1.1, 1.0), 10.0),  # 1 / (alpha - 1)
        (GeneralisedPareto(-0.7, 2.0, 1.0), 1 + 2 / 1.7),
        (Pareto(3.0, 2.0), 3.0),
        (Gamma(400.0, 1e-3), 0.4),
        (Beta(300.0, 0.4), 300 / 300.4),
    ],
)
def test_means_of_light_heavy_bounded_and_narrow_laws(law, mean):
    value, error = limited_by_quadrature(law, math.inf)
    assert value == pytest.approx(mean, rel=1e-11)
    assert error < 1e-8 * mean


def test_infinite_mean_shows_in_the_error():
    assert limited_by_quadrature(ParetoII(0.9, 1.0), math.inf) == (math.inf, math.inf)
    assert limited_by_quadrature(ParetoII(1.0, 1.0), math.inf) == (math.inf, math.inf)
    assert limited_by_quadrature(ParetoII(2.5, 1.0), math.inf, 3) == (math.inf, math.inf)


def test_jumps_are_found():
    # E[min(X, 2.5)^2] = 0.5 * 1 + 0.5 * 6.25 for X = 1 or 3; above 0.5: the layer pays 0.5 or 2 at most.
    law = Discrete([1.0, 3.0], [0.5, 0.5])
    assert limited_by_quadrature(law, 2.5, 2).value == pytest.approx(3.625, rel=1e-13)
    assert limited_by_quadrature(law, 2.0, 1, attachment=0.5).value == pytest.approx(1.25, rel=1e-13)


def test_a_kink_beside_the_end_of_a_wide_interval_is_not_overlooked():
    # S falls ten times as fast up to 1.0 as behind: the interval [0.99, 100] begins a hair before the kink, where no
    # node of the rule or of its halves lies.
    law = Mixture((0.9, 0.1), (GeneralisedPareto(-1.0, 1.0), GeneralisedPareto(-1.0, 100.0)))
    # Uniform on (0, 1) and on (0, 100): E[min(X, d)] = d - d^2 / (2 b) up to b.
    expected = [0.9 * (0.99 - 0.99**2 / 2) + 0.1 * (0.99 - 0.99**2 / 200), 0.9 * 0.5 + 0.1 * 50]
    value, error = limited_by_quadrature(law, [0.99, 100.0])
    assert value == pytest.approx(expected, rel=1e-13)
    assert (error < 1e-12).all()


def test_any_order_and_shape_of_limits():
    limits = np.array([[3.0, 0.0], [math.inf, 1.0]])
    value, error = limited_by_quadrature(Exponential(1.0), limits)
    np.testing.assert_allclose(value, -np.expm1(-limits), rtol=1e-13)
    assert error.shape == (2, 2)
    assert (error <= 1e-13).all()


def test_wrong_questions_are_refused():
    with pytest.raises(ArgumentError, match="attachment = -1"):
        limited_by_quadrature(Exponential(1.0), 1.0, attachment=-1.0)
    with pytest.raises(ArgumentError, match="power = 0"):
        limited_by_quadrature(Exponential(1.0), 1.0, 0)
