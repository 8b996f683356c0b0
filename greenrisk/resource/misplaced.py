# SPDX-License-Identifier: Apache-2.0
"""Which stands lie outside their county, without a map: by their neighbours, or by centres of the counties.

No boundaries are shipped. What is found is a suspicion: an exclave is found too, and a stand just beyond a boundary is
not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from greenrisk.core.errors import Faults
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import Column, TableSpec
from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.resource.book import Book
from greenrisk.resource.landscape import Landscape

Centres: TypeAlias = Mapping[str, tuple[float, float]]
"""Longitude and latitude of the middle of each county [degree]."""

COUNTY_CENTRES: Final = TableSpec(
    name="county-centres",
    title="Centres of the counties, one row a county",
    columns=(
        Column("county", "text", unique=True, description="County-level unit, spelt as in the book."),
        Column("lon", "number", unit="degree", low=-180, high=180, description="Longitude of its middle."),
        Column("lat", "number", unit="degree", low=-90, high=90, description="Latitude of its middle."),
    ),
)
"""What a user may bring to test whether stands lie in their county."""


class Misplaced(NamedTuple):
    """Stands that seem to lie outside their county."""

    stands: NDArray[np.int64]
    """Worst first."""

    tell: Callable[[int], str]
    """What to say of one."""

    meaning: str
    """How they were found, and what it means."""


def centres_from_frame(frame: pd.DataFrame, book: Book, where: str) -> tuple[Centres, Faults]:
    """Return a validated table of centres by county, and what is wrong with it beside the book.

    Parameters
    ----------
    frame : DataFrame
        A table that follows :data:`COUNTY_CENTRES`.
    book : Book
        The insured stands.
    where : str
        Name of the file, for the message.

    Returns
    -------
    tuple
        The centres; a fault for each county of the book without one.
    """
    centres = {
        str(county): (float(lon), float(lat))
        for county, lon, lat in zip(frame["county"], frame["lon"], frame["lat"], strict=True)
    }
    faults = Faults()
    for county in book.counties:
        if county not in centres:
            faults.add(
                where,
                f"county = {county}",
                f"The book has stands in this county, but its centre is not given. Add a row, or spell it as one of "
                f"{', '.join(sorted(centres))}.",
                "degree",
            )
    return centres, faults


def misplaced(
    book: Book,
    landscape: Landscape,
    neighbours: int,
    reach_km: float,
    ratio: float,
    centres: Centres | None,
    ledger: Ledger,
) -> Misplaced:
    """Return the stands that seem to lie outside their county.

    Parameters
    ----------
    book, landscape
        The stands and their positions.
    neighbours : int
        The bulk of a county near a place is its so-many nearest stands, >= 1.
    reach_km : float
        A stand whose own county is nearer is never named, > 0 [km].
    ratio : float
        How many times nearer another county must lie, > 1 [unitless].
    centres : mapping or None
        Centres of all counties of the book; None: the test is by neighbours.
    ledger : Ledger
        Told which test was made, and which counties have too few stands for it.

    Notes
    -----
    The distance of a stand from a county is that to the k-th nearest of its other stands, or to its centre. A stand is
    named where its own county is farther than ``reach_km`` and than ``ratio`` times the nearest other county. With
    fewer than k other stands in its own county the stand cannot be tested; with fewer than k in another, all of them
    must lie near.
    """
    if centres is None:
        distance = _by_neighbours(book, landscape, neighbours, ledger)
        how = (
            f"a test by neighbours, since no boundaries are read: the {neighbours} nearest stands of the own county "
            f"reach farther than {reach_km:g} km and {ratio:g} times as far as those of another"
        )
    else:
        distance = _by_centres(book, centres)
        how = (
            f"a test by the centres given: the own county's is farther than {reach_km:g} km and {ratio:g} times as "
            "far as another's"
        )
    ledger.add("assumption", "book: county of a stand", f"Whether stands lie in their county is {how}.")
    stand = np.arange(len(book))
    own = distance[stand, book.county]
    others = distance.copy()
    others[stand, book.county] = np.inf
    other = others.argmin(axis=1)
    nearest = np.maximum(others[stand, other], 1e-6)
    bad = np.isfinite(own) & (own > reach_km) & (own > ratio * nearest)
    found = np.flatnonzero(bad)
    worst = found[np.argsort(-(own / nearest)[found], kind="stable")]

    def tell(i: int) -> str:
        home, there = book.counties[book.county[i]], book.counties[other[i]]
        return f"{home}, but {own[i]:.0f} km from it and {nearest[i]:.0f} km from {there}"

    return Misplaced(
        worst,
        tell,
        f"By {how}. Mistyped coordinates, a wrong county, or an exclave; losses are booked to the county named.",
    )


def _by_neighbours(book: Book, landscape: Landscape, neighbours: int, ledger: Ledger) -> NDArray[np.float64]:
    """Distance of every stand to every county, shape (stands, counties) [km]; nan where it cannot be told."""
    points = np.column_stack([landscape.x_km[: len(book)], landscape.y_km[: len(book)]])
    distance = np.empty((len(book), len(book.counties)))
    for code, name in enumerate(book.counties):
        here = np.flatnonzero(book.county == code)
        near = min(neighbours, here.size)
        # A stand is its own nearest neighbour, so that its own county's k-th is the (k + 1)-th.
        found = np.asarray(KDTree(points[here]).query(points, k=[near, near + 1])[0])
        distance[:, code] = found[:, 0]
        distance[here, code] = found[here, 1] if here.size > neighbours else np.nan
        if here.size <= neighbours:
            ledger.add(
                "unreliable",
                f"book: stands of {name}",
                f"{here.size} stand{'' if here.size == 1 else 's'} of this county are too few to tell by {neighbours} "
                "neighbours whether one lies outside it.",
                count=int(here.size),
            )
    return distance


def _by_centres(book: Book, centres: Centres) -> NDArray[np.float64]:
    places = np.array([centres[name] for name in book.counties])
    scale = KM_PER_DEGREE * math.cos(math.radians(float(book.lat.mean())))
    east = (book.lon[:, None] - places[None, :, 0]) * scale
    north = (book.lat[:, None] - places[None, :, 1]) * KM_PER_DEGREE
    return np.asarray(np.hypot(east, north))
