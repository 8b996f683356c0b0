# SPDX-License-Identifier: Apache-2.0
"""The loop over plant-years that holds every accident against many limits, compiled.

Imported where it is first needed, since numba is slow to import. What is counted is told in
:mod:`greenrisk.pollution.mandate.limit_sums`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled
from greenrisk.pollution.severity.heads import BODILY_INJURY, HEADS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_HEADS, _BODILY = len(HEADS), BODILY_INJURY


def _left_kernel(
    money: Floats, persons: float, group: Integers, most: Floats, person_most: float, part: Floats
) -> float:
    """What sublimits leave of an accident."""
    part[:] = 0.0
    for h in range(_HEADS):
        amount = money[h]
        if h == _BODILY and persons > 0.0:
            amount = min(amount, persons * person_most)
        part[group[h]] += amount
    left = 0.0
    for h in range(_HEADS):
        left += min(part[h], most[h])
    return left


_left = compiled(_left_kernel)


def _held_kernel(
    start: Integers,
    batch: Integers,
    cell: Integers,
    money: Floats,
    persons: Floats,
    limit: Floats,
    annual: Floats,
    group: Integers,
    group_limit: Floats,
    person_limit: Floats,
    batches: int,
    cells: int,
    quantities: int,
) -> tuple[Floats, Floats]:
    limits = limit.size
    found = np.zeros((batches, cells, limits, quantities))
    base = np.zeros((batches, cells, 3))
    part = np.empty(_HEADS)
    for y in range(start.size - 1):
        first, last = start[y], start[y + 1]
        b, c, of_year, hit = batch[y], cell[y], 0.0, 0
        for i in range(first, last):
            total = 0.0
            for h in range(_HEADS):
                total += money[i, h]
            if total > 0.0:
                hit += 1
                of_year += total
        if hit == 0:
            continue
        base[b, c, 0] += hit
        base[b, c, 1] += of_year
        base[b, c, 2] += 1.0
        for k in range(limits):
            paid_before, paid_after, short = 0.0, 0.0, False
            for i in range(first, last):
                total = 0.0
                for h in range(_HEADS):
                    total += money[i, h]
                if total <= 0.0:
                    continue
                left = _left(money[i], persons[i], group, group_limit[k], person_limit[k], part)
                if total > limit[k]:
                    found[b, c, k, 0] += 1.0
                    short = True
                # Sums in another order differ in the last bits: nothing is cut by less than a part in 1e12.
                if total > limit[k] or left < total * (1.0 - 1e-12):
                    found[b, c, k, 1] += 1.0
                    short = True
                if left > limit[k]:
                    found[b, c, k, 2] += 1.0
                if left >= total * (1.0 - 1e-12):
                    left = total
                paid_before += min(total, limit[k])
                paid_after += min(left, limit[k])
            paid_before, paid_after = min(paid_before, annual[k]), min(paid_after, annual[k])
            if not short and paid_before >= of_year and paid_after >= of_year:
                break  # a larger limit pays in full too
            found[b, c, k, 3] += of_year - paid_before
            found[b, c, k, 4] += of_year - paid_after
            found[b, c, k, 5] += 1.0 if of_year > paid_before * (1.0 + 1e-12) else 0.0
            found[b, c, k, 6] += 1.0 if of_year > paid_after * (1.0 + 1e-12) else 0.0
    return found, base


_held = compiled(_held_kernel)


def held(*arguments: Any) -> tuple[Floats, Floats]:
    """Return sums by batch, cell, limit and quantity, and by batch, cell and base.

    Parameters
    ----------
    *arguments
        Accidents from ``start[y]`` to ``start[y + 1]`` are of one plant-year, in the order of time; ``batch`` and
        ``cell`` of each plant-year; money by head and persons of each accident; limits of an accident and of a year,
        sublimits (limits, heads) with the column of each head, limit of a person by limit; how many batches, cells
        and quantities there are.
    """
    found, base = _held(*arguments)
    return found, base
