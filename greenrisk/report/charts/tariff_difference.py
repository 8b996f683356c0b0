# SPDX-License-Identifier: Apache-2.0
"""Why the model's premium and the tariff's differ: the difference shared out factor by factor."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.pollution.liability.tariff_difference import FACTOR_WORDS
from greenrisk.report.charts.plate import ACCENT, INK, SOFT, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, figure, table, words
from greenrisk.report.wording import money, money_unit, percent, significant

THOUSAND: Final = 1e3
"""Divisor of the unit in which parts of a zone's premium are told [CNY]."""


def tariff_difference_chart(difference: xr.Dataset, tariff: xr.Dataset) -> Chart:
    """Draw what each factor adds to the difference of the zone's premiums.

    Parameters
    ----------
    difference : xarray.Dataset
        The group ``/tariff_difference``: ``zone_amount`` by factor [CNY/year], ``amount`` by factor and plant.
    tariff : xarray.Dataset
        The group ``/tariff``: ``premium`` and ``technical_premium`` by plant [CNY/year].
    """
    compared = np.isfinite(difference["amount"].values).all(axis=0)
    technical = float(tariff["technical_premium"].values[compared].sum())
    market = float(tariff["premium"].values[compared].sum())
    order = np.argsort(-np.abs(difference["zone_amount"].values), kind="stable")
    data = difference.isel(factor=order)
    names = [FACTOR_WORDS.get(str(f), str(f)) for f in data["factor"].values]
    amounts = data["zone_amount"].values.astype(float)
    scale, unit = money_unit([*amounts, technical, market])
    if scale > THOUSAND and max(np.abs([*amounts, technical, market])) < 1e4 * THOUSAND:
        # in millions the small parts would be rows of zeros
        scale, unit = THOUSAND, "CNY\u00a0thousand"

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        reach = float(np.ptp([*(amounts / scale), 0.0])) or 1.0
        for i, amount in enumerate(amounts / scale):
            axes.barh(i, amount, height=0.55, color=ACCENT if amount > 0 else SOFT)
            axes.annotate(
                ("+" if amount > 0 else "") + significant(amount, 3 if abs(amount) > 0.01 * reach else 2),
                (amount, i),
                xytext=(5 if amount >= 0 else -5, 0),
                textcoords="offset points",
                ha="left" if amount >= 0 else "right",
                va="center",
                color=INK,
                fontsize=10.5,
            )
            hits.append(
                Hit(
                    axes,
                    amount / 2,
                    i,
                    f"{names[i]}: {money(amount * scale)} a year",
                    max(abs(amount), 0.01 * reach),
                    0.7,
                )
            )
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(range(len(names)), [n.replace(", ", ",\n") if narrow else n for n in names])
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5)
        axes.invert_yaxis()
        low, high = min(0.0, float(amounts.min()) / scale), max(0.0, float(amounts.max()) / scale)
        pad = (0.42 if narrow else 0.16) * reach
        axes.set_xlim(low - pad, high + pad)
        axes.set_xlabel(f"{unit} a year" if narrow else f"Model's premium less the tariff's, {unit} a year")
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        return hits

    title = _title(technical, market, names, amounts)
    alt = f"Bars of what each factor adds to the difference of the premiums. {title}."
    rows = len(names)
    wide, narrow = paint("tariff-difference", painter, 80 + 36 * rows, 80 + 44 * rows, alt)
    note = (
        "Right of the line: the model asks more than the tariff; left: less. Both premiums are products of factors; "
        "the difference is shared out by logarithmic means, so that the bars add up. The general level is what all "
        "plants share: it cannot be laid at one factor's door. The tariff is an illustration, never the official one."
    )
    rows_table: list[list[Cell]] = [
        [words(name), figure(float(a), scale=scale), Cell(significant(float(np.exp(m)), 3), float(m))]
        for name, a, m in zip(names, amounts, data["mean_log_ratio"].values, strict=True)
        if name
    ]
    rows_table.append(
        [words("Model's premium less the tariff's"), figure(technical - market, scale=scale), Cell("")]
    )
    numbers = table(
        "Model's premium less the tariff's, factor by factor",
        [
            Column("Factor", number=False),
            Column("Part of the difference", f"{unit} a year"),
            Column("Adds to the general level", "times"),
        ],
        rows_table,
        totals=1,
    )
    return Chart("tariff-difference", title, alt, wide, narrow, numbers, note)


def _title(technical: float, market: float, names: list[str], amounts: np.ndarray) -> str:
    if not market > 0:
        return "The tariff charges no plant"
    side = "below" if technical < market else "above"
    apart = percent(abs(technical / market - 1))
    return (
        f"The model's premium, {money(technical)}, is {apart} {side} the tariff's {money(market)}; the largest part of "
        f"the difference: {names[0][:1].lower()}{names[0][1:]}"
    )
