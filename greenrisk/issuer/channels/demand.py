# SPDX-License-Identifier: Apache-2.0
"""What the market takes in a scenario at unchanged prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Setting

DEMAND_ROLE: Final = "demand_channel"
"""Role of the card."""

DEMAND_CARD: Final = Role("card", "issuer.demand_channel", ("income_elasticity",))
"""What the card of this channel must hold."""


class DemandSpec(Spec):
    """Demand of the scenario: the user's own multiple, and if asked the deviation of gross domestic product."""

    gross_domestic_product: bool = False
    """Whether sales also follow the scenario's deviation of gross domestic product from a world without any shock."""

    card: str = "issuer-demand-judged"
    """Card of how sales follow gross domestic product."""


@dataclass(frozen=True)
class Demand(Channel):
    """Demand of the scenario.

    Parameters
    ----------
    spec : DemandSpec
        What the scenario says.

    Notes
    -----
    1 + dQ = D (1 + eta x/100)+ with D the multiple, x the deviation in percent and eta the income elasticity. The
    deviation holds in the baseline too; the shock is the difference of two scenarios.
    """

    spec: DemandSpec
    name: ClassVar[str] = "demand"
    title: ClassVar[str] = "Demand"
    writes: ClassVar[tuple[str, ...]] = ("volume",)
    tells: ClassVar = {
        "demand_gone": ("floored", "years in which demand would fall below nothing", "Sales are 0.")
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its drivers."""
        own = ("demand", "sales_volume")
        return (*own, "gdp_deviation") if self.spec.gross_domestic_product else own

    def market(self, setting: Setting, effects: Effects) -> None:
        """Sell what the market takes."""
        factor = setting.driver("demand", 1.0)
        if self.spec.gross_domestic_product:
            follow = setting.parameter(DEMAND_ROLE, "income_elasticity")
            factor = factor * (1.0 + follow * setting.driver("gdp_deviation") / 100.0)
        effects.tell(self.name, "demand_gone", factor < 0.0)
        effects.times("volume", np.maximum(factor, 0.0))
