# SPDX-License-Identifier: Apache-2.0
"""The first screen of the zone page: grades, what the limits leave uncovered, who is uninsured, what matters most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.pages.forest_answer import Headline, headline
from greenrisk.report.pages.zone_words import ACTIVITY_NAMES, GRADE_NAMES
from greenrisk.report.reading import Metrics
from greenrisk.report.table import Column, Table, figure, interval, table, words
from greenrisk.report.wording import money, money_unit, named, percent, span, whole

TOP = 3
"""Plants and measures that the first screen names."""


@dataclass(frozen=True)
class GradeCount:
    """How many plants carry a grade.

    Parameters
    ----------
    grade : str
        Word of the result, which names its colour.
    name : str
        The reader's word.
    count : str
        Plants.
    between : str
        What other readings of the standard give; empty where all give the same.
    """

    grade: str
    name: str
    count: str
    between: str


def facts(tree: xr.DataTree) -> str:
    """Return one line: which year, how many plants, how many years were simulated."""
    return (
        f"Underwriting year {tree.attrs['underwriting_year']}, prices of {tree.attrs['price_year']}. "
        f"{whole(float(tree.attrs['plants']))} plants. {whole(float(tree.attrs['years']))} simulated years."
    )


def notices(tree: xr.DataTree, ledger: pd.DataFrame) -> list[dict[str, str]]:
    """Return what a reader must know before the first number."""
    found = []
    if int(tree.attrs.get("synthetic_zone", 0)):
        found.append(
            {
                "text": f"The plants are invented: {tree.attrs.get('plants_file', 'the zone')} is a synthetic zone. "
                "Names, places, substances and accidents show what the method does, not what any real plant is.",
                "href": "#inputs",
            }
        )
    return found


def grade_counts(metrics: Metrics) -> list[GradeCount]:
    """Return how many plants carry each official grade, the severest first, those not graded last."""
    counts = []
    for grade in ("major", "larger", "general", "refused"):
        found = metrics.find("environmental_risk_grade", grade=grade)
        if found is None:
            continue
        moved = found.low != found.high and np.isfinite([found.low, found.high]).all()
        between = f"{whole(found.low)} to {whole(found.high)} in other readings" if moved else ""
        counts.append(GradeCount(grade, GRADE_NAMES[grade], whole(found.value), between))
    return counts


def headlines(metrics: Metrics) -> list[Headline]:
    """Return what policies leave uncovered, and what they cost."""
    shown = (
        ("uncovered_share", "Of the expected loss, no policy pays"),
        ("accidents_above_limit", "Of costly accidents of insured plants, above the limit"),
        ("money_above_limit", "Of the loss of insured plants, above the limit"),
    )
    found = []
    for name, label in shown:
        metric = metrics[name]
        made = headline(label, metric, percent(metric.value))
        error = metric.standard_error
        found.append(
            Headline(
                label,
                percent(metric.value),
                f"± {percent(error)}" if np.isfinite(error) else made.error,
                span(100 * metric.low, 100 * metric.high) + "\u00a0%",
                made.know,
                made.sim,
            )
        )
    gross = metrics["gross_premium"]
    return [*found, headline("Technical premium of all policies a year", gross, money(gross.value, 4))]


def uninsured_table(plants: xr.Dataset) -> Table:
    """Return the plants without a policy, the dearest first."""
    bare = plants.isel(plant=plants["limit"].values <= 0)
    bare = bare.isel(plant=np.argsort(-bare["ground_up"].values, kind="stable"))
    scale, unit = money_unit(bare["ground_up"].values)
    return table(
        "Plants without a policy",
        [
            Column("Plant", number=False),
            Column("Grade", number=False),
            Column("Activity", number=False),
            Column("Expected loss", f"{unit} a year"),
        ],
        [
            [
                words(f"{one} {name}"),
                words(GRADE_NAMES[str(grade)]),
                words(named(ACTIVITY_NAMES, str(activity))),
                figure(float(loss), scale=scale),
            ]
            for one, name, grade, activity, loss in zip(
                bare["plant"].values,
                bare["name"].values,
                bare["grade"].values,
                bare["activity"].values,
                bare["ground_up"].values,
                strict=True,
            )
        ],
        heard=True,
    )


def top_plants_table(plants: xr.Dataset) -> Table:
    """Return the plants that cost most."""
    top = plants.isel(plant=np.argsort(-plants["ground_up"].values, kind="stable")[:TOP])
    total = float(plants["ground_up"].sum())
    scale, unit = money_unit(top["ground_up"].values)
    return table(
        "Plants that matter most",
        [
            Column("Plant", number=False),
            Column("Grade", number=False),
            Column("Expected loss", f"{unit} a year"),
            Column("Share of the zone"),
            Column("Paid by its policy", f"{unit} a year"),
            Column("Knowledge, 90 %", f"{unit} a year"),
        ],
        [
            [
                words(f"{top['plant'].values[i]} {top['name'].values[i]}"),
                words(GRADE_NAMES[str(top["grade"].values[i])]),
                figure(float(top["ground_up"].values[i]), scale=scale),
                words(percent(float(top["ground_up"].values[i]) / total)),
                figure(
                    float(top["insured"].values[i]), scale=scale, error=float(top["insured_error"].values[i])
                ),
                interval(float(top["insured_low"].values[i]), float(top["insured_high"].values[i]), scale),
            ]
            for i in range(top.sizes["plant"])
        ],
        heard=True,
    )
