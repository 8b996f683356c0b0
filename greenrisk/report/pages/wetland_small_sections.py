# SPDX-License-Identifier: Apache-2.0
"""Sections of the wetland page on small covers beside the sites, and on products that are sold elsewhere."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.pages.index_words import numbers, texts, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.wetland_words import SMALL_NAMES, UNIT_NAMES
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, interval, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    MISSING,
    money,
    money_unit,
    significant,
    unit_words,
    whole,
)


def small_section(tree: xr.DataTree) -> Section | None:
    """Return the small covers and what prevention saves."""
    small = group(tree, "small_covers")
    if small is None or not small.sizes.get("cover", 0):
        return None
    parts = [
        Part(
            "Price of each small cover",
            small_table(small),
            "Number and size of the claims come from judged cards. Pure premium: by the law of the year; beside it the "
            "mean of simulated years. Gross premium: of each cover alone. Among all covers of the run they need less "
            "capital and cost less, as in the premium by cover.",
        )
    ]
    spend = numbers(small, "prevention_spend")
    if np.isfinite(spend).any():
        parts.append(
            Part(
                "Prevention paid for by the insurer",
                prevention_table(small.isel(cover=np.flatnonzero(np.isfinite(spend)))),
                "Worth it for the insurer where a yuan saves more than a yuan of payments. Illustrative: what is spent "
                "is the scenario's own number, what it avoids a judged card, and no trial stands behind either.",
            )
        )
    total = float(numbers(small, "gross_premium").sum())
    many = small.sizes["cover"]
    what = (
        "One small cover beside the sites costs"
        if many == 1
        else f"{many} small covers beside the sites cost"
    )
    sentence = f"{what} {money(total, CHARGED_DIGITS)} a year."
    return Section("small", "Small covers", sentence, tuple(parts))


def small_table(small: xr.Dataset) -> Table:
    """Return the price of each small cover.

    Parameters
    ----------
    small : xarray.Dataset
        The group ``/small_covers``.
    """
    columns = (
        "pure_premium",
        "pure_low",
        "pure_high",
        "simulated",
        "simulated_error",
        "gross_premium",
        "gross_per_unit",
    )
    pure, low, high, simulated, error, gross, each = (numbers(small, name) for name in columns)
    scale, unit = money_unit(gross)
    units, kinds = texts(small, "unit"), texts(small, "kind")
    held = numbers(small, "units")
    rows: list[list[Cell]] = [
        [
            Cell(
                str(name),
                note=f"{told(SMALL_NAMES, kinds[i])}: {whole(float(held[i]))} {UNIT_NAMES.get(units[i], units[i])}",
            ),
            figure(float(pure[i]), CHARGED_DIGITS, scale=scale),
            interval(float(low[i]), float(high[i]), scale),
            figure(float(simulated[i]), error=float(error[i]), scale=scale),
            figure(float(gross[i]), CHARGED_DIGITS, scale=scale),
            Cell(f"{significant(float(each[i]))} a {units[i]}", float(each[i])),
        ]
        for i, name in enumerate(small["cover"].values.astype(str))
    ]
    return table(
        "Small covers",
        [
            Column("Cover", number=False),
            Column("Pure premium", f"{unit} a year"),
            Column("Knowledge, 90 %", f"{unit} a year"),
            Column("Simulated ± standard error", f"{unit} a year"),
            Column("Gross premium", f"{unit} a year"),
            Column("Gross premium of one", "CNY a year"),
        ],
        rows,
        heard=True,
    )


def prevention_table(small: xr.Dataset) -> Table:
    """Return what prevention costs and saves.

    Parameters
    ----------
    small : xarray.Dataset
        The group ``/small_covers``, covers with prevention alone.
    """
    columns = ("prevention_spend", "prevention_saved", "prevention_per_yuan", "prevention_best")
    spend, saved, per, best = (numbers(small, name) for name in columns)
    scale, unit = money_unit([*spend, *saved])
    rows: list[list[Cell]] = [
        [
            words(str(name)),
            figure(float(spend[i]), scale=scale),
            figure(float(saved[i]), scale=scale),
            figure(float(per[i]), 2),
            figure(float(best[i]), scale=scale),
        ]
        for i, name in enumerate(small["cover"].values)
    ]
    return table(
        "Prevention",
        [
            Column("Cover", number=False),
            Column("Spent", f"{unit} a year"),
            Column("Payments saved", f"{unit} a year"),
            Column("Saved by a yuan", "CNY"),
            Column("Spending that saves most", f"{unit} a year"),
        ],
        rows,
        heard=True,
    )


RATES: Final = {"premium rate": "per mille", "premium of a mu": "CNY/mu"}
"""How a row that sets the premium of the sites beside a printed one begins -> its unit."""

REEF_RATE: Final = "rate on line"
"""How the row of a rate that was computed from print alone begins."""


def _times(ratios: list[float]) -> str:
    """Return the least and the largest ratio; one where both read alike."""
    least, most = significant(min(ratios), 2), significant(max(ratios), 2)
    return least if least == most else f"{least} to {most}"


def rates_part(products: xr.Dataset) -> Part | None:
    """Return the premium rates in print beside the sites' own; None where the run has none.

    Parameters
    ----------
    products : xarray.Dataset
        The group ``/products``.
    """
    what, unit, computed = texts(products, "what"), texts(products, "unit"), numbers(products, "computed")
    printed = numbers(products, "printed")
    found: dict[tuple[str, ...], dict[str, float]] = {}
    ours: dict[str, float] = {}
    keys = list(zip(*(texts(products, name) for name in ("region", "object", "year", "source")), strict=True))
    for i, key in enumerate(keys):
        for head, measured in RATES.items():
            if what[i].startswith(head) and unit[i] == measured:
                found.setdefault(key, {})[measured] = float(printed[i])
                ours[measured] = float(computed[i])
        if what[i].startswith(REEF_RATE):
            found.setdefault(key, {})["per mille"] = 1000.0 * float(computed[i])
    if "per mille" not in ours:
        return None
    own = ours["per mille"]
    rows: list[list[Cell]] = [
        [
            Cell(f"{key[0]}: {key[1]}", note=f"{key[2]}; {key[3]}".strip("; ")),
            figure(rates.get("per mille", np.nan)),
            figure(rates.get("CNY/mu", np.nan)),
            figure(own / rates.get("per mille", np.nan), 2),
        ]
        for key, rates in sorted(found.items(), key=lambda item: item[1].get("per mille", np.nan))
    ]
    rows.append(
        [words("The sites here", status="judged"), figure(own), figure(ours.get("CNY/mu", np.nan)), Cell("1")]
    )
    heads = [
        Column("Product", number=False),
        Column("Premium rate", "per mille of the sum insured"),
        Column("Premium", "CNY per mu"),
        Column("The sites' rate over it", "times"),
    ]
    times = [own / rates["per mille"] for rates in found.values() if rates.get("per mille", 0.0) > 0]
    return Part(
        f"The sites' rate of {significant(own)} per mille is {_times(times)} times the rates "
        "in print: the level of the peril cards is judged",
        table("Premium rates in print", heads, rows, totals=1, heard=True),
        "Gross premium of the cover of the sites over the sum of their limits and over their area. Subsidised forest "
        "covers insure other damage at other places; no price in print supports the level here.",
    )


BESIDE: Final = "beside"
"""Verdict of a row that sets our price beside a printed one."""


def products_section(tree: xr.DataTree) -> Section | None:
    """Return published products computed again from their own figures, and our prices beside them."""
    products = group(tree, "products")
    if products is None or not products.sizes.get("check", 0):
        return None
    verdict = np.array(texts(products, "verdict"))
    rate = np.array([text.startswith(tuple(RATES)) and "sites" in text for text in texts(products, "what")])
    own, beside = np.flatnonzero(verdict != BESIDE), np.flatnonzero((verdict == BESIDE) & ~rate)
    right, wrong = int((verdict == "reproduced").sum()), int((verdict == "not reproduced").sum())
    rates = rates_part(products)
    parts = [] if rates is None else [rates]
    if own.size:
        parts.append(
            Part(
                "Products computed again from their own printed figures",
                products_table(products.isel(check=own)),
            )
        )
    if beside.size:
        parts.append(
            Part(
                "Our figures beside printed ones",
                products_table(products.isel(check=beside), "Ours"),
                "Beside each other, not fitted: other places, objects and terms.",
            )
        )
    sentence = (
        f"Of the printed figures {right} are reproduced and {wrong} are not; nothing was moved to meet them."
    )
    return Section("products", "Products that are sold elsewhere", sentence, tuple(parts))


def products_table(products: xr.Dataset, computed: str = "Computed") -> Table:
    """Return printed figures beside computed ones.

    Parameters
    ----------
    products : xarray.Dataset
        The group ``/products``.
    computed : str
        Head of the computed figures.
    """
    printed, ours, ratio = (numbers(products, name) for name in ("printed", "computed", "ratio"))
    names = ("region", "object", "year", "what", "unit", "verdict", "status", "source", "note")
    region, what_for, year, what, unit, verdict, status, source, note = (
        texts(products, name) for name in names
    )
    rows: list[list[Cell]] = [
        [
            Cell(f"{region[i]}: {what_for[i]}", note=f"{year[i]}; {source[i]}".strip("; "), status=status[i]),
            Cell(what[i].replace(" x ", " \u00d7 "), note=note[i]),
            _with_unit(float(printed[i]), unit[i]),
            _with_unit(float(ours[i]), unit[i]),
            figure(float(ratio[i]), 3),
            *([] if computed == "Ours" else [words(verdict[i] or MISSING)]),
        ]
        for i in range(products.sizes["check"])
    ]
    columns = [
        Column("Product", number=False),
        Column("Figure", number=False),
        Column("Printed"),
        Column(computed),
        Column("Ratio", "times"),
    ]
    if computed != "Ours":
        columns.append(Column("Found", number=False))
    return table("Published products", columns, rows, heard=True)


def _with_unit(value: float, unit: str) -> Cell:
    text = significant(value, CHARGED_DIGITS)
    words_of = unit_words(unit)
    return Cell(f"{text}\u00a0{words_of}" if words_of and np.isfinite(value) else text, value)
