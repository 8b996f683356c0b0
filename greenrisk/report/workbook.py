# SPDX-License-Identifier: Apache-2.0
"""The Excel workbook of a run: a README sheet and one sheet a table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from greenrisk.engine.result import RunResult
from greenrisk.report.flatten import FlatTable
from greenrisk.report.premium_sheet import TITLE as PREMIUM_TITLE
from greenrisk.report.premium_sheet import write_premium_sheet
from greenrisk.report.sheet_cells import HEAD, HEAD_FONT, LINE, UNIT_FONT, number_cell, text_cell

MOST_CELLS = 120_000
"""Larger tables are left to CSV: a workbook is for reading."""

SYNTHETIC_MARKS = (
    (
        "synthetic_book",
        "Synthetic book",
        "The book behind these figures is synthetic; it describes no real stand.",
    ),
    (
        "synthetic_zone",
        "Synthetic zone",
        "The zone behind these figures is synthetic; it describes no real plant.",
    ),
)
"""Mark in the attributes of a result, and what the README sheet says where it is set."""


def write_workbook(path: Path, tables: list[FlatTable], too_long: list[str], result: RunResult) -> None:
    """Write the workbook.

    Parameters
    ----------
    path : Path
        File to make.
    tables : list of FlatTable
        One sheet each.
    too_long : list of str
        Names of the tables of more than :data:`MOST_CELLS` cells, which stand in CSV files only.
    result : RunResult
        For the README sheet.
    """
    book = Workbook(write_only=True)
    titles = _titles([table.name for table in tables])
    _readme(book, tables, titles, too_long, result)
    groups = result.tree.children
    if _has_formulas(result):
        tornado = groups["tornado"].to_dataset() if "tornado" in groups else None
        write_premium_sheet(book, groups["premium"].to_dataset(), tornado)
        # the file holds formulas without their values: a spreadsheet has to compute them
        book.calculation.fullCalcOnLoad = True
    for table, title in zip(tables, titles, strict=True):
        _sheet(book, table, title)
    book.save(path)


def _has_formulas(result: RunResult) -> bool:
    """Return whether the premium is a build-up by row and segment on an area: all others are plain tables."""
    groups = result.tree.children
    if "premium" not in groups:
        return False
    premium = groups["premium"].to_dataset()
    return {"row", "segment"} <= set(premium.dims) and "insured_area" in premium


def _titles(names: list[str]) -> list[str]:
    """Sheet titles: at most 31 characters, unique."""
    titles: list[str] = []
    for name in names:
        title = re.sub(r"[\[\]:*?/\\]", " ", name)[:31]
        number = 2
        while title.lower() in {"readme", PREMIUM_TITLE.lower(), *(other.lower() for other in titles)}:
            title = f"{title[:28]}~{number}"
            number += 1
        titles.append(title)
    return titles


def _readme(
    book: Workbook, tables: list[FlatTable], titles: list[str], left_out: list[str], result: RunResult
) -> None:
    sheet = book.create_sheet("README")
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 100
    attrs = result.tree.attrs
    rows: list[tuple[str, str]] = [
        ("Run", str(attrs.get("name", ""))),
        ("Title", str(attrs.get("title", ""))),
        ("Kind of study", str(attrs.get("kind", ""))),
        ("greenrisk", str(result.manifest.get("greenrisk", ""))),
        ("Command", str(result.manifest.get("command", ""))),
    ]
    for key, label in (
        ("underwriting_year", "Underwriting year"),
        ("price_year", "Prices of"),
        ("years", "Simulated years"),
        ("seed", "Seed"),
        ("currency", "Currency"),
    ):
        if key in attrs:
            rows.append((label, str(attrs[key])))
    rows += [(label, words) for mark, label, words in SYNTHETIC_MARKS if attrs.get(mark)]
    rows += [
        ("standard_error", "The simulation error: falls with the square root of the simulated years."),
        (
            "low, high",
            "The 90 % knowledge interval: parameters, cards, alternatives; does not fall with years.",
        ),
    ]
    for label, words in rows:
        sheet.append([text_cell(sheet, label, font=Font(bold=True)), text_cell(sheet, words)])
    sheet.append([])
    sheet.append(
        [
            text_cell(sheet, "Sheet", font=HEAD_FONT, fill=HEAD),
            text_cell(sheet, "Content", font=HEAD_FONT, fill=HEAD),
        ]
    )
    if _has_formulas(result):
        words = "The premium by live formulas: change a ratio in a coloured cell and the premium recomputes."
        sheet.append([_link(sheet, PREMIUM_TITLE), text_cell(sheet, words)])
    for table, title in zip(tables, titles, strict=True):
        words = f"{len(table.frame):,} rows: {', '.join(table.frame.columns)}"
        sheet.append(
            [
                _link(sheet, title),
                text_cell(sheet, words, alignment=Alignment(wrap_text=True, vertical="top")),
            ]
        )
    for name in left_out:
        sheet.append(
            [text_cell(sheet, name), text_cell(sheet, f"too long for a sheet: see tables/{name}.csv")]
        )


def _link(sheet: Any, title: str) -> Any:
    """Return a cell that leads to another sheet."""
    link = text_cell(sheet, title, font=Font(color="1F4E9E", underline="single"))
    link.hyperlink = f"#'{title}'!A1"
    return link


def _format(value: float) -> str:
    """Number format by size: money in whole yuan, rates with four decimals."""
    size = abs(value)
    if size >= 1000:
        return "#,##0"
    if size >= 10:
        return "#,##0.00"
    return "0" if size == 0 else "0.0000" if size >= 0.01 else "0.000E+00"


def _formats(values: NDArray[Any], unit: str) -> list[str]:
    """Return one format for each cell; the same for a whole column whose numbers are of one kind."""
    if values.dtype.kind not in "iuf":
        return [""] * values.size
    finite = np.abs(values[np.isfinite(values)])
    positive = finite[finite > 0]
    if positive.size == 0 or (np.all(finite == np.floor(finite)) and positive.max() < 10_000):
        return ["0"] * values.size
    if unit.startswith("CNY") or positive.max() <= 1000 * positive.min():
        return [_format(float(positive.max()))] * values.size
    return [_format(float(value)) for value in values]


def _sheet(book: Workbook, table: FlatTable, title: str) -> None:
    sheet = book.create_sheet(title)
    units = [table.units.get(str(column), "") for column in table.frame.columns]
    columns = [table.frame[column].to_numpy() for column in table.frame.columns]
    sheet.freeze_panes = f"{get_column_letter(min(max(table.keys, 1), 3) + 1)}3"
    for index, (name, values) in enumerate(zip(table.frame.columns, columns, strict=True), start=1):
        texts = [len(str(value)) for value in values[:200]] if values.dtype.kind not in "iuf" else [12]
        width = max(len(str(name)) + 2, min(max(texts, default=8) + 2, 60))
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([text_cell(sheet, str(name), font=HEAD_FONT, fill=HEAD) for name in table.frame.columns])
    sheet.append(
        [text_cell(sheet, f"[{unit}]" if unit else "", font=UNIT_FONT, border=LINE) for unit in units]
    )
    formats = [_formats(values, unit) for values, unit in zip(columns, units, strict=True)]
    for row, forms in zip(zip(*columns, strict=True), zip(*formats, strict=True), strict=True):
        cells: list[Any] = []
        for value, form in zip(row, forms, strict=True):
            if not form:
                cells.append(text_cell(sheet, str(value)))
            elif np.isfinite(value):
                cells.append(number_cell(sheet, value.item(), form))
            else:
                cells.append(None)
        sheet.append(cells)
    last = get_column_letter(max(len(columns), 1))
    sheet.auto_filter.ref = f"A2:{last}{len(table.frame) + 2}"
