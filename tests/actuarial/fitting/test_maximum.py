# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.maximum import curvature, gradient, maximise, profile_interval
from greenrisk.core.errors import FitError


def two_hills(point):
    x = point[0]
    return -(x**4) / 4 + x**3 / 3 + x**2 - 3 * point[1] ** 2  # slope -x (x - 2) (x + 1)


def test_derivatives_are_exact():
    at = np.array([1.5, -0.7])
    assert gradient(two_hills, at) == pytest.approx([-1.5 * (-0.5) * 2.5, 4.2], rel=1e-14)
    assert curvature(two_hills, at) == pytest.approx(
        np.array([[3 * 1.5**2 - 2 * 1.5 - 2, 0], [0, 6]]), abs=1e-8
    )


def test_the_higher_of_two_hills_is_kept():
    one = maximise(two_hills, [np.array([-2.0, 1.0])], 1)
    assert one is not None
    assert one.point == pytest.approx([-1, 0], abs=1e-7)
    both = maximise(two_hills, [np.array([-2.0, 1.0]), np.array([3.0, 1.0])], 1)
    assert both is not None
    assert both.point == pytest.approx([2, 0], abs=1e-7)
    assert both.value == pytest.approx(8 / 3)


def test_a_climb_to_an_edge_is_no_maximum():
    assert maximise(lambda p: p[0] if np.real(p[0]) < 1 else -np.inf, [np.array([0.0])], 1) is None
    assert maximise(two_hills, [np.array([np.nan, 0.0])], 1) is None


def test_the_profile_interval_of_a_normal_likelihood_is_the_normal_one():
    # l = -(a^2 - 2 r a b + b^2) / (2 (1 - r^2)): the profile of a is -a^2 / 2 whatever r.
    r = 0.9

    def height(point):
        return -(point[0] ** 2 - 2 * r * point[0] * point[1] + point[1] ** 2) / (2 * (1 - r * r))

    def whole(free, c):
        return np.insert(free, 0, c)

    ends = profile_interval(height, whole, (0.0, 1.0), np.zeros(1), 0.0, 0.95, 1, "a")
    z = stats.norm.ppf(0.975)
    assert ends == pytest.approx((-z, z), rel=1e-8)


def test_a_profile_that_does_not_fall_is_an_error():
    def whole(free, c):
        return np.insert(free, 0, c)

    with pytest.raises(FitError, match="Its profile likelihood does not fall"):
        profile_interval(lambda p: -(p[1] ** 2), whole, (0.0, 1.0), np.zeros(1), 0.0, 0.95, 1, "a")
