# SPDX-License-Identifier: Apache-2.0
"""Keys above a figure: a mark and its word, laid out so that no word covers another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from greenrisk.report.charts.plate import INK

Mark = tuple[str, Line2D]
"""A word and the mark that it explains."""

Style = Literal["-", "--", ":"]
"""How a line is drawn."""


def swatch(word: str, colour: str) -> Mark:
    """Return a filled square with its word."""
    return word, Line2D([], [], marker="s", color=colour, linestyle="", markersize=10)


def stroke(word: str, colour: str, style: Style = "-") -> Mark:
    """Return a line with its word."""
    return word, Line2D([], [], color=colour, linestyle=style, linewidth=2)


def key(plate: Figure, marks: Sequence[Mark], columns: int) -> None:
    """Write the marks above the figure.

    Parameters
    ----------
    plate : Figure
        Laid out with constraints, so that the key takes its own room.
    marks : sequence of (word, mark)
        From left to right, column by column.
    columns : int
        How many stand side by side.
    """
    plate.legend(
        [mark for _, mark in marks],
        [word for word, _ in marks],
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        fontsize=11,
        handletextpad=0.3,
        columnspacing=1.0,
        labelcolor=INK,
    )
