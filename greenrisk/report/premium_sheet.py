# SPDX-License-Identifier: Apache-2.0
"""The sheet of the workbook on which the premium recomputes: ratios in named cells, every row a live formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from greenrisk.report.premium_basis import RATIOS, Floats, basis
from greenrisk.report.sheet_cells import (
    HEAD,
    HEAD_FONT,
    LINE,
    OURS_TO_CHANGE,
    RULED,
    UNIT_FONT,
    formula_cell,
    number_cell,
    text_cell,
)
from greenrisk.report.wording import FOREST_TYPES, PAYERS, PREMIUM_ROWS, named

TITLE = "Premium build-up"

WHOLE, RATE, SHARE = "#,##0.00", "0.0000", "0.0000%"
BEFORE = 4
"""Columns before those of the segments: label, whole book, this run, difference."""


class _Sheet:
    """The sheet while it is written; ``row`` is the number of the next row."""

    def __init__(self, book: Workbook, segments: int) -> None:
        self.sheet: Any = book.create_sheet(TITLE)
        self.book = book
        self.row = 1
        self.columns = [get_column_letter(BEFORE + 1 + i) for i in range(segments)]

    def put(self, cells: list[Any]) -> int:
        """Write a row and return its number."""
        self.sheet.append(cells)
        self.row += 1
        return self.row - 1

    def words(self, value: str, **style: Any) -> Any:
        return text_cell(self.sheet, value, **style)

    def given(self, label: str, value: float, number_format: str, name: str) -> None:
        """Write an input that the reader may change, and give its cell a name."""
        row = self.row
        self.put(
            [
                self.words(label),
                number_cell(self.sheet, value, number_format, fill=OURS_TO_CHANGE),
                number_cell(self.sheet, value, number_format),
                formula_cell(self.sheet, f"=B{row}-C{row}", number_format),
                self.words(f"cell {name}", font=UNIT_FONT),
            ]
        )
        self.book.defined_names[name] = DefinedName(name, attr_text=f"'{TITLE}'!$B${row}")

    def line(
        self,
        label: str,
        run: float,
        formula: str = "",
        values: Floats | None = None,
        *,
        whole: str = "sum",
        number_format: str = WHOLE,
        ruled: bool = False,
    ) -> int:
        """Write a row over the whole book and its segments.

        Parameters
        ----------
        label : str
            First cell.
        run : float
            What this run has for the whole book; NaN leaves the cell and the difference empty.
        formula : str
            With ``{c}`` for the column's letter and ``{r}`` for this row.
        values : array, shape (segment,), optional
            Inputs instead of a formula, the whole book first.
        whole : {"sum", "formula"}
            Whether the whole book is the sum of its segments or has the formula of its own column.
        number_format : str
            Of every number.
        ruled : bool
            Whether it is a result.
        """
        look: dict[str, Any] = {"font": Font(bold=True), "border": RULED} if ruled else {}
        row, parts = self.row, self.columns
        cells = [self.words(label, **look)]
        if whole == "sum" and parts:
            total = f"=SUM({parts[0]}{row}:{parts[-1]}{row})"
            cells.append(formula_cell(self.sheet, total, number_format, **look))
        elif values is not None:
            cells.append(number_cell(self.sheet, float(values[0]), number_format, fill=OURS_TO_CHANGE))
        else:
            cells.append(formula_cell(self.sheet, formula.format(c="B", r=row), number_format, **look))
        cells.append(number_cell(self.sheet, run, number_format, **look))
        known = run == run
        cells.append(formula_cell(self.sheet, f"=B{row}-C{row}", number_format, **look) if known else None)
        for i, letter in enumerate(parts):
            if values is not None:
                value = float(values[i + 1])
                cells.append(number_cell(self.sheet, value, number_format, fill=OURS_TO_CHANGE))
            else:
                text = formula.format(c=letter, r=row)
                cells.append(formula_cell(self.sheet, text, number_format, **look))
        return self.put(cells)


def write_premium_sheet(book: Workbook, premium: xr.Dataset, tornado: xr.Dataset | None) -> None:
    """Add the sheet to a workbook that is written row by row.

    Parameters
    ----------
    book : Workbook
        In write-only mode.
    premium, tornado : xarray.Dataset
        As in :func:`greenrisk.report.premium_basis.basis`.

    Notes
    -----
    ``gross = (pure + risk load + fixed) / (1 - sum of ratios)``; each ratio row is its ratio times the gross premium,
    so that the rows add up to it. A spreadsheet computes the cells when it opens the file.
    """
    at = basis(premium, tornado)
    amount, area, insured = (
        premium[name].values.astype(float) for name in ("amount", "insured_area", "sum_insured")
    )
    amounts = dict(zip(premium["row"].values.astype(str).tolist(), amount, strict=True))
    gross = amounts["gross_premium"]
    page = _Sheet(book, amount.shape[1] - 1)
    sheet = page.sheet
    sheet.column_dimensions["A"].width = 44
    for letter in ("B", "C", "D", *page.columns):
        sheet.column_dimensions[letter].width = 18
    # a frozen pane is only written when it is set before the first row
    sheet.freeze_panes = "B4"
    note = "Change a coloured cell and everything below recomputes; a spreadsheet computes when it opens the file."
    page.put([page.words(TITLE, font=Font(bold=True, size=13)), page.words(note)])
    _head(page, premium)
    first = page.row
    for row in RATIOS:
        label = f"{named(PREMIUM_ROWS, row)}, ratio of the gross premium"
        page.given(label, at.ratios[row], SHARE, f"{row}_ratio")
    between = DataValidation(
        "decimal", operator="between", formula1="0", formula2="0.999", showErrorMessage=True
    )
    between.error = "A ratio is a number from 0 to below 1; together the ratios must stay below 1."
    between.add(f"B{first}:B{first + len(RATIOS) - 1}")
    sheet.data_validations.append(between)
    page.given("Fixed expenses [CNY per insured mu]", at.fixed_expenses, RATE, "fixed_expenses_per_mu")
    page.given("Cost of capital [a year]", at.cost_of_capital, SHARE, "cost_of_capital")
    page.given("Share of the stand-alone capital", at.capital_share, SHARE, "capital_share")
    pure = page.line("Pure premium", amounts["pure_premium"][0], values=amounts["pure_premium"])
    capital = page.line("Capital at risk behind the risk load [CNY]", at.capital[0], values=at.capital)
    held = page.line("Insured area [mu]", area[0], values=area)
    value = page.line("Sum insured [CNY]", insured[0], values=insured)
    charged = f"=cost_of_capital*capital_share*{{c}}{capital}"
    if "capital_cost" in amounts:
        rule = "Risk load, by a rule of its own"
        loads = [
            page.line(rule, amounts["risk_load"][0], values=amounts["risk_load"]),
            page.line("Cost of capital", amounts["capital_cost"][0], charged),
        ]
    else:
        loads = [page.line("Risk load", amounts["risk_load"][0], charged)]
    fixed = page.line("Fixed expenses", at.fixed_expenses * area[0], f"=fixed_expenses_per_mu*{{c}}{held}")
    total = page.row + len(RATIOS)
    for row in RATIOS:
        run = amounts[row][0] - (at.fixed_expenses * area[0] if row == "expenses" else 0.0)
        label = named(PREMIUM_ROWS, row) + (" by ratio" if row == "expenses" else "")
        page.line(label, run, f"={row}_ratio*{{c}}{total}")
    ratios = "+".join(f"{row}_ratio" for row in RATIOS)
    before = "+".join(f"{{c}}{row}" for row in (pure, *loads, fixed))
    page.line("Gross premium", gross[0], f"=({before})/(1-({ratios}))", ruled=True)
    parts = f"{{c}}{pure}+SUM({{c}}{loads[0]}:{{c}}{total - 1})-{{c}}{total}"
    page.line("Rows less gross premium: nothing", 0.0, f"={parts}", whole="formula")
    rate, per_mille = _ratio(gross[0], area[0]), 1000 * _ratio(gross[0], insured[0])
    for label, run, factor, above, below in (
        ("Rate [CNY per insured mu]", rate, "", total, held),
        ("Rate [per mille of the sum insured]", per_mille, "1000*", total, value),
        ("Expected loss ratio", _ratio(amounts["pure_premium"][0], gross[0]), "", pure, total),
    ):
        divided = f"=IF({{c}}{below}=0,0,{factor}{{c}}{above}/{{c}}{below})"
        page.line(label, run, divided, whole="formula", number_format=RATE)
    _payers(page, premium, total)


def _ratio(above: float, below: float) -> float:
    return above / below if below else 0.0


def _head(page: _Sheet, premium: xr.Dataset) -> None:
    places = (
        premium["county"].values.astype(str)[1:]
        if "county" in premium.coords
        else premium["segment"].values[1:]
    )
    kinds = (
        premium["forest_type"].values.astype(str)[1:]
        if "forest_type" in premium.coords
        else [""] * len(places)
    )
    names = [
        ", ".join(part for part in (str(place), named(FOREST_TYPES, str(kind))) if part)
        for place, kind in zip(places, kinds, strict=True)
    ]
    look = {"font": HEAD_FONT, "fill": HEAD, "alignment": Alignment(wrap_text=True, vertical="top")}
    heads = ("CNY a year unless said otherwise", "Whole book", "As in this run", "Difference", *names)
    page.put([page.words(head, **look) for head in heads])
    units = ("", *["[CNY/year]"] * (BEFORE - 1 + len(names)))
    page.put([page.words(unit, font=UNIT_FONT, border=LINE) for unit in units])


def _payers(page: _Sheet, premium: xr.Dataset, total: int) -> None:
    """Write who pays the premium: shares that a reader may change, and what they come to."""
    if "subsidy" not in premium:
        return
    paid = premium["subsidy"].transpose("payer", "segment").values.astype(float)
    payers = [named(PAYERS, str(payer)) for payer in premium["payer"].values]
    gross = premium["amount"].sel(row="gross_premium").values.astype(float)
    page.put([])
    page.put([page.words("Who pays: shares of the premium of each part, and amounts", font=Font(bold=True))])
    shares = np.divide(paid, gross, out=np.zeros_like(paid), where=gross != 0)
    begin = page.row + len(payers)
    for i, payer in enumerate(payers):
        row = page.row
        cells = [
            page.words(f"{payer}, share"),
            formula_cell(page.sheet, f"=IF(B{total}=0,0,B{begin + i}/B{total})", SHARE),
            number_cell(page.sheet, float(shares[i, 0]), SHARE),
            formula_cell(page.sheet, f"=B{row}-C{row}", SHARE),
        ]
        given = [number_cell(page.sheet, float(v), SHARE, fill=OURS_TO_CHANGE) for v in shares[i, 1:]]
        page.put([*cells, *given])
    for i, payer in enumerate(payers):
        page.line(f"{payer} pays", float(paid[i, 0]), f"={{c}}{begin - len(payers) + i}*{{c}}{total}")
