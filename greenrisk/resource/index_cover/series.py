# SPDX-License-Identifier: Apache-2.0
"""Series by date and indices by year: the two things that an index cover is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Days = NDArray[np.datetime64]

Step = Literal["day", "month", "year", "event"]
"""Distance between the values of a series; events come when they come."""


class Bounds(NamedTuple):
    """Ends of what an index can be, both of which it can reach: days are 0 or more, and no more than the season has."""

    low: float = -math.inf
    """[the index's unit]"""

    high: float = math.inf
    """[the index's unit]"""


FREE: Final = Bounds()
"""An index that can be anything."""


@dataclass(frozen=True)
class Origin:
    """Where values of a series come from: what tells a loss that is made from its index.

    Parameters
    ----------
    file : str
        sha256 of the file.
    column : str
        Column or variable.
    rows : frozenset of int
        Rows of the file that were read, or flat indexes of grid cells.
    """

    file: str
    column: str
    rows: frozenset[int]

    def shared(self, other: Origin) -> int:
        """Return how many values both are read from."""
        same = self.file == other.file and self.column == other.column
        return len(self.rows & other.rows) if same else 0


@dataclass(frozen=True, eq=False)
class Series:
    """Values by date.

    Parameters
    ----------
    name : str
        Name in the scenario.
    step : str
        One of :data:`Step`.
    time : array of datetime64[D], shape (times,)
        First day of each step, increasing without a gap: a missing value is NaN.
    value : array, shape (times,)
        [unit]
    unit : str
        Unit of the values.
    file : str
        The file, as the scenario names it, or ``statsmodels: nile``.
    origin : Origin
        Cells that the values were read from.
    note : str
        What a reader must know.
    rows : array of int, shape (times,), or None
        Row of the table behind each value, 0 where it has none; None where the series is from no table.
    """

    name: str
    step: Step
    time: Days
    value: Floats
    unit: str
    file: str
    origin: Origin
    note: str = ""
    rows: Integers | None = None


@dataclass(frozen=True, eq=False)
class YearIndex:
    """An index: one value a year, or events of years.

    Parameters
    ----------
    name : str
        Name in the scenario.
    unit : str
        Unit of the values.
    year : array of int, shape (years,)
        Years of the record, increasing by one: years whose season is not complete stand with NaN.
    value : array, shape (years,)
        The index of each year [unit]; NaN where it is not known. Of an index of events: the largest of the year, NaN in
        a year without one.
    event_year : array of int, shape (events,)
        Position in ``year`` of each event; empty unless the index is one of events.
    event_value : array, shape (events,)
        Intensity of each event [unit].
    of_events : bool
        Whether the index is one of events.
    series : tuple of str
        Names of the series behind it.
    bounds : Bounds
        Ends of what the index can be [unit].
    """

    name: str
    unit: str
    year: Integers
    value: Floats
    event_year: Integers
    event_value: Floats
    of_events: bool
    series: tuple[str, ...]
    bounds: Bounds = FREE
