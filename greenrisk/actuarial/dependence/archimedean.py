# SPDX-License-Identifier: Apache-2.0
"""Clayton's and Gumbel's copulas: one parameter for all lines, dependence in one tail.

References
----------
Nelsen, R. B. (2006), An Introduction to Copulas, 2nd ed., chapter 4. Marshall, A. W. and Olkin, I. (1988), Families of
multivariate distributions, Journal of the American Statistical Association 83, 834-841 (drawing by a common factor).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, number, whole_number, within
from greenrisk.actuarial.dependence.copula import Copula, TailDependence, alike, inside
from greenrisk.actuarial.kinds import drawn
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Clayton(Copula):
    """Dependence of small losses, none of the largest; of large losses as ``SurvivalCopula(Clayton(...))``.

    Parameters
    ----------
    theta : float
        > 0 [unitless].
    lines : int
        Number of lines, >= 2.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain.

    Notes
    -----
    C(u) = (sum u_i^-theta - d + 1)^(-1/theta); Kendall's tau theta / (theta + 2); lower tail dependence 2^(-1/theta).
    """

    theta: float
    lines: int = 2

    def __post_init__(self) -> None:
        """Check the arguments."""
        keep(self, theta=within(above=0.0, unit="unitless"), lines=_lines)

    @classmethod
    def from_kendall_tau(cls, tau: float, lines: int = 2) -> Self:
        """Return the copula of a Kendall rank correlation in (0, 1): theta = 2 tau / (1 - tau).

        Parameters
        ----------
        tau : float
            Of every pair [unitless].
        lines : int
            Number of lines, >= 2.
        """
        tau = number("tau", tau, above=0.0, below=1.0, unit="unitless")
        return cls(2.0 * tau / (1.0 - tau), lines)

    @property
    def dimension(self) -> int:
        """Number of lines."""
        return self.lines

    @drawn
    def rvs(self, size: int, rng: np.random.Generator) -> Floats:
        """Return random levels inside (0, 1), shape (size, line): (1 + E_i / V)^(-1/theta), V of gamma(1/theta)."""
        # ln V as that of gamma(1 + 1/theta) U^theta: for a large theta V itself falls below the least float.
        log_factor = np.log(rng.standard_gamma(1.0 + 1.0 / self.theta, (size, 1)))
        log_factor -= self.theta * rng.standard_exponential((size, 1))
        own = np.log(np.maximum(rng.standard_exponential((size, self.lines)), np.finfo(float).tiny))
        return inside(np.exp(-np.logaddexp(0.0, own - log_factor) / self.theta))

    def cdf(self, u: ArrayLike) -> Floats:
        """Return P(U <= u) for u of shape (..., line) in [0, 1]."""
        x = self._levels(u, closed=True)
        none = (x == 0.0).any(axis=-1)
        value = np.exp(-self._log_sum(np.where(none[..., np.newaxis], 1.0, x)) / self.theta)
        return np.asarray(np.where(none, 0.0, value)[()])

    def log_density(self, u: ArrayLike) -> Floats:
        """Return sum_k ln(1 + k theta) - (1 + theta) sum ln u_i - (d + 1/theta) ln(sum u_i^-theta - d + 1)."""
        x, theta, d = self._levels(u, closed=False), self.theta, self.lines
        constant = float(np.log1p(theta * np.arange(d)).sum())
        own = (1.0 + theta) * np.log(x).sum(axis=-1)
        return np.asarray(constant - own - (d + 1.0 / theta) * self._log_sum(x))

    def kendall_tau(self) -> Floats:
        """Return theta / (theta + 2) off the diagonal."""
        return alike(self.lines, self.theta / (self.theta + 2.0))

    def tail_dependence(self) -> TailDependence:
        """Return 2^(-1/theta) for small losses and 0 for large ones, off the diagonal."""
        return TailDependence(alike(self.lines, 2.0 ** (-1.0 / self.theta)), np.eye(self.lines))

    def _log_sum(self, x: Floats) -> Floats:
        powers = -self.theta * np.log(x)
        top = powers.max(axis=-1, keepdims=True)
        # sum u^-theta - d + 1 = 1 + sum (u^-theta - 1): without cancellation near 1, without overflow near 0.
        low = np.log1p(np.expm1(np.minimum(powers, 30.0)).sum(axis=-1))
        high = top[..., 0] + np.log(
            np.exp(powers - top).sum(axis=-1) - (self.lines - 1) * np.exp(-top[..., 0])
        )
        return np.asarray(np.where(top[..., 0] > 30.0, high, low))


@dataclass(frozen=True)
class Gumbel(Copula):
    """Dependence of large losses, none of the smallest: the copula of maxima.

    Parameters
    ----------
    theta : float
        >= 1 [unitless]; 1: independence.
    lines : int
        Number of lines, >= 2.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain.

    Notes
    -----
    C(u) = exp(-(sum (-ln u_i)^theta)^(1/theta)); Kendall's tau 1 - 1/theta; upper tail dependence 2 - 2^(1/theta). The
    common factor of the draws has the positive stable law of index 1/theta, by Kanter's formula.

    References
    ----------
    Kanter, M. (1975), Stable densities under change of scale and total variation inequalities, Annals of Probability
    3, 697-707.
    """

    theta: float
    lines: int = 2

    def __post_init__(self) -> None:
        """Check the arguments."""
        keep(self, theta=within(least=1.0, unit="unitless"), lines=_lines)

    @classmethod
    def from_kendall_tau(cls, tau: float, lines: int = 2) -> Self:
        """Return the copula of a Kendall rank correlation in [0, 1): theta = 1 / (1 - tau).

        Parameters
        ----------
        tau : float
            Of every pair [unitless].
        lines : int
            Number of lines, >= 2.
        """
        return cls(1.0 / (1.0 - number("tau", tau, least=0.0, below=1.0, unit="unitless")), lines)

    @property
    def dimension(self) -> int:
        """Number of lines."""
        return self.lines

    @drawn
    def rvs(self, size: int, rng: np.random.Generator) -> Floats:
        """Return random levels inside (0, 1), shape (size, line): exp(-(E_i / V)^(1/theta)), V positive stable."""
        alpha = 1.0 / self.theta
        angle = math.pi * (1.0 - rng.random((size, 1)))
        exponential = np.maximum(rng.standard_exponential((size, 1)), np.finfo(float).tiny)
        # ln V^alpha, so that neither a large V nor a small one leaves the range of floats.
        log_factor = alpha * np.log(np.sin(alpha * angle)) - np.log(np.maximum(np.sin(angle), 1e-300))
        log_factor += (
            (1.0 - alpha) * np.log(np.sin((1.0 - alpha) * angle) / exponential) if alpha < 1.0 else 0.0
        )
        own = alpha * np.log(np.maximum(rng.standard_exponential((size, self.lines)), np.finfo(float).tiny))
        return inside(np.exp(-np.exp(own - log_factor)))

    def cdf(self, u: ArrayLike) -> Floats:
        """Return P(U <= u) for u of shape (..., line) in [0, 1]."""
        x = self._levels(u, closed=True)
        none = (x == 0.0).any(axis=-1)
        return np.where(none, 0.0, np.exp(-self._radius(np.where(none[..., np.newaxis], 1.0, x))))[()]

    def log_density(self, u: ArrayLike) -> Floats:
        """Return the logarithm of the density for two lines, x = -ln u, y = -ln v, a = (x^theta + y^theta)^(1/theta).

        Notes
        -----
        -a + x + y + (theta - 1) ln(x y) + (1 - 2 theta) ln a + ln(a + theta - 1).
        """
        self._bivariate("density of a Gumbel copula")
        levels = self._levels(u, closed=False)
        x, a = -np.log(levels), self._radius(levels)
        theta = self.theta
        own = x.sum(axis=-1) + (theta - 1.0) * np.log(x).sum(axis=-1)
        return np.asarray(own - a + (1.0 - 2.0 * theta) * np.log(a) + np.log(a + theta - 1.0))

    def kendall_tau(self) -> Floats:
        """Return 1 - 1 / theta off the diagonal."""
        return alike(self.lines, 1.0 - 1.0 / self.theta)

    def tail_dependence(self) -> TailDependence:
        """Return 0 for small losses and 2 - 2^(1/theta) for large ones, off the diagonal."""
        return TailDependence(np.eye(self.lines), alike(self.lines, 2.0 - 2.0 ** (1.0 / self.theta)))

    def _radius(self, u: Floats) -> Floats:
        x = -np.log(u)
        top = np.maximum(x.max(axis=-1, keepdims=True), np.finfo(float).tiny)
        return np.asarray(top[..., 0] * ((x / top) ** self.theta).sum(axis=-1) ** (1.0 / self.theta))


def _lines(name: str, value: int) -> int:
    lines = whole_number(name, value, "")
    if lines < 2:
        raise ArgumentError(Fault(name, f"{name} = {value}", "Two lines at least are needed."))
    return lines
