# SPDX-License-Identifier: Apache-2.0
"""Invasive species: a plant or animal that is brought to a site, takes hold, and may jump to sites nearby.

Introductions come to every site alike. From the site of an introduction it reaches each other site with the chance
``exp(-distance / jump)``. What it takes of a site's functions before it is cleared has the law beta(a, 1), site by
site. So a site is hit ``introductions * (1 + sum of the chances from all others)`` times a year.

All numbers are judged (card ``wetland-invasive-judged``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.perils.local_noise import uniforms
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
from greenrisk.resource.wetland.perils.events import count_law, distances_km, drawn_events, hits_of
from greenrisk.resource.wetland.perils.sensitivity import sensitivity_domains, sensitivity_of
from greenrisk.resource.wetland.sites import Sites

KIND: Final = "invasive"
USE: Final = "wetland.invasive"
"""Use of the card."""

_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "introductions": (0.0, 10.0),
    "dispersion": (0.0, 100.0),
    "jump": (1e-3, 1e4),
    "degree": (1e-3, 0.999),
}

PARAMETERS: Final = (*_DOMAINS, *sensitivity_domains())
"""Parameters of a card."""

CONSTANTS: Final = (LEAST_DEGREE,)
"""Constants of a card."""

UNITS: Final[Mapping[str, str]] = {"introductions": "1/year", "jump": "km"}


@dataclass(frozen=True, eq=False)
class InvasiveLaw:
    """The law of invasions over the sites.

    Parameters
    ----------
    counts : CountLaw
        Yearly number of introductions [1/year].
    chance : array, shape (sites, sites)
        Chance that an introduction at the first site reaches the second; 1 on the diagonal [unitless].
    sensitivity : array, shape (sites,)
        Factor on the degree [unitless].
    degree : float
        Mean degree [unitless].
    least : float
        Degree below which a hit goes unnoticed [unitless].
    """

    counts: CountLaw
    chance: Floats
    sensitivity: Floats
    degree: float
    least: float

    def simulate(self, seed: int, purpose: str, block: int) -> PerilHits:
        """Return the invasions of a block of years."""
        sites = self.sensitivity.size
        year, rank, cell = drawn_events(self.counts, KIND, ("origin",), seed, purpose, block)
        origin = np.minimum((cell["origin"] * sites).astype(np.int64), sites - 1)
        place = np.arange(sites)

        def luck(variable: str) -> Floats:
            drawn = uniforms(
                seed, purpose, KIND, block, year[:, None], rank[:, None], place, variable=variable
            )
            return drawn.reshape(year.size, sites)

        reached = luck("jump") < self.chance[origin]
        degree = self.sensitivity * luck("degree") ** power_exponent(self.degree)
        return hits_of(year, np.where(reached, degree, 0.0), self.least)

    def expected_events(self) -> float:
        """Return the expected number of introductions in a year [1/year]."""
        return self.counts.mean

    def nodes(self) -> Nodes:
        """Return the expected hits of a year by site and degree."""
        exponent = power_exponent(self.degree)
        yearly = self.counts.mean / self.sensitivity.size * self.chance.sum(axis=0)
        site, degree, rate = [], [], []
        for place in np.flatnonzero(self.sensitivity > self.least):
            factor = float(self.sensitivity[place])
            u, w = gauss((self.least / factor) ** (1.0 / exponent), 1.0)
            degree.append(np.minimum(factor * u**exponent, 1.0))
            rate.append(yearly[place] * w)
            site.append(np.full(u.size, place, dtype=np.int64))
        return joined_nodes(site, degree, rate)


def law(sites: Sites, values: Mapping[str, float | str], constants: Mapping[str, float]) -> InvasiveLaw:
    """Return the law of invasions over the sites.

    Raises
    ------
    ArgumentError
        With every number that makes no law.
    """
    n = card_numbers(USE, values, {**_DOMAINS, **sensitivity_domains()})
    n |= card_numbers(USE, constants, {LEAST_DEGREE: LEAST_DOMAIN})
    sensitivity = sensitivity_of(n, sites)
    return InvasiveLaw(
        counts=count_law(n, n["introductions"] * sensitivity.size),
        chance=np.exp(-distances_km(sites) / n["jump"]),
        sensitivity=sensitivity,
        degree=n["degree"],
        least=n[LEAST_DEGREE],
    )
