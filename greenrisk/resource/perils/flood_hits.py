# SPDX-License-Identifier: Apache-2.0
"""Which stands a rainstorm hits, stand by stand: the compiled loop behind :mod:`greenrisk.resource.perils.flood`."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.resource.perils.local_noise import noise
from greenrisk.resource.perils.stand_cells import CELL_KM, from_logit, wider

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BANK: Final = 1
"""Code of a stand with a bank."""

SLOPE: Final = 2
"""Code of a stand on a steep slope."""


_degree = compiled(from_logit)


def _wash_kernel(
    keys: NDArray[np.uint64],
    east: Floats,
    north: Floats,
    log_rain: Floats,
    length: Floats,
    reach: Floats,
    stand: Integers,
    first: Integers,
    x: Floats,
    y: Floats,
    cell_x: Floats,
    cell_y: Floats,
    cell_radius: Floats,
    cell_west: Floats,
    lie: Integers,
    area: Floats,
    degree_logit: Floats,
    slides: Floats,
    flood_rate: float,
    strip_share: float,
    degree_spread: float,
    slide_power: float,
    scar_area: float,
    scar_spread: float,
    least_area: float,
) -> tuple[Integers, Integers, Floats, Floats]:
    """Hit the badly lying stands of every cell of rain; three numbers of luck for each stand: chance, area, degree."""
    hit_event = np.empty(4096, dtype=np.int64)
    hit_stand = np.empty(4096, dtype=np.int64)
    hit_area = np.empty(4096)
    hit_degree = np.empty(4096)
    hits = 0
    for event in range(keys.size):
        begin = np.searchsorted(cell_west, east[event] - reach[event] - CELL_KM)
        end = np.searchsorted(cell_west, east[event] + reach[event])
        for cell in range(begin, end):
            away_x, away_y = cell_x[cell] - east[event], cell_y[cell] - north[event]
            far = reach[event] + cell_radius[cell]
            if away_x * away_x + away_y * away_y >= far * far:
                continue
            for place in range(first[cell], first[cell + 1]):
                if lie[place] == 0:
                    continue
                away_x, away_y = x[place] - east[event], y[place] - north[event]
                square = away_x * away_x + away_y * away_y
                if square >= reach[event] * reach[event]:
                    continue
                excess = math.exp(log_rain[event] - math.sqrt(square) / length[event]) - 1.0
                ticket = 3 * stand[place]
                chance = noise(keys[event], ticket)
                if lie[place] == BANK:
                    if chance >= 1.0 - math.exp(-flood_rate * excess):
                        continue
                    share = min(2.0 * strip_share * noise(keys[event], ticket + 1), 1.0)
                    degree = _degree(degree_logit[place], noise(keys[event], ticket + 2), degree_spread)
                else:
                    if chance >= 1.0 - math.exp(-slides[place] * math.pow(excess, slide_power)):
                        continue
                    uniform = noise(keys[event], ticket + 1)
                    scar = scar_area * math.pow(uniform / (1.0 - uniform), scar_spread)
                    share = min(scar / area[place], 1.0)
                    degree = 1.0
                if share * area[place] < least_area or share <= 0.0 or degree <= 0.0:
                    continue
                if hits == hit_event.size:
                    hit_event, hit_stand = wider(hit_event), wider(hit_stand)
                    hit_area, hit_degree = wider(hit_area), wider(hit_degree)
                hit_event[hits], hit_stand[hits] = event, stand[place]
                hit_area[hits], hit_degree[hits] = share, degree
                hits += 1
    return hit_event[:hits].copy(), hit_stand[:hits].copy(), hit_area[:hits].copy(), hit_degree[:hits].copy()


wash = compiled(_wash_kernel)
"""Hits of rainstorms: event, stand, share of the area, degree; compiled, arguments as in the kernel."""
