# SPDX-License-Identifier: Apache-2.0
"""The premium sheet: its formulas give the numbers of the run, and follow when a ratio is changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xarray as xr
from example_tree import example_tree
from formulas import Sheet
from openpyxl import Workbook

from greenrisk.report.premium_basis import basis, loading_values
from greenrisk.report.premium_sheet import TITLE, write_premium_sheet
from greenrisk.report.store import read

ROWS = {
    "pure_premium": "Pure premium",
    "risk_load": "Risk load",
    "commission": "Commission",
    "tax": "Tax",
    "profit": "Profit",
    "gross_premium": "Gross premium",
}


def group(path: str) -> xr.Dataset:
    return example_tree(stands=20, years=20)[path].to_dataset()


def written(folder: Path, premium: xr.Dataset, tornado: xr.Dataset | None) -> Workbook:
    book = Workbook(write_only=True)
    write_premium_sheet(book, premium, tornado)
    book.save(folder / "w.xlsx")
    return openpyxl.load_workbook(folder / "w.xlsx")


def row_of(book: Workbook, label: str) -> int:
    found = [row[0].row for row in book[TITLE].iter_rows(max_col=1) if row[0].value == label]
    assert len(found) == 1, (label, found)
    return int(found[0])


def close(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= 1e-9 * max(abs(wanted), 1.0)


def check_against(book: Workbook, premium: xr.Dataset) -> None:
    """Every row, the whole book and each of its parts, by formula as in the run."""
    sheet = Sheet(book, TITLE)
    columns = ["B", *(cell.column_letter for cell in book[TITLE][2][4:])]
    assert len(columns) == premium.sizes["segment"]
    for name, label in ROWS.items():
        amounts = premium["amount"].sel(row=name).values
        for column, amount in zip(columns, amounts, strict=True):
            assert close(sheet[f"{column}{row_of(book, label)}"], float(amount)), (label, column)
    for column, amount in zip(columns, premium["amount"].sel(row="expenses").values, strict=True):
        rows = [row_of(book, label) for label in ("Fixed expenses", "Expenses by ratio")]
        assert close(sum(sheet[f"{column}{row}"] for row in rows), float(amount))
        assert close(sheet[f"{column}{row_of(book, 'Rows less gross premium: nothing')}"], 0.0)
    for row in range(4, book[TITLE].max_row + 1):
        if sheet.is_formula(f"D{row}"):
            assert close(sheet[f"B{row}"], sheet[f"C{row}"]), book[TITLE][f"A{row}"].value


def test_the_formulas_give_the_numbers_of_the_run(tmp_path: Path) -> None:
    premium = group("premium")
    check_against(written(tmp_path, premium, group("tornado")), premium)


def test_the_formulas_of_a_real_run_give_its_numbers(real_run: Path) -> None:
    book = openpyxl.load_workbook(real_run / "results.xlsx")
    assert book.sheetnames[:2] == ["README", TITLE]
    assert book.calculation.fullCalcOnLoad
    premium = read(real_run).tree["premium"].to_dataset()
    check_against(book, premium)
    sheet = Sheet(book, TITLE)
    gross, area = float(premium["amount"][-1, 0]), float(premium["insured_area"][0])
    assert close(sheet[f"B{row_of(book, 'Rate [CNY per insured mu]')}"], gross / area)
    assert sheet[sheet.names["expenses_ratio"]] == 0.15
    assert sheet[sheet.names["cost_of_capital"]] == 0.08


def test_only_what_a_reader_may_change_is_a_number_and_the_rest_a_formula(tmp_path: Path) -> None:
    book = written(tmp_path, group("premium"), group("tornado"))
    sheet = Sheet(book, TITLE)
    for label in (*ROWS.values(), "Fixed expenses", "Expenses by ratio"):
        if label != "Pure premium":
            assert sheet.is_formula(f"B{row_of(book, label)}"), label
            assert sheet.is_formula(f"F{row_of(book, label)}"), label
    assert not sheet.is_formula(f"F{row_of(book, 'Pure premium')}")


def test_a_changed_ratio_moves_the_premium_by_the_one_ratio_basis(tmp_path: Path) -> None:
    premium = group("premium")
    book = written(tmp_path, premium, group("tornado"))
    before = Sheet(book, TITLE)
    ratios = {
        name: before[before.names[f"{name}_ratio"]] for name in ("expenses", "commission", "tax", "profit")
    }
    book[TITLE][before.names["expenses_ratio"]].value = 0.2
    book[TITLE][before.names["fixed_expenses_per_mu"]].value = 0.01
    book[TITLE][before.names["cost_of_capital"]].value = 2 * before[before.names["cost_of_capital"]]
    after = Sheet(book, TITLE)
    amount = {name: float(premium["amount"].sel(row=name)[0]) for name in ("pure_premium", "risk_load")}
    fixed = 0.01 * float(premium["insured_area"][1:].sum())
    left = 1 - 0.2 - ratios["commission"] - ratios["tax"] - ratios["profit"]
    gross = (amount["pure_premium"] + 2 * amount["risk_load"] + fixed) / left
    assert close(after[f"B{row_of(book, 'Gross premium')}"], gross)
    assert close(after[f"B{row_of(book, 'Tax')}"], ratios["tax"] * gross)
    owner = float(premium["subsidy"].sel(payer="owner")[0]) / float(premium["amount"][-1, 0])
    assert close(after[f"B{row_of(book, 'Forest owner pays')}"], owner * gross)


def test_fixed_expenses_of_the_card_have_a_row_of_their_own(tmp_path: Path) -> None:
    premium, tornado = group("premium"), group("tornado")
    # 0.14 x 640,000 is the ratio of the invented card; 0.002 CNY per mu come on top
    area = premium["insured_area"].values
    gross = (premium["amount"].sel(row="gross_premium").values * 0.86 + 0.002 * area) / 0.86
    factor = gross / premium["amount"].sel(row="gross_premium").values
    premium["amount"] = premium["amount"] * xr.DataArray(factor, dims="segment")
    premium["amount"].loc[{"row": "expenses"}] = 0.14 * gross + 0.002 * area
    rest = premium["amount"].sel(row=["risk_load", "expenses", "commission", "tax", "profit"]).sum("row")
    premium["amount"].loc[{"row": "pure_premium"}] = gross - rest
    premium["subsidy"] = premium["subsidy"] * xr.DataArray(factor, dims="segment")
    names = tornado["parameter"].values.astype("U20")
    value = tornado["value"].values.astype("U20")
    names[names == "risk_load"], names[names == "hazard_ratio"] = "cost_of_capital", "fixed_expenses"
    value[names == "fixed_expenses"] = "0.002"
    card = np.where(names == "fixed_expenses", "example-loadings", tornado["card"].values)
    tornado = tornado.assign_coords(parameter=names).assign(
        value=("parameter", value), card=("parameter", card)
    )
    assert loading_values(tornado)["fixed_expenses"] == 0.002
    assert basis(premium, tornado).ratios["expenses"] == 0.14
    book = written(tmp_path, premium, tornado)
    check_against(book, premium)
    assert close(Sheet(book, TITLE)[f"B{row_of(book, 'Fixed expenses')}"], 0.002 * area[0])


def test_a_card_that_does_not_reproduce_the_rows_gives_way_to_the_amounts() -> None:
    # the invented expenses are 14 %, as the card says; 10 % would not reproduce 89,600 of 640,000
    premium, tornado = group("premium"), group("tornado")
    assert loading_values(tornado) == {}
    assert loading_values(None) == {}
    assert basis(premium, None).ratios["expenses"] == 89_600 / 640_000
    names = tornado["parameter"].values.astype("U20")
    names[names == "risk_load"] = "cost_of_capital"
    named = tornado.assign_coords(parameter=names)
    assert basis(premium, named).ratios["expenses"] == 0.14
    named["value"] = ("parameter", np.where(names == "expenses", "0.10", named["value"].values))
    assert basis(premium, named).ratios["expenses"] == 89_600 / 640_000


def test_a_rule_of_its_own_keeps_the_cost_of_capital_beside_it(tmp_path: Path) -> None:
    premium = group("premium")
    own = 0.25 * premium["amount"].sel(row=["risk_load"]).assign_coords(row=["capital_cost"])
    amount = premium["amount"].copy()
    amount.loc[{"row": "risk_load"}] *= 0.75
    rows = [
        "pure_premium",
        "risk_load",
        "capital_cost",
        "expenses",
        "commission",
        "tax",
        "profit",
        "gross_premium",
    ]
    both = premium.drop_vars("amount").drop_vars("row")
    both["amount"] = xr.concat([amount, own], dim="row").sel(row=rows)
    book = written(tmp_path, both, group("tornado"))
    sheet = Sheet(book, TITLE)
    assert close(sheet[f"B{row_of(book, 'Cost of capital')}"], float(own[0, 0]))
    assert close(sheet[f"B{row_of(book, 'Gross premium')}"], float(premium["amount"][-1, 0]))


def test_a_book_without_premium_divides_by_nothing(tmp_path: Path) -> None:
    premium = group("premium")
    for name in ("amount", "subsidy"):
        premium[name] = 0.0 * premium[name]
    book = written(tmp_path, premium, group("tornado"))
    sheet = Sheet(book, TITLE)
    assert sheet[f"B{row_of(book, 'Expected loss ratio')}"] == 0.0
    assert sheet[f"B{row_of(book, 'Forest owner, share')}"] == 0.0


@pytest.mark.parametrize("place", ["B4", "B7"])
def test_a_ratio_of_one_or_more_is_refused_by_the_cell(tmp_path: Path, place: str) -> None:
    book = written(tmp_path, group("premium"), group("tornado"))
    rules = book[TITLE].data_validations.dataValidation
    assert any(place in rule.sqref and float(rule.formula2) < 1 for rule in rules)
    assert book[TITLE].freeze_panes == "B4"
