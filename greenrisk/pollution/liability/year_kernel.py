# SPDX-License-Identifier: Apache-2.0
"""The loop over accidents that adds up years, events and plants, compiled.

Imported where it is first needed, since numba is slow to import. The arguments are checked by the callers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled

if TYPE_CHECKING:
    from greenrisk.pollution.liability.events import Accidents
    from greenrisk.pollution.liability.terms import Paid

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _summed_kernel(
    year: Integers,
    plant: Integers,
    event: Integers,
    loss: Floats,
    insured: Floats,
    cap: Floats,
    years: int,
    moments: int,
    head_moments: int,
) -> tuple[Floats, Floats, Floats, Floats]:
    plants, heads = cap.shape
    total, worst = np.zeros((years, 3)), np.zeros((years, 3))
    sums, of_year = np.zeros((plants, moments)), np.zeros((plants, 2))
    of_head = np.zeros((heads, head_moments))
    touched = np.empty(plants, dtype=np.int64)
    n_touched, current, of_event, now = 0, -1, np.zeros(2), -1
    for i in range(year.size + 1):
        if i == year.size or year[i] != current:
            zone = total[current, 1] if current >= 0 else 0.0
            for t in range(n_touched):
                p = touched[t]
                sums[p, 5] += of_year[p, 0] ** 2
                sums[p, 6] += of_year[p, 1] ** 2
                sums[p, 7] += of_year[p, 1] * zone
                of_year[p, 0] = of_year[p, 1] = 0.0
            n_touched = 0
            if i == year.size:
                break
            current = year[i]
        if event[i] != now:
            now = event[i]
            of_event[:] = 0.0
        y, p = year[i], plant[i]
        lost, paid = 0.0, 0.0
        for h in range(heads):
            x = loss[i, h]
            if x > 0.0:
                lost += x
                paid += insured[i, h]
                of_head[h, 0] += 1.0
                of_head[h, 1] += x
                of_head[h, 2] += insured[i, h]
                of_head[h, 3] += 1.0 if x >= cap[p, h] else 0.0
        total[y, 0] += lost
        total[y, 1] += paid
        total[y, 2] += lost - paid
        of_event[0] += lost
        of_event[1] += paid
        worst[y, 0] = max(worst[y, 0], of_event[0])
        worst[y, 1] = max(worst[y, 1], of_event[1])
        worst[y, 2] = max(worst[y, 2], of_event[0] - of_event[1])
        sums[p, 1] += 1.0
        sums[p, 2] += 1.0 if paid > 0.0 else 0.0
        sums[p, 3] += lost
        sums[p, 4] += paid
        if of_year[p, 0] == 0.0:
            touched[n_touched] = p
            n_touched += 1
        of_year[p, 0] += lost
        of_year[p, 1] += paid
    return total, worst, sums, of_head


_summed = compiled(_summed_kernel)


def summed(
    accidents: Accidents, paid: Paid, cap: Floats, moments: int, head_moments: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return yearly sums and worst events, and sums by plant and by head.

    Parameters
    ----------
    accidents : Accidents
        Sorted by time.
    paid : Paid
        What is paid for them.
    cap : array, shape (plants, heads)
        Largest losses [CNY].
    moments, head_moments : int
        How many sums by plant and by head there are; the first by plant, the number of accidents, is left 0.

    Returns
    -------
    tuple of array, shapes (years, 3), (years, 3), (plants, moments), (heads, head_moments)
        Layers and moments in the order of :mod:`greenrisk.pollution.liability.zone_year`.
    """
    total, worst, sums, of_head = _summed(
        accidents.year,
        accidents.plant,
        accidents.event,
        accidents.loss,
        paid.insured,
        cap,
        accidents.years,
        moments,
        head_moments,
    )
    return total, worst, sums, of_head
