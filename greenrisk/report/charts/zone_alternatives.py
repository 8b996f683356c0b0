# SPDX-License-Identifier: Apache-2.0
"""Named alternatives of a zone: choices that no range stands for, question by question, beside the headline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from greenrisk.report.charts.plate import ACCENT, INK, LINE, SOFT, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money, money_unit, percent, significant, span


@dataclass(frozen=True)
class Quantity:
    """A quantity of the alternatives: its words, whether it is a share, and whether the figure draws it."""

    label: str
    share: bool = False
    drawn: bool = False


QUANTITIES: Final = {
    "average_annual_loss_ground_up": Quantity("Expected loss", drawn=True),
    "uncovered_share": Quantity("Not paid by policies", share=True, drawn=True),
    "gross_premium": Quantity("Technical premium", drawn=True),
    "expected_accidents": Quantity("Accidents"),
    "aggregate_ground_up_100": Quantity("100-year loss of a year"),
}

_UNITS: Final = {"expected_accidents": "a year", "aggregate_ground_up_100": "CNY"}

ANSWERS: Final = {
    "p80": "tail from the 80 % quantile",
    "p90": "tail from the 90 % quantile",
    "physical": "capped by what is physically possible",
    "assets": "capped by the operator's assets",
    "policy": "capped by the limit of the cover",
    "activity": "judged rates by activity alone",
    "equipment": "leaks of equipment alone",
    "industry": "US reports by industry alone",
    "chemical": "US reports by chemical alone",
}
"""Part of an answer -> its words; any other part is printed as it is."""


SHORT: Final = {
    "p80": "80 % tail",
    "p90": "90 % tail",
    "physical": "physical cap",
    "assets": "cap: assets",
    "policy": "cap: limit",
    "activity": "by activity",
    "equipment": "by equipment",
    "industry": "reports, industry",
    "chemical": "reports, chemical",
}
"""Part of an answer -> its words where there is little room."""

QUESTIONS: Final = {
    "tail and cap": "where the tail begins and what caps a loss",
    "source of frequency": "which source says how often accidents happen",
    "reading of the grading": "how the grading is read",
}
"""Question -> its words inside a sentence."""


def answer_words(answer: str) -> str:
    """Return an answer in a reader's words."""
    return ", ".join(ANSWERS.get(part, part) for part in answer.split(", "))


def zone_alternatives_chart(data: xr.Dataset, base: dict[str, float]) -> Chart:
    """Draw every alternative beside the headline.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/alternatives``: ``value`` by alternative and quantity, ``question`` and ``answer``.
    base : dict of str to float
        Value of each quantity in the headline.
    """
    shown = [q for q, told in QUANTITIES.items() if told.drawn and q in data["quantity"].values]
    question, answer = data["question"].values.astype(str), data["answer"].values.astype(str)
    places, heads = _places(question)
    labels = [_short(a) for a in answer]
    bottom = max(places) + 0.6

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        panels = plate.subplots(len(shown), 1) if narrow else plate.subplots(1, len(shown), sharey=True)
        hits: list[Hit] = []
        for k, (axes, quantity) in enumerate(zip(np.atleast_1d(panels), shown, strict=True)):
            values = data["value"].sel(quantity=quantity).values.astype(float)
            scale, unit = _scale(quantity, values)
            _panel(axes, values / scale, base.get(quantity, float("nan")) / scale, places)
            axes.set_ylim(bottom, min(heads.values()) - 0.6)
            axes.set_title(QUANTITIES[quantity].label, fontsize=12, color=INK, loc="left")
            axes.set_xlabel(unit)
            if narrow or k == 0:
                axes.set_yticks([*places, *heads.values()], [*labels, *heads])
                for tick in axes.get_yticklabels()[len(places) :]:
                    tick.set_fontweight("bold")
                axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5)
            hits += [
                Hit(
                    axes,
                    float(v) / scale,
                    y,
                    f"{question[i]}, {answer_words(answer[i])}: {_told(quantity, float(v))}",
                )
                for i, (v, y) in enumerate(zip(values, places, strict=True))
            ]
        return hits

    title = _title(data, base, question)
    alt = f"Dots of three quantities for {answer.size} named alternatives, question by question. {title}."
    rows = bottom - min(heads.values())
    wide, narrow = paint("alternatives", painter, int(90 + 23 * rows), int(3 * (62 + 21 * rows)), alt)
    note = (
        "The upright line is the headline; a grey dot gives the same. Each dot changes one choice and shares its "
        "random numbers with the headline; the knowledge interval of every headline reaches at "
        "least as far as its alternatives."
    )
    return Chart("alternatives", title, alt, wide, narrow, _numbers(data), note)


