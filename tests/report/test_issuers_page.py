# SPDX-License-Identifier: Apache-2.0
"""The issuer page: every section with its groups, numbers equal to those of the tables, the invented told as such."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr
from issuers_pages import page_of, without
from test_html import LIMIT, Page

from greenrisk.report.charts.issuer_look import chance, rate
from greenrisk.report.pages.issuers_answer import breaks_table, headlines
from greenrisk.report.pages.issuers_credit_sections import (
    ranked_issuers,
)
from greenrisk.report.pages.issuers_one import hurt_most
from greenrisk.report.pages.issuers_sections import SECTIONS, sections
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.pages.section import Section
from greenrisk.report.table import Table
from tests.studied_issuers import issuers_tree, prepared_issuers, run_issuers

ANCHORS = [
    "figures",
    "heat",
    "fan",
    "coverage",
    "screen",
    "pathways",
    "carbon",
    "channels",
    "lenses",
    "portfolio",
    "stress",
    "transitions",
    "changes",
    "checks",
    "issuer",
]

NEEDS = {
    "coverage": ("coverage",),
    "carbon": ("charges",),
    "channels": ("channels", "sector_channels"),
    "lenses": ("lenses",),
    "portfolio": ("portfolio",),
    "stress": ("conditional",),
    "transitions": ("transitions",),
    "changes": ("tornado",),
    "fan": ("pd", "portfolio"),
    "heat": ("pd",),
    "issuer": ("spread", "pd"),
}
"""Section -> groups without which it is left out."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return issuers_tree(tmp_path_factory)


@pytest.fixture(scope="module")
def view(tree: xr.DataTree) -> View:
    return View.of(tree)


@pytest.fixture(scope="module")
def html(tree: xr.DataTree) -> str:
    return page_of(tree)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def headings(html: str) -> list[str]:
    return re.findall(r'<section id="([^"]+)">', html)


def column(table: Table, label: str) -> list[str]:
    at = [c.label for c in table.columns].index(label)
    return [row[at].text for row in table.rows]


def only_table(section: Section | None) -> Table:
    assert section is not None
    found = section.parts[0].table
    assert found is not None
    return found


def test_the_file_asks_for_nothing_from_the_network_and_stays_small(html: str, page: Page) -> None:
    assert [a for a in page.addresses if not a.startswith(("#", "data:"))] == []
    assert re.findall(r"url\((?!#)[^)]*\)", html) == []
    assert re.findall(r"https?://(?!www\.w3\.org)[^\s\"<]*", html) == []
    assert len(html.encode()) < LIMIT


def test_every_link_leads_to_a_place_that_stands_once(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} - set(page.ids) == set()


def test_no_number_that_does_not_exist_reaches_a_reader(page: Page) -> None:
    words = page.words.partition("The scenario with every default")[0]
    assert not {"nan", "None", "NaN", "inf", "True", "False"} & set(re.findall(r"[\w.]+", words))
    assert re.findall(r"\bif \w+ [<>=]+|\bf'|\bself\b|\w+\(\w+\)\}", words) == []


def test_no_place_on_a_machine_reaches_a_reader(html: str) -> None:
    assert re.findall(r"(?:/home|/tmp|/root|/work|/Users|[A-Z]:\\)[^\s<]*", html) == []


def test_the_same_result_gives_the_same_bytes(tree: xr.DataTree, html: str) -> None:
    assert page_of(tree) == html


def test_a_run_has_every_section_in_the_order_of_the_page(html: str) -> None:
    assert headings(html) == ["answer", "how", *ANCHORS, "inputs", "ledger", "run"]


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize("anchor", NEEDS)
def test_a_section_whose_groups_are_missing_is_left_out_and_nothing_else_is(
    tree: xr.DataTree, anchor: str
) -> None:
    cut = without(tree, *NEEDS[anchor])
    left = headings(page_of(cut))
    gone = {a for a, groups in NEEDS.items() if set(groups) & set(NEEDS[anchor])}
    assert left == [a for a in ["answer", "how", *ANCHORS, "inputs", "ledger", "run"] if a not in gone]


@pytest.mark.usefixtures("unpainted")
def test_a_run_without_any_optional_group_is_still_a_page(tree: xr.DataTree) -> None:
    kept = {"metrics", "issuers", "pathways", "ledger"}
    bare = without(tree, *(set(tree.children) - kept))
    html = page_of(bare)
    assert headings(html) == ["answer", "how", "figures", "screen", "pathways", "inputs", "ledger", "run"]
    assert len(Page(html).ids) == len(set(Page(html).ids))


