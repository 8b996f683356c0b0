# SPDX-License-Identifier: Apache-2.0
"""A law on a uniform grid, atoms kept apart: distribution function, quantiles, limited expected values.

The continuous part is known by its mean in every cell, which is what local moments give, and at the nodes; inside a
cell its distribution function is the parabola with that mean and those ends. So the integral of the distribution
function is exact at every node, the function is monotone, and both are of third order or better. No annual terms here,
and nothing of where the law came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.severity.law import NO_ATOMS, Atoms

Floats = NDArray[np.float64]

GHOSTS = 4
"""Cells needed beyond the last one to know the distribution function at the last node to fourth order."""

_APART = 8
_REACHED = 1e-14
_BESIDE = 4


class Parabola(NamedTuple):
    """left + u (slope + bend (1 - u)), u in [0, 1] across the cell: ends left and left + slope."""

    left: Floats
    slope: Floats
    bend: Floats


class _Edges(NamedTuple):
    """The points between which the law is a parabola: nodes, and the atoms between them, shape (edge,)."""

    points: Floats
    smooth: Floats
    """Distribution function of the continuous part there."""
    jumps: Floats
    jumps_up_to: Floats
    at: Floats
    """Distribution function, monotone."""
    cell: NDArray[np.int64]
    """The cell that ends there, or holds the point."""


@dataclass(frozen=True)
class GridLaw:
    """The law of S on [0, top], top = step * cells.

    Parameters
    ----------
    step : float
        Distance of the nodes, in the unit of the loss.
    averages : array, shape (cell,)
        Mean over each cell of the distribution function of the continuous part [unitless].
    ends : array, shape (cell + 1,)
        That function at the nodes [unitless].
    atoms : array, shape (cell + 1,)
        Probability at each node [unitless].
    loose : Atoms
        Atoms between the nodes, below the top.
    """

    step: float
    averages: Floats
    ends: Floats
    atoms: Floats
    loose: Atoms = NO_ATOMS

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.averages.size

    @property
    def top(self) -> float:
        """The last node, in the unit of the loss."""
        return self.step * self.cells

    @cached_property
    def atoms_up_to(self) -> Floats:
        """Probability of the atoms at or below each node, shape (cell + 1,)."""
        return np.cumsum(self.atoms)

    @cached_property
    def at_nodes(self) -> Floats:
        """Distribution function at the nodes, made monotone: noise must not turn back a search, shape (cell + 1,)."""
        jumps = self.atoms_up_to + self.loose_up_to(self.step * np.arange(self.cells + 1.0))
        return np.maximum.accumulate(self.ends + jumps)

    @cached_property
    def survival(self) -> Floats:
        """Mean of the survival function over each cell, shape (cell,)."""
        smooth = 1.0 - self.averages - self.atoms_up_to[:-1]
        if not self.loose.points.size:
            return smooth
        position = self.loose.points / self.step
        cell = np.minimum(position.astype(np.int64), self.cells - 1)
        above = np.bincount(
            cell, weights=self.loose.probabilities * (cell + 1.0 - position), minlength=self.cells
        )
        return np.asarray(smooth - above - self.loose_up_to(self.step * np.arange(self.cells)))

    @cached_property
    def limited_at_nodes(self) -> Floats:
        """E[min(S, node)], shape (cell + 1,), in the unit of the loss."""
        return self.step * np.concatenate([[0.0], np.cumsum(self.survival)])

    def all_atoms(self) -> Atoms:
        """Return the points with a probability of their own, on nodes or between them, ascending."""
        place = np.flatnonzero(self.atoms)
        points = np.concatenate([self.step * place, self.loose.points])
        order = np.argsort(points, kind="stable")
        return Atoms(points[order], np.concatenate([self.atoms[place], self.loose.probabilities])[order])

    def loose_up_to(self, x: ArrayLike) -> Floats:
        """Return the probability of the atoms between the nodes at or below x, any shape [unitless]."""
        starts, masses, _ = self._loose_sums
        return np.asarray(masses[np.searchsorted(starts, x, side="right")])

    def negative_mass(self) -> float:
        """Return the sum of the negative weights of the continuous part [unitless]."""
        weights = np.diff(self.averages, prepend=0.0)
        return float(-weights[weights < 0.0].sum())

    def kink(self, x: float) -> float:
        """Return what F(x) may be off by because the density jumps inside a cell, at an atom between nodes [unitless].

        Parameters
        ----------
        x : float
            In the unit of the loss.

        Notes
        -----
        Where the distribution function bends by d inside a cell, its means over three cells bend by at least d/2, and
        parabolas miss it by less than d/4.
        """
        cell = int(min(x / self.step, self.cells))
        around = self.loose_up_to(self.step * np.array([cell - _BESIDE, cell + _BESIDE + 1.0]))
        if around[0] == around[1]:
            return 0.0
        means = self.averages[max(cell - 2 * _BESIDE, 0) : cell + 2 * _BESIDE + 1]
        return float(np.abs(np.diff(means, 2)).max(initial=0.0)) / 2.0

    def parabola(self, cell: NDArray[np.int64]) -> Parabola:
        """Return the distribution function of the continuous part inside cells, monotone and with the cell's mean.

        Parameters
        ----------
        cell : array of int
            Which cells.

        References
        ----------
        Colella, P. and Woodward, P. R. (1984), The piecewise parabolic method (PPM) for gas-dynamical simulations,
        J. Computational Physics 54, 174-201, equations (1.5) and (1.10).
        """
        mean, left, right = self.averages[cell], self.ends[cell], self.ends[cell + 1]
        slope, bend = right - left, 6.0 * (mean - (left + right) / 2.0)
        flat = (right - mean) * (mean - left) <= 0.0
        low = ~flat & (slope * bend > slope * slope)
        high = ~flat & (slope * bend < -slope * slope)
        left = np.where(flat, mean, np.where(low, 3.0 * mean - 2.0 * right, left))
        right = np.where(flat, mean, np.where(high, 3.0 * mean - 2.0 * left, right))
        return Parabola(left, right - left, 6.0 * (mean - (left + right) / 2.0))

    def cdf(self, x: ArrayLike) -> Floats:
        """Return F(x) for 0 <= x <= top, any shape."""
        cell, inside = self._place(x)
        left, slope, bend = self.parabola(cell)
        value = left + inside * (slope + bend * (1.0 - inside)) + self.atoms_up_to[cell]
        if self.loose.points.size:
            value = value + self.loose_up_to(x)
        last = np.asarray(x) >= self.top
        return np.where(last, self.at_nodes[-1], value)

    def limited_expected_value(self, x: ArrayLike) -> Floats:
        """Return E[min(S, x)] for 0 <= x <= top, any shape, in the unit of the loss."""
        cell, u = self._place(x)
        left, slope, bend = self.parabola(cell)
        below = u * (left + u * ((slope + bend) / 2.0 - u * bend / 3.0)) + u * self.atoms_up_to[cell]
        value = self.limited_at_nodes[cell] + self.step * (u - below)
        if self.loose.points.size:
            value = value - (self._loose_integral(x) - self._loose_integral(self.step * cell))
        return value

    def quantile(self, level: ArrayLike, slack: float = 0.0) -> tuple[Floats, NDArray[np.bool_]]:
        """Return inf{x : F(x) >= level} and whether the level falls into the jump of an atom.

        Parameters
        ----------
        level : array
            Probabilities <= F(top) + ``slack`` [unitless]; beyond that the last node is returned.
        slack : float
            Rounding error of F: a level reached but for so much counts as reached [unitless].

        Returns
        -------
        value : array
            In the unit of the loss.
        atom : array of bool
            Where true, the value is a node that has a probability of its own.
        """
        asked = np.asarray(level, dtype=np.float64)
        p = asked - slack
        edges = self._edges
        edge = np.minimum(np.searchsorted(edges.at, p, side="left"), edges.at.size - 1)
        last = np.maximum(edge - 1, 0)
        jumps = edges.jumps_up_to[last]
        before = np.where(edge > 0, jumps, 0.0) + edges.smooth[edge]
        atom = (edges.jumps[edge] > 0.0) & (before < p)
        cell = edges.cell[edge]
        left, slope, bend = self.parabola(cell)
        rise = np.clip(asked - jumps - left, 0.0, slope)
        # The root of rise = u (slope + bend (1 - u)) that lies in [0, 1], free of cancellation.
        half = slope + bend
        root = np.sqrt(np.maximum(half * half - 4.0 * bend * rise, 0.0))
        divisor = half + root
        u = np.divide(2.0 * rise, divisor, out=np.ones_like(divisor), where=divisor > 0.0)
        inside = self.step * (cell + np.clip(u, 0.0, 1.0))
        if self.loose.points.size:
            inside = np.clip(inside, edges.points[last], edges.points[edge])
        return np.where(atom | (edge == 0), edges.points[edge], inside), atom

    @cached_property
    def _edges(self) -> _Edges:
        nodes = np.arange(self.cells + 1)
        points: Floats = np.asarray(self.step * nodes, dtype=np.float64)
        smooth, jumps, cell = self.ends, self.atoms, np.maximum(nodes - 1, 0)
        if not self.loose.points.size:
            return _Edges(points, smooth, jumps, self.atoms_up_to, self.at_nodes, cell)
        place, inside = self._place(self.loose.points)
        left, slope, bend = self.parabola(place)
        points = np.insert(points, place + 1, self.loose.points)
        smooth = np.insert(smooth, place + 1, left + inside * (slope + bend * (1.0 - inside)))
        jumps = np.insert(jumps, place + 1, self.loose.probabilities)
        up_to = np.cumsum(jumps)
        at = np.maximum.accumulate(smooth + up_to)
        return _Edges(points, smooth, jumps, up_to, at, np.insert(cell, place + 1, place))

    @cached_property
    def _loose_sums(self) -> tuple[Floats, Floats, Floats]:
        """Where the atoms between the nodes begin to count, and their probability and first moment up to there."""
        points, probabilities = self.loose
        masses = np.concatenate([[0.0], np.cumsum(probabilities)])
        return points * (1.0 - _REACHED), masses, np.concatenate([[0.0], np.cumsum(probabilities * points)])

    def _loose_integral(self, x: ArrayLike) -> Floats:
        """Integral from 0 to x of what the atoms between the nodes add to the distribution function."""
        starts, masses, moments = self._loose_sums
        below = np.searchsorted(starts, x, side="right")
        return np.maximum(np.asarray(x) * masses[below] - moments[below], 0.0)

    def _place(self, x: ArrayLike) -> tuple[NDArray[np.int64], Floats]:
        position = np.asarray(x, dtype=np.float64) / self.step
        nearest = np.round(position)
        # A node that division missed by a last digit is that node: its atom counts.
        position = np.where(np.abs(position - nearest) <= 4e-16 * nearest, nearest, position)
        cell = np.clip(np.floor(position), 0, self.cells - 1).astype(np.int64)
        return cell, np.asarray(position - cell)


def from_weights(step: float, weights: Floats, atoms: Floats, loose: Atoms = NO_ATOMS) -> GridLaw:
    """Return the law with given local-moment weights of its continuous part.

    Parameters
    ----------
    step : float
        Distance of the nodes, in the unit of the loss.
    weights : array, shape (cell + GHOSTS,)
        Weight of the continuous part at the nodes from 0 [unitless]; their running sums are its means over the cells.
    atoms : array, shape (cell + 1,)
        Probability at the nodes from 0 [unitless].
    loose : Atoms
        Atoms between the nodes, below the top.
    """
    means = np.cumsum(weights)
    cells = means.size - GHOSTS
    kinks = np.flatnonzero(atoms[: cells + 1])
    return GridLaw(step, means[:cells], _ends(means, cells, kinks), atoms[: cells + 1], loose)


def _ends(means: Floats, cells: int, kinks: NDArray[np.int64]) -> Floats:
    """Distribution function at the nodes: the derivative of the cubic through the integral at five nodes around.

    Where an atom makes a kink in the continuous part (its density jumps there), the formula looks to one side only.
    """
    ends = np.zeros(cells + 1)
    k = np.arange(2, cells + 1)
    ends[2:] = (7.0 * (means[k] + means[k - 1]) - means[k + 1] - means[k - 2]) / 12.0
    ends[1] = _first_end(means)
    apart = np.diff(kinks, prepend=-_APART, append=cells + _APART)
    lone = kinks[(apart[1:] >= _APART) & (apart[:-1] >= _APART) & (kinks >= _APART) & (kinks <= cells)]
    m = means
    from_left = (25.0 * m[lone - 1] - 23.0 * m[lone - 2] + 13.0 * m[lone - 3] - 3.0 * m[lone - 4]) / 12.0
    from_right = (25.0 * m[lone] - 23.0 * m[lone + 1] + 13.0 * m[lone + 2] - 3.0 * m[lone + 3]) / 12.0
    ends[lone] = (from_left + from_right) / 2.0
    ends[lone - 1] = (3.0 * m[lone - 1] + 13.0 * m[lone - 2] - 5.0 * m[lone - 3] + m[lone - 4]) / 12.0
    inner = lone[lone < cells]
    ends[inner + 1] = (3.0 * m[inner] + 13.0 * m[inner + 1] - 5.0 * m[inner + 2] + m[inner + 3]) / 12.0
    low = np.minimum(means[:cells], means[1 : cells + 1])
    high = np.maximum(means[:cells], means[1 : cells + 1])
    ends[1:] = np.clip(ends[1:], low, high)
    return ends


def _first_end(means: Floats) -> float:
    # The integral E of F is the quartic with E(0) = E'(0) = 0 through E(1) = m0, E(2) = m0 + m1, E(3) = m0 + m1 + m2.
    return float((17.0 * means[0] + 8.0 * means[1] - means[2]) / 18.0)
