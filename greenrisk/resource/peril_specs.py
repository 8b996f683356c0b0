# SPDX-License-Identifier: Apache-2.0
"""What a user writes for the perils of the forest study: which cards each of them draws on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenrisk.core.spec import Spec


class WildfireSpec(Spec):
    """The peril wildfire: which cards it draws on."""

    kind: Literal["wildfire"]
    """Which peril."""

    occurrence: str = "wildfire-jiangxi"
    """Card of the yearly number of fires (use: wildfire.occurrence)."""

    size: str = "fire-size-jiangxi"
    """Card of the size of a fire below 100 ha and of the chance to exceed it (use: wildfire.size)."""

    tail: str = "fire-tail-portugal"
    """Card of the size of a fire above 100 ha (use: wildfire.tail)."""

    damage: str = "fire-damage-judged"
    """Card of the damage degree by species and age (use: wildfire.damage)."""

    local: str = "jingdezhen-local"
    """Card of what is local: hazard relative to the province, hazard by species, share of losses claimed
    (use: wildfire.local)."""

    cap_ha: float | None = Field(default=None, ge=100)
    """Largest possible fire [ha]; empty: the exposed forest area of the landscape."""


class StormSpec(Spec):
    """The peril storm: typhoons and squalls."""

    kind: Literal["storm"]
    """Which peril."""

    card: str = "storm-judged"
    """Card of storms (use: storm.peril)."""


class SnowIceSpec(Spec):
    """The peril snow and ice: snow, rime, frost."""

    kind: Literal["snow_ice"]
    """Which peril."""

    card: str = "snow-ice-judged"
    """Card of cold spells (use: snow_ice.peril)."""


class DroughtSpec(Spec):
    """The peril drought."""

    kind: Literal["drought"]
    """Which peril."""

    card: str = "drought-judged"
    """Card of the yearly water deficit (use: drought.peril)."""


class FloodSpec(Spec):
    """The peril flood and landslide."""

    kind: Literal["flood"]
    """Which peril."""

    card: str = "flood-judged"
    """Card of rainstorms (use: flood.peril)."""


class PestSpec(Spec):
    """The peril pests: pine wilt, leaf feeders."""

    kind: Literal["pest"]
    """Which peril."""

    card: str = "pest-judged"
    """Card of outbreaks (use: pest.peril)."""


PerilSpec = Annotated[
    WildfireSpec | StormSpec | SnowIceSpec | DroughtSpec | FloodSpec | PestSpec, Field(discriminator="kind")
]
