# SPDX-License-Identifier: Apache-2.0
"""A year's sum after an annual attachment and limit: read off the law before them, on no grid of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.grid_law import GridLaw
from greenrisk.actuarial.aggregate.results import Kind, Moments
from greenrisk.actuarial.aggregate.tail import Tail
from greenrisk.actuarial.severity.law import Atoms

Floats = NDArray[np.float64]

PROBES = (0.9, 0.99, 0.995, 0.999)
"""Levels at which a finer grid must not change VaR and TVaR."""

_FLAT = 1e-9
_NOISE = 1e-16
_SELDOM = 0.1
_SHARE = 0.5
"""Rounding grows to the top of the grid, where the tilt is undone: its mean, over that at the top."""
_NEAR = np.array([0.95, 0.975, 1.0, 1.025, 1.05])
_BESIDE = np.array([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0])


@dataclass(frozen=True)
class AnnualLaw:
    """The law of T = min(max(S - attachment, 0), limit).

    Parameters
    ----------
    law : GridLaw
        Of S up to the top of the grid.
    tail : Tail
        Of S beyond.
    attachment : float
        What the year must exceed, >= 0, in the unit of the loss.
    limit : float
        Most that is paid for the year, > 0, same unit; inf: no limit.
    """

    law: GridLaw
    tail: Tail
    attachment: float = 0.0
    limit: float = math.inf

    @property
    def ceiling(self) -> float:
        """The sum before terms from which on the limit is paid, in the unit of the loss."""
        return self.attachment + self.limit

    @property
    def greatest_level(self) -> float:
        """The greatest level whose value at risk the first grid holds [unitless]; 1 where the limit is on it."""
        return 1.0 if self.ceiling <= self.law.top * (1 + 1e-12) else float(self.law.at_nodes[-1])

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(T <= x), any shape."""
        points = np.asarray(x, dtype=np.float64)
        return np.where(
            points < 0.0, 0.0, np.where(points >= self.limit, 1.0, np.clip(self._before(points), 0.0, 1.0))
        )

    def below_limit(self) -> float:
        """Return P(T < limit), 1 where there is none [unitless]."""
        law = self.law
        if self.limit == math.inf:
            return 1.0
        if self.ceiling > law.top * (1 + 1e-12):
            return float(self._before(np.asarray(self.limit)))
        points, weights = law.all_atoms()
        here = np.abs(points - self.ceiling) <= 1e-12 * self.ceiling
        return float(law.cdf(min(self.ceiling, law.top))) - float(weights[here].sum())

    def atoms(self) -> Atoms:
        """Return the points with a probability of their own, ascending."""
        points, weights = self.law.all_atoms()
        points = points - self.attachment
        inside = (points > 0.0) & (points < self.limit * (1 - 1e-12))
        points = np.concatenate([[0.0], points[inside], [self.limit]])
        weights = np.concatenate([[float(self.cdf(0.0))], weights[inside], [1.0 - self.below_limit()]])
        some = (weights > _NOISE) & np.isfinite(points)
        return Atoms(points[some], weights[some])

    def limited_expected_value(self, x: ArrayLike) -> Floats:
        """Return E[min(T, x)], any shape, in the unit of the loss."""
        points = np.clip(np.asarray(x, dtype=np.float64), 0.0, self.limit)
        at_attachment = self._limited(np.asarray(self.attachment))
        return np.asarray(self._limited(self.attachment + points) - at_attachment)

    def mean(self) -> float:
        """Return E[T]; inf where E[S] is and no limit is set."""
        return self._mean

    @cached_property
    def _mean(self) -> float:
        return float(self.limited_expected_value(math.inf))

    def uncertainty(self, noise: float) -> float:
        """Return what E[T] and E[(T - x)+] may be off by, on any grid, in the unit of the loss.

        Parameters
        ----------
        noise : float
            Error of the distribution function [unitless]: it counts over all that was integrated, the attachment too.
        """
        top = min(self.ceiling, self.law.top)
        beyond = self.limit < math.inf and self.ceiling > self.law.top
        return noise * _SHARE * top + (self.tail.uncertainty(self.ceiling) if beyond else 0.0)

    def moved(self, x: float, width: float) -> float:
        """Return by how much E[(T - x)+] may move when each S moves by ``width``, and by nothing on average.

        Parameters
        ----------
        x, width : float
            In the unit of the loss.
        """
        if width == 0.0:
            return 0.0
        # Only what is so near to a bend of the function counts.
        law = self.law
        ends = np.array([x, self.limit, 0.0])
        bends = self.attachment + ends[[True, math.isfinite(self.limit), self.attachment > 0.0]]
        above = np.where(
            bends + 2.0 * width < law.top, law.cdf(np.minimum(bends + 2.0 * width, law.top)), 1.0
        )
        return width * float((above - law.cdf(np.clip(bends - 2.0 * width, 0.0, law.top))).sum())

    def quantile(self, level: float, slack: float = 0.0) -> tuple[float, Kind]:
        """Return inf{x : P(T <= x) >= level}, and whether the level falls into a jump.

        Parameters
        ----------
        level : float
            Probability [unitless], see :meth:`holds`.
        slack : float
            Rounding error of the distribution function [unitless].
        """
        if level - slack > self.greatest_level:
            beyond = self.tail.quantile(level)
            # Beyond the last grid there is nothing but the limit to fall back on.
            before, atom = (self.ceiling, False) if beyond is None else beyond
        else:
            value, jump = self.law.quantile(level, slack)
            before, atom = float(value), bool(jump)
        if before <= self.attachment:
            return 0.0, "atom"
        if before >= self.ceiling:
            # The jump at the limit is everything at or above the ceiling.
            return self.limit, "atom"
        return before - self.attachment, "atom" if atom else "interpolated"

    def holds(self, level: float) -> bool:
        """Return whether the value at risk at a level lies on one of the grids."""
        return level <= self.greatest_level or self.tail.quantile(level) is not None

    def tail_value_at_risk(self, level: float, at: float) -> float:
        """Return VaR + (E[T] - E[min(T, VaR)]) / (1 - level).

        Parameters
        ----------
        level : float
            Probability [unitless].
        at : float
            The value at risk at that level, in the unit of the loss.
        """
        excess = self.mean() - float(self.limited_expected_value(at))
        return at + max(excess, 0.0) / (1.0 - level)

    def nodes(self) -> Floats:
        """Return nodes from 0 to the limit or to the top of the grid, in the unit of the loss.

        Their distance is that of the grid, or the next smaller one of which the limit is a multiple.
        """
        step = self.law.step
        reach = min(self.limit, max(self.law.top - self.attachment, step))
        cells = max(math.ceil(reach / step * (1 - 1e-12)), 1)
        if reach == self.limit:
            step = self.limit / cells
        return np.asarray(step * np.arange(cells + 1.0))

    def cell_survival(self) -> Floats:
        """Return the mean of P(T > x) between the nodes, shape (cell,) [unitless]."""
        nodes = self.nodes()
        if self.attachment == 0.0 and nodes[1] == self.law.step:
            return self.law.survival[: nodes.size - 1]
        return np.asarray(np.diff(self.limited_expected_value(nodes)) / nodes[1])

    def weights(self) -> Floats:
        """Return weights of the nodes that keep mass and mean in every cell, atoms included, shape (node,) [unitless].

        They sum to P(T <= last node).
        """
        survival = self.cell_survival()
        beyond = 1.0 - float(self.cdf(self.nodes()[-1]))
        return np.concatenate([[1.0 - survival[0]], survival[:-1] - survival[1:], [survival[-1] - beyond]])

    def layer(self, limit: float, attachment: float) -> AnnualLaw:
        """Return the law of min(max(T - attachment, 0), limit).

        Parameters
        ----------
        limit : float
            > 0, inf allowed, in the unit of the loss.
        attachment : float
            >= 0 and below the limit of T, same unit.
        """
        most = min(limit, self.limit - attachment)
        return AnnualLaw(self.law, self.tail, self.attachment + attachment, most)

    def moments(self) -> Moments:
        """Return mean, standard deviation and skewness off the grid; what lies beyond its top counts as at the top.

        Notes
        -----
        E[T^2] = 2 (c E(c) - int E), E[T^3] = 3 (c^2 E(c) - 2 int x E), E(x) = E[min(T, x)] integrated to c by
        Simpson's rule on every cell.
        """
        ends = self.nodes()
        middles = (ends[:-1] + ends[1:]) / 2.0
        step, top = float(ends[1]), float(ends[-1])
        limited, between = self.limited_expected_value(ends), self.limited_expected_value(middles)
        inner = limited[1:-1]
        plain = step / 6.0 * float(limited[0] + limited[-1] + 2.0 * inner.sum() + 4.0 * between.sum())
        weighted = step / 6.0 * float(top * limited[-1] + 2.0 * ends[1:-1] @ inner + 4.0 * middles @ between)
        first = float(limited[-1])
        return central(first, 2.0 * (top * first - plain), 3.0 * (top * top * first - 2.0 * weighted))

    def _before(self, x: Floats) -> Floats:
        points = self.attachment + np.maximum(x, 0.0)
        inside = self.law.cdf(np.minimum(points, self.law.top))
        beyond = points > self.law.top
        if not beyond.any():
            return inside
        return np.where(beyond, 1.0 - self.tail.survival(np.maximum(points, self.law.top)), inside)

    def _limited(self, x: Floats) -> Floats:
        top = self.law.top
        inside = self.law.limited_expected_value(np.minimum(x, top))
        beyond = x > top
        if not beyond.any():
            return inside
        return np.where(beyond, self.tail.limited_expected_value(np.maximum(x, top)), inside)


