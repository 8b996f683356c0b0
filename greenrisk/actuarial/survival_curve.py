# SPDX-License-Identifier: Apache-2.0
"""Integrals of a distorted probability of exceedance: over a sample, a grid of an aggregate loss, a law of one loss.

Each curve answers the same two questions over any slice of the loss: the mean in it, and the integral of g(S(x)) with
its numerical error. Prices, their wording and their calibration are in :mod:`greenrisk.actuarial.distortion_price`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.distortion import Distortion
from greenrisk.actuarial.samples import Losses, sample
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


class Integral(NamedTuple):
    """A value and its numerical error."""

    value: float
    error: float


class Curve(Protocol):
    """What a price asks of a loss."""

    greatest: float
    """The greatest possible loss; inf where there is none."""

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""

    def integral(self, distortion: Distortion, low: float, high: float) -> Integral:
        """Return the integral of g(S(x)) from ``low`` to ``high``; inf where it diverges."""


@runtime_checkable
class GriddedLoss(Protocol):
    """A loss on a grid that knows the average of its survival function in each cell (an ``AggregateLoss``)."""

    def cell_survival(self) -> tuple[Floats, Floats]:
        """Return the edges, shape (cell + 1,), and the average survival in each cell, shape (cell,)."""

    def tail_survival(self, x: ArrayLike) -> Floats:
        """Return the survival beyond the top of the grid; 0 where the loss is bounded."""

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(S > x)."""

    def limited_expected_value(self, x: ArrayLike) -> Floats:
        """Return E[min(S, x)]."""


class SampleCurve:
    """The law of a sample.

    Parameters
    ----------
    losses : array, shape (year,), or Sample
        Outcomes [currency]; a negative one is a gain.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities [unitless], >= 0; only their ratios count.
    """

    def __init__(self, losses: Losses, weights: ArrayLike | None = None) -> None:
        self.sample = sample(losses, weights)
        self.greatest = float(self.sample.worst_first[0])

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""
        return self.sample.mean(np.clip(self.sample.values, low, high)) - _finite(low)

    def integral(self, distortion: Distortion, low: float, high: float) -> Integral:
        """Return the sum over the steps; exact for the sample's own law."""
        worst = np.clip(self.sample.worst_first, low, high)
        steps = float(np.einsum("k,k->", distortion.g(self.sample.tail[:-1]), -np.diff(worst)))
        return Integral(float(worst[-1]) - _finite(low) + steps, 0.0)

    def standard_error(self, distortion: Distortion, low: float, high: float) -> float:
        """Return the standard error of the integral, inf for a single outcome.

        Notes
        -----
        The derivative of the integral of g(S) in the direction of one more outcome at x is the integral of g'(S) up to
        x.

        References
        ----------
        Jones, B. L. and Zitikis, R. (2003), Empirical estimation of risk measures and related quantities, North
        American Actuarial Journal 7(4), 44-54.
        """
        if self.sample.years < 2:
            return math.inf
        worst = np.clip(self.sample.worst_first, low, high)
        slope = distortion.derivative(self.sample.tail[:-1])
        moved = np.append(np.cumsum((slope * -np.diff(worst))[::-1])[::-1], 0.0)
        return self.sample.standard_error(moved)


