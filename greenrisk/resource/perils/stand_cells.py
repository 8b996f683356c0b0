# SPDX-License-Identifier: Apache-2.0
"""Stands sorted into small cells of the map, so that an event looks only at stands near it; and the lottery of stands.

The lottery gives a stand what nobody has mapped - a bank, a steep slope, a windy ridge. Like the layout of the forest
outside the book it is a fixed filling, not knowledge: it does not depend on the run's seed, so that the same stand is
the exposed one in every run and for every draw of the cards.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.resource.book import Book
from greenrisk.resource.landscape import LAYOUT_SEED, Landscape

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELL_KM: Final = 4.0
"""Side of a cell; only speed depends on it [km]."""


@dataclass(frozen=True, eq=False)
class StandCells:
    """Stands by cell.

    Parameters
    ----------
    stand : array of int, shape (stands,)
        Stands, those of one cell together.
    first : array of int, shape (cells + 1,)
        Cell c holds ``stand[first[c]:first[c + 1]]``; none is empty.
    x_km, y_km : array, shape (stands,)
        Position of ``stand`` from the middle of the circle around all of them [km].
    cell_x_km, cell_y_km, cell_radius_km : array, shape (cells,)
        A circle around the stands of each cell [km].
    cell_west_km : array, shape (cells,)
        Western edge of each cell, non-decreasing; a cell is :data:`CELL_KM` wide [km].
    radius_km : float
        Radius of the circle around all stands [km].
    half_width_km, half_height_km : float
        Half the sides of the box around all stands, with the same middle [km].
    """

    stand: Integers
    first: Integers
    x_km: Floats
    y_km: Floats
    cell_x_km: Floats
    cell_y_km: Floats
    cell_radius_km: Floats
    cell_west_km: Floats
    radius_km: float
    half_width_km: float
    half_height_km: float


@lru_cache(maxsize=8)
def stand_cells(landscape: Landscape, stands: int) -> StandCells:
    """Sort the stands of a landscape into cells.

    Parameters
    ----------
    landscape : Landscape
        Its first ``stands`` nodes are the stands of the book.
    stands : int
        How many, at least one.
    """
    x, y = landscape.x_km[:stands], landscape.y_km[:stands]
    x = x - (x.min() + x.max()) / 2
    y = y - (y.min() + y.max()) / 2
    place = np.column_stack([np.floor(x / CELL_KM), np.floor(y / CELL_KM)])
    corner, cell = np.unique(place, axis=0, return_inverse=True)  # sorted by column, then by row
    cell = cell.ravel()
    stand = np.argsort(cell, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(cell))]).astype(np.int64)
    x, y = x[stand], y[stand]
    spans = [slice(a, b) for a, b in itertools.pairwise(first.tolist())]
    middle_x = np.array([(x[s].min() + x[s].max()) / 2 for s in spans])
    middle_y = np.array([(y[s].min() + y[s].max()) / 2 for s in spans])
    radius = [
        float(np.hypot(x[s] - a, y[s] - b).max()) for s, a, b in zip(spans, middle_x, middle_y, strict=True)
    ]
    return StandCells(
        stand=stand,
        first=first,
        x_km=x,
        y_km=y,
        cell_x_km=middle_x,
        cell_y_km=middle_y,
        cell_radius_km=np.array(radius),
        cell_west_km=corner[:, 0] * CELL_KM,
        radius_km=float(np.hypot(x, y).max()),
        half_width_km=float(x.max()),
        half_height_km=float(y.max()),
    )


@lru_cache(maxsize=16)
def lottery(book: Book, what: str) -> Floats:
    """Return one uniform of each stand, the same in every run.

    Parameters
    ----------
    book : Book
        The stands.
    what : str
        What is drawn, e.g. ``storm exposure``.

    Returns
    -------
    array, shape (stands,)
        Uniforms in (0, 1), each a hash of the stand's identifier alone: other stands of the book do not matter.
    """
    words = [
        int.from_bytes(hashlib.sha256(f"{LAYOUT_SEED}\x1f{what}\x1f{name}".encode()).digest()[:6], "little")
        for name in book.ids.tolist()
    ]
    return (np.array(words, dtype=np.float64) + 0.5) / 2.0**48


def _wider_kernel(filled: Any) -> Any:
    """Return a copy of a full array with twice the room."""
    wider = np.empty(2 * filled.size, dtype=filled.dtype)
    wider[: filled.size] = filled
    return wider


wider = compiled(_wider_kernel)
"""``wider(filled)``: a copy with twice the room; for compiled loops that do not know how many hits will come."""


def ranks(counts: Integers) -> tuple[Integers, Integers]:
    """Return year and place in the year of each event.

    Parameters
    ----------
    counts : array of int, shape (years,)
        Events of each year, >= 0.

    Returns
    -------
    tuple of array of int, shape (sum of counts,)
        The year of each event, non-decreasing, and its place among those of its year, from 0.
    """
    year = np.repeat(np.arange(counts.size), counts)
    return year, np.arange(year.size) - np.repeat(np.cumsum(counts) - counts, counts)


def from_logit(logit: float, uniform: float, spread: float) -> float:
    """Return a quantile of the logit-logistic law; plain arithmetic, for compiled loops.

    Parameters
    ----------
    logit : float
        Logit of the median.
    uniform : float
        Probability; 0 gives 0.
    spread : float
        Scale of the logistic law of the logit, >= 0 [unitless].
    """
    if uniform <= 0.0:
        return 0.0
    odds = math.exp(logit) * math.pow(uniform / (1.0 - uniform), spread)
    return odds / (1.0 + odds)
