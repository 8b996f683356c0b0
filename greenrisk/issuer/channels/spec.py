# SPDX-License-Identifier: Apache-2.0
"""The channels of a scenario: on by being there; built in the order of work, with their cards and ledger lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from greenrisk.core.card_roles import Role, Wanted
from greenrisk.core.ledger import Entry
from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.spec import Spec
from greenrisk.environment.pollutant_tax import TaxTable, shipped_tax_table
from greenrisk.issuer.channels.base import Channel
from greenrisk.issuer.channels.capital_expenditure import (
    CAPITAL_CARD,
    CAPITAL_ROLE,
    CapitalExpenditure,
    CapitalExpenditureSpec,
)
from greenrisk.issuer.channels.carbon import CARBON_CARD, CARBON_ROLE, CarbonCost, CarbonSpec
from greenrisk.issuer.channels.credit_colour import COLOUR_CARD, COLOUR_ROLE, CreditColour, CreditColourSpec
from greenrisk.issuer.channels.demand import DEMAND_CARD, DEMAND_ROLE, Demand, DemandSpec
from greenrisk.issuer.channels.emission_right import (
    EMISSION_RIGHT_CARD,
    EMISSION_RIGHT_ROLE,
    EmissionRight,
    EmissionRightSpec,
)
from greenrisk.issuer.channels.energy_water import ENERGY_CARD, ENERGY_ROLE, EnergyWater, EnergyWaterSpec
from greenrisk.issuer.channels.environment_tax import EnvironmentTax, EnvironmentTaxSpec
from greenrisk.issuer.channels.interest_rates import RATES_CARD, RATES_ROLE, InterestRates, InterestRatesSpec
from greenrisk.issuer.channels.liability_loss import LiabilityLoss, LiabilityLossSpec, OwnerLosses
from greenrisk.issuer.channels.lines import LINES
from greenrisk.issuer.channels.penalty_shutdown import (
    SHUTDOWN_CARD,
    SHUTDOWN_ROLE,
    PenaltyShutdown,
    PenaltyShutdownSpec,
)
from greenrisk.issuer.channels.physical_damage import (
    PHYSICAL_CARD,
    PHYSICAL_ROLE,
    PhysicalDamage,
    PhysicalDamageSpec,
    SiteHazards,
)
from greenrisk.issuer.channels.production_path import (
    LATE_SUDDEN,
    ProductionPath,
    ProductionPathSpec,
)
from greenrisk.issuer.production.roles import LATE_SUDDEN_ROLE


class ChannelsSpec(Spec):
    """Channels; one that is left out is off, `{}` switches it on as it stands here."""

    production_path: ProductionPathSpec | None = None
    """Late and sudden production path."""

    demand: DemandSpec | None = None
    """Demand of the scenario."""

    carbon: CarbonSpec | None = None
    """Carbon cost net of free allocation, pass-through, demand response."""

    penalty_shutdown: PenaltyShutdownSpec | None = None
    """Penalties by the day and shutdown days."""

    physical_damage: PhysicalDamageSpec | None = None
    """Physical damage and interruption by site."""

    environment_tax: EnvironmentTaxSpec | None = None
    """Environmental protection tax."""

    emission_right: EmissionRightSpec | None = None
    """Emission rights."""

    energy_water: EnergyWaterSpec | None = None
    """Prices of energy and water."""

    capital_expenditure: CapitalExpenditureSpec | None = None
    """Plant that must be built."""

    credit_colour: CreditColourSpec | None = None
    """Environmental credit: rates on debt, prices of utilities."""

    interest_rates: InterestRatesSpec | None = None
    """Deviations of the policy and the long rate, as debt falls due."""

    liability_loss: LiabilityLossSpec | None = None
    """Pollution-liability losses net of insurance, from a zone's run."""


ORDER: Final = tuple(ChannelsSpec.model_fields)
"""Names of the channels, in the order of work: what is sold before what follows from it."""

CARDS: Final[Mapping[str, tuple[str, Role]]] = {
    "carbon": (CARBON_ROLE, CARBON_CARD),
    "demand": (DEMAND_ROLE, DEMAND_CARD),
    "penalty_shutdown": (SHUTDOWN_ROLE, SHUTDOWN_CARD),
    "physical_damage": (PHYSICAL_ROLE, PHYSICAL_CARD),
    "emission_right": (EMISSION_RIGHT_ROLE, EMISSION_RIGHT_CARD),
    "energy_water": (ENERGY_ROLE, ENERGY_CARD),
    "capital_expenditure": (CAPITAL_ROLE, CAPITAL_CARD),
    "credit_colour": (COLOUR_ROLE, COLOUR_CARD),
    "interest_rates": (RATES_ROLE, RATES_CARD),
    "production_path": (LATE_SUDDEN, LATE_SUDDEN_ROLE),
}
"""Role and needs of the card of a channel."""


