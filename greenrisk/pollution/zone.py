# SPDX-License-Identifier: Apache-2.0
"""The zone study: what a user writes for ``kind: zone``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.mandate.mandate_spec import MandateSpec
from greenrisk.pollution.reality_spec import RealitySpec

BLOCK_LENGTH: Final = 1000
"""Simulated years in a block; part of the contract of a run, not a tuning knob [year]."""


class InventorySpec(Spec):
    """The tables of the zone: what is there, whose it is, and what has happened."""

    plants: str
    """Table of the plants (see `greenrisk show table zone-plants`)."""

    substances: str
    """Table of the substances on site (see `show table zone-substances`)."""

    outlets: str | None = None
    """Table of the outlets and the waters below them; empty: no plant discharges."""

    processes: str | None = None
    """Table of the production processes by line; empty: none is scored."""

    equipment: str | None = None
    """Table of the equipment; empty: rates by equipment say nothing."""

    vehicles: str | None = None
    """Table of the transport of hazardous chemicals; empty: none."""

    history: str | None = None
    """Table of accidents and penalties; empty: none."""

    allow_unknown_substances: bool = False
    """Whether a substance that no list holds is told in the ledger and left out of the grade, instead of refused."""

    def tables(self) -> dict[str, str]:
        """Return the names of the tables that are given, by the name of their declaration."""
        names = ("plants", "outlets", "substances", "processes", "equipment", "vehicles", "history")
        return {f"zone-{name}": table for name in names if (table := getattr(self, name)) is not None}


class GradingSpec(Spec):
    """How the official grade is read where the standard, or our copy of it, leaves a choice."""

    m_cut: Literal[60, 65] = 65
    """Points from which M4 begins: both are graded, this one is printed [point]."""

    unknown_part: Literal["low", "high"] = "high"
    """Whether a substance whose part of App. A is not known is left out of a list (low) or in it (high)."""

    boundary: Literal["sensitive", "less_sensitive"] = "sensitive"
    """To which level a count of people belongs that equals a cut."""

    tables: Mapping[str, str] = Field(default_factory=dict)
    """Own files for tables of rules or substances, by the name of the table (see `greenrisk list tables`)."""


class FrequencySpec(Spec):
    """How often plants and vehicles have accidents."""

    accidents: str = "zone-accidents-judged"
    """Card of prior rates by activity and equipment and of transport (use: zone.accidents)."""

    rating_factors: str = "zone-rating-factors-judged"
    """Card of the factors by grade, prevention and credit colour (use: zone.rating_factors)."""

    common_shock: str = "zone-common-shock-judged"
    """Card of the causes that hit several plants at once (use: zone.common_shock)."""

    reports: str = "epa_rmp_rates"
    """Table of reported accidents per facility-year (see `show table rmp-rates`)."""

    report_windows: str = "epa_rmp_windows"
    """The same by window of years (see `show table rmp-windows`)."""

    leaks: str = "hj169_leak_frequencies"
    """Table of leak frequencies by equipment (see `show table leak-frequencies`)."""

    industries: str = "industry_naics"
    """Table that matches industries with those of the reports (see `show table industry-naics`)."""

    release_sources: str = "epa_rmp_release_sources"
    """Table of what leaked in the reports, which leaks by equipment are set beside (see
    `show table rmp-release-sources`)."""


class SeveritySpec(Spec):
    """What an accident costs by head of loss."""

    recorded: str = "zone-severity-phmsa"
    """Card of the heads that the pipeline reports price (use: zone.severity)."""

    bodily: str = "zone-severity-bodily-judged"
    """Card of bodily injury (use: zone.severity_bodily)."""

    legal: str = "zone-severity-legal-judged"
    """Card of the cost of defence (use: zone.severity_legal)."""

    transfer: str = "zone-transfer-china-judged"
    """Card of the factors from accidents abroad to accidents in China (use: zone.transfer)."""

    cap: Literal["physical", "assets", "policy"] = "physical"
    """What caps the loss of one head of one accident: what can be destroyed at most (the card's number), the assets of
    the plant, or the limit of the policy. One of them is needed, since the mean has no bound without it."""

    price_index: float | None = Field(default=None, gt=0)
    """Prices of `price_year` over those of the cards' amounts (constant `price_year` of the card `recorded`); needed
    where the two years differ [unitless]."""

    own_claims: str | None = None
    """Table of own claims (see `show table zone-claims`): replaces the factors of transfer by credibility. Claims at
    plants of the zone speak of the severity alone: `inventory.history` counts them."""

    claims_plant_years_outside: float | None = Field(default=None, ge=0)
    """Plant-years of the plants outside the zone whose claims the table of own claims holds [year]; needed where it has
    such claims, 0: not known, the frequency stays; empty where all claims lie at plants of the zone."""

    none_claimed_outside: bool = False
    """Whether the plants behind `claims_plant_years_outside` are known to have had no claim; without it, plant-years
    beside a table without claims of theirs are refused."""

    reported_from_cny: float = Field(default=0.0, ge=0)
    """Amounts below it are not in the table of own claims [CNY]."""

    @model_validator(mode="after")
    def _exposure_has_claims(self) -> Self:
        if self.own_claims is None and (
            self.claims_plant_years_outside is not None or self.none_claimed_outside
        ):
            raise ValueError(
                "claims_plant_years_outside and none_claimed_outside belong to a table of own claims: give own_claims, "
                "or leave them out."
            )
        if self.none_claimed_outside and not self.claims_plant_years_outside:
            raise ValueError(
                "none_claimed_outside says that plants outside the zone had no claim: give the plant-years in which, "
                "claims_plant_years_outside."
            )
        return self


class KnowledgeSpec(Spec):
    """How the knowledge interval is computed."""

    draws: int = Field(default=200, ge=20, le=5000)
    """Joint draws of all cards."""

    years: int = Field(default=10000, ge=1000)
    """Simulated years of each draw, shared by all draws (common random numbers); whole blocks [year]."""


class ZoneScenario(Spec):
    """Pollution liability of a chemical zone: inventory, grade, accidents, losses, premium, adequacy of the limit."""

    kind: Literal["zone"]
    """Which study."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Short name; the run folder bears it."""

    title: str
    """One line for the report."""

    underwriting_year: int = Field(ge=2000, le=2100)
    """Year for which plants are graded and premiums computed."""

    price_year: int = Field(ge=2000, le=2100)
    """Year of the prices in which all money is stated; that of the severity cards, or `severity.price_index` is
    needed."""

    years: int = Field(default=100000, ge=1)
    """Years to simulate; rounded up to whole blocks of 1,000, which the ledger says [year]."""

    seed: int = Field(default=1, ge=0)
    """Seed of all random streams."""

    inventory: InventorySpec
    """The tables of the zone."""

    grading: GradingSpec = GradingSpec()
    """How the official grade is read."""

    frequency: FrequencySpec = FrequencySpec()
    """How often accidents happen."""

    severity: SeveritySpec = SeveritySpec()
    """What they cost."""

    claims: str = "zone-claims-judged"
    """Card of how accidents become claims (use: zone.claims)."""

    policy: PolicySpec
    """Terms of the cover of every insured plant."""

    mandate: MandateSpec = MandateSpec()
    """The regulator's questions: who must insure, whether the limit is enough, who pays the rest."""

    tariff: str | None = "zone_tariff_illustrative"
    """The market's tariff (see `show table zone-tariff`); the one that ships is illustrative. Empty: none."""

    tariff_record_years: int | None = Field(default=None, ge=1, le=30)
    """Years whose accidents the tariff's record counts [year]; empty: the table `mandate.numbers`."""

    tariffs_seen: str | None = "epl_tariffs_seen"
    """Table of policies seen in public documents, priced beside the model as illustrations; empty: none."""

    loadings: str = "zone-loadings-judged"
    """Card of the loadings from pure to gross premium (use: premium.loadings)."""

    reality: RealitySpec = RealitySpec()
    """What the losses are set beside."""

    knowledge: KnowledgeSpec = KnowledgeSpec()
    """Settings of the knowledge interval."""
