# SPDX-License-Identifier: Apache-2.0
"""Where pests find their hosts, and which stands they infest: the compiled search of a ring or a disc."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.resource.book import SPECIES_GROUPS, Book
from greenrisk.resource.landscape import HA_PER_KM2, Landscape
from greenrisk.resource.perils.base import Floats, Integers
from greenrisk.resource.perils.damage import AGE_CLASSES, age_class
from greenrisk.resource.perils.local_noise import Keys, noise
from greenrisk.resource.perils.stand_cells import wider

GUILDS: Final = ("conifer", "broadleaf", "bamboo")
"""Hosts of the leaf feeders; a mixed stand feeds those of conifers and those of broadleaf trees."""

CELL_KM: Final = 2.0
"""Side of a cell of :class:`Cells`; it changes the time of a search and nothing else [km]."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Stands in square cells, column by column from west to east, from south to north in each column.

    Parameters
    ----------
    stand : array of int, shape (stands,)
        Index of each stand in the book.
    x_km, y_km : array, shape (stands,)
        Positions in that order [km].
    starts : array of int, shape (columns, rows + 1)
        Cell (i, j) is ``starts[i, j]:starts[i, j + 1]``, so that rows j to k of a column are one slice.
    west, south : float
        Edges of the first cell [km].
    """

    stand: Integers
    x_km: Floats
    y_km: Floats
    starts: Integers
    west: float
    south: float


def cells(x_km: Floats, y_km: Floats) -> Cells:
    """Return stands in cells.

    Parameters
    ----------
    x_km, y_km : array, shape (stands,)
        Positions in the order of the book, at least one [km].
    """
    west, south = float(x_km.min()), float(y_km.min())
    column = np.floor((x_km - west) / CELL_KM).astype(np.int64)
    row = np.floor((y_km - south) / CELL_KM).astype(np.int64)
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    stand = np.lexsort((row, column))
    held = np.bincount(column * rows + row, minlength=columns * rows)
    ends = np.concatenate([[0], np.cumsum(held)])
    starts = ends[np.arange(columns)[:, None] * rows + np.arange(rows + 1)].astype(np.int64)
    return Cells(stand, x_km[stand], y_km[stand], starts, west, south)


@dataclass(frozen=True, eq=False)
class Grounds:
    """What of an exposure all variants of a pest share: where stands and hosts are.

    Parameters
    ----------
    stands : Cells
        Where the stands are.
    kind : array of int, shape (stands,)
        Species group times the number of age classes plus age class.
    forest, hosts : array, shape (nodes,)
        Cumulative share of the area of all forest, and of conifer and mixed forest; end at 1. The forest outside
        the book has the hosts of its county's stands.
    forest_km2, hosts_km2 : float
        All forest of the landscape, and the conifer and mixed forest in it [km2].
    guilds : array, shape (guilds,)
        Cumulative share of the forest that feeds each of :data:`GUILDS`.
    """

    stands: Cells
    kind: Integers
    forest: Floats
    hosts: Floats
    forest_km2: float
    hosts_km2: float
    guilds: Floats


@lru_cache(maxsize=4)  # a job has one book and one landscape; both are compared by identity
def grounds(book: Book, landscape: Landscape) -> Grounds:
    """Return where the stands and the hosts of pests are.

    Parameters
    ----------
    book : Book
        The insured stands.
    landscape : Landscape
        They and the forest between them.
    """
    pine = np.isin(book.species, (SPECIES_GROUPS.index("conifer"), SPECIES_GROUPS.index("mixed")))
    area = np.bincount(book.county, weights=book.area_ha, minlength=len(book.counties))
    pines = np.bincount(book.county, weights=book.area_ha * pine, minlength=len(book.counties))
    stand = landscape.stand
    host = np.where(stand >= 0, pine[stand], (pines / area)[landscape.county])
    forest, hosts = np.cumsum(landscape.area_ha), np.cumsum(landscape.area_ha * host)
    conifer, broadleaf, mixed, bamboo = np.bincount(
        book.species, weights=book.area_ha, minlength=len(SPECIES_GROUPS)
    )
    guilds = np.cumsum([conifer + mixed / 2, broadleaf + mixed / 2, bamboo])
    return Grounds(
        stands=cells(landscape.x_km[: len(book)], landscape.y_km[: len(book)]),
        kind=book.species * len(AGE_CLASSES) + age_class(book.species, book.age),
        forest=forest / forest[-1],
        # Without any host no outbreak is drawn, and no place is asked for.
        hosts=hosts / hosts[-1] if hosts[-1] > 0 else np.ones_like(hosts),
        forest_km2=float(forest[-1]) / HA_PER_KM2,
        hosts_km2=float(hosts[-1]) / HA_PER_KM2,
        guilds=guilds / guilds[-1],
    )


@dataclass(frozen=True, eq=False)
class Reach:
    """Where events reach, shape (events,) each.

    Parameters
    ----------
    pest : array of int
        Row of the pest in the tables of chances.
    east, north : array
        Middle [km].
    inner, outer : array
        An event reaches stands at a distance of ``inner`` or more and less than ``outer`` [km].
    thins_out : array of bool
        Whether the chance falls as 1 - (distance / outer)^2 from the middle to the edge.
    infested, area, felled : array of uint64
        Keys of the local luck: whether a stand is infested, how much of it, whether it is clear-felled.
    """

    pest: Integers
    east: Floats
    north: Floats
    inner: Floats
    outer: Floats
    thins_out: NDArray[np.bool_]
    infested: Keys
    area: Keys
    felled: Keys


def infest(
    where: Cells, reach: Reach, chance: Floats, area_power: Floats, felling: Floats
) -> tuple[Integers, Integers, Floats, NDArray[np.bool_]]:
    """Return the stands that events infest.

    Parameters
    ----------
    where : Cells
        The stands.
    reach : Reach
        The events.
    chance : array, shape (pests, stands)
        Chance of a stand of the book to be infested by a pest that reaches it [unitless].
    area_power : array, shape (pests,)
        The infested share of the area is a uniform on (0, 1] to this power [unitless].
    felling : array, shape (pests,)
        Chance of an infested stand to be clear-felled [unitless].

    Returns
    -------
    event, stand : array of int, shape (hits,)
        Event, non-decreasing, and stand of the book.
    area : array, shape (hits,)
        Infested share of the stand's area, in (0, 1] [unitless].
    felled : array of bool, shape (hits,)
        Whether the stand is clear-felled.
    """
    event, stand, area, felled = _infest(
        where.stand, where.x_km, where.y_km, where.starts, where.west, where.south, reach.pest, reach.east,
        reach.north, reach.inner, reach.outer, reach.thins_out, reach.infested, reach.area, reach.felled, chance,
        area_power, felling,
    )  # fmt: skip
    return event, stand, area, felled


def _infest_kernel(
    stands: Integers,
    x: Floats,
    y: Floats,
    starts: Integers,
    west: float,
    south: float,
    pest: Integers,
    east: Floats,
    north: Floats,
    inner: Floats,
    outer: Floats,
    thins_out: NDArray[np.bool_],
    infested_key: Keys,
    area_key: Keys,
    felled_key: Keys,
    chance: Floats,
    area_power: Floats,
    felling: Floats,
) -> tuple[Integers, Integers, Floats, NDArray[np.bool_]]:
    capacity, hits = 1024, 0
    hit_event, hit_stand = np.empty(capacity, dtype=np.int64), np.empty(capacity, dtype=np.int64)
    hit_area, hit_felled = np.empty(capacity), np.empty(capacity, dtype=np.bool_)
    for event in range(pest.size):
        row = pest[event]
        near, far = inner[event] * inner[event], outer[event] * outer[event]
        radius = outer[event]
        first = max(math.floor((east[event] - radius - west) / CELL_KM), 0)
        last = min(math.floor((east[event] + radius - west) / CELL_KM), starts.shape[0] - 1)
        low = max(math.floor((north[event] - radius - south) / CELL_KM), 0)
        high = min(math.floor((north[event] + radius - south) / CELL_KM), starts.shape[1] - 2)
        if low > high:
            continue
        for column in range(first, last + 1):
            for place in range(starts[column, low], starts[column, high + 1]):
                north_of, east_of = y[place] - north[event], x[place] - east[event]
                square = east_of * east_of + north_of * north_of
                if square < near or square >= far:
                    continue
                stand = stands[place]
                here = chance[row, stand]
                if thins_out[event]:
                    here *= 1.0 - square / far
                if noise(infested_key[event], stand) >= here:
                    continue
                share = (1.0 - noise(area_key[event], stand)) ** area_power[row]
                if share <= 0.0:  # a power so large that the share underflows
                    continue
                if hits == capacity:
                    capacity *= 2
                    hit_event = wider(hit_event)
                    hit_stand = wider(hit_stand)
                    hit_area = wider(hit_area)
                    hit_felled = wider(hit_felled)
                hit_event[hits], hit_stand[hits], hit_area[hits] = event, stand, share
                hit_felled[hits] = noise(felled_key[event], stand) < felling[row]
                hits += 1
    return hit_event[:hits].copy(), hit_stand[:hits].copy(), hit_area[:hits].copy(), hit_felled[:hits].copy()


_infest = compiled(_infest_kernel)
