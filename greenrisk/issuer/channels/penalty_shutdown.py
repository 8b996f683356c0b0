# SPDX-License-Identifier: Apache-2.0
"""Fines that accrue by the day (按日计罚), and days on which production is ordered to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

import numpy as np
from pydantic import Field

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.issuer.channels.base import Channel, Effects, Floats, Setting

SHUTDOWN_ROLE: Final = "shutdown"
"""Role of the card."""

SHUTDOWN_CARD: Final = Role("card", "issuer.shutdown", ("make_up_share",))
"""What the card of this channel must hold."""


class DailyPenalty(Spec):
    """A fine that accrues by the day."""

    fine_million_per_day: Annotated[float, Field(ge=0)]
    """The original fine, which is due again for every day [million of the study's currency]."""

    days: Annotated[float, Field(ge=0, le=365)]
    """Days of each year for which it accrues."""

    start: int
    """First year [year]."""

    until: int | None = None
    """Last year [year]; the first alone where left out."""

    sectors: tuple[str, ...] = ()
    """Sectors that are fined; all where left out."""

    issuers: tuple[str, ...] = ()
    """Issuers that are fined; all of the sectors where left out."""

    colours: tuple[str, ...] = ()
    """Credit colours that are fined (`red`); all where left out."""

    scenarios: str | tuple[str, ...] = "shocks"
    """Where it is due: `all`, `shocks` (all but the baseline), or names of scenarios."""


class PenaltyShutdownSpec(Spec):
    """Penalties by the day and shutdown days; the days come from the scenario's `shutdown_days`."""

    penalties: tuple[DailyPenalty, ...] = ()
    """Fines."""

    card: str = "issuer-shutdown-judged"
    """Card of how much of a lost day is made up later."""


@dataclass(frozen=True)
class PenaltyShutdown(Channel):
    """Penalties and shutdown.

    Parameters
    ----------
    spec : PenaltyShutdownSpec
        What the scenario says.

    Notes
    -----
    A day closed loses 1/365 of the year's contribution, of which a share is made up later: (R - VC)/365 d (1 - m). It
    works on the quantity, so that emissions, tax and water of the day fall away too. Days of all causes together are at
    most a year; beyond it they are scaled down and told.

    References
    ----------
    环境保护法 (Environmental Protection Law of the PRC, 2014), articles 59 and 60; from memory, unconfirmed.
    """

    spec: PenaltyShutdownSpec
    name: ClassVar[str] = "penalty_shutdown"
    title: ClassVar[str] = "Penalties and shutdown"
    writes: ClassVar[tuple[str, ...]] = ("closed_days", "lost_days", "penalty")
    tells: ClassVar = {
        "penalties": (
            "assumption",
            "issuers that are fined by the day",
            "Environmental Protection Law, article 59: the fine is due again every day; from memory, unconfirmed.",
        )
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its drivers."""
        return ("shutdown_days", "penalties")

    def market(self, setting: Setting, effects: Effects) -> None:
        """Close on the days ordered."""
        days = setting.driver("shutdown_days")
        effects.add("closed_days", days)
        effects.add("lost_days", days * (1.0 - setting.parameter(SHUTDOWN_ROLE, "make_up_share")))

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Charge the fines."""
        for one in self.spec.penalties:
            due = _fined(one, setting)
            last = one.until if one.until is not None else one.start
            years = setting.since(one.start, last) * setting.where_scenario(one.scenarios)
            effects.add("penalty", setting.of_issuer(due) * one.fine_million_per_day * one.days * years)
            effects.tell(self.name, "penalties", int(due.sum()))


def _fined(one: DailyPenalty, setting: Setting) -> Floats:
    """Return 1 for issuers that are fined, shape (issuer,)."""
    found = setting.issuers
    colours = [COLOURS[c] if c >= 0 else "" for c in found.credit_colour]
    on = [
        (not one.sectors or found.sectors[sector] in one.sectors)
        and (not one.issuers or issuer in one.issuers)
        and (not one.colours or colour in one.colours)
        for issuer, sector, colour in zip(found.ids, found.sector, colours, strict=True)
    ]
    return np.array(on, dtype=np.float64)
