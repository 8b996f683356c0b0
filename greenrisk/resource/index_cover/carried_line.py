# SPDX-License-Identifier: Apache-2.0
"""A trend that goes on after the record: treated years at the level that its line has in the year of the cover."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from greenrisk.resource.index_cover.changes import on_scale
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.series import FREE, Bounds, Floats, Integers

FARTHEST: Final = 5
"""Years beyond the record that a line is carried on at most; farther off it is a guess of its own [year]."""


def carried_year(treatments: Collection[str], last_year: int, underwriting_year: int) -> int | None:
    """Return the year that the line is carried on to as a named alternative; None where it is not.

    Parameters
    ----------
    treatments : collection of str
        What is done to each yearly index.
    last_year : int
        Last year of the record, whose level a line that is taken out leaves all years at.
    underwriting_year : int
        Year that the cover is priced for.
    """
    near = 0 < underwriting_year - last_year <= FARTHEST
    return underwriting_year if near and set(treatments) == {"linear"} else None


def carried_on(
    year: Integers,
    value: Floats,
    treated: Floats,
    to: int,
    scale: TrendScale = "plain",
    bounds: Bounds = FREE,
) -> Floats:
    """Return a record with its line taken out at the level of a later year, shape (years,).

    Parameters
    ----------
    year : array of int, shape (years,)
        Increasing.
    value : array, shape (years,)
        As recorded [unit of the index]; NaN where not known.
    treated : array, shape (years,)
        The same with the line taken out, at its level in the last year [unit of the index].
    to : int
        The later year.
    scale : str
        Whether the line adds to the index (``plain``) or multiplies it (``log``).
    bounds : Bounds
        Ends of what the index can be [unit of the index].
    """
    known = np.isfinite(value)
    line = np.polynomial.Polynomial.fit(year[known].astype(np.float64), on_scale(value, scale)[known], 1)
    rise = float(line(float(to)) - line(float(year[-1])))
    moved = treated * np.exp(rise) if scale == "log" else treated + rise
    return np.asarray(np.clip(moved, *bounds))
