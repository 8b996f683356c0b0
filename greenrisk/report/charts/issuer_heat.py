# SPDX-License-Identifier: Apache-2.0
"""The heat map: a row an issuer, a column a scenario and year, the grade as a letter upon the colour of its risk."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from greenrisk.report.charts.issuer_look import chance, percent_tick
from greenrisk.report.charts.key import Mark, key, swatch
from greenrisk.report.charts.plate import INK, SOFT, Chart, Hit, paint
from greenrisk.report.table import Table

Floats = NDArray[np.float64]

BOUNDS: Final = (0.001, 0.01, 0.05, 0.2, 0.5)
"""Default probabilities between the colours [1]."""

SHADES: Final = ("#e4eef6", "#b5d3e8", "#7fb1d3", "#f3c46b", "#e08a2e", "#a63d12")
"""From calm to broken: blues, then yellow to red-brown, told apart also by their darkness."""

ON_SHADE: Final = ("#16212b", "#16212b", "#16212b", "#241a06", "#241a06", "#ffffff")
"""Colour of a letter upon each shade."""

UNKNOWN: Final = "#8a939c"

GAP: Final = 0.25
"""Room between the columns of two scenarios, in columns."""


@dataclass(frozen=True, eq=False)
class Heat:
    """What the map shows.

    Parameters
    ----------
    rows : sequence of str
        Words of the issuers, the most hurt on top.
    columns : sequence of (str, int)
        Words of the scenario, and the year.
    probability : array, shape (row, column)
        Default probability of the year [1]; NaN where none is known.
    letter : sequence of sequence of str
        What stands in each cell.
    narrow : sequence of int
        Columns that a narrow screen shows.
    """

    rows: Sequence[str]
    columns: Sequence[tuple[str, int]]
    probability: Floats
    letter: Sequence[Sequence[str]]
    narrow: Sequence[int]


def shade_of(probability: float) -> int:
    """Return the place of a probability among the shades; -1 where it is not known."""
    return -1 if not np.isfinite(probability) else int(np.searchsorted(BOUNDS, probability, side="right"))


def heat_chart(heat: Heat, title: str, numbers: Table, note: str) -> Chart:
    """Draw the map.

    Parameters
    ----------
    heat : Heat
        What to draw.
    title : str
        The sentence of the figure.
    numbers : Table
        Its numbers.
    note : str
        How to read it.
    """

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        shown = list(heat.narrow) if narrow else list(range(len(heat.columns)))
        axes = plate.subplots()
        key(plate, _marks(), 3 if narrow else 6)
        scenarios = [heat.columns[c][0] for c in shown]
        groups = list(dict.fromkeys(scenarios))
        x = [k + GAP * groups.index(name) for k, name in enumerate(scenarios)]
        hits: list[Hit] = []
        for i, row in enumerate(heat.rows):
            for k, c in enumerate(shown):
                value = float(heat.probability[i, c])
                _cell(axes, x[k], i, value, heat.letter[i][c], f"on-{i}-{c}")
                name, year = heat.columns[c]
                told = f"{row}, {name}, {year}: {heat.letter[i][c]}, {chance(value)} a year"
                hits.append(Hit(axes, x[k], i, told, 0.96, 0.92))
        axes.set_yticks(range(len(heat.rows)), [_cut(row, 18 if narrow else 32) for row in heat.rows])
        axes.set_xticks(x, [str(heat.columns[c][1]) for c in shown])
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelcolor=INK, labelsize=10.5)
        axes.tick_params(axis="x", pad=2)
        for group in groups:
            places = [x[k] for k, name in enumerate(scenarios) if name == group]
            room = 8 if narrow else 9 * len(places)
            axes.text(
                float(np.mean(places)),
                -1.5,
                textwrap.fill(group, room, max_lines=4, placeholder="\u2026", break_long_words=False),
                ha="center",
                va="bottom",
                fontsize=10.5,
                color=SOFT,
            )
        axes.set_xlim(-0.55, x[-1] + 0.55)
        axes.set_ylim(len(heat.rows) - 0.45, -0.55)
        for side in axes.spines.values():
            side.set_visible(False)
        return hits

    rows = len(heat.rows)
    alt = f"Heat map of default probability, issuers by scenarios. {title}."
    wide, narrow = paint("heat", painter, 110 + 25 * rows, 170 + 25 * rows, alt)
    return Chart("heat", title, alt, wide, narrow, numbers, note)


def _marks() -> list[Mark]:
    """Return the key of the shades."""
    ends = [percent_tick(bound) for bound in BOUNDS]
    spans = [f"below {ends[0]}", *(f"to {end}" for end in ends[1:]), f"above {ends[-1]}"]
    return [swatch(word, shade) for word, shade in zip(spans, SHADES, strict=True)]


def _cell(axes: Axes, x: float, y: float, value: float, letter: str, name: str) -> None:
    shade = shade_of(value)
    known = shade >= 0
    axes.add_patch(
        Rectangle(
            (x - 0.48, y - 0.46),
            0.96,
            0.92,
            color=SHADES[shade] if known else UNKNOWN,
            alpha=1.0 if known else 0.3,
            linewidth=0,
        )
    )
    ink = ON_SHADE[shade] if known else INK
    axes.text(x, y, letter, ha="center", va="center", fontsize=10.5, color=ink).set_gid(name)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"
