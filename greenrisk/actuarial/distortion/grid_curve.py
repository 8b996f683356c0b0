# SPDX-License-Identifier: Apache-2.0
"""Integrals of g(S(x)) over the grid of an aggregate loss, and over the tail beyond it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate.annual import AnnualLaw
from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.aggregate.results import Numerical
from greenrisk.actuarial.distortion.functions import Distortion, ProportionalHazard
from greenrisk.actuarial.distortion.integral import tail_integral

Floats = NDArray[np.float64]

_MEAN = ProportionalHazard(1.0)
_CELLS_TO_E = 512  # cells beyond the first grid while the amount grows by a factor of e
_ON_EDGE = 1e-9  # how near, over the width of a cell, a jump must be to an edge to be there
_SEEN = 1e-13  # share of the mean beyond the grid that is more than the rounding of limited expected values


class GridCurve:
    """The law of an aggregate loss.

    Parameters
    ----------
    loss : AggregateLoss
        The law.

    Notes
    -----
    The error has three parts: the change against the grid of twice the step; what the integral moves when the
    probabilities are off by what the transform may have left; and what is not known of the tail beyond the longest
    grid. Of that the mass m0 and the mean m1 are exact, so that g(m0) m1 / m0, where g were straight, is not in doubt;
    of the rest twice the share is, by which the asymptotic shape misses the exact mean.
    """

    def __init__(self, loss: AggregateLoss) -> None:
        self._loss = loss
        self._fine = _Cells(loss.fine)
        self._coarse = None if loss.coarse is None else _Cells(loss.coarse)
        self.greatest = loss.annual_limit

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""
        below = float(self._loss.limited_expected_value(low))
        above = self._loss.mean() if math.isinf(high) else float(self._loss.limited_expected_value(high))
        return above - below

    def integral(self, distortion: Distortion, low: float, high: float) -> Numerical:
        """Return the sum over the cells and the integral over the tail beyond them."""
        noise = self._loss.error.probability
        value, error = self._fine.integral(distortion, low, high)
        error += self._fine.moved(distortion, low, high, noise)
        if self._coarse is not None:
            error += abs(self._coarse.integral(distortion, low, high).value - value)
        # No price moves by more than every loss does.
        error += self._loss.error.smoothing
        tail = self._fine.tail(distortion, low, high, noise)
        return Numerical(value + tail.value, error + tail.error)


class _Cells:
    """Averages of the survival function in the cells of one grid, and its values at their ends.

    In a cell with the average a of a survival function that falls from s0 to s1, the average of the concave g(S) lies
    between the chord of g over [s1, s0] at a and g(a), whatever the shape of S. The value is two thirds of the upper
    end and one of the lower: Simpson's rule, exact to the third order where S is straight.
    """

    def __init__(self, law: AnnualLaw) -> None:
        self._law = law
        edges, average = _cut_at_jumps(law)
        self._first = float(edges[-1])
        beyond = _longer(law, self._first)
        at_edges = 1.0 - law.cdf(np.concatenate([edges, beyond]))
        before = at_edges.copy()
        points, weights = law.atoms()
        place = _nearest(edges, points)
        on_edge = np.abs(edges[place] - points) <= _ON_EDGE * law.nodes()[1]
        np.add.at(before, place[on_edge], weights[on_edge])
        if beyond.size:
            ends = np.concatenate([edges[-1:], beyond])
            average = np.concatenate([average, np.diff(law.limited_expected_value(ends)) / np.diff(ends)])
            edges = np.concatenate([edges, beyond])
        self._edges, self._average = edges, np.clip(average, 0.0, 1.0)
        self._start = np.clip(np.maximum(at_edges[:-1], self._average), 0.0, 1.0)
        self._end = np.clip(np.minimum(before[1:], self._average), 0.0, 1.0)

    def integral(self, distortion: Distortion, low: float, high: float) -> Numerical:
        """Return the integral of g(S) over the part of the slice that is on the grids.

        Its error: what the shape of S may do in the cells beyond the first grid, which do not get finer with the step.
        """
        edges, average, start, end = self._split(distortion, low, high)
        width = np.maximum(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0.0)
        upper, fall = distortion.g(average), start - end
        share = np.divide(average - end, fall, out=np.zeros_like(fall), where=fall > 0.0)
        chord = distortion.g(end) * (1.0 - share) + distortion.g(start) * share
        lower = np.where(fall > 0.0, np.minimum(chord, upper), upper)
        value = float(np.einsum("k,k->", width, upper + upper + lower)) / 3.0
        wide = edges[:-1] >= self._first
        return Numerical(value, float(np.einsum("k,k->", width[wide], (upper - lower)[wide])) * 2.0 / 3.0)

    def moved(self, distortion: Distortion, low: float, high: float, noise: float) -> float:
        """Return by how much the integral rises when every probability of exceedance rises by ``noise``."""
        width = np.maximum(np.minimum(self._edges[1:], high) - np.maximum(self._edges[:-1], low), 0.0)
        rise = distortion.g(np.minimum(self._average + noise, 1.0)) - distortion.g(self._average)
        return float(np.einsum("k,k->", width, rise))

    def tail(self, distortion: Distortion, low: float, high: float, noise: float) -> Numerical:
        """Return the integral beyond the grids; its shape is scaled to the exact mean: no price is below that."""
        law, top = self._law, float(self._edges[-1])
        start, stop = max(top, low), min(high, law.limit)
        at_top = float(1.0 - law.cdf(top))
        if stop <= start or not at_top > 0.0:
            return Numerical(0.0, 0.0)
        mean = law.mean()
        excess = mean - float(law.limited_expected_value(top))

        def shape(x: ArrayLike) -> Floats:
            return np.asarray(law.tail.survival(np.asarray(x) + law.attachment))

        scale, unknown, certain = 1.0, 0.0, 0.0
        if _SEEN * mean < excess < math.inf:
            plain = tail_integral(_MEAN, shape, top, law.limit).value
            scale = excess / plain if 0.0 < plain < math.inf else 1.0
            # where no single loss reaches so far, the tail is known by its mass and mean alone
            reached = any(float(source.loss.sf(top)) > 0.0 for source in law.tail.sources)
            unknown = min(1.0, 2.0 * abs(scale - 1.0)) if reached else 1.0
            if start == top and stop == law.limit:
                certain = float(distortion.g(min(at_top, 1.0))) * excess / at_top
        found = tail_integral(distortion, lambda x: scale * shape(x), start, stop)
        if math.isinf(found.value):
            return found
        doubt = unknown * max(found.value - certain, 0.0) + min(1.0, noise / at_top) * found.value
        return Numerical(found.value, found.error + doubt)

    def _split(
        self, distortion: Distortion, low: float, high: float
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the cells, cut at the ends of the slice and where S passes a kink of g."""
        edges, average, start, end = self._edges, self._average, self._start, self._end
        cuts = [
            (self._law.quantile(1.0 - kink)[0], kink)
            for kink in distortion.kinks
            if self._law.holds(1.0 - kink)
        ]
        cuts += [(x, 1.0 - float(self._law.cdf(x))) for x in (low, high) if math.isfinite(x)]
        for x, s in cuts:
            k = int(np.searchsorted(edges, x, side="right")) - 1
            if not (0 <= k < average.size and edges[k] < x < edges[k + 1] and start[k] > s > end[k]):
                continue
            limited = self._law.limited_expected_value(np.array([edges[k], x]))
            left = min(max(float(limited[1] - limited[0]) / (x - edges[k]), s), start[k])
            whole = average[k] * (edges[k + 1] - edges[k])
            right = min(max((whole - left * (x - edges[k])) / (edges[k + 1] - x), end[k]), s)
            average = np.insert(np.where(np.arange(average.size) == k, right, average), k, left)
            edges, start, end = np.insert(edges, k + 1, x), np.insert(start, k + 1, s), np.insert(end, k, s)
        return edges, average, start, end


