# SPDX-License-Identifier: Apache-2.0
"""Published accidents in China beside what an accident of the model costs: compared, not validated."""

from __future__ import annotations

import textwrap

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.plate import ACCENT, INK, PAPER, SOFT, Chart, Hit, paint, quiet
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money, money_unit, percent

COMPARED = ("yes", "bound")
"""What a row says of itself where its amount is the direct loss of a sudden release, or a bound of it."""


def china_accidents_chart(accidents: xr.Dataset, losses: xr.Dataset) -> Chart:
    """Draw the model's direct loss and the published accidents on it.

    Parameters
    ----------
    accidents : xarray.Dataset
        The group ``/checks/china_accidents``.
    losses : xarray.Dataset
        The group ``/checks/accident_losses``: quantiles of the part ``direct_loss``.
    """
    quantile = losses["quantile"].sel(part="direct_loss")
    beyond = 1.0 - quantile["probability"].values.astype(float)
    model = quantile.values.astype(float)
    keep = model > 0
    published = accidents["direct_loss"].values.astype(float)
    exceeded = accidents["exceeded"].values.astype(float)
    counts = np.isin(accidents["compared"].values.astype(str), COMPARED)
    floor = 0.3 * float(min([*beyond[keep], *exceeded[exceeded > 0]], default=1e-4))
    names = [
        f"{accidents['place'].values[i]} {str(accidents['date'].values[i])[:4]}"
        for i in range(published.size)
    ]

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        axes = plate.subplots()
        axes.plot(model[keep], beyond[keep], color=ACCENT, linewidth=2)
        axes.annotate(
            "the model's accidents" if narrow else "accidents of the model",
            (model[keep][0], beyond[keep][0]),
            xytext=(4, 10),
            textcoords="offset points",
            color=ACCENT,
            fontweight="bold",
        )
        hits = []
        for i, (x, y) in enumerate(zip(published, exceeded, strict=True)):
            place = max(float(y), floor)
            axes.plot(
                x, place, "o", markersize=8 if counts[i] else 7, color=INK if counts[i] else SOFT,
                markerfacecolor=INK if counts[i] else PAPER, markeredgewidth=1.4,
            )  # fmt: skip
            share = percent(float(y)) if y > 0 else "none"
            hits.append(
                Hit(axes, float(x), place, f"{names[i]}, {accidents['company'].values[i]}: {money(float(x))} "
                    f"({accidents['status'].values[i]}); {share} of the model's accidents cost more")
            )  # fmt: skip
        axes.set_xscale("log")
        axes.set_yscale("log")
        low = 10 ** np.floor(np.log10(min([*model[keep], *published[published > 0]])))
        high = 10 ** np.ceil(np.log10(max([*model[keep], *published])))
        axes.set_xlim(low, high)
        axes.set_ylim(0.8 * floor, 1.0)
        decades = [
            10.0**k for k in range(round(np.log10(low)), round(np.log10(high)) + 1, 2 if narrow else 1)
        ]
        axes.set_xticks(decades, [_amount(v) for v in decades])
        shares = [v for v in (0.5, 0.1, 0.01, 0.001, 0.0001) if v >= floor]
        axes.set_yticks(shares, [percent(v, 1) for v in shares])
        axes.minorticks_off()
        axes.set_xlabel(
            "Direct loss, CNY (logarithmic)" if narrow else "Direct loss of an accident, CNY (logarithmic)"
        )
        axes.set_ylabel(
            "Accidents that cost more" if narrow else "Share of accidents that cost more (logarithmic)"
        )
        quiet(axes, spines=("bottom",), grid="both")
        return hits

    title = _title(accidents, counts, exceeded, names)
    alt = f"Curve of the model's direct loss with {published.size} published accidents. {title}."
    wide, narrow = paint("china-accidents", painter, 400, 360, alt)
    note = (
        "Full dots: direct losses of sudden releases, which the model may be set beside. Rings: other amounts, such as "
        "long pollution, explosions and single claims, for their size only. Published accidents are those that made "
        "news: they say nothing of the middle. Each dot is drawn at the height that the model gives its loss: lying on "
        "the curve says nothing of the model. A dot on the lowest line is beyond every accident drawn."
    )
    return Chart("china-accidents", title, alt, wide, narrow, _numbers(accidents, names), note)


def _amount(value: float) -> str:
    for scale, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if value >= scale:
            return f"{value / scale:g}\n{word}"
    return f"{value:g}"


def _title(accidents: xr.Dataset, counts: np.ndarray, exceeded: np.ndarray, names: list[str]) -> str:
    if not counts.any():
        return "No published accident is comparable with the model's"
    own = np.flatnonzero(counts)
    low, high = float(exceeded[own].min()), float(exceeded[own].max())
    least = f"{percent(low)}" if low > 0 else "none"
    return (
        f"Compared with {own.size} sudden releases in China: {least} to {percent(high)} of the model's accidents cost "
        "more than they did"
    )


def _numbers(accidents: xr.Dataset, names: list[str]) -> Table:
    amounts = accidents["direct_loss"].values.astype(float)
    scale, unit = money_unit(amounts)
    order = np.argsort(-amounts, kind="stable")
    told = {"yes": "yes", "bound": "yes, as a bound", "no": "no"}
    rows: list[list[Cell]] = [
        [
            words(names[i], status=str(accidents["status"].values[i])),
            words(textwrap.shorten(str(accidents["mechanism"].values[i]), 90, placeholder=" \u2026")),
            words(str(accidents["sort"].values[i]).replace("_", " ")),
            words(told.get(str(accidents["compared"].values[i]), str(accidents["compared"].values[i]))),
            figure(float(amounts[i]), scale=scale),
            Cell(
                percent(float(accidents["exceeded"].values[i])),
                float(accidents["exceeded"].values[i]),
                f"± {percent(float(accidents['standard_error'].values[i]))}",
            ),
        ]
        for i in order
    ]
    return table(
        "Published accidents and the model",
        [
            Column("Accident", number=False),
            Column("What happened", number=False),
            Column("Kind", number=False),
            Column("Compared", number=False),
            Column("Published amount", unit),
            Column("Model's accidents that cost more ± simulation"),
        ],
        rows,
    )
