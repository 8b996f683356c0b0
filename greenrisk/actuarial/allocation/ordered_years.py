# SPDX-License-Identifier: Apache-2.0
"""Years of several segments in the order of their total, and what one year moves: the ground of every allocation.

What is allocated by which measure is chosen in :mod:`greenrisk.actuarial.allocation.methods`, the load that it carries
in :mod:`greenrisk.actuarial.premium.risk_load`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.distortion.functions import Distortion
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.measures import too_few_years
from greenrisk.actuarial.reading import quoted
from greenrisk.actuarial.samples import ROUNDING, Sample, year_weights
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

_TIE = 1e-13  # totals that differ by less, relative to their size, are one outcome: sums of the same parts round apart


class OrderedYears:
    """Years by segments, ordered once by their total, the worst first.

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [currency/year]; a negative one is a gain.
    weights : array, shape (year,), optional
        Likelihood ratios or probabilities of the years [unitless], >= 0; only their ratios count.

    Raises
    ------
    ArgumentError
        If the losses are no finite table with at least one year and one segment, or the weights are not one a year.
    """

    def __init__(self, losses: ArrayLike, weights: ArrayLike | None = None) -> None:
        if hasattr(losses, "value_at_risk"):
            mend = (
                "A law of the total does not know its segments: give simulated years, shape (year, segment)."
            )
            raise ArgumentError(Fault("losses", f"losses = {quoted(losses)}", mend))
        aligned(losses=losses, weights=weights)
        x = numbers("losses", losses, dimensions=2)
        if 0 in x.shape:
            what = f"losses of shape {x.shape}"
            raise ArgumentError(Fault("losses", what, "Losses of shape (year, segment) were expected."))
        self._losses: Floats = x
        total = x.sum(axis=1)
        order = np.argsort(-total, kind="stable")
        shares: Floats | None = None
        if weights is not None:
            w = year_weights(weights, x.shape[0])
            order = order[w[order] > 0.0]
            shares = w[order] / w.sum()
        self._order = order
        self.years = Sample(total[order], shares)
        worst, tail = self.years.values, self.years.tail
        last = np.append(-np.diff(worst) > _TIE * np.maximum(np.abs(worst[:-1]), np.abs(worst[1:])), True)
        self._group: NDArray[np.int64] = np.cumsum(np.append(0, last[:-1]))
        # probability of an outcome at least as bad as each group, and of one worse than it
        self._at_least: Floats = tail[last]
        self._worse: Floats = np.append(0.0, self._at_least[:-1])

    @property
    def segments(self) -> int:
        """How many segments there are."""
        return int(self._losses.shape[1])

    def column(self, segment: int) -> Floats:
        """Return the losses of a segment, the years in the order of the total."""
        return np.asarray(self._losses[self._order, segment])

    def means(self) -> Floats:
        """Return the expected loss of each segment."""
        if self.years.shares is None:
            return np.asarray(self._losses.mean(axis=0))
        return self._weighted(self.years.shares)

    def covariances(self) -> Floats:
        """Return the covariance of each segment with the total; they sum to the variance of the total.

        Notes
        -----
        Unbiased: divided by one minus the sum of squared shares, which is (n - 1) / n for equal ones.
        """
        if self._room() <= ROUNDING:
            return np.zeros(self.segments)
        deviation = self.years.values - self.years.mean()
        found = [self.years.mean(deviation * self.column(i)) for i in range(self.segments)]
        return np.asarray(found) / self._room()

    def covariance_influence(self, x: Floats) -> Floats:
        """Return by how much a year moves the covariance of losses with the total, up to a constant.

        Parameters
        ----------
        x : array, shape (year,)
            Losses of a segment, the years in the order of the total.
        """
        moved = (x - self.years.mean(x)) * (self.years.values - self.years.mean())
        return np.asarray(moved / self._room())

    def natural(self, distortion: Distortion) -> Floats:
        """Return E[X_i g'(S)], the contribution of each segment to the price of the total.

        Notes
        -----
        Outcomes in the order of the total; equal totals are one outcome, whose years share its weight
        g(P(S >= s)) - g(P(S > s)) in proportion to their probability.
        """
        return self._weighted(self._shares() * self._density(distortion)[self._group])

    def price(self, distortion: Distortion) -> float:
        """Return the price of the total under a distortion."""
        return self.years.mean(self._density(distortion)[self._group] * self.years.values)

    def natural_influence(self, distortion: Distortion, x: Floats) -> Floats:
        """Return by how much a year moves the contribution E[X g'(S)] of a segment, or the price, up to a constant.

        Parameters
        ----------
        distortion : Distortion
            g.
        x : array, shape (year,)
            Losses of the segment, or of the total for the price, the years in the order of the total.

        Notes
        -----
        With e(s) = E[X_i | S = s] a year (x_i, s) moves it by (x_i - e(s)) g'(S(s)) plus the integral of g'(S) de up
        to s. Summed by parts the integral needs e only through averages, so the years themselves stand for it; save
        at a kink of g, where it is the mean of the years nearest to the quantile.

        References
        ----------
        Tasche, D. (1999), Risk contributions and performance measurement (derivative of the quantile). Jones, B. L. and
        Zitikis, R. (2003), Empirical estimation of risk measures and related quantities, North American Actuarial
        Journal 7(4), 44-54.
        """
        shares, groups = self._shares(), self._at_least.size
        mass = np.bincount(self._group, weights=shares, minlength=groups)
        expected = np.bincount(self._group, weights=shares * x, minlength=groups) / mass
        # slope of g at the border to the next worse outcome, and to the next milder one
        inner = distortion.derivative(np.minimum(self._at_least[:-1], 1.0))
        towards_worse, towards_milder = np.append(0.0, inner), np.append(inner, 0.0)
        smooth = expected.copy()
        of_total = np.array_equal(x, self.years.values)  # then e(s) = s, and nothing is to be estimated
        for kink in () if of_total else distortion.kinks:
            place = int(np.searchsorted(self._at_least, kink * (1.0 + 1e-12) + ROUNDING / self.years.years))
            place = min(place, groups - 1)
            smooth[place] = self._nearest(x, shares, place, kink)
        rise = smooth * (towards_worse - towards_milder)
        rise[0] = 0.0
        # what all milder outcomes add, counted from the mildest
        below = np.append(np.cumsum(rise[::-1])[::-1][1:], 0.0)
        by_group = towards_milder * expected - below
        return np.asarray(
            self._density(distortion)[self._group] * (x - expected[self._group]) + by_group[self._group]
        )

    def _density(self, distortion: Distortion) -> Floats:
        at_least, worse = np.minimum(self._at_least, 1.0), np.minimum(self._worse, 1.0)
        return np.asarray((distortion.g(at_least) - distortion.g(worse)) / (self._at_least - self._worse))

    def _nearest(self, x: Floats, shares: Floats, group: int, kink: float) -> float:
        worst = self.years.values
        count = max(5, math.isqrt(math.ceil(worst.size * min(kink, 1.0 - kink))))
        distance = np.abs(worst - worst[int(np.searchsorted(self._group, group))])
        nearest = np.argsort(distance, kind="stable")[:count]
        return float(np.average(x[nearest], weights=shares[nearest]))

    def _shares(self) -> Floats:
        shares = self.years.shares
        return np.full(self.years.years, 1.0 / self.years.years) if shares is None else shares

    def _room(self) -> float:
        return 1.0 - 1.0 / self.years.effective_years()

    def _weighted(self, shares: Floats) -> Floats:
        # the years that count only; einsum, not @: the matrix product splits its sums by threads
        held = np.flatnonzero(shares)
        return np.asarray(np.einsum("y,ys->s", shares[held], self._losses[self._order[held]]))


def refuse_short(years: OrderedYears, tail: float, name: str = "losses") -> None:
    """Refuse years of which a tail does not hold a single one.

    Parameters
    ----------
    years : OrderedYears
        Losses by year and segment.
    tail : float
        Probability of the tail [unitless].
    name : str
        Name of the caller's argument.

    Raises
    ------
    ArgumentError
        If the worst year alone is more probable than the tail.
    """
    if not years.years.holds(np.asarray(tail)):
        raise too_few_years(name, int(years.years.effective_years()), 1.0 - tail)
