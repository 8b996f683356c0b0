# SPDX-License-Identifier: Apache-2.0
"""Numbers of the issuer page: those of the tables, whichever way they are summed; words that stand alone."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from greenrisk.report.charts.issuer_heat import BOUNDS, SHADES, shade_of
from greenrisk.report.charts.issuer_look import chance
from greenrisk.report.pages.issuers_answer import breaks_table, judged
from greenrisk.report.pages.issuers_channel_section import channels_section
from greenrisk.report.pages.issuers_credit_sections import (
    BROKEN,
    debt_of,
    fans_of,
    ranked_issuers,
    weighted_quantile,
)
from greenrisk.report.pages.issuers_figures import figures_section
from greenrisk.report.pages.issuers_input_sections import coverage_section
from greenrisk.report.pages.issuers_one import hurt_most, issuer_swings
from greenrisk.report.pages.issuers_path_sections import carbon_cost, carbon_of
from greenrisk.report.pages.issuers_view import View, alone, common_words, place
from greenrisk.report.pages.section import Section
from greenrisk.report.table import Table
from tests.studied_issuers import issuers_tree


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return issuers_tree(tmp_path_factory)


@pytest.fixture(scope="module")
def view(tree: xr.DataTree) -> View:
    return View.of(tree)


def column(table: Table, label: str) -> list[str]:
    at = [c.label for c in table.columns].index(label)
    return [row[at].text for row in table.rows]


def only_table(section: Section | None) -> Table:
    assert section is not None
    found = section.parts[0].table
    assert found is not None
    return found


def test_the_mean_of_the_fan_is_the_default_rate_of_the_headline(view: View) -> None:
    years, fans = fans_of(view)
    at = years.index(view.year)
    for scenario in view.scenarios:
        metric = view.metric("default_rate", scenario)
        assert metric is not None
        assert fans[scenario].mean[at] == pytest.approx(metric.value, rel=1e-9)
        assert fans[scenario].knowledge[view.year] == (metric.low, metric.high)
        assert (fans[scenario].low <= fans[scenario].median + 1e-15).all()
        assert (fans[scenario].median <= fans[scenario].high + 1e-15).all()


def test_a_quantile_by_weight_is_the_least_value_that_holds_the_share() -> None:
    values = np.array([[3.0, 1.0], [1.0, 3.0], [2.0, 2.0]])
    weights = np.array([1.0, 1.0, 8.0])
    found = weighted_quantile(values, weights, (0.1, 0.5, 0.9, 1.0))
    assert found[:, 0].tolist() == [1.0, 2.0, 2.0, 3.0]
    assert found[:, 1].tolist() == [1.0, 2.0, 2.0, 3.0]


def test_sectors_of_the_carbon_chart_add_up_to_the_headline(view: View) -> None:
    cost, issuers = carbon_of(view), view.group("issuers")
    assert cost is not None
    assert issuers is not None
    found = carbon_cost(view, cost.values, issuers)
    revenue = issuers["statement"].sel(line="revenue").values
    sector = issuers["sector_name"].values.astype(str)
    earned = np.array(
        [revenue[np.char.capitalize(sector) == name.capitalize()].sum() for name in found.sectors]
    )
    for place_of, scenario in enumerate(view.scenarios):
        metric = view.metric("carbon_cost_to_revenue", scenario)
        assert metric is not None
        assert (found.ratio[place_of] * earned).sum() / earned.sum() == pytest.approx(metric.value, rel=1e-9)
    assert (found.low <= found.ratio + 1e-12).all()
    assert (found.ratio <= found.high + 1e-12).all()


@pytest.mark.usefixtures("unpainted")
def test_the_waterfall_ends_where_the_statements_are(tree: xr.DataTree, view: View) -> None:
    section = channels_section(view)
    assert section is not None
    charts = [part.chart for part in section.parts if part.chart is not None]
    ebit = tree["statements"]["ebit"].sel(year=view.year).sum("issuer")
    for chart in charts:
        scenario = chart.name.removeprefix("channels-")
        rows = {row[0].text: row[1].value for row in chart.table.rows}
        last = chart.table.rows[-1][1].value
        assert last == pytest.approx(float(ebit.sel(scenario=scenario)), rel=1e-9)
        names = list(rows)
        joint = rows["All channels jointly"]
        parts = [rows[name] for name in names[1 : names.index("All channels jointly")]]
        assert sum(value for value in parts if value is not None) == pytest.approx(joint, rel=1e-6)


def test_the_issuer_with_a_page_is_the_one_whose_expected_loss_rises_most(
    tree: xr.DataTree, view: View
) -> None:
    found = hurt_most(view)
    assert found is not None
    loss = tree["spread"]["expected_loss"].sel(year=view.year)
    rise = loss - loss.sel(scenario=view.baseline)
    assert float(rise.sel(issuer=found[0], scenario=found[1])) == float(rise.max())


def test_the_tornado_of_an_issuer_knows_every_parameter_and_both_ends(tree: xr.DataTree, view: View) -> None:
    found = hurt_most(view)
    assert found is not None
    swings = issuer_swings(view, *found)
    ends = tree["issuer_tornado"].to_dataset()
    assert len(swings) == len(set(zip(ends["end_role"].values, ends["end_name"].values, strict=True)))
    width = [swing.width for swing in swings]
    assert width == sorted(width, reverse=True)
    one = next(s for s in swings if s.name == "real_growth")
    at = np.flatnonzero((ends["end_name"].values == "real_growth") & (ends["end_side"].values == "low"))
    value = ends["annual_probability"].sel(issuer=found[0], scenario=found[1]).values[at]
    assert value.tolist() == [one.at_low]


def test_issuers_come_in_the_order_of_what_hurts_them(tree: xr.DataTree, view: View) -> None:
    order = ranked_issuers(view)
    assert sorted(order) == sorted(str(i) for i in tree["pd"]["issuer"].values)
    chances = tree["pd"]["annual_probability"].sel(year=view.year)
    rise = (chances - chances.sel(scenario=view.baseline)).max("scenario")
    first, last = (float(rise.sel(issuer=order[k])) for k in (0, -1))
    assert first == pytest.approx(float(rise.max()), abs=1e-3)
    assert last == pytest.approx(float(rise.min()), abs=1e-3)


def test_coverage_tells_every_scenario_and_region(view: View) -> None:
    table = only_table(coverage_section(view))
    assert list(dict.fromkeys(column(table, "Scenario"))) == [view.label(s) for s in view.scenarios]
    assert set(column(table, "Years held")) == {"26 of 26"}


def test_debt_of_the_page_is_that_of_the_portfolio(view: View) -> None:
    portfolio = view.group("portfolio")
    assert portfolio is not None
    assert debt_of(view)[1].sum() == pytest.approx(float(portfolio.attrs["debt"]), rel=1e-12)


def test_a_chance_near_its_ends_says_so_without_digits() -> None:
    assert chance(1.0) == "100\u00a0%"
    assert chance(0.9999999) == "above 99.9\u00a0%"
    assert chance(1e-9) == "below 0.001\u00a0%"
    assert chance(0.0) == "0\u00a0%"
    assert chance(float("nan")) == "\u2013"


def test_shades_rise_with_the_probability() -> None:
    assert len(SHADES) == len(BOUNDS) + 1
    assert [shade_of(p) for p in (0.0, 0.001, 0.02, 0.1, 0.3, 1.0)] == [0, 1, 2, 3, 4, 5]
    assert shade_of(float("nan")) == -1


def test_names_lose_the_words_that_all_of_them_begin_with() -> None:
    assert common_words(["Synthetic City Water", "Synthetic City Works"]) == len("Synthetic City ")
    assert common_words(["Synthetic City", "Synthetic City Works"]) == len("Synthetic ")
    assert common_words(["Alpha", "Beta"]) == 0
    assert common_words(["Only one"]) == 0


def test_a_place_in_a_file_loses_its_folders() -> None:
    assert place("/anywhere/data/book.xlsx:7 ESG") == "book.xlsx:7 ESG"
    assert place("C:\\data\\book.xlsx") == "book.xlsx"


def test_a_parameter_like_its_neighbour_tells_its_own_name() -> None:
    assert alone("pass_through_cement", "The same for cement, hardly traded.") == (
        "Pass through cement (cement, hardly traded)"
    )
    assert alone("slope", "Slope of the cost.") == "Slope of the cost."


def test_figures_by_scenario_are_those_of_the_metrics(view: View) -> None:
    table = only_table(figures_section(view))
    for place_of, scenario in enumerate(view.scenarios, start=1):
        metric = view.metric("default_rate", scenario)
        assert metric is not None
        row = next(row for row in table.rows if row[0].text.startswith("Default in the twelve months"))
        assert row[place_of].value == metric.value
        assert row[place_of].note == f"{chance(metric.low)} to {chance(metric.high)}"
        tail = view.metric("portfolio_value_at_risk", scenario)
        assert tail is not None
        row = next(row for row in table.rows if row[0].text.startswith("Loss of 1 in"))
        assert row[place_of].value == tail.value
        assert "\u00b1" in row[place_of].text


def test_who_breaks_is_counted_from_the_probabilities(tree: xr.DataTree, view: View) -> None:
    table = breaks_table(view)
    assert table is not None
    chances = tree["pd"]["annual_probability"].sel(year=view.year)
    counted = [int((chances.sel(scenario=s).values >= BROKEN).sum()) for s in view.scenarios]
    assert column(table, "Break") == [str(n) for n in counted]


def test_what_is_judged_adds_up_to_all(view: View) -> None:
    _, shares = judged(view)
    assert sum(float(s["width"]) for s in shares) == pytest.approx(100.0, abs=0.05)
    tornado = view.group("tornado")
    assert tornado is not None
    assert {s["status"] for s in shares} <= set(tornado["status"].values.astype(str))