class GridCurve:
    """The law of a loss on a grid, through the average of its survival function in each cell.

    Parameters
    ----------
    loss : GriddedLoss
        An ``AggregateLoss``.

    Notes
    -----
    In a cell with the average a of a survival function that falls from s0 to s1, the average of the concave g(S) lies
    between the chord of g over [s1, s0] at a and g(a), whatever the shape of S. The value is two thirds of the upper
    end and one of the lower (Simpson's rule, exact to the third order where S is straight), the error the distance to
    the farther end.
    """

    def __init__(self, loss: GriddedLoss) -> None:
        self._loss = loss
        edges, average = loss.cell_survival()
        self._edges = np.asarray(edges, dtype=np.float64)
        self._average = np.clip(average, 0.0, 1.0)
        at_edges = np.clip(loss.sf(self._edges), 0.0, 1.0)
        self._start = np.maximum(at_edges[:-1], self._average)
        self._end = np.minimum(at_edges[1:], self._average)
        self._top = float(self._edges[-1])
        self.bounded = float(loss.tail_survival(self._top)) <= 0.0
        held = np.flatnonzero(self._average > 0.0)
        last = float(self._edges[held[-1] + 1]) if held.size else 0.0
        self.greatest = last if self.bounded else math.inf

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""
        return float(self._loss.limited_expected_value(high) - self._loss.limited_expected_value(low))

    def integral(self, distortion: Distortion, low: float, high: float) -> Integral:
        """Return the sum over the cells and, beyond the grid, the integral over the asymptotic tail."""
        width = np.maximum(np.minimum(self._edges[1:], high) - np.maximum(self._edges[:-1], low), 0.0)
        upper = distortion.g(self._average)
        fall = self._start - self._end
        share = np.divide(self._average - self._end, fall, out=np.zeros_like(fall), where=fall > 0.0)
        chord = distortion.g(self._end) * (1.0 - share) + distortion.g(self._start) * share
        lower = np.where(fall > 0.0, np.minimum(chord, upper), upper)
        value = float(np.einsum("k,k->", width, upper + upper + lower)) / 3.0
        error = float(np.einsum("k,k->", width, upper - lower)) * 2.0 / 3.0
        if self.bounded or high <= self._top:
            return Integral(value, error)
        tail = tail_integral(distortion, self._loss.tail_survival, max(self._top, low), high)
        return Integral(value + tail.value, error + tail.error + tail.value)


class LawCurve:
    """The law of a loss with a survival function in closed form.

    Parameters
    ----------
    law : Severity
        Any law of one loss.
    """

    def __init__(self, law: Severity) -> None:
        self._law = law
        least, self.greatest = law.support()
        half = 0.5 ** np.arange(1.0, 41.0)
        quantiles = law.ppf(np.concatenate([half[::-1], 1.0 - half]))
        self._breaks = np.unique(np.concatenate([[0.0, least], quantiles, law.atoms().points]))
        if math.isfinite(self.greatest):
            rest = self.greatest - self._breaks[-1]
            self._breaks = np.unique(
                np.concatenate([self._breaks, self.greatest - rest * half, [self.greatest]])
            )

    def mean(self, low: float, high: float) -> float:
        """Return the expected loss between ``low`` and ``high``."""
        ends = self._law.limited_expected_value(np.array([low, high]))
        return float(ends[1] - ends[0])

    def integral(self, distortion: Distortion, low: float, high: float) -> Integral:
        """Return the integral by Gauss-Legendre rules between quantiles, atoms and kinks."""
        kinks = self._law.ppf(1.0 - np.asarray(distortion.kinks)) if distortion.kinks else np.empty(0)
        top = float(self._breaks[-1])
        inner = np.concatenate([self._breaks, kinks])
        ends = np.unique(np.clip(np.append(inner[inner <= top], [low, min(high, top)]), low, high))
        body = _panels(lambda x: distortion.g(np.clip(self._law.sf(x), 0.0, 1.0)), ends)
        if high <= top or math.isfinite(self.greatest):
            return body
        tail = tail_integral(distortion, self._law.sf, max(top, low), high)
        return Integral(body.value + tail.value, body.error + tail.error)


Loss: TypeAlias = Losses | GriddedLoss | Severity
"""What can be priced."""


