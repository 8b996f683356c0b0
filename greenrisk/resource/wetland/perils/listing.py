# SPDX-License-Identifier: Apache-2.0
"""The perils of wetlands, one line each: their cards and their laws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Final, NamedTuple

from greenrisk.core.card_roles import Role
from greenrisk.core.variants import Values
from greenrisk.resource.wetland.perils import flood, heat, invasive, low_water, spill, storm
from greenrisk.resource.wetland.perils.base import WetlandPeril
from greenrisk.resource.wetland.sites import Sites


class Listed(NamedTuple):
    """A peril by its module.

    Parameters
    ----------
    role : Role
        What its card must hold.
    law : callable
        From sites, values and constants to the law.
    word : str
        What a reader calls it.
    """

    role: Role
    law: Callable[[Sites, Values, Mapping[str, float]], WetlandPeril]
    word: str


def _of(module: ModuleType, word: str) -> Listed:
    role = Role("card", module.USE, module.PARAMETERS, constants=module.CONSTANTS, units=module.UNITS)
    return Listed(role, module.law, word)


PERILS: Final[Mapping[str, Listed]] = {
    "low_water": _of(low_water, "low water and drought"),
    "flood": _of(flood, "flood"),
    "heat": _of(heat, "heat"),
    "spill": _of(spill, "pollution spill"),
    "invasive": _of(invasive, "invasive species"),
    "storm": _of(storm, "storm"),
}
"""By kind, in the order in which they are settled and shown."""
