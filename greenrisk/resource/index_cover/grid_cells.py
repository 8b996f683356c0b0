# SPDX-License-Identifier: Apache-2.0
"""Cells of a grid: which one is nearest to a place, which lie in a box, and how much each of them weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.index_cover.series import Floats, Integers
from greenrisk.resource.index_cover.series_spec import BoxSpec, PointSpec

if TYPE_CHECKING:
    import xarray

EARTH_RADIUS: Final = 6371.0
"""Mean radius of the earth [km]."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells that are read, and how they are averaged.

    Parameters
    ----------
    slices : mapping of str to array of int
        Positions along each dimension but time, the rectangle that holds all cells.
    inside : array of int, shape (cells,)
        Which cells of that rectangle, flattened.
    weight : array, shape (cells,)
        Cosine of the latitude; 1 for one cell [unitless].
    flat : array of int, shape (cells,)
        Index of each cell in the whole grid, flattened.
    told : str
        Which cells they are, for the ledger.
    empty : str
        What to do if they hold no value.
    """

    slices: Mapping[str, Integers]
    inside: Integers
    weight: Floats
    flat: Integers
    told: str = ""
    empty: str = ""


@dataclass(frozen=True, eq=False)
class Place:
    """Where cells lie.

    Parameters
    ----------
    dims : tuple of str
        Dimensions of the cells.
    lat, lon : array, shape of the dimensions
        [degree]
    regular : bool
        Whether latitude and longitude are a dimension each.
    """

    dims: tuple[str, ...]
    lat: Floats
    lon: Floats
    regular: bool

    @classmethod
    def of(cls, variable: xarray.DataArray, others: Sequence[str]) -> Place | None:
        """Return where the cells of a variable lie; None where the file does not say."""
        lat, lon = _coordinate(variable, "north"), _coordinate(variable, "east")
        if lat is None or lon is None or not set(map(str, (*lat.dims, *lon.dims))) <= set(others):
            return None
        regular = lat.ndim == lon.ndim == 1 and lat.dims != lon.dims
        if regular:
            lats, lons = np.meshgrid(lat.values.astype(float), lon.values.astype(float), indexing="ij")
            return cls((str(lat.dims[0]), str(lon.dims[0])), lats, lons, True)
        if lat.dims != lon.dims or lat.ndim == 0:
            return None
        return cls(tuple(map(str, lat.dims)), lat.values.astype(float), lon.values.astype(float), False)


def _coordinate(variable: xarray.DataArray, side: str) -> xarray.DataArray | None:
    """Return the coordinate of latitudes (``north``) or of longitudes (``east``)."""
    names = ("lat", "latitude") if side == "north" else ("lon", "longitude", "long")
    coordinate: xarray.DataArray
    for name, coordinate in variable.coords.items():
        units = str(coordinate.attrs.get("units", "")).lower().replace("_", "")
        standard = str(coordinate.attrs.get("standard_name", "")).lower()
        if units in (f"degrees{side}", f"degree{side}") or standard in names or str(name).lower() in names:
            return coordinate
    return None


def all_cells(dims: Sequence[str], sizes: Mapping[str, int]) -> Cells:
    """Return the only cell of a file."""
    one = np.zeros(1, dtype=np.int64)
    return Cells({name: np.arange(sizes[name]) for name in dims}, one, np.ones(1), one)


def distance(lat: Floats, lon: Floats, point: PointSpec) -> Floats:
    """Return how far cells lie from a place along a great circle [km]."""
    here, there = np.radians(point.lat), np.radians(lat)
    turn = np.radians(lon - point.lon)
    half = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(turn / 2) ** 2
    result: Floats = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return result


def nearest_cell(place: Place, point: PointSpec) -> Cells | str:
    """Return the cell nearest to a place, or why there is none."""
    away = distance(place.lat, place.lon, point)
    if not np.isfinite(away).any():
        return "The cells have no latitudes or longitudes."
    flat = int(np.nanargmin(away))
    at = np.unravel_index(flat, away.shape)
    far = float(away[at])
    told = f"the nearest cell lies at {place.lat[at]:.4g}, {place.lon[at]:.4g}, {far:,.4g} km away"
    if place.regular and far > (width := _width(place, at)):
        return f"Lies outside the grid: {told}, and cells are {width:,.4g} km wide. Check the sign of lat and lon."
    slices = {name: np.array([position]) for name, position in zip(place.dims, at, strict=True)}
    one = np.zeros(1, dtype=np.int64)
    mend = "The cell never has a value, as a cell of the sea in a land model. Choose another place."
    return Cells(slices, one, np.ones(1), np.array([flat]), told, mend)


def _width(place: Place, at: tuple[np.intp, ...]) -> float:
    """Return the diagonal of a cell of a regular grid [km]."""
    lat, lon = place.lat[:, 0], place.lon[0, :]
    north = float(np.median(np.abs(np.diff(lat)))) if lat.size > 1 else 1.0
    east = float(np.median(np.abs(np.diff(lon)))) if lon.size > 1 else 1.0
    east *= float(np.cos(np.radians(lat[at[0]])))
    return float(np.radians(np.hypot(north, east))) * EARTH_RADIUS


def box_cells(place: Place, box: BoxSpec) -> Cells | str:
    """Return the cells whose middle lies in a box, or why there are none.

    Notes
    -----
    Longitudes are counted from the western edge eastwards, so that boxes over the date line and grids of 0 to 360
    degrees need no other rule. A box of 360 degrees or more is the whole circle.
    """
    if not place.regular:
        return "A box needs a grid of latitudes and longitudes: these cells have no area. Give a `point`, or `where`."
    if box.south >= box.north:
        return f"`south` ({box.south:g}) must lie below `north` ({box.north:g})."
    lat, lon = place.lat[:, 0], place.lon[0, :]
    rows = np.flatnonzero((lat >= box.south) & (lat <= box.north))
    span = box.east - box.west if box.east - box.west >= 360 else np.mod(box.east - box.west, 360)
    columns = np.flatnonzero(_eastward(lon, box.west) <= span + 1e-9)
    if rows.size == 0 or columns.size == 0:
        return (
            f"No cell has its middle in the box. Latitudes go from {lat.min():.4g} to {lat.max():.4g}, longitudes from "
            f"{lon.min():.4g} to {lon.max():.4g}."
        )
    weight = np.repeat(np.cos(np.radians(lat[rows])), columns.size)
    flat: NDArray[np.int64] = (rows[:, None] * lon.size + columns[None, :]).ravel()
    told = f"mean of {rows.size} x {columns.size} cells, by the cosine of their latitude"
    slices = {place.dims[0]: rows, place.dims[1]: columns}
    return Cells(slices, np.arange(weight.size), weight, flat, told)


def _eastward(lon: Floats, west: float) -> Floats:
    """Return how far longitudes lie east of an edge [degree], 0 to 360; a hair west of it counts as on it."""
    turn: Floats = np.mod(lon - west, 360)
    return np.where(turn > 360 - 1e-9, 0.0, turn)
