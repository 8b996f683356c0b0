# SPDX-License-Identifier: Apache-2.0
"""Carbon cost net of free allocation, what of it customers pay, and how much less they then buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Floats, Setting
from greenrisk.issuer.channels.lines import MILLION
from greenrisk.issuer.tables import SCOPES

CARBON_ROLE: Final = "carbon_channel"
"""Role of the card."""

OWN_SECTORS: Final = ("coal_power", "power", "electric_utilities", "cement", "steel", "chemicals", "ceramics")
"""Sectors that may have numbers of their own in the card, as ``pass_through_cement``."""

_OWN: Final = ("pass_through", "demand_elasticity", "abatement_potential", "abatement_price")

CARBON_CARD: Final = Role(
    "card",
    "issuer.carbon_channel",
    _OWN,
    optional=tuple(f"{name}_{sector}" for name in _OWN for sector in OWN_SECTORS),
    units={
        name: "CNY/t"
        for name in ("abatement_price", *(f"abatement_price_{sector}" for sector in OWN_SECTORS))
    },
)
"""What the card of this channel must hold; the elasticity is told as a size and works downwards."""

ROUNDING: Final = 1e-9
"""Emissions that differ from the free allowances by less than this share are equal to them."""

PRICE_ROLE: Final = "carbon_price"
"""Role of the card that multiplies the scenario's carbon price, where one is used."""


class CarbonSpec(Spec):
    """Carbon cost: price times emissions beyond the free allocation."""

    scopes: Annotated[tuple[Literal["scope_1", "scope_2", "scope_3"], ...], Field(min_length=1)] = (
        "scope_1",
    )
    """Emissions that pay. Scope 2 is the power company's to pay: with it the cost is counted twice in a set that holds
    both."""

    free_allocation: Literal["fixed", "with_output"] = "fixed"
    """Whether the free allowances are a fixed number, or fall with what is made (a benchmark per unit of output)."""

    free_allocation_decline: Annotated[float, Field(ge=0, le=1)] = 0.0
    """How fast the free allowances shrink, from the year of the statement on [1/year]."""

    declines: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    """How fast they shrink in scenarios where that differs, by the name of the scenario [1/year]."""

    price_paid: Annotated[float, Field(ge=0)] = 0.0
    """Carbon price that the costs of the statement hold already [CNY/t CO2]; only what is above it is new."""

    demand_response: bool = True
    """Whether customers buy less at the higher price. Off where the scenario or the production path says how much is
    sold."""

    abatement: Literal["none", "cost_curve"] = "none"
    """Whether issuers emit less for each unit where that is cheaper than paying: `none`, or at once as far as the
    card's straight curve of marginal cost says."""

    handed_on: Literal["left", "before"] = "left"
    """Cost that the selling price follows: what is `left` of it for each unit sold once demand has answered, or what it
    was `before` demand answered (the handbook's first-order formula, which leaves a gain where the price is high)."""

    card: str = "issuer-carbon-channel-judged"
    """Card of what is handed on and how demand answers."""


