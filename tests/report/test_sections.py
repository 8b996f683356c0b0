# SPDX-License-Identifier: Apache-2.0
"""Sections of a forest page: each appears with its group, says its sentence from its numbers, and is readable."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr
from example_groups import further_groups, whole_tree
from example_tree import example_ledger, example_manifest, example_tree

from greenrisk.report.charts.terms import experience_chart, named_events_chart, terms_chart
from greenrisk.report.html import render
from greenrisk.report.pages.forest_sections import SECTIONS, datasets, sections
from greenrisk.report.pages.section import Section, Shown, dataset_table, last_first, spread


def section(name: str, **changes: xr.Dataset) -> Section:
    """Return the section of one group, with some of the datasets below it changed."""
    groups = datasets(whole_tree(20, 20), name)
    return SECTIONS[name](groups | changes)


def words(text: str) -> str:
    return text.replace("\u00a0", " ")


def cells(found: Section, part: int) -> list[list[str]]:
    table = found.parts[part].table
    assert table is not None
    return [[words(cell.text) for cell in row] for row in table.rows]


def heads(found: Section, part: int) -> list[str]:
    table = found.parts[part].table
    assert table is not None
    return [column.label for column in table.columns]


@pytest.mark.usefixtures("unpainted")
def test_a_group_that_is_absent_has_no_section_and_no_entry_in_the_contents() -> None:
    assert sections(example_tree(20, 20)) == []
    html = render(example_tree(50, 50), example_ledger(), example_manifest())
    assert 'href="#named-events"' not in html


@pytest.mark.parametrize("name", list(SECTIONS))
def test_a_group_alone_is_enough_for_its_section(name: str, request: pytest.FixtureRequest) -> None:
    tree = example_tree(50, 50)
    for path, data in further_groups().items():
        if path.split("/")[1] == name:
            tree[path] = xr.DataTree(data)
    (found,) = sections(tree)  # its own figure is painted
    request.getfixturevalue("unpainted")
    html = render(tree, example_ledger(), example_manifest())
    assert f'<section id="{found.anchor}">' in html
    assert f'<a href="#{found.anchor}">{found.name}</a>' in html


def test_no_section_prints_an_internal_name_or_a_number_that_is_none() -> None:
    for found in sections(whole_tree(20, 20)):
        printed = [found.sentence, *found.notes]
        for part in found.parts:
            printed += [part.heading, part.note]
            if part.table is not None:
                assert part.table.rows, found.anchor
                printed += [cell.text for row in part.table.rows for cell in row]
                printed += [f"{column.label} {column.unit}" for column in part.table.columns]
            if part.chart is not None:
                printed += [part.chart.title, part.chart.note, part.chart.alt]
        for text in printed:
            assert not re.search(r"\b(nan|inf|None)\b", text), (found.anchor, text)
            assert not re.search(r"[a-z]_[a-z]", text.replace("premium_file", "")), (found.anchor, text)


def test_own_experience_says_its_ratio_its_weight_and_that_it_is_synthetic() -> None:
    found = section("experience")
    assert words(found.sentence) == (
        "Own years (layout-experience.csv) cost 0.61 times what the model expected of them. They weigh 52 %; the rest "
        "is the judgement of the cards. The level of all perils is now 0.76 times the cards' (0.420 to 1.39). The "
        "table is synthetic: it shows the method."
    )
    assert [row[0] for row in cells(found, 1)] == ["Fire", "Storm", "All perils"]
    # a year known in total only still has its sum
    assert cells(found, 2)[1][heads(found, 2).index("Developed")] == "210"


@pytest.mark.usefixtures("unpainted")
def test_the_first_screen_says_that_own_years_are_invented_and_what_they_weigh() -> None:
    html = words(render(whole_tree(20, 20), example_ledger(), example_manifest()))
    first = html[html.index('<section id="answer">') : html.index('<section id="how">')]
    assert "The own years are invented: layout-experience.csv is a synthetic table." in first
    assert "Own years (synthetic) weigh 52 % in the level of the perils and set it to 0.76 times" in first
    tree = whole_tree(20, 20)
    tree["experience"].attrs["status"] = "user"
    users = words(render(tree, example_ledger(), example_manifest()))
    assert "Own years weigh 52 %" in users
    assert "invented: layout-experience" not in users


def test_a_peril_without_own_years_has_no_dot_but_its_levels() -> None:
    data = datasets(whole_tree(20, 20), "experience")[""]
    data["ratio"][0] = np.nan
    chart = experience_chart(data)
    assert "no own years" in chart.wide
    assert chart.table.rows[0][1].text == "–"


def test_the_premium_file_says_that_robust_rates_do_not_add_up() -> None:
    found = section("premium_file")
    assert "rows at their robust rates do not add up to the total" in found.parts[1].note


def test_the_premium_file_has_the_columns_that_it_is_grouped_by_and_the_book_last() -> None:
    found = section("premium_file")
    assert heads(found, 0)[:2] == ["County", "Peril"]
    rows = cells(found, 0)
    assert [row[:2] for row in rows] == [
        ["Fuliang", "Storm"], ["Fuliang", "Pests"], ["Leping", "Storm"], ["All", "All perils"],
    ]  # fmt: skip
    assert "3 groups by county and peril, from 0.320 to 0.640 CNY per mu" in found.sentence
    # the owner pays 20 % of 640,000 over 900,000 mu
    assert cells(found, 1)[-1][heads(found, 1).index("Owner pays")] == "0.1400"


def test_terms_are_told_by_what_the_insurer_and_the_owner_see() -> None:
    found = section("terms_alternatives")
    assert words(found.sentence).startswith(
        "Of 3 sets of terms, deductible 30 % has the lowest premium (CNY 560,000 a year; the policy as it is CNY "
        "640,000). With sum insured 900 owners bear least of their own: CNY 372,000 a year"
    )
    dear = datasets(whole_tree(20, 20), "terms_alternatives")[""].copy()
    dear["gross_premium"] = dear["gross_premium"] + np.array([0.0, 90000.0, 0.0])
    assert words(SECTIONS["terms_alternatives"]({"": dear}).sentence).startswith(
        "No other terms of those compared are cheaper than the policy as it is (CNY 640,000 a year). With sum insured"
    )
    # -80,000 of 640,000 is 12.5 %
    chart = section("terms_alternatives").parts[0].chart
    assert chart is not None
    title = chart.title
    assert words(title) == (
        "Of the terms compared, deductible 30 % moves the premium most: 12 % less than the policy as it is"
    )


def test_terms_that_cost_the_same_say_so() -> None:
    data = datasets(whole_tree(20, 20), "terms_alternatives")[""]
    data["gross_premium_difference"][:] = 0.0
    assert terms_chart(data).title == "The terms compared cost the same"


def test_a_named_event_beyond_all_simulated_years_says_so() -> None:
    data = datasets(whole_tree(20, 20), "named_events")[""]
    assert words(named_events_chart(data).title) == (
        "An invented great fire would cost the policy CNY 30.0 million, more than any simulated event"
    )
    data["gross"][:] = [8e7, 1e6]
    assert words(named_events_chart(data).title).endswith("as much as a 1 in 110 years event")
    data["gross"][:] = 0.0
    assert words(named_events_chart(data).title).endswith("nothing")


def test_each_source_is_told_with_its_event() -> None:
    data = datasets(whole_tree(20, 20), "named_events")[""]
    titles = [str(title) for title in data["title"].values]
    told = section("named_events").notes
    assert told
    assert all(any(note.startswith(f"{title}: ") for title in titles) for note in told)


def test_a_return_period_without_an_upper_end_is_printed_as_above_its_lower() -> None:
    found = section("named_events")
    column = heads(found, 1).index("the same, 90\u00a0%")
    assert [row[column] for row in cells(found, 1)] == ["90 to 140", "above 1,500"]


def test_the_pool_says_what_is_saved_over_counties_and_over_perils() -> None:
    # 2 of 11 is 18 %, 5 of 14 is 36 %
    assert words(section("pool").sentence) == (
        "In the worst 1 in 100 years one pool needs 18 % less than its counties would one by one, and 36 % less than "
        "its perils would."
    )


def test_the_reserve_tells_its_middle_path_and_the_chance_of_ruin() -> None:
    assert words(section("catastrophe_reserve").sentence) == (
        "After 20 years the reserve stands at CNY 2.00 million in the middle path; capital and reserve are used up "
        "before in 4.0 % of paths (90 %: 3.0 % to 6.0 %, simulation alone)."
    )


def test_reinsurance_says_what_is_paid_for_and_what_is_left() -> None:
    sentence = words(section("reinsurance").sentence)
    assert "reinsurers pay CNY 110,000 a year on average for premiums of CNY 210,000" in sentence
    assert "from CNY 16.0 million to CNY 11.6 million" in sentence


def test_claims_say_how_many_inspectors_the_rare_event_takes() -> None:
    assert words(section("claims_service").sentence) == (
        "The largest event of a year brings 400 claims or more once in 100 years: to see them within 10 days takes 40 "
        "inspections a day; with 10 a day the last claim waits 41 days."
    )


def test_a_clean_book_says_that_nothing_was_found() -> None:
    checks = datasets(whole_tree(20, 20), "data_quality")["checks"]
    assert section("data_quality").sentence.startswith("1 of 2 checks found something in 600 stands")
    checks["count"][:] = 0.0
    found = section("data_quality", checks=checks)
    assert found.sentence == "2 checks of 600 stands found nothing to question."


def test_the_fullest_cells_are_those_of_the_widest_grid_and_no_more_than_fifteen() -> None:
    found = section("data_quality")
    table = found.parts[2].table
    assert table is not None
    assert len(table.rows) == 15
    # the wider grid begins with the 20 of 40 cells that hold 20 million: 20 of 210
    assert (
        words(found.parts[2].heading)
        == "Where it heaps up: the fullest cell of 10 km holds 9.5 % of the sum insured"
    )
    assert table.rows[0][0].text == "117.200"


def test_the_policy_is_told_in_words_before_what_it_costs() -> None:
    found = section("policy")
    assert words(found.sentence) == (
        "Insured against fire, storm; a mu for 500 to 800 CNY, 640 on average. The premium is for these terms alone."
    )
    assert cells(found, 0)[2] == ["Deducted", "15 % of the damaged area or 10 mu, whichever is smaller"]
    assert next(iter(SECTIONS)) == "policy"


def test_subsidy_rules_say_what_owners_pay_and_what_is_not_met() -> None:
    found = section("subsidy_rules")
    assert words(found.sentence) == (
        "Rules in force in 2025: public-benefit forest: owners pay 0 %; commercial forest: owners pay 40 %."
    )
    assert found.notes == ("The central share falls because the county pays too little.",)
    assert cells(found, 0)[0][heads(found, 0).index("In force from")] == "2022"


def test_a_column_of_a_variable_that_is_absent_is_left_out() -> None:
    data = xr.Dataset({"a": ("x", [1.0, 2.0], {"units": "CNY/year"})})
    found = dataset_table(data, "x", [Shown("a", "A"), Shown("b", "B")], "t")
    assert [(column.label, column.unit) for column in found.columns] == [("A", "CNY a year")]
    assert [row[0].text for row in found.rows] == ["1.00", "2.00"]


def test_an_interval_and_its_column_share_one_scale() -> None:
    data = xr.Dataset({"low": ("x", [1e5]), "high": ("x", [3e6])})
    for name in data:
        data[name].attrs["units"] = "CNY"
    found = dataset_table(data, "x", [Shown("low", "90 %", high="high")], "t")
    assert found.columns[0].unit == "CNY\u00a0million"
    assert found.rows[0][0].text == "0.100 to 3.00"


def test_a_dimension_is_spread_over_variables_and_its_sum_moved_last() -> None:
    data = xr.Dataset(
        {"a": (("x", "y"), [[1.0, 2.0], [3.0, 4.0]], {"units": "1"})},
        coords={"x": ["all", "p"], "y": [10, 20]},
    )
    flat = spread(data, "a", "y", str)
    assert flat["a_20"].values.tolist() == [2.0, 4.0]
    assert flat["a_20"].attrs["units"] == "1"
    assert last_first(flat, "x")["x"].values.tolist() == ["p", "all"]
    assert spread(data, "b", "y", str) is data