def curve_of(loss: Loss, weights: ArrayLike | None = None) -> Curve:
    """Return the curve of a sample or of a law.

    Parameters
    ----------
    loss : array, shape (year,), or Sample, AggregateLoss or Severity
        Outcomes [currency], or a law.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities of the outcomes of a sample [unitless].

    Raises
    ------
    ArgumentError
        If weights are given beside a law.
    """
    if isinstance(loss, Severity | GriddedLoss):
        if weights is not None:
            raise ArgumentError(Fault("weights", "given beside a law", "Only a sample has weights."))
        return LawCurve(loss) if isinstance(loss, Severity) else GridCurve(loss)
    return SampleCurve(loss, weights)


def _finite(low: float) -> float:
    return low if math.isfinite(low) else 0.0


_FINE = np.polynomial.legendre.leggauss(20)
_COARSE = np.polynomial.legendre.leggauss(12)
_HALVINGS = 12
_ENOUGH = 1e-13  # share of the integral: a panel whose two rules differ by less is not halved
_TAIL_STEPS = 12  # panels a decade
_LEAST_SURVIVAL = 1e-280  # below it a survival function has lost digits to underflow
_FLAT = 1e-9  # a log-log slope of x g(S(x)) that falls by less is taken for divergence
_STEEP = 20.0  # a tail that falls by more than this slope has ended


def tail_integral(
    distortion: Distortion, survival: Callable[[ArrayLike], Floats], start: float, stop: float
) -> Integral:
    """Return the integral of g(S(x)) over a tail, in log x.

    Parameters
    ----------
    distortion : Distortion
        g.
    survival : callable
        S, taking an array.
    start, stop : float
        Ends of the tail, 0 < start; ``stop`` may be infinite.

    Returns
    -------
    Integral
        inf where x g(S(x)) does not fall: the price has no finite value.

    Notes
    -----
    Where S underflows before the integral has converged, what is left is that of a power tail with the last slope.
    """
    if stop <= start:
        return Integral(0.0, 0.0)

    def density(u: Floats) -> Floats:
        x = np.exp(u)
        return np.asarray(x * distortion.g(np.clip(survival(x), 0.0, 1.0)))

    first, last = math.log(start), math.log(min(stop, 1e300))
    ends = np.linspace(first, last, 2 + int(_TAIL_STEPS * (last - first) / math.log(10)))
    if math.isfinite(stop):
        return _panels(density, ends)
    if distortion.jump > 0.0:
        return Integral(math.inf, math.inf)
    known = int(np.count_nonzero(np.asarray(survival(np.exp(ends))) > _LEAST_SURVIVAL))
    heights = density(ends[max(known - 4, 0) : known])
    if known < 4 or not heights[-1] > 0.0:
        return _panels(density, ends[: known + 2])
    slope = math.log(heights[-1] / heights[0]) / float(ends[known - 1] - ends[known - 4])
    if slope < -_STEEP:
        return _panels(density, ends[: known + 1])
    if slope > -_FLAT:
        return Integral(math.inf, math.inf)
    body, rest = _panels(density, ends[:known]), float(heights[-1]) / -slope
    return Integral(body.value + rest, body.error + 1e-6 * rest)


def _panels(integrand: Callable[[Floats], Floats], ends: Floats) -> Integral:
    """Integrate between consecutive ends by two Gauss-Legendre rules; halve the panels in which they differ."""
    values, errors = [0.0], [0.0]
    low, high = ends[:-1], ends[1:]
    for halving in range(_HALVINGS + 1):
        if low.size == 0:
            break
        middle, half = 0.5 * (high + low), 0.5 * (high - low)
        fine, coarse = (
            half * np.einsum("pn,n->p", integrand(middle[:, None] + half[:, None] * nodes), weights)
            for nodes, weights in (_FINE, _COARSE)
        )
        apart = np.abs(fine - coarse)
        total = math.fsum(values) + math.fsum(np.abs(fine))
        good = (apart <= _ENOUGH * total) | (halving == _HALVINGS)
        values.extend(fine[good].tolist())
        errors.extend(apart[good].tolist())
        low, middle, high = low[~good], middle[~good], high[~good]
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    return Integral(math.fsum(values), math.fsum(errors))
