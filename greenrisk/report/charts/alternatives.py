# SPDX-License-Identifier: Apache-2.0
"""Named alternatives that the data cannot tell apart: tail shapes and caps on the size of a fire."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.plate import (
    ACCENT,
    INK,
    SECOND,
    SOFT,
    Chart,
    Hit,
    apart,
    paint,
    plain_ticks,
    quiet,
)
from greenrisk.report.table import Cell, Column, figure, table, words
from greenrisk.report.wording import money, money_unit, percent, significant, span

SHOWN = {
    "gross_premium": ("Gross premium", ACCENT),
    "occurrence_gross_250": ("250-year largest event", SECOND),
    "aggregate_gross_250": ("250-year total of a year", SOFT),
    "tail_value_at_risk": ("TVaR 99.5 %", INK),
}
"""Quantities of the figure, their words and colours; the table has all."""

WORDS = {
    "average_annual_loss_ground_up": "Average annual damage",
    "pure_premium": "Pure premium",
    "gross_premium": "Gross premium",
    "occurrence_gross_250": "250-year largest event",
    "aggregate_gross_250": "250-year total of a year",
    "tail_value_at_risk": "TVaR 99.5 %",
}

RARE = 1 / 250
"""Chance of the rare losses of the figure [1/year]."""


def alternatives_chart(data: xr.Dataset, large_fires: float = float("nan")) -> Chart:
    """Draw how far shapes and caps move the premium and the rare losses.

    Parameters
    ----------
    data : xarray.Dataset
        ``value`` over (shape, cap, quantity) [CNY].
    large_fires : float, optional
        Expected fires above 100 ha in the landscape [1/year]: says whether the rare losses reach the tail at all.
    """
    values = data["value"]
    caps = [str(v) for v in values["cap"].values]
    shapes = [float(v) for v in values["shape"].values]
    shown = {q: SHOWN[q] for q in SHOWN if q in values["quantity"].values}
    scale, unit = money_unit(values.sel(quantity=list(shown)).values.ravel())
    tried = [(shape, cap) for shape in shapes for cap in caps]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        for quantity, (name, colour) in shown.items():
            amounts = [float(values.sel(shape=s, cap=c, quantity=quantity)) / scale for s, c in tried]
            for j in range(len(shapes)):
                group = range(j * len(caps), (j + 1) * len(caps))
                axes.plot(group, [amounts[i] for i in group], "o-", color=colour, linewidth=1.4, markersize=6)
            hits += [
                Hit(axes, i, a, f"{name}, shape {s:g}, cap {c}: {money(a * scale)}")
                for i, (a, (s, c)) in enumerate(zip(amounts, tried, strict=True))
            ]
        top = 1.1 * float(values.sel(quantity=list(shown)).max()) / scale
        axes.set_ylim(0, top)
        last = [float(values.sel(shape=shapes[-1], cap=caps[-1], quantity=q)) / scale for q in shown]
        places = apart(last, [(0.13 if narrow else 0.08) * top] * len(last), 0, top)
        for (name, colour), place in zip(shown.values(), places, strict=True):
            axes.annotate(
                name.replace(" ", "\n", 1) if narrow else name,
                (len(tried) - 1, place),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                color=colour,
                fontweight="bold",
                fontsize=11,
                annotation_clip=False,
            )
        axes.set_xticks(
            range(len(tried)), [_cap(c) for _, c in tried],
            rotation=90 if narrow else 0,
        )  # fmt: skip
        for j, shape in enumerate(shapes):
            middle = j * len(caps) + (len(caps) - 1) / 2
            axes.text(
                middle, 1.02, f"shape {shape:g}", transform=axes.get_xaxis_transform(), ha="center", color=INK
            )
            if j:
                axes.axvline(j * len(caps) - 0.5, color=SOFT, linewidth=0.6, linestyle=":")
        axes.set_xlabel("Largest possible fire, ha" + ("" if narrow else " (forest: as much as there is)"))
        axes.set_ylabel(f"{unit} a year" if narrow else unit)
        plain_ticks(axes, "y")
        quiet(axes, grid="y")
        return hits

    def spread(quantity: str) -> tuple[float, float]:
        part = values.sel(quantity=quantity)
        return float(part.min()), float(part.max())

    present = values["quantity"].values
    tail, tail_words = (
        (spread("tail_value_at_risk"), "the mean of the worst 1 in 200 years (TVaR 99.5 %)")
        if "tail_value_at_risk" in present
        else (spread("occurrence_gross_250"), "the 250-year event")
    )
    moves = sorted(
        [(tail, tail_words), (spread("gross_premium"), "the premium")], key=lambda m: -_ratio(m[0])
    )
    title = "Tails that the data cannot tell apart " + " and ".join(
        _moved(ends, name) for ends, name in moves
    )
    alt = f"Gross premium and 250-year losses for {len(shapes)} tail shapes and {len(caps)} caps. {title}."
    wide, narrow = paint("alternatives", painter, 340, 360, alt)
    quantities = [str(q) for q in values["quantity"].values]
    table_scale, table_unit = money_unit(values.values.ravel())
    rows: list[list[Cell]] = [
        [
            Cell(f"{s:g}", s),
            words(c),
            *(figure(float(values.sel(shape=s, cap=c, quantity=q)), scale=table_scale) for q in quantities),
        ]
        for s, c in tried
    ]
    numbers = table(
        "Results by tail shape and cap",
        [
            Column("Shape"),
            Column("Largest possible fire", number=False),
            *(Column(WORDS.get(q, q.replace("_", " ")), table_unit) for q in quantities),
        ],
        rows,
    )
    note = (
        "Chinese data do not identify the shape of the tail: hardly any fire above 100 ha is on record. The shape "
        "comes from fires elsewhere; its range says what is not known, it was not fitted. All nine share "
        "the random numbers of the knowledge interval and are scaled to the headline figures. The scale of the tail is "
        "held at its central value while the shape moves; the card correlates the two, which would soften the effect."
    )
    if 0 < large_fires < RARE:
        note += (
            f" A fire above 100 ha is expected once in about {significant(1 / large_fires, 2)} years in the whole "
            "landscape, more rarely than the 250-year loss, which therefore hardly sees the tail."
        )
    return Chart("alternatives", title, alt, wide, narrow, numbers, note, opened=True)


def _cap(label: str) -> str:
    return "forest" if label.startswith("exposed") else label.removesuffix(" ha")


def _ratio(ends: tuple[float, float]) -> float:
    low, high = ends
    return high / low if low > 0 and np.isfinite(high) else 1.0


def _moved(ends: tuple[float, float], name: str) -> str:
    """Return by how much a quantity moves, e.g. ``move the premium by 4 % (CNY 640,000 to 666,000)``."""
    ratio = _ratio(ends)
    if ratio < 1.005:
        return f"hardly move {name}" + (f" ({money(ends[0])})" if np.isfinite(ends[0]) else "")
    by = f"by a factor of {significant(ratio, 2)}" if ratio >= 1.5 else f"by {percent(ratio - 1, 1)}"
    return f"move {name} {by} ({span(*ends, 'CNY')})"
