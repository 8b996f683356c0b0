# SPDX-License-Identifier: Apache-2.0
"""Dearer energy and water: part of the variable cost, at the quantity that is made, and what of it customers pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Floats, Setting
from greenrisk.issuer.channels.lines import MILLION

ENERGY_ROLE: Final = "energy_prices"
"""Role of the card."""

_OWN: Final = ("coal_power", "power", "ceramics", "cement", "chemicals", "steel")

ENERGY_CARD: Final = Role(
    "card",
    "issuer.energy_prices",
    ("electricity_price", "fuel_price", "cost_pass_through"),
    optional=tuple(
        f"{name}_{sector}"
        for name in ("electricity_price", "fuel_price", "cost_pass_through")
        for sector in _OWN
    ),
    units={
        **dict.fromkeys(
            ("electricity_price", *(f"electricity_price_{sector}" for sector in _OWN)), "CNY/MWh"
        ),
        **dict.fromkeys(("fuel_price", *(f"fuel_price_{sector}" for sector in _OWN)), "CNY/GJ"),
    },
)
"""What the card of this channel must hold: what energy costs today and how much of a dearer one customers pay, by
sector where it differs."""


class EnergyWaterSpec(Spec):
    """Energy and water: what is used today times the scenario's change of price."""

    card: str = "issuer-energy-prices-judged"
    """Card of today's prices of energy and of what is handed on."""


@dataclass(frozen=True)
class EnergyWater(Channel):
    """Energy and water.

    Parameters
    ----------
    spec : EnergyWaterSpec
        What the scenario says.

    Notes
    -----
    The energy bill is MWh x price + GJ x price; the scenario's multiple m adds (m - 1) of it, its change of the price
    of water dp adds m3 x dp. Both raise the variable cost of each unit: VC dB. A share theta of it is handed on,
    dP/P = theta VC dB/R, R at the price that other channels left: what energy costs, all sellers pay, so demand does
    not answer here. Where a price does not move, a use that is not told does no harm; where it moves, the answer is
    not known.
    """

    spec: EnergyWaterSpec
    name: ClassVar[str] = "energy_water"
    title: ClassVar[str] = "Energy and water prices"
    writes: ClassVar[tuple[str, ...]] = ("price", "input_cost")
    tells: ClassVar = {
        "unknown": (
            "unreliable",
            "issuers that do not tell water, electricity and fuel",
            "Where a price moves that they do not tell the use of, nothing that follows is known.",
        ),
        "above_cost": (
            "unreliable",
            "issuers whose energy bill is above their variable cost",
            "The card's prices of energy do not fit them: the effect of dearer energy is too large.",
        ),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its drivers."""
        return ("energy_price", "water_price")

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers tell all three uses."""
        found = setting.issuers
        return np.asarray(~(np.isnan(found.water) | np.isnan(found.electricity) | np.isnan(found.fuel)))

    def market(self, setting: Setting, effects: Effects) -> None:
        """Hand a share of what is dearer on."""
        revenue = setting.of_issuer(setting.issuers.line("revenue")) * effects.get("price")
        dearer = self._dearer(setting)
        share = setting.by_sector(ENERGY_ROLE, "cost_pass_through")
        with np.errstate(divide="ignore", invalid="ignore"):
            over = np.where(revenue > 0.0, dearer / revenue, np.where(np.isnan(revenue), np.nan, 0.0))
        effects.times("price", 1.0 + np.where(dearer == 0.0, 0.0, share * over))

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Raise the variable cost of a unit."""
        effects.add("input_cost", self._dearer(setting))
        effects.tell(self.name, "unknown", int((~self.reads(setting)).sum()))
        bill, cost = self._bill(setting), setting.of_issuer(setting.issuers.line("variable_cost"))
        effects.tell(self.name, "above_cost", bill > cost)

    def _bill(self, setting: Setting) -> Floats:
        """What energy costs today [million/year]."""
        found = setting.issuers
        bill = setting.of_issuer(found.electricity) * setting.by_sector(ENERGY_ROLE, "electricity_price")
        bill = bill + setting.of_issuer(found.fuel) * setting.by_sector(ENERGY_ROLE, "fuel_price")
        return bill * (setting.per_cny / MILLION)

    def _dearer(self, setting: Setting) -> Floats:
        """What today's use costs more in the scenario [million/year]."""
        water = setting.of_issuer(setting.issuers.water) * (setting.per_cny / MILLION)
        more = _moved(self._bill(setting), setting.driver("energy_price", 1.0) - 1.0)
        return more + _moved(water, setting.driver("water_price"))


def _moved(use: Floats, change: Floats) -> Floats:
    """Use times a change of price; 0 where the price does not move, whatever the use."""
    return np.where(change == 0.0, 0.0, use * change)
