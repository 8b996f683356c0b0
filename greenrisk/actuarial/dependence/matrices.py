# SPDX-License-Identifier: Apache-2.0
"""Correlation matrices: checked, and made positive definite where judgement or pairwise data left them short of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault, FitError

Floats = NDArray[np.float64]

_ASYMMETRY = 1e-12
_LEAST = 1e-8
"""Default least eigenvalue of what is made positive definite [unitless]."""
_MOST_ROUNDS = 20_000


class Shrinkage(NamedTuple):
    """A positive definite matrix and how far it had to be moved."""

    matrix: Floats
    """(1 - weight) A + weight diag(A), shape (line, line)."""
    weight: float
    """The least that suffices, in [0, 1]; 0: nothing was changed [unitless]."""


def correlation_matrix(name: str, matrix: ArrayLike) -> Floats:
    """Return a positive definite correlation matrix, or refuse it.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    matrix : array, shape (line, line)
        Symmetric, with ones on its diagonal [unitless].

    Raises
    ------
    ArgumentError
        If it is not square, symmetric, of unit diagonal, within [-1, 1], or not positive definite.
    """
    a = symmetric(name, matrix, least=-1.0 - _ASYMMETRY, most=1.0 + _ASYMMETRY)
    off = np.abs(np.diagonal(a) - 1.0) > _ASYMMETRY
    if off.any():
        i = int(np.argmax(off))
        raise ArgumentError(
            Fault(name, f"{name}[{i}][{i}] = {a[i, i]:g}", "The diagonal must be 1.", "unitless")
        )
    least = float(np.linalg.eigvalsh(a)[0])
    if least <= a.shape[0] * np.finfo(float).eps:
        mend = "It must be positive definite: use shrunk(matrix).matrix or nearest_correlation(matrix)."
        raise ArgumentError(Fault(name, f"smallest eigenvalue of {name} = {least:.3g}", mend, "unitless"))
    # A one that is short by a rounding error would have the arc sine 1.5e-8 short; one beyond it, none.
    np.fill_diagonal(a, 1.0)
    return a


def shrunk(matrix: ArrayLike, least_eigenvalue: float = _LEAST) -> Shrinkage:
    """Return a correlation or covariance matrix, drawn towards its diagonal no more than is needed.

    Parameters
    ----------
    matrix : array, shape (line, line)
        Symmetric, with a diagonal > 0.
    least_eigenvalue : float
        Least eigenvalue of the result, after scaling to unit diagonal, in (0, 1) [unitless].

    Returns
    -------
    Shrinkage

    Raises
    ------
    ArgumentError
        If the matrix is not square and symmetric, or its diagonal not > 0.

    Notes
    -----
    With R the matrix scaled to unit diagonal and l its smallest eigenvalue, (1 - w) R + w I has the smallest
    eigenvalue (1 - w) l + w, so that w = (least - l) / (1 - l). All correlations are reduced by the same factor
    1 - w: their signs and order stay. :func:`nearest_correlation` moves less, but not evenly.
    """
    a, scale = _scaled(matrix)
    wanted = number("least_eigenvalue", least_eigenvalue, above=0.0, below=1.0, unit="unitless")
    least = float(np.linalg.eigvalsh(a)[0])
    weight = 0.0 if least >= wanted else (wanted - least) / (1.0 - least)
    shrunken = (1.0 - weight) * a
    np.fill_diagonal(shrunken, 1.0)
    return Shrinkage(shrunken * np.outer(scale, scale), weight)


def clipped(matrix: ArrayLike, least_eigenvalue: float = _LEAST) -> Floats:
    """Return a matrix whose small eigenvalues were raised to a least one, scaled back to its diagonal.

    Parameters
    ----------
    matrix : array, shape (line, line)
        Symmetric, with a diagonal > 0.
    least_eigenvalue : float
        To which eigenvalues of the matrix of unit diagonal are raised, in (0, 1) [unitless]. Scaling back changes
        eigenvalues again, by no more than the factors of the scaling.

    Returns
    -------
    array, shape (line, line)
        Positive definite, with the diagonal of the argument.
    """
    a, scale = _scaled(matrix)
    raised = _raised(a, number("least_eigenvalue", least_eigenvalue, above=0.0, below=1.0, unit="unitless"))
    return _of_unit_diagonal(raised) * np.outer(scale, scale)


def nearest_correlation(
    matrix: ArrayLike, least_eigenvalue: float = _LEAST, tolerance: float = 1e-10
) -> Floats:
    """Return the correlation matrix nearest to a symmetric one, in the sum of squared differences.

    Parameters
    ----------
    matrix : array, shape (line, line)
        Symmetric.
    least_eigenvalue : float
        Least eigenvalue of the result, in (0, 1) [unitless].
    tolerance : float
        Relative distance of the two last projections at which it stops, in (0, 1e-3] [unitless].

    Returns
    -------
    array, shape (line, line)
        Positive definite, of unit diagonal.

    Raises
    ------
    FitError
        If the projections do not converge.

    Notes
    -----
    Alternating projections onto the matrices with eigenvalues >= ``least_eigenvalue`` and onto those of unit diagonal,
    with Dykstra's correction for the first.

    References
    ----------
    Higham, N. J. (2002), Computing the nearest correlation matrix - a problem from finance, IMA Journal of Numerical
    Analysis 22, 329-343.
    """
    y = symmetric("matrix", matrix)
    least = number("least_eigenvalue", least_eigenvalue, above=0.0, below=1.0, unit="unitless")
    limit = number("tolerance", tolerance, above=0.0, most=1e-3, unit="unitless")
    correction = np.zeros_like(y)
    for _ in range(_MOST_ROUNDS):
        moved = y - correction
        x = _raised(moved, least)
        correction = x - moved
        y = x.copy()
        np.fill_diagonal(y, 1.0)
        if np.linalg.norm(y - x) <= limit * np.linalg.norm(y):
            return _of_unit_diagonal(x)
    mend = "Raise the tolerance, or use shrunk(matrix)."
    raise FitError(Fault("matrix", f"no convergence in {_MOST_ROUNDS:,} projections", mend))


def symmetric(name: str, matrix: ArrayLike, least: float = -np.inf, most: float = np.inf) -> Floats:
    """Return a square matrix that is symmetric but for rounding, made exactly so, or refuse it.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    matrix : array, shape (line, line)
        Finite.
    least, most : float
        Bounds of its entries.

    Raises
    ------
    ArgumentError
        If it is not square, not symmetric, or out of bounds.
    """
    a = numbers(name, matrix, least=least, most=most, dimensions=2, fewest=1)
    if a.shape[0] != a.shape[1]:
        raise ArgumentError(Fault(name, f"{name} of shape {a.shape}", "A square matrix was expected."))
    difference = np.abs(a - a.T)
    if float(difference.max()) > _ASYMMETRY * max(float(np.abs(a).max()), 1.0):
        i, j = np.unravel_index(int(np.argmax(difference)), a.shape)
        what = f"{name}[{i}][{j}] = {a[i, j]:g}, {name}[{j}][{i}] = {a[j, i]:g}"
        raise ArgumentError(Fault(name, what, "It must be symmetric."))
    return (a + a.T) / 2.0


def _scaled(matrix: ArrayLike) -> tuple[Floats, Floats]:
    a = symmetric("matrix", matrix)
    diagonal = np.diagonal(a)
    if (diagonal <= 0.0).any():
        i = int(np.argmax(diagonal <= 0.0))
        raise ArgumentError(
            Fault("matrix", f"matrix[{i}][{i}] = {diagonal[i]:g}", "The diagonal must be > 0.")
        )
    scale = np.sqrt(diagonal)
    unit = a / np.outer(scale, scale)
    np.fill_diagonal(unit, 1.0)
    return unit, scale


def _raised(a: Floats, least: float) -> Floats:
    values, vectors = np.linalg.eigh(a)
    raised = (vectors * np.maximum(values, least)) @ vectors.T
    return np.asarray((raised + raised.T) / 2.0)


def _of_unit_diagonal(a: Floats) -> Floats:
    scale = np.sqrt(np.diagonal(a))
    unit = np.asarray(a / np.outer(scale, scale))
    np.fill_diagonal(unit, 1.0)
    return unit
