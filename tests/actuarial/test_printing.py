# SPDX-License-Identifier: Apache-2.0
"""Figures and tables as they print, and the names that tables carry."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.exceedance import exceedance, exceedance_curves
from greenrisk.actuarial.labels import column_names, row_labels
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.printing import WIDTH, amounts, counted, error, figure, name_of, percent, table
from greenrisk.actuarial.samples import Sample


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0, "0"),
        (0.0123456789, "0.0123457"),
        (1234.5678, "1,234.57"),
        (999_999.7, "1,000,000"),
        (12_345_678.9, "12,345,700"),
        (-12_345_678.9, "-12,345,700"),
        (2.5e17, "2.5e+17"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_a_figure_has_six_digits_and_separated_thousands(value: float, told: str) -> None:
    assert figure(value) == told


def test_an_error_has_two_digits_and_no_power_of_ten_where_it_is_money() -> None:
    assert [error(v) for v in (12_345.0, 12.345, 0.0012345, 3.14159e-9, 0.0)] == [
        "12,000",
        "12",
        "0.0012",
        "3.1e-09",
        "0",
    ]


def test_amounts_of_one_table_have_the_same_decimals_and_add_up() -> None:
    assert amounts([1234.0, 0.5, 1234.5]) == ["1,234.00", "0.50", "1,234.50"]
    assert amounts([1_234_567.4, 2.0, math.inf]) == ["1,234,567", "2", "inf"]
    assert amounts([0.0, 0.0]) == ["0", "0"]


def test_shares_counts_and_paths_are_words() -> None:
    assert (percent(0.12345), percent(math.nan)) == ("12.3%", "nan")
    assert (counted(1, "loss"), counted(1234, "year")) == ("1 loss", "1,234 years")
    assert (name_of(("north", 3)), name_of("north")) == ("north / 3", "north")


def test_words_stand_to_the_left_and_figures_to_the_right() -> None:
    told = table(("risk", "mean"), [("a", "1,000"), ("long name", "5")])
    assert told.splitlines() == [
        "risk        mean",
        "a          1,000",
        "long name      5",
    ]


def test_chinese_names_take_two_columns_a_character() -> None:
    told = table(("risk", "mean"), [("成都市", "1"), ("abcdef", "2")])
    assert told.splitlines() == ["risk    mean", "成都市     1", "abcdef     2"]


def test_of_many_rows_the_first_and_the_last_are_shown() -> None:
    lines = table(("n", "square"), [(str(k), str(k * k)) for k in range(1000)], most=4).splitlines()
    assert [line.split()[0] for line in lines] == ["n", "0", "1", "...", "998", "999"]
    assert "... 996 more" in lines[3]


def test_columns_that_do_not_fit_follow_below_with_the_names_of_the_rows() -> None:
    heads = ["row", *(f"segment {k}" for k in range(20))]
    told = table(heads, [["gross", *(["1,234,567"] * 20)]])
    assert max(len(line) for line in told.splitlines()) <= WIDTH
    assert sum(line.startswith("gross") for line in told.splitlines()) == len(told.split("\n\n")) > 1
    assert sum(line.count("1,234,567") for line in told.splitlines()) == 20


def test_a_name_too_long_for_a_column_is_cut() -> None:
    assert table(("name", "x"), [("y" * 80, "1")]).splitlines()[1] == "y" * 31 + "…  1"


def test_labels_are_those_of_a_dataframe_and_none_for_an_array() -> None:
    frame = pd.DataFrame([[1.0, 2.0]], index=["Sichuan"], columns=pd.Index(["fire", "pests"]))
    assert (row_labels(frame), column_names(frame)) == (("Sichuan",), ("fire", "pests"))
    wide = pd.DataFrame([[1.0]], columns=pd.MultiIndex.from_tuples([("fire", 2020)]))
    assert column_names(wide) == ("fire / 2020",)
    assert row_labels(pd.DataFrame([[1.0], [2.0]])) == ()
    for bare in (np.eye(2), [[1.0, 2.0]], ((1.0,),)):
        assert (row_labels(bare), column_names(bare)) == ((), ())


def test_samples_and_tables_of_events_do_not_print_every_event() -> None:
    assert repr(Sample(np.arange(1.0, 1001.0))) == "Sample(1,000 years, mean 500.5, worst 1,000)"
    weighted = Sample(np.array([3.0, 1.0]), np.array([0.5, 0.5]))
    assert repr(weighted) == "Sample(2 years (effective 2), mean 2, worst 3)"
    events = EventTable.of([5.0, 2000.0, 7.0], [0, 0, 9], 10)
    assert repr(events) == "EventTable(3 events in 10 years, losses of 2,012, greatest 2,000)"


def test_curves_print_a_row_a_return_period() -> None:
    found = exceedance(np.arange(1.0, 1001.0), [10.0, 100.0])
    lines = repr(found).splitlines()
    assert lines[0] == "Exceedance (annual), intervals of 90.0%"
    assert [line.split()[:2] for line in lines[2:]] == [["10", "900"], ["100", "990"]]
    year = np.arange(200)
    curves = exceedance_curves(EventTable.of(year + 1.0, year, 200), [10.0, 20.0])
    lines = repr(curves).splitlines()
    assert lines[0] == "ExceedanceCurves"
    # One event a year: the three curves are one.
    assert [(line.split()[1], line.split()[3], line.split()[5]) for line in lines[2:]] == [
        ("180", "180", "180"),
        ("190", "190", "190"),
    ]
