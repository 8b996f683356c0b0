# SPDX-License-Identifier: Apache-2.0
"""The first screen of the zone page: grades, what the limits leave uncovered, who is uninsured, what matters most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.pages import forest_answer
from greenrisk.report.pages.forest_answer import Headline, headline
from greenrisk.report.pages.zone_answer_words import moved_alone
from greenrisk.report.pages.zone_doubt_sections import grouped, rule_row
from greenrisk.report.pages.zone_prevention_section import steps_table
from greenrisk.report.pages.zone_words import ACTIVITY_NAMES, GRADE_NAMES, group
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    listed,
    money,
    money_unit,
    named,
    percent,
    significant,
    span,
    whole,
)

TOP: Final = 3
"""Plants, measures and unconfirmed rows that the first screen names."""

BARE: Final = 5
"""Uninsured plants that the first screen names."""


SUBJECTS: Final = {
    "gb18218": "levels of GB 18218",
    "grading": "grades",
    "third party beside rmp": "third-party property of chemical sites",
    "implied loss ratio": "loss ratio that the market's rate implies",
    "china accidents": "the largest accidents in China",
    "national mean": "mean cost beside the nation's",
}
"""Subject of the ledger -> what the first screen calls it."""


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
    """Return what a reader must know before the first number, each with the place that tells more."""
    found = []
    if int(tree.attrs.get("synthetic_zone", 0)):
        found.append(
            {
                "text": f"The plants are invented: {tree.attrs.get('plants_file', 'the zone')} is a synthetic table. "
                "Names, places, substances and accidents show what the method does, not what any real plant is.",
                "href": "#inputs",
            }
        )
    transfer = group(tree, "transfer")
    if transfer is not None and (transfer["status"].values.astype(str) != "user").any():
        widest = float(transfer["width"].max())
        found.append(
            {
                "text": "How often and how costly accidents are rests on US records. Two judged factors carry them "
                f"over to China, each known no better than {significant(widest, 2)}-fold: read the knowledge intervals "
                "before the numbers.",
                "href": "#severity",
            }
        )
    named_subjects = ledger.assign(subject=[_subject(str(subject)) for subject in ledger["subject"]])
    return [*found, *forest_answer.notices(tree, named_subjects)]


def _subject(subject: str) -> str:
    thing, colon, rest = subject.partition(": ")
    return SUBJECTS.get(thing, thing) + colon + rest


def grade_counts(metrics: Metrics) -> list[GradeCount]:
    """Return how many plants carry each official grade, the severest first, those not graded last."""
    counts = []
    for grade in ("major", "larger", "general", "refused"):
        found = metrics.find("environmental_risk_grade", grade=grade)
        if found is None:
            continue
        moved = found.low != found.high and bool(np.isfinite([found.low, found.high]).all())
        between = f"{whole(found.low)} to {whole(found.high)} by other readings" if moved else ""
        counts.append(GradeCount(grade, GRADE_NAMES[grade], whole(found.value), between))
    return counts


def headlines(metrics: Metrics) -> list[Headline]:
    """Return what policies leave uncovered in money and accidents, and what they cost."""
    uncovered = metrics.find("average_annual_loss", layer="uninsured")
    part = metrics["uncovered_share"]
    found = []
    if uncovered is not None:
        told = f"Loss of a year that no policy pays: {percent(part.value)} of all"
        found.append(headline(told, uncovered, money(uncovered.value)))
    else:
        found.append(_share("Of the expected loss, no policy pays", part))
    above = metrics["accidents_above_limit"]
    often = f" (about 1 in {whole(1 / above.value)})" if above.value > 0 else ""
    found.append(
        _share(f"Accidents with a liability that the limits in force do not pay in full{often}", above)
    )
    found.append(
        _share("Cost of insured plants' accidents that lies above their limits", metrics["money_above_limit"])
    )
    gross = metrics["gross_premium"]
    found.append(
        headline("Technical premium of all policies a year", gross, money(gross.value, CHARGED_DIGITS))
    )
    return found


def no_error_sentence(metrics: Metrics) -> str:
    """Say which shares of the first screen have no simulation error of their own; empty where all have one."""
    bare = [
        m for m in (metrics.find("accidents_above_limit"), metrics.find("money_above_limit")) if m is not None
    ]
    if all(np.isfinite(m.standard_error) for m in bare):
        return ""
    return "The two shares above the limit have no simulation error here; the table of limits has it limit by limit."


def _share(label: str, metric: Metric) -> Headline:
    """Return a share as a percentage with its gauge from 0 to 100 %."""
    error = metric.standard_error

    def part(low: float, high: float) -> tuple[str, str]:
        if not np.isfinite([low, high]).all():
            return "0", "0"
        left, right = max(0.0, 100 * low), min(100.0, 100 * high)
        return f"{left:.2f}", f"{max(0.0, right - left):.2f}"

    known = np.isfinite(error)
    made = headline(label, metric, percent(metric.value))
    return replace(
        made,
        error=f"± {percent(error)}" if known else "",
        interval=span(100 * metric.low, 100 * metric.high) + "\u00a0%",
        know=part(metric.low, metric.high),
        sim=part(metric.value - error, metric.value + error) if known else part(metric.value, metric.value),
    )


def uninsured_sentence(plants: xr.Dataset) -> str:
    """Say how many plants have no policy and what part of the loss they carry."""
    bare = plants["limit"].values <= 0
    total = float(plants["ground_up"].sum())
    if not bare.any():
        return "Every plant has a policy"
    part = float(plants["ground_up"].values[bare].sum()) / total if total > 0 else float("nan")
    return f"{int(bare.sum())} of {bare.size} plants have no policy; they carry {percent(part)} of the expected loss"


def uninsured_table(plants: xr.Dataset) -> Table:
    """Return the plants without a policy that carry most of the loss."""
    bare = plants.isel(plant=plants["limit"].values <= 0)
    bare = bare.isel(plant=np.argsort(-bare["ground_up"].values, kind="stable")[:BARE])
    scale, unit = money_unit(bare["ground_up"].values)
    rows: list[list[Cell]] = [
        [
            Cell(str(bare["plant"].values[i]), note=_who(bare, i, "activity")),
            words(GRADE_NAMES[str(bare["grade"].values[i])]),
            figure(float(bare["ground_up"].values[i]), scale=scale),
        ]
        for i in range(bare.sizes["plant"])
    ]
    return table(
        "Plants without a policy",
        [
            Column("Plant", number=False),
            Column("Grade", number=False),
            Column("Expected loss", f"{unit} a year"),
        ],
        rows,
        heard=True,
    )


def _who(plants: xr.Dataset, i: int, trait: str) -> str:
    """Return the name of a plant with its grade or its activity."""
    value = str(plants[trait].values[i])
    told = GRADE_NAMES[value] if trait == "grade" else named(ACTIVITY_NAMES, value)
    return f"{plants['name'].values[i]}; {told[:1].lower()}{told[1:]}"


def top_plants_table(plants: xr.Dataset) -> Table:
    """Return the plants that cost most."""
    top = plants.isel(plant=np.argsort(-plants["ground_up"].values, kind="stable")[:TOP])
    total = float(plants["ground_up"].sum())
    scale, unit = money_unit(top["ground_up"].values)
    rows: list[list[Cell]] = []
    for i in range(top.sizes["plant"]):
        loss, paid = float(top["ground_up"].values[i]), float(top["insured"].values[i])
        rows.append(
            [
                Cell(str(top["plant"].values[i]), note=_who(top, i, "grade")),
                figure(loss, scale=scale),
                share(loss / total if total > 0 else float("nan")),
                share(paid / loss if loss > 0 else float("nan"))
                if top["limit"].values[i] > 0
                else words("no policy"),
            ]
        )
    return table(
        "Plants that matter most",
        [
            Column("Plant", number=False),
            Column("Expected loss", f"{unit} a year"),
            Column("Of the zone"),
            Column("Paid by its policy"),
        ],
        rows,
        heard=True,
    )


def top_measures(tree: xr.DataTree) -> tuple[str, Table] | None:
    """Return the measures that matter most with their heading; None where the run has none.

    Measures whose saving was computed come first, by what they save for a yuan; without any, the cheapest steps that
    lower a grade stand for them.
    """
    measures, steps = group(tree, "prevention"), group(tree, "grade_steps")
    if measures is not None and measures.sizes.get("measure", 0):
        pays = bool((measures["loss_saved_per_yuan"].values.astype(float) >= 1).any())
        heading = "Measures that save most for their cost"
        return heading + ("" if pays else "; none saves as much as it costs"), _measures_table(measures)
    if steps is not None and np.isfinite(steps["cost_cny"].values.astype(float)).any():
        return "The cheapest steps that would lower a grade", steps_table(steps, TOP)
    return None


def _measures_table(measures: xr.Dataset) -> Table:
    per = measures["loss_saved_per_yuan"].values.astype(float)
    order = np.argsort(-np.nan_to_num(per, nan=-1.0), kind="stable")[:TOP]
    scale, unit = money_unit(measures["loss_saved"].values[order])
    rows: list[list[Cell]] = [
        [
            Cell(
                _capital(str(measures["measure"].values[i])),
                note=f"{whole(float(measures['plants_changed'].values[i]))} plants, costs "
                f"{money(float(measures['cost'].values[i]))} a year",
            ),
            figure(
                float(measures["loss_saved"].values[i]),
                scale=scale,
            ),
            figure(float(per[i]), 2),
        ]
        for i in order
    ]
    return table(
        "Measures that save most for their cost",
        [
            Column("Measure", number=False),
            Column("Loss saved", f"{unit} a year"),
            Column("Saved by a yuan", "CNY"),
        ],
        rows,
        heard=True,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def moved_grades(tree: xr.DataTree) -> tuple[str, Table] | None:
    """Return the unconfirmed rows that moved most grades, with their heading; None where none did."""
    moved = group(tree, "grade_leverage")
    alone = moved_alone(tree)
    if moved is None or alone is None:
        return None
    heading = f"Unconfirmed numbers that change most grades when taken away alone: {TOP} of {alone[0]}"
    rows: list[list[Cell]] = [
        [
            Cell(rule_row(moved, i), status=str(moved["status"].values[i])),
            words(grouped(f"{moved['value'].values[i]}; else {moved['without'].values[i]}")),
            count(float(moved["plants"].values[i])),
        ]
        for i in range(min(TOP, moved.sizes["moved"]))
    ]
    columns = [
        Column("Row of the rules", number=False),
        Column("Says", number=False),
        Column("Grades that hang on it"),
    ]
    return heading, table("Unconfirmed numbers that moved a grade", columns, rows, heard=True)


def grade_key(counts: list[GradeCount]) -> str:
    """Return the grades as one sentence, for readers who do not see the tiles."""
    return "Plants by official grade: " + listed(f"{c.count} {c.name.lower()}" for c in counts)
