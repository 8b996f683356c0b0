# SPDX-License-Identifier: Apache-2.0
"""Charts: titles follow the numbers, labels keep apart, and odd results still draw."""

from __future__ import annotations

import warnings
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr
from example_tree import example_tree
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.report.charts.alternatives import alternatives_chart
from greenrisk.report.charts.burning_cost import burning_cost_chart
from greenrisk.report.charts.counts import counts_chart
from greenrisk.report.charts.exceedance import exceedance_chart
from greenrisk.report.charts.plate import Chart, apart
from greenrisk.report.charts.products import products_chart
from greenrisk.report.charts.rate_map import hexagons, rate_map_chart
from greenrisk.report.charts.sizes import sizes_chart
from greenrisk.report.charts.subsidy import subsidy_chart
from greenrisk.report.charts.tornado import tornado_chart
from greenrisk.report.charts.waterfall import waterfall_chart
from greenrisk.report.pages.forest_tables import segments_footnotes, segments_table


def group(path: str) -> xr.Dataset:
    return example_tree(stands=200, years=200)[path].to_dataset()


def all_charts() -> list[Chart]:
    return [
        waterfall_chart(group("premium")),
        exceedance_chart(group("curves")),
        rate_map_chart(group("sites"), group("premium")),
        subsidy_chart(group("premium")),
        tornado_chart(group("tornado")),
        alternatives_chart(group("alternatives")),
        counts_chart(group("checks/counts")),
        sizes_chart(group("checks/classes"), group("checks/size_curve")),
        burning_cost_chart(group("checks/burning_cost")),
        products_chart(group("checks/products"), 0.1234, 0.1543),
    ]


def test_every_chart_is_well_formed_small_and_tells_values() -> None:
    for chart in all_charts():
        for svg in (chart.wide, chart.narrow):
            root = ElementTree.fromstring(svg)
            assert root.get("aria-label") == chart.alt
            assert root.get("role") == "img"
            spots = [e for e in root.iter() if e.get("class") == "hit"]
            assert spots
            assert all(spot.find("title") is not None for spot in spots)
            assert len(svg) < 300_000
        assert chart.title
        assert chart.table.rows
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)


def test_text_stays_text_and_colours_are_left_to_the_style_sheet() -> None:
    chart = exceedance_chart(group("curves"))
    texts = ["".join(e.itertext()) for e in ElementTree.fromstring(chart.wide).iter("text")]
    assert "1 in 100" in texts
    assert "var(--accent, #0072b2)" in chart.wide
    assert 'style="fill: #1f2328' not in chart.wide


def test_a_chart_is_the_same_at_every_call() -> None:
    first, second = (tornado_chart(group("tornado")) for _ in range(2))
    assert (first.wide, first.narrow) == (second.wide, second.narrow)


def test_the_title_of_the_exceedance_curve_states_the_100_and_250_year_losses() -> None:
    curves = group("curves")
    chosen = curves["loss"].sel(curve="aggregate", layer="gross")
    title = exceedance_chart(curves).title
    for period in (100, 250):
        million = float(chosen.sel(return_period=period)) / 1e6
        assert f"CNY\u00a0{million:.2f}\u00a0million once in {period}" in title


def test_return_periods_that_were_not_reached_are_left_out() -> None:
    curves = group("curves")
    for name in ("loss", "low", "high", "standard_error"):
        curves[name][:, :, -2:] = np.nan
    chart = exceedance_chart(curves)
    assert "1 in 200" in chart.wide
    assert "1 in 500" not in chart.wide


def test_a_knowledge_bound_is_not_drawn_falling_with_the_return_period() -> None:
    curves = group("curves")
    assert "largest value so far" not in exceedance_chart(curves).note
    dipped = curves.copy(deep=True)
    lifted = curves.copy(deep=True)
    dipped["high"].loc[{"return_period": 100}] = 0.5 * curves["high"].sel(return_period=50)
    lifted["high"].loc[{"return_period": 100}] = curves["high"].sel(return_period=50)
    chart = exceedance_chart(dipped)
    assert chart.wide == exceedance_chart(lifted).wide
    assert "largest value so far" in chart.note


def test_a_parameter_without_effect_says_so_instead_of_a_width() -> None:
    tornado = group("tornado")
    tornado["gross_at_low"][-1] = tornado["gross_at_high"][-1] = 640_000.0
    chart = tornado_chart(tornado)
    assert chart.table.rows[-1][-1].text == "no effect in the simulated years"
    assert "no effect in the simulated years" in chart.wide


