# SPDX-License-Identifier: Apache-2.0
"""Heat: water too warm and too poor in oxygen for what lives in it.

A yearly stress of the region (:mod:`greenrisk.resource.wetland.perils.stress`), whose years are correlated with those
of low water. All numbers are judged (card ``wetland-heat-judged``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenrisk.resource.wetland.perils import stress
from greenrisk.resource.wetland.sites import Sites

KIND: Final = "heat"
USE: Final = "wetland.heat"
"""Use of the card."""

PARAMETERS: Final = stress.parameters(follows=True)
"""Parameters of a card."""

CONSTANTS: Final = stress.CONSTANTS
UNITS: Final = stress.UNITS


def law(sites: Sites, values: Mapping[str, float | str], constants: Mapping[str, float]) -> stress.StressLaw:
    """Return the law of heat over the sites."""
    return stress.stress_law(KIND, USE, sites, values, constants)
