# SPDX-License-Identifier: Apache-2.0
"""Carbon cost over revenue by sector and scenario: a mark for the sector, a thin line over its issuers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from greenrisk.report.charts.issuer_look import Look, columns_of_key, percent_tick
from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import INK, SOFT, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, count, share, table, words
from greenrisk.report.wording import percent

Floats = NDArray[np.float64]

SHOWN = 10
"""Sectors in the figure; the table has all."""

WIDER = 1.2
"""Multiple of the sector's ratio above which its largest issuer is told beside it."""


@dataclass(frozen=True, eq=False)
class CarbonCost:
    """Carbon cost over revenue, the largest sector on top.

    Parameters
    ----------
    sectors : sequence of str
        Words of the sectors.
    issuers : array of int, shape (sector,)
        Issuers with carbon cost and revenue.
    ratio : array, shape (scenario, sector)
        Carbon cost of all over revenue of all [unitless].
    low, high : array, shape (scenario, sector)
        The least and the most of an issuer [unitless].
    year : int
        Which year.
    """

    sectors: Sequence[str]
    issuers: NDArray[np.int64]
    ratio: Floats
    low: Floats
    high: Floats
    year: int


def carbon_chart(cost: CarbonCost, look: Look, title: str) -> Chart:
    """Draw the sectors.

    Parameters
    ----------
    cost : CarbonCost
        What to draw.
    look : Look
        Of the scenarios, in the order of ``cost.ratio``.
    title : str
        The sentence of the figure.
    """
    rows, lines = min(SHOWN, len(cost.sectors)), len(look.scenarios)
    step = 0.8 / lines
    drawn = np.maximum(cost.ratio, cost.high)[:, :rows]
    top = float(np.nanmax(drawn, initial=0.0)) or 1.0
    marks = [swatch(look.label(name), look.colour(name)) for name in look.scenarios]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        key(plate, marks, columns_of_key([word for word, _ in marks], narrow))
        hits: list[Hit] = []
        for j, sector in enumerate(cost.sectors[:rows]):
            for i, name in enumerate(look.scenarios):
                value, low, high = (float(x[i, j]) for x in (cost.ratio, cost.low, cost.high))
                if not np.isfinite(value):
                    continue
                y = j - 0.4 + step * (i + 0.5)
                axes.barh(y, value, height=0.86 * step, color=look.colour(name))
                if high > low:
                    axes.hlines(y, low, high, color=INK, linewidth=1.0)
                beyond = f" (to {percent(high)})" if high > WIDER * value else ""
                axes.annotate(
                    percent(value) + beyond,
                    (max(value, high), y),
                    xytext=(5, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=10.5,
                    color=SOFT,
                )
                told = (
                    f"{sector}, {look.label(name)}: {percent(value)} of revenue; issuers {percent(low)} to "
                )
                hits.append(
                    Hit(axes, value / 2, y, told + percent(high), max(value, 0.01 * top), 0.86 * step)
                )
            if narrow:
                axes.annotate(
                    f"{sector} ({cost.issuers[j]})",
                    (0, j - 0.42),
                    xytext=(0, 3),
                    textcoords="offset points",
                    va="bottom",
                    fontsize=11,
                    color=INK,
                )
        if narrow:
            axes.set_yticks([])
        else:
            names = [
                f"{sector}\n{number} issuer{'s' if number != 1 else ''}"
                for sector, number in zip(cost.sectors[:rows], cost.issuers[:rows], strict=True)
            ]
            axes.set_yticks(range(rows), names)
            axes.tick_params(axis="y", labelcolor=INK)
        axes.set_ylim(rows - 0.5, -0.85 if narrow else -0.55)
        axes.set_xlim(min(0.0, float(np.nanmin(cost.low, initial=0.0))), (1.4 if narrow else 1.22) * top)
        axes.xaxis.set_major_locator(MaxNLocator(4 if narrow else 7))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent_tick(value)))
        axes.set_xlabel(f"Carbon cost of {cost.year} over revenue of the statements")
        quiet(axes, spines=(), grid="x")
        return hits

    alt = f"Bars of carbon cost over revenue by sector and scenario. {title}."
    bar = 17 * lines
    wide, narrow = paint("carbon", painter, 100 + (bar + 18) * rows, 130 + (bar + 26) * rows, alt)
    body: list[list[Cell]] = []
    for j, sector in enumerate(cost.sectors):
        cells = [words(sector), count(float(cost.issuers[j]))]
        for i in range(lines):
            ends = f"{percent(float(cost.low[i, j]))} to {percent(float(cost.high[i, j]))}"
            value = float(cost.ratio[i, j])
            cells.append(Cell(share(value).text, value, note=ends if np.isfinite(value) else ""))
        body.append(cells)
    heads = [Column("Sector", number=False), Column("Issuers")]
    heads += [Column(look.label(name), "of revenue; issuers from to") for name in look.scenarios]
    numbers = table(f"Carbon cost of {cost.year} over revenue by sector", heads, body)
    note = (
        "Bar: what all issuers of the sector pay for emissions net of free allocation, and for avoiding them, over "
        "their revenue in the statements. Thin line: from the least to the most of one issuer. Before any part that "
        "customers bear."
    )
    if len(cost.sectors) > rows:
        note += f" The {rows} sectors with the largest ratio of {len(cost.sectors)}."
    return Chart("carbon", title, alt, wide, narrow, numbers, note)
