# SPDX-License-Identifier: Apache-2.0
"""Maxima of smooth likelihoods, their curvature, and the ends of profile intervals; no law is named here.

A likelihood given here is a function of one vector that also takes complex numbers: its derivatives are then exact
to rounding, and no law needs to write them down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.stats import chi2

from greenrisk.core.errors import Fault, FitError

Floats = NDArray[np.float64]
Vector = NDArray[Any]
"""Floats, or complex numbers where a derivative is taken."""
LogLikelihood = Callable[[Vector], Any]

_TINY = 1e-30
"""Imaginary step: its square vanishes beside 1."""
_FLAT = 1e-7
"""Largest gradient of the log-likelihood for each observation at what is taken for a maximum."""
_FARTHEST = 60
"""Steps outwards before a profile is called endless."""


class Maximum(NamedTuple):
    """Where a likelihood is highest."""

    point: Floats
    value: float


def gradient(function: LogLikelihood, point: Floats) -> Floats:
    """Return the first derivatives by complex steps, exact to rounding.

    Parameters
    ----------
    function : callable
        Analytic, of one vector of complex numbers.
    point : array, shape (k,)
        Where.

    References
    ----------
    Squire, W., Trapp, G. (1998). Using complex variables to estimate derivatives of real functions. SIAM Review
    40(1), 110-112. https://doi.org/10.1137/S003614459631241X
    """
    out = np.empty(point.size)
    for i in range(point.size):
        moved = point.astype(np.complex128)
        moved[i] += 1j * _TINY
        out[i] = np.imag(function(moved)) / _TINY
    return out


def curvature(function: LogLikelihood, point: Floats, step: float = 1e-5) -> Floats:
    """Return minus the second derivatives, by central differences of exact first ones; shape (k, k).

    Parameters
    ----------
    function : callable
        Analytic, of one vector of complex numbers.
    point : array, shape (k,)
        Where; each coordinate is of the order of one.
    step : float
        Of the differences.
    """
    rows = []
    for i in range(point.size):
        moved = point.copy()
        moved[i] += step
        above = gradient(function, moved)
        moved[i] -= 2 * step
        rows.append((gradient(function, moved) - above) / (2 * step))
    matrix = np.array(rows).reshape(point.size, point.size)
    return np.asarray((matrix + matrix.T) / 2)


def maximise(function: LogLikelihood, starts: Iterable[Floats], count: int) -> Maximum | None:
    """Return the highest of the maxima found from several starts, or None if no start led to one.

    Parameters
    ----------
    function : callable
        Log-likelihood: analytic inside its domain, -inf outside.
    starts : iterable of arrays, shape (k,)
        Those outside the domain are passed over.
    count : int
        Number of observations, by which the likelihood is scaled.

    Notes
    -----
    Each start is followed by a trust region with the exact gradient (Nocedal & Wright 2006, algorithm 4.1). Where it
    ends is a maximum if the gradient there is nil: a likelihood that climbs to an edge of its domain has none.
    """

    def height(point: Floats) -> float:
        return _finite(-float(np.real(function(point))) / count)

    def slope(point: Floats) -> Floats:
        return _numbers(-gradient(function, point) / count)

    def bend(point: Floats) -> Floats:
        return _numbers(curvature(function, point) / count)

    best: Maximum | None = None
    for start in starts:
        if not np.isfinite(function(start)):
            continue
        found = minimize(
            height,
            start,
            jac=slope,
            hess=bend,
            method="trust-exact",
            options={"gtol": _FLAT / 100, "maxiter": 300, "initial_trust_radius": 0.5},
        )
        value = float(np.real(function(found.x)))
        if not np.isfinite(value) or np.abs(gradient(function, found.x)).max() > _FLAT * count:
            continue
        if best is None or value > best.value:
            best = Maximum(np.asarray(found.x, dtype=np.float64), value)
    return best


def profile(
    function: LogLikelihood,
    whole: Callable[[Vector, float], Vector],
    near: tuple[float, Floats],
    c: float,
    count: int,
) -> Maximum | None:
    """Return the maximum over the coordinates that a fixed quantity leaves free, or None.

    Parameters
    ----------
    function : callable
        Log-likelihood of all coordinates.
    whole : callable
        All coordinates from the free ones and the value of the quantity; analytic in the free ones.
    near : tuple of float and array, shape (k - 1,)
        Another value of the quantity and the free coordinates of its maximum.
    c : float
        Value of the quantity.
    count : int
        Number of observations.

    Notes
    -----
    Where the other value's coordinates do not fit, the way there is gone in smaller steps.
    """
    at, start = near
    step = c - at
    for _ in range(_FARTHEST):
        goal = c if abs(c - at) <= abs(step) else at + step
        found = maximise(partial(_restricted, function, whole, goal), [start], count)
        if found is None:
            step /= 2
        elif goal == c:
            return found
        else:
            at, start = goal, found.point
    return None


def _restricted(
    function: LogLikelihood, whole: Callable[[Vector, float], Vector], c: float, free: Vector
) -> Any:
    return function(whole(free, c))


def profile_interval(
    function: LogLikelihood,
    whole: Callable[[Vector, float], Vector],
    at: tuple[float, float],
    start: Floats,
    best: float,
    level: float,
    count: int,
    name: str,
) -> tuple[float, float]:
    """Return where the profile log-likelihood of a quantity has fallen by half the chi-squared quantile.

    Parameters
    ----------
    function, whole : callable
        As for :func:`profile`.
    at : tuple of two floats
        Estimate of the quantity and a first guess of its standard error, > 0.
    start : array, shape (k - 1,)
        Free coordinates at the maximum.
    best : float
        Log-likelihood at the maximum.
    level : float
        Coverage in (0, 1) [unitless].
    count : int
        Number of observations.
    name : str
        Of the quantity, for the error.

    Raises
    ------
    FitError
        If the profile does not fall so far on one side.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 2.6.6.
    """
    target = best - float(chi2.ppf(level, 1)) / 2
    ends = [_end(function, whole, at, sign, start, target, count, name) for sign in (-1.0, 1.0)]
    return ends[0], ends[1]


def _end(
    function: LogLikelihood,
    whole: Callable[[Vector, float], Vector],
    at: tuple[float, float],
    sign: float,
    start: Floats,
    target: float,
    count: int,
    name: str,
) -> float:
    near, step = (at[0], start), at[1]
    outside: float | None = None
    for _ in range(_FARTHEST):
        c = near[0] + sign * step
        found = profile(function, whole, near, c, count)
        if found is None:
            step /= 4
        elif found.value < target:
            outside = c
            break
        else:
            near = (c, found.point)
            step *= 1.3
    if outside is None:
        what = f"{name} = {at[0]:.4g}, still likely at {near[0]:.4g}"
        raise FitError(
            Fault(name, what, "Its profile likelihood does not fall: use more data or fewer covariates.")
        )

    def above(value: float) -> float:
        found = profile(function, whole, near, value, count)
        if found is None:
            raise FitError(
                Fault(name, f"{name} = {value:.4g}", "Its profile likelihood did not converge there.")
            )
        return found.value - target

    return float(brentq(above, near[0], outside, xtol=1e-12, rtol=1e-10))


def _finite(value: float) -> float:
    return float(value) if np.isfinite(value) else 1e30


def _numbers(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)
