# SPDX-License-Identifier: Apache-2.0
"""Newton's search for the maximum of a smooth function of a few numbers, by differences of its values alone.

No law is named here: the severities and the laws of extremes give their likelihoods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
"""Values, shape (point,), at points of shape (point, k)."""

_STEPS = (1e-4, 1e-5, 1e-6)
"""Differences; the smaller where the larger leaves the domain, or leads no further near its edge."""
_WIDE_STEPS = tuple(4e-3 * 10 ** (-i / 2) for i in range(6))
_ROUNDING = 4e-16
_FINE = 1e-9
"""Error of the second differences, as a share of the largest, that needs no other width."""
_LONGEST = 1.0
"""Longest step: coordinates are logarithms and the like, in which 1 is far."""
_MOST = 100
_HALVINGS = 30
_FLOOR = 1e-12
_NIL = 1e-6
"""Gain in the log-likelihood that Newton's step may still promise at what is taken for a maximum."""


class Summit(NamedTuple):
    """Where a climb ended."""

    point: Floats
    value: float
    gradient: Floats
    gain: float
    """What Newton's step still promises in units of the log-likelihood; inf where the curvature is not negative."""
    steps: int

    @property
    def is_maximum(self) -> bool:
        """Whether nothing is left to gain: a function that climbs to an edge of its domain has no maximum."""
        return self.gain <= _NIL


def derivatives(
    function: Function, point: Floats, steps: tuple[float, ...] = _STEPS
) -> tuple[float, Floats, Floats] | None:
    """Return the value, the first derivatives and minus the second ones; None next to the edge of the domain.

    Parameters
    ----------
    function : callable
        Of points in rows; not finite outside its domain.
    point : array, shape (k,)
        Where; each coordinate of the order of one.
    steps : tuple of float
        Widths of the differences, the first that stays in the domain is taken.
    """
    value = _at(function, point)
    for step in steps:
        slope, bent = _differences(function, point, value, step)
        if np.isfinite(slope).all() and np.isfinite(bent).all():
            return value, slope, bent
    return None


def curvature(function: Function, point: Floats) -> Floats | None:
    """Return minus the second derivatives, two differences extrapolated; None next to the edge of the domain.

    Parameters
    ----------
    function : callable
        Of points in rows; not finite outside its domain.
    point : array, shape (k,)
        Where; each coordinate of the order of one.
    """
    found = _refined(function, point, _at(function, point))
    return None if found is None else found[1]


def climb(function: Function, start: Floats, weight: float, enough: float = 1e-12) -> Summit | None:
    """Follow a function upwards from a start; None if the start lies outside the domain.

    Parameters
    ----------
    function : callable
        Log-likelihood a record, of points in rows; not finite outside its domain.
    start : array, shape (k,)
        Where to begin; with k = 0 there is nothing to climb.
    weight : float
        Number of records, by which the gain is multiplied.
    enough : float
        Gain in the log-likelihood of all records below which the climb ends.

    Notes
    -----
    Newton's step with the absolute values of the curvature's eigenvalues leads away from saddles; it is cut to length
    1 and halved until the function rises (Nocedal & Wright 2006, section 3.4). Where it does not rise though there is
    more to gain than rounding hides, the differences are too wide for the bends there: narrower ones are taken.

    References
    ----------
    Nocedal, J. and Wright, S. J. (2006). Numerical Optimization, 2nd ed. Springer, section 3.4.
    """
    point = np.asarray(start, dtype=np.float64)
    if not np.isfinite(_at(function, point)):
        return None
    value, slope, gain, steps = _at(function, point), np.full(point.size, np.inf), np.inf, 0
    if not point.size:
        return Summit(point, value, slope, 0.0, 0)
    widths: tuple[float, ...] = _STEPS
    for steps in range(_MOST):
        found = derivatives(function, point, widths)
        if found is None:
            return Summit(point, value, np.full(point.size, np.inf), np.inf, steps)
        value, slope, bent = found
        roots, axes = np.linalg.eigh(bent)
        along = axes.T @ slope
        gain = weight * float((along**2 / np.maximum(roots, _FLOOR)).sum()) / 2 if roots[0] > 0 else np.inf
        if gain < max(enough, _ROUNDING * weight * abs(value)):
            break
        step = axes @ (along / np.maximum(np.abs(roots), _FLOOR))
        step *= min(1.0, _LONGEST / max(float(np.abs(step).max()), 1e-300))
        risen = _risen(function, point, value, step)
        if risen is not None:
            point = risen
        elif len(widths) > 1:
            widths = widths[1:]
        else:
            break
    return Summit(point, value, slope, gain, steps)


