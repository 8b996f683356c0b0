# SPDX-License-Identifier: Apache-2.0
"""The wetland page: rates over area and limits, invented sites and a declared link told first, services as context."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr
from cover_pages import anchors, html_of, manaus, page_of, section, without

from greenrisk.report.pages.basis_section import basis_section, buyer_table, measures_table
from greenrisk.report.pages.index_answer import paid_metric
from greenrisk.report.pages.wetland_answer import bad_years_sentence, headlines, services_sentence
from greenrisk.report.pages.wetland_cover_sections import insured
from greenrisk.report.pages.wetland_site_sections import carries_sentence, perils_table, sites_table
from greenrisk.report.pages.wetland_small_sections import products_section, small_table
from greenrisk.report.pages.wetland_value_section import services_heading
from greenrisk.report.pages.wetland_words import version_words
from greenrisk.report.reading import Metrics
from greenrisk.report.table import Table
from greenrisk.report.wording import money, percent, significant

SECTIONS = {
    "sites": ("sites",),
    "perils": ("perils",),
    "insurable": ("insurable",),
    "reinsurance": ("reinsurance",),
    "link": ("link",),
    "small": ("small_covers",),
    "products": ("products",),
}
"""Section and the groups without which it is left out."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return manaus(tmp_path_factory)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    return html_of("manaus", tmp_path_factory)


def group(tree: xr.DataTree, name: str) -> xr.Dataset:
    return tree[name].to_dataset()


def column(table: Table, label: str) -> list[str]:
    at = [c.label for c in table.columns].index(label)
    return [row[at].text for row in table.rows]


def test_invented_sites_and_a_declared_link_are_told_before_the_first_number(html: str) -> None:
    told = section(html, "answer")
    first = told[: told.index("Gross premium a year")]
    assert "The sites are invented" in first
    assert "declared by a judged card, not measured" in first


def test_rates_are_the_premium_over_area_and_limits_with_both_errors(tree: xr.DataTree) -> None:
    sites, metrics = group(tree, "sites"), Metrics(group(tree, "metrics"))
    limits = sites["limit"].values + sites["water_limit"].values
    mu = 15.0 * float(sites["area"].values[limits > 0].sum())
    of_sites = float(group(tree, "premium")["amount"].sel(row="gross_premium", segment="sites"))
    of_mu, of_mille = headlines(tree, metrics)[1:3]
    assert of_mu.value == f"{significant(of_sites / mu, 4)} CNY per mu"
    assert of_mille.value == f"{significant(1000 * of_sites / limits.sum(), 4)} per mille"
    rate = metrics.find("rate_per_mu", part="sites")
    assert rate is not None
    assert of_mu.error == f"± {significant(rate.standard_error, 2)}"
    assert of_mu.interval == f"{significant(rate.low)} to {significant(rate.high)}"
    rare = paid_metric(metrics, "aggregate_exceedance", return_period=100)
    assert rare is not None
    assert f"takes {significant(rare.value / of_sites, 2)} years of the gross premium of their own cover" in (
        bad_years_sentence(tree, metrics)
    )
    assert insured(sites) == (pytest.approx(mu / 15.0), pytest.approx(limits.sum()))


def test_the_value_of_services_is_told_as_context_and_enters_no_sum(tree: xr.DataTree, html: str) -> None:
    services, sites = group(tree, "service_values"), group(tree, "sites")
    value, worth = float(services["value"].sum()), float(sites["insurable"].sum())
    told = services_sentence(tree)
    assert f"{money(worth)}." in told
    assert f"{money(value)}, {significant(value / worth, 2)} times as much: context" in told
    assert "Context, never a sum insured" in section(html, "insurable")
    assert version_words(services) in services_heading(services)
    cost = (sites["restoration"] + sites["interim"]).values
    assert (sites["insurable"].values <= np.minimum(cost, sites["limit"].values) + 1e-6).all()


def test_a_run_without_service_values_says_what_is_insured_all_the_same(tree: xr.DataTree) -> None:
    told = services_sentence(without(tree, "service_values"))
    assert told.startswith("Insured is what it costs to bring the sites back")
    assert "table" not in told


def test_perils_stand_by_their_cost_and_their_shares_add_up(tree: xr.DataTree) -> None:
    perils = group(tree, "perils")
    pure = perils["pure_premium"].values
    table = perils_table(perils, brief=True)
    assert [row[1].value for row in table.rows] == sorted(pure, reverse=True)
    assert sum(row[2].value or 0.0 for row in table.rows) == pytest.approx(1.0)
    assert percent(pure.max() / pure.sum()) in carries_sentence(perils)


