# SPDX-License-Identifier: Apache-2.0
"""Sections of the zone page on the official grades: matrices, map, every plant's grade, what is on site."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.grade_matrix import grade_matrix_chart
from greenrisk.report.charts.zone_map import zone_map_chart
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_words import GRADE_NAMES, READING_NAMES, READING_SHORT, grade_word, group
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import MISSING, as_given, listed

MOST_ROWS: Final = 100
"""Plants of a table on the page; a run's tables have all."""

HOLDINGS: Final = 20
"""Substances on site that the page shows: those that count most."""


def grades_section(tree: xr.DataTree) -> Section | None:
    """Return the grades: both matrices, every plant's written grade, GB 18218 beside it, what hangs on a reading."""
    grading = group(tree, "grading")
    if grading is None:
        return None
    parts = [Part("", chart=grade_matrix_chart(grading, str(m))) for m in grading["medium"].values]
    parts.append(
        Part(
            "Every plant's grade as the standard writes it, with GB 18218-2018 beside it",
            grades_table(grading),
            _more(grading.sizes["plant"], "grading")
            + "The status is the weakest of the inputs that fixed the grade. GB 18218 is another standard with other "
            "thresholds: its level is not a grade, and where a substance of the plant is missing from its list the "
            "level is not determined.",
        )
    )
    moved = readings_table(grading)
    if moved is not None:
        parts.append(Part("Grades that hang on how the standard is read", moved))
    holdings = group(tree, "holdings")
    if holdings is not None:
        parts.append(Part("What is on site and counts most", _holdings(holdings), _more_holdings(holdings)))
    return Section("grades", "Official grades", _sentence(grading), tuple(parts))


def map_section(tree: xr.DataTree) -> Section | None:
    """Return the map of the zone with its receptors."""
    plants, receptors, outlets = (group(tree, name) for name in ("plants", "receptors", "outlets"))
    if plants is None or receptors is None or outlets is None:
        return None
    chart = zone_map_chart(plants, receptors, outlets)
    sentence = "Where the plants stand, who lives around them and which waters lie below their outlets."
    return Section("map", "The zone", sentence, (Part("", chart=chart),))


def _sentence(grading: xr.Dataset) -> str:
    graded = grading["grade"].values >= 0
    count = int(graded.sum())
    status = grading["status"].values.astype(str)[graded]
    weak = int(np.isin(status, ("unconfirmed", "illustrative")).sum())
    refused = int((~graded).sum())
    told = (
        f"Graded by HJ 941-2018: {count} plants; the grade of {weak} of them rests on at least one number that is not "
        "confirmed."
    )
    if refused:
        told += (
            f" {refused} more are not graded because another method applies to them; they stay in the zone and are "
            "priced."
        )
    return told


def _more(plants: int, name: str) -> str:
    return f"The first {MOST_ROWS} of {plants} plants; tables/{name} has all. " if plants > MOST_ROWS else ""


def grades_table(grading: xr.Dataset) -> Table:
    """Return every plant's written grade with its status, and GB 18218 beside it, the severest first."""
    code = grading["grade"].values
    order = np.lexsort((grading["plant"].values.astype(str), -code))[:MOST_ROWS]
    rows: list[list[Cell]] = []
    for i in order:
        one = {
            str(name): grading[name].values[i]
            for name in grading.variables
            if grading[name].dims == ("plant",)
        }
        hangs = [
            READING_SHORT[name]
            for name in READING_NAMES
            if f"moved_by_{name}" in one and bool(one[f"moved_by_{name}"])
        ]
        rows.append(
            [
                Cell(str(one["plant"]), note=str(one["name"])),
                words(GRADE_NAMES[grade_word(int(one["grade"]))], status=str(one["status"])),
                Cell(str(one["written"]), note=str(one["written_en"])),
                words(listed([*(["raised by a penalty"] if one["raised"] else []), *hangs]) or "\u2013"),
                _hazard(one),
            ]
        )
    return table(
        "Grades by plant",
        [
            Column("Plant", number=False),
            Column("Grade", number=False),
            Column("Written by HJ 941-2018", number=False),
            Column("What the grade hangs on", number=False),
            Column("GB 18218-2018: major hazard", number=False),
        ],
        rows,
        heard=True,
    )


