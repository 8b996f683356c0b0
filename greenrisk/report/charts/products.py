# SPDX-License-Identifier: Apache-2.0
"""The premium of this book beside the all-peril premiums of products that were sold."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from greenrisk.report.charts.ladder import Rung, ladder
from greenrisk.report.charts.plate import Chart, Hit, paint
from greenrisk.report.table import Column, figure, table, words
from greenrisk.report.wording import MISSING, percent, significant, times
from greenrisk.resource.vocabulary import PERIL_WORDS

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""Numbers of perils in words."""


def products_chart(
    products: xr.Dataset, gross_per_mu: float, gross_per_mille: float, perils: tuple[str, ...] = ("wildfire",)
) -> Chart:
    """Draw products by premium per mu, and this book's premium among them.

    Parameters
    ----------
    products : xarray.Dataset
        Over (product): ``region``, ``year``, ``object``, ``sum_insured`` and ``premium_per_mu`` [CNY/mu],
        ``rate_per_mille``, ``source``.
    gross_per_mu, gross_per_mille : float
        This report's gross rate [CNY/mu], [per mille of the sum insured].
    perils : tuple of str
        Kinds of the perils that it covers.
    """
    covers = (
        f"{PERIL_WORDS.get(perils[0], perils[0])} only"
        if len(perils) == 1
        else f"{COUNTS[len(perils)]} perils"
    )
    premium = products["premium_per_mu"].values.astype(float)
    rate = products["rate_per_mille"].values.astype(float)
    known = np.flatnonzero(np.isfinite(premium))
    order = known[np.argsort(-premium[known], kind="stable")]
    text = {name: [str(v) for v in products[name].values] for name in ("region", "year", "object", "source")}
    rungs = [
        Rung(", ".join((f"{region} {year}", what)), float(value), tells="CNY per mu, all perils")
        for region, year, what, value in (
            (*(text[n][i] for n in ("region", "year", "object")), premium[i]) for i in order
        )
    ]
    rungs.append(Rung(f"This book, {covers}", gross_per_mu, ours=True, tells=f"CNY per mu, {covers}"))

    def painter(plate: Figure, narrow: bool) -> list[Hit]:
        return ladder(plate, narrow, rungs, "Gross premium, CNY per mu a year")

    middle = float(np.median(premium[known])) if known.size else float("nan")
    title = _title(gross_per_mu, middle, perils)
    alt = f"Premium per mu of {known.size} products and of this book. {title}."
    wide, narrow = paint("products", painter, 70 + 34 * len(rungs), 70 + 46 * len(rungs), alt)
    rows = [
        [
            words(text["region"][i]),
            words(text["year"][i]),
            words(text["object"][i]),
            figure(float(products["sum_insured"].values[i])),
            figure(float(rate[i])),
            figure(float(premium[i])),
            words(text["source"][i] or MISSING),
        ]
        for i in range(premium.size)
    ]
    rows.append(
        [
            words("This book"),
            words(""),
            words(covers),
            figure(1000 * gross_per_mu / gross_per_mille if gross_per_mille else float("nan")),
            figure(gross_per_mille, 4),
            figure(gross_per_mu, 4),
            words("this report"),
        ]
    )
    numbers = table(
        "Products seen",
        [
            Column("Region", number=False),
            Column("Year", number=False),
            Column("Insured", number=False),
            Column("Sum insured", "CNY per mu"),
            Column("Rate", "per mille of sum insured"),
            Column("Premium", "CNY per mu"),
            Column("Source", number=False),
        ],
        rows,
        totals=1,
    )
    note = (
        "The products cover fire, storm, flood, frost, snow, drought and pests together, in other years and at other "
        "sums insured: a check of the order of magnitude, not of the rate."
    )
    return Chart("products", title, alt, wide, narrow, numbers, note)


def _title(gross_per_mu: float, middle: float, perils: tuple[str, ...]) -> str:
    part = gross_per_mu / middle
    if len(perils) == 1:
        name = PERIL_WORDS.get(perils[0], perils[0])
        return (
            f"{name[:1].upper()}{name[1:]} alone costs {significant(gross_per_mu)} CNY per mu, {percent(part)} of the "
            f"median all-peril product: {name} is a minor part of what such policies cover"
        )
    beside = times(part) if part >= 1 else f"{percent(part)} of"
    return (
        f"With {COUNTS[len(perils)]} perils this book costs {significant(gross_per_mu)} CNY per mu, {beside} the "
        "median product seen; the two are compared, neither is fitted to the other"
    )
