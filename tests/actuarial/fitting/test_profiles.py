# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.extreme_fit import bounded_interval
from greenrisk.actuarial.fitting.profiles import (
    fixed_coordinate,
    gradient_of,
    profile,
    profile_interval,
)
from greenrisk.core.errors import FitError

R = 0.9
Z = stats.norm.ppf(0.975)


def ridge(points):
    # l = -(a^2 - 2 r a b + b^2) / (2 (1 - r^2)): the profile of a is -a^2 / 2 whatever r, at b = r a.
    a, b = points.T
    return -(a**2 - 2 * R * a * b + b**2) / (2 * (1 - R * R))


NOUGHT = (0.0, np.zeros(1))


def test_the_profile_of_a_normal_likelihood_is_the_normal_one():
    found = profile(ridge, fixed_coordinate(0), NOUGHT, 1.7, 1.0)
    assert found.value == pytest.approx(-(1.7**2) / 2, rel=1e-12)
    assert found.point == pytest.approx([R * 1.7], rel=1e-8)
    assert bounded_interval(ridge, fixed_coordinate(0), NOUGHT, 1.0, 0.95, 1.0, "a") == pytest.approx(
        (-Z, Z), rel=1e-8
    )


@pytest.mark.parametrize("error", [0.01, 0.3, 40.0])
def test_the_first_guess_of_the_error_does_not_matter(error):
    ends = bounded_interval(ridge, fixed_coordinate(1), NOUGHT, error, 0.95, 1.0, "b")
    assert ends == pytest.approx((-Z, Z), rel=1e-8)


def test_a_quantity_that_is_no_coordinate_has_its_interval_by_a_change_of_coordinates():
    # a + b has variance 2 (1 + r).
    def whole(free, c):
        return np.column_stack([c - free[:, 0], free[:, 0]])

    reach = Z * np.sqrt(2 * (1 + R))
    ends = bounded_interval(ridge, whole, NOUGHT, 1.0, 0.95, 1.0, "a + b")
    assert ends == pytest.approx((-reach, reach), rel=1e-8)


def test_more_records_make_the_interval_shorter_as_their_root():
    ends = bounded_interval(ridge, fixed_coordinate(0), NOUGHT, 1.0, 0.95, 25.0, "a")
    assert ends == pytest.approx((-Z / 5, Z / 5), rel=1e-8)


def test_the_profile_of_a_normal_laws_mean_is_that_of_students_t():
    # n ln(1 + (m - mean)^2 / s^2) = q, with ln sigma free.
    x = np.array([1.0, 4.0, 5.0, 10.0])

    def height(points):
        mu, log_sigma = points[:, :1], points[:, 1:]
        return -(log_sigma + ((x - mu) / np.exp(log_sigma)) ** 2 / 2).mean(axis=1)

    best = (5.0, np.array([np.log(x.std())]))
    ends = bounded_interval(height, fixed_coordinate(0), best, 1.0, 0.95, 4.0, "mu")
    reach = x.std() * np.sqrt(np.expm1(stats.chi2.ppf(0.95, 1) / 4))
    assert ends == pytest.approx((5 - reach, 5 + reach), rel=1e-8)


def test_a_single_coordinate_leaves_none_free():
    # 2 n (theta - 1 - ln theta) = q for an exponential law of mean 1
    def height(points):
        return points[:, 0] - np.exp(points[:, 0])

    low, high = bounded_interval(height, fixed_coordinate(0), (0.0, np.empty(0)), 1.0, 0.9, 10.0, "rate")
    for end in (low, high):
        assert 20 * (np.exp(end) - 1 - end) == pytest.approx(stats.chi2.ppf(0.9, 1), rel=1e-8)


def test_where_the_neighbours_coordinates_do_not_fit_smaller_steps_are_taken():
    # Only the band |b - a| < 0.3 has a likelihood: from b = 0 a start at a = 5 lies outside.
    def band(points):
        a, b = points.T
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(0.3**2 - (b - a) ** 2) - a**2 / 2

    found = profile(band, fixed_coordinate(0), NOUGHT, 5.0, 1.0)
    assert found.point == pytest.approx([5.0], abs=1e-6)
    ends = bounded_interval(band, fixed_coordinate(0), NOUGHT, 10.0, 0.95, 1.0, "a")
    assert ends == pytest.approx((-Z, Z), rel=1e-8)


def test_a_profile_that_does_not_fall_is_an_error_and_tells_how_far_it_was_followed():
    def flat(points):
        return -(points[:, 1] ** 2)

    with pytest.raises(FitError, match=r"a = 0, still likely at -.*\n  Its profile likelihood does not fall"):
        bounded_interval(flat, fixed_coordinate(0), NOUGHT, 1.0, 0.95, 1.0, "a")
    low, high = profile_interval(flat, fixed_coordinate(0), NOUGHT, 1.0, 0.95, 1.0, farthest=25.0)
    assert (low.kind, high.kind) == ("endless", "endless")
    assert -25 < low.value < -10
    assert 10 < high.value < 25


def test_one_end_may_be_found_where_the_other_is_endless():
    def ramp(points):
        return -np.exp(-points[:, 0]) - points[:, 1] ** 2

    low, high = profile_interval(
        ramp, fixed_coordinate(0), (40.0, np.zeros(1)), 1.0, 0.95, 1.0, farthest=100.0
    )
    assert low.kind == "fallen"
    assert low.value == pytest.approx(-np.log(Z**2 / 2), rel=1e-8)
    assert high.kind == "endless"


def test_a_maximum_that_runs_off_along_the_profile_is_lost():
    # From a = 1 on the likelihood rises in b without end.
    def leak(points):
        a, b = points.T
        return np.where(a < 1, -(a**2) / 10 - b**2, b)

    low, high = profile_interval(leak, fixed_coordinate(0), NOUGHT, 1.0, 0.95, 1.0)
    assert low.kind == "fallen"
    assert high.kind == "lost"
    assert high.value == pytest.approx(1.0, abs=1e-3)
    assert profile(leak, fixed_coordinate(0), NOUGHT, 2.0, 1.0) is None


def test_a_gradient_is_that_of_the_formula():
    # d/dx, d/dy of e^x sin y
    at = np.array([0.4, 1.1])
    found = gradient_of(lambda point: float(np.exp(point[0]) * np.sin(point[1])), at)
    assert found == pytest.approx([np.exp(0.4) * np.sin(1.1), np.exp(0.4) * np.cos(1.1)], rel=1e-9)
