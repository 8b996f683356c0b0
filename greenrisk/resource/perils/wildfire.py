# SPDX-License-Identifier: Apache-2.0
"""Wildfire: how many fires, how large, where they start and spread, and how much of a burnt stand is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from greenrisk.actuarial.layers.events import annual_sum
from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.core.variants import Values
from greenrisk.resource.climate import climate_factor
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import PerilYears, season_of
from greenrisk.resource.perils.damage import damage_degree
from greenrisk.resource.perils.fire_counts import CountLaw, count_law
from greenrisk.resource.perils.fire_size import FireSizeLaw, fire_size_law
from greenrisk.resource.perils.ignition import UNIFORMS, Ignition, ignition
from greenrisk.resource.perils.large_fires import oversample, year_weights
from greenrisk.resource.perils.spread import spread
from greenrisk.resource.variants import Variant


@dataclass(frozen=True)
class Wildfire:
    """The wildfire of one variant, resolved to laws over an exposure.

    Parameters
    ----------
    exposure : Exposure
        What can burn.
    counts : CountLaw
        Fires a year in the landscape.
    size : FireSizeLaw
        Size of a fire [ha].
    ignition : Ignition
        Where fires start.
    damage : mapping
        Values of the damage card.
    claimed_share : float
        Share of the payments due that are claimed and paid [unitless].
    province_fires : float
        Expected fires of the province [1/year].
    tail_drawn : float
        Share of the fires to draw from the tail, with weights that set it right; below its own share nothing is
        changed (see :mod:`greenrisk.resource.perils.large_fires`) [unitless].
    """

    exposure: Exposure
    counts: CountLaw
    size: FireSizeLaw
    ignition: Ignition
    damage: Values
    claimed_share: float
    province_fires: float
    tail_drawn: float = 0.0

    def expected_events(self) -> float:
        """Return the expected fires of a year in the landscape."""
        return self.counts.mean

    def simulate(self, seed: int, purpose: str, block: int) -> PerilYears:
        """Return what a block of years brings; see :class:`~greenrisk.resource.perils.base.PerilLaw`.

        Notes
        -----
        Fires of the whole forest are simulated, insured or not; hits are of the book alone. Kept by year: ``fires``
        [1], ``burnt_area`` and ``unburnt_area`` [ha] of all forest; what a year's fires could not burn for lack of
        connected forest is unburnt.
        """
        years, landscape, book = BLOCK_LENGTH, self.exposure.landscape, self.exposure.book
        rng = stream(seed, purpose, "wildfire", "year", block=block)
        fires = self.counts.counts(rng.random(years), rng.random(years), rng.random(years))
        variables = (*UNIFORMS, "size", "intensity", "day")
        uniform = cell_uniforms(seed, purpose, "wildfire", block=block, counts=fires, variables=variables)
        event_year = np.repeat(np.arange(years), fires)
        start = self.ignition.nodes(*(uniform[name] for name in UNIFORMS))
        weight = None
        share = self.size.share_of_tail
        if 0.0 < share < self.tail_drawn:
            uniform["size"], ratio = oversample(uniform["size"], share, self.tail_drawn)
            weight = year_weights(ratio, event_year, years)
        hits = spread(start, self.size.ppf(uniform["size"]), event_year, landscape)
        stand = landscape.stand[hits.node]
        inside = stand >= 0
        event, stand, burnt_ha = hits.event[inside], stand[inside], hits.burnt_ha[inside]
        return PerilYears(
            event_year=event_year,
            event_day=season_of(self.exposure.constants["local"]).days(uniform["day"]),
            hit_event=event,
            hit_stand=stand,
            hit_area=burnt_ha / book.area_ha[stand],
            hit_degree=damage_degree(
                uniform["intensity"][event], book.species[stand], book.age[stand], self.damage
            ),
            by_year={
                "fires": fires.astype(np.float64),
                "burnt_area": annual_sum(hits.burnt_ha, event_year[hits.event], years),
                "unburnt_area": annual_sum(hits.unburnt_ha, event_year, years),
            },
            weight=weight,
        )


@lru_cache(maxsize=1024)
def _size_law(
    size: tuple[tuple[str, float | str], ...], tail: tuple[tuple[str, float | str], ...], cap: float
) -> FireSizeLaw:
    return fire_size_law(dict(size), dict(tail), cap)


def size_law(exposure: Exposure, variant: Variant) -> FireSizeLaw:
    """Return the law of the size of a fire; equal numbers give the same object, since its tables cost time.

    Raises
    ------
    GreenRiskError
        Where the numbers of the variant make no law.
    """
    forest = float(exposure.landscape.area_ha.sum())
    cap = forest if variant.cap_ha is None else min(variant.cap_ha, forest)
    return _size_law(tuple(variant.values["size"].items()), tuple(variant.values["tail"].items()), cap)


def wildfire(exposure: Exposure, variant: Variant) -> Wildfire:
    """Return the wildfire of a variant.

    Notes
    -----
    The province's yearly fires are thinned to the landscape by its share of the province's forest times the
    local relative hazard; the common year effect stays common. Warming multiplies the fires of the province.
    """
    values: Mapping[str, Values] = variant.values
    province = count_law(values["occurrence"], exposure.constants["occurrence"], exposure.underwriting_year)
    province = province.thin(climate_factor(values, "wildfire", exposure.warming))
    forest = float(exposure.landscape.area_ha.sum())
    share = (
        forest
        * float(values["local"]["relative_hazard"])
        / float(values["occurrence"]["province_forest_area"])
    )
    return Wildfire(
        exposure=exposure,
        counts=province.thin(share),
        size=size_law(exposure, variant),
        ignition=ignition(exposure.landscape, exposure.book, values["local"]),
        damage=values["damage"],
        claimed_share=float(values["local"]["claimed_share"]),
        province_fires=province.mean,
    )
