# SPDX-License-Identifier: Apache-2.0
"""What a cold spell hits: a smooth field over the stands, and the compiled loop over spells and stands."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.resource.perils.base import Floats, Integers
from greenrisk.resource.perils.damage import AGE_CLASSES
from greenrisk.resource.perils.local_noise import noise

_GOLDEN: Final = math.pi * (3.0 - math.sqrt(5.0))
_AGES: Final = len(AGE_CLASSES)


@lru_cache(maxsize=4)  # the blocks of a variant share it; a pure function of places and a length
def wave_field(x_km: bytes, y_km: bytes, length_km: float, waves: int) -> Floats:
    """Return cosines and sines at each stand of plane waves that together make a smooth field.

    Parameters
    ----------
    x_km, y_km : bytes
        Places of the stands as the bytes of float64 arrays [km].
    length_km : float
        Distance at which the correlation has fallen to exp(-1/2) [km].
    waves : int
        How many waves.

    Returns
    -------
    array, shape (2 * waves, stands)
        With independent standard normal weights a the field ``a @ array / sqrt(waves)`` is standard normal everywhere.

    Notes
    -----
    The spectrum of the correlation exp(-h^2 / (2 length^2)) is Gaussian. Its wave numbers are taken at equiprobable
    radii, each turned against the one before by the golden angle, instead of at random: the same for all exposures.
    """
    x, y = np.frombuffer(x_km), np.frombuffer(y_km)
    order = np.arange(waves)
    radius = np.sqrt(-2.0 * np.log1p(-(order + 0.5) / waves)) / length_km
    east, north = radius * np.cos(order * _GOLDEN), radius * np.sin(order * _GOLDEN)
    # Wave by wave instead of a matrix product, so that no library of linear algebra decides the last bit.
    phase = np.stack([e * x + n * y for e, n in zip(east, north, strict=True)])
    field = np.concatenate([np.cos(phase), np.sin(phase)])
    field.flags.writeable = False
    return field


def _spell_hits_kernel(
    log_load: Floats,
    glaze: Integers,
    frost: Floats,
    weights: Floats,
    keys: NDArray[np.uint64],
    class_code: Integers,
    field: Floats,
    log_resistance: Floats,
    numbers: tuple[float, float, float, float],
    least: tuple[float, float],
) -> tuple[Integers, Integers, Floats, Floats]:
    """Return event, stand, area and degree of each hit.

    ``weights``: of the waves, scaled to the field's logarithm of the load, shape (spells, waves). ``numbers``: half
    width of a stand's own exposure, steepness, area odds, frost pockets. ``least``: degree and area.
    """
    half_width, steepness, area_odds, pockets = numbers
    least_degree, least_area = least
    stands, waves = class_code.size, field.shape[0]
    margin = math.log(least_degree / (1.0 - least_degree)) / steepness
    log_least_area = math.log(least_area)
    room = 4 * stands + 1024
    event, stand = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    area, degree = np.empty(room), np.empty(room)
    local = np.empty(stands)
    hits = 0
    for spell in range(log_load.size):
        bound = 0.0
        for k in range(waves // 2):
            bound += math.hypot(weights[spell, k], weights[spell, k + waves // 2])
        resistance = log_resistance[glaze[spell]]
        heavy = log_load[spell] + bound + half_width >= resistance.min() + margin
        frosty = frost[spell] >= least_degree
        if not (heavy or frosty):
            continue
        if hits + stands > room:
            more = 2 * room + stands
            event_, stand_ = np.empty(more, dtype=np.int64), np.empty(more, dtype=np.int64)
            area_, degree_ = np.empty(more), np.empty(more)
            event_[:hits], stand_[:hits] = event[:hits], stand[:hits]
            area_[:hits], degree_[:hits] = area[:hits], degree[:hits]
            event, stand, area, degree, room = event_, stand_, area_, degree_, more
        if heavy:
            local[:] = log_load[spell]
            for k in range(0, waves, 4):  # four at a time: one load and store of the sum for all
                w0, w1, w2, w3 = weights[spell, k : k + 4]
                f0, f1, f2, f3 = field[k], field[k + 1], field[k + 2], field[k + 3]
                for node in range(stands):
                    local[node] += w0 * f0[node] + w1 * f1[node] + w2 * f2[node] + w3 * f3[node]
        for node in range(stands):
            if heavy:
                excess = local[node] - resistance[class_code[node]]
                if excess + half_width >= margin:
                    excess += half_width * (2.0 * noise(keys[spell, 0], node) - 1.0)
                    if excess >= margin:
                        odds = math.exp(steepness * excess)
                        log_share = math.log(1.0 - noise(keys[spell, 1], node)) / (area_odds * odds)
                        if log_share >= log_least_area:
                            event[hits], stand[hits] = spell, node
                            area[hits], degree[hits] = math.exp(log_share), odds / (1.0 + odds)
                            hits += 1
                            continue
            if frosty and class_code[node] % _AGES == 0:
                place = noise(keys[spell, 2], node)
                share = 1.0 - place / pockets
                if place < pockets and share >= least_area:
                    event[hits], stand[hits] = spell, node
                    area[hits], degree[hits] = share, frost[spell]
                    hits += 1
    return event[:hits].copy(), stand[:hits].copy(), area[:hits].copy(), degree[:hits].copy()


spell_hits = compiled(_spell_hits_kernel)
"""Compiled loop over spells and stands; its arguments are those of the law in ``snow_ice``."""
