# SPDX-License-Identifier: Apache-2.0
"""What a record could have shown: the smallest step in its middle that the test would mostly have found."""

from __future__ import annotations

from typing import Final

import numpy as np

from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.changes import LEAST_YEARS, on_scale
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.series import Floats, Integers
from greenrisk.resource.index_cover.step_test import (
    autocorrelation,
    autoregression,
    f_statistics,
    known_years,
    step_chance,
)

RECORDS: Final = 300
"""Simulated records for each size of a step: its chance is known to 0.03."""

LARGEST: Final = 8.0
"""Largest step that is tried, in standard deviations of the years about their line [unitless]."""


def visible_step(
    year: Integers,
    value: Floats,
    scale: TrendScale = "plain",
    level: float = 0.05,
    seed: int = 1,
    chance: float = 0.8,
) -> float:
    """Return the smallest step in the middle of a record like this that would be found with a chance.

    Parameters
    ----------
    year, value, scale, level, seed
        As for :func:`~greenrisk.resource.index_cover.changes.detect_changes`.
    chance : float
        Chance of finding it [unitless].

    Returns
    -------
    float
        Size of the step, in the unit of the index; a factor above 1 on the log scale; infinite if even a step of eight
        standard deviations would not be found so often; NaN for a record too short for a test.

    Notes
    -----
    Normal years with the record's own spread and autocorrelation about its line. The test of a step alone is used at
    half the level, which is the first bar that it must pass.
    """
    known = np.isfinite(value)
    x = on_scale(value, scale)[known]
    if x.size < LEAST_YEARS or float(np.ptp(x)) == 0.0:
        return float("nan")
    mask = known_years(year, value)
    residual = _off_line(x[None, :], year[known])[0]
    spread = float(np.sqrt(np.square(residual).sum() / (x.size - 2)))
    draw = stream(seed, "step", "visible").standard_normal((RECORDS, mask.size))
    noise = autoregression(draw, autocorrelation(residual, mask))[:, mask]
    after = np.arange(x.size) >= x.size // 2
    low, high = 0.0, LARGEST
    if _found(noise + high * after, year[known], mask, level / 2, seed) < chance:
        return float("inf")
    while high - low > 0.05:
        middle = (low + high) / 2
        if _found(noise + middle * after, year[known], mask, level / 2, seed) < chance:
            low = middle
        else:
            high = middle
    return float(np.exp(high * spread)) if scale == "log" else high * spread


def _off_line(x: Floats, year: Integers) -> Floats:
    time = year - year.mean()
    slope = (x @ time) / (time @ time)
    result: Floats = x - x.mean(axis=-1, keepdims=True) - slope[:, None] * time
    return result


def _found(
    records: Floats, year: Integers, mask: np.ndarray[tuple[int], np.dtype[np.bool_]], level: float, seed: int
) -> float:
    """Return the share of records in which a step is found."""
    largest = f_statistics(records).max(axis=-1)
    rho = [autocorrelation(residual, mask) for residual in _off_line(records, year)]
    found = [
        step_chance(float(f), mask, round(one / 0.05) * 0.05, seed) < level
        for f, one in zip(largest, rho, strict=True)
    ]
    return float(np.mean(found))
