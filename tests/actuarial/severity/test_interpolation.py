# SPDX-License-Identifier: Apache-2.0
"""Piecewise interpolation down to rounding: smooth functions, kinks, any order of points."""

import numpy as np
import pytest

from greenrisk.actuarial.severity.interpolation import interpolated


class Counted:
    """A function that counts the points at which it is taken."""

    def __init__(self, function):
        self.function, self.points = function, 0

    def __call__(self, x):
        self.points += x.size
        return self.function(x)


def test_smooth_functions_are_taken_at_few_points_and_met_to_rounding():
    smooth = Counted(lambda x: np.log1p(x) + np.sqrt(x))
    x = np.linspace(0.0, 1e5, 200_001)
    np.testing.assert_allclose(interpolated(smooth, x), np.log1p(x) + np.sqrt(x), rtol=3e-15)
    assert smooth.points < 3000


@pytest.mark.parametrize("kink", [3.0, 777.77])
def test_kinks_cost_time_and_not_accuracy(kink):
    bent = Counted(lambda x: np.minimum(x, kink))
    x = np.linspace(0.0, 1e3, 50_001)
    np.testing.assert_allclose(interpolated(bent, x), np.minimum(x, kink), rtol=3e-15)
    assert bent.points < x.size / 10


def test_noise_that_cannot_be_resolved_is_evaluated_point_by_point():
    def rough(x):
        return np.sin(1e9 * x) + 2

    x = np.linspace(1.0, 2.0, 5000)
    np.testing.assert_array_equal(interpolated(rough, x), rough(x))


def test_order_repeats_zeros_and_infinities_do_not_matter():
    x = np.concatenate([np.linspace(1.0, 50.0, 3000), [0.0, 7.0, 7.0, np.inf]])
    order = np.random.default_rng(0).permutation(x.size)
    got = interpolated(np.arctan, x[order])
    np.testing.assert_allclose(got, np.arctan(x[order]), rtol=2e-15)
    assert got[np.isinf(x[order])] == np.pi / 2


def test_few_points_are_evaluated_directly():
    counted = Counted(np.exp)
    x = np.linspace(0.1, 1.0, 50)
    np.testing.assert_array_equal(interpolated(counted, x), np.exp(x))
    assert counted.points == 50


def test_function_that_is_zero_in_a_panel_stays_zero():
    x = np.linspace(0.5, 8.0, 4000)
    got = interpolated(lambda at: np.where(at > 4.0, at, 0.0), x)
    np.testing.assert_allclose(got, np.where(x > 4.0, x, 0.0), rtol=2e-15)
