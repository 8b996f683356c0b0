# SPDX-License-Identifier: Apache-2.0
"""The book of insured forest stands (小班): its table at the door, plain arrays inside.

What lives here: the declaration of the table, and the frozen arrays in canonical order. What does not: the
forest around the book (``landscape``), and what a policy pays (``indemnity``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import Faults
from greenrisk.core.tables import Column, TableSpec
from greenrisk.core.units import KM_PER_DEGREE, MU_PER_HA

FOREST_TYPES: Final = ("public_benefit", "commercial")
"""Public-benefit forest (公益林) and commercial forest (商品林)."""

SPECIES_GROUPS: Final = ("conifer", "broadleaf", "mixed", "bamboo")
"""Species groups of a stand; a code is the index into this tuple."""

FOREST_BOOK: Final = TableSpec(
    name="forest-book",
    title="Insured forest stands, one row a stand",
    columns=(
        Column(
            "stand_id", "text", unique=True, description="Identifier of the stand (小班), unique in the book."
        ),
        Column("owner", "text", description="Who holds the forest right."),
        Column("county", "text", description="County-level unit, spelt as in the table of forest by county."),
        Column("township", "text", description="Township or state forest farm."),
        Column(
            "forest_type",
            "choice",
            choices=FOREST_TYPES,
            description="Public-benefit (公益林) or commercial forest (商品林).",
        ),
        Column("species_group", "choice", choices=SPECIES_GROUPS, description="Dominant species group."),
        Column("age", "number", unit="year", low=0, description="Mean age of the stand."),
        Column(
            "area_ha",
            "number",
            unit="ha",
            required=False,
            low=0,
            low_open=True,
            description="Area of the stand.",
        ),
        Column(
            "area_mu",
            "number",
            unit="mu",
            required=False,
            low=0,
            low_open=True,
            description="Area of the stand; 15 mu = 1 ha.",
        ),
        Column(
            "sum_insured_cny_per_mu",
            "number",
            unit="CNY/mu",
            low=0,
            low_open=True,
            description="Sum insured of a mu of the stand.",
        ),
        Column(
            "insured_share",
            "number",
            unit="unitless",
            low=0,
            low_open=True,
            high=1,
            description="Share of the stand's area that is insured.",
        ),
        Column(
            "lon", "number", unit="degree", low=-180, high=180, description="Longitude of the stand's centre."
        ),
        Column(
            "lat",
            "number",
            unit="degree",
            low=-90,
            high=90,
            description="Latitude of the stand's centre.",
            hint="Are lon and lat swapped?",
        ),
    ),
    one_of=(("area_ha", "area_mu"),),
)
"""The table that a user brings."""

MAX_REACH_KM: Final = 1000.0
"""A stand farther than this from the middle of its book is taken for a mistyped coordinate [km]."""


MOST_FAULTS: Final = 10
"""Stands that are named when many lie too far away."""


@dataclass(frozen=True, eq=False)
class Book:
    """The insured stands as arrays, sorted by ``ids``, so that the order of the rows is irrelevant.

    Parameters
    ----------
    ids : array of str, shape (stands,)
        Identifiers, strictly ascending.
    owner, township : array of str, shape (stands,)
        Holder of the forest right; township.
    county : array of int, shape (stands,)
        Index into ``counties``.
    counties : tuple of str
        Counties of the book, ascending.
    forest_type : array of str, shape (stands,)
        One of :data:`FOREST_TYPES`.
    species : array of int, shape (stands,)
        Index into :data:`SPECIES_GROUPS`.
    age : array, shape (stands,)
        Age [year].
    area_ha : array, shape (stands,)
        Area of the whole stand [ha].
    sum_insured_per_mu : array, shape (stands,)
        Sum insured of an insured mu [CNY/mu].
    insured_share : array, shape (stands,)
        Share of the area that is insured, in (0, 1] [unitless].
    lon, lat : array, shape (stands,)
        Centre of the stand [degree].
    """

    ids: NDArray[np.str_]
    owner: NDArray[np.str_]
    county: NDArray[np.int64]
    counties: tuple[str, ...]
    township: NDArray[np.str_]
    forest_type: NDArray[np.str_]
    species: NDArray[np.int64]
    age: NDArray[np.float64]
    area_ha: NDArray[np.float64]
    sum_insured_per_mu: NDArray[np.float64]
    insured_share: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        """How many stands."""
        return int(self.ids.size)

    @property
    def species_group(self) -> NDArray[np.str_]:
        """Species group of each stand by name, shape (stands,)."""
        return np.asarray(SPECIES_GROUPS)[self.species]

    @property
    def insured_area_mu(self) -> NDArray[np.float64]:
        """Insured area of each stand, shape (stands,) [mu]."""
        return self.area_ha * MU_PER_HA * self.insured_share

    @property
    def sum_insured(self) -> NDArray[np.float64]:
        """Sum insured of each stand, shape (stands,) [CNY]."""
        return self.insured_area_mu * self.sum_insured_per_mu


def book_faults(frame: pd.DataFrame, where: str) -> Faults:
    """Say what is wrong with a validated table as a whole.

    Parameters
    ----------
    frame : DataFrame
        A table that follows :data:`FOREST_BOOK`, at least one row.
    where : str
        Name of the file, for the message.

    Returns
    -------
    Faults
        Stands too far from the others to be of one book, at most :data:`MOST_FAULTS` of them named.
    """
    faults = Faults()
    lon, lat = _number(frame["lon"]), _number(frame["lat"])
    middle_lon, middle_lat = float(np.median(lon)), float(np.median(lat))
    north = (lat - middle_lat) * KM_PER_DEGREE
    east = (lon - middle_lon) * KM_PER_DEGREE * math.cos(math.radians(middle_lat))
    far = np.flatnonzero(np.hypot(north, east) > MAX_REACH_KM)
    for row in far[:MOST_FAULTS]:
        faults.add(
            where,
            f"{frame['stand_id'].iloc[row]}: lon = {lon[row]:.6g}, lat = {lat[row]:.6g}",
            f"This stand lies more than {MAX_REACH_KM:,.0f} km from the middle of the book, lon "
            f"{middle_lon:.6g}, lat {middle_lat:.6g}. Mend its coordinates; are lon and lat swapped?",
            "degree",
        )
    if far.size > MOST_FAULTS:
        more = far.size - MOST_FAULTS
        faults.add(where, "lon, lat", f"... and {more} more stand{'' if more == 1 else 's'}.")
    return faults


def book_from_frame(frame: pd.DataFrame) -> Book:
    """Turn a validated table into a book.

    Parameters
    ----------
    frame : DataFrame
        A table that follows :data:`FOREST_BOOK`, in any order of rows.

    Returns
    -------
    Book
        In canonical order. An area given in mu is converted here, at the door.
    """
    ids = _text(frame["stand_id"])
    order = np.argsort(ids, kind="stable")
    area_ha = _number(frame["area_ha"]) if "area_ha" in frame else _number(frame["area_mu"]) / MU_PER_HA
    names, county = np.unique(_text(frame["county"]), return_inverse=True)
    return Book(
        ids=ids[order],
        owner=_text(frame["owner"])[order],
        county=county.astype(np.int64)[order],
        counties=tuple(str(name) for name in names),
        township=_text(frame["township"])[order],
        forest_type=_text(frame["forest_type"])[order],
        species=_codes(frame["species_group"], SPECIES_GROUPS)[order],
        age=_number(frame["age"])[order],
        area_ha=area_ha[order],
        sum_insured_per_mu=_number(frame["sum_insured_cny_per_mu"])[order],
        insured_share=_number(frame["insured_share"])[order],
        lon=_number(frame["lon"])[order],
        lat=_number(frame["lat"])[order],
    )


def _text(column: pd.Series[Any]) -> NDArray[np.str_]:
    return np.asarray([str(value) for value in column], dtype=np.str_)


def _number(column: pd.Series[Any]) -> NDArray[np.float64]:
    return np.asarray(column, dtype=np.float64)


def _codes(column: pd.Series[Any], choices: tuple[str, ...]) -> NDArray[np.int64]:
    return np.asarray([choices.index(str(value)) for value in column], dtype=np.int64)
