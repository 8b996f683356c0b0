# SPDX-License-Identifier: Apache-2.0
"""What lies beyond the last node of the grid: longer and coarser grids, and at last the shape of one big loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.grid_law import GridLaw
from greenrisk.actuarial.aggregate.transform import FAR_WINDOW

Floats = NDArray[np.float64]

_RATIO = 8.0
_FAINT = 1e-10
"""Below this probability the rounding of the transform is no longer small beside it, however few the losses."""
_CLEAR = 8.0
_MOST_GRIDS = 16


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


class Longer(Protocol):
    """How the same law is made on a longer grid."""

    def __call__(self, step: float, cells: int) -> GridLaw:
        """Return the law on so many cells of a width."""


class _End(NamedTuple):
    """A point, P(S > point) and E[min(S, point)]."""

    x: float
    survival: float
    limited: float


@dataclass(frozen=True)
class Tail:
    """The law of S above the top of its grid: on ever longer grids of the same number of cells, made when asked for.

    Parameters
    ----------
    first : GridLaw
        The law up to the top.
    longer : callable
        Makes it on a longer grid.
    cells : int
        Number of cells of those, about.
    sources : tuple of Source
        What S is the sum of.
    mean : float
        E[S], exact; inf where it does not exist, in the unit of the loss.

    Notes
    -----
    Each grid is eight times as long as the one before, to where S is exceeded with a probability of 1e-10 (more where
    losses are very many: their number multiplies the rounding). Beyond, one
    loss is big and the others are near their mean: P(S > x) is about sum_i E[N_i] P(X_i > x - (E[S] - E[X_i])). Only
    the shape of that is used, scaled to that point: P(S > x) to the survival function there, E[(S - x)+] to
    what is left of the exact mean. Where single losses cannot reach so far, both fall exponentially, with the mean
    excess at that point.

    References
    ----------
    Embrechts, P., Klüppelberg, C. and Mikosch, T. (1997), Modelling Extremal Events, Springer, section 1.3
    (subexponential laws).
    """

    first: GridLaw
    longer: Longer
    cells: int
    sources: tuple[Source, ...]
    mean: float

    @property
    def top(self) -> float:
        """The last node of the first grid, in the unit of the loss."""
        return self.first.top

    @cached_property
    def faint(self) -> float:
        """Probability below which rounding is no longer small beside it [unitless]."""
        rate = sum(source.rate for source in self.sources)
        return max(_FAINT, _CLEAR * FAR_WINDOW.for_many(rate).rounding(rate))

    @property
    def survival_at_top(self) -> float:
        """P(S > top) [unitless]."""
        return max(1.0 - float(self.first.at_nodes[-1]), 0.0)

    @property
    def excess_at_top(self) -> float:
        """E[(S - top)+], in the unit of the loss."""
        return max(self.mean - float(self.first.limited_at_nodes[-1]), 0.0)

    @property
    def known_to(self) -> float:
        """The amount to which the law is computed; beyond it, it is extrapolated, in the unit of the loss."""
        return self._end.x

    def survival(self, x: ArrayLike) -> Floats:
        """Return P(S > x) for x >= top, any shape [unitless]."""
        points = np.asarray(x, dtype=np.float64)
        result = np.zeros(points.shape)
        for law, here in self._shares(points):
            result[here] = 1.0 - law.cdf(points[here])
        beyond = points > self._end.x
        if beyond.any():
            result[beyond] = self._end.survival * self._relative(self._exceeded, points[beyond])
        return np.asarray(np.clip(result, 0.0, self.survival_at_top))

    def limited_expected_value(self, x: ArrayLike) -> Floats:
        """Return E[min(S, x)] for x >= top, any shape, in the unit of the loss; the mean at infinity."""
        points = np.asarray(x, dtype=np.float64)
        result = np.full(points.shape, self.mean)
        for law, here in self._shares(points):
            result[here] = law.limited_expected_value(points[here])
        beyond = np.isfinite(points) & (points > self._end.x)
        if beyond.any():
            result[beyond] = self._limited_beyond(points[beyond])
        return np.asarray(np.clip(result, float(self.first.limited_at_nodes[-1]), self.mean))

    def quantile(self, level: float) -> tuple[float, bool] | None:
        """Return inf{x : P(S <= x) >= level} beyond the top, whether it is an atom; None where rounding hides it."""
        if level > 1.0 - self.faint:
            return None
        for law in self._grids():
            if level <= float(law.at_nodes[-1]):
                value, atom = law.quantile(level)
                return float(value), bool(atom)
        return None

    def uncertainty(self, x: float) -> float:
        """Return how wrong E[min(S, x)] may be because it lies beyond the last grid, in the unit of the loss."""
        if x <= self._end.x or x == math.inf:
            return 0.0
        estimate = float(self._limited_beyond(np.asarray([x]))[0]) - self._end.limited
        left = self.mean - self._end.limited
        return max(min(estimate, left - estimate), 0.0) if math.isfinite(left) else estimate

    def _grids(self) -> Iterator[GridLaw]:
        """The grids beyond the first, each made when its turn comes."""
        made = self._made
        place = 0
        law = self.first
        while float(law.at_nodes[-1]) < 1.0 - self.faint and place < _MOST_GRIDS:
            if place == len(made):
                # Doubled steps stay on the nodes of the first grid, and on its atoms as long as they can.
                step = law.step * 2.0 ** max(math.ceil(math.log2(_RATIO * law.cells / self.cells)), 0)
                made.append(self.longer(step, math.ceil(_RATIO * law.top / step)))
            law = made[place]
            place += 1
            yield law

    @cached_property
    def _made(self) -> list[GridLaw]:
        return []

    @cached_property
    def _end(self) -> _End:
        """Where rounding begins to hide the law, on the last grid."""
        last = [self.first, *self._grids()][-1]
        x = last.top if last is self.first else max(float(last.quantile(1.0 - self.faint)[0]), self.top)
        survival = max(1.0 - float(last.cdf(x)), 0.0)
        return _End(x, survival, float(last.limited_expected_value(x)))

    def _shares(self, points: Floats) -> Iterator[tuple[GridLaw, NDArray[np.bool_]]]:
        low = -math.inf
        for law in self._grids():
            here = (points > low) & (points <= law.top)
            if here.any():
                yield law, here
            if not (points > law.top).any():
                return
            low = law.top

    def _limited_beyond(self, x: Floats) -> Floats:
        end = self._end
        if math.isfinite(self.mean):
            return np.asarray(end.limited + self._left * (1.0 - self._relative(self._exceeded_by, x)))
        # An infinite mean comes from single losses, so that they can reach any amount.
        exceeded = float(self._exceeded(np.asarray(end.x)))
        more = sum(
            s.rate * (s.loss.limited_expected_value(x) - s.loss.limited_expected_value(end.x))
            for s in self.sources
        )
        return np.asarray(end.limited + more * end.survival / exceeded)

    @property
    def _left(self) -> float:
        """E[(S - x)+] at the end of what is known, of a finite mean."""
        return max(self.mean - self._end.limited, 0.0)

    def _relative(self, shape: Callable[[Floats], Floats], x: Floats) -> Floats:
        """A function that falls to 0, over its value at the end of what is known."""
        end = self._end
        here = float(shape(np.asarray(end.x)))
        if here > 0.0:
            return np.clip(shape(x) / here, 0.0, 1.0)
        if self._left > 0.0 and end.survival > 0.0:
            return np.asarray(np.exp(-(x - end.x) * end.survival / self._left))
        return np.zeros(x.shape)

    def _shifted(self, x: Floats) -> Iterator[tuple[Source, Floats]]:
        """Each source, and what one loss of it must exceed for the sum to exceed x."""
        for source in self.sources:
            others = max(self.mean - source.loss.mean(), 0.0) if math.isfinite(self.mean) else 0.0
            yield source, np.asarray(x - min(others, self.top / 2.0))

    def _exceeded(self, x: Floats) -> Floats:
        return np.asarray(sum(source.rate * source.loss.sf(one) for source, one in self._shifted(x)))

    def _exceeded_by(self, x: Floats) -> Floats:
        left = ((s.rate, s.loss.mean() - s.loss.limited_expected_value(one)) for s, one in self._shifted(x))
        return np.asarray(sum(rate * np.maximum(excess, 0.0) for rate, excess in left))
