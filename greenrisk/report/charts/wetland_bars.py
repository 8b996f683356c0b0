# SPDX-License-Identifier: Apache-2.0
"""What a year costs by peril or by head of loss: before the terms, and what the cover pays of it with both errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import ACCENT, INK, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Table
from greenrisk.report.wording import money, money_unit, percent, significant, span

Floats = NDArray[np.float64]

Z_90 = 1.645
GREY = "#9aa4ae"


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars of expected cost, the dearest first.

    Parameters
    ----------
    names : tuple of str
        Perils or heads, in a reader's words.
    ground_up, paid : array, shape (bars,)
        Expected loss before the terms, and payment [CNY/year].
    error, low, high : array, shape (bars,)
        Simulation error of the payment and ends of its knowledge interval [CNY/year]; NaN where not known.
    """

    names: tuple[str, ...]
    ground_up: Floats
    paid: Floats
    error: Floats
    low: Floats
    high: Floats


def wetland_bars_chart(name: str, title: str, bars: Bars, numbers: Table, note: str) -> Chart:
    """Draw loss and payment side by side.

    Parameters
    ----------
    name : str
        Anchor.
    title : str
        What a reader should take away.
    bars : Bars
        What is drawn.
    numbers : Table
        The numbers behind it.
    note : str
        How to read it.
    """
    ends = np.fmax(np.fmax(bars.ground_up, bars.paid), np.fmax(bars.high, bars.paid + Z_90 * bars.error))
    ends = np.where(np.isfinite(ends), ends, np.fmax(bars.ground_up, bars.paid))
    top = float(np.nanmax([*ends, 0.0])) or 1.0
    scale, unit = money_unit([top])

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        for i in range(len(bars.names)):
            axes.barh(i - 0.21, bars.ground_up[i] / scale, height=0.34, color=GREY)
            axes.barh(i + 0.19, bars.paid[i] / scale, height=0.34, color=ACCENT)
            if np.isfinite([bars.low[i], bars.high[i]]).all():
                width = (bars.high[i] - bars.low[i]) / scale
                axes.barh(i + 0.19, width, left=bars.low[i] / scale, height=0.46, color=ACCENT, alpha=0.22)
            if np.isfinite(bars.error[i]):
                begin = max(0.0, bars.paid[i] - Z_90 * bars.error[i])
                axes.hlines(
                    i + 0.19,
                    begin / scale,
                    (bars.paid[i] + Z_90 * bars.error[i]) / scale,
                    color=INK,
                    linewidth=2,
                )
            part = f" of {significant(bars.ground_up[i] / scale)}" if bars.ground_up[i] > 0 else ""
            axes.annotate(
                f"{significant(bars.paid[i] / scale)}{part}",
                (ends[i] / scale, i),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                fontsize=11,
            )
            hits.append(
                Hit(axes, ends[i] / scale / 2, i, _told(bars, i), max(ends[i], 0.02 * top) / scale, 0.86)
            )
        axes.set_yticks(
            range(len(bars.names)), [n.replace(" and ", "\nand ") if narrow else n for n in bars.names]
        )
        axes.tick_params(axis="y", labelcolor=INK, labelsize=11)
        axes.set_ylim(len(bars.names) - 0.45, -0.55)
        axes.set_xlim(0, (1.5 if narrow else 1.25) * top / scale)
        axes.set_xlabel(f"{unit} a year" if narrow else f"Mean of a year, {unit} a year")
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        key(plate, [swatch("Loss before the terms", GREY), swatch("Paid", ACCENT)], 2)
        return hits

    alt = f"Bars of the expected loss and of what is paid. {title}. " + "; ".join(
        f"{n} {money(float(p))} of {money(float(g))}"
        for n, p, g in zip(bars.names, bars.paid, bars.ground_up, strict=True)
    )
    rows = len(bars.names)
    wide, narrow = paint(name, painter, 110 + 44 * rows, 115 + 46 * rows, alt)
    return Chart(name, title, alt, wide, narrow, numbers, note)


def _told(bars: Bars, i: int) -> str:
    paid, whole = float(bars.paid[i]), float(bars.ground_up[i])
    text = f"{bars.names[i]}: {money(whole)} a year before the terms, {money(paid)} paid"
    if whole > 0:
        text += f" ({percent(paid / whole)})"
    if np.isfinite(bars.error[i]):
        text += f" ± {money(float(bars.error[i]), 2)} (simulation error)"
    if np.isfinite([bars.low[i], bars.high[i]]).all():
        text += f"; knowledge interval {span(float(bars.low[i]), float(bars.high[i]), 'CNY')}"
    return text
