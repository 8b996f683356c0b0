# SPDX-License-Identifier: Apache-2.0
"""Simulated years, drawn evenly or with weights: order, quantiles and standard errors, defined once for both.

Risk measures are in :mod:`greenrisk.actuarial.measures`, exceedance curves in :mod:`greenrisk.actuarial.exceedance`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.printing import counted, figure
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""Of a year: the rounding of shares and of 1 - level must not move a quantile by a whole year."""


@dataclass(frozen=True)
class Sample:
    """One number a year and how much each year counts. Made by :func:`sample`; ordered once, asked often.

    Parameters
    ----------
    values : array, shape (year,)
        Annual sums or largest events [currency]; where years have shares of their own, the worst first.
    shares : array, shape (year,), or None
        Probability of each year [unitless], > 0, with the sum 1; None: all the same.
    """

    values: Floats
    shares: Floats | None = None

    @property
    def years(self) -> int:
        """How many years count."""
        return int(self.values.size)

    @cached_property
    def worst_first(self) -> Floats:
        """The values in descending order, shape (year,)."""
        return np.sort(self.values)[::-1] if self.shares is None else self.values

    @cached_property
    def tail(self) -> Floats:
        """Share of the years that are at least as bad as each, the worst first, shape (year,) [unitless]."""
        if self.shares is None:
            return np.arange(1, self.years + 1) / self.years
        tail = np.cumsum(self.shares)
        tail[-1] = 1.0
        return np.minimum(tail, 1.0)

    def __repr__(self) -> str:
        """How many years count, their mean and the worst of them, in one line."""
        weighted = "" if self.shares is None else f" (effective {figure(self.effective_years())})"
        told = f"mean {figure(self.mean())}, worst {figure(float(self.values.max()))}"
        return f"Sample({counted(self.years, 'year')}{weighted}, {told})"

    def effective_years(self) -> float:
        """Return Kish's effective number of years, 1 / sum of squared shares [year]."""
        return float(self.years) if self.shares is None else float(1.0 / np.square(self.shares).sum())

    def mean(self, amounts: Floats | None = None) -> float:
        """Return the mean of the values, or of other amounts in their order."""
        x = self.values if amounts is None else amounts
        return float(np.mean(x)) if self.shares is None else float(np.einsum("y,y->", self.shares, x))

    def standard_error(self, influence: Floats, divisor: float = 1.0) -> float:
        """Return the standard error of an estimate from what each year's number moves it by.

        Parameters
        ----------
        influence : array, shape (year,)
            Values of the influence function, up to a constant, in the order of ``values``.
        divisor : float
            What the influence is still to be divided by.

        Returns
        -------
        float
            inf where less than two years count: one year does not tell how far years differ.

        Notes
        -----
        sqrt(sum of (share (influence - mean))^2 / (1 - sum of share^2)): the delta method for self-normalised
        weights. The denominator makes equal shares give s / sqrt(n), s with n - 1.

        References
        ----------
        Owen, A. B. (2013), Monte Carlo theory, methods and examples, chapter 9 (self-normalised importance
        sampling).
        """
        if self.shares is None:
            if self.years < 2:
                return math.inf
            return float(np.std(influence, ddof=1) / (divisor * np.sqrt(self.years)))
        room = 1.0 - float(np.square(self.shares).sum())
        if room <= ROUNDING:
            return math.inf
        moved = self.shares * (influence - self.mean(influence))
        return math.sqrt(float(np.einsum("y,y->", moved, moved)) / room) / divisor

    def holds(self, tail: Floats) -> NDArray[np.bool_]:
        """Return whether tails of these probabilities [unitless] hold a year; else they lie beyond the sample."""
        least = 1.0 / self.years if self.shares is None else float(self.shares[0])
        return np.asarray(tail >= least * (1.0 - ROUNDING))

    def exceeded(self, tail: Floats) -> Floats:
        """Return the least values that are exceeded with at most these probabilities [unitless].

        Notes
        -----
        inf{x : F(x) >= 1 - tail} of the empirical law F: an observed value, never an interpolated one. With
        equal shares the order statistic of rank n - floor(n tail).
        """
        if self.shares is None:
            # Without the rounding of 1 - level: 10,000 years at 0.99 must give rank 9,900, not 9,901.
            beyond = np.floor(self.years * tail * (1 + 1e-12) + ROUNDING).astype(np.int64)
        else:
            beyond = np.searchsorted(self.tail, tail + ROUNDING / self.years, side="right")
        found: Floats = self.worst_first[np.minimum(beyond, self.years - 1)]
        return found

    def quantile_interval(self, level: Floats, confidence: float) -> tuple[Floats, Floats, Floats]:
        """Return standard errors, lower and upper ends of the intervals of the quantiles at some levels.

        Parameters
        ----------
        level : array, shape (level,)
            Probabilities [unitless], in (0, 1).
        confidence : float
            Of the intervals [unitless], in (0, 1).

        Returns
        -------
        tuple of arrays, shape (level,) each
            NaN for an end where the sample has no such order statistic.
        """
        if self.shares is None:
            return _ends_by_rank(self, level, confidence)
        return _ends_by_share(self, self.shares, level, confidence)


