# SPDX-License-Identifier: Apache-2.0
"""Charts of an index cover on groups made by hand: titles and tables follow the numbers, odd groups still draw."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest
from index_groups_by_hand import (
    LOSS,
    PAID,
    backtest,
    backtest_power,
    backtest_summary,
    basis,
    history,
    long_history,
    pairs,
    payout_function,
    record,
    simulated_pairs,
    treatments,
)

from greenrisk.report.charts.index_backtest import FIGURES, index_backtest_chart
from greenrisk.report.charts.index_payout import index_payout_chart
from greenrisk.report.charts.index_quadrants import index_quadrants_chart
from greenrisk.report.charts.index_strip import index_strip_chart
from greenrisk.report.charts.index_treatments import index_treatments_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.resource.index_cover.backtest_summary import counts_of, halves_of, scores_of, sums_of
from greenrisk.resource.index_cover.payout_spec import LinearPayout

CHARTS: dict[str, Callable[[], Chart]] = {
    "quadrants": lambda: index_quadrants_chart(pairs(), basis()),
    "quadrants-simulated": lambda: index_quadrants_chart(simulated_pairs(), basis(simulated=True)),
    "strip": lambda: index_strip_chart(history()),
    "strip-without-loss": lambda: index_strip_chart(long_history()),
    "payout": lambda: index_payout_chart(payout_function(), record()),
    "payout-of-two": lambda: index_payout_chart(payout_function(2), record(treated=False)),
    "treatments": lambda: index_treatments_chart(treatments()),
    "backtest": lambda: index_backtest_chart(backtest(), backtest_summary(), backtest_power()),
}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2212", "-")


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_well_formed_small_repeatable_and_tells_values(name: str) -> None:
    chart = CHARTS[name]()
    again = CHARTS[name]()
    assert (chart.wide, chart.narrow) == (again.wide, again.narrow)
    for svg in (chart.wide, chart.narrow):
        root = ElementTree.fromstring(svg)
        assert root.get("aria-label") == chart.alt
        spots = [e for e in root.iter() if e.get("class") == "hit"]
        assert spots
        assert all(e[0].text for e in spots)
        assert len(svg) < 160_000
        assert "nan" not in svg.lower()
    assert chart.title in chart.alt
    assert chart.note.endswith(".")
    assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
    assert "nan" not in f"{chart.title} {chart.note}".lower()


def test_quadrants_count_and_name_what_was_missed() -> None:
    chart = index_quadrants_chart(pairs(), basis())
    assert chart.title == "Of the 3 worst of 13 years, 2 went unpaid; 2 of 3 paid years are not among them"
    for word in ("Among the worst, paid: 1 year", "Among the worst, not paid: 2 years", "Neither: 8 years"):
        assert f">{word}<" in chart.wide
    for year in (2009, 2010, 2011, 2012, 2014):
        assert f">{year}<" in chart.wide
        assert f">{year}<" in chart.narrow
    assert ">2015<" not in chart.wide
    assert "2 missed of 3 fits anything from 14 % to 98 % of such years" in plain(chart.note)
    total = chart.table.rows[-1]
    assert total[1].value == pytest.approx(1e6 * sum(LOSS))
    assert total[2].value == pytest.approx(1e6 * sum(PAID))
    assert total[1].text == "111"
    assert "2014: loss CNY 15.8 million, payment CNY 0 (loss, no payment)" in plain(chart.wide)


def test_quadrants_of_simulated_years_say_that_the_link_is_declared() -> None:
    chart = index_quadrants_chart(simulated_pairs(), basis(simulated=True))
    assert plain(chart.title) == "67 % of the worst years go unpaid, as the declared link has it"
    assert "declared by a card, not measured" in chart.note
    assert sum(row[1].value or 0 for row in chart.table.rows) == pytest.approx(1.0)


def test_a_cover_that_never_paid_says_so() -> None:
    quiet = pairs()
    quiet["payout"][:] = 0.0
    quiet["quadrant"][:] = "neither"
    nothing = basis()
    nothing["years"][:] = 0
    nothing["value"][:] = np.nan
    quiet.attrs["loss_edge"] = np.nan
    chart = index_quadrants_chart(quiet, nothing)
    assert chart.title == "In 13 years with losses the cover paid nothing"
    assert "what a bad year would bring is not known" in chart.note


def test_the_strip_adds_up_what_payments_met() -> None:
    chart = index_strip_chart(history())
    # the lesser of loss and payment: 20 + 6 + 4.1 = 30.1 of 111.2
    assert plain(chart.title) == (
        "Of CNY 111 million lost in 13 years, payments of the same years met 27 %; most stayed open in 2014: "
        "CNY 15.8 million"
    )
    assert ">Paid beyond the loss<" in chart.wide
    assert "2012: loss CNY 4.10 million, payment CNY 6.00 million, CNY 1.90 million paid beyond" in plain(
        chart.wide
    )
    assert [column.label for column in chart.table.columns] == [
        "Year",
        "Loss",
        "Payment",
        "Loss less payment",
    ]


def test_the_strip_without_a_loss_counts_paid_years_and_the_longest_pause() -> None:
    chart = index_strip_chart(long_history())
    assert chart.title == "The cover would have paid in 8 of 90 years, and nothing for 36 years from 1927 on"
    assert "No loss of these years is recorded" in chart.note
    assert [column.label for column in chart.table.columns] == ["Year", "Payment"]


def test_years_that_a_treatment_drops_bear_no_bar_and_are_counted() -> None:
    cut = long_history()
    cut["payout"][:40] = np.nan
    chart = index_strip_chart(cut)
    # kept: 1943 to 1992; paid 1963, 1982, 1991
    assert chart.title == "The cover would have paid in 3 of 50 years, and nothing for 20 years from 1943 on"
    assert "40 years are not known or not kept" in chart.note


def test_the_payout_function_is_told_by_its_corners_and_the_years_that_reached_it() -> None:
    chart = index_payout_chart(payout_function(), record())
    assert (
        plain(chart.title)
        == "Values below -4.00 m are paid, in full from -5.50 m on; 5 of 90 years reached them"
    )
    for year in (1906, 1909, 1926, 1963, 1982):
        assert f">{year}<" in chart.wide
    # (4.6 - 4) / 1.5 = 40 %
    assert "1909: -4.60 m, 40 % of the sum insured" in plain(chart.wide)
    assert ">as recorded<" in chart.wide
    assert (
        "5 paid years of 90: how steep the line should be where it pays is not told by so few." in chart.note
    )
    first = chart.table.rows[0]
    assert [cell.text for cell in first[:1]] == ["1926"]
    assert first[3].value == pytest.approx(1.0)


def test_a_record_that_nothing_was_done_to_has_one_row_of_marks() -> None:
    chart = index_payout_chart(payout_function(), record(treated=False))
    assert ">as recorded<" not in chart.wide
    assert ">years<" in chart.wide


def test_across_the_jump_of_a_tier_nothing_between_is_told() -> None:
    chart = index_payout_chart(payout_function(2), record())
    shares = {round(row[4].value or 0.0, 9) for row in chart.table.rows if row[0].text == "flood"}
    assert shares <= {0.0, 0.4, 1.0}
    assert "flood: values above 100 m³/s are paid, in full from 300 m³/s on" in plain(chart.title)


def test_treatments_are_told_by_their_factor_without_the_refused_one() -> None:
    chart = index_treatments_chart(treatments())
    assert plain(chart.title) == (
        "The treatment of the record moves the pure premium by a factor of 3.2: CNY 1.20 to 3.80 million a year; used "
        "here: years before the step moved"
    )
    assert "Line taken out: refused. The record has a step after 1898" in chart.note
    assert "21 of 100 years paid; used here" in chart.wide
    assert [row[0].note for row in chart.table.rows] == ["", "refused", "used here", ""]


def test_a_treatment_without_a_price_still_has_its_row() -> None:
    gone = treatments()
    for name in ("pure_premium_burn", "burn_low", "burn_high", "pure_premium_law"):
        gone[name][1] = np.nan
    chart = index_treatments_chart(gone)
    assert ">no price<" in chart.wide
    assert chart.table.rows[1][1].text == "\u2013"


@pytest.mark.parametrize(
    ("burn", "told"),
    [
        ([0.0, 0.0, 0.0, 0.0], "However the record is treated, nothing is charged"),
        (
            [0.0, 1e6, 2e6, 1e6],
            "The treatment of the record decides the premium: from nothing to CNY 2.00 million a year",
        ),
        (
            [1e6, 2e6, 1.05e6, 1e6],
            "However the record is treated, the pure premium is CNY 1.00 to 1.05 million a year",
        ),
    ],
)
def test_titles_of_treatments_follow_the_numbers(burn: list[float], told: str) -> None:
    changed = treatments()
    changed["pure_premium_law"][:] = burn
    assert plain(index_treatments_chart(changed).title) == f"{told}; used here: years before the step moved"


def test_the_test_out_of_sample_tells_sums_and_what_it_can_notice() -> None:
    chart = index_backtest_chart(backtest(), backtest_summary(), backtest_power())
    assert plain(chart.title) == (
        "Priced before each of 45 years, premiums of CNY 13.5 million by the law met payouts of CNY 9.00 million in 3 "
        "paid years; a frequency 2 times as high as priced would be noticed with a chance of 36 %"
    )
    assert "3 paid years are few" in chart.note
    assert ">36\u00a0%<" in chart.wide
    assert [plain(row[1].text) for row in chart.table.rows] == ["3.00 year", "4.50 year", "CNY -4.50 million"]


def test_numbers_behind_the_test_bear_words_not_keys() -> None:
    """Each figure that a test can have has words; the chart and the table below it use the same."""
    chance, paid = np.array([0.2, 0.3]), np.array([True, False])
    made = (
        *counts_of(chance, paid),
        *sums_of(chance, chance, chance, 1, 1),
        *scores_of(chance, chance, paid),
        *halves_of(
            LinearPayout(kind="linear", index="stage", pays="below", trigger=1.0, exit=0.0),
            np.arange(1950, 1954),
            np.array([0.5, 2.0, 2.0, 0.5]),
        ),
    )
    assert {one.name for one in made} == set(FIGURES)
    rows = index_backtest_chart(backtest(), backtest_summary(), backtest_power()).table.rows
    assert [row[0].text for row in rows][:2] == ["Paying years, seen", "Paying years, expected by the law"]


def test_a_test_without_a_summary_shows_its_years() -> None:
    chart = index_backtest_chart(backtest(), backtest_summary().isel(figure=slice(0)), backtest_power())
    assert len(chart.table.rows) == 45


def test_a_year_without_a_law_has_no_price_by_law() -> None:
    partly = backtest()
    partly["premium_law"][:10] = np.nan
    chart = index_backtest_chart(partly, backtest_summary(), backtest_power())
    assert "1948: payout CNY 0; premium CNY 300,000 by the mean of the years before<" in plain(chart.wide)
