# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from greenrisk.actuarial.fitting.search import climb, curvature, derivatives, highest, polished


def bowl(points):
    # -(x - 1)^2 - 2 (y + 3)^2 - (x - 1)(y + 3): gradient nil at (1, -3), curvature [[2, 1], [1, 4]]
    x, y = points[:, 0] - 1, points[:, 1] + 3
    return 7.0 - x**2 - 2 * y**2 - x * y


def banana(points):
    x, y = points[:, 0], points[:, 1]
    return -((1 - x) ** 2) - 100 * (y - x**2) ** 2


def two_hills(points):
    x = points[:, 0]
    return -(x**4) / 4 + x**3 / 3 + x**2 - 3 * points[:, 1] ** 2  # slope -x (x - 2) (x + 1)


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


def test_derivatives_of_two_hills_are_those_of_their_polynomial():
    at = np.array([1.5, -0.7])
    _, slope, _ = derivatives(two_hills, at)
    assert slope == pytest.approx([-1.5 * (-0.5) * 2.5, 4.2], rel=1e-7)
    assert curvature(two_hills, at) == pytest.approx(
        np.array([[3 * 1.5**2 - 2 * 1.5 - 2, 0], [0, 6]]), abs=1e-8
    )


def test_the_curvature_of_a_normal_law_is_its_information():
    # At the maximum, in (mu, ln sigma): 1 / sigma^2 and 2 a record, nothing between.
    x = np.array([1.0, 4.0, 5.0, 10.0])

    def height(points):
        mu, log_sigma = points[:, :1], points[:, 1:]
        return -(log_sigma + ((x - mu) / np.exp(log_sigma)) ** 2 / 2).mean(axis=1)

    top = highest(height, [np.array([3.0, 0.5])], 4.0)
    assert top.point == pytest.approx([5.0, np.log(x.std())], rel=1e-10)
    assert curvature(height, top.point) == pytest.approx(np.diag([1 / x.var(), 2.0]), abs=1e-8)


def test_the_higher_of_two_hills_is_kept():
    one = highest(two_hills, [np.array([-2.0, 1.0])], 1.0)
    assert one.point == pytest.approx([-1, 0], abs=1e-7)
    both = highest(two_hills, [np.array([-2.0, 1.0]), np.array([3.0, 1.0])], 1.0)
    assert both.point == pytest.approx([2, 0], abs=1e-7)
    assert both.value == pytest.approx(8 / 3, rel=1e-14)


def test_a_climb_to_an_edge_is_no_maximum_though_it_is_higher():
    def cliff(points):
        x = points[:, 0]
        return np.where(x < 5, np.where(x < 2, -((x - 1) ** 2), x), -np.inf)

    assert highest(cliff, [np.array([3.0])], 1.0) is None
    assert highest(cliff, [np.array([3.0]), np.array([0.0])], 1.0).point == pytest.approx([1.0], abs=1e-9)
    assert highest(two_hills, [np.array([np.nan, 0.0])], 1.0) is None
    assert highest(two_hills, [], 1.0) is None


def test_a_point_without_coordinates_is_its_own_summit():
    end = climb(lambda points: np.full(len(points), 3.0), np.empty(0), 1.0)
    assert (end.value, end.gain, end.is_maximum) == (3.0, 0.0, True)


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


def test_next_to_an_edge_the_differences_become_narrower():
    # ln x / 2 - 500 x: top at 0.001, curvature 1 / (2 x^2) = 500 000, nothing below 0.
    def hook(points):
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(points[:, 0]) / 2 - 500 * points[:, 0]

    end = climb(hook, np.array([0.01]), 1e3)
    assert end.is_maximum
    assert polished(hook, end, 1e3).point == pytest.approx([1e-3], rel=1e-8)
    assert curvature(hook, np.array([1e-3])) == pytest.approx(np.array([[5e5]]), rel=1e-6)
    assert curvature(hook, np.array([1e-2])) == pytest.approx(np.array([[5e3]]), rel=1e-6)
