# SPDX-License-Identifier: Apache-2.0
"""The waterfall of a scenario: from what is earned without any channel, channel by channel, to what is left."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from greenrisk.report.charts.key import key, stroke, swatch
from greenrisk.report.charts.plate import (
    ACCENT,
    INK,
    LINE,
    ORANGE,
    PURPLE,
    SECOND,
    SOFT,
    Chart,
    Hit,
    paint,
    plain_ticks,
    quiet,
)
from greenrisk.report.table import Cell, Column, figure, table, words
from greenrisk.report.wording import significant


@dataclass(frozen=True)
class Steps:
    """What the channels do to a line, all in one unit.

    Parameters
    ----------
    channels : sequence of str
        Words of the channels, in the order of the figure.
    without : float
        The line without any channel; NaN where it is not known, so that only changes are told.
    alone, last_in : sequence of float
        What each channel does alone, and as the last one to be switched on.
    interaction : float
        What the channels do to each other: joint less the sum of alone.
    joint : float
        What all do together.
    """

    channels: Sequence[str]
    without: float
    alone: Sequence[float]
    last_in: Sequence[float]
    interaction: float
    joint: float


def waterfall_of_channels(
    name: str,
    title: str,
    steps: Steps,
    line: str,
    unit: str,
    text: Callable[[float], str],
    note: str,
) -> Chart:
    """Draw the steps.

    Parameters
    ----------
    name : str
        Anchor.
    title : str
        The sentence of the figure.
    steps : Steps
        What to draw.
    line : str
        Words of the line, e.g. ``EBIT of 2030``.
    unit : str
        Unit of all figures.
    text : callable
        Returns an amount in words.
    note : str
        How to read it.
    """
    known = math.isfinite(steps.without)
    rows: list[tuple[str, float, float, float | None]] = []
    start = steps.without if known else 0.0
    if known:
        rows.append((f"{line} without any channel", 0.0, start, None))
    for channel, alone, last in zip(steps.channels, steps.alone, steps.last_in, strict=True):
        rows.append((channel, start, start + alone, last))
        start += alone
    if len(steps.channels) > 1:
        rows.append(("Interaction of the channels", start, start + steps.interaction, None))
    final = (steps.without if known else 0.0) + steps.joint
    rows.append(
        (f"{line} with all channels" if known else f"Change of {line} by all channels", 0.0, final, None)
    )
    ends = [0.0, *(value for _, a, b, _ in rows for value in (a, b))]
    ends += [a + last for _, a, _, last in rows if last is not None]
    low, high = min(ends), max(ends)
    reach = (high - low) or 1.0
    marks = [
        swatch("takes", ORANGE),
        swatch("adds", SECOND),
        swatch("interaction", PURPLE),
        stroke("as the last one switched on", INK),
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        key(plate, marks, 2 if narrow else 4)
        hits: list[Hit] = []
        for i, (label, begin, end, last) in enumerate(rows):
            first, whole = i == 0 and known, (i == 0 and known) or i == len(rows) - 1
            change = end - begin
            inner = label.startswith("Interaction")
            colour = (
                (SOFT if first else ACCENT)
                if whole
                else PURPLE
                if inner
                else ORANGE
                if change < 0
                else SECOND
            )
            axes.barh(i, change, left=begin, height=0.44 if narrow else 0.6, color=colour)
            if i < len(rows) - 1:
                axes.plot([end, end], [i, i + 1], color=LINE, linewidth=1, zorder=0)
            if last is not None and abs(last) > 1e-12 * reach:
                axes.plot([begin + last] * 2, [i - 0.38, i + 0.38], color=INK, linewidth=2, zorder=4)
            right = max(begin, end, begin + (last or 0.0))
            axes.annotate(
                significant(change) if whole or change <= 0 else f"+{significant(change)}",
                (right, i),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                fontsize=11,
                fontweight="bold" if whole else "normal",
            )
            if narrow:
                axes.annotate(
                    label,
                    (low, i - 0.25),
                    xytext=(0, 2),
                    textcoords="offset points",
                    va="bottom",
                    fontsize=11,
                    color=INK,
                    annotation_clip=False,
                ).set_gid(f"halo{i}")
            told = f"{label}: {text(change)}"
            if last is not None:
                told += f" alone, {text(last)} as the last one"
            hits.append(Hit(axes, (begin + end) / 2, i, told, max(abs(change), 0.01 * reach), 0.7))
        axes.axvline(0, color=SOFT, linewidth=1)
        axes.set_ylim(len(rows) - 0.5, -0.9 if narrow else -0.55)
        axes.set_xlim(low - 0.02 * reach, high + (0.25 if narrow else 0.16) * reach)
        if narrow:
            axes.set_yticks([])
        else:
            axes.set_yticks(range(len(rows)), [textwrap.fill(row[0], 34) for row in rows])
            axes.tick_params(axis="y", labelcolor=INK)
        axes.set_xlabel(f"{line}, {unit}")
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        return hits

    alt = f"Steps from {line} without any channel to {line} with all. {title}. " + "; ".join(
        f"{label}: {text(end - begin)}" for label, begin, end, _ in rows
    )
    wide, narrow = paint(name, painter, 100 + 34 * len(rows), 120 + 50 * len(rows), alt)
    body: list[list[Cell]] = [[words(rows[0][0]), figure(steps.without), words("")]] if known else []
    body += [
        [words(channel), figure(alone), figure(last)]
        for channel, alone, last in zip(steps.channels, steps.alone, steps.last_in, strict=True)
    ]
    body.append([words("Interaction: joint less the sum of alone"), figure(steps.interaction), words("")])
    body.append([words("All channels jointly"), figure(steps.joint), words("")])
    if known:
        body.append([words(rows[-1][0]), figure(final), words("")])
    heads = [Column("Step", number=False), Column("Alone", unit), Column("As the last one", unit)]
    return Chart(
        name,
        title,
        alt,
        wide,
        narrow,
        table(f"{line} by channel", heads, body, totals=3 if known else 2),
        note,
    )
