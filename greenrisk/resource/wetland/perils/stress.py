# SPDX-License-Identifier: Apache-2.0
"""Yearly stress of a whole region: low water, flood, heat. Every year has its degree, most years none.

Each site has a standard normal of the year. It is made of a normal of the region and one of its own, so that two sites
share their bad years with the correlation ``site_correlation``. The normal stands for a return period T; from the onset
T0 on the degree grows by equal steps for equal factors of T::

    degree = sensitivity * degree_100 * ln(T / T0) / ln(100 / T0),  at most 1.

Degrees below the constant ``least_degree`` go unnoticed. Without it, and as long as no degree reaches 1, the expected
degree of a year is ``sensitivity * degree_100 / (T0 ln(100 / T0))``.
The years of a region are tied to those of low water, which is the one that an index may be linked to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from greenrisk.core.streams import stream
from greenrisk.resource.perils.card_numbers import card_numbers
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
    numbered,
)
from greenrisk.resource.wetland.perils.sensitivity import sensitivity_domains, sensitivity_of
from greenrisk.resource.wetland.sites import Sites

REFERENCE_PERIOD: Final = 100.0
"""Return period at which the degree is stated [year]."""

LEADING: Final = "low_water"
"""The stress that the others are correlated with."""

_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "onset_period": (1.5, 90.0),
    "degree_100": (0.0, 5.0),
    "site_correlation": (0.0, 0.999),
}
FOLLOWS: Final = "low_water_correlation"
"""Parameter of the stresses that follow low water: the correlation of the region's normals."""

CONSTANTS: Final = (LEAST_DEGREE,)
"""Constants of a card of stress."""

UNITS: Final[Mapping[str, str]] = {"onset_period": "year"}
"""Units of the parameters that have one."""


def parameters(*, follows: bool) -> tuple[str, ...]:
    """Return the parameters of a card of stress.

    Parameters
    ----------
    follows : bool
        Whether its region's years are correlated with those of low water.
    """
    return (*_DOMAINS, *((FOLLOWS,) if follows else ()), *sensitivity_domains())


@lru_cache(maxsize=64)  # the variants of a run share them, block by block
def normals(seed: int, purpose: str, kind: str, what: str, block: int, places: int) -> Floats:
    """Return independent standard normals of a block of years, shape (years, places); read-only.

    Parameters
    ----------
    seed, purpose, kind, what, block
        Key of the random stream.
    places : int
        How many a year.
    """
    drawn = stream(seed, purpose, kind, what, block=block).standard_normal((BLOCK_LENGTH, places))
    drawn.flags.writeable = False
    return drawn


