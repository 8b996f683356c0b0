# SPDX-License-Identifier: Apache-2.0
"""From hits of sites to money: what they cost by head, what is not lost twice, and what the cover pays.

Order of the terms: what an event costs at a site, less the deductible, up to the limits of the site; the same limits on
the site's year; then the event over all sites, then the year over all events. Every cut scales the heads of a hit alike
within their limit, so that heads, sites, perils and events add up to the same money.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from greenrisk.actuarial.layers.events import EventTable, annual_largest
from greenrisk.actuarial.layers.policy import PolicyLimits
from greenrisk.resource.wetland.insurable import within_limits
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, Floats, Integers, PerilHits
from greenrisk.resource.wetland.site_loss import HEADS, LAND_HEADS, WATER_HEADS, SiteNumbers, site_loss
from greenrisk.resource.wetland.sites import Sites
from greenrisk.resource.wetland.wetland_spec import WetlandTermsSpec


@dataclass(frozen=True, eq=False)
class Settled:
    """What a block of years costs.

    Parameters
    ----------
    perils : tuple of str
        Kinds of the perils.
    event_year, event_peril : array of int, shape (events,)
        Year of each event and index of its peril.
    event : array of int, shape (hits,)
        Event of each hit.
    site : array of int, shape (hits,)
        Its site.
    ground_up, gross : array, shape (heads, hits)
        Cost before and after the terms, by head [CNY].
    repeated : array, shape (perils,)
        Cost that is not counted because the site had lost it before in the year [CNY].
    """

    perils: tuple[str, ...]
    event_year: Integers
    event_peril: Integers
    event: Integers
    site: Integers
    ground_up: Floats
    gross: Floats
    repeated: Floats

    @property
    def year(self) -> Integers:
        """Year of each hit, shape (hits,)."""
        return self.event_year[self.event]

    @property
    def peril(self) -> Integers:
        """Peril of each hit, shape (hits,)."""
        return self.event_peril[self.event]

    def by_event(self, layer: str) -> Floats:
        """Return what each event costs, shape (events,) [CNY]; layer: ``ground_up`` or ``gross``."""
        amount = (self.ground_up if layer == "ground_up" else self.gross).sum(axis=0)
        return _summed(self.event, amount, self.event_year.size)

    def annual(self, layer: str) -> Floats:
        """Return what each year costs, shape (years,) [CNY]."""
        return _summed(self.event_year, self.by_event(layer), BLOCK_LENGTH)

    def largest(self, layer: str) -> Floats:
        """Return what the worst event of each year costs, shape (years,) [CNY]."""
        return annual_largest(self.by_event(layer), self.event_year, BLOCK_LENGTH)

    def by_peril(self, layer: str) -> Floats:
        """Return what each year costs by peril, shape (years, perils) [CNY]."""
        perils = len(self.perils)
        place = self.event_year * perils + self.event_peril
        return _summed(place, self.by_event(layer), BLOCK_LENGTH * perils).reshape(BLOCK_LENGTH, perils)

    def by_site(self, layer: str, sites: int) -> Floats:
        """Return what each year costs by site, shape (years, sites) [CNY]."""
        amount = (self.ground_up if layer == "ground_up" else self.gross).sum(axis=0)
        return _summed(self.year * sites + self.site, amount, BLOCK_LENGTH * sites).reshape(
            BLOCK_LENGTH, sites
        )


def settle(
    sites: Sites,
    numbers: SiteNumbers,
    full_loss: Floats,
    terms: WetlandTermsSpec,
    hits: Mapping[str, PerilHits],
) -> Settled:
    """Return what a block of years costs.

    Parameters
    ----------
    sites : Sites
        The sites.
    numbers : SiteNumbers
        What damage costs.
    full_loss : array, shape (sites,)
        Cost of total damage, all heads: the most that a site can lose in a year [CNY].
    terms : WetlandTermsSpec
        Terms of the cover.
    hits : mapping of str to PerilHits
        By kind of peril.

    Notes
    -----
    What is lost is not lost again: where the hits of a site's year cost more than total damage, each of them is scaled
    down alike.
    """
    kinds = tuple(hits)
    starts = np.cumsum([0, *(one.event_year.size for one in hits.values())])
    event_year = np.concatenate([one.event_year for one in hits.values()])
    event_peril = np.repeat(np.arange(len(kinds)), np.diff(starts))
    event = np.concatenate([one.hit_event + start for one, start in zip(hits.values(), starts, strict=False)])
    site = np.concatenate([one.hit_site for one in hits.values()])
    degree = np.concatenate([one.hit_degree for one in hits.values()])
    cost = site_loss(sites, numbers, site, degree)
    heads = np.stack([cost[name] for name in HEADS])
    whole = heads.sum(axis=0)
    place = event_year[event] * len(sites) + site
    share = _left(whole, place, full_loss[site], BLOCK_LENGTH * len(sites))
    repeated = _summed(event_peril[event], whole * (1.0 - share), len(kinds))
    ground_up = heads * share
    gross = _paid(sites, terms, ground_up, event, event_year, site, place)
    return Settled(kinds, event_year, event_peril, event, site, ground_up, gross, repeated)


def _paid(
    sites: Sites,
    terms: WetlandTermsSpec,
    ground_up: Floats,
    event: Integers,
    event_year: Integers,
    site: Integers,
    place: Integers,
) -> Floats:
    """Return the heads of each hit after all terms, shape (heads, hits) [CNY]."""
    whole = ground_up.sum(axis=0)
    deducted = np.maximum(terms.deductible_cny, terms.deductible_share * whole)
    share = np.maximum(whole - deducted, 0.0) / np.where(whole > 0.0, whole, 1.0)
    cut = within_limits(sites, site, dict(zip(HEADS, ground_up * share, strict=True)))
    paid = np.stack([cut[name] for name in HEADS])
    for names, limit in ((LAND_HEADS, sites.limit), (WATER_HEADS, sites.water_limit)):
        rows = [HEADS.index(name) for name in names]
        yearly = limit[site] * terms.site_annual_multiple
        paid[rows] *= _left(paid[rows].sum(axis=0), place, yearly, BLOCK_LENGTH * len(sites))
    limits = PolicyLimits(
        math.inf if terms.event_limit_cny is None else terms.event_limit_cny,
        math.inf if terms.annual_limit_cny is None else terms.annual_limit_cny,
    )
    table = EventTable.of(_summed(event, paid.sum(axis=0), event_year.size), event_year, BLOCK_LENGTH)
    return np.asarray(paid * limits.apply(table).factor[event])


def _left(amount: Floats, place: Integers, most: Floats, places: int) -> Floats:
    """Return the factor by which the sum of each place is cut to what it can be at most, shape (hits,)."""
    total = _summed(place, amount, places)[place]
    return np.where(total > most, most / np.where(total > 0.0, total, 1.0), 1.0)


def _summed(place: Integers, amount: Floats, places: int) -> Floats:
    return np.bincount(place, weights=amount, minlength=places).astype(np.float64)
