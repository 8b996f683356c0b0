# SPDX-License-Identifier: Apache-2.0
"""The forest that fires cross: the insured stands and the forest around them, as a neighbour graph.

A book rarely holds all forest. If it were the whole world, every fire of the county would have to burn
insured forest; so the forest outside the book is laid out as patches between the stands, and a fire burns
whatever it meets. Where the patches lie is a fixed filling, not knowledge: no map of the uninsured forest is
read. Patches are made as much like stands as can be - sizes drawn from the county's stands, places at random
- because fires would otherwise favour one of the two: with evenly spaced patches of equal size the shipped
book burnt 12 % more than its share of the forest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, Delaunay, KDTree, QhullError

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.streams import stream
from greenrisk.core.tables import Column, TableSpec
from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.resource.book import Book

COUNTY_FOREST: Final = TableSpec(
    name="county-forest",
    title="Forest area by county, insured or not",
    columns=(
        Column("county", "text", unique=True, description="County-level unit, spelt as in the book."),
        Column(
            "forest_area_ha",
            "number",
            unit="ha",
            low=0,
            low_open=True,
            description="All forest of the county, insured or not: what a fire can burn.",
        ),
        Column("source", "text", required=False, description="Where the area comes from."),
    ),
)
"""What burns besides the book."""

HA_PER_KM2: Final = 100.0
"""Hectares in a square kilometre."""

MAX_PATCHES: Final = 60_000
"""Most patches that are laid out; larger forests get larger patches."""

PATCH_LIMITS_HA: Final = (1.0, 100.0)
"""Patches are on average as large as the county's mean stand, within these limits [ha]."""

MAX_GAP_KM: Final = 5.0
"""Two pieces of forest farther apart than this are no neighbours (a judgement) [km]."""

MOST_COUNTIES: Final = 10
"""Counties that a message names."""

LONG_EDGE: Final = 3.0
"""An edge longer than this multiple of both ends' median edge is pruned (a judgement) [unitless]."""

LAYOUT_SEED: Final = 20240400
"""Seed of the layout of the forest outside the book; not the simulation's seed, and the same in every run."""


