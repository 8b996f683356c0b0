# SPDX-License-Identifier: Apache-2.0
"""One known year, and premiums seen, beside the law of the model's years: compared, neither fitted nor tested."""

from __future__ import annotations

import textwrap

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from greenrisk.report.charts.plate import ACCENT, INK, PAPER, PURPLE, SOFT, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, figure, interval, share, table, words
from greenrisk.report.wording import percent, significant, span, unit_words

TICKS = (0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0)
"""Ticks that may be shown: multiples of the model's mean."""


def known_year_chart(known: xr.Dataset) -> Chart:
    """Draw each known figure as a dot on the interval of the model's years, in multiples of the model's mean.

    Parameters
    ----------
    known : xarray.Dataset
        The group ``/checks/known_year``.
    """
    year = int(known.attrs["year"])
    label, unit, status = ([str(v) for v in known[name].values] for name in ("label", "unit", "status"))
    value, mean, below = (known[name].values.astype(float) for name in ("known", "mean", "share_below"))
    quantile = known["quantile"].transpose("figure", "level")
    level = quantile["level"].values
    low, middle, high = (
        quantile.values[:, int(np.argmin(np.abs(level - wanted)))].astype(float)
        for wanted in (0.05, 0.5, 0.95)
    )
    predictive = "predictive_quantile" in known
    wide_low, wide_high = (
        known["predictive_quantile"].transpose("figure", "level").values[:, place].astype(float)
        if predictive
        else np.full(value.size, np.nan)
        for place in (0, -1)
    )
    base = np.where(mean > 0, mean, np.nan)
    ratios = np.concatenate([values / base for values in (value, low, high, wide_low, wide_high)])
    ratios = ratios[np.isfinite(ratios) & (ratios > 0)]
    ends = (0.6 * min(ratios.min(initial=1.0), 0.5), 1.7 * max(ratios.max(initial=1.0), 2.0))

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        axes.axvline(1.0, color=SOFT, linewidth=1)
        for i in range(value.size):
            for left, right, thick in ((wide_low, wide_high, 3), (low, high, 9)):
                begin, end = max(left[i] / base[i], ends[0]), right[i] / base[i]
                if np.isfinite(begin) and np.isfinite(end):
                    axes.hlines(i, begin, end, color=ACCENT, alpha=0.28, linewidth=thick)
            sure = status[i] == "confirmed"
            colour = INK if sure else PURPLE
            # a ring, not a colour alone: a figure that is not confirmed is known by its shape
            axes.plot(
                value[i] / base[i],
                i,
                "o",
                markersize=8,
                markeredgewidth=0 if sure else 2.4,
                markeredgecolor=colour,
                markerfacecolor=colour if sure else PAPER,
            )
            said = axes.annotate(
                significant(value[i]),
                (value[i] / base[i], i),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=10.5,
                fontweight="bold",
                color=INK,
            )
            said.set_gid(f"halo{i}")
            if narrow:
                head = axes.annotate(
                    f"{textwrap.fill(label[i], 44)}, {unit_words(unit[i])}",
                    (0.0, i),
                    xycoords=axes.get_yaxis_transform(),
                    xytext=(0, 22),
                    textcoords="offset points",
                    va="bottom",
                    fontsize=10.5,
                    color=INK,
                )
                head.set_gid(f"halo-head{i}")
            told = (
                f"{label[i]}: {significant(value[i])} {unit_words(unit[i])}, compared with {significant(mean[i])} in "
                f"the mean of the model's years (90 % of them {span(low[i], high[i])}; {percent(below[i])} lie below)"
            )
            hits.append(Hit(axes, value[i] / base[i], i, told))
        axes.set_xscale("log")
        axes.set_xlim(*ends)
        shown = [t for t in TICKS if ends[0] <= t <= ends[1] and not (narrow and t in (0.5, 2.0))]
        axes.set_xticks(shown, ["the mean" if t == 1 else f"{t:g}" for t in shown])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_ylim(value.size - 0.5, -1.05 if narrow else -0.75)
        if narrow:
            axes.set_yticks([])
        else:
            axes.set_yticks(
                range(value.size),
                [
                    f"{textwrap.fill(n, 48)}\nmodel's mean {significant(m)} {unit_words(u)}"
                    for n, m, u in zip(label, mean, unit, strict=True)
                ],
            )
            axes.tick_params(axis="y", labelcolor=INK)
        axes.set_xlabel("Multiples of the mean of the model's years" + ("" if narrow else " (logarithmic)"))
        quiet(axes, spines=(), grid="x")
        return hits

    first = 0
    title = (
        f"{year} compared with the model's years: {significant(value[first])} {unit_words(unit[first])} were paid, "
        f"{percent(below[first])} of the model's years lie below"
    )
    alt = "Dots of known figures on intervals of the model's years. " + " ".join(
        str(sentence) for sentence in known["sentence"].values
    )
    rows = value.size
    wide, narrow = paint("known-year", painter, 90 + 52 * rows, 90 + 62 * rows, alt)
    note = (
        "Dot: the known figure, printed above it (a purple ring where it is not confirmed, or a judgement goes into "
        "it). Bar: 90 % of the model's years at the values of the cards"
        + ("; thin bar: 90 % of the predictive law, over all draws of the cards" if predictive else "")
        + f". {known.attrs.get('note', '')} {known.attrs.get('predictive', '')} {known.attrs.get('fire', '')}"
    ).strip()
    numbers = table(
        f"Known figures compared with the model's law of {year}",
        [
            Column("Figure", number=False),
            Column("Unit", number=False),
            Column("Known"),
            Column("Compared with", number=False),
            Column("Mean of the model's years"),
            Column("Middle year"),
            Column("90 % of the years"),
            Column("Years below"),
            *([Column("Predictive, 90 %"), Column("below")] if predictive else []),
        ],
        [
            [
                Cell(label[i], status=status[i]),
                words(unit_words(unit[i])),
                figure(value[i]),
                words(str(known["law"].values[i])),
                figure(mean[i]),
                figure(middle[i]),
                interval(low[i], high[i]),
                share(below[i]),
                *(
                    [
                        interval(wide_low[i], wide_high[i]),
                        share(float(known["predictive_share_below"].values[i])),
                    ]
                    if predictive
                    else []
                ),
            ]
            for i in range(rows)
        ],
    )
    return Chart("known-year", title, alt, wide, narrow, numbers, note)
