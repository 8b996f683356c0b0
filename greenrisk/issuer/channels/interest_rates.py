# SPDX-License-Identifier: Apache-2.0
"""Dearer debt: the scenario's deviations of the policy and the long rate, as old debt falls due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Setting

RATES_ROLE: Final = "interest_rates"
"""Role of the card."""

RATES_CARD: Final = Role(
    "card",
    "issuer.interest_rates",
    ("rate_pass_through", "long_debt_years"),
    units={"long_debt_years": "year"},
)
"""What the card of this channel must hold."""

POINTS: Final = 100.0
"""Percentage points of a whole."""


class InterestRatesSpec(Spec):
    """Rates of interest: deviations of the scenario reach the issuer's debt."""

    card: str = "issuer-interest-rates-judged"
    """Card of how far rates follow, and how long long debt runs."""


@dataclass(frozen=True)
class InterestRates(Channel):
    """Rates of interest.

    Parameters
    ----------
    spec : InterestRatesSpec
        What the scenario says.

    Notes
    -----
    With x the deviations of the policy and of the long rate and y that of inflation, all in percentage points, beta the
    share that reaches borrowers, S and L short and long debt of the statement and m the years that long debt runs: the
    rate on all debt rises by beta (S (x_policy - y) + L min(1, t/m) (x_long - y))/(S + L)/100, t the years since the
    statement, because long debt falls due evenly. Inflation is taken off because statements have prices of one
    year; that it also wears old debt away is left out. Deviations are against a world without any shock and hold in
    the baseline too; the shock is the difference of two scenarios. An issuer without debt, or that does not tell it, is
    not moved.
    """

    spec: InterestRatesSpec
    name: ClassVar[str] = "interest_rates"
    title: ClassVar[str] = "Interest rates"
    writes: ClassVar[tuple[str, ...]] = ("lending_rate",)
    tells: ClassVar = {
        "unmoved": (
            "assumption",
            "issuers without debt, or that do not tell it",
            "Rates of interest do not move them.",
        )
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its drivers."""
        return ("policy_rate_deviation", "long_rate_deviation", "inflation_deviation")

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers tell short and long debt."""
        return np.asarray(setting.issuers.debt > 0.0)

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Add to the rate on debt."""
        found = setting.issuers
        has = self.reads(setting)
        with np.errstate(divide="ignore", invalid="ignore"):
            short = np.where(has, found.line("debt_short") / found.debt, 0.0)
        long = np.where(has, 1.0 - short, 0.0)
        elapsed = np.maximum(setting.years[None, :] - found.year[:, None], 0)[None, None]
        renewed = np.minimum(1.0, elapsed / setting.parameter(RATES_ROLE, "long_debt_years"))
        dearer = setting.driver("inflation_deviation")
        moved = setting.of_issuer(short) * (setting.driver("policy_rate_deviation") - dearer)
        moved = moved + setting.of_issuer(long) * renewed * (setting.driver("long_rate_deviation") - dearer)
        effects.add("lending_rate", setting.parameter(RATES_ROLE, "rate_pass_through") * moved / POINTS)
        effects.tell(self.name, "unmoved", int((~has).sum()))
