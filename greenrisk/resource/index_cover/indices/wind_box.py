# SPDX-License-Identifier: Apache-2.0
"""Largest wind of each storm while its track lies in a box: an index of events.

Between two fixes a storm moves on a straight line of latitude and longitude, and its wind changes linearly. Where that
line enters and leaves the box has a closed form (Liang and Barsky 1984), so no crossing is too short to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.tables import FILE, Column, TableSpec, file_rows
from greenrisk.resource.index_cover.index_spec import WindBoxIndex
from greenrisk.resource.index_cover.indices.asked import Asked
from greenrisk.resource.index_cover.series import Floats, Integers, YearIndex
from greenrisk.resource.index_cover.series_spec import BoxSpec

STORM_TRACKS: Final = TableSpec(
    "storm-tracks",
    "Fixes of storm tracks: where a storm was, when, and how strong",
    (
        Column("storm", "text", description="Name of the storm that no other bears, e.g. `2020-DELTA`."),
        Column("time", "text", unit="UTC", description="Date and time, e.g. `2020-10-07 06:00`; in order."),
        Column("lat", "number", unit="degree", low=-90, high=90, description="Latitude of the centre."),
        Column("lon", "number", unit="degree", low=-180, high=360, description="Longitude of the centre."),
        Column("wind_kt", "number", unit="kt", low=0, high=250, description="Largest sustained wind."),
    ),
)
"""Table of storm tracks."""

FIGURES: Final = 9
"""Decimals of longitudes and winds that count: what 271 and -89 degrees differ by in the computer does not [1]."""


@dataclass(frozen=True, eq=False)
class Tracks:
    """Legs of storm tracks, each from a fix to the next; the last fix of a storm is a leg without a length.

    Parameters
    ----------
    storm : array of int, shape (legs,)
        Number of the storm, increasing.
    start, hours : arrays, shape (legs,)
        Time of the first fix [hour since 1970] and how long the leg is [hour].
    lat, lon, wind : arrays, shape (legs, 2)
        At both ends [degree], [degree], [kt]; the second longitude is the nearest to the first.
    """

    storm: Integers
    start: Floats
    hours: Floats
    lat: Floats
    lon: Floats
    wind: Floats


def wind_box(spec: WindBoxIndex, asked: Asked) -> YearIndex | None:
    """Return the storms that cross a box, with the largest wind inside; None where a fault was recorded."""
    sound = spec.box.south < spec.box.north
    if not sound:
        asked.fault(
            "box", f"{spec.box.south:g} to {spec.box.north:g}", "`south` must lie south of `north`.", "degree"
        )
    path = (*asked.key_path, "tracks")
    table = asked.sources.table(spec.tracks, path, STORM_TRACKS)
    tracks = None if table is None else asked.sources.made(lambda: _tracks(table), path)
    if tracks is None or not sound:
        return None
    year, wind = crossings(tracks, spec.box)
    inside = (year >= spec.first_year) & (year <= spec.last_year)
    if not inside.any():
        asked.fault(
            "tracks",
            spec.tracks,
            f"No storm crosses the box from {spec.first_year} to {spec.last_year}: without one there is nothing to "
            "price.",
        )
        return None
    _tell(spec, asked, tracks, year, inside)
    years = np.arange(spec.first_year, spec.last_year + 1)
    at, value = (year[inside] - spec.first_year).astype(np.int64), wind[inside]
    largest = np.full(years.size, -np.inf)
    np.maximum.at(largest, at, value)
    return YearIndex(
        asked.name,
        "kt",
        years.astype(np.int64),
        np.where(np.isinf(largest), np.nan, largest),
        at,
        value,
        of_events=True,
        series=(),
    )


def _tracks(table: pd.DataFrame) -> Tracks:
    """Return the legs of a checked table, or raise TableError with every fault of its times."""
    time = pd.to_datetime(table["time"], format="ISO8601", errors="coerce", utc=True)
    storm, _ = pd.factorize(table["storm"])
    hour = (time - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(hours=1)
    hours: Floats = np.asarray(hour, dtype=np.float64)
    same = storm[1:] == storm[:-1]
    faults, rows, file = Faults(), file_rows(table), table.attrs[FILE]
    for position in np.flatnonzero(np.isnan(hours)).tolist():
        faults.add(
            f"{file}:{rows[position]}",
            f"time = {table['time'].iloc[position]}",
            "Must be a date and time such as `2020-10-07 06:00`.",
            "UTC",
        )
    for position in (np.flatnonzero(same & (np.diff(hours) <= 0)) + 1).tolist():
        faults.add(
            f"{file}:{rows[position]}",
            f"time = {table['time'].iloc[position]}",
            f"The fixes of `{table['storm'].iloc[position]}` must stand in order of time, each once.",
        )
    for position in (np.flatnonzero(np.diff(storm) < 0) + 1).tolist():
        faults.add(
            f"{file}:{rows[position]}",
            f"storm = {table['storm'].iloc[position]}",
            "The rows of a storm must stand together. Two storms of one name need names of their own, such as "
            "`2020-DELTA`.",
        )
    faults.raise_if_any(TableError)
    after = np.append(np.where(same, np.arange(1, storm.size), np.arange(storm.size - 1)), storm.size - 1)
    lat, lon, wind = (table[name].to_numpy(dtype=np.float64) for name in ("lat", "lon", "wind_kt"))
    east = lon + (lon[after] - lon + 180.0) % 360.0 - 180.0
    return Tracks(
        storm.astype(np.int64),
        hours,
        (hours[after] - hours).astype(np.float64),
        np.stack([lat, lat[after]], axis=1),
        np.stack([lon, east], axis=1),
        np.stack([wind, wind[after]], axis=1),
    )


def crossings(tracks: Tracks, box: BoxSpec) -> tuple[Integers, Floats]:
    """Return the storms that are in a box at some time; its edges count as inside.

    Returns
    -------
    year : array of int, shape (events,)
        Year (UTC) in which each storm is first inside.
    wind : array, shape (events,)
        Its largest wind while it is inside [kt].
    """
    width = 360.0 if box.east - box.west >= 360.0 else round((box.east - box.west) % 360.0, FIGURES)
    start = np.round((tracks.lon[:, 0] - box.west) % 360.0, FIGURES)
    moved = np.round(tracks.lon[:, 1] - tracks.lon[:, 0], FIGURES)
    from_lat, to_lat = _clip(tracks.lat[:, 0], tracks.lat[:, 1], box.south, box.north)
    storms, entered, winds = [], [], []
    for turn in (-360.0, 0.0, 360.0):
        from_lon, to_lon = _clip(start, start + moved, turn, turn + width)
        begin, end = np.maximum(from_lat, from_lon), np.minimum(to_lat, to_lon)
        at = np.flatnonzero(begin <= end)
        change = tracks.wind[at, 1] - tracks.wind[at, 0]
        storms.append(tracks.storm[at])
        entered.append(tracks.start[at] + begin[at] * tracks.hours[at])
        winds.append(tracks.wind[at, 0] + change * np.where(change > 0, end[at], begin[at]))
    found = pd.DataFrame(
        {"storm": np.concatenate(storms), "hour": np.concatenate(entered), "wind": np.concatenate(winds)}
    )
    of_storm = found.groupby("storm").agg(hour=("hour", "min"), wind=("wind", "max"))
    year = (of_storm["hour"].to_numpy() // 24).astype("datetime64[D]").astype("datetime64[Y]").astype(
        np.int64
    ) + 1970
    return year, of_storm["wind"].to_numpy(dtype=np.float64).round(FIGURES)


def _clip(begin: Floats, end: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """Return the shares of legs at which they enter and leave a strip; entered after left where they never do."""
    length = end - begin
    moves = length != 0
    inside = (begin >= low) & (begin <= high)
    scale = np.where(moves, length, 1.0)
    one, other = (low - begin) / scale, (high - begin) / scale
    enter = np.where(moves, np.minimum(one, other), np.where(inside, 0.0, 2.0))
    leave = np.where(moves, np.maximum(one, other), np.where(inside, 1.0, -1.0))
    return np.maximum(enter, 0.0), np.minimum(leave, 1.0)


def _tell(
    spec: WindBoxIndex,
    asked: Asked,
    tracks: Tracks,
    year: Integers,
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> None:
    asked.tell(
        "assumption",
        f"{int(inside.sum())} storms cross the box from {spec.first_year} to {spec.last_year}. Between fixes, at most "
        f"{tracks.hours.max():g} hours apart, track and wind are straight lines. A storm counts once, in the year in "
        "which it first enters.",
    )
    if not inside.all():
        asked.tell(
            "dropped", "Storms that cross the box in other years than those asked.", int((~inside).sum())
        )
    hour = tracks.start.min(), tracks.start.max()
    first, last = (
        1970 + int(np.datetime64(int(one // 24), "D").astype("datetime64[Y]").astype(int)) for one in hour
    )
    if first > spec.first_year or last < spec.last_year:
        asked.tell(
            "unreliable",
            f"The tracks run from {first} to {last}, years are counted from {spec.first_year} to {spec.last_year}: "
            "those without tracks count as years without a storm.",
        )
