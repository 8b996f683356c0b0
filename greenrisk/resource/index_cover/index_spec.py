# SPDX-License-Identifier: Apache-2.0
"""What a user writes of an index: from one or several series to one value a year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from greenrisk.core.spec import Spec
from greenrisk.resource.index_cover.series_spec import BoxSpec

DAY_PATTERN: Final = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
"""Month and day."""

Positive = Annotated[float, Field(gt=0)]

Chance = Annotated[float, Field(ge=0, lt=1)]

TrendScale = Literal["plain", "log"]
"""Whether a trend or a step adds to an index or multiplies it."""


class SeasonSpec(Spec):
    """The days of the year that count; the season may run over New Year."""

    first: str = Field(default="01-01", json_schema_extra={"pattern": DAY_PATTERN})
    """First day, month and day."""

    last: str = Field(default="12-31", json_schema_extra={"pattern": DAY_PATTERN})
    """Last day, month and day; one before `first` lies in the next year."""

    year_of: Literal["first", "last"] = "last"
    """Which of its days gives a season over New Year its year."""

    @field_validator("first", "last")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        if not re.fullmatch(DAY_PATTERN, value):
            raise ValueError("Must be month and day with two figures each, such as `04-01` for 1 April.")
        if value in ("02-30", "02-31", "04-31", "06-31", "09-31", "11-31"):
            raise ValueError("There is no such day.")
        return value


class _Yearly(Spec):
    """What the indices of one value a year share."""

    season: SeasonSpec = SeasonSpec()
    """Days that count; a series of years has no season."""

    missing_share: float = Field(default=0.0, ge=0, le=0.2)
    """Share of the season's values that may be missing; a season with more has no index, which is told [unitless]."""

    trend_scale: TrendScale = "plain"
    """Whether a trend or a step adds to the index, or multiplies it (`log`, for values above 0)."""


class SeasonValue(_Yearly):
    """Mean, least, largest or sum of a series in the season: a stage, a flow, rain, a burnt area."""

    kind: Literal["season_value"]
    """Which index."""

    series: str
    """Name of the series."""

    statistic: Literal["mean", "min", "max", "sum"]
    """What is taken of the season."""


class DaysIndex(_Yearly):
    """Days (or months) of the season below or above a threshold."""

    kind: Literal["days"]
    """Which index."""

    series: str
    """Name of the series; of days, or of months, which are then counted."""

    side: Literal["below", "above"]
    """Which values count: those strictly below, or strictly above."""

    threshold: float
    """In the unit of the series."""


class DeficitIndex(_Yearly):
    """Cumulative deficit: what is missing below a threshold, summed over the season."""

    kind: Literal["deficit"]
    """Which index."""

    series: str
    """Name of the series."""

    threshold: float
    """In the unit of the series."""


class FrozenParameters(Spec):
    """Parameters of a standardised index, fitted before inception and held: gamma law by calendar month."""

    alpha: tuple[Positive, ...] = Field(min_length=12, max_length=12)
    """Shapes of the gamma law by calendar month, January first [unitless]."""

    beta: tuple[Positive, ...] = Field(min_length=12, max_length=12)
    """Scales of the gamma law by calendar month [mm]."""

    prob_zero: tuple[Chance, ...] = Field(min_length=12, max_length=12)
    """Chance of no rain by calendar month [unitless]."""


class StandardisedIndex(_Yearly):
    """SPI or SPEI (climate_indices): the standardised rain, or rain less evaporation, of some months."""

    kind: Literal["spi", "spei"]
    """Which index: of rain, or of rain less potential evapotranspiration."""

    series: str
    """Name of the series of monthly rain [mm]."""

    evapotranspiration: str | None = None
    """Name of the series of monthly potential evapotranspiration; `spei` needs it [mm]."""

    scale: int = Field(ge=1, le=24)
    """Months that are summed [month]."""

    calibration: tuple[int, int]
    """First and last year of the window that the law is fitted on: whole years inside the record, 30 or more, and
    before the cover begins."""

    zero_rule: Literal["classic", "center_of_mass", "mean_zero"]
    """Where a month without rain is placed within the chance of zero (the option `zero_handling` of climate_indices).
    """

    frozen: FrozenParameters | None = None
    """The parameters as they were at inception, from `greenrisk freeze`; a run without them is refused."""

    statistic: Literal["mean", "min", "last"] = "min"
    """What is taken of the season's months."""


class FireWeatherIndex(_Yearly):
    """Canadian fire weather index or Keetch-Byram drought index over a season of noon weather (climate_indices)."""

    kind: Literal["fwi", "kbdi"]
    """Which index."""

    temperature: str
    """Name of the series of noon (fwi) or largest (kbdi) temperature [degC]."""

    rain: str
    """Name of the series of rain of 24 hours [mm]."""

    humidity: str | None = None
    """Name of the series of relative humidity at noon; `fwi` needs it [%]."""

    wind: str | None = None
    """Name of the series of wind at 10 m; `fwi` needs it [km/h]."""

    latitude: float | None = Field(default=None, ge=-90, le=90)
    """Latitude, for the length of the day; `fwi` needs it [degree]."""

    mean_annual_rain: float | None = Field(default=None, gt=0)
    """Mean rain of a year; `kbdi` needs it [mm]."""

    moisture_constant: float = 147.27723
    """Constant of the conversion of fine-fuel moisture: 250 x 59.5 / 101, the one that climate_indices has and so the
    only one here; tables with 147.2 differ by up to 0.25 in the index [unitless]."""

    statistic: Literal["mean", "max", "days_above"] = "mean"
    """What is taken of the season."""

    threshold: float | None = None
    """For `days_above`, in the unit of the index."""

    @field_validator("moisture_constant")
    @classmethod
    def _is_the_one(cls, value: float) -> float:
        if value != 147.27723:
            raise ValueError(
                "Indices are computed with 147.27723 (climate_indices). A threshold from tables with 147.2 is off by "
                "up to 0.25 in the index: find it anew and leave this key out."
            )
        return value


class WindBoxIndex(Spec):
    """Largest wind of each storm while its track lies in a box: an index of events."""

    kind: Literal["wind_box"]
    """Which index."""

    tracks: str
    """Table of storm tracks (see `greenrisk show table storm-tracks`)."""

    box: BoxSpec
    """The box; its edges count as inside."""

    first_year: int
    """First year that the tracks cover whole: a year without a storm is no gap."""

    last_year: int
    """Last such year."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_year < self.first_year:
            raise ValueError("`last_year` lies before `first_year`.")
        return self


class CarbonIndex(_Yearly):
    """Carbon stock that is missing below a target: the deficit that a carbon index cover pays."""

    kind: Literal["carbon"]
    """Which index."""

    series: str
    """Name of the series of the carbon stock, of years [tCO2e]."""

    target: float | Mapping[int, float]
    """The stock that was promised, the same for all years or by year [tCO2e]."""


IndexSpec = Annotated[
    SeasonValue
    | DaysIndex
    | DeficitIndex
    | StandardisedIndex
    | FireWeatherIndex
    | WindBoxIndex
    | CarbonIndex,
    Field(discriminator="kind"),
]
