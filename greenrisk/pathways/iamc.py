# SPDX-License-Identifier: Apache-2.0
"""IAMC tables: model, scenario, region, variable, unit and either a column for each year or the columns year, value.

What lives here: reading a frame of cells as it is, every fault with its row. What does not: files and other layouts
(:mod:`greenrisk.pathways.files`), and what the variables mean (:mod:`greenrisk.pathways.variables`).

References
----------
Integrated Assessment Modeling Consortium, common data template; the layout that NGFS, AR6 and pyam write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from greenrisk.core.cell_values import number_in, text_in
from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean, one_line
from greenrisk.core.tables import MOST_FAULTS

KEY: Final = ("model", "scenario", "region", "variable", "unit")
"""Columns of text that every IAMC table has."""

COLUMNS: Final = (*KEY, "year", "value")
"""Columns of the long table inside, besides ``row`` and ``file``."""

ALIASES: Final = {
    "scenario_geography": "region",
    "carbon_tax": "value",
    "scenario_year": "year",
}
"""Other headers of the same columns, as the transition-risk tables of trisk.model write them."""

_REMARKS: Final = ("status", "source")
"""Columns of our own tables that say how far a row is known: read by people."""

_YEAR = re.compile(r"^(1[89]|2[0-3])\d\d(\.0+)?$")
_INDEX = re.compile(r"^(unnamed: ?\d+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Origin:
    """Where a pathway table comes from, and what of it is not used.

    Parameters
    ----------
    name : str
        The file.
    layout : str
        ``wide`` (a column for each year) or ``long`` (columns year and value).
    rows : int
        Rows below the header.
    empty_years : tuple of int
        Year columns without any value.
    empty_values : int
        Empty cells in the other years, or rows without a value.
    ignored : tuple of str
        Columns that are not used.
    notes : int
        Rows that are no data: a text in one cell and nothing else.
    """

    name: str
    layout: str
    rows: int
    empty_years: tuple[int, ...] = ()
    empty_values: int = 0
    ignored: tuple[str, ...] = ()
    notes: int = 0


@dataclass(frozen=True)
class PathwayTable:
    """Pathways as a table holds them, in long form.

    Parameters
    ----------
    data : DataFrame
        Columns model, scenario, region, variable, unit (text, as written), year (int64), value (float64, in ``unit``),
        row (int64, row of the file) and file (text).
    origin : tuple of Origin
        One for each file.
    """

    data: pd.DataFrame
    origin: tuple[Origin, ...]


def read_iamc(
    frame: pd.DataFrame, name: str, ledger: Ledger | None = None, rows: Sequence[int] | None = None
) -> PathwayTable:
    """Read an IAMC table, wide or long.

    Parameters
    ----------
    frame : DataFrame
        Cells as they stand in the file; headers in any case, an unnamed column of row numbers may stand before them.
    name : str
        The file, as messages name it.
    ledger : Ledger, optional
        Told what of the table is not used: years without a value, empty cells, other columns, rows of notes.
    rows : sequence of int, optional
        Row of the file that each row of the frame stands in; from 2 on where left out.

    Raises
    ------
    TableError
        Every fault at once: missing columns, years that do not rise, cells that are no number or no text, a series or
        a year that stands twice.
    """
    numbers = np.asarray(range(2, len(frame) + 2) if rows is None else rows, dtype=np.int64)
    faults = Faults()
    heads = [str(head).strip() for head in frame.columns]
    lowered = [ALIASES.get(head.lower(), head.lower()) for head in heads]
    years = [(place, int(float(head))) for place, head in enumerate(heads) if _YEAR.match(head)]
    long = "year" in lowered and "value" in lowered
    _judge_header(name, heads, lowered, years, long, faults)
    if not len(frame):
        faults.add(name, "no rows", "The table needs at least one row below its header.")
    faults.raise_if_any(TableError)
    keys = frame.iloc[:, [lowered.index(key) for key in KEY]].copy()
    keys.columns = pd.Index(KEY)
    keys = keys.map(lambda cell: text_in(cell)[0])
    measured = [lowered.index("year"), lowered.index("value")] if long else [place for place, _ in years]
    cells = frame.iloc[:, measured]
    notes = _notes(frame)
    if notes.any():
        keys, cells, numbers = keys[~notes], cells[~notes], numbers[~notes]
    keys, cells = keys.reset_index(drop=True), cells.reset_index(drop=True)
    for key in KEY:
        for place in np.flatnonzero(keys[key].isna().to_numpy()):
            faults.add(f"{name}:{numbers[place]}", f"{key} =", f"This cell is empty. Fill in the {key}.")
    heading = ["year", "value"] if long else [str(year) for _, year in years]
    values = _numbers(cells, heading, name, numbers, faults)
    if long:
        data, empty = _long(keys, values, name, numbers, faults)
        empty_years: tuple[int, ...] = ()
    else:
        data, empty, empty_years = _wide(keys, values, [year for _, year in years], name, numbers, faults)
    _by_row(faults).shortened(MOST_FAULTS).raise_if_any(TableError)
    if not len(data):
        faults.add(name, "no values", "Every cell below the years is empty. Fill in the values.")
        faults.raise_if_any(TableError)
    used = {*KEY, *_REMARKS, *(("year", "value") if long else ())}
    ignored = tuple(
        head
        for head, low in zip(heads, lowered, strict=True)
        if low not in used and not _INDEX.match(head) and (long or not _YEAR.match(head))
    )
    layout = "long" if long else "wide"
    origin = Origin(name, layout, len(keys), empty_years, empty, ignored, int(notes.sum()))
    data["file"] = name
    if ledger is not None:
        _tell(origin, ledger)
    return PathwayTable(data, (origin,))


def _judge_header(
    name: str,
    heads: Sequence[str],
    lowered: Sequence[str],
    years: Sequence[tuple[int, int]],
    long: bool,
    faults: Faults,
) -> None:
    where = f"{name}:1"
    for key in KEY:
        if key not in lowered:
            others = [head for head, low in zip(heads, lowered, strict=True) if low not in COLUMNS]
            close = did_you_mean(key, [other.lower() for other in others])
            meant = f" Is it the column {close.split('`')[1]}? Then rename it." if close else ""
            faults.add(where, key, f"This column is missing.{meant} An IAMC table has it.")
    for low in dict.fromkeys(lowered):
        if low in COLUMNS and lowered.count(low) > 1:
            faults.add(where, low, "This column stands twice, perhaps under another name. Keep one.")
    if long and years:
        listed = ", ".join(str(year) for _, year in years[:5])
        faults.add(
            where, f"year, value and {listed}", "Either a column for each year or year and value, not both."
        )
    elif not long and not years:
        faults.add(
            where,
            "no years",
            "Needs a column for each year (2020, 2025, ...), or the columns year and value.",
        )
    for (_, before), (_, year) in pairwise(years):
        if year <= before:
            faults.add(where, f"{before}, {year}", "The years must rise from left to right.", "year")


def _notes(frame: pd.DataFrame) -> Any:
    """Return which rows hold one text and nothing else: NGFS and AR6 put their terms of use below the data."""
    filled = (frame.notna() & (frame.map(lambda cell: str(cell).strip()) != "")).to_numpy()
    alone = (filled.sum(axis=1) == 1) & (frame.shape[1] > 2)
    for row in np.flatnonzero(alone):
        value, mend = number_in(frame.iat[int(row), int(np.argmax(filled[row]))])
        alone[row] = bool(mend) and np.isnan(value)
    return alone


def _numbers(
    cells: pd.DataFrame, heads: Sequence[str], name: str, numbers: Any, faults: Faults
) -> np.ndarray[Any, np.dtype[np.float64]]:
    out = np.full(cells.shape, np.nan)
    for place, head in enumerate(heads):
        column = cells.iloc[:, place]
        if pd.api.types.is_bool_dtype(column):
            column = column.astype(object)
        read = pd.to_numeric(column, errors="coerce")
        values = np.array(read, dtype=float)
        given = column.notna().to_numpy() & (
            column.map(lambda cell: isinstance(cell, bool)).to_numpy() | ~np.isfinite(values)
        )
        for row in np.flatnonzero(given):
            cell = column.iloc[row]
            value, mend = number_in(cell)
            values[row] = value
            if mend:
                faults.add(f"{name}:{numbers[row]}", f"{head} = {one_line(cell)}", mend)
        out[:, place] = values
    return out


def _wide(
    keys: pd.DataFrame, values: Any, years: Sequence[int], name: str, numbers: Any, faults: Faults
) -> tuple[pd.DataFrame, int, tuple[int, ...]]:
    _twice(keys, list(KEY), name, numbers, "This series", faults)
    there = np.isfinite(values)
    empty_years = tuple(
        year for year, any_value in zip(years, there.any(axis=0), strict=True) if not any_value
    )
    series, place = np.nonzero(there)
    data = keys.iloc[series].reset_index(drop=True)
    data["year"] = np.asarray(years, dtype=np.int64)[place]
    data["value"] = values[series, place]
    data["row"] = numbers[series]
    full_years = len(years) - len(empty_years)
    return data, int(full_years * len(keys) - there.sum()), empty_years


def _long(
    keys: pd.DataFrame, values: Any, name: str, numbers: Any, faults: Faults
) -> tuple[pd.DataFrame, int]:
    year, value = values[:, 0], values[:, 1]
    for row in np.flatnonzero(np.isnan(year)):
        if not any(
            fault.where == f"{name}:{numbers[row]}" and fault.what.startswith("year") for fault in faults
        ):
            faults.add(f"{name}:{numbers[row]}", "year =", "This cell is empty. Fill in the year.", "year")
    sound = np.isfinite(year) & (year == np.round(year)) & (year >= 1800) & (year < 2400)
    for row in np.flatnonzero(np.isfinite(year) & ~sound):
        what = f"year = {year[row]:g}"
        faults.add(f"{name}:{numbers[row]}", what, "Must be a year such as 2030.", "year")
    data = keys.assign(year=np.where(sound, year, 0).astype(np.int64), value=value, row=numbers)[sound]
    number = numbers[sound]
    _twice(data, [*KEY, "year"], name, number, "This year of the series", faults)
    code = data.groupby(list(KEY), sort=False, dropna=False).ngroup().to_numpy()
    order = np.argsort(code, kind="stable")
    each = data["year"].to_numpy()
    falls = (np.diff(code[order]) == 0) & (np.diff(each[order]) < 0)
    for at in np.flatnonzero(falls):
        row, before = order[at + 1], order[at]
        what = f"year = {each[row]} after {each[before]} in row {number[before]}"
        mend = "The years of a series must rise. Sort the rows by year."
        faults.add(f"{name}:{number[row]}", what, mend, "year")
    there = np.isfinite(data["value"].to_numpy())
    return data[there].reset_index(drop=True), int((~there).sum())


def _twice(
    data: pd.DataFrame, columns: list[str], name: str, numbers: Any, what: str, faults: Faults
) -> None:
    later = np.flatnonzero(data.duplicated(columns, keep="first").to_numpy())
    if not later.size:
        return
    first = (
        data.assign(_at=range(len(data))).groupby(columns, sort=False, dropna=False)["_at"].transform("first")
    )
    for row in later:
        told = ", ".join(str(data[column].iloc[row]) for column in columns)
        mend = f"{what} stands already in row {numbers[first.iloc[row]]}. Keep one."
        faults.add(f"{name}:{numbers[row]}", told, mend)


def _by_row(faults: Faults) -> Faults:
    """Return the faults in the order of their rows."""
    ordered = Faults()
    ordered.extend(sorted(faults, key=lambda fault: int(fault.where.rpartition(":")[2])))
    return ordered


def _tell(origin: Origin, ledger: Ledger) -> None:
    name = origin.name.replace("\\", "/").rsplit("/", 1)[-1]
    if origin.empty_years:
        listed = ", ".join(map(str, origin.empty_years))
        ledger.add("read", name, f"Years without any value were left out: {listed}.", len(origin.empty_years))
    if origin.empty_values:
        ledger.add("read", name, "Empty cells: no value of that year.", origin.empty_values)
    if origin.ignored:
        ledger.add("read", name, f"Columns not used: {', '.join(origin.ignored)}.", len(origin.ignored))
    if origin.notes:
        ledger.add("dropped", name, "Rows that hold one text and no data.", origin.notes)
