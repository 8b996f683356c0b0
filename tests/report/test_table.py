# SPDX-License-Identifier: Apache-2.0
"""Tables: words get the room they need, figures with and without an error stand below each other."""

from __future__ import annotations

import re

import pytest
from example_tree import example_ledger, example_manifest, example_tree

from greenrisk.report.html import render
from greenrisk.report.table import Cell, Column, figure, table, words


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["2023-2025", "Public-benefit"], "w line"),
        (["Flood and landslide", "Fire"], "w short"),
        (["洪水及滑坡、泥石流", "火灾"], "w short"),
        (["An ice storm like that of early 2008"], "w"),
        (["By a test by neighbours, since no boundaries are read"], "w long"),
    ],
)
def test_words_get_the_room_that_they_need(texts: list[str], style: str) -> None:
    heads = [Column("Words", number=False), *(Column(name) for name in "abc")]
    made = table("", heads, [[words(text), *(figure(1.0) for _ in "abc")] for text in texts])
    assert made.styles() == (style, "n", "n", "n")


def test_a_long_text_in_a_table_of_few_columns_takes_what_is_left() -> None:
    assert table("", [Column("What", number=False)], [[words("letters " * 9)]]).styles() == ("w",)


def test_a_word_with_a_tag_is_not_forced_on_one_line() -> None:
    assert table("", [Column("", number=False)], [[Cell("Fire", status="illustrative")]]).styles() == ("w",)


@pytest.mark.usefixtures("unpainted")
def test_a_sum_without_an_error_stands_below_the_figures_that_have_one() -> None:
    sums = table(
        "Sums",
        [Column("County", number=False), Column("Pure premium"), Column("Rate")],
        [[words("Fuliang"), figure(12.3, error=0.5), figure(1.0)], [words("All"), figure(20.1), figure(2.0)]],
        totals=1,
    )
    assert sums.styles() == ("w line", "n e", "n")
    html = render(example_tree(20, 20), example_ledger(), example_manifest())
    (row,) = re.findall(r"<tr class=\"total\">(?:(?!</tr>).)*>Commercial<.*?</tr>", html)
    assert row.count('<span class="se"></span>') == 2, "pure and gross premium of a forest type"


def test_a_head_keeps_a_number_and_its_per_cent_sign_together() -> None:
    (head, other) = table("", [Column("Knowledge, 90 %"), Column("Actual / expected")], []).columns
    assert head.label == "Knowledge, 90\u00a0%"
    assert other.label == "Actual\u00a0/ expected"
