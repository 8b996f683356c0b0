# SPDX-License-Identifier: Apache-2.0
"""Yearly counts of fires: observed, expected, and the interval in which nine years of ten should lie."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from greenrisk.report.charts.plate import ACCENT, INK, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, count, figure, interval, table
from greenrisk.report.wording import significant, span, whole


def counts_chart(counts: xr.Dataset) -> Chart:
    """Draw the counts with trend and interval.

    Parameters
    ----------
    counts : xarray.Dataset
        ``observed`` (NaN after the data), ``expected``, ``low``, ``high`` over (year) [1/year]; attribute ``province``:
        where the fires were counted.
    """
    region = str(counts.attrs.get("province", "The province"))
    year = counts["year"].values.astype(int)
    observed, expected = counts["observed"].values.astype(float), counts["expected"].values.astype(float)
    low, high = counts["low"].values.astype(float), counts["high"].values.astype(float)
    seen = np.isfinite(observed)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        axes.fill_between(year, low, high, color=ACCENT, alpha=0.14, linewidth=0)
        axes.plot(year[seen], expected[seen], color=ACCENT, linewidth=1.8)
        after = ~seen | (year == year[seen].max())
        axes.plot(year[after], expected[after], color=ACCENT, linewidth=1.8, linestyle=(0, (4, 2)))
        axes.plot(year[seen], observed[seen], "o", color=INK, markersize=5.5)
        axes.set_ylim(0, 1.06 * float(np.nanmax([*high, *observed])))
        axes.set_xlim(year[0] - 0.5, year[-1] + (0.7 if narrow else 2.2))
        axes.xaxis.set_major_locator(MaxNLocator(5 if narrow else 9, integer=True))
        axes.set_ylabel(f"Fires a year in {region}")
        plain_ticks(axes, "y")
        quiet(axes, grid="y")
        axes.annotate(
            f"{year[-1]}: {whole(expected[-1])}\n90 %: {whole(low[-1])} to {whole(high[-1])}",
            (year[-1], expected[-1]),
            xytext=(0, 26) if narrow else (6, 0),
            textcoords="offset points",
            ha="right" if narrow else "left",
            va="bottom" if narrow else "center",
            color=ACCENT,
            fontweight="bold",
            annotation_clip=False,
        )
        first = int(np.argmax(np.where(seen, observed, -np.inf)))
        axes.annotate(
            "counted",
            (year[first], observed[first]),
            xytext=(8, -2),
            textcoords="offset points",
            color=INK,
            va="center",
        )
        middle = int(np.argmin(np.abs(year - year[0] - 1)))
        axes.annotate(
            "expected by the model",
            (year[middle], expected[middle]),
            xytext=(12, 8),
            textcoords="offset points",
            color=ACCENT,
        )
        return [
            Hit(
                axes,
                y,
                o if np.isfinite(o) else e,
                f"{y}: {'not yet counted' if not np.isfinite(o) else whole(o) + ' counted'}, {significant(e)} "
                f"expected, 90 % interval {span(lo, hi)}",
            )
            for y, o, e, lo, hi in zip(year, observed, expected, low, high, strict=True)
        ]

    inside = int(((observed >= low) & (observed <= high))[seen].sum())
    title = (
        f"{region} counted {whole(observed[seen][0])} fires in {year[seen][0]} and {whole(observed[seen][-1])} in "
        f"{year[seen][-1]}; the model expects {whole(expected[-1])} in {year[-1]}"
    )
    alt = f"Counted and expected fires by year with a 90 % interval. {title}."
    wide, narrow = paint("counts", painter, 340, 320, alt)
    note = (
        f"The band should hold nine years of ten; it holds {inside} of {int(seen.sum())} counted years, which "
        "were used for the fit. Dashed: after the data, where the trend is damped."
    )
    rows = [
        [Cell(str(y), float(y)), count(o), figure(e), interval(lo, hi)]
        for y, o, e, lo, hi in zip(year, observed, expected, low, high, strict=True)
    ]
    numbers = table(
        f"Fires a year in {region}",
        [
            Column("Year"),
            Column("Counted", "fires"),
            Column("Expected", "fires"),
            Column("90 % interval", "fires"),
        ],
        rows,
    )
    return Chart("counts", title, alt, wide, narrow, numbers, note)
