# SPDX-License-Identifier: Apache-2.0
"""Series from tables: dates, rows that are chosen and joined, and every fault with row, value and mend."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from index_records import ROOT, manaus

from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.series import Series
from greenrisk.resource.index_cover.series_dates import step_of
from greenrisk.resource.index_cover.series_reading import read_series
from greenrisk.resource.index_cover.series_spec import PackagedSeries, TableSeries

FIRES = "fires_jiangxi_neighbours_2009_2021.csv"
NEIGHBOURS = ("Anhui", "Fujian", "Guangdong", "Hubei", "Hunan", "Zhejiang")


def sources(folder: Path) -> Sources:
    return Sources(folder, lambda key: "scenario.yaml:" + ".".join(map(str, key)), Ledger())


def read(folder: Path, text: str | None = None, **more: Any) -> tuple[Series | None, list[str], list[str]]:
    """Return a series of the file ``level.csv``, the faults, and the details of the ledger."""
    if text is not None:
        (folder / "level.csv").write_text(text, encoding="utf-8")
    spec = TableSeries(**{"kind": "table", "file": "level.csv", "value": "level", "unit": "m", **more})
    there = sources(folder)
    series = read_series("stage", spec, ("series", "stage"), there)
    assert (series is None) == (len(there.faults) > 0)
    faults = [str(fault).replace(f"{folder}/", "") for fault in there.faults]
    return series, faults, [entry.detail for entry in there.ledger]


def test_the_manaus_record_comes_whole_and_bears_where_it_came_from() -> None:
    there = sources(ROOT / "scenarios")
    spec = TableSeries(
        kind="table", file="manaus_rio_negro_monthly_level", value="level", unit="m", note="An anomaly."
    )
    series = read_series("stage", spec, ("series", "stage"), there)
    assert series is not None
    assert (series.step, series.unit, series.note) == ("month", "m", "An anomaly.")
    np.testing.assert_array_equal(series.value, manaus())
    assert [str(day) for day in series.time[[0, -1]]] == ["1903-01-01", "1992-12-01"]
    assert series.origin.rows == frozenset(range(2, 1082))
    raw = (ROOT / "data" / "manaus_rio_negro_monthly_level.csv").read_bytes()
    assert series.origin.file == hashlib.sha256(raw).hexdigest() == next(iter(there.inputs.values()))


def test_every_month_of_the_manaus_record_has_a_mean_of_nought() -> None:
    # What the description of the file says: no gauge and no season are in it.
    assert np.abs(manaus().reshape(90, 12).mean(axis=0)).max() < 5e-6


def test_the_sum_of_six_provinces_shares_no_row_with_the_seventh(tmp_path: Path) -> None:
    there = sources(ROOT / "data")
    common: dict[str, Any] = {"kind": "table", "file": FIRES, "value": "damaged_forest_ha", "unit": "ha"}
    own = read_series("own", TableSeries(**common, where={"province": "Jiangxi"}), ("series", "own"), there)
    around = read_series(
        "around",
        TableSeries(**common, where={"province": NEIGHBOURS}, combine="sum"),
        ("series", "around"),
        there,
    )
    assert own is not None
    assert around is not None
    assert own.step == around.step == "year"
    # 2009 by hand: six areas of that year as the file has them.
    assert own.value[0] == 3299.82
    assert around.value[0] == pytest.approx(311.1 + 11010.58 + 1268.76 + 473.45 + 10109.93 + 1579.55)
    assert len(around.origin.rows) == 78
    assert own.origin.shared(around.origin) == 0
    assert own.origin.shared(own.origin) == 13


def test_a_province_that_lacks_a_year_is_missed_and_not_summed_away(tmp_path: Path) -> None:
    text = "year,province,level\n2001,A,1\n2001,B,2\n2002,A,1\n2003,A,1\n2003,B,2\n"
    _, faults, _ = read(tmp_path, text, where={"province": ("A", "B")}, combine="sum")
    assert faults == [
        "level.csv  2002-01-01: no row of province = B\n"
        "  The sum of this date would lack it. Add the row, with an empty value if it is not known."
    ]
    series, _, _ = read(
        tmp_path, text.replace("2003,A", "2002,B,\n2003,A"), where={"province": ("A", "B")}, combine="sum"
    )
    assert series is not None
    np.testing.assert_array_equal(series.value, [3.0, np.nan, 3.0])  # an unknown part makes the sum unknown


def test_months_that_are_not_there_are_missing_and_told(tmp_path: Path) -> None:
    series, _, told = read(
        tmp_path, "date,level\n2001-01-31,1\n2001-02-28,2\n2001-03-31,\n2001-05-31,5\n2001-06-30,6\n"
    )
    assert series is not None
    assert series.step == "month"
    np.testing.assert_array_equal(series.value, [1, 2, np.nan, np.nan, 5, 6])
    assert [str(day) for day in series.time[:2]] == ["2001-01-01", "2001-02-01"]
    assert told == ["2 of 6 months are missing; the longest gap is of 2 from 2001-03 on."]


def test_days_over_a_leap_day_follow_each_other(tmp_path: Path) -> None:
    series, _, told = read(tmp_path, "year,month,day,level\n2004,2,28,1\n2004,2,29,2\n2004,3,1,3\n")
    assert series is not None
    assert (series.step, series.value.tolist(), told) == ("day", [1, 2, 3], [])


@pytest.mark.parametrize(
    "cell",
    ["2004-02-28", "2004/2/28", "2004.02.28", "2004年2月28日", "2004-02-28 00:00:00", "2004-02-28T00:00"],
)
def test_dates_that_begin_with_the_year_are_read(tmp_path: Path, cell: str) -> None:
    series, faults, _ = read(tmp_path, f"date,level\n{cell},1\n2004-02-29,2\n")
    assert faults == []
    assert series is not None
    assert str(series.time[0]) == "2004-02-28"


ALL_AT_ONCE = """date,level,unit
1950-01-01,1.5,m
1950-01-03,1.6,m
1950-01-02,1.7,m
1950-01-03,1.8,m
03/04/1950,1.9,m
1950-02-30,2.0,m
18300,2.0,m
1950-01-09 06:00,2.0,m
1950-01-10,2.1 m,m
1950-01-11,"1,250",m
1950-01-12,700,ft
1950-01-13,701,ft
1950-01-14,2.2,m
"""


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    _, faults, _ = read(tmp_path, ALL_AT_ONCE)
    assert faults == [
        "level.csv:12  unit = ft\n"
        "  The series is in m up to here. Convert `level` of these rows, and write one unit throughout.",
        "level.csv:14  unit = m\n  The rows before are in ft. Write one unit throughout.",
        "level.csv:6  date = 03/04/1950\n"
        "  Day and month cannot be told apart. Write it as `YYYY-MM-DD`, such as 1998-08-07.",
        "level.csv:7  date = 1950-02-30\n  There is no such day. Check year, month and day.",
        "level.csv:8  date = 18300\n"
        "  A day's number of a spreadsheet. Format the column as a date. Write it as `YYYY-MM-DD`, such as 1998-08-07.",
        "level.csv:9  date = 1950-01-09 06:00\n"
        "  Holds a time of day. A series has one value a day at most: sum or average first.",
        "level.csv:10  level = 2.1 m\n"
        "  Must be a number alone. Take `m` away: the column's name bears the unit.  [m]",
        "level.csv:11  level = 1,250\n"
        "  Must be a number. Write it without separators between the thousands.  [m]",
        "level.csv:4  date = 1950-01-02\n  Comes after 1950-01-03 of row 3. Sort the rows by date.",
        "level.csv:5  date = 1950-01-03\n"
        "  Row 3 has this date too. Keep one, or say by `combine` how they become one.",
    ]


def test_a_unit_other_than_the_scenarios_from_the_first_row_on_is_refused(tmp_path: Path) -> None:
    _, faults, _ = read(tmp_path, "year,level,unit\n2001,1,cm\n2002,2,cm\n")
    assert faults == [
        "level.csv:2  unit = cm\n"
        "  The scenario says m. Write `unit: cm`, with triggers in it, or convert the column."
    ]


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        (
            "year,level\n2001,\n2002,\n",
            {},
            "level.csv  level is empty in all 2 rows\n  A series needs values.",
        ),
        (
            "year,levle\n2001,1\n2002,2\n",
            {},
            "level.csv  no column `level`\n  `value` names it. Did you mean `levle`? The table has `year`, `levle`.",
        ),
        (
            "time,level\n2001,1\n2002,2\n",
            {},
            "level.csv  no column `date`\n  The table needs `date`, or `year` (and `month` and `day`).",
        ),
        (
            "year,gauge,level\n2001,Manaus,1\n2002,Manaus,2\n",
            {"where": {"gauge": "Manus"}},
            "level.csv  where gauge = Manus\n  No row has it. Did you mean `Manaus`? The column holds `Manaus`.",
        ),
        (
            "year,a,b,level\n2001,1,2,1\n2002,3,4,2\n",
            {"where": {"a": 1, "b": 4}},
            "level.csv  where\n  No row meets all its conditions. Check them together.",
        ),
        (
            "date,level\n2001-01-01,1\n2001-01-08,2\n2001-01-15,2\n",
            {},
            "scenario.yaml:series.stage.file  file = level.csv\n  Its dates lie 7 days apart. A series is of days, "
            "months or years: fill or join the dates first.",
        ),
        (
            "year,level\n2001,1\n",
            {},
            "scenario.yaml:series.stage.file  file = level.csv\n  Holds one date. A series has two or more.",
        ),
        (
            "year,month,level\n2001,13,1\n2001,x,1\n",
            {},
            "level.csv:2  year = 2001, month = 13\n  There is no such day. Check year, month and day.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_mend(
    tmp_path: Path, text: str, more: dict[str, Any], told: str
) -> None:
    _, faults, _ = read(tmp_path, text, **more)
    assert faults[0] == told


def test_many_faults_of_one_kind_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"2001-01-{day:02d},x\n" for day in range(1, 29))
    _, faults, _ = read(tmp_path, f"date,level\n{rows}")
    assert len(faults) == 11
    assert not any("is empty" in fault for fault in faults)
    assert "... and 18 more" in "\n".join(faults)


def test_a_file_that_is_not_there_is_told_at_its_key(tmp_path: Path) -> None:
    _, faults, _ = read(tmp_path)
    assert faults[0].startswith(
        "scenario.yaml:series.stage.file  series.stage.file = level.csv\n  No such file"
    )


def test_a_workbook_with_true_dates_gives_the_same_series(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["date", "level"])
    for day, value in (("2004-02-28", 1.0), ("2004-02-29", None), ("2004-03-01", 3.0)):
        sheet.append([np.datetime64(day).item(), value])
    book.save(tmp_path / "level.xlsx")
    series, faults, _ = read(tmp_path, file="level.xlsx")
    assert faults == []
    assert series is not None
    np.testing.assert_array_equal(series.value, [1.0, np.nan, 3.0])


def test_rows_of_a_date_are_joined_as_the_scenario_says(tmp_path: Path) -> None:
    text = "year,month,level\n2001,1,4\n2001,2,1\n2001,1,8\n2001,2,3\n"
    for combine, wanted in (("sum", [12, 4]), ("mean", [6, 2]), ("min", [4, 1]), ("max", [8, 3])):
        series, _, _ = read(tmp_path, text, combine=combine)
        assert series is not None
        assert series.value.tolist() == wanted


def test_the_nile_comes_with_statsmodels_and_its_file_is_hashed() -> None:
    there = sources(ROOT)
    series = read_series(
        "nile", PackagedSeries(kind="statsmodels", dataset="nile"), ("series", "nile"), there
    )
    assert series is not None
    assert (series.step, series.value.size, series.file) == ("year", 100, "statsmodels: nile")
    # Cobb 1978, table 1: the first and the last flow, in 10^8 m3.
    assert series.value[[0, -1]].tolist() == [1120.0, 740.0]
    assert [str(day)[:4] for day in series.time[[0, -1]]] == ["1871", "1970"]
    assert there.inputs == {"statsmodels nile.csv": series.origin.file}


def test_steps_are_told_apart() -> None:
    days = np.array(["2001-01-31", "2001-02-28", "2001-03-31"], dtype="datetime64[D]")
    assert step_of(days) == "month"
    assert step_of(np.array(["2001-06-30", "2002-06-30", "2004-06-30"], dtype="datetime64[D]")) == "year"
    assert step_of(np.array(["2001-12-31", "2002-01-01", "2002-01-02"], dtype="datetime64[D]")) == "day"
    assert step_of(np.array(["2001-01-01", "2001-01-11", "2001-01-21"], dtype="datetime64[D]")) is None
