# SPDX-License-Identifier: Apache-2.0
"""Restoration of sites: unit costs and times of recovery by class from the card, or from a site's own plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.card_roles import Role
from greenrisk.core.variants import Values
from greenrisk.environment.restoration import recovery_years, restoration_cost
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.wetland.sites import SITE_CLASSES, Sites

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RESTORATION_USE: Final = "wetland.restoration"
"""Use of the card of restoration."""

_COSTS: Final = tuple(f"unit_cost_{name}" for name in SITE_CLASSES)
_YEARS: Final = tuple(f"years_{name}" for name in SITE_CLASSES)
_OTHERS: Final = ("cost_exponent", "time_exponent", "mobilisation")

RESTORATION_ROLE: Final = Role(
    "restoration",
    RESTORATION_USE,
    (*_COSTS, *_YEARS, *_OTHERS),
    constants=("price_year",),
    units={
        **dict.fromkeys(_COSTS, "CNY/ha"),
        **dict.fromkeys(_YEARS, "year"),
        "mobilisation": "CNY",
    },
)
"""What the card of restoration must hold."""


@dataclass(frozen=True, eq=False)
class RestorationNumbers:
    """Numbers of the card of restoration.

    Parameters
    ----------
    unit_cost : array, shape (classes,)
        Cost at a degree of 1, by class [CNY/ha].
    years : array, shape (classes,)
        Time of recovery at a degree of 1, by class [year].
    cost_exponent, time_exponent : float
        Of the degree [unitless].
    mobilisation : float
        Cost of each damage of a site whatever its size [CNY].
    """

    unit_cost: Floats
    years: Floats
    cost_exponent: float
    time_exponent: float
    mobilisation: float


def restoration_numbers(values: Values) -> RestorationNumbers:
    """Return the numbers of a card of use ``wetland.restoration``, checked.

    Raises
    ------
    ArgumentError
        With every number outside its domain.
    """
    most = {"cost_exponent": 5.0, "time_exponent": 5.0}
    least = {**dict.fromkeys(_YEARS, 1e-6), "cost_exponent": 0.05}
    names = (*_COSTS, *_YEARS, *_OTHERS)
    n = card_numbers(
        RESTORATION_USE, values, {name: (least.get(name, 0.0), most.get(name, np.inf)) for name in names}
    )
    return RestorationNumbers(
        unit_cost=np.array([n[name] for name in _COSTS]),
        years=np.array([n[name] for name in _YEARS]),
        cost_exponent=n["cost_exponent"],
        time_exponent=n["time_exponent"],
        mobilisation=n["mobilisation"],
    )


def unit_costs(sites: Sites, numbers: RestorationNumbers) -> Floats:
    """Return the cost of restoration after total damage, the site's own or its class's, shape (sites,) [CNY/ha]."""
    return np.where(np.isnan(sites.unit_cost), numbers.unit_cost[sites.site_class], sites.unit_cost)


def full_recovery(sites: Sites, numbers: RestorationNumbers) -> Floats:
    """Return the time of recovery after total damage, the site's own or its class's, shape (sites,) [year]."""
    return np.where(np.isnan(sites.recovery_years), numbers.years[sites.site_class], sites.recovery_years)


def site_restoration(
    sites: Sites, numbers: RestorationNumbers, site_index: Integers, degree: Floats
) -> Floats:
    """Return what hits cost to restore, shape (hits,) [CNY].

    Parameters
    ----------
    sites : Sites
        All sites.
    numbers : RestorationNumbers
        Of the card.
    site_index : array of int, shape (hits,)
        Site of each hit.
    degree : array, shape (hits,)
        Share of the services of the whole site that is lost at first, in [0, 1] [unitless].
    """
    cost = unit_costs(sites, numbers)[site_index]
    return restoration_cost(sites.area[site_index], degree, cost, numbers.cost_exponent, numbers.mobilisation)


def site_recovery(sites: Sites, numbers: RestorationNumbers, site_index: Integers, degree: Floats) -> Floats:
    """Return how long hit sites take to recover, shape (hits,) [year]; parameters as :func:`site_restoration`."""
    return recovery_years(degree, full_recovery(sites, numbers)[site_index], numbers.time_exponent)
