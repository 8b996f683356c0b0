# SPDX-License-Identifier: Apache-2.0
"""Low water and drought: a river that falls too far or too long for the wetlands beside it.

A yearly stress of the region (:mod:`greenrisk.resource.wetland.perils.stress`). It leads: the region's years of the
other stresses are correlated with its years, and an index may be linked to it. All numbers are judged (card
``wetland-low-water-judged``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenrisk.resource.wetland.perils import stress
from greenrisk.resource.wetland.sites import Sites

KIND: Final = "low_water"
USE: Final = "wetland.low_water"
"""Use of the card."""

PARAMETERS: Final = stress.parameters(follows=False)
"""Parameters of a card."""

CONSTANTS: Final = stress.CONSTANTS
UNITS: Final = stress.UNITS


def law(sites: Sites, values: Mapping[str, float | str], constants: Mapping[str, float]) -> stress.StressLaw:
    """Return the law of low water over the sites."""
    return stress.stress_law(KIND, USE, sites, values, constants)
