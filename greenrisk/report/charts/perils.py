# SPDX-License-Identifier: Apache-2.0
"""What each peril costs in the mean of all years, and what it adds to the worst years."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.plate import ACCENT, INK, SOFT, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, Table, figure, interval, share, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    listed,
    money,
    money_unit,
    percent,
    significant,
    span,
    whole,
)
from greenrisk.resource.vocabulary import PERIL_WORDS

ALL = "all"
Z_90 = 1.645
APART = 2.0
"""Standard errors of the difference above which two perils are put in an order."""


def peril_name(kind: str) -> str:
    """Return what a reader calls a peril, as the first word of a line."""
    name = PERIL_WORDS.get(kind, kind.replace("_", " "))
    return name[:1].upper() + name[1:]


def by_cost(perils: xr.Dataset) -> xr.Dataset:
    """Return the perils without their sum, the dearest first."""
    alone = perils.isel(peril=perils["peril"].values != ALL)
    return alone.isel(peril=np.argsort(-alone["pure_premium"].values, kind="stable"))


def carries_sentence(perils: xr.Dataset) -> str:
    """Say which peril carries the pure premium, and how much of it is fire; two where they cannot be told apart."""
    data = by_cost(perils)
    pure, error = data["pure_premium"].values, data["standard_error"].values
    kinds = [str(kind) for kind in data["peril"].values]
    if pure.sum() <= 0:
        return "No peril costs anything in the simulated years"
    part = pure / pure.sum()
    if len(kinds) == 1:
        return f"The whole pure premium is for {PERIL_WORDS.get(kinds[0], kinds[0])}"
    told = 2 if pure[0] - pure[1] < APART * float(np.hypot(*error[:2])) and len(kinds) > 2 else 1
    first = listed(PERIL_WORDS.get(kind, kind) for kind in kinds[:told])
    said = (
        f"{first[:1].upper()}{first[1:]} {'carry' if told > 1 else 'carries'} {percent(part[:told].sum())} of the pure "
        "premium"
    )
    if "wildfire" in kinds[told:]:
        said += f", fire {percent(part[kinds.index('wildfire')])}"
    return said


def perils_chart(perils: xr.Dataset) -> Chart:
    """Draw the pure premium of each peril with both its errors.

    Parameters
    ----------
    perils : xarray.Dataset
        The group ``/perils``.
    """
    data = by_cost(perils)
    names = [peril_name(str(kind)) for kind in data["peril"].values]
    pure, error, low, high = (
        data[name].values.astype(float) for name in ("pure_premium", "standard_error", "low", "high")
    )
    top = float(np.nanmax([*pure, *high, 0.0])) or 1.0
    scale, unit = money_unit([top])
    total = float(pure.sum())

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        for i, name in enumerate(names):
            if np.isfinite(low[i]) and np.isfinite(high[i]):
                width = (high[i] - low[i]) / scale
                axes.barh(i, width, left=low[i] / scale, height=0.74, color=ACCENT, alpha=0.16)
            axes.barh(i, pure[i] / scale, height=0.4, color=SOFT)
            begin = max(0.0, pure[i] - Z_90 * error[i])
            end = pure[i] + Z_90 * error[i]
            axes.barh(i, (end - begin) / scale, left=begin / scale, height=0.14, color=INK)
            edge = float(np.nanmax([end, high[i]]))
            part = f" ({percent(pure[i] / total)})" if total > 0 else ""
            axes.annotate(
                significant(pure[i] / scale) + part,
                (edge / scale, i),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=INK,
            )
            hits.append(
                Hit(
                    axes,
                    edge / scale / 2,
                    i,
                    f"{name}: {money(pure[i], CHARGED_DIGITS)} a year ± {money(error[i], 2)} (simulation error); "
                    f"knowledge interval {span(low[i], high[i], 'CNY')}",
                    edge / scale,
                    0.8,
                )
            )
        axes.set_yticks(range(len(names)), [n.replace(" and ", "\nand ") if narrow else n for n in names])
        axes.tick_params(axis="y", labelcolor=INK, labelsize=11 if narrow else 12)
        axes.invert_yaxis()
        axes.set_xlim(0, (1.55 if narrow else 1.2) * top / scale)
        axes.set_xlabel(f"Pure premium, {unit} a year")
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        return hits

    title = carries_sentence(perils)
    alt = f"Bars of the pure premium by peril. {title}. " + "; ".join(
        f"{name} {money(value)}" for name, value in zip(names, pure, strict=True)
    )
    rows = len(names)
    wide, narrow = paint("perils", painter, 80 + 42 * rows, 80 + 44 * rows, alt)
    note = (
        "Bar: the mean of the simulated years. Narrow band: 90 % simulation error. Wide band: 90 % knowledge "
        "interval from the ranges of the parameters. In brackets: the share of the whole."
    )
    return Chart("perils", title, alt, wide, narrow, _cost_table(perils), note)


def _cost_table(perils: xr.Dataset) -> Table:
    data = _with_sum(perils)
    pure = data["pure_premium"].values.astype(float)
    total = float(pure[-1])
    scale, unit = money_unit(pure)
    columns = [
        Column("Peril", number=False),
        Column("Damage to insured stands", unit),
        Column("Pure premium ± simulation", unit),
        Column("Knowledge, 90 %", unit),
        Column("Share of pure premium"),
        Column("Damaged", "insured mu a year"),
        Column("Paid", "insured mu a year"),
        Column("Claims", "a year"),
    ]
    outside = "uncovered" in data and bool((data["uncovered"].values > 0).any())
    if outside:
        columns.append(Column("Not covered", f"{unit} a year"))
    rows: list[list[Cell]] = []
    for i, kind in enumerate(str(kind) for kind in data["peril"].values):
        one = {str(name): float(values.values[i]) for name, values in data.data_vars.items()}
        row = [
            words(peril_name(kind)),
            figure(one["ground_up"], scale=scale),
            figure(pure[i], CHARGED_DIGITS, error=one["standard_error"], scale=scale),
            interval(one["low"], one["high"], scale),
            share(pure[i] / total if total > 0 else float("nan")),
            figure(one["damaged_insured"]),
            figure(one["paid_area"]),
            figure(one["claims"]),
        ]
        rows.append([*row, figure(one["uncovered"], scale=scale)] if outside else row)
    return table("Cost of a year by peril", columns, rows, totals=1)


def _with_sum(perils: xr.Dataset) -> xr.Dataset:
    """Return the perils, the dearest first, and their sum last."""
    return xr.concat([by_cost(perils), perils.sel(peril=[ALL])], dim="peril")


def diversification_sentence(perils: xr.Dataset) -> str:
    """Say what it saves in the worst years to insure the perils together."""
    alone = by_cost(perils)["tail_value_at_risk"].values.astype(float)
    together = float(perils["tail_value_at_risk"].sel(peril=ALL))
    years = whole(1 / (1 - float(perils.attrs["tail_level"])))
    if alone.size < 2 or not alone.sum() > 0:
        return f"The worst 1 in {years}\u00a0years cost {money(together)} on average"
    return (
        f"Insured together the perils cost {percent(float(perils.attrs['diversification']))} less in the worst 1 in "
        f"{years}\u00a0years than apart: {money(together)} on average instead of {money(float(alone.sum()))}"
    )


def worst_years_chart(perils: xr.Dataset) -> Chart:
    """Draw the worst years of each peril alone beside what it adds to the worst years of all.

    Parameters
    ----------
    perils : xarray.Dataset
        The group ``/perils``.
    """
    whole_book = perils.isel(peril=perils["peril"].values != ALL)
    order = np.argsort(-whole_book["contribution"].values, kind="stable")
    data = whole_book.isel(peril=order)
    names = [peril_name(str(kind)) for kind in data["peril"].values]
    alone, adds = (data[name].values.astype(float) for name in ("tail_value_at_risk", "contribution"))
    top = float(np.nanmax([*alone, *adds, 0.0])) or 1.0
    scale, unit = money_unit([top])

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        for i, name in enumerate(names):
            axes.barh(i - 0.19, alone[i] / scale, height=0.34, color="#9aa4ae")
            axes.barh(i + 0.19, adds[i] / scale, height=0.34, color=ACCENT)
            for place, value, bold in ((i - 0.19, alone[i], "normal"), (i + 0.19, adds[i], "bold")):
                axes.annotate(
                    significant(value / scale),
                    (value / scale, place),
                    xytext=(5, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=10.5,
                    color=ACCENT if bold == "bold" else SOFT,
                    fontweight=bold,
                )
            told = f"{name}: {money(alone[i])} in its own worst years, {money(adds[i])} in the worst years of all"
            hits.append(Hit(axes, top / scale / 2, i, told, top / scale, 0.8))
        last = len(names) - 1
        for place, text, colour in (
            (last - 0.19, "alone, in its own worst years", SOFT),
            (last + 0.19, "in the worst years of all perils", ACCENT),
        ):
            x = 0.98 if not narrow else 1.0
            axes.annotate(
                text,
                (x, place),
                xycoords=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                color=colour,
                fontsize=11 if not narrow else 10.5,
                fontweight="bold",
            )
        axes.set_yticks(range(len(names)), [n.replace(" and ", "\nand ") if narrow else n for n in names])
        axes.tick_params(axis="y", labelcolor=INK, labelsize=11 if narrow else 12)
        axes.invert_yaxis()
        axes.set_xlim(0, (1.2 if narrow else 1.1) * top / scale)
        axes.set_xlabel(unit if narrow else f"Payments, mean of the worst years, {unit}")
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        return hits

    title = diversification_sentence(perils)
    alt = f"Two bars a peril: its own worst years, and its part in the worst years of all. {title}."
    rows = len(names)
    wide, narrow = paint("worst-years", painter, 80 + 52 * rows, 80 + 54 * rows, alt)
    level = float(perils.attrs["tail_level"])
    note = (
        f"Worst years: those beyond 1 in {whole(1 / (1 - level))} (TVaR {100 * level:g} %). Grey: each "
        "peril alone. Blue: what each costs in the worst years of the whole book; the blue bars add up to the whole. "
        "Perils strike independently of each other, given the cards: that is an assumption of the model, not a finding."
    )
    return Chart("worst-years", title, alt, wide, narrow, _tail_table(perils, order), note)


def _tail_table(perils: xr.Dataset, order: np.ndarray) -> Table:
    whole_book = perils.isel(peril=perils["peril"].values != ALL).isel(peril=order)
    data = xr.concat([whole_book, perils.sel(peril=[ALL])], dim="peril")
    scale, unit = money_unit(data["tail_value_at_risk"].values)
    var, tail = (100 * float(perils.attrs[name]) for name in ("value_at_risk_level", "tail_level"))
    total = float(data["contribution"].values[-1])
    rows = [
        [
            words(peril_name(str(kind))),
            figure(float(data["value_at_risk"].values[i]), scale=scale),
            figure(
                float(data["tail_value_at_risk"].values[i]),
                error=float(data["tail_standard_error"].values[i]),
                scale=scale,
            ),
            figure(float(data["contribution"].values[i]), scale=scale),
            share(float(data["contribution"].values[i]) / total if total > 0 else float("nan")),
        ]
        for i, kind in enumerate(data["peril"].values)
    ]
    return table(
        "Bad years by peril",
        [
            Column("Peril", number=False),
            Column(f"Exceeded 1 in {whole(1 / (1 - var / 100))} years (VaR {var:g} %)", unit),
            Column(
                f"Mean of the worst 1 in {whole(1 / (1 - tail / 100))} (TVaR {tail:g} %) ± simulation", unit
            ),
            Column("Part in the worst years of all", unit),
            Column("Share of them"),
        ],
        rows,
        totals=1,
    )