@dataclass(frozen=True, eq=False)
class Landscape:
    """Nodes (stands, then patches outside the book) and who borders whom.

    Parameters
    ----------
    x_km, y_km : array, shape (nodes,)
        Position east and north of the middle of the book [km].
    area_ha : array, shape (nodes,)
        Forest area of the node [ha].
    county : array of int, shape (nodes,)
        Index into ``counties``.
    counties : tuple of str
        Counties of the book, ascending.
    stand : array of int, shape (nodes,)
        Index into the book; -1 for a patch outside the book. Node i < stands is stand i.
    offsets : array of int, shape (nodes + 1,)
        Node i borders ``neighbours[offsets[i]:offsets[i + 1]]``.
    neighbours : array of int
        Bordering nodes, ascending for each node.
    left_out : tuple of str
        Counties of the forest table without a stand in the book: nothing says where their forest lies, so it
        is not part of the landscape.
    """

    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    area_ha: NDArray[np.float64]
    county: NDArray[np.int64]
    counties: tuple[str, ...]
    stand: NDArray[np.int64]
    offsets: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many nodes."""
        return int(self.area_ha.size)


def landscape_faults(book: Book, county_forest: Mapping[str, float], where: str = "county_forest") -> Faults:
    """Say what keeps a book and a table of forest areas from being laid out together.

    Parameters
    ----------
    book : Book
        The insured stands.
    county_forest : mapping of str to float
        Forest area by county [ha].
    where : str
        Name of the file of the forest areas, for the message.

    Returns
    -------
    Faults
        A county of the book without a forest area, or with less forest than the book holds there.
    """
    faults = Faults()
    held = np.bincount(book.county, weights=book.area_ha)
    free = [name for name in county_forest if name not in book.counties]
    for code, name in enumerate(book.counties):
        if name not in county_forest:
            close = did_you_mean(name, list(county_forest)) or (
                f" Counties there without a stand: {', '.join(free[:MOST_COUNTIES])}." if free else ""
            )
            stands = int((book.county == code).sum())
            faults.add(
                where,
                f"county = {name}",
                f"The book has {stands:,} stand{'' if stands == 1 else 's'} in this county, but its forest area is not "
                f"given.{close} Add a row for it, or spell it alike in both tables.",
                "ha",
            )
        elif held[code] > county_forest[name] * (1 + 1e-9):
            faults.add(
                where,
                f"{name}: forest_area_ha = {county_forest[name]:.15g}",
                f"The book holds {held[code]:.6g} ha of stands there, more than the forest of the county. "
                "Are areas in mu given as ha?",
                "ha",
            )
    return faults


def build_landscape(book: Book, county_forest: Mapping[str, float]) -> Landscape:
    """Lay out stands and the forest outside the book, and join neighbours.

    Parameters
    ----------
    book : Book
        The insured stands, at least one.
    county_forest : mapping of str to float
        Forest area by county, insured or not [ha].

    Returns
    -------
    Landscape
        Its area is the forest area of the book's counties. It does not depend on the order of the book's rows
        nor on any seed.

    Raises
    ------
    ArgumentError
        With all of :func:`landscape_faults`.

    Notes
    -----
    The patches of a county lie at random in the convex hull of its stands, from a stream with a fixed seed;
    the hull is enlarged about its centre where it is smaller than the county's forest. Their areas are drawn
    from the county's stands and scaled to the county's forest outside the book.
    """
    landscape_faults(book, county_forest).raise_if_any(ArgumentError)
    middle_lon, middle_lat = float(book.lon.mean()), float(book.lat.mean())
    x = (book.lon - middle_lon) * KM_PER_DEGREE * math.cos(math.radians(middle_lat))
    y = (book.lat - middle_lat) * KM_PER_DEGREE

    held = np.bincount(book.county, weights=book.area_ha)
    forest = np.array([county_forest[name] for name in book.counties])
    outside = np.where(forest - held > 1e-9 * forest, forest - held, 0.0)
    patch = np.clip(held / np.bincount(book.county), *PATCH_LIMITS_HA)
    patch = np.maximum(patch, outside.sum() / MAX_PATCHES)

    xs, ys, areas, codes = [x], [y], [book.area_ha], [book.county]
    for code, name in enumerate(book.counties):
        if outside[code] <= 0:
            continue
        count = max(1, round(outside[code] / patch[code]))
        here = np.flatnonzero(book.county == code)
        rng = stream(LAYOUT_SEED, "landscape", name)
        area = book.area_ha[here][(rng.random(count) * here.size).astype(np.int64)]
        points = _fill(np.column_stack([x[here], y[here]]), forest[code] / HA_PER_KM2, count, rng)
        xs.append(points[:, 0])
        ys.append(points[:, 1])
        areas.append(area * (outside[code] / area.sum()))
        codes.append(np.full(count, code, dtype=np.int64))
    x_km, y_km = np.concatenate(xs), np.concatenate(ys)
    offsets, neighbours = _join(x_km, y_km)
    return Landscape(
        x_km=x_km,
        y_km=y_km,
        area_ha=np.concatenate(areas),
        county=np.concatenate(codes),
        counties=book.counties,
        stand=np.concatenate([np.arange(len(book)), np.full(x_km.size - len(book), -1)]),
        offsets=offsets,
        neighbours=neighbours,
        left_out=tuple(sorted(set(county_forest) - set(book.counties))),
    )


def _fill(
    stands: NDArray[np.float64], area_km2: float, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return ``count`` random points in the hull of the stands, shape (count, 2) [km]."""
    try:
        hull = ConvexHull(stands)
    except (QhullError, ValueError):  # fewer than three stands, or all on a line: a disc
        middle, radius = stands.mean(axis=0), math.sqrt(area_km2 / math.pi)
        return _accept(count, middle - radius, middle + radius, middle, None, radius, rng)
    corners = stands[hull.vertices]
    middle = corners.mean(axis=0)
    scale = max(1.0, math.sqrt(area_km2 / hull.volume))  # the "volume" of a plane hull is its area
    corners = middle + scale * (corners - middle)
    return _accept(count, corners.min(axis=0), corners.max(axis=0), middle, hull.equations, scale, rng)