Losses: TypeAlias = ArrayLike | Sample
"""Years as an array, shape (year,), or as a sample that was ordered before."""


def sample(losses: Losses, weights: ArrayLike | None = None, name: str = "losses") -> Sample:
    """Return years as a sample: checked, and ordered once for all that is asked of it.

    Parameters
    ----------
    losses : array, shape (year,), or Sample
        One finite number a year [currency], of either sign: a negative one is a gain. A sample is returned as it is.
    weights : array, shape (year,), optional
        Likelihood ratios of years that were not drawn evenly (importance sampling), >= 0 [unitless]; only their
        ratios count. Years of weight 0 are left out.
    name : str
        Name of the caller's argument.

    Raises
    ------
    ArgumentError
        If there is no year, a number or weight is not finite, or a weight is negative.
    """
    if isinstance(losses, Sample):
        if weights is not None:
            raise ArgumentError(
                Fault("weights", "weights for a sample", "A sample has its own; give weights with an array.")
            )
        return losses
    if hasattr(losses, "tail_value_at_risk"):
        mend = (
            "A law has measures of its own, with the error of its computation: `.value_at_risk(level)`, "
            "`.tail_value_at_risk(level)`; a spectral one is `price(law, SpectralDistortion(spectrum))`."
        )
        raise ArgumentError(Fault(name, f"{name}: a law ({type(losses).__name__})", mend))
    aligned(**{name: losses}, weights=weights)
    x = numbers(name, losses, dimensions=1, fewest=1)
    if weights is None:
        return Sample(x)
    w = year_weights(weights, x.size)
    if (w == 0).any():
        x, w = x[w > 0], w[w > 0]
    order = np.argsort(x, kind="stable")[::-1]
    return Sample(x[order], w[order] / w.sum())


def year_weights(weights: ArrayLike, years: int) -> Floats:
    """Return weights of years, or refuse them.

    Parameters
    ----------
    weights : array, shape (year,)
        Likelihood ratios or probabilities, >= 0, not all 0 [unitless].
    years : int
        How many years there are.

    Raises
    ------
    ArgumentError
        If there is not one a year, one is negative or not finite, or all are 0.
    """
    w = numbers("weights", weights, least=0.0, dimensions=1, unit="unitless")
    if w.size != years or not w.sum() > 0.0:
        what = f"{w.size} weights with the sum {w.sum():g}, {years} years"
        raise ArgumentError(Fault("weights", what, "One a year was expected, not all 0.", "unitless"))
    return w


def effective_years(weights: ArrayLike) -> float:
    """Return Kish's effective number of years, (sum of weights)^2 / sum of squared weights [year].

    Parameters
    ----------
    weights : array, shape (year,)
        Weights of the years, >= 0 [unitless].

    References
    ----------
    Kish, L. (1965), Survey Sampling (design effect of unequal weights).
    """
    w = year_weights(weights, int(np.size(weights)))
    return sample(np.zeros(w.shape), w).effective_years()


def _ends_by_rank(years: Sample, p: Floats, confidence: float) -> tuple[Floats, Floats, Floats]:
    from scipy import stats  # slow to import, and only asked for here

    n, x = years.years, years.worst_first[::-1]
    spread = np.sqrt(n * p * (1 - p))
    ranks = np.arange(1, n + 1)
    error = (np.interp(n * p + spread, ranks, x) - np.interp(n * p - spread, ranks, x)) / 2
    lower = np.asarray(stats.binom.ppf((1 - confidence) / 2, n, p), dtype=np.int64)
    # P(x_(l) <= quantile < x_(u)) = P(l <= B < u): the upper rank is one above the binomial quantile.
    upper = np.asarray(stats.binom.ppf((1 + confidence) / 2, n, p), dtype=np.int64) + 1
    low = np.where(lower >= 1, x[np.maximum(lower, 1) - 1], np.nan)
    high = np.where(upper <= n, x[np.minimum(upper, n) - 1], np.nan)
    return error, low, high


def _ends_by_share(
    years: Sample, shares: Floats, p: Floats, confidence: float
) -> tuple[Floats, Floats, Floats]:
    x, square = years.worst_first[::-1], np.square(shares)
    # sum of squared shares of the tail, the year at its edge in proportion
    beyond = np.interp(1.0 - p, np.append(0.0, years.tail), np.append(0.0, np.cumsum(square)))
    spread = np.sqrt(p**2 * beyond + (1 - p) ** 2 * (square.sum() - beyond))
    below = np.cumsum(shares[::-1])
    error = (np.interp(p + spread, below, x) - np.interp(p - spread, below, x)) / 2
    error = np.where(p + spread <= 1.0 + ROUNDING, error, np.inf)
    z = float(special.ndtri((1 + confidence) / 2))
    lower, upper = np.searchsorted(below, p - z * spread), np.searchsorted(below, p + z * spread)
    low = np.where(p - z * spread > 0, x[np.minimum(lower, x.size - 1)], np.nan)
    high = np.where(upper < x.size, x[np.minimum(upper, x.size - 1)], np.nan)
    return error, low, high
