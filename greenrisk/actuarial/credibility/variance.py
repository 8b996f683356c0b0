# SPDX-License-Identifier: Apache-2.0
"""Variances within and between risks, and the credibility that follows: shared by all credibility models."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.labels import aligned, column_names, in_order, row_labels
from greenrisk.actuarial.reading import as_floats
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError

Floats = NDArray[np.float64]


def credibility_factor(weight: ArrayLike, within: float, between: float) -> Floats:
    """Return the credibility w / (w + within / between) of the mean of a risk.

    Parameters
    ----------
    weight : array
        Exposure of the risk, >= 0.
    within : float
        Variance of an observation of unit weight, >= 0.
    between : float
        Variance between risks, >= 0; 0: no credibility.

    Returns
    -------
    array
        [unitless], in [0, 1]; 1 where nothing varies within, 0 without weight.
    """
    w = numbers("weight", weight, least=0.0)
    inner, outer = number("within", within, least=0.0), number("between", between, least=0.0)
    if outer == 0.0:
        return np.zeros_like(w)
    return np.where(w > 0.0, outer / (outer + inner / np.where(w > 0.0, w, 1.0)), 0.0)


class Observed(NamedTuple):
    """Means and weights of risks, and the variance within them."""

    mean: Floats
    """Shape (risk,); 0 where nothing was observed."""
    weight: Floats
    """Shape (risk,)."""
    within: float
    """Variance of an observation of unit weight."""


def checked_records(ratios: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    """Return ratios and weights with 0 for both where nothing was observed, or refuse them.

    Parameters
    ----------
    ratios : array, shape (risk, period)
        Losses by unit of exposure; NaN: not observed.
    weights : array, shape (risk, period), or None
        Exposures, >= 0; 0 or NaN: not observed. None: all 1.

    Raises
    ------
    ArgumentError
        With one fault for each of the first offenders; if both are DataFrames whose rows bear other labels, or columns
        the same ones in another order.
    """
    aligned(ratios=ratios, weights=weights)
    in_order("columns of weights", column_names(weights), column_names(ratios), "those of ratios")
    x = as_floats("ratios", ratios)
    w = np.where(np.isnan(x), 0.0, 1.0) if weights is None else as_floats("weights", weights)
    if x.ndim != 2 or x.shape != w.shape:
        what = f"ratios {x.shape}, weights {w.shape}"
        raise ArgumentError(Fault("weights", what, "Two tables of one shape (risk, period) were expected."))
    faults = Faults()
    for name, table, bad, mend in (
        (
            "weights",
            w,
            (w < 0.0) | np.isinf(w),
            "It must be >= 0 and finite, or NaN where nothing was observed.",
        ),
        ("ratios", x, ~np.isfinite(x) & (w > 0.0), "It must be finite where the weight is > 0."),
    ):
        for i, j in np.argwhere(bad)[:5].tolist():
            faults.add(name, f"{name}[{i}][{j}] = {table[i, j]:g}", mend)
    faults.raise_if_any(ArgumentError)
    seen = w > 0.0
    return np.where(seen, x, 0.0), np.where(seen, w, 0.0)


def labels_of_risks(ratios: ArrayLike, weights: ArrayLike | None) -> tuple[Hashable, ...]:
    """Return the labels of the risks: of the rows of a DataFrame, or else their numbers from 0.

    Parameters
    ----------
    ratios, weights : array or DataFrame, shape (risk, period)
        As for :func:`checked_records`.

    """
    return row_labels(ratios) or row_labels(weights) or tuple(range(len(np.asarray(ratios))))


def observe(ratios: ArrayLike, weights: ArrayLike | None) -> Observed:
    """Return means and weights of risks, and the variance within them.

    Parameters
    ----------
    ratios, weights : array, shape (risk, period)
        As for :func:`checked_records`.

    Raises
    ------
    ArgumentError
        As :func:`checked_records`.
    FitError
        If fewer than two risks were observed, or none of them twice.
    """
    x, w = checked_records(ratios, weights)
    times, weight = np.count_nonzero(w, axis=1), w.sum(axis=1)
    held = times > 0
    freedom = int((times[held] - 1).sum())
    if held.sum() < 2 or freedom == 0:
        what = f"{int(held.sum())} risks with {int(times.sum())} observations"
        mend = "The variances need at least two risks, one of them observed twice."
        raise FitError(Fault("ratios", what, mend))
    mean = np.divide((w * x).sum(axis=1), weight, out=np.zeros_like(weight), where=held)
    within = float((w * (x - mean[:, None]) ** 2).sum()) / freedom
    return Observed(mean, weight, within)


def pooled_between(mean: Floats, weight: Floats, within: float, groups: Sequence[NDArray[np.int64]]) -> float:
    """Return the unbiased estimate of the variance between the members of groups, which may be negative.

    Parameters
    ----------
    mean, weight : array, shape (member,)
        Of each member.
    within : float
        Variance of a member's mean times its weight.
    groups : sequence of array of int
        Members of each group.

    Returns
    -------
    float
        0 where no group has two members.
    """
    over, under = 0.0, 0.0
    for members in groups:
        excess, room = excess_spread(mean[members], weight[members], within)
        over, under = over + excess, under + room
    return over / under if under > 0.0 else 0.0


def excess_spread(mean: Floats, weight: Floats, within: float) -> tuple[float, float]:
    """Return the spread of weighted means beyond chance, and what a unit of variance between them adds to it.

    Parameters
    ----------
    mean, weight : array, shape (member,)
        Of each member.
    within : float
        Variance of a member's mean times its weight.
    """
    total = float(weight.sum())
    around = float((weight * (mean - np.average(mean, weights=weight)) ** 2).sum())
    room = total - float((weight**2).sum()) / total
    return around - (mean.size - 1) * within, room if mean.size > 1 else 0.0


def iterative_between(
    mean: Floats, weight: Floats, within: float, groups: Sequence[NDArray[np.int64]]
) -> float:
    """Return the fixed point of Bichsel and Straub, 0 where there is none above it.

    Parameters
    ----------
    mean, weight, within, groups
        As for :func:`pooled_between`.

    Notes
    -----
    The iteration is not run: with a_i = Z_i / tau^2 its fixed point solves sum a_i (X_i - m)^2 = sum (n - 1), whose
    left side falls in tau^2.

    References
    ----------
    Bühlmann, H. and Gisler, A. (2005), A Course in Credibility Theory, Springer, chapter 4. Paule, R. C. and Mandel, J.
    (1982), Consensus values and weighting factors, J. Research of the National Bureau of Standards 87, 377-385 (the
    equation that is solved).
    """
    freedom = sum(members.size - 1 for members in groups)

    def surplus(between: float) -> float:
        spread = 0.0
        for members in groups:
            a = 1.0 / (between + within / weight[members])
            spread += float((a * (mean[members] - np.average(mean[members], weights=a)) ** 2).sum())
        return spread - freedom

    greatest = sum(float(np.ptp(mean[members]) ** 2) * members.size for members in groups if members.size)
    if freedom == 0 or greatest == 0.0 or (within > 0.0 and surplus(0.0) <= 0.0):
        return 0.0
    least = 1e-12 * greatest if within == 0.0 else 0.0
    return float(brentq(surplus, least, greatest, xtol=1e-300, rtol=1e-14))
