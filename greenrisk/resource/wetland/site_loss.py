# SPDX-License-Identifier: Apache-2.0
"""What a hit of a site costs, by head: restoration, interim loss, emergency supply, treatment, closure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.card_roles import Role
from greenrisk.core.variants import CardValues
from greenrisk.resource.wetland.interim_loss import (
    INTERIM_ROLE,
    InterimNumbers,
    interim_numbers,
    site_interim,
)
from greenrisk.resource.wetland.restoration_cost import (
    RESTORATION_ROLE,
    RestorationNumbers,
    restoration_numbers,
    site_restoration,
)
from greenrisk.resource.wetland.sites import Sites
from greenrisk.resource.wetland.water_source import WATER_ROLE, WaterNumbers, site_water, water_numbers

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LAND_HEADS: Final = ("restoration", "interim")
"""Heads under the limit of the site."""

WATER_HEADS: Final = ("water_supply", "treatment", "closure")
"""Heads under the limit of its water."""

HEADS: Final = (*LAND_HEADS, *WATER_HEADS)
"""Heads of a loss."""

COST_ROLES: Final[Mapping[str, Role]] = {
    "restoration": RESTORATION_ROLE,
    "interim": INTERIM_ROLE,
    "water_source": WATER_ROLE,
}
"""Cards behind the cost of a hit, by role."""


@dataclass(frozen=True, eq=False)
class SiteNumbers:
    """Numbers of the cards of :data:`COST_ROLES`."""

    restoration: RestorationNumbers
    interim: InterimNumbers
    water: WaterNumbers


def site_numbers(values: CardValues) -> SiteNumbers:
    """Return the numbers of the cards behind the cost of a hit.

    Parameters
    ----------
    values : mapping of str to mapping
        Values of the cards by role; others than those of :data:`COST_ROLES` are left alone.

    Raises
    ------
    ArgumentError
        If a number is outside its domain.
    """
    return SiteNumbers(
        restoration_numbers(values["restoration"]),
        interim_numbers(values["interim"]),
        water_numbers(values["water_source"]),
    )


def site_loss(sites: Sites, numbers: SiteNumbers, site_index: Integers, degree: Floats) -> dict[str, Floats]:
    """Return what hits cost before any limit.

    Parameters
    ----------
    sites : Sites
        All sites.
    numbers : SiteNumbers
        From :func:`site_numbers`.
    site_index : array of int, shape (hits,)
        Site of each hit.
    degree : array, shape (hits,)
        Share of the services of the whole site that is lost at first, in [0, 1] [unitless].

    Returns
    -------
    dict of str to array, shape (hits,)
        By head of :data:`HEADS`, in their order [CNY].

    Raises
    ------
    ArgumentError
        If a degree is NaN or outside [0, 1].
    """
    index, d = np.asarray(site_index, dtype=np.int64), np.asarray(degree, dtype=np.float64)
    restoration = site_restoration(sites, numbers.restoration, index, d)
    interim = site_interim(sites, numbers.restoration, numbers.interim, index, d)
    return dict(zip(HEADS, (restoration, interim, *site_water(sites, numbers.water, index, d)), strict=True))
