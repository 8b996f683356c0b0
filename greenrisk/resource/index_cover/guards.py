# SPDX-License-Identifier: Apache-2.0
"""What is looked for in a series before anything is made of it: gaps, runs, marks, a change of unit or of datum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from greenrisk.core.errors import Fault
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.changes import detect_changes
from greenrisk.resource.index_cover.series import Floats, Integers, Series
from greenrisk.resource.index_cover.series_dates import in_words, longest_run
from greenrisk.resource.index_cover.unit_changes import LENGTH, unit_changes

GuardVerdict = Literal["clear", "told", "accepted", "refused", "not tested"]
"""Nothing found; found and told; found and let pass by the user; found and refused; too short or of another kind."""

_LARGE: Final = (999.0, 9999.0, 99999.0, 999.9, 9999.9, 999.99, 32767.0)

MARKS: Final = np.array([*_LARGE, *(-mark for mark in _LARGE), -99.0, -99.9, -99.99, -32768.0])
"""Numbers that files write where a value is missing."""

FAR: Final = 10.0
"""Distances of the 5 % and the 95 % quantile from the median beyond which a value is told, and a mark is one."""

FEW_ZEROS: Final = 0.15
"""Share of zeros up to which they are asked about: a dry river and a season without rain have more [unitless]."""

RARE: Final = 0.001
"""Chance below which a run of equal values is told."""

SAME_SPREAD: Final = 1.5
"""Ratio of the spreads on both sides of a step up to which they count as the same."""


@dataclass(frozen=True)
class GuardRow:
    """What one guard found in one series.

    Parameters
    ----------
    series : str
        Name of the series.
    check : str
        What was looked for.
    verdict : str
        One of :data:`GuardVerdict`.
    detail : str
        One sentence.
    place : str
        The step that it concerns first; empty: the whole series.
    mend : str
        How to mend what is refused.
    """

    series: str
    check: str
    verdict: GuardVerdict
    detail: str
    place: str = ""
    mend: str = ""


def check_series(series: Series, accept_unit_change: bool, ledger: Ledger) -> list[Fault]:
    """Return what must be mended in a series, and tell the ledger what must be known of it.

    Parameters
    ----------
    series : Series
        As it was read.
    accept_unit_change : bool
        Whether what looks like a change of unit is let pass.
    ledger : Ledger
        Takes a line for everything that is told or let pass.

    Returns
    -------
    list of Fault
        Place: the file and the step.
    """
    faults = []
    for row in guard_rows(series, accept_unit_change):
        if row.verdict == "refused":
            place = f"{series.file}{_row(series, row.place)}, `{series.origin.column}`"
            place += f", {row.place}" if row.place else ""
            faults.append(Fault(place, row.detail, row.mend, series.unit))
        elif row.verdict in ("told", "accepted") and row.check != "gaps":  # the reader told of gaps
            ledger.add("unreliable", series.name, row.detail)
    if series.note:
        ledger.add("read", series.name, series.note)
    return faults


def guard_rows(series: Series, accept_unit_change: bool = False) -> tuple[GuardRow, ...]:
    """Return what every guard found in a series.

    Parameters
    ----------
    series : Series
        As it was read.
    accept_unit_change : bool
        Whether what looks like a change of unit is let pass.
    """
    known = np.isfinite(series.value)
    if not known.any():
        mend = "A series needs values. Check the column, the rows and the place that are read."
        return (GuardRow(series.name, "values", "refused", "All values are missing.", mend=mend),)
    if float(np.ptp(series.value[known])) == 0.0 and known.sum() > 1:
        detail = f"All {int(known.sum())} values are {series.value[known][0]:g}."
        mend = "An index that never changes cannot be priced. Check the column and the place that are read."
        return (GuardRow(series.name, "values", "refused", detail, mend=mend),)
    marks = _marks(series)
    if marks.verdict == "refused":
        return (_gaps(series), marks)
    unit = _unit(series, accept_unit_change)
    datum = (
        _datum(series)
        if unit.verdict in ("clear", "not tested")
        else GuardRow(series.name, "datum", "not tested", "Not looked for across a change of unit.")
    )
    return (_gaps(series), marks, _zeros(series), _far(series), _runs(series), unit, datum)


def _row(series: Series, place: str) -> str:
    """Return ``:row`` of the table at a place; empty where there is none."""
    if series.rows is None or not place:
        return ""
    return next(
        (f":{row}" for at, row in enumerate(series.rows) if row and _at(series, at) == place),
        "",
    )


def _at(series: Series, position: int) -> str:
    return in_words(series.time[position], series.step)


def _gaps(series: Series) -> GuardRow:
    missing = np.isnan(series.value)
    if not missing.any():
        return GuardRow(series.name, "gaps", "clear", f"All {missing.size} values are there.")
    length, start = longest_run(missing)
    detail = (
        f"{int(missing.sum())} of {missing.size} values are missing; the longest gap is of {length} from "
        f"{_at(series, start)} on."
    )
    return GuardRow(series.name, "gaps", "told", detail, _at(series, start))


def _distance(value: Floats) -> Floats:
    """Return how far values lie from their median, in distances of their outer quantiles; 0 if these are one."""
    known = value[np.isfinite(value)]
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
    if high <= low:
        return np.zeros(value.size)
    away: Floats = np.abs(value - middle) / (high - low)
    return np.where(np.isfinite(away), away, 0.0)


def _marks(series: Series) -> GuardRow:
    value = series.value
    marked = np.isin(value, MARKS)
    rest = value[np.isfinite(value) & ~marked]
    if not marked.any() or rest.size < 3:
        return GuardRow(series.name, "marks", "clear", "No number stands for a missing value.")
    low, middle, high = np.quantile(rest, [0.05, 0.5, 0.95])
    found = np.flatnonzero(marked & (np.abs(value - middle) > FAR * max(high - low, 1e-12)))
    if found.size == 0:
        return GuardRow(series.name, "marks", "clear", "No number stands for a missing value.")
    detail = f"{found.size} of {value.size} values are {value[found[0]]:g}, far from all others."
    mend = "This reads as a mark for a missing value. Leave such cells empty."
    return GuardRow(series.name, "marks", "refused", detail, _at(series, int(found[0])), mend)


def _zeros(series: Series) -> GuardRow:
    """Look for missing values that were filled with 0: a few zeros in a series that is far above 0 otherwise."""
    known = series.value[np.isfinite(series.value)]
    rest = known[known != 0.0]
    count = known.size - rest.size
    if not 0 < count <= FEW_ZEROS * known.size or rest.min() <= np.median(rest) / 100:
        return GuardRow(series.name, "zeros", "clear", "No zero stands apart.")
    first = int(np.flatnonzero(series.value == 0.0)[0])
    detail = (
        f"{count} of {known.size} values are 0, the first in {_at(series, first)}, and all others are {rest.min():g} "
        f"{series.unit} or more: were missing values filled with 0?"
    )
    return GuardRow(series.name, "zeros", "told", detail, _at(series, first))


def _far(series: Series) -> GuardRow:
    far = np.flatnonzero(_distance(series.value) > FAR)
    if far.size == 0:
        return GuardRow(series.name, "far values", "clear", "No value lies far from all others.")
    first = int(far[0])
    detail = (
        f"{far.size} of {series.value.size} values lie more than {FAR:g} times the width of nine tenths of the values "
        f"from the median, the first in {_at(series, first)}: {series.value[first]:g} {series.unit}."
    )
    return GuardRow(series.name, "far values", "told", detail, _at(series, first))


def _runs(series: Series) -> GuardRow:
    """Look for a gauge that stands still: a run of one value that the other pairs of neighbours make unlikely."""
    value = series.value
    same = (value[1:] == value[:-1]) & (value[1:] != 0.0)
    length, start = longest_run(same)
    pairs = int(np.isfinite(value[1:] + value[:-1]).sum()) - length
    chance = (float(same.sum()) - length + 1) / max(pairs + 1, 1)
    if length < 2 or value.size * chance**length >= RARE:
        return GuardRow(series.name, "runs of one value", "clear", "No run that others make unlikely.")
    detail = (
        f"{length + 1} values from {_at(series, start)} on are {value[start]:g} {series.unit}: a gauge that "
        "stood still, or values that were filled in."
    )
    return GuardRow(series.name, "runs of one value", "told", detail, _at(series, start))


def _unit(series: Series, accept: bool) -> GuardRow:
    found = unit_changes(series.value, series.step, series.unit)
    if found is None:
        return GuardRow(series.name, "unit", "not tested", "Too short to tell a change of unit.")
    if not found:
        return GuardRow(series.name, "unit", "clear", "No place looks like a change of unit.")
    places = [
        f"from about {_at(series, one.position)} on all values are {'multiplied' if one.multiplied else 'divided'} by "
        f"{one.conversion}"
        for one in found
    ]
    detail = f"Looks like a change of unit: {'; '.join(places)}."
    if accept:
        return GuardRow(
            series.name,
            "unit",
            "accepted",
            f"{detail} Let pass by `accept_unit_change`.",
            _at(series, found[0].position),
        )
    mend = (
        f"Convert these values to {series.unit}. If the jump is true, write `accept_unit_change: true` under "
        "`history`."
    )
    return GuardRow(series.name, "unit", "refused", detail, _at(series, found[0].position), mend)


def yearly_means(series: Series) -> tuple[Integers, Floats]:
    """Return the mean of each calendar year, NaN where it misses a tenth of its values or more."""
    years = series.time.astype("datetime64[Y]").astype(np.int64) + 1970
    year = np.arange(years[0], years[-1] + 1)
    known = np.isfinite(series.value)
    place = years - years[0]
    count = np.bincount(place[known], minlength=year.size)
    total = np.bincount(place[known], series.value[known], minlength=year.size)
    complete = count > 0.9 * LENGTH[series.step]
    return year, np.where(complete, total / np.maximum(count, 1), np.nan)


def _datum(series: Series) -> GuardRow:
    """Look for a shift of the level that leaves the spread as it was."""
    if series.step == "event":
        return GuardRow(series.name, "datum", "not tested", "Events have no datum.")
    year, mean = yearly_means(series)
    changes = detect_changes(year, mean)
    if changes.break_year < 0:
        return GuardRow(series.name, "datum", "not tested", "Too few whole years to tell a shift.")
    if changes.verdict != "step":
        return GuardRow(series.name, "datum", "clear", "No step of the yearly means.")
    before = year <= changes.break_year
    values_before = series.value[series.time < np.datetime64(f"{changes.break_year + 1:04d}-01-01")]
    values_after = series.value[series.time >= np.datetime64(f"{changes.break_year + 1:04d}-01-01")]
    spreads = [_spread(values_before), _spread(values_after)]
    yearly = [float(np.nanstd(mean[before])), float(np.nanstd(mean[~before]))]
    same = max(max(spreads) / max(min(spreads), 1e-12), max(yearly) / max(min(yearly), 1e-12)) <= SAME_SPREAD
    place = str(changes.break_year + 1)
    detail = f"The level steps by {changes.shift:+.4g} {series.unit} after {changes.break_year}"
    if same:
        detail += (
            " while its spread stays: a new datum of the gauge and a step of the river look alike here. Ask who keeps "
            "the record."
        )
    else:
        detail += " and its spread changes: not a new datum alone."
    return GuardRow(series.name, "datum", "told", detail, place)


def _spread(value: Floats) -> float:
    low, high = np.nanquantile(value, [0.1, 0.9])
    return float(high - low)
