# SPDX-License-Identifier: Apache-2.0
"""What the model says of the payments of past years: their expectation, their chance, and what is not known of them.

Plain arrays in and out; column 0 is the sum of the perils everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.allocation.segments import ratio
from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.core.streams import stream

Floats = NDArray[np.float64]

LEVELS: Final = (0.05, 0.95)
"""Ends of the intervals of a review [unitless]."""

PAIRS: Final = 40_000
"""Least pairs of simulated years and a draw of the cards."""


@dataclass(frozen=True, eq=False)
class WindowLaw:
    """The law of the payments of a window of years, over their expectation at central values.

    Parameters
    ----------
    expected : array, shape (column,)
        Expectation at central values [CNY].
    by_chance : array, shape (year, column)
        Payments at central values over ``expected`` [unitless]; NaN where nothing is expected.
    drawn : array, shape (pair, column)
        The same with a draw of the cards for each year [unitless].
    truth : array, shape (pair, column)
        What each pair's draw expects [unitless].
    between : array, shape (column,)
        Mean squared distance of what the draws expect from the central values [unitless].
    within : array, shape (column,)
        Mean squared distance of the payments from what their draw expects [unitless].
    """

    expected: Floats
    by_chance: Floats
    drawn: Floats
    truth: Floats
    between: Floats
    within: Floats

    def interval(self, knowledge: bool) -> Floats:
        """Return the 90 % interval of the payments, shape (2, column) [CNY].

        Parameters
        ----------
        knowledge : bool
            Whether the cards are drawn too, or only chance is at work.
        """
        return np.quantile(self.drawn if knowledge else self.by_chance, LEVELS, axis=0) * self.expected

    def exceeded(self, actual: Floats) -> Floats:
        """Return the probability that the payments, with cards drawn, are no less than the actual ones.

        Parameters
        ----------
        actual : array, shape (..., column)
            [CNY]; NaN: not known.
        """
        found = ratio(actual, self.expected)
        ordered, out = np.sort(self.drawn, axis=0), np.empty(found.shape)
        for column in range(found.shape[-1]):
            below = np.searchsorted(ordered[:, column], found[..., column], side="left")
            out[..., column] = 1.0 - below / len(ordered)
        return np.where(np.isnan(found), np.nan, out)


@dataclass(frozen=True, eq=False)
class YearlyLaw:
    """The law of a year's payments for one CNY of sum insured.

    Parameters
    ----------
    cost : array, shape (year, peril)
        Simulated payments per sum insured [unitless].
    factor : array, shape (draw, peril)
        Expected payments of each draw of the cards over those at central values [unitless].
    seed : int
        Of the windows that make a higher or lower level.
    """

    cost: Floats
    factor: Floats
    seed: int = 0

    @property
    def mean(self) -> Floats:
        """Expected payments per sum insured at central values, shape (column,) [unitless]."""
        return with_sum(self.cost.mean(axis=0))

    @property
    def standard_error(self) -> Floats:
        """Simulation error of ``mean``, shape (column,) [unitless]."""
        columns = with_sum(self.cost).T
        return np.array([mean_and_standard_error(np.ascontiguousarray(c)).standard_error for c in columns])

    def window(self, exposure: Floats) -> WindowLaw:
        """Return the law of the payments of years that follow each other.

        Parameters
        ----------
        exposure : array, shape (n,)
            Sum insured of each year [CNY].

        Notes
        -----
        Simulated years are taken n at a time, each beginning with the next one, so that what lasts for years (an
        outbreak) stays together; the last are followed by the first. A draw of the cards holds for the whole window.
        Its level q is one of how often a peril strikes, so that payments have mean q m and variance q V where they have
        m and V at level 1, as own years are weighed in :mod:`greenrisk.actuarial.credibility.level`: a draw of q = 2.3
        has the payments of two windows, and those of a third one, times c, with chance g. With f = 0.3

            c = (V + f m^2) / (V + m^2),   g = f / c,

        which adds f m to the mean and f V to the variance. Perils vary independently there; the variance that is stated
        takes what perils have in common in the simulated years with the root of both levels. A year's payments are
        taken to grow in step with the sum insured: a book that grows and spreads would scatter less.
        """
        years = len(self.cost)
        sums = np.zeros_like(self.cost)
        for i, insured in enumerate(exposure.tolist()):
            sums += insured * np.roll(self.cost, -i, axis=0)
        expected = float(exposure.sum()) * self.mean
        rounds = -(-PAIRS // years)
        pair = (np.arange(years) + np.arange(rounds)[:, None]).ravel() % len(self.factor)
        paid = with_sum(self._struck(sums, self.factor[pair]))
        truth = with_sum(self.factor * expected[1:])
        return WindowLaw(
            expected=expected,
            by_chance=ratio(with_sum(sums), expected),
            drawn=ratio(paid, expected),
            truth=ratio(truth[pair], expected),
            between=np.asarray(((ratio(truth, expected) - 1.0) ** 2).mean(axis=0)),
            within=ratio(self._variance(sums), expected**2),
        )

    def _struck(self, sums: Floats, level: Floats) -> Floats:
        """Return the payments of windows whose perils strike more or less often, shape (pair, peril)."""
        years = len(sums)
        rng = stream(self.seed, "rate_review", "windows")
        start = np.arange(len(level)) % years
        out = np.empty_like(level)
        for peril in range(level.shape[1]):
            ordered = sums[rng.permutation(years), peril]
            run = np.concatenate([[0.0], np.cumsum(ordered)])
            whole = np.floor(level[:, peril]).astype(np.int64)
            part, end = level[:, peril] - whole, start + whole
            square, variance = ordered.mean() ** 2, ordered.var()
            both = variance + square
            reduced = (variance + part * square) / both if both > 0.0 else np.ones_like(part)
            struck = rng.random(part.size) * reduced < part
            out[:, peril] = (
                (end // years) * run[-1]
                + run[end % years]
                - run[start]
                + np.where(struck, reduced * ordered[end % years], 0.0)
            )
        return out

    def _variance(self, sums: Floats) -> Floats:
        """Return the mean variance of the payments given their level, shape (column,) [CNY^2]."""
        root = np.sqrt(self.factor)
        together = np.cov(sums, rowvar=False, ddof=0).reshape(sums.shape[1], -1) * (root.T @ root / len(root))
        return np.concatenate([[max(float(together.sum()), 0.0)], np.diag(together)])


def with_sum(by_peril: Floats) -> Floats:
    """Return columns with their sum before them.

    Parameters
    ----------
    by_peril : array, shape (..., peril)
        Amounts.
    """
    return np.concatenate([by_peril.sum(axis=-1, keepdims=True), by_peril], axis=-1)
