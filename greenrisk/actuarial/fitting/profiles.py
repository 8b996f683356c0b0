# SPDX-License-Identifier: Apache-2.0
"""Intervals from a likelihood known by its values: by the profile of a quantity, or of any function of all."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, ndtri

from greenrisk.actuarial.fitting.search import Floats, Function, Summit, climb
from greenrisk.core.errors import Fault, FitError

Whole = Callable[[Floats, float], Floats]
"""All coordinates of points in rows from the free ones and the value of a quantity."""

_PULL = 30.0
"""Of a target on the likelihood, in squared standard errors."""
_MOST = 60
"""Steps along a profile."""
_SMALLEST = 1e-4
"""Of the first step along a profile: where no smaller one leads on, the maximum is lost."""


class End(NamedTuple):
    """One end of a profile interval."""

    value: float
    """Of the quantity: where its profile has fallen, else the farthest at which it was found still likely."""
    kind: Literal["fallen", "endless", "lost"]
    """``endless``: followed as far as was asked; ``lost``: no maximum over the free coordinates beyond."""


def profile(
    function: Function, whole: Whole, near: tuple[float, Floats], c: float, weight: float
) -> Summit | None:
    """Return the maximum over the coordinates that a fixed quantity leaves free, or None.

    Parameters
    ----------
    function : callable
        Log-likelihood a record, of points in rows.
    whole : callable
        Points of all coordinates, in rows, from the free ones, in rows, and the value of the quantity.
    near : tuple of float and array, shape (k - 1,)
        Another value of the quantity and the free coordinates of its maximum.
    c : float
        Value of the quantity.
    weight : float
        Number of records.

    Notes
    -----
    Where the other value's coordinates do not fit, the way there is gone in smaller steps.
    """
    at, start = near
    step = c - at
    for _ in range(_MOST):
        goal = c if abs(c - at) <= abs(step) else at + step
        found = _maximum(function, whole, start, goal, weight)
        if found is None:
            step /= 2
        elif goal == c:
            return found
        else:
            at, start = goal, found.point
    return None


def _maximum(function: Function, whole: Whole, start: Floats, c: float, weight: float) -> Summit | None:
    found = climb(lambda free: function(whole(free, c)), start, weight)
    return found if found is not None and found.is_maximum else None


def profile_interval(
    function: Function,
    whole: Whole,
    estimate: tuple[float, Floats],
    error: float,
    level: float,
    weight: float,
    farthest: float = math.inf,
) -> tuple[End, End]:
    """Return where the profile log-likelihood of a quantity has fallen by half the chi-squared quantile.

    Parameters
    ----------
    function, whole, weight
        As for :func:`profile`.
    estimate : tuple of float and array, shape (k - 1,)
        The quantity and the free coordinates at the maximum.
    error : float
        First guess of the standard error, > 0.
    level : float
        Coverage in (0, 1) [unitless].
    farthest : float
        Distance from the estimate at which a profile is taken for endless.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 2.6.6.
    """
    reach = math.sqrt(float(chdtri(1, 1.0 - level)))
    middle, free = estimate
    top = float(function(whole(free[None, :], middle))[0])

    def short(found: Summit) -> float:
        """The root of the deviance is almost a line; it is compared with its goal."""
        return math.sqrt(max(2 * weight * (top - found.value), 0.0)) - reach

    def end(step: float) -> End:
        near, smallest = estimate, abs(step) * _SMALLEST
        for _ in range(_MOST):
            c = near[0] + step
            if abs(c - middle) > farthest:
                return End(near[0], "endless")
            found = _maximum(function, whole, near[1], c, weight)
            if found is None:
                step /= 4
                if abs(step) < smallest:
                    return End(near[0], "lost")
            elif short(found) > 0:
                return crossing(near, (c, found))
            else:
                near, step = (c, found.point), step * 1.5
        return End(near[0], "endless")

    def crossing(near: tuple[float, Floats], outside: tuple[float, Summit]) -> End:
        inside, last = near[0], near

        def beyond(c: float) -> float:
            nonlocal last
            found = outside[1] if c == outside[0] else profile(function, whole, last, c, weight)
            if found is None:
                raise _RanOff
            fall = short(found)
            if fall < 0:  # outside the maxima may be of another branch, which ends before the crossing
                last = (c, found.point)
            return fall

        try:
            return End(float(brentq(beyond, inside, outside[0], xtol=1e-12, rtol=1e-10)), "fallen")
        except _RanOff:
            return End(inside, "lost")

    return end(-error * reach), end(error * reach)


def fixed_coordinate(place: int) -> Whole:
    """Return the function that puts the value of one coordinate between the free ones, for :func:`profile`.

    Parameters
    ----------
    place : int
        Which coordinate.
    """
    return lambda free, c: np.insert(free, place, c, axis=1)


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
        if end is None or not end.is_maximum:
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
    """The likelihood at a value, or drawn to a target, has no maximum nearby."""