def _accept(
    count: int,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    middle: NDArray[np.float64],
    equations: NDArray[np.float64] | None,
    scale: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Take the first ``count`` points of the box that lie in the scaled hull, or in a disc of radius
    ``scale``."""
    accepted: list[NDArray[np.float64]] = []
    found = 0
    while found < count:
        points = low + (high - low) * rng.random((2 * count + 64, 2))
        shrunk = (points - middle) / scale
        if equations is None:
            inside = (shrunk**2).sum(axis=1) <= 1.0
        else:
            # Column by column instead of a matrix product, so that no BLAS decides a border case.
            at = [equations[:, k][None, :] * (shrunk[:, k] + middle[k])[:, None] for k in (0, 1)]
            inside = (at[0] + at[1] + equations[:, 2][None, :] <= 0).all(axis=1)
        accepted.append(points[inside])
        found += int(inside.sum())
    return np.concatenate(accepted)[:count]


def _join(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the neighbour lists: pruned Delaunay edges between places, a star within a place."""
    points = np.column_stack([x, y])
    places, first, place = np.unique(points, axis=0, return_index=True, return_inverse=True)
    place = place.ravel()
    edges = _prune(places, first[_triangulate(places)], points)
    # Stands that share one coordinate (e.g. a township's centre) border the first of them.
    twins = np.flatnonzero(first[place] != np.arange(x.size))
    edges = np.concatenate([edges, np.column_stack([first[place[twins]], twins])])
    both = np.concatenate([edges, edges[:, ::-1]])
    both = np.unique(both, axis=0)
    offsets = np.zeros(x.size + 1, dtype=np.int64)
    np.cumsum(np.bincount(both[:, 0], minlength=x.size), out=offsets[1:])
    return offsets, both[:, 1].astype(np.int32)


def _triangulate(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return undirected edges between distinct places, shape (edges, 2)."""
    if len(places) < 2:
        return np.empty((0, 2), dtype=np.int64)
    try:
        mesh = Delaunay(places)
        corners = mesh.simplices.astype(np.int64)
        merged = mesh.coplanar[:, [0, 2]].astype(np.int64)  # places so close to another that Qhull drops them
        edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]], merged])
    except (QhullError, ValueError):  # two places, or all on a line: the nearest ones
        near = np.asarray(KDTree(places).query(places, k=min(3, len(places)))[1])
        edges = np.concatenate([near[:, [0, k]] for k in range(1, near.shape[1])]).astype(np.int64)
    return np.unique(np.sort(edges, axis=1), axis=0)


def _prune(
    places: NDArray[np.float64], edges: NDArray[np.int64], points: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Drop edges across gaps: longer than MAX_GAP_KM, or than LONG_EDGE times the median edge of both
    ends."""
    if not len(edges):
        return edges
    length = np.hypot(*(points[edges[:, 0]] - points[edges[:, 1]]).T)
    ends, lengths = edges.ravel(order="F"), np.tile(length, 2)
    order = np.lexsort((lengths, ends))
    ends, lengths = ends[order], lengths[order]
    nodes, start, count = np.unique(ends, return_index=True, return_counts=True)
    median = np.zeros(len(points))
    median[nodes] = lengths[start + (count - 1) // 2]
    local = np.maximum(median[edges[:, 0]], median[edges[:, 1]])
    kept: NDArray[np.int64] = edges[(length <= MAX_GAP_KM) & (length <= LONG_EDGE * local)]
    return kept
