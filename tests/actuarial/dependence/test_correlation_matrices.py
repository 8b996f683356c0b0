# SPDX-License-Identifier: Apache-2.0
"""Correlation matrices that are refused, and the three ways to mend them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.dependence.matrices import (
    clipped,
    correlation_matrix,
    nearest_correlation,
    shrunk,
    symmetric,
)
from greenrisk.core.errors import ArgumentError, FitError

BROKEN = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])


def judged(entries: list[float]) -> np.ndarray:
    matrix = np.zeros((4, 4))
    matrix[np.triu_indices(4, 1)] = entries
    return matrix + matrix.T + np.eye(4)


matrices = st.lists(st.floats(-1.0, 1.0), min_size=6, max_size=6).map(judged)


def test_a_matrix_that_is_not_positive_definite_is_refused_with_the_mend_named() -> None:
    # Equal to -0.9 off the diagonal but for signs: eigenvalues 1 - 1.8, 1.9, 1.9.
    with pytest.raises(ArgumentError, match=r"smallest eigenvalue of m = -0\.8") as found:
        correlation_matrix("m", BROKEN)
    assert "shrunk(matrix).matrix" in str(found.value)
    assert "nearest_correlation(matrix)" in str(found.value)


def test_a_sound_matrix_is_returned_with_ones_on_its_diagonal() -> None:
    found = correlation_matrix("m", [[1.0 - 1e-13, 0.5], [0.5, 1.0 + 1e-13]])
    np.testing.assert_array_equal(found, [[1.0, 0.5], [0.5, 1.0]])


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[1.0, 0.2, 0.1], [0.2, 1.0, 0.1]], "square"),
        ([[1.0, 0.2], [0.3, 1.0]], r"m\[0\]\[1\] = 0.2, m\[1\]\[0\] = 0.3"),
        ([[1.0, 0.2], [0.2, 0.9]], r"m\[1\]\[1\] = 0.9"),
        ([[1.0, 1.2], [1.2, 1.0]], "m"),
        ([[1.0, np.nan], [np.nan, 1.0]], "m"),
        ([1.0, 0.5], "m"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused(matrix: list[object], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        correlation_matrix("m", matrix)


def test_rounding_is_no_asymmetry() -> None:
    found = symmetric("m", [[1.0, 0.3], [0.3 + 1e-15, 1.0]])
    assert found[0, 1] == found[1, 0]


@settings(deadline=None, max_examples=50, derandomize=True)
@given(matrix=matrices, least=st.sampled_from([1e-8, 1e-3, 0.2]))
def test_shrinkage_gives_a_positive_definite_matrix_and_no_more_than_is_needed(
    matrix: np.ndarray, least: float
) -> None:
    found, weight = shrunk(matrix, least)
    assert 0.0 <= weight < 1.0
    assert np.linalg.eigvalsh(found)[0] >= least - 1e-14
    np.testing.assert_allclose(found, (1.0 - weight) * matrix + weight * np.eye(4), atol=1e-15)
    if weight > 1e-6:
        less = (1.0 - 0.999 * weight) * matrix + 0.999 * weight * np.eye(4)
        assert np.linalg.eigvalsh(less)[0] < least
    else:
        assert np.linalg.eigvalsh(matrix)[0] >= least - 1e-5


def test_shrinkage_of_the_broken_matrix_is_the_closed_form() -> None:
    # Smallest eigenvalue -0.8: weight (l + 0.8) / 1.8.
    assert shrunk(BROKEN, 0.1).weight == pytest.approx(0.5, rel=1e-14)
    np.testing.assert_allclose(shrunk(BROKEN, 0.1).matrix, (BROKEN + np.eye(3)) / 2.0, rtol=1e-14)
    assert correlation_matrix("m", shrunk(BROKEN).matrix).shape == (3, 3)


def test_a_covariance_matrix_keeps_its_variances() -> None:
    scale = np.array([1.0, 50.0, 1e4])
    covariance = BROKEN * np.outer(scale, scale)
    for found in (shrunk(covariance).matrix, clipped(covariance)):
        np.testing.assert_allclose(np.diagonal(found), scale**2, rtol=1e-14)
        assert np.linalg.eigvalsh(found / np.outer(scale, scale))[0] > 0.0
    np.testing.assert_allclose(
        shrunk(covariance, 0.1).matrix / np.outer(scale, scale), (BROKEN + np.eye(3)) / 2.0
    )


@settings(deadline=None, max_examples=25, derandomize=True)
@given(matrix=matrices)
def test_each_mend_is_accepted_and_the_nearest_is_the_nearest(matrix: np.ndarray) -> None:
    least = 1e-4
    near, even, cut = (
        nearest_correlation(matrix, least, 1e-8),
        shrunk(matrix, least).matrix,
        clipped(matrix, least),
    )
    for found in (near, even, cut):
        correlation_matrix("m", found)
    distance = np.linalg.norm(near - matrix)
    assert distance <= np.linalg.norm(even - matrix) + 1e-6
    # Clipping may end with an eigenvalue below the least: only compared where it does not.
    if np.linalg.eigvalsh(cut)[0] >= least:
        assert distance <= np.linalg.norm(cut - matrix) + 1e-6


def test_the_nearest_matrix_is_the_one_published_by_higham() -> None:
    matrix = [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]
    expected = [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]
    np.testing.assert_allclose(nearest_correlation(matrix), expected, atol=5.1e-5)


def test_the_nearest_matrix_to_equal_opposites_is_the_closed_form() -> None:
    # By symmetry it stays equal off the diagonal but for signs, and singular: -1/2.
    expected = np.where(np.eye(3) > 0.0, 1.0, np.sign(BROKEN) * 0.5)
    np.testing.assert_allclose(nearest_correlation(BROKEN), expected, atol=1e-6)
    np.testing.assert_allclose(clipped(BROKEN), expected, atol=1e-6)


def test_sound_matrices_are_left_as_they_are() -> None:
    sound = np.array([[1.0, 0.4], [0.4, 1.0]])
    assert shrunk(sound).weight == 0.0
    for found in (shrunk(sound).matrix, clipped(sound), nearest_correlation(sound)):
        np.testing.assert_allclose(found, sound, rtol=1e-14)


def test_bad_input_is_refused() -> None:
    for mend in (shrunk, clipped, nearest_correlation):
        with pytest.raises(ArgumentError, match="least_eigenvalue"):
            mend(np.eye(2), 1.0)
        with pytest.raises(ArgumentError, match="symmetric"):
            mend([[1.0, 0.2], [0.4, 1.0]])
    for mend in (shrunk, clipped):
        with pytest.raises(ArgumentError, match=r"matrix\[1\]\[1\] = 0"):
            mend([[1.0, 0.0], [0.0, 0.0]])
    with pytest.raises(ArgumentError, match="tolerance"):
        nearest_correlation(np.eye(2), tolerance=0.1)


def test_projections_that_do_not_converge_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greenrisk.actuarial.dependence.matrices._MOST_ROUNDS", 2)
    with pytest.raises(FitError, match=r"no convergence in 2 projections") as found:
        nearest_correlation(BROKEN - 0.1 * (np.eye(3) == 0.0))
    assert "Raise the tolerance" in str(found.value)
