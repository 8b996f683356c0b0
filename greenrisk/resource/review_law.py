# SPDX-License-Identifier: Apache-2.0
"""What the model says of the payments of past years: their expectation, their chance, and what is not known of them.

Plain arrays in and out; column 0 is the sum of the perils everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.allocation.segments import ratio
from greenrisk.actuarial.measures import mean_and_standard_error

Floats = NDArray[np.float64]

LEVELS: Final = (0.05, 0.95)
"""Ends of the intervals of a review [unitless]."""

PAIRS: Final = 40_000
"""Least pairs of a simulated year and a draw of the cards."""


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
    """

    expected: Floats
    by_chance: Floats
    drawn: Floats
    truth: Floats

    @cached_property
    def between(self) -> Floats:
        """Mean squared distance of what the draws expect from the central values, shape (column,) [unitless]."""
        return np.asarray(((self.truth - 1.0) ** 2).mean(axis=0))

    @cached_property
    def within(self) -> Floats:
        """Mean squared distance of the payments from what their draw expects, shape (column,) [unitless]."""
        return np.asarray(((self.drawn - self.truth) ** 2).mean(axis=0))

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
    """

    cost: Floats
    factor: Floats

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
        outbreak) stays together; the last are followed by the first. A draw of the cards holds for the whole window
        and multiplies the payments of each peril. A year's payments are taken to grow in step with the sum insured: a
        book that grows and spreads would scatter less.
        """
        years = len(self.cost)
        sums = np.zeros_like(self.cost)
        for i, insured in enumerate(exposure.tolist()):
            sums += insured * np.roll(self.cost, -i, axis=0)
        expected = float(exposure.sum()) * self.mean
        draws = len(self.factor)
        rounds = min(draws, -(-PAIRS // years))
        pair = (np.arange(years) + np.arange(rounds)[:, None]).ravel() % draws
        factor = self.factor[pair]
        paid = with_sum(np.tile(sums, (rounds, 1)) * factor)
        truth = with_sum(factor * expected[1:])
        return WindowLaw(
            expected, ratio(with_sum(sums), expected), ratio(paid, expected), ratio(truth, expected)
        )


def with_sum(by_peril: Floats) -> Floats:
    """Return columns with their sum before them.

    Parameters
    ----------
    by_peril : array, shape (..., peril)
        Amounts.
    """
    return np.concatenate([by_peril.sum(axis=-1, keepdims=True), by_peril], axis=-1)
