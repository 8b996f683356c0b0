# SPDX-License-Identifier: Apache-2.0
"""Loss by peril and year: what each peril costs in ordinary and in rare years."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greenrisk.actuarial.exceedance import Exceedance, exceedance
from greenrisk.report.charts.perils import peril_name
from greenrisk.report.charts.plate import (
    ACCENT,
    INK,
    ORANGE,
    PURPLE,
    SECOND,
    SOFT,
    Chart,
    Hit,
    apart,
    paint,
    quiet,
)
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import (
    MISSING,
    money,
    money_unit,
    once_in,
    whole,
    years_between,
)
from greenrisk.resource.vocabulary import PERIL_WORDS

COLOURS = {
    "wildfire": SOFT,
    "storm": ACCENT,
    "snow_ice": INK,
    "drought": ORANGE,
    "flood": SECOND,
    "pest": PURPLE,
}
"""Colour of a peril's line (Okabe-Ito); its name always stands beside it."""

DASHES = {
    "wildfire": (0, (6, 2)),
    "storm": "-",
    "snow_ice": "-",
    "drought": (0, (1.2, 1.6)),
    "flood": "-",
    "pest": (0, (4, 2, 1, 2)),
}
"""Line of a peril, so that colour is not alone."""

PERIODS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 250.0, 500.0, 1000.0)
"""Return periods of the curves [year]."""

SHOWN = (2.0, 10.0, 100.0, 250.0)
"""Return periods of the table [year]."""

LEAST = 1000.0
"""Amounts below are not drawn [CNY]."""

LEADER = 1.3
"""How far beyond the last return period the lines lead to their names."""


def _curves(losses: xr.Dataset) -> dict[str, Exceedance]:
    years = losses.sizes["year"]
    periods = [period for period in PERIODS if 2 * period <= years] or [2.0]
    amount = losses["peril_loss"].transpose("year", "peril").values
    return {
        str(kind): exceedance(np.ascontiguousarray(amount[:, i]), periods)
        for i, kind in enumerate(losses["peril"].values)
    }


def _title(curves: dict[str, Exceedance], periods: NDArray[np.float64]) -> str:
    often, rare = 0, int(np.argmin(np.abs(periods - 100.0)))
    first = {when: max(curves, key=lambda kind: float(curves[kind].loss[when])) for when in (often, rare)}
    if not curves[first[rare]].loss[rare] > 0:
        return "No peril costs the policy anything even in a rare year"
    told = {kind: PERIL_WORDS.get(kind, kind) for kind in first.values()}
    amount = money(float(curves[first[rare]].loss[rare]))
    period = float(periods[rare])
    if first[often] == first[rare] or not curves[first[often]].loss[often] > 0:
        return f"Rare years are made by {told[first[rare]]}: more than {amount} {years_between(period)}"
    return (
        f"In an ordinary year {told[first[often]]} cost most, in a rare one {told[first[rare]]}: more than {amount} "
        f"{years_between(period)}"
    )


