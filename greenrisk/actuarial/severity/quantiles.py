# SPDX-License-Identifier: Apache-2.0
"""Quantiles of laws without a closed form: all at once, to full precision, memory of the order of the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Gap = Callable[[Floats, NDArray[np.intp]], tuple[Floats, Floats]]
"""Of points x and the places in the answer they belong to: (gap, slope), see :func:`inverted`."""

_MOST_STEPS = 200
_EPSILON = float(np.finfo(np.float64).eps)
_WIDENING = 4.0


def gap_below(cdf: Floats, pdf: Floats, x: Floats, p: Floats) -> tuple[Floats, Floats]:
    """Return ln(p / F(x)) and minus its slope in ln x, for quantiles in the lower part.

    Parameters
    ----------
    cdf, pdf : array, shape (n,)
        F and f at x.
    x, p : array, shape (n,)
        Points, and probabilities wanted there.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.log(p / cdf), x * pdf / cdf


def gap_above(sf: Floats, pdf: Floats, x: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Return ln(S(x) / q) and minus its slope in ln x, for quantiles in the upper part.

    Parameters
    ----------
    sf, pdf : array, shape (n,)
        S and f at x.
    x, q : array, shape (n,)
        Points, and probabilities of exceedance wanted there.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.log(sf / q), x * pdf / sf


def bracket(gap: Gap, start: Floats) -> tuple[Floats, Floats]:
    """Return low and high around the crossing of a gap, by steps of a factor of four from ``start``.

    Parameters
    ----------
    gap : callable
        See :func:`inverted`.
    start : array, shape (n,)
        > 0.
    """
    low, high = start.copy(), start.copy()
    for end, factor, side in ((low, 1 / _WIDENING, -1.0), (high, _WIDENING, 1.0)):
        active = np.arange(start.size)
        while active.size:
            value, _ = gap(end[active], active)
            active = active[(value * side > 0) & (end[active] > 0) & np.isfinite(end[active])]
            end[active] *= factor
    return low, high


def inverted(gap: Gap, low: Floats, high: Floats) -> Floats:
    """Return the least x in (low, high] at which a falling gap is no longer above 0.

    Parameters
    ----------
    gap : callable
        Of x, shape (m,), and the places in the answer, shape (m,): the gap, > 0 where x is too small, and minus its
        slope in ln x.
    low, high : array, shape (n,)
        0 <= low <= high < inf; the gap at ``high`` is <= 0.

    Notes
    -----
    Newton's steps in ln x, in a bracket; a step that leaves it, or does not halve the one before, is replaced by a
    bisection. Jumps of the law are met to the last digit by bisection.
    """
    low, high = low.copy(), high.copy()
    x = _middle(low, high)
    last = high - low
    active = np.flatnonzero(high > low)
    answer = high.copy()
    for _ in range(_MOST_STEPS):
        if not active.size:
            break
        at = x[active]
        value, slope = gap(at, active)
        small = value > 0
        low[active] = np.where(small, at, low[active])
        high[active] = np.where(small, high[active], at)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = at * np.expm1(value / slope)
        new = at + step
        settled = np.abs(step) <= 2 * _EPSILON * at
        narrow = high[active] - low[active] <= 2 * np.spacing(high[active])
        newton = (new > low[active]) & (new < high[active]) & (np.abs(step) <= last[active] / 2)
        new = np.where(newton, new, _middle(low[active], high[active]))
        answer[active] = np.where(settled & ~narrow, at, high[active])
        last[active] = np.abs(new - at)
        x[active] = new
        active = active[~(settled | narrow)]
    return answer


def _middle(low: Floats, high: Floats) -> Floats:
    """Return the arithmetic mean, or the geometric one of ends far apart."""
    with np.errstate(divide="ignore", invalid="ignore"):
        far = high > _WIDENING * low
        geometric = np.where(low > 0, np.sqrt(low) * np.sqrt(high), high / 1024)
    return np.where(far, geometric, low + (high - low) / 2)
