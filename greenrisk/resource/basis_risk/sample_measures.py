# SPDX-License-Identifier: Apache-2.0
"""Measures of paired years as plain functions over the last axis, so that thousands of resampled records go at once.

What they mean for a cover, and what few years cannot tell, is said in :mod:`greenrisk.resource.basis_risk.measures`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.index_cover.series import Floats

Flags = NDArray[np.bool_]


def pearson(x: Floats, y: Floats) -> Floats:
    """Return the linear correlation of two samples; NaN where one of them does not vary.

    Parameters
    ----------
    x, y : array, shape (..., years)
        Of the same years [any unit].
    """
    dx = x - x.mean(axis=-1, keepdims=True)
    dy = y - y.mean(axis=-1, keepdims=True)
    # values that differ by the rounding of their mean alone do not vary
    varies = (np.ptp(x, axis=-1) > 0) & (np.ptp(y, axis=-1) > 0)
    norm = np.sqrt((dx**2).sum(axis=-1) * (dy**2).sum(axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (dx * dy).sum(axis=-1) / norm
    return np.asarray(np.where(varies, np.clip(found, -1.0, 1.0), np.nan))


def spearman(x: Floats, y: Floats) -> Floats:
    """Return the correlation of ranks, equal values sharing the mean of their ranks; see :func:`pearson`."""
    from scipy.stats import rankdata  # slow to import, and only asked for here

    return pearson(
        np.asarray(rankdata(x, axis=-1), dtype=np.float64), np.asarray(rankdata(y, axis=-1), dtype=np.float64)
    )


def kendall(x: Floats, y: Floats) -> Floats:
    """Return Kendall's tau-b, pairs of years in the same order less pairs in the opposite one; NaN without variation.

    Parameters
    ----------
    x, y : array, shape (..., years)
        Of the same years [any unit].

    References
    ----------
    Kendall, M. G. (1945), The treatment of ties in ranking problems, Biometrika 33, 239-251 (tau-b).
    """
    from scipy.stats import kendalltau  # slow to import, and only asked for here

    rows, columns = (v.reshape(-1, v.shape[-1]) for v in (x, y))
    found = [float(kendalltau(a, b).statistic) for a, b in zip(rows, columns, strict=True)]
    return np.array(found).reshape(x.shape[:-1])


def beyond(values: Floats, level: float) -> Flags:
    """Return which years lie above the order statistic of rank ceil(level * years): none that only equals it.

    Parameters
    ----------
    values : array, shape (years,)
        [any unit]
    level : float
        Share of the years below, in (0, 1) [unitless].
    """
    rank = math.ceil(level * values.size - 1e-9)
    return np.asarray(values > np.sort(values)[rank - 1])


def worst_years(loss: Floats, most: int) -> Flags:
    """Return which years are the worst: those with the largest losses above 0, of equal ones the earlier.

    Parameters
    ----------
    loss : array, shape (years,)
        [CNY]
    most : int
        How many; fewer where fewer years had a loss.
    """
    order = np.argsort(-loss, kind="stable")[:most]
    found = np.zeros(loss.size, dtype=np.bool_)
    found[order[loss[order] > 0]] = True
    return found


def shortfall(loss: Floats, payout: Floats) -> Floats:
    """Return what a year leaves unpaid, ``(loss - payout)+`` [CNY]."""
    return np.asarray(np.maximum(loss - payout, 0.0))


def variance_reduction(loss: Floats, payout: Floats) -> Floats:
    """Return the share of the variance of the loss that the payments take away; below 0 where they add to it.

    Parameters
    ----------
    loss, payout : array, shape (..., years)
        [CNY]

    Notes
    -----
    ``1 - Var(loss - payout) / Var(loss)``, for one cover of a given size, not for the best multiple of it.
    """
    before = loss.var(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1.0 - (loss - payout).var(axis=-1) / before
    return np.asarray(np.where(np.ptp(loss, axis=-1) > 0, found, np.nan))


def exact_interval(hits: int, trials: int, coverage: float) -> tuple[float, float]:
    """Return the exact interval of a share (Clopper and Pearson), 0 to 1 without a trial.

    Parameters
    ----------
    hits, trials : int
        0 <= hits <= trials.
    coverage : float
        In (0, 1) [unitless].

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934), The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26, 404-413.
    """
    from scipy.special import betaincinv

    side = (1.0 - coverage) / 2.0
    low = 0.0 if hits == 0 else float(betaincinv(hits, trials - hits + 1, side))
    high = 1.0 if hits == trials else float(betaincinv(hits + 1, trials - hits, 1.0 - side))
    return low, high
