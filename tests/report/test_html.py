# SPDX-License-Identifier: Apache-2.0
"""The page: self-contained, small, repeatable, linked, and honest about what is invented."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from example_tree import example_ledger, example_manifest, example_tree

from greenrisk.report.frame import card_anchor, ledger_groups, link_cards, manifest_rows
from greenrisk.report.html import render

LIMIT = 3_000_000


class Page(HTMLParser):
    """Collects ids, links, addresses and the text that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if tag == "a":
            self.links.append(str(named.get("href")))
        self.addresses += [
            str(v) for k, v in attrs if k in ("src", "href", "srcset", "data", "action") and tag != "a"
        ]
        self._hidden += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="module")
def html() -> str:
    return render(example_tree(), example_ledger(), example_manifest())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_file_asks_for_nothing_from_the_network(html: str, page: Page) -> None:
    assert [a for a in page.addresses if not a.startswith(("#", "data:"))] == []
    assert re.findall(r"url\((?!#)[^)]*\)", html) == []
    assert "@import" not in html
    assert re.findall(r"https?://(?!www\.w3\.org)[^\s\"<]*", html) == []


def test_six_thousand_stands_stay_under_three_megabytes() -> None:
    assert len(render(example_tree(stands=6000), example_ledger(), example_manifest()).encode()) < LIMIT


def test_the_same_result_gives_the_same_bytes(html: str) -> None:
    assert render(example_tree(), example_ledger(), example_manifest()) == html


