# SPDX-License-Identifier: Apache-2.0
"""What spills, invasions and storms share: their number in a year, and hits laid out from events by sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.perils.stand_cells import ranks
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, Floats, Integers, PerilHits
from greenrisk.resource.wetland.sites import Sites

LEAST_UNIFORM: Final = 1e-16
"""Uniforms are not taken below it: 0 has no normal quantile."""


def drawn_events(
    counts: CountLaw, kind: str, variables: Sequence[str], seed: int, purpose: str, block: int
) -> tuple[Integers, Integers, dict[str, Floats]]:
    """Return the events of a block of years.

    Parameters
    ----------
    counts : CountLaw
        Yearly number of events.
    kind : str
        Name of the peril.
    variables : sequence of str
        One independent uniform of each event for each name.
    seed, purpose, block
        Key of the random streams.

    Returns
    -------
    tuple
        Year of each event and its place in the year, each shape (events,); uniforms by name, shape (events,).
    """
    uniform = stream(seed, purpose, kind, "year", block=block).random((2, BLOCK_LENGTH))
    number = counts.counts(0.5, uniform[0], uniform[1])
    year, rank = ranks(number)
    return (
        year,
        rank,
        cell_uniforms(seed, purpose, kind, block=block, counts=number, variables=variables),
    )


def hits_of(year: Integers, degree: Floats, least: float) -> PerilHits:
    """Return hits from the degrees of all events at all sites.

    Parameters
    ----------
    year : array of int, shape (events,)
        Year of each event.
    degree : array, shape (events, sites)
        0 or less where an event does not hit [unitless]; above 1 counts as 1.
    least : float
        Degree below which a hit goes unnoticed [unitless].
    """
    event, site = np.nonzero(degree >= least)
    return PerilHits(
        year.astype(np.int64),
        event.astype(np.int64),
        site.astype(np.int64),
        np.minimum(degree[event, site], 1.0),
    )


def plane_km(sites: Sites) -> tuple[Floats, Floats]:
    """Return the places of the sites in a plane, east and north of their middle, each shape (sites,) [km]."""
    lat0, lon0 = float(sites.lat.mean()), float(sites.lon.mean())
    east = (sites.lon - lon0) * KM_PER_DEGREE * np.cos(np.radians(lat0))
    return np.asarray(east), np.asarray((sites.lat - lat0) * KM_PER_DEGREE)


def distances_km(sites: Sites) -> Floats:
    """Return the distance between every two sites, shape (sites, sites) [km]."""
    east, north = plane_km(sites)
    return np.hypot(east[:, None] - east, north[:, None] - north)


def count_law(numbers: Mapping[str, float], mean: float) -> CountLaw:
    """Return the law of the yearly number: Poisson with the card's gamma year effect of variance ``dispersion``."""
    return CountLaw(mean, 0.0, numbers["dispersion"])
