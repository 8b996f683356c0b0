# SPDX-License-Identifier: Apache-2.0
"""Section of the zone page on the mandatory limit: what it leaves, the smallest enough, Spain's rule beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.pollution.mandate.plant_groups import GROUP_WORDS
from greenrisk.report.charts.limit_curves import MEASURES, limit_curves_chart
from greenrisk.report.charts.zone_alternatives import answer_words
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_plant_limits import (
    limit_cell,
    plants_note,
    plants_table,
    spain_note,
    spain_table,
)
from greenrisk.report.pages.zone_words import given, group, share_with_error
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import money, percent, significant

ALL: Final = "all"
NAMED_LIMITS: Final = (1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 1e9)
"""Limits whose answers stand on the page [CNY]."""

GROUPS: Final = ("major", "larger", "general", "not_graded", "in_zone", "beyond_zone", ALL)


def limit_section(tree: xr.DataTree) -> Section | None:
    """Return whether the limit is enough: curves by grade, smallest limits, cap sensitivity, Spain's rule."""
    adequacy, smallest, sensitivity, by_plant, spain, plants = (
        group(tree, name)
        for name in (
            "limit_adequacy",
            "smallest_limit",
            "limit_sensitivity",
            "plant_limits",
            "spain_rule",
            "plants",
        )
    )
    if adequacy is None or plants is None:
        return None
    in_force = plants["limit"].values.astype(float)
    parts = [
        Part("", chart=limit_curves_chart(adequacy, in_force)),
        Part(
            "What a limit leaves unpaid, all plants",
            left_table(adequacy, sensitivity),
            "After sublimits, had every plant a policy of that limit; first row: the plants with a policy, each under "
            "its own limit, below each share 90 % of what is not known of the cards. A few huge accidents carry most "
            "of the money: its ± holds only those that were simulated."
            + (
                " Last column: lowest to highest under two thresholds of the tail and three caps, which is the better "
                "measure of how sure the share of money is."
                if sensitivity is not None
                else ""
            ),
        ),
    ]
    if smallest is not None:
        parts.append(
            Part(
                "The smallest limit that leaves no more than a share unpaid",
                _smallest_table(smallest),
                "After sublimits. In brackets: 90 % of the simulation; for all plants below it, 90 % of what is not "
                "known of the cards. \u201cAbove the grid\u201d: no limit up to the largest one tried leaves so little."
                + _by_grade(adequacy),
            )
        )
    if sensitivity is not None:
        parts.append(
            Part(
                "The smallest limit hangs on where the tail begins and what caps a loss",
                _sensitivity_table(sensitivity),
                sensitivity_note(sensitivity),
            )
        )
    if by_plant is not None:
        heading = "Limits by plant: in force, least limit, and by three rules"
        parts.append(Part(heading, plants_table(by_plant), plants_note(by_plant)))
    elif spain is not None:
        parts.append(
            Part("Spain's 95 % rule beside the limits in force", spain_table(spain), spain_note(spain))
        )
    return Section("limit", "Is the limit enough?", _limit_sentence(adequacy), tuple(parts))


def _limit_sentence(adequacy: xr.Dataset) -> str:
    one = adequacy.sel(group=ALL)
    return (
        f"The policies' terms meet {significant(float(one['accidents']))} accidents a year with a liability, which "
        f"would cost {money(float(one['money']))} a year without any limit, had every plant a policy. Three measures "
        "say what a limit leaves."
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
                        limit_cell(
                            *(float(cell[n].sel(leave=p)) for n in ("limit", "limit_low", "limit_high"))
                        )
                        for p in leaves
                    ),
                ]
            )
            if one == ALL and "limit_knowledge_low" in cell:
                rows.append(_known_row(cell, leaves))
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


def _by_grade(adequacy: xr.Dataset) -> str:
    """Say that grades cannot differ where all plants share one law of a loss."""
    if not adequacy.attrs.get("one_law"):
        return ""
    return (
        " All plants share one law of a loss, whatever their grade: what sets the rows of the grades apart is the luck "
        "of the simulation, no finding."
    )


def _known_row(cell: xr.Dataset, leaves: list[float]) -> list[Cell]:
    """Return what is not known of the smallest limits of all plants, beneath them."""
    ends = [[float(cell[f"limit_knowledge_{end}"].sel(leave=p)) for end in ("low", "high")] for p in leaves]
    told = [[significant(v / 1e6, 2) if np.isfinite(v) else "above the grid" for v in pair] for pair in ends]
    return [words(""), words("90 % of what is not known"), *(Cell(f"{low} to {high}") for low, high in told)]


