# SPDX-License-Identifier: Apache-2.0
"""Moves between ratings in parts of a year: the generator of a matrix, its clip, and any term.

A yearly matrix of rounded averages mostly has no exact generator: its logarithm holds small negative rates. They are
set to zero, the diagonal takes the difference, and how much that moves the yearly matrix is part of the answer.

References
----------
Israel, R. B., Rosenthal, J. S. and Wei, J. Z. (2001). Finding generators for Markov chains via empirical transition
matrices. Mathematical Finance 11(2), 245-265. doi:10.1111/1467-9965.00114. The diagonal adjustment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import expm, logm

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.domains import Domain, Floats, checked, refuse
from greenrisk.issuer.credit.transitions import TransitionMatrix


@dataclass(frozen=True)
class Generator:
    """Rates of moving between ratings.

    Parameters
    ----------
    ratings : tuple of str
        States, best first, default last.
    rates : ndarray, (from, to)
        Rates off the diagonal >= 0; rows sum to zero [1/year].
    clipped : int
        Rates that were below zero and were set to it.
    clipped_most : float
        The largest of them [1/year].
    moved_most : float
        Largest amount by which the clip moves a probability of the matrix itself [1].
    """

    ratings: tuple[str, ...]
    rates: Floats
    clipped: int
    clipped_most: float
    moved_most: float

    def after(self, term: ArrayLike) -> Floats:
        """Return the matrices after terms, (..., from, to) [1].

        Parameters
        ----------
        term : array_like, (...)
            [year, >= 0].
        """
        (t,) = checked(term=(term, Domain(0.0, np.inf, "year, >= 0")))
        out: Floats = np.maximum(expm(t[..., None, None] * self.rates), 0.0)
        return out

    def cumulative_default(self, term: ArrayLike) -> Floats:
        """Return the probability of default by the end of terms, (..., from) [1]."""
        return self.after(term)[..., -1]


def generator_of(matrix: TransitionMatrix, ledger: Ledger | None = None) -> Generator:
    """Return the generator of a matrix.

    Parameters
    ----------
    matrix : TransitionMatrix
        Of any horizon.
    ledger : Ledger, optional
        Told how many rates were clipped and how far that moves the matrix.

    Raises
    ------
    ArgumentError
        If the matrix has no real logarithm (an eigenvalue at or below zero).

    Notes
    -----
    Q = log(P) / years; q_ij = max(q_ij, 0) off the diagonal, q_ii = -sum of the others.
    """
    values = np.linalg.eigvals(matrix.shares)
    bad = values[(np.abs(values.imag) < 1e-12) & (values.real <= 0.0)]
    if bad.size:
        what = f"an eigenvalue of {bad.real.min():g}"
        raise refuse("matrix", what, "Such a matrix has no generator. Use whole years of it instead.")
    rates = np.real(logm(matrix.shares)) / matrix.years
    off = ~np.eye(len(matrix.ratings), dtype=bool)
    # What is below the rounding of the logarithm itself is no rate.
    noise = 1e-13 / matrix.years
    negative = off & (rates < -noise)
    clipped = np.where(off, np.maximum(rates, 0.0), 0.0)
    clipped[-1] = 0.0
    np.fill_diagonal(clipped, -clipped.sum(axis=1))
    moved = float(np.abs(expm(clipped * matrix.years) - matrix.shares).max())
    most = float(-rates[negative].min()) if negative.any() else 0.0
    if ledger is not None and negative.any():
        detail = (
            f"Rates of the generator below zero were set to it, the largest {most:.1e} a year; that moves a "
            f"probability of the matrix by {moved:.1e} at most."
        )
        ledger.add("clipped", "rating generator", detail, int(negative.sum()))
    return Generator(matrix.ratings, clipped, int(negative.sum()), most, moved)
