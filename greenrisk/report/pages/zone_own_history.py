# SPDX-License-Identifier: Apache-2.0
"""The table of the zone page that sets the zone's own accidents beside those expected of it."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.pages.section import Part
from greenrisk.report.table import Cell, Column, count, figure, share, table, words
from greenrisk.report.wording import significant, span

PLACES = {"site": "On site", "road": "On the road"}
COMMON = {"site": "accidents in China for one abroad", "road": "accidents in a million loaded kilometres"}
SCALE = {"site": 1.0, "road": 1e6}


def own_history_part(history: xr.Dataset) -> Part:
    """Return what the zone's own years say, and how far they moved what is common to all plants.

    Parameters
    ----------
    history : xarray.Dataset
        The group ``/checks/own_history``.
    """
    rows: list[list[Cell]] = []
    for place in history["place"].values.astype(str):
        one = {str(name): float(history[name].sel(place=place)) for name in history.data_vars}
        scale = SCALE[place]
        rows.append(
            [
                Cell(PLACES[place], note=f"{significant(one['plant_years'], 3)} plant-years"),
                count(one["observed"]),
                figure(one["expected"]),
                share(one["probability"]),
                Cell(
                    significant(one["common_before"] * scale, 2),
                    note=span(one["common_before_low"] * scale, one["common_before_high"] * scale),
                ),
                Cell(
                    significant(one["common_after"] * scale, 2),
                    note=span(one["common_after_low"] * scale, one["common_after_high"] * scale),
                ),
                words(COMMON[place]),
            ]
        )
    return Part(
        "The zone's own accidents beside those expected of it",
        table(
            "Own history",
            [
                Column("Where", number=False),
                Column("Seen"),
                Column("Expected"),
                Column("Chance of a count as far out"),
                Column("Common number before"),
                Column("and after"),
                Column("which is", number=False),
            ],
            rows,
            heard=True,
        ),
        "Expected by the central cards, before any own year. The history of the whole zone first moves what is common "
        "to all plants (below it 90 %), then each plant's own years move its own rate. Where the chance is below "
        "1 %, the cards do not fit the zone, or its table counts other accidents than they do.",
    )
