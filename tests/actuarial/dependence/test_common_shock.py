# SPDX-License-Identifier: Apache-2.0
"""Common shocks against their covariances, their generating function, and their own draws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.dependence.common_shock import CommonShock
from greenrisk.core.errors import ArgumentError

YEARS = 20_000
MODEL = CommonShock(np.array([2.0, 0.5, 1.5]), np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.2, 0.6, 0.0]]))


def test_means_and_covariances_are_sums_over_shocks() -> None:
    np.testing.assert_allclose(MODEL.mean(), [2.0 + 0.5 + 0.3, 0.5 + 0.9, 0.5], rtol=1e-15)
    first_second = 0.5 + 1.5 * 0.2 * 0.6
    expected = [[2.8, first_second, 0.5], [first_second, 1.4, 0.5], [0.5, 0.5, 0.5]]
    np.testing.assert_allclose(MODEL.covariance(), expected, rtol=1e-14)


def test_each_line_alone_is_poisson() -> None:
    z = np.array([0.0, 0.3, 1.0])
    for line in range(3):
        law = MODEL.marginal(line)
        assert law.mean() == pytest.approx(MODEL.mean()[line], rel=1e-15)
        others = np.insert(np.ones((3, 2)), line, z, axis=1)
        np.testing.assert_allclose(MODEL.pgf(others), np.exp(MODEL.mean()[line] * (z - 1.0)), rtol=1e-14)


def test_the_generating_function_holds_the_covariances() -> None:
    h = 1e-4
    for i, j in ((0, 1), (0, 2), (1, 2)):
        mixed = 0.0
        for a in (-1.0, 1.0):
            for b in (-1.0, 1.0):
                z = np.ones(3)
                z[i] += a * h
                z[j] += b * h
                mixed += a * b * MODEL.pgf(z) / (4.0 * h * h)
        product = MODEL.mean()[i] * MODEL.mean()[j]
        assert mixed - product == pytest.approx(MODEL.covariance()[i, j], rel=1e-5)


def test_the_generating_function_at_zero_is_the_chance_of_no_loss_at_all() -> None:
    none_of_third = (1.0 - 0.2) * (1.0 - 0.6)
    expected = math.exp(-2.0 - 0.5 - 1.5 * (1.0 - none_of_third))
    assert MODEL.pgf(np.zeros(3)) == pytest.approx(expected, rel=1e-14)
    assert MODEL.pgf(np.exp(0.3j) * np.ones((4, 3))).shape == (4,)


def test_draws_have_the_stated_moments() -> None:
    counts = MODEL.rvs(YEARS, np.random.default_rng(7))
    assert counts.shape == (YEARS, 3)
    assert counts.dtype == np.int64
    centred = counts - MODEL.mean()
    assert (np.abs(centred.mean(axis=0)) < 4.0 * np.sqrt(MODEL.mean() / YEARS)).all()
    products = centred[:, :, np.newaxis] * centred[:, np.newaxis, :]
    error = products.std(axis=0) / math.sqrt(YEARS)
    assert (np.abs(products.mean(axis=0) - MODEL.covariance()) < 4.0 * error).all()
    none = (counts == 0).all(axis=1).mean()
    expected = float(MODEL.pgf(np.zeros(3)))
    assert abs(none - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / YEARS)


def test_a_shock_that_surely_hits_every_line_gives_them_the_same_number() -> None:
    counts = CommonShock(np.array([3.0]), np.ones((1, 4))).rvs(200, np.random.default_rng(2))
    assert (counts == counts[:, :1]).all()


@settings(deadline=None, max_examples=40, derandomize=True)
@given(shared=st.lists(st.floats(0.0, 2.0), min_size=3, max_size=3), own=st.floats(0.0, 3.0))
def test_covariances_that_pairs_can_make_are_met(shared: list[float], own: float) -> None:
    c = np.zeros((3, 3))
    c[np.triu_indices(3, 1)] = shared
    c += c.T
    np.fill_diagonal(c, c.sum(axis=1) + own + 0.01)
    model = CommonShock.from_covariance(c)
    np.testing.assert_allclose(model.covariance(), c, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(model.mean(), np.diagonal(c), rtol=1e-12)


def test_lines_with_nothing_of_their_own_are_allowed() -> None:
    c = np.full((2, 2), 0.7)
    np.testing.assert_allclose(CommonShock.from_covariance(c).covariance(), c, rtol=1e-15)


def test_covariances_that_no_pairs_make_are_refused_with_the_way_out() -> None:
    with pytest.raises(ArgumentError, match=r"(?s)covariance\[0\]\[1\] = -0.1.*use a copula"):
        CommonShock.from_covariance([[1.0, -0.1], [-0.1, 1.0]])
    with pytest.raises(ArgumentError, match=r"covariances of line 0 add up to 1\.2") as found:
        CommonShock.from_covariance([[1.0, 0.6, 0.6], [0.6, 2.0, 0.1], [0.6, 0.1, 2.0]])
    assert "more than two lines" in str(found.value)
    with pytest.raises(ArgumentError, match="symmetric"):
        CommonShock.from_covariance([[1.0, 0.2], [0.1, 1.0]])
    with pytest.raises(ArgumentError, match="square"):
        CommonShock.from_covariance([[1.0, 0.2]])


@pytest.mark.parametrize("mean", [0.0, -1.0])
def test_a_mean_that_is_not_positive_is_refused(mean: float) -> None:
    with pytest.raises(ArgumentError, match=r"covariance\[1\]\[1\]"):
        CommonShock.from_covariance([[1.0, 0.0], [0.0, mean]])


def test_bad_input_is_refused_all_at_once() -> None:
    with pytest.raises(ArgumentError, match="rates") as both:
        CommonShock(np.array([-1.0]), np.array([[1.5]]))
    assert "hits" in str(both.value)
    with pytest.raises(ArgumentError, match="One row for each of the 2 shocks"):
        CommonShock(np.array([1.0, 2.0]), np.ones((1, 2)))
    with pytest.raises(ArgumentError, match="There are 3 lines"):
        MODEL.marginal(3)
    with pytest.raises(ArgumentError, match="line"):
        MODEL.marginal(-1)


def test_a_model_does_not_follow_later_changes_of_its_arguments() -> None:
    rates, hits = np.array([1.0]), np.ones((1, 2))
    model = CommonShock(rates, hits)
    rates[0], hits[0, 0] = 9.0, 0.0
    np.testing.assert_array_equal(model.mean(), [1.0, 1.0])


@pytest.mark.parametrize(
    ("z", "told"),
    [([0.5, math.nan, 1.0], "z = nan"), ([0.5], r"z of shape \(1,\)"), (0.5, r"z of shape \(\)")],
)
def test_a_generating_function_takes_one_point_a_line_and_no_nan(z, told) -> None:
    with pytest.raises(ArgumentError, match=told):
        MODEL.pgf(z)
