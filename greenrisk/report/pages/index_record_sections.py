# SPDX-License-Identifier: Apache-2.0
"""Section of an index cover on its record: what was read, and what the guards say."""

from __future__ import annotations

from typing import Final

import xarray as xr

from greenrisk.report.pages.index_words import numbers, plain, texts, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, count, table, words
from greenrisk.report.wording import (
    unit_words,
)

GUARD_NAMES: Final = {
    "gaps": "Gaps",
    "marks": "Numbers that stand for a missing value",
    "far values": "Values far from all others",
    "runs of one value": "Runs of one value",
    "unit": "Change of unit",
    "datum": "Change of datum",
}
"""Guard -> its words."""

FOUND: Final = {
    "clear": "nothing",
    "told": "told here",
    "accepted": "let pass by the user",
    "refused": "refused",
    "not tested": "not tested",
}
"""Verdict of a guard -> its words."""


def record_section(tree: xr.DataTree) -> Section | None:
    """Return the series that were read, with what is missing in them, and what the guards found."""
    series, guards = group(tree, "series"), group(tree, "guards")
    if series is None:
        return None
    parts = [Part("What was read", series_table(series))]
    if guards is not None and guards.sizes.get("guard", 0):
        parts.append(
            Part(
                "Guards: gaps, runs of one value, changes of unit or datum",
                guards_table(guards),
                "A change of datum moves the level and leaves the spread; so does a step of the river itself. The two "
                "cannot be told apart by the numbers: whoever keeps the gauge knows.",
            )
        )
    return Section("record", "The record and its guards", _record_sentence(series), tuple(parts))


def _record_sentence(series: xr.Dataset) -> str:
    missing = numbers(series, "missing")
    gaps = [
        f"{name}: {int(n):,} of {int(n + have):,} values missing, the longest gap {int(longest):,}"
        for name, n, have, longest in zip(
            series["series"].values.astype(str),
            missing,
            numbers(series, "count"),
            numbers(series, "longest_gap"),
            strict=True,
        )
        if n > 0
    ]
    whole = "No value is missing between the first and the last."
    return (
        f"The cover rests on {_how_many(series.sizes['series'])}. {'; '.join(gaps) + '.' if gaps else whole}"
    )


def _how_many(series: int) -> str:
    return "one series" if series == 1 else f"{series} series"


def series_table(series: xr.Dataset) -> Table:
    """Return the series as a table.

    Parameters
    ----------
    series : xarray.Dataset
        The group ``/series``.
    """
    columns = {
        name: texts(series, name) for name in ("name", "file", "unit", "step", "first", "last", "note")
    }
    names = columns["name"] if any(columns["name"]) else series["series"].values.astype(str).tolist()
    rows: list[list[Cell]] = [
        [
            Cell(str(names[i]), note=columns["note"][i]),
            words(columns["file"][i]),
            words(f"one a {columns['step'][i]}"),
            words(unit_words(columns["unit"][i])),
            words(f"{columns['first'][i]} to {columns['last'][i]}"),
            count(float(numbers(series, "count")[i])),
            count(float(numbers(series, "missing")[i])),
        ]
        for i in range(series.sizes["series"])
    ]
    return table(
        "Series",
        [
            Column("Series", number=False),
            Column("Read from", number=False),
            Column("Values", number=False),
            Column("Unit", number=False),
            Column("From and to", number=False),
            Column("Known"),
            Column("Missing"),
        ],
        rows,
        heard=True,
    )


def guards_table(guards: xr.Dataset) -> Table:
    """Return the findings of the guards as a table.

    Parameters
    ----------
    guards : xarray.Dataset
        The group ``/guards``.
    """
    rows: list[list[Cell]] = [
        [
            words(told(GUARD_NAMES, check)),
            words(series),
            words(FOUND.get(verdict, verdict)),
            words(plain(detail)),
        ]
        for series, check, verdict, detail in zip(
            *(texts(guards, name) for name in ("series", "check", "verdict", "detail")), strict=True
        )
    ]
    columns = [Column(name, number=False) for name in ("Guard", "Series", "Found", "Detail")]
    return table("Guards", columns, rows, heard=True)
