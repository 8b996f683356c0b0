# SPDX-License-Identifier: Apache-2.0
"""The tornado of a rate: how far each parameter's range moves a default probability or an expected loss rate."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from greenrisk.report.charts.issuer_look import chance, chance_cell, percent_tick
from greenrisk.report.charts.plate import INK, SOFT, STATUS_COLOURS, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import as_given, first_sentence, unit_words

SHOWN = 12
"""Bars in the figure; the table has all."""


@dataclass(frozen=True)
class Swing:
    """A parameter at both ends of its range.

    Parameters
    ----------
    card, name, label, status, unit : str
        Where it stands and what it is.
    value, low, high : str
        Its value and range as the card writes them.
    at_low, at_high : float
        The rate at both ends [1].
    """

    card: str
    name: str
    label: str
    status: str
    unit: str
    value: str
    low: str
    high: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far it moves the rate."""
        return abs(self.at_high - self.at_low)

    @property
    def told(self) -> str:
        """Its words with their unit."""
        unit = unit_words(self.unit)
        return f"{first_sentence(self.label)} [{unit}]" if unit else first_sentence(self.label)

    @property
    def nothing(self) -> str:
        """What to say where both ends read alike; empty where they do not."""
        if self.at_low == self.at_high:
            return "no effect"
        return "no visible effect" if chance(self.at_low) == chance(self.at_high) else ""


def swings_chart(
    name: str, title: str, axis: str, base: float, swings: Sequence[Swing], caption: str, note: str
) -> Chart:
    """Draw the widest bars.

    Parameters
    ----------
    name : str
        Anchor.
    title : str
        The sentence of the figure.
    axis : str
        What the axis shows.
    base : float
        The rate under the central values [1].
    swings : sequence of Swing
        Widest first.
    caption, note : str
        Caption of the table, and how to read the figure.
    """
    bars = [swing for swing in swings if not swing.nothing][:SHOWN]
    ends = np.array([base, *(v for s in bars for v in (s.at_low, s.at_high))])
    reach = float(np.ptp(ends)) or 1e-9

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits: list[Hit] = []
        for i, swing in enumerate(bars):
            left, right = sorted((swing.at_low, swing.at_high))
            axes.barh(
                i,
                right - left,
                left=left,
                height=0.36 if narrow else 0.5,
                color=STATUS_COLOURS.get(swing.status, SOFT),
            )
            told = (swing.low, swing.high) if swing.at_low <= swing.at_high else (swing.high, swing.low)
            for at, text, offset, side in ((left, told[0], -5, "right"), (right, told[1], 5, "left")):
                axes.annotate(
                    as_given(text),
                    (at, i),
                    xytext=(offset, 0),
                    textcoords="offset points",
                    va="center",
                    ha=side,
                    fontsize=10.5,
                    color=SOFT,
                )
            if narrow:
                axes.annotate(
                    textwrap.fill(swing.told, 54, max_lines=2, placeholder=" \u2026"),
                    (ends.min() - 0.2 * reach, i),
                    xytext=(0, 10),
                    textcoords="offset points",
                    va="bottom",
                    fontsize=11,
                    color=INK,
                    annotation_clip=False,
                ).set_gid(f"halo{i}")
            words_of = f"{swing.label} ({swing.status}), from {swing.low} to {swing.high}: "
            words_of += f"{chance(swing.at_low)} to {chance(swing.at_high)}"
            hits.append(Hit(axes, (left + right) / 2, i, words_of, max(right - left, 0.01 * reach), 0.8))
        axes.axvline(base, color=INK, linewidth=1)
        axes.annotate(
            f"now {chance(base)}",
            (base, -0.95 if narrow else -0.6),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=11,
            color=INK,
            annotation_clip=False,
        )
        axes.set_ylim(len(bars) - 0.4, -0.95 if narrow else -0.6)
        room = (0.2 if narrow else 0.13) * reach
        axes.set_xlim(ends.min() - room, ends.max() + room)
        if narrow:
            axes.set_yticks([])
        else:
            axes.set_yticks(
                range(len(bars)),
                [textwrap.fill(s.told, 46, max_lines=3, placeholder=" \u2026") for s in bars],
            )
            axes.tick_params(axis="y", labelcolor=INK)
        axes.xaxis.set_major_locator(MaxNLocator(3 if narrow else 7))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent_tick(value)))
        axes.set_xlabel(axis)
        quiet(axes, spines=(), grid="x")
        return hits

    alt = f"Bars of a rate at both ends of each parameter's range. {title}. " + "; ".join(
        f"{s.told}: {chance(s.at_low)} to {chance(s.at_high)}" for s in bars
    )
    wide, narrow = paint(name, painter, 90 + 42 * len(bars), 90 + 56 * len(bars), alt)
    seen = dict.fromkeys(s.status for s in bars)
    read = (
        "One parameter at a time; the figures at a bar's ends are the ends of the parameter's range, in the unit in "
        f"brackets where it has one. The {len(bars)} widest of {len(swings)} bars. Colour: status of the card."
    )
    return Chart(
        name, title, alt, wide, narrow, swings_table(swings, caption), f"{read} {note}".rstrip(), tuple(seen)
    )


def swings_table(swings: Sequence[Swing], caption: str) -> Table:
    """Return all parameters with the rate at both ends; each row links to its card.

    Parameters
    ----------
    swings : sequence of Swing
        Widest first.
    caption : str
        What the table shows.
    """
    rows: list[list[Cell]] = []
    for swing in swings:
        low, high = chance_cell(swing.at_low), chance_cell(swing.at_high)
        rows.append(
            [
                words(
                    first_sentence(swing.label), href=f"#card-{swing.card}-{swing.name}", status=swing.status
                ),
                Cell(as_given(swing.value)),
                Cell(f"{as_given(swing.low)} to {as_given(swing.high)}"),
                words(unit_words(swing.unit)),
                low,
                high,
                Cell(swing.nothing or chance(swing.width), swing.width),
            ]
        )
    return table(
        caption,
        [
            Column("Parameter", number=False),
            Column("Value"),
            Column("Range"),
            Column("Unit", number=False),
            Column("At low end"),
            Column("At high end"),
            Column("Width"),
        ],
        rows,
    )
