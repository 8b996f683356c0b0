# SPDX-License-Identifier: Apache-2.0
"""Section of the zone page on the mandatory limit: what it leaves, the smallest enough, Spain's rule beside it."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.pollution.mandate.plant_groups import GROUP_WORDS
from greenrisk.report.charts.limit_curves import MEASURES, limit_curves_chart
from greenrisk.report.charts.zone_alternatives import answer_words
from greenrisk.report.pages.section import Part, Section, Shown, dataset_table
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money, percent, significant

ALL: Final = "all"
GROUPS: Final = ("major", "larger", "general", "not_graded", "in_zone", "beyond_zone", ALL)


def limit_section(tree: xr.DataTree) -> Section | None:
    """Return whether the limit is enough: curves by grade, smallest limits, cap sensitivity, Spain's rule."""
    adequacy, smallest, sensitivity, spain, plants = (
        group(tree, name)
        for name in ("limit_adequacy", "smallest_limit", "limit_sensitivity", "spain_rule", "plants")
    )
    if adequacy is None or plants is None:
        return None
    parts = [Part("", chart=limit_curves_chart(adequacy, plants["limit"].values.astype(float)))]
    if smallest is not None:
        parts.append(
            Part(
                "The smallest limit that leaves no more than a share unpaid",
                _smallest_table(smallest),
                "After sublimits. In brackets: 90 % of the simulation. \u201cAbove the grid\u201d: no limit up to the "
                "largest one tried leaves so little.",
            )
        )
    if sensitivity is not None:
        parts.append(
            Part(
                "The smallest limit hangs on where the tail begins and what caps a loss",
                _sensitivity_table(sensitivity),
                "All plants, after sublimits. What is not known of the tail moves the answer more than the simulation "
                "error does.",
            )
        )
    if spain is not None:
        parts.append(
            Part("Spain's 95 % rule beside the limits in force", _spain_table(spain), _spain_note(spain))
        )
    return Section("limit", "Is the limit enough?", _limit_sentence(adequacy), tuple(parts))


def _limit_sentence(adequacy: xr.Dataset) -> str:
    one = adequacy.sel(group=ALL)
    return (
        f"The policies' terms meet {significant(float(one['accidents']))} accidents a year with a liability, which "
        f"would cost {money(float(one['money']))} a year without any limit. Three measures say what a limit leaves."
    )


def _smallest_table(smallest: xr.Dataset) -> Table:
    data = smallest.sel(side="after_sublimits")
    leaves = [float(v) for v in data["leave"].values]
    rows: list[list[Cell]] = []
    for one in [g for g in GROUPS if g in data["group"].values]:
        for measure, told in MEASURES.items():
            cell = data.sel(group=one, measure=measure)
            rows.append(
                [
                    words(GROUP_WORDS.get(one, one)),
                    words(told),
                    *(
                        _limit_cell(
                            *(float(cell[n].sel(leave=p)) for n in ("limit", "limit_low", "limit_high"))
                        )
                        for p in leaves
                    ),
                ]
            )
    return table(
        "Smallest limit by measure and share left",
        [
            Column("Plants", number=False),
            Column("Measure", number=False),
            *(Column(f"Leaves at most {percent(p)}", "CNY million") for p in leaves),
        ],
        rows,
        heard=True,
    )


def _limit_cell(limit: float, low: float, high: float) -> Cell:
    if not np.isfinite(limit):
        return Cell("above the grid")
    ends = [significant(v / 1e6, 2) if np.isfinite(v) else "above the grid" for v in (low, high)]
    return Cell(significant(limit / 1e6), limit, f"({ends[0]} to {ends[1]})")


def _sensitivity_table(sensitivity: xr.Dataset) -> Table:
    data = sensitivity.sel(group=ALL, side="after_sublimits")
    leaves = [float(v) for v in data["leave"].values]
    rows: list[list[Cell]] = []
    for name in (str(a) for a in data["alternative"].values):
        one = data.sel(alternative=name)
        for measure, told in MEASURES.items():
            limits = [float(one["smallest_limit"].sel(measure=measure, leave=p)) for p in leaves]
            rows.append(
                [
                    words(answer_words(name)),
                    words(told),
                    *(figure(v, scale=1e6) if np.isfinite(v) else Cell("above the grid") for v in limits),
                ]
            )
    return table(
        "Smallest limit by tail and cap",
        [
            Column("Tail and cap", number=False),
            Column("Measure", number=False),
            *(Column(f"Leaves at most {percent(p)}", "CNY million") for p in leaves),
        ],
        rows,
        heard=True,
    )


def _spain_table(spain: xr.Dataset) -> Table:
    data = spain.isel(plant=np.argsort(-spain["guarantee"].values, kind="stable"))
    return dataset_table(
        data,
        "plant",
        [
            Shown("plant", "Plant", "words"),
            Shown("guarantee", "Guarantee by the rule"),
            Shown("prevention", "Least for prevention beside it"),
            Shown("risk", "Risk"),
            Shown("limit", "Limit in force"),
            Shown("limit_over_guarantee", "Limit over guarantee", unit="times"),
        ],
        "Guarantee by Spain's rule",
        most=20,
    )


def _spain_note(spain: xr.Dataset) -> str:
    short = int(((spain["guarantee"].values > spain["limit"].values) & (spain["guarantee"].values > 0)).sum())
    return (
        f"{min(20, spain.sizes['plant'])} of {spain.sizes['plant']} plants, the largest guarantee first; the limit of "
        f"{short} is below it. The scenarios of each plant are its simulated accidents by class of cost, in ascending "
        "order until they make up 95 % of its risk, the one that crosses included (Real Decreto 2090/2008, art. 33)."
    )
