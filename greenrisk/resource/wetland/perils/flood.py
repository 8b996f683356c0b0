# SPDX-License-Identifier: Apache-2.0
"""Flood: water that stands too high or too long for what grows and works in a wetland.

A yearly stress of the region (:mod:`greenrisk.resource.wetland.perils.stress`), whose years are correlated with those
of low water. All numbers are judged (card ``wetland-flood-judged``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenrisk.resource.wetland.perils import stress
from greenrisk.resource.wetland.sites import Sites

KIND: Final = "flood"
USE: Final = "wetland.flood"
"""Use of the card."""

PARAMETERS: Final = stress.parameters(follows=True)
"""Parameters of a card."""

CONSTANTS: Final = stress.CONSTANTS
UNITS: Final = stress.UNITS


def law(sites: Sites, values: Mapping[str, float | str], constants: Mapping[str, float]) -> stress.StressLaw:
    """Return the law of floods over the sites."""
    return stress.stress_law(KIND, USE, sites, values, constants)
