# SPDX-License-Identifier: Apache-2.0
"""Law of an index of events: how many come in a year, and how strong each is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from greenrisk.core.errors import ArgumentError, Fault, FitError
from greenrisk.resource.index_cover.history_spec import Family
from greenrisk.resource.index_cover.law_choice import fit_or_best
from greenrisk.resource.index_cover.laws import FEWEST_YEARS, IndexLaw
from greenrisk.resource.index_cover.payout_spec import DoublePayout, IndexCover, Side, SinglePayout
from greenrisk.resource.index_cover.series import Floats, Integers, YearIndex

FEWEST_EVENTS: Final = 10
"""Least number of events of a fit."""
_CELLS: Final = 1000
"""Cells between 0 and the limit of the year, so that tiers of whole percents of it fall on their ends."""
_LEAST_CHANCE: Final = 1e-14
_STEEPEST: Final = 1e6
"""Numbers more even than this are taken for Poisson's [unitless]."""


@dataclass(frozen=True, eq=False)
class EventLaw:
    """Law of the events of a year.

    Parameters
    ----------
    mean_number : float
        Mean number of events of a year [1/year].
    dispersion : float
        Size of the negative binomial law, variance = mean + mean^2 / size; infinite: Poisson [unitless].
    aic_poisson, aic_negative_binomial : float
        Criteria of both laws of the number; NaN where numbers vary no more than Poisson's.
    intensity : IndexLaw
        Of one event [the index's unit].
    """

    mean_number: float
    dispersion: float
    aic_poisson: float
    aic_negative_binomial: float
    intensity: IndexLaw

    def number_quantile(self, u: ArrayLike) -> Integers:
        """Return the number of events at a level.

        Parameters
        ----------
        u : array
            In (0, 1) [unitless].
        """
        level = np.asarray(u, dtype=np.float64)
        if math.isinf(self.dispersion):
            return np.asarray(stats.poisson.ppf(level, self.mean_number), dtype=np.int64)
        size = self.dispersion
        return np.asarray(stats.nbinom.ppf(level, size, size / (size + self.mean_number)), dtype=np.int64)

    def chance_above(self, payout: SinglePayout, share: ArrayLike) -> Floats:
        """Return the chance that an event of the year pays more than a share of the sum insured.

        Parameters
        ----------
        payout : LinearPayout or TierPayout
            A single trigger.
        share : array
            In [0, 1) [unitless].

        Notes
        -----
        1 - G(1 - p), with p the chance of one event and G the generating function of the number.
        """
        passed = self.mean_number * self.intensity.chance_above(payout, share)
        if math.isinf(self.dispersion):
            return -np.expm1(-passed)
        return -np.expm1(-self.dispersion * np.log1p(passed / self.dispersion))

    def quantile(self, u: ArrayLike) -> Floats:
        """Return the year's largest event at a level; minus infinity where there is none.

        Parameters
        ----------
        u : array
            In (0, 1) [unitless].
        """
        level = np.log(np.asarray(u, dtype=np.float64))
        if math.isinf(self.dispersion):
            passed = -level / self.mean_number
        else:
            passed = np.expm1(-level / self.dispersion) * self.dispersion / self.mean_number
        inside = np.clip(1.0 - passed, 1e-300, 1.0 - 2.0**-53)
        return np.where(passed >= 1.0, -np.inf, self.intensity.quantile(inside))

    def number_chance(self, number: Integers) -> Floats:
        """Return the chance of a number of events in a year.

        Parameters
        ----------
        number : array of int
            >= 0
        """
        if math.isinf(self.dispersion):
            return np.asarray(stats.poisson.pmf(number, self.mean_number))
        size = self.dispersion
        return np.asarray(stats.nbinom.pmf(number, size, size / (size + self.mean_number)))

    def expected_payment(self, cover: IndexCover) -> float:
        """Return the expected payment of a year, deductible by event and limit of the year, without simulation.

        Parameters
        ----------
        cover : IndexCover
            With a payout of a single trigger on this index.

        Returns
        -------
        float
            [CNY/year]

        Raises
        ------
        ArgumentError
            If the payout has two triggers.

        Notes
        -----
        One payment is put on a thousandth of the year's limit so that its mean stays in every cell; sums of n payments
        are convolutions, cut at the limit. Without a limit that sums reach, this is number times mean payment.
        """
        payout = cover.payout
        if isinstance(payout, DoublePayout):
            mend = "A double trigger pays once a year, on the year's largest event."
            raise ArgumentError(Fault("cover", f"`{cover.name}` has a double trigger", mend))
        insured, limit = cover.sum_insured_cny, cover.most_a_year
        low = min(cover.deductible_cny / insured, 1.0)
        if low >= 1.0:
            return 0.0
        single = _on_cells(
            lambda most: self.intensity.expected_share(payout, low, min(low + most, 1.0)),
            limit / insured,
        )
        total = np.zeros(_CELLS + 1)
        several = np.zeros(_CELLS + 1)
        several[0] = 1.0
        most = int(self.number_quantile(1.0 - _LEAST_CHANCE))
        for chance in self.number_chance(np.arange(most + 1)):
            total += chance * several
            several = np.convolve(several, single)[: _CELLS + 1]
        share = np.arange(_CELLS + 1) / _CELLS
        return float(limit * (1.0 - (total * (1.0 - share)).sum()))


