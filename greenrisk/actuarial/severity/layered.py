# SPDX-License-Identifier: Apache-2.0
"""The law of what a layer pays of one loss, with its atoms exact."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, number, within
from greenrisk.actuarial.kinds import drawn, instance
from greenrisk.actuarial.severity.family import checked_power, limits, points
from greenrisk.actuarial.severity.law import Atoms, Severity
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_EPSILON = float(np.finfo(np.float64).eps)
_REMOTE = 1e-9
"""Part of the layer's own moment that rounding may take before it is integrated directly."""


@dataclass(frozen=True)
class Layered(Severity):
    """min(max(X - attachment, 0), limit) for a loss X from ground up: zeros included.

    Parameters
    ----------
    base : Severity
        Law of X.
    limit : float
        Most that the layer pays for one loss, > 0; inf: no limit [unit of the loss].
    attachment : float
        What must be exceeded, >= 0 [unit of the loss].

    Notes
    -----
    E[min(L, d)^k] is the integral of k y^(k-1) S(a + y) over [0, min(d, limit)]: with M_k the limited expected values
    of the base and b = a + min(d, limit), it is M_1(b) - M_1(a) for k = 1,
    M_2(b) - M_2(a) - 2a (M_1(b) - M_1(a)) for k = 2, and
    M_3(b) - M_3(a) - 3a (M_2(b) - M_2(a)) + 3a^2 (M_1(b) - M_1(a)) for k = 3. A layer so remote that these differences
    lose nine digits is integrated by :func:`~greenrisk.actuarial.severity.quadrature.limited_by_quadrature`.
    """

    base: Severity
    limit: float = math.inf
    attachment: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a limit or an attachment outside its domain, both at once."""
        keep(
            self,
            base=lambda name, given: instance(name, given, Severity),
            limit=within(above=0.0, infinite=True, unit="unit of the loss"),
            attachment=within(least=0.0, unit="unit of the loss"),
        )

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(L <= x): at 0 it is P(X <= attachment), from the limit on it is 1."""
        x = points("x", x)
        inside = self.base.cdf(self.attachment + np.maximum(x, 0.0))
        return np.where(x < 0, 0.0, np.where(x >= self.limit, 1.0, inside))[()]

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(L > x): at 0 it is P(X > attachment), from the limit on it is 0."""
        x = points("x", x)
        inside = self.base.sf(self.attachment + np.maximum(x, 0.0))
        return np.where(x < 0, 1.0, np.where(x >= self.limit, 0.0, inside))[()]

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density between 0 and the limit, apart from the atoms."""
        x = points("x", x)
        inside = self.base.pdf(self.attachment + np.maximum(x, 0.0))
        return np.where((x < 0) | (x >= self.limit), 0.0, inside)[()]

    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1]."""
        return np.minimum(np.maximum(self.base.ppf(p) - self.attachment, 0.0), self.limit)

    def isf(self, q: ArrayLike) -> Floats:
        """Return inf{x : P(L > x) <= q} for q in [0, 1]."""
        return np.minimum(np.maximum(self.base.isf(q) - self.attachment, 0.0), self.limit)

    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(L, limit)^power] for limits in [0, inf] and power 1, 2 or 3, from those of the base."""
        paid = np.minimum(limits(limit), self.limit)
        power = checked_power(power)
        top = self.attachment + paid
        if self.attachment == 0:
            return self.base.limited_expected_value(top, power)
        total, _ = self._differences(top, power)
        whole, rounding = self._differences(np.asarray(self.attachment + self.limit), power)
        if rounding > _REMOTE * whole:
            return limited_by_quadrature(self.base, paid, power, self.attachment).value
        return total[()]

    def _differences(self, top: Floats, power: int) -> tuple[Floats, Floats]:
        """Return the moment up to ``top`` from differences of the base's, and how far rounding may have moved it."""
        a = self.attachment
        total, size = np.zeros_like(top), np.zeros_like(top)
        endless = np.zeros(top.shape, dtype=bool)
        for k in range(1, power + 1):
            upper = self.base.limited_expected_value(top, k)
            lower = self.base.limited_expected_value(a, k)
            endless = np.isinf(upper)
            factor = math.comb(power, k) * (-a) ** (power - k)
            total = total + factor * np.where(endless, 0.0, upper - lower)
            size = size + abs(factor) * np.where(endless, 0.0, upper + lower)
        total = np.where(endless, np.inf, np.maximum(total, 0.0))
        return total, np.where(endless, 0.0, _EPSILON * size)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random payments of shape ``size``, zeros included."""
        return np.minimum(np.maximum(self.base.rvs(size, rng) - self.attachment, 0.0), self.limit)

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest possible payment."""
        low, high = self.base.support()
        return min(max(low - self.attachment, 0.0), self.limit), min(
            max(high - self.attachment, 0.0), self.limit
        )

    def atoms(self) -> Atoms:
        """Return 0 with P(X <= attachment), the limit with P(X >= attachment + limit), and the base's in between."""
        at, mass = self.base.atoms()
        top = self.attachment + self.limit
        inner = (at > self.attachment) & (at < top)
        none = float(self.base.cdf(self.attachment))
        full = float(self.base.sf(top)) + float(mass[at == top].sum()) if math.isfinite(top) else 0.0
        places = np.concatenate([[0.0], at[inner] - self.attachment, [self.limit]])
        masses = np.concatenate([[none], mass[inner], [full]])
        return Atoms(places[masses > 0], masses[masses > 0])

    def layer(self, limit: float = math.inf, attachment: float = 0.0) -> Layered:
        """Return a layer of this layer: again one layer of the base.

        Parameters
        ----------
        limit : float
            Most that the inner layer pays, > 0; inf: no limit [unit of the loss].
        attachment : float
            What this layer's payment must exceed, in [0, limit of this layer) [unit of the loss].
        """
        attachment = number("attachment", attachment, least=0.0, unit="unit of the loss")
        if attachment >= self.limit:
            raise ArgumentError(
                Fault(
                    "attachment",
                    f"attachment = {attachment:g}",
                    f"It must be below the limit of the layer beneath, {self.limit:g}: nothing is left to pay.",
                    "unit of the loss",
                )
            )
        limit = number("limit", limit, above=0.0, infinite=True, unit="unit of the loss")
        return Layered(self.base, min(limit, self.limit - attachment), self.attachment + attachment)
