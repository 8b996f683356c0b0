# SPDX-License-Identifier: Apache-2.0
"""Who pays the gross premium: the states and the forest owner, by forest type."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greenrisk.report.charts.plate import ACCENT, INK, SOFT, Chart, Hit, apart, paint, quiet
from greenrisk.report.table import Cell, Column, figure, table, words
from greenrisk.report.wording import CHARGED_DIGITS, FOREST_TYPES, PAYERS, listed, money, named

SHADES = {"central": "#5a646e", "province": "#8d97a1", "county": "#bcc4cc", "owner": "#0072b1"}
"""The states in greys, the owner in the accent: it is the owner who decides to insure. Alike in light and dark, so
that the figures on the bars stay readable."""


def _name_payers(axes: Axes, payers: list[str], part: NDArray[np.float64], narrow: bool) -> None:
    shown = [i for i in range(len(payers)) if part[i] > 0]
    names = [named(PAYERS, payers[i]).replace(" ", "\n", 1) for i in shown]
    middle = np.cumsum(part) - part / 2
    letter = 2.9 if narrow else 1.35
    lengths = [letter * max(len(line) for line in name.split("\n")) for name in names]
    for name, i, place in zip(names, shown, apart([middle[i] for i in shown], lengths, 0, 100), strict=True):
        axes.annotate(
            name,
            (place, -0.3),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=11,
            color=ACCENT if payers[i] == "owner" else INK,
        )


def subsidy_chart(premium: xr.Dataset) -> Chart:
    """Draw one bar a forest type.

    Parameters
    ----------
    premium : xarray.Dataset
        ``subsidy`` over (payer, segment) [CNY], with the coordinate ``forest_type``.
    """
    payers = [str(v) for v in premium["payer"].values]
    kind = premium["forest_type"].values.astype(str)
    kinds = [k for k in ("all", "public_benefit", "commercial") if (kind == k).any()]
    amount = np.array([premium["subsidy"].values[:, kind == k].sum(axis=1) for k in kinds])
    total = amount.sum(axis=1, keepdims=True)
    share = amount / np.where(total > 0, total, 1.0)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        for row in range(len(kinds)):
            left = 0.0
            for column, payer in enumerate(payers):
                part = 100 * share[row, column]
                colour = SHADES.get(payer, SOFT)
                axes.barh(row, part, left=left, height=0.52, color=colour)
                if part >= (12 if narrow else 5):
                    text = axes.text(
                        left + part / 2,
                        row,
                        f"{part:.0f} %",
                        ha="center",
                        va="center",
                        color="#ffffff" if payer in ("central", "owner") else "#1f2329",
                    )
                    text.set_gid(f"on-{row}-{column}")
                hits.append(
                    Hit(
                        axes,
                        left + part / 2,
                        row,
                        f"{named(FOREST_TYPES, kinds[row])}, {named(PAYERS, payer)}: "
                        f"{money(amount[row, column], CHARGED_DIGITS)} ({part:.1f} %)",
                        part,
                        0.5,
                    )
                )
                left += part
        _name_payers(axes, payers, 100 * share[0], narrow)
        axes.set_ylim(len(kinds) - 0.5, -0.95 if narrow else -0.9)
        axes.set_xlim(0, 100)
        axes.set_yticks(range(len(kinds)), [named(FOREST_TYPES, k).replace(" ", "\n", 1) for k in kinds])
        axes.tick_params(axis="y", labelcolor=INK)
        axes.set_xlabel("Share of the gross premium, %")
        quiet(axes, spines=())
        axes.tick_params(length=0)
        return hits

    owner = (
        {k: 100 * share[i, payers.index("owner")] for i, k in enumerate(kinds)} if "owner" in payers else {}
    )
    types = [k for k in kinds if k != "all"]
    title = (
        f"Of every CNY\u00a0100 of premium the forest owner pays {owner.get('all', float('nan')):.0f}"
        + (": " if types else "")
        + listed(f"{owner[k]:.0f} for {named(FOREST_TYPES, k).lower()}" for k in types if k in owner)
    )
    alt = f"Stacked bars of who pays the premium. {title}."
    wide, narrow = paint("subsidy", painter, 90 + 52 * len(kinds), 110 + 58 * len(kinds), alt)
    rows: list[list[Cell]] = [
        [words(named(PAYERS, payer)), *(figure(amount[i, j], CHARGED_DIGITS) for i in range(len(kinds)))]
        for j, payer in enumerate(payers)
    ]
    rows.append(
        [words("Gross premium"), *(figure(float(amount[i].sum()), CHARGED_DIGITS) for i in range(len(kinds)))]
    )
    numbers = table(
        "Who pays the gross premium",
        [Column("Payer", number=False), *(Column(named(FOREST_TYPES, k), "CNY a year") for k in kinds)],
        rows,
        totals=1,
    )
    return Chart("subsidy", title, alt, wide, narrow, numbers)
