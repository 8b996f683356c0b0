# SPDX-License-Identifier: Apache-2.0
"""The pure premium by what is done to the record first: the mean of the years and a fitted law, side by side."""

from __future__ import annotations

import textwrap
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from greenrisk.report.charts.key import key
from greenrisk.report.charts.plate import (
    ACCENT,
    INK,
    PAPER,
    SECOND,
    SOFT,
    Chart,
    Hit,
    paint,
    plain_ticks,
    quiet,
)
from greenrisk.report.table import Cell, Column, Table, figure, interval, table, words
from greenrisk.report.wording import MISSING, as_given, money, money_unit, named, span

TREATMENTS: Final = {
    "none": "Record as it is",
    "linear": "Line taken out",
    "step": "Years before the step moved",
    "post_break": "Only years after the step",
}
"""Treatment -> its words beside an axis."""

ALIKE: Final = 1.1
"""Ratio of the largest to the smallest premium up to which treatments are called alike [unitless]."""


def index_treatments_chart(treatments: xr.Dataset) -> Chart:
    """Draw the premium of each treatment with its interval.

    Parameters
    ----------
    treatments : xarray.Dataset
        The group ``/treatments``: ``pure_premium_burn``, ``burn_low``, ``burn_high``, ``pure_premium_law`` [CNY/year],
        ``paying_years``, ``years``, ``chosen``, and ``refused``, a text, over (treatment).
    """
    rows = [_Row(treatments, i) for i in range(treatments.sizes["treatment"])]
    told = [v for row in rows for v in (row.burn, row.high, row.law) if np.isfinite(v)]
    scale, unit = money_unit(told)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = [hit for i, row in enumerate(rows) for hit in row.draw(axes, i, scale, narrow)]
        axes.set_ylim(len(rows) - 0.6, -0.85 if narrow else -0.6)
        axes.set_xlim(0, 1.06 * max([v / scale for v in told], default=1.0) or 1.0)
        if narrow:
            axes.set_yticks([])
        else:
            axes.set_yticks(range(len(rows)), [row.head(30) for row in rows])
            axes.tick_params(axis="y", labelcolor=INK)
        plain_ticks(axes, "x")
        axes.set_xlabel(f"Pure premium, {unit} a year")
        quiet(axes, spines=("bottom",), grid="x")
        marks = [
            ("Mean of the years, 90 % of resampled records", _mark("o", ACCENT)),
            ("Fitted law", _mark("D", SECOND)),
        ]
        key(plate, marks, 1 if narrow else 2)
        return hits

    title = _title(rows)
    alt = f"Dots of the pure premium by treatment of the record, with intervals. {title}."
    wide, narrow = paint("index-treatments", painter, 110 + 56 * len(rows), 130 + 74 * len(rows), alt)
    return Chart("index-treatments", title, alt, wide, narrow, _numbers(rows, scale, unit), _note(rows))


def _mark(marker: str, colour: str) -> Line2D:
    return Line2D([], [], marker=marker, color=colour, linestyle="", markersize=8)


