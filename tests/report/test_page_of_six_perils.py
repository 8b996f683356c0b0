# SPDX-License-Identifier: Apache-2.0
"""The page of a real run of six perils has every part that a reader was promised, and claims no agreement."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook


@pytest.fixture(scope="module")
def source(real_run: Path) -> str:
    """The file as it is."""
    return (real_run / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words(source: str) -> str:
    """What a reader reads, on one line."""
    body = re.sub(r"<style.*?</style>|<script.*?</script>|<svg.*?</svg>", " ", source, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize(
    "section",
    [
        "answer",
        "how",
        "results",
        "premium-file",
        "subsidy-rules",
        "terms",
        "county-rates",
        "named-events",
        "reinsurance",
        "catastrophe-reserve",
        "claims",
        "data-quality",
        "changes",
        "checks",
        "inputs",
        "ledger",
    ],
)
def test_a_section_stands_there_and_in_the_contents(source: str, section: str) -> None:
    assert source.count(f'<section id="{section}"') == 1
    assert f'href="#{section}"' in source


@pytest.mark.parametrize(
    "figure",
    [
        "waterfall",
        "perils",
        "peril-years",
        "worst-years",
        "exceedance",
        "tornado",
        "terms",
        "named-events",
        "known-year",
        "subsidy",
        "rate-map",
    ],
)
def test_a_figure_stands_there_with_its_numbers_behind_it(source: str, figure: str) -> None:
    """Loss by peril and year, diversification, terms side by side, named events, the known year among them."""
    begin = source.index(f'id="figure-{figure}"')
    drawn = source[begin : source.index("</figure>", begin)]
    assert "<svg" in drawn
    assert "<table" in drawn


def test_the_first_screen_says_how_much_rests_on_judgement(words: str) -> None:
    answer = words[: words.index("What would change the premium most")]
    assert re.search(
        r"\d+(\.\d+)? % of the pure premium \(CNY [\d,.]+( million)?\) is for perils whose cards", answer
    )
    assert re.search(
        r"% of what we do not know about the premium comes from illustrative or unconfirmed cards", answer
    )
    assert "by amount are loadings that rest on judgement alone" in answer


def test_2015_is_compared_in_every_figure_and_agrees_with_nothing(words: str) -> None:
    begin = words.index("2015 compared with the model's years")
    said = words[begin : words.index("Jiangxi counted", begin)]
    for figure in ("0.622", "1.07", "380", "453", "0.600", "1.68"):
        assert figure in said
    assert "a loss ratio of 0.6" in said
    assert "A claim is here one damaged stand" in said
    assert "Fire at its value of 2015" in said
    assert not re.search(r"\bagree", said)


def test_independence_of_perils_is_said_to_be_an_assumption(words: str) -> None:
    assert (
        "Perils strike independently of each other, given the cards: that is an assumption of the model"
        in words
    )


def test_each_named_event_has_its_cost_return_period_and_what_is_kept(words: str) -> None:
    begin = words.index("What each would cost")
    said = words[begin : words.index("Reinsurance", begin)]
    for event in (
        "An ice storm like that of early 2008",
        "A fire of 300 ha in March",
        "a strong typhoon crosses",
    ):
        assert event in said
    for head in ("As much or more once in", "Knowledge, 90 %", "Kept by the insurer", "Paid area"):
        assert head in said


def test_the_workbook_recomputes_the_premium_and_is_formatted(real_run: Path) -> None:
    book = load_workbook(real_run / "results.xlsx")
    formulas = {
        sheet.title: sum(
            isinstance(cell.value, str) and cell.value.startswith("=") for row in sheet.rows for cell in row
        )
        for sheet in book
    }
    assert max(formulas.values()) > 20
    shown = [sheet for sheet in book if sheet.title not in ("README",)]
    assert all(sheet.freeze_panes for sheet in shown if sheet.max_row > 2)
