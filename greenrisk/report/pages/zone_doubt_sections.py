# SPDX-License-Identifier: Apache-2.0
"""Sections of the zone page on doubt: what would change the result, and unconfirmed numbers that moved it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import xarray as xr

from greenrisk.report.charts.tornado import tornado_chart
from greenrisk.report.charts.zone_alternatives import zone_alternatives_chart
from greenrisk.report.pages.forest_answer import LOADING
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_told import in_words, told_tornado
from greenrisk.report.pages.zone_words import RULE_FILES, group
from greenrisk.report.reading import Metrics
from greenrisk.report.table import Cell, Column, Table, count, figure, table, words
from greenrisk.report.wording import as_given, first_sentence, money_unit, unit_words

WEAK: Final = ("unconfirmed", "illustrative")
SHOWN: Final = 12
"""Unconfirmed parameters that the page names: those that move the premium most."""


def changes_section(tree: xr.DataTree, metrics: Metrics) -> Section:
    """Return the tornado, the named alternatives, and the unconfirmed numbers that moved a grade or the premium."""
    tornado = told_tornado(tree["tornado"].to_dataset())
    parts = []
    if (loss := group(tree, "tornado_loss")) is not None:
        parts.append(Part("", chart=tornado_chart(told_tornado(loss))))
    premium = tornado_chart(tornado)
    parts.append(Part("", chart=replace(premium, note=f"{premium.note} {_decided(tornado)}".rstrip())))
    alternatives = group(tree, "alternatives")
    if alternatives is not None and alternatives.sizes.get("alternative", 0):
        parts.append(Part("", chart=zone_alternatives_chart(alternatives, _headline(metrics))))
    sentence = (
        "What would move the loss, the premium and the grades: parameters over their ranges, and choices."
    )
    return Section("changes", "What would change it", sentence, tuple(parts))


def _decided(tornado: xr.Dataset) -> str:
    """Say that loadings are no knowledge; empty where none is among the parameters."""
    if not any(LOADING in name for name in tornado["parameter"].values.astype(str)):
        return ""
    return (
        "Loadings - cost and share of capital, expenses, commission, levies, profit - are decisions of the insurer or "
        "the pool, not knowledge of accidents: their bars show what another decision would do."
    )


def _headline(metrics: Metrics) -> dict[str, float]:
    found = {name: metrics.find(name) for name in ("expected_accidents", "gross_premium", "uncovered_share")}
    found["average_annual_loss_ground_up"] = metrics.find("average_annual_loss", layer="ground_up")
    found["aggregate_ground_up_100"] = metrics.find(
        "aggregate_exceedance", layer="ground_up", return_period=100
    )
    return {name: metric.value for name, metric in found.items() if metric is not None}


def unconfirmed_section(tree: xr.DataTree) -> Section:
    """Return the unconfirmed numbers without which a grade or the premium would be another."""
    moved, tornado = group(tree, "grade_leverage"), told_tornado(tree["tornado"].to_dataset())
    parts = []
    told = "No grade hangs on a single unconfirmed row of the rules."
    if moved is not None and moved.sizes.get("moved", 0):
        plants = {p for ids in moved["plant_ids"].values.astype(str) for p in ids.split()}
        told = (
            f"Taken away alone, each of {moved.sizes['moved']} rows of the grading rules that nobody has confirmed "
            f"would change a grade, of {len(plants)} plants together. Other grades rest on such rows too, but on none "
            "that changes them alone."
        )
        parts.append(
            Part(
                "Rows of the rules that moved a grade",
                leverage_table(moved),
                "Each row is taken away in turn and all plants are graded anew. Who holds the standard confirms a row "
                "in a copy of the table named: mend the row, give it its status and source, and name the copy under "
                "grading.tables of the scenario.",
            )
        )
    parts.append(
        Part(
            f"The {SHOWN} parameters not confirmed that move the premium most",
            weak_parameters_table(tornado),
            "The premium at both ends of each range; all others are in the table of the tornado.",
        )
    )
    return Section("unconfirmed", "Unconfirmed numbers that moved a grade or a price", told, tuple(parts))


def leverage_table(moved: xr.Dataset) -> Table:
    """Return the unconfirmed rows of the rules that moved a grade.

    Parameters
    ----------
    moved : xarray.Dataset
        The group ``/grade_leverage``.
    """
    rows: list[list[Cell]] = []
    for i in range(moved.sizes["moved"]):
        ids = str(moved["plant_ids"].values[i]).split()
        file = str(moved["table"].values[i]).replace("-", "_")
        rows.append(
            [
                Cell(rule_row(moved, i), status=str(moved["status"].values[i]), note=f"table {file}"),
                words(grouped(str(moved["value"].values[i]))),
                words(grouped(str(moved["without"].values[i]))),
                count(float(moved["plants"].values[i])),
                words(", ".join(ids[:12]) + (" \u2026" if len(ids) > 12 else "")),
            ]
        )
    return table(
        "Unconfirmed rows that moved a grade",
        [
            Column("Row of the rules", number=False),
            Column("Says", number=False),
            Column("Without it", number=False),
            Column("Grades that change"),
            Column("Plants", number=False),
        ],
        rows,
        heard=True,
    )


def rule_row(moved: xr.Dataset, i: int) -> str:
    """Return a row of the rules in words."""
    file = str(moved["table"].values[i])
    return f"{RULE_FILES.get(file, file)}: {in_words(str(moved['row'].values[i]))}"


def grouped(text: str) -> str:
    """Return a text with thousands separators in its whole numbers."""
    return re.sub(r"(?<![\d.])\d{4,}(?![\d.])", lambda found: f"{int(found[0]):,}", text)


def weak_parameters_table(tornado: xr.Dataset, most: int = SHOWN) -> Table:
    """Return the widest parameters of cards that are not confirmed."""
    weak = [i for i, s in enumerate(tornado["status"].values.astype(str)) if s in WEAK][:most]
    low, high = (tornado[f"gross_at_{end}"].values.astype(float) for end in ("low", "high"))
    scale, unit = money_unit([*low[weak], *high[weak]])
    rows: list[list[Cell]] = []
    for i in weak:
        one = {
            str(name): str(tornado[name].values[i])
            for name in ("card", "label", "status", "unit", "low", "high")
        }
        name = str(tornado["parameter"].values[i]).rpartition(":")[2]
        rows.append(
            [
                Cell(first_sentence(one["label"]), href=f"#card-{one['card']}-{name}", status=one["status"]),
                words(
                    f"{as_given(one['low'])} to {as_given(one['high'])} {unit_words(one['unit'])}".rstrip()
                ),
                figure(low[i], scale=scale),
                figure(high[i], scale=scale),
            ]
        )
    return table(
        "Parameters not confirmed that move the premium",
        [
            Column("Parameter", number=False),
            Column("Range", number=False),
            Column("Premium at its low end", f"{unit} a year"),
            Column("Premium at its high end", f"{unit} a year"),
        ],
        rows,
        heard=True,
    )
