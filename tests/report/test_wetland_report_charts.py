# SPDX-License-Identifier: Apache-2.0
"""Charts of wetlands and index covers: well-formed, with values to tell; rejected choices are marked as such."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr
from cover_pages import manaus, nile

from greenrisk.report.charts.exceedance import exceedance_chart
from greenrisk.report.charts.index_alternatives import index_alternatives_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.charts.wetland_map import Places
from greenrisk.report.pages.index_price_sections import PAID
from greenrisk.report.pages.index_sections import answer_words
from greenrisk.report.pages.wetland_site_sections import heads_chart, perils_chart, sites_section


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return manaus(tmp_path_factory)


@pytest.fixture(scope="module")
def on_nile(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return nile(tmp_path_factory)


def site_map(tree: xr.DataTree) -> Chart:
    found = sites_section(tree)
    assert found is not None
    chart = found.parts[0].chart
    assert chart is not None
    return chart


CHARTS: dict[str, Callable[[xr.DataTree], Chart]] = {
    "map": site_map,
    "perils": lambda tree: perils_chart(tree["perils"].to_dataset()),
    "heads": lambda tree: heads_chart(tree["heads"].to_dataset()),
    "alternatives": lambda tree: index_alternatives_chart(
        tree["alternatives"].to_dataset(), 3e7, answer_words
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_of_a_wetland_is_well_formed_small_and_tells_values(tree: xr.DataTree, name: str) -> None:
    chart = CHARTS[name](tree)
    for svg in (chart.wide, chart.narrow):
        root = ElementTree.fromstring(svg)
        assert root.get("aria-label") == chart.alt
        spots = [e for e in root.iter() if e.get("class") == "hit"]
        assert spots
        assert all(spot.find("title") is not None for spot in spots)
        assert "nan" not in svg.lower()
        assert len(svg) < 300_000
    assert chart.table.rows
    assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)


def test_a_degree_north_is_as_long_on_the_map_as_on_the_earth() -> None:
    sites = xr.Dataset(
        {"longitude": ("site", [-60.0, -60.0, -60.0]), "latitude": ("site", [-4.0, -3.0, -2.0])}
    )
    places = Places.of(sites)
    # 40,008 km of meridian over 360 degrees
    assert np.diff(places.y) == pytest.approx([111.13, 111.13], rel=2e-3)
    assert places.x == pytest.approx([0.0, 0.0, 0.0])


def test_a_curve_of_years_alone_is_drawn_without_one_of_events(on_nile: xr.DataTree) -> None:
    curves = on_nile["curves"].to_dataset()
    assert curves["curve"].values.tolist() == ["aggregate"]
    chart = exceedance_chart(curves, "gross", PAID)
    assert "OEP" not in chart.wide + chart.note + chart.alt
    assert "Payments of a year" in chart.wide
    assert len(chart.table.rows) == curves.sizes["return_period"]


def alternatives(*holds: int) -> xr.Dataset:
    values = np.array([1e6, 2e6, 9e6])
    return xr.Dataset(
        {
            "value": (("alternative", "quantity"), values[:, None]),
            "question": ("alternative", ["law of the index"] * 3),
            "answer": ("alternative", ["normal", "gamma", "gumbel"]),
            "holds_open": ("alternative", list(holds)),
        },
        coords={"quantity": ["gross_premium"]},
    )


def test_a_choice_that_tests_speak_against_is_marked_and_does_not_make_the_title() -> None:
    chart = index_alternatives_chart(alternatives(1, 1, 0), 1.5e6, answer_words)
    assert "CNY\u00a01.00 to 2.00\u00a0million" in chart.title
    assert chart.wide.count("tests speak against it") + chart.wide.count("against it)") >= 1
    assert [row[1].note for row in chart.table.rows] == ["", "", "tests speak against it"]
    every = index_alternatives_chart(alternatives(1, 1, 1), 1.5e6, answer_words)
    assert "CNY\u00a01.00 to 9.00\u00a0million" in every.title
    assert "speak against" not in every.note


def test_a_limit_that_years_reach_is_not_said_to_be_exceeded() -> None:
    shape = ("curve", "layer", "return_period")
    loss = np.array([[[0.0, 4e6, 9e6, 1e7, 1e7]]])
    curves = xr.Dataset(
        {name: (shape, loss) for name in ("loss", "standard_error", "low", "high")},
        coords={
            "curve": ["aggregate"],
            "layer": ["gross"],
            "return_period": [5.0, 20.0, 100.0, 250.0, 500.0],
        },
    )
    title = exceedance_chart(curves, "gross", PAID).title
    assert title == (
        "A bad year costs the cover more than CNY\u00a09.00\u00a0million once in 100\u00a0years, and the full "
        "CNY\u00a010.0\u00a0million once in 250\u00a0years"
    )
