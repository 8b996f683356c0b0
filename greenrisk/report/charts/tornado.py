# SPDX-License-Identifier: Apache-2.0
"""The tornado: how far each parameter's range moves the premium or the expected loss, the widest on top."""

from __future__ import annotations

import textwrap

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greenrisk.report.charts.plate import INK, SOFT, STATUS_COLOURS, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import (
    MISSING,
    as_given,
    first_sentence,
    lower_first,
    money,
    money_unit,
    no_effect,
    significant,
    span,
    unit_words,
)

SHOWN = 12
"""Bars in the figure; the table has all."""

NAMES = {
    "gross_premium": ("Gross premium", "the premium", "Premium"),
    "average_annual_loss_ground_up": ("Expected loss", "the expected loss", "Loss"),
    "average_annual_gap": ("Loss not paid", "the loss that stays unpaid", "Unpaid"),
}
"""Quantity of a tornado -> what an axis, a sentence and the head of a column call it."""

CLOSED = ("average_annual_loss_ground_up",)
"""Quantities that are computed in closed form, so that no simulated year hides an effect."""


def swing_ends(tornado: xr.Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the quantity at the low and the high end of each range, each shape (parameter,) [CNY/year]."""
    prefix = "gross_" if "gross_at_low" in tornado else ""
    low, high = (tornado[f"{prefix}at_{end}"].values.astype(np.float64) for end in ("low", "high"))
    return low, high


def tornado_names(tornado: xr.Dataset) -> tuple[str, str, str]:
    """Return what an axis, a sentence and the head of a column call the quantity of a tornado."""
    return NAMES[str(tornado.attrs.get("quantity", "gross_premium"))]


def without_effect(tornado: xr.Dataset, low: float, high: float, scale: float) -> str:
    """Return what to say of a range whose two ends cannot be told apart as printed; empty where they can."""
    return no_effect(low, high, scale, str(tornado.attrs.get("quantity", "")) not in CLOSED)


def tornado_chart(tornado: xr.Dataset) -> Chart:
    """Draw the widest bars.

    Parameters
    ----------
    tornado : xarray.Dataset
        Over (parameter), widest first: ``card``, ``label``, ``status``, ``unit``, ``value``, ``low``, ``high`` (text),
        ``at_low`` and ``at_high``, of the gross premium ``gross_at_low``, ``gross_at_high`` [CNY/year]; attributes
        ``base`` [CNY/year] and ``quantity``.
    """
    base = float(tornado.attrs["base"])
    low, high = swing_ends(tornado)
    axis, subject, _ = tornado_names(tornado)
    text = {
        name: [str(v) for v in tornado[name].values]
        for name in ("card", "label", "status", "unit", "value", "low", "high")
    }
    text["label"] = [first_sentence(label) for label in text["label"]]
    told = [
        f"{label} [{unit_words(unit)}]" if unit_words(unit) else label
        for label, unit in zip(text["label"], text["unit"], strict=True)
    ]
    bars = min(SHOWN, low.size)
    scale, unit = money_unit([base, *low[:bars], *high[:bars]])

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        ends = np.array([*low[:bars], *high[:bars], base]) / scale
        reach = max(np.ptp(ends), 1e-9)
        for i in range(bars):
            colour = STATUS_COLOURS.get(text["status"][i], SOFT)
            left, right = sorted((low[i] / scale, high[i] / scale))
            axes.barh(i, right - left, left=left, height=0.36 if narrow else 0.5, color=colour)
            names = (
                (text["low"][i], text["high"][i]) if low[i] <= high[i] else (text["high"][i], text["low"][i])
            )
            ends_told: tuple[tuple[float, str, int, str], ...] = (
                (left, names[0], -5, "right"),
                (right, names[1], 5, "left"),
            )
            if nothing := without_effect(tornado, low[i], high[i], scale):
                # the words go where there is room: most of the figure lies on one side of the line
                to_right = ends.max() - right >= left - ends.min()
                ends_told = ((right, nothing, 5, "left") if to_right else (left, nothing, -5, "right"),)
            for place, name, offset, side in ends_told:
                axes.annotate(
                    as_given(name),
                    (place, i),
                    xytext=(offset, 0),
                    textcoords="offset points",
                    va="center",
                    ha=side,
                    fontsize=10.5,
                    color=SOFT,
                )
            if narrow:
                label = axes.annotate(
                    textwrap.fill(told[i], 56, max_lines=2, placeholder=" \u2026"),
                    (ends.min() - 0.2 * reach, i),
                    xytext=(0, 10),
                    textcoords="offset points",
                    va="bottom",
                    fontsize=11,
                    color=INK,
                    annotation_clip=False,
                )
                label.set_gid(f"halo{i}")
            hits.append(
                Hit(
                    axes,
                    (left + right) / 2,
                    i,
                    f"{text['label'][i]} ({text['status'][i]}), from {text['low'][i]} to {text['high'][i]} "
                    f"{unit_words(text['unit'][i])}: {money(low[i])} to {money(high[i])}",
                    max(right - left, 0.01 * reach),
                    0.8,
                )
            )
        axes.axvline(base / scale, color=INK, linewidth=1)
        axes.annotate(
            f"now {significant(base / scale)}",
            (base / scale, -0.6 if not narrow else -0.95),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=11,
            color=INK,
            annotation_clip=False,
        )
        axes.set_ylim(bars - 0.4, -0.95 if narrow else -0.6)
        axes.set_xlim(
            ends.min() - (0.2 if narrow else 0.13) * reach, ends.max() + (0.2 if narrow else 0.13) * reach
        )
        if narrow:
            axes.set_yticks([])
        else:
            axes.set_yticks(
                range(bars),
                [textwrap.fill(t, 46, max_lines=3, placeholder=" \u2026") for t in told[:bars]],
            )
            axes.tick_params(axis="y", labelcolor=INK)
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        axes.set_xlabel(f"{axis}, {unit} a year")
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        return hits

    title = (
        f"What moves {subject} most: {lower_first(text['label'][0])} ({_range(low[0], high[0])} over its range)"
        if low.size
        else "No parameter has a range"
    )
    alt = f"Bars of {subject} at both ends of each parameter's range. " + "; ".join(
        f"{text['label'][i]}: {_range(low[i], high[i])}" for i in range(bars)
    )
    name = "tornado" if "gross_at_low" in tornado else "tornado_loss"
    wide, narrow = paint(name, painter, 90 + 42 * bars, 90 + 56 * bars, alt)
    seen = dict.fromkeys(s for s in text["status"][:bars])
    note = (
        "One parameter at a time; the figures at a bar's ends are the ends of the parameter's range, in the unit in "
        "brackets where it has one. The "
        f"{bars} widest of {low.size} bars. "
        "Colour: status of the card."
    )
    if tornado.attrs.get("level_neutral"):
        note += (
            " How much the perils other than fire cost is in their common scale and their own rates; the other numbers "
            "of their cards are moved at the same mean cost before terms, so that no level is counted twice."
        )
    return Chart(name, title, alt, wide, narrow, parameter_table(tornado), note, tuple(seen))


def _range(low: float, high: float) -> str:
    return span(min(low, high), max(low, high), "CNY")


def _swing(low: float, high: float, scale: float, nothing: str) -> list[Cell]:
    """Return both ends and the width; where they cannot be told apart, that alone."""
    width = abs(high - low)
    if nothing:
        return [Cell(MISSING, low), Cell(MISSING, high), Cell(nothing, width)]
    return [figure(low, scale=scale), figure(high, scale=scale), figure(width, scale=scale)]


def parameter_table(tornado: xr.Dataset, rows: int | None = None) -> Table:
    """Return the tornado as a table; each row links to its card.

    Parameters
    ----------
    tornado : xarray.Dataset
        As in :func:`tornado_chart`.
    rows : int, optional
        How many of the widest rows; all if left out.
    """
    data = tornado.isel(parameter=slice(rows))
    low, high = swing_ends(data)
    base = float(tornado.attrs["base"])
    axis, _, head = tornado_names(tornado)
    scale, unit = money_unit([base, *low, *high])
    body: list[list[Cell]] = []
    for i, name in enumerate(str(v) for v in data["parameter"].values):
        card = str(data["card"].values[i])
        ends = f"{as_given(str(data['low'].values[i]))} to {as_given(str(data['high'].values[i]))}"
        body.append(
            [
                words(
                    first_sentence(str(data["label"].values[i])),
                    href=f"#card-{card}-{name.rpartition(':')[2]}",
                    status=str(data["status"].values[i]),
                ),
                Cell(as_given(str(data["value"].values[i]))),
                Cell(ends),
                words(unit_words(str(data["unit"].values[i]))),
                *_swing(low[i], high[i], scale, without_effect(tornado, low[i], high[i], scale)),
            ]
        )
    return table(
        f"{axis} (now {money(base)}) at both ends of each range",
        [
            Column("Parameter", number=False),
            Column("Value"),
            Column("Range"),
            Column("Unit", number=False),
            Column(f"{head} at low end", unit),
            Column("at high end", unit),
            Column("Width", unit),
        ],
        body,
    )
