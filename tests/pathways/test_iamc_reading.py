# SPDX-License-Identifier: Apache-2.0
"""IAMC tables: wide and long, what is left out and told, and every fault with its row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.pathways.files import merged, read_pathway_file
from greenrisk.pathways.iamc import read_iamc

WIDE = """\
,Model,Scenario,Region,Variable,Unit,2020,2025,2030,2065
7,M,Low,China,Price|Carbon,US$2010/t CO2,1.5,,3,
9,M,Low,World,Price|Carbon,US$2010/t CO2,2,2.5,4,
"""

KEY = ["model", "scenario", "region", "variable", "unit"]


def written(folder: Path, text: str, name: str = "paths.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def faults_of(path: Path) -> list[str]:
    with pytest.raises(TableError) as raised:
        read_pathway_file(path)
    return [str(fault).replace(str(path), path.name) for fault in raised.value.faults]


def test_a_wide_table_becomes_long_without_its_index_and_its_empty_years(tmp_path: Path) -> None:
    ledger = Ledger()
    table = read_pathway_file(written(tmp_path, WIDE), ledger)
    china = table.data[table.data["region"] == "China"]
    assert china["year"].tolist() == [2020, 2030]
    assert china["value"].tolist() == [1.5, 3.0]
    assert set(table.data["row"]) == {2, 3}
    origin = table.origin[0]
    assert (origin.layout, origin.rows, origin.empty_years, origin.empty_values) == ("wide", 2, (2065,), 1)
    assert origin.ignored == ()
    assert [(line.detail, line.count) for line in ledger] == [
        ("Years without any value were left out: 2065.", 1),
        ("Empty cells: no value of that year.", 1),
    ]


def test_headers_in_capitals_and_other_names_of_columns_are_known() -> None:
    frame = pd.DataFrame(
        {
            "MODEL": ["M", "M"],
            "Scenario": ["S", "S"],
            "scenario_geography": ["Global", "Global"],
            "variable": ["Price|Carbon"] * 2,
            "UNIT": ["US$2010/t CO2"] * 2,
            "Year": [2020, 2021],
            "carbon_tax": [0.0, 50.0],
        }
    )
    table = read_iamc(frame, "tax.csv")
    assert table.origin[0].layout == "long"
    assert table.data["region"].tolist() == ["Global", "Global"]
    assert table.data["value"].tolist() == [0.0, 50.0]


def test_a_workbook_reads_as_the_same_text_does_and_its_notes_are_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in WIDE.splitlines():
        cells = line.split(",")
        sheet.append(
            [int(cell) if cell.isdigit() else float(cell) if _number(cell) else cell for cell in cells]
        )
    sheet.append(["", "Cite: NGFS, phase 5"])
    book.save(tmp_path / "paths.xlsx")
    ledger = Ledger()
    mine = read_pathway_file(tmp_path / "paths.xlsx", ledger)
    theirs = read_pathway_file(written(tmp_path, WIDE))
    columns = [*KEY, "year", "value"]
    pd.testing.assert_frame_equal(mine.data[columns], theirs.data[columns])
    assert mine.origin[0].notes == 1
    assert "Rows that hold one text and no data." in [line.detail for line in ledger]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_every_fault_of_a_wide_table_is_told_with_its_row(tmp_path: Path) -> None:
    text = (
        WIDE
        + "1,M,Low,China,Price|Carbon,US$2010/t CO2,9,9,9,\n1,M,High,,Price|Carbon,US$2010/t CO2,1%,x,3,\n"
    )
    assert faults_of(written(tmp_path, text)) == [
        "paths.csv:4  M, Low, China, Price|Carbon, US$2010/t CO2\n"
        "  This series stands already in row 2. Keep one.",
        "paths.csv:5  region =\n  This cell is empty. Fill in the region.",
        "paths.csv:5  2020 = 1%\n  Must be a number alone: where the column holds a share, write 0.01 for 1%.",
        "paths.csv:5  2025 = x\n  Must be a number.",
    ]


def test_years_must_rise_and_columns_must_be_there(tmp_path: Path) -> None:
    text = "Model,Scenario,Regions,Variable,Unit,2025,2020\nM,S,China,V,K,1,2\n"
    assert faults_of(written(tmp_path, text)) == [
        "paths.csv:1  region\n  This column is missing. Is it the column regions? Then rename it. "
        "An IAMC table has it.",
        "paths.csv:1  2025, 2020\n  The years must rise from left to right.  [year]",
    ]


def test_every_fault_of_a_long_table_is_told_with_its_row(tmp_path: Path) -> None:
    head = "model,scenario,region,variable,unit,year,value\n"
    rows = [
        "M,S,China,V,K,2030,1",
        "M,S,China,V,K,2025,1",
        "M,S,China,V,K,2030,2",
        "M,S,World,V,K,20.5,1",
        "M,S,World,V,K,,1",
        "M,S,World,V,K,2040,many",
    ]
    assert faults_of(written(tmp_path, head + "\n".join(rows) + "\n")) == [
        "paths.csv:3  year = 2025 after 2030 in row 2\n"
        "  The years of a series must rise. Sort the rows by year.  [year]",
        "paths.csv:4  M, S, China, V, K, 2030\n  This year of the series stands already in row 2. Keep one.",
        "paths.csv:5  year = 20.5\n  Must be a year such as 2030.  [year]",
        "paths.csv:6  year =\n  This cell is empty. Fill in the year.  [year]",
        "paths.csv:7  value = many\n  Must be a number.",
    ]


def test_wide_and_long_at_once_and_no_years_at_all_are_refused(tmp_path: Path) -> None:
    both = "model,scenario,region,variable,unit,year,value,2020\nM,S,R,V,K,2020,1,1\n"
    assert "Either a column for each year or year and value" in faults_of(written(tmp_path, both))[0]
    none = "model,scenario,region,variable,unit\nM,S,R,V,K\n"
    assert "Needs a column for each year" in faults_of(written(tmp_path, none))[0]


def test_a_table_without_any_value_is_refused(tmp_path: Path) -> None:
    text = "model,scenario,region,variable,unit,2020,2025\nM,S,R,V,K,,\n"
    assert faults_of(written(tmp_path, text)) == [
        "paths.csv  no values\n  Every cell below the years is empty. Fill in the values."
    ]


def test_many_faults_of_one_sort_are_counted(tmp_path: Path) -> None:
    text = "model,scenario,region,variable,unit,2020\n" + "".join(f"M,S{n},R,V,K,x\n" for n in range(30))
    told = faults_of(written(tmp_path, text))
    assert len(told) == 11
    assert "... and 20 more" in told[-1]


def test_a_series_of_two_files_is_refused_with_both_places(tmp_path: Path) -> None:
    one = read_pathway_file(written(tmp_path, WIDE))
    two = read_pathway_file(written(tmp_path, WIDE, "other.csv"))
    with pytest.raises(TableError, match=r"other\.csv:2  M, Low, China"):
        merged([one, two])


@settings(deadline=None)
@given(
    values=st.lists(
        st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=3, max_size=3), min_size=1, max_size=5
    )
)
def test_wide_and_long_say_the_same(values: list[list[float | None]]) -> None:
    assume(any(value is not None for row in values for value in row))
    years = [2020, 2030, 2050]
    keys = [["M", f"S{n}", "R", "V", "K"] for n in range(len(values))]
    wide = pd.DataFrame([[*key, *row] for key, row in zip(keys, values, strict=True)], columns=[*KEY, *years])
    long = pd.DataFrame(
        [
            [*key, year, value]
            for key, row in zip(keys, values, strict=True)
            for year, value in zip(years, row, strict=True)
        ],
        columns=[*KEY, "year", "value"],
    )
    columns = [*KEY, "year", "value"]
    mine, theirs = read_iamc(wide, "w").data[columns], read_iamc(long, "l").data[columns]
    assert mine["value"].to_numpy() == pytest.approx(theirs["value"].to_numpy())
    assert mine[["scenario", "year"]].to_numpy().tolist() == theirs[["scenario", "year"]].to_numpy().tolist()
    assert np.isfinite(mine["value"].to_numpy(dtype=float)).all()
