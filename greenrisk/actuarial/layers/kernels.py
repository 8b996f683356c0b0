# SPDX-License-Identifier: Apache-2.0
"""Loops over events in their order, compiled: some twenty times as fast as passes over arrays.

Imported where it is first needed, since numba is slow to import. The arguments are checked by the callers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _by_year_kernel(year: Integers, sequence: Integers, n_years: int) -> Integers:
    place = np.zeros(n_years + 1, dtype=np.int64)
    for y in year:
        place[y + 1] += 1
    for y in range(n_years):
        place[y + 1] += place[y]
    events = np.empty(year.size, dtype=np.int64)
    for event in sequence:
        events[place[year[event]]] = event
        place[year[event]] += 1
    return events


def _pay_kernel(
    each: Floats, year: Integers, events: Integers, attachment: float, limit: float
) -> tuple[Floats, Floats]:
    paid, after = np.empty(each.size), np.empty(each.size)
    current, total, before = -1, 0.0, 0.0
    for event in events:
        if year[event] != current:
            current, total, before = year[event], 0.0, 0.0
        total += each[event]
        now = min(max(total - attachment, 0.0), limit)
        # The sums are rounded: no event is paid more than it costs.
        paid[event] = min(now - before, each[event])
        after[event] = now
        before = now
    return paid, after


_by_year, _pay = compiled(_by_year_kernel), compiled(_pay_kernel)


def by_year(year: Integers, sequence: Integers, n_years: int) -> Integers:
    """Return events grouped by year, those of a year in a given sequence.

    Parameters
    ----------
    year : array of int, shape (event,)
        Year of each event, in [0, n_years).
    sequence : array of int, shape (event,)
        All events, in the order in which those of one year follow one another.
    n_years : int
        How many years.

    Returns
    -------
    array of int, shape (event,)
    """
    events: Integers = _by_year(year, sequence, n_years)
    return events


def pay(
    each: Floats, year: Integers, events: Integers, attachment: float, limit: float
) -> tuple[Floats, Floats]:
    """Return what annual terms pay for each event in order, and what the year has been paid with it.

    Parameters
    ----------
    each : array, shape (event,)
        Payments before the annual terms [unit of the loss], >= 0.
    year : array of int, shape (event,)
        Year of each event.
    events : array of int, shape (event,)
        The events grouped by year, in order.
    attachment, limit : float
        Of the year's sum [unit of the loss], >= 0; the limit may be inf.

    Returns
    -------
    tuple of array, shape (event,)
        Payment for the event, payments of its year up to and with it [unit of the loss].
    """
    paid, after = _pay(each, year, events, attachment, limit)
    return paid, after
