# SPDX-License-Identifier: Apache-2.0
"""Snow and ice (snow, rime, glaze, frost): cold spells over the whole region, uneven by a smooth field.

A spell lays a load of snow or ice on all forest of the region, more on the slopes and heights where it freezes
hardest. These are unknown to the book: a smooth random field of each spell stands for them. What gives way is a
matter of load against resistance, by species and age; frost bites young stands that the load has spared.

What lives here: number, load, field and frost of spells, and which stands they hit. What does not: what a hit costs.
The numbers are judged (card ``snow-ice-judged``).
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
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.modified import Truncated
from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.core.variants import Values
from greenrisk.resource.book import SPECIES_GROUPS
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import Floats, Integers, PerilYears, Season, season_of
from greenrisk.resource.perils.damage import AGE_CLASSES, age_class
from greenrisk.resource.perils.fire_counts import poisson_quantile
from greenrisk.resource.perils.local_noise import event_keys, uniforms
from greenrisk.resource.perils.snow_ice_hits import spell_hits, wave_field

KIND: Final = "snow_ice"
"""The kind of this peril, and the name of its streams."""

USE: Final = "snow_ice.peril"
"""Use that a card must state."""

PARAMETERS: Final = (
    "spells_a_year",
    "load_sigma",
    "load_cap",
    "glaze_share",
    "field_sigma",
    "field_length",
    "local_sigma",
    "steepness",
    *(f"resistance_{name}" for name in SPECIES_GROUPS),
    "resistance_young",
    "resistance_old",
    "glaze_broadleaf",
    "area_odds",
    "frost_chance",
    "frost_pockets",
    "frost_degree",
)
"""What a card must bring."""

UNITS: Final[Mapping[str, str]] = {"spells_a_year": "1/year", "field_length": "km"}
"""Units of the parameters that have one; all others are unitless."""

CONSTANTS: Final = ("season_first_day", "season_last_day", "least_degree", "least_area")
"""Constants that a card must bring [day], [day], [unitless], [unitless]."""

WAVES: Final = 16
"""Waves that make the field of a spell; part of the contract, since it fixes the numbers."""

_SHARES: Final = ("glaze_share", "frost_chance", "frost_pockets", "frost_degree")
_EVENT: Final = ("load", "glaze", "frost", "depth", "day")
_EVERGREEN: Final = {"broadleaf": 1.0, "mixed": 0.5}
"""Share of evergreen leaves, to which glaze clings: a definition of the species groups [unitless]."""

_LEVELS: Final = 1024
"""Nodes of the quadrature behind the expected shares."""


@dataclass(frozen=True, eq=False)
class Spells:
    """Cold spells of a block of years.

    Parameters
    ----------
    year, rank, day : array of int, shape (spells,)
        Year in the block, non-decreasing; place among the spells of the year; day of the year, 0 to 364.
    log_load : array, shape (spells,)
        Logarithm of the load in loads of the median spell [unitless].
    glaze : array of bool, shape (spells,)
        Whether the load is clear ice, which clings to evergreen leaves.
    frost : array, shape (spells,)
        Damage degree of a young stand in a frost pocket; 0: no frost [unitless].
    waves : array, shape (spells, 2 * WAVES)
        Standard normal weights of the waves of the field [unitless].
    keys : array of uint64, shape (spells, 3)
        Keys of what is local: exposure, area, frost pockets.
    """

    year: Integers
    rank: Integers
    day: Integers
    log_load: Floats
    glaze: NDArray[np.bool_]
    frost: Floats
    waves: Floats
    keys: NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class SnowIceLaw:
    """The law of snow and ice over an exposure.

    Parameters
    ----------
    spells_a_year : float
        Expected spells, scale included [1/year].
    load : Truncated
        Law of the load in loads of the median spell before the cap [unitless].
    glaze_share, frost_chance, frost_pockets, frost_degree : float
        Chance that a spell is glaze; that it brings frost; share of the young stands that lie in frost pockets; their
        median damage degree [unitless].
    field_sigma : float
        Standard deviation of the field, of the logarithm of the load [unitless].
    local_half_width : float
        A stand's own exposure is uniform within this distance, on the logarithm of the load [unitless].
    steepness : float
        Slope of the logit of the degree in the logarithm of the load [unitless].
    log_resistance : array, shape (2, classes)
        Logarithm of the load that makes a degree of 0.5, in snow and in glaze, by ``class_code`` [unitless].
    area_odds : float
        Odds of the mean share of area hit, over the odds of the degree [unitless].
    least_degree, least_area : float
        What is less is no hit [unitless].
    class_code : array of int, shape (stands,)
        Species index times three plus age class.
    field : array, shape (2 * WAVES, stands)
        Cosines and sines of the waves at each stand.
    season : Season
        Days of a spell.

    Notes
    -----
    The number of spells in a year is Poisson, their load S lognormal with median 1, cut off at the cap. The field is
    G(x) = sum over k of (a_k cos(w_k x) + b_k sin(w_k x)) / sqrt(WAVES) with standard normal a, b: at every place
    standard normal, with correlation close to exp(-h^2 / (2 length^2)) since the w_k are spread over the Gaussian
    spectrum. With e the stand's own exposure, y = ln S + field_sigma G + e - ln R and degree d = 1 / (1 + exp(-k y)).
    The area hit is the share U^(1/o) of the stand with odds o = area_odds exp(k y), so that its mean is o / (1 + o):
    heavy loads break most of a stand, light ones a corner. Young stands that the load has spared lose 1 - (1 - f)^(2V)
    to frost in pockets, V the uniform depth of the frost, on a uniform share of their area.

    References
    ----------
    Rahimi, A. and Recht, B. (2007). Random features for large-scale kernel machines. Advances in Neural Information
    Processing Systems 20. (The waves; here at fixed quantiles of the spectrum, not at random.)
    """

    spells_a_year: float
    load: Truncated
    glaze_share: float
    frost_chance: float
    frost_pockets: float
    frost_degree: float
    field_sigma: float
    local_half_width: float
    steepness: float
    log_resistance: Floats
    area_odds: float
    least_degree: float
    least_area: float
    class_code: Integers
    field: Floats
    season: Season

    def spells(self, seed: int, purpose: str, block: int) -> Spells:
        """Return the cold spells of a block of years, a pure function of its arguments."""
        chance = stream(seed, purpose, KIND, "count", block=block).random(BLOCK_LENGTH)
        counts = poisson_quantile(chance, self.spells_a_year)
        drawn = cell_uniforms(seed, purpose, KIND, block=block, counts=counts, variables=_EVENT)
        year = np.repeat(np.arange(BLOCK_LENGTH), counts)
        rank = np.arange(year.size) - np.repeat(np.cumsum(counts) - counts, counts)
        wave = np.arange(2 * WAVES)[None, :]
        place = uniforms(seed, purpose, KIND, block, year[:, None], rank[:, None], wave, variable="field")
        keys = [
            event_keys(seed, purpose, KIND, block, year, rank, variable=variable)
            for variable in ("exposure", "area", "frost")
        ]
        frosty = drawn["frost"] < self.frost_chance
        return Spells(
            year=year,
            rank=rank,
            day=self.season.days(drawn["day"]),
            log_load=np.log(self.load.ppf(drawn["load"] + 2.0**-54)),
            glaze=drawn["glaze"] < self.glaze_share,
            frost=np.where(frosty, 1.0 - (1.0 - self.frost_degree) ** (2.0 * drawn["depth"]), 0.0),
            waves=ndtri(place + 2.0**-54).reshape(year.size, 2 * WAVES) / math.sqrt(WAVES),
            keys=np.stack(keys, axis=1),
        )

    def strike(self, spells: Spells) -> PerilYears:
        """Return what given spells do to the stands: those of a block, or one that is named.

        Parameters
        ----------
        spells : Spells
            Cold spells, years non-decreasing.
        """
        event, stand, area, degree = spell_hits(
            spells.log_load,
            spells.glaze.astype(np.int64),
            spells.frost,
            self.field_sigma * spells.waves,
            spells.keys,
            self.class_code,
            self.field,
            self.log_resistance,
            (self.local_half_width, self.steepness, self.area_odds, self.frost_pockets),
            (self.least_degree, self.least_area),
        )
        return PerilYears(spells.year, spells.day, event, stand, area, degree)

    def simulate(self, seed: int, purpose: str, block: int) -> PerilYears:
        """Return what a block of years brings, as :class:`~greenrisk.resource.perils.base.PerilLaw` says."""
        return self.strike(self.spells(seed, purpose, block))

    def expected_events(self) -> float:
        """Return the expected number of cold spells [1/year]."""
        return self.spells_a_year

    def expected_shares(self, nodes: int = _LEVELS) -> Floats:
        """Return the share of each stand expected to be lost, area times degree, by quadrature: no simulation.

        Parameters
        ----------
        nodes : int
            Nodes of the quadrature over the loads.

        Returns
        -------
        array, shape (stands,)
            Over all spells of a year [1/year].

        Notes
        -----
        A stand meets ln S + field + exposure: the distribution function of field plus exposure is that of a normal
        plus a uniform variable, in closed form, and is averaged over equiprobable loads.
        """
        level = (np.arange(nodes) + 0.5) / nodes
        log_load = np.log(self.load.ppf(level))
        reach = 6.0 * self.field_sigma + self.local_half_width
        edges = np.linspace(log_load[0] - reach, log_load[-1] + reach, 2 * nodes + 1)
        share = np.diff([float(self._below(edge - log_load).mean()) for edge in edges])
        odds = np.exp(self.steepness * ((edges[:-1] + edges[1:])[:, None, None] / 2 - self.log_resistance))
        degree, power = odds / (1 + odds), 1.0 / (self.area_odds * odds)
        # E[A; A >= a] of A = U^power.
        area = (1.0 - self.least_area ** ((1.0 + power) / power)) / (1.0 + power)
        hit = degree >= self.least_degree
        loss = (share[:, None, None] * np.where(hit, degree * area, 0.0)).sum(axis=0)
        chance = np.where(hit, 1.0 - self.least_area ** (1.0 / power), 0.0)
        spared = 1.0 - (share[:, None, None] * chance).sum(axis=0)
        # E[1 - q^V; V >= v] over the depths v..1 that make the least degree, times E[A; A >= a] of a uniform area.
        log_q = 2.0 * math.log1p(-self.frost_degree)
        depth = min(math.log1p(-self.least_degree) / log_q, 1.0)
        frost = 1.0 - depth - (math.exp(log_q) - math.exp(log_q * depth)) / log_q
        frost *= (1.0 - self.least_area**2) / 2
        young = np.arange(self.log_resistance.shape[1]) % len(AGE_CLASSES) == 0
        loss += np.where(young, spared * self.frost_chance * self.frost_pockets * frost, 0.0)
        by_class = (1.0 - self.glaze_share) * loss[0] + self.glaze_share * loss[1]
        return np.asarray(self.spells_a_year * by_class[self.class_code])

    def _below(self, x: Floats) -> Floats:
        """P(field + exposure <= x): a normal plus a uniform variable."""
        half, sigma = self.local_half_width, self.field_sigma
        ends = ((x + half) / sigma, (x - half) / sigma)
        up, down = (t * ndtr(t) + np.exp(-t * t / 2) / math.sqrt(2 * math.pi) for t in ends)
        return np.asarray((up - down) * sigma / (2 * half))


def snow_ice_law(
    exposure: Exposure, values: Values, constants: Mapping[str, float], scale: float
) -> SnowIceLaw:
    """Return the law of snow and ice of a card over an exposure.

    Parameters
    ----------
    exposure : Exposure
        What can be hit.
    values : mapping
        :data:`PARAMETERS`, in the units of :data:`UNITS`, else [unitless].
    constants : mapping
        :data:`CONSTANTS`.
    scale : float
        Factor on the number of spells, >= 0 [unitless].

    Raises
    ------
    ArgumentError
        With every value that makes no law.
    """
    v = {name: float(values[name]) for name in PARAMETERS}
    positive = [name for name in PARAMETERS if name not in (*_SHARES, "load_cap")]
    every(
        lambda: number("scale", scale, least=0.0, unit="unitless"),
        lambda: number("load_cap", v["load_cap"], above=1.0, unit="unitless"),
        *(_positive(name, v[name], math.inf) for name in positive),
        *(_positive(name, v[name], 1.0) for name in _SHARES),
        *(_positive(name, float(constants[name]), 1.0) for name in ("least_degree", "least_area")),
    )
    book, landscape = exposure.book, exposure.landscape
    stands = len(book)
    resistance = np.log([v[f"resistance_{name}"] for name in SPECIES_GROUPS])
    by_age = np.log([v["resistance_young"], 1.0, v["resistance_old"]])
    snow = (resistance[:, None] + by_age[None, :]).ravel()
    leaves = np.repeat([_EVERGREEN.get(name, 0.0) for name in SPECIES_GROUPS], len(AGE_CLASSES))
    return SnowIceLaw(
        spells_a_year=scale * v["spells_a_year"],
        load=Truncated(Lognormal(0.0, v["load_sigma"]), 0.0, v["load_cap"]),
        glaze_share=v["glaze_share"],
        frost_chance=v["frost_chance"],
        frost_pockets=v["frost_pockets"],
        frost_degree=v["frost_degree"],
        field_sigma=v["field_sigma"],
        steepness=v["steepness"],
        area_odds=v["area_odds"],
        local_half_width=math.sqrt(3.0) * v["local_sigma"],
        log_resistance=np.stack([snow, snow + leaves * math.log(v["glaze_broadleaf"])]),
        least_degree=float(constants["least_degree"]),
        least_area=float(constants["least_area"]),
        class_code=len(AGE_CLASSES) * book.species + age_class(book.species, book.age),
        field=wave_field(
            landscape.x_km[:stands].tobytes(), landscape.y_km[:stands].tobytes(), v["field_length"], WAVES
        ),
        season=season_of(constants),
    )


def _positive(name: str, value: float, below: float) -> Callable[[], object]:
    return lambda: number(name, value, above=0.0, below=below, unit=UNITS.get(name, "unitless"))
