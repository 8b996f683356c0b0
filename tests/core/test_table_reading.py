# SPDX-License-Identifier: Apache-2.0
"""Tables that are in order: encodings, types, what the ledger is told. Faults are in tests/errors."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from greenrisk.core.cell_values import number_in, text_in
from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import Column, TableSpec, file_rows, read_rows, read_table

SPEC = TableSpec(
    name="small",
    title="A small table",
    columns=(
        Column("id", "text", unique=True),
        Column("kind", "choice", choices=("a", "b")),
        Column("area_ha", "number", unit="ha", required=False, low=0, low_open=True),
        Column("area_mu", "number", unit="mu", required=False, low=0, low_open=True),
        Column("count", "integer", required=False, low=0),
        Column("note", "text", required=False),
    ),
    one_of=(("area_ha", "area_mu"),),
)

TEXT = "id,kind,area_ha,count,note\n林班1,a,1.5,3,x\n林班2,b,2,4,\n"


def told(ledger: Ledger) -> list[tuple[str, str, str, int]]:
    return [(entry.kind, entry.subject, entry.detail, entry.count) for entry in ledger]


@pytest.mark.parametrize(
    ("encoding", "how"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "CSV in UTF-8 with byte order mark"),
        ("gb18030", "CSV in GB18030"),
    ],
)
def test_encodings_give_the_same_table_and_the_ledger_says_the_unusual_ones(
    tmp_path: Path, encoding: str, how: str
) -> None:
    (tmp_path / "t.csv").write_bytes(TEXT.encode(encoding))
    ledger = Ledger()
    table = read_table(tmp_path / "t.csv", SPEC, ledger)
    assert list(table["id"]) == ["林班1", "林班2"]
    assert list(table["area_ha"]) == [1.5, 2.0]
    assert told(ledger) == ([("read", "t.csv", f"Read as {how}.", 2)] if how else [])


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("4万", "40000"),
        ("4万人", "40000"),
        ("4 万元", "40000"),
        ("1.5亿元", "150000000"),
        ("3百万", "3000000"),
        ("2千", "2000"),
        ("1,200万", "12000000"),
        ("3万亿", "3000000000000"),
        ("40k", "40000"),
        ("2 million", "2000000"),
    ],
)
def test_a_word_that_multiplies_a_number_is_worked_out_in_the_mend(cell: str, number: str) -> None:
    assert number_in(cell)[1] == f"Must be a number alone: write {number} for {cell}."


def test_a_unit_that_multiplies_nothing_is_taken_away() -> None:
    for cell, unit in (("40km", "km"), ("12亩", "亩"), ("30 people", "people"), ("5元", "元")):
        assert f"Take `{unit}` away" in number_in(cell)[1]


@pytest.mark.parametrize(
    ("sheets", "read"),
    [
        (("notes", "small"), "small"),  # bears the table's name
        (("notes", "Small"), "Small"),
        (("notes", "1st"), "1st"),  # the first with the columns
        (("1st", "2nd"), "1st"),
        (("2nd", "small"), "small"),
    ],
)
def test_a_workbook_of_several_sheets_is_read_where_the_table_is(
    tmp_path: Path, sheets: tuple[str, ...], read: str
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in sheets:
        sheet = book.create_sheet(title)
        if title == "notes":
            sheet.append(["what", "who"])
            sheet.append(["counted", "me"])
            continue
        sheet.append(["id", "kind", "area_ha"])
        sheet.append([title, "a", 1.5 if title == read else -1])
    book.save(tmp_path / "t.xlsx")
    ledger = Ledger()
    assert list(read_table(tmp_path / "t.xlsx", SPEC, ledger)["id"]) == [read]
    (other,) = (title for title in sheets if title != read)
    assert told(ledger) == [("read", "t.xlsx", f"Read as XLSX, sheet `{read}`; not read: `{other}`.", 1)]


def test_a_fault_in_a_workbook_of_several_sheets_names_the_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("small")
    for row in (["id", "kind", "area_ha"], ["x", "a", -1]):
        sheet.append(row)
    book.save("t.xlsx")
    with pytest.raises(TableError) as caught:
        read_table("t.xlsx", SPEC, Ledger())
    assert [fault.where for fault in caught.value.faults] == ["t.xlsx[small]:2"]


def test_rows_without_a_faulty_cell_are_read_beside_the_faults(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,kind,area_ha,count\nx,a,1,2\n\ny,b,-1,3\nz,a,2,4\n", encoding="utf-8")
    found = read_rows(tmp_path / "t.csv", SPEC, Ledger())
    assert found.sound is not None
    assert (list(found.sound["id"]), list(file_rows(found.sound))) == (["x", "z"], [2, 5])
    assert found.sound["count"].dtype == np.int64
    assert (list(found.every["id"]), list(file_rows(found.every))) == (["x", "y", "z"], [2, 4, 5])
    assert np.isnan(found.every["area_ha"][1])
    assert len(found.faults) == 1


def test_without_a_column_no_row_is_sound_but_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,area_ha\nx,1\n", encoding="utf-8")
    found = read_rows(tmp_path / "t.csv", SPEC, Ledger())
    assert found.sound is None
    assert list(found.every["id"]) == ["x"]


def test_columns_have_the_types_of_the_spec(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TEXT, encoding="utf-8")
    table = read_table(tmp_path / "t.csv", SPEC, Ledger())
    assert table["area_ha"].dtype == np.float64
    assert table["count"].dtype == np.int64
    assert list(table.columns) == ["id", "kind", "area_ha", "count", "note"]
    assert table["note"].isna().tolist() == [False, True]


def test_an_integer_column_with_an_empty_cell_is_float(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TEXT.replace(",4,", ",,"), encoding="utf-8")
    table = read_table(tmp_path / "t.csv", SPEC, Ledger())
    assert table["count"].dtype == np.float64
    assert table["count"].isna().tolist() == [False, True]


def test_rows_keep_their_order_and_none_is_dropped(tmp_path: Path) -> None:
    rows = [f"S{i},a,{i + 1}" for i in range(500)][::-1]
    (tmp_path / "t.csv").write_text("\n".join(["id,kind,area_mu", *rows]), encoding="utf-8")
    table = read_table(tmp_path / "t.csv", SPEC, Ledger())
    assert list(table["id"]) == [f"S{i}" for i in range(499, -1, -1)]
    assert list(table.index) == list(range(500))


def test_blank_rows_and_unused_columns_are_told(tmp_path: Path) -> None:
    text = "id,kind,area_ha,colour,shade\nS1,a,1,red,x\n,,,,\n\nS2,a,1,red,y\n,,,,\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    ledger = Ledger()
    assert len(read_table(tmp_path / "t.csv", SPEC, ledger)) == 2
    assert told(ledger) == [
        ("dropped", "t.csv", "Blank rows were skipped.", 3),
        ("read", "t.csv", "Columns not used: colour, shade.", 2),
    ]


def test_spaces_around_headers_and_cells_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(" id , kind ,area_ha\n S1 , a , 2 \n", encoding="utf-8")
    table = read_table(tmp_path / "t.csv", SPEC, Ledger())
    assert table.to_dict("records") == [{"id": "S1", "kind": "a", "area_ha": 2.0}]


def test_a_workbook_is_read_from_its_first_sheet_and_the_ledger_names_the_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "stands"
    for row in (["id", "kind", "area_ha"], [101, "a", 1.5], ["S2", "b", 2]):
        sheet.append(row)
    book.create_sheet("notes")
    book.save(tmp_path / "t.xlsx")
    ledger = Ledger()
    table = read_table(tmp_path / "t.xlsx", SPEC, ledger)
    assert table.to_dict("records") == [
        {"id": "101", "kind": "a", "area_ha": 1.5},
        {"id": "S2", "kind": "b", "area_ha": 2.0},
    ]
    assert told(ledger) == [("read", "t.xlsx", "Read as XLSX, sheet `stands`; not read: `notes`.", 2)]


def test_rows_of_a_workbook_are_counted_as_excel_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cell, value in {"A1": "id", "B1": "kind", "C1": "area_ha", "A2": "S1", "B2": "a", "C2": 1}.items():
        sheet[cell] = value
    sheet["A9"], sheet["B9"], sheet["C9"] = "S2", "a", datetime.date(2026, 1, 2)
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(TableError) as caught:
        read_table(tmp_path / "t.xlsx", SPEC, Ledger())
    (fault,) = caught.value.faults
    assert fault.where.endswith("t.xlsx:9")
    assert fault.what.startswith("area_ha (C9) = 2026-01-02")


def test_a_frame_is_checked_like_a_file() -> None:
    frame = pd.DataFrame({"id": ["S1", "S2"], "kind": ["a", "c"], "area_ha": [1.0, np.nan]})
    with pytest.raises(TableError) as caught:
        read_table("my frame", SPEC, Ledger(), frame=frame)
    assert [(fault.where, fault.what) for fault in caught.value.faults] == [
        ("my frame:3", "kind = c"),
        ("my frame:3", "area_ha = nan"),
    ]
    ledger = Ledger()
    good = frame.assign(kind="a", area_ha=1.0)
    assert read_table("my frame", SPEC, ledger, frame=good).equals(good)
    assert len(ledger) == 0


@pytest.mark.parametrize(
    ("cell", "number"), [("1.5", 1.5), (" 2 ", 2.0), ("1e3", 1000.0), (7, 7.0), ("-0", 0.0), ("１２", 12.0)]
)
def test_numbers_are_read(cell: object, number: float) -> None:
    assert number_in(cell) == (number, "")


@pytest.mark.parametrize("cell", ["", " ", None, "NaN", "n/a", "NULL", "-", float("nan"), "#N/A"])
def test_empty_cells_are_empty(cell: object) -> None:
    value, mend = number_in(cell)
    assert np.isnan(value)
    assert mend == ""


@pytest.mark.parametrize(
    "cell", ["12 ha", "1,200", "inf", True, "two", datetime.date(2026, 1, 1), "3/4", "#REF!"]
)
def test_what_is_no_number_comes_with_a_mend(cell: object) -> None:
    value, mend = number_in(cell)
    assert np.isnan(value)
    assert mend.startswith(("Must be a", "Excel"))


def test_numbers_in_a_text_column_are_text_without_a_fraction() -> None:
    assert text_in(101.0) == ("101", "")
    assert text_in(1.5) == ("1.5", "")
    assert text_in("  ") == (None, "")


def test_a_domain_reads_as_a_sentence() -> None:
    assert Column("x", "number", low=0, high=1, low_open=True).domain() == "> 0 and <= 1"
    assert Column("x", "choice", choices=("a", "b")).domain() == "one of `a`, `b`"
    assert Column("x", "number").domain() == ""