@dataclass(frozen=True, eq=False)
class StressLaw:
    """The law of a yearly stress over the sites.

    Parameters
    ----------
    kind : str
        Name of the peril: key of its streams.
    onset_period : float
        Return period from which there is damage [year], > 1.
    slope : array, shape (sites,)
        Degree by which the damage of a site grows with the logarithm of the return period [unitless].
    site_correlation : float
        Correlation of the normals of two sites [unitless].
    low_water_correlation : float
        Correlation of the region's normal with that of low water [unitless]; 1 for low water itself.
    least : float
        Degree below which a hit goes unnoticed [unitless].
    """

    kind: str
    onset_period: float
    slope: Floats
    site_correlation: float
    low_water_correlation: float
    least: float

    @property
    def least_normal(self) -> Floats:
        """Normal from which a site is damaged, shape (sites,); inf where it never is."""
        with np.errstate(divide="ignore", over="ignore"):
            chance = np.exp(-self.least / self.slope) / self.onset_period
        return np.asarray(-ndtri(chance))

    def region(self, seed: int, purpose: str, block: int) -> Floats:
        """Return the normal of the region in each year of a block, shape (years,); high is bad."""
        r = self.low_water_correlation
        leading = normals(seed, purpose, LEADING, "region", block, 1)[:, 0]
        if r == 1.0:
            return leading
        own = normals(seed, purpose, self.kind, "region", block, 1)[:, 0]
        return np.asarray(r * leading + math.sqrt(1.0 - r * r) * own)

    def simulate(self, seed: int, purpose: str, block: int) -> PerilHits:
        """Return the stress of a block of years; a year that damages any site is one event."""
        sites = self.slope.size
        region = self.region(seed, purpose, block)
        own = normals(seed, purpose, self.kind, "site", block, sites)
        rho = self.site_correlation
        shared = math.sqrt(rho) * region[:, None]
        # most site-years are not hit: the normals of those that are alone are computed
        year, site = np.nonzero(own > (self.least_normal - shared) / math.sqrt(1.0 - rho))
        normal = shared[year, 0] + math.sqrt(1.0 - rho) * own[year, site]
        # ln(T / T0) = -ln P(beyond) - ln T0; log_ndtr keeps its digits far out.
        steps = -log_ndtr(-normal) - math.log(self.onset_period)
        return _yearly(year, site, np.clip(self.slope[site] * steps, self.least, 1.0))

    def expected_events(self) -> float:
        """Return the chance that a year damages any site, by quadrature over the region's normal [1/year]."""
        rho = self.site_correlation
        x, w = np.polynomial.hermite_e.hermegauss(128)
        below = ndtr((self.least_normal[:, None] - math.sqrt(rho) * x) / math.sqrt(1.0 - rho))
        return float(1.0 - w @ below.prod(axis=0) / math.sqrt(2.0 * math.pi))

    def nodes(self) -> Nodes:
        """Return the expected hits of a year by site and degree.

        Notes
        -----
        ``v = ln(T / T0)`` is exponential given that T exceeds T0, which happens once in T0 years. Between the v at
        which the degree is noticed and that at which it reaches 1 the rule of Gauss-Legendre is used, the rest of the
        mass stands at 1.
        """
        site, degree, rate = [], [], []
        for place in np.flatnonzero(self.slope > self.least / 40.0):
            slope = float(self.slope[place])
            end = min(1.0 / slope, self.least / slope + 40.0)
            v, w = _pieces(self.least / slope, end)
            degree += [np.minimum(slope * v, 1.0), np.array([1.0])]
            rate += [w * np.exp(-v) / self.onset_period, np.array([math.exp(-end) / self.onset_period])]
            site.append(np.full(v.size + 1, place, dtype=np.int64))
        return joined_nodes(site, degree, rate)


def _pieces(start: float, end: float) -> tuple[Floats, Floats]:
    """Return a rule on [start, end] that resolves exp(-v): short pieces at the start."""
    edges = [start, *(start + step for step in (0.5, 1.0, 2.0, 4.0, 8.0) if start + step < end), end]
    rules = [gauss(low, high) for low, high in pairwise(edges)]
    points, weights = zip(*rules, strict=True)
    return np.concatenate(points), np.concatenate(weights)


def _yearly(year: Integers, site: Integers, degree: Floats) -> PerilHits:
    """Return hits as events, one a year that has any."""
    hit = np.zeros(BLOCK_LENGTH, dtype=np.bool_)
    hit[year] = True
    return PerilHits(np.flatnonzero(hit), numbered(hit)[year], site.astype(np.int64), degree)


def stress_law(
    kind: str, use: str, sites: Sites, values: Mapping[str, float | str], constants: Mapping[str, float]
) -> StressLaw:
    """Return the law of a yearly stress over the sites.

    Parameters
    ----------
    kind : str
        Name of the peril.
    use : str
        Use of its card, for messages.
    sites : Sites
        The sites.
    values : mapping
        Parameters of the card by name, see :func:`parameters`.
    constants : mapping
        Constants of the card: :data:`CONSTANTS`.

    Raises
    ------
    ArgumentError
        With every number that makes no law.
    """
    domains = dict(_DOMAINS) | sensitivity_domains()
    if kind != LEADING:
        domains[FOLLOWS] = (-0.999, 0.999)
    n = card_numbers(use, values, domains) | card_numbers(use, constants, {LEAST_DEGREE: LEAST_DOMAIN})
    step = n["degree_100"] / math.log(REFERENCE_PERIOD / n["onset_period"])
    return StressLaw(
        kind=kind,
        onset_period=n["onset_period"],
        slope=step * sensitivity_of(n, sites),
        site_correlation=n["site_correlation"],
        low_water_correlation=1.0 if kind == LEADING else n[FOLLOWS],
        least=n[LEAST_DEGREE],
    )
