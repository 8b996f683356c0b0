# SPDX-License-Identifier: Apache-2.0
"""Plant that a scenario makes an issuer build: as a yearly annuity, or bought with debt and written off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Floats, Setting

CAPITAL_ROLE: Final = "capital_expenditure"
"""Role of the card."""

CAPITAL_CARD: Final = Role(
    "card", "issuer.capital_expenditure", ("cost_multiple", "rate"), units={"rate": "1/year"}
)
"""What the card of this channel must hold."""


class Retrofit(Spec):
    """One plant that must be built."""

    name: str
    """What it is."""

    sectors: tuple[str, ...] = ()
    """Sectors that must build it; all where left out."""

    issuers: tuple[str, ...] = ()
    """Issuers that must build it; all of the sectors where left out."""

    share_of_revenue: Annotated[float | None, Field(ge=0)] = None
    """What it costs, over the revenue of the statement."""

    amount_million: Annotated[float | None, Field(ge=0)] = None
    """What it costs each of them [million of the study's currency]."""

    year: int
    """Year in which it is built."""

    life: Annotated[int, Field(ge=1)] = 15
    """Years that it lasts."""

    renewed: bool = True
    """Whether it is built again as often as it is worn out, because the rule stays; otherwise it costs nothing more.
    Plant that is bought with debt (`treatment`) is bought once."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.share_of_revenue is None) == (self.amount_million is None):
            raise ValueError("Give either `share_of_revenue` or `amount_million`.")
        return self


class CapitalExpenditureSpec(Spec):
    """Capital expenditure."""

    retrofits: Annotated[tuple[Retrofit, ...], Field(min_length=1)]
    """What must be built."""

    treatment: Literal["annuity", "debt"] = "annuity"
    """`annuity`: a yearly charge to EBIT that holds interest and wear (as if it were hired), the balance sheet is left
    alone; `debt`: it is bought with long debt, stands among the assets and is written off evenly."""

    scenarios: str | tuple[str, ...] = "shocks"
    """Where it works: `all`, `shocks` (all but the baseline), or names of scenarios."""

    card: str = "issuer-capital-expenditure-judged"
    """Card of how far costs overrun, and of the rate of the annuity."""


def annuity(rate: Floats, life: int) -> Floats:
    """Return the yearly payment on a loan of 1, at the end of each of ``life`` years [1/year].

    Parameters
    ----------
    rate : array
        Rate [1/year, >= 0].
    life : int
        Years.

    Notes
    -----
    r / (1 - (1 + r)^-n); 1/n at a rate of 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        paid = rate / -np.expm1(-life * np.log1p(rate))
    return np.where(rate == 0.0, 1.0 / life, paid)


@dataclass(frozen=True)
class CapitalExpenditure(Channel):
    """Capital expenditure.

    Parameters
    ----------
    spec : CapitalExpenditureSpec
        What the scenario says.
    """

    spec: CapitalExpenditureSpec
    name: ClassVar[str] = "capital_expenditure"
    title: ClassVar[str] = "Capital expenditure"
    writes: ClassVar[tuple[str, ...]] = ("capital_charge", "capital_expenditure", "new_depreciation")
    tells: ClassVar = {
        "too_late": ("dropped", "retrofits outside the years of the study", "They cost nothing."),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its driver."""
        return ("retrofits",)

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Charge the annuity, or buy the plant and write it off."""
        on = setting.where_scenario(self.spec.scenarios)
        multiple = setting.parameter(CAPITAL_ROLE, "cost_multiple")
        late = 0
        for one in self.spec.retrofits:
            cost = setting.of_issuer(_cost(one, setting)) * multiple * on
            once = setting.since(one.year, one.year + one.life - 1)
            if self.spec.treatment == "annuity":
                paid = annuity(setting.parameter(CAPITAL_ROLE, "rate"), one.life)
                working = setting.since(one.year) if one.renewed else once
                effects.add("capital_charge", cost * paid * working)
            else:
                effects.add("capital_expenditure", cost * setting.since(one.year, one.year))
                effects.add("new_depreciation", cost / one.life * once)
            late += not once.any()
        effects.state(self.name, "too_late", late)


def _cost(one: Retrofit, setting: Setting) -> Floats:
    """What a retrofit costs each issuer before any overrun, shape (issuer,) [million]; 0 where it need not be built."""
    found = setting.issuers
    sectors = np.array([not one.sectors or found.sectors[s] in one.sectors for s in found.sector], dtype=bool)
    named = np.array([not one.issuers or issuer in one.issuers for issuer in found.ids], dtype=bool)
    if one.amount_million is not None:
        return np.where(sectors & named, one.amount_million, 0.0)
    return np.where(sectors & named, (one.share_of_revenue or 0.0) * found.line("revenue"), 0.0)