def greatest_change(fine: AnnualLaw, coarse: AnnualLaw, slack: float, top_level: float = 0.0) -> float:
    """Return the greatest relative change of mean, VaR and TVaR at the probed levels from one law to another.

    Parameters
    ----------
    fine, coarse : AnnualLaw
        The same law on two grids.
    slack : float
        Rounding error of their distribution functions [unitless].
    top_level : float
        Level up to which the grids must hold the values at risk; infinite change where one does not [unitless].

    Notes
    -----
    Where most years bring nothing the levels are meant among those that do, too.
    A value at risk where the distribution function is flat counts as unchanged when the function changes by less than
    1e-9 there.
    """
    means = fine.mean(), coarse.mean()
    finite = math.isfinite(means[0])
    greatest = abs(means[1] / means[0] - 1.0) if finite and means[0] > 0.0 else 0.0
    nothing = float(fine.cdf(0.0))
    probes = PROBES if nothing < _SELDOM else (*PROBES, *(1.0 - (1.0 - p) * (1.0 - nothing) for p in PROBES))
    for level in probes:
        if level >= 1.0 or level > min(fine.greatest_level, coarse.greatest_level):
            if level <= top_level:
                return math.inf
            continue
        value, other = fine.quantile(level, slack)[0], coarse.quantile(level, slack)[0]
        if value > 0.0 and abs(float(coarse.cdf(value) - fine.cdf(value))) > _FLAT:
            greatest = max(greatest, abs(other / value - 1.0))
        if finite:
            tails = fine.tail_value_at_risk(level, value), coarse.tail_value_at_risk(level, other)
            if tails[0] > 0.0:
                greatest = max(greatest, abs(tails[1] / tails[0] - 1.0))
    return greatest


