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
            *(figure(float(v), scale=1e6) for v in limits["limit"].values[i]),
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
