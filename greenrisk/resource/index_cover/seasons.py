# SPDX-License-Identifier: Apache-2.0
"""Seasons of a record, and what is taken of them: functions of arrays, vectorised over any leading axes of sites.

A season is a slice of the time axis: positions from ``edges[:, 0]`` up to but without ``edges[:, 1]``. What the indices
of a scenario make of these numbers lives in :mod:`greenrisk.resource.index_cover.indices`.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.index_cover.index_spec import SeasonSpec
from greenrisk.resource.index_cover.series import Days, Floats, Integers, Step

Statistic = Literal["mean", "min", "max", "sum"]
"""What is taken of a season."""

SLAB: Final = 2**16
"""Values that are worked on at once, so that what is made on the way stays in the processor's cache [1]."""


@dataclass(frozen=True, eq=False)
class Seasons:
    """The whole seasons of a record.

    Parameters
    ----------
    year : array of int, shape (years,)
        Year of each season, increasing by one.
    edges : array of int, shape (years, 2)
        First position of each season, and the one behind its last.
    """

    year: Integers
    edges: Integers

    @property
    def longest(self) -> int:
        """Steps of the longest season: most days that can be counted in one."""
        return int((self.edges[:, 1] - self.edges[:, 0]).max())


def whole_seasons(time: Days, step: Step, season: SeasonSpec) -> Seasons:
    """Return the seasons that lie whole inside a record.

    Parameters
    ----------
    time : array of datetime64[D], shape (times,)
        First day of each step, increasing.
    step : str
        ``day``, ``month`` or ``year``.
    season : SeasonSpec
        First and last day. 29 February is 28 February as a last day, and 1 March as a first, in years without it.

    Returns
    -------
    Seasons
        Empty where no season is whole.

    Raises
    ------
    ArgumentError
        If the season cuts a month of a monthly series, if a yearly series is given a season, or if values have no
        step.
    """
    check_season(step, season)
    years = time.astype("datetime64[Y]").astype(np.int64) + 1970
    spans_new_year = season.last < season.first
    first_years = np.arange(int(years[0]) - 1, int(years[-1]) + 1)
    first = np.array([_day(int(year), season.first, last=False) for year in first_years])
    last = np.array([_day(int(year) + spans_new_year, season.last, last=True) for year in first_years])
    whole = (first >= time[0]) & (last < _end(time[-1], step))
    edges = np.stack(
        [np.searchsorted(time, first), np.searchsorted(time, last, side="right")], axis=1
    ).astype(np.int64)
    named = first_years + (spans_new_year and season.year_of == "last")
    return Seasons(named[whole].astype(np.int64), edges[whole])


def check_season(step: Step, season: SeasonSpec) -> SeasonSpec:
    """Return a season that a series of a step can have, or raise ArgumentError; see :func:`whole_seasons`."""
    days = f"{season.first} to {season.last}"
    if step == "event":
        raise ArgumentError(Fault("season", days, "Values that come as events have no seasons."))
    if step == "year" and (season.first, season.last) != ("01-01", "12-31"):
        raise ArgumentError(Fault("season", days, "A series of years has no season: leave `season` out."))
    if step == "month":
        month = int(season.last[:2])
        ends = {28, 29} if month == 2 else {calendar.monthrange(2001, month)[1]}
        if not season.first.endswith("-01") or int(season.last[3:]) not in ends:
            mend = (
                "A series of months needs a season of whole months: begin on the first day of a month and end on the "
                f"last of one, such as `{season.first[:3]}01` to `{season.last[:3]}{max(ends)}`."
            )
            raise ArgumentError(Fault("season", days, mend))
    return season


def _day(year: int, day: str, *, last: bool) -> np.datetime64:
    """Return a day of a year; 29 February falls on its neighbour inside the season where there is none."""
    if day == "02-29" and not calendar.isleap(year):
        day = "02-28" if last else "03-01"
    return np.datetime64(f"{year:04d}-{day}", "D")


def _end(start: np.datetime64, step: Step) -> np.datetime64:
    """Return the first day behind a step."""
    unit = {"day": "D", "month": "M", "year": "Y"}[step]
    after: np.datetime64 = (start.astype(f"datetime64[{unit}]") + 1).astype("datetime64[D]")
    return after


def season_statistic(
    values: ArrayLike, edges: Integers, statistic: Statistic, missing_share: float = 0.0
) -> Floats:
    """Return the mean, least, largest or sum of each season.

    Parameters
    ----------
    values : array, shape (..., times)
        NaN where a value is missing.
    edges : array of int, shape (years, 2)
        As :class:`Seasons` has them.
    statistic : str
        One of :data:`Statistic`.
    missing_share : float
        Share of a season's values that may be missing [unitless]. Mean, least and largest are then those of the values
        there are; a sum is scaled to the whole season.

    Returns
    -------
    array, shape (..., years)
        NaN where more is missing.

    Raises
    ------
    ArgumentError
        If edges lie outside the values, or a season is empty.
    """
    kernels: dict[str, _Kernel] = {
        "mean": _Kernel(lambda slab, _: slab.mean(axis=-1), 0.0, scaled=True),
        "sum": _Kernel(lambda slab, _: slab.sum(axis=-1), 0.0, scaled=True),
        "min": _Kernel(lambda slab, _: slab.min(axis=-1), np.inf, scaled=False),
        "max": _Kernel(lambda slab, _: slab.max(axis=-1), -np.inf, scaled=False),
    }
    return _by_season(values, edges, 0.0, kernels[statistic], missing_share)


