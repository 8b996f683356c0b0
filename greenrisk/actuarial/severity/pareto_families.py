# SPDX-License-Identifier: Apache-2.0
"""Pareto laws: generalised Pareto, Pareto of type II (Lomax), Pareto of type I.

All three are written on the scale of the cumulative hazard t = -ln S, which keeps their digits far out and near the
special shapes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.kinds import drawn
from greenrisk.actuarial.severity import limited_pareto
from greenrisk.actuarial.severity.family import AMOUNT, POSITIVE, REAL, Domain, Family, Theta, mean_and_cv

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GeneralisedPareto(Family):
    """X = threshold + Y, P(Y > y) = (1 + shape y / scale)^(-1 / shape); exponential at shape 0.

    Parameters
    ----------
    shape : float
        xi, any sign; from 1 on the mean is infinite, below 0 the support ends at threshold - scale / shape
        [unitless].
    scale : float
        beta > 0 [unit of the loss].
    threshold : float
        u >= 0 [unit of the loss].
    """

    shape: float
    scale: float
    threshold: float = 0.0

    names: ClassVar[tuple[str, ...]] = ("shape", "scale", "threshold")
    domains: ClassVar[dict[str, Domain]] = {
        "shape": REAL,
        "scale": AMOUNT,
        "threshold": Domain(0.0, math.inf, closed=True, unit="unit of the loss"),
    }

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> GeneralisedPareto:
        """Return the law with threshold 0, a mean > 0 and a coefficient of variation > 0: shape (1 - 1 / cv^2) / 2.

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].
        """
        mean, cv = mean_and_cv(mean, cv)
        shape = (1 - 1 / cv**2) / 2
        return cls(shape, mean * (1 - shape))

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return GeneralisedPareto._at_hazard(rng.standard_exponential(size), self.theta)

    @staticmethod
    def _t(x: Floats, theta: Theta) -> Floats:
        shape, scale, threshold = theta
        excess = np.maximum(x - threshold, 0.0)
        return limited_pareto.hazard(excess, shape, scale)

    @staticmethod
    def _at_hazard(t: Floats, theta: Theta) -> Floats:
        shape, scale, threshold = theta
        return np.asarray(threshold + scale * limited_pareto.excess_at_hazard(t, shape))[()]

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return -np.expm1(-GeneralisedPareto._t(x, theta))

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return np.exp(-GeneralisedPareto._t(x, theta))

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        shape, scale, threshold = theta
        t = GeneralisedPareto._t(x, theta)
        # At the end of a bounded support t is infinite; its density there is put at 0 for every xi < 0.
        value = np.where(np.isinf(t), -np.inf, -(1 + shape) * t - np.log(scale))
        return np.where(x < threshold, -np.inf, value)[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(-GeneralisedPareto._t(x, theta))[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return GeneralisedPareto._at_hazard(-np.log1p(-p), theta)

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return GeneralisedPareto._at_hazard(-np.log(q), theta)

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        shape, scale, threshold = theta
        return limited_pareto.generalised_pareto(limit, shape, scale, threshold, power=power)


@dataclass(frozen=True)
class ParetoII(Family):
    """The Pareto law of type II (Lomax), S(x) = (scale / (scale + x))^shape.

    Parameters
    ----------
    shape : float
        alpha > 0; the mean is infinite up to 1 [unitless].
    scale : float
        theta > 0 [unit of the loss].
    """

    shape: float
    scale: float

    names: ClassVar[tuple[str, ...]] = ("shape", "scale")
    domains: ClassVar[dict[str, Domain]] = {"shape": POSITIVE, "scale": AMOUNT}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> ParetoII:
        """Return the law with a mean > 0 and a coefficient of variation > 1: shape 2 cv^2 / (cv^2 - 1).

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].
        """
        why = "A Pareto law of type II varies more than an exponential one; try GeneralisedPareto or Gamma."
        mean, cv = mean_and_cv(mean, cv, cv_above=1.0, why=why)
        less = (cv - 1) * (cv + 1)
        return cls(2 * cv**2 / less, mean * (cv**2 + 1) / less)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.scale * np.expm1(rng.standard_exponential(size) / self.shape)

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return -np.expm1(ParetoII._logsf(x, theta))

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return np.exp(ParetoII._logsf(x, theta))

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        shape, scale = theta
        return np.asarray(np.log(shape / scale) - (shape + 1) * np.log1p(x / scale))[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        return np.asarray(-theta[0] * np.log1p(x / theta[1]))[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * np.expm1(-np.log1p(-p) / theta[0]))[()]

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * np.expm1(-np.log(q) / theta[0]))[()]

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        shape, scale = theta
        return limited_pareto.pareto_two(limit, shape, scale, power=power)


@dataclass(frozen=True)
class Pareto(Family):
    """The Pareto law of type I, S(x) = (threshold / x)^shape for x >= threshold.

    Parameters
    ----------
    shape : float
        alpha > 0; the mean is infinite up to 1 [unitless].
    threshold : float
        The least loss, > 0 [unit of the loss].
    """

    shape: float
    threshold: float

    names: ClassVar[tuple[str, ...]] = ("shape", "threshold")
    domains: ClassVar[dict[str, Domain]] = {"shape": POSITIVE, "threshold": AMOUNT}

    @classmethod
    def from_mean_cv(cls, mean: float, cv: float) -> Pareto:
        """Return the law with a mean > 0 and a coefficient of variation > 0: shape 1 + sqrt(1 + 1 / cv^2).

        Parameters
        ----------
        mean : float
            E[X] [unit of the loss].
        cv : float
            Standard deviation over mean [unitless].
        """
        mean, cv = mean_and_cv(mean, cv)
        shape = 1 + math.sqrt(1 + 1 / cv**2)
        return cls(shape, mean * (shape - 1) / shape)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.threshold * np.exp(rng.standard_exponential(size) / self.shape)

    @staticmethod
    def _cdf(x: Floats, theta: Theta) -> Floats:
        return -np.expm1(Pareto._logsf(x, theta))

    @staticmethod
    def _sf(x: Floats, theta: Theta) -> Floats:
        return np.exp(Pareto._logsf(x, theta))

    @staticmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats:
        shape, threshold = theta
        value = np.log(shape / threshold) - (shape + 1) * np.log(np.maximum(x, threshold) / threshold)
        return np.where(x < threshold, -np.inf, value)[()]

    @staticmethod
    def _logsf(x: Floats, theta: Theta) -> Floats:
        shape, threshold = theta
        return np.asarray(-shape * np.log1p(np.maximum(x - threshold, 0.0) / threshold))[()]

    @staticmethod
    def _ppf(p: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * np.exp(-np.log1p(-p) / theta[0]))[()]

    @staticmethod
    def _isf(q: Floats, theta: Theta) -> Floats:
        return np.asarray(theta[1] * np.exp(-np.log(q) / theta[0]))[()]

    @staticmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats:
        shape, threshold = theta
        return limited_pareto.pareto(limit, shape, threshold, power=power)
