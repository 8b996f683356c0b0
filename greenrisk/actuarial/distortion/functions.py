# SPDX-License-Identifier: Apache-2.0
"""Distortions: concave functions g of the probability of exceedance, by which a price weighs the bad outcomes more.

Here live the functions of one parameter; mixtures of them are in :mod:`greenrisk.actuarial.distortion.mixture`, what a
loss costs under one in :mod:`greenrisk.actuarial.distortion.pricing`, its split over segments in
:mod:`greenrisk.actuarial.allocation.methods`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from greenrisk.actuarial.arguments import keep, numbers, within

Floats = NDArray[np.float64]

# Survival probabilities are sums of weights: their rounding must not push a year over the kink of a TVaR.
_SLACK = 1e-12


class FreeParameter(NamedTuple):
    """The one parameter that a calibration moves."""

    name: str
    neutral: float
    """Where the price is lowest: the mean, for all but the bi-TVaR."""
    extreme: float
    """Where the price tends to its highest: the greatest possible loss, for all but the bi-TVaR; may be infinite."""
    reached: bool = False
    """Whether the extreme is itself a value of the parameter."""


class Distortion(ABC):
    """A concave, non-decreasing g on [0, 1] with g(0) = 0 and g(1) = 1. Frozen.

    The price of a loss X with the survival function S is the integral of g(S(x)): coherent, since g is concave.

    References
    ----------
    Wang, S. S. (1996), Premium calculation by transforming the layer premium density, ASTIN Bulletin 26, 71-92.
    """

    free: ClassVar[FreeParameter | None] = None
    """What a calibration may move; None: it cannot be calibrated."""

    @abstractmethod
    def _g(self, s: Floats) -> Floats:
        """Return g on (0, 1]."""

    @abstractmethod
    def _inverse(self, u: Floats) -> Floats:
        """Return inf{s : g(s) >= u} on [0, 1]."""

    @abstractmethod
    def _slope(self, s: Floats) -> Floats:
        """Return the derivative of g on [0, 1], from the left at a kink."""

    @property
    def jump(self) -> float:
        """g(0+): the weight that falls on the greatest possible loss alone [unitless]."""
        return 0.0

    @property
    def kinks(self) -> tuple[float, ...]:
        """Points in (0, 1) at which the derivative jumps [unitless]."""
        return ()

    def g(self, s: ArrayLike) -> Floats:
        """Return g(s).

        Parameters
        ----------
        s : array
            Probabilities of exceedance [unitless], in [0, 1].

        Raises
        ------
        ArgumentError
            If one is NaN or outside [0, 1].
        """
        x = numbers("s", s, least=0.0, most=1.0, unit="unitless")
        return np.where(x > 0.0, self._g(x), 0.0)

    def g_inverse(self, u: ArrayLike) -> Floats:
        """Return inf{s : g(s) >= u}.

        Parameters
        ----------
        u : array
            Distorted probabilities [unitless], in [0, 1].

        Raises
        ------
        ArgumentError
            If one is NaN or outside [0, 1].
        """
        return self._inverse(numbers("u", u, least=0.0, most=1.0, unit="unitless"))

    def derivative(self, s: ArrayLike) -> Floats:
        """Return g'(s), from the left at a kink; at 0 its limit from the right, which may be infinite.

        Parameters
        ----------
        s : array
            Probabilities of exceedance [unitless], in [0, 1].

        Raises
        ------
        ArgumentError
            If one is NaN or outside [0, 1].
        """
        return self._slope(numbers("s", s, least=0.0, most=1.0, unit="unitless"))


@dataclass(frozen=True)
class ProportionalHazard(Distortion):
    """g(s) = s^exponent: the hazard rate times ``exponent``.

    Parameters
    ----------
    exponent : float
        rho [unitless], in (0, 1]; 1: the mean. Its inverse is Wang's index.

    References
    ----------
    Wang, S. S. (1995), Insurance pricing and increased limits ratemaking by proportional hazards transforms,
    Insurance: Mathematics and Economics 17, 43-54.
    """

    exponent: float
    free: ClassVar[FreeParameter | None] = FreeParameter("exponent", 1.0, 0.0)

    def __post_init__(self) -> None:
        """Refuse an exponent outside (0, 1]."""
        keep(self, exponent=within(above=0.0, most=1.0, unit="unitless"))

    def _g(self, s: Floats) -> Floats:
        return np.asarray(s**self.exponent)

    def _inverse(self, u: Floats) -> Floats:
        return np.asarray(u ** (1.0 / self.exponent))

    def _slope(self, s: Floats) -> Floats:
        if self.exponent == 1.0:
            return np.ones_like(s)
        with np.errstate(divide="ignore"):
            return np.asarray(self.exponent * s ** (self.exponent - 1.0))


@dataclass(frozen=True)
class Wang(Distortion):
    """g(s) = Phi(Phi^-1(s) + shift): a normal loss keeps its deviation and moves by ``shift`` deviations.

    Parameters
    ----------
    shift : float
        lambda, the market price of risk [unitless], >= 0; 0: the mean.

    References
    ----------
    Wang, S. S. (2000), A class of distortion operators for pricing financial and insurance risks, Journal of Risk and
    Insurance 67, 15-36.
    """

    shift: float
    free: ClassVar[FreeParameter | None] = FreeParameter("shift", 0.0, math.inf)

    def __post_init__(self) -> None:
        """Refuse a negative shift: the function would be convex."""
        keep(self, shift=within(least=0.0, unit="unitless"))

    def _g(self, s: Floats) -> Floats:
        return np.asarray(ndtr(ndtri(s) + self.shift))

    def _inverse(self, u: Floats) -> Floats:
        return np.asarray(ndtr(ndtri(u) - self.shift))

    def _slope(self, s: Floats) -> Floats:
        if self.shift == 0.0:
            return np.ones_like(s)
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(-self.shift * ndtri(s) - 0.5 * self.shift**2))


@dataclass(frozen=True)
class DualPower(Distortion):
    """g(s) = 1 - (1 - s)^exponent: for a whole exponent m the mean of the greatest of m independent losses.

    Parameters
    ----------
    exponent : float
        m [unitless], >= 1; 1: the mean.

    References
    ----------
    Wang, S. S. (1996), Premium calculation by transforming the layer premium density, ASTIN Bulletin 26, 71-92.
    """

    exponent: float
    free: ClassVar[FreeParameter | None] = FreeParameter("exponent", 1.0, math.inf)

    def __post_init__(self) -> None:
        """Refuse an exponent below 1: the function would be convex."""
        keep(self, exponent=within(least=1.0, unit="unitless"))

    def _g(self, s: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(-np.expm1(self.exponent * np.log1p(-s)))

    def _inverse(self, u: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(-np.expm1(np.log1p(-u) / self.exponent))

    def _slope(self, s: Floats) -> Floats:
        return np.asarray(self.exponent * (1.0 - s) ** (self.exponent - 1.0))


@dataclass(frozen=True)
class TailValueAtRisk(Distortion):
    """g(s) = min(1, s / (1 - level)): the price is the tail value at risk, coherent at atoms.

    Parameters
    ----------
    level : float
        p [unitless], in [0, 1); 0: the mean.

    References
    ----------
    Acerbi, C. (2002), Spectral measures of risk, Journal of Banking & Finance 26, 1505-1518.
    """

    level: float
    free: ClassVar[FreeParameter | None] = FreeParameter("level", 0.0, 1.0)

    def __post_init__(self) -> None:
        """Refuse a level outside [0, 1)."""
        keep(self, level=within(least=0.0, below=1.0, unit="unitless"))

    @property
    def kinks(self) -> tuple[float, ...]:
        """The tail's probability, 1 - level; none for the mean."""
        return (1.0 - self.level,) if self.level > 0.0 else ()

    def _g(self, s: Floats) -> Floats:
        return np.minimum(1.0, s / (1.0 - self.level))

    def _inverse(self, u: Floats) -> Floats:
        return np.asarray(u * (1.0 - self.level))

    def _slope(self, s: Floats) -> Floats:
        tail = 1.0 - self.level
        return np.where(s <= tail * (1.0 + _SLACK), 1.0 / tail, 0.0)


