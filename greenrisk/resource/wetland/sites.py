# SPDX-License-Identifier: Apache-2.0
"""Sites of a wetland study: their table, what is wrong with it beyond single cells, and their arrays.

What lives here: the declaration of the table and :class:`Sites`. What does not: what a damage costs
(:mod:`greenrisk.resource.wetland.site_loss`), what a site may be insured for
(:mod:`greenrisk.resource.wetland.insurable`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.core.tables import FILE, Column, TableSpec, file_rows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

SITE_CLASSES: Final = ("floodplain_lake", "igapo_forest", "riparian_forest", "reserve", "water_intake")
"""Classes of sites: lake of a floodplain, forest flooded by black water, forest of the bank, reserve, intake of raw
water with its protection zone."""

FUNCTIONS: Final = (
    "habitat",
    "flood_storage",
    "water_supply",
    "purification",
    "climate",
    "soil",
    "fishery",
    "recreation",
)
"""What a site does for others; decides which rows of a table of service values are shown for it."""

WETLAND_SITES: Final = TableSpec(
    name="wetland-sites",
    title="Wetlands, waters, riverside forest and reserves, one row a site",
    columns=(
        Column("site_id", "text", unique=True, description="Identifier of the site."),
        Column("name", "text", description="Name of the site."),
        Column("site_class", "choice", choices=SITE_CLASSES, description="Class of the site."),
        Column(
            "functions",
            "text",
            description="What the site does for others: words parted by `|`, of "
            + ", ".join(f"`{word}`" for word in FUNCTIONS)
            + ".",
        ),
        Column("lon", "number", unit="degree", low=-180, high=180, description="Longitude of its middle."),
        Column("lat", "number", unit="degree", low=-90, high=90, description="Latitude of its middle."),
        Column("area_ha", "number", unit="ha", low=0, low_open=True, description="Area."),
        Column(
            "river_km",
            "number",
            unit="km",
            description="Place along the river, from the port upstream; downstream of it negative.",
        ),
        Column(
            "limit_cny",
            "number",
            unit="CNY",
            low=0,
            description="Most that an event pays for restoration and interim loss; 0: not insured.",
        ),
        Column(
            "water_limit_cny",
            "number",
            unit="CNY",
            low=0,
            required=False,
            description="Most that an event pays for emergency supply, treatment and closure; empty: not insured.",
        ),
        Column(
            "people_served",
            "number",
            unit="person",
            low=0,
            description="People who drink the water of the site; 0: none.",
        ),
        Column(
            "unit_cost_cny_per_ha",
            "number",
            unit="CNY/ha",
            low=0,
            low_open=True,
            required=False,
            description="Cost of restoration after total damage, from the site's own plan; empty: that of the card.",
        ),
        Column(
            "recovery_years",
            "number",
            unit="year",
            low=0,
            low_open=True,
            required=False,
            description="Time of recovery after total damage, from the site's own plan; empty: that of the card.",
            hint="A time of restoration is never negative.",
        ),
    ),
)
"""Sites and what they are insured for."""


@dataclass(frozen=True, eq=False)
class Sites:
    """Sites in canonical order, by ``ids``.

    Parameters
    ----------
    ids, name : array of str, shape (sites,)
        Identifier (strictly ascending) and name.
    site_class : array of int, shape (sites,)
        Index into :data:`SITE_CLASSES`.
    functions : array of bool, shape (sites, functions)
        Whether the site has each of :data:`FUNCTIONS`.
    lon, lat : array, shape (sites,)
        Place [degree].
    area : array, shape (sites,)
        Area, > 0 [ha].
    river_km : array, shape (sites,)
        Place along the river, upstream positive [km].
    limit, water_limit : array, shape (sites,)
        Most that an event pays for restoration and interim loss, and for the heads of the water; 0: not insured [CNY].
    people_served : array, shape (sites,)
        People who drink its water [person].
    unit_cost : array, shape (sites,)
        Cost of restoration after total damage, of the site's own plan; NaN: that of the card [CNY/ha].
    recovery_years : array, shape (sites,)
        Time of recovery after total damage, of the site's own plan; NaN: that of the card [year].
    """

    ids: Texts
    name: Texts
    site_class: Integers
    functions: Flags
    lon: Floats
    lat: Floats
    area: Floats
    river_km: Floats
    limit: Floats
    water_limit: Floats
    people_served: Floats
    unit_cost: Floats
    recovery_years: Floats

    def __len__(self) -> int:
        """How many sites."""
        return int(self.ids.size)

    def has(self, function: str) -> Flags:
        """Whether each site has a function, shape (sites,)."""
        return np.asarray(self.functions[:, FUNCTIONS.index(function)])


def read_sites(name: str, key_path: KeyPath, sources: Sources) -> Sites | None:
    """Read the sites of a study.

    Parameters
    ----------
    name : str
        Table of :data:`WETLAND_SITES`, as the scenario names it.
    key_path : tuple
        Where the scenario names it.
    sources : Sources
        Reads the table and takes every fault: file and row, column, value, mend.

    Returns
    -------
    Sites or None
        None where faults were recorded.
    """
    rows = sources.rows(name, key_path, WETLAND_SITES)
    if rows is None or rows.sound is None:
        return None
    wrong = site_faults(rows.every)
    if len(wrong):
        sources.take(TableError(wrong, rows.hint))
    if len(wrong) or len(rows.faults):
        return None
    return sites_of(rows.sound)


def site_faults(table: pd.DataFrame) -> Faults:
    """Return what is wrong with a table of sites beyond its single cells.

    Parameters
    ----------
    table : DataFrame
        Columns of :data:`WETLAND_SITES`; faulty cells may be empty.
    """
    file, places, faults = str(table.attrs.get(FILE, WETLAND_SITES.name)), file_rows(table), Faults()
    water, people = _numbers(table, "water_limit_cny"), _numbers(table, "people_served")
    nowhere = (_numbers(table, "lon") == 0.0) & (_numbers(table, "lat") == 0.0)
    functions = [_words(text) for text in table["functions"]]
    for position, words in enumerate(functions):
        where = f"{file}:{places[position]}"
        for word in words:
            if word not in FUNCTIONS:
                known = ", ".join(f"`{one}`" for one in FUNCTIONS)
                faults.add(where, f"functions = {word}", f"Unknown function. Words parted by `|`: {known}.")
        if nowhere[position]:
            mend = "No site lies there: zeros stand for coordinates that are missing. Fill them in."
            faults.add(where, "lon = 0, lat = 0", mend, "degree")
        if people[position] > 0 and words and "water_supply" not in words:
            what = f"people_served = {people[position]:g}"
            faults.add(where, what, "Add `water_supply` to the functions of the site, or write 0.", "person")
        if water[position] > 0 and people[position] == 0:
            what = f"water_limit_cny = {water[position]:g}"
            mend = "Nobody is served by this site: leave it empty, or fill in people_served."
            faults.add(where, what, mend, "CNY")
    limits = _numbers(table, "limit_cny")
    if len(table) and not np.isnan(limits).any() and not limits.any() and not np.nan_to_num(water).any():
        mend = "No site is insured: give at least one a limit above 0."
        faults.add(f"{file}:{places[0]}", "limit_cny = 0 in every row", mend, "CNY")
    return faults


def sites_of(table: pd.DataFrame) -> Sites:
    """Turn a checked table into arrays, ordered by identifier.

    Parameters
    ----------
    table : DataFrame
        Columns of :data:`WETLAND_SITES`, without faults.
    """
    ids = np.asarray(table["site_id"].astype(str), dtype=np.str_)
    order = np.argsort(ids, kind="stable")
    frame = table.iloc[order]
    return Sites(
        ids=ids[order],
        name=np.asarray(frame["name"].astype(str), dtype=np.str_),
        site_class=np.array([SITE_CLASSES.index(str(word)) for word in frame["site_class"]], dtype=np.int64),
        functions=np.array(
            [[word in _words(text) for word in FUNCTIONS] for text in frame["functions"]], dtype=np.bool_
        ),
        lon=_numbers(frame, "lon"),
        lat=_numbers(frame, "lat"),
        area=_numbers(frame, "area_ha"),
        river_km=_numbers(frame, "river_km"),
        limit=_numbers(frame, "limit_cny"),
        water_limit=np.nan_to_num(_numbers(frame, "water_limit_cny")),
        people_served=_numbers(frame, "people_served"),
        unit_cost=_numbers(frame, "unit_cost_cny_per_ha"),
        recovery_years=_numbers(frame, "recovery_years"),
    )


def _words(text: Any) -> list[str]:
    """Return the words of a cell, parted by `|`; none of an empty one."""
    return [] if not isinstance(text, str) else [word.strip() for word in text.split("|") if word.strip()]


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as numbers; NaN where the table has none of this name, or a cell is empty."""
    if name not in table:
        return np.full(len(table), np.nan)
    return np.asarray(pd.to_numeric(table[name], errors="coerce"), dtype=np.float64)
