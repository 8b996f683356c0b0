# SPDX-License-Identifier: Apache-2.0
"""Which stands a pest infests: the compiled search of a ring or a disc, with the local luck of each stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.perils.base import Floats, Integers
from greenrisk.resource.perils.local_noise import Keys, compiled, noise


def infest(
    x: Floats,
    y: Floats,
    chance: Floats,
    area_power: Floats,
    felling: Floats,
    pest: Integers,
    east: Floats,
    north: Floats,
    inner: Floats,
    outer: Floats,
    thins_out: NDArray[np.bool_],
    infested_key: Keys,
    area_key: Keys,
    felled_key: Keys,
) -> tuple[Integers, Integers, Floats, NDArray[np.bool_]]:
    """Return the stands that events infest.

    Parameters
    ----------
    x, y : array, shape (stands,)
        Positions of the stands, ``x`` ascending [km].
    chance : array, shape (pests, stands)
        Chance of a stand to be infested by a pest that reaches it [unitless].
    area_power : array, shape (pests,)
        The infested share of the area is a uniform on (0, 1] to this power [unitless].
    felling : array, shape (pests,)
        Chance of an infested stand to be clear-felled [unitless].
    pest : array of int, shape (events,)
        Row of ``chance`` of each event.
    east, north : array, shape (events,)
        Its middle [km].
    inner, outer : array, shape (events,)
        It reaches stands at a distance of ``inner`` or more and less than ``outer`` [km].
    thins_out : array of bool, shape (events,)
        Whether the chance falls as 1 - (distance / outer)^2 from the middle to the edge.
    infested_key, area_key, felled_key : array of uint64, shape (events,)
        Keys of the local luck: whether a stand is infested, how much of it, whether it is clear-felled.

    Returns
    -------
    event, stand : array of int, shape (hits,)
        Event, non-decreasing, and place of the stand in ``x``.
    area : array, shape (hits,)
        Infested share of the stand's area, in (0, 1] [unitless].
    felled : array of bool, shape (hits,)
        Whether the stand is clear-felled.
    """
    first = np.searchsorted(x, east - outer, side="left")
    last = np.searchsorted(x, east + outer, side="right")
    event, stand, area, felled = _infest(
        x, y, chance, area_power, felling, pest, east, north, inner, outer, thins_out, infested_key, area_key,
        felled_key, first, last,
    )  # fmt: skip
    return event, stand, area, felled


def _infest_kernel(
    x: Floats,
    y: Floats,
    chance: Floats,
    area_power: Floats,
    felling: Floats,
    pest: Integers,
    east: Floats,
    north: Floats,
    inner: Floats,
    outer: Floats,
    thins_out: NDArray[np.bool_],
    infested_key: Keys,
    area_key: Keys,
    felled_key: Keys,
    first: Integers,
    last: Integers,
) -> tuple[Integers, Integers, Floats, NDArray[np.bool_]]:
    capacity, hits = 1024, 0
    hit_event, hit_stand = np.empty(capacity, dtype=np.int64), np.empty(capacity, dtype=np.int64)
    hit_area, hit_felled = np.empty(capacity), np.empty(capacity, dtype=np.bool_)
    for event in range(pest.size):
        row = pest[event]
        near, far = inner[event] * inner[event], outer[event] * outer[event]
        for stand in range(first[event], last[event]):
            north_of = y[stand] - north[event]
            square = north_of * north_of
            if square >= far or chance[row, stand] == 0.0:
                continue
            square += (x[stand] - east[event]) * (x[stand] - east[event])
            if square < near or square >= far:
                continue
            here = chance[row, stand] * (1.0 - square / far) if thins_out[event] else chance[row, stand]
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
