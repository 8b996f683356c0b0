# SPDX-License-Identifier: Apache-2.0
"""Simulates blocks of years of wildfire over a book: fires, burnt stands, payments.

Everything here is a pure function of the exposure, the resolved parameters, the seed and the block. Fires of
the whole forest are simulated, insured or not; only what burns inside the book costs the policy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.layers.events import EventTable, annual_largest, annual_sum
from greenrisk.actuarial.layers.policy import PolicyLimits
from greenrisk.core.streams import cell_uniforms, stream
from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.indemnity import paid_share
from greenrisk.resource.perils.damage import damage_degree
from greenrisk.resource.perils.fire_counts import CountLaw, count_law
from greenrisk.resource.perils.fire_size import FireSizeLaw, fire_size_law
from greenrisk.resource.perils.ignition import UNIFORMS, Ignition, ignition
from greenrisk.resource.perils.large_fires import oversample, year_weights
from greenrisk.resource.perils.spread import spread
from greenrisk.resource.variants import Values, Variant

LAYERS = ("ground_up", "gross")


@dataclass(frozen=True)
class Wildfire:
    """The parameters of one variant, resolved to laws over this exposure."""

    counts: CountLaw
    size: FireSizeLaw
    ignition: Ignition
    damage: Values
    claimed_share: float
    province_fires: float


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


def resolve(exposure: Exposure, variant: Variant) -> Wildfire:
    """Turn the numbers of a variant into the laws of the peril.

    Notes
    -----
    The province's yearly fires are thinned to the landscape by its share of the province's forest times the
    local relative hazard; the common year effect stays common.
    """
    values = variant.values
    province = count_law(values["occurrence"], exposure.constants["occurrence"], exposure.underwriting_year)
    forest = float(exposure.landscape.area_ha.sum())
    share = (
        forest
        * float(values["local"]["relative_hazard"])
        / float(values["occurrence"]["province_forest_area"])
    )
    return Wildfire(
        counts=province.thin(share),
        size=size_law(exposure, variant),
        ignition=ignition(exposure.landscape, exposure.book, values["local"]),
        damage=values["damage"],
        claimed_share=float(values["local"]["claimed_share"]),
        province_fires=province.mean,
    )


@dataclass(frozen=True)
class Payments:
    """What one block of years costs, hit by hit.

    Parameters
    ----------
    year, event, stand : array of int, shape (hits,)
        Year, fire and stand of each damage.
    burnt_ha, insured_mu : array, shape (hits,)
        Burnt area [ha], and the insured part of it [mu].
    ground_up, gross : array, shape (hits,)
        Loss before and after policy terms [CNY].
    event_year : array of int, shape (events,)
        Year of each fire.
    fires : array of int, shape (years,)
        Fires of each year.
    burnt_area : array, shape (years,)
        Burnt forest, insured or not [ha].
    unburnt_area : array, shape (years,)
        What the year's fires could not burn for lack of connected forest [ha].
    weight : array, shape (years,)
        Weight of each year: 1 but where large fires are drawn more often than they burn [unitless].
    """

    year: NDArray[np.int64]
    event: NDArray[np.int64]
    stand: NDArray[np.int64]
    burnt_ha: NDArray[np.float64]
    insured_mu: NDArray[np.float64]
    ground_up: NDArray[np.float64]
    gross: NDArray[np.float64]
    event_year: NDArray[np.int64]
    fires: NDArray[np.int64]
    burnt_area: NDArray[np.float64]
    unburnt_area: NDArray[np.float64]
    weight: NDArray[np.float64]


def simulate(
    exposure: Exposure,
    wildfire: Wildfire,
    seed: int,
    block: int,
    purpose: str = "main",
    tail_drawn: float = 0.0,
) -> Payments:
    """Simulate one block of years.

    Parameters
    ----------
    exposure, wildfire
        The exposure and the resolved parameters.
    seed, block : int
        Key of the random streams.
    purpose : str
        Name of the family of streams: ``main`` or ``knowledge``.
    tail_drawn : float
        Share of the fires to draw from the tail, with weights that set it right; below its own share nothing is
        changed (see :mod:`greenrisk.resource.perils.large_fires`) [unitless].
    """
    years = BLOCK_LENGTH
    rng = stream(seed, purpose, "wildfire", "year", block=block)
    fires = wildfire.counts.counts(rng.random(years), rng.random(years), rng.random(years))
    uniform = cell_uniforms(
        seed, purpose, "wildfire", block=block, counts=fires, variables=(*UNIFORMS, "size", "intensity")
    )
    event_year = np.repeat(np.arange(years), fires)
    start = wildfire.ignition.nodes(*(uniform[name] for name in UNIFORMS))
    weight = np.ones(years)
    share = wildfire.size.share_of_tail
    if 0.0 < share < tail_drawn:
        uniform["size"], ratio = oversample(uniform["size"], share, tail_drawn)
        weight = year_weights(ratio, event_year, years)
    size_ha = wildfire.size.ppf(uniform["size"])
    hits = spread(start, size_ha, event_year, exposure.landscape)
    burnt_area = annual_sum(hits.burnt_ha, event_year[hits.event], years)

    stand = exposure.landscape.stand[hits.node]
    inside = stand >= 0
    event, stand, burnt_ha = hits.event[inside], stand[inside], hits.burnt_ha[inside]
    book, terms = exposure.book, exposure.terms
    insured_mu = burnt_ha * MU_PER_HA * book.insured_share[stand]
    degree = damage_degree(uniform["intensity"][event], book.species[stand], book.age[stand], wildfire.damage)
    value = insured_mu * book.sum_insured_per_mu[stand]
    paid = value * paid_share(terms.deductible, degree, insured_mu) * wildfire.claimed_share
    per_event = np.bincount(event, weights=paid, minlength=event_year.size)
    limits = PolicyLimits(terms.event_limit_cny or math.inf, terms.annual_limit_cny or math.inf)
    paid = paid * limits.apply(EventTable.of(per_event, event_year, years)).factor[event]
    year = event_year[event]
    return Payments(
        year=year,
        event=event,
        stand=stand,
        burnt_ha=burnt_ha,
        insured_mu=insured_mu,
        ground_up=value * degree,
        gross=paid,
        event_year=event_year,
        fires=fires,
        burnt_area=burnt_area,
        unburnt_area=annual_sum(hits.unburnt_ha, event_year, years),
        weight=weight,
    )


def annual(payments: Payments) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return annual losses and the largest event of each year, both (year, layer) [CNY], layers as LAYERS."""
    years, events = payments.fires.size, payments.event_year.size
    loss, largest = np.empty((years, len(LAYERS))), np.empty((years, len(LAYERS)))
    for column, amount in enumerate((payments.ground_up, payments.gross)):
        per_event = np.bincount(payments.event, weights=amount, minlength=events)
        loss[:, column] = annual_sum(per_event, payments.event_year, years)
        largest[:, column] = annual_largest(per_event, payments.event_year, years)
    return loss, largest


