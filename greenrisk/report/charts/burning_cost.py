# SPDX-License-Identifier: Apache-2.0
"""The pure premium beside plain burning costs of other periods."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.ladder import Rung, ladder
from greenrisk.report.charts.plate import Chart, Hit, paint
from greenrisk.report.table import Column, figure, interval, table, words
from greenrisk.report.wording import as_printed, percent, significant, times

MODEL, PLAIN = "This model", "Plain average"
"""How the label of this model's own row begins, and how those of the plain averages begin."""


def burning_cost_chart(data: xr.Dataset) -> Chart:
    """Draw one rung a method.

    Parameters
    ----------
    data : xarray.Dataset
        Over (method): ``label``, ``burnt_area`` [ha/year], ``pure_premium_per_mu``, ``low`` and ``high`` [CNY/mu],
        ``note``.
    """
    label, note = ([str(v) for v in data[name].values] for name in ("label", "note"))
    cost, low, high = (data[name].values.astype(float) for name in ("pure_premium_per_mu", "low", "high"))
    rungs = [
        Rung(name, value, lo, hi, name.startswith(MODEL), "CNY per mu")
        for name, value, lo, hi in zip(label, cost, low, high, strict=True)
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        return ladder(plate, narrow, rungs, "Pure premium for fire, CNY per mu a year")

    title = _title(rungs)
    alt = f"Pure premium for fire per mu by method. {title}."
    wide, narrow = paint("burning-cost", painter, 70 + 44 * len(rungs), 70 + 52 * len(rungs), alt)
    burnt = data["burnt_area"].values.astype(float)
    numbers = table(
        "Pure premium for fire by method",
        [
            Column("Method", number=False),
            Column("Burnt forest", "ha a year"),
            Column("Pure premium", "CNY per mu"),
            Column("90 % interval", "CNY per mu"),
            Column("Note", number=False),
        ],
        [
            [words(n), figure(a), figure(c), interval(lo, hi), words(why)]
            for n, a, c, lo, hi, why in zip(label, burnt, cost, low, high, note, strict=True)
        ],
    )
    reasons = " ".join(
        f"{n}: {as_printed(why)}." for n, why in zip(label, note, strict=True) if why and n.startswith(PLAIN)
    )
    return Chart(
        "burning-cost",
        title,
        alt,
        wide,
        narrow,
        numbers,
        " ".join(filter(None, (reasons, _above_trend(rungs)))),
    )


def _above_trend(rungs: Sequence[Rung]) -> str:
    """Say why the model lies above the burning cost that is brought to its year, where it does."""
    trended = [r for r in rungs if not r.ours and not r.label.startswith(PLAIN) and np.isfinite(r.value)]
    ours = [r for r in rungs if r.ours and np.isfinite(r.value)]
    if not trended or not ours or ours[0].value <= trended[0].value:
        return ""
    return (
        f"The model lies above the burning cost {trended[0].label} because it adds what that history does not hold: "
        "the tail of fires larger than any counted, and the years that are bad for all provinces at once."
    )


def _title(rungs: Sequence[Rung]) -> str:
    known = [rung for rung in rungs if np.isfinite(rung.value) and rung.value > 0]
    plain = sorted((r for r in known if r.label.startswith(PLAIN)), key=lambda r: -r.value)
    ours = [r for r in known if r.ours]
    parts = []
    if len(plain) > 1:
        most, least = plain[0], plain[-1]
        years = least.label.removeprefix(PLAIN).strip()
        parts.append(
            f"For fire alone the {_inside(most.label)} is {times(most.value / least.value)} that of {years}"
        )
    if ours:
        other = [r.value for r in plain]
        place = f", {_where(ours[0].value, other)}" if other else ""
        parts.append(f"the model takes {significant(ours[0].value)} CNY per mu{place}")
    return "; ".join(parts) or "There is nothing to compare with"


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


def _where(value: float, others: Sequence[float]) -> str:
    if value > max(others):
        return "above both plain averages" if len(others) == 2 else "above the plain averages"
    if value < min(others):
        lower = "lower plain average" if len(others) > 1 else "plain average"
        return f"{percent(value / min(others))} of the {lower}"
    return "between them"
