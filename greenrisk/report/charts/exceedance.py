# SPDX-License-Identifier: Apache-2.0
"""Exceedance curves: what the largest fire of a year (OEP) and all fires of a year (AEP) cost, by return period."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.plate import ACCENT, SECOND, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, Table, figure, interval, table
from greenrisk.report.wording import (
    NO_BREAK,
    money,
    money_unit,
    once_in,
    span,
    whole,
    years_between,
)

CURVES = {
    "aggregate": ("All fires of a year", "AEP", ACCENT),
    "occurrence": ("Largest fire of a year", "OEP", SECOND),
}
"""Curve -> its words, its name among actuaries, its colour."""

Z_90 = 1.645


def exceedance_chart(curves: xr.Dataset, layer: str = "gross") -> Chart:
    """Draw both curves with their two bands.

    Parameters
    ----------
    curves : xarray.Dataset
        ``loss``, ``standard_error``, ``low``, ``high`` over (curve, layer, return_period) [CNY].
    layer : str
        Which layer to draw.
    """
    data = curves.sel(layer=layer)
    period = data["return_period"].values.astype(float)
    scale, unit = money_unit(data["high"].values.ravel())

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        ends = {}
        for curve, (words, short, colour) in CURVES.items():
            part = data.sel(curve=curve)
            loss, error = part["loss"].values, part["standard_error"].values
            low, high = part["low"].values, part["high"].values
            axes.fill_between(period, low / scale, high / scale, color=colour, alpha=0.13, linewidth=0)
            axes.fill_between(
                period,
                np.maximum(0, loss - Z_90 * error) / scale,
                (loss + Z_90 * error) / scale,
                color=colour,
                alpha=0.5,
                linewidth=0,
            )
            axes.plot(period, loss / scale, color=colour, linewidth=1.8)
            ends[curve] = loss[-1] / scale
            hits += [
                Hit(
                    axes,
                    t,
                    v / scale,
                    f"{words} ({short}), {once_in(t)}: {money(v)} ± {money(e)} (simulation error); "
                    f"knowledge interval {span(lo, hi, 'CNY')}",
                )
                for t, v, e, lo, hi in zip(period, loss, error, low, high, strict=True)
            ]
        axes.set_xscale("log")
        shown = [t for t in (2, 10, 100, 1000) if period[0] <= t <= period[-1]] if narrow else [
            t for t in (2, 5, 10, 25, 50, 100, 250, 500, 1000) if period[0] <= t <= period[-1]
        ]  # fmt: skip
        axes.set_xticks(shown, [whole(t) if narrow else f"1 in {whole(t)}" for t in shown])
        axes.set_xticks([], minor=True)
        axes.set_xlim(period[0], period[-1])
        axes.set_ylim(0, float(data["high"].max()) / scale * 1.02)
        axes.set_xlabel(
            "How rare: 1 in ... years" + ("" if narrow else "  (each step to the right is rarer by a factor)")
        )
        axes.set_ylabel(f"{unit} a year")
        quiet(axes, spines=("bottom",), grid="y")
        gap = max(0.0, 0.075 * axes.get_ylim()[1] - abs(ends["aggregate"] - ends["occurrence"])) / 2
        sign = 1 if ends["aggregate"] >= ends["occurrence"] else -1
        for curve, (words, short, colour) in CURVES.items():
            shift = gap * sign * (1 if curve == "aggregate" else -1)
            if narrow:
                axes.annotate(
                    f"{words} ({short})",
                    (period[0] * 1.15, axes.get_ylim()[1] * (0.93 if curve == "aggregate" else 0.84)),
                    color=colour,
                    fontweight="bold",
                )
            else:
                axes.annotate(
                    f"{words}\n({short})",
                    (period[-1], ends[curve] + shift),
                    xytext=(6, 0),
                    textcoords="offset points",
                    va="bottom" if shift > 0 else "top" if shift < 0 else "center",
                    color=colour,
                    fontweight="bold",
                    annotation_clip=False,
                )
        return hits

    def at(curve: str, t: float) -> float:
        return float(data["loss"].sel(curve=curve).interp(return_period=t))

    title = (
        f"A year of fires costs the policy more than {money(at('aggregate', 100))} {years_between(100)}, "
        f"and more than {money(at('aggregate', 250))} {years_between(250)}"
    )
    ratio = at("occurrence", 100) / at("aggregate", 100) if at("aggregate", 100) > 0 else float("nan")
    alt = (
        f"Two curves of loss against return period. {title}. The largest single fire of a year reaches "
        f"{money(at('occurrence', 100))} {years_between(100)} and {money(at('occurrence', 250))} {years_between(250)}."
    )
    wide, narrow = paint("exceedance", painter, 400, 360, alt)
    note = (
        "Thin dark band: 90 % simulation error, which shrinks with more simulated years. Wide pale band: 90 % knowledge "
        "interval from the parameters' ranges, which does not."
    )
    if np.isfinite(ratio):
        note += (
            f" The largest fire alone makes {100 * ratio:.0f}{NO_BREAK}% of the whole year's 100-year loss."
        )
    return Chart("exceedance", title, alt, wide, narrow, _numbers(curves), note)


def _numbers(curves: xr.Dataset) -> Table:
    layers = {"gross": "paid by the policy", "ground_up": "damage to insured stands"}
    present = [layer for layer in layers if layer in curves["layer"].values]
    scale, unit = money_unit(curves["loss"].values.ravel())
    rows: list[list[Cell]] = []
    for layer in present:
        for curve, (words, short, _) in CURVES.items():
            part = curves.sel(layer=layer, curve=curve)
            rows += [
                [
                    Cell(f"{words} ({short}), {layers[layer]}"),
                    Cell(once_in(float(t)), float(t)),
                    figure(float(v), scale=scale, error=float(e)),
                    interval(float(lo), float(hi), scale),
                ]
                for t, v, e, lo, hi in zip(
                    part["return_period"].values,
                    part["loss"].values,
                    part["standard_error"].values,
                    part["low"].values,
                    part["high"].values,
                    strict=True,
                )
            ]
    return table(
        "Losses by return period",
        [
            Column("Loss", number=False),
            Column("Exceeded"),
            Column("Loss ± simulation error", unit),
            Column("90 % knowledge interval", unit),
        ],
        rows,
    )
