# SPDX-License-Identifier: Apache-2.0
"""The pure premium beside plain burning costs of other periods."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.ladder import Rung, ladder
from greenrisk.report.charts.plate import Chart, Hit, paint
from greenrisk.report.table import Column, figure, interval, table, words
from greenrisk.report.wording import significant, times

MODEL = "model"
"""Name of the row that is this model's own number."""


def burning_cost_chart(data: xr.Dataset) -> Chart:
    """Draw one rung a method.

    Parameters
    ----------
    data : xarray.Dataset
        Over (method): ``label``, ``burnt_area`` [ha/year], ``pure_premium_per_mu``, ``low`` and ``high`` [CNY/mu],
        ``note``.
    """
    method = [str(v) for v in data["method"].values]
    label = [str(v) for v in data["label"].values]
    cost = data["pure_premium_per_mu"].values.astype(float)
    low, high = data["low"].values.astype(float), data["high"].values.astype(float)
    rungs = [
        Rung(name, value, lo, hi, key.startswith(MODEL), "CNY per mu")
        for key, name, value, lo, hi in zip(method, label, cost, low, high, strict=True)
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        return ladder(plate, narrow, rungs, "Pure premium, CNY per mu of insured forest a year")

    plain = [i for i, rung in enumerate(rungs) if not rung.ours and np.isfinite(rung.value)]
    most, least = max(plain, key=cost.__getitem__), min(plain, key=cost.__getitem__)
    title = (
        f"{label[most]} is {times(cost[most] / cost[least])} {_inside(label[least])}"
        if cost[least] > 0
        else f"{label[most]} gives {significant(cost[most])} CNY per mu"
    )
    ours = [rung for rung in rungs if rung.ours and np.isfinite(rung.value)]
    if ours and ours[0].value > 0:
        title += f"; the model's {significant(ours[0].value)} CNY per mu lies " + _where(
            ours[0].value, cost[plain]
        )
    alt = f"Pure premium per mu by method. {title}."
    wide, narrow = paint("burning-cost", painter, 70 + 44 * len(rungs), 70 + 52 * len(rungs), alt)
    rows = [
        [words(n), figure(a), figure(c), interval(lo, hi), words(note)]
        for n, a, c, lo, hi, note in zip(
            label, data["burnt_area"].values.astype(float), cost, low, high, data["note"].values, strict=True
        )
    ]
    numbers = table(
        "Pure premium by method",
        [
            Column("Method", number=False),
            Column("Burnt forest", "ha a year"),
            Column("Pure premium", "CNY per mu"),
            Column("90 % interval", "CNY per mu"),
            Column("Note", number=False),
        ],
        rows,
    )
    return Chart("burning-cost", title, alt, wide, narrow, numbers)


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


def _where(value: float, others: np.ndarray) -> str:
    if value > others.max():
        return "above all of them"
    return "below all of them" if value < others.min() else "between them"
