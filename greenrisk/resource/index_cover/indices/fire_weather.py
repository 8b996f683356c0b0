# SPDX-License-Identifier: Apache-2.0
"""Canadian fire weather index and Keetch-Byram drought index of a season, from daily weather (climate_indices).

The fire weather index starts anew on the first day of each season, with the codes of the Canadian standard: a season's
value then depends on its own weather alone. The drought index has a memory of months and runs on from day to day; it
starts from a wet soil, and its first year is used for nothing else.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from greenrisk.resource.index_cover.index_spec import FireWeatherIndex
from greenrisk.resource.index_cover.indices.asked import Asked, Unit
from greenrisk.resource.index_cover.indices.climate_library import climate_indices
from greenrisk.resource.index_cover.indices.seasonal import beyond_all
from greenrisk.resource.index_cover.seasons import Seasons, season_days, season_statistic
from greenrisk.resource.index_cover.series import Bounds, Days, Floats, Integers, Series, YearIndex

KMH_TO_MS: Final = 1.0 / 3.6
"""From km/h, the unit of the Canadian system, to m/s, that of climate_indices [(m/s)/(km/h)]."""

START: Final = "FFMC 85, DMC 6, DC 15"
"""Codes of a season's first day, as climate_indices has them. Source: Van Wagner and Pickett 1985."""

WARM_UP: Final = 365
"""Days after a start of the drought index that are not used: a whole round of wet and dry season [day]."""

TEMPERATURE: Final = Unit("degC", ("°c", "c", "celsius", "deg c", "degree_celsius"), {"k": "subtract 273.15"})
RAIN: Final = Unit(
    "mm",
    ("mm/d", "mm/day", "mm d-1", "mm day-1", "kg m-2", "kg/m2"),
    {
        "kg m-2 s-1": "multiply by 86,400",
        "mm s-1": "multiply by 86,400",
        "mm/s": "multiply by 86,400",
        "m": "multiply by 1,000",
        "in": "multiply by 25.4",
    },
)
HUMIDITY: Final = Unit("%", ("percent", "pct"), {"1": "multiply by 100", "": "multiply by 100"})
WIND: Final = Unit(
    "km/h",
    ("kmh", "km h-1", "kph"),
    {
        "m/s": "multiply by 3.6",
        "m s-1": "multiply by 3.6",
        "kt": "multiply by 1.852",
        "kn": "multiply by 1.852",
        "mph": "multiply by 1.609344",
    },
)

_NEEDS: Final = {
    "fwi": {"humidity": "%", "wind": "km/h", "latitude": "degree"},
    "kbdi": {"mean_annual_rain": "mm"},
}


def fire_weather(spec: FireWeatherIndex, asked: Asked) -> YearIndex | None:
    """Return the fire weather or drought index of each season; None where a fault was recorded."""
    series = _read(spec, asked)
    seasons = None if series is None else asked.seasons(series[0], spec.season)
    if series is None or seasons is None:
        return None
    daily = _fwi(spec, series, seasons) if spec.kind == "fwi" else _kbdi(spec, series)
    _tell(spec, asked, series)
    if spec.statistic == "days_above":
        assert spec.threshold is not None
        if beyond_all(asked, f"the {spec.kind}", _unit(spec), daily, seasons, spec.threshold):
            return None
        value = season_days(daily, seasons.edges, spec.threshold, "above", spec.missing_share)
        return asked.yearly("day", seasons, value, series, Bounds(0.0, seasons.longest))
    value = season_statistic(daily, seasons.edges, spec.statistic, spec.missing_share)
    return asked.yearly(_unit(spec), seasons, value, series, Bounds(0.0))


def _unit(spec: FireWeatherIndex) -> str:
    return "1" if spec.kind == "fwi" else "mm"


def _read(spec: FireWeatherIndex, asked: Asked) -> tuple[Series, ...] | None:
    """Return temperature, rain, humidity and wind of the same days; None where a fault was recorded."""
    sound = _keys_are_sound(spec, asked)
    named = {"temperature": (spec.temperature, TEMPERATURE), "rain": (spec.rain, RAIN)}
    if spec.kind == "fwi":
        if spec.humidity is not None:
            named["humidity"] = (spec.humidity, HUMIDITY)
        if spec.wind is not None:
            named["wind"] = (spec.wind, WIND)
    found = {key: asked.find(key, name, unit, "day") for key, (name, unit) in named.items()}
    for key, one in found.items():
        if one is not None:
            sound = _values_are_sound(key, one, asked) and sound
    known = tuple(one for one in found.values() if one is not None)
    if not sound or len(known) < len(found):
        return None
    return _same_days(known, asked)


