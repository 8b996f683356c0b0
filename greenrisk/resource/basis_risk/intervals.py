# SPDX-License-Identifier: Apache-2.0
"""A measure of paired years with its error: blocks of a record drawn again, or batches of simulated years.

The two are different things and stand in different columns: how far another record would move a figure is an interval
of what is not known, and the luck of a simulation is a standard error.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.core.streams import stream
from greenrisk.resource.basis_risk.sample_measures import exact_interval
from greenrisk.resource.index_cover.series import Floats, Integers

COVERAGE: Final = 0.90
"""Coverage of intervals, as everywhere in the house [unitless]."""

BATCHES: Final = 50
"""Batches of simulated years behind a simulation error."""

FEWEST_TOLD: Final = 0.5
"""Share of the drawn records that must have a value; below it no interval is told [unitless]."""

Measured = Callable[[Floats, Floats], Floats]
"""From losses and payments of shape (..., years) to values of shape (...)."""


@dataclass(frozen=True)
class Measure:
    """One measure.

    Parameters
    ----------
    name : str
        Key.
    label : str
        A reader's words.
    value : float
        [unit]
    standard_error : float
        Simulation error of simulated years [unit]; NaN of years of a record.
    low, high : float
        90 % interval of what is not known [unit]: of a record its years drawn again; of simulated years what the study
        that simulates them knows of its cards. NaN where there is none.
    unit : str
        Unit.
    years : int
        Years that the measure rests on: all, or only those with a payment or among the worst.
    note : str
        What it says, how its interval is made, and what it does not tell.
    """

    name: str
    label: str
    value: float
    standard_error: float
    low: float
    high: float
    unit: str
    years: int
    note: str


@dataclass(frozen=True, eq=False)
class Intervals:
    """Makes values with their simulation error, or with their 90 % interval.

    Parameters
    ----------
    loss, payout : array, shape (years,)
        Of the same years [CNY].
    drawn : array of int, shape (resamples, years), or None
        Positions of drawn records; None for simulated years, whose batches tell the simulation error.
    bare : bool
        Whether values alone are made.
    """

    loss: Floats
    payout: Floats
    drawn: Integers | None
    bare: bool = False

    def of(self, measured: Measured) -> tuple[float, float, float, float]:
        """Return value, standard error, lower and upper end; NaN what these years do not tell."""
        value = float(measured(self.loss, self.payout))
        if self.bare:
            return value, math.nan, math.nan, math.nan
        if self.drawn is None:
            return value, batch_error(measured, self.loss, self.payout), math.nan, math.nan
        return value, math.nan, *percentiles(measured(self.loss[self.drawn], self.payout[self.drawn]))

    def share(self, hits: int, trials: int) -> tuple[float, float, float, float]:
        """Return a share of counted years, its standard error where they are simulated, else its exact interval."""
        value = hits / trials if trials else math.nan
        if self.drawn is None:
            error = math.sqrt(value * (1.0 - value) / trials) if trials else math.nan
            return value, error, math.nan, math.nan
        return value, math.nan, *exact_interval(hits, trials, COVERAGE)

    def measure(self, name: str, label: str, measured: Measured, unit: str, note: str) -> Measure:
        """Return a measure that rests on all years."""
        return Measure(name, label, *self.of(measured), unit, self.loss.size, note)


def drawn_years(years: int, block_years: int, resamples: int, seed: int) -> Integers:
    """Return positions of resampled records: blocks of neighbouring years, the last year followed by the first.

    Parameters
    ----------
    years : int
        Years of the record.
    block_years : int
        Length of a block, >= 1; at most the record [year].
    resamples : int
        Records drawn.
    seed : int
        Seed.

    Returns
    -------
    array of int, shape (resamples, years)

    References
    ----------
    Politis, D. N. and Romano, J. P. (1992), A circular block-resampling procedure for stationary data, in Exploring the
    Limits of Bootstrap (every year is as likely to be drawn).
    """
    length = min(max(block_years, 1), years)
    starts = stream(seed, "basis-risk", "bootstrap").integers(0, years, (resamples, -(-years // length)))
    positions = (starts[:, :, None] + np.arange(length)) % years
    return np.asarray(positions.reshape(resamples, -1)[:, :years], dtype=np.int64)


def percentiles(values: Floats) -> tuple[float, float]:
    """Return the 90 % interval of values of drawn records; NaN where too few of them have one."""
    told = values[np.isfinite(values)]
    if told.size < FEWEST_TOLD * values.size or not told.size:
        return float("nan"), float("nan")
    low, high = np.quantile(told, [(1.0 - COVERAGE) / 2.0, (1.0 + COVERAGE) / 2.0])
    return float(low), float(high)


def batch_error(measured: Measured, loss: Floats, payout: Floats) -> float:
    """Return the standard error of a measure of many simulated years, from :data:`BATCHES` batches of them.

    Parameters
    ----------
    measured : callable
        From losses and payments of shape (..., years) to values of shape (...).
    loss, payout : array, shape (years,)
        Independent years [CNY].
    """
    length = loss.size // BATCHES
    parts = (v[: BATCHES * length].reshape(BATCHES, length) for v in (loss, payout))
    found = np.asarray(measured(*parts), dtype=np.float64)
    found = found[np.isfinite(found)]
    return float(found.std(ddof=1) / np.sqrt(found.size)) if found.size > 1 else float("nan")
