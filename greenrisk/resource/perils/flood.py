# SPDX-License-Identifier: Apache-2.0
"""Rainstorms of the Meiyu season: floods that eat strips off the banks, and landslides on steep slopes.

Rainstorms are cells: rain is highest in the centre and falls off with distance. Below the damage threshold nothing
happens; above it only stands that lie badly are hit, and each by its own mechanism. A stand on a bank may be flooded:
a strip of it suffers, young trees most. A stand on a steep slope may slide: the more so the larger it is, and a scar
has a size in hectares of its own, with nothing left on it. Which stands lie badly is a fixed lottery
(:func:`~greenrisk.resource.perils.stand_cells.lottery`): no map of rivers and slopes is read. A stand is a bank stand,
a slope stand or neither, never both.

What a hit costs is not decided here. All numbers are judged (card ``flood-judged``).

References
----------
Stokes, A., Atger, C., Bengough, A. G., Fourcaud, T. and Sidle, R. C. (2009). Desirable plant root traits for
protecting natural and engineered slopes against landslides. Plant and Soil 324, 1-30.
https://doi.org/10.1007/s11104-009-0159-y (that rooting and age of a stand move the chance of a slide; no number is
taken from it).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit, ndtri

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import Hits, PerilYears, Season, season_of
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.damage import age_class
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.perils.flood_hits import BANK, SLOPE, wash
from greenrisk.resource.perils.local_noise import event_keys
from greenrisk.resource.perils.stand_cells import StandCells, lottery, ranks, stand_cells

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

USE: Final = "flood.peril"
"""Use of the card."""

_SHARE: Final = (1e-6, 1.0 - 1e-6)

_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "rainstorms_per_10000_km2": (0.0, 1000.0),
    "year_effect_sd": (0.0, 3.0),
    "rain_excess": (0.1, 2000.0),
    "cell_length": (0.1, 500.0),
    "cell_spread": (0.0, 3.0),
    "bank_share": (0.0, 1.0),
    "slope_share": (0.0, 1.0),
    "flood_rate": (0.0, 1000.0),
    "strip_share": (1e-4, 1.0),
    "degree_young": _SHARE,
    "degree_middle": _SHARE,
    "degree_old": _SHARE,
    "odds_conifer": (1e-3, 1000.0),
    "odds_bamboo": (1e-3, 1000.0),
    "degree_spread": (0.0, 5.0),
    "slide_density": (0.0, 1000.0),
    "slide_power": (0.1, 10.0),
    "slides_conifer": (1e-3, 1000.0),
    "slides_bamboo": (1e-3, 1000.0),
    "slides_young": (1e-3, 1000.0),
    "scar_area": (1e-3, 1000.0),
    "scar_spread": (0.0, 3.0),
}
_CONSTANT_DOMAINS: Final[Mapping[str, tuple[float, float]]] = {
    "season_first_day": (1.0, 365.0),
    "season_last_day": (1.0, 729.0),
    "damage_rain": (1.0, 2000.0),
    "margin": (0.0, 500.0),
    "least_area": (0.0, 10.0),
}

PARAMETERS: Final = tuple(_DOMAINS)
"""Parameters of a card for floods and landslides."""

CONSTANTS: Final = tuple(_CONSTANT_DOMAINS)
"""Constants of a card for floods and landslides."""

UNITS: Final[Mapping[str, str]] = {
    "rainstorms_per_10000_km2": "1/year",
    "rain_excess": "mm",
    "cell_length": "km",
    "slide_density": "1/ha",
    "scar_area": "ha",
}
"""Units of the parameters that have one."""

_CELLS: Final = ("day", "east", "north", "rain", "length")


@dataclass(frozen=True, eq=False)
class Rain:
    """Cells of heavy rain.

    Parameters
    ----------
    keys : array of uint64, shape (rainstorms,)
        Keys of the local luck of each.
    east_km, north_km : array, shape (rainstorms,)
        Centre, from the middle of the box around the stands [km].
    log_excess : array, shape (rainstorms,)
        Logarithm of the rain at the centre over the constant ``damage_rain``, >= 0 [unitless].
    length_km : array, shape (rainstorms,)
        Length over which the rain falls off by the factor e [km].
    """

    keys: NDArray[np.uint64]
    east_km: Floats
    north_km: Floats
    log_excess: Floats
    length_km: Floats


@dataclass(frozen=True, eq=False)
class FloodLaw:
    """The law of rainstorms over a book.

    Parameters
    ----------
    numbers : mapping of str to float
        Parameters and constants of the card.
    counts : CountLaw
        Yearly number of rainstorms with their centre in the box around the stands and its margin [1/year].
    season : Season
        Days on which they happen.
    cells : StandCells
        The stands.
    lie : array of int, shape (stands,)
        :data:`~greenrisk.resource.perils.flood_hits.BANK`, ``SLOPE`` or 0, in the order of ``cells``.
    area : array, shape (stands,)
        Area, in the order of ``cells`` [ha].
    degree_logit : array, shape (stands,)
        Logit of the median degree of a flooded strip, in the order of ``cells``.
    slides : array, shape (stands,)
        Landslides to be expected where the rain is twice the threshold, in the order of ``cells``.
    """

    numbers: Mapping[str, float]
    counts: CountLaw
    season: Season
    cells: StandCells
    lie: Integers
    area: Floats
    degree_logit: Floats
    slides: Floats

    def expected_events(self) -> float:
        """Return the expected number of rainstorms in a year; not all of them damage insured forest [1/year]."""
        return self.counts.mean

    def strike(self, rain: Rain, farthest_km: float = math.inf) -> Hits:
        """Return what given cells of rain do to the stands: those of a block, or one that is named.

        Parameters
        ----------
        rain : Rain
            Cells of rain; each ends where the rain falls below the constant ``damage_rain``.
        farthest_km : float
            Where it ends at the latest: drawn cells have centres up to the margin only, so they reach no farther [km].

        Returns
        -------
        tuple of array
            Event, stand, share of the area [unitless], degree [unitless] of each hit.
        """
        n, cells = self.numbers, self.cells
        hits: Hits = wash(
            rain.keys,
            rain.east_km,
            rain.north_km,
            rain.log_excess,
            rain.length_km,
            np.minimum(rain.length_km * rain.log_excess, farthest_km),
            cells.stand,
            cells.first,
            cells.x_km,
            cells.y_km,
            cells.cell_x_km,
            cells.cell_y_km,
            cells.cell_radius_km,
            cells.cell_west_km,
            self.lie,
            self.area,
            self.degree_logit,
            self.slides,
            n["flood_rate"],
            n["strip_share"],
            n["degree_spread"],
            n["slide_power"],
            n["scar_area"],
            n["scar_spread"],
            n["least_area"],
        )
        return hits

    def simulate(self, seed: int, purpose: str, block: int) -> PerilYears:
        """Return the rainstorms of a block of years.

        Parameters
        ----------
        seed, block : int
            Key of the random streams.
        purpose : str
            Name of the family of streams.

        Notes
        -----
        At distance d from the centre of a cell of length l with rain r the rain is ``r exp(-d / l)``; its excess is
        ``e = rain / damage_rain - 1``. A bank stand is flooded with chance ``1 - exp(-flood_rate e)`` in a strip
        whose share is uniform up to twice ``strip_share``. A slope stand of A hectares slides with chance
        ``1 - exp(-slide_density factors A e^slide_power)``; the scar is log-logistic with median ``scar_area``.
        """
        n = self.numbers
        uniform = stream(seed, purpose, "flood", "year", block=block).random((2, BLOCK_LENGTH))
        counts = self.counts.counts(uniform[0], 0.5, uniform[1])
        year, rank = ranks(counts)
        cell = cell_uniforms(seed, purpose, "flood", block=block, counts=counts, variables=_CELLS)
        log_rain = np.log1p(-n["rain_excess"] * np.log1p(-cell["rain"]) / n["damage_rain"])
        length = n["cell_length"] * np.exp(n["cell_spread"] * ndtri(np.maximum(cell["length"], 1e-16)))
        event, stand, area, degree = self.strike(
            Rain(
                keys=event_keys(seed, purpose, "flood", block, year, rank),
                east_km=(2 * cell["east"] - 1) * (self.cells.half_width_km + n["margin"]),
                north_km=(2 * cell["north"] - 1) * (self.cells.half_height_km + n["margin"]),
                log_excess=log_rain,
                length_km=length,
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


def flood_law(
    exposure: Exposure, values: Mapping[str, float | str], constants: Mapping[str, float], scale: float
) -> FloodLaw:
    """Return the law of rainstorms over a book.

    Parameters
    ----------
    exposure : Exposure
        Book and landscape.
    values : mapping
        :data:`PARAMETERS` by name, in the units of :data:`UNITS`.
    constants : mapping
        :data:`CONSTANTS` by name: season [day]; rain of an event from which there is damage [mm]; how far outside the
        box around the stands a centre may lie and still reach them [km]; least strip or scar that is noticed [ha].
    scale : float
        Factor on the number of rainstorms, >= 0 [unitless].

    Raises
    ------
    ArgumentError
        With every number that makes no law, and when more than all stands lie on banks and slopes.

    Notes
    -----
    Factors are relative to broadleaves; those of mixed stands are the root of those of conifers.
    """
    n = card_numbers(USE, {**values, "scale": scale}, {**_DOMAINS, "scale": (0.0, math.inf)})
    n |= card_numbers(USE, constants, _CONSTANT_DOMAINS)
    if n["bank_share"] + n["slope_share"] > 1:
        what = f"bank_share + slope_share = {n['bank_share'] + n['slope_share']:.6g}"
        mend = "A stand lies on a bank, on a slope or on neither: together they hold at most 1."
        raise ArgumentError(Fault(USE, what, mend))
    book = exposure.book
    cells = stand_cells(exposure.landscape, len(book))
    species, age = book.species, age_class(book.species, book.age)
    ticket = lottery(book, "flood lie")
    lie = np.where(ticket < n["bank_share"], BANK, np.where(ticket > 1 - n["slope_share"], SLOPE, 0))

    degree = logit([n["degree_young"], n["degree_middle"], n["degree_old"]])[age]
    odds = np.array([n["odds_conifer"], 1.0, math.sqrt(n["odds_conifer"]), n["odds_bamboo"]])[species]
    rooting = np.array([n["slides_conifer"], 1.0, math.sqrt(n["slides_conifer"]), n["slides_bamboo"]])[
        species
    ]
    slides = n["slide_density"] * book.area_ha * rooting * np.array([n["slides_young"], 1.0, 1.0])[age]
    box = 4 * (cells.half_width_km + n["margin"]) * (cells.half_height_km + n["margin"])
    return FloodLaw(
        numbers=n,
        counts=CountLaw(n["rainstorms_per_10000_km2"] / 1e4 * box * scale, n["year_effect_sd"], 0.0),
        season=season_of(constants),
        cells=cells,
        lie=lie[cells.stand].astype(np.int64),
        area=book.area_ha[cells.stand],
        degree_logit=(degree + np.log(odds))[cells.stand],
        slides=slides[cells.stand],
    )