def highest(function: Function, starts: Iterable[Floats], weight: float) -> Summit | None:
    """Return the highest of the maxima to which several starts lead, or None if none leads to one.

    Parameters
    ----------
    function : callable
        As for :func:`climb`.
    starts : iterable of arrays, shape (k,)
        Those outside the domain are passed over.
    weight : float
        Number of records.
    """
    ends = [climb(function, start, weight) for start in starts]
    maxima = [end for end in ends if end is not None and end.is_maximum]
    return polished(function, max(maxima, key=lambda end: end.value), weight) if maxima else None


def polished(function: Function, summit: Summit, weight: float) -> Summit:
    """Return a summit after one more step along a gradient of higher order.

    Parameters
    ----------
    function : callable
        As for :func:`climb`.
    summit : Summit
        Where a climb ended.
    weight : float
        Number of records.

    Notes
    -----
    A central difference errs by ``h^2``; where the function is nearly flat along some line, that moves the end of a
    climb.
    """
    found = _refined(function, summit.point, summit.value)
    if found is None or not np.linalg.eigvalsh(found[1])[0] > 0:
        return summit
    slope, bent = found
    move = np.linalg.solve(bent, slope)
    gain = weight * float(slope @ move) / 2
    point = summit.point + move
    value = _at(function, point)
    if not value >= summit.value - 1e-12 * max(1.0, abs(summit.value)):
        return summit
    return Summit(point, value, slope, gain, summit.steps + 1)


def _risen(function: Function, point: Floats, value: float, step: Floats) -> Floats | None:
    """Return the first of ever shorter steps that rises, or None."""
    for _ in range(_HALVINGS):
        there = _at(function, point + step)
        if np.isfinite(there) and there > value:
            return np.asarray(point + step)
        step = step / 2
    return None


def _differences(function: Function, point: Floats, value: float, step: float) -> tuple[Floats, Floats]:
    """First and minus second central differences, the mixed ones from the two corners on the diagonal."""
    k = point.size
    moves = step * np.eye(k)
    first, second = np.tril_indices(k, -1)
    corners = moves[first] + moves[second]
    with np.errstate(invalid="ignore"):
        values = function(point + np.concatenate([moves, -moves, corners, -corners]))
        above, below = values[:k], values[k : 2 * k]
        both = values[2 * k : 2 * k + first.size] + values[2 * k + first.size :]
        sides = above + below
        bent = np.diag(2 * value - sides)
        bent[first, second] = bent[second, first] = (sides[first] + sides[second] - both - 2 * value) / 2
        return (above - below) / (2 * step), bent / step**2


def _refined(function: Function, point: Floats, value: float) -> tuple[Floats, Floats] | None:
    """First and minus second differences extrapolated from two widths; None next to the edge of the domain.

    A central difference D(h) errs by O(h^2), (4 D(h/2) - D(h)) / 3 by O(h^4), so that h may be wide and rounding stays
    small. With r the distance of a singularity the two widths differ by the order of (h/r)^2; the error is its square.
    """
    best, least = None, np.inf
    for step in _WIDE_STEPS:
        wide, narrow = (_differences(function, point, value, width) for width in (step, step / 2))
        if not all(np.isfinite(part).all() for part in (*wide, *narrow)):
            continue
        size = max(float(np.abs(narrow[1]).max()), 1e-300)
        rounding = _ROUNDING * max(1.0, abs(value)) / (step**2 * size)
        error = (float(np.abs(narrow[1] - wide[1]).max()) / size) ** 2 + rounding
        if error < least:
            best, least = ((4 * narrow[0] - wide[0]) / 3, (4 * narrow[1] - wide[1]) / 3), error
        if error < _FINE:
            break
    return best


def _at(function: Function, point: Floats) -> float:
    return float(function(point[None, :])[0])
