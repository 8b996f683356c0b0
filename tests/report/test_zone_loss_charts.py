# SPDX-License-Identifier: Apache-2.0
"""Charts of what a zone's accidents cost: heads in closed form and simulated, names and numbers of the curves."""

from __future__ import annotations

import re

import numpy as np
import pytest
from test_zone_charts import group, heads

from greenrisk.report.charts.exceedance import exceedance_chart
from greenrisk.report.charts.loss_heads import loss_heads_chart
from greenrisk.report.pages.zone_loss_sections import COST, PAID


def test_heads_are_told_in_closed_form_and_simulated() -> None:
    # closed form 100 each: 500 in all, of which the policies pay 80
    found = heads()
    exact = found.assign(expected=("head", np.full(found.sizes["head"], 1e5)))
    chart = loss_heads_chart(exact)
    share = f"{100 * float(found['insured'].sum()) / (1e5 * found.sizes['head']):.0f} %"
    assert f"the policies pay {share};" in chart.title.replace("\u00a0", " ")
    labels = [c.label for c in chart.table.columns]
    assert labels[2:4] == ["Loss, closed form", "Loss, simulated"]
    assert float(chart.table.rows[-1][2].value or 0) == pytest.approx(1e5 * found.sizes["head"])
    assert float(chart.table.rows[-1][3].value or 0) == pytest.approx(float(found["ground_up"].sum()))
    assert "Closed form" in chart.wide
    assert "Diamonds" in chart.note
    assert "Closed form" not in loss_heads_chart(found).wide


def test_where_both_curves_end_alike_the_whole_year_stands_above_its_largest_event() -> None:
    curves = group("curves").copy(deep=True)
    curves["loss"][:] = (
        curves["loss"]
        .sel(curve="occurrence")
        .values[tuple(None if d == "curve" else slice(None) for d in curves["loss"].dims)]
    )
    wide = exceedance_chart(curves, "ground_up", COST).wide
    names = re.findall(r">(All events of a year|Largest event of a year)<", wide)
    assert names[:2] == ["All events of a year", "Largest event of a year"]
    places = [
        float(re.findall(r"translate\([\d.]+ ([\d.]+)\)", wide[: wide.index(f">{name}<")])[-1])
        for name in names[:2]
    ]
    assert places[0] < places[1]


def test_each_figure_of_bad_years_has_the_numbers_of_its_own_layer() -> None:
    told = {
        "what accidents cost": exceedance_chart(group("curves"), "ground_up", COST).table,
        "paid by policies": exceedance_chart(group("curves"), "insured", PAID).table,
    }
    for words, table in told.items():
        assert len(table.rows) == 2 * group("curves").sizes["return_period"]
        assert all(row[0].text.endswith(words) for row in table.rows)
