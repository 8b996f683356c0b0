# SPDX-License-Identifier: Apache-2.0
"""An index that a scenario asks for: finds its series, checks step and unit, and tells every fault at its key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Kind
from greenrisk.core.marked_yaml import KeyPath, did_you_mean, key_text
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.index_spec import SeasonSpec
from greenrisk.resource.index_cover.seasons import Seasons, check_season, whole_seasons
from greenrisk.resource.index_cover.series import FREE, Bounds, Floats, Series, Step, YearIndex

STEPS: Final[Mapping[Step, str]] = {
    "day": "days",
    "month": "months",
    "year": "years",
    "event": "events",
}


@dataclass(frozen=True)
class Unit:
    """A unit that an index needs of a series.

    Parameters
    ----------
    name : str
        As messages print it.
    spellings : tuple of str
        Other ways to write it, in lower case.
    mends : mapping of str to str
        What to do with values in another unit, by its spelling in lower case.
    """

    name: str
    spellings: tuple[str, ...] = ()
    mends: Mapping[str, str] | None = None

    def fits(self, unit: str) -> bool:
        """Whether a series in this unit can be used as it is."""
        return _plain(unit) in {_plain(self.name), *self.spellings}

    def mend(self, unit: str) -> str:
        """Return what to do with values in another unit."""
        told = (self.mends or {}).get(_plain(unit), "convert the values")
        return f"{told[:1].upper()}{told[1:]}, and state `unit: {self.name}`."


def _plain(unit: str) -> str:
    return " ".join(unit.lower().split())


@dataclass(frozen=True, eq=False)
class Asked:
    """An index of a scenario, with what it is made of.

    Parameters
    ----------
    name : str
        Name in the scenario.
    key_path : tuple
        Where the scenario asks for it.
    series : mapping of str to Series or None
        Series of the scenario; None for one that could not be read, whose faults are recorded.
    sources : Sources
        Told the faults, and the ledger.
    underwriting_year : int
        Year that the cover is priced for [year].
    """

    name: str
    key_path: KeyPath
    series: Mapping[str, Series | None]
    sources: Sources
    underwriting_year: int

    def fault(self, key: str, value: object, expected: str, unit: str = "") -> None:
        """Record a fault at one key of the index."""
        path = (*self.key_path, key)
        self.sources.fault(path, f"{key_text(path)} = {value}", expected, unit)

    def missing(self, key: str, expected: str, unit: str = "") -> None:
        """Record that the index needs a key that is not there."""
        self.sources.fault(self.key_path, f"{key_text((*self.key_path, key))} is missing", expected, unit)

    def tell(self, kind: Kind, detail: str, count: int = 1) -> None:
        """Write a line of the ledger about the index."""
        self.sources.ledger.add(kind, f"index {self.name}", detail, count)

    def find(self, key: str, name: str, unit: Unit | None, *steps: Step) -> Series | None:
        """Return a series of the scenario in a step and a unit that the index can use.

        Parameters
        ----------
        key : str
            Key of the index that names it.
        name : str
            Its name.
        unit : Unit or None
            The unit that it needs; None: any.
        *steps : str
            Steps that the index can use.

        Returns
        -------
        Series or None
            None where a fault was recorded, here or when the series was read.
        """
        if name not in self.series:
            known = ", ".join(f"`{one}`" for one in self.series) or "none"
            self.fault(
                key, name, f"No such series.{did_you_mean(name, list(self.series))} Series here: {known}."
            )
            return None
        found = self.series[name]
        if found is None:
            return None
        sound = True
        if found.step not in steps:
            needed = " or of ".join(STEPS[step] for step in steps)
            mend = f"This is a series of {STEPS[found.step]}; the index needs one of {needed}."
            self.fault(key, name, mend)
            sound = False
        if unit is not None and not unit.fits(found.unit):
            self.fault(
                key, name, f"This series is in {found.unit}; {unit.name} is needed. {unit.mend(found.unit)}"
            )
            sound = False
        return self._without_leap_days(found) if sound else None

    def _without_leap_days(self, series: Series) -> Series:
        """Return a daily series of a calendar without 29 February without that day, rather than with a gap there."""
        leap = (
            np.char.endswith(series.time.astype(str), "-02-29")
            if series.step == "day"
            else np.zeros(0, np.bool_)
        )
        if leap.sum() < 2 or not np.isnan(series.value[leap]).all():
            return series
        detail = f"`{series.name}` has no value on any 29 February: a calendar without leap days, and no gap."
        self.tell("read", detail, int(leap.sum()))
        return replace(series, time=series.time[~leap], value=series.value[~leap])

    def season_fits(self, step: Step, season: SeasonSpec) -> bool:
        """Whether series of a step can have a season; a fault is recorded, at the key ``season``, where they cannot."""
        try:
            check_season(step, season)
        except ArgumentError as error:
            self.fault("season", f"{season.first} to {season.last}", error.faults[0].expected)
            return False
        return True

    def seasons(self, series: Series, season: SeasonSpec) -> Seasons | None:
        """Return the whole seasons of a series; None where a fault was recorded, at the key ``season``."""
        if not self.season_fits(series.step, season):
            return None
        found = whole_seasons(series.time, series.step, season)
        if not found.year.size:
            first, last = series.time[0], series.time[-1]
            mend = f"The series `{series.name}` runs from {first} to {last} and holds no whole season."
            self.fault("season", f"{season.first} to {season.last}", mend)
            return None
        return found

    def yearly(
        self,
        unit: str,
        seasons: Seasons,
        value: Floats,
        series: Collection[Series],
        bounds: Bounds = FREE,
    ) -> YearIndex:
        """Return an index of one value a year; seasons without a value are told."""
        unknown = np.isnan(value)
        if unknown.any():
            years = ", ".join(map(str, seasons.year[unknown]))
            self.tell(
                "dropped", f"Seasons without an index, for missing values: {years}.", int(unknown.sum())
            )
        names = tuple(one.name for one in series)
        none = np.empty(0)
        return YearIndex(
            self.name,
            unit,
            seasons.year,
            value,
            none.astype(np.int64),
            none,
            of_events=False,
            series=names,
            bounds=bounds,
        )
