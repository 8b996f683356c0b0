# SPDX-License-Identifier: Apache-2.0
"""What a site may be insured for: the smaller of restoration with interim loss, and its limit; never service values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.resource.wetland.site_loss import LAND_HEADS, WATER_HEADS, SiteNumbers, site_loss
from greenrisk.resource.wetland.sites import Sites

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Insurable:
    """What sites may be insured for.

    Parameters
    ----------
    restoration, interim : array, shape (sites,)
        Cost of total damage [CNY].
    water : array, shape (sites,)
        Emergency supply, treatment and closure of total damage [CNY].
    value : array, shape (sites,)
        Smaller of restoration with interim loss, and the limit [CNY].
    water_value : array, shape (sites,)
        Smaller of the cost of water and its limit [CNY].
    """

    restoration: Floats
    interim: Floats
    water: Floats
    value: Floats
    water_value: Floats


def insurable(sites: Sites, numbers: SiteNumbers) -> Insurable:
    """Return what sites may be insured for: the cost of total damage, up to the limit.

    Parameters
    ----------
    sites : Sites
        All sites.
    numbers : SiteNumbers
        From :func:`~greenrisk.resource.wetland.site_loss.site_numbers`.

    Notes
    -----
    The value of services takes no part. An owner who is paid more than it costs to bring the services back, and those
    lost meanwhile, is better off after the damage; a year's value of services would be paid again each year.
    """
    heads = site_loss(sites, numbers, np.arange(len(sites)), np.ones(len(sites)))
    land = heads["restoration"] + heads["interim"]
    water = np.sum([heads[name] for name in WATER_HEADS], axis=0)
    return Insurable(
        heads["restoration"],
        heads["interim"],
        water,
        np.minimum(land, sites.limit),
        np.minimum(water, sites.water_limit),
    )


def within_limits(sites: Sites, site_index: Integers, heads: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the heads of hits cut to the limits of their sites, in proportion, so that they still add up.

    Parameters
    ----------
    sites : Sites
        All sites.
    site_index : array of int, shape (hits,)
        Site of each hit.
    heads : mapping of str to array, shape (hits,)
        From :func:`~greenrisk.resource.wetland.site_loss.site_loss` [CNY].
    """
    cut: dict[str, Floats] = {}
    for names, limit in ((LAND_HEADS, sites.limit), (WATER_HEADS, sites.water_limit)):
        whole = np.sum([heads[name] for name in names], axis=0)
        most = limit[site_index]
        share = np.divide(most, whole, out=np.ones(whole.shape), where=whole > most)
        cut |= {name: heads[name] * share for name in names}
    return cut


def tell_limits(sites: Sites, found: Insurable, ledger: Ledger) -> None:
    """Tell where a limit exceeds what total damage costs: the part above can never be paid.

    Parameters
    ----------
    sites : Sites
        All sites.
    found : Insurable
        From :func:`insurable`.
    ledger : Ledger
        Takes a line for each sort of limit.
    """
    for sort, limit, cost, what in (
        ("limit_cny", sites.limit, found.restoration + found.interim, "restoration and interim loss"),
        ("water_limit_cny", sites.water_limit, found.water, "emergency supply, treatment and closure"),
    ):
        above = np.flatnonzero(limit > cost)
        if above.size:
            worst = above[np.argmax(limit[above] - cost[above])]
            ledger.add(
                "assumption",
                sort,
                f"At {above.size} of {len(sites)} sites the limit exceeds what total damage costs in {what}; the part "
                f"above can never be paid and counts for nothing. Most at {sites.ids[worst]}: limit "
                f"{limit[worst]:,.0f} CNY, cost {cost[worst]:,.0f} CNY.",
                count=int(above.size),
                status="user",
            )
