# SPDX-License-Identifier: Apache-2.0
"""Distortions that are weighted means of others: the bi-TVaR, and any mixture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from greenrisk.actuarial.arguments import keep, numbers, within
from greenrisk.actuarial.distortion.functions import Distortion, Floats, FreeParameter, TailValueAtRisk
from greenrisk.actuarial.kinds import instances
from greenrisk.core.errors import ArgumentError, Fault


@dataclass(frozen=True)
class BiTailValueAtRisk(Distortion):
    """A weighted mean of two tail values at risk: ``weight`` at the low level, the rest at the high one.

    Parameters
    ----------
    low, high : float
        Levels [unitless], 0 <= low <= high < 1.
    weight : float
        Weight of the low level [unitless], in [0, 1].
    """

    low: float
    high: float
    weight: float
    free: ClassVar[FreeParameter | None] = FreeParameter("weight", 1.0, 0.0, reached=True)

    def __post_init__(self) -> None:
        """Refuse levels out of order and a weight outside [0, 1]."""
        level = within(least=0.0, below=1.0, unit="unitless")
        keep(self, low=level, high=level, weight=within(least=0.0, most=1.0, unit="unitless"))
        if self.low > self.high:
            raise ArgumentError(
                Fault("high", f"low = {self.low:g}, high = {self.high:g}", "It must be >= low.", "unitless")
            )

    @property
    def kinks(self) -> tuple[float, ...]:
        """The probabilities of both tails."""
        return tuple(sorted({1.0 - level for level in (self.low, self.high) if level > 0.0}))

    def _g(self, s: Floats) -> Floats:
        low, high = TailValueAtRisk(self.low), TailValueAtRisk(self.high)
        return np.asarray(self.weight * low._g(s) + (1.0 - self.weight) * high._g(s))

    def _inverse(self, u: Floats) -> Floats:
        narrow, wide = 1.0 - self.high, 1.0 - self.low
        at_narrow = self.weight * narrow / wide + 1.0 - self.weight
        inside = u * narrow / at_narrow
        if self.weight == 0.0 or narrow == wide:
            return np.asarray(inside)
        beyond = narrow + np.maximum(u - at_narrow, 0.0) * wide / self.weight
        return np.where(u <= at_narrow, inside, beyond)

    def _slope(self, s: Floats) -> Floats:
        low, high = TailValueAtRisk(self.low), TailValueAtRisk(self.high)
        return np.asarray(self.weight * low._slope(s) + (1.0 - self.weight) * high._slope(s))


@dataclass(frozen=True)
class MixtureDistortion(Distortion):
    """A weighted mean of distortions: its price is the weighted mean of their prices.

    Parameters
    ----------
    weights : tuple of float
        Weights of the parts [unitless], >= 0, summing to 1.
    parts : tuple of Distortion
        As many distortions.
    """

    weights: tuple[float, ...]
    parts: tuple[Distortion, ...]

    def __post_init__(self) -> None:
        """Refuse weights that are no shares of the parts."""
        given = numbers("weights", self.weights, least=0.0, dimensions=1, fewest=1, unit="unitless")
        parts = instances("parts", self.parts, Distortion)
        if given.size != len(parts):
            raise ArgumentError(
                Fault("weights", f"{given.size} weights, {len(parts)} parts", "One a part was expected.")
            )
        if abs(math.fsum(given) - 1.0) > 1e-9:
            raise ArgumentError(
                Fault("weights", f"sum of weights = {math.fsum(given):g}", "They must sum to 1.", "unitless")
            )
        object.__setattr__(self, "weights", tuple(given.tolist()))
        object.__setattr__(self, "parts", parts)

    @property
    def jump(self) -> float:
        """The weighted sum of the parts' jumps [unitless]."""
        return math.fsum(weight * part.jump for weight, part in zip(self.weights, self.parts, strict=True))

    @property
    def kinks(self) -> tuple[float, ...]:
        """The kinks of all parts."""
        return tuple(sorted({kink for part in self.parts for kink in part.kinks}))

    def _g(self, s: Floats) -> Floats:
        parts = zip(self.weights, self.parts, strict=True)
        # weights may miss 1 by rounding, g(1) must not
        return np.asarray(np.minimum(1.0, np.sum([weight * part._g(s) for weight, part in parts], axis=0)))

    def _slope(self, s: Floats) -> Floats:
        parts = zip(self.weights, self.parts, strict=True)
        return np.asarray(np.sum([weight * part._slope(s) for weight, part in parts if weight > 0.0], axis=0))

    def _inverse(self, u: Floats) -> Floats:
        # the mean of the parts lies between them, and so does its inverse: halve that bracket
        ends = np.stack([part._inverse(u) for part in self.parts])
        low, high = ends.min(axis=0), ends.max(axis=0)
        for _ in range(200):
            middle = np.where(low > 0.0, np.sqrt(low) * np.sqrt(high), 0.5 * high)
            reached = self.g(middle) >= u
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
            if np.all(high - low <= 4e-16 * high):
                break
        return np.asarray(high)
