# SPDX-License-Identifier: Apache-2.0
"""Lines by scenario over the years, one panel a quantity: pathways, statements of an issuer, default by grade."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from greenrisk.report.charts.issuer_look import (
    Look,
    chance,
    chance_cell,
    columns_of_key,
    percent_tick,
    year_ticks,
)
from greenrisk.report.charts.key import key
from greenrisk.report.charts.plate import INK, LINE, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import significant

Floats = NDArray[np.float64]

EVERY = 5
"""Steps between the years that the table holds, besides the first and the last [year]."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One quantity by scenario.

    Parameters
    ----------
    title : str
        What it is.
    unit : str
        Its unit; empty for shares, which are told in per cent.
    lines : mapping of str to array, shape (year,)
        Its value by scenario.
    """

    title: str
    unit: str
    lines: Mapping[str, Floats]

    def text(self, value: float) -> str:
        """Return a value with its unit."""
        return f"{significant(value)} {self.unit}".rstrip() if self.unit else chance(value)


@dataclass(frozen=True)
class Told:
    """Words of a figure.

    Parameters
    ----------
    name : str
        Anchor.
    title : str
        The sentence that the reader should take away.
    alt : str
        Alternative text.
    caption : str
        What the table shows.
    note : str
        How to read it.
    """

    name: str
    title: str
    alt: str
    caption: str
    note: str = ""


def lines_chart(told: Told, years: Sequence[int], panels: Sequence[Panel], look: Look) -> Chart:
    """Draw the panels.

    Parameters
    ----------
    told : Told
        Words of the figure.
    years : sequence of int
        Years of all lines.
    panels : sequence of Panel
        From left to right, line by line.
    look : Look
        Of the scenarios.
    """
    across = 1 if len(panels) == 1 else 2
    down = math.ceil(len(panels) / across)
    scenarios = [s for s in look.scenarios if any(s in panel.lines for panel in panels)]
    marks = [mark for name, mark in zip(look.scenarios, look.marks(), strict=True) if name in scenarios]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        shape = (len(panels), 1) if narrow else (down, across)
        axes = np.atleast_1d(plate.subplots(*shape, squeeze=False)).ravel()
        key(plate, marks, columns_of_key([word for word, _ in marks], narrow))
        hits: list[Hit] = []
        for place, panel in enumerate(panels):
            hits += _panel(axes[place], panel, years, look, narrow or across == 2)
        for rest in axes[len(panels) :]:
            rest.set_visible(False)
        return hits

    keys = 22 * math.ceil(len(marks) / columns_of_key([word for word, _ in marks], False))
    keys_narrow = 22 * math.ceil(len(marks) / columns_of_key([word for word, _ in marks], True))
    each = 300 if across == 1 else 230
    wide, narrow = paint(
        told.name, painter, 20 + keys + each * down, 30 + keys_narrow + 225 * len(panels), told.alt
    )
    return Chart(
        told.name, told.title, told.alt, wide, narrow, _numbers(told.caption, years, panels, look), told.note
    )


def _panel(axes: Axes, panel: Panel, years: Sequence[int], look: Look, small: bool) -> list[Hit]:
    hits: list[Hit] = []
    drawn = [name for name in look.scenarios if name in panel.lines]
    for order, name in enumerate(drawn):
        values = np.asarray(panel.lines[name], dtype=float)
        axes.plot(
            years,
            values,
            color=look.colour(name),
            linestyle=look.dash(name),
            linewidth=look.width(name),
            zorder=2 + order,
            solid_capstyle="round",
        )
        for year in _shown_years(years):
            value = float(values[list(years).index(year)])
            if np.isfinite(value):
                hits.append(Hit(axes, year, value, f"{look.label(name)}, {year}: {panel.text(value)}"))
    axes.set_title(
        textwrap.fill(f"{panel.title}, {panel.unit}" if panel.unit else panel.title, 46 if small else 90),
        fontsize=12,
        color=INK,
        loc="left",
        pad=8,
    )
    known = np.concatenate([np.asarray(panel.lines[name], dtype=float) for name in drawn])
    known = known[np.isfinite(known)]
    if known.size and known.min() < 0 < known.max():
        axes.axhline(0, color=LINE, linewidth=1.2, zorder=1)
    elif known.size and known.min() >= 0 and known.min() < 0.6 * known.max():
        axes.set_ylim(0, 1.06 * known.max())
    year_ticks(axes, years, small)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    quiet(axes, grid="y")
    if panel.unit:
        plain_ticks(axes, "y")
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent_tick(value)))
    return hits


def _shown_years(years: Sequence[int]) -> list[int]:
    return [year for year in years if year in (years[0], years[-1]) or year % EVERY == 0]


def _numbers(caption: str, years: Sequence[int], panels: Sequence[Panel], look: Look) -> Table:
    shown = _shown_years(years)
    at = [list(years).index(year) for year in shown]
    rows: list[list[Cell]] = []
    for panel in panels:
        for name in look.scenarios:
            if name not in panel.lines:
                continue
            values = np.asarray(panel.lines[name], dtype=float)
            rows.append(
                [
                    *([words(panel.title), words(panel.unit or "%")] if len(panels) > 1 else []),
                    words(look.label(name)),
                    *(
                        (figure(float(values[k])) if panel.unit else chance_cell(float(values[k])))
                        for k in at
                    ),
                ]
            )
    heads = [Column("Quantity", number=False), Column("Unit", number=False)] if len(panels) > 1 else []
    unit = panels[0].unit if len(panels) == 1 else ""
    return table(
        f"{caption}, {unit}" if unit else caption,
        [*heads, Column("Scenario", number=False), *(Column(str(year)) for year in shown)],
        rows,
    )