def _nearest(edges: Floats, points: Floats) -> NDArray[np.int64]:
    """Return which edge is nearest to each point."""
    above = np.clip(np.searchsorted(edges, points), 1, edges.size - 1)
    return np.asarray(above - (points - edges[above - 1] < edges[above] - points), dtype=np.int64)


def _cut_at_jumps(law: AnnualLaw) -> tuple[Floats, Floats]:
    """Return the edges of the cells and the average survival in each; a cell with an atom inside is cut there."""
    nodes, average = law.nodes(), law.cell_survival()
    points = law.atoms().points
    points = points[(points > 0.0) & (points < nodes[-1])]
    inside = points[np.abs(nodes[_nearest(nodes, points)] - points) > _ON_EDGE * nodes[1]]
    if not inside.size:
        return nodes, average
    edges = np.union1d(nodes, inside)
    cell = np.searchsorted(nodes, edges[:-1], side="right") - 1
    cut = np.bincount(cell, minlength=average.size)[cell] > 1
    parts = np.diff(law.limited_expected_value(edges)) / np.diff(edges)
    return edges, np.where(cut, parts, average[cell])


def _longer(law: AnnualLaw, top: float) -> Floats:
    """Return nodes beyond the first grid, to where the law is computed, in steps that grow with the amount."""
    last = min(law.tail.known_to - law.attachment, law.limit)
    if top >= law.limit or last <= top * (1.0 + 1e-12):
        return np.empty(0)
    start = top + law.attachment
    cells = math.ceil(_CELLS_TO_E * math.log((last + law.attachment) / start))
    nodes = np.geomspace(start, last + law.attachment, cells + 1)[1:] - law.attachment
    nodes[-1] = last
    return nodes
