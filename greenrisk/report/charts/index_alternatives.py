# SPDX-License-Identifier: Apache-2.0
"""Named alternatives of a cover: choices that no range stands for, each beside the headline, as a ladder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.ladder import Rung, ladder
from greenrisk.report.charts.plate import Chart, Hit, paint
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money, money_unit, span, unit_words

QUANTITY: Final = "gross_premium"
"""Quantity that the figure draws."""

HEADS: Final = {
    "pure_premium": "Pure premium",
    "gross_premium": "Gross premium",
    "rate_on_line": "Rate on line",
    "payment_frequency": "Years that pay",
    "tail_value_at_risk": "Mean of the worst 1 in 200 years",
    "aggregate_gross_100": "100-year payment of a year",
    "average_annual_loss_ground_up": "Expected loss of the sites",
}
"""Quantity of the table -> its head; quantities not listed are in the result alone."""

IN_A_BAD_YEAR: Final = ("tail_value_at_risk", "aggregate_gross_100")
"""Quantities that are amounts, not means of a year."""


def index_alternatives_chart(
    data: xr.Dataset, base: float, answers: Callable[[str, str], str], name: str = "alternatives"
) -> Chart:
    """Draw every alternative beside the headline.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/alternatives``: ``value`` by alternative and quantity, ``question`` and ``answer``.
    base : float
        Gross premium of the headline [CNY/year].
    answers : callable
        From a question and its answer to a reader's words.
    name : str
        Anchor.
    """
    question, answer = (data[key].values.astype(str) for key in ("question", "answer"))
    values = data["value"].sel(quantity=QUANTITY).values.astype(float)
    known = np.isfinite(values)
    scale, unit = money_unit([base, *values[known]])
    holds = _holds(data)
    labels = [
        f"{q[:1].upper()}{q[1:]}: {answers(q, a)}{'' if h else ' (tests speak against it)'}"
        for q, a, h in zip(question, answer, holds, strict=True)
    ]
    rungs = [Rung("Headline", base / scale, ours=True)] + [
        Rung(label, value / scale) for label, value in zip(labels, values, strict=True) if np.isfinite(value)
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        return ladder(plate, narrow, rungs, f"Gross premium, {unit} a year")

    title = _title(question[known & holds], values[known & holds], base)
    alt = f"Dots of the gross premium for {int(known.sum())} named alternatives. {title}."
    rows = len(rungs)
    wide, narrow = paint(name, painter, 70 + 34 * rows, 70 + 46 * rows, alt)
    note = (
        "Each dot changes one choice and shares its random numbers with the headline. The knowledge interval of the "
        "premium reaches at least as far as these"
        f"{'.' if holds.all() else ', but for those that the tests speak against.'}"
    )
    return Chart(name, title, alt, wide, narrow, _numbers(data, answers), note)


def _holds(data: xr.Dataset) -> np.ndarray:
    """Return which alternatives hold the knowledge interval open: all, unless the result says otherwise."""
    if "holds_open" not in data:
        return np.ones(data.sizes["alternative"], dtype=bool)
    return data["holds_open"].values.astype(bool)


def _title(question: np.ndarray, values: np.ndarray, base: float) -> str:
    """Name the question that moves the premium most, and how far."""
    widest, ends = "", (base, base)
    for name in dict.fromkeys(question.tolist()):
        own = [*values[question == name], base]
        if max(own) - min(own) > ends[1] - ends[0]:
            widest, ends = name, (min(own), max(own))
    if not widest:
        return f"No named alternative moves the gross premium of {money(base)}"
    return f"The choice that moves the gross premium most is the {widest}: {span(*ends, 'CNY/year')}"


def _numbers(data: xr.Dataset, answers: Callable[[str, str], str]) -> Table:
    present = [q for q in HEADS if q in data["quantity"].values]
    amounts = {q: data["value"].sel(quantity=q).values.astype(float) for q in present}
    units: dict[str, tuple[float, str]] = {}
    for q in present:
        if q == "rate_on_line":
            units[q] = (0.01, "%")
        elif q == "payment_frequency":
            units[q] = (0.01, "% of years")
        else:
            scale, unit = money_unit(amounts[q])
            units[q] = (scale, unit if q in IN_A_BAD_YEAR else f"{unit} {unit_words('1/year')}")
    holds = _holds(data)
    rows: list[list[Cell]] = [
        [
            words(str(data["question"].values[i]).capitalize()),
            Cell(
                answers(str(data["question"].values[i]), str(data["answer"].values[i])),
                note="" if holds[i] else "tests speak against it",
            ),
            *(figure(float(amounts[q][i]), scale=units[q][0]) for q in present),
        ]
        for i in range(data.sizes["alternative"])
    ]
    return table(
        "Results by named alternative",
        [
            Column("Choice", number=False),
            Column("Answer", number=False),
            *(Column(HEADS[q], units[q][1]) for q in present),
        ],
        rows,
    )