@dataclass(frozen=True)
class CarbonCost(Channel):
    """Carbon cost.

    Parameters
    ----------
    spec : CarbonSpec
        What the scenario says.

    Notes
    -----
    With tau the price, E the emissions at the quantity that the other channels left, F the free allowances, R the
    revenue, x = dP/P the rise of the selling price and q = 1 - epsilon x what demand leaves of the quantity:
    C(q) = tau (E q - F)+ and x = theta C(q)/(q R), the share theta of the cost that each unit sold still bears. With
    F fixed that is a quadratic in x with one root at which something is sold; with F falling as output does, or
    without a demand response, x = theta tau (E - F)+/R. So revenue never rises by more than theta C. The handbook's
    x = theta C(1)/R, which hands on a cost that no longer arises where demand has fallen, is `handed_on: before`; both
    agree to first order.

    With `abatement: cost_curve` the marginal cost of avoiding the share a of the emissions is a s, s the card's price:
    a = min(tau/s, a_max, 1 - F/E), E falls to (1 - a) E, and an avoided tonne costs a s/2 on average, which is handed
    on like the carbon cost. Nobody avoids what is free: allowances left over are not sold (E at what demand would leave
    without avoiding, so that every avoided tonne saves its price). Demand cannot fall below nothing; an issuer without
    revenue hands nothing on.

    References
    ----------
    Issuer stress test handbook, section 4 (our own formula).
    """

    spec: CarbonSpec
    name: ClassVar[str] = "carbon"
    title: ClassVar[str] = "Carbon cost"
    writes: ClassVar[tuple[str, ...]] = ("price", "volume", "intensity", "carbon_cost", "abatement_cost")
    tells: ClassVar = {
        "surplus": (
            "floored",
            "years with more free allowances than emissions",
            "The carbon cost is 0; allowances left over are not sold.",
        ),
        "shrinking": (
            "assumption",
            "scenarios in which free allowances shrink",
            "How fast is an assumption of the scenario file (free_allocation_decline, declines), not of a pathway.",
        ),
        "demand_gone": ("floored", "years in which demand falls to nothing", "Sales are 0."),
        "unknown": (
            "unreliable",
            "issuers without emissions",
            "Their carbon cost is not known, and with it nothing that follows.",
        ),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its drivers; with a demand response also how much is sold."""
        return ("carbon_price", "sales_volume") if self.spec.demand_response else ("carbon_price",)

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers tell the emissions asked."""
        return ~np.isnan(self._today(setting))

    def market(self, setting: Setting, effects: Effects) -> None:
        """Hand a share of the cost on, and let demand answer."""
        volume = effects.get("volume")
        revenue = (
            setting.of_issuer(setting.issuers.line("revenue"))
            * effects.growth
            * effects.get("price")
            * volume
        )
        price, (emitted, free) = self._price(setting), self._tonnes(setting, effects, volume)
        share, money = setting.by_sector(CARBON_ROLE, "pass_through"), setting.per_cny / MILLION
        elasticity = setting.by_sector(CARBON_ROLE, "demand_elasticity") if self.spec.demand_response else 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(revenue > 0.0, share * money / revenue, np.where(np.isnan(revenue), np.nan, 0.0))
        rise = self._rise(each * price * emitted, each * price * free, 0.0, elasticity)
        if self.spec.abatement == "cost_curve":
            left = np.maximum(1.0 - elasticity * rise, 0.0) if self.spec.free_allocation == "fixed" else 1.0
            avoided, average = self._abatement(setting, price, emitted * left, free)
            whole = self._tonnes(setting, effects, np.ones(1))[0]
            # Of one unit; the charge takes it times what is made.
            effects.add("abatement_cost", avoided * average * np.where(avoided == 0.0, 0.0, whole) * money)
            spent = each * avoided * average * emitted
            effects.times("intensity", 1.0 - avoided)
            rise = self._rise(
                each * price * emitted * (1.0 - avoided), each * price * free, spent, elasticity
            )
        handed = np.where(price == 0.0, 0.0, rise)
        effects.times("price", 1.0 + handed)
        if self.spec.demand_response:
            left = 1.0 - elasticity * handed
            effects.tell(self.name, "demand_gone", left <= 0.0)
            effects.times("volume", np.maximum(left, 0.0))

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Charge the cost of what is emitted at the quantity that is left."""
        quantity = effects.quantity
        effects.add("carbon_cost", self._cost(setting, effects, quantity))
        if self.spec.abatement == "cost_curve":
            effects.times("abatement_cost", quantity)
        emitted, free = self._tonnes(setting, effects, quantity)
        effects.tell(self.name, "surplus", (emitted < free * (1.0 - ROUNDING)) & (self._price(setting) > 0.0))
        effects.tell(self.name, "unknown", int((~self.reads(setting)).sum()))
        effects.state(self.name, "shrinking", sum(one > 0.0 for one in self._declines(setting)))

    def _declines(self, setting: Setting) -> list[float]:
        """How fast free allowances shrink, by scenario [1/year]."""
        return [self.spec.declines.get(name, self.spec.free_allocation_decline) for name in setting.scenarios]

    def _rise(self, paid: Floats, free: Floats, spent: Floats | float, elasticity: Floats | float) -> Floats:
        """Rise of the price that hands on emissions ``paid``, allowances ``free`` and what is ``spent`` on avoiding.

        All over the revenue at the quantity before demand answers, the share that is handed on taken already.
        """
        plain: Floats = np.maximum(paid - free, 0.0) + spent
        if self.spec.handed_on == "before" or self.spec.free_allocation == "with_output":
            return plain
        # The smaller root of epsilon x^2 - (1 + epsilon b) x + b - f = 0 with b = paid + spent, f = free, written so
        # that it holds at epsilon = 0 too; where allowances cover what is left, only what is spent is handed on.
        b = paid + spent
        root = np.sqrt((1.0 - elasticity * b) ** 2 + 4.0 * elasticity * free)
        rise: Floats = np.where(paid > free, 2.0 * (b - free) / (1.0 + elasticity * b + root), plain)
        return np.maximum(rise, spent)

    def _today(self, setting: Setting) -> Floats:
        held = [setting.issuers.emissions[SCOPES.index(scope)] for scope in self.spec.scopes]
        return np.asarray(sum(held[1:], held[0]))

    def _price(self, setting: Setting) -> Floats:
        price = setting.driver("carbon_price")
        if PRICE_ROLE in setting.values[0]:
            price = price * setting.parameter(PRICE_ROLE, "carbon_price_multiple")
        return np.maximum(price - self.spec.price_paid, 0.0)

    def _abatement(
        self, setting: Setting, price: Floats, emitted: Floats, free: Floats
    ) -> tuple[Floats, Floats]:
        """Share of the emissions that is avoided [unitless], and what an avoided tonne costs on average [CNY/t]."""
        slope = setting.by_sector(CARBON_ROLE, "abatement_price")
        most = setting.by_sector(CARBON_ROLE, "abatement_potential")
        with np.errstate(divide="ignore", invalid="ignore"):
            covered = np.where(free == 0.0, 0.0, free / emitted)
        avoided = np.minimum(np.minimum(price / slope, most), np.maximum(1.0 - covered, 0.0))
        avoided = np.where(price == 0.0, 0.0, avoided)
        return avoided, 0.5 * avoided * slope

    def _tonnes(self, setting: Setting, effects: Effects, quantity: Floats) -> tuple[Floats, Floats]:
        """Emissions and free allowances at a quantity [t]."""
        grown = effects.growth * effects.get("intensity") * quantity
        emitted = setting.of_issuer(self._today(setting)) * grown
        elapsed = np.maximum(setting.years[None, :] - setting.issuers.year[:, None], 0)[None, None]
        declines = self._declines(setting)
        # One number where all are alike, so that the arrays stay small.
        alike = len(set(declines)) == 1
        decline = declines[0] if alike else np.array(declines)[None, :, None, None]
        free = setting.of_issuer(setting.issuers.free_allocation) * (1.0 - decline) ** elapsed
        if self.spec.free_allocation == "with_output":
            free = free * effects.growth * quantity
        return emitted, free

    def _cost(self, setting: Setting, effects: Effects, quantity: Floats) -> Floats:
        """Carbon cost at a quantity [million of the currency]."""
        emitted, free = self._tonnes(setting, effects, quantity)
        over: Floats = np.where(emitted > free * (1.0 + ROUNDING), emitted - free, 0.0 * emitted)
        price = self._price(setting)
        return np.where(price == 0.0, 0.0, price * over * (setting.per_cny / MILLION))