def _in_force_row(adequacy: xr.Dataset, beside: bool) -> list[Cell]:
    """Return what the limits in force leave by each measure, with both errors."""
    row: list[Cell] = [words("in force")]
    for place in range(adequacy.sizes["measure"]):
        value, error, low, high = (
            float(adequacy[f"in_force{end}"].values[place])
            for end in ("", "_standard_error", "_low", "_high")
        )
        cell = share_with_error(value, error)
        row.append(replace(cell, note=f"90 %: {percent(low)} to {percent(high)}"))
    return [*row, words("")] if beside else row


def left_table(adequacy: xr.Dataset, sensitivity: xr.Dataset | None) -> Table:
    """Return what limits leave of accidents, money and plant-years, and what the money is under other tails and caps.

    Parameters
    ----------
    adequacy : xarray.Dataset
        The group ``/limit_adequacy``.
    sensitivity : xarray.Dataset or None
        The group ``/limit_sensitivity``.
    """
    one = adequacy.sel(group=ALL, side="after_sublimits")
    grid = one["limit"].values.astype(float)
    rows: list[list[Cell]] = []
    for place in (
        int(np.flatnonzero(np.isclose(grid, v))[0]) for v in NAMED_LIMITS if np.isclose(grid, v).any()
    ):
        at = one.isel(limit=place)
        row = [
            given(grid[place]),
            *(share_with_error(float(at[m]), float(at[f"{m}_standard_error"])) for m in MEASURES),
        ]
        if sensitivity is not None:
            other = sensitivity["money_uncovered"].sel(group=ALL, side="after_sublimits")
            ends = other.sel(limit=grid[place], method="nearest").values.astype(float)
            row.append(
                Cell(f"{percent(float(ends.min()))} to {percent(float(ends.max()))}", float(ends.max()))
            )
        rows.append(row)
    if "in_force" in adequacy:
        rows.insert(0, _in_force_row(adequacy, sensitivity is not None))
    return table(
        "What a limit leaves unpaid",
        [
            Column("Limit of an accident", "CNY million"),
            *(Column(f"{head} ± simulation") for head in MEASURES.values()),
            *([Column("Money not paid, by tail and cap")] if sensitivity is not None else []),
        ],
        rows,
        heard=True,
    )


def _sensitivity_table(sensitivity: xr.Dataset) -> Table:
    data = sensitivity.sel(group=ALL, side="after_sublimits")
    leaves = [float(v) for v in data["leave"].values]
    shown = [(m, p) for m in ("accidents_exceeding", "money_uncovered") for p in (leaves[0], leaves[-1])]
    rows: list[list[Cell]] = []
    for name in (str(a) for a in data["alternative"].values):
        one = data.sel(alternative=name)
        told = answer_words(name)
        row: list[Cell] = [words(told[:1].upper() + told[1:])]
        for measure, leave in shown:
            cell = one.sel(measure=measure, leave=leave)
            ends = (float(cell[f"smallest_limit{end}"]) for end in ("", "_low", "_high"))
            row.append(limit_cell(*ends))
        rows.append(row)
    head = {"accidents_exceeding": "of accidents not paid in full", "money_uncovered": "of money not paid"}
    return table(
        "Smallest limit by tail and cap",
        [
            Column("Tail and cap", number=False),
            *(Column(f"Leaves at most {percent(p)} {head[m]}", "CNY million") for m, p in shown),
        ],
        rows,
        heard=True,
    )


def sensitivity_note(sensitivity: xr.Dataset) -> str:
    """Say how far apart the answers are for accidents and for money, from what was computed.

    Parameters
    ----------
    sensitivity : xarray.Dataset
        The group ``/limit_sensitivity``.
    """
    data = sensitivity["smallest_limit"].sel(group=ALL, side="after_sublimits")
    leave = float(data["leave"].values[0])
    apart = {}
    for measure in ("accidents_exceeding", "money_uncovered"):
        limits = data.sel(measure=measure, leave=leave).values.astype(float)
        apart[measure] = float(limits.max() / limits.min()) if np.isfinite(limits).all() else float("nan")
    told = (
        "All plants, after sublimits; in brackets 90 % of the simulation, which here has fewer years than above, so "
        "that the row of the run's own tail and cap differs by chance."
    )
    if np.isfinite(list(apart.values())).all():
        often, much = (significant(v, 2) for v in apart.values())
        told += (
            f" To leave at most {percent(leave)}, the answers are {often}-fold apart for accidents and {much}-fold for "
            "money: how often a limit is passed is fairly well known, how much money lies above it is not."
            if apart["money_uncovered"] > 3 * apart["accidents_exceeding"]
            else f" To leave at most {percent(leave)}, the answers are {often}-fold apart for accidents and "
            f"{much}-fold for money."
        )
    return told
