# SPDX-License-Identifier: Apache-2.0
"""Pests: pine wilt, whose outbreaks persist for years and grow, and leaf feeders, which come in gradations.

An outbreak of pine wilt starts somewhere in the conifer or mixed forest, lives for years and is a ring wider every
year. A simulated year is an independent replicate of the year that is insured, so what it holds is a snapshot: the
outbreaks that are alive, of all ages, and what they newly infest between last year's edge and this year's. Leaf feeders
(pine caterpillar, broadleaf defoliators, bamboo locust) bring no claim in most years and many in a gradation; each
cluster feeds on its own hosts, densest in its middle, and is gone when the year is.

The damage degree is the wording's, not the biologist's: a fixed degree for an infested stand, all of it where the
stand must be clear-felled. What the terms of a policy make of it is in :mod:`greenrisk.resource.settlement`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from scipy.special import ndtri

from greenrisk.actuarial.arguments import number
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.core.variants import Values
from greenrisk.resource.book import SPECIES_GROUPS
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.landscape import Landscape
from greenrisk.resource.perils.base import Floats, Integers, PerilYears, Season, season_of
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.fire_counts import poisson_quantile
from greenrisk.resource.perils.infestation import GUILDS, Grounds, Reach, grounds, infest
from greenrisk.resource.perils.local_noise import event_keys
from greenrisk.resource.perils.stand_cells import ranks

USE: Final = "pest.peril"
"""What the card of this peril is for."""

FIXED_DEGREE: Final = "fixed_degree"
"""The parameter that is the pest rule of the wording: loss degree of an infested stand [unitless]."""

CLEAR_FELLED: Final = 1.0
"""Loss degree of a stand that must be clear-felled, by the same rule [unitless]."""

_CHANCE: Final = (0.0, 1.0)
_SHARE: Final = (0.001, 1.0)  # nothing at all is no event
_FACTOR: Final = (0.0, math.inf)
_KM: Final = (0.0, 1000.0)

_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "wilt_rate": _FACTOR,
    "wilt_persistence": (0.001, 0.999),
    "wilt_growth": _KM,
    "wilt_conifer": _CHANCE,
    "wilt_mixed": _CHANCE,
    "wilt_young": _FACTOR,
    "wilt_old": _FACTOR,
    "wilt_area_share": _SHARE,
    "clear_felling": _CHANCE,
    "leaf_rate": _FACTOR,
    "gradation_years": _SHARE,
    "leaf_radius": _KM,
    "leaf_radius_spread": (0.0, 3.0),
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

_WILT: Final = len(GUILDS)
_SMALLEST = 2.0**-53


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
        events = _chronological(
            self._leaf_feeders(seed, purpose, block), self._pine_wilt(seed, purpose, block)
        )
        keys = (
            event_keys(seed, purpose, "pest", block, events.year, events.rank, variable=name)
            for name in ("infested", "area", "felled")
        )
        east, north = self.landscape.x_km[events.node], self.landscape.y_km[events.node]
        pest = events.pest
        reach = Reach(pest, east, north, events.inner, events.outer, pest != _WILT, *keys)
        event, stand, area, felled = infest(
            self.ground.stands, reach, self.chance, self.area_power, self.felling
        )
        return PerilYears(
            event_year=events.year,
            event_day=events.day,
            hit_event=event,
            hit_stand=stand,
            hit_area=area,
            hit_degree=np.where(felled, CLEAR_FELLED, self.fixed_degree),
        )

    def _pine_wilt(self, seed: int, purpose: str, block: int) -> _Events:
        """Return the outbreaks that are alive."""
        names = (purpose, "pest", "wilt")
        number_of = stream(seed, *names, "number", block=block).random(BLOCK_LENGTH)
        count = poisson_quantile(number_of, self.outbreaks)
        year, rank = ranks(count)
        drawn = cell_uniforms(seed, *names, block=block, counts=count, variables=("place", "age", "day"))
        age = np.floor(np.log1p(-drawn["age"]) / math.log(self.persistence))
        return _Events(
            year=year,
            day=self.census.days(drawn["day"]),
            rank=2 * rank + 1,
            node=np.searchsorted(self.ground.hosts, drawn["place"], side="right"),
            pest=np.full(year.size, _WILT),
            inner=age * self.growth,
            outer=(age + 1) * self.growth,
        )

    def _leaf_feeders(self, seed: int, purpose: str, block: int) -> _Events:
        """Return the clusters."""
        names = (purpose, "pest", "leaf")
        in_gradation = stream(seed, *names, "gradation", block=block).random(BLOCK_LENGTH) < self.gradation
        number_of = stream(seed, *names, "number", block=block).random(BLOCK_LENGTH)
        count = np.where(in_gradation, poisson_quantile(number_of, self.clusters / self.gradation), 0)
        year, rank = ranks(count)
        drawn = cell_uniforms(
            seed, *names, block=block, counts=count, variables=("place", "host", "radius", "day")
        )
        score = ndtri(np.clip(drawn["radius"], _SMALLEST, 1 - _SMALLEST))
        return _Events(
            year=year,
            day=self.leaf_season.days(drawn["day"]),
            rank=2 * rank,
            node=np.searchsorted(self.ground.forest, drawn["place"], side="right"),
            pest=np.searchsorted(self.ground.guilds, drawn["host"], side="right"),
            inner=np.zeros(year.size),
            outer=self.radius * np.exp(self.spread * score),
        )


@dataclass(frozen=True, eq=False)
class _Events:
    """Events of a block. Ranks of outbreaks are odd, those of clusters even: no two events of a year share their
    local luck."""

    year: Integers
    day: Integers
    rank: Integers
    node: Integers
    pest: Integers
    inner: Floats
    outer: Floats


def _chronological(*parts: _Events) -> _Events:
    """Return events of both kinds by year and day."""
    joined = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Events)
    }
    order = np.lexsort((joined["day"], joined["year"]))
    return _Events(**{name: column[order] for name, column in joined.items()})


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
    v = card_numbers(USE, values, _DOMAINS)
    number("scale", scale, least=0.0, unit="unitless")
    ground = grounds(exposure.book, exposure.landscape)
    ages = {pest: np.array([v[f"{pest}_young"], 1.0, v[f"{pest}_old"]]) for pest in ("leaf", "wilt")}
    conifer, broadleaf, mixed, bamboo = (v[f"leaf_{name}"] for name in SPECIES_GROUPS)
    leaf = np.array([[conifer, 0, mixed, 0], [0, broadleaf, mixed, 0], [0, 0, 0, bamboo]])
    wilt = np.array([[v["wilt_conifer"], 0.0, v["wilt_mixed"], 0.0]])
    of_kind = np.concatenate([leaf[:, :, None] * ages["leaf"], wilt[:, :, None] * ages["wilt"]])
    chance = np.minimum(of_kind.reshape(len(GUILDS) + 1, -1), 1.0)[:, ground.kind]
    shares = np.array([*(v["leaf_area_share"] for _ in GUILDS), v["wilt_area_share"]])
    starts = scale * v["wilt_rate"] * ground.hosts_km2 / RATE_KM2
    leaf_season, census = _seasons(constants)
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
        leaf_season=leaf_season,
        census=census,
    )


def _seasons(constants: Mapping[str, float]) -> tuple[Season, Season]:
    """Return the seasons of leaf feeders and of the census; both lie within the card's season."""
    first, leaf_last, census, last = (float(constants[name]) for name in CONSTANTS)
    season_of(constants)  # refuses one that ends before it starts
    if leaf_last > last or census < first:
        what = ", ".join(f"{name} = {float(constants[name]):g}" for name in CONSTANTS)
        mend = "`leaf_last_day` and `census_first_day` lie from `season_first_day` to `season_last_day`."
        raise ArgumentError(Fault("season", what, mend, "day"))
    return Season(first, leaf_last), Season(census, last)