@pytest.mark.parametrize(
    ("pure", "error", "words"),
    [
        ([5.0, 4.9, 1.0], [1.0, 1.0, 0.1], "Flood and heat carry 91\u00a0% of the pure premium of the sites"),
        ([5.0, 1.0, 1.0], [0.1, 0.1, 0.1], "Flood carries 71\u00a0% of the pure premium of the sites"),
        ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], "No peril costs anything in the simulated years"),
    ],
)
def test_two_perils_that_cannot_be_told_apart_are_named_together(
    pure: list[float], error: list[float], words: str
) -> None:
    perils = xr.Dataset(
        {"pure_premium": ("peril", pure), "standard_error": ("peril", error)},
        coords={"peril": ["flood", "heat", "storm"]},
    )
    assert carries_sentence(perils) == words


def test_sites_stand_with_the_dearest_first(tree: xr.DataTree) -> None:
    sites = group(tree, "sites")
    order = np.argsort(-sites["pure_premium"].values, kind="stable")
    assert column(sites_table(sites), "Site") == sites["site"].values[order].tolist()


def test_small_covers_have_their_price_of_one(tree: xr.DataTree) -> None:
    small = group(tree, "small_covers")
    each = (small["gross_premium"] / small["units"]).values
    told = column(small_table(small), "Gross premium of one")
    assert told == [
        f"{significant(float(v))} a {u}" for v, u in zip(each, small["unit"].values.astype(str), strict=True)
    ]


def test_products_that_are_not_reproduced_are_counted(tree: xr.DataTree) -> None:
    verdict = group(tree, "products")["verdict"].values.astype(str)
    found = products_section(tree)
    assert found is not None
    assert f"{(verdict == 'not reproduced').sum()} are not" in found.sentence
    rows = sum(len(part.table.rows) for part in found.parts if part.table is not None)
    # rows on the premium of the sites stand in a table of their own, one a product
    of_sites = [
        text
        for text in group(tree, "products")["what"].values.astype(str)
        if "gross premium of the sites" in text
    ]
    assert of_sites
    assert found.parts[0].table is not None
    assert rows - len(found.parts[0].table.rows) == verdict.size - len(of_sites)


def test_the_link_is_told_with_its_card_and_declaration(tree: xr.DataTree, html: str) -> None:
    told = section(html, "link")
    assert "No record has the loss of these sites beside the index." in told
    assert " ".join(str(tree.attrs["declared_link"]).split()) in told


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize("anchor", SECTIONS)
def test_a_group_of_a_wetland_that_is_absent_leaves_its_section_out(tree: xr.DataTree, anchor: str) -> None:
    page = page_of(without(tree, *SECTIONS[anchor]))
    assert anchor not in anchors(page)
    links = set(re.findall(r'href="#([\w-]+)"', page))
    assert links <= set(re.findall(r'id="([^"]+)"', page)), links - set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.usefixtures("unpainted")
def test_simulation_error_and_range_of_basis_risk_stand_apart(tree: xr.DataTree) -> None:
    basis = group(tree, "basis")
    table = measures_table(basis)
    assert [c.label for c in table.columns][1:3] == ["Value ± simulation", "Least to largest"]
    assert "90\xa0% interval" not in [c.label for c in buyer_table(group(tree, "buyer")).columns]
    found = basis_section(tree)
    assert found is not None
    assert any("the simulation error stands apart" in note for note in found.notes)
    # years of a record have an interval and no simulation error
    measured = basis.assign(standard_error=basis["standard_error"] * np.nan)
    measured.attrs.pop("interval")
    assert [c.label for c in measures_table(measured).columns][1:3] == ["Value", "90\xa0% interval"]


def test_a_wetland_without_an_index_says_nothing_of_one(tree: xr.DataTree) -> None:
    index = (
        "series", "guards", "record", "history", "payout_function", "changes", "treatments", "families", "calibration",
        "backtest", "backtest_summary", "backtest_power", "basis", "basis_pairs", "buyer", "link",
    )  # fmt: skip
    page = page_of(without(tree, *index))
    assert not {"record", "treatments", "payout", "test", "basis", "link"} & set(anchors(page))
    assert "The index missed" not in page
    assert "length of the record and the named" not in page
