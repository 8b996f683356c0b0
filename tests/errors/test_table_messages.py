# SPDX-License-Identifier: Apache-2.0
"""What a user reads when a table is at fault."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl

Refusal = Callable[..., str]
Edit = Callable[..., None]

HINT = "`greenrisk show table forest-book` lists its columns."


def _workbook(folder: Path, change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> None:
    """Make book.xlsx of book.csv, numbers as numbers, and let ``change`` spoil it."""
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (folder / "book.csv").read_text(encoding="utf-8").splitlines():
        sheet.append([float(c) if c.replace(".", "").isdigit() else c for c in line.split(",")])
    change(sheet)
    book.save(folder / "book.xlsx")


def test_no_such_table(refusal: Refusal, edit: Edit) -> None:
    edit("book: book.csv", "book: bok.csv")
    assert refusal() == (
        "scenario.yaml:8:1  book = bok.csv\n"
        "  No such table, neither beside the scenario nor in the data package. Did you mean `book.csv`?\n"
        "1 fault.\n"
    )


def test_missing_column(refusal: Refusal, edit: Edit) -> None:
    edit("insured_share", "share_insured", "book.csv")
    assert refusal() == (
        "book.csv:1  insured_share\n"
        "  This column is missing. Share of the stand's area that is insured.  [unitless]\n"
        "book.csv:1  share_insured\n"
        "  Unknown columns. If they are what is missing, give them the names above.\n"
        f"2 faults. {HINT}\n"
    )


def test_misspelt_column(refusal: Refusal, edit: Edit) -> None:
    edit("insured_share", "Insured share", "book.csv")
    assert refusal() == (
        "book.csv:1  insured_share\n"
        "  This column is missing. Is it the column `Insured share`? Then rename it. Share of the stand's area"
        " that is insured.  [unitless]\n"
        f"1 fault. {HINT}\n"
    )


def test_column_that_stands_twice(refusal: Refusal, edit: Edit) -> None:
    edit("owner,county", "county,county", "book.csv")
    assert refusal() == "book.csv:1  county\n  This column stands twice. Keep one.\n1 fault.\n"


def test_text_in_a_number_column(refusal: Refusal, edit: Edit) -> None:
    edit("conifer,20,", "conifer,young,", "book.csv")
    assert refusal() == f"book.csv:2  age = young\n  Must be a number.  [year]\n1 fault. {HINT}\n"


def test_number_with_its_unit(refusal: Refusal, edit: Edit) -> None:
    edit("20,10,800", "20,10 ha,800", "book.csv")
    edit("30,12,800", "30,12公顷,800", "book.csv")
    assert refusal() == (
        "book.csv:2  area_ha = 10 ha\n"
        "  Must be a number alone. Take `ha` away: the column's name bears the unit.  [ha]\n"
        "book.csv:3  area_ha = 12公顷\n"
        "  Must be a number alone. Take `公顷` away: the column's name bears the unit.  [ha]\n"
        f"2 faults. {HINT}\n"
    )


def test_number_with_commas_between_the_thousands(refusal: Refusal, edit: Edit) -> None:
    edit("20,10,800", '20,"1,200",800', "book.csv")
    assert refusal() == (
        "book.csv:2  area_ha = 1,200\n"
        "  Must be a number. Write it without separators between the thousands.  [ha]\n"
        f"1 fault. {HINT}\n"
    )


def test_negative_area(refusal: Refusal, edit: Edit) -> None:
    edit("30,12,800", "30,-4,800", "book.csv")
    assert refusal() == f"book.csv:3  area_ha = -4\n  Must be > 0.  [ha]\n1 fault. {HINT}\n"


def test_nan_and_empty_cells(refusal: Refusal, edit: Edit) -> None:
    edit("20,10,800", "20,NaN,800", "book.csv")
    edit("30,12,800", "30,,800", "book.csv")
    edit("S4,b,", "S4,,", "book.csv")
    assert refusal() == (
        "book.csv:2  area_ha = NaN\n"
        "  This cell is empty. Fill it in.  [ha]\n"
        "book.csv:3  area_ha = ''\n"
        "  This cell is empty. Fill it in.  [ha]\n"
        "book.csv:5  owner = ''\n"
        "  This cell is empty. Fill it in.\n"
        f"3 faults. {HINT}\n"
    )


def test_infinite_number_in_a_table(refusal: Refusal, edit: Edit) -> None:
    edit("20,10,800", "20,inf,800", "book.csv")
    assert refusal() == f"book.csv:2  area_ha = inf\n  Must be a finite number.  [ha]\n1 fault. {HINT}\n"


def test_duplicate_id(refusal: Refusal, edit: Edit) -> None:
    edit("S3,b", "S1,b", "book.csv")
    assert refusal() == (
        "book.csv:2  stand_id = S1\n"
        "  Stands also in row 4. Each must be unique.\n"
        "book.csv:4  stand_id = S1\n"
        "  Stands also in row 2. Each must be unique.\n"
        f"2 faults. {HINT}\n"
    )


def test_unknown_choice(refusal: Refusal, edit: Edit) -> None:
    edit("S1,a,Fuliang,t,commercial,conifer", "S1,a,Fuliang,t,comercial,conifers", "book.csv")
    assert refusal() == (
        "book.csv:2  forest_type = comercial\n"
        "  Must be one of `public_benefit`, `commercial`. Did you mean `commercial`?\n"
        "book.csv:2  species_group = conifers\n"
        "  Must be one of `conifer`, `broadleaf`, `mixed`, `bamboo`. Did you mean `conifer`?\n"
        f"2 faults. {HINT}\n"
    )


def test_share_in_percent(refusal: Refusal, edit: Edit) -> None:
    edit("12,800,0.5", "12,800,50", "book.csv")
    edit("8,500,1", "8,500,80%", "book.csv")
    assert refusal() == (
        "book.csv:3  insured_share = 50\n"
        "  Must be > 0 and <= 1. In per cent? Then write 0.5 for 50 %.  [unitless]\n"
        "book.csv:4  insured_share = 80%\n"
        "  Must be a number alone: where the column holds a share, write 0.8 for 80%.  [unitless]\n"
        f"2 faults. {HINT}\n"
    )


def test_mixed_units(refusal: Refusal, folder: Path) -> None:
    lines = (folder / "book.csv").read_text(encoding="utf-8").splitlines()
    both = [f"{lines[0]},area_mu", *(f"{line},150" for line in lines[1:])]
    (folder / "book.csv").write_text("\n".join(both), encoding="utf-8")
    assert refusal() == (
        "book.csv:1  area_ha, area_mu\n"
        "  The same quantity in two units. Give `area_ha` or `area_mu`, not both.\n"
        f"1 fault. {HINT}\n"
    )


def test_no_area_column_at_all(refusal: Refusal, edit: Edit) -> None:
    edit("area_ha", "area", "book.csv")
    assert refusal() == (
        "book.csv:1  `area_ha` or `area_mu`\n"
        "  One of these columns is needed. Did you mean `area_mu`?\n"
        f"1 fault. {HINT}\n"
    )


def test_empty_book(refusal: Refusal, folder: Path) -> None:
    header = (folder / "book.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "book.csv").write_text(f"{header}\n", encoding="utf-8")
    assert refusal() == (
        f"book.csv  no rows\n  The table needs at least one row below its header.\n1 fault. {HINT}\n"
    )


def test_empty_table_file(refusal: Refusal, folder: Path) -> None:
    (folder / "book.csv").write_text("", encoding="utf-8")
    assert refusal() == (
        "book.csv  an empty file\n  Must hold a header row and at least one row below it.\n1 fault.\n"
    )


def test_ragged_rows(refusal: Refusal, edit: Edit) -> None:
    edit("S2,a,Fuliang,t,commercial", "S2,a,Fuliang,near the creek, t,commercial", "book.csv")
    edit(",117.22,29.52", ",117.22", "book.csv")
    assert refusal() == (
        "book.csv:3  13 cells\n"
        "  The header has 12 columns. A comma inside a text needs quotes.\n"
        "book.csv:5  11 cells\n"
        "  The header has 12 columns. A comma inside a text needs quotes.\n"
        "2 faults.\n"
    )


def test_row_numbers_are_those_of_the_file_where_a_cell_has_two_lines(refusal: Refusal, edit: Edit) -> None:
    edit("S2,a,", 'S2,"a\nand b",', "book.csv")
    edit("40,8,500", "40,-8,500", "book.csv")
    assert refusal() == f"book.csv:5  area_ha = -8\n  Must be > 0.  [ha]\n1 fault. {HINT}\n"


def test_semicolons_between_the_columns(refusal: Refusal, folder: Path) -> None:
    text = (folder / "book.csv").read_text(encoding="utf-8")
    (folder / "book.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    assert refusal() == (
        "book.csv:1  columns are separated by semicolons\n  Separate them by commas.\n1 fault.\n"
    )


def test_faults_in_a_gb18030_file_show_its_text(refusal: Refusal, folder: Path) -> None:
    text = (folder / "book.csv").read_text(encoding="utf-8")
    text = text.replace("S1,a,", "S1,浮梁县林场,").replace("mixed,30", "针阔混交林,30")
    (folder / "book.csv").write_text(text, encoding="gb18030")
    assert refusal() == (
        "book.csv:3  species_group = 针阔混交林\n"
        "  Must be one of `conifer`, `broadleaf`, `mixed`, `bamboo`.\n"
        f"1 fault. {HINT}\n"
    )


def test_table_in_an_unknown_encoding(refusal: Refusal, folder: Path) -> None:
    text = (folder / "book.csv").read_text(encoding="utf-8").replace("S1,a,", "S1,\u00e9\u00e9t\u00e9,")
    (folder / "book.csv").write_bytes(text.encode("latin-1") + b"\xff\xff")
    assert refusal() == (
        "book.csv  unknown encoding\n  Neither UTF-8 nor GB18030. Save the file as CSV UTF-8.\n1 fault.\n"
    )


def test_binary_file_named_csv(refusal: Refusal, folder: Path) -> None:
    _workbook(folder, lambda sheet: None)
    (folder / "book.xlsx").rename(folder / "book.csv")
    assert refusal() == (
        "book.csv  a binary file\n"
        "  Must be a CSV file: plain text with commas. Is it an Excel workbook? Then let its name end in"
        " `.xlsx`.\n"
        "1 fault.\n"
    )


def test_text_file_named_xlsx(refusal: Refusal, folder: Path, edit: Edit) -> None:
    (folder / "book.csv").rename(folder / "book.xlsx")
    edit("book: book.csv", "book: book.xlsx")
    assert refusal() == (
        "book.xlsx  not an Excel workbook\n"
        "  Must be an XLSX file. Save it anew from Excel, or as CSV.\n"
        "1 fault.\n"
    )


def test_table_in_another_format(refusal: Refusal, folder: Path, edit: Edit) -> None:
    (folder / "book.csv").rename(folder / "book.parquet")
    edit("book: book.csv", "book: book.parquet")
    assert refusal() == (
        "book.parquet  ends in `.parquet`\n  Must be a table in `.csv` or `.xlsx`.\n1 fault.\n"
    )


def test_excel_dates_in_a_number_column(refusal: Refusal, folder: Path, edit: Edit) -> None:
    def spoil(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["H3"] = datetime.datetime(2026, 3, 12)
        sheet["J4"] = datetime.time(12, 0)

    _workbook(folder, spoil)
    edit("book: book.csv", "book: book.xlsx")
    assert refusal() == (
        "book.xlsx:3  area_ha (H3) = 2026-03-12 00:00:00\n"
        "  Excel holds a date here. Format the cell as a number and enter it again.  [ha]\n"
        "book.xlsx:4  insured_share (J4) = 12:00:00\n"
        "  Excel holds a date here. Format the cell as a number and enter it again.  [unitless]\n"
        f"2 faults. {HINT}\n"
    )


def test_dates_in_a_number_column_of_a_csv(refusal: Refusal, edit: Edit) -> None:
    edit("30,12,800", "30,2026-03-12,800", "book.csv")
    edit("40,8,500", "40,3月8日,500", "book.csv")
    assert refusal() == (
        "book.csv:3  area_ha = 2026-03-12\n"
        "  Must be a number; this reads as a date. Format the column as a number in your spreadsheet.  [ha]\n"
        "book.csv:4  area_ha = 3月8日\n"
        "  Must be a number; this reads as a date. Format the column as a number in your spreadsheet.  [ha]\n"
        f"2 faults. {HINT}\n"
    )


def test_excel_error_in_a_cell(refusal: Refusal, folder: Path, edit: Edit) -> None:
    _workbook(folder, lambda sheet: sheet.__setitem__("H2", "#DIV/0!"))
    edit("book: book.csv", "book: book.xlsx")
    assert refusal() == (
        "book.xlsx:2  area_ha (H2) = #DIV/0!\n"
        "  Excel reports an error in this cell. Mend its formula, or enter the number.  [ha]\n"
        f"1 fault. {HINT}\n"
    )


def test_many_faults_of_a_column_are_counted_after_the_tenth(refusal: Refusal, folder: Path) -> None:
    lines = (folder / "book.csv").read_text(encoding="utf-8").splitlines()
    rows = [lines[1].replace("S1", f"S{i}").replace(",20,10,", ",20,-1,") for i in range(1, 24)]
    (folder / "book.csv").write_text("\n".join([lines[0], *rows]), encoding="utf-8")
    first_ten = "".join(f"book.csv:{row}  area_ha = -1\n  Must be > 0.  [ha]\n" for row in range(2, 12))
    assert refusal() == f"{first_ten}book.csv  area_ha\n  ... and 13 more rows.\n11 faults. {HINT}\n"


def test_faults_of_both_tables_and_a_card_are_told_together(refusal: Refusal, edit: Edit) -> None:
    edit("size: fire-size-jiangxi", "size: fire-size-jianxi")
    edit("30,12,800", "30,-4,800", "book.csv")
    edit("Fuliang,1000", "Fuliang,lots", "counties.csv")
    assert refusal("run", "scenario.yaml") == (
        "scenario.yaml:12:5  perils[0].size = fire-size-jianxi\n"
        "  Unknown card. Did you mean `fire-size-jiangxi`? Cards for wildfire.size: `fire-size-jiangxi`.\n"
        "book.csv:3  area_ha = -4\n"
        "  Must be > 0.  [ha]\n"
        "counties.csv:2  forest_area_ha = lots\n"
        "  Must be a number.  [ha]\n"
        "3 faults.\n"
    )


def test_county_of_the_book_without_forest(refusal: Refusal, edit: Edit) -> None:
    edit("Fuliang,1000", "Leping,1000", "counties.csv")
    assert refusal() == (
        "counties.csv  county = Fuliang\n"
        "  The book has 4 stands in this county, but its forest area is not given. Counties there without a stand:"
        " Leping. Add a row for it, or spell it alike in both tables.  [ha]\n"
        "1 fault.\n"
    )


def test_headings_in_another_language_are_named_beside_what_is_missing(
    refusal: Refusal, folder: Path
) -> None:
    (folder / "counties.csv").write_text("县,森林面积\n浮梁,1000\n", encoding="utf-8")
    assert refusal() == (
        "counties.csv:1  county\n"
        "  This column is missing. County-level unit, spelt as in the book.\n"
        "counties.csv:1  forest_area_ha\n"
        "  This column is missing. All forest of the county, insured or not: what a fire can burn.  [ha]\n"
        "counties.csv:1  县, 森林面积\n"
        "  Unknown columns. If they are what is missing, give them the names above.\n"
        "3 faults. `greenrisk show table county-forest` lists its columns.\n"
    )


def test_many_unknown_columns_are_counted_after_the_twentieth(refusal: Refusal, folder: Path) -> None:
    header = ",".join(f"c{number}" for number in range(23))
    (folder / "counties.csv").write_text(f"{header}\n{header}\n", encoding="utf-8")
    assert "c18, c19 and 3 more\n" in refusal()


def test_a_table_in_utf_16(refusal: Refusal, folder: Path) -> None:
    text = (folder / "book.csv").read_text(encoding="utf-8")
    (folder / "book.csv").write_text(text, encoding="utf-16")
    assert refusal() == (
        "book.csv  text in UTF-16\n  Save it as CSV UTF-8; Excel calls UTF-16 `Unicode text`.\n1 fault.\n"
    )


def test_longitude_and_latitude_swapped(refusal: Refusal, edit: Edit) -> None:
    edit("117.20,29.50", "29.50,117.20", "book.csv")
    assert refusal() == (
        "book.csv:2  lat = 117.20\n"
        "  Must be >= -90 and <= 90. Are lon and lat swapped?  [degree]\n"
        f"1 fault. {HINT}\n"
    )


def test_a_county_that_is_spelt_in_two_ways(refusal: Refusal, edit: Edit) -> None:
    edit("S4,b,Fuliang", "S4,b,Fu-liang", "book.csv")
    assert refusal() == (
        "counties.csv  county = Fu-liang\n"
        "  The book has 1 stand in this county, but its forest area is not given. Did you mean `Fuliang`?"
        " Add a row for it, or spell it alike in both tables.  [ha]\n"
        "1 fault.\n"
    )
