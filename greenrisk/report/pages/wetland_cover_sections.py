# SPDX-License-Identifier: Apache-2.0
"""Sections of the wetland page on its covers: parts of the premium, rates, who pays, how index and loss are tied."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.pages.index_words import numbers, told
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.wetland_words import PART_NAMES
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, share, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    money,
    money_unit,
    percent,
    significant,
)

MU_PER_HA: Final = 15.0
"""Mu in a hectare [mu/ha]."""


def parts_section(tree: xr.DataTree) -> Section | None:
    """Return the premium by cover: the sites, the index, small covers; and who pays it."""
    premium, payers = group(tree, "premium"), group(tree, "payers")
    if premium is None or premium.sizes.get("segment", 0) < 2:
        return None
    parts = [
        Part(
            "Premium by cover",
            parts_table(premium),
            "Each cover bears the part of the capital that it needs in the worst years of all covers together.",
        )
    ]
    rates = rates_table(premium, group(tree, "sites"))
    if rates is not None:
        parts.append(
            Part(
                "What the cover of the sites costs for its area and its limits",
                rates,
                "1 ha = 15 mu. Limits: of restoration with interim loss, and of water, summed over the insured sites.",
            )
        )
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


def rates_table(premium: xr.Dataset, sites: xr.Dataset | None) -> Table | None:
    """Return pure and gross premium of the cover of the sites per mu, per hectare and per mille of the limits.

    Parameters
    ----------
    premium : xarray.Dataset
        The group ``/premium``.
    sites : xarray.Dataset or None
        The group ``/sites``.
    """
    names = premium["segment"].values.astype(str).tolist()
    if sites is None or "sites" not in names:
        return None
    place = names.index("sites")
    area, limit = insured(sites)
    if not (area > 0 and limit > 0):
        return None
    units = (
        ("CNY per mu", MU_PER_HA * area),
        ("CNY per ha", area),
        ("per mille of the limits", limit / 1000.0),
    )
    rows: list[list[Cell]] = []
    for name in ("pure", "gross"):
        amount = float(premium["amount"].sel(row=f"{name}_premium").values[place])
        error = float(premium[f"{name}_standard_error"].values[place])
        rows.append(
            [
                words(f"{name.capitalize()} premium of the cover of the sites"),
                *(figure(amount / base, CHARGED_DIGITS, error=error / base) for _, base in units),
            ]
        )
    columns = [Column("", number=False), *(Column("Rate ± simulation", unit) for unit, _ in units)]
    return table("Rates of the cover of the sites", columns, rows, heard=True)


def insured(sites: xr.Dataset) -> tuple[float, float]:
    """Return insured area [ha] and the sum of the limits of restoration and water [CNY].

    Parameters
    ----------
    sites : xarray.Dataset
        The group ``/sites``.
    """
    limit = np.nan_to_num(numbers(sites, "limit")) + np.nan_to_num(numbers(sites, "water_limit"))
    return float(numbers(sites, "area")[limit > 0].sum()), float(limit.sum())


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
        [words(told({}, name)), share(float(part)), figure(float(paid), CHARGED_DIGITS, scale=scale)]
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
