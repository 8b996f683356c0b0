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
from greenrisk.report.pages.zone_words import given, group, share_with_error
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money, percent, significant

ALL: Final = "all"
MOST_ROWS: Final = 20
THOUSAND: Final = 1000.0
"""Years that a printed rate is for."""

SPAIN: Final = (
    "Spain's rule: of a plant's simulated accidents by class of cost, taken in ascending order until they make up "
    "95 % of its risk, the one that crosses fixes the guarantee (Real Decreto 2090/2008, art. 33)."
)

LIMIT_RULES: Final = {
    "in_force": "In force",
    "minimum": "Asked for",
    "spain": "Spain's rule",
    "accident_quantile": "Quantile of an accident",
    "probable_maximum_loss": "Probable maximum loss",
}
"""Rule of a limit -> its words."""

WRITTEN: Final = ("in_force", "minimum")
"""Rules whose limits somebody wrote down; the others are computed."""

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
            "After sublimits. A few huge accidents carry most of the money: its ± holds only those that were "
            "simulated."
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
                "After sublimits. In brackets: 90 % of the simulation. \u201cAbove the grid\u201d: no limit up to the "
                "largest one tried leaves so little.",
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
        heading = "Limits by plant: in force, asked for, and by three rules"
        parts.append(Part(heading, _plants_table(by_plant), _plants_note(by_plant)))
    elif spain is not None:
        parts.append(
            Part("Spain's 95 % rule beside the limits in force", _spain_table(spain), _spain_note(spain))
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
            row.append(_limit_cell(*ends))
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


def _plants_table(limits: xr.Dataset) -> Table:
    order = np.argsort(-limits["accidents"].values, kind="stable")[:MOST_ROWS]
    rules = [str(r) for r in limits["rule"].values]
    rows: list[list[Cell]] = [
        [
            words(limits["plant"].values[i]),
            Cell(
                significant(THOUSAND * float(limits["accidents"].values[i])),
                float(limits["accidents"].values[i]),
            ),
            *(
                given(float(v)) if rule in WRITTEN else figure(float(v), scale=1e6)
                for rule, v in zip(rules, limits["limit"].values[i], strict=True)
            ),
            figure(float(limits["highest_over_lowest"].values[i]), 2),
        ]
        for i in order
    ]
    return table(
        "Limits by plant",
        [
            Column("Plant", number=False),
            Column("Accidents with a liability", "in 1,000 years"),
            *(Column(LIMIT_RULES.get(r, r), "CNY million") for r in rules),
            Column("Highest over lowest of the three rules", "times"),
        ],
        rows,
        heard=True,
    )


def _plants_note(limits: xr.Dataset) -> str:
    ratio = limits["highest_over_lowest"].values.astype(float)
    level, period = percent(float(limits.attrs["level"])), f"{limits.attrs['period']:g}"
    told = (
        f"{min(MOST_ROWS, ratio.size)} of {ratio.size} plants, the most frequent first; tables/plant_limits has all. "
        f"{SPAIN} Quantile: an accident costs no more with a chance of {level}. Probable maximum: the largest accident "
        f"of {period} years; 0 where the plant has one less often than that."
    )
    if np.isfinite(ratio).any():
        middle = significant(float(np.nanmedian(ratio)), 2)
        told += f" For the middle plant the rules differ {middle}-fold: no rule is the right one."
    return told


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
        most=MOST_ROWS,
    )


def _spain_note(spain: xr.Dataset) -> str:
    short = int(((spain["guarantee"].values > spain["limit"].values) & (spain["guarantee"].values > 0)).sum())
    return (
        f"{min(MOST_ROWS, spain.sizes['plant'])} of {spain.sizes['plant']} plants, the largest guarantee first; the "
        f"limit of {short} is below it. {SPAIN}"
    )
