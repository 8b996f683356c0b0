# SPDX-License-Identifier: Apache-2.0
"""The ITR sample workbook: units, currencies, blanks filled forward, the traps that it is known to hold."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from greenrisk.core.errors import TableError
from greenrisk.issuer.intake import Ways
from greenrisk.issuer.itr import ESG_SHEET, STATEMENTS_SHEET, financial_year, itr_intake, read_itr
from greenrisk.issuer.itr_rows import EsgRow, chosen, copies, tonnes

ROOT = Path(__file__).parents[3]
NAME = "data/issuer/itr/20230106_ITR_V2_Sample_Data.xlsx"
AEP = "US0255371017"


def _workbook() -> Path:
    found = ROOT / "../shared" / NAME
    if not found.is_file():
        pytest.skip(f"../shared/{NAME} is not here")
    return found


@cache
def _taken():
    return itr_intake(_workbook(), Ways(currency="USD"))


def _row(row, values, metric="s1", submetric="", boundary="", unit="t CO2e", year=2022, issuer="A"):
    return EsgRow(issuer, row, metric, submetric, boundary, unit, datetime.date(year, 12, 31), values)


def _at(name: str) -> int:
    return _taken().issuers.ids.index(name)


def test_all_129_companies_are_taken_or_refused() -> None:
    taken = _taken()
    assert len(taken.issuers) + len(taken.refused) == 129
    assert {one.issuer for one in taken.refused} == {
        "9501.T",  # revenue, assets and market value fit in no two
        "MA0000012320",
        "MYL3794OO004",
        "CNE1000002N9",
        "GB00BZ09BD16",  # no revenue
    }


def test_american_electric_power_s_scope_1_is_caught_and_its_row_named() -> None:
    finding = next(one for one in _taken().findings if one.issuer == AEP and one.item == "scope_1")
    assert finding.action == "quarantined"
    assert finding.value > 4e13
    assert finding.where.endswith(f"{ESG_SHEET}:105")
    assert "about a million times too large" in finding.detail
    assert np.isnan(_taken().issuers.scope("scope_1")[_at(AEP)])


def test_mega_euro_is_euro_times_a_million() -> None:
    euro = itr_intake(_workbook(), Ways(currency="EUR")).issuers
    assert euro.line("revenue")[euro.ids.index("IT0003132476")] == pytest.approx(76575.0)  # 76,575 megaEUR
    found = [one for one in _taken().findings if "megaEUR" in one.sort]
    assert len(found) == 5
    assert {one.action for one in found} == {"normalised"}


def test_two_codes_of_a_country_are_one() -> None:
    issuers = _taken().issuers
    assert "UK" not in issuers.countries
    assert "Great Britain" not in issuers.countries
    assert len(issuers.countries) == len(set(issuers.countries))
    assert all(len(country) == 2 for country in issuers.countries)
    assert any("`Great Britain`, `UK` read as `GB`" in line.detail for line in _taken().entries)


def test_figures_read_by_eye_from_the_sheet_are_in_tonnes_and_millions() -> None:
    issuers = _taken().issuers
    vistra, holcim, aes = _at("US92840M1027"), _at("CH0012214059"), _at("US00130H1059")
    assert issuers.scope("scope_1")[vistra] == pytest.approx(98.749588e6)  # row 1104, Mt CO2e, 2021
    assert issuers.scope("scope_1")[holcim] == pytest.approx(119e6)  # row 2135
    assert issuers.scope("scope_1")[aes] == pytest.approx(
        42_961e3
    )  # row 21, kt CO2e, 2020: the statement's year
    assert issuers.line("revenue")[aes] == pytest.approx(10_189.0)
    # Vistra at 100 USD/t: the handbook has 0.82 of revenue.
    cost = issuers.scope("scope_1")[vistra] * 100 / 1e6 / issuers.line("revenue")[vistra]
    assert cost == pytest.approx(0.82, abs=0.005)


def test_carbon_cost_of_us_utilities_is_near_the_handbook_s_median() -> None:
    issuers = _taken().issuers
    cost = issuers.scope("scope_1") * 100 / 1e6 / issuers.line("revenue")
    utilities = [
        at
        for at in range(len(issuers))
        if issuers.country_of(at) == "US" and "Utilities" in issuers.sector_of(at)
    ]
    # 0.20 for 38 companies there, whose latest figures are taken; here those of the statement's year, and fewer.
    assert np.nanmedian(cost[utilities]) == pytest.approx(0.20, abs=0.04)


def test_a_series_copied_from_another_company_is_not_used_where_its_own_report_denies_it() -> None:
    found = [
        one for one in _taken().findings if "same figures stand under another company" in one.sort.lower()
    ]
    assert {(one.issuer, one.action) for one in found} == {
        ("US6708371033", "quarantined"),
        ("US0236081024", "told"),
    }
    assert _taken().issuers.scope("scope_1")[_at("US6708371033")] == pytest.approx(
        12_333_768
    )  # row 782, 2020


def test_debt_is_told_or_follows_from_the_values_and_the_effect_is_told() -> None:
    issuers = _taken().issuers
    air_liquide, allete = _at("FR0000120073"), _at("US0185223007")
    rate = Ways().rates.factor("EUR", "USD", 2021)
    assert issuers.debt[air_liquide] == pytest.approx(20_019.0 * rate)
    assert issuers.debt[allete] == pytest.approx(5899.1 - 4285.3)  # (ev - cap) + (evic - ev), in million USD
    entry = next(line for line in _taken().entries if "Rule debt_from_values" in line.detail)
    assert "issuers, its median ratio to it is 1." in entry.detail
    assert int(np.isfinite(issuers.debt).sum()) > 80


def test_nothing_is_invented_for_the_companies() -> None:
    issuers = _taken().issuers
    for line in ("ebit", "variable_cost", "fixed_cost", "interest", "equity", "retained_earnings"):
        assert np.isnan(issuers.line(line)).all(), line
    assert (issuers.free_allocation == 0).all()


def test_segments_and_copied_cells_have_no_market_value() -> None:
    issuers = _taken().issuers
    market = issuers.line("market_value")
    assert np.isfinite(market[_at("IT0003132476")])
    for name in ("IT0003132476-Oil", "US05351W1036-E", "US18551QAA58", "GB0009895292", "US1512908898"):
        assert np.isnan(market[_at(name)]), name


def test_production_is_in_megawatt_hours_and_tonnes() -> None:
    production = read_itr(_workbook()).production.set_index(["issuer", "technology", "year"])
    vistra_like = production.loc[("US0236081024", "coal", 2021)]
    assert (vistra_like["quantity"], vistra_like["unit"]) == (29_198_835.0, "MWh")
    assert production.loc[("US05351W1036-E", "all", 2021), "quantity"] == pytest.approx(
        22_591e3
    )  # 22,591 GWh


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("t CO2e", 1.0), ("kt CO2e", 1e3), ("thousand t CO2e", 1e3), ("Mt CO2e", 1e6), ("Millions t CO2e", 1e6)],
)
def test_units_of_mass(unit, factor) -> None:
    assert tonnes(unit) == factor


@pytest.mark.parametrize("unit", ["MWh", "", "Mt Cement", "t CO2e/MWh"])
def test_other_units_are_no_mass(unit) -> None:
    assert np.isnan(tonnes(unit))


def test_the_newest_report_that_tells_a_year_is_taken() -> None:
    rows = [_row(2, {2019: 10.0, 2020: 11.0}, year=2020), _row(3, {2020: 12.0}, year=2021)]
    figures = chosen(rows)
    assert {year: one.value for year, one in figures.items()} == {2019: 10.0, 2020: 12.0}
    assert figures[2020].rows == (3,)


def test_a_total_goes_before_its_parts_and_parts_are_added_where_there_is_none() -> None:
    parts = [_row(3, {2020: 7.0}, submetric="generation"), _row(4, {2020: 2.0}, submetric="fleet")]
    assert chosen([*parts, _row(2, {2020: 10.0})])[2020].value == 10.0
    assert chosen(parts)[2020].value == 9.0
    assert chosen([*parts, _row(5, {2020: 99.0}, boundary="purchased")])[2020].value == 9.0
    assert chosen([*parts, _row(5, {2020: 99.0}, submetric="biogenic")])[2020].value == 9.0


def test_parts_without_the_largest_are_no_sum() -> None:
    rows = [
        _row(3, {2020: 7000.0}, submetric="generation"),
        _row(4, {2019: 2.0, 2020: 3.0}, submetric="fleet"),
    ]
    assert {year: one.value for year, one in chosen(rows).items()} == {2020: 7003.0}


def test_location_goes_before_market() -> None:
    rows = [_row(2, {2020: 5.0}, "s2", "market"), _row(3, {2020: 6.0}, "s2", "location")]
    assert chosen(rows)[2020].value == 6.0


def test_copies_need_three_different_figures_that_agree() -> None:
    first = _row(2, {2018: 1.5, 2019: 2.5, 2020: 3.5}, issuer="A" * 12)
    assert copies([first, _row(3, {2018: 1.5, 2019: 2.5, 2020: 3.6}, issuer="B" * 12)]) == []
    (copy,) = copies([first, _row(3, {2018: 1.5, 2019: 2.5, 2020: 3.5}, issuer="B" * 12)])
    assert copy.years == (2018, 2019, 2020)
    flat = [
        _row(row, {2018: 2.0, 2019: 2.0, 2020: 2.0}, issuer=name * 12) for row, name in ((2, "A"), (3, "B"))
    ]
    assert copies(flat) == []


@pytest.mark.parametrize(
    ("month", "day", "year"), [(12, 31, 2021), (3, 31, 2020), (1, 1, 2020), (6, 30, 2020), (9, 30, 2021)]
)
def test_a_financial_year_is_the_one_that_most_of_it_is_in(month, day, year) -> None:
    assert financial_year(datetime.datetime(2021, month, day)) == year


def _book(path: Path, **cells) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = STATEMENTS_SHEET
    header = ["company_name", "company_lei", "company_id", "country", "sector", "currency", "report_date"]
    money = ["market_cap", "revenue", "ev", "evic", "assets", "debt", "cash"]
    plain = {"company_name": "Firm", "company_id": "XX0000000001", "country": "US", "sector": "Steel"}
    plain |= {
        "currency": "USD",
        "report_date": datetime.datetime(2021, 12, 31),
        "revenue": 2e9,
        "assets": 3e9,
    }
    sheet.append(header + money)
    sheet.append([(plain | cells).get(name) for name in header + money])
    esg = book.create_sheet(cells.get("esg", ESG_SHEET))
    esg.append(
        ["company_id", "metric", "submetric", "boundary", "unit", "report_date", "base_year", 2020, 2021]
    )
    date = datetime.datetime(2022, 1, 1)
    esg.append(["XX0000000001", "base year", None, None, None, date, None, None, None])
    esg.append([None, "s1", None, None, "kt CO2e", date, None, 100, 110])
    esg.append([None, "s1", "total", None, "kt CO2e", date, "x", 900, 910])
    esg.append([None, "s2", "location", None, "t CO2e", date, None, None, "n.a."])
    book.save(path)
    return path


def test_blanks_are_filled_forward_and_marked_rows_left_out(tmp_path) -> None:
    taken = itr_intake(_book(tmp_path / "itr.xlsx"), Ways(currency="USD"))
    assert taken.issuers.scope("scope_1")[0] == 110e3
    told = {line.detail: line.count for line in taken.entries}
    assert told["Rows of emissions and production whose company stands in a row above."] == 2
    assert told["Rows that the workbook marks with `x` in base_year."] == 1
    assert told["Cells of years that hold a text instead of a number."] == 1


def test_faults_of_the_workbook_name_sheet_row_and_column(tmp_path) -> None:
    with pytest.raises(TableError) as caught:
        itr_intake(_book(tmp_path / "itr.xlsx", currency="USX", revenue="much"))
    assert [str(fault).partition("itr.xlsx:")[2] for fault in caught.value.faults] == [
        f"{STATEMENTS_SHEET}:2  currency = USX\n  Not a currency that is known. Did you mean `USD`? Give its ISO code.",
        f"{STATEMENTS_SHEET}:2  revenue = much\n  Must be a number.",
    ]


def test_a_missing_sheet_and_a_missing_file_are_named(tmp_path) -> None:
    with pytest.raises(TableError, match=f"Did you mean `{ESG_SHEET}s`"):
        itr_intake(_book(tmp_path / "itr.xlsx", esg=f"{ESG_SHEET}s"))
    with pytest.raises(TableError, match="no such file"):
        itr_intake(tmp_path / "none.xlsx")
    (tmp_path / "text.xlsx").write_text("no workbook")
    with pytest.raises(TableError, match="not an Excel workbook"):
        itr_intake(tmp_path / "text.xlsx")
