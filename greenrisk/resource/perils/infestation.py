# SPDX-License-Identifier: Apache-2.0
"""Which stands a pest infests: the compiled search of a ring or a disc, with the local luck of each stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.perils.base import Floats, Integers
from greenrisk.resource.perils.local_noise import Keys, compiled, noise

BAND_KM: Final = 2.0
"""Width of a band of :class:`Bands`; it changes the time of a search and nothing else [km]."""


@dataclass(frozen=True, eq=False)
class Bands:
    """Stands in bands from west to east, from south to north in each: what is near is found by two looks.

    Parameters
    ----------
    stand : array of int, shape (stands,)
        Index of each stand in the book.
    x_km, y_km : array, shape (stands,)
        Positions in that order [km].
    starts : array of int, shape (bands + 1,)
        Band i is ``starts[i]:starts[i + 1]``.
    west : float
        Western edge of the first band [km].
    """

    stand: Integers
    x_km: Floats
    y_km: Floats
    starts: Integers
    west: float


def bands(x_km: Floats, y_km: Floats) -> Bands:
    """Return stands in bands.

    Parameters
    ----------
    x_km, y_km : array, shape (stands,)
        Positions in the order of the book, at least one [km].
    """
    west = float(x_km.min())
    band = np.floor((x_km - west) / BAND_KM).astype(np.int64)
    stand = np.lexsort((y_km, band))
    starts = np.concatenate([[0], np.cumsum(np.bincount(band))])
    return Bands(stand, x_km[stand], y_km[stand], starts.astype(np.int64), west)


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
    where: Bands, reach: Reach, chance: Floats, area_power: Floats, felling: Floats
) -> tuple[Integers, Integers, Floats, NDArray[np.bool_]]:
    """Return the stands that events infest.

    Parameters
    ----------
    where : Bands
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
        where.stand, where.x_km, where.y_km, where.starts, where.west, reach.pest, reach.east, reach.north,
        reach.inner, reach.outer, reach.thins_out, reach.infested, reach.area, reach.felled, chance,
        area_power, felling,
    )  # fmt: skip
    return event, stand, area, felled


def _infest_kernel(
    stands: Integers,
    x: Floats,
    y: Floats,
    starts: Integers,
    west: float,
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
        first = max(math.floor((east[event] - outer[event] - west) / BAND_KM), 0)
        last = min(math.floor((east[event] + outer[event] - west) / BAND_KM), starts.size - 2)
        for band in range(first, last + 1):
            low, high = starts[band], starts[band + 1]
            while low < high:  # the first stand of the band that is not too far south
                middle = (low + high) // 2
                if y[middle] < north[event] - outer[event]:
                    low = middle + 1
                else:
                    high = middle
            for place in range(low, starts[band + 1]):
                north_of, east_of = y[place] - north[event], x[place] - east[event]
                if north_of >= outer[event]:
                    break
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
                    hit_event = np.append(hit_event, np.empty(hits, dtype=np.int64))
                    hit_stand = np.append(hit_stand, np.empty(hits, dtype=np.int64))
                    hit_area = np.append(hit_area, np.empty(hits))
                    hit_felled = np.append(hit_felled, np.empty(hits, dtype=np.bool_))
                hit_event[hits], hit_stand[hits], hit_area[hits] = event, stand, share
                hit_felled[hits] = noise(felled_key[event], stand) < felling[row]
                hits += 1
    return hit_event[:hits].copy(), hit_stand[:hits].copy(), hit_area[:hits].copy(), hit_felled[:hits].copy()


_infest = compiled(_infest_kernel)
