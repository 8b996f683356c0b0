# SPDX-License-Identifier: Apache-2.0
"""Emission rights (排污权) that must be bought for what is discharged, spread over the years they are good for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

import numpy as np
from pydantic import Field

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Floats, Setting
from greenrisk.issuer.channels.lines import MILLION

EMISSION_RIGHT_ROLE: Final = "emission_right"
"""Role of the card."""

RIGHTS: Final = {"SO2": "price_so2", "NOx": "price_nox", "CODcr": "price_cod", "NH3-N": "price_nh3n"}
"""Pollutants that are traded, and the parameter of each one's price."""

EMISSION_RIGHT_CARD: Final = Role(
    "card",
    "issuer.emission_right",
    (*RIGHTS.values(), "years"),
    units={**dict.fromkeys(RIGHTS.values(), "CNY/t"), "years": "year"},
)
"""What the card of this channel must hold."""

KG_PER_TONNE: Final = 1000.0


class EmissionRightSpec(Spec):
    """Emission rights: tonnes that must be bought times their price, over the years they are good for."""

    start: int | None = None
    """First year in which they must be held [year]; from the first on where left out."""

    share_bought: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of the discharge for which rights must be bought; the rest is held for nothing."""

    scenarios: str | tuple[str, ...] = "shocks"
    """Where it works: `all`, `shocks` (all but the baseline), or names of scenarios."""

    card: str = "issuer-emission-right-judged"
    """Card of prices and years."""


@dataclass(frozen=True)
class EmissionRight(Channel):
    """Emission rights.

    Parameters
    ----------
    spec : EmissionRightSpec
        What the scenario says.

    Notes
    -----
    cost = sum over pollutants of t x price / years, at the quantity that is left: who emits less buys fewer.
    """

    spec: EmissionRightSpec
    name: ClassVar[str] = "emission_right"
    title: ClassVar[str] = "Emission rights"
    writes: ClassVar[tuple[str, ...]] = ("emission_right_cost",)
    tells: ClassVar = {
        "traded": (
            "assumption",
            "discharges that need emission rights",
            "SO2, NOx, COD and NH3-N; all others are free.",
        )
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its driver."""
        return ("emission_rights",)

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Charge the yearly share of the price."""
        rows = setting.issuers.pollutants
        cost: Floats = np.zeros((len(setting.values), 1, len(setting.issuers), 1))
        for pollutant, price in RIGHTS.items():
            mine = np.array([str(name) == pollutant for name in rows.pollutant], dtype=bool)
            tonnes = np.zeros(len(setting.issuers))
            np.add.at(tonnes, rows.issuer[mine], rows.kg[mine] / KG_PER_TONNE)
            cost += setting.of_issuer(tonnes) * setting.parameter(EMISSION_RIGHT_ROLE, price)
            effects.tell(self.name, "traded", int(mine.sum()))
        on = setting.where_scenario(self.spec.scenarios) * setting.since(self.spec.start)
        share = (
            self.spec.share_bought
            * setting.per_cny
            / MILLION
            / setting.parameter(EMISSION_RIGHT_ROLE, "years")
        )
        effects.add("emission_right_cost", cost * share * effects.growth * effects.quantity * on)
