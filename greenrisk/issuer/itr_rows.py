# SPDX-License-Identifier: Apache-2.0
"""Rows of the ITR workbook's sheet of emissions and production: filled forward, in tonnes, one figure a year chosen.

What lives here: which of several rows of a company is its figure. What does not: the workbook and its sheet of
statements (:mod:`greenrisk.issuer.itr`), and whether a figure is plausible (:mod:`greenrisk.issuer.screening`).

Notes
-----
For a year, the newest report that tells it is taken; in it the total, or where there is none the sum of the parts.
A sum is taken only where the largest part is told for the year.
Own, location-based figures go before others; purchased, biogenic and `ignore` rows are left out, and so are the rows
that the workbook marks with `x` in `base_year`.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FACTORS: Final = {
    "t": 1.0,
    "kt": 1e3,
    "thousand t": 1e3,
    "thousands t": 1e3,
    "mt": 1e6,
    "million t": 1e6,
    "millions t": 1e6,
    "kg": 1e-3,
    "g": 1e-6,
    "gt": 1e9,
}
"""Tonnes for one unit, by the unit in small letters."""

_LEFT_OUT: Final = (
    "ignore",
    "biogenic",
    "of which",
    "legacy",
    "customer-driven",
    "sale of energy",
    "subsidiaries",
)
_NOT_OWN: Final = ("purchased", "upstream")
_TOTALS: Final = (
    "",
    "total",
    "own",
    "combined",
    "all",
    "location",
    "location-based",
    "location-based*",
    "market",
)
_MARKET: Final = ("market", "market-based")
BOUNDARIES: Final = ("", "total", "own", "global", "enlarged group", "equity", "operated", "parent")


@dataclass(frozen=True)
class EsgRow:
    """One row of the sheet, its blanks filled from above.

    Parameters
    ----------
    issuer : str
        Identifier of the company.
    row : int
        Row of the sheet.
    metric, submetric, boundary : str
        In small letters, without outer blanks.
    unit : str
        As written.
    date : datetime.date
        Of the report.
    values : dict of int to float
        By year, in the unit of the row; years without a number are left out.
    """

    issuer: str
    row: int
    metric: str
    submetric: str
    boundary: str
    unit: str
    date: datetime.date
    values: dict[int, float] = field(hash=False)


@dataclass(frozen=True)
class Chosen:
    """One figure.

    Parameters
    ----------
    value : float
        [t CO2e].
    rows : tuple of int
        Rows of the sheet that it comes from.
    """

    value: float
    rows: tuple[int, ...]


@dataclass
class Sheet:
    """The rows that are used, and what was left out on the way.

    Parameters
    ----------
    rows : list of EsgRow
        In the order of the sheet.
    marked : int
        Rows marked with `x`, left out.
    filled : int
        Rows whose company stands in a row above.
    texts : int
        Cells of years that hold a text, left out.
    """

    rows: list[EsgRow]
    marked: int = 0
    filled: int = 0
    texts: int = 0


def read_rows(header: Sequence[Any], lines: Iterable[tuple[int, Sequence[Any]]]) -> Sheet:
    """Return the rows of the sheet.

    Parameters
    ----------
    header : sequence
        Names of the columns.
    lines : iterable of (int, sequence)
        Row of the sheet and its cells.
    """
    at = {str(name).strip(): place for place, name in enumerate(header) if name is not None}
    years = {int(name): place for name, place in at.items() if re.fullmatch(r"20\d\d", name)}
    sheet = Sheet([])
    issuer, date = "", datetime.date.min
    for number, cells in lines:
        written = _text(cells[at["company_id"]])
        if written:
            date = date if written == issuer else datetime.date.min
            issuer = written
        metric = _text(cells[at["metric"]]).lower()
        when = cells[at["report_date"]]
        if isinstance(when, datetime.datetime | datetime.date):
            date = when.date() if isinstance(when, datetime.datetime) else when
        if not metric or not issuer:
            continue
        if _text(cells[at["base_year"]]).lower() == "x":
            sheet.marked += 1
            continue
        sheet.filled += not written
        values = {}
        for year, place in years.items():
            cell = cells[place]
            if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
                values[year] = float(cell)
            elif isinstance(cell, str) and cell.strip() and not cell.lower().startswith("http"):
                sheet.texts += metric in ("s1", "s2", "s3", "s1s2", "production", "generation")
        submetric, boundary = (_text(cells[at[name]]).lower() for name in ("submetric", "boundary"))
        sheet.rows.append(
            EsgRow(issuer, number, metric, submetric, boundary, _text(cells[at["unit"]]), date, values)
        )
    return sheet


def tonnes(unit: str) -> float:
    """Return tonnes for one unit of mass of greenhouse gas; NaN where the unit is another.

    Examples
    --------
    >>> tonnes("Millions t CO2e"), tonnes("kt CO2e"), tonnes("MWh")
    (1000000.0, 1000.0, nan)
    """
    found = re.fullmatch(r"(?i)\s*([a-z ]+?)\s*co2e?\s*", unit)
    return FACTORS.get(found.group(1).lower(), math.nan) if found else math.nan


def chosen(rows: Sequence[EsgRow]) -> dict[int, Chosen]:
    """Return one figure a year from the rows of one company and one metric [t CO2e].

    Parameters
    ----------
    rows : sequence of EsgRow
        Rows of the metric, their units of mass.
    """
    out: dict[int, Chosen] = {}
    used = [row for row in rows if _kind(row) and not math.isnan(tonnes(row.unit))]
    for year in sorted({year for row in used for year in row.values}):
        for date in sorted({row.date for row in used}, reverse=True):
            told = [row for row in used if row.date == date and year in row.values]
            totals = sorted((row for row in told if _kind(row) == "total"), key=_rank)
            pieces = totals[:1] or _parts([row for row in used if row.date == date], year)
            if pieces:
                value = math.fsum(row.values[year] * tonnes(row.unit) for row in pieces)
                out[year] = Chosen(value, tuple(row.row for row in pieces))
                break
    return out


def _parts(rows: Sequence[EsgRow], year: int) -> list[EsgRow]:
    """Return the parts of one report that tell a year; none where its largest part is silent: the rest is little."""
    parts = {
        (row.submetric, row.boundary): row for row in reversed(rows) if _kind(row) == "part" and row.values
    }
    if not parts:
        return []
    largest = max(parts.values(), key=lambda row: max(row.values.values()) * tonnes(row.unit))
    told = [row for row in parts.values() if year in row.values]
    return sorted(told, key=lambda row: row.row) if year in largest.values else []


def _kind(row: EsgRow) -> str:
    """Return `total`, `part`, or nothing for a row that is left out."""
    words = f"{row.submetric} {row.boundary}"
    left_out = _LEFT_OUT if row.metric == "s3" else _LEFT_OUT + _NOT_OWN
    if any(word in words for word in left_out) or row.submetric == "net":
        return ""
    if row.submetric in (*_TOTALS, *_MARKET) and row.boundary in BOUNDARIES:
        return "total"
    return "part"


def _rank(row: EsgRow) -> tuple[bool, int, int]:
    return row.submetric in _MARKET, BOUNDARIES.index(row.boundary), row.row


@dataclass(frozen=True)
class Copy:
    """Rows of two companies that hold the same figures.

    Parameters
    ----------
    rows : tuple of (str, int)
        Companies and rows.
    years : tuple of int
        Years that they share.
    """

    rows: tuple[tuple[str, int], ...]
    years: tuple[int, ...]


def copies(rows: Sequence[EsgRow], least: int = 3) -> list[Copy]:
    """Return rows of different companies with the same figures in at least so many years.

    Parameters
    ----------
    rows : sequence of EsgRow
        Rows of one metric.
    least : int
        Years that must agree to the last digit: one or two may by chance.
    """
    by_figure: dict[tuple[int, float], list[EsgRow]] = {}
    for row in rows:
        for year, value in row.values.items():
            if value * (factor := tonnes(row.unit)) > 0:
                by_figure.setdefault((year, value * factor), []).append(row)
    shared: dict[tuple[EsgRow, EsgRow], set[int]] = {}
    for (year, _), alike in by_figure.items():
        for first in alike:
            for second in alike:
                if first.row < second.row and first.issuer[:12] != second.issuer[:12]:
                    shared.setdefault((first, second), set()).add(year)
    return [
        Copy(((first.issuer, first.row), (second.issuer, second.row)), tuple(sorted(years)))
        for (first, second), years in shared.items()
        if len({first.values[year] for year in years}) >= least
    ]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
