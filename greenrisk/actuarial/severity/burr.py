# SPDX-License-Identifier: Apache-2.0
"""Burr laws (type XII) and loglogistic laws, with their limited expected values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import beta as beta_function
from scipy.special import betainc, betaincc, log_expit

from greenrisk.actuarial.kinds import drawn
from greenrisk.actuarial.severity.family import AMOUNT, POSITIVE, Domain, Family, Theta, mean_and_cv

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_PANEL = 2.0
"""Length of a panel in ln((x / scale)^gamma); the integrand's nearest poles are pi away."""
_TERMS = 64
_NEAR_DIVERGENCE = 0.05
"""Second parameter of the incomplete beta function below which it is summed here instead."""


def limited_burr(
    limit: ArrayLike, alpha: ArrayLike, gamma: ArrayLike, scale: ArrayLike, power: int = 1
) -> Floats:
    """Return E[min(X, limit)^power] of the Burr law, S(x) = (1 + (x / scale)^gamma)^-alpha.

    Parameters
    ----------
    limit : array
        In [0, inf] [unit of the loss].
    alpha, gamma : array
        > 0 [unitless].
    scale : array
        theta > 0 [unit of the loss].
    power : int
        1, 2 or 3.

    Notes
    -----
    With a = k / gamma, b = alpha - a and u = v / (1 + v), v = (d / theta)^gamma, it is theta^k a B(a, b; u), B the
    incomplete beta function, not regularised: one term, by u as variable in the integral of k x^(k-1) S(x). Where
    the moment does not exist or barely does (b < 0.05), B is summed up to u = 1/2 by its series, the terms of which
    are positive and fall by halves, and from there on by Gauss points in ln v.
    """
    arrays = [np.asarray(value, dtype=np.float64) for value in (limit, alpha, gamma, scale)]
    d, alpha, gamma, scale = np.broadcast_arrays(*arrays)
    a = power / gamma
    b = alpha - a
    with np.errstate(divide="ignore", over="ignore"):
        tau = gamma * np.log(d / scale)
        u, rest = np.exp(log_expit(tau)), np.exp(log_expit(-tau))
    usual = b >= _NEAR_DIVERGENCE
    safe = np.where(usual, b, 1.0)
    # Each half keeps the digits of the smaller of u and 1 - u.
    value = beta_function(a, safe) * np.where(tau < 0, betainc(a, safe, u), betaincc(safe, a, rest))
    if not usual.all():
        odd = ~usual
        value = np.asarray(value)
        value[odd] = _heavy(tau[odd], a[odd], alpha[odd])
    return np.asarray(scale**power * a * value)


def _heavy(tau: Floats, a: Floats, alpha: Floats) -> Floats:
    """Return B(a, alpha - a; u) for u = 1 / (1 + e^-tau) where alpha - a is small or negative."""
    low = np.exp(log_expit(np.minimum(tau, 0.0)))
    term = np.ones_like(tau)
    series = np.ones_like(tau)
    for n in range(_TERMS):
        term = term * (alpha + n) / (a + 1 + n) * low
        series = series + term
    total = low**a * (1 - low) ** (alpha - a) / a * series
    # The moment exists where b > 0, however little: its end is reached when e^(-b tau) is lost in double precision.
    b = alpha - a
    whole = np.isinf(tau) & (tau > 0)
    top = np.where(whole, 0.0, np.maximum(tau, 0.0))
    start = 0.0
    while (more := top > start).any():
        half = np.minimum(top[more] - start, _PANEL) / 2
        piece = np.zeros_like(half)
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            s = start + half * (1 + node)
            piece += weight * np.exp(-b[more] * s - alpha[more] * np.log1p(np.exp(-s)))
        total[more] += half * piece
        start += _PANEL
    exists = b > 0
    moment = beta_function(a, np.where(exists, b, 1.0))
    return np.where(whole, np.where(exists, moment, np.inf), total)


@dataclass(frozen=True)
class Burr(Family):
    """The Burr law of type XII, S(x) = (1 + (x / scale)^gamma)^-alpha; the mean is finite where alpha gamma > 1.

    Parameters
    ----------
    alpha, gamma : float
        > 0 [unitless].
    scale : float
        theta > 0 [unit of the loss].

    Notes
    -----
    Pareto of type II at gamma = 1, loglogistic at alpha = 1. Two moments do not determine it: it has no
    ``from_mean_cv``.
    """

    alpha: float
    gamma: float
    scale: float

    names: ClassVar[tuple[str, ...]] = ("alpha", "gamma", "scale")
    domains: ClassVar[dict[str, Domain]] = {"alpha": POSITIVE, "gamma": POSITIVE, "scale": AMOUNT}

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return Burr._at_hazard(rng.standard_exponential(size), self.theta)

    @staticmethod
    def _tau(x: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * np.log(x / theta[2]))

    @staticmethod
    def _at_hazard(t: Floats, theta: Theta) -> Floats:
        alpha, gamma, scale = theta
        return np.asarray(scale * np.expm1(t / alpha) ** (1 / gamma))[()]

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return -np.expm1(Burr._logsf(x, theta))

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return np.exp(Burr._logsf(x, theta))

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        alpha, gamma, scale = theta
        tau = Burr._tau(x, theta)
        at_zero = np.where(gamma > 1, -np.inf, np.where(gamma < 1, np.inf, np.log(alpha / scale)))
        value = np.log(alpha * gamma / x) + log_expit(tau) + alpha * log_expit(-tau)
        return np.asarray(np.where(x > 0, value, at_zero))[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[0] * log_expit(-Burr._tau(x, theta)))[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return Burr._at_hazard(-np.log1p(-p), theta)

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return Burr._at_hazard(-np.log(q), theta)

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        alpha, gamma, scale = theta
        return limited_burr(limit, alpha, gamma, scale, power=power)


@dataclass(frozen=True)
class Loglogistic(Family):
    """The loglogistic law, S(x) = 1 / (1 + (x / scale)^shape); the mean is finite where shape > 1.

    Parameters
    ----------
    shape : float
        > 0 [unitless].
    scale : float
        The median, > 0 [unit of the loss].
    """

    shape: float
    scale: float

    names: ClassVar[tuple[str, ...]] = ("shape", "scale")
    domains: ClassVar[dict[str, Domain]] = {"shape": POSITIVE, "scale": AMOUNT}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> Loglogistic:
        """Return the law with a mean > 0 and a coefficient of variation > 0.

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].

        Notes
        -----
        With b = pi / shape in (0, pi / 2): 1 + cv^2 = tan(b) / b, and the mean is scale b / sin(b).
        """
        from scipy.optimize import brentq

        mean, cv = mean_and_cv(mean, cv)
        wanted = 1 + cv * cv
        b = float(
            brentq(lambda at: math.sin(at) - wanted * at * math.cos(at), 1e-9, math.pi / 2, xtol=1e-300)
        )
        return cls(math.pi / b, mean * math.sin(b) / b)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return Burr._at_hazard(rng.standard_exponential(size), Loglogistic._burr(self.theta))

    @staticmethod
    def _burr(theta: Theta) -> Theta:
        return np.ones_like(theta[0]), *theta

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return np.exp(log_expit(theta[0] * np.log(x / theta[1])))

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return Burr._sf(x, Loglogistic._burr(theta))

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        return Burr._logpdf(x, Loglogistic._burr(theta))

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        return Burr._logsf(x, Loglogistic._burr(theta))

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return Burr._ppf(p, Loglogistic._burr(theta))

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return Burr._isf(q, Loglogistic._burr(theta))

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        return limited_burr(limit, 1.0, theta[0], theta[1], power=power)
