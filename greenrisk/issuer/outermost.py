# SPDX-License-Identifier: Apache-2.0
"""Quantiles over draws that come one by one, of which only the outermost are held."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS: Final = (0.05, 0.95)
"""Ends of the knowledge interval."""


class Outermost:
    """The 5 % and 95 % quantiles of many quantities, cell by cell.

    Parameters
    ----------
    draws : int
        How many draws will come, > 0.

    Notes
    -----
    The quantiles are those of the sorted draws, linear between neighbours, as :func:`numpy.quantile` takes them: what
    lies further inside than those neighbours is let go. A tenth of the draws is held, and as many that wait.
    """

    def __init__(self, draws: int) -> None:
        self._draws = draws
        self._held = math.floor(LEVELS[0] * (draws - 1)) + 2
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._waiting = 0

    def take(self, values: Floats) -> None:
        """Take some draws, shape (draw, ...)."""
        self._low.append(values)
        self._high.append(values)
        self._waiting += len(values)
        if self._waiting >= self._held:
            self._sort_out()

    def _sort_out(self) -> None:
        low, high = np.concatenate(self._low), np.concatenate(self._high)
        if len(low) > self._held:
            low = np.partition(low, self._held - 1, axis=0)[: self._held].copy()
            high = np.partition(high, -self._held, axis=0)[-self._held :].copy()
        self._low, self._high, self._waiting = [low], [high], 0

    def quantiles(self) -> tuple[Floats, Floats]:
        """Return both quantiles, each of the shape of one draw."""
        self._sort_out()
        place = LEVELS[0] * (self._draws - 1)
        low, high = np.sort(self._low[0], axis=0), np.sort(self._high[0], axis=0)[::-1]
        return _between(low, place), _between(high, place)


def _between(values: Floats, place: float) -> Floats:
    """Return the value at a place among sorted draws, linear between neighbours."""
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    out: Floats = values[below] + (values[above] - values[below]) * (place - below)
    return out
