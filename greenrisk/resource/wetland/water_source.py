# SPDX-License-Identifier: Apache-2.0
"""What a damaged source of drinking water costs: emergency supply, treatment of raw water, closure of the intake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.card_roles import Role
from greenrisk.core.variants import Values
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.wetland.sites import Sites

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WATER_USE: Final = "wetland.water_source"
"""Use of the card of water sources."""

_DOMAINS: Final = {
    "closure_degree": (0.0, 1.0),
    "closure_days": (0.0, 3650.0),
    "emergency_litres": (0.0, 1000.0),
    "emergency_cost": (0.0, np.inf),
    "treatment_days": (0.0, 3650.0),
    "normal_litres": (0.0, 2000.0),
    "treatment_cost": (0.0, np.inf),
    "closure_fixed": (0.0, np.inf),
    "lost_income": (0.0, np.inf),
}

WATER_ROLE: Final = Role(
    "water_source",
    WATER_USE,
    tuple(_DOMAINS),
    constants=("price_year",),
    units={
        "closure_days": "day",
        "emergency_litres": "l/person/day",
        "emergency_cost": "CNY/m3",
        "treatment_days": "day",
        "normal_litres": "l/person/day",
        "treatment_cost": "CNY/m3",
        "closure_fixed": "CNY",
        "lost_income": "CNY/m3",
    },
)
"""What the card of water sources must hold."""

_LITRES: Final = 1000.0
"""Litres in a cubic metre [l/m3]."""


@dataclass(frozen=True)
class WaterNumbers:
    """Numbers of the card of water sources.

    Parameters
    ----------
    closure_degree : float
        Degree from which on the intake is closed [unitless].
    closure_days : float
        Days of closure at a degree of 1; in proportion below [day].
    emergency_litres, normal_litres : float
        Water of an emergency, and of other days [l/person/day].
    emergency_cost : float
        Cost of emergency water brought to people [CNY/m3].
    treatment_days : float
        Days of additional treatment at a degree of 1, after a closure; in proportion below [day].
    treatment_cost : float
        Additional cost of treatment [CNY/m3].
    closure_fixed : float
        Cost of one closure: barriers, flushing, sampling, reopening [CNY].
    lost_income : float
        Income of the waterworks less what it saves, on water that is not sold [CNY/m3].
    """

    closure_degree: float
    closure_days: float
    emergency_litres: float
    emergency_cost: float
    treatment_days: float
    normal_litres: float
    treatment_cost: float
    closure_fixed: float
    lost_income: float


def water_numbers(values: Values) -> WaterNumbers:
    """Return the numbers of a card of use ``wetland.water_source``, checked.

    Raises
    ------
    ArgumentError
        With every number outside its domain.
    """
    return WaterNumbers(**card_numbers(WATER_USE, values, _DOMAINS))


def site_water(
    sites: Sites, numbers: WaterNumbers, site_index: Integers, degree: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return what hits cost the supply of water.

    Parameters
    ----------
    sites : Sites
        All sites; those that serve nobody cost nothing here.
    numbers : WaterNumbers
        Of the card.
    site_index : array of int, shape (hits,)
        Site of each hit.
    degree : array, shape (hits,)
        Share of the services of the site that is lost at first, in [0, 1] [unitless].

    Returns
    -------
    water_supply, treatment, closure : array, shape (hits,)
        Emergency supply while the intake is closed; additional treatment of raw water; closure itself with the income
        that is lost [CNY].

    Notes
    -----
    With people p, degree d, litres w: from ``closure_degree`` on, emergency supply ``p w_e c_e D d / 1000`` and closure
    ``F + p w_n y D d / 1000``; treatment ``p w_n c_t T d / 1000`` at every degree above 0.
    """
    people = sites.people_served[site_index]
    served = (people > 0.0) & (degree > 0.0)
    closed = np.where(served & (degree >= numbers.closure_degree), numbers.closure_days * degree, 0.0)
    treated = np.where(served, numbers.treatment_days * degree, 0.0)
    normal = people * numbers.normal_litres / _LITRES
    supply = people * numbers.emergency_litres / _LITRES * numbers.emergency_cost * closed
    treatment = normal * numbers.treatment_cost * treated
    closure = np.where(closed > 0.0, numbers.closure_fixed, 0.0) + normal * numbers.lost_income * closed
    return supply, treatment, closure
