# SPDX-License-Identifier: Apache-2.0
"""How a claim runs: its stages on a line of days, and who has paid how much by when."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import (
    ACCENT,
    BREACH,
    INK,
    PURPLE,
    SOFT,
    Chart,
    Hit,
    paint,
    plain_ticks,
    quiet,
)
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import listed, money, money_unit, significant, whole

PATHS: Final = {
    "known": "The polluter is known",
    "unknown": "The polluter is not known at first",
    "insolvent": "The operator is insolvent",
}

MONEY: Final = {
    "cost": ("cost arises", BREACH),
    "advance": ("insurer pays", ACCENT),
    "balance": ("insurer pays", ACCENT),
    "operator": ("operator or its estate pays", PURPLE),
    "estate": ("operator or its estate pays", PURPLE),
    "public": ("public purse pays in advance", "#b8860b"),
    "none": ("no money moves", "#9aa4ae"),
}
"""What money does in a stage -> its words and colour."""


def claims_timeline_chart(stages: xr.Dataset, path: str = "known") -> Chart:
    """Draw the stages of a path from their beginning to their end.

    Parameters
    ----------
    stages : xarray.Dataset
        The group ``/claims_timeline``.
    path : str
        Which path to draw; the table has all.
    """
    rows = stages.isel(row=np.flatnonzero(stages["path"].values.astype(str) == path))
    rows = rows.isel(row=np.lexsort((rows["end"].values, rows["start"].values)))
    start, end = rows["start"].values.astype(float), rows["end"].values.astype(float)
    money_of = rows["money"].values.astype(str)
    names = [
        f"{str(name).replace('_', ' ').capitalize()} {zh}"
        for name, zh in zip(rows["stage"].values, rows["name_zh"].values, strict=True)
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        last = float(end.max())
        for i in range(start.size):
            word, colour = MONEY[money_of[i]]
            axes.barh(i, max(end[i] - start[i], 0.004 * last), left=start[i], height=0.55, color=colour)
            axes.annotate(
                f"day {whole(end[i])}",
                (end[i], i),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=10,
                color=SOFT,
            )
            told = (
                f"{names[i]}: day {significant(start[i])} to {significant(end[i])}; {rows['role'].values[i]}; {word} "
                f"({rows['status'].values[i]})"
            )
            hits.append(Hit(axes, (start[i] + end[i]) / 2, i, told, max(end[i] - start[i], 0.02 * last), 0.7))
        axes.set_yticks(range(start.size), names)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5 if narrow else 11)
        axes.invert_yaxis()
        axes.set_xlim(0, (1.3 if narrow else 1.12) * last)
        axes.set_xlabel("Days since the accident")
        axes.locator_params(axis="x", nbins=4 if narrow else 8)
        quiet(axes, spines=(), grid="x")
        shown = dict(MONEY[m] for m in MONEY if m in money_of)
        key(plate, [swatch(word, colour) for word, colour in shown.items()], 1 if narrow else len(shown))
        return hits

    title = _title(rows)
    alt = f"Stages of a claim on a line of days; {PATHS.get(path, path).lower()}. {title}."
    count = start.size
    wide, narrow = paint("claims-timeline", painter, 90 + 27 * count, 150 + 27 * count, alt)
    note = (
        f"{PATHS.get(path, path)}; the table has the other paths, with roles, documents and the status of each term. "
        "Thirty working days of assessment skip weekends; public holidays are not known here."
    )
    return Chart("claims-timeline", title, alt, wide, narrow, stages_table(stages), note)


def _title(rows: xr.Dataset) -> str:
    money_of = rows["money"].values.astype(str)

    def day(kind: str) -> float:
        found = rows["end"].values[money_of == kind]
        return float(found.max()) if found.size else float("nan")

    told = []
    if np.isfinite(day("advance")):
        told.append(f"an advance by day {whole(day('advance'))}")
    told.append(f"the last payment of the insurer by day {whole(day('balance'))}")
    return f"A claim brings {listed(told)}"


def stages_table(stages: xr.Dataset) -> Table:
    """Return all paths with their stages, roles, documents and statuses."""
    rows: list[list[Cell]] = []
    for i in range(stages.sizes["row"]):
        one = {str(name): values.values[i] for name, values in stages.data_vars.items()}
        kind = "working days" if one["day_kind"] == "working" else "days"
        rows.append(
            [
                words(PATHS.get(str(one["path"]), str(one["path"]))),
                words(
                    f"{str(one['stage']).replace('_', ' ').capitalize()} {one['name_zh']}",
                    status=str(one["status"]),
                ),
                Cell(
                    f"{significant(float(one['days'])).removesuffix('.0').removesuffix('.00')} {kind}",
                    float(one["days"]),
                ),
                Cell(whole(float(one["start"])), float(one["start"])),
                Cell(whole(float(one["end"])), float(one["end"])),
                words(MONEY[str(one["money"])][0]),
                words(one["role"]),
                words(one["documents"]),
            ]
        )
    return table(
        "Stages of a claim by path",
        [
            Column("Path", number=False),
            Column("Stage", number=False),
            Column("Takes"),
            Column("From", "day"),
            Column("To", "day"),
            Column("Money", number=False),
            Column("Who acts", number=False),
            Column("Documents", number=False),
        ],
        rows,
    )


def claims_cash_chart(cash: xr.Dataset) -> Chart:
    """Draw what has arisen and what has been paid, day by day, for every path.

    Parameters
    ----------
    cash : xarray.Dataset
        The group ``/claims_cash``.
    """
    cash = cash.isel(day=_bends(cash))
    paths = [str(p) for p in cash["path"].values]
    day = cash["day"].values.astype(float)
    scale, unit = money_unit(cash["cost"].values.ravel())
    payers = (
        ("insurer", "insurer", ACCENT),
        ("operator", "operator or its estate", PURPLE),
        ("public", "public purse", "#b8860b"),
    )
    top = float(cash["cost"].max()) / scale

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        shape = (len(paths), 1) if narrow else (1, len(paths))
        panels = np.atleast_1d(plate.subplots(*shape, sharex=narrow, sharey=not narrow)).ravel()
        hits = []
        for k, (axes, path) in enumerate(zip(panels, paths, strict=True)):
            one = cash.sel(path=path)
            # a payment of the last day is a step that needs room to its right
            drawn = np.append(day, 1.04 * day[-1])
            base = np.zeros(drawn.size)
            for name, _, colour in payers:
                more = np.maximum(_held(one[name].values) / scale, 0)
                axes.fill_between(drawn, base, base + more, color=colour, linewidth=0, alpha=0.8, step="post")
                base = base + more
            axes.plot(drawn, _held(one["cost"].values) / scale, color=INK, linewidth=1.8)
            axes.set_ylim(0, 1.08 * top)
            axes.set_xlim(0, drawn[-1])
            axes.set_title(PATHS.get(path, path), fontsize=12, color=INK, loc="left")
            axes.locator_params(axis="x", nbins=4)
            if narrow or k == 0:
                axes.set_ylabel(unit)
            if not narrow or k == len(paths) - 1:
                axes.set_xlabel("Days since the accident")
            plain_ticks(axes, "y")
            quiet(axes, grid="y")
            for t in range(day.size):
                told = ", ".join(f"{word} {money(float(one[name].values[t]))}" for name, word, _ in payers)
                cost = float(one["cost"].values[t])
                hits.append(
                    Hit(
                        axes, day[t], cost / scale, f"Day {whole(day[t])}: cost {money(cost)}; paid by {told}"
                    )
                )
        marks = [swatch(f"paid by {word}", colour) for _, word, colour in payers]
        key(plate, [*marks, ("cost that has arisen", swatch("", INK)[1])], 2 if narrow else 4)
        return hits

    gaps = {path: float(cash["largest_gap"].sel(path=path)) for path in paths}
    worst = max(gaps, key=lambda p: gaps[p])
    title = (
        f"{PATHS.get(worst, worst)}: at the worst {money(gaps[worst])} of the cost is unpaid, and the insurer's last "
        f"payment comes on day {whole(float(cash['last_payment'].sel(path=worst)))}"
    )
    alt = f"Cost and payments of a claim by day, one panel for each of {len(paths)} paths. {title}."
    wide, narrow = paint("claims-cash", painter, 330, 640, alt)
    note = (
        "Areas: what each has paid by that day, one upon the other. Line: the cost that has arisen. Between the two "
        "victims and contractors wait for their money. "
        f"{_claim(cash)}"
    )
    return Chart("claims-cash", title, alt, wide, narrow, _cash_table(cash), note)


def _claim(cash: xr.Dataset) -> str:
    """Return what the claim is, and how often there is one."""
    if "claims_per_year" not in cash.attrs:
        return "The claim is an example of the model's size, not a case on record."
    often = significant(float(cash.attrs["claims_per_year"]))
    return (
        f"The claim is the {cash.attrs['claim']}, of which the model has {often} a year in the zone; it is not a case "
        "on record. Most claims are smaller: a few large ones make the mean."
    )


def _held(values: np.ndarray) -> np.ndarray:
    """Return the values with the last one once more."""
    return np.append(values, values[-1])


def _bends(cash: xr.Dataset) -> np.ndarray:
    """Return the days on which any line bends: between them all lines are straight, and need no points."""
    lines = np.concatenate([cash[name].values for name in ("cost", "insurer", "operator", "public")])
    bend = np.abs(np.diff(lines, n=2, axis=1)).max(axis=0) > 1e-9 * max(float(np.abs(lines).max()), 1.0)
    return np.unique([0, *(np.flatnonzero(bend) + 1), cash.sizes["day"] - 1])


def _cash_table(cash: xr.Dataset) -> Table:
    scale, unit = money_unit(cash["cost"].values.ravel())
    rows: list[list[Cell]] = []
    for path in (str(p) for p in cash["path"].values):
        one = cash.sel(path=path)
        rows.append(
            [
                words(PATHS.get(path, path)),
                figure(float(one["cost"].values[-1]), scale=scale),
                *(
                    figure(float(one[name].values[-1]), scale=scale)
                    for name in ("insurer", "operator", "public")
                ),
                figure(float(one["largest_gap"]), scale=scale),
                Cell(whole(float(one["first_payment"])), float(one["first_payment"])),
                Cell(whole(float(one["last_payment"])), float(one["last_payment"])),
            ]
        )
    return table(
        "What a claim costs and who has paid it in the end",
        [
            Column("Path", number=False),
            Column("Cost", unit),
            Column("Insurer", unit),
            Column("Operator or estate", unit),
            Column("Public purse", unit),
            Column("Most that was unpaid", unit),
            Column("First payment of the insurer", "day"),
            Column("Last payment of the insurer", "day"),
        ],
        rows,
    )
