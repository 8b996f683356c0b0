# SPDX-License-Identifier: Apache-2.0
"""Who bears the loss in the end: the insurer, the operator as far as its means go, the public purse or nobody."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.pollution.mandate.above_limit import PAYER_WORDS, PAYERS
from greenrisk.pollution.mandate.plant_groups import GROUP_WORDS
from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import ACCENT, BREACH, INK, PURPLE, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import money, money_unit, percent, significant

COLOURS: Final = {"insurer": ACCENT, "operator": PURPLE, "public_purse": BREACH}
_WORDS: Final = dict(zip(PAYERS, PAYER_WORDS, strict=True))
ALL: Final = "all"


def payers_chart(data: xr.Dataset) -> Chart:
    """Draw each payer's share of the loss, by group of plants.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/who_pays``: ``amount``, ``share`` by group and payer, ``loss`` by group [CNY/year].
    """
    groups = [str(g) for g in data["group"].values if float(data["loss"].sel(group=g)) > 0]
    names = [GROUP_WORDS.get(g, g) for g in groups]
    loss = data["loss"].sel(group=groups).values.astype(float)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        left = np.zeros(len(groups))
        for payer in PAYERS:
            part = 100 * data["share"].sel(group=groups, payer=payer).values.astype(float)
            axes.barh(range(len(groups)), part, left=left, height=0.6, color=COLOURS[payer])
            hits += [
                Hit(
                    axes,
                    left[i] + p / 2,
                    i,
                    f"{names[i]}: {_WORDS[payer].lower()} bears {percent(p / 100)}, {money(p / 100 * loss[i])} a year",
                    max(float(p), 0.5),
                    0.6,
                )
                for i, p in enumerate(part)
            ]
            left = left + part
        for i, value in enumerate(loss):
            axes.annotate(
                (money(value).replace("CNY\u00a0", "") if narrow else f"{money(value)} a year")
                + "\n"
                + _shares(data.sel(group=groups[i])),
                (100, i),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                fontsize=10.5,
            )
        axes.set_yticks(range(len(groups)), [n.replace(" by ", "\nby ") if narrow else n for n in names])
        axes.tick_params(axis="y", labelcolor=INK, labelsize=11)
        axes.invert_yaxis()
        axes.set_xlim(0, 150 if narrow else 130)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.set_xlabel(
            "% of the loss; beside: CNY a year"
            if narrow
            else "% of the expected loss; beside it the loss of a year and the three shares"
        )
        quiet(axes, spines=(), grid="x")
        key(plate, [swatch(_WORDS[p], COLOURS[p]) for p in PAYERS], 1 if narrow else 3)
        return hits

    title = _title(data)
    alt = f"Bars of who bears the loss, by group of plants. {title}."
    rows = len(groups)
    wide, narrow = paint("who-pays", painter, 110 + 38 * rows, 150 + 40 * rows, alt)
    note = (
        "The operator pays what its policy leaves, deductible and exclusions included, as far as the share of its net "
        "assets reaches that can be recovered; in a year in which it cannot pay all it is insolvent. What is left is "
        "for the public purse, or for victims who are never paid. The bars, and the shares beside them, stand in the "
        "order of the key; simulation errors are in the table."
    )
    return Chart("who-pays", title, alt, wide, narrow, _numbers(data, groups, names), note)


def _shares(one: xr.Dataset) -> str:
    return " / ".join(f"{100 * float(one['share'].sel(payer=p)):.0f}" for p in PAYERS) + "\u00a0%"


def _title(data: xr.Dataset) -> str:
    one = data.sel(group=ALL)
    parts = {p: float(one["share"].sel(payer=p)) for p in PAYERS}
    broken = float(one["insolvencies"])
    told = f"; an operator cannot pay {_how_often(broken)}" if broken > 0 else ""
    return (
        f"Insurers bear {percent(parts['insurer'])} of the loss, operators {percent(parts['operator'])}, the public "
        f"purse or nobody {percent(parts['public_purse'])}{told}"
    )


def _how_often(rate: float) -> str:
    return f"once in {significant(1 / rate, 2)} years" if rate < 1 else f"{significant(rate, 2)} times a year"


def _numbers(data: xr.Dataset, groups: list[str], names: list[str]) -> Table:
    scale, unit = money_unit(data["loss"].sel(group=groups).values)
    rows: list[list[Cell]] = []
    for group, name in zip(groups, names, strict=True):
        one = data.sel(group=group)
        whole = group == ALL
        rows.append(
            [
                words(name),
                figure(float(one["loss"]), scale=scale),
                *(
                    figure(
                        float(one["amount"].sel(payer=p)),
                        scale=scale,
                        error=float(data["standard_error"].sel(payer=p)) if whole else None,
                    )
                    for p in PAYERS
                ),
                share(float(one["share"].sel(payer="public_purse"))),
                figure(float(one["public_to_persons"]), scale=scale),
                Cell(significant(float(one["insolvencies"])), float(one["insolvencies"])),
            ]
        )
    return table(
        "Who bears the loss of a mean year",
        [
            Column("Plants", number=False),
            Column("Loss", unit),
            *(Column(f"{_WORDS[p]} ± simulation", unit) for p in PAYERS),
            Column("Public share"),
            Column("Of the public purse's, owed to third persons", unit),
            Column("Insolvencies", "a year"),
        ],
        rows,
    )
