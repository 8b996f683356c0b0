# SPDX-License-Identifier: Apache-2.0
"""Interim loss of a site: the cost of a replacement project whose services make good those lost until recovery.

No value of services enters: services are made good by services (habitat equivalency), and what is paid is the cost of
the hectares that bring them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.card_roles import Role
from greenrisk.core.variants import Values
from greenrisk.environment.restoration import (
    Replacement,
    compensation_ratio,
    discounted_gain,
    discounted_loss,
)
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.wetland.restoration_cost import RestorationNumbers, site_recovery, unit_costs
from greenrisk.resource.wetland.sites import Sites

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

INTERIM_USE: Final = "wetland.interim"
"""Use of the card of interim loss."""

_DOMAINS: Final = {
    "discount_rate": (0.0, 0.5),
    "delay": (0.0, 50.0),
    "replacement_start": (0.0, 50.0),
    "replacement_maturity": (0.0, 200.0),
    "replacement_life": (1e-6, 1000.0),
    "replacement_services": (1e-3, 10.0),
    "replacement_cost": (0.0, 100.0),
}

INTERIM_ROLE: Final = Role(
    "interim",
    INTERIM_USE,
    tuple(_DOMAINS),
    units={
        "discount_rate": "1/year",
        "delay": "year",
        "replacement_start": "year",
        "replacement_maturity": "year",
        "replacement_life": "year",
    },
)
"""What the card of interim loss must hold."""


@dataclass(frozen=True)
class InterimNumbers:
    """Numbers of the card of interim loss.

    Parameters
    ----------
    rate : float
        Discount rate [1/year].
    delay : float
        Time from the damage to the begin of restoration [year].
    replacement : Replacement
        The project that makes good what is lost.
    gain : float
        Its discounted services [year].
    cost_share : float
        Its cost per hectare over that of restoring a hectare of the site [unitless].
    """

    rate: float
    delay: float
    replacement: Replacement
    gain: float
    cost_share: float


def interim_numbers(values: Values) -> InterimNumbers:
    """Return the numbers of a card of use ``wetland.interim``, checked.

    Raises
    ------
    ArgumentError
        With every number outside its domain; a project that ends before it is mature is refused.
    """
    n = card_numbers(INTERIM_USE, values, _DOMAINS)
    replacement = Replacement(
        n["replacement_start"], n["replacement_maturity"], n["replacement_life"], n["replacement_services"]
    )
    gain = discounted_gain(replacement, n["discount_rate"])
    return InterimNumbers(n["discount_rate"], n["delay"], replacement, gain, n["replacement_cost"])


def site_interim(
    sites: Sites,
    restoration: RestorationNumbers,
    numbers: InterimNumbers,
    site_index: Integers,
    degree: Floats,
) -> Floats:
    """Return the interim loss of hits.

    Parameters
    ----------
    sites : Sites
        All sites.
    restoration : RestorationNumbers
        Of the card of restoration: unit costs and times of recovery.
    numbers : InterimNumbers
        Of the card of interim loss.
    site_index : array of int, shape (hits,)
        Site of each hit.
    degree : array, shape (hits,)
        Share of the services of the whole site that is lost at first, in [0, 1] [unitless].

    Returns
    -------
    array, shape (hits,)
        Area times compensation ratio times the cost of a hectare of the replacement project [CNY].

    Notes
    -----
    Services are discounted; the cost of the project is not: the claim is settled when the damage is assessed.
    """
    recovery = site_recovery(sites, restoration, site_index, degree)
    lost = discounted_loss(degree, recovery, delay=numbers.delay, rate=numbers.rate)
    hectares = sites.area[site_index] * compensation_ratio(lost, numbers.gain)
    return np.asarray(hectares * numbers.cost_share * unit_costs(sites, restoration)[site_index])
