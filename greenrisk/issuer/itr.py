# SPDX-License-Identifier: Apache-2.0
"""The sample workbook of the ITR tool: 129 real companies as tables of issuers.

What lives here: its two sheets, units, currencies, identifiers. What does not: which row of emissions is taken
(:mod:`greenrisk.issuer.itr_rows`), and what is done with the tables (:mod:`greenrisk.issuer.intake`). Nothing is
invented for these companies: they have no costs, no EBIT, no equity here, and whoever needs them says so.

References
----------
OS-Climate, ITR tool, sample data of 2023-01-06 (Apache-2.0), https://github.com/os-climate/ITR.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Entry
from greenrisk.core.marked_yaml import did_you_mean, shown
from greenrisk.core.tables import ROWS
from greenrisk.issuer.currencies import Rates, rates_of, spelling_of
from greenrisk.issuer.findings import Finding
from greenrisk.issuer.intake import Intake, Ways, intake
from greenrisk.issuer.itr_emissions import copied_rows, emission_table
from greenrisk.issuer.itr_outputs import outputs
from greenrisk.issuer.itr_rows import Sheet, read_rows
from greenrisk.issuer.magnitudes import Bounds, bounds_of

STATEMENTS_SHEET: Final = "ITR V2 input data"
"""Sheet of who the companies are, and of their market value, revenue, assets, debt and cash."""
ESG_SHEET: Final = "ITR V2 esg data"
"""Sheet of emissions and production."""

MONEY: Final = {
    "market_cap": "market_value_million",
    "revenue": "revenue_million",
    "ev": "enterprise_value_million",
    "evic": "enterprise_value_and_cash_million",
    "assets": "assets_million",
    "debt": "debt_long_million",
    "cash": "cash_million",
}
"""Columns of money and the lines that they are; debt is told as one sum."""

_NEEDED: Final = {
    STATEMENTS_SHEET: ("company_name", "company_id", "country", "sector", "currency", "report_date", *MONEY),
    ESG_SHEET: ("company_id", "metric", "submetric", "boundary", "unit", "report_date", "base_year"),
}
_NO_LEI: Final = ("", "0", "not available", "nan")
_PLACEHOLDER: Final = 1.0
_SheetCells = tuple[Sequence[Any], list[tuple[int, Sequence[Any]]]]
_Sheets = dict[str, _SheetCells]


@dataclass(frozen=True, eq=False)
class ItrWorkbook:
    """The workbook as tables of issuers.

    Parameters
    ----------
    frames : dict of str to DataFrame
        Tables by the name of their TableSpec: `issuers`, `issuer-statements`, `issuer-emissions`.
    names : dict of str to str
        ``file:sheet`` of each.
    production : DataFrame
        Columns issuer, technology, year, quantity, unit.
    beside : dict of str to float
        Scope 1 and 2 together, to tell slips of unit by [t CO2e].
    findings : tuple of Finding
        What was quarantined or made one with the rest.
    entries : tuple of Entry
        Lines for the ledger.
    """

    frames: dict[str, pd.DataFrame]
    names: dict[str, str]
    production: pd.DataFrame
    beside: dict[str, float]
    findings: tuple[Finding, ...]
    entries: tuple[Entry, ...]


def itr_intake(path: str | Path, ways: Ways | None = None) -> Intake:
    """Return the companies of the workbook as issuers.

    Raises
    ------
    TableError
        No such workbook, a sheet or column that is missing, or faults between its rows.
    """
    ways = ways or Ways()
    book = read_itr(path, ways.rates, ways.bounds)
    taken = intake(book.frames, book.names, ways, beside=book.beside, found=book.findings)
    return replace(taken, entries=(*book.entries, *taken.entries))


def read_itr(path: str | Path, rates: Rates | None = None, bounds: Bounds | None = None) -> ItrWorkbook:
    """Read the workbook.

    Parameters
    ----------
    path : str or Path
        The XLSX file.
    rates : Rates, optional
        Currencies that are known, and rates that the workbook's own are compared with.
    bounds : Bounds, optional
        Bounds of plausible figures.

    Raises
    ------
    TableError
        With every fault: no workbook, a missing sheet or column, a currency or number that is not understood.
    """
    rates = rates or rates_of()
    file = str(shown(Path(path)))
    sheets = _sheets(Path(path), file)
    names = {
        "issuers": f"{file}:{STATEMENTS_SHEET}",
        "issuer-statements": f"{file}:{STATEMENTS_SHEET}",
        "issuer-emissions": f"{file}:{ESG_SHEET}",
    }
    faults = Faults()
    findings: list[Finding] = []
    who, statements, compared = _statements(
        sheets[STATEMENTS_SHEET], names["issuers"], rates, faults, findings
    )
    faults.raise_if_any(TableError)
    header, lines = sheets[ESG_SHEET]
    sheet = read_rows(header, lines)
    known = set(who["issuer"])
    strangers = sorted({row.issuer for row in sheet.rows} - known)
    rows = [row for row in sheet.rows if row.issuer in known]
    copied = copied_rows(rows, names["issuer-emissions"], findings)
    rows = [row for row in rows if row.row not in copied]
    emissions, beside = emission_table(rows, names["issuer-emissions"], bounds or bounds_of(), findings)
    made, money = outputs(rows)
    production = pd.DataFrame(
        [(one.issuer, one.technology, one.year, one.quantity, one.unit) for one in made],
        columns=["issuer", "technology", "year", "quantity", "unit"],
    )
    entries = _entries(sheet, strangers, money, production, compared, Path(path).name)
    frames = {"issuers": who, "issuer-statements": statements, "issuer-emissions": emissions}
    return ItrWorkbook(frames, names, production, beside, tuple(findings), tuple(entries))


def _sheets(path: Path, file: str) -> _Sheets:
    """Return header and rows of the two sheets."""
    import openpyxl

    faults = Faults()
    out: _Sheets = {}
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        faults.add(file, "no such file", "Give the folder that holds it by `--data-dir` or GREENRISK_DATA.")
    except Exception as problem:  # openpyxl raises what zipfile, xml and its own parts raise
        faults.add(
            file, "not an Excel workbook", f"Give the ITR sample workbook as XLSX ({type(problem).__name__})."
        )
    faults.raise_if_any(TableError)
    try:
        for name, needed in _NEEDED.items():
            if name not in book.sheetnames:
                near = did_you_mean(name, book.sheetnames)
                faults.add(file, f"no sheet `{name}`", f"The workbook needs this sheet.{near}")
                continue
            lines = [(at, row) for at, row in enumerate(book[name].iter_rows(values_only=True), start=1)]
            header = lines[0][1] if lines else ()
            there = [str(cell).strip() for cell in header if cell is not None]
            for column in needed:
                if column not in there:
                    mend = f"This column is missing.{did_you_mean(column, there)}"
                    faults.add(f"{file}:{name}:1", column, mend)
            out[name] = (header, [line for line in lines[1:] if any(cell is not None for cell in line[1])])
    finally:
        book.close()
    faults.raise_if_any(TableError)
    return out


def _statements(
    sheet: _SheetCells,
    name: str,
    rates: Rates,
    faults: Faults,
    findings: list[Finding],
) -> tuple[pd.DataFrame, pd.DataFrame, list[float]]:
    """Return the tables of issuers and statements, and the workbook's rates to the euro over ours."""
    header, lines = sheet
    at = {str(cell).strip(): place for place, cell in enumerate(header) if cell is not None}
    who, statements, rows, stated, compared = [], [], [], [], []
    ids = [str(cells[at["company_id"]]).strip() for _, cells in lines]
    for (row, cells), issuer in zip(lines, ids, strict=True):
        lei = str(cells[at["company_lei"]] or "").strip() if "company_lei" in at else ""
        who.append(
            {
                "issuer": issuer,
                "name": str(cells[at["company_name"]]).strip(),
                "country": str(cells[at["country"]] or "").strip(),
                "sector": str(cells[at["sector"]] or "").strip(),
                "lei": "" if lei.lower() in _NO_LEI else lei,
                "group": _group(issuer, ids),
            }
        )
        rows.append(row)
        text = str(cells[at["currency"]] or "").strip()
        spelling = spelling_of(text, rates.codes)
        if spelling is None:
            mend = f"Not a currency that is known.{did_you_mean(text, rates.codes)} Give its ISO code."
            faults.add(f"{name}:{row}", f"currency = {text}", mend)
        elif not spelling.plain:
            sort = f"Currency `{text}` read as {spelling.code} times {spelling.multiple:g}."
            where = f"{name}:{row}"
            findings.append(Finding(issuer, where, "currency", math.nan, "", "normalised", sort))
        multiple = spelling.multiple if spelling else 1.0
        money = _money(cells, at, multiple, issuer, f"{name}:{row}", faults, findings)
        date = cells[at["report_date"]]
        if (
            spelling is None
            or not isinstance(date, datetime.datetime)
            or all(math.isnan(value) for value in money.values())
        ):
            continue
        year = financial_year(date)
        statements.append({"issuer": issuer, "year": year, "currency": spelling.code, **money})
        stated.append(row)
        quoted = cells[at["fx_rate"]] if "fx_rate" in at else None
        if isinstance(quoted, int | float) and not rates.missing(spelling.code, "EUR", year):
            ours = spelling.multiple * rates.factor(spelling.code, "EUR", year)
            compared.append(float(quoted) / ours)
    issuers, table = pd.DataFrame(who), pd.DataFrame(statements)
    issuers.attrs[ROWS], table.attrs[ROWS] = tuple(rows), tuple(stated)
    return issuers, table, compared


