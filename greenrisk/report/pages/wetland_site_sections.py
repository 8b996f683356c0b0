# SPDX-License-Identifier: Apache-2.0
"""Sections of the wetland page on sites and losses: map, perils, heads of loss."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.plate import Chart
from greenrisk.report.charts.wetland_bars import Bars, wetland_bars_chart
from greenrisk.report.charts.wetland_map import wetland_map_chart
from greenrisk.report.pages.index_words import numbers, texts, told
from greenrisk.report.pages.section import Part, Section, Shown, dataset_table
from greenrisk.report.pages.wetland_words import CLASS_NAMES, HEAD_NAMES, peril, site_class
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, interval, share, table, words
from greenrisk.report.wording import lower_first, money, money_unit, percent, significant

ALL: Final = "all"
"""Label of a row that sums the others."""

APART: Final = 2.0
"""Standard errors of the difference above which two perils are put in an order."""

MOST_SITES: Final = 100
"""Sites of the table on the page; the result has all."""


def sites_section(tree: xr.DataTree) -> Section | None:
    """Return where the sites lie, what they are insured for and what they are expected to cost."""
    sites = group(tree, "sites")
    if sites is None:
        return None
    worth, paid = numbers(sites, "insurable"), numbers(sites, "pure_premium")
    chart = wetland_map_chart(
        sites, np.nan_to_num(worth), np.nan_to_num(paid), CLASS_NAMES, sites_table(sites)
    )
    area, limit = numbers(sites, "area"), numbers(sites, "limit")
    insured, water = int((limit > 0).sum()), float(np.nansum(numbers(sites, "water_limit")))
    for_water = f", those of water to {money(water)}" if water > 0 else ""
    sentence = (
        f"{sites.sizes['site']} sites of {significant(float(area.sum()))} ha, {insured} of them insured for "
        f"restoration. Their limits of restoration add up to {money(float(limit.sum()))}{for_water}; what they may be "
        f"insured for, restoration with the services lost meanwhile up to the limit, to {money(float(worth.sum()))}."
    )
    return Section("sites", "The sites", sentence, (Part("", chart=chart),))


def sites_table(sites: xr.Dataset) -> Table:
    """Return the sites, the dearest first.

    Parameters
    ----------
    sites : xarray.Dataset
        The group ``/sites``.
    """
    order = np.argsort(-np.nan_to_num(numbers(sites, "pure_premium")), kind="stable")[:MOST_SITES]
    data = sites.isel(site=order)
    data = data.assign(
        {"class_words": ("site", np.array([site_class(k) for k in texts(data, "site_class")]))}
    )
    return dataset_table(
        data,
        "site",
        [
            Shown("site", "Site", "words"),
            Shown("class_words", "Class", "words"),
            Shown("area", "Area", unit="ha"),
            Shown("limit", "Limit", "money"),
            Shown("restoration", "Restoration after total damage", "money"),
            Shown("interim", "Services lost meanwhile", "money"),
            Shown("insurable", "Insurable", "money"),
            Shown("ground_up", "Expected loss", "money"),
            Shown("pure_premium", "Pure premium ± simulation", "money", error="pure_premium_standard_error"),
        ],
        "Sites, the dearest first",
    )


def perils_section(tree: xr.DataTree) -> Section | None:
    """Return what each peril costs, and under which head."""
    perils, heads = group(tree, "perils"), group(tree, "heads")
    if perils is None:
        return None
    parts = [Part("", chart=perils_chart(perils))]
    if heads is not None:
        parts.append(Part("", chart=heads_chart(heads)))
    sentence = f"{carries_sentence(perils)}. The cards of the perils are judged: no open file has claims of wetlands."
    return Section("perils", "Perils and heads of loss", sentence, tuple(parts))


def alone(perils: xr.Dataset) -> xr.Dataset:
    """Return the perils without their sum, the dearest first."""
    part = perils.isel(peril=perils["peril"].values.astype(str) != ALL)
    return part.isel(peril=np.argsort(-numbers(part, "pure_premium"), kind="stable"))


def carries_sentence(perils: xr.Dataset) -> str:
    """Say which peril carries the pure premium of the sites; two where they cannot be told apart."""
    data = alone(perils)
    pure, error = numbers(data, "pure_premium"), np.nan_to_num(numbers(data, "standard_error"))
    names = [lower_first(peril(kind)) for kind in data["peril"].values]
    if not pure.sum() > 0:
        return "No peril costs anything in the simulated years"
    if len(names) == 1:
        return f"The whole pure premium of the sites is for {names[0]}"
    two = pure[0] - pure[1] < APART * float(np.hypot(*error[:2])) and len(names) > 2
    part = pure / pure.sum()
    first = f"{names[0]} and {names[1]}" if two else names[0]
    return (
        f"{first[:1].upper()}{first[1:]} {'carry' if two else 'carries'} {percent(part[: 1 + two].sum())} of the pure "
        "premium of the sites"
    )


def perils_table(perils: xr.Dataset, brief: bool = False) -> Table:
    """Return what each peril costs.

    Parameters
    ----------
    perils : xarray.Dataset
        The group ``/perils``.
    brief : bool
        Whether it stands on the first screen, with fewer columns.
    """
    data = alone(perils)
    columns = ("events", "hits", "ground_up", "pure_premium", "standard_error", "low", "high")
    events, hits, loss, pure, error, low, high = (numbers(data, name) for name in columns)
    scale, unit = money_unit(pure)
    total = float(pure.sum())
    rows: list[list[Cell]] = []
    for i, kind in enumerate(data["peril"].values):
        paid = figure(float(pure[i]), error=float(error[i]), scale=scale)
        part = share(float(pure[i]) / total if total > 0 else float("nan"))
        if brief:
            rows.append([words(peril(kind)), paid, part])
            continue
        rows.append(
            [
                words(peril(kind)),
                figure(float(events[i])),
                figure(float(hits[i])),
                figure(float(loss[i]), scale=scale),
                paid,
                interval(float(low[i]), float(high[i]), scale),
                part,
            ]
        )
    if brief:
        heads = [
            Column("Peril", number=False),
            Column("Pure premium ± simulation", f"{unit} a year"),
            Column("Share"),
        ]
    else:
        heads = [
            Column("Peril", number=False),
            Column("Events", "a year"),
            Column("Sites hit", "a year"),
            Column("Loss before the terms", f"{unit} a year"),
            Column("Pure premium ± simulation", f"{unit} a year"),
            Column("Knowledge, 90 %", f"{unit} a year"),
            Column("Share"),
        ]
    return table("Cost of a year by peril", heads, rows, heard=brief)


def perils_chart(perils: xr.Dataset) -> Chart:
    """Draw loss and payment of a year by peril.

    Parameters
    ----------
    perils : xarray.Dataset
        The group ``/perils``.
    """
    data = alone(perils)
    bars = Bars(
        tuple(peril(kind) for kind in data["peril"].values),
        *(numbers(data, name) for name in ("ground_up", "pure_premium", "standard_error", "low", "high")),
    )
    note = (
        "Grey: the mean loss of a year before the terms. Blue: what the cover pays of it; dark line: 90 % simulation "
        "error; pale band: 90 % knowledge interval from the ranges of the cards."
    )
    return wetland_bars_chart("perils", carries_sentence(perils), bars, perils_table(perils), note)


def heads_chart(heads: xr.Dataset) -> Chart:
    """Draw loss and payment of a year by head.

    Parameters
    ----------
    heads : xarray.Dataset
        The group ``/heads``.
    """
    loss, paid = numbers(heads, "ground_up"), numbers(heads, "pure_premium")
    order = np.argsort(-loss, kind="stable")
    names = [told(HEAD_NAMES, kind) for kind in heads["head"].values[order]]
    nothing = np.full(loss.size, np.nan)
    bars = Bars(tuple(names), loss[order], paid[order], nothing, nothing, nothing)
    scale, unit = money_unit(loss)
    rows: list[list[Cell]] = [
        [
            words(name),
            figure(float(bars.ground_up[i]), scale=scale),
            figure(float(bars.paid[i]), scale=scale),
            share(float(bars.paid[i] / bars.ground_up[i]) if bars.ground_up[i] > 0 else float("nan")),
        ]
        for i, name in enumerate(names)
    ]
    rows.append(
        [
            words("All heads"),
            figure(float(loss.sum()), scale=scale),
            figure(float(paid.sum()), scale=scale),
            share(float(paid.sum() / loss.sum()) if loss.sum() > 0 else float("nan")),
        ]
    )
    numbers_table = table(
        "Cost of a year by head",
        [
            Column("Head of loss", number=False),
            Column("Loss before the terms", f"{unit} a year"),
            Column("Paid", f"{unit} a year"),
            Column("Share paid"),
        ],
        rows,
        totals=1,
    )
    title = "No head costs anything in the simulated years"
    if loss.sum() > 0:
        title = (
            f"{names[0]} makes {percent(float(bars.ground_up[0] / loss.sum()))} of what a year costs; the cover pays "
            f"{percent(float(paid.sum() / loss.sum()))} of all"
        )
    note = "Means of the simulated years, before and after the terms."
    return wetland_bars_chart("heads", title, bars, numbers_table, note)
