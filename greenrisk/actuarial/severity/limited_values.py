# SPDX-License-Identifier: Apache-2.0
"""Limited expected values E[min(X, d)^k], k = 1, 2, 3, in closed form: the laws with exponential-like tails.

Plain functions that broadcast over limits and parameters and check nothing: the laws check. Every formula is a sum of
terms >= 0, so that nothing cancels. Laws with power tails are in
:mod:`greenrisk.actuarial.severity.limited_pareto`, the inverse Gaussian in
:mod:`greenrisk.actuarial.severity.inverse_gaussian`.

References
----------
Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012). Loss Models: From Data to Decisions, 4th ed., appendix A.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincc, gammainc, gammaincc, gammaln, log_ndtr, ndtr

Floats = NDArray[np.float64]

_FAR_BELOW = -30.0
"""Below this a normal probability times a large factor is taken through logarithms, lest one leaves the range."""


def lognormal(limit: ArrayLike, mu: ArrayLike, sigma: ArrayLike, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of exp(mu + sigma Z), Z standard normal.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    mu, sigma : array
        Mean and standard deviation of ln X; sigma > 0.
    power : int
        1, 2 or 3.

    Notes
    -----
    With z = (ln d - mu) / sigma: exp(k mu + k^2 sigma^2 / 2) Phi(z - k sigma) + d^k Phi(-z).
    """
    d = np.asarray(limit, dtype=np.float64)
    mu = np.asarray(mu, dtype=np.float64)
    sigma = np.asarray(sigma, dtype=np.float64)
    with np.errstate(divide="ignore", over="ignore"):
        z = (np.log(d) - mu) / sigma
        exponent = power * (mu + power * sigma * sigma / 2)
        below = z - power * sigma
        part = np.exp(exponent) * ndtr(below)
        if (far := below < _FAR_BELOW).any():
            part = np.where(far, np.exp(exponent + log_ndtr(below)), part)
    return np.asarray(part + capped(d, ndtr(-z), power))


def exponential(limit: ArrayLike, scale: ArrayLike, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of the exponential law with mean ``scale``.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    scale : array
        > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    k! theta^k P(k, d / theta), P the regularised incomplete gamma function.
    """
    scale = np.asarray(scale, dtype=np.float64)
    z = np.asarray(limit, dtype=np.float64) / scale
    if power == 1:
        return np.asarray(-scale * np.expm1(-z))
    return np.asarray(math.factorial(power) * scale**power * gammainc(float(power), z))


def gamma(limit: ArrayLike, shape: ArrayLike, scale: ArrayLike, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of the gamma law with mean ``shape * scale``.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    shape : array
        > 0 [unitless].
    scale : array
        > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    theta^k a (a + 1) .. (a + k - 1) P(a + k, d / theta) + d^k Q(a, d / theta).
    """
    d = np.asarray(limit, dtype=np.float64)
    shape = np.asarray(shape, dtype=np.float64)
    scale = np.asarray(scale, dtype=np.float64)
    z = d / scale
    moment = scale**power * rising(shape, power)
    return np.asarray(moment * gammainc(shape + power, z) + capped(d, gammaincc(shape, z), power))


def weibull(limit: ArrayLike, shape: ArrayLike, scale: ArrayLike, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of the Weibull law, S(x) = exp(-(x / scale)^shape).

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    shape : array
        tau > 0 [unitless].
    scale : array
        > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    theta^k Gamma(1 + k / tau) P(k / tau, (d / theta)^tau): one term, by the substitution u = (x / theta)^tau in the
    integral of k x^(k-1) S(x).
    """
    shape = np.asarray(shape, dtype=np.float64)
    scale = np.asarray(scale, dtype=np.float64)
    order = power / shape
    with np.errstate(over="ignore"):
        u = (np.asarray(limit, dtype=np.float64) / scale) ** shape
        return np.asarray(scale**power * np.exp(gammaln(1 + order)) * gammainc(order, u))


def beta(limit: ArrayLike, a: ArrayLike, b: ArrayLike, scale: ArrayLike = 1.0, power: int = 1) -> Floats:
    """Return E[min(X, limit)^power] of ``scale`` times a beta law.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    a, b : array
        > 0 [unitless].
    scale : array
        Greatest loss, > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    With z = d / scale <= 1: scale^k (a)_k / (a + b)_k I_z(a + k, b) + d^k (1 - I_z(a, b)).
    """
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    scale = np.asarray(scale, dtype=np.float64)
    z = np.minimum(np.asarray(limit, dtype=np.float64) / scale, 1.0)
    moment = rising(a, power) / rising(a + b, power)
    return np.asarray(scale**power * (moment * betainc(a + power, b, z) + z**power * betaincc(a, b, z)))


def rising(start: Floats, power: int) -> Floats:
    """Return start (start + 1) .. (start + power - 1).

    Parameters
    ----------
    start : array
        First factor.
    power : int
        Number of factors.
    """
    product = np.ones_like(start)
    for step in range(power):
        product = product * (start + step)
    return product


def capped(limit: Floats, survival: Floats, power: int) -> Floats:
    """Return limit^power * survival, 0 where the survival is 0 (at an infinite limit, say).

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    survival : array
        P(X > limit) [unitless].
    power : int
        1, 2 or 3.
    """
    if np.isinf(limit).any():
        limit = np.where(survival > 0, limit, 0.0)
    return np.asarray(limit**power * survival)
