# SPDX-License-Identifier: Apache-2.0
"""How a fire of a given size lies in the landscape.

The size of a fire is drawn from its law; here it is laid out: from the node of ignition over bordering
forest, nearest first, until its area is reached. This is a rule of geometry, not a model of fire behaviour:
no wind, no slope, no fuel. It is there so that neighbours burn together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.landscape import HA_PER_KM2, Landscape


@dataclass(frozen=True, eq=False)
class Hits:
    """What burnt: one row for each fire and node, in the order of the fires and of burning.

    Parameters
    ----------
    event : array of int, shape (hits,)
        Index of the fire, non-decreasing.
    node : array of int, shape (hits,)
        Index of the node.
    burnt_ha : array, shape (hits,)
        Area burnt, > 0 [ha].
    unburnt_ha : array, shape (events,)
        Area of each fire for which the forest connected with its ignition had nothing left to burn in that
        year; 0 for nearly all [ha].
    """

    event: NDArray[np.int64]
    node: NDArray[np.int32]
    burnt_ha: NDArray[np.float64]
    unburnt_ha: NDArray[np.float64]


def spread(
    ignition: NDArray[np.int64],
    size_ha: NDArray[np.float64],
    year: NDArray[np.int64],
    landscape: Landscape,
) -> Hits:
    """Lay fires out in the landscape.

    Parameters
    ----------
    ignition : array of int, shape (events,)
        Node in which each fire starts.
    size_ha : array, shape (events,)
        Area of each fire, >= 0 [ha].
    year : array of int, shape (events,)
        Year of each fire, non-decreasing; fires of a year are handled in the order given.
    landscape : Landscape
        Nodes and neighbours.

    Returns
    -------
    Hits
        For each fire the burnt areas and the remainder sum to its size.

    Raises
    ------
    ArgumentError
        When lengths differ, years decrease, a node does not exist, or a size is negative or not finite.

    Notes
    -----
    Forest that burnt does not burn again in the same year: a later fire passes through it, burns what is left
    of the node, and goes on. Years do not touch each other, so any sub-sequence of years gives the same hits
    for these years.

    The order is by how far the fire must reach to engulf a node: the distance of the centres plus the radius of a
    disc of the node's area; ties by the number of the node. By the distance of the centres alone, fires of the
    sizes of Jiangxi burnt a hectare of the smallest fifth of the shipped stands a quarter less often, and one
    of the largest fifth 7 % more often, than forest at large; so they burn alike within 6 %.
    """
    ignition = np.ascontiguousarray(ignition, dtype=np.int64)
    size_ha = np.ascontiguousarray(size_ha, dtype=np.float64)
    year = np.ascontiguousarray(year, dtype=np.int64)
    _check(ignition, size_ha, year, len(landscape))
    event, node, burnt, remainder = _grow(
        ignition,
        size_ha,
        year,
        landscape.x_km,
        landscape.y_km,
        landscape.area_ha,
        np.sqrt(landscape.area_ha / (HA_PER_KM2 * math.pi)),
        landscape.offsets,
        landscape.neighbours,
    )
    return Hits(event, node, burnt, remainder)


def _check(
    ignition: NDArray[np.int64], size_ha: NDArray[np.float64], year: NDArray[np.int64], nodes: int
) -> None:
    """Refuse what the kernel, which has no bounds checks, cannot handle."""
    if not ignition.shape == size_ha.shape == year.shape or ignition.ndim != 1:
        shapes = f"{ignition.shape}, {size_ha.shape}, {year.shape}"
        raise ArgumentError(Fault("ignition, size_ha, year", shapes, "One entry for each fire in all three."))
    if ignition.size == 0:
        return
    if (np.diff(year) < 0).any():
        raise ArgumentError(Fault("year", "decreases", "Sort the fires by year."))
    if ignition.min() < 0 or ignition.max() >= nodes:
        raise ArgumentError(Fault("ignition", f"outside 0 to {nodes - 1}", "Give the index of a node."))
    if not (np.isfinite(size_ha).all() and size_ha.min() >= 0):
        raise ArgumentError(Fault("size_ha", "negative or not finite", "A fire's area must be >= 0.", "ha"))


def _grow_kernel(
    ignition: NDArray[np.int64],
    size_ha: NDArray[np.float64],
    year: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    area: NDArray[np.float64],
    radius: NDArray[np.float64],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Grow every fire; O(log frontier) for a visited node, nothing is cleared between fires or years."""
    events, nodes = ignition.size, area.size
    capacity = 2 * events + 64
    hit_event = np.empty(capacity, dtype=np.int64)
    hit_node = np.empty(capacity, dtype=np.int32)
    hit_burnt = np.empty(capacity, dtype=np.float64)
    remainder = np.zeros(events, dtype=np.float64)
    hits = 0
    season = 0  # stamps: `left` holds for the season in `touched`; a node was seen in the fire in `seen`
    touched = np.zeros(nodes, dtype=np.int64)
    left = np.empty(nodes, dtype=np.float64)
    seen = np.zeros(nodes, dtype=np.int64)
    heap_distance = np.empty(nodes, dtype=np.float64)
    heap_node = np.empty(nodes, dtype=np.int32)
    for event in range(events):
        if event == 0 or year[event] != year[event - 1]:
            season += 1
        want = size_ha[event]
        origin = ignition[event]
        seen[origin] = event + 1
        heap_distance[0], heap_node[0] = 0.0, origin
        waiting = 1
        while want > 0.0 and waiting > 0:
            here = heap_node[0]
            waiting -= 1
            if waiting > 0:  # sift the last one down from the top
                distance, node = heap_distance[waiting], heap_node[waiting]
                place = 0
                while True:
                    child = 2 * place + 1
                    if child >= waiting:
                        break
                    other = child + 1
                    if other < waiting and (
                        heap_distance[other] < heap_distance[child]
                        or (
                            heap_distance[other] == heap_distance[child]
                            and heap_node[other] < heap_node[child]
                        )
                    ):
                        child = other
                    if heap_distance[child] < distance or (
                        heap_distance[child] == distance and heap_node[child] < node
                    ):
                        heap_distance[place], heap_node[place] = heap_distance[child], heap_node[child]
                        place = child
                    else:
                        break
                heap_distance[place], heap_node[place] = distance, node
            if touched[here] != season:
                touched[here] = season
                left[here] = area[here]
            burnt = min(want, left[here])
            if burnt > 0.0:
                if hits == capacity:
                    capacity *= 2
                    wider_event = np.empty(capacity, dtype=np.int64)
                    wider_node = np.empty(capacity, dtype=np.int32)
                    wider_burnt = np.empty(capacity, dtype=np.float64)
                    wider_event[:hits] = hit_event
                    wider_node[:hits] = hit_node
                    wider_burnt[:hits] = hit_burnt
                    hit_event, hit_node, hit_burnt = wider_event, wider_node, wider_burnt
                hit_event[hits], hit_node[hits], hit_burnt[hits] = event, here, burnt
                hits += 1
                left[here] -= burnt
                want -= burnt
            if want > 0.0:
                for k in range(offsets[here], offsets[here + 1]):
                    node = neighbours[k]
                    if seen[node] == event + 1:
                        continue
                    seen[node] = event + 1
                    east, north = x[node] - x[origin], y[node] - y[origin]
                    distance = math.sqrt(east * east + north * north) + radius[node]
                    place = waiting
                    waiting += 1
                    while place > 0:  # sift up
                        parent = (place - 1) // 2
                        if distance < heap_distance[parent] or (
                            distance == heap_distance[parent] and node < heap_node[parent]
                        ):
                            heap_distance[place], heap_node[place] = heap_distance[parent], heap_node[parent]
                            place = parent
                        else:
                            break
                    heap_distance[place], heap_node[place] = distance, node
        remainder[event] = want
    return hit_event[:hits].copy(), hit_node[:hits].copy(), hit_burnt[:hits].copy(), remainder


_grow = compiled(_grow_kernel)
