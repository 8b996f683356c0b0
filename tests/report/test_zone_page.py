# SPDX-License-Identifier: Apache-2.0
"""The zone page: a regulator's first screen, every section with its group, nothing invented told as known."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr
from test_html import LIMIT, Page
from zone_pages import page_of, without, zone_html, zone_tree

from greenrisk.pollution.grading.words import GRADES, GRADES_ZH
from greenrisk.report.pages.zone_answer import grade_counts, headlines, top_plants_table, uninsured_sentence
from greenrisk.report.pages.zone_doubt_sections import leverage_table, weak_parameters_table
from greenrisk.report.pages.zone_premium_sections import premium_table
from greenrisk.report.pages.zone_prevention_section import steps_table
from greenrisk.report.pages.zone_told import in_words, told_tornado
from greenrisk.report.reading import Metrics
from greenrisk.report.table import Table
from greenrisk.report.wording import percent


def group(path: str) -> xr.Dataset:
    return zone_tree()[path].to_dataset()


def answer(html: str) -> str:
    found = re.search(r'<section id="answer">(.*?)</section>', html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).replace("\u00a0", " ").split())


def column(table: Table, label: str) -> list[str]:
    at = [c.label for c in table.columns].index(label)
    return [row[at].text for row in table.rows]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(zone_html())


def test_the_file_asks_for_nothing_from_the_network_and_stays_small(page: Page) -> None:
    html = zone_html()
    assert [a for a in page.addresses if not a.startswith(("#", "data:"))] == []
    assert re.findall(r"url\((?!#)[^)]*\)", html) == []
    assert len(html.encode()) < LIMIT


def test_every_link_leads_to_a_place_that_stands_once(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    targets = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert targets <= set(page.ids)


def test_no_number_that_does_not_exist_reaches_a_reader(page: Page) -> None:
    assert not {"nan", "None", "NaN", "inf", "True", "False"} & set(re.findall(r"[\w.]+", page.words))


def test_no_piece_of_the_program_reaches_a_reader(page: Page) -> None:
    words = page.words.partition("The scenario with every default")[0]
    assert re.findall(r"\bif \w+ [<>=]+|\bf'|\bself\b|\w+\(\w+\)\}", words) == []


def test_the_tiles_count_the_plants_of_each_grade() -> None:
    code = group("grading")["grade"].values
    counts = {c.grade: int(c.count) for c in grade_counts(Metrics(group("metrics")))}
    assert counts == {
        **{word: int((code == i).sum()) for i, word in enumerate(GRADES)},
        "refused": int((code < 0).sum()),
    }
    assert list(counts) == ["major", "larger", "general", "refused"]
    for word, chinese in zip(GRADES, GRADES_ZH, strict=True):
        assert re.search(
            rf'<li class="grade-{word}"><b>{counts[word]}</b><span>{word.capitalize()} {chinese}', zone_html()
        )


def test_the_first_screen_tells_what_is_uncovered_with_both_errors() -> None:
    numbers = headlines(Metrics(group("metrics")))
    assert [n.interval for n in numbers].count("\u2013") == 0
    told = answer(zone_html())
    for number in numbers:
        assert number.value.replace("\u00a0", " ") in told
        assert number.interval.replace("\u00a0", " ") in told
    assert "simulation" in told
    assert "knowledge" in told


def test_shares_stand_on_a_gauge_from_nothing_to_all() -> None:
    for number in headlines(Metrics(group("metrics")))[1:3]:
        share = float(number.value.split("\u00a0")[0])
        left, width = (float(v) for v in number.sim)
        assert left - 0.5 <= share <= left + width + 0.5
        assert float(number.know[0]) + float(number.know[1]) <= 100.0 + 1e-9


def test_the_plants_that_matter_most_are_those_with_the_largest_expected_loss() -> None:
    plants = group("plants")
    loss = dict(zip(plants["plant"].values.astype(str), plants["ground_up"].values, strict=True))
    largest = sorted(loss, key=lambda name: -loss[name])[:3]
    table = top_plants_table(plants)
    assert column(table, "Plant") == largest
    assert column(table, "Of the zone") == [percent(loss[name] / sum(loss.values())) for name in largest]


def test_the_uninsured_are_counted_with_what_they_carry() -> None:
    plants = group("plants")
    bare = plants["limit"].values == 0
    share = percent(float(plants["ground_up"].values[bare].sum() / plants["ground_up"].sum()))
    assert uninsured_sentence(plants) == (
        f"{bare.sum()} of {bare.size} plants have no policy; they carry {share} of the expected loss"
    )
    insured = plants.assign(limit=plants["limit"] * 0 + 1e6)
    assert uninsured_sentence(insured) == "Every plant has a policy"


def test_every_unconfirmed_row_that_moved_a_grade_is_named_with_its_table() -> None:
    moved = group("grade_leverage")
    assert moved.sizes["moved"] > 0
    table = leverage_table(moved)
    assert len(table.rows) == moved.sizes["moved"]
    for i, row in enumerate(table.rows):
        assert row[0].status == str(moved["status"].values[i])
        assert row[0].note == f"table {str(moved['table'].values[i]).replace('-', '_')}"
        assert row[3].value == float(moved["plants"].values[i])


def test_parameters_that_are_not_confirmed_come_in_the_order_of_what_they_move() -> None:
    tornado = told_tornado(group("tornado"))
    table = weak_parameters_table(tornado)
    width = [abs(float(row[3].value or 0) - float(row[2].value or 0)) for row in table.rows]
    assert width == sorted(width, reverse=True)
    assert {row[0].status for row in table.rows} <= {"unconfirmed", "illustrative"}


def test_parameters_of_a_head_say_of_which() -> None:
    told = told_tornado(group("tornado"))
    names = told["parameter"].values.astype(str)
    label = dict(zip(names, told["label"].values.astype(str), strict=True))
    found = [name for name in names if name.rpartition(":")[2].startswith("clean_up_")]
    assert found
    assert all(label[name].startswith("Clean-up and restoration: ") for name in found)


def test_a_rate_for_a_kilometre_is_told_for_a_million() -> None:
    tornado = xr.Dataset(
        {
            "label": ("parameter", ["Accidents of a vehicle"]),
            "unit": ("parameter", ["1/km"]),
            "value": ("parameter", ["2.5e-07"]),
            "low": ("parameter", ["5e-08"]),
            "high": ("parameter", ["1.25e-06"]),
        },
        coords={"parameter": ["rate_per_vehicle_km"]},
    )
    told = told_tornado(tornado)
    assert [float(told[name].values[0]) for name in ("low", "value", "high")] == [0.05, 0.25, 1.25]
    assert str(told["unit"].values[0]) == "per million km"
    assert str(tornado["unit"].values[0]) == "1/km"


def test_names_of_the_rules_are_told_in_words() -> None:
    assert in_words("gas_monitor; distance_met") == "gas monitors with alarm; protective distance kept"
    assert in_words("discharge route to_plant") == "discharge route to a treatment plant"


def test_steps_come_from_the_cheapest_and_those_that_nothing_helps_last() -> None:
    steps = group("grade_steps")
    table = steps_table(steps)
    cost = [row[-1].value for row in table.rows]
    known = [c for c in cost if c is not None and c == c]
    assert known == sorted(known)
    assert len(known) == int(np.isfinite(steps["cost_cny"].values).sum())
    assert all(row[3].text == "\u2013" for row in table.rows[len(known) :])


def test_the_premium_table_adds_up_and_leaves_out_who_has_no_policy() -> None:
    plants, tariff = group("plants"), group("tariff")
    table = premium_table(plants, tariff)
    insured = plants["limit"].values > 0
    assert len(table.rows) == insured.sum() + 1
    at = [c.label for c in table.columns].index("Model's premium")
    assert sum(float(row[at].value or 0) for row in table.rows[:-1]) == pytest.approx(
        float(table.rows[-1][at].value or 0)
    )
    assert float(table.rows[-1][at].value or 0) == pytest.approx(
        float(plants["premium"].values[insured].sum())
    )


def test_comparisons_are_called_comparisons() -> None:
    found = re.search(r'<section id="checks">(.*?)</section>', zone_html(), re.DOTALL)
    assert found is not None
    words = re.sub(r"<[^>]+>", " ", found[1]).lower()
    assert "compared" in words
    for claim in ("agree", "confirms the model", "is validated", "validates"):
        assert claim not in words


def test_both_factors_of_transfer_are_printed_with_intervals_of_at_least_ten() -> None:
    transfer = group("transfer")
    assert (transfer["high"].values / transfer["low"].values >= 10).all()
    words = Page(zone_html()).words.replace("\u00a0", " ")
    for low, high in zip(transfer["low"].values, transfer["high"].values, strict=True):
        assert f"{low:.3f} to {high:.2f}" in words


SECTIONS = {
    "limit_adequacy": "limit",
    "who_pays": "payers",
    "claims_timeline": "claims",
    "frequency": "frequency",
    "receptors": "map",
}


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(("name", "anchor"), SECTIONS.items())
def test_a_section_stands_only_where_its_group_does(name: str, anchor: str) -> None:
    assert f'<section id="{anchor}">' in zone_html()
    html = page_of(without(name))
    assert f'<section id="{anchor}">' not in html
    assert f'href="#{anchor}"' not in html


@pytest.mark.usefixtures("unpainted")
def test_a_run_that_answers_no_further_question_still_has_its_page() -> None:
    kept = {
        "metrics", "grading", "plants", "losses", "heads", "curves", "tornado", "variance", "cards", "ledger",
    }  # fmt: skip
    tree = without(*(set(zone_tree().children) - kept))
    page = Page(page_of(tree))
    assert {"answer", "how", "grades", "losses", "premium", "changes", "inputs", "ledger", "run"} <= set(
        page.ids
    )
    assert not {"checks", "limit", "who", "claims", "sharing"} & set(page.ids)
    targets = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert targets <= set(page.ids)


def test_the_same_result_gives_the_same_bytes() -> None:
    assert page_of(zone_tree()) == zone_html()
