# SPDX-License-Identifier: Apache-2.0
"""Laws that are nothing but atoms: points with probabilities, and the observed losses themselves."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.severity.family import checked_power, limits, points
from greenrisk.actuarial.severity.law import Atoms, Severity
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_ROUNDING = 1e-9


class _Table(NamedTuple):
    """Ascending points with their probabilities, and sums before (n + 1 entries) and from each of them on."""

    at: Floats
    mass: Floats
    below: Floats
    """P(X < at[i]); the last entry is 1."""
    above: Floats
    """P(X >= at[i]); the last entry is 0."""


class _Steps(Severity):
    """A law of atoms only; queries take O(log n)."""

    @cached_property
    def _table(self) -> _Table:
        at, weights = self._given()
        at, which = np.unique(at, return_inverse=True)
        gathered = np.bincount(which, weights=weights, minlength=at.size)
        at, gathered = at[gathered > 0], gathered[gathered > 0]
        total = gathered.sum()
        # Sums of a million weights keep their digits in extended precision.
        wide = gathered.astype(np.longdouble)
        below = np.concatenate([[0.0], (np.cumsum(wide) / wide.sum()).astype(np.float64)])
        above = np.concatenate([(np.cumsum(wide[::-1])[::-1] / wide.sum()).astype(np.float64), [0.0]])
        below[-1] = above[0] = 1.0
        return _Table(_kept(at), _kept(gathered / total), below, above)

    @cached_property
    def _sums(self) -> tuple[Floats, Floats, Floats]:
        """E[X^k; X < at[i]] for k = 1, 2, 3, each with n + 1 entries."""
        at, mass = self._table.at.astype(np.longdouble), self._table.mass.astype(np.longdouble)
        first, second, third = (
            np.concatenate([[0.0], np.cumsum(mass * at**k).astype(np.float64)]) for k in (1, 2, 3)
        )
        return first, second, third

    @abstractmethod
    def _given(self) -> tuple[Floats, Floats]:
        """Return the points, any order, and their weights."""

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x)."""
        table = self._table
        return table.below[np.searchsorted(table.at, points("x", x), side="right")]

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x)."""
        table = self._table
        return table.above[np.searchsorted(table.at, points("x", x), side="right")]

    def pdf(self, x: ArrayLike) -> Floats:
        """Return 0: all probability is in atoms."""
        return np.zeros(points("x", x).shape)[()]

    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1]: one of the points."""
        p = numbers("p", p, least=0.0, most=1.0, unit="unitless")
        table = self._table
        return table.at[np.searchsorted(table.below[1:-1], p, side="left")]

    def isf(self, q: ArrayLike) -> Floats:
        """Return inf{x : P(X > x) <= q} for q in [0, 1]: one of the points."""
        q = numbers("q", q, least=0.0, most=1.0, unit="unitless")
        table = self._table
        more = table.above[1:-1][::-1]
        return table.at[more.size - np.searchsorted(more, q, side="right")]

    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(X, limit)^power] for limits in [0, inf] and power 1, 2 or 3."""
        d = limits(limit)
        k = checked_power(power)
        table = self._table
        place = np.searchsorted(table.at, d, side="right")
        capped = np.where(place < table.at.size, d, 0.0) ** k * table.above[place]
        return (self._sums[k - 1][place] + capped)[()]

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest point."""
        return float(self._table.at[0]), float(self._table.at[-1])

    def atoms(self) -> Atoms:
        """Return the points and their probabilities."""
        return Atoms(self._table.at, self._table.mass)


@dataclass(frozen=True, eq=False, repr=False)
class Empirical(_Steps):
    """The observed losses themselves, each with its weight.

    Parameters
    ----------
    losses : array, shape (n,)
        >= 0, any order [unit of the loss].
    weights : array, shape (n,), optional
        >= 0, not all 0; only their ratios count. Empty: all the same [unitless].
    """

    losses: ArrayLike
    weights: ArrayLike | None = None

    def __post_init__(self) -> None:
        """Refuse losses that are negative or no numbers, and weights that do not fit them."""
        aligned(losses=self.losses, weights=self.weights)
        losses = numbers("losses", self.losses, least=0.0, dimensions=1, fewest=1, unit="unit of the loss")
        object.__setattr__(self, "losses", _kept(losses))
        if self.weights is not None:
            object.__setattr__(
                self, "weights", _kept(_weights("weights", self.weights, losses.size, "losses"))
            )

    def __repr__(self) -> str:
        """Say how many losses there are, and in what range."""
        losses = np.asarray(self.losses)
        weighted = ", weighted" if self.weights is not None else ""
        return f"Empirical({losses.size:,} losses from {losses.min():g} to {losses.max():g}{weighted})"

    def _given(self) -> tuple[Floats, Floats]:
        losses = np.asarray(self.losses, dtype=np.float64)
        return losses, np.ones(losses.size) if self.weights is None else np.asarray(
            self.weights, dtype=np.float64
        )


@dataclass(frozen=True, eq=False, repr=False)
class Discrete(_Steps):
    """Points with given probabilities.

    Parameters
    ----------
    points : array, shape (n,)
        >= 0, any order; equal ones are added [unit of the loss].
    probabilities : array, shape (n,)
        >= 0, with sum 1 [unitless].
    """

    points: ArrayLike
    probabilities: ArrayLike

    def __post_init__(self) -> None:
        """Refuse points that are negative or no numbers, and probabilities that do not add up to 1."""
        aligned(points=self.points, probabilities=self.probabilities)
        at = numbers("points", self.points, least=0.0, dimensions=1, fewest=1, unit="unit of the loss")
        mass = _weights("probabilities", self.probabilities, at.size, "points")
        total = math.fsum(mass)
        if abs(total - 1) > _ROUNDING:
            raise ArgumentError(
                Fault(
                    "probabilities",
                    f"sum(probabilities) = {total:.10g}",
                    "They must add up to 1: divide by their sum, or use Empirical with weights.",
                    "unitless",
                )
            )
        object.__setattr__(self, "points", _kept(at))
        object.__setattr__(self, "probabilities", _kept(mass))

    def __repr__(self) -> str:
        """Show the points and probabilities, or their number."""
        at, mass = np.asarray(self.points), np.asarray(self.probabilities)
        if at.size > 6:
            return f"Discrete({at.size:,} points from {at.min():g} to {at.max():g})"
        return f"Discrete({at.tolist()}, {mass.tolist()})"

    def _given(self) -> tuple[Floats, Floats]:
        return np.asarray(self.points, dtype=np.float64), np.asarray(self.probabilities, dtype=np.float64)


def _kept(values: Floats) -> Floats:
    """Return a copy that nobody can change: the law is frozen."""
    copy = values.copy()
    copy.setflags(write=False)
    return copy


def _weights(name: str, given: ArrayLike, size: int, of: str) -> Floats:
    """Return weights >= 0 that are as many as what they weigh and not all 0."""
    weights = numbers(name, given, least=0.0, dimensions=1, unit="unitless")
    if weights.size != size:
        raise ArgumentError(
            Fault(name, f"{name} holds {weights.size}", f"One for each of the {size} {of}.", "unitless")
        )
    if not weights.any():
        raise ArgumentError(Fault(name, f"{name} are all 0", "At least one must be > 0.", "unitless"))
    return weights