def test_the_first_screen_tells_the_expected_loss_of_every_scenario_with_its_interval(
    view: View, page: Page
) -> None:
    numbers = headlines(view)
    assert [n.name.partition(":")[0] for n in numbers] == [view.label(s) for s in view.scenarios]
    first = page.words.partition("Figures by scenario")[2].partition("Who holds and who breaks")[0]
    assert first
    for number, scenario in zip(numbers, view.scenarios, strict=True):
        metric = view.metric("expected_loss_rate", scenario)
        assert metric is not None
        assert number.value.startswith(rate(metric.value))
        assert number.interval == f"{chance(metric.low)} to {chance(metric.high)}"
        assert number.value.replace("\u00a0", " ") in page.words.replace("\u00a0", " ")


def test_gauges_of_scenarios_have_one_scale(view: View) -> None:
    found = [view.metric("expected_loss_rate", s) for s in view.scenarios]
    values = [m.value for m in found if m is not None]
    places = [float(n.sim[0]) for n in headlines(view)]
    ratio = np.array(places) / np.array(values)
    assert ratio == pytest.approx(ratio[0], rel=0.02, abs=0.02)


def test_the_invented_are_called_invented_before_the_first_number(page: Page) -> None:
    assert page.words.index("The issuers are invented") < page.words.index("is expected to lose")


def test_every_figure_has_its_numbers_and_an_alternative_text(html: str) -> None:
    figures = [f for f in re.findall(r"<figure.*?</figure>", html, re.DOTALL) if "figure-chain" not in f]
    assert len(figures) > 8
    for figure in figures:
        assert 'role="img" aria-label="' in figure
        assert '<table class="data">' in figure


def test_each_section_says_what_is_seen(view: View) -> None:
    for section in sections(view):
        assert section.sentence.endswith("."), section.anchor
        assert section.parts, section.anchor


@pytest.mark.usefixtures("unpainted")
def test_a_run_of_many_issuers_ranks_all_of_them_and_details_a_few(tree: xr.DataTree) -> None:
    few = run_issuers(prepared_issuers(detail__issuers="5", detail__hurt_most="4"))
    view = View.of(few)
    assert few["pd"].sizes["issuer"] == 4
    assert ranked_issuers(view) == ranked_issuers(View.of(tree))
    assert hurt_most(view) == hurt_most(View.of(tree))
    html = page_of(few)
    assert headings(html) == headings(page_of(tree))
    whole = breaks_table(View.of(tree))
    cut = breaks_table(view)
    assert whole is not None
    assert cut is not None
    assert column(cut, "Break") == column(whole, "Break")
    assert "nan" not in re.findall(r"[\w.]+", Page(html).words)


@pytest.mark.usefixtures("unpainted")
def test_own_ratings_and_firm_years_have_their_section_in_the_order_of_the_page(
    tree: xr.DataTree, view: View
) -> None:
    issuers = [str(i) for i in tree["pd"]["issuer"].values[:2]]
    years = tree["pd"]["year"].values
    shape = (len(view.scenarios), 2, len(years))
    overlay = xr.Dataset(
        {
            "own_probability_moved": (("scenario", "issuer", "year"), np.full(shape, 0.04)),
            "clipped": (("scenario", "issuer", "year"), np.zeros(shape, dtype=np.int8)),
            "own_probability": ("issuer", np.array([0.02, 0.03])),
            "own_rating": ("issuer", np.array(["BB", ""])),
        },
        coords={"scenario": list(view.scenarios), "issuer": issuers, "year": years},
        attrs={"clip": 1e-4, "clipped_share": 0.0},
    )
    scores = xr.Dataset(
        {
            "firm": ("firm_year", np.array(["A", "B"])),
            "year": ("firm_year", np.array([2020, 2020])),
            "label": ("firm_year", np.array(["failed", "alive"])),
            "Z": ("firm_year", np.array([1.0, 3.5])),
            "Z_zone": ("firm_year", np.array(["distress", "safe"])),
        },
        attrs={"refused": "2 firms, 1 failed firm: too few.", "firms": 2, "failures": 1},
    )
    held = {node.path: node.to_dataset(inherit=False) for node in tree.subtree}
    html = page_of(xr.DataTree.from_dict({**held, "/overlay": overlay, "/firm_years": scores}))
    assert headings(html)[headings(html).index("lenses") + 1] == "own"
    words = Page(html).words
    assert "2 firm-years are of 2 firms, 1 of which failed" in words
    assert "no default is fitted on them: 2 firms, 1 failed firm: too few." in words
    assert "4.0 %" in words


def test_every_maker_of_a_section_stands_once() -> None:
    assert (
        len(SECTIONS) == len(set(SECTIONS)) == len(ANCHORS) + 2
    )  # the late and sudden path and own data are not here
