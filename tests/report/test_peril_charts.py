# SPDX-License-Identifier: Apache-2.0
"""Figures by peril and of the known year: sentences follow the numbers, and odd results still draw."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr
from example_tree import example_tree

from greenrisk.report.charts.known_year import known_year_chart
from greenrisk.report.charts.peril_years import peril_years_chart
from greenrisk.report.charts.perils import (
    carries_sentence,
    diversification_sentence,
    perils_chart,
    worst_years_chart,
)
from greenrisk.report.charts.plate import Chart
from greenrisk.report.charts.products import products_chart
from greenrisk.report.pages.forest_perils import judged_amount_sentence, peril_cards, perils_table
from greenrisk.report.pages.forest_tables import card_lines


def group(path: str) -> xr.Dataset:
    return example_tree(stands=20, years=2000)[path].to_dataset()


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def charts() -> list[Chart]:
    perils = group("perils")
    return [
        perils_chart(perils),
        worst_years_chart(perils),
        peril_years_chart(group("losses")),
        known_year_chart(group("checks/known_year")),
    ]


def test_every_figure_is_well_formed_tells_values_and_has_its_numbers() -> None:
    for chart in charts():
        for svg in (chart.wide, chart.narrow):
            root = ElementTree.fromstring(svg)
            assert root.get("aria-label") == chart.alt
            assert [e for e in root.iter() if e.get("class") == "hit"]
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
        assert "agree" not in (chart.title + chart.alt + chart.note).lower()


def test_the_dearest_peril_is_named_and_fire_beside_it() -> None:
    # 152 / 380 = 40 %, 19 / 380 = 5 %
    assert plain(carries_sentence(group("perils"))) == (
        "Snow and ice carries 40 % of the pure premium, fire 5.0 %"
    )


def test_perils_that_the_simulation_cannot_order_are_named_together() -> None:
    # 152 and 76 are less than 2 x hypot(60, 60) = 170 apart; together 60 %
    perils = group("perils")
    perils["standard_error"][:] = 60_000.0
    assert plain(carries_sentence(perils)).startswith("Snow and ice and storm carry 60 % of the pure premium")


def test_the_cost_by_peril_stands_in_order_with_the_sum_below() -> None:
    table = perils_chart(group("perils")).table
    assert [row[0].text for row in table.rows] == [
        "Snow and ice", "Storm", "Flood and landslide", "Pests", "Drought", "Fire", "All perils",
    ]  # fmt: skip
    assert table.totals == 1
    assert table.rows[-1][2].text == "380.0"


def test_what_no_term_covers_has_a_column_only_where_there_is_some() -> None:
    perils = group("perils")
    assert "Not covered" not in [column.label for column in perils_chart(perils).table.columns]
    perils["uncovered"][1] = 5_000.0
    chart = perils_chart(perils)
    assert chart.table.columns[-1].label == "Not covered"
    assert [row[-1].text for row in chart.table.rows if row[0].text == "Fire"] == ["5.00"]


def test_diversification_is_told_by_share_and_amounts() -> None:
    # parts add to 9.6, the perils alone to 16.0: 40 % less
    assert plain(diversification_sentence(group("perils"))) == (
        "Insured together the perils cost 40 % less in the worst 1 in 100 years than apart: CNY 9.60 million on "
        "average instead of CNY 16.0 million"
    )


def test_the_parts_in_the_worst_years_add_up_to_the_whole() -> None:
    rows = worst_years_chart(group("perils")).table.rows
    parts = [float(row[3].value or 0.0) for row in rows]
    assert sum(parts[:-1]) == pytest.approx(parts[-1])
    assert rows[-1][4].text == "100\u00a0%"


def test_one_peril_alone_saves_nothing() -> None:
    perils = group("perils").sel(peril=["all", "wildfire"])
    assert (
        plain(diversification_sentence(perils)) == "The worst 1 in 100 years cost CNY 9.60 million on average"
    )
    assert carries_sentence(perils) == "The whole pure premium is for fire"
    assert perils_chart(perils).table.rows[0][0].text == "Fire"


def test_the_hundred_year_loss_of_a_peril_is_the_order_statistic_of_its_years() -> None:
    # 2,000 years, 1 in 100: rank 2,000 - 20 = 1,980 of the sorted years
    losses = group("losses")
    chart = peril_years_chart(losses)
    column = [c.label for c in chart.table.columns].index("Exceeded 1 in 100\u00a0years")
    years = np.sort(losses["peril_loss"].sel(peril="snow_ice").values)
    row = next(row for row in chart.table.rows if row[0].text == "Snow and ice")
    assert row[column].value == years[1979]
    assert f"{years[1979]:,.0f}"[:3] in chart.title
    worst = int(np.argmax(losses["peril_loss"].sel(peril="snow_ice").values))
    assert row[-1].text == str(losses["year"].values[worst])


def test_a_peril_that_never_strikes_is_not_drawn_but_stands_in_the_table() -> None:
    losses = group("losses")
    losses["peril_loss"][:, 3] = 0.0
    chart = peril_years_chart(losses)
    texts = ["".join(e.itertext()) for e in ElementTree.fromstring(chart.wide).iter("text")]
    assert "Storm" in texts
    assert "Drought" not in texts
    assert "Drought" in [row[0].text for row in chart.table.rows]


def test_years_without_any_loss_still_draw() -> None:
    losses, perils = group("losses"), group("perils")
    losses["peril_loss"] = 0.0 * losses["peril_loss"]
    for name in perils.data_vars:
        perils[name] = 0.0 * perils[name]
    assert peril_years_chart(losses).title == "No peril costs the policy anything even in a rare year"
    assert perils_chart(perils).title == "No peril costs anything in the simulated years"
    assert worst_years_chart(perils).title


def test_the_known_year_is_compared_and_its_note_and_fire_are_told() -> None:
    chart = known_year_chart(group("checks/known_year"))
    assert plain(chart.title) == (
        "2015 compared with the model's years: 0.620 CNY per mu were paid, 73 % of the model's years lie below"
    )
    assert "Compared, not fitted and not tested: one invented year." in chart.note
    assert "Fire at its value of 2015: invented." in chart.note
    assert [row[0].status for row in chart.table.rows] == [
        "confirmed", "confirmed", "unconfirmed", "illustrative",
    ]  # fmt: skip


def test_the_predictive_law_stands_beside_that_of_the_cards_values() -> None:
    known = group("checks/known_year")
    chart = known_year_chart(known)
    heads = [column.label.replace("\u00a0", " ") for column in chart.table.columns]
    assert heads[-2:] == ["Predictive, 90 %", "below"]
    assert chart.table.rows[0][-1].text.replace("\u00a0", " ") == "56 %"
    assert "thin bar: 90 % of the predictive law, over all draws of the cards" in chart.note
    assert "200 joint draws of invented cards" in chart.note
    older = known.drop_vars(["predictive_quantile", "predictive_share_below"])
    assert len(known_year_chart(older).table.columns) == len(chart.table.columns) - 2


def test_a_model_without_loss_still_stands_beside_the_known_year() -> None:
    known = group("checks/known_year")
    for name in ("mean", "pooled", "quantile"):
        known[name] = 0.0 * known[name]
    assert known_year_chart(known).table.rows[0][4].text == "0"


def test_judgement_is_told_by_amount_of_the_perils_that_no_data_made() -> None:
    perils, about = group("perils"), group("cards")
    cards = card_lines(group("tornado"), about)
    found = peril_cards(cards, about)
    assert sorted(found) == ["snow_ice", "storm", "wildfire"]
    # snow and ice 152, storm 76: 228 of 380
    assert plain(
        judged_amount_sentence(perils.sel(peril=["all", "wildfire", "storm", "snow_ice"]), found)
    ) == (
        "60 % of the pure premium (CNY 228,000) is for perils whose cards are illustrative: judgement, not data; only "
        "fire rests in part on data"
    )
    assert judged_amount_sentence(perils, found, own_years=True).endswith(
        "judgement, weighed against own years"
    )
    status = {row[0].text: (row[0].status, row[0].href) for row in perils_table(perils, found).rows}
    assert status["Snow and ice"] == ("illustrative", "#card-example-snow")
    assert status["Fire"][0] == "part judged"
    assert status["Pests"] == ("", "")


def test_a_result_that_does_not_say_what_its_cards_are_for_claims_nothing() -> None:
    assert peril_cards(card_lines(group("tornado")), None) == {}
    assert judged_amount_sentence(group("perils"), {}) == ""


def test_a_book_of_many_perils_is_not_called_fire_only() -> None:
    # 1.8 over the median of 1.5, 2.8, 1.2, 1.5 is 1.2
    chart = products_chart(group("checks/products"), 1.8, 2.25, ("wildfire", "storm", "pest"))
    assert plain(chart.title).startswith(
        "With three perils this book costs 1.80 CNY per mu, 1.2 times the median"
    )
    assert chart.table.rows[-1][2].text == "three perils"