def test_the_waterfall_says_what_a_hundred_yuan_of_premium_pay_for() -> None:
    # 380,000 / 640,000 = 59 %; 90,000 = 14 %; (89,600 + 32,000 + 12,800) / 640,000 = 21 %; 35,600 = 6 %
    assert waterfall_chart(group("premium")).title == (
        "Of CNY\u00a0100 of premium, 59 pay expected losses, 14 the risk load, 21 expenses, commission and tax "
        "and 6 profit"
    )


def test_the_tornado_says_that_judged_shapes_are_moved_at_the_same_cost() -> None:
    tornado = group("tornado")
    assert "at the same mean cost" not in tornado_chart(tornado).note
    tornado.attrs["level_neutral"] = 1
    assert "at the same mean cost before terms" in tornado_chart(tornado).note


def test_the_tornado_names_its_widest_bar_and_links_to_its_card() -> None:
    tornado = group("tornado")
    chart = tornado_chart(tornado)
    assert "most: fires per ha of forest" in chart.title
    assert chart.table.rows[0][0].href == "#card-example-local-hazard_ratio"
    assert chart.table.rows[0][0].status == "illustrative"


def test_counties_are_told_apart_only_beyond_twice_the_simulation_error() -> None:
    sites, premium = group("sites"), group("premium")
    assert (
        "as much"
        in rate_map_chart(
            sites, premium.assign(gross_standard_error=0 * premium["gross_standard_error"])
        ).title
    )
    noisy = premium.assign(gross_standard_error=1e9 + 0 * premium["gross_standard_error"])
    assert "too short to tell them apart" in rate_map_chart(sites, noisy).title


def test_a_book_of_one_stand_without_a_loss_still_has_a_map() -> None:
    sites = group("sites").isel(site=slice(0, 1))
    for name in ("gross_premium", "pure_premium", "pure_premium_standard_error"):
        sites[name][:] = 0.0
    assert "pays 0 per mille" in rate_map_chart(sites, group("premium")).title


def test_the_size_chart_names_the_class_that_it_misses() -> None:
    classes, curve = group("checks/classes"), group("checks/size_curve")
    chart = sizes_chart(classes, curve)
    assert chart.title == (
        "Fitted to the classes below 100 ha, the size law expects 1.6 of 100 to 1,000 ha (0 counted) and 0.10 of "
        "1,000 ha and over (0 counted) above them"
    )
    assert "under 1 ha and 1 to 100 ha are met by construction" in chart.note
    classes["observed"][2] = 50.0
    assert sizes_chart(classes, curve).title.endswith("misses the count of fires 100 to 1,000 ha")


def test_plain_averages_are_set_against_each_other_and_the_model_against_them() -> None:
    # 0.168 / 0.067 = 2.5; 0.073 lies between
    assert burning_cost_chart(group("checks/burning_cost")).title == (
        "For fire alone the plain average 2004-2021 is 2.5\u00a0times that of 2009-2021; "
        "the model takes 0.0730 CNY per mu, between them"
    )


def test_the_fire_premium_is_said_to_be_a_part_of_an_all_peril_premium() -> None:
    # median of 1.5, 2.8, 1.2, 1.5 is 1.5; 0.1234 / 1.5 = 8.2 %
    title = products_chart(group("checks/products"), 0.1234, 0.1543).title
    assert "8.2\u00a0% of the median all-peril product" in title
    assert "minor part" in title


def test_the_shape_is_said_not_to_be_identified() -> None:
    chart = alternatives_chart(group("alternatives"))
    assert "do not identify the shape" in chart.note
    assert chart.opened
    assert len(chart.table.rows) == 9


def test_alternatives_name_what_moves_and_whether_the_rare_loss_sees_the_tail() -> None:
    # 1 + 1.4 * 1.0 over 1 is 2.4; 1 + 0.07 * 1.0 over 1 is 7 %
    data = group("alternatives")
    title = alternatives_chart(data).title
    assert "move the mean of the worst 1 in 200 years (TVaR 99.5 %) by a factor of 2.4" in title
    assert "move the premium by 7\u00a0%" in title
    assert "once in about 500 years" in alternatives_chart(data, 0.002).note
    assert "once in about" not in alternatives_chart(data, 0.02).note
    flat = data.assign(value=0 * data["value"] + 5e6)
    assert "hardly move the premium (CNY\u00a05.00\u00a0million)" in alternatives_chart(flat).title
    older = data.drop_sel(quantity="tail_value_at_risk")
    assert "move the 250-year event by a factor of 2.4" in alternatives_chart(older).title


