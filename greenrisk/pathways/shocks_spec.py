# SPDX-License-Identifier: Apache-2.0
"""A user's own shocks in YAML: what is shocked, how much, and in which shape over the years."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec

Quantity = Literal["carbon_price", "tax_multiple", "water_price", "energy_price", "shutdown_days", "demand"]
"""What a shock may change; the drivers of :data:`greenrisk.pathways.drivers.SHOCKABLE`."""

Value = Literal["absolute", "factor", "change"]
"""How the size is meant: the value itself, a multiple of what would be, or an addition to it."""


class _Shock(Spec):
    """What every shock says."""

    quantity: Quantity
    """What is shocked. carbon_price: CNY/t CO2; tax_multiple, energy_price, demand: multiples, 1 today; water_price:
    change against today, CNY/m3; shutdown_days: days a year."""

    value: Value
    """absolute: the value itself; factor: a multiple of what would be; change: an addition to it."""

    size: float
    """Size of the whole shock, in the unit of the quantity (factor: unitless)."""

    start: int = Field(ge=1990, le=2200)
    """First year of the shock [year]."""

    countries: tuple[str, ...] = ()
    """Countries (ISO 3166 alpha-2) that it hits; empty: all."""

    sectors: tuple[str, ...] = ()
    """Sectors that it hits; empty: all."""

    basis: str = ""
    """Where the size comes from, for the report."""

    @model_validator(mode="after")
    def _factor_not_negative(self) -> Self:
        if self.value == "factor" and self.size < 0:
            raise ValueError("A factor must be >= 0: 1 changes nothing, 0 takes everything.")
        if self.value == "factor" and self.quantity in ("water_price", "shutdown_days"):
            raise ValueError(
                f"{self.quantity} is 0 today, and a factor of 0 is 0. Write `change` or `absolute`."
            )
        return self


class StepShock(_Shock):
    """The whole shock from one year on."""

    kind: Literal["step"]
    """Shape."""

    until: int | None = Field(default=None, ge=1990, le=2200)
    """Last year; empty: it stays [year]."""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.until is not None and self.until < self.start:
            raise ValueError("`until` must not lie before `start`.")
        return self


class RampShock(_Shock):
    """A shock that grows straight from nothing in one year to the whole in another."""

    kind: Literal["ramp"]
    """Shape."""

    year: int = Field(ge=1990, le=2200)
    """Year in which the whole shock is reached; nothing of it is felt in `start` yet [year]."""

    hold: bool = True
    """Whether it stays afterwards; otherwise it is gone in the next year."""

    @model_validator(mode="after")
    def _year_after_start(self) -> Self:
        if self.year <= self.start:
            raise ValueError("`year` must lie after `start`; a shock at once is a `step`.")
        return self


class SuddenLateShock(_Shock):
    """Nothing is done until a late year; then the whole shock comes within a few years."""

    kind: Literal["sudden_late"]
    """Shape."""

    year: int = Field(ge=1990, le=2200)
    """Year in which the whole shock is reached; `start` feels its first part already. Both equal: at once [year]."""

    hold: bool = True
    """Whether it stays afterwards; otherwise it is gone in the next year."""

    freeze: bool = True
    """Whether the quantity stands still at its value of the first year until `start`, whatever the pathway says."""

    @model_validator(mode="after")
    def _year_from_start(self) -> Self:
        if self.year < self.start:
            raise ValueError("`year` must not lie before `start`.")
        return self


ShockSpec = Annotated[StepShock | RampShock | SuddenLateShock, Field(discriminator="kind")]
"""A user's own shock; several compose in the order in which they are told."""
