# SPDX-License-Identifier: Apache-2.0
"""Exceedance curves: what the largest event of a year (OEP) and all events of a year (AEP) cost, by return period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greenrisk.report.charts.plate import ACCENT, SECOND, Chart, Hit, apart, paint, plain_ticks, quiet
from greenrisk.report.table import NO_ERROR, Cell, Column, Table, figure, interval, table
from greenrisk.report.wording import (
    money,
    money_unit,
    once_in,
    percent,
    span,
    whole,
    years_between,
)

CURVES = {
    "aggregate": ("All events of a year", "AEP", ACCENT),
    "occurrence": ("Largest event of a year", "OEP", SECOND),
}
"""Curve -> its words, its name among actuaries, its colour."""

Z_90 = 1.645


@dataclass(frozen=True)
class Wording:
    """What a study calls its layers, and how it tells a bad year.

    Parameters
    ----------
    name : str
        Anchor of the figure.
    costs : str
        How the title begins where a rare year costs something.
    nothing : str
        What it says where it does not; ``{}`` is how rarely.
    layers : mapping of str to str
        Words of the layers that the table shows.
    year : str
        What all that happens in a year is called.
    unknown : str
        What the knowledge interval comes from.
    """

    name: str
    costs: str
    nothing: str
    layers: Mapping[str, str]
    year: str = CURVES["aggregate"][0]
    unknown: str = "the ranges of the parameters"

    @property
    def curves(self) -> dict[str, tuple[str, str, str]]:
        """Curve -> its words, its name among actuaries, its colour."""
        return {**CURVES, "aggregate": (self.year, *CURVES["aggregate"][1:])}


PAID = Wording(
    "exceedance",
    "A bad year costs the policy ",
    "Less than {} does the policy pay anything",
    {"gross": "paid by the policy", "ground_up": "damage to insured stands"},
)
"""Words of a study whose policy insures a book of forest."""


def _rising(data: xr.Dataset) -> tuple[xr.Dataset, bool]:
    """Return the curves with knowledge bounds that never fall with the return period, and whether one had to be lifted.

    Bounds come from draws of few years each, so that neighbouring return periods can change places; a loss that is
    exceeded more rarely cannot be smaller.
    """
    axis = data["low"].get_axis_num("return_period")
    lifted = {name: np.fmax.accumulate(data[name].values, axis=axis) for name in ("low", "high")}
    changed = any(bool((lifted[name] > data[name].values).any()) for name in lifted)
    return data.assign({name: (data[name].dims, bound) for name, bound in lifted.items()}), changed


def exceedance_chart(curves: xr.Dataset, layer: str = "gross", wording: Wording = PAID) -> Chart:
    """Draw both curves with their two bands.

    Parameters
    ----------
    curves : xarray.Dataset
        ``loss``, ``standard_error``, ``low``, ``high`` over (curve, layer, return_period) [CNY].
    layer : str
        Which layer to draw.
    wording : Wording
        What the study calls its layers.
    """
    data = curves.sel(layer=layer)
    data = data.isel(return_period=np.isfinite(data["loss"].values).all(axis=0))
    data, lifted = _rising(data)
    period = data["return_period"].values.astype(float)
    drawn = {curve: told for curve, told in wording.curves.items() if curve in data["curve"].values}
    top = float(np.nanmax([*data["high"].values.ravel(), *data["loss"].values.ravel()])) or 1.0
    scale, unit = money_unit([top])

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        for curve, (words, short, colour) in drawn.items():
            part = data.sel(curve=curve)
            loss, error = part["loss"].values, part["standard_error"].values
            error = np.where(np.abs(error) < NO_ERROR * np.abs(loss), 0.0, error)
            low, high = part["low"].values, part["high"].values
            if curve == "aggregate":
                axes.fill_between(period, low / scale, high / scale, color=colour, alpha=0.15, linewidth=0)
            else:
                # the two knowledge bands nearly cover each other: the second is shown by its borders
                for border in (low, high):
                    axes.plot(period, border / scale, color=colour, linewidth=1, linestyle=(0, (2, 3)))
            axes.fill_between(
                period,
                np.maximum(0, loss - Z_90 * error) / scale,
                (loss + Z_90 * error) / scale,
                color=colour,
                alpha=0.45,
                linewidth=0,
            )
            axes.plot(period, loss / scale, color=colour, linewidth=1.8)
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
        wanted = (2, 10, 100, 1000) if narrow else (2, 5, 10, 25, 50, 100, 250, 500, 1000)
        shown = [t for t in wanted if period[0] <= t <= period[-1]]
        axes.set_xticks(shown, [f"1 in {whole(t)}" for t in shown])
        axes.set_xticks([], minor=True)
        axes.set_xlim(0.93 * period[0], period[-1])
        axes.set_ylim(0, 1.02 * top / scale)
        axes.set_xlabel("Exceeded once in so many years (logarithmic)")
        axes.set_ylabel(f"{unit} a year")
        plain_ticks(axes, "y")
        quiet(axes, spines=("bottom",), grid="y")
        axes.tick_params(axis="x", pad=9)  # clear of the nought of the other axis
        _name_curves(
            axes,
            drawn,
            {c: float(data["loss"].sel(curve=c).values[-1]) / scale for c in drawn},
            period,
            narrow,
        )
        return hits

    def at(curve: str, t: float) -> float:
        return float(data["loss"].sel(curve=curve).interp(return_period=t))

    rare = (100, 250) if 250 in period or 200 not in period else (100, 200)
    paid = [(at("aggregate", t), t) for t in rare]
    ends = data["loss"].sel(curve="aggregate").values
    # a limit that a year reaches is not exceeded
    capped = ends.size > 1 and ends[-1] == ends[-2]
    told = [
        f"{'the full' if capped and v >= ends[-1] else 'more than'} {money(v)} {years_between(t)}"
        for v, t in paid
        if v > 0
    ]
    title = wording.costs + ", and ".join(told) if told else wording.nothing.format(years_between(rare[1]))
    alt = f"Loss against return period. {title}."
    both, ratio = "occurrence" in drawn, float("nan")
    if both:
        ratio = at("occurrence", 100) / at("aggregate", 100) if at("aggregate", 100) > 0 else ratio
        alt = (
            f"Two curves of loss against return period. {title}. The largest single event of a year reaches "
            f"{money(at('occurrence', rare[0]))} {years_between(rare[0])} and {money(at('occurrence', rare[1]))} "
            f"{years_between(rare[1])}."
        )
    wide, narrow = paint(wording.name, painter, 400, 360, alt)
    note = (
        "Narrow bands: 90 % simulation error, which shrinks with more simulated years. Wide band"
        f"{' (AEP) and dotted lines (OEP)' if both else ''}: 90 % knowledge interval from "
        f"{wording.unknown}, which does not."
    )
    if lifted:
        note += (
            " A knowledge bound that falls with the return period, by chance of the draws, is drawn at its largest "
            "value so far; the numbers below have it as computed."
        )
    if np.isfinite(ratio):
        note += f" The largest event alone makes {percent(ratio)} of the whole year's 100-year loss."
    return Chart(wording.name, title, alt, wide, narrow, _numbers(curves, wording), note)


def _name_curves(
    axes: Axes,
    drawn: dict[str, tuple[str, str, str]],
    ends: dict[str, float],
    period: NDArray[np.float64],
    narrow: bool,
) -> None:
    top = axes.get_ylim()[1]
    # All events of a year cost no less than its largest: where both curves end alike, theirs is the upper name.
    raised = [value + (1e-6 * top if curve == "aggregate" else 0.0) for curve, value in ends.items()]
    apart_by_ends = apart(raised, [0.12 * top] * len(ends), 0, top)
    places = [0.94 * top, 0.86 * top] if narrow else apart_by_ends
    for place, curve in zip(places, ends, strict=False):
        words, short, colour = drawn[curve]
        axes.annotate(
            f"{words} ({short})" if narrow else f"{words}\n({short})",
            (period[0] * 1.1 if narrow else period[-1], place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )


def _numbers(curves: xr.Dataset, wording: Wording) -> Table:
    layers, named = wording.layers, wording.curves
    present = [layer for layer in layers if layer in curves["layer"].values]
    scale, unit = money_unit(curves["loss"].sel(layer=present).values.ravel())
    rows: list[list[Cell]] = []
    for layer in present:
        for curve in (c for c in named if c in curves["curve"].values):
            words, short, _ = named[curve]
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
