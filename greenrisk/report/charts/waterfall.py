# SPDX-License-Identifier: Apache-2.0
"""The premium waterfall: from the pure premium, row by row, to the gross premium."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.plate import ACCENT, INK, LINE, SOFT, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, figure, share, table
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    PREMIUM_ROWS,
    listed,
    money,
    money_unit,
    named,
    percent,
    significant,
)


def waterfall_chart(
    premium: xr.Dataset, segment: str = "all", cards: Mapping[str, str] | None = None
) -> Chart:
    """Draw the rows of the premium as steps.

    Parameters
    ----------
    premium : xarray.Dataset
        ``amount`` over (row, segment) [CNY]; the last row is the sum of the others.
    segment : str
        Which segment to draw.
    cards : mapping of str to str
        Anchor of the card's parameter behind a row.
    """
    rests = cards or {}
    names = [str(row) for row in premium["row"].values]
    amounts = [float(premium["amount"].sel(row=row, segment=segment)) for row in names]
    total = amounts[-1]
    scale, unit = money_unit(amounts)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits, start = [], 0.0
        for i, (name, amount) in enumerate(zip(names, amounts, strict=True)):
            last = i == len(names) - 1
            left = 0.0 if last else start
            colour = ACCENT if last else SOFT if i == 0 else "#9aa4ae"
            axes.barh(i, amount / scale, left=left / scale, color=colour, height=0.66)
            if not last:
                start += amount
                axes.plot([start / scale] * 2, [i - 0.33, i + 1.33], color=LINE, linewidth=1, zorder=0)
            part = "" if last or total <= 0 else f"  ({percent(amount / total)})"
            digits = CHARGED_DIGITS if last else 3
            axes.annotate(
                significant(amount / scale, digits) + part,
                ((left + max(amount, 0)) / scale, i),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                fontweight="bold" if last else "normal",
            )
            hits.append(
                Hit(
                    axes,
                    (left + amount / 2) / scale,
                    i,
                    f"{named(PREMIUM_ROWS, name)}: {money(amount, CHARGED_DIGITS)}",
                    abs(amount) / scale,
                    0.7,
                )
            )
        axes.set_yticks(range(len(names)), [named(PREMIUM_ROWS, name) for name in names])
        axes.tick_params(axis="y", labelcolor=INK, labelsize=12)
        axes.invert_yaxis()
        axes.set_xlim(0, (1.3 if narrow else 1.2) * (max(total, *amounts) / scale or 1.0))
        axes.set_xlabel(f"{unit} a year")
        axes.locator_params(axis="x", nbins=4 if narrow else 6)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        return hits

    loadings = {name: amount for name, amount in zip(names[1:-1], amounts[1:-1], strict=True)}
    hundred = (
        {name: 100 * amount / total for name, amount in zip(names, amounts, strict=True)} if total > 0 else {}
    )
    if hundred:
        costs = sum(hundred[name] for name in loadings if name not in ("risk_load", "profit"))
        rest = [
            f"{hundred['risk_load']:.0f} the risk load" if "risk_load" in hundred else "",
            f"{costs:.0f} expenses, commission and tax",
            f"{hundred['profit']:.0f} profit" if "profit" in hundred else "",
        ]
        title = f"Of CNY\u00a0100 of premium, {hundred[names[0]]:.0f} pay expected losses, " + listed(
            r for r in rest if r
        )
    else:
        title = "There is no premium"
    alt = "Steps from the pure to the gross premium: " + listed(
        f"{named(PREMIUM_ROWS, name).lower()} {money(amount)}" for name, amount in zip(names, amounts, strict=True)
    )  # fmt: skip
    wide, narrow = paint("waterfall", painter, 280, 250, alt)
    rows: list[list[Cell]] = [
        [
            Cell(named(PREMIUM_ROWS, name), href=rests.get(name, "")),
            figure(amount, CHARGED_DIGITS),
            share(amount / total if total else float("nan")),
        ]
        for name, amount in zip(names, amounts, strict=True)
    ]
    numbers = table(
        "What the gross premium is made of",
        [Column("Row", number=False), Column("Amount", "CNY a year"), Column("Share of gross")],
        rows,
        totals=1,
    )
    return Chart("waterfall", title, alt, wide, narrow, numbers)
