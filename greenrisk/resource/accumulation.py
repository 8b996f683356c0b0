# SPDX-License-Identifier: Apache-2.0
"""Where a book of stands heaps up: sums insured by cells of a grid and by county, and who holds them.

What lives here: sums of the book as it stands. What does not: what may be wrong with it (:mod:`.data_quality`), and
what an event costs.
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.spatial import KDTree

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.resource.book import Book
from greenrisk.resource.landscape import Landscape

Floats = NDArray[np.float64]


def accumulation_grid(book: Book, landscape: Landscape, cells_km: tuple[float, ...]) -> xr.Dataset:
    """Return the group ``/data_quality/accumulation_grid``: the book by square cells, the fullest first.

    Parameters
    ----------
    book : Book
        The insured stands, at least one.
    landscape : Landscape
        Its nodes i < stands are the stands; positions in km.
    cells_km : tuple of float
        Edges of the cells, each a grid of its own, > 0 [km].

    Returns
    -------
    xarray.Dataset
        By ``cell``: ``cell_km``, ``x`` and ``y`` of its middle [km], ``longitude``, ``latitude`` [degree],
        ``sum_insured`` [CNY], ``insured_area`` [mu], ``stands`` [1], ``largest_owner`` and its
        ``largest_owner_share`` of the cell's sum insured [1], ``nearby``: the largest sum insured around a stand of the
        cell within a circle as large as the cell [CNY]. Cells without a stand are left out.

    Raises
    ------
    ArgumentError
        If an edge is not > 0.

    Notes
    -----
    A stand counts whole in the cell of its centre. The lines of a grid are set by the middle of the book and may cut a
    heap in two; ``nearby``, which moves with the stands, does not: its radius is edge / sqrt(pi).
    """
    for edge in cells_km:
        if not (math.isfinite(edge) and edge > 0):
            raise ArgumentError(Fault("accumulation_grid", f"cells_km = {edge!r}", "It must be > 0.", "km"))
    grids = [_grid(book, landscape, float(edge)) for edge in cells_km]
    units = {
        "cell_km": "km",
        "x": "km",
        "y": "km",
        "longitude": "degree",
        "latitude": "degree",
        "sum_insured": "CNY",
        "insured_area": "mu",
        "stands": "1",
        "largest_owner": "",
        "largest_owner_share": "1",
        "nearby": "CNY",
    }
    dataset = xr.Dataset({name: ("cell", np.concatenate([grid[name] for grid in grids])) for name in units})
    for name, unit in units.items():
        if unit:
            dataset[name].attrs["units"] = unit
    return dataset


def _grid(book: Book, landscape: Landscape, edge: float) -> dict[str, NDArray[np.generic]]:
    stands = len(book)
    x, y = landscape.x_km[:stands], landscape.y_km[:stands]
    column, row = np.floor(x / edge), np.floor(y / edge)
    corners, cell = np.unique(np.column_stack([column, row]), axis=0, return_inverse=True)
    cell = cell.ravel()
    total = _sums(cell, book.sum_insured, len(corners))
    owner, share = largest_owner(cell, book, len(corners))
    middle = (corners + 0.5) * edge
    lat0 = float(book.lat.mean())
    around = within(x, y, book.sum_insured, edge / math.sqrt(math.pi))
    nearby = np.zeros(len(corners))
    np.maximum.at(nearby, cell, around)
    order = np.lexsort((corners[:, 1], corners[:, 0], -total))
    found: dict[str, NDArray[np.generic]] = {
        "cell_km": np.full(len(corners), edge),
        "x": middle[:, 0],
        "y": middle[:, 1],
        "longitude": float(book.lon.mean()) + middle[:, 0] / (KM_PER_DEGREE * math.cos(math.radians(lat0))),
        "latitude": lat0 + middle[:, 1] / KM_PER_DEGREE,
        "sum_insured": total,
        "insured_area": _sums(cell, book.insured_area_mu, len(corners)),
        "stands": np.bincount(cell, minlength=len(corners)).astype(np.float64),
        "largest_owner": owner,
        "largest_owner_share": share,
        "nearby": nearby,
    }
    return {name: values[order] for name, values in found.items()}


def accumulation_county(book: Book, landscape: Landscape) -> xr.Dataset:
    """Return the group ``/data_quality/accumulation_county``: the book by county.

    Parameters
    ----------
    book : Book
        The insured stands.
    landscape : Landscape
        Holds the counties' forest, insured or not.

    Returns
    -------
    xarray.Dataset
        By ``county``: ``sum_insured`` [CNY], ``share`` of the book's [1], ``insured_area`` [mu], ``stands`` [1],
        ``forest_share``: share of the county's forest that stands of the book cover [1], ``largest_owner`` and the
        ``largest_owner_share`` of the county's sum insured [1].
    """
    counties = len(book.counties)
    total = _sums(book.county, book.sum_insured, counties)
    owner, share = largest_owner(book.county, book, counties)
    forest = _sums(landscape.county, landscape.area_ha, counties)
    held = _sums(book.county, book.area_ha, counties)
    return xr.Dataset(
        {
            "sum_insured": ("county", total, {"units": "CNY"}),
            "share": ("county", total / total.sum(), {"units": "1"}),
            "insured_area": ("county", _sums(book.county, book.insured_area_mu, counties), {"units": "mu"}),
            "stands": (
                "county",
                np.bincount(book.county, minlength=counties).astype(np.float64),
                {"units": "1"},
            ),
            "forest_share": ("county", held / forest, {"units": "1"}),
            "largest_owner": ("county", owner),
            "largest_owner_share": ("county", share, {"units": "1"}),
        },
        coords={"county": np.array(book.counties)},
    )


def within(x: Floats, y: Floats, amount: Floats, radius: float) -> Floats:
    """Return the amount within a radius of each place, its own included.

    Parameters
    ----------
    x, y : array, shape (places,)
        Positions [km].
    amount : array, shape (places,)
        In any unit.
    radius : float
        >= 0 [km].

    Returns
    -------
    array, shape (places,)
        In the unit of ``amount``.
    """
    points = np.column_stack([x, y])
    near = KDTree(points).query_ball_point(points, radius, return_sorted=True)
    return np.array([amount[places].sum() for places in near])


def largest_owner(place: NDArray[np.int64], book: Book, places: int) -> tuple[NDArray[np.str_], Floats]:
    """Return who holds most of the sum insured of each place, and which share of it.

    Parameters
    ----------
    place : array of int, shape (stands,)
        Cell or county of each stand; every place has a stand.
    book : Book
        The insured stands.
    places : int
        How many places.
    """
    names, owner = np.unique(book.owner, return_inverse=True)
    pair, which = np.unique(place * names.size + owner, return_inverse=True)
    held = _sums(which, book.sum_insured, pair.size)
    where, who = pair // names.size, pair % names.size
    # Ascending by holding within each place, ties by name: the last one is the largest.
    order = np.lexsort((-who, held, where))
    last = np.searchsorted(where[order], np.arange(places), side="right") - 1
    top = order[last]
    return names[who[top]], held[top] / _sums(place, book.sum_insured, places)


def _sums(place: NDArray[np.int64], amount: Floats, places: int) -> Floats:
    return np.bincount(place, weights=amount, minlength=places).astype(np.float64, copy=False)
