# SPDX-License-Identifier: Apache-2.0
"""The test out of sample: premiums set before each year, what the year paid, and what such a test can notice."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from greenrisk.report.charts.key import key, stroke, swatch
from greenrisk.report.charts.plate import (
    ACCENT,
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
from greenrisk.report.wording import MISSING, as_given, money, money_unit, percent, quantity, span

FIGURES: Final = {
    "origins": "Years that were tested",
    "paying_years_expected": "Paying years, expected by the law",
    "paying_years_seen": "Paying years, seen",
    "paying_years_p": "Chance of a count so far from the expected",
    "payouts": "Payouts",
    "premiums_burn": "Pure premiums by the mean of the years",
    "premiums_law": "Pure premiums by the law",
    "loss_ratio_burn": "Payouts over premiums, mean of the years",
    "loss_ratio_law": "Payouts over premiums, law",
    "brier_burn": "Brier score, share of the years",
    "brier_law": "Brier score, law",
    "brier_after": "Brier score, frequency known afterwards",
    "paying_years_first_half": "Paying years in the first half of the record",
    "paying_years_second_half": "Paying years in the second half of the record",
    "halves_p": "Chance of halves so unlike under one frequency",
    "halves_power": "Chance to notice that one half pays twice as often",
}
"""Figure of the test -> its words."""

BARS = "#9aa4ae"
"""Grey of payouts, which reads on light and dark paper."""


def index_backtest_chart(backtest: xr.Dataset, summary: xr.Dataset, power: xr.Dataset) -> Chart:
    """Draw premiums and payouts of the tested years, both summed up, and the power of the test.

    Parameters
    ----------
    backtest : xarray.Dataset
        The group ``/backtest``: ``year``, ``premium_burn``, ``premium_law``, ``payout`` [CNY], ``paid`` over (origin).
    summary : xarray.Dataset
        The group ``/backtest_summary``: ``value``, ``low``, ``high``, ``unit``, ``note`` over (figure), and its names.
    power : xarray.Dataset
        The group ``/backtest_power``: ``power_frequency`` [unitless] over (factor).
    """
    year = backtest["year"].values.astype(int)
    payout, burn, law = (
        backtest[name].values.astype(float) for name in ("payout", "premium_burn", "premium_law")
    )
    factor = power["factor"].values.astype(float)
    notice = power["power_frequency"].values.astype(float)
    sums = {name: np.nancumsum(values) for name, values in (("payout", payout), ("burn", burn), ("law", law))}
    scale, unit = money_unit([*payout, *burn, *law])
    total_scale, total_unit = money_unit([float(v[-1]) for v in sums.values()])

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        if narrow:
            first, second, third = plate.subplots(3, 1, height_ratios=[1.1, 1.1, 0.8])
        else:
            panels = plate.subplot_mosaic([["first", "third"], ["second", "third"]], width_ratios=[2.2, 1])
            first, second, third = (panels[name] for name in ("first", "second", "third"))
        first.bar(year, np.nan_to_num(payout) / scale, width=0.85, color=BARS, linewidth=0, zorder=2)
        for values, colour, style in ((burn, ACCENT, "-"), (law, SECOND, "--")):
            first.plot(year, values / scale, color=colour, linestyle=style, linewidth=1.8, zorder=3)
        first.set_ylabel(unit)
        first.set_title("Each year", fontsize=12, loc="left", color=INK)
        for name, colour, style in (("payout", SOFT, "-"), ("burn", ACCENT, "-"), ("law", SECOND, "--")):
            second.plot(
                year, sums[name] / total_scale, color=colour, linestyle=style, linewidth=2.0,
                drawstyle="steps-post" if name == "payout" else "default",
            )  # fmt: skip
        second.set_ylabel(total_unit)
        second.set_ylim(bottom=0)
        second.set_title("Summed up since the first tested year", fontsize=12, loc="left", color=INK)
        for axes in (first, second):
            _years(axes, year, narrow)
        _power(third, factor, notice)
        marks = [
            swatch("Payout", BARS),
            stroke("Payouts summed up", SOFT),
            stroke("Premium, mean of the years before", ACCENT),
            stroke("Premium, fitted law", SECOND, "--"),
        ]
        key(plate, marks, 1 if narrow else 2)
        top = first.get_ylim()[1]
        hits = [
            Hit(
                first, float(y), top / 2,
                f"{y}: payout {money(float(p))}; premium {money(float(b))} by the mean of the years before"
                + (f", {money(float(v))} by law" if np.isfinite(v) else ""),
                1.0, top,
            )
            for y, p, b, v in zip(year, payout, burn, law, strict=True)
        ]  # fmt: skip
        for place, (wrong, chance) in enumerate(zip(factor, notice, strict=True)):
            told = f"Paid {as_given(str(wrong), 2)} times as often as priced: noticed with a chance of "
            told += percent(float(chance))
            hits.append(Hit(third, place, 50.0, told, 0.8, 100.0))
        return hits

    title = _title(year, payout, burn, law, factor, notice)
    alt = f"Bars and lines of premiums and payouts of the tested years, and the power of the test. {title}."
    wide, narrow = paint("index-backtest", painter, 430, 660, alt)
    return Chart("index-backtest", title, alt, wide, narrow, _numbers(backtest, summary), _note(year, payout))


def _years(axes: Axes, year: np.ndarray, narrow: bool) -> None:
    axes.set_xlim(year.min() - 0.8, year.max() + 0.8)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5 if narrow else 7, steps=[1, 2, 5, 10], integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.0f}"))
    plain_ticks(axes, "y")
    axes.set_xlabel("Year")
    quiet(axes, grid="y")


def _power(axes: Axes, factor: np.ndarray, notice: np.ndarray) -> None:
    """Draw the chance to notice a wrong frequency, a bar a factor."""
    place = np.arange(factor.size)
    axes.bar(place, np.full(place.size, 100.0), width=0.62, color=SOFT, alpha=0.12, linewidth=0, zorder=1)
    axes.bar(place, 100 * notice, width=0.62, color=ACCENT, linewidth=0, zorder=2)
    for x, n in zip(place, notice, strict=True):
        axes.annotate(
            percent(float(n)), (float(x), 100 * float(n)), xytext=(0, 4), textcoords="offset points", ha="center",
            va="bottom", fontsize=11, color=INK, fontweight="bold", zorder=5,
        ).set_gid(f"halo-power{int(x)}")  # fmt: skip
    axes.set_xticks(place, [f"{as_given(str(f), 2)}\u00a0times" for f in factor])
    axes.set_ylim(0, 112)
    axes.set_yticks([0, 50, 100])
    axes.set_ylabel("Chance to notice, %")
    axes.set_xlabel("As often as priced")
    axes.set_title("What the test can notice", fontsize=12, loc="left", color=INK)
    quiet(axes, grid="y")


def _title(
    year: np.ndarray,
    payout: np.ndarray,
    burn: np.ndarray,
    law: np.ndarray,
    factor: np.ndarray,
    notice: np.ndarray,
) -> str:
    paid = int((payout > 0).sum())
    lawful = np.isfinite(law)
    charged = float(np.nansum(np.where(lawful, law, burn)))
    by = "by the law" if lawful.any() else "by the mean of the years"
    told = (
        f"Priced before each of {year.size} years, premiums of {money(charged)} {by} met payouts of "
        f"{money(float(np.nansum(payout)))} in {paid} paid {'year' if paid == 1 else 'years'}"
    )
    if factor.size:
        at = int(np.argmin(np.abs(factor - 2.0)))
        told += f"; a frequency {as_given(str(factor[at]), 2)} times as high as priced would be noticed with a chance "
        told += f"of {percent(float(notice[at]))}"
    return told


def _note(year: np.ndarray, payout: np.ndarray) -> str:
    paid = int((payout > 0).sum())
    told = (
        "Before each year the trigger and both premiums are set from the years before it alone; they hold no loadings. "
        "What the test can notice: the chance that so many years show it where the cover really pays so many times as "
        "often as priced. "
    )
    if paid < 10:
        few = "1 paid year is" if paid == 1 else f"{paid} paid years are"
        told += f"{few} few: that premiums and payouts agree, or do not, is little evidence either way."
    return told.strip()


def _numbers(backtest: xr.Dataset, summary: xr.Dataset) -> Table:
    names = summary["name"] if "name" in summary.variables else summary["figure"]
    rows = [
        [
            Cell(FIGURES.get(str(name), str(name).replace("_", " ").capitalize()), note=str(note)),
            Cell(quantity(float(value), str(unit)), float(value)),
            Cell(span(float(low), float(high), str(unit), beside=float(value)), float(high)),
        ]
        for name, value, low, high, unit, note in zip(
            names.values,
            *(summary[key].values for key in ("value", "low", "high", "unit", "note")),
            strict=True,
        )
    ]
    columns = [Column("Figure", number=False), Column("Value"), Column("90 % interval")]
    if rows:
        return table("Test out of sample", columns, rows)
    scale, unit = money_unit(backtest["payout"].values.astype(float))
    priced = ("premium_burn", "premium_law", "payout")
    lines = [
        [
            Cell(str(int(year)), float(year)),
            *(figure(float(v), scale=scale) if np.isfinite(v) else words(MISSING) for v in values),
        ]
        for year, *values in zip(backtest["year"].values, *(backtest[n].values for n in priced), strict=True)
    ]
    heads = ("Premium, mean of the years", "Premium, law", "Payout")
    columns = [Column("Year"), *(Column(head, unit) for head in heads)]
    return table("Test out of sample, by year", columns, lines)