def doubt(fine: AnnualLaw, coarse: AnnualLaw | None, x: float) -> tuple[float, float]:
    """Return the greatest change of P(T <= y), and of E[(T - y)+], from the coarser law, for y near x.

    Near and not at x, because two grids may agree at a point by accident.

    Parameters
    ----------
    fine : AnnualLaw
        The law.
    coarse : AnnualLaw or None
        On the grid of twice the step; None: no error of the grid.
    x : float
        Amount, in the unit of the loss.
    """
    if coarse is None:
        return 0.0, 0.0
    near = np.maximum(np.concatenate([x * _NEAR, x + coarse.law.step * _BESIDE]), 0.0)
    change = float(np.abs(fine.cdf(near) - coarse.cdf(near)).max())
    below = fine.limited_expected_value(near) - coarse.limited_expected_value(near)
    means = fine.mean() - coarse.mean() if math.isfinite(fine.mean()) else 0.0
    excess = float(np.abs(means - below).max())
    if not fine.law.loose.points.size:
        return change, excess
    # Atoms between nodes are nearer to one on this grid or on that: errors do not fall by four each time.
    kink = fine.law.kink(fine.attachment + x)
    return 2.0 * change + kink, 2.0 * excess + kink * fine.law.step


def central(first: float, second: float, third: float) -> Moments:
    """Return mean, standard deviation and skewness from the raw moments E[S^k], k = 1, 2, 3."""
    variance = max(second - first * first, 0.0)
    deviation = math.sqrt(variance)
    cubed = third - 3.0 * first * second + 2.0 * first**3
    return Moments(first, deviation, cubed / deviation**3 if deviation > 0.0 else math.nan)
