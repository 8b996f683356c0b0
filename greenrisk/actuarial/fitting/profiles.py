# SPDX-License-Identifier: Apache-2.0
"""Intervals from a likelihood known by its values: of one coordinate by its profile, of any function of all."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtri, ndtri

from greenrisk.actuarial.fitting.search import Function, climb, curvature
from greenrisk.core.errors import Fault, FitError

Floats = NDArray[np.float64]

_FARTHEST = 25.0
"""On a line (of a logarithm, say): beyond it a profile is taken for endless."""
_PULL = 30.0
"""Of a target on the likelihood, in squared standard errors."""
_ENOUGH = 1e-6
"""Gain in the log-likelihood still promised at what is taken for a maximum over the other coordinates."""


def profile_interval(
    function: Function, best: Floats, place: int, level: float, weight: float, name: str
) -> tuple[float | None, float | None]:
    """Return where the profile log-likelihood of a coordinate has fallen by half the chi-squared quantile.

    Parameters
    ----------
    function : callable
        Log-likelihood a record, of points in rows.
    best : array, shape (k,)
        Its maximum.
    place : int
        Which coordinate.
    level : float
        Coverage in (0, 1) [unitless].
    weight : float
        Number of records.
    name : str
        Of the coordinate, for the error.

    Returns
    -------
    tuple
        Two ends; None where the likelihood does not fall so far.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 2.6.6.
    """
    drop = float(chdtri(1, 1.0 - level)) / 2
    top = float(function(best[None, :])[0]) * weight
    others = np.delete(np.arange(best.size), place)
    state = {"near": best[others]}

    def above(z: float) -> float:
        def rest(points: Floats) -> Floats:
            whole = np.empty((len(points), best.size))
            whole[:, place], whole[:, others] = z, points
            return function(whole)

        if not others.size:
            value = float(function(np.array([[z]]))[0])
            return value * weight - top + drop if math.isfinite(value) else -drop
        end = climb(rest, state["near"], weight)
        if end is None:
            return -drop
        if end.gain > _ENOUGH:
            what = f"{name} beyond its estimate"
            mend = "The other parameters run off along its profile: more data, or a family with fewer, are needed."
            raise FitError(Fault("data", what, mend))
        state["near"] = end.point
        return end.value * weight - top + drop

    information = curvature(function, best)
    error = 1.0
    if information is not None and np.linalg.eigvalsh(information)[0] > 0:
        error = math.sqrt(float(np.linalg.inv(information * weight)[place, place]))
    ends = []
    for sign in (-1.0, 1.0):
        state["near"] = best[others]
        ends.append(_end(above, float(best[place]), sign * min(error, 3.0) * math.sqrt(2 * drop)))
    return ends[0], ends[1]


def _end(above: Callable[[float], float], inside: float, step: float) -> float | None:
    start = inside
    while abs(inside + step - start) < _FARTHEST:
        if above(inside + step) < 0:
            return float(brentq(above, inside, inside + step, xtol=1e-12, rtol=1e-10))
        inside, step = inside + step, step * 1.5
    return None


def gradient_of(value: Callable[[Floats], float], point: Floats) -> Floats:
    """Return the derivatives of a function of one vector by central differences, shape (k,).

    Parameters
    ----------
    value : callable
        The function.
    point : array, shape (k,)
        Where; each coordinate of the order of one.
    """
    moves = 1e-5 * np.eye(point.size)
    return np.array([(value(point + move) - value(point - move)) / 2e-5 for move in moves])


def delta_interval(middle: float, slope: Floats, covariance: Floats, level: float) -> tuple[float, float]:
    """Return a normal interval by the delta method.

    Parameters
    ----------
    middle : float
        The estimate.
    slope : array, shape (k,)
        Its derivatives.
    covariance : array, shape (k, k)
        Of the coordinates.
    level : float
        Coverage in (0, 1) [unitless].

    Raises
    ------
    FitError
        If the derivatives are not finite.
    """
    if not np.isfinite(slope).all():
        mend = "It is not finite next to the fitted law: use method='profile', or a layer's expected loss."
        raise FitError(Fault("function", f"function(law) = {middle:g}", mend))
    reach = float(ndtri((1 + level) / 2)) * math.sqrt(float(slope @ covariance @ slope))
    return middle - reach, middle + reach


def extreme_interval(
    value: Callable[[Floats], float],
    function: Function,
    best: Floats,
    covariance: Floats,
    level: float,
    weight: float,
) -> tuple[float, float]:
    """Return the least and the greatest value over all points that the likelihood allows.

    Parameters
    ----------
    value : callable
        Of one point.
    function : callable
        Log-likelihood a record, of points in rows.
    best : array, shape (k,)
        Its maximum.
    covariance : array, shape (k, k)
        Of the coordinates; it scales the search.
    level : float
        Coverage in (0, 1) [unitless].
    weight : float
        Number of records.

    Raises
    ------
    FitError
        If an extreme is not found.

    Notes
    -----
    For a target v beyond the estimate, ``ln L - K (g - v)^2 / 2`` is highest where ``ln L + lambda g`` is stationary:
    on the profile of g. The target moves out until ``2 (ln L_max - ln L)`` reaches the chi-squared quantile; there g is
    extreme. The square keeps the maximum where lambda alone would let it run off (Nocedal & Wright 2006, section 17.3).
    A growing transform has its extremes in the same places: if g itself is lost, ln g is followed.

    References
    ----------
    Nocedal, J. and Wright, S. J. (2006). Numerical Optimization, 2nd ed. Springer, section 17.3.
    """
    reach = math.sqrt(float(chdtri(1, 1.0 - level)))
    middle = value(best)
    if not np.any(gradient_of(value, best)):
        raise FitError(
            Fault("function", f"function(law) = {middle:g}", "It must change with the parameters.")
        )

    def logarithm(point: Floats) -> float:
        found = value(point)
        return math.log(found) if found > 0 else math.nan

    ends: list[float] = []
    for sign in (-1.0, 1.0):
        for worth in (value, logarithm):
            point = _extreme(worth, function, best, covariance, sign, reach, weight)
            if point is not None:
                ends.append(value(point))
                break
        else:
            what = f"function(law) = {middle:g}, {'lower' if sign < 0 else 'upper'} end"
            mend = "The likelihood does not bound it there: use method='delta', or a quantity less far out."
            raise FitError(Fault("function", what, mend))
    return ends[0], ends[1]


def _extreme(
    worth: Callable[[Floats], float],
    function: Function,
    best: Floats,
    covariance: Floats,
    sign: float,
    reach: float,
    weight: float,
) -> Floats | None:
    """Return the point at which the worth is extreme, or None if it cannot be followed so far."""
    slope = gradient_of(worth, best)
    size = math.sqrt(float(slope @ covariance @ slope)) if np.isfinite(slope).all() else 0.0
    if not size > 0:
        return None
    top, middle = float(function(best[None, :])[0]), worth(best)
    near = best

    def followed(target: float) -> float:
        """Root of twice the fall of the log-likelihood where the drawn one is highest; less the reach."""
        nonlocal near

        def drawn(points: Floats) -> Floats:
            short = sign * target - (np.array([worth(point) for point in points]) - middle) / size
            return function(points) - _PULL / 2 * short**2 / weight

        end = climb(drawn, near, weight)
        if end is None or end.gain > _ENOUGH:
            raise _RanOff
        near = end.point
        return math.sqrt(max(2 * weight * (top - float(function(near[None, :])[0])), 0.0)) - reach

    low, target = 0.0, reach
    try:
        while followed(target) < 0:
            low, target = target, 1.3 * target
            if target > 50 * reach:
                return None
        followed(
            float(brentq(lambda t: followed(t) if t > 0 else -reach, low, target, xtol=1e-10, rtol=1e-12))
        )
    except _RanOff:
        return None
    return near


class _RanOff(Exception):
    """The likelihood drawn to a target has no maximum nearby."""
