# SPDX-License-Identifier: Apache-2.0
"""Sections on service and data: how claims are seen and paid, and the quality of the book."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.report.pages.section import Part, Section, Shown, dataset_table, spread
from greenrisk.report.wording import listed, percent, significant, whole, years_between

Groups = Mapping[str, xr.Dataset]

CELLS = 15
"""Cells of the book that are printed."""


def claims_section(groups: Groups) -> Section:
    """Return when claims are paid, and how many inspectors an event asks for."""
    load, cash = groups["load"], groups["cash"]
    periods = [float(period) for period in load["return_period"].values]
    rare = int(np.argmax(periods))
    claims = float(load["claims"].isel(peril=0, return_period=rare))
    needed = float(load["needed"].values[rare])
    wait = float(load["wait"].values[rare])
    limit = float(load.attrs["inspect_within_days"])
    sentence = (
        f"The largest event of a year brings {whole(claims)} claims or more {years_between(periods[rare])}: to see "
        f"them within {significant(limit, 2)} days takes {significant(needed, 2)} inspections a "
        f"day; with {significant(float(load.attrs['inspections_a_day']), 2)} a day the last claim waits "
        f"{significant(wait, 2)} days."
    )

    def period(value: object) -> str:
        return whole(float(str(value)))

    flat = spread(spread(load, "claims", "return_period", period), "days", "return_period", period)
    monthly = spread(cash, "total", "return_period", period)
    advance = float(cash.attrs.get("advance_share", float("nan")))
    heads = [whole(p) for p in periods]
    parts = [
        Part(
            "Claims of the largest event of a year",
            dataset_table(
                flat,
                "peril",
                [
                    Shown("peril", "Peril", "peril"),
                    *(Shown(f"claims_{p}", f"Claims, 1 in {p} years", "count") for p in heads),
                    *(Shown(f"days_{p}", f"Days to see them, 1 in {p} years") for p in heads),
                ],
                "Inspection load",
            ),
        ),
        Part(
            f"When the money goes out: {percent(advance)} in advance, the rest after the final assessment",
            dataset_table(
                monthly,
                "month",
                [
                    Shown("month", "Month of cover", "words"),
                    Shown("advance", "Advances, mean"),
                    Shown("balance", "Balances, mean"),
                    Shown("expected", "Together ± simulation", error="standard_error"),
                    *(Shown(f"total_{p}", f"1 in {p} years, that month alone") for p in heads),
                ],
                "Payments by month",
            ),
            f"The last row holds month {cash.attrs.get('last_month', '')}.",
        ),
    ]
    if "waits" in groups:
        parts.append(
            Part(
                "How long claims wait for the inspector",
                dataset_table(
                    groups["waits"],
                    "days",
                    [
                        Shown("days", "Days waited, at least", "words"),
                        Shown("claims", "Claims", unit="a year"),
                        Shown("at_least", "Claims that wait so long or longer", "share"),
                    ],
                    "Waiting times",
                ),
            )
        )
    return Section("claims", "Claims service", sentence, tuple(parts))


def quality_section(groups: Groups) -> Section:
    """Return what may be wrong with the book, and where it heaps up."""
    checks = groups["checks"]
    counts = checks["count"].values.astype(float)
    worst = int(np.argmax(counts))
    stands = float(checks.attrs.get("stands", float("nan")))
    found = int((counts > 0).sum())
    sentence = (
        f"{found} of {counts.size} checks found something in {whole(stands)} stands, most often: "
        f"{checks['label'].values[worst]!s} ({whole(counts[worst])}). Nothing was changed or dropped for it."
        if found
        else f"{counts.size} checks of {whole(stands)} stands found nothing to question."
    )
    parts = [
        Part(
            "What was asked, and what was found",
            dataset_table(
                checks,
                "check",
                [
                    Shown("label", "Check", "words"),
                    Shown("count", "Stands", "count"),
                    Shown("share", "Share of the sum insured", "share"),
                    Shown("examples", "The worst", "words"),
                    Shown("meaning", "What it means", "words"),
                ],
                "Checks of the book",
            ),
        )
    ]
    if "accumulation_county" in groups:
        parts.append(
            Part(
                "Where the book lies, by county",
                dataset_table(
                    groups["accumulation_county"],
                    "county",
                    [
                        Shown("county", "County", "words"),
                        Shown("sum_insured", "Sum insured"),
                        Shown("share", "Share of the book", "share"),
                        Shown("insured_area", "Insured area", "count", unit="mu"),
                        Shown("stands", "Stands", "count"),
                        Shown("forest_share", "Share of the county's forest", "share"),
                        Shown("largest_owner", "Largest owner", "words"),
                        Shown("largest_owner_share", "its share", "share"),
                    ],
                    "Accumulation by county",
                ),
            )
        )
    if "accumulation_grid" in groups:
        parts.append(_grid(groups["accumulation_grid"]))
    return Section("data-quality", "Quality of the book", sentence, tuple(parts))


def _grid(grid: xr.Dataset) -> Part:
    sizes = np.unique(grid["cell_km"].values.astype(float))
    widest = grid.isel(cell=grid["cell_km"].values == sizes[-1])
    table = dataset_table(
        widest,
        "cell",
        [
            Shown("longitude", "Longitude", "degree"),
            Shown("latitude", "Latitude", "degree"),
            Shown("sum_insured", "Sum insured"),
            Shown("nearby", "within a circle as large"),
            Shown("insured_area", "Insured area", "count", unit="mu"),
            Shown("stands", "Stands", "count"),
            Shown("largest_owner", "Largest owner", "words"),
            Shown("largest_owner_share", "its share", "share"),
        ],
        "Fullest cells",
        most=CELLS,
    )
    total = float(widest["sum_insured"].sum())
    top = float(widest["sum_insured"].max()) / total if total > 0 else float("nan")
    return Part(
        f"Where it heaps up: the fullest cell of {sizes[-1]:g} km holds {percent(top)} of the sum insured",
        table,
        f"The {min(CELLS, widest.sizes['cell'])} fullest of {widest.sizes['cell']} cells; all cells, and those of "
        f"{listed(f'{size:g} km' for size in sizes[:-1]) or 'other sizes'}, stand in results.xlsx.",
    )
