# SPDX-License-Identifier: Apache-2.0
"""Storms: a round footprint of wind that throws riverside forest, tears reed and silts shallow water.

Centres are strewn evenly over a box around the sites, as many for each 10,000 km2. A footprint has a lognormal radius
R, cut at the margin of the box, and a peak degree with the law beta(a, 1); at distance d the degree is
``sensitivity * peak * (1 - d / R)``. So a site is hit ``storms per km2 * pi * E[R^2]`` times a year, and given a hit
``d / R`` is the root of a uniform, whatever R: the expected loss needs no simulation.

All numbers are judged (card ``wetland-storm-judged``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri

from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.wetland.perils.base import (
    LEAST_DEGREE,
    LEAST_DOMAIN,
    Floats,
    Nodes,
    PerilHits,
    gauss,
    joined_nodes,
    power_exponent,
)
from greenrisk.resource.wetland.perils.events import (
    LEAST_UNIFORM,
    count_law,
    drawn_events,
    plane_km,
)
from greenrisk.resource.wetland.perils.sensitivity import sensitivity_domains, sensitivity_of
from greenrisk.resource.wetland.sites import Sites

KIND: Final = "storm"
USE: Final = "wetland.storm"
"""Use of the card."""

_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "storms_per_10000_km2": (0.0, 100.0),
    "dispersion": (0.0, 100.0),
    "radius": (0.1, 1000.0),
    "radius_spread": (0.0, 2.0),
    "peak_degree": (1e-3, 0.999),
}
_CONSTANT_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "largest_radius": (0.1, 1000.0),
    LEAST_DEGREE: LEAST_DOMAIN,
}

PARAMETERS: Final = (*_DOMAINS, *sensitivity_domains())
"""Parameters of a card."""

CONSTANTS: Final = tuple(_CONSTANT_DOMAINS)
"""Constants of a card: the largest radius, which is the margin of the box too [km]; least degree [unitless]."""

UNITS: Final[Mapping[str, str]] = {"storms_per_10000_km2": "1/year", "radius": "km"}


@dataclass(frozen=True, eq=False)
class StormLaw:
    """The law of storms over the sites.

    Parameters
    ----------
    counts : CountLaw
        Yearly number of storms with a centre in the box [1/year].
    density : float
        Storms of a year and km2 [1/(year km2)].
    east, north : array, shape (sites,)
        Places of the sites [km].
    sensitivity : array, shape (sites,)
        Factor on the degree [unitless].
    log_radius, spread, largest : float
        Logarithm of the median radius [ln km], its standard deviation [unitless], and the cut [km].
    peak : float
        Mean peak degree [unitless].
    least : float
        Degree below which a hit goes unnoticed [unitless].
    """

    counts: CountLaw
    density: float
    east: Floats
    north: Floats
    sensitivity: Floats
    log_radius: float
    spread: float
    largest: float
    peak: float
    least: float

    def simulate(self, seed: int, purpose: str, block: int) -> PerilHits:
        """Return the storms of a block of years."""
        year, _, cell = drawn_events(
            self.counts, KIND, ("east", "north", "radius", "peak"), seed, purpose, block
        )
        low, high = _box(self.east, self.largest), _box(self.north, self.largest)
        x = low[0] + cell["east"] * (low[1] - low[0])
        y = high[0] + cell["north"] * (high[1] - high[0])
        normal = ndtri(np.maximum(cell["radius"], LEAST_UNIFORM))
        radius = np.minimum(np.exp(self.log_radius + self.spread * normal), self.largest)
        peak = cell["peak"] ** power_exponent(self.peak)
        square = (self.east - x[:, None]) ** 2 + (self.north - y[:, None]) ** 2
        storm, site = np.nonzero(square < (radius * radius)[:, None])
        away = np.sqrt(square[storm, site]) / radius[storm]
        degree = self.sensitivity[site] * peak[storm] * (1.0 - away)
        some = degree >= self.least
        return PerilHits(year, storm[some], site[some], np.minimum(degree[some], 1.0))

    def expected_events(self) -> float:
        """Return the expected number of storms in a year; not all of them hit a site [1/year]."""
        return self.counts.mean

    def mean_square_radius(self) -> float:
        """Return E[min(R, cut)^2] of the lognormal radius, in closed form [km2]."""
        m, s, cut = self.log_radius, self.spread, math.log(self.largest)
        if s == 0.0:
            return min(math.exp(2.0 * m), self.largest**2)
        inside = math.exp(2.0 * m + 2.0 * s * s) * float(ndtr((cut - m) / s - 2.0 * s))
        return inside + self.largest**2 * float(ndtr((m - cut) / s))

    def nodes(self) -> Nodes:
        """Return the expected hits of a year by site and degree: rate of hits by peak and by place in the disk."""
        hits = self.density * math.pi * self.mean_square_radius()
        site, degree, rate = [], [], []
        for place in np.flatnonzero(self.sensitivity > self.least):
            factor, exponent = float(self.sensitivity[place]), power_exponent(self.peak)
            u, w = gauss((self.least / factor) ** (1.0 / exponent), 1.0)
            most = factor * u**exponent
            # v = d / R has the density 2 v in a disk; beyond 1 - least / most the hit goes unnoticed
            v, inner = gauss(0.0, 1.0)
            reach = (1.0 - self.least / most)[:, None]
            degree.append(np.minimum(most[:, None] * (1.0 - v * reach), 1.0).ravel())
            rate.append((hits * w[:, None] * inner * reach * 2.0 * v * reach).ravel())
            site.append(np.full(u.size * v.size, place, dtype=np.int64))
        return joined_nodes(site, degree, rate)


def _box(place: Floats, margin: float) -> tuple[float, float]:
    return float(place.min()) - margin, float(place.max()) + margin


def law(sites: Sites, values: Mapping[str, float | str], constants: Mapping[str, float]) -> StormLaw:
    """Return the law of storms over the sites.

    Raises
    ------
    ArgumentError
        With every number that makes no law.
    """
    n = card_numbers(USE, values, {**_DOMAINS, **sensitivity_domains()})
    n |= card_numbers(USE, constants, _CONSTANT_DOMAINS)
    east, north = plane_km(sites)
    (west, far_east), (south, far_north) = (_box(one, n["largest_radius"]) for one in (east, north))
    density = n["storms_per_10000_km2"] / 1e4
    return StormLaw(
        counts=count_law(n, density * (far_east - west) * (far_north - south)),
        density=density,
        east=east,
        north=north,
        sensitivity=sensitivity_of(n, sites),
        log_radius=math.log(n["radius"]),
        spread=n["radius_spread"],
        largest=n["largest_radius"],
        peak=n["peak_degree"],
        least=n[LEAST_DEGREE],
    )
