# SPDX-License-Identifier: Apache-2.0
"""Samples put in order: margins untouched, rank correlations as asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from greenrisk.actuarial.dependence.reordering import reorder
from greenrisk.core.errors import ArgumentError

WANTED = np.array([[1.0, 0.7, -0.3], [0.7, 1.0, 0.1], [-0.3, 0.1, 1.0]])


def samples(years: int) -> np.ndarray:
    rng = np.random.default_rng(4)
    return np.column_stack(
        [rng.lognormal(10.0, 2.0, years), rng.exponential(5.0, years), rng.pareto(1.1, years)]
    )


@settings(deadline=None, max_examples=40, derandomize=True)
@given(years=st.integers(4, 60), seed=st.integers(0, 1000))
def test_each_line_keeps_its_losses_exactly(years: int, seed: int) -> None:
    given_losses = samples(years)
    before = given_losses.copy()
    found = reorder(given_losses, WANTED, np.random.default_rng(seed)).losses
    np.testing.assert_array_equal(np.sort(found, axis=0), np.sort(before, axis=0))
    np.testing.assert_array_equal(given_losses, before)


def test_the_rank_correlations_are_those_wanted() -> None:
    found = reorder(samples(5_000), WANTED, np.random.default_rng(9))
    # Normal scores have exactly the correlations of the target; ranks vary about theirs by far less than 1 / sqrt(n).
    np.testing.assert_allclose(found.rank_correlation, WANTED, atol=0.01)
    np.testing.assert_allclose(found.rank_correlation, stats.spearmanr(found.losses).statistic, rtol=1e-12)


def test_ties_are_counted_by_their_mean_rank() -> None:
    losses = samples(400)
    losses[:300, 0] = 0.0
    losses[:, 1] = np.floor(losses[:, 1])
    found = reorder(losses, WANTED, np.random.default_rng(9))
    np.testing.assert_allclose(found.rank_correlation, stats.spearmanr(found.losses).statistic, rtol=1e-12)


def test_the_order_given_does_not_matter() -> None:
    losses = samples(100)
    first = reorder(losses, WANTED, np.random.default_rng(1))
    second = reorder(losses[::-1], WANTED, np.random.default_rng(1))
    np.testing.assert_array_equal(first.losses, second.losses)


def test_a_rank_correlation_near_one_puts_the_losses_side_by_side() -> None:
    losses = samples(500)[:, :2]
    found = reorder(losses, [[1.0, 1.0 - 1e-12], [1.0 - 1e-12, 1.0]], np.random.default_rng(3)).losses
    rank = np.argsort(np.argsort(found, axis=0), axis=0)
    np.testing.assert_array_equal(rank[:, 0], rank[:, 1])


@pytest.mark.parametrize("seed", range(20))
def test_few_years_are_shuffled_until_their_scores_are_independent(seed: int) -> None:
    losses = np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]])
    found = reorder(losses, np.eye(2), np.random.default_rng(seed)).losses
    np.testing.assert_array_equal(np.sort(found, axis=0), losses)


def test_a_line_that_never_changes_has_no_rank_correlation() -> None:
    losses = samples(50)
    losses[:, 2] = 7.0
    found = reorder(losses, WANTED, np.random.default_rng(2))
    assert np.isnan(found.rank_correlation[2, :2]).all()
    assert found.rank_correlation[0, 1] == pytest.approx(0.7, abs=0.1)


def test_bad_input_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ArgumentError, match=r"(?s)rank_correlation.*shrunk\(matrix\)"):
        reorder(samples(20)[:, :2], [[1.0, 1.0], [1.0, 1.0]], rng)
    with pytest.raises(ArgumentError, match=r"losses of shape \(20, 3\)"):
        reorder(samples(20), np.eye(2), rng)
    with pytest.raises(ArgumentError, match="more rows"):
        reorder(samples(3), WANTED, rng)
    with pytest.raises(ArgumentError, match="losses"):
        reorder([[1.0, np.nan], [2.0, 3.0], [2.0, 3.0]], np.eye(2), rng)
    with pytest.raises(ArgumentError, match="losses"):
        reorder([1.0, 2.0], np.eye(2), rng)
