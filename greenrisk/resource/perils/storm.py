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
from greenrisk.resource.perils.base import Hits, PerilYears, Season, season_of
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.damage import age_class
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.perils.local_noise import event_keys
from greenrisk.resource.perils.stand_cells import StandCells, lottery, ranks, stand_cells
from greenrisk.resource.perils.storm_hits import throw

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
class Tracks:
    """Lines along which storms run.

    Parameters
    ----------
    keys : array of uint64, shape (storms,)
        Keys of the local luck of each.
    heading : array, shape (storms,)
        Direction in which each runs [rad].
    offset_km : array, shape (storms,)
        Distance of the line from the middle of the stands [km].
    peak_gust : array, shape (storms,)
        Gust on the line, at least the constant ``damage_gust`` [m/s].
    width_km : array, shape (storms,)
        Width of the strip [km].
    """

    keys: NDArray[np.uint64]
    heading: Floats
    offset_km: Floats
    peak_gust: Floats
    width_km: Floats


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

    def strike(self, tracks: Tracks, farthest_km: float = math.inf) -> Hits:
        """Return what given storms do to the stands: those of a block, or one that is named.

        Parameters
        ----------
        tracks : Tracks
            Lines of storms; a strip ends where the gust falls below the constant ``damage_gust``.
        farthest_km : float
            Where it ends at the latest: drawn storms have lines up to the margin only, so they reach no farther [km].

        Returns
        -------
        tuple of array
            Event, stand, share of the area [unitless], degree [unitless] of each hit.
        """
        n, cells = self.numbers, self.cells
        reach = tracks.width_km * np.sqrt(2 * np.log(tracks.peak_gust / n["damage_gust"]))
        hits: Hits = throw(
            tracks.keys,
            np.cos(tracks.heading),
            np.sin(tracks.heading),
            tracks.offset_km,
            np.log(tracks.peak_gust),
            tracks.width_km,
            np.minimum(reach, farthest_km),
            cells.stand,
            cells.first,
            cells.x_km,
            cells.y_km,
            cells.cell_x_km,
            cells.cell_y_km,
            cells.cell_radius_km,
            self.log_critical,
            self.cell_log_critical,
            self.degree_logit,
            n["steepness"],
            n["degree_spread"],
            n["least_area"],
        )
        return hits

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
        event, stand, area, degree = self.strike(
            Tracks(
                keys=event_keys(seed, purpose, "storm", block, year, rank),
                heading=heading,
                offset_km=(2 * cell["offset"] - 1) * self.reach_of_tracks,
                peak_gust=peak,
                width_km=width,
            ),
            n["margin"],
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