def test_ids_are_unique_and_every_link_leads_somewhere(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {link for link in page.links if not link.startswith("#")} == set()
    assert {link[1:] for link in page.links} - set(page.ids) == set()


def test_the_first_screen_answers_an_insurer(page: Page) -> None:
    first = page.words[: page.words.index("Fires a year in the province")]
    for needed in (
        "The insured stands are invented: layout-example-book.csv is a synthetic book",
        "CNY 640,000",
        "± CNY 12,000 simulation, CNY 290,000 to 1,350,000 knowledge",
        "0.1234 CNY per mu",
        "0.1543 per mille",
        "63 % of what we do not know about the premium comes from illustrative or unconfirmed cards (each parameter "
        "moved alone over its range; these single effects add up to 62 % of the variance that the premium has when all "
        "parameters are drawn at once)",
        "averaged over their ranges the pure premium is CNY 430,000 (headline CNY 380,000) and the gross premium "
        "CNY 720,000 (headline CNY 640,000)",
        "Snow and ice carries 40 % of the pure premium, fire 5.0 %",
        "60 % of the pure premium (CNY 228,000) is for perils whose cards are illustrative: judgement, not data",
        "All events of a year, 1 in 100 years",
        "Mean of the worst 1 in 200 years (TVaR 99.5 %)",
        "Fires per ha of forest, relative to the province illustrative",
    ):
        assert needed in first.replace("\u00a0", " "), needed


@pytest.mark.usefixtures("unpainted")
def test_a_book_that_is_not_synthetic_is_not_called_invented() -> None:
    tree = example_tree(stands=50, years=50)
    tree.attrs["synthetic_book"] = 0
    assert (
        "invented:"
        not in Page(render(tree, example_ledger(), example_manifest())).words.split("How it was")[0]
    )


def test_every_figure_has_a_title_an_alternative_text_and_its_numbers(html: str) -> None:
    figures = re.findall(r"<figure id=\"figure-(?!chain).*?</figure>", html, flags=re.DOTALL)
    assert len(figures) == 14
    for figure in figures:
        assert re.search(r"<h3>[^<]{20,}</h3>", figure)
        assert re.search(r'aria-label="[^"]{20,}"', figure)
        assert "<details" in figure
        assert "<table" in figure


def test_no_figure_without_a_number_is_printed_as_nan(page: Page) -> None:
    assert not re.search(r"\b(nan|inf|None)\b", page.words, flags=re.IGNORECASE)


def test_internal_names_do_not_reach_the_answer(page: Page) -> None:
    for part in ("gross_premium", "pure_premium", "public_benefit", "ground_up", "aggregate_exceedance"):
        assert part not in page.words.split("Inputs and cards The premium rests")[0]


def test_text_from_tables_is_escaped() -> None:
    tree = example_tree(stands=50, years=50)
    tree.attrs["title"] = "<script>alert(1)</script>"
    sites = tree["sites"].to_dataset()
    sites["county"] = ("site", np.array(["<b>&"] * 50))
    tree["sites"] = sites
    ledger = example_ledger()
    ledger.loc[0, "detail"] = "<img src=x>"
    html = render(tree, ledger, example_manifest())
    for raw in ("<script>alert", "<b>&", "<img"):
        assert raw not in html


def test_a_card_says_where_it_holds_and_what_made_it(page: Page) -> None:
    inputs = page.words.split("Inputs and cards The premium rests")[1]
    assert "Region: Invented province . Data: 2001-2010" in inputs.replace("province.", "province .")
    assert "Validity: Not for anything but the layout." in inputs
    assert "greenrisk calibrate example" in inputs


@pytest.mark.usefixtures("unpainted")
def test_a_result_without_the_newer_groups_still_has_a_page() -> None:
    tree = example_tree(stands=50, years=50)
    del tree["cards"]
    metrics = tree["metrics"].to_dataset()
    tree["metrics"] = metrics.isel(metric=~np.char.endswith(metrics["name"].values, "_over_ranges"))
    del tree["variance"].attrs["explained"]
    page = Page(render(tree, example_ledger(), example_manifest()))
    assert "averaged over their ranges" not in page.words
    assert "unconfirmed cards (each parameter moved alone over its range)" in page.words


@pytest.mark.usefixtures("unpainted")
def test_a_study_without_checks_has_no_empty_section() -> None:
    tree = example_tree(stands=50, years=50)
    del tree["checks"]
    page = Page(render(tree, example_ledger(), example_manifest()))
    assert "checks" not in page.ids
    assert "#checks" not in page.links


def test_a_year_of_no_loss_at_all_still_has_a_report() -> None:
    tree = example_tree(stands=50, years=50)
    metrics = tree["metrics"].to_dataset()
    money = np.char.startswith(metrics["unit"].values.astype(str), "CNY")
    for name in ("value", "standard_error", "low", "high"):
        metrics[name][money] = 0.0
    tree["metrics"] = metrics
    tree["curves"] = tree["curves"].to_dataset() * 0.0
    premium = tree["premium"].to_dataset()
    for name in ("amount", "subsidy", "gross_standard_error", "pure_standard_error"):
        premium[name] = premium[name] * 0.0
    tree["premium"] = premium
    losses = tree["losses"].to_dataset()
    tree["losses"] = losses.assign(loss=losses["loss"] * 0.0)
    assert "in 100 % of years nothing is paid" in Page(
        render(tree, example_ledger(), example_manifest())
    ).words.replace("\u00a0", " ")


def test_long_groups_of_the_ledger_are_folded_and_counted() -> None:
    groups = {group.name: group for group in ledger_groups(example_ledger())}
    imputed = groups["ledger-imputed"]
    assert (imputed.lines, imputed.folded) == (30, True)
    assert not groups["ledger-unreliable"].folded
    assert groups["ledger-unreliable"].count == 2
    assert next(iter(groups)) == "ledger-unreliable"


@pytest.mark.usefixtures("unpainted")
def test_an_empty_ledger_is_said_to_be_empty() -> None:
    html = render(example_tree(stands=50, years=50), example_ledger().iloc[:0], example_manifest())
    assert "Nothing was dropped, changed or assumed." in html


def test_a_parameter_in_the_ledger_links_to_its_card() -> None:
    assert card_anchor("fire-tail:shape") == "#card-fire-tail-shape"
    assert card_anchor("book.csv:12") == ""
    assert card_anchor("deductible") == ""


def test_names_of_cards_become_links_but_not_inside_other_names() -> None:
    linked = str(link_cards("fire-size and fire-size-jiangxi <&>", ["fire-size", "fire-size-jiangxi"]))
    assert linked == (
        '<a href="#card-fire-size">fire-size</a> and '
        '<a href="#card-fire-size-jiangxi">fire-size-jiangxi</a> &lt;&amp;&gt;'
    )


def test_a_manifest_is_flattened_in_its_own_order() -> None:
    assert manifest_rows({"b": {"x_y": 1, "z": [1, 2]}, "a": "t"}) == [
        ("b / x y", "1"),
        ("b / z", "1, 2"),
        ("a", "t"),
    ]


@pytest.mark.usefixtures("unpainted")
def test_a_ledger_read_back_from_csv_renders_alike(tmp_path: object) -> None:
    frame = example_ledger()
    path = f"{tmp_path}/ledger.csv"
    frame.to_csv(path, index=False)
    again = pd.read_csv(
        path, keep_default_na=False, na_values={c: [""] for c in ("base", "at_low", "at_high")}
    )
    tree = example_tree(stands=50, years=50)
    assert render(tree, again, example_manifest()) == render(tree, frame, example_manifest())


@pytest.mark.usefixtures("unpainted")
def test_both_methods_stand_under_the_checks_also_where_nothing_was_observed() -> None:
    tree = example_tree(stands=50, years=50)
    page = Page(render(tree, example_ledger(), example_manifest()))
    agree = "Two methods agree: simulated years and the exact law are at most 1.3 standard errors apart, "
    assert agree in page.words
    second = tree["checks/second_method"].to_dataset()
    del tree["checks"]
    tree["checks/second_method"] = second
    alone = Page(render(tree, example_ledger(), example_manifest()))
    assert agree in alone.words
    assert "#checks" in alone.links
    assert "Checks against reality" not in alone.words


@pytest.mark.usefixtures("unpainted")
def test_methods_that_disagree_or_miss_the_exact_law_say_so() -> None:
    tree = example_tree(stands=50, years=50)
    compared = tree["checks/second_method"].to_dataset()
    for difference, said in (
        (7.25, "Two methods disagree: simulated years and the exact law are up to 7.2 standard errors apart"),
        (np.nan, "Two methods: the exact law of the burnt area could not be computed"),
    ):
        compared["difference"][1] = difference
        tree["checks/second_method"] = compared
        assert said in Page(render(tree, example_ledger(), example_manifest())).words


@pytest.mark.usefixtures("unpainted")
def test_doubtful_figures_of_one_thing_are_named_once_on_the_first_screen() -> None:
    ledger = example_ledger()
    more = ledger[ledger["kind"] == "unreliable"].iloc[[0, 0]]
    doubled = pd.concat([ledger, more.assign(subject=["book: same area", "book: outside its county"])])
    page = Page(render(example_tree(stands=50, years=50), doubled, example_manifest()))
    assert "Not to be relied on: occurrence exceedance and book (2 findings)." in page.words


def test_swings_in_the_ledger_have_their_unit_or_say_that_there_is_none() -> None:
    ledger = example_ledger()
    one = ledger[ledger["kind"] == "parameter"].iloc[[0, 0, 0]].reset_index(drop=True)
    one = one.assign(at_low=[385e3, 343e3, 358e3], at_high=[343e3, 385e3, 358e3], unit="CNY/year")
    (found,) = ledger_groups(one)
    assert [row[-1].text.replace("\u00a0", " ") for row in found.table.rows] == [
        "CNY 385,000 to 343,000 a year",
        "CNY 343,000 to 385,000 a year",
        "no effect in the simulated years",
    ]