def part(exposure: Exposure, payments: Payments) -> xr.Dataset:
    """Reduce a block to what the result needs: (year, layer) tables and sums by stand.

    Returns
    -------
    xarray.Dataset
        Small: years x layers, years x segments, and sums by site. ``site_sum`` has the moments burnt area [ha],
        payment [CNY] and squared annual payment [CNY2].
    """
    years, sites, segments = payments.fires.size, exposure.book.area_ha.size, len(exposure.segments)
    loss, largest = annual(payments)
    by_segment = np.bincount(
        payments.year * segments + exposure.segment[payments.stand],
        weights=payments.gross,
        minlength=years * segments,
    ).reshape(years, segments)
    stand_year, place = np.unique(payments.stand * years + payments.year, return_inverse=True)
    of_year = np.bincount(place, weights=payments.gross, minlength=stand_year.size)
    touched = stand_year // years
    site_sum = np.stack(
        [
            np.bincount(payments.stand, weights=payments.burnt_ha, minlength=sites),
            np.bincount(payments.stand, weights=payments.gross, minlength=sites),
            np.bincount(touched, weights=of_year**2, minlength=sites),
        ],
        axis=1,
    )
    paid_mu = np.where(payments.gross > 0, payments.insured_mu, 0.0)
    return xr.Dataset(
        {
            "loss": (("year", "layer"), loss),
            "largest_event": (("year", "layer"), largest),
            "segment_loss": (("year", "segment"), by_segment),
            "fires": ("year", payments.fires.astype(np.int64)),
            "burnt_area": ("year", payments.burnt_area),
            "unburnt_area": ("year", payments.unburnt_area),
            "burnt_insured": (
                "year",
                np.bincount(payments.year, weights=payments.insured_mu, minlength=years),
            ),
            "paid_area": ("year", np.bincount(payments.year, weights=paid_mu, minlength=years)),
            "site_sum": (("site", "moment"), site_sum),
            "counter": (
                "count",
                np.array([payments.stand.size - stand_year.size, payments.stand.size], float),
            ),
        }
    )