@dataclass(frozen=True)
class ConstantCostOfCapital(Distortion):
    """g(s) = (s + r) / (1 + r) for s > 0: every layer of assets earns the same return on its capital.

    Parameters
    ----------
    rate : float
        r, the yearly return on capital [1/year], >= 0; 0: the mean.

    Notes
    -----
    g jumps at 0 by r / (1 + r): that weight falls on the greatest possible loss, so the price is
    (mean + r * greatest) / (1 + r), and infinite where the loss has no limit.

    References
    ----------
    Mildenhall, S. J. and Major, J. A. (2022), Pricing Insurance Risk: Theory and Practice, Wiley.
    """

    rate: float
    free: ClassVar[FreeParameter | None] = FreeParameter("rate", 0.0, math.inf)

    def __post_init__(self) -> None:
        """Refuse a negative rate."""
        keep(self, rate=within(least=0.0, unit="1/year"))

    @property
    def jump(self) -> float:
        """The weight of the greatest possible loss, r / (1 + r) [unitless]."""
        return self.rate / (1.0 + self.rate)

    def _g(self, s: Floats) -> Floats:
        return np.asarray((s + self.rate) / (1.0 + self.rate))

    def _inverse(self, u: Floats) -> Floats:
        return np.maximum(0.0, u * (1.0 + self.rate) - self.rate)

    def _slope(self, s: Floats) -> Floats:
        return np.full_like(s, 1.0 / (1.0 + self.rate))
