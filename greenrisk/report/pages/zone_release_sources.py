# SPDX-License-Identifier: Apache-2.0
"""The table of the zone page that sets what leaks by the model beside what leaked in reports."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.pages.section import Part
from greenrisk.report.table import Cell, Column, share, table, words


def release_sources_part(shares: xr.Dataset) -> Part:
    """Return the table of shares by source of the release.

    Parameters
    ----------
    shares : xarray.Dataset
        The group ``/checks/equipment_shares``.
    """
    slices = [str(name) for name in shares["slice"].values]
    rows: list[list[Cell]] = []
    for i, source in enumerate(shares["release_source"].values.astype(str)):
        modelled = float(shares["modelled"].values[i])
        rows.append(
            [
                words(source.capitalize()),
                share(modelled) if modelled == modelled else words("with its pipe or vessel"),
                *(share(float(v)) if v == v else words("") for v in shares["reported_of_matched"].values[i]),
                share(float(shares["reported"].values[i, 0])),
            ]
        )
    return Part(
        "What leaks by the model, beside what leaked in US reports",
        table(
            "Sources of a release",
            [
                Column("Source", number=False),
                Column("Model, share of equipment's accidents"),
                *(Column(f"Reports, of matched sources ({_slice(name)})") for name in slices),
                Column("Named in reports, all"),
            ],
            rows,
            heard=True,
        ),
        "A comparison, no validation: HJ 169 App. E counts valves and joints with their pipes and vessels, a report "
        "may name several sources, and the zone's equipment is not that of US sites.",
    )


def _slice(name: str) -> str:
    """Return an industry and its years in words."""
    industry, _, years = name.partition(", ")
    told = "all industries" if industry == "all" else f"NAICS {industry}"
    return f"{told}, {'all years' if years == 'all' else years}"
