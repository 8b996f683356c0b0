# SPDX-License-Identifier: Apache-2.0
"""The payout function over the values of the record: what every value pays, and which years reached it."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from greenrisk.report.charts.plate import ACCENT, INK, SOFT, Chart, Hit, apart, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import listed, percent, quantity, significant, unit_words

Values = NDArray[np.float64]

NAMED: Final = 9
"""Paid years that bear their year; of more the largest payments."""

RECORDED, PRICED = -11.0, -22.0
"""Where the marks of the years stand: as recorded, as priced [% of the sum insured]."""


def index_payout_chart(function: xr.Dataset, record: xr.Dataset) -> Chart:
    """Draw the payout of each cover.

    Parameters
    ----------
    function : xarray.Dataset
        The group ``/payout_function``: ``value`` [unit], rising, and ``share`` [unitless] over (cover, point), with
        both sides of every edge; ``index`` and ``unit`` over (cover).
    record : xarray.Dataset
        The group ``/record``: ``index``, ``year``, ``value``, ``treated`` [unit] and ``kept`` over (record).
    """
    covers = [str(name) for name in function["cover"].values]
    curves = [_Curve(function, record, i) for i in range(len(covers))]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        panels = np.atleast_1d(plate.subplots(len(curves), 1))
        return [
            hit
            for axes, curve in zip(panels, curves, strict=True)
            for hit in curve.draw(axes, narrow, len(curves) > 1)
        ]

    title = "; ".join(curve.sentence(len(curves) > 1) for curve in curves[:2])
    alt = f"Lines of the share of the sum insured over the index, with the years of the record. {title}."
    wide, narrow = paint("index-payout", painter, 60 + 270 * len(curves), 70 + 270 * len(curves), alt)
    return Chart("index-payout", title, alt, wide, narrow, _numbers(curves), _note(curves))


class _Curve:
    """One cover: its function, and the years of its index."""

    def __init__(self, function: xr.Dataset, record: xr.Dataset, place: int) -> None:
        one = function.isel(cover=place)
        self.cover = str(one["cover"].values)
        self.index = str(one["index"].values)
        self.head = self.index.replace("_", " ")
        self.unit = unit_words(str(one["unit"].values))
        self.value, self.share = one["value"].values.astype(float), one["share"].values.astype(float)
        mine = record["index"].values.astype(str) == self.index
        self.year = record["year"].values.astype(int)[mine]
        self.recorded = record["value"].values.astype(float)[mine]
        kept = record["kept"].values.astype(bool)[mine]
        self.priced = np.where(kept, record["treated"].values.astype(float)[mine], np.nan)
        self.known = np.isfinite(self.priced)
        self.paid_share = np.where(self.known, np.interp(self.priced, self.value, self.share), np.nan)
        self.paid = np.nan_to_num(self.paid_share) > 0

    @property
    def treated(self) -> bool:
        """Whether any year stands elsewhere than as recorded."""
        both = self.known & np.isfinite(self.recorded)
        return bool((~np.isclose(self.priced[both], self.recorded[both])).any() or (~self.known).any())

    @property
    def frame(self) -> tuple[float, float]:
        """Return the ends of the axis: the years as priced, where payment begins and where it is largest."""
        ends = np.array([*self.priced[self.known], *self.ends()])
        ends = ends[np.isfinite(ends)]
        if not ends.size:
            return float(self.value.min()), float(self.value.max())
        room = 0.04 * float(np.ptp(ends)) or 1.0
        return float(ends.min()) - room, float(ends.max()) + room

    @property
    def beyond(self) -> int:
        """How many years lie outside the axis as recorded."""
        return sum(self.outside.values()) if self.treated else 0

    @property
    def outside(self) -> dict[str, int]:
        """How many years lie to the left and to the right of the axis as recorded."""
        low, high = self.frame
        return {"left": int((self.recorded < low).sum()), "right": int((self.recorded > high).sum())}

    @property
    def below(self) -> bool:
        """Whether low values are paid for."""
        return bool(self.share[0] > self.share[-1])

    def ends(self) -> tuple[float, float]:
        """Return where payment begins and where it is largest."""
        value, paid = (self.value[::-1], self.share[::-1]) if self.below else (self.value, self.share)
        if not (paid > 0).any():
            return float("nan"), float("nan")
        return float(value[np.argmax(paid > 0)]), float(value[np.argmax(paid >= paid.max() - 1e-12)])

    def sentence(self, several: bool) -> str:
        """Return what a reader should take away."""
        start, full = self.ends()
        side = "below" if self.below else "above"
        told = f"{self.cover}: values" if several else "Values"
        told += f" {side} {quantity(start, self.unit)} are paid"
        if not np.isclose(start, full):
            most = "in full" if self.share.max() > 1 - 1e-9 else "most"
            told += f", {most} from {quantity(full, self.unit)} on"
        return f"{told}; {int(self.paid.sum())} of {int(self.known.sum())} years reached them"

    def draw(self, axes: Axes, narrow: bool, several: bool) -> list[Hit]:
        """Draw the function above the marks of the years."""
        axes.plot(self.value, 100 * self.share, color=ACCENT, linewidth=2.4, zorder=3)
        axes.axhline(0, color=SOFT, linewidth=0.8, zorder=1)
        rows = ((self.recorded, RECORDED, "as recorded"), (self.priced, PRICED, "as priced"))
        for values, height, word in rows if self.treated else ((self.priced, RECORDED, "years"),):
            seen = np.isfinite(values) & (values >= self.frame[0]) & (values <= self.frame[1])
            axes.plot(
                values[seen],
                np.full(int(seen.sum()), height),
                "|",
                color=SOFT,
                markersize=9,
                markeredgewidth=1.1,
            )
            axes.annotate(
                word, (0.0, height), xycoords=axes.get_yaxis_transform(), xytext=(-6, 0), textcoords="offset points",
                ha="right", va="center", fontsize=10.5, color=SOFT, annotation_clip=False,
            )  # fmt: skip
        for side, outside in self.outside.items() if self.treated else ():
            if outside:
                right = side == "right"
                axes.annotate(
                    f"{outside} more \u203a" if right else f"\u2039 {outside} more",
                    (1.0 if right else 0.0, RECORDED), xycoords=axes.get_yaxis_transform(),
                    xytext=(-3 if right else 3, 11), textcoords="offset points",
                    ha=side, va="center", fontsize=10.5, color=SOFT,
                ).set_gid(f"halo-beyond-{side}-{self.cover}".replace(" ", "-"))  # fmt: skip
        axes.plot(
            self.priced[self.paid], 100 * self.paid_share[self.paid], "o", color=INK, markersize=6, zorder=5
        )
        self._years(axes, narrow)
        axes.set_ylim((PRICED if self.treated else RECORDED) - 7, 124)
        axes.set_xlim(*self.frame)
        axes.set_yticks([0, 50, 100], ["0", "50", "100"])
        axes.set_ylabel("% of sum insured", loc="center")
        plain_ticks(axes, "x")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5 if narrow else 9))
        axes.set_xlabel(f"Index {self.head}" + (f", {self.unit}" if self.unit else ""))
        if several:
            axes.set_title(self.cover, fontsize=12, loc="left", color=INK)
        quiet(axes, grid="y")
        hits = []
        for i in np.flatnonzero(self.known):
            value, paid = float(self.priced[i]), float(self.paid_share[i])
            told = f"{self.year[i]}: {quantity(value, self.unit)}, {percent(paid)} of the sum insured"
            hits.append(Hit(axes, value, 100 * paid, told))
        return hits

    def _years(self, axes: Axes, narrow: bool) -> None:
        """Write the paid years above the curve, side by side, with a line to each dot."""
        order = np.argsort(-np.nan_to_num(self.paid_share))[
            : min(NAMED if not narrow else 5, int(self.paid.sum()))
        ]
        if not order.size:
            return
        low, high = self.frame
        room = (high - low) * (0.135 if narrow else 0.055)
        places = apart([float(self.priced[i]) for i in order], [room] * order.size, low, high)
        for i, place in zip(order, places, strict=True):
            at = (float(self.priced[i]), 100 * float(self.paid_share[i]))
            axes.plot([at[0], place], [at[1], 111], color=SOFT, linewidth=0.6, zorder=2)
            axes.annotate(
                str(int(self.year[i])), (place, 112), ha="center", va="bottom", fontsize=10.5, color=INK
            ).set_gid(f"halo-{self.cover}-{int(self.year[i])}".replace(" ", "-"))


def _note(curves: list[_Curve]) -> str:
    told = (
        "Line: share of the sum insured that a value pays. Dots: years of the record that are paid, with their year. "
        "Marks below: all years"
    )
    told += (
        ", as recorded and as priced, after the treatment of the record."
        if any(c.treated for c in curves)
        else "."
    )
    beyond = sum(curve.beyond for curve in curves)
    if beyond:
        told += f" As recorded, {beyond} {'year lies' if beyond == 1 else 'years lie'} beyond the frame."
    few = [c for c in curves if c.paid.sum() < 10]
    if few:
        named = listed(f"{int(c.paid.sum())} paid years of {int(c.known.sum())}" for c in few)
        told += f" {named}: how steep the line should be where it pays is not told by so few."
    return told


def _numbers(curves: list[_Curve]) -> Table:
    several = len(curves) > 1
    rows: list[list[Cell]] = []
    for curve in curves:
        order = np.argsort(-np.nan_to_num(curve.paid_share, nan=-1.0), kind="stable")
        for i in order:
            rows.append(
                [
                    *((words(curve.cover),) if several else ()),
                    Cell(str(int(curve.year[i])), float(curve.year[i])),
                    Cell(significant(float(curve.recorded[i])), float(curve.recorded[i])),
                    figure(float(curve.priced[i])),
                    share(float(curve.paid_share[i])),
                ]
            )
    unit = curves[0].unit if len({curve.unit for curve in curves}) == 1 else ""
    columns = [
        *((Column("Cover", number=False),) if several else ()),
        Column("Year"),
        Column("Index as recorded", unit),
        Column("Index as priced", unit),
        Column("Share of the sum insured"),
    ]
    return table("Years of the record by what they pay", columns, rows)
