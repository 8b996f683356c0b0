# SPDX-License-Identifier: Apache-2.0
"""The first screen of a zone: who must insure, averages over the ranges, loadings held, what moves the loss."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr
from test_html import Page
from test_zone_page import answer, group
from zone_pages import page_of, without, zone_html, zone_tree

from greenrisk.report.charts.tornado import parameter_table, tornado_chart
from greenrisk.report.pages.forest_tables import brief_tornado
from greenrisk.report.pages.zone_answer_words import (
    grades_sentence,
    held_sentence,
    judgement_sentence,
    least_limits_sentence,
    must_sentence,
    ranges_sentence,
)
from greenrisk.report.pages.zone_doubt_sections import changes_section
from greenrisk.report.reading import Metrics


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def zone_of(limit: list[float], least: list[float], reasons: list[int], grade: list[str]) -> xr.DataTree:
    ids = [f"P{i}" for i in range(len(limit))]
    must = xr.Dataset(
        {
            "reasons": ("plant", reasons),
            "limit": ("plant", np.array(limit)),
            "minimum_limit": ("plant", np.array(least)),
        },
        coords={"plant": ids},
    )
    plants = xr.Dataset({"grade": ("plant", grade)}, coords={"plant": ids})
    return xr.DataTree.from_dict({"/who_must_insure": must, "/plants": plants})


def metrics_of(rows: list[tuple[str, float, float, float, dict[str, str]]]) -> Metrics:
    names, value, low, high, dims = zip(*rows, strict=True)
    text = {key: ("metric", ["x"] * len(rows)) for key in ("label", "method")}
    error = ("metric", np.full(len(rows), np.nan))
    return Metrics(
        xr.Dataset(
            {
                "name": ("metric", list(names)),
                **text,
                "unit": ("metric", ["1/year" if "accidents" in n else "CNY/year" for n in names]),
                "value": ("metric", np.array(value)),
                "standard_error": error,
                "low": ("metric", np.array(low)),
                "high": ("metric", np.array(high)),
                "dims": ("metric", [json.dumps(d) for d in dims]),
            }
        )
    )


def test_who_must_insure_is_counted_with_who_has_nothing_and_who_too_little() -> None:
    # of five, four must: two have nothing, one 3 of 10 million, one enough
    tree = zone_of(
        [0.0, 0.0, 3e6, 5e6, 0.0],
        [10e6, 2e6, 10e6, 5e6, 2e6],
        [1, 2, 1, 3, 0],
        ["major", "refused", "major", "larger", "general"],
    )
    told = must_sentence(tree)
    assert told == "4 of 5 plants must insure: 2 of them have no cover, 1 hold less than their least limit"
    assert (
        least_limits_sentence(tree)
        == "Least limit of an accident by grade, CNY million: major 重大 10, larger 较大 5 and not graded 2."
    )
    nobody = zone_of([0.0], [2e6], [0], ["general"])
    assert must_sentence(nobody) == "0 of 1 plants must insure"
    assert least_limits_sentence(nobody) == ""
    assert must_sentence(xr.DataTree()) == least_limits_sentence(xr.DataTree()) == ""


def test_the_first_screen_says_who_must_insure_as_the_list_of_the_uninsured_does() -> None:
    bare = group("uninsured")
    none = int((bare["limit_cny"].values <= 0).sum())
    assert f"{none} of them have no cover, {bare.sizes['row'] - none} hold less" in answer(zone_html())
    assert "Least limit of an accident by grade" in answer(zone_html())


def test_averages_over_the_ranges_stand_beside_their_headlines() -> None:
    rows = [
        ("expected_accidents", 0.6, 0.3, 1.9, {}),
        ("average_annual_loss", 500e3, 1e5, 2e6, {"layer": "ground_up"}),
        ("average_annual_loss", 7e4, 1e4, 2e5, {"layer": "insured"}),
        ("pure_premium", 70e3, 2e4, 2e5, {}),
        ("gross_premium", 357.7e3, 2e5, 1e6, {}),
        ("expected_accidents_over_ranges", 0.84, np.nan, np.nan, {}),
        ("average_annual_loss_over_ranges", 751e3, np.nan, np.nan, {}),
        ("pure_premium_over_ranges", 102.2e3, np.nan, np.nan, {}),
        ("gross_premium_over_ranges", 493e3, np.nan, np.nan, {}),
    ]
    assert plain(ranges_sentence(metrics_of(rows))) == (
        "The central values of the cards are medians; averaged over their ranges the number of accidents is 0.840 a "
        "year (headline 0.600 a year), the expected loss CNY 751,000 (headline CNY 500,000), the pure premium CNY "
        "102,200 (headline CNY 70,000) and the technical premium CNY 493,000 (headline CNY 357,700)."
    )
    assert ranges_sentence(metrics_of(rows[:-1])) == ""
    assert plain(ranges_sentence(Metrics(group("metrics")))) in answer(zone_html())


def test_the_interval_with_loadings_held_is_told_in_the_unit_of_the_premium() -> None:
    held = metrics_of([("gross_premium_loadings_held", 357.7e3, 203e3, 1.08e6, {})])
    assert plain(held_sentence(held)).endswith("of the technical premium is CNY 203,000 to 1,080,000.")
    assert held_sentence(metrics_of([("gross_premium", 1.0, 1.0, 1.0, {})])) == ""
    assert plain(held_sentence(Metrics(group("metrics")))) in answer(zone_html())


def test_the_share_of_judgement_is_of_what_the_run_says() -> None:
    variance = group("variance")
    of_loss = judgement_sentence(Metrics(group("metrics")), variance)
    assert "what we do not know about the expected loss" in of_loss
    assert "premium" not in of_loss
    older = metrics_of([("judgement_share", 0.5, np.nan, np.nan, {})])
    assert "what we do not know about the premium" in judgement_sentence(older, variance)


def test_what_moves_the_expected_loss_comes_before_what_moves_the_premium() -> None:
    section = changes_section(zone_tree(), Metrics(group("metrics")))
    charts = [part.chart for part in section.parts if part.chart is not None]
    assert [c.name for c in charts[:2]] == ["tornado_loss", "tornado"]
    assert "decisions" in charts[1].note
    assert "decisions" not in charts[0].note
    first = brief_tornado(group("tornado_loss"), 3)
    assert [c.label for c in first.columns][1] == "Expected loss over it"
    assert "What would change the expected loss most" in answer(zone_html())


def test_a_closed_form_blames_no_simulated_year_and_bars_without_effect_have_no_ends() -> None:
    one = {
        name: ("parameter", [text])
        for name, text in {
            "card": "c", "label": "Length", "status": "illustrative", "unit": "unitless", "value": "1", "low": "0",
            "high": "2",
        }.items()
    }  # fmt: skip
    tornado = xr.Dataset(
        {**one, "at_low": ("parameter", [500_100.0]), "at_high": ("parameter", [500_200.0])},
        coords={"parameter": ["c:length"]},
        attrs={"base": 500_150.0, "quantity": "average_annual_loss_ground_up"},
    )
    row = parameter_table(tornado).rows[0]
    assert [cell.text for cell in row[-3:]] == ["\u2013", "\u2013", "no visible effect"]
    premium = tornado.assign_attrs(quantity="gross_premium")
    assert parameter_table(premium).rows[0][-1].text == "no visible effect in the simulated years"
    assert tornado_chart(tornado).name == "tornado_loss"


@pytest.mark.usefixtures("unpainted")
def test_a_result_without_the_new_groups_still_has_its_page() -> None:
    page = Page(page_of(without("tornado_loss", "who_must_insure")))
    assert "What would change the premium most" in page.words
    assert "must insure:" not in page.words


def test_rows_that_move_a_grade_alone_are_told_apart_from_rows_that_a_grade_rests_on() -> None:
    moved = group("grade_leverage")
    plants = {p for ids in moved["plant_ids"].values.astype(str) for p in ids.split()}
    told = grades_sentence(zone_tree())
    assert (
        f"Taken away alone, {moved.sizes['moved']} such numbers would each change a grade, of {len(plants)} plants"
        in told
    )


def test_users_confirm_a_row_in_a_copy_that_the_scenario_names() -> None:
    words = Page(zone_html()).words
    assert "name the copy under grading.tables of the scenario" in words
    assert "in the file named" not in words


def test_what_accidents_cost_is_nowhere_called_simulated() -> None:
    words = plain(Page(zone_html()).words)
    assert "on average of the simulated years" not in words
    assert "in closed form: rates times expected cost" in words


def test_a_limit_that_a_plant_is_asked_for_has_one_name() -> None:
    words = Page(zone_html()).words
    assert "Least limit" in words
    assert "Asked for" not in words
