# SPDX-License-Identifier: Apache-2.0
"""What lies beyond the last node of the grid: its size from the exact mean, its shape from one single big loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.grid_law import GridLaw

Floats = NDArray[np.float64]


class OneLoss(Protocol):
    """What the tail must know of one loss: a severity, or a year's sum that is itself a summand."""

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x)."""

    def limited_expected_value(self, limit: ArrayLike) -> Floats:
        """Return E[min(X, limit)]."""

    def mean(self) -> float:
        """Return E[X]."""


class Source(NamedTuple):
    """A kind of loss and how many of it a year brings."""

    rate: float
    """Expected number [losses/year]."""
    loss: OneLoss
    """Law of one."""


@dataclass(frozen=True)
class Tail:
    """The law of S above the top of its grid.

    Parameters
    ----------
    sources : tuple of Source
        What S is the sum of.
    mean : float
        E[S], exact; inf where it does not exist, in the unit of the loss.
    top : float
        The last node, in the unit of the loss.
    survival_at_top : float
        P(S > top) [unitless].
    excess_at_top : float
        E[(S - top)+] = E[S] - E[min(S, top)], in the unit of the loss; inf where the mean does not exist.

    Notes
    -----
    P(S > x) is about sum_i E[N_i] P(X_i > x - (E[S] - E[X_i])) where losses are heavy-tailed: one loss is big, the
    others are near their mean. Only the shape of that is used: it is scaled to the survival function at the top and to
    the exact mean beyond it. Where single losses cannot reach so far, nothing is left to be estimated: 0.

    References
    ----------
    Embrechts, P., Klüppelberg, C. and Mikosch, T. (1997), Modelling Extremal Events, Springer, section 1.3
    (subexponential laws).
    """

    sources: tuple[Source, ...]
    mean: float
    top: float
    survival_at_top: float
    excess_at_top: float

    def survival(self, x: ArrayLike) -> Floats:
        """Return the estimate of P(S > x) for x >= top, any shape [unitless]."""
        here = self._shape(np.asarray(self.top))
        if not here > 0.0:
            return np.zeros(np.shape(x))
        return np.minimum(self.survival_at_top * self._shape(np.asarray(x)) / here, self.survival_at_top)

    def excess(self, x: ArrayLike) -> Floats:
        """Return the estimate of E[(S - x)+] for x >= top, any shape, in the unit of the loss."""
        points = np.asarray(x, dtype=np.float64)
        if not math.isfinite(self.mean):
            return np.full(points.shape, math.inf)
        here = float(self._excess_shape(np.asarray(self.top)))
        if not here > 0.0:
            return np.zeros(points.shape)
        return np.asarray(self.excess_at_top * np.clip(self._excess_shape(points) / here, 0.0, 1.0))

    def uncertainty(self, x: float) -> float:
        """Return how wrong E[min(S, x)] may be for x >= top: E[(S - x)+], all beyond the top where the shape has none.

        Parameters
        ----------
        x : float
            Amount, in the unit of the loss.
        """
        if not math.isfinite(self.mean):
            return float(self.between(np.asarray(x)))
        estimate = float(self.excess(np.asarray(x)))
        return estimate if estimate > 0.0 else self.excess_at_top

    def between(self, x: ArrayLike) -> Floats:
        """Return the estimate of E[min(S, x)] - E[min(S, top)] for x >= top where the mean is infinite."""
        points = np.asarray(x, dtype=np.float64)
        here = float(self._shape(np.asarray(self.top)))
        if not here > 0.0:
            return np.zeros(points.shape)
        total = np.zeros(points.shape)
        for source, shift in self._shifted():
            low = source.loss.limited_expected_value(self.top - shift)
            total += source.rate * (source.loss.limited_expected_value(points - shift) - low)
        return self.survival_at_top * total / here

    def _shifted(self) -> list[tuple[Source, float]]:
        finite = math.isfinite(self.mean)
        return [
            (s, min(max(self.mean - s.loss.mean(), 0.0), self.top / 2) if finite else 0.0)
            for s in self.sources
        ]

    def _shape(self, x: Floats) -> Floats:
        total = np.zeros(x.shape)
        for source, shift in self._shifted():
            total = total + source.rate * source.loss.sf(np.maximum(x - shift, 0.0))
        return total

    def _excess_shape(self, x: Floats) -> Floats:
        total = np.zeros(x.shape)
        for source, shift in self._shifted():
            beyond = source.loss.mean() - source.loss.limited_expected_value(np.maximum(x - shift, 0.0))
            total = total + source.rate * np.maximum(beyond, 0.0)
        return total


def tail_of(law: GridLaw, sources: Sequence[Source], mean: float) -> Tail:
    """Return the tail that continues a law on a grid.

    Parameters
    ----------
    law : GridLaw
        The law up to its top.
    sources : sequence of Source
        What the sum is made of.
    mean : float
        E[S], exact, in the unit of the loss; inf where it does not exist.
    """
    beyond = max(1.0 - float(law.at_nodes[-1]), 0.0)
    excess = max(mean - float(law.limited_at_nodes[-1]), 0.0)
    return Tail(tuple(sources), mean, law.top, beyond, excess)
