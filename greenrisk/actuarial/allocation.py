# SPDX-License-Identifier: Apache-2.0
"""Allocation of a risk measure of the total to its segments; every method adds up to the total."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.measures import tail_value_at_risk, too_few_years, value_at_risk
from greenrisk.core.errors import ArgumentError, Fault

Method = Literal["co_tail", "covariance"]
"""`co_tail`: Euler allocation of the tail value at risk; `covariance`: in proportion to the covariance with
the total."""


def co_tail_value_at_risk(losses: ArrayLike, level: float) -> NDArray[np.float64]:
    """Return the Euler contributions of the segments to the tail value at risk of the total.

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [CNY/year].
    level : float
        Probability [unitless], in (0, 1).

    Returns
    -------
    array, shape (segment,)
        Contributions [CNY/year]; they add up to :func:`greenrisk.actuarial.measures.tail_value_at_risk` of
        the total. NaN where the tail holds less than one year.

    Notes
    -----
    E[X_i w(S)] with the weight w of the tail: 1 / (1 - level) above VaR, and for the years AT VaR (the
    atom) what is left of the tail's probability, shared equally among them, so that the contributions sum
    to the coherent measure.

    References
    ----------
    Tasche, D. (1999), Risk contributions and performance measurement. Acerbi, C. and Tasche, D. (2002), On
    the coherence of expected shortfall, J. Banking & Finance 26, 1487-1503 (the atom).
    """
    x = _matrix(losses)
    total = x.sum(axis=1)
    if np.isnan(tail_value_at_risk(total, level).value):
        return np.full(x.shape[1], np.nan)
    threshold = value_at_risk(total, level)
    tail_years = x.shape[0] * (1.0 - level)
    above, at = total > threshold, total == threshold
    atom_weight = (tail_years - above.sum()) / at.sum()
    contribution: NDArray[np.float64] = (x[above].sum(axis=0) + atom_weight * x[at].sum(axis=0)) / tail_years
    return contribution


def covariance_share(losses: ArrayLike) -> NDArray[np.float64]:
    """Return each segment's share of the variance of the total, Cov(X_i, S) / Var(S).

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [CNY/year].

    Returns
    -------
    array, shape (segment,)
        Shares [unitless] that sum to 1; negative for a segment that hedges the others. Where the total does
        not vary, the shares of the mean (equal ones if that is 0 too).
    """
    x = _matrix(losses)
    deviation = x - x.mean(axis=0)
    total = deviation.sum(axis=1)
    # einsum, not @: the matrix product splits its sums by threads, and with them the last bits
    variance = float(np.einsum("y,y->", total, total))
    if variance > 0:
        return np.asarray(np.einsum("y,ys->s", total, deviation) / variance)
    mean = x.mean(axis=0)
    return mean / mean.sum() if mean.sum() > 0 else np.full(x.shape[1], 1.0 / x.shape[1])


def capital_contributions(losses: ArrayLike, level: float, method: Method = "co_tail") -> NDArray[np.float64]:
    """Return what each segment contributes to the capital of the total, its tail value at risk less its mean.

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [CNY/year].
    level : float
        Level of the tail value at risk [unitless], in (0, 1).
    method : {"co_tail", "covariance"}
        `co_tail`: co-TVaR less mean; `covariance`: in proportion to the covariance with the total.

    Returns
    -------
    array, shape (segment,)
        [CNY], summing to the capital of the total.

    Raises
    ------
    ArgumentError
        If the method is unknown, or the sample too short for the level: n * (1 - level) < 1.

    Notes
    -----
    For normal losses both agree. A segment that pays in ordinary years and not in the tail contributes a
    negative amount under `co_tail`: it is a diversifier, and it is not floored. It is never below minus its
    mean, so that the premium with a cost of capital of at most 1 is never negative; under `covariance` it can
    be.

    References
    ----------
    See :func:`co_tail_value_at_risk`; for the covariance, Overbeck, L. (2000), Allocation of economic capital
    in loan portfolios.
    """
    if method not in get_args(Method):
        raise ArgumentError(
            Fault("method", f"method = {method!r}", f"Methods: {', '.join(get_args(Method))}.", "unitless")
        )
    x = _matrix(losses)
    contribution = co_tail_value_at_risk(x, level)
    if np.isnan(contribution).any():
        raise too_few_years("losses", x.shape[0], level)
    excess = contribution - x.mean(axis=0)
    return excess if method == "co_tail" else float(excess.sum()) * covariance_share(x)


def _matrix(losses: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(losses, dtype=np.float64)
    if x.ndim != 2 or 0 in x.shape or not np.isfinite(x).all():
        raise ArgumentError(
            Fault("losses", f"shape {x.shape}", "Finite losses of shape (year, segment) were expected.")
        )
    return x