def test_a_model_above_the_trended_burning_cost_says_why() -> None:
    data = group("checks/burning_cost")
    assert "lies above" not in burning_cost_chart(data).note
    label = data["label"].values.astype("U40")
    label[1] = "2009-2021 brought to 2025"
    assert "lies above the burning cost 2009-2021 brought to 2025" in (
        burning_cost_chart(data.assign(label=("method", label))).note
    )


def test_a_model_below_both_plain_averages_is_set_against_the_lower_one() -> None:
    # 0.0335 / 0.067 = 50 %
    data = group("checks/burning_cost")
    data["pure_premium_per_mu"][2] = 0.0335
    assert burning_cost_chart(data).title.endswith("0.0335 CNY per mu, 50\u00a0% of the lower plain average")


def test_a_chinese_county_name_raises_no_warning_and_stays_text() -> None:
    sites, premium = group("sites"), group("premium")
    named = sites.assign(county=("site", np.where(sites["county"].values == "Fuliang", "浮梁县", "乐平市")))
    told = premium.assign_coords(
        county=("segment", np.where(premium["county"].values == "Fuliang", "浮梁县", "乐平市"))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chart = rate_map_chart(named, told)
    assert "浮梁县" in chart.wide
    assert "浮梁县" in chart.narrow


def test_a_noisy_segment_and_a_negative_risk_load_are_marked() -> None:
    premium = group("premium")
    assert segments_footnotes(premium) == []
    premium["amount"].loc[{"row": "risk_load", "segment": "Leping|commercial"}] = -1.0
    premium["gross_standard_error"][1] = 0.3 * premium["amount"].sel(row="gross_premium")[1]
    marked = {row[0].text: row[1].text for row in segments_table(premium).rows if row[1].text[-1] in "†*"}
    assert marked == {"Fuliang": "Public-benefit *", "Leping": "Commercial †"}
    assert [note[0] for note in segments_footnotes(premium)] == ["†", "*"]


def test_the_owners_share_is_the_weighted_mean_of_the_forest_types() -> None:
    premium = group("premium")
    kind = premium["forest_type"].values
    amount = premium["subsidy"].sel(payer="owner").values
    whole = 100 * amount[kind == "all"].sum() / premium["subsidy"].values[:, kind == "all"].sum()
    assert f"the forest owner pays {whole:.0f}: 0 for public-benefit forest and 30 for commercial" in (
        subsidy_chart(premium).title
    )


@settings(max_examples=60)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=5))
def test_labels_moved_apart_do_not_cover_each_other(places: list[float]) -> None:
    moved = apart(places, [10.0] * len(places), 0, 100)
    order = sorted(moved)
    assert all(b - a > 10 - 0.5 for a, b in pairwise(order))
    assert min(order) >= 5 - 1e-9
    assert max(order) <= 95 + 1e-9


def test_labels_far_apart_stay_where_they_are() -> None:
    assert apart([20.0, 60.0], [10.0, 10.0], 0, 100) == [20.0, 60.0]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10))
def test_a_point_lies_in_the_hexagon_whose_centre_is_nearest(seed: int, size: float) -> None:
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(-20, 20, (2, 50))
    cell, centres = hexagons(x, y, size)
    distance = np.hypot(x[:, None] - centres[:, 0], y[:, None] - centres[:, 1])
    own = distance[np.arange(x.size), cell]
    assert np.all(own <= distance.min(axis=1) + 1e-5)
    # no point is farther from its centre than a corner of the hexagon
    assert own.max() <= size / np.sqrt(3) + 1e-5


@pytest.mark.parametrize("stands", [1, 300])
def test_every_stand_falls_into_one_hexagon(stands: int) -> None:
    generator = np.random.default_rng(7)
    cell, centres = hexagons(*generator.uniform(0, 50, (2, stands)), 3.0)
    assert cell.shape == (stands,)
    assert set(cell) == set(range(len(centres)))


@pytest.mark.parametrize("narrow", [False, True])
def test_a_ladder_of_nothing_but_zeros_draws_without_a_warning(narrow: bool) -> None:
    from matplotlib.figure import Figure

    from greenrisk.report.charts.ladder import Rung, ladder

    plate = Figure()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hits = ladder(plate, narrow, [Rung("ours", 0.0, 0.0, 0.0, ours=True), Rung("theirs", 0.0)], "CNY")
    assert [hit.text for hit in hits] == ["ours: 0", "theirs: 0"]