class _Row:
    """One treatment."""

    def __init__(self, treatments: xr.Dataset, place: int) -> None:
        one = treatments.isel(treatment=place)
        self.name = named(TREATMENTS, str(one["treatment"].values))
        self.burn, self.low, self.high, self.law, self.paying, self.years = (
            float(one[name]) if name in one else float("nan")
            for name in (
                "pure_premium_burn",
                "burn_low",
                "burn_high",
                "pure_premium_law",
                "paying_years",
                "years",
            )
        )
        self.charged = self.law if np.isfinite(self.law) else self.burn
        self.chosen = bool(one["chosen"])
        self.refused = str(one["refused"].values).strip().replace("`", "") if "refused" in one else ""

    def head(self, width: int) -> str:
        """Return the words beside the axis."""
        tail = "refused" if self.refused else f"{self.paying:.0f} of {self.years:.0f} years paid"
        if self.chosen:
            tail += "; used here"
        return f"{textwrap.fill(self.name, width)}\n{tail}"

    def draw(self, axes: Axes, place: int, scale: float, narrow: bool) -> list[Hit]:
        """Draw interval, mean and law; a refused treatment is pale and says so."""
        strength = 0.35 if self.refused else 1.0
        if np.isfinite(self.low) and np.isfinite(self.high):
            axes.hlines(
                place, self.low / scale, self.high / scale, color=ACCENT, alpha=0.28 * strength, linewidth=9
            )
        hits = []
        for value, marker, colour, word in (
            (self.burn, "o", ACCENT, "mean of the years"),
            (self.law, "D", SECOND, "fitted law"),
        ):
            if not np.isfinite(value):
                continue
            axes.plot(
                value / scale, place, marker, color=colour, markersize=9 if marker == "o" else 8, alpha=strength,
                markeredgecolor=PAPER, markeredgewidth=0.8, zorder=4,
            )  # fmt: skip
            between = f", 90 % {span(self.low, self.high, 'CNY/year')}" if marker == "o" else ""
            hits.append(
                Hit(axes, value / scale, place, f"{self.name}: {word} {money(value)} a year{between}")
            )
        if narrow:
            said = axes.annotate(
                self.head(60), (0.0, place), xycoords=axes.get_yaxis_transform(),
                xytext=(0, 12), textcoords="offset points", va="bottom", fontsize=10.5, color=INK,
                fontweight="bold" if self.chosen else "normal",
            )  # fmt: skip
            said.set_gid(f"halo-row{place}")
            said.set_in_layout(False)
        if not np.isfinite(self.burn):
            axes.annotate(
                "no price", (0.0, place), xytext=(4, 0), textcoords="offset points", va="center", color=SOFT
            )
        return hits


def _title(rows: list[_Row]) -> str:
    stand = [row for row in rows if not row.refused and np.isfinite(row.charged)]
    chosen = next((row for row in rows if row.chosen), None)
    used = f"; used here: {chosen.name[0].lower()}{chosen.name[1:]}" if chosen else ""
    if not stand:
        return f"No treatment of the record gives a price{used}"
    values = [row.charged for row in stand]
    low, high = min(values), max(values)
    if high <= 0:
        return f"However the record is treated, nothing is charged{used}"
    if low <= 0:
        return f"The treatment of the record decides the premium: from nothing to {money(high)} a year{used}"
    if high / low < ALIKE:
        return f"However the record is treated, the pure premium is {span(low, high, 'CNY/year')}{used}"
    between = span(low, high, "CNY/year")
    factor = as_given(str(high / low), 2)
    return f"The treatment of the record moves the pure premium by a factor of {factor}: {between}{used}"


def _note(rows: list[_Row]) -> str:
    told = (
        "Bar: 90 % of records drawn again in blocks of years, the treatment held. It does not hold the choice between "
        "the rows, which no record of this length settles by itself. A law reads the shape of all years, the mean only "
        "those that were paid. Charged is the law where one stands, else the mean."
    )
    few = [row.paying for row in rows if row.chosen]
    if few and few[0] < 10:
        told += f" The mean of the row used rests on {few[0]:.0f} paid years."
    return told + "".join(f" {row.name}: refused. {row.refused}" for row in rows if row.refused)


def _numbers(rows: list[_Row], scale: float, unit: str) -> Table:
    def amount(value: float) -> Cell:
        return figure(value, scale=scale) if np.isfinite(value) else words(MISSING)

    lines = [
        [
            Cell(row.name, note="refused" if row.refused else "used here" if row.chosen else ""),
            amount(row.burn),
            interval(row.low, row.high, scale),
            amount(row.law),
            Cell(f"{row.paying:.0f} of {row.years:.0f}" if np.isfinite(row.paying) else MISSING, row.paying),
        ]
        for row in rows
    ]
    columns = [
        Column("Treatment", number=False),
        Column("Mean of the years", f"{unit} a year"),
        Column("90 % interval", f"{unit} a year"),
        Column("Fitted law", f"{unit} a year"),
        Column("Paid years"),
    ]
    return table("Pure premium by treatment of the record", columns, lines)
