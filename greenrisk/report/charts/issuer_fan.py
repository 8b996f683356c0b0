# SPDX-License-Identifier: Apache-2.0
"""The fan of default: probability of each year by scenario, its mean and median by debt, the range over issuers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

from greenrisk.report.charts.issuer_look import Look, chance, chance_cell, percent_tick, year_ticks
from greenrisk.report.charts.key import stroke
from greenrisk.report.charts.plate import ACCENT, INK, SOFT, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, table, words

Floats = NDArray[np.float64]

LEAST = 1e-4
"""Smallest probability that the figure shows; what lies below stands on its lower edge [1]."""

BAND = (0.1, 0.9)
"""Shares of the debt between which the range over issuers is drawn."""


@dataclass(frozen=True, eq=False)
class Fan:
    """Default probability of each year of one scenario, issuers weighted by their debt.

    Parameters
    ----------
    mean, median, low, high : array, shape (year,)
        Mean, median and the ends of :data:`BAND` [1].
    knowledge : mapping of int to (float, float)
        Ends of the 90 % knowledge interval of the mean, for the years that have one [1].
    """

    mean: Floats
    median: Floats
    low: Floats
    high: Floats
    knowledge: Mapping[int, tuple[float, float]]


def fan_chart(fans: Mapping[str, Fan], years: Sequence[int], look: Look, title: str, note: str) -> Chart:
    """Draw one panel a scenario.

    Parameters
    ----------
    fans : mapping of str to Fan
        By scenario.
    years : sequence of int
        Their years.
    look : Look
        Of the scenarios.
    title, note : str
        The sentence of the figure, and how to read it.
    """
    down = math.ceil(len(fans) / 2)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        shape = (len(fans), 1) if narrow else (down, 2)
        axes = np.atleast_1d(plate.subplots(*shape, squeeze=False, sharey=True)).ravel()
        band = Patch(facecolor=ACCENT, alpha=0.22, linewidth=0)
        told = [
            stroke("mean by debt", ACCENT),
            stroke("median by debt", INK, "--"),
            stroke("knowledge of the mean, 90 %", SOFT),
        ]
        plate.legend(
            [mark for _, mark in told] + [band],
            [word for word, _ in told] + ["80 % of the debt"],
            loc="outside upper left",
            ncols=1 if narrow else 4,
            frameon=False,
            fontsize=11,
            handletextpad=0.4,
            columnspacing=1.2,
            labelcolor=INK,
        )
        hits: list[Hit] = []
        for place, (name, fan) in enumerate(fans.items()):
            hits += _panel(axes[place], look.label(name), fan, years)
        for rest in axes[len(fans) :]:
            rest.set_visible(False)
        return hits

    alt = f"Default probability by year, one panel a scenario. {title}."
    wide, narrow = paint("fan", painter, 50 + 230 * down, 110 + 215 * len(fans), alt)
    shown = [y for y in years if y in (years[0], years[-1]) or y % 5 == 0]
    rows: list[list[Cell]] = []
    for name, fan in fans.items():
        for year in shown:
            at = list(years).index(year)
            ends = fan.knowledge.get(year)
            rows.append(
                [
                    words(look.label(name)),
                    Cell(str(year), float(year)),
                    chance_cell(float(fan.mean[at])),
                    words(f"{chance(ends[0])} to {chance(ends[1])}" if ends else ""),
                    chance_cell(float(fan.median[at])),
                    Cell(
                        f"{chance(float(fan.low[at]))} to {chance(float(fan.high[at]))}",
                        float(fan.high[at]),
                    ),
                ]
            )
    heads = [
        Column("Scenario", number=False),
        Column("Year"),
        Column("Mean by debt"),
        Column("Its knowledge, 90 %", number=False),
        Column("Median by debt"),
        Column("Holds 80 % of the debt"),
    ]
    return Chart(
        "fan", title, alt, wide, narrow, table("Twelve-month default probability", heads, rows), note
    )


def _panel(axes: Axes, label: str, fan: Fan, years: Sequence[int]) -> list[Hit]:
    def cut(values: Floats) -> Floats:
        at_least: Floats = np.maximum(np.asarray(values, dtype=float), LEAST)
        return at_least

    axes.fill_between(years, cut(fan.low), cut(fan.high), color=ACCENT, alpha=0.22, linewidth=0)
    axes.plot(years, cut(fan.median), color=INK, linewidth=1.3, linestyle="--")
    axes.plot(years, cut(fan.mean), color=ACCENT, linewidth=2.2)
    for year, (low, high) in fan.knowledge.items():
        if np.isfinite([low, high]).all():
            axes.vlines(year, max(low, LEAST), max(high, LEAST), color=SOFT, linewidth=5, alpha=0.8, zorder=3)
    axes.set_yscale("log")
    axes.set_ylim(LEAST * 0.8, 1.35)
    axes.yaxis.set_major_locator(LogLocator(10))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent_tick(value)))
    year_ticks(axes, years, True)
    axes.set_title(label, fontsize=12, color=INK, loc="left", pad=6)
    quiet(axes, grid="y")
    hits = []
    for at, year in enumerate(years):
        if year % 5 and year not in (years[0], years[-1]):
            continue
        mean, middle = float(fan.mean[at]), float(fan.median[at])
        if np.isfinite(mean):
            told = f"{label}, {year}: mean {chance(mean)}, median {chance(middle)}"
            hits.append(Hit(axes, year, max(mean, LEAST), told))
    return hits
