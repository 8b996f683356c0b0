# SPDX-License-Identifier: Apache-2.0
"""What every copula offers; and the one of the other corner, where small and large losses change places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, numbers
from greenrisk.actuarial.kinds import drawn, instance
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_SMALLEST, _GREATEST = np.finfo(float).tiny, 1.0 - 2.0**-53


class TailDependence(NamedTuple):
    """Limits of P(U_i beyond its level | U_j beyond the same level), shape (line, line); 1 on the diagonal."""

    lower: Floats
    """Of small losses, the level going to 0 [unitless]."""
    upper: Floats
    """Of large losses, the level going to 1 [unitless]."""


class Copula(ABC):
    """The law of (U_1, ..., U_d), each uniform on (0, 1). Frozen: no method changes it."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """Number d of lines."""

    @abstractmethod
    def rvs(self, size: int, rng: np.random.Generator) -> Floats:
        """Return random levels inside (0, 1), shape (size, line) [unitless]."""

    @abstractmethod
    def cdf(self, u: ArrayLike) -> Floats:
        """Return P(U <= u) for u of shape (..., line) in [0, 1]."""

    @abstractmethod
    def log_density(self, u: ArrayLike) -> Floats:
        """Return the logarithm of the density at u of shape (..., line) inside (0, 1)."""

    @abstractmethod
    def kendall_tau(self) -> Floats:
        """Return Kendall's rank correlations, shape (line, line) [unitless]."""

    @abstractmethod
    def tail_dependence(self) -> TailDependence:
        """Return the coefficients of tail dependence."""

    def _levels(self, u: ArrayLike, closed: bool) -> Floats:
        if closed:
            x = numbers("u", u, least=0.0, most=1.0, unit="unitless")
        else:
            x = numbers("u", u, above=0.0, below=1.0, unit="unitless")
        if x.ndim == 0 or x.shape[-1] != self.dimension:
            mend = f"The last axis must hold one level for each of the {self.dimension} lines."
            raise ArgumentError(Fault("u", f"u of shape {x.shape}", mend))
        return x

    def _bivariate(self, what: str) -> None:
        if self.dimension != 2:
            mend = f"The {what} is offered for two lines."
            raise ArgumentError(Fault("dimension", f"dimension = {self.dimension}", mend))


@dataclass(frozen=True)
class SurvivalCopula(Copula):
    """The law of (1 - U_1, ..., 1 - U_d): what ``base`` does to small losses is done to large ones.

    Parameters
    ----------
    base : Copula
        The law of (U_1, ..., U_d).
    """

    base: Copula

    def __post_init__(self) -> None:
        """Refuse what is no copula."""
        keep(self, base=lambda name, given: instance(name, given, Copula))

    @property
    def dimension(self) -> int:
        """Number d of lines."""
        return self.base.dimension

    @drawn
    def rvs(self, size: int, rng: np.random.Generator) -> Floats:
        """Return random levels inside (0, 1), shape (size, line) [unitless]."""
        return inside(1.0 - self.base.rvs(size, rng))

    def cdf(self, u: ArrayLike) -> Floats:
        """Return u + v - 1 + C(1 - u, 1 - v), for two lines."""
        x = self._levels(u, closed=True)
        self._bivariate("distribution function of a survival copula")
        return np.asarray(np.maximum(x.sum(axis=-1) - 1.0 + self.base.cdf(1.0 - x), 0.0))

    def log_density(self, u: ArrayLike) -> Floats:
        """Return the logarithm of the density at u of shape (..., line) inside (0, 1)."""
        return self.base.log_density(inside(1.0 - self._levels(u, closed=False)))

    def kendall_tau(self) -> Floats:
        """Return Kendall's rank correlations: those of the base."""
        return self.base.kendall_tau()

    def tail_dependence(self) -> TailDependence:
        """Return the coefficients of tail dependence: those of the base, exchanged."""
        lower, upper = self.base.tail_dependence()
        return TailDependence(upper, lower)


def inside(u: Floats) -> Floats:
    """Return levels kept inside (0, 1), where rounding put them on an end: a quantile of 1 would be infinite.

    Parameters
    ----------
    u : array
        In [0, 1] [unitless].
    """
    return np.clip(u, _SMALLEST, _GREATEST)


def alike(dimension: int, value: float) -> Floats:
    """Return a matrix with one value off its diagonal and 1 on it, shape (dimension, dimension).

    Parameters
    ----------
    dimension : int
        Number of lines.
    value : float
        Of every pair.
    """
    matrix = np.full((dimension, dimension), value)
    np.fill_diagonal(matrix, 1.0)
    return matrix