def _keys_are_sound(spec: FireWeatherIndex, asked: Asked) -> bool:
    """Whether the index has the keys that its kind needs, and no others; every fault is recorded."""
    sound = True
    for kind, keys in _NEEDS.items():
        for key, unit in keys.items():
            given = getattr(spec, key)
            if kind == spec.kind and given is None:
                asked.missing(key, f"`{spec.kind}` needs it.", unit)
                sound = False
            elif kind != spec.kind and given is not None:
                asked.fault(key, given, f"`{spec.kind}` does not use it: leave it out.")
                sound = False
    if (spec.statistic == "days_above") != (spec.threshold is not None):
        if spec.threshold is None:
            asked.missing("threshold", "`days_above` needs it, in the unit of the index.", _unit(spec))
        else:
            asked.fault(
                "threshold", f"{spec.threshold:g}", f"`{spec.statistic}` does not use it: leave it out."
            )
        sound = False
    return sound


def _values_are_sound(key: str, series: Series, asked: Asked) -> bool:
    """Whether values can be what their unit says; a fault is recorded where they cannot."""
    least, largest = float(np.nanmin(series.value)), float(np.nanmax(series.value))
    seen = f"The values of `{series.name}` run from {least:g} to {largest:g} {series.unit}: "
    told = ""
    if key == "temperature" and not -90 <= least <= largest <= 60:
        told = "no air temperature in degC. Were they in K, subtract 273.15."
    elif key in ("rain", "wind") and least < 0:
        told = "they must be 0 or more."
    elif key == "humidity" and not 0 <= least <= largest <= 100:
        told = "they must lie between 0 and 100 %."
    elif key == "humidity" and largest <= 1:
        told = "they look like shares. Multiply by 100."
    if told:
        asked.fault(key, series.name, seen + told, series.unit)
    return not told


def _same_days(series: Sequence[Series], asked: Asked) -> tuple[Series, ...]:
    """Return the series on the days that all of them have."""
    shared: Days = functools.reduce(np.intersect1d, [one.time for one in series])
    cut = []
    for one in series:
        inside = np.isin(one.time, shared)
        cut.append(replace(one, time=one.time[inside], value=one.value[inside]))
        if not inside.all():
            lost = int((~inside).sum())
            asked.tell(
                "dropped", f"Days of `{one.name}` that another series of the index does not have.", lost
            )
    return tuple(cut)


def _fwi(spec: FireWeatherIndex, series: Sequence[Series], seasons: Seasons) -> Floats:
    """Return the daily fire weather index; NaN outside the seasons."""
    library = climate_indices()
    temperature, rain, humidity, wind = (one.value for one in series)
    month = series[0].time.astype("datetime64[M]").astype(np.int64) % 12 + 1
    daily = np.full(temperature.size, np.nan)
    for first, behind in seasons.edges:
        days = slice(first, behind)
        daily[days] = library.fire.cffwis(
            temperature[days],
            humidity[days],
            wind[days] * KMH_TO_MS,
            rain[days],
            spec.latitude,
            month[days],
            outputs="fwi",
            **_bridging(int(spec.missing_share * (behind - first))),
        ).fwi
    return daily


def _kbdi(spec: FireWeatherIndex, series: Sequence[Series]) -> Floats:
    """Return the daily drought index [mm]; NaN in the first year after each start."""
    library = climate_indices()
    temperature, rain = (one.value for one in series)
    bridged = int(spec.missing_share * 365)
    daily = np.full(temperature.size, np.nan)
    for first, behind in _stretches(np.isnan(temperature + rain), bridged):
        if behind - first > WARM_UP:
            days = slice(first, behind)
            daily[first + WARM_UP : behind] = library.fire.kbdi(
                rain[days],
                temperature[days],
                spec.mean_annual_rain,
                spin_up=WARM_UP,
                **_bridging(bridged),
            )
    return daily


def _bridging(days: int) -> dict[str, object]:
    """Return the options of climate_indices that let gaps of so many days pass: codes stay as they are over them."""
    return {"nan_policy": "bridge", "max_gap_days": days} if days else {}


def _stretches(missing: np.ndarray[tuple[int], np.dtype[np.bool_]], bridged: int) -> Integers:
    """Return first position and the one behind the last of the stretches without a gap longer than ``bridged``."""
    known = np.flatnonzero(~missing)
    if not known.size:
        return np.empty((0, 2), dtype=np.int64)
    breaks = np.flatnonzero(np.diff(known) > bridged + 1)
    first = known[np.concatenate([[0], breaks + 1])]
    behind = known[np.concatenate([breaks, [known.size - 1]])] + 1
    return np.stack([first, behind], axis=1).astype(np.int64)


def _tell(spec: FireWeatherIndex, asked: Asked, series: Sequence[Series]) -> None:
    if spec.kind == "fwi":
        detail = (
            f"Fire weather index with the moisture constant {spec.moisture_constant:g}; each season starts with "
            f"{START}; weather must be that of noon, local standard time."
        )
    else:
        own = 365.25 * np.nanmean(series[1].value)
        detail = (
            f"Keetch-Byram index for {spec.mean_annual_rain:g} mm of rain a year (the record itself has {own:.0f} mm), "
            f"from 0 (wet soil) at the start of the record and after each gap; the {WARM_UP} days after a start are "
            "not used."
        )
    asked.tell("assumption", detail)
