# SPDX-License-Identifier: Apache-2.0
"""What the threshold of the tail and the cap do to the expected loss: two thresholds, three caps, shapes beside."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.pollution.severity.heads import HEAD_WORDS, HEADS
from greenrisk.report.charts.key import key, swatch
from greenrisk.report.charts.plate import ACCENT, INK, SECOND, Chart, Hit, paint, plain_ticks, quiet
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money, money_unit, significant, span

CAPS: Final = {
    "physical": "What is physically possible",
    "asset": "The operator's assets",
    "policy": "A limit of cover",
}
THRESHOLDS: Final = {
    "p80": ("Tail from the 80 % quantile", ACCENT),
    "p90": ("Tail from the 90 % quantile", SECOND),
}
_HEADS: Final = dict(zip(HEADS, HEAD_WORDS, strict=True))


def severity_alternatives_chart(data: xr.Dataset) -> Chart:
    """Draw the expected loss of a year under each threshold and cap.

    Parameters
    ----------
    data : xarray.Dataset
        The group ``/severity_alternatives``.
    """
    loss = data["pure_premium"].sum("head").transpose("cap", "threshold").values.astype(float)
    caps = [str(c) for c in data["cap"].values]
    thresholds = [str(t) for t in data["threshold"].values]
    amounts = data["cap_amount"].values.astype(float)
    names = [f"{CAPS.get(c, c)}, {money(a)}" for c, a in zip(caps, amounts, strict=True)]
    scale, unit = money_unit(loss.ravel())
    height = 0.7 / len(thresholds)

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        hits = []
        top = float(loss.max()) / scale or 1.0
        for j, threshold in enumerate(thresholds):
            for i in range(len(caps)):
                value, y = float(loss[i, j]) / scale, i + (j - (len(thresholds) - 1) / 2) * height
                axes.barh(y, value, height=0.9 * height, color=THRESHOLDS.get(threshold, ("", ACCENT))[1])
                axes.annotate(
                    significant(value),
                    (value, y),
                    xytext=(5, 0),
                    textcoords="offset points",
                    va="center",
                    color=INK,
                    fontsize=10.5,
                )
                words_ = THRESHOLDS.get(threshold, (threshold, ""))[0]
                hits.append(
                    Hit(
                        axes,
                        value / 2,
                        y,
                        f"{words_}, cap {names[i]}: {money(value * scale)} a year",
                        value,
                        height,
                    )
                )
        ticks = [name.replace(", ", ",\n") for name in names]
        axes.set_yticks(range(len(caps)), ticks)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=10.5)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.15 * top)
        axes.set_xlabel(f"{unit} a year" if narrow else f"Expected loss before any policy, {unit} a year")
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        plain_ticks(axes, "x")
        quiet(axes, spines=(), grid="x")
        key(
            plate,
            [swatch(*THRESHOLDS.get(t, (t, ACCENT))) for t in thresholds],
            1 if narrow else len(thresholds),
        )
        return hits

    title = _title(data, loss)
    alt = f"Bars of the expected loss under {len(caps)} caps and {len(thresholds)} thresholds of the tail. {title}."
    rows = len(caps)
    wide, narrow = paint("severity-alternatives", painter, 110 + 62 * rows, 130 + 66 * rows, alt)
    endless = data["mean_is_infinite"].values.astype(bool)
    note = (
        "Insured plants, in closed form, so without simulation error; every head capped by itself, before deductible, "
        "sublimits and the limit of an accident. A tail whose shape is 1 or more has no finite mean: without a cap "
        "there is no premium. "
        if endless.any()
        else "Insured plants, in closed form; every head capped by itself, before deductible, sublimits and limit. "
    )
    if {"asset", "policy"} & set(caps):
        note += (
            "Assets and limit of cover are those of the middle of all plants; for the limit, one without cover counts "
            "with the largest of the zone. "
        )
    if "premium_before_terms" in data:
        low, high = (float(end(data["premium_before_terms"])) for end in (np.min, np.max))
        note += (
            f"With loadings these losses would be premiums of {span(low, high, 'CNY/year')}: before the terms of any "
            "policy and without cost of capital, so that the premium of the policies is another one. "
        )
    return Chart(
        "severity-alternatives", title, alt, wide, narrow, shapes_table(data), note.rstrip(), opened=True
    )


def _title(data: xr.Dataset, loss: np.ndarray) -> str:
    by_cap = float((loss.max(axis=0) / loss.min(axis=0)).max())
    by_threshold = float((loss.max(axis=1) / loss.min(axis=1)).max())
    shape = data["tail_shape"]
    known = [str(h) for h in data["head"].values if bool(np.isfinite(shape.sel(head=h)).all())]
    told = ""
    if known and data.sizes["threshold"] > 1:
        move = {h: float(shape.sel(head=h).max() - shape.sel(head=h).min()) for h in known}
        head = max(move, key=lambda h: move[h])
        ends = [float(v) for v in shape.sel(head=head).values]
        told = f"; the shape of {_HEADS.get(head, head).lower()} moves from {ends[0]:.2f} to {ends[-1]:.2f}"
    return (
        f"The cap moves the expected loss by a factor of {significant(by_cap, 2)}, the threshold of the tail by "
        f"{significant(by_threshold, 2)}{told}"
    )


def shapes_table(data: xr.Dataset) -> Table:
    """Return shape, expected loss and share at the cap by head, threshold and cap."""
    caps = [str(c) for c in data["cap"].values]
    losses = data["pure_premium"].values.astype(float)
    scale, unit = money_unit(losses.ravel())
    rows: list[list[Cell]] = []
    for head in data["head"].values:
        for threshold in data["threshold"].values:
            one = data.sel(head=head, threshold=threshold)
            shape = float(one["tail_shape"])
            mean = "infinite" if bool(one["mean_is_infinite"]) else "finite"
            rows.append(
                [
                    words(_HEADS.get(str(head), str(head))),
                    words(
                        THRESHOLDS.get(str(threshold), (str(threshold), ""))[0].removeprefix("Tail from the ")
                    ),
                    Cell(
                        f"{shape:.2f}" if np.isfinite(shape) else "\u2013",
                        shape if np.isfinite(shape) else None,
                    ),
                    words(mean),
                    *(figure(float(one["pure_premium"].sel(cap=c)), scale=scale) for c in caps),
                ]
            )
    return table(
        "Tail and expected loss of a year by head, threshold and cap",
        [
            Column("Head of loss", number=False),
            Column("Tail from the", number=False),
            Column("Shape of the tail"),
            Column("Mean without a cap", number=False),
            *(Column(f"Cap: {CAPS.get(c, c).lower()}", unit) for c in caps),
        ],
        rows,
    )