def _hazard(one: dict[str, np.generic]) -> Cell:
    """Return the level of GB 18218; one that is not determined has no status, and a bound of nothing says nothing."""
    told = str(one["hazard_text"])
    if int(one["hazard_level"]) >= 0:
        return Cell(told, status=str(one["hazard_status"]))
    return Cell(told.removesuffix("; R at least 0"))


def readings_table(grading: xr.Dataset) -> Table | None:
    """Return the plants whose grade hangs on a reading, with the grade in each; None where there is none."""
    rows: list[list[Cell]] = []
    by_reading = grading["grade_by_reading"]
    shown = {q: grading.attrs[q] for q in READING_NAMES if q in grading.attrs}
    for question, told in READING_NAMES.items():
        if f"moved_by_{question}" not in grading or question not in by_reading.dims:
            continue
        for i in np.flatnonzero(grading[f"moved_by_{question}"].values):
            others = {q: v for q, v in shown.items() if q != question}
            grade = by_reading.isel(plant=int(i)).sel(others)
            ends = [
                f"{GRADE_NAMES[grade_word(int(grade.sel({question: v})))]} ({_reading(question, v)})"
                for v in by_reading[question].values
            ]
            rows.append(
                [
                    Cell(str(grading["plant"].values[i]), note=str(grading["name"].values[i])),
                    words(told[:1].upper() + told[1:]),
                    words("; ".join(ends)),
                    words(GRADE_NAMES[grade_word(int(grading["grade"].values[i]))]),
                ]
            )
    if not rows:
        return None
    return table(
        "Grades that hang on a reading",
        [
            Column("Plant", number=False),
            Column("The question", number=False),
            Column("Grade by reading", number=False),
            Column("Printed here", number=False),
        ],
        rows,
        heard=True,
    )


def _reading(question: str, value: object) -> str:
    if question == "cut":
        return f"{value} points"
    told = {
        "low": "counts only where it must",
        "high": "counts wherever it may",
        "sensitive": "to the more sensitive level",
        "less_sensitive": "to the less sensitive level",
    }
    return told.get(str(value), str(value))


def _holdings(holdings: xr.Dataset) -> Table:
    order = np.argsort(-np.nan_to_num(holdings["ratio"].values), kind="stable")[:HOLDINGS]
    rows: list[list[Cell]] = []
    for one in (holdings.isel(holding=int(i)) for i in order):
        text = {name: str(one[name].values).replace("_", " ") for name in ("substance", "state", "rule")}
        lists = (bool(one[name]) for name in ("air_low", "air_high", "water_low", "water_high"))
        rows.append(
            [
                words(one["plant_id"].values),
                Cell(text["substance"], note=f"CAS {one['cas'].values}, {text['state']}"),
                _tonnes(float(one["on_site_t"])),
                replace(
                    _tonnes(float(one["counted_t"])), note="" if text["rule"] == "share" else text["rule"]
                ),
                replace(
                    _tonnes(float(one["critical_quantity_t"])), status=str(one["quantity_status"].values)
                ),
                figure(float(one["ratio"])),
                words(_lists(*lists)),
                _tonnes(float(one["gb18218_threshold_t"])),
            ]
        )
    return table(
        "Substances on site that count most",
        [
            Column("Plant", number=False),
            Column("Substance", number=False),
            Column("On site", "t"),
            Column("Counts", "t"),
            Column("Critical quantity", "t"),
            Column("Quantity over critical quantity", "times"),
            Column("In the lists of", number=False),
            Column("GB 18218 threshold", "t"),
        ],
        rows,
        heard=True,
    )


def _tonnes(value: float) -> Cell:
    """Return a quantity that somebody wrote down, without digits that nobody wrote."""
    return Cell(
        as_given(repr(value)) if np.isfinite(value) else MISSING, value if np.isfinite(value) else None
    )


def _lists(air_low: bool, air_high: bool, water_low: bool, water_high: bool) -> str:
    """Say in which lists a substance stands, and where only one reading of its part puts it there."""
    told = []
    for name, low, high in (("air", air_low, air_high), ("water", water_low, water_high)):
        if low or high:
            told.append(name if low == high else f"{name} (in one reading)")
    return listed(told) or "none"


def _more_holdings(holdings: xr.Dataset) -> str:
    count = holdings.sizes["holding"]
    return "A mixture counts by its share unless a rule stands below the figure." + (
        f" {HOLDINGS} of {count} holdings; tables/holdings has all." if count > HOLDINGS else ""
    )
