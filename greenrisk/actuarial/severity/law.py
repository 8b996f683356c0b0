# SPDX-License-Identifier: Apache-2.0
"""What every law of a single loss offers, and what follows from it: moments of a layer, layers, caps."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.kinds import drawn
from greenrisk.core.errors import ArgumentError, Fault

if TYPE_CHECKING:
    from greenrisk.actuarial.severity.layered import Layered

Floats = NDArray[np.float64]


class Atoms(NamedTuple):
    """Points that have a probability of their own."""

    points: Floats
    """Ascending, shape (atom,)."""
    probabilities: Floats
    """P(X = point) > 0, shape (atom,) [unitless]."""


NO_ATOMS = Atoms(np.empty(0), np.empty(0))


class Severity(ABC):
    """The law of one loss X >= 0. Frozen: no method changes it.

    Methods of x, p and limit take arrays of any shape and return arrays of that shape. Amounts are in the unit of the
    loss, whatever it is.
    """

    @abstractmethod
    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x)."""

    @abstractmethod
    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x), accurate far out (never 1 - cdf)."""

    @abstractmethod
    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density of the part without atoms (see :meth:`atoms`)."""

    @abstractmethod
    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1]."""

    def isf(self, q: ArrayLike) -> Floats:
        """Return inf{x : P(X > x) <= q} for q in [0, 1]; closed forms keep their digits at small q."""
        return self.ppf(1.0 - np.asarray(q, dtype=np.float64))

    def value_at_risk(self, level: ArrayLike) -> Floats:
        """Return the quantile, as :meth:`ppf`, for levels in (0, 1)."""
        return self.ppf(numbers("level", level, above=0.0, below=1.0, unit="unitless"))

    def tail_value_at_risk(self, level: ArrayLike) -> Floats:
        """Return the mean of the worst outcomes, q + E[(X - q)+] / (1 - level), for levels in (0, 1).

        At an atom only so much of it counts as fills the tail.

        Raises
        ------
        ArgumentError
            If the mean is infinite, or a level lies outside (0, 1).

        References
        ----------
        Acerbi, C. and Tasche, D. (2002), On the coherence of expected shortfall, J. Banking & Finance 26, 1487-1503.
        """
        p = numbers("level", level, above=0.0, below=1.0, unit="unitless")
        q, mean = self.ppf(p), self.mean()
        if not math.isfinite(mean):
            mend = (
                "The mean is infinite, a tail value at risk does not exist: cap the loss with .layer(limit)."
            )
            raise ArgumentError(Fault("law", f"mean of {type(self).__name__} = inf", mend))
        return np.asarray(q + (mean - self.limited_expected_value(q)) / (1.0 - p))

    @abstractmethod
    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(X, limit)^power] for limits in [0, inf] and power 1, 2 or 3.

        An infinite limit gives the moment itself, inf where it does not exist.
        """

    def moment(self, power: int = 1) -> float:
        """Return E[X^power], inf where it does not exist."""
        return float(self.limited_expected_value(math.inf, power))

    def mean(self) -> float:
        """Return E[X], inf where it does not exist."""
        return self.moment(1)

    def var(self) -> float:
        """Return the variance of X, inf where it does not exist."""
        second = self.moment(2)
        return second - self.mean() ** 2 if math.isfinite(second) else math.inf

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``; by inversion unless a law has something better."""
        return self.ppf(rng.random(size))

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest possible loss (inf where there is none)."""
        return float(self.ppf(0.0)), float(self.ppf(1.0))

    def atoms(self) -> Atoms:
        """Return the points with a probability of their own; none for a continuous law."""
        return NO_ATOMS

    def layer(self, limit: float = math.inf, attachment: float = 0.0) -> Layered:
        """Return the law of ``min(max(X - attachment, 0), limit)``: zeros included, per loss from ground up.

        Parameters
        ----------
        limit : float
            Most that the layer pays for one loss, > 0; inf: no limit.
        attachment : float
            What must be exceeded, >= 0.
        """
        from greenrisk.actuarial.severity.layered import Layered

        return Layered(self, limit, attachment)
