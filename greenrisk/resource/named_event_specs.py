# SPDX-License-Identifier: Apache-2.0
"""What a user writes of named events: an ice storm like that of 2008, a dated fire - each in the numbers of its peril.

They are run by :mod:`greenrisk.resource.named_events`.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from greenrisk.core.spec import Spec

_COMMON_YEAR = 2001  # leap days are not counted


class NamedEventSpec(Spec):
    """What every named event has."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Short name, unique in the scenario; the local luck of the event hangs on it."""

    title: str = ""
    """What the report calls it; empty: its name."""

    date: str = Field(pattern=r"^(\d{4}-)?\d{2}-\d{2}$")
    """Month and day, with or without a year before them; the year is told and not used."""

    source: str = ""
    """Where the numbers come from, for the report; empty: put in by the user."""

    @field_validator("date")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        try:
            _day(value)
        except ValueError:
            raise ValueError(
                f"{value} is no day that every year has. Write month-day or year-month-day; 29 February is none."
            ) from None
        return value

    @property
    def day(self) -> int:
        """Day of the calendar year, 0 to 364."""
        return _day(self.date)

    @property
    def label(self) -> str:
        """What the report calls it."""
        return self.title or self.name


def _day(text: str) -> int:
    month, day = (int(part) for part in text.split("-")[-2:])
    return datetime.date(_COMMON_YEAR, month, day).timetuple().tm_yday - 1


class NamedFireSpec(NamedEventSpec):
    """A forest fire."""

    kind: Literal["wildfire"]
    """Which peril."""

    size_ha: float = Field(gt=0)
    """Burnt forest, insured or not [ha]."""

    stand: str | None = None
    """Stand in which it starts."""

    county: str | None = None
    """County in which it starts, in any of its forest, instead of `stand`."""

    intensity: float = Field(default=0.5, ge=0, lt=1)
    """How hot it is, as a quantile of all fires: 0.5 is the middling one [unitless]."""

    @model_validator(mode="after")
    def _starts_somewhere(self) -> Self:
        if (self.stand is None) == (self.county is None):
            raise ValueError("A fire starts in a `stand` or in a `county`. Give one of the two.")
        return self


class NamedStormSpec(NamedEventSpec):
    """A windstorm: a straight strip of gusts."""

    kind: Literal["storm"]
    """Which peril."""

    gust: float = Field(gt=0)
    """Highest gust in the open, on its line [m/s]."""

    heading: float = Field(ge=0, lt=360)
    """Where it moves to, clockwise from north [degree]."""

    offset_km: float = 0.0
    """How far to the right of the middle of the book its line runs, seen along the heading [km]."""

    width_km: float | None = Field(default=None, gt=0)
    """Distance from the line at which the gust has fallen to 0.61 of its peak [km]; empty: the median of the card."""


class NamedIceSpec(NamedEventSpec):
    """A cold spell with snow, rime or glaze over the whole region."""

    kind: Literal["snow_ice"]
    """Which peril."""

    load: float = Field(gt=0)
    """Load of snow or ice, in loads of the median spell [unitless]."""

    glaze: bool = False
    """Whether the load is clear ice, which clings to evergreen leaves."""

    frost: float = Field(default=0.0, ge=0, lt=1)
    """Damage degree of young stands in frost pockets; 0: no frost [unitless]."""


class NamedDroughtSpec(NamedEventSpec):
    """A year of drought."""

    kind: Literal["drought"]
    """Which peril."""

    severity: float = Field(gt=0, lt=1)
    """Share of the greatest damage that stands on dry ground suffer; 1 would be the deepest drought [unitless]."""

    counties: tuple[str, ...] = ()
    """Counties in drought; empty: all."""


class NamedFloodSpec(NamedEventSpec):
    """A rainstorm with floods and landslides."""

    kind: Literal["flood"]
    """Which peril."""

    lon: float = Field(ge=-180, le=180)
    """Longitude of its centre [degree]."""

    lat: float = Field(ge=-90, le=90)
    """Latitude of its centre [degree]."""

    rain_mm: float = Field(gt=0)
    """Rain of the event in the centre [mm]."""

    length_km: float | None = Field(default=None, gt=0)
    """Distance from the centre at which the rain has fallen to 0.37 of it [km]; empty: the median of the card."""


class NamedPestSpec(NamedEventSpec):
    """An outbreak of pine wilt, or a cluster of leaf feeders."""

    kind: Literal["pest"]
    """Which peril."""

    pest: Literal["pine_wilt", "conifer_feeders", "broadleaf_feeders", "bamboo_feeders"]
    """Which pest."""

    lon: float = Field(ge=-180, le=180)
    """Longitude of its middle [degree]."""

    lat: float = Field(ge=-90, le=90)
    """Latitude of its middle [degree]."""

    radius_km: float = Field(gt=0)
    """Distance of its edge from its middle [km]; pine wilt newly infests the ring that its last year's growth made."""


AnyNamedEvent = Annotated[
    NamedFireSpec | NamedStormSpec | NamedIceSpec | NamedDroughtSpec | NamedFloodSpec | NamedPestSpec,
    Field(discriminator="kind"),
]


def refuse_twins(events: tuple[NamedEventSpec, ...]) -> None:
    """Refuse two named events of one name.

    Parameters
    ----------
    events : tuple of NamedEventSpec
        Those of a scenario.

    Raises
    ------
    ValueError
        As a scenario's validator wants it.
    """
    names = [event.name for event in events]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{names.count(name)} named events are called {name}. Give each its own name.")
