# SPDX-License-Identifier: Apache-2.0
"""Ladders: one number a row, as a dot with its interval. Burning costs and products are shown so."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from greenrisk.report.charts.plate import ACCENT, INK, SOFT, Hit, plain_ticks, quiet
from greenrisk.report.wording import significant


@dataclass(frozen=True)
class Rung:
    """One row of a ladder; ``ours`` marks the number that this report stands for."""

    label: str
    value: float
    low: float = math.nan
    high: float = math.nan
    ours: bool = False
    tells: str = ""


def ladder(plate: Figure, narrow: bool, rungs: Sequence[Rung], axis_label: str, digits: int = 3) -> list[Hit]:
    """Paint a ladder; on a narrow screen the labels stand above their rows."""
    axes = plate.subplots()
    hits = []
    top = max(v for r in rungs for v in (r.value, r.high) if math.isfinite(v)) or 1.0
    for i, rung in enumerate(rungs):
        colour = ACCENT if rung.ours else SOFT
        if math.isfinite(rung.low) and math.isfinite(rung.high):
            axes.hlines(i, rung.low, rung.high, color=colour, alpha=0.3, linewidth=8)
        axes.plot(rung.value, i, "o", color=colour, markersize=8)
        axes.annotate(
            significant(rung.value, digits),
            (max(rung.value, rung.high if math.isfinite(rung.high) else rung.value), i),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            color=colour if rung.ours else INK,
            fontweight="bold" if rung.ours else "normal",
        )
        if narrow:
            head = axes.annotate(
                textwrap.shorten(rung.label, 58, placeholder=" \u2026"),
                (0, i),
                xytext=(0, 9),
                textcoords="offset points",
                va="bottom",
                color=colour if rung.ours else INK,
                fontsize=11,
            )
            head.set_gid(f"halo{i}")
        hits.append(
            Hit(axes, rung.value, i, f"{rung.label}: {significant(rung.value, digits)} {rung.tells}".strip())
        )
    axes.set_ylim(len(rungs) - 0.4, -0.95 if narrow else -0.6)
    axes.set_xlim(0, top * (1.2 if narrow else 1.1))
    if narrow:
        axes.set_yticks([])
    else:
        axes.set_yticks(range(len(rungs)), [textwrap.fill(r.label, 44) for r in rungs])
        for tick, rung in zip(axes.get_yticklabels(), rungs, strict=True):
            tick.set_color(ACCENT if rung.ours else INK)
            tick.set_fontweight("bold" if rung.ours else "normal")
    axes.locator_params(axis="x", nbins=4 if narrow else 7)
    axes.set_xlabel(axis_label)
    plain_ticks(axes, "x")
    quiet(axes, spines=("left",) if narrow else (), grid="x")
    return hits
