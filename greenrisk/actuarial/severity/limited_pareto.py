# SPDX-License-Identifier: Apache-2.0
"""Limited expected values E[min(X, d)^k], k = 1, 2, 3, of the laws with power tails.

Plain functions that broadcast over limits and parameters and check nothing: the laws check. The generalised Pareto law
is written on the scale of its cumulative hazard t = -ln S, where the special shapes (xi = 0, 1, 1/2, 1/3) are not
special: nothing is divided by a difference that can vanish.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import exprel

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_LONGEST_HAZARD = 60.0
"""e^-60 of the tail is beyond double precision for the shapes near 0 that are integrated numerically."""
_CANCELS = 0.1
"""Below this share of the hazard that matters, differences of the closed form lose digits: its integral is summed."""


def pareto(limit: ArrayLike, shape: ArrayLike, threshold: ArrayLike, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of the Pareto law of type I, S(x) = (threshold / x)^shape from the threshold on.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    shape : array
        alpha > 0 [unitless].
    threshold : array
        Least loss m, > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    With L = ln(d / m): m^k (1 + k (e^((k - alpha) L) - 1) / (k - alpha)), and d^k below the threshold.
    """
    d = np.asarray(limit, dtype=np.float64)
    shape = np.asarray(shape, dtype=np.float64)
    threshold = np.asarray(threshold, dtype=np.float64)
    below = np.minimum(d, threshold)
    length = np.log1p((np.maximum(d, threshold) - threshold) / threshold)
    return np.asarray(below**power + power * threshold**power * _decayed(shape - power, length))


def generalised_pareto(
    limit: ArrayLike, shape: ArrayLike, scale: ArrayLike, threshold: ArrayLike = 0.0, power: int = 1
) -> Floats:
    """Return E[min(X, limit)^power] of threshold + Y, P(Y > y) = (1 + shape y / scale)^(-1 / shape).

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    shape : array
        xi, any sign [unitless].
    scale : array
        beta > 0 [unit of the loss].
    threshold : array
        Least loss u, >= 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    With t = ln(1 + xi y / beta) / xi, E[min(Y, y)^k] is the integral over s in [0, t] of
    k beta^k e^(-(1 - xi) s) ((e^(xi s) - 1) / xi)^(k - 1); for k = 1 it is beta (1 - e^(-(1 - xi) t)) / (1 - xi).
    For k > 1 differences of such terms are taken, or, where these would cancel (|xi| t small), 48 Gauss points.
    """
    d = np.asarray(limit, dtype=np.float64)
    shape = np.asarray(shape, dtype=np.float64)
    scale = np.asarray(scale, dtype=np.float64)
    threshold = np.asarray(threshold, dtype=np.float64)
    below = np.minimum(d, threshold)
    t = hazard(np.maximum(d, threshold) - threshold, shape, scale)
    # In this order the rates are exact where they vanish: 1 - 3 xi rounded at once is 0 next to a third.
    rates = (1 - shape, 1 - 2 * shape, (1 - 2 * shape) - shape)
    total = below**power
    for j in range(1, power + 1):
        factor = math.comb(power, j) * threshold ** (power - j)
        excess = scale**j * _excess_moment(t, shape, rates, j)
        # An infinite moment times a threshold of 0 is 0, not NaN.
        total = total + np.where(factor > 0, factor * np.where(factor > 0, excess, 0.0), 0.0)
    return np.asarray(total)


def pareto_two(limit: ArrayLike, shape: ArrayLike, scale: ArrayLike, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of the Pareto law of type II (Lomax), S(x) = (scale / (scale + x))^shape.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    shape : array
        alpha > 0 [unitless].
    scale : array
        theta > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    The generalised Pareto law with xi = 1 / alpha and beta = theta / alpha; 1 - j xi is taken as (alpha - j) / alpha.
    """
    d = np.asarray(limit, dtype=np.float64)
    shape = np.asarray(shape, dtype=np.float64)
    scale = np.asarray(scale, dtype=np.float64)
    rates = ((shape - 1) / shape, (shape - 2) / shape, (shape - 3) / shape)
    t = shape * np.log1p(d / scale)
    return np.asarray((scale / shape) ** power * _excess_moment(t, 1 / shape, rates, power))


def hazard(excess: Floats, shape: Floats, scale: Floats) -> Floats:
    """Return -ln S of the generalised Pareto law at an excess: ln(1 + xi y / beta) / xi, y / beta for xi = 0.

    Parameters
    ----------
    excess : array
        y >= 0; beyond the end of the support the hazard is infinite [unit of the loss].
    shape : array
        xi [unitless].
    scale : array
        beta > 0 [unit of the loss].
    """
    y = excess / scale
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = np.maximum(np.where(shape == 0, 0.0, shape * y), -1.0)
        return np.where(np.abs(z) < 1e-300, y, np.log1p(z) / shape)


def excess_at_hazard(t: Floats, shape: Floats) -> Floats:
    """Return the excess of the generalised Pareto law with scale 1 at a hazard: (e^(xi t) - 1) / xi, t for xi = 0.

    Parameters
    ----------
    t : array
        In [0, inf] [unitless].
    shape : array
        xi [unitless].
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        end = np.where(shape < 0, -1 / shape, np.inf)
        return np.where(np.isinf(t), end, t * exprel(shape * t))


def _decayed(rate: Floats, t: Floats) -> Floats:
    """Return the integral of e^(-rate s) over [0, t]; inf where it diverges."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        value = t * exprel(-rate * t)
        return np.where(np.isinf(t), np.where(rate > 0, 1 / rate, np.inf), value)


def _excess_moment(t: Floats, shape: Floats, rates: tuple[Floats, ...], power: int) -> Floats:
    """Return E[min(Y, y)^power] for scale 1, y given by its hazard t, and the rates 1 - j xi, j = 1, 2, 3."""
    first = _decayed(rates[0], t)
    if power == 1:
        return first
    t, shape, first = np.broadcast_arrays(t, shape, first)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        second = _decayed(rates[1], t)
        if power == 2:
            value = 2 * (second - first) / shape
        else:
            value = 3 * (_decayed(rates[2], t) - 2 * second + first) / shape**2
        moment = math.factorial(power) / np.prod(rates[:power], axis=0)
        whole = np.where(rates[power - 1] > 0, moment, np.inf)
        near = np.abs(shape) * np.minimum(t, 1 / np.abs(rates[0])) < _CANCELS
        near |= (np.abs(shape) * t < 1) & (t <= _LONGEST_HAZARD)
    value = np.where(np.isinf(t), whole, value)
    near &= np.isfinite(t)
    if near.any():
        value[near] = _summed_moment(t[near], shape[near], power)
    return value


def _summed_moment(t: Floats, shape: Floats, power: int) -> Floats:
    """Return the same by Gauss-Legendre quadrature of the integrand in s, all of whose values are >= 0."""
    half = np.minimum(t, _LONGEST_HAZARD) / 2
    total = np.zeros_like(t)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        s = half * (1 + node)
        total += weight * np.exp(-(1 - shape) * s) * (s * exprel(shape * s)) ** (power - 1)
    return power * half * total
