# SPDX-License-Identifier: Apache-2.0
"""Samples of several lines put in an order that gives them a rank correlation: no loss is changed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.dependence.matrices import correlation_matrix
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_MOST_SHUFFLES = 100
_LEAST_EIGENVALUE = 1e-6
"""Of the correlations of shuffled scores, below which they count as linearly dependent [unitless]."""


class Reordered(NamedTuple):
    """Samples in their new order, and what it makes of them."""

    losses: Floats
    """Shape (year, line): each column holds the values of the same column given."""
    rank_correlation: Floats
    """Spearman's rank correlations of the new order, shape (line, line) [unitless]; ties by their mean rank.

    nan for a line whose losses are all alike: it has no rank correlation."""


def reorder(losses: ArrayLike, rank_correlation: ArrayLike, rng: np.random.Generator) -> Reordered:
    """Return samples of several lines in an order of a given rank correlation (Iman and Conover).

    Parameters
    ----------
    losses : array, shape (year, line)
        Samples of each line, in any order; more years than lines, two lines at least.
    rank_correlation : array, shape (line, line)
        Spearman's rank correlations wanted, positive definite [unitless].
    rng : numpy.random.Generator
        Shuffles the scores.

    Returns
    -------
    Reordered

    Raises
    ------
    ArgumentError
        If the matrix is no positive definite correlation matrix, or the shapes do not fit.

    Notes
    -----
    Normal scores, shuffled column by column, are made to have exactly the correlations 2 sin(pi rho / 6), at which
    normal variables have the rank correlations rho; each sample is then given the ranks of its scores. The original
    method targets rho itself, so that its rank correlations fall short by up to 0.018.

    References
    ----------
    Iman, R. L. and Conover, W. J. (1982), A distribution-free approach to inducing rank correlation among input
    variables, Communications in Statistics - Simulation and Computation 11, 311-334.
    """
    samples = numbers("losses", losses, dimensions=2)
    years, lines = samples.shape
    rank = correlation_matrix("rank_correlation", rank_correlation)
    if rank.shape[0] != lines or lines < 2 or years <= lines:
        mend = f"For {rank.shape[0]} lines, as many columns and more rows than that were expected, two lines at least."
        raise ArgumentError(Fault("losses", f"losses of shape {samples.shape}", mend))
    target = correlation_matrix("2 sin(pi rank_correlation / 6)", 2.0 * np.sin(math.pi / 6.0 * rank))
    scores = special.ndtri(np.arange(1, years + 1) / (years + 1.0))
    shuffled = _shuffled(scores, lines, rng)
    found = np.linalg.cholesky(np.corrcoef(shuffled, rowvar=False))
    # Rows times (L_target L_found^-1)^T have the correlations of the target exactly.
    wanted = shuffled @ np.linalg.solve(found.T, np.linalg.cholesky(target).T)
    order = np.argsort(np.argsort(wanted, axis=0, kind="stable"), axis=0, kind="stable")
    placed = np.take_along_axis(np.sort(samples, axis=0), order, axis=0)
    ranks = np.column_stack([_mean_ranks(column) for column in placed.T])
    with np.errstate(invalid="ignore", divide="ignore"):
        achieved = np.asarray(np.corrcoef(ranks, rowvar=False))
    return Reordered(placed, achieved)


def _shuffled(scores: Floats, lines: int, rng: np.random.Generator) -> Floats:
    # Of few years, columns may come out in the same or the opposite order: no correlations can be given to those.
    for _ in range(_MOST_SHUFFLES):
        shuffled = np.column_stack([rng.permutation(scores) for _ in range(lines)])
        if np.linalg.eigvalsh(np.corrcoef(shuffled, rowvar=False))[0] > _LEAST_EIGENVALUE:
            return shuffled
    mend = f"{scores.size} years are too few to be put in order for {lines} lines: give more years."
    raise ArgumentError(Fault("losses", f"losses of {scores.size} years and {lines} lines", mend))


def _mean_ranks(column: Floats) -> Floats:
    _, place, count = np.unique(column, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[place])
