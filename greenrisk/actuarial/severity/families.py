# SPDX-License-Identifier: Apache-2.0
"""Laws with tails lighter than any power: lognormal, exponential, gamma, Weibull.

Pareto laws are in :mod:`~greenrisk.actuarial.severity.pareto_families`, Burr and loglogistic in
:mod:`~greenrisk.actuarial.severity.burr`, the others in files of their own; all of them by name in
:mod:`~greenrisk.actuarial.severity.registry`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import (
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    gammaln,
    log_ndtr,
    ndtr,
    ndtri,
    xlogy,
)

from greenrisk.actuarial.kinds import drawn
from greenrisk.actuarial.severity import limited_values
from greenrisk.actuarial.severity.family import AMOUNT, POSITIVE, REAL, Domain, Family, Theta, mean_and_cv

Floats = NDArray[np.float64]

_LOG_ROOT_TWO_PI = math.log(2 * math.pi) / 2
_FRACTION_TERMS = 80


@dataclass(frozen=True)
class Lognormal(Family):
    """X = exp(mu + sigma Z), Z standard normal.

    Parameters
    ----------
    mu : float
        Mean of ln X.
    sigma : float
        Standard deviation of ln X, > 0 [unitless].
    """

    mu: float
    sigma: float

    names: ClassVar[tuple[str, ...]] = ("mu", "sigma")
    domains: ClassVar[dict[str, Domain]] = {"mu": REAL, "sigma": POSITIVE}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> Lognormal:
        """Return the law with a mean > 0 and a coefficient of variation > 0.

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].
        """
        mean, cv = mean_and_cv(mean, cv)
        variance = math.log1p(cv * cv)
        return cls(math.log(mean) - variance / 2, math.sqrt(variance))

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return np.exp(self.mu + self.sigma * rng.standard_normal(size))

    @staticmethod
    def _z(x: Floats, theta: Theta) -> Floats:
        mu, sigma = theta
        return np.asarray((np.log(x) - mu) / sigma)

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return ndtr(Lognormal._z(x, theta))

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return ndtr(-Lognormal._z(x, theta))

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        z = Lognormal._z(x, theta)
        value = -z * z / 2 - np.log(x) - np.log(theta[1]) - _LOG_ROOT_TWO_PI
        return np.where(x > 0, value, -np.inf)[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        return log_ndtr(-Lognormal._z(x, theta))

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        mu, sigma = theta
        return np.exp(mu + sigma * ndtri(p))

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        mu, sigma = theta
        return np.exp(mu - sigma * ndtri(q))

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        mu, sigma = theta
        return limited_values.lognormal(limit, mu, sigma, power=power)


@dataclass(frozen=True)
class Exponential(Family):
    """S(x) = exp(-x / scale).

    Parameters
    ----------
    scale : float
        The mean, > 0 [unit of the loss].
    """

    scale: float

    names: ClassVar[tuple[str, ...]] = ("scale",)
    domains: ClassVar[dict[str, Domain]] = {"scale": AMOUNT}

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.scale * rng.standard_exponential(size)

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return -np.expm1(-x / theta[0])

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return np.exp(-x / theta[0])

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(-x / theta[0] - np.log(theta[0]))[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(-x / theta[0])[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return np.asarray(-theta[0] * np.log1p(-p))[()]

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return np.asarray(-theta[0] * np.log(q))[()]

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        return limited_values.exponential(limit, theta[0], power=power)


@dataclass(frozen=True)
class Gamma(Family):
    """The gamma law with mean shape * scale and variance shape * scale^2.

    Parameters
    ----------
    shape : float
        > 0 [unitless].
    scale : float
        > 0 [unit of the loss].
    """

    shape: float
    scale: float

    names: ClassVar[tuple[str, ...]] = ("shape", "scale")
    domains: ClassVar[dict[str, Domain]] = {"shape": POSITIVE, "scale": AMOUNT}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> Gamma:
        """Return the law with a mean > 0 and a coefficient of variation > 0: shape 1 / cv^2.

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].
        """
        mean, cv = mean_and_cv(mean, cv)
        return cls(1 / cv**2, mean * cv**2)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.scale * rng.standard_gamma(self.shape, size)

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return gammainc(theta[0], x / theta[1])

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return gammaincc(theta[0], x / theta[1])

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        shape, scale = theta
        z = x / scale
        return np.asarray(xlogy(shape - 1, z) - z - gammaln(shape) - np.log(scale))[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        shape, z = np.broadcast_arrays(theta[0], x / theta[1])
        value = np.asarray(np.log(gammaincc(shape, z)))
        if (far := value < -600.0).any():
            a, t = shape[far], z[far]
            # Legendre's continued fraction of Q(a, t), from its end: the probability itself is below the range.
            fraction = np.zeros_like(t)
            for n in range(_FRACTION_TERMS, 0, -1):
                fraction = n * (n - a) / (t + 2 * n + 1 - a - fraction)
            value[far] = a * np.log(t) - t - gammaln(a) - np.log(t + 1 - a - fraction)
        return value[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * gammaincinv(theta[0], p))[()]

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * gammainccinv(theta[0], q))[()]

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        shape, scale = theta
        return limited_values.gamma(limit, shape, scale, power=power)


@dataclass(frozen=True)
class Weibull(Family):
    """S(x) = exp(-(x / scale)^shape).

    Parameters
    ----------
    shape : float
        tau > 0 [unitless].
    scale : float
        > 0 [unit of the loss].
    """

    shape: float
    scale: float

    names: ClassVar[tuple[str, ...]] = ("shape", "scale")
    domains: ClassVar[dict[str, Domain]] = {"shape": POSITIVE, "scale": AMOUNT}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> Weibull:
        """Return the law with a mean > 0 and a coefficient of variation > 0.

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].

        Notes
        -----
        The shape solves Gamma(1 + 2 / tau) / Gamma(1 + 1 / tau)^2 = 1 + cv^2.
        """
        from scipy.optimize import brentq

        mean, cv = mean_and_cv(mean, cv)
        wanted = math.log1p(cv * cv)

        def surplus(inverse: float) -> float:
            return math.lgamma(1 + 2 * inverse) - 2 * math.lgamma(1 + inverse) - wanted

        high = 1.0
        while surplus(high) < 0:
            high *= 2
        inverse = float(brentq(surplus, 0.0, high, xtol=1e-300, rtol=1e-15))
        return cls(1 / inverse, mean / math.exp(math.lgamma(1 + inverse)))

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return Weibull._at_hazard(rng.standard_exponential(size), self.theta)

    @staticmethod
    def _at_hazard(t: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * t ** (1 / theta[0]))[()]

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return -np.expm1(Weibull._logsf(x, theta))

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return np.exp(Weibull._logsf(x, theta))

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        shape, scale = theta
        z = x / scale
        return np.asarray(np.log(shape / scale) + xlogy(shape - 1, z) - z**shape)[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(-((x / theta[1]) ** theta[0]))[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return Weibull._at_hazard(-np.log1p(-p), theta)

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return Weibull._at_hazard(-np.log(q), theta)

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        shape, scale = theta
        return limited_values.weibull(limit, shape, scale, power=power)
