# SPDX-License-Identifier: Apache-2.0
"""Pests: pine wilt, whose outbreaks persist for years and grow, and leaf feeders, which come in gradations.

An outbreak of pine wilt starts somewhere in the conifer or mixed forest, lives for years and is a ring wider every
year. A simulated year is an independent replicate of the year that is insured, so what it holds is a snapshot: the
outbreaks that are alive, of all ages, and what they newly infest between last year's edge and this year's. Leaf feeders
(pine caterpillar, broadleaf defoliators, bamboo locust) are few in most years and many in a gradation; each cluster
feeds on its own hosts, densest in its middle, and is gone when the year is.

The damage degree is the wording's, not the biologist's: a fixed degree for an infested stand, all of it where the
stand must be clear-felled. What the terms of a policy make of it is in :mod:`greenrisk.resource.settlement`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import numpy as np
from scipy.special import ndtri

from greenrisk.actuarial.arguments import every, number
from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.resource.book import SPECIES_GROUPS, Book
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.landscape import HA_PER_KM2, Landscape
from greenrisk.resource.perils.base import Floats, Integers, PerilYears, Season
from greenrisk.resource.perils.damage import AGE_CLASSES, age_class
from greenrisk.resource.perils.fire_counts import poisson_quantile
from greenrisk.resource.perils.infestation import Bands, Reach, bands, infest
from greenrisk.resource.perils.local_noise import event_keys
from greenrisk.resource.variants import Values

USE: Final = "pest.peril"
"""What the card of this peril is for."""

FIXED_DEGREE: Final = "fixed_degree"
"""The parameter that is the pest rule of the wording: loss degree of an infested stand [unitless]."""

CLEAR_FELLED: Final = 1.0
"""Loss degree of a stand that must be clear-felled, by the same rule [unitless]."""

_CHANCE: Final = {"least": 0.0, "most": 1.0}
_SHARE: Final = {"above": 0.0, "most": 1.0}
_RATE: Final = {"least": 0.0}
_LENGTH: Final = {"above": 0.0}
_FACTOR: Final = {"least": 0.0}

_DOMAINS: Final[Mapping[str, Mapping[str, float]]] = {
    "wilt_rate": _RATE,
    "wilt_persistence": {"above": 0.0, "below": 1.0},
    "wilt_growth": _LENGTH,
    "wilt_conifer": _CHANCE,
    "wilt_mixed": _CHANCE,
    "wilt_young": _FACTOR,
    "wilt_old": _FACTOR,
    "wilt_area_share": _SHARE,
    "clear_felling": _CHANCE,
    "leaf_rate": _RATE,
    "gradation_years": _SHARE,
    "leaf_radius": _LENGTH,
    "leaf_radius_spread": _FACTOR,
    **{f"leaf_{name}": _CHANCE for name in SPECIES_GROUPS},
    "leaf_young": _FACTOR,
    "leaf_old": _FACTOR,
    "leaf_area_share": _SHARE,
    FIXED_DEGREE: _SHARE,
}

PARAMETERS: Final = tuple(_DOMAINS)
"""Parameters of a card for this peril."""

UNITS: Final[Mapping[str, str]] = {
    "wilt_rate": "1/year/1000 km2",
    "wilt_growth": "km/year",
    "leaf_rate": "1/year/1000 km2",
    "leaf_radius": "km",
}
"""Units of the parameters that have one."""

CONSTANTS: Final = ("season_first_day", "leaf_last_day", "census_first_day", "season_last_day")
"""Leaf feeders are reported from ``season_first_day`` to ``leaf_last_day``, pine wilt at the autumn census from
``census_first_day`` to ``season_last_day`` [day of the year]."""

RATE_KM2: Final = 1000.0
"""Forest that the rates of a card are meant for [km2]."""

GUILDS: Final = ("conifer", "broadleaf", "bamboo")
"""Hosts of the leaf feeders; a mixed stand feeds those of conifers and those of broadleaf trees."""

_WILT: Final = len(GUILDS)
_SMALLEST = 2.0**-53


@dataclass(frozen=True, eq=False)
class Grounds:
    """What of an exposure all variants of a pest share: where stands and hosts are.

    Parameters
    ----------
    stands : Bands
        Where the stands are.
    kind : array of int, shape (stands,)
        Species group times the number of age classes plus age class.
    forest, hosts : array, shape (nodes,)
        Cumulative share of the area of all forest, and of conifer and mixed forest; end at 1. The forest outside
        the book has the hosts of its county's stands.
    forest_km2, hosts_km2 : float
        All forest of the landscape, and the conifer and mixed forest in it [km2].
    guilds : array, shape (guilds,)
        Cumulative share of the forest that feeds each of :data:`GUILDS`.
    """

    stands: Bands
    kind: Integers
    forest: Floats
    hosts: Floats
    forest_km2: float
    hosts_km2: float
    guilds: Floats


@lru_cache(maxsize=4)  # a job has one book and one landscape; both are compared by identity
def grounds(book: Book, landscape: Landscape) -> Grounds:
    """Return where the stands and the hosts of pests are.

    Parameters
    ----------
    book : Book
        The insured stands.
    landscape : Landscape
        They and the forest between them.
    """
    pine = np.isin(book.species, (SPECIES_GROUPS.index("conifer"), SPECIES_GROUPS.index("mixed")))
    area = np.bincount(book.county, weights=book.area_ha, minlength=len(book.counties))
    pines = np.bincount(book.county, weights=book.area_ha * pine, minlength=len(book.counties))
    stand = landscape.stand
    host = np.where(stand >= 0, pine[stand], (pines / area)[landscape.county])
    forest, hosts = np.cumsum(landscape.area_ha), np.cumsum(landscape.area_ha * host)
    conifer, broadleaf, mixed, bamboo = np.bincount(
        book.species, weights=book.area_ha, minlength=len(SPECIES_GROUPS)
    )
    guilds = np.cumsum([conifer + mixed / 2, broadleaf + mixed / 2, bamboo])
    return Grounds(
        stands=bands(landscape.x_km[: len(book)], landscape.y_km[: len(book)]),
        kind=book.species * len(AGE_CLASSES) + age_class(book.species, book.age),
        forest=forest / forest[-1],
        # Without any host no outbreak is drawn, and no place is asked for.
        hosts=hosts / hosts[-1] if hosts[-1] > 0 else np.ones_like(hosts),
        forest_km2=float(forest[-1]) / HA_PER_KM2,
        hosts_km2=float(hosts[-1]) / HA_PER_KM2,
        guilds=guilds / guilds[-1],
    )


@dataclass(frozen=True, eq=False)
class PestLaw:
    """Pine wilt and leaf feeders over a book.

    Parameters
    ----------
    landscape : Landscape
        Where outbreaks and clusters may be.
    ground : Grounds
        The same, as this peril needs it.
    outbreaks : float
        Expected outbreaks of pine wilt that are alive [1/year].
    persistence : float
        Chance of an outbreak to live on for another year, in (0, 1) [unitless].
    growth : float
        What the radius of an outbreak gains in a year [km/year].
    clusters : float
        Expected clusters of leaf feeders [1/year].
    gradation : float
        Chance of a year to be one of gradation; others have no cluster [unitless].
    radius, spread : float
        Median radius of a cluster [km] and standard deviation of its logarithm [unitless].
    chance : array, shape (guilds + 1, stands)
        Chance of a stand to be infested in the middle of a cluster of each guild, or in the ring of an outbreak of
        pine wilt (last row) [unitless].
    area_power : array, shape (guilds + 1,)
        The infested share of a stand's area is a uniform to this power [unitless].
    felling : array, shape (guilds + 1,)
        Chance of an infested stand to be clear-felled [unitless].
    fixed_degree : float
        Loss degree of an infested stand that is not [unitless].
    leaf_season, census : Season
        When leaf feeders are reported, and when pine wilt is found.

    Notes
    -----
    Outbreaks start at the rate b, and each lives on for another year with chance q, so that the expected number alive
    is b / (1 - q), their number is Poisson, and the age k = 0, 1, ... of one that is alive follows (1 - q) q^k. Its
    edge is at growth * (k + 1); a stand at distance d is newly infested where growth * k <= d < growth * (k + 1). A
    cluster of radius R infests a stand with chance * (1 - (d / R)^2). In both the infested share of the area is
    U^((1 - m) / m), whose mean is m.
    """

    landscape: Landscape
    ground: Grounds
    outbreaks: float
    persistence: float
    growth: float
    clusters: float
    gradation: float
    radius: float
    spread: float
    chance: Floats
    area_power: Floats
    felling: Floats
    fixed_degree: float
    leaf_season: Season
    census: Season

    def expected_events(self) -> float:
        """Return the expected outbreaks alive and clusters, in the book or beside it [1/year]."""
        return self.outbreaks + self.clusters

    def simulate(self, seed: int, purpose: str, block: int) -> PerilYears:
        """Return what a block of years brings: an event is an outbreak's year, or a cluster.

        Parameters
        ----------
        seed, block : int
            Key of the random streams.
        purpose : str
            Name of the family of streams.
        """
        both = (self._leaf_feeders(seed, purpose, block), self._pine_wilt(seed, purpose, block))
        year, day, rank, node, guild, inner, outer = (
            np.concatenate(part) for part in zip(*both, strict=True)
        )
        order = np.lexsort((day, year))
        year, rank, node, guild = year[order], rank[order], node[order], guild[order]
        keys = (event_keys(seed, purpose, "pest", block, year, rank, variable=name) for name in _LOCAL)
        east, north = self.landscape.x_km[node], self.landscape.y_km[node]
        reach = Reach(guild, east, north, inner[order], outer[order], guild != _WILT, *keys)
        event, stand, area, felled = infest(
            self.ground.stands, reach, self.chance, self.area_power, self.felling
        )
        return PerilYears(
            event_year=year,
            event_day=day[order],
            hit_event=event,
            hit_stand=stand,
            hit_area=area,
            hit_degree=np.where(felled, CLEAR_FELLED, self.fixed_degree),
        )

    def _pine_wilt(self, seed: int, purpose: str, block: int) -> tuple[Floats | Integers, ...]:
        """Return year, day, rank, node, guild, inner and outer radius of the outbreaks that are alive."""
        names = (seed, purpose, "pest", "wilt")
        number_of = stream(*names, "number", block=block).random(BLOCK_LENGTH)
        year, rank, drawn = _cells(names, block, poisson_quantile(number_of, self.outbreaks))
        age = np.floor(np.log1p(-drawn["extent"]) / math.log(self.persistence))
        node = np.searchsorted(self.ground.hosts, drawn["place"], side="right")
        day, guild = self.census.days(drawn["day"]), np.full(year.size, _WILT)
        # Ranks of outbreaks are odd and those of clusters even: no two events of a year share their local luck.
        return year, day, 2 * rank + 1, node, guild, age * self.growth, (age + 1) * self.growth

    def _leaf_feeders(self, seed: int, purpose: str, block: int) -> tuple[Floats | Integers, ...]:
        """Return year, day, rank, node, guild, inner and outer radius of the clusters."""
        names = (seed, purpose, "pest", "leaf")
        in_gradation = stream(*names, "gradation", block=block).random(BLOCK_LENGTH) < self.gradation
        number_of = stream(*names, "number", block=block).random(BLOCK_LENGTH)
        count = np.where(in_gradation, poisson_quantile(number_of, self.clusters / self.gradation), 0)
        year, rank, drawn = _cells(names, block, count)
        score = ndtri(np.clip(drawn["extent"], _SMALLEST, 1 - _SMALLEST))
        node = np.searchsorted(self.ground.forest, drawn["place"], side="right")
        guild = np.searchsorted(self.ground.guilds, drawn["guild"], side="right")
        day, radius = self.leaf_season.days(drawn["day"]), self.radius * np.exp(self.spread * score)
        return year, day, 2 * rank, node, guild, np.zeros(year.size), radius


_LOCAL: Final = ("infested", "area", "felled")


def _cells(
    names: tuple[str | int, ...], block: int, count: Integers
) -> tuple[Integers, Integers, dict[str, Floats]]:
    """Return year, rank in the year and uniforms of each event."""
    year = np.repeat(np.arange(count.size), count)
    rank = np.arange(year.size) - np.repeat(np.cumsum(count) - count, count)
    variables = ("place", "extent", "day", "guild")
    seed, *rest = names
    return year, rank, cell_uniforms(int(seed), *rest, block=block, counts=count, variables=variables)


def pest_law(exposure: Exposure, values: Values, constants: Mapping[str, float], scale: float) -> PestLaw:
    """Return the law of pests from a card.

    Parameters
    ----------
    exposure : Exposure
        The book and its landscape.
    values : mapping
        :data:`PARAMETERS`, in :data:`UNITS`.
    constants : mapping
        :data:`CONSTANTS`.
    scale : float
        Factor on the number of outbreaks and clusters, >= 0 [unitless].

    Raises
    ------
    ArgumentError
        With every value that makes no law, or a season that ends before it starts.
    """
    v = {name: float(values[name]) for name in PARAMETERS}
    every(
        *(partial(_check, name, v[name], _DOMAINS[name]) for name in PARAMETERS),
        partial(_check, "scale", scale, _FACTOR),
    )
    ground = grounds(exposure.book, exposure.landscape)
    ages = {pest: np.array([v[f"{pest}_young"], 1.0, v[f"{pest}_old"]]) for pest in ("leaf", "wilt")}
    conifer, broadleaf, mixed, bamboo = (v[f"leaf_{name}"] for name in SPECIES_GROUPS)
    leaf = np.array([[conifer, 0, mixed, 0], [0, broadleaf, mixed, 0], [0, 0, 0, bamboo]])
    wilt = np.array([[v["wilt_conifer"], 0.0, v["wilt_mixed"], 0.0]])
    of_kind = np.concatenate([leaf[:, :, None] * ages["leaf"], wilt[:, :, None] * ages["wilt"]])
    chance = np.minimum(of_kind.reshape(len(GUILDS) + 1, -1), 1.0)[:, ground.kind]
    shares = np.array([*(v["leaf_area_share"] for _ in GUILDS), v["wilt_area_share"]])
    starts = scale * v["wilt_rate"] * ground.hosts_km2 / RATE_KM2
    first, leaf_last, census, last = (float(constants[name]) for name in CONSTANTS)
    return PestLaw(
        landscape=exposure.landscape,
        ground=ground,
        outbreaks=starts / (1 - v["wilt_persistence"]),
        persistence=v["wilt_persistence"],
        growth=v["wilt_growth"],
        clusters=scale * v["leaf_rate"] * ground.forest_km2 / RATE_KM2,
        gradation=v["gradation_years"],
        radius=v["leaf_radius"],
        spread=v["leaf_radius_spread"],
        chance=chance,
        area_power=(1 - shares) / shares,
        felling=np.array([0.0] * len(GUILDS) + [v["clear_felling"]]),
        fixed_degree=v[FIXED_DEGREE],
        leaf_season=Season(first, leaf_last),
        census=Season(census, last),
    )


def _check(name: str, value: float, domain: Mapping[str, float]) -> float:
    return number(name, value, **domain, unit=UNITS.get(name, "unitless"))
