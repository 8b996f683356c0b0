# SPDX-License-Identifier: Apache-2.0
"""Windstorms: squalls and what is left of typhoons, each a strip of gusts across the county that throws patches of
forest.

Storms are straight lines with a preferred heading, as many for each kilometre of breadth that they can cross. The gust
is highest on the line and falls off to both sides; where it stays below the damage threshold nothing happens. Within
the strip the wind throws patches: the whole stand is exposed, a share of its area is thrown, and what is thrown is
mostly lost. So the fragility of species and age moves the SHARE OF THE AREA, which is a matter of luck stand by stand,
and the degree of the thrown area is high whatever the gust. A stand on a windy ridge is the windy one in every
storm (:func:`~greenrisk.resource.perils.stand_cells.lottery`).

What a hit costs is not decided here. All numbers are judged (card ``storm-judged``).

References
----------
Gardiner, B., Byrne, K., Hale, S., Kamimura, K., Mitchell, S. J., Peltola, H. and Ruel, J.-C. (2008). A review of
mechanistic modelling of wind damage risk to forests. Forestry 81(3), 447-463. https://doi.org/10.1093/forestry/cpn022
(that height, species and local exposure set the critical wind speed; no number is taken from it).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit, ndtri

from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import PerilYears, Season, season_of
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.damage import age_class
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.perils.local_noise import compiled, event_keys, noise
from greenrisk.resource.perils.stand_cells import (
    StandCells,
    from_logit,
    lottery,
    ranks,
    stand_cells,
    wider,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

USE: Final = "storm.peril"
"""Use of the card."""

_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "storms_per_100_km": (0.0, 1000.0),
    "dispersion": (0.0, 100.0),
    "heading": (-360.0, 360.0),
    "heading_spread": (0.0, 360.0),
    "gust_excess": (1e-3, 100.0),
    "gust_shape": (0.2, 10.0),
    "width": (0.1, 500.0),
    "width_spread": (0.0, 3.0),
    "critical_conifer": (1.0, 500.0),
    "critical_broadleaf": (1.0, 500.0),
    "critical_bamboo": (1.0, 500.0),
    "critical_young": (0.1, 10.0),
    "critical_old": (0.1, 10.0),
    "steepness": (0.1, 50.0),
    "exposure_spread": (0.0, 2.0),
    "degree_conifer": (1e-6, 1.0 - 1e-6),
    "degree_broadleaf": (1e-6, 1.0 - 1e-6),
    "degree_bamboo": (1e-6, 1.0 - 1e-6),
    "degree_spread": (0.0, 5.0),
}
_CONSTANT_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "season_first_day": (1.0, 365.0),
    "season_last_day": (1.0, 729.0),
    "damage_gust": (1.0, 100.0),
    "largest_gust": (1.0, 150.0),
    "margin": (0.0, 500.0),
    "least_area": (1e-6, 0.999),
}

PARAMETERS: Final = tuple(_DOMAINS)
"""Parameters of a card for storms."""

CONSTANTS: Final = tuple(_CONSTANT_DOMAINS)
"""Constants of a card for storms."""

UNITS: Final[Mapping[str, str]] = {
    "storms_per_100_km": "1/year",
    "heading": "degree",
    "heading_spread": "degree",
    "gust_excess": "m/s",
    "width": "km",
    **dict.fromkeys(("critical_conifer", "critical_broadleaf", "critical_bamboo"), "m/s"),
}
"""Units of the parameters that have one."""

_CELLS: Final = ("day", "heading", "offset", "gust", "width")


@dataclass(frozen=True, eq=False)
class StormLaw:
    """The law of storms over a book.

    Parameters
    ----------
    numbers : mapping of str to float
        Parameters and constants of the card.
    counts : CountLaw
        Yearly number of storms whose line comes within the margin of the circle around the stands [1/year].
    season : Season
        Days on which they happen.
    cells : StandCells
        The stands.
    log_critical : array, shape (stands,)
        Logarithm of the gust in the open that throws half of the stand, in the order of ``cells`` [ln(m/s)].
    cell_log_critical : array, shape (cells,)
        Its least value in each cell.
    degree_logit : array, shape (stands,)
        Logit of the median degree of thrown area, in the order of ``cells``.
    """

    numbers: Mapping[str, float]
    counts: CountLaw
    season: Season
    cells: StandCells
    log_critical: Floats
    cell_log_critical: Floats
    degree_logit: Floats

    @property
    def reach_of_tracks(self) -> float:
        """Half the breadth in which tracks are drawn: circle around the stands and margin [km]."""
        return self.cells.radius_km + self.numbers["margin"]

    def expected_events(self) -> float:
        """Return the expected number of storms in a year; not all of them throw insured forest [1/year]."""
        return self.counts.mean

    def simulate(self, seed: int, purpose: str, block: int) -> PerilYears:
        """Return the storms of a block of years.

        Parameters
        ----------
        seed, block : int
            Key of the random streams.
        purpose : str
            Name of the family of streams.

        Notes
        -----
        At distance d from the line of a storm with peak gust g and width w the gust is ``g exp(-(d / w)^2 / 2)``.
        A share ``u^(1 / a)`` of the stand is thrown, u uniform and ``a = (gust / critical)^steepness``: a beta(a, 1)
        law with mean ``a / (1 + a)``, which is the logistic fragility curve in the logarithm of the gust. Shares below
        the constant ``least_area`` go unnoticed.
        """
        n = self.numbers
        uniform = stream(seed, purpose, "storm", "year", block=block).random((2, BLOCK_LENGTH))
        counts = self.counts.counts(0.5, uniform[0], uniform[1])
        year, rank = ranks(counts)
        cell = cell_uniforms(seed, purpose, "storm", block=block, counts=counts, variables=_CELLS)
        heading = np.radians(n["heading"] + n["heading_spread"] * ndtri(np.maximum(cell["heading"], 1e-16)))
        excess = n["gust_excess"] * (-np.log1p(-cell["gust"])) ** (1 / n["gust_shape"])
        peak = np.minimum(n["damage_gust"] + excess, n["largest_gust"])
        width = n["width"] * np.exp(n["width_spread"] * ndtri(np.maximum(cell["width"], 1e-16)))
        event, stand, area, degree = _throw(
            event_keys(seed, purpose, "storm", block, year, rank),
            np.cos(heading),
            np.sin(heading),
            (2 * cell["offset"] - 1) * self.reach_of_tracks,
            np.log(peak),
            width,
            np.minimum(width * np.sqrt(2 * np.log(peak / n["damage_gust"])), n["margin"]),
            self.cells.stand,
            self.cells.first,
            self.cells.x_km,
            self.cells.y_km,
            self.cells.cell_x_km,
            self.cells.cell_y_km,
            self.cells.cell_radius_km,
            self.log_critical,
            self.cell_log_critical,
            self.degree_logit,
            n["steepness"],
            n["degree_spread"],
            n["least_area"],
        )
        return PerilYears(
            event_year=year,
            event_day=self.season.days(cell["day"]),
            hit_event=event,
            hit_stand=stand,
            hit_area=area,
            hit_degree=degree,
        )


def storm_law(
    exposure: Exposure, values: Mapping[str, float | str], constants: Mapping[str, float], scale: float
) -> StormLaw:
    """Return the law of storms over a book.

    Parameters
    ----------
    exposure : Exposure
        Book and landscape.
    values : mapping
        :data:`PARAMETERS` by name, in the units of :data:`UNITS`.
    constants : mapping
        :data:`CONSTANTS` by name: season [day]; gust from which trees are damaged and the largest gust [m/s]; how far
        outside the circle around the stands a line may run and still reach them [km]; least thrown share of a stand
        that is noticed [unitless].
    scale : float
        Factor on the number of storms, >= 0 [unitless].

    Raises
    ------
    ArgumentError
        With every number that makes no law.

    Notes
    -----
    The critical gust of mixed stands is the geometric mean of those of conifers and broadleaves, its degree lies
    halfway between theirs on the scale of logits. Young and old stands have factors on the critical gust.
    """
    fixed = card_numbers(USE, constants, _CONSTANT_DOMAINS)
    fixed |= card_numbers(USE, constants, {"largest_gust": (fixed["damage_gust"], 150.0)})
    n = card_numbers(USE, {**values, "scale": scale}, {**_DOMAINS, "scale": (0.0, math.inf)}) | fixed
    book = exposure.book
    cells = stand_cells(exposure.landscape, len(book))

    conifer, broadleaf, bamboo = (n[f"critical_{name}"] for name in ("conifer", "broadleaf", "bamboo"))
    by_species = np.log([conifer, broadleaf, math.sqrt(conifer * broadleaf), bamboo])
    by_age = np.log([n["critical_young"], 1.0, n["critical_old"]])
    windy = n["exposure_spread"] * ndtri(lottery(book, "storm exposure"))
    log_critical = (by_species[book.species] + by_age[age_class(book.species, book.age)] - windy)[cells.stand]

    degrees = logit([n[f"degree_{name}"] for name in ("conifer", "broadleaf", "bamboo")])
    by_species = np.array([degrees[0], degrees[1], (degrees[0] + degrees[1]) / 2, degrees[2]])
    breadth = 2 * (cells.radius_km + n["margin"])
    return StormLaw(
        numbers=n,
        counts=CountLaw(n["storms_per_100_km"] / 100 * breadth * scale, 0.0, n["dispersion"]),
        season=season_of(constants),
        cells=cells,
        log_critical=log_critical,
        cell_log_critical=np.minimum.reduceat(log_critical, cells.first[:-1]),
        degree_logit=by_species[book.species][cells.stand],
    )


_degree = compiled(from_logit)


def _throw_kernel(
    keys: NDArray[np.uint64],
    cosine: Floats,
    sine: Floats,
    offset: Floats,
    log_peak: Floats,
    width: Floats,
    reach: Floats,
    stand: Integers,
    first: Integers,
    x: Floats,
    y: Floats,
    cell_x: Floats,
    cell_y: Floats,
    cell_radius: Floats,
    log_critical: Floats,
    cell_log_critical: Floats,
    degree_logit: Floats,
    steepness: float,
    degree_spread: float,
    least_area: float,
) -> tuple[Integers, Integers, Floats, Floats]:
    """Throw patches in the strip of every storm; most stands are passed over by a bound that needs no logarithm."""
    hit_event = np.empty(4096, dtype=np.int64)
    hit_stand = np.empty(4096, dtype=np.int64)
    hit_area = np.empty(4096)
    hit_degree = np.empty(4096)
    hits = 0
    least = -math.log(least_area)
    for event in range(keys.size):
        half = 0.5 / (width[event] * width[event])
        for cell in range(cell_x.size):
            across = cell_x[cell] * cosine[event] - cell_y[cell] * sine[event] - offset[event]
            nearest = max(abs(across) - cell_radius[cell], 0.0)
            if nearest >= reach[event]:
                continue
            # u^(1/a) >= c needs u >= c^a, and c^a >= 1 - a ln(1/c); a is largest where gusts are and trees are weak
            most = math.exp(
                steepness * (log_peak[event] - half * nearest * nearest - cell_log_critical[cell])
            )
            bound = 1.0 - most * least
            for place in range(first[cell], first[cell + 1]):
                uniform = noise(keys[event], 2 * stand[place])
                if uniform < bound:
                    continue
                distance = abs(x[place] * cosine[event] - y[place] * sine[event] - offset[event])
                if distance >= reach[event] or uniform <= 0.0:
                    continue
                gust = log_peak[event] - half * distance * distance
                area = math.exp(math.log(uniform) * math.exp(-steepness * (gust - log_critical[place])))
                if area < least_area:
                    continue
                degree = _degree(degree_logit[place], noise(keys[event], 2 * stand[place] + 1), degree_spread)
                if degree <= 0.0:
                    continue
                if hits == hit_event.size:
                    hit_event, hit_stand = wider(hit_event), wider(hit_stand)
                    hit_area, hit_degree = wider(hit_area), wider(hit_degree)
                hit_event[hits], hit_stand[hits] = event, stand[place]
                hit_area[hits], hit_degree[hits] = area, degree
                hits += 1
    return hit_event[:hits].copy(), hit_stand[:hits].copy(), hit_area[:hits].copy(), hit_degree[:hits].copy()


_throw = compiled(_throw_kernel)
