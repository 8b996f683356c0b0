# SPDX-License-Identifier: Apache-2.0
"""Dates of a series: read from cells, in order, and put on a grid of days, months or years without a gap."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from greenrisk.resource.index_cover.series import Days, Floats, Step

_DATE: Final = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?(?:[T ](\d.*))?$")
"""The year first, then the month and the day where there are any; perhaps a time."""

_MIDNIGHT: Final = re.compile(r"^0{1,2}(:00){0,2}(\.0+)?(Z|\+00:?00)?$")

ISO: Final = "Write it as `YYYY-MM-DD`, such as 1998-08-07."


def date_in(cell: Any) -> tuple[np.datetime64 | None, str]:
    """Return the day that a cell holds, or None and how to mend it."""
    if isinstance(cell, datetime.datetime):
        if cell.time() != datetime.time(0):
            return None, "Holds a time of day. A series has one value a day at most: sum or average first."
        cell = cell.date()
    if isinstance(cell, datetime.date):
        return np.datetime64(cell.isoformat(), "D"), ""
    text = "" if cell is None else str(cell).strip()
    if not text:
        return None, f"No date. {ISO}"
    match = _DATE.match(text)
    if match is None:
        if re.fullmatch(r"\d{5}(\.0)?", text):
            return None, f"A day's number of a spreadsheet. Format the column as a date. {ISO}"
        if re.match(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$", text):
            return None, f"Day and month cannot be told apart. {ISO}"
        return None, f"No date. {ISO}"
    if match[4] and not _MIDNIGHT.match(match[4]):
        return None, "Holds a time of day. A series has one value a day at most: sum or average first."
    return day_of(int(match[1]), int(match[2] or 1), int(match[3] or 1))


def day_of(year: int, month: int, day: int) -> tuple[np.datetime64 | None, str]:
    """Return a day, or None and how to mend it."""
    try:
        return np.datetime64(datetime.date(year, month, day).isoformat(), "D"), ""
    except ValueError:
        return None, "There is no such day. Check year, month and day."


def step_of(days: Days) -> Step | None:
    """Return the step of increasing days; None where they follow none of days, months and years.

    Parameters
    ----------
    days : array of datetime64[D], shape (values,)
        Increasing strictly.

    Notes
    -----
    Years: no two values in one calendar year, and mostly a year apart. Months and days alike.
    """
    if days.size < 2:
        return "year"
    for step, unit, least in (("year", "Y", 360), ("month", "M", 28), ("day", "D", 1)):
        position = days.astype(f"datetime64[{unit}]").astype(np.int64)
        apart = np.diff(position)
        if (
            bool(np.all(apart >= 1))
            and int(np.quantile(apart, 0.5, method="lower")) == 1
            and _typical(days) >= least
        ):
            return step  # type: ignore[return-value]
    return None


def _typical(days: Days) -> float:
    return float(np.quantile(np.diff(days).astype(np.int64), 0.5, method="lower"))


def on_grid(days: Days, value: Floats, step: Step) -> tuple[Days, Floats]:
    """Return the first days of all steps between the first and the last, and their values, NaN where there is none."""
    unit = {"day": "D", "month": "M", "year": "Y"}[step]
    position = days.astype(f"datetime64[{unit}]")
    grid = np.arange(position[0], position[-1] + 1)
    full = np.full(grid.size, np.nan)
    full[(position - position[0]).astype(np.int64)] = value
    return grid.astype("datetime64[D]"), full


def longest_run(missing: Sequence[bool] | np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[int, int]:
    """Return the length of the longest run of True, and where it begins; 0 and 0 where there is none."""
    flags = np.concatenate(([False], np.asarray(missing, dtype=np.bool_), [False]))
    edges = np.flatnonzero(np.diff(flags))
    if edges.size == 0:
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    longest = int(np.argmax(lengths))
    return int(lengths[longest]), int(edges[::2][longest])


def in_words(day: np.datetime64, step: Step) -> str:
    """Return a day as a series of a step names it: 1903, 1903-01 or 1903-01-07."""
    return str(day)[: {"year": 4, "month": 7, "day": 10, "event": 10}[step]]