def peril_years_chart(losses: xr.Dataset) -> Chart:
    """Draw what each peril costs the policy by return period.

    Parameters
    ----------
    losses : xarray.Dataset
        ``peril_loss`` over (year, peril) [CNY].
    """
    curves = _curves(losses)
    periods = next(iter(curves.values())).return_period
    top = max(float(np.nanmax([LEAST, *curve.loss])) for curve in curves.values())
    scale, unit = money_unit([top])
    drawn_losses = [value for curve in curves.values() for value in curve.loss if value >= LEAST]
    floor = 10.0 ** math.floor(math.log10(min(drawn_losses, default=LEAST))) / scale

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        for kind, curve in curves.items():
            drawn = np.where(curve.loss >= LEAST, curve.loss, np.nan) / scale
            axes.plot(
                periods, drawn, color=COLOURS.get(kind, SOFT), linestyle=DASHES.get(kind, "-"), linewidth=2
            )
            hits += [
                Hit(
                    axes,
                    t,
                    v,
                    f"{peril_name(kind)}, {once_in(t)}: {money(v * scale)} ± {money(e, 2)} (simulation error)",
                )
                for t, v, e in zip(periods, drawn, curve.standard_error, strict=True)
                if np.isfinite(v)
            ]
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(floor, 1.6 * top / scale)
        wanted = (2, 10, 100, 1000) if narrow else (2, 5, 10, 50, 100, 250, 500, 1000)
        ticks = [t for t in wanted if t <= periods[-1]]
        axes.set_xticks(ticks, [f"1 in {whole(t)}" for t in ticks])
        axes.set_xticks([], minor=True)
        decades = range(math.ceil(math.log10(floor) - 1e-9), math.floor(math.log10(1.6 * top / scale)) + 1)
        axes.set_yticks([10.0**d for d in decades], [f"{10.0**d:,.10g}" for d in decades])
        axes.set_yticks([], minor=True)
        axes.set_xlim(0.95 * periods[0], LEADER * periods[-1])
        axes.set_xlabel("Exceeded once in so many years (logarithmic)")
        axes.set_ylabel(f"{unit} a year (logarithmic)")
        quiet(axes, grid="both")
        reached = {kind: curve.loss[-1] for kind, curve in curves.items() if curve.loss[-1] >= LEAST}
        low, high = math.log10(floor), math.log10(1.6 * top / scale)
        wanted_at = [math.log10(value / scale) for value in reached.values()]
        room = (high - low) * (0.085 if narrow else 0.06)
        end = LEADER * periods[-1]
        for kind, place in zip(reached, apart(wanted_at, [room] * len(reached), low, high), strict=True):
            axes.plot(
                [periods[-1], end],
                [reached[kind] / scale, 10.0**place],
                color=COLOURS.get(kind, SOFT),
                linewidth=1,
                clip_on=False,
            )
            name = peril_name(kind)
            axes.annotate(
                name.replace(" and ", "\nand ") if narrow else name,
                (end, 10.0**place),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=10.5 if narrow else 11.5,
                color=INK,
                annotation_clip=False,
            )
        return hits

    title = _title(curves, periods)
    alt = f"A line a peril of yearly payments against return period, both axes logarithmic. {title}."
    wide, narrow = paint("peril-years", painter, 400, 400, alt)
    note = (
        "Payments of all events of a year, each peril by itself; the lines do not add up, because bad years of "
        f"different perils are different years. Amounts below {money(LEAST)} are not drawn."
    )
    return Chart("peril-years", title, alt, wide, narrow, _numbers(losses, curves), note)


def _numbers(losses: xr.Dataset, curves: dict[str, Exceedance]) -> Table:
    amount = losses["peril_loss"].transpose("year", "peril").values
    periods = next(iter(curves.values())).return_period
    shown = [i for i, period in enumerate(periods) if period in SHOWN]
    scale, unit = money_unit(value for curve in curves.values() for value in curve.loss[shown])
    rows: list[list[Cell]] = []
    for i, (kind, curve) in enumerate(curves.items()):
        worst = int(np.argmax(amount[:, i]))
        rows.append(
            [
                words(peril_name(kind)),
                share(float((amount[:, i] > 0).mean())),
                *(
                    figure(float(curve.loss[j]), error=float(curve.standard_error[j]), scale=scale)
                    for j in shown
                ),
                figure(float(amount[worst, i]), scale=scale),
                words(int(losses["year"].values[worst]) if amount[worst, i] > 0 else MISSING),
            ]
        )
    return table(
        "Payments of a year by peril and return period, ± simulation error",
        [
            Column("Peril", number=False),
            Column("Years with a payment"),
            *(Column(f"Exceeded {once_in(float(periods[j]))}", unit) for j in shown),
            Column("Worst simulated year", unit),
            Column("its number", "/losses in results.nc"),
        ],
        rows,
    )
