# SPDX-License-Identifier: Apache-2.0
"""Loss, payment and what stays open, year by year; without a recorded loss the payments alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import (
    ACCENT,
    BREACH,
    INK,
    SECOND,
    SOFT,
    Chart,
    Hit,
    paint,
    plain_ticks,
    quiet,
)
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import MISSING, money, money_unit, percent

Values = NDArray[np.float64]

PALE: Final = "#9aa4ae"
"""Grey of losses, which reads on light and dark paper."""


def index_strip_chart(history: xr.Dataset) -> Chart:
    """Draw the years in their order.

    Parameters
    ----------
    history : xarray.Dataset
        The group ``/history``: ``payout``, ``loss``, ``gap`` over (year), NaN where not known or not kept [CNY].
    """
    year = history["year"].values.astype(int)
    payout = history["payout"].values.astype(float)
    loss = history["loss"].values.astype(float) if "loss" in history else np.full(year.size, np.nan)
    gap = loss - payout
    known = bool(np.isfinite(gap).any())
    told = [v for v in (*payout, *loss) if np.isfinite(v)]
    scale, unit = money_unit(told)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        if not known:
            axes = plate.subplots()
            _bars(axes, year, payout / scale, ACCENT, 0.8)
            axes.set_ylabel(f"Payment, {unit}")
            _years(axes, year, narrow)
            return _hits(axes, year, loss, payout, scale)
        upper, lower = plate.subplots(2, 1, sharex=True, height_ratios=[1.35, 1])
        _bars(upper, year, loss / scale, PALE, 0.86)
        _bars(upper, year, payout / scale, ACCENT, 0.46)
        _bars(lower, year, np.maximum(gap, 0.0) / scale, BREACH, 0.8)
        _bars(lower, year, np.minimum(gap, 0.0) / scale, SECOND, 0.8)
        lower.axhline(0, color=SOFT, linewidth=0.9)
        for axes, head in ((upper, "Loss and payment"), (lower, "Loss less payment")):
            axes.set_ylabel(unit)
            axes.set_title(head, fontsize=12, loc="left", color=INK)
        upper.tick_params(axis="x", labelbottom=False)
        for axes in (upper, lower):
            _years(axes, year, narrow)
        upper.set_xlabel("")
        key(
            plate,
            [
                swatch("Loss", PALE),
                swatch("Payment", ACCENT),
                swatch("Loss not paid", BREACH),
                *((swatch("Paid beyond the loss", SECOND),) if bool((gap < 0).any()) else ()),
            ],
            2 if narrow else 4,
        )
        return _hits(upper, year, loss, payout, scale)

    title = _title(year, loss, payout, known)
    alt = f"Bars of {'loss, payment and their difference' if known else 'payments'} by year. {title}."
    wide, narrow = paint("index-strip", painter, 400 if known else 260, 420 if known else 260, alt)
    return Chart(
        "index-strip",
        title,
        alt,
        wide,
        narrow,
        _numbers(year, loss, payout, known),
        _note(loss, payout, known),
    )


def _bars(axes: Axes, year: NDArray[np.int64], height: Values, colour: str, width: float) -> None:
    axes.bar(year, np.nan_to_num(height), width=width, color=colour, linewidth=0, zorder=3)


def _years(axes: Axes, year: NDArray[np.int64], narrow: bool) -> None:
    axes.set_xlim(year.min() - 0.7, year.max() + 0.7)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5 if narrow else 10, steps=[1, 2, 5, 10], integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.0f}"))
    plain_ticks(axes, "y")
    axes.set_xlabel("Year")
    quiet(axes, grid="y")


def _hits(axes: Axes, year: NDArray[np.int64], loss: Values, payout: Values, scale: float) -> list[Hit]:
    found = []
    low, high = axes.get_ylim()
    for y, a, b in zip(year, loss, payout, strict=True):
        if not np.isfinite(b):
            continue
        told = f"{y}: payment {money(float(b))}"
        if np.isfinite(a):
            gap = float(a - b)
            told = f"{y}: loss {money(float(a))}, payment {money(float(b))}, " + (
                f"{money(gap)} not paid" if gap > 0 else f"{money(-gap)} paid beyond"
            )
        found.append(Hit(axes, float(y), (low + high) / 2, told, 1.0, high - low))
    return found


def _title(year: NDArray[np.int64], loss: Values, payout: Values, known: bool) -> str:
    if known:
        both = np.isfinite(loss) & np.isfinite(payout)
        a, b, y = loss[both], payout[both], year[both]
        met = float(np.minimum(a, b).sum())
        worst = int(np.argmax(a - b))
        head = f"Of {money(float(a.sum()))} lost in {a.size} years, payments of the same years met "
        head += percent(met / a.sum()) if a.sum() > 0 else "nothing"
        if a[worst] > b[worst]:
            head += f"; most stayed open in {y[worst]}: {money(float(a[worst] - b[worst]))}"
        return head
    priced = np.isfinite(payout)
    paid = year[priced][payout[priced] > 0]
    if not paid.size:
        return f"In {int(priced.sum())} years the cover would have paid nothing"
    ends = [int(year[priced][0]) - 1, *map(int, paid), int(year[priced][-1]) + 1]
    first, last = max(pairwise(ends), key=lambda pair: pair[1] - pair[0])
    head = f"The cover would have paid in {paid.size} of {int(priced.sum())} years"
    quiet_years = last - first - 1
    return head + (f", and nothing for {quiet_years} years from {first + 1} on" if quiet_years > 1 else "")


def _note(loss: Values, payout: Values, known: bool) -> str:
    told = "Money of the record after its treatment, at the terms of this cover; the premium is not deducted."
    left_out = int((~np.isfinite(payout)).sum())
    if left_out:
        told += f" {left_out} years are not known or not kept by the treatment: they bear no bar."
    if not known:
        return told + " No loss of these years is recorded: the payments stand alone."
    missing = int((np.isfinite(payout) & ~np.isfinite(loss)).sum())
    if missing:
        told += f" Of {missing} years the loss is not known."
    return told + " A payment of one year does not fill the gap of another."


def _numbers(year: NDArray[np.int64], loss: Values, payout: Values, known: bool) -> Table:
    scale, unit = money_unit([v for v in (*payout, *loss) if np.isfinite(v)])

    def amount(value: float) -> Cell:
        return figure(value, scale=scale) if np.isfinite(value) else words(MISSING)

    rows = [
        [
            Cell(str(int(y)), float(y)),
            *((amount(a),) if known else ()),
            amount(b),
            *((amount(a - b),) if known else ()),
        ]
        for y, a, b in zip(year, loss, payout, strict=True)
    ]
    columns = [
        Column("Year"),
        *((Column("Loss", unit),) if known else ()),
        Column("Payment", unit),
        *((Column("Loss less payment", unit),) if known else ()),
    ]
    return table("Years of the record", columns, rows)
