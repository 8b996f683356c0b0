# SPDX-License-Identifier: Apache-2.0
"""Section of the zone page on prevention: what measures save per yuan, and what lowers a grade."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.section import Part, Section, Shown, dataset_table
from greenrisk.report.pages.zone_told import in_words
from greenrisk.report.pages.zone_words import GRADE_NAMES, group
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import listed, money, money_unit, percent


def prevention_section(tree: xr.DataTree) -> Section | None:
    """Return what measures save per yuan, what the insurer's own spending avoids, and what lowers a grade."""
    measures, own, steps = (group(tree, name) for name in ("prevention", "insurer_prevention", "grade_steps"))
    parts = []
    if measures is not None:
        columns = [
            Shown("measure", "Measure", "words"),
            Shown("plants_changed", "Plants", "count"),
            Shown("cost", "Cost"),
            Shown("loss_saved", "Loss saved"),
            Shown("payments_saved", "Payments saved ± simulation", error="payments_saved_standard_error"),
            Shown("loss_saved_per_yuan", "Loss saved by a yuan", unit="CNY"),
            Shown("payments_saved_per_yuan", "Payments saved by a yuan", unit="CNY"),
        ]
        parts.append(
            Part(
                "What a measure saves",
                dataset_table(_capitals(measures), "measure", columns, "Measures of prevention"),
                "Loss in closed form: change of the rates times what an accident costs. Payments: the same change "
                "times what an accident of a million drawn ones is paid. The ± holds the draws alone, not what is not "
                "known of the cards.",
            )
        )
    if own is not None and own.sizes.get("rank", 0):
        data = own.assign(named=("rank", np.where(own["served"].values, "yes", "no")))
        columns = [
            Shown("rank", "Rank", "count"),
            Shown("plant", "Plant", "words"),
            Shown("spent", "Spent so far"),
            Shown("payments_avoided", "Payments avoided so far"),
            Shown("loss_avoided", "Loss avoided so far"),
            Shown("named", "Within the budget", "words"),
        ]
        parts.append(
            Part(
                "What the insurer's own spending avoids",
                dataset_table(data, "rank", columns, "Plants by what they save", most=20),
                _own_note(own),
            )
        )
    if steps is not None and steps.sizes.get("way", 0):
        parts.append(
            Part(
                "The cheapest step, or pair of steps, that lowers a plant's grade",
                steps_table(steps),
                "A lower grade is not a smaller loss: a step that lowers the grade may save little, and one that saves "
                "much may leave the grade. Costs are illustrations until the user's own table replaces them.",
            )
        )
    if not parts:
        return None
    return Section("prevention", "What prevention saves", _prevention_sentence(measures), tuple(parts))


def _capitals(measures: xr.Dataset) -> xr.Dataset:
    names = [str(name)[:1].upper() + str(name)[1:] for name in measures["measure"].values]
    return measures.assign_coords(measure=names)


def _prevention_sentence(measures: xr.Dataset | None) -> str:
    if measures is None or not np.isfinite(measures["loss_saved_per_yuan"].values).any():
        return "What lowers an official grade, and what it costs."
    best = int(np.nanargmax(measures["loss_saved_per_yuan"].values))
    saved = float(measures["loss_saved_per_yuan"].values[best])
    per = measures["loss_saved_per_yuan"].values.astype(float)
    short = [str(name) for name, one in zip(measures["measure"].values, per, strict=True) if one < 1]
    told = (
        f"The measure that saves most for its cost is {measures['measure'].values[best]}: {money(saved, 2)} of loss "
        "for every yuan, whoever bears it."
    )
    if not short:
        return told
    if len(short) == per.size:
        return f"{told} No measure saves as much as it costs: on the heads of loss counted here each loses money."
    return f"{told} On the heads of loss counted here {listed(short)} cost more than they save: that loses money."


def _own_note(own: xr.Dataset) -> str:
    spend, avoided = float(own["spend"]), float(own["avoided_payments"])
    told = f"The insurer sets aside {money(float(own['budget']))} a year and spends {money(spend)} of it"
    if not spend > 0:
        return f"{told}: the budget pays for no whole service."
    need = float(own["break_even_success"])
    pays = (
        f"; it gets its money back if {percent(need)} of the plants served rise"
        if need <= 1
        else "; it cannot get its money back by that alone"
    )
    loss = money(float(own["avoided_loss"]))
    return f"{told}, which avoids {money(avoided)} of payments and {loss} of loss a year{pays}."


def steps_table(steps: xr.Dataset, most: int | None = None) -> Table:
    """Return the ways to lower grades, the cheapest first; plants that nothing helps come last.

    Parameters
    ----------
    steps : xarray.Dataset
        The group ``/grade_steps``.
    most : int, optional
        How many rows.
    """
    cost = steps["cost_cny"].values.astype(float)
    order = np.argsort(np.where(np.isfinite(cost), cost, np.inf), kind="stable")[:most]
    scale, unit = money_unit(cost)
    rows: list[list[Cell]] = [
        [
            Cell(str(steps["plant_id"].values[i]), note=str(steps["name"].values[i])),
            words(GRADE_NAMES.get(str(steps["grade"].values[i]), "")),
            words(in_words(str(steps["steps"].values[i]))),
            words(GRADE_NAMES.get(str(steps["to_grade"].values[i]), "\u2013")),
            figure(float(cost[i]), scale=scale),
        ]
        for i in order
    ]
    return table(
        "Steps that lower a grade",
        [
            Column("Plant", number=False),
            Column("Grade now", number=False),
            Column("Step", number=False),
            Column("Grade then", number=False),
            Column("Costs once", unit),
        ],
        rows,
        heard=True,
    )
