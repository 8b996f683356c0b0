# SPDX-License-Identifier: Apache-2.0
"""Pollution spills: what enters the river upstream passes every site below it and thins out on the way.

A spill of quantity q takes ``q / (q + half_quantity)`` of the services of a site at the place where it enters; x km
below, this share has fallen by ``exp(-x / decay)``, times the sensitivity of the class. Two sources are known. Without
an upstream zone the card says how many spills enter each 100 km of river and how large they are (lognormal quantity).
With one (:mod:`greenrisk.resource.wetland.upstream`) the spills of a whole simulated year of the zone's run are drawn
at once, and the card says only what they do.

All numbers are judged (card ``wetland-spill-judged``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from greenrisk.core.streams import stream
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.wetland.perils.base import (
    BLOCK_LENGTH,
    LEAST_DEGREE,
    LEAST_DOMAIN,
    Floats,
    Integers,
    Nodes,
    PerilHits,
    gauss,
    joined_nodes,
)
from greenrisk.resource.wetland.perils.events import LEAST_UNIFORM, count_law, drawn_events, hits_of
from greenrisk.resource.wetland.perils.sensitivity import sensitivity_domains, sensitivity_of
from greenrisk.resource.wetland.sites import Sites
from greenrisk.resource.wetland.upstream import UpstreamSpills

KIND: Final = "spill"
USE: Final = "wetland.spill"
"""Use of the card."""

_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "spills_per_100_km": (0.0, 100.0),
    "dispersion": (0.0, 100.0),
    "quantity": (1e-9, 1e9),
    "quantity_spread": (0.0, 5.0),
    "half_quantity": (1e-9, 1e9),
    "decay": (0.1, 1e4),
}
_CONSTANT_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "reach_above": (0.0, 1000.0),
    LEAST_DEGREE: LEAST_DOMAIN,
}

PARAMETERS: Final = (*_DOMAINS, *sensitivity_domains())
"""Parameters of a card."""

CONSTANTS: Final = tuple(_CONSTANT_DOMAINS)
"""Constants of a card: river above the uppermost site in which spills count [km]; least degree [unitless]."""

UNITS: Final[Mapping[str, str]] = {
    "spills_per_100_km": "1/year",
    "quantity": "t",
    "half_quantity": "t",
    "decay": "km",
}


@dataclass(frozen=True, eq=False)
class SpillLaw:
    """The law of spills over the sites.

    Parameters
    ----------
    counts : CountLaw
        Yearly number of spills of the card [1/year].
    river_km : array, shape (sites,)
        Places of the sites along the river, upstream positive [km].
    top : float
        Uppermost place at which a spill of the card enters [km].
    numbers : mapping of str to float
        Numbers of the card.
    sensitivity : array, shape (sites,)
        Factor on the degree [unitless].
    upstream : UpstreamSpills or None
        Spills of a zone's run, which stand for those of the card.
    """

    counts: CountLaw
    river_km: Floats
    top: float
    numbers: Mapping[str, float]
    sensitivity: Floats
    upstream: UpstreamSpills | None

    @property
    def lowest(self) -> float:
        """Place of the lowest site, below which no spill is drawn [km]."""
        return float(self.river_km.min())

    def degrees(self, place: Floats, quantity: Floats) -> Floats:
        """Return what spills take at every site, shape (spills, sites) [unitless]; 0 above their place.

        Parameters
        ----------
        place : array, shape (spills,)
            Where they enter [km].
        quantity : array, shape (spills,)
            What enters [t].
        """
        n = self.numbers
        away = place[:, None] - self.river_km
        share = (quantity / (quantity + n["half_quantity"]))[:, None]
        thinned = share * np.exp(-np.maximum(away, 0.0) / n["decay"]) * self.sensitivity
        return np.where(away >= 0.0, thinned, 0.0)

    def simulate(self, seed: int, purpose: str, block: int) -> PerilHits:
        """Return the spills of a block of years."""
        if self.upstream is not None:
            drawn = stream(seed, purpose, KIND, "zone year", block=block).random(BLOCK_LENGTH)
            year, place, quantity = self.upstream.years_of(drawn)
        else:
            year, _, cell = drawn_events(self.counts, KIND, ("place", "quantity"), seed, purpose, block)
            place = self.lowest + cell["place"] * (self.top - self.lowest)
            quantity = self._quantity(cell["quantity"])
        return hits_of(year, self.degrees(place, quantity), self.numbers[LEAST_DEGREE])

    def _quantity(self, uniform: Floats) -> Floats:
        normal = ndtri(np.clip(uniform, LEAST_UNIFORM, 1.0 - LEAST_UNIFORM))
        return np.asarray(self.numbers["quantity"] * np.exp(self.numbers["quantity_spread"] * normal))

    def expected_events(self) -> float:
        """Return the expected number of spills in a year; not all of them hit a site [1/year]."""
        return (
            self.counts.mean if self.upstream is None else self.upstream.quantity.size / self.upstream.years
        )

    def nodes(self) -> Nodes:
        """Return the expected hits of a year by site and degree; exact with an upstream run."""
        if self.upstream is not None:
            table = self.degrees(self.upstream.river_km, self.upstream.quantity)
            spill, site = np.nonzero(table >= self.numbers[LEAST_DEGREE])
            once = np.full(spill.size, 1.0 / self.upstream.years)
            return Nodes(site.astype(np.int64), np.minimum(table[spill, site], 1.0), once)
        n, least = self.numbers, self.numbers[LEAST_DEGREE]
        density = n["spills_per_100_km"] / 100.0
        u, w = gauss(0.0, 1.0)
        v, inner = gauss(0.0, 1.0)
        quantity = self._quantity(u)
        share = quantity / (quantity + n["half_quantity"])
        sites: list[Integers] = []
        degree: list[Floats] = []
        rate: list[Floats] = []
        for place in np.flatnonzero(self.sensitivity > least):
            most = float(self.sensitivity[place]) * share
            noticed = n["decay"] * np.log(np.maximum(most / least, 1.0))
            length = np.minimum(noticed, self.top - float(self.river_km[place]))[:, None]
            degree.append(np.minimum(most[:, None] * np.exp(-v * length / n["decay"]), 1.0).ravel())
            rate.append((density * w[:, None] * inner * length).ravel())
            sites.append(np.full(u.size * v.size, place, dtype=np.int64))
        return joined_nodes(sites, degree, rate)


def law(
    sites: Sites,
    values: Mapping[str, float | str],
    constants: Mapping[str, float],
    upstream: UpstreamSpills | None = None,
) -> SpillLaw:
    """Return the law of spills over the sites.

    Raises
    ------
    ArgumentError
        With every number that makes no law.
    """
    n = card_numbers(USE, values, {**_DOMAINS, **sensitivity_domains()})
    n |= card_numbers(USE, constants, _CONSTANT_DOMAINS)
    top = float(sites.river_km.max()) + n["reach_above"]
    length = top - float(sites.river_km.min())
    return SpillLaw(
        counts=count_law(n, n["spills_per_100_km"] / 100.0 * length),
        river_km=sites.river_km,
        top=top,
        numbers=n,
        sensitivity=sensitivity_of(n, sites),
        upstream=upstream,
    )
