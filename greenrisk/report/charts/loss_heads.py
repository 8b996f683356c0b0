# SPDX-License-Identifier: Apache-2.0
"""What a year costs under each head of loss, what the policies pay of it, and why not the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from greenrisk.pollution.liability.terms import REASON_WORDS, REASONS
from greenrisk.pollution.severity.heads import HEAD_WORDS, HEADS
from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import (
    ACCENT,
    BREACH,
    INK,
    PAPER,
    PURPLE,
    SECOND,
    Chart,
    Hit,
    paint,
    plain_ticks,
    quiet,
)
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import money, money_unit, percent, significant

PARTS: Final = {
    "Paid by policies": (ACCENT, ()),
    "Above a limit": (BREACH, ("person_limit", "sublimit", "accident_limit", "annual_limit")),
    "No policy": (PURPLE, ("no_policy",)),
    "Deductible": ("#9aa4ae", ("deductible",)),
    "Excluded or too late": (SECOND, ("deliberate", "gradual", "late_claim")),
}
"""Part of a bar -> its colour and the reasons that it gathers."""

LOST: Final = {
    "Above a limit": "above a limit",
    "No policy": "for want of a policy",
    "Deductible": "in deductibles",
    "Excluded or too late": "to exclusions or late claims",
}
"""Part that is not paid -> how a sentence says why."""

_HEADS: Final = dict(zip(HEADS, HEAD_WORDS, strict=True))
_REASONS: Final = dict(zip(REASONS, REASON_WORDS, strict=True))


def loss_heads_chart(heads: xr.Dataset, errors: Mapping[str, float] | None = None) -> Chart:
    """Draw the expected loss by head, each bar split into what is paid and what is not.

    Parameters
    ----------
    heads : xarray.Dataset
        The group ``/heads``: of the simulated years ``ground_up`` and ``insured`` by head, ``uninsured`` by head and
        reason; ``expected``, the closed form, by head [CNY/year].
    errors : mapping of str to float, optional
        Simulation error of each head's expected loss [CNY/year].
    """
    exact = "expected" in heads
    order = heads["expected" if exact else "ground_up"].values
    data = heads.isel(head=np.argsort(-order, kind="stable"))
    names = [_HEADS.get(str(h), str(h)) for h in data["head"].values]
    total = data["ground_up"].values.astype(float)
    error = np.array([(errors or {}).get(str(h), np.nan) for h in data["head"].values])
    parts = {name: _part(data, reasons) for name, (_, reasons) in PARTS.items()}
    expected = data["expected" if exact else "ground_up"].values.astype(float)
    scale, unit = money_unit([*total, *expected])
    top = float(total.max(initial=0.0)) / scale or 1.0
    ends = np.fmax(total + np.nan_to_num(error), expected)
    reach = float(ends.max(initial=0.0)) / scale or 1.0
    shown = [name for name, amounts in parts.items() if amounts.sum() > 0]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        left = np.zeros(total.size)
        for name in shown:
            amounts = parts[name] / scale
            axes.barh(range(total.size), amounts, left=left, color=PARTS[name][0], height=0.6)
            hits += [
                Hit(
                    axes,
                    left[i] + a / 2,
                    i,
                    f"{names[i]}, {name.lower()}: {money(a * scale)} a year",
                    max(a, 0.004 * top),
                    0.6,
                )
                for i, a in enumerate(amounts)
                if a > 0
            ]
            left = left + amounts
        for i, value in enumerate(total / scale):
            paid = parts["Paid by policies"][i] / total[i] if total[i] > 0 else float("nan")
            if np.isfinite(error[i]):
                axes.hlines(
                    i, max(0.0, value - error[i] / scale), value + error[i] / scale, color=INK, linewidth=1.6
                )
            axes.annotate(
                f"{significant(value)}{_beside(error[i] / scale)}"
                + ("" if narrow else f"  ({percent(paid)} paid)"),
                (ends[i] / scale, i),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                fontsize=11,
            )
        if exact:
            axes.plot(
                expected / scale,
                range(total.size),
                "D",
                color=INK,
                markersize=7,
                markeredgecolor=PAPER,
                markeredgewidth=1,
                zorder=5,
            )
            hits += [
                Hit(axes, e / scale, i, f"{names[i]}, closed form: {money(e)} a year", 0.02 * reach, 0.4)
                for i, e in enumerate(expected)
            ]
        axes.set_yticks(range(total.size), [n.replace(" and ", "\nand ") if narrow else n for n in names])
        axes.tick_params(axis="y", labelcolor=INK, labelsize=11)
        axes.set_ylim(total.size - 0.5, -0.5)
        axes.set_xlim(0, (1.45 if narrow else 1.35) * reach)
        axes.set_xlabel(f"Expected loss, {unit} a year")
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        marks = [swatch(name, PARTS[name][0]) for name in shown]
        if exact:
            marks.append(("Closed form", Line2D([], [], marker="D", color=INK, linestyle="", markersize=7)))
        key(plate, marks, 2 if narrow else len(marks))
        return hits

    whole, paid = float(expected.sum()), float(parts["Paid by policies"].sum())
    lost = max(
        (name for name in shown if name != "Paid by policies"),
        key=lambda n: float(parts[n].sum()),
        default="",
    )
    title = f"Of an expected loss of {money(whole)} a year the policies pay {percent(paid / whole if whole else 0.0)}"
    if lost:
        rest = float(total.sum()) - paid
        title += f"; of the rest, {percent(float(parts[lost].sum()) / rest)} is lost {LOST[lost]}"
    alt = f"Bars of the expected loss by head, split into what is paid and why not the rest. {title}."
    rows = total.size
    wide, narrow = paint("loss-heads", painter, 110 + 44 * rows, 130 + 48 * rows, alt)
    note = (
        f"Bars{', and what is lost of the rest' if lost else ''}: means of the simulated years; thin dark line: one "
        f"standard error of the simulation. {_exactly(float(total.sum())) if exact else ''}Third parties' "
        "property, emergency response and clean-up come from US pipeline "
        "accidents; bodily injury and legal cost are in no open file and rest on cards of judgement. Damage on the "
        "plant's own site is in none of them."
    )
    return Chart("loss-heads", title, alt, wide, narrow, _numbers(data), note)


def _beside(error: float) -> str:
    return f" ± {significant(error, 2)}" if np.isfinite(error) else ""


def _exactly(simulated: float) -> str:
    """Say what the marks of the closed form are beside the bars."""
    return (
        f"Diamonds: closed form, which the page takes for what accidents cost; the bars add up to {money(simulated)}, "
        "because a few dear years more or less move the mean of a heavy tail. "
    )


def _part(data: xr.Dataset, reasons: tuple[str, ...]) -> np.ndarray:
    if not reasons:
        return np.asarray(data["insured"].values, dtype=float)
    known = [r for r in reasons if r in data["reason"].values]
    return np.asarray(data["uninsured"].sel(reason=known).sum("reason").values, dtype=float)


def _numbers(data: xr.Dataset) -> Table:
    reasons = [str(r) for r in data["reason"].values if float(data["uninsured"].sel(reason=r).sum()) > 0]
    total, paid = (data[name].values.astype(float) for name in ("ground_up", "insured"))
    expected = data["expected"].values.astype(float) if "expected" in data else None
    scale, unit = money_unit(total)
    rows: list[list[Cell]] = []
    for i in [*range(total.size), -1]:

        def amount(values: np.ndarray, i: int = i) -> float:
            return float(values.sum() if i < 0 else values[i])

        whole = amount(total)
        rows.append(
            [
                words(
                    "All heads"
                    if i < 0
                    else _HEADS.get(str(data["head"].values[i]), str(data["head"].values[i]))
                ),
                figure(amount(data["accidents"].values.astype(float))) if i >= 0 else Cell("\u2013"),
                *([] if expected is None else [figure(amount(expected), scale=scale)]),
                figure(whole, scale=scale),
                figure(amount(paid), scale=scale),
                share(amount(paid) / whole if whole else float("nan")),
                *(figure(amount(data["uninsured"].sel(reason=r).values), scale=scale) for r in reasons),
            ]
        )
    return table(
        "Expected loss of a year by head and what becomes of it",
        [
            Column("Head of loss", number=False),
            Column("Accidents with such a loss", "a year"),
            *([] if expected is None else [Column("Loss, closed form", unit)]),
            Column("Loss, simulated" if expected is not None else "Loss", unit),
            Column("Paid", unit),
            Column("Share paid, simulated" if expected is not None else "Share paid"),
            *(Column(_REASONS.get(r, r), unit) for r in reasons),
        ],
        rows,
        totals=1,
    )
