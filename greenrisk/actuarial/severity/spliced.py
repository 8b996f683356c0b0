# SPDX-License-Identifier: Apache-2.0
"""A law for the many small losses joined to another for the few large ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, numbers, one_of, within
from greenrisk.actuarial.kinds import drawn, instance
from greenrisk.actuarial.severity.family import checked_power, limits, points
from greenrisk.actuarial.severity.law import Atoms, Severity
from greenrisk.actuarial.severity.modified import Truncated
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]

_CONTINUITIES = ("none", "density")


@dataclass(frozen=True)
class Spliced(Severity):
    """Up to a threshold the body's law, above it the tail's; each conditional on its side.

    Parameters
    ----------
    body : Severity
        Law of the losses up to the threshold, truncated there.
    tail : Severity
        Law of the losses above, truncated there: a law from 0 on, or one that begins at the threshold, as
        ``GeneralisedPareto(shape, scale, threshold)`` does.
    threshold : float
        u > 0 [unit of the loss].
    weight : float, optional
        P(X > threshold), in (0, 1); given where ``continuity`` is ``none`` [unitless].
    continuity : {"none", "density"}
        ``density``: the weight is set so that the density does not jump at the threshold.

    Notes
    -----
    f(x) = (1 - w) f_b(x) / F_b(u) for x <= u, and w f_t(x) / S_t(u) above. The density is continuous for
    w = A / (A + B), A = f_b(u) / F_b(u), B = f_t(u) / S_t(u).
    """

    body: Severity
    tail: Severity
    threshold: float
    weight: float | None = None
    continuity: str = "none"

    def __post_init__(self) -> None:
        """Refuse a threshold or weight outside its domain, and a weight that is both given and to be found."""
        keep(
            self,
            body=lambda name, given: instance(name, given, Severity),
            tail=lambda name, given: instance(name, given, Severity),
            threshold=within(above=0.0, unit="unit of the loss"),
            weight=within(above=0.0, below=1.0, unit="unitless", optional=True),
            continuity=lambda name, given: one_of(name, given, _CONTINUITIES),
        )
        faults = Faults()
        if self.continuity == "none" and self.weight is None:
            faults.add(
                "weight",
                "weight = None",
                "Give the probability of a loss above the threshold, or continuity='density'.",
                "unitless",
            )
        if self.continuity == "density" and self.weight is not None:
            faults.add(
                "weight",
                f"weight = {self.weight!r}",
                "A continuous density sets the weight itself: leave it out, or take continuity='none'.",
                "unitless",
            )
        faults.raise_if_any(ArgumentError)
        for name, mass, mend in (
            (
                "body",
                float(self.body.cdf(self.threshold)),
                "The body has no losses up to the threshold: raise it.",
            ),
            (
                "tail",
                float(self.tail.sf(self.threshold)),
                "The tail has no losses above the threshold: lower it.",
            ),
        ):
            if not mass > 0:
                faults.add(name, f"threshold = {self.threshold:g}", mend, "unit of the loss")
        faults.raise_if_any(ArgumentError)
        if self.continuity == "density" and not 0 < self.tail_weight < 1:
            raise ArgumentError(
                Fault(
                    "continuity",
                    "continuity = 'density'",
                    f"No weight in (0, 1) makes the density continuous at {self.threshold:g}, where one of both laws "
                    "has none: give the weight.",
                )
            )

    @cached_property
    def sides(self) -> tuple[Truncated, Truncated]:
        """The laws of a loss up to the threshold, and above it."""
        body = Truncated(self.body, -math.inf, self.threshold)
        return body, Truncated(self.tail, self.threshold, math.inf)

    @cached_property
    def tail_weight(self) -> float:
        """P(X > threshold) [unitless]."""
        if self.weight is not None:
            return self.weight
        below, above = (float(side.pdf(self.threshold)) for side in self.sides)
        if not (math.isfinite(below) and math.isfinite(above)) or below + above == 0:
            return math.nan
        return below / (below + above)

    def _joined(self, x: Floats, low: Floats, high: Floats) -> Floats:
        w = self.tail_weight
        return np.where(x <= self.threshold, (1 - w) * low, w * high)[()]

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x)."""
        x = points("x", x)
        body, tail = self.sides
        return self._joined(x, body.cdf(x), tail.cdf(x)) + np.where(
            x > self.threshold, 1 - self.tail_weight, 0.0
        )

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x), accurate far out (never 1 - cdf)."""
        x = points("x", x)
        body, tail = self.sides
        return self._joined(x, body.sf(x), tail.sf(x)) + np.where(x <= self.threshold, self.tail_weight, 0.0)

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density of the part without atoms; at the threshold that of the body."""
        x = points("x", x)
        body, tail = self.sides
        return self._joined(x, body.pdf(x), tail.pdf(x))

    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1]."""
        p = numbers("p", p, least=0.0, most=1.0, unit="unitless")
        w = self.tail_weight
        body, tail = self.sides
        low = body.ppf(np.clip(p / (1 - w), 0.0, 1.0))
        high = tail.isf(np.clip((1 - p) / w, 0.0, 1.0))
        return np.where(p <= 1 - w, low, high)[()]

    def isf(self, q: ArrayLike) -> Floats:
        """Return inf{x : P(X > x) <= q} for q in [0, 1], accurate for the smallest q."""
        q = numbers("q", q, least=0.0, most=1.0, unit="unitless")
        w = self.tail_weight
        body, tail = self.sides
        low = body.isf(np.clip((q - w) / (1 - w), 0.0, 1.0))
        return np.where(q < w, tail.isf(np.clip(q / w, 0.0, 1.0)), low)[()]

    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(X, limit)^power] for limits in [0, inf] and power 1, 2 or 3."""
        d = limits(limit)
        k = checked_power(power)
        w = self.tail_weight
        body, tail = self.sides
        return (1 - w) * body.limited_expected_value(d, k) + w * tail.limited_expected_value(d, k)

    @drawn
    def rvs(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Return random losses of shape ``size``."""
        return self.isf(1.0 - rng.random(size))

    def atoms(self) -> Atoms:
        """Return the atoms of the body up to the threshold and of the tail above it."""
        w = self.tail_weight
        (low, low_mass), (high, high_mass) = (side.atoms() for side in self.sides)
        return Atoms(np.append(low, high), np.append((1 - w) * low_mass, w * high_mass))
