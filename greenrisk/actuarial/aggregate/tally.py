# SPDX-License-Identifier: Apache-2.0
"""Any number of simulated years in memory of fixed size: exact moments, and narrow cells for the rest of the law.

Not here: the drawing of the years (simulation.py); samples that are kept whole (:mod:`greenrisk.actuarial.measures`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers, probability
from greenrisk.actuarial.measures import Estimate, Estimates, too_few_years
from greenrisk.actuarial.samples import ROUNDING

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CELL_BITS = 12
"""2^12 cells an octave: a cell is at most 1/4,096 = 0.024 % wide, relative to its lower end."""
_SHIFT = 52 - _CELL_BITS
_OCTAVES_BELOW = 24
_OCTAVES_ABOVE = 40


class BinnedEstimate(NamedTuple):
    """A figure of simulated years that are known by cells: its simulation error and what the cells leave open."""

    value: float
    """In the unit of the loss."""
    standard_error: float
    """Its standard error, same unit; inf for a single year."""
    bin_width: float
    """The figure of the years themselves is nowhere further away; same unit. 0 where it is known exactly."""

    def __float__(self) -> float:
        """Return the value, without its error."""
        return float(self.value)


@dataclass(frozen=True)
class SimulatedLoss:
    """Simulated years of an aggregate loss, summed up: moments exact, the law by cells.

    Parameters
    ----------
    years : int
        How many were simulated.
    average : float
        Mean of the years, in the unit of the loss.
    deviation : float
        Their standard deviation, with n - 1, same unit; inf for a single year.
    largest : float
        The worst year, same unit.
    low, high : array, shape (cell,)
        Ends of the cells that hold a year, ascending, same unit. The two are equal at a point that was given a cell of
        its own: no loss, multiples of a common layer limit, the annual limit.
    count : array of int, shape (cell,)
        Years in each [year].
    total : array, shape (cell,)
        Sum of those years, in the unit of the loss.
    """

    years: int
    average: float
    deviation: float
    largest: float
    low: Floats
    high: Floats
    count: Integers
    total: Floats

    def __repr__(self) -> str:
        """One block: the mean and the usual measures, each with its standard error."""
        from greenrisk.actuarial.aggregate.wording import simulated_block

        return simulated_block(self)

    def mean(self) -> Estimate:
        """Return the mean of the years and its standard error s / sqrt(n)."""
        return Estimate(self.average, self.deviation / math.sqrt(self.years))

    def value_at_risk(self, level: float) -> BinnedEstimate:
        """Return the value at risk, inf{x : F(x) >= level}, of the simulated years.

        Parameters
        ----------
        level : float
            Probability [unitless], in (0, 1).

        Raises
        ------
        ArgumentError
            If the level lies outside (0, 1), or its tail holds less than one year.

        Notes
        -----
        The order statistic of rank n - floor(n (1 - level)), placed in its cell as if the years of the cell were spread
        evenly about their mean. Standard error: half the distance of the order statistics at n p - s and n p + s,
        s = sqrt(n p (1 - p)), as in :func:`greenrisk.actuarial.exceedance.exceedance`.
        """
        p = self._checked(level)
        n = self.years
        rank = n - math.floor(n * (1 - p) * (1 + 1e-12) + ROUNDING)
        spread = math.sqrt(n * p * (1 - p))
        ends = [self._at_rank(min(max(n * p + sign * spread, 1.0), n)) for sign in (-1.0, 1.0)]
        cell = self._cell(rank)
        width = 0.0 if self.count[cell] == 1 else float(self.high[cell] - self.low[cell])
        return BinnedEstimate(self._at_rank(rank), (ends[1] - ends[0]) / 2 if n > 1 else math.inf, width)

    def tail_value_at_risk(self, level: float) -> BinnedEstimate:
        """Return the tail value at risk VaR + E[(S - VaR)+] / (1 - level), coherent at atoms.

        Parameters
        ----------
        level : float
            Probability [unitless], in (0, 1).

        Raises
        ------
        ArgumentError
            If the level lies outside (0, 1), or its tail holds less than one year.

        Notes
        -----
        Cells above that of VaR enter by their exact sums, so that only its own cell leaves something open. Standard
        error: sd((S - VaR)+) / ((1 - level) sqrt(n)).

        References
        ----------
        Rockafellar, R. T. and Uryasev, S. (2002), Conditional value-at-risk for general loss distributions, J. Banking
        & Finance 26, 1443-1471.
        """
        value, _, width = self.value_at_risk(level)
        n, tail = self.years, 1.0 - level
        rank = n - math.floor(n * tail * (1 + 1e-12) + ROUNDING)
        cell = self._cell(rank)
        above = np.maximum(self.total[cell + 1 :] - value * self.count[cell + 1 :], 0.0)
        squares = float((above**2 / self.count[cell + 1 :]).sum())
        # Within the cell: its years above the rank, evenly spread about its mean as in value_at_risk.
        place = rank - int(self.count[:cell].sum())
        beyond = int(self.count[cell]) - place
        average, half = self._spread(cell)
        own = beyond * max(average + half * place / int(self.count[cell]) - value, 0.0)
        excess = float(above.sum()) + own
        variance = max(squares / n - (excess / n) ** 2, 0.0)
        error = math.sqrt(variance / max(n - 1, 1)) / tail if n > 1 else math.inf
        return BinnedEstimate(value + excess / (n * tail), error, width * min(1.0, (beyond + 1) / (n * tail)))

    def aggregate_exceedance(self, x: ArrayLike) -> Estimates:
        """Return the share of the years whose loss exceeds x, and its standard error sqrt(p (1 - p) / n).

        Parameters
        ----------
        x : array
            Annual losses, in the unit of the loss. Within a cell the years are counted as spread evenly over it.
        """
        points = numbers("x", x, infinite=True)
        above = np.append(np.cumsum(self.count[::-1])[::-1], 0)
        cell = np.searchsorted(self.high, points, side="right")
        inside = np.minimum(cell, self.low.size - 1)
        width = self.high[inside] - self.low[inside]
        share = np.where(
            width > 0.0,
            (points - self.low[inside]) / np.where(width > 0.0, width, 1.0),
            points >= self.high[inside],
        )
        partial = np.where(cell < self.low.size, self.count[inside] * np.clip(share, 0.0, 1.0), 0.0)
        p = (above[cell] - partial) / self.years
        return Estimates(p, np.sqrt(p * (1.0 - p) / self.years))

    def _checked(self, level: float) -> float:
        p = probability("level", level)
        if self.years * (1.0 - p) < 1.0 - ROUNDING:
            raise too_few_years("years", self.years, p)
        return p

    def _cell(self, rank: float) -> int:
        return int(np.searchsorted(np.cumsum(self.count), rank - ROUNDING))

    def _spread(self, cell: int) -> tuple[float, float]:
        average = min(
            max(float(self.total[cell] / self.count[cell]), float(self.low[cell])), float(self.high[cell])
        )
        return average, min(average - float(self.low[cell]), float(self.high[cell]) - average)

    def _at_rank(self, rank: float) -> float:
        cell = self._cell(rank)
        average, half = self._spread(cell)
        place = (rank - float(self.count[:cell].sum()) - 0.5) / float(self.count[cell])
        return average + half * min(max(2.0 * place - 1.0, -1.0), 1.0)


class Tally:
    """Counts simulated years into cells of fixed relative width. The one object here that changes.

    Parameters
    ----------
    scale : float
        A typical annual loss, > 0, in the unit of the loss: the cells reach from 2^-24 to 2^40 times it.
    limit : float
        Most that a year can cost, same unit; inf: no limit.
    points : array, shape (point,)
        Annual losses with a probability of their own, each given a cell; of two within one cell the first only.

    Notes
    -----
    The cell of a loss is read off its binary representation: exponent and first 12 bits of the mantissa.
    """

    def __init__(self, scale: float, limit: float, points: Floats) -> None:
        floor = math.ldexp(1.0, math.frexp(scale)[1] - 1 - _OCTAVES_BELOW)
        top = min(math.ldexp(floor, _OCTAVES_BELOW + _OCTAVES_ABOVE), limit)
        self._first = int(_keys(np.array([floor]))[0]) - 1
        cells = max(int(_keys(np.array([top]))[0]) - self._first, 1) + 1
        self._point = np.full(cells, np.inf)
        at = self._places(points)
        for i, point in zip(at[::-1], points[::-1], strict=True):
            self._point[i] = point
        split = np.isfinite(self._point)
        self._start = np.arange(cells) + 2 * (np.cumsum(split) - split)
        self._count = np.zeros(cells + 2 * int(split.sum()), dtype=np.int64)
        self._total = np.zeros(self._count.size)
        self.years, self._mean, self._squares, self._largest = 0, 0.0, 0.0, 0.0

    def add(self, annual: Floats) -> None:
        """Count the losses of some years, shape (year,) >= 0."""
        n = annual.size
        mean = float(annual.mean())
        self._squares += float(np.square(annual - mean).sum())
        self._squares += (mean - self._mean) ** 2 * n * self.years / (n + self.years)
        self.years += n
        self._mean += (mean - self._mean) * n / self.years
        self._largest = max(self._largest, float(annual.max()))
        cell = self._places(annual)
        point = self._point[cell]
        cell = self._start[cell] + (annual >= point) + (annual > point)
        np.add.at(self._count, cell, 1)
        np.add.at(self._total, cell, annual)

    def result(self) -> SimulatedLoss:
        """Return what was counted so far."""
        cells = self._point.size
        edges = np.append(_from_keys(self._first + np.arange(cells)), max(self._largest, 0.0))
        edges[0] = 0.0
        split = np.flatnonzero(np.isfinite(self._point))
        low, high = np.empty(self._count.size), np.empty(self._count.size)
        low[self._start], high[self._start] = edges[:-1], edges[1:]
        at = self._start[split]
        high[at], high[at + 2] = self._point[split], edges[split + 1]
        low[at + 1], high[at + 1], low[at + 2] = (self._point[split],) * 3
        held = self._count > 0
        deviation = math.sqrt(self._squares / (self.years - 1)) if self.years > 1 else math.inf
        return SimulatedLoss(
            self.years,
            self._mean,
            deviation,
            self._largest,
            low[held],
            np.maximum(np.minimum(high[held], self._largest), low[held]),
            self._count[held],
            self._total[held],
        )

    def _places(self, x: Floats) -> Integers:
        return np.clip(_keys(x) - self._first, 0, self._point.size - 1)


def _keys(x: Floats) -> Integers:
    # The bits must be those of floats: of an integer array they would name other cells.
    return np.ascontiguousarray(x, dtype=np.float64).view(np.int64) >> _SHIFT


def _from_keys(keys: Integers) -> Floats:
    return (keys << _SHIFT).view(np.float64)