def _places(question: np.ndarray) -> tuple[list[float], dict[str, float]]:
    """Return the height of each alternative and of each question's head; questions stand apart."""
    places: list[float] = []
    heads: dict[str, float] = {}
    y = 0.0
    for i, name in enumerate(question):
        if i == 0 or question[i - 1] != name:
            y += 0.5 if i else 0.0
            heads[str(name).capitalize()] = y
            y += 1.0
        places.append(y)
        y += 1.0
    return places, heads


def _short(answer: str) -> str:
    return ", ".join(SHORT.get(part, part) for part in answer.replace("unknown parts", "parts").split(", "))


def _panel(axes: Axes, values: np.ndarray, base: float, places: list[float]) -> None:
    axes.axvline(base, color=INK, linewidth=1)
    for value, y in zip(values, places, strict=True):
        axes.plot([base, value], [y, y], color=LINE, linewidth=2, zorder=1)
        same = bool(np.isclose(value, base, rtol=1e-9))
        axes.plot(value, y, "o", color=SOFT if same else ACCENT, markersize=7, zorder=2)
    top = float(np.nanmax([*values, base]))
    axes.set_xlim(0, 1.08 * top if top > 0 else 1.0)
    axes.locator_params(axis="x", nbins=4)
    plain_ticks(axes, "x")
    quiet(axes, spines=(), grid="x")


def _scale(quantity: str, values: np.ndarray) -> tuple[float, str]:
    if QUANTITIES[quantity].share:
        return 0.01, "% of the expected loss"
    scale, unit = money_unit(values)
    return scale, f"{unit} a year"


def _told(quantity: str, value: float) -> str:
    if QUANTITIES.get(quantity, Quantity("")).share:
        return percent(value)
    return significant(value) + " a year" if quantity == "expected_accidents" else money(value)


def _title(data: xr.Dataset, base: dict[str, float], question: np.ndarray) -> str:
    """Name the question that moves the expected loss most, and how far."""
    loss = data["value"].sel(quantity="average_annual_loss_ground_up").values.astype(float)
    widest, ends = "", (0.0, 0.0)
    for name in dict.fromkeys(question):
        own = [*loss[question == name], base.get("average_annual_loss_ground_up", float("nan"))]
        low, high = float(np.nanmin(own)), float(np.nanmax(own))
        if high - low > ends[1] - ends[0]:
            widest, ends = str(name), (low, high)
    if not widest:
        return "No named alternative moves the expected loss"
    return f"The choice that moves the expected loss most is {QUESTIONS.get(widest, widest)}: {span(*ends, 'CNY/year')}"


def _numbers(data: xr.Dataset) -> Table:
    present = [q for q in QUANTITIES if q in data["quantity"].values]
    values = {q: data["value"].sel(quantity=q).values.astype(float) for q in present}
    units = {}
    for q in present:
        if QUANTITIES[q].share:
            units[q] = (0.01, "%")
        elif q == "expected_accidents":
            units[q] = (1.0, "a year")
        else:
            scale, unit = money_unit(values[q])
            units[q] = (scale, unit if q == "aggregate_ground_up_100" else f"{unit} a year")
    rows: list[list[Cell]] = [
        [
            words(str(data["question"].values[i]).capitalize()),
            words(answer_words(str(data["answer"].values[i]))),
            *(figure(float(values[q][i]), scale=units[q][0]) for q in present),
        ]
        for i in range(data.sizes["alternative"])
    ]
    return table(
        "Results by named alternative",
        [
            Column("Question", number=False),
            Column("Answer", number=False),
            *(Column(QUANTITIES[q].label, units[q][1]) for q in present),
        ],
        rows,
    )
