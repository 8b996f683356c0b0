# SPDX-License-Identifier: Apache-2.0
"""Loops over kept points, compiled: counting them by year and plant, and merging two sorted lists of accidents.

Imported where it is first needed, since numba is slow to import. The arguments are checked by the callers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Counts = NDArray[np.int32]


class Run(NamedTuple):
    """Accidents that cost anything, sorted by time."""

    time: Floats
    """Time since the start of the block, shape (accidents,) [year]."""
    plant: Integers
    """Index of the plant."""
    cause: Integers
    """Index into the causes."""
    shock: Integers
    """Index of the shock; -1: none."""
    mark: Floats
    """Uniform for the sort of accident, time to the claim over its mean, normal score of the cost of a person."""
    loss: Floats
    """What the accident costs under each head, shape (accidents, heads) [CNY]."""


def _counted_kernel(
    time: Floats, plant: Integers, cause: Integers, by_year: Counts, by_plant: Integers
) -> None:
    last = by_year.shape[0] - 1
    for i in range(time.size):
        by_year[min(int(time[i]), last), cause[i]] += 1
        by_plant[plant[i]] += 1


counted = compiled(_counted_kernel)
"""``counted(time, plant, cause, by_year, by_plant)``: add accidents to the counts by year and cause, and by plant."""


def _merged_kernel(
    time_a: Floats,
    plant_a: Integers,
    cause_a: Integers,
    shock_a: Integers,
    mark_a: Floats,
    loss_a: Floats,
    time_b: Floats,
    plant_b: Integers,
    cause_b: Integers,
    shock_b: Integers,
    mark_b: Floats,
    loss_b: Floats,
) -> tuple[Floats, Integers, Integers, Integers, Floats, Floats]:
    total, heads, marks = time_a.size + time_b.size, loss_a.shape[1], mark_a.shape[1]
    time, plant = np.empty(total), np.empty(total, dtype=np.int64)
    cause, shock = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64)
    mark, loss = np.empty((total, marks)), np.empty((total, heads))
    i = j = 0
    for k in range(total):
        if j == time_b.size or (i < time_a.size and time_a[i] <= time_b[j]):
            time[k], plant[k], cause[k], shock[k] = time_a[i], plant_a[i], cause_a[i], shock_a[i]
            for m in range(marks):
                mark[k, m] = mark_a[i, m]
            for h in range(heads):
                loss[k, h] = loss_a[i, h]
            i += 1
        else:
            time[k], plant[k], cause[k], shock[k] = time_b[j], plant_b[j], cause_b[j], shock_b[j]
            for m in range(marks):
                mark[k, m] = mark_b[j, m]
            for h in range(heads):
                loss[k, h] = loss_b[j, h]
            j += 1
    return time, plant, cause, shock, mark, loss


_merged = compiled(_merged_kernel)


def merged(a: Run, b: Run) -> Run:
    """Return the accidents of two lists by time; at the same time those of the first come first."""
    if not b.time.size:
        return a
    if not a.time.size:
        return b
    return Run(*_merged(*a, *b))
