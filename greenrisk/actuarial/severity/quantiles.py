# SPDX-License-Identifier: Apache-2.0
"""Quantiles of laws without a closed form: all at once, to full precision, memory of the order of the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.severity.law import Severity

Floats = NDArray[np.float64]
Gap = Callable[[Floats, NDArray[np.intp]], tuple[Floats, Floats]]
"""Of points x and the places in the answer they belong to: (gap, slope), see :func:`inverted`."""

_MOST_STEPS = 200
_EPSILON = float(np.finfo(np.float64).eps)
_ROUNDING = 4 * _EPSILON
"""What the law's own probabilities may be off, relative."""
_WIDENING = 4.0
_FEWEST_KNOTS, _MOST_KNOTS = 16, 2048
_SMALLEST_PART = 1e-12
_GREATEST = float(np.finfo(np.float64).max)


def quantiles(
    severity: Severity,
    p: Floats,
    q: Floats,
    least: Callable[[float, float], float],
    greatest: Callable[[float, float], float],
) -> Floats:
    """Return inf{x : F(x) >= p}, by the smaller of p and q = 1 - p, for a law with cdf, sf, pdf and atoms.

    Parameters
    ----------
    severity : Severity
        The law.
    p, q : array
        In [0, 1], with sum 1: whichever is small keeps its digits [unitless].
    least, greatest : callable
        Of one p and q: a loss not above, not below the quantile.

    Notes
    -----
    The law is evaluated once on a grid between the extreme quantiles, so that each quantile starts from a narrow
    bracket; see :func:`inverted`.
    """
    shape = p.shape
    p, q = p.ravel(), q.ravel()
    answer = np.empty(p.size)
    low_end, high_end = p <= 0, q <= 0
    if low_end.any():
        answer[low_end] = least(0.0, 1.0)
    if high_end.any():
        answer[high_end] = greatest(1.0, 0.0)
    inner = np.flatnonzero(~(low_end | high_end))
    if not inner.size:
        return answer.reshape(shape)[()]
    p, q = p[inner], q[inner]
    by_survival = q < p
    # Never 1 - q or 1 - p: beyond 1e-16 they are all the same, and the outermost would not be known.
    first = np.argmax(q) if by_survival.all() else np.argmin(np.where(by_survival, np.inf, p))
    last = np.argmin(np.where(by_survival, q, np.inf)) if by_survival.any() else np.argmax(p)
    bottom = least(float(p[first]), float(q[first]))
    top = min(greatest(float(p[last]), float(q[last])) * (1 + 4 * _EPSILON), _GREATEST)
    grid = _grid(bottom, top, int(np.clip(inner.size, _FEWEST_KNOTS, _MOST_KNOTS)))
    below, above = severity.cdf(grid), severity.sf(grid)
    place = np.where(
        by_survival,
        grid.size - np.searchsorted(above[::-1], q * (1 + _ROUNDING), side="right"),
        np.searchsorted(below, p * (1 - _ROUNDING), side="left"),
    )
    before, after = np.maximum(place - 1, 0), np.minimum(place, grid.size - 1)
    low, high = grid[before], grid[after]
    with np.errstate(divide="ignore", invalid="ignore"):
        # Between two knots ln F, or ln S, is nearly straight in ln x.
        known = np.where(by_survival, np.log(above[[before, after]]), np.log(below[[before, after]]))
        share = (np.log(np.where(by_survival, q, p)) - known[0]) / (known[1] - known[0])
        start = low * (high / low) ** share

    def gap(x: Floats, at: NDArray[np.intp]) -> tuple[Floats, Floats]:
        upper = by_survival[at]
        pdf = severity.pdf(x)
        value, slope = np.empty_like(x), np.empty_like(x)
        if upper.any():
            value[upper], slope[upper] = gap_above(severity.sf(x[upper]), pdf[upper], x[upper], q[at[upper]])
        if not upper.all():
            lower = ~upper
            value[lower], slope[lower] = gap_below(severity.cdf(x[lower]), pdf[lower], x[lower], p[at[lower]])
        return value, slope

    solved = inverted(gap, low, high, start)
    atoms = severity.atoms().points
    if atoms.size:
        nearest = np.clip(np.searchsorted(atoms, solved), 1, atoms.size) - 1
        for place in (nearest, np.minimum(nearest + 1, atoms.size - 1)):
            hit = np.abs(solved - atoms[place]) <= 4 * _EPSILON * np.abs(solved)
            solved = np.where(hit, atoms[place], solved)
    answer[inner] = solved
    return answer.reshape(shape)[()]


def _grid(bottom: float, top: float, count: int) -> Floats:
    """Return ascending points from bottom to top, at equal ratios; 0 is one of them if it is the bottom."""
    start = max(bottom, top * _SMALLEST_PART)
    if not start < top:
        return np.array([bottom, top])
    points = start * np.exp(np.linspace(0.0, np.log(top) - np.log(start), count))
    points[0], points[-1] = bottom, top
    return points


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


def inverted(gap: Gap, low: Floats, high: Floats, start: Floats | None = None) -> Floats:
    """Return the least x in (low, high] at which a falling gap is no longer above 0.

    Parameters
    ----------
    gap : callable
        Of x, shape (m,), and the places in the answer, shape (m,): the gap, > 0 where x is too small, and minus its
        slope in ln x.
    low, high : array, shape (n,)
        0 <= low <= high < inf; the gap at ``high`` is <= 0.
    start : array, shape (n,), optional
        Where to begin; what is no number between low and high is replaced by their middle.

    Notes
    -----
    Newton's steps in ln x, in a bracket; a step that leaves it, or does not halve the one before, is replaced by a
    bisection. Jumps of the law are met to the last digit by bisection.
    """
    low, high = low.copy(), high.copy()
    x = _middle(low, high)
    if start is not None:
        x = np.where((start > low) & (start < high), start, x)
    last = high - low
    active = np.flatnonzero(high > low)
    answer = high.copy()
    for _ in range(_MOST_STEPS):
        if not active.size:
            break
        at = x[active]
        value, slope = gap(at, active)
        # On a stretch without losses every point reaches the same probability: the least one is looked for.
        level = (np.abs(value) <= _ROUNDING) & (slope == 0)
        small = (value > 0) & ~level
        low[active] = np.where(small, at, low[active])
        high[active] = np.where(small, high[active], at)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = at * np.expm1(value / slope)
        new = at + step
        # A gap of a few roundings is all that the law itself can tell.
        settled = ((np.abs(step) <= 2 * _EPSILON * at) | (np.abs(value) <= _ROUNDING)) & ~level
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
