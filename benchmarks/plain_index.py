# SPDX-License-Identifier: Apache-2.0
"""A days-below index cover priced site by site in pandas: what a good analyst would write first.

The calendar is worked out once for all sites; a site is one Series of daily values. It shares no line with greenrisk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """A season of whole months, a threshold of the daily values, and a linear payout of the days below it."""

    first_month: int = 4
    last_month: int = 9
    threshold: float = -1.0
    trigger_days: float = 45.0
    exit_days: float = 110.0
    sum_insured: float = 1_000.0


class Calendar:
    """Which days of the record lie in the season, and in which year."""

    def __init__(self, days: pd.DatetimeIndex, terms: Terms) -> None:
        month = days.month
        self.in_season = np.asarray((month >= terms.first_month) & (month <= terms.last_month))
        self.year = np.asarray(days.year)[self.in_season]


def days_below(site: pd.Series, calendar: Calendar, terms: Terms) -> pd.Series:
    """Return the days of each season below the threshold."""
    season = site[calendar.in_season]
    return (season < terms.threshold).groupby(calendar.year).sum()


def payments(days: pd.Series, terms: Terms) -> pd.Series:
    """Return what each year is paid."""
    share = (days - terms.trigger_days) / (terms.exit_days - terms.trigger_days)
    return terms.sum_insured * share.clip(0.0, 1.0)


def draw_blocks(years: int, resamples: int, block_years: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return positions of the years of each resample: circular blocks, shape (resamples, years)."""
    begins = rng.integers(0, years, size=(resamples, -(-years // block_years)))
    drawn = (begins[:, :, None] + np.arange(block_years)) % years
    return drawn.reshape(resamples, -1)[:, :years]


def bootstrap(paid: pd.Series, drawn: NDArray[np.int64]) -> pd.Series:
    """Return mean, standard error and the 5 % and 95 % quantiles of the mean payment."""
    means = pd.Series(paid.to_numpy()[drawn].mean(axis=1))
    low, high = means.quantile([0.05, 0.95])
    return pd.Series({"mean": paid.mean(), "error": means.std(ddof=0), "low": low, "high": high})


def price(values: Floats, days: pd.DatetimeIndex, terms: Terms, drawn: NDArray[np.int64]) -> pd.DataFrame:
    """Return the prices of all sites, one row each."""
    calendar = Calendar(days, terms)
    rows = {
        site: bootstrap(payments(days_below(pd.Series(row, index=days), calendar, terms), terms), drawn)
        for site, row in enumerate(values)
    }
    return pd.DataFrame(rows).T
