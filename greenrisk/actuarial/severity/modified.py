# SPDX-License-Identifier: Apache-2.0
"""Laws made from a law: between two bounds (a condition), up to a cap, in another currency."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, numbers, within
from greenrisk.actuarial.kinds import drawn, instance
from greenrisk.actuarial.severity.family import checked_power, limits, points
from greenrisk.actuarial.severity.law import Atoms, Severity
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Truncated(Severity):
    """X given lower < X <= upper: losses outside are not there, not cut down to a bound.

    Parameters
    ----------
    base : Severity
        Law of X.
    lower : float
        Losses up to it are left out; -inf: none (0 leaves out an atom at 0) [unit of the loss].
    upper : float
        Losses above it are left out; inf: none [unit of the loss].

    Notes
    -----
    With p = P(l < X <= u) and e = min(d, u) - l, E[min(X, d)^k | l < X <= u] is l^k plus the sum over j = 1..k of
    C(k, j) l^(k-j) (E[min(max(X - l, 0), e)^j] - e^j S(u)) / p: moments of the layer from l on.
    """

    base: Severity
    lower: float = -math.inf
    upper: float = math.inf

    def __post_init__(self) -> None:
        """Refuse bounds that are not in order or leave no probability between them."""
        bound = within(infinite=True, unit="unit of the loss")
        keep(self, base=lambda name, given: instance(name, given, Severity), lower=bound, upper=bound)
        if not self.lower < self.upper:
            raise ArgumentError(
                Fault(
                    "upper",
                    f"upper = {self.upper:g}",
                    f"It must be > lower = {self.lower:g}.",
                    "unit of the loss",
                )
            )
        if not self.probability > 0:
            raise ArgumentError(
                Fault(
                    "base",
                    f"P({self.lower:g} < X <= {self.upper:g}) = 0",
                    "The law has no losses between the bounds: move them, or choose another law.",
                    "unitless",
                )
            )

    @cached_property
    def _ends(self) -> tuple[float, float, float, float]:
        """F and S at the lower bound, F and S at the upper bound."""
        at = np.array([self.lower, self.upper])
        (f_low, f_high), (s_low, s_high) = self.base.cdf(at).tolist(), self.base.sf(at).tolist()
        return f_low, s_low, f_high, s_high

    @property
    def probability(self) -> float:
        """P(lower < X <= upper) under the base [unitless]."""
        f_low, s_low, f_high, s_high = self._ends
        return f_high - f_low if f_high < 0.5 else s_low - s_high

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x | lower < X <= upper)."""
        x = points("x", x)
        f_low, s_low, _, _ = self._ends
        inside = s_low - self.base.sf(x) if s_low <= 0.5 else self.base.cdf(x) - f_low
        return np.where(x <= self.lower, 0.0, np.where(x >= self.upper, 1.0, inside / self.probability))[()]

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x | lower < X <= upper)."""
        x = points("x", x)
        _, _, f_high, s_high = self._ends
        inside = f_high - self.base.cdf(x) if f_high < 0.5 else self.base.sf(x) - s_high
        return np.where(x <= self.lower, 1.0, np.where(x >= self.upper, 0.0, inside / self.probability))[()]

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density of the part without atoms; at the lower bound its limit from the right."""
        x = points("x", x)
        outside = (x < self.lower) | (x > self.upper)
        return np.where(outside, 0.0, self.base.pdf(x) / self.probability)[()]

    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1]."""
        p = numbers("p", p, least=0.0, most=1.0, unit="unitless")
        f_low, s_low, _, _ = self._ends
        x = self._from_above(1 - p)
        if s_low > 0.5:
            low = self.base.ppf(np.clip(f_low + p * self.probability, 0.0, 1.0))
            x = np.where(p <= 0.5, low, x)
        return np.clip(x, self._floor, self.upper)[()]

    def isf(self, q: ArrayLike) -> Floats:
        """Return inf{x : P(X > x) <= q} for q in [0, 1], accurate for the smallest q."""
        q = numbers("q", q, least=0.0, most=1.0, unit="unitless")
        return np.clip(self._from_above(q), self._floor, self.upper)[()]

    def _from_above(self, q: Floats) -> Floats:
        _, _, f_high, s_high = self._ends
        if f_high < 0.5:
            return self.base.ppf(np.clip(f_high - q * self.probability, 0.0, 1.0))
        return self.base.isf(np.clip(s_high + q * self.probability, 0.0, 1.0))

    @property
    def _floor(self) -> float:
        """The least loss that is left: the bound, or where the law begins."""
        return max(self.lower, float(self.base.ppf(0.0)))

    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(X, limit)^power] under the condition, for limits in [0, inf] and power 1, 2 or 3."""
        d = limits(limit)
        k = checked_power(power)
        start = max(self.lower, 0.0)
        e = np.clip(d, start, max(self.upper, start)) - start
        s_high = self._ends[3]
        excess = Layered(self.base, math.inf, start)
        total = np.full(d.shape, start**k)
        for j in range(1, k + 1):
            factor = math.comb(k, j) * start ** (k - j)
            if factor > 0:
                left_out = np.where(np.isinf(e), 0.0, e) ** j * s_high
                part = excess.limited_expected_value(e, j) - left_out
                total = total + factor * np.maximum(part, 0.0) / self.probability
        return np.where(d <= start, d**k, total)[()]

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.isf(1.0 - rng.random(size))

    def atoms(self) -> Atoms:
        """Return the base's atoms between the bounds."""
        at, mass = self.base.atoms()
        inside = (at > self.lower) & (at <= self.upper)
        return Atoms(at[inside], mass[inside] / self.probability)


@dataclass(frozen=True)
class Scaled(Severity):
    """factor * X: the loss in another currency, or after inflation.

    Parameters
    ----------
    base : Severity
        Law of X.
    factor : float
        > 0 [unit of the loss after / unit before].
    """

    base: Severity
    factor: float

    def __post_init__(self) -> None:
        """Refuse a factor that is not > 0."""
        keep(
            self,
            base=lambda name, given: instance(name, given, Severity),
            factor=within(above=0.0, unit="unitless"),
        )

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(factor X <= x)."""
        return self.base.cdf(points("x", x) / self.factor)

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(factor X > x)."""
        return self.base.sf(points("x", x) / self.factor)

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density of the part without atoms."""
        return self.base.pdf(points("x", x) / self.factor) / self.factor

    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1]."""
        return self.factor * self.base.ppf(p)

    def isf(self, q: ArrayLike) -> Floats:
        """Return inf{x : P(factor X > x) <= q} for q in [0, 1]."""
        return self.factor * self.base.isf(q)

    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(factor X, limit)^power] for limits in [0, inf] and power 1, 2 or 3."""
        power = checked_power(power)
        return self.factor**power * self.base.limited_expected_value(limits(limit) / self.factor, power)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.factor * self.base.rvs(size, rng)

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest possible loss."""
        low, high = self.base.support()
        return self.factor * low, self.factor * high

    def atoms(self) -> Atoms:
        """Return the base's atoms, moved."""
        at, mass = self.base.atoms()
        return Atoms(self.factor * at, mass)


@dataclass(frozen=True)
class Capped(Layered):
    """min(X, limit): the whole loss up to a cap, with an atom at the cap.

    Parameters
    ----------
    base : Severity
        Law of X.
    limit : float
        The cap, > 0 [unit of the loss].
    """

    attachment: float = field(init=False, default=0.0)
