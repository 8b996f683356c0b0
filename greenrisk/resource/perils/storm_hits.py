# SPDX-License-Identifier: Apache-2.0
"""Which stands a storm throws, stand by stand: the compiled loop behind :mod:`greenrisk.resource.perils.storm`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.resource.perils.local_noise import noise
from greenrisk.resource.perils.stand_cells import from_logit, wider

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_degree = compiled(from_logit)


def _throw_kernel(
    keys: NDArray[np.uint64],
    cosine: Floats,
    sine: Floats,
    offset: Floats,
    log_peak: Floats,
    width: Floats,
    reach: Floats,
    stand: Integers,
    first: Integers,
    x: Floats,
    y: Floats,
    cell_x: Floats,
    cell_y: Floats,
    cell_radius: Floats,
    log_critical: Floats,
    cell_log_critical: Floats,
    degree_logit: Floats,
    steepness: float,
    degree_spread: float,
    least_area: float,
) -> tuple[Integers, Integers, Floats, Floats]:
    """Throw patches in the strip of every storm; most stands are passed over by a bound that needs no logarithm."""
    hit_event = np.empty(4096, dtype=np.int64)
    hit_stand = np.empty(4096, dtype=np.int64)
    hit_area = np.empty(4096)
    hit_degree = np.empty(4096)
    hits = 0
    least = -math.log(least_area)
    for event in range(keys.size):
        half = 0.5 / (width[event] * width[event])
        for cell in range(cell_x.size):
            across = cell_x[cell] * cosine[event] - cell_y[cell] * sine[event] - offset[event]
            nearest = max(abs(across) - cell_radius[cell], 0.0)
            if nearest >= reach[event]:
                continue
            # u^(1/a) >= c needs u >= c^a, and c^a >= 1 - a ln(1/c); a is largest where gusts are and trees are weak
            most = math.exp(
                steepness * (log_peak[event] - half * nearest * nearest - cell_log_critical[cell])
            )
            bound = 1.0 - most * least
            for place in range(first[cell], first[cell + 1]):
                uniform = noise(keys[event], 2 * stand[place])
                if uniform < bound:
                    continue
                distance = abs(x[place] * cosine[event] - y[place] * sine[event] - offset[event])
                if distance >= reach[event] or uniform <= 0.0:
                    continue
                gust = log_peak[event] - half * distance * distance
                area = math.exp(math.log(uniform) * math.exp(-steepness * (gust - log_critical[place])))
                if area < least_area:
                    continue
                degree = _degree(degree_logit[place], noise(keys[event], 2 * stand[place] + 1), degree_spread)
                if degree <= 0.0:
                    continue
                if hits == hit_event.size:
                    hit_event, hit_stand = wider(hit_event), wider(hit_stand)
                    hit_area, hit_degree = wider(hit_area), wider(hit_degree)
                hit_event[hits], hit_stand[hits] = event, stand[place]
                hit_area[hits], hit_degree[hits] = area, degree
                hits += 1
    return hit_event[:hits].copy(), hit_stand[:hits].copy(), hit_area[:hits].copy(), hit_degree[:hits].copy()


throw = compiled(_throw_kernel)
"""Hits of storms: event, stand, share of the area, degree; compiled, arguments as in the kernel."""