@dataclass(frozen=True, eq=False)
class _Kernel:
    """What is made of a slab of sites x times: NaN in, NaN out; ``neutral`` adds nothing to it."""

    of: Callable[[Floats, Floats], Floats]
    neutral: float
    scaled: bool


def _by_season(
    values: ArrayLike, edges: Integers, threshold: ArrayLike, kernel: _Kernel, missing_share: float
) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    times = given.shape[-1]
    if edges.size and (edges.min() < 0 or edges.max() > times or (edges[:, 1] <= edges[:, 0]).any()):
        raise ArgumentError(
            Fault("edges", f"{edges.min()} to {edges.max()}", f"Seasons must lie within the {times} values.")
        )
    flat = given.reshape(-1, times)
    limit = np.broadcast_to(np.asarray(threshold, dtype=np.float64), given.shape[:-1]).reshape(-1, 1)
    out = np.empty((len(flat), len(edges)))
    longest = int((edges[:, 1] - edges[:, 0]).max(initial=1))
    sites = max(1, SLAB // longest)
    for start in range(0, len(flat), sites):
        rows = slice(start, start + sites)
        for season, (first, behind) in enumerate(edges):
            slab = flat[rows, first:behind]
            found = kernel.of(slab, limit[rows])
            if missing_share > 0.0:
                unknown = np.isnan(found)
                if unknown.any():
                    found[unknown] = _of_the_rest(slab[unknown], limit[rows][unknown], kernel, missing_share)
            out[rows, season] = found
    return out.reshape(*given.shape[:-1], len(edges))


def _of_the_rest(slab: Floats, limit: Floats, kernel: _Kernel, missing_share: float) -> Floats:
    """Return what rows with missing values are worth; NaN where too many are missing."""
    missing: NDArray[np.bool_] = np.isnan(slab)
    length = slab.shape[-1]
    known = length - missing.sum(axis=-1)
    found = kernel.of(np.where(missing, kernel.neutral, slab), limit)
    scale = length / np.maximum(known, 1) if kernel.scaled else 1.0
    enough = (length - known <= missing_share * length) & (known > 0)
    result: Floats = np.where(enough, found * scale, np.nan)
    return result


def season_days(
    values: ArrayLike,
    edges: Integers,
    threshold: ArrayLike,
    side: Literal["below", "above"],
    missing_share: float = 0.0,
) -> Floats:
    """Return how many values of each season lie strictly below, or strictly above, a threshold.

    Parameters
    ----------
    values : array, shape (..., times)
        NaN where a value is missing.
    edges : array of int, shape (years, 2)
        As :class:`Seasons` has them.
    threshold : float or array, shape (...)
        One for all sites, or one each, in the unit of the values.
    side : str
        Which values count.
    missing_share : float
        Share of a season's values that may be missing; the count is then scaled to the whole season [unitless].

    Returns
    -------
    array, shape (..., years)
        [step]; NaN where more is missing.

    Raises
    ------
    ArgumentError
        As :func:`season_statistic`.
    """
    below = side == "below"

    def of(slab: Floats, limit: Floats) -> Floats:
        beyond = slab < limit if below else slab > limit
        count: Floats = np.count_nonzero(beyond, axis=-1).astype(np.float64)
        # A comparison with NaN is false; the least value is NaN where any value is.
        count[np.isnan(slab.min(axis=-1))] = np.nan
        return count

    kernel = _Kernel(of, np.inf if below else -np.inf, scaled=True)
    return _by_season(values, edges, threshold, kernel, missing_share)


def season_deficit(
    values: ArrayLike, edges: Integers, threshold: ArrayLike, missing_share: float = 0.0
) -> Floats:
    """Return what is missing below a threshold, summed over each season.

    Parameters
    ----------
    values, edges, threshold, missing_share
        As :func:`season_days`.

    Returns
    -------
    array, shape (..., years)
        Sum of ``max(threshold - value, 0)`` [unit of the values x step]; NaN where more is missing.

    Raises
    ------
    ArgumentError
        As :func:`season_statistic`.
    """

    def of(slab: Floats, limit: Floats) -> Floats:
        result: Floats = np.maximum(limit - slab, 0.0).sum(axis=-1)
        return result

    return _by_season(values, edges, threshold, _Kernel(of, np.inf, scaled=True), missing_share)