def fit_events(
    index: YearIndex, family: Family | Literal["best"], pays: Side, years: tuple[int, int] | None = None
) -> EventLaw:
    """Fit the law of the events of a year by maximum likelihood.

    Parameters
    ----------
    index : YearIndex
        An index of events.
    family : str
        Of the intensity; ``best``: the smallest AIC.
    pays : str
        The tail that is paid for.
    years : tuple of int, optional
        First and last position of the years used; empty: all.

    Raises
    ------
    ArgumentError
        If the index is not one of events.
    FitError
        With fewer than 10 years or 10 events, or events that no law can be fitted to.

    Notes
    -----
    The number is Poisson or negative binomial, whichever has the smaller AIC; the latter only where numbers vary more
    than Poisson's. Both have the mean of the record.
    """
    if not index.of_events:
        mend = "A yearly index has a law of its values: laws.fit."
        raise ArgumentError(Fault("index", f"`{index.name}` is no index of events", mend))
    first, last = (0, index.year.size - 1) if years is None else years
    inside = (index.event_year >= first) & (index.event_year <= last)
    number = np.bincount(index.event_year[inside] - first, minlength=last - first + 1).astype(np.float64)
    if number.size < FEWEST_YEARS:
        mend = f"At least {FEWEST_YEARS} years are needed for the number of events."
        raise FitError(Fault("fit", f"{number.size} years", mend))
    if inside.sum() < FEWEST_EVENTS:
        mend = f"At least {FEWEST_EVENTS} are needed for the law of their intensity."
        raise FitError(Fault("fit", f"{int(inside.sum())} events in {number.size} years", mend))
    intensity = fit_or_best(index.event_value[inside], family, pays)
    mean = float(number.mean())
    poisson = 2.0 - 2.0 * float(stats.poisson.logpmf(number, mean).sum())
    if number.var() <= mean:
        return EventLaw(mean, math.inf, poisson, math.nan, intensity)

    def surprise(log_size: float) -> float:
        size = math.exp(log_size)
        return -float(stats.nbinom.logpmf(number, size, size / (size + mean)).sum())

    found = optimize.minimize_scalar(surprise, bounds=(math.log(1e-3), math.log(_STEEPEST)), method="bounded")
    binomial = 4.0 + 2.0 * float(found.fun)
    size = math.exp(float(found.x)) if binomial < poisson else math.inf
    return EventLaw(mean, size, poisson, binomial, intensity)


def _on_cells(limited: Callable[[float], float], most: float) -> Floats:
    """Return the chances of a payment on cells from 0 to a limit, with the mean of every cell kept.

    Parameters
    ----------
    limited : callable
        From a share of the sum insured to the expected payment up to it, in shares of the sum insured.
    most : float
        Share of the sum insured at the limit [unitless].

    Notes
    -----
    P(cell j) = (2 L(j h) - L((j - 1) h) - L((j + 1) h)) / h with the limited expected value L; all that lies at the
    limit or beyond it is on the last cell.
    """
    value = np.array([limited(most * cell / _CELLS) if cell else 0.0 for cell in range(_CELLS + 1)])
    slope = np.diff(value) * _CELLS / most
    chance = np.concatenate([[1.0 - slope[0]], slope[:-1] - slope[1:], [slope[-1]]])
    return np.asarray(np.maximum(chance, 0.0))
