# SPDX-License-Identifier: Apache-2.0
"""What every peril brings to a block of years: events with their day, and hits of stands with area and degree.

A peril is a law of numbers (its card) over an exposure. It knows nothing of policies: what a hit costs is decided in
:mod:`greenrisk.resource.settlement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Hits = tuple[Integers, Integers, Floats, Floats]
"""Event, stand, share of the area [unitless] and degree [unitless] of each hit."""

DAYS = 365
"""Days of a policy year; leap days are not counted [day]."""


@dataclass(frozen=True, eq=False)
class PerilYears:
    """What one block of years brings of one peril.

    Parameters
    ----------
    event_year : array of int, shape (events,)
        Year of each event in the block, non-decreasing.
    event_day : array of int, shape (events,)
        Day of the calendar year of each event, 0 to 364.
    hit_event : array of int, shape (hits,)
        Index of the event of each hit, non-decreasing.
    hit_stand : array of int, shape (hits,)
        Index of the stand in the book.
    hit_area : array, shape (hits,)
        Share of the stand's area that the event damages, in (0, 1] [unitless].
    hit_degree : array, shape (hits,)
        Damage degree of the damaged area, in (0, 1] [unitless].
    by_year : mapping of str to array, shape (years,)
        What the peril wants kept beside losses, each in the unit that its module states.
    weight : array, shape (years,), or None
        Weights of the years where a peril draws its large events more often than they happen; None: all 1.
    """

    event_year: Integers
    event_day: Integers
    hit_event: Integers
    hit_stand: Integers
    hit_area: Floats
    hit_degree: Floats
    by_year: Mapping[str, Floats] = field(default_factory=dict)
    weight: Floats | None = None


class PerilLaw(Protocol):
    """The law of a peril over an exposure: a card's numbers, resolved."""

    def simulate(self, seed: int, purpose: str, block: int) -> PerilYears:
        """Return what a block of ``BLOCK_LENGTH`` years brings; a pure function of its arguments.

        Parameters
        ----------
        seed, block : int
            Key of the random streams.
        purpose : str
            Name of the family of streams: ``main`` or ``knowledge``.
        """

    def expected_events(self) -> float:
        """Return the expected number of events in a year."""


@dataclass(frozen=True)
class Season:
    """The days of the year on which events of a peril happen, each as likely as the other.

    Parameters
    ----------
    first, last : float
        Days of the year, 1 to 365 for 1 January to 31 December; ``last`` may run over New Year, up to ``first`` + 364.

    Raises
    ------
    ArgumentError
        If the season ends before it starts or lasts more than a year.
    """

    first: float
    last: float

    def __post_init__(self) -> None:
        """Refuse a season that is none."""
        if not (1 <= self.first <= DAYS and self.first <= self.last <= self.first + DAYS - 1):
            what = f"season_first_day = {self.first:g}, season_last_day = {self.last:g}"
            mend = (
                "A season starts on a day from 1 to 365 and ends on that day or later; one over New Year ends "
                "on a day above 365 (31 March of the next year is 455)."
            )
            raise ArgumentError(Fault("season", what, mend, "day"))

    def days(self, uniform: Floats) -> Integers:
        """Return days of the calendar year, 0 to 364, from uniforms on [0, 1)."""
        length = self.last - self.first + 1
        return (np.floor(self.first - 1 + uniform * length) % DAYS).astype(np.int64)


def season_of(constants: Mapping[str, float]) -> Season:
    """Return the season of a card, by its constants ``season_first_day`` and ``season_last_day``."""
    return Season(float(constants["season_first_day"]), float(constants["season_last_day"]))
