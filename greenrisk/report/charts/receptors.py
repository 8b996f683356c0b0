# SPDX-License-Identifier: Apache-2.0
"""What a map of a zone tells of each plant: its grade, the people around it, the waters below its outlets."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.charts.grades import CHINESE
from greenrisk.report.table import Cell, Column, Table, count, table, words
from greenrisk.report.wording import listed, money, whole


def grade_word(grade: str) -> str:
    """Return a grade with its Chinese word."""
    return "not graded" if grade == "refused" else f"{grade} {CHINESE[grade]}"


def _waters(outlets: xr.Dataset, plant: str) -> tuple[str, str]:
    """Return the waters that a plant's outlets reach, and what lies below them."""
    mine = np.flatnonzero(outlets["plant"].values.astype(str) == plant)
    waters = [
        f"{outlets['receiving_water'].values[i]} (class {outlets['water_class'].values[i]})" for i in mine
    ]
    below = {
        "drinking water": "drinking_water_10km",
        "sensitive water": "sensitive_water_10km",
        "karst or flood land": "karst_or_flood_area",
    }
    found = [name for name, key in below.items() if outlets[key].values[mine].any()]
    crossed = {str(outlets["crosses_24h"].values[i]) for i in mine} - {"none"}
    found += [
        f"{'national' if border == 'nation' else 'provincial'} border in 24 hours"
        for border in sorted(crossed)
    ]
    return listed(dict.fromkeys(waters)), listed(found)


def plant_told(plants: xr.Dataset, receptors: xr.Dataset, outlets: xr.Dataset, i: int) -> str:
    """Return what a plant tells under the pointer."""
    grade, plant = str(plants["grade"].values[i]), str(plants["plant"].values[i])
    _, below = _waters(outlets, plant)
    people = [whole(float(receptors[f"people_{r}"].values[i])) for r in ("500m", "5km")]
    return (
        f"{plant} {plants['name'].values[i]}: {grade_word(grade)}; {people[0]} people within 500 m, {people[1]} "
        f"within 5 km; {'below its outlets: ' + below if below else 'no sensitive water below'}; expected loss "
        f"{money(float(plants['ground_up'].values[i]))} a year; "
        f"{'no policy' if plants['limit'].values[i] <= 0 else 'insured'}"
    )


def receptors_table(plants: xr.Dataset, receptors: xr.Dataset, outlets: xr.Dataset) -> Table:
    """Return people, protected areas and waters of every plant.

    Parameters
    ----------
    plants, receptors, outlets : xarray.Dataset
        The groups of those names.
    """
    rows: list[list[Cell]] = []
    for i, plant in enumerate(plants["plant"].values.astype(str)):
        grade = str(plants["grade"].values[i])
        waters, below = _waters(outlets, plant)
        rows.append(
            [
                words(plant),
                words(grade_word(grade)),
                *(count(float(receptors[f"people_{r}"].values[i])) for r in ("500m", "1km", "5km")),
                words("yes" if receptors["special_area_5km"].values[i] else "no"),
                words(waters or "\u2013"),
                words(below or "\u2013"),
            ]
        )
    return table(
        "Receptors around each plant",
        [
            Column("Plant", number=False),
            Column("Grade", number=False),
            Column("Within 500 m", "people"),
            Column("Within 1 km", "people"),
            Column("Within 5 km", "people"),
            Column("Protected area within 5 km", number=False),
            Column("Receiving water", number=False),
            Column("Below the outlets", "within 10 km", number=False),
        ],
        rows,
    )
