# SPDX-License-Identifier: Apache-2.0
"""Probabilities of counts without loss of digits for large counts: saddle-point form of Poisson and binomial.

Not here: the laws themselves (counts.py, modified.py, mixed.py).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from greenrisk.actuarial.arguments import numbers, probability
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
"""Coefficients of x^-1, x^-3, ... in ln x! - Stirling: eight digits more than needed from x = 16 on."""
_SERIES_TERMS = 18


def whole(k: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the counts asked for, those that are no whole number >= 0 set to 0, and which are whole.

    Parameters
    ----------
    k : array
        Any numbers but NaN.

    Raises
    ------
    ArgumentError
        If one is NaN.
    """
    x = numbers("k", k, infinite=True, unit="losses")
    good = (x >= 0) & (x == np.floor(x)) & np.isfinite(x)
    return np.where(good, x, 0.0), good


def floored(k: ArrayLike) -> Floats:
    """Return the greatest whole numbers not above k (-inf and inf kept), or refuse NaN.

    Parameters
    ----------
    k : array
        Any numbers but NaN.
    """
    return np.floor(numbers("k", k, infinite=True, unit="losses"))


def kept(value: float) -> float:
    """Return the probability that a loss is kept [unitless], or refuse it outside [0, 1].

    Parameters
    ----------
    value : float
        The argument ``probability`` of a law's ``thin``.
    """
    return probability("probability", value, open_interval=False)


def defined(z: Any, value: Any) -> Any:
    """Return values of a probability generating function, or refuse the points at which it has none.

    Parameters
    ----------
    z : array
        Points that were asked for.
    value : array
        Of the function there; NaN where it has none.

    Raises
    ------
    ArgumentError
        If a point is NaN, or so far beyond the unit disc that the function is not defined there.
    """
    lost = np.isnan(value)
    if lost.any():
        at = np.broadcast_to(np.asarray(z), np.shape(value))[lost].ravel()[0]
        mend = "The generating function is not defined there: it is for |z| <= 1."
        raise ArgumentError(Fault("z", f"z = {at:g}", mend, "unitless"))
    return value


def poisson(k: Floats, mean: ArrayLike) -> Floats:
    """Return e^-mean mean^k / k! for k >= 0 (real k allowed) and mean >= 0, broadcast.

    Notes
    -----
    exp(-stirling(k) - deviance(k, mean)) / sqrt(2 pi k): the terms are small where the probability is not, so that the
    relative error stays at a few units of the last place, where exp(k ln mean - mean - ln k!) loses six digits at
    a mean of a million.

    References
    ----------
    Loader, C. (2000), Fast and accurate computation of binomial probabilities.
    """
    k, mu = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(mean, dtype=np.float64))
    positive = (k > 0) & (mu > 0)
    x, m = np.where(positive, k, 1.0), np.where(positive, mu, 1.0)
    inner = np.exp(-_stirling_error(x) - _deviance(x, m)) / np.sqrt(2.0 * math.pi * x)
    return np.where(positive, inner, np.where(k > 0, 0.0, np.exp(-mu)))


def binomial(successes: Floats, failures: Floats, p: float, q: float) -> Floats:
    """Return Gamma(x+y+1) / (Gamma(x+1) Gamma(y+1)) p^x q^y for x = successes, y = failures >= 0, both real.

    Parameters
    ----------
    successes, failures : array
        Broadcast; need not be whole, which the negative binomial uses.
    p, q : float
        Their probabilities, given apart so that none is a rounded 1 - the other [unitless].

    References
    ----------
    Loader, C. (2000), Fast and accurate computation of binomial probabilities.
    """
    x, y = np.broadcast_arrays(
        np.asarray(successes, dtype=np.float64), np.asarray(failures, dtype=np.float64)
    )
    inside = (x > 0) & (y > 0) & (p > 0) & (q > 0)
    a, b = np.where(inside, x, 1.0), np.where(inside, y, 1.0)
    n = a + b
    error = _stirling_error(n) - _stirling_error(a) - _stirling_error(b)
    p_, q_ = (p, q) if p > 0 and q > 0 else (0.5, 0.5)
    inner = np.exp(error - _deviance(a, n * p_) - _deviance(b, n * q_))
    inner = inner * np.sqrt(n / (2.0 * math.pi * a * b))
    edge = np.exp(_power(x, p, q) + _power(y, q, p))
    return np.where(inside, inner, edge)


def _power(count: Floats, p: float, q: float) -> Floats:
    # x ln p, by log1p where p is near 1, with 0 ln 0 = 0: only used where the binomial coefficient is 1.
    return np.asarray(special.xlog1py(count, -q) if q < 0.5 else special.xlogy(count, p), dtype=np.float64)


def _stirling_error(x: Floats) -> Floats:
    small = x < 16.0
    low = np.where(small, x, 1.0)
    direct = special.gammaln(low + 1.0) - (low + 0.5) * np.log(low) + low - _HALF_LOG_TWO_PI
    inverse = 1.0 / np.where(small, 16.0, x)
    square = inverse * inverse
    series = np.zeros_like(inverse)
    for coefficient in reversed(_STIRLING):
        series = series * square + coefficient
    return np.where(small, direct, series * inverse)


def _deviance(x: Floats, expected: Floats) -> Floats:
    # x ln(x / m) - x + m = m ((1 + d) ln(1 + d) - d), d = (x - m) / m: by its series where the difference would cancel.
    with np.errstate(over="ignore"):
        d = (x - expected) / expected
    near = np.abs(d) < 0.1
    e = np.where(near, d, 0.0)
    series = np.zeros_like(e)
    for j in range(_SERIES_TERMS, 1, -1):
        series = series * -e + 1.0 / (j * (j - 1))
    far = special.xlogy(x, np.where(near, 1.0, x / expected)) - x + expected
    return np.where(near, expected * e * e * series, far)
