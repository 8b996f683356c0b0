# SPDX-License-Identifier: Apache-2.0
"""The perils other than fire, one line each: their cards and their laws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Final, NamedTuple

from greenrisk.core.variants import Values
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.perils import drought, flood, pest, snow_ice, storm
from greenrisk.resource.perils.base import PerilLaw

SCALE_ROLE: Final = "nonfire"
"""Role of the card that holds the common scale of the cost of these perils."""

SCALE_USE: Final = "forest.nonfire_scale"
"""Use that this card must state."""


class NonFire(NamedTuple):
    """A peril by its module: what its card must hold, and how its law is made.

    Parameters
    ----------
    use : str
        Use that the card must state.
    parameters, constants : tuple of str
        What it must bring.
    units : mapping of str to str
        Units of the parameters that have one.
    law : callable
        From exposure, values, constants and the common scale [unitless] to the law.
    """

    use: str
    parameters: tuple[str, ...]
    constants: tuple[str, ...]
    units: Mapping[str, str]
    law: Callable[[Exposure, Values, Mapping[str, float], float], PerilLaw]


def _of(
    module: ModuleType, law: Callable[[Exposure, Values, Mapping[str, float], float], PerilLaw]
) -> NonFire:
    return NonFire(module.USE, module.PARAMETERS, module.CONSTANTS, module.UNITS, law)


NON_FIRE: Final[Mapping[str, NonFire]] = {
    "storm": _of(storm, storm.storm_law),
    "snow_ice": _of(snow_ice, snow_ice.snow_ice_law),
    "drought": _of(drought, drought.drought_law),
    "flood": _of(flood, flood.flood_law),
    "pest": _of(pest, pest.pest_law),
}
"""By kind, in the order in which they are settled and shown."""

PERILS: Final[tuple[str, ...]] = ("wildfire", *NON_FIRE)
"""All kinds, in the order in which they are settled and shown."""