@dataclass(frozen=True)
class ChannelInputs:
    """What channels need beside the issuers; None for a channel that is off.

    Parameters
    ----------
    tax_table : TaxTable, optional
        The shipped one without.
    losses : OwnerLosses, optional
        Of the zone's run.
    hazards : SiteHazards, optional
        At the sites.
    """

    tax_table: TaxTable | None = None
    losses: OwnerLosses | None = None
    hazards: SiteHazards | None = None


def wanted_cards(spec: ChannelsSpec, key_path: KeyPath = ("channels",)) -> dict[str, Wanted]:
    """Return the cards of the channels that are on, by role, for :func:`greenrisk.core.card_roles.read_wanted`."""
    found = {}
    for name, (role, needs) in CARDS.items():
        part = getattr(spec, name)
        if part is not None:
            found[role] = Wanted(part.card, (*key_path, name, "card"), needs)
    return found


def build_channels(spec: ChannelsSpec, inputs: ChannelInputs | None = None) -> tuple[Channel, ...]:
    """Return the channels that are on, in the order of work.

    Parameters
    ----------
    spec : ChannelsSpec
        What the scenario says.
    inputs : ChannelInputs, optional
        What they need.

    Raises
    ------
    KeyError
        A channel that is on and whose input is not there; the study refuses that before, at its place.
    """
    given = inputs or ChannelInputs()
    found: list[Channel] = []
    for name in ORDER:
        part = getattr(spec, name)
        if part is None:
            continue
        if name == "production_path":
            taxed = any(pair.carbon_tax is not None for pair in part.path.pairs)
            # What it consumes is known before the pathways are read; the path itself only then.
            found.append(ProductionPath(part, taxed=taxed))
        elif name == "physical_damage":
            found.append(PhysicalDamage(part, _there(given.hazards, name)))
        elif name == "liability_loss":
            found.append(LiabilityLoss(part, _there(given.losses, name)))
        elif name == "environment_tax":
            found.append(EnvironmentTax(part, given.tax_table or shipped_tax_table()))
        else:
            found.append(_PLAIN[name](part))
    return tuple(found)


Given = TypeVar("Given")

_PLAIN: Final[Mapping[str, type]] = {
    "demand": Demand,
    "carbon": CarbonCost,
    "penalty_shutdown": PenaltyShutdown,
    "emission_right": EmissionRight,
    "energy_water": EnergyWater,
    "capital_expenditure": CapitalExpenditure,
    "credit_colour": CreditColour,
    "interest_rates": InterestRates,
}


def _there(value: Given | None, name: str) -> Given:
    if value is None:
        raise KeyError(name)
    return value


def ledger_entries(
    channels: Sequence[Channel],
    told: Counter[tuple[str, str]],
    facts: Mapping[tuple[str, str], int] | None = None,
) -> tuple[Entry, ...]:
    """Return the lines for the ledger.

    Parameters
    ----------
    channels : sequence of Channel
        Those that are on.
    told : Counter
        Counts of all blocks (:attr:`greenrisk.issuer.channels.base.Effects.told`), added up; of the base variant.
    facts : mapping, optional
        Counts that are the same for all blocks.
    """
    lines = []
    counts = Counter(told) + Counter(dict(facts or {}))
    for channel in channels:
        for key, (kind, subject, detail) in channel.tells.items():
            if count := counts[channel.name, key]:
                lines.append(Entry(kind, f"{channel.name}: {subject}", detail, count))
    if count := counts["closing", "over_a_year"]:
        detail = "Shutdown and interruption together are more than a year: scaled down to 365 days."
        lines.append(Entry("clipped", "closed days", detail, count))
    return tuple(lines)


def channel_table(channels: Sequence[Channel]) -> list[dict[str, str]]:
    """Return what each channel consumes and writes, one row a channel, for reports and documentation."""
    return [
        {
            "channel": channel.name,
            "title": channel.title,
            "consumes": ", ".join(channel.consumes()),
            "writes": ", ".join(channel.writes),
            "units": ", ".join(LINES[line].unit for line in channel.writes),
        }
        for channel in channels
    ]
