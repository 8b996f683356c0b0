# SPDX-License-Identifier: Apache-2.0
"""Drought: no event of a day, but the water deficit of a year, shared by counties and felt on dry ground.

A year has an index of wetness, common to the region in part; a county whose index is low enough is in drought, the
worse the lower it is. A region has one drought a year at most. On dry spots young stands wither and bamboo thins.

What lives here: the indices, which counties are in drought and how deep, and which stands suffer. What does not: what
a hit costs. The numbers are judged (card ``drought-judged``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from greenrisk.actuarial.arguments import every, number
from greenrisk.core.compiled import compiled
from greenrisk.core.streams import stream
from greenrisk.core.variants import Values
from greenrisk.resource.book import SPECIES_GROUPS
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import Floats, Hits, Integers, PerilYears, Season, season_of
from greenrisk.resource.perils.damage import AGE_CLASSES, age_class
from greenrisk.resource.perils.local_noise import event_keys, noise

KIND: Final = "drought"
"""The kind of this peril, and the name of its streams."""

USE: Final = "drought.peril"
"""Use that a card must state."""

PARAMETERS: Final = (
    "probability",
    "county_correlation",
    "severity_rate",
    *(f"vulnerability_{name}" for name in SPECIES_GROUPS),
    "odds_young",
    "odds_old",
    "dry_share",
    "area_share",
)
"""What a card must bring."""

UNITS: Final[Mapping[str, str]] = {"probability": "1/year"}
"""Units of the parameters that have one; all others are unitless."""

CONSTANTS: Final = ("season_first_day", "season_last_day", "least_degree")
"""Constants that a card must bring [day], [day], [unitless]."""

MOST_PROBABILITY: Final = 0.95
"""Where a scaled probability of drought is capped [1/year]."""

_LEVELS: Final = 20_000
"""Equiprobable depths behind the expected shares."""


@dataclass(frozen=True, eq=False)
class DroughtLaw:
    """The law of drought over an exposure.

    Parameters
    ----------
    probability : float
        Chance that a county is in drought in a year, scale included and capped [1/year].
    capped : bool
        Whether the scale asked for more than :data:`MOST_PROBABILITY`.
    threshold : float
        Index below which a county is in drought at scale 1: depths are counted from there [unitless].
    county_correlation : float
        Correlation of the indices of two counties [unitless].
    severity_rate : float
        How fast the degree grows with depth [unitless].
    vulnerability : array, shape (classes,)
        Degree of the deepest drought, by ``class_code`` [unitless].
    dry_share, area_share : float
        Share of the stands that lie on dry ground; mean share of their area that suffers [unitless].
    least_degree : float
        What is less is no hit [unitless].
    class_code, county : array of int, shape (stands,)
        Species index times three plus age class; index into ``counties``.
    counties : tuple of str
        Counties of the book.
    season : Season
        Days on which a drought is declared.

    Notes
    -----
    The index of county c is I_c = sqrt(rho) Z + sqrt(1 - rho) Z_c with independent standard normal Z, Z_c. Drought
    means U_c = Phi(I_c) < p. The depth is D = Phi^-1(p0) - Phi^-1(p0 U_c / p) with p0 the probability at scale 1: its
    law is the same whatever the scale, which thus moves how often there is drought and not how deep it is. The degree
    is v (1 - exp(-k D)) with the vulnerability v of species and age. The chance of a drought anywhere in the region
    grows less than the scale where counties begin to share their droughts.
    """

    probability: float
    capped: bool
    threshold: float
    county_correlation: float
    severity_rate: float
    vulnerability: Floats
    dry_share: float
    area_share: float
    least_degree: float
    class_code: Integers
    county: Integers
    counties: tuple[str, ...]
    season: Season

    def severity(self, rank: Floats) -> Floats:
        """Return 1 - exp(-k D) of a drought, the share of the vulnerability that is lost.

        Parameters
        ----------
        rank : array
            Rank of the drought among droughts, uniform on (0, 1]: small is deep [unitless].

        Returns
        -------
        array
            In [0, 1) [unitless].
        """
        depth = self.threshold - ndtri(ndtr(self.threshold) * np.asarray(rank, dtype=np.float64))
        return np.asarray(-np.expm1(-self.severity_rate * np.maximum(depth, 0.0)))

    def indices(self, seed: int, purpose: str, block: int) -> Floats:
        """Return the wetness index of each year and county, shape (years, counties) [unitless]."""
        common = _normal(seed, purpose, "region", block=block)
        own = [_normal(seed, purpose, "county", name, block=block) for name in self.counties]
        rho = self.county_correlation
        return math.sqrt(rho) * common[:, None] + math.sqrt(1.0 - rho) * np.stack(own, axis=1)

    def strike(self, severity: Floats, keys: NDArray[np.uint64]) -> Hits:
        """Return what given droughts do to the stands: those of a block, or one that is named.

        Parameters
        ----------
        severity : array, shape (droughts, counties)
            Severity in each county, in [0, 1]; 0 where it is spared [unitless].
        keys : array of uint64, shape (droughts,)
            Keys of the local luck of each.

        Returns
        -------
        tuple of array
            Event, stand, share of the area [unitless], degree [unitless] of each hit.
        """
        hits: Hits = _drought_hits(
            severity,
            keys,
            self.class_code,
            self.county,
            self.vulnerability,
            (self.dry_share, (1.0 - self.area_share) / self.area_share, self.least_degree),
        )
        return hits

    def simulate(self, seed: int, purpose: str, block: int) -> PerilYears:
        """Return what a block of years brings, as :class:`~greenrisk.resource.perils.base.PerilLaw` says."""
        rank = ndtr(self.indices(seed, purpose, block)) / max(self.probability, 1e-300)
        year = np.flatnonzero((rank < 1.0).any(axis=1))
        rank = rank[year]
        severity = np.where(rank < 1.0, self.severity(np.clip(rank, 1e-300, 1.0)), 0.0)
        day = self.season.days(stream(seed, purpose, KIND, "day", block=block).random(BLOCK_LENGTH))[year]
        event, stand, area, degree = self.strike(
            severity, event_keys(seed, purpose, KIND, block, year, np.zeros_like(year))
        )
        return PerilYears(year, day, event, stand, area, degree)

    def expected_events(self) -> float:
        """Return the chance that at least one county is in drought in a year [1/year].

        Notes
        -----
        Given Z the counties are independent: 1 - E[(1 - q(Z))^counties] with q(z) = Phi((t - sqrt(rho) z) /
        sqrt(1 - rho)) and t = Phi^-1(p), over equiprobable z.
        """
        z = ndtri((np.arange(_LEVELS) + 0.5) / _LEVELS)
        rho = self.county_correlation
        dry = ndtr((ndtri(self.probability) - math.sqrt(rho) * z) / math.sqrt(1.0 - rho))
        return float(1.0 - ((1.0 - dry) ** len(self.counties)).mean()) if self.probability > 0 else 0.0

    def expected_shares(self) -> Floats:
        """Return the share of each stand expected to be lost in a year, area times degree: no simulation.

        Returns
        -------
        array, shape (stands,)
            [1/year]
        """
        severity = self.severity((np.arange(_LEVELS) + 0.5) / _LEVELS)
        degree = self.vulnerability[:, None] * severity
        mean = np.where(degree >= self.least_degree, degree, 0.0).mean(axis=1)
        return np.asarray(self.probability * self.dry_share * self.area_share * mean[self.class_code])


def drought_law(
    exposure: Exposure, values: Values, constants: Mapping[str, float], scale: float
) -> DroughtLaw:
    """Return the law of drought of a card over an exposure.

    Parameters
    ----------
    exposure : Exposure
        What can be hit.
    values : mapping
        :data:`PARAMETERS`, in the units of :data:`UNITS`, else [unitless].
    constants : mapping
        :data:`CONSTANTS`.
    scale : float
        Factor on the probability of drought in a county, >= 0 [unitless].

    Raises
    ------
    ArgumentError
        With every value that makes no law.
    """
    v = {name: float(values[name]) for name in PARAMETERS}
    least = float(constants["least_degree"])
    unbounded = ("severity_rate", "odds_young", "odds_old")
    every(
        lambda: number("scale", scale, least=0.0, unit="unitless"),
        lambda: number(
            "probability", v["probability"], above=0.0, most=MOST_PROBABILITY, unit=UNITS["probability"]
        ),
        *(_positive(name, v[name]) for name in unbounded),
        *(_share(name, v[name]) for name in PARAMETERS if name not in ("probability", *unbounded)),
        _share("least_degree", least),
    )
    book = exposure.book
    odds = np.array([v[f"vulnerability_{name}"] for name in SPECIES_GROUPS])
    odds = (odds / (1.0 - odds))[:, None] * np.array([v["odds_young"], 1.0, v["odds_old"]])
    return DroughtLaw(
        probability=min(scale * v["probability"], MOST_PROBABILITY),
        capped=scale * v["probability"] > MOST_PROBABILITY,
        threshold=float(ndtri(v["probability"])),
        county_correlation=v["county_correlation"],
        severity_rate=v["severity_rate"],
        vulnerability=(odds / (1.0 + odds)).ravel(),
        dry_share=v["dry_share"],
        area_share=v["area_share"],
        least_degree=least,
        class_code=len(AGE_CLASSES) * book.species + age_class(book.species, book.age),
        county=book.county,
        counties=book.counties,
        season=season_of(constants),
    )


def _positive(name: str, value: float) -> Callable[[], object]:
    return lambda: number(name, value, above=0.0, unit="unitless")


def _share(name: str, value: float) -> Callable[[], object]:
    return lambda: number(name, value, above=0.0, below=1.0, unit="unitless")


def _normal(seed: int, *names: str, block: int) -> Floats:
    """One standard normal for each year of a block, shape (years,)."""
    purpose, *rest = names
    return np.asarray(ndtri(stream(seed, purpose, KIND, *rest, block=block).random(BLOCK_LENGTH) + 2.0**-54))


def _drought_hits_kernel(
    severity: Floats,
    keys: NDArray[np.uint64],
    class_code: Integers,
    county: Integers,
    vulnerability: Floats,
    numbers: tuple[float, float, float],
) -> tuple[Integers, Integers, Floats, Floats]:
    """Return event, stand, area and degree of each hit; ``numbers``: dry share, power of the area, least degree."""
    dry_share, power, least_degree = numbers
    stands = class_code.size
    most = np.zeros(severity.shape[1], dtype=np.int64)
    for node in range(stands):
        most[county[node]] += 1
    room = 0
    for drought in range(severity.shape[0]):
        for place in range(most.size):
            if severity[drought, place] > 0.0:
                room += most[place]
    event, stand = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    area, degree = np.empty(room), np.empty(room)
    hits = 0
    for drought in range(severity.shape[0]):
        for node in range(stands):
            loss = severity[drought, county[node]] * vulnerability[class_code[node]]
            if loss >= least_degree:
                dryness = noise(keys[drought], node)
                share = 1.0 - dryness / dry_share
                if share > 0.0:
                    event[hits], stand[hits] = drought, node
                    area[hits], degree[hits] = share**power, loss
                    hits += 1
    return event[:hits].copy(), stand[:hits].copy(), area[:hits].copy(), degree[:hits].copy()


_drought_hits = compiled(_drought_hits_kernel)
