# SPDX-License-Identifier: Apache-2.0
"""Good and bad years of rating moves: a matrix that depends on one factor, the factor behind an observed year.

The factor is high in good years. How far a scenario's output moves it is an elasticity that needs yearly matrices and
yearly output of one country: :func:`factor_on_output` fits it where the user has both; otherwise it comes from a card.

References
----------
Belkin, B., Suchower, S. J. and Forest, L. R. (1998). A one-parameter representation of credit risk and transition
matrices. CreditMetrics Monitor, third quarter, 46-56.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr, ndtri

from greenrisk.core.card_roles import Role
from greenrisk.core.errors import Faults, FitError
from greenrisk.issuer.credit.domains import CORRELATION, FACTOR, NUMBER, Floats, checked, refuse
from greenrisk.issuer.credit.transitions import TransitionMatrix

CREDIT_CYCLE_ROLE: Final = Role(
    "credit_cycle",
    "issuer.credit_cycle",
    ("factor_on_output", "cycle_correlation"),
    units={"factor_on_output": "1/percent"},
)
"""Card: by how much the factor moves when output deviates by one percent, and the correlation of rating moves."""

_WIDEST: Final = 8.0
_LEAST_YEARS: Final = 8


def conditional_matrix(matrix: TransitionMatrix, correlation: ArrayLike, factor: ArrayLike) -> Floats:
    """Return the matrix of a year whose factor is known.

    Parameters
    ----------
    matrix : TransitionMatrix
        Average moves.
    correlation : array_like, (...)
        Share rho of the variance of a move that all issuers have in common [1, 0 to below 1].
    factor : array_like, (...)
        The factor Z [standard normal]; low is bad.

    Returns
    -------
    ndarray, (..., from, to)
        Rows sum to one; default is never left. The mean over a standard normal factor is ``matrix.shares`` [1].

    Notes
    -----
    b_ij = Phi^-1(sum of p_ik over k worse than or equal to j); P(j or worse | Z) = Phi((b_ij - sqrt(rho) Z) /
    sqrt(1 - rho)); differences give the cells.
    """
    r, z = checked(correlation=(correlation, CORRELATION), factor=(factor, FACTOR))
    bounds = _bounds(matrix)
    r, z = r[..., None, None], z[..., None, None]
    worse = ndtr((bounds - np.sqrt(r) * z) / np.sqrt(1.0 - r))
    ends = np.concatenate([worse, np.zeros((*worse.shape[:-1], 1))], axis=-1)
    out: Floats = ends[..., :-1] - ends[..., 1:]
    return out


def _bounds(matrix: TransitionMatrix) -> Floats:
    """b_ij, (from, to): the first column is +inf (any rating or worse), -inf where nobody moves that far."""
    worse = np.cumsum(matrix.shares[:, ::-1], axis=1)[:, ::-1]
    worse[:, 0] = 1.0
    out: Floats = ndtri(np.clip(worse, 0.0, 1.0))
    return out


def conditional_path(matrix: TransitionMatrix, correlation: float, factors: ArrayLike) -> Floats:
    """Return the probability of default by the end of each year of a path of factors.

    Parameters
    ----------
    matrix : TransitionMatrix
        Average moves over one year.
    correlation : float
        As in :func:`conditional_matrix`.
    factors : array_like, (..., year)
        The factor of each year.

    Returns
    -------
    ndarray, (..., from, year)
        [1].
    """
    if matrix.years != 1.0:
        raise refuse(
            "matrix", f"years = {matrix.years:g}", "A path by years needs a matrix of one year.", "year"
        )
    (z,) = checked(factors=(factors, FACTOR))
    if z.ndim == 0:
        raise refuse("factors", f"factors = {z:g}", "Its last axis must be the years: give a list.")
    moves = conditional_matrix(matrix, correlation, z)
    state, found = np.broadcast_to(np.eye(len(matrix.ratings)), moves[..., 0, :, :].shape), []
    for year in range(z.shape[-1]):
        state = state @ moves[..., year, :, :]
        found.append(state[..., -1])
    return np.stack(found, axis=-1)


def factor_of_year(
    matrix: TransitionMatrix, correlation: float, observed: ArrayLike, counts: ArrayLike
) -> float:
    """Return the factor that explains the moves of one year best.

    Parameters
    ----------
    matrix : TransitionMatrix
        Average moves.
    correlation : float
        As in :func:`conditional_matrix` [1, > 0 and < 1].
    observed : array_like, (from, to)
        Shares of the year, without those not rated any more [1]; the row of default may be left out.
    counts : array_like, (from,)
        Issuers at the begin of the year by rating [1, >= 0].

    Raises
    ------
    ArgumentError
        If shapes differ from the matrix.

    Notes
    -----
    Least squares over all cells, weighted by n_i / (m_ij (1 - m_ij)) with the cells m of the conditional matrix, as in
    the paper; cells that the average matrix gives no probability carry no weight.
    """
    count = len(matrix.ratings) - 1
    o = np.asarray(observed, dtype=np.float64)[:count]
    n = np.asarray(counts, dtype=np.float64)[:count]
    if o.shape != (count, count + 1) or n.shape != (count,):
        what = f"observed {o.shape}, counts {n.shape}"
        raise refuse(
            "observed", what, f"Expected ({count}, {count + 1}) and ({count},), as the matrix has ratings."
        )
    known = matrix.shares[:count] > 0.0

    def miss(z: float) -> float:
        m = conditional_matrix(matrix, correlation, z)[:count]
        spread = np.maximum(m * (1.0 - m), 1e-12)
        return float((n[:, None] * np.where(known, (o - m) ** 2 / spread, 0.0)).sum())

    # More than one hollow is possible far out: look along the line first.
    grid = np.linspace(-_WIDEST, _WIDEST, 65)
    best = grid[int(np.argmin([miss(float(z)) for z in grid]))]
    step = grid[1] - grid[0]
    found = minimize_scalar(
        miss, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-10}
    )
    return float(found.x)


@dataclass(frozen=True)
class CreditCycle:
    """Factors of observed years and the correlation that gives them a variance of one.

    Parameters
    ----------
    correlation : float
        rho [1].
    factors : ndarray, (year,)
        Z by year [standard normal].
    """

    correlation: float
    factors: Floats


def credit_cycle(matrix: TransitionMatrix, observed: ArrayLike, counts: ArrayLike) -> CreditCycle:
    """Return the factors of a history of yearly matrices, with the correlation at which their variance is one.

    Parameters
    ----------
    matrix : TransitionMatrix
        Average moves.
    observed : array_like, (year, from, to)
        Shares of each year [1].
    counts : array_like, (year, from)
        Issuers at the begin of each year.

    Raises
    ------
    FitError
        If there are fewer than eight years, or no correlation gives a variance of one.
    """
    o, n = np.asarray(observed, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    if len(o) < _LEAST_YEARS:
        _refuse_fit(
            f"{len(o)} years", f"A credit cycle needs {_LEAST_YEARS} years or more; use the card instead."
        )

    def factors(rho: float) -> Floats:
        return np.array([factor_of_year(matrix, rho, o[t], n[t]) for t in range(len(o))])

    def over(rho: float) -> float:
        return float(np.var(factors(rho))) - 1.0

    low, high = 1e-4, 0.6
    if over(low) < 0.0 or over(high) > 0.0:
        _refuse_fit("variance of the factors", f"No correlation from {low:g} to {high:g} makes it one.")
    rho = float(brentq(over, low, high, xtol=1e-6))
    return CreditCycle(rho, factors(rho))


@dataclass(frozen=True)
class OutputElasticity:
    """Regression of the factor on output.

    Parameters
    ----------
    slope : float
        Change of the factor for one percent of output [1/percent].
    standard_error : float
        Of the slope [1/percent].
    intercept : float
        Factor at no deviation.
    r_squared : float
        Share of the variance explained [1].
    """

    slope: float
    standard_error: float
    intercept: float
    r_squared: float


def factor_on_output(factors: ArrayLike, deviation_percent: ArrayLike) -> OutputElasticity:
    """Return the regression of yearly factors on the deviation of output in the same years.

    Parameters
    ----------
    factors : array_like, (year,)
        As of :func:`credit_cycle`.
    deviation_percent : array_like, (year,)
        Deviation of output from its path [percent].

    Raises
    ------
    FitError
        If there are fewer than eight years or output does not move.
    """
    z, x = checked(factors=(factors, FACTOR), deviation_percent=(deviation_percent, NUMBER))
    if z.ndim != 1 or z.shape != x.shape or z.size < _LEAST_YEARS:
        _refuse_fit(
            f"{z.size} years", f"Give one factor and one deviation for each of {_LEAST_YEARS} years or more."
        )
    dx = x - x.mean()
    if not dx @ dx > 0.0:
        _refuse_fit("deviation of output", "It is the same in all years: nothing can be fitted.")
    slope = float(dx @ z / (dx @ dx))
    left = z - z.mean() - slope * dx
    error = float(np.sqrt(left @ left / (z.size - 2) / (dx @ dx)))
    spread = float(((z - z.mean()) ** 2).sum())
    explained = 1.0 - float(left @ left) / spread if spread > 0.0 else 0.0
    return OutputElasticity(slope, error, float(z.mean() - slope * x.mean()), explained)


def factor_from_output(deviation_percent: ArrayLike, elasticity: ArrayLike) -> Floats:
    """Return the factor of a scenario: elasticity times the deviation of output [standard normal].

    Parameters
    ----------
    deviation_percent : array_like
        Deviation of output from its base path; a DEVIATION, never a level [percent].
    elasticity : array_like
        Factor for one percent [1/percent]; from the card of :data:`CREDIT_CYCLE_ROLE`, or fitted.
    """
    x, e = checked(deviation_percent=(deviation_percent, NUMBER), elasticity=(elasticity, NUMBER))
    out: Floats = x * e
    return out


def _refuse_fit(what: str, mend: str) -> None:
    faults = Faults()
    faults.add("credit cycle", what, mend)
    faults.raise_if_any(FitError)
