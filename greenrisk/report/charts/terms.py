# SPDX-License-Identifier: Apache-2.0
"""Figures of the price: other terms side by side, and own experience beside the model."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.ladder import Rung, ladder
from greenrisk.report.charts.perils import peril_name
from greenrisk.report.charts.plate import ACCENT, INK, LINE, SOFT, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, figure, interval, table, words
from greenrisk.report.wording import MISSING, money, money_unit, percent, significant, span

Z_90 = 1.645


def terms_chart(data: xr.Dataset) -> Chart:
    """Draw the gross premium under each set of terms.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/terms_alternatives``; its first row is the policy.
    """
    names = [str(name) for name in data["alternative"].values]
    gross, error = (
        data[name].values.astype(float) for name in ("gross_premium", "gross_premium_standard_error")
    )
    apart, apart_error = (
        data[f"gross_premium_difference{end}"].values.astype(float) for end in ("", "_standard_error")
    )
    scale, unit = money_unit(gross)
    rungs = [
        Rung(
            name,
            gross[i] / scale,
            (gross[i] - Z_90 * error[i]) / scale,
            (gross[i] + Z_90 * error[i]) / scale,
            i == 0,
            f"{unit} a year",
        )
        for i, name in enumerate(names)
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        return ladder(plate, narrow, rungs, f"Gross premium, {unit} a year", 4)

    farthest = int(np.argmax(np.abs(apart)))
    part = apart[farthest] / gross[0] if gross[0] > 0 else float("nan")
    way = "more" if part > 0 else "less"
    title = (
        f"Of the terms compared, {names[farthest]} moves the premium most: {percent(abs(part))} {way} than {names[0]}"
        if farthest
        else "The terms compared cost the same"
    )
    alt = f"Gross premium of {len(names)} sets of terms. {title}."
    wide, narrow = paint("terms", painter, 70 + 36 * len(rungs), 70 + 48 * len(rungs), alt)
    numbers = table(
        "Gross premium by terms",
        [
            Column("Terms", number=False),
            Column("Gross premium ± simulation", unit),
            Column("Difference ± simulation", unit),
        ],
        [
            [
                words(name),
                figure(gross[i], 4, error=error[i], scale=scale),
                figure(apart[i], error=apart_error[i], scale=scale),
            ]
            for i, name in enumerate(names)
        ],
    )
    note = (
        "Bands: 90 % simulation error of each premium. All terms meet the same events, so that the differences are "
        "known better than the bands suggest."
    )
    return Chart("terms", title, alt, wide, narrow, numbers, note)


def experience_chart(data: xr.Dataset) -> Chart:
    """Draw own cost over expected cost by peril, with the level before and after.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/experience``.
    """
    kinds = [str(kind) for kind in data["peril"].values]
    names = [peril_name(kind) for kind in kinds]
    ratio = data["ratio"].values.astype(float)
    levels = {
        when: tuple(data[f"{when}_{end}"].values.astype(float) for end in ("median", "low", "high"))
        for when in ("prior", "posterior")
    }
    ends = [v for triple in levels.values() for values in triple for v in values] + [*ratio, 1.0]
    drawn = [v for v in ends if np.isfinite(v) and v > 0]
    limits = (0.7 * min(drawn), 1.4 * max(drawn))

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        axes.axvline(1.0, color=LINE, linewidth=1.2, zorder=0)
        hits = []
        for i, name in enumerate(names):
            for shift, when, colour in ((-0.16, "prior", SOFT), (0.16, "posterior", ACCENT)):
                middle, low, high = (values[i] for values in levels[when])
                if np.isfinite([low, high]).all():
                    axes.hlines(i + shift, low, high, color=colour, alpha=0.35, linewidth=6)
                axes.plot(middle, i + shift, "|", color=colour, markersize=12, markeredgewidth=2)
            if np.isfinite(ratio[i]) and ratio[i] > 0:
                axes.plot(ratio[i], i, "o", color=INK, markersize=7)
            told = (
                f"own cost {significant(ratio[i], 2)} times the expected"
                if np.isfinite(ratio[i])
                else "no own years"
            )
            hits.append(
                Hit(
                    axes,
                    float(np.sqrt(limits[0] * limits[1])),
                    i,
                    f"{name}: {told}; level before {_level(levels['prior'], i)}, now {_level(levels['posterior'], i)}",
                    0.0,
                    0.0,
                )
            )
        axes.set_xscale("log")
        axes.set_xlim(*limits)
        ticks = [t for t in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if limits[0] <= t <= limits[1]]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.set_xticks([], minor=True)
        axes.set_yticks(range(len(names)), [n.replace(" and ", "\nand ") if narrow else n for n in names])
        axes.tick_params(axis="y", labelcolor=INK)
        axes.set_ylim(len(names) - 0.5, -1.15)
        for x, text, colour in (
            (0.0, "upper: before", SOFT),
            (0.5, "lower: now", ACCENT),
            (1.0, "dot: own years", INK),
        ):
            axes.annotate(
                text,
                (x, -0.85),
                xycoords=axes.get_yaxis_transform(),
                ha={0.0: "left", 0.5: "center", 1.0: "right"}[x],
                color=colour,
                fontweight="bold",
                fontsize=10 if narrow else 11,
            )
        axes.set_xlabel("Times the cards' level" + ("" if narrow else " (logarithmic)"))
        quiet(axes, spines=(), grid="x")
        return hits

    last = len(kinds) - 1
    weight = float(data["credibility"].values[last])
    title = (
        f"Own years cost {significant(ratio[last], 2)} times what the model expected; they weigh {percent(weight)} "
        f"and move the level to {significant(levels['posterior'][0][last], 2)} times the cards'"
    )
    alt = f"Level of each peril before and after own experience, and own cost over expected. {title}."
    wide, narrow = paint("experience", painter, 110 + 44 * len(names), 110 + 48 * len(names), alt)
    numbers = table(
        "Level by peril, times the cards'",
        [
            Column("Peril", number=False),
            Column("Own cost over expected"),
            Column("Level before"),
            Column("90 %"),
            Column("Level now"),
            Column("90 %"),
        ],
        [
            [
                words(name),
                figure(ratio[i]) if np.isfinite(ratio[i]) else Cell(MISSING),
                *(
                    cell
                    for when in ("prior", "posterior")
                    for cell in (
                        figure(levels[when][0][i]),
                        interval(levels[when][1][i], levels[when][2][i]),
                    )
                ),
            ]
            for i, name in enumerate(names)
        ],
        totals=1,
    )
    note = (
        "Dot: own cost over what the model expected of those years. Bars: 90 % of what is held possible of the level, "
        "before (upper, grey) and after (lower, blue) the own years; the stroke is the middle."
    )
    return Chart("experience", title, alt, wide, narrow, numbers, note)


def _level(level: tuple[np.ndarray, ...], i: int) -> str:
    return f"{significant(level[0][i], 2)} ({span(level[1][i], level[2][i], '', 2)})"


def named_events_chart(data: xr.Dataset) -> Chart:
    """Draw what each named event would cost the policy.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/named_events``.
    """
    titles = [str(title) for title in data["title"].values]
    gross = data["gross"].values.astype(float)
    knows = "gross_knowledge_low" in data
    low, high = (
        data[f"gross_{'knowledge_' if knows else ''}{end}"].values.astype(float) for end in ("low", "high")
    )
    period = data["return_period_gross"].values.astype(float)
    order = np.argsort(-gross, kind="stable")
    scale, unit = money_unit([*gross, *high])
    rungs = [
        Rung(
            titles[i],
            gross[i] / scale,
            low[i] / scale,
            high[i] / scale,
            False,
            f"{unit}, {_often(period[i])}",
        )
        for i in order
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        return ladder(plate, narrow, rungs, f"Paid by the policy, {unit}")

    worst = int(order[0])
    told = f"{money(gross[worst])}, {_often(period[worst])}" if gross[worst] > 0 else "nothing"
    title = f"{titles[worst]} would cost the policy {told}"
    alt = f"Payments of {len(titles)} named events. {title}."
    wide, narrow = paint("named-events", painter, 70 + 44 * len(rungs), 70 + 52 * len(rungs), alt)
    numbers = table(
        "Payments by named event",
        [
            Column("Event", number=False),
            Column("Paid", unit),
            Column("90 %", unit),
            Column("As much or more", "once in so many years"),
        ],
        [
            [
                words(titles[i]),
                figure(gross[i], scale=scale),
                interval(low[i], high[i], scale),
                figure(period[i]),
            ]
            for i in order
        ],
    )
    note = "Band: 90 % " + ("knowledge interval." if knows else "of the runs of the same event.")
    return Chart("named-events", title, alt, wide, narrow, numbers, note)


def _often(period: float) -> str:
    if not np.isfinite(period):
        return "more than any simulated event"
    return f"as much as a 1 in {significant(period, 2)}\u00a0years event"