def financial_year(date: datetime.datetime) -> int:
    """Return the financial year that ends at a date: the one that most of its twelve months are in [year]."""
    return date.year if date.month > 6 else date.year - 1


def _group(issuer: str, ids: Sequence[str]) -> str:
    """Return the company whose segment an identifier names: one that begins with the same ISIN."""
    base = issuer[:12]
    if len(issuer) == 12 or not base.isalnum():
        return ""
    return (
        base if base in ids else next((other for other in ids if other[:12] == base and other != issuer), "")
    )


def _money(
    cells: Sequence[Any],
    at: Mapping[str, int],
    multiple: float,
    issuer: str,
    where: str,
    faults: Faults,
    findings: list[Finding],
) -> dict[str, float]:
    """Return the lines of one company in millions; placeholders and impossible signs are taken out and told."""
    out = {}
    for column, line in MONEY.items():
        cell = cells[at[column]]
        if cell is not None and (isinstance(cell, bool) or not isinstance(cell, int | float)):
            faults.add(where, f"{column} = {cell}", "Must be a number.")
            cell = None
        value = math.nan if cell is None else float(cell) * multiple / 1e6
        item = line.removesuffix("_million")
        if (
            cell is not None
            and column in ("market_cap", "ev", "evic")
            and 0 <= cell * multiple <= _PLACEHOLDER
        ):
            sort = "A 0 or 1 stands for a value that is not known."
            findings.append(Finding(issuer, where, item, float(cell), "as written", "quarantined", sort))
            value = math.nan
        elif value < 0 and column != "ev" and column != "evic":
            sort = "Below 0, which this figure cannot be."
            findings.append(Finding(issuer, where, item, value, "million", "quarantined", sort))
            value = math.nan
        out[line] = value
    return out


