# SPDX-License-Identifier: Apache-2.0
"""What is done to a yearly record before it is priced: nothing, its line taken out, a step moved, or years dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.index_cover.changes import Changes, Verdict, on_scale
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.series import FREE, Bounds, Floats, Integers

TREATMENTS: Final[tuple[Treatment, ...]] = ("none", "linear", "step", "post_break")
"""All treatments, in the order in which they are shown."""

OF_VERDICT: Final[dict[Verdict, Treatment]] = {"none": "none", "trend": "linear", "step": "step"}
"""What ``auto`` does by what the tests say."""


@dataclass(frozen=True, eq=False)
class Treated:
    """A record as it is priced.

    Parameters
    ----------
    treatment : str
        What was done.
    year : array of int, shape (years,)
        All years of the record.
    value : array, shape (years,)
        Treated values at today's level, in the unit of the index; NaN where not known or not kept.
    kept : array of bool, shape (years,)
        Which years are used.
    sentence : str
        What was done, in words.
    refused : str
        Why this treatment may not be chosen; empty: it may.
    held : int
        Years that it would have put beyond what the index can be, and that stand at that bound.
    """

    treatment: Treatment
    year: Integers
    value: Floats
    kept: NDArray[np.bool_]
    sentence: str
    refused: str = ""
    held: int = 0


def treat(
    year: Integers,
    value: Floats,
    treatment: Treatment | Literal["auto"],
    changes: Changes,
    scale: TrendScale = "plain",
    bounds: Bounds = FREE,
) -> Treated:
    """Return a record treated.

    Parameters
    ----------
    year : array of int, shape (years,)
        Increasing.
    value : array, shape (years,)
        In the unit of the index; NaN where not known.
    treatment : str
        One of the four, or ``auto``: what the verdict calls for.
    changes : Changes
        What the tests say of this record.
    scale : str
        Whether a change adds to the index (``plain``) or multiplies it (``log``).
    bounds : Bounds
        Ends of what the index can be, which treated years are held within [unit of the index].

    Raises
    ------
    ArgumentError
        If a line would be laid across a detected step, or a step treated in a record too short for a test.
    """
    chosen: Treatment = OF_VERDICT[changes.verdict] if treatment == "auto" else treatment
    treated = _held(_done(year, value, chosen, changes, scale), bounds)
    if treated.refused:
        raise ArgumentError(Fault("treatment", chosen, treated.refused))
    return treated


def side_by_side(
    year: Integers,
    value: Floats,
    changes: Changes,
    scale: TrendScale = "plain",
    bounds: Bounds = FREE,
) -> tuple[Treated, ...]:
    """Return the record under all four treatments; one that may not be chosen says why in ``refused``."""
    return tuple(_held(_done(year, value, treatment, changes, scale), bounds) for treatment in TREATMENTS)


def _done(
    year: Integers, value: Floats, treatment: Treatment, changes: Changes, scale: TrendScale
) -> Treated:
    known = np.isfinite(value)
    if treatment == "none":
        return Treated(treatment, year, value, known, "The record is used as it is.")
    x = on_scale(value, scale)
    if treatment == "linear":
        return _off_the_line(year, x, known, changes, scale)
    if changes.break_year < 0:
        refused = "The record is too short for a step to be looked for. Choose `none`."
        return Treated(treatment, year, value, known, "Nothing was done.", refused)
    before = year <= changes.break_year
    if treatment == "post_break":
        kept = known & ~before
        sentence = f"Only the {int(kept.sum())} years after {changes.break_year} are used."
        return Treated(treatment, year, np.where(kept, value, np.nan), kept, sentence)
    moved = np.where(before, x + changes.shift, x)
    sentence = f"Years up to {changes.break_year} are moved to the mean of those after."
    return Treated(treatment, year, _back(moved, scale), known, sentence)


def _off_the_line(
    year: Integers, x: Floats, known: NDArray[np.bool_], changes: Changes, scale: TrendScale
) -> Treated:
    line = np.polynomial.Polynomial.fit(year[known].astype(np.float64), x[known], 1)
    at = line(year.astype(np.float64))
    value = _back(x - at + at[-1], scale)
    refused = ""
    if changes.verdict == "step":
        refused = (
            f"The record has a step after {changes.break_year}: a line laid across it makes a trend of it. Choose "
            "`step`, `post_break` or `auto`."
        )
    sentence = f"The line is taken out and all years stand at its level in {int(year[-1])}."
    return Treated("linear", year, value, known, sentence, refused)


def _held(treated: Treated, bounds: Bounds) -> Treated:
    """Return treated years within what the index can be, and how many of them that moved."""
    value = np.clip(treated.value, *bounds)
    held = int((treated.kept & (value != treated.value)).sum())
    if not held:
        return treated
    ends = " or ".join(f"{end:g}" for end in bounds if np.isfinite(end))
    sentence = (
        f"{treated.sentence} {held} of them that this puts beyond what the index can be stand at {ends}."
    )
    return replace(treated, value=value, sentence=sentence, held=held)


def _back(x: Floats, scale: TrendScale) -> Floats:
    return np.exp(x) if scale == "log" else x
