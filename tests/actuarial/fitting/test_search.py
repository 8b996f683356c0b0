# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from greenrisk.actuarial.fitting.search import climb, curvature, derivatives, polished


def bowl(points):
    # -(x - 1)^2 - 2 (y + 3)^2 - (x - 1)(y + 3): gradient nil at (1, -3), curvature [[2, 1], [1, 4]]
    x, y = points[:, 0] - 1, points[:, 1] + 3
    return 7.0 - x**2 - 2 * y**2 - x * y


def banana(points):
    x, y = points[:, 0], points[:, 1]
    return -((1 - x) ** 2) - 100 * (y - x**2) ** 2


def test_derivatives_of_a_bowl_are_its_coefficients():
    value, slope, bent = derivatives(bowl, np.array([2.0, -3.0]))
    assert value == pytest.approx(6.0)
    assert slope == pytest.approx([-2.0, -1.0], abs=1e-8)
    assert bent == pytest.approx(np.array([[2.0, 1.0], [1.0, 4.0]]), abs=1e-6)
    assert curvature(bowl, np.array([2.0, -3.0])) == pytest.approx(
        np.array([[2.0, 1.0], [1.0, 4.0]]), abs=1e-9
    )


def test_the_extrapolated_curvature_is_that_of_a_curve():
    # d2/dx2 of -e^x is -e^x
    found = curvature(lambda points: -np.exp(points[:, 0]), np.array([0.3]))
    assert found[0, 0] == pytest.approx(np.exp(0.3), rel=1e-9)


@pytest.mark.parametrize("start", [(-1.2, 1.0), (3.0, -2.0), (0.0, 5.0)])
def test_a_climb_reaches_the_top_of_rosenbrocks_banana(start):
    end = polished(banana, climb(banana, np.array(start), 1.0), 1.0)
    assert end.point == pytest.approx([1.0, 1.0], abs=1e-7)
    assert end.gain < 1e-10


def test_a_climb_leaves_a_saddle():
    # cos x has its top at 0; from just beside the bottom at pi Newton's plain step would go to the bottom.
    end = climb(lambda points: np.cos(points[:, 0]), np.array([3.0]), 1.0)
    assert abs(end.point[0]) % (2 * np.pi) == pytest.approx(0.0, abs=1e-6)


def test_a_function_that_rises_without_end_is_not_taken_for_a_summit():
    end = climb(lambda points: -np.exp(-points[:, 0]), np.array([0.0]), 1e4)
    assert end.point[0] > 15
    ramp = climb(lambda points: points[:, 0], np.array([0.0]), 1.0)
    assert ramp.gain == np.inf


def test_a_start_outside_the_domain_leads_nowhere():
    with np.errstate(invalid="ignore"):
        assert climb(lambda points: np.log(points[:, 0]) - points[:, 0], np.array([-1.0]), 1.0) is None


def test_a_climb_stays_in_the_domain():
    with np.errstate(invalid="ignore", divide="ignore"):
        end = climb(lambda points: np.log(points[:, 0]) - 3 * points[:, 0], np.array([2.5]), 1.0)
    assert end.point[0] == pytest.approx(1 / 3, rel=1e-6)