def _entries(
    sheet: Sheet,
    strangers: Sequence[str],
    money: int,
    production: pd.DataFrame,
    compared: Sequence[float],
    file: str,
) -> list[Entry]:
    lines = [
        Entry(
            "read",
            file,
            "Rows of emissions and production whose company stands in a row above.",
            sheet.filled,
        ),
        Entry("dropped", file, "Rows that the workbook marks with `x` in base_year.", sheet.marked),
    ]
    if sheet.texts:
        lines.append(
            Entry("dropped", file, "Cells of years that hold a text instead of a number.", sheet.texts)
        )
    if strangers:
        said = ", ".join(strangers)
        lines.append(
            Entry(
                "dropped", file, f"Companies with emissions but without a statement: {said}.", len(strangers)
            )
        )
    lines.append(Entry("dropped", file, "Rows of production in money, which is no output.", money))
    other = production[~production["unit"].str.match(r"MWh$|t($| )")]
    if len(other):
        units = ", ".join(sorted(set(other["unit"])))
        lines.append(Entry("read", file, f"Output kept in units of its own: {units}.", len(other)))
    if compared:
        low, high = min(compared), max(compared)
        detail = "The workbook's undated rates to the euro are not used; they are "
        detail += f"{low:.3g} to {high:.3g} times the averages of the statement's year."
        lines.append(Entry("read", file, detail, len(compared)))
    return [line for line in lines if line.count]
