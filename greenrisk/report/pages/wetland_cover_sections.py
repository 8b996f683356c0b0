# SPDX-License-Identifier: Apache-2.0
"""Sections of the wetland page on what is sold beside: parts of the premium, declared link, small covers, products."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.pages.index_words import numbers, texts, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.wetland_words import PART_NAMES, SMALL_NAMES, UNIT_NAMES
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, interval, share, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    MISSING,
    money,
    money_unit,
    percent,
    significant,
    unit_words,
    whole,
)


def parts_section(tree: xr.DataTree) -> Section | None:
    """Return the premium by cover: the sites, the index, small covers; and who pays it."""
    premium, payers = group(tree, "premium"), group(tree, "payers")
    if premium is None or premium.sizes.get("segment", 0) < 2:
        return None
    parts = [Part("Premium by cover", parts_table(premium))]
    if payers is not None:
        parts.append(Part("Who pays it", payers_table(payers)))
    gross = premium["amount"].sel(row="gross_premium").values
    sentence = f"All covers together cost {money(float(gross[0]), CHARGED_DIGITS)} a year."
    return Section("parts", "Premium by cover", sentence, tuple(parts))


def parts_table(premium: xr.Dataset) -> Table:
    """Return pure and gross premium of each cover, their sum last.

    Parameters
    ----------
    premium : xarray.Dataset
        The group ``/premium``; the first segment is the sum of the others.
    """
    pure, gross = (premium["amount"].sel(row=f"{name}_premium").values for name in ("pure", "gross"))
    error = numbers(premium.drop_dims("row"), "pure_standard_error")
    names = premium["segment"].values.astype(str)
    scale, unit = money_unit(gross[1:])
    rows: list[list[Cell]] = [
        [
            words(told(PART_NAMES, names[i])),
            figure(
                float(pure[i]), CHARGED_DIGITS, error=float(error[i]) if error.size else None, scale=scale
            ),
            figure(float(gross[i]), CHARGED_DIGITS, scale=scale),
            share(float(gross[i] / gross[0]) if gross[0] > 0 else float("nan")),
        ]
        for i in [*range(1, names.size), 0]
    ]
    return table(
        "Premium by cover",
        [
            Column("Cover", number=False),
            Column("Pure premium ± simulation", f"{unit} a year"),
            Column("Gross premium", f"{unit} a year"),
            Column("Share"),
        ],
        rows,
        totals=1,
        heard=True,
    )


def payers_table(payers: xr.Dataset) -> Table:
    """Return what each payer pays of the gross premium.

    Parameters
    ----------
    payers : xarray.Dataset
        The group ``/payers``.
    """
    amount = numbers(payers, "amount")
    scale, unit = money_unit(amount)
    rows: list[list[Cell]] = [
        [words(str(name)), share(float(part)), figure(float(paid), CHARGED_DIGITS, scale=scale)]
        for name, part, paid in zip(payers["payer"].values, numbers(payers, "share"), amount, strict=True)
    ]
    columns = [Column("Payer", number=False), Column("Share"), Column("Premium", f"{unit} a year")]
    return table("Who pays the premium", columns, rows, heard=True)


def link_section(tree: xr.DataTree) -> Section | None:
    """Return how index and loss are tied: declared by a card, simulated and in closed form."""
    link = group(tree, "link")
    if link is None:
        return None
    rank, status = float(link.attrs["rank_correlation"]), str(link.attrs.get("status", ""))
    sentence = (
        f"No record has the loss of these sites beside the index. A card declares a rank correlation of "
        f"{significant(rank, 2)} between low water at the sites and the index{f' ({status})' if status else ''}: what "
        "is said of basis risk rests on it."
    )
    declared = str(link.attrs.get("declared", ""))
    notes = tuple(text for text in (declared, str(link.attrs.get("note", ""))) if text)
    part = Part(
        "How often the index is bad in a bad year of low water",
        link_table(link),
        "Simulated years beside the closed form of the two normal variables.",
    )
    return Section("link", "How index and loss are tied", sentence, (part,), notes)


def link_table(link: xr.Dataset) -> Table:
    """Return joint bad years, simulated and in closed form.

    Parameters
    ----------
    link : xarray.Dataset
        The group ``/link``.
    """
    columns = ("both", "standard_error", "both_closed_form", "index_bad_in_bad_year", "by_chance_alone")
    both, error, exact, given, alone = (numbers(link, name) for name in columns)
    rows: list[list[Cell]] = [
        [
            words(f"worst {percent(float(worst))} of years"),
            Cell(percent(float(both[i]), 3), float(both[i]), f"± {percent(float(error[i]))}"),
            Cell(percent(float(exact[i]), 3), float(exact[i])),
            share(float(given[i])),
            share(float(alone[i])),
        ]
        for i, worst in enumerate(link["worst"].values.astype(float))
    ]
    return table(
        "Bad years of both",
        [
            Column("Bad years", number=False),
            Column("Bad in both, simulated ± standard error"),
            Column("Closed form"),
            Column("Index bad in a bad year"),
            Column("By chance alone"),
        ],
        rows,
        heard=True,
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
            "mean of simulated years.",
        )
    ]
    spend = numbers(small, "prevention_spend")
    if np.isfinite(spend).any():
        parts.append(
            Part(
                "Prevention paid for by the insurer",
                prevention_table(small.isel(cover=np.flatnonzero(np.isfinite(spend)))),
                "Worth it for the insurer where a yuan saves more than a yuan of payments.",
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


BESIDE: Final = "beside"
"""Verdict of a row that sets our price beside a printed one."""


def products_section(tree: xr.DataTree) -> Section | None:
    """Return published products computed again from their own figures, and our prices beside them."""
    products = group(tree, "products")
    if products is None or not products.sizes.get("check", 0):
        return None
    verdict = np.array(texts(products, "verdict"))
    own, beside = np.flatnonzero(verdict != BESIDE), np.flatnonzero(verdict == BESIDE)
    right, wrong = int((verdict == "reproduced").sum()), int((verdict == "not reproduced").sum())
    parts = []
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
            Cell(what[i], note=note[i]),
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
