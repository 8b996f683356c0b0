# SPDX-License-Identifier: Apache-2.0
"""The forest study: what a user writes for ``kind: forest``."""

from __future__ import annotations

import re
from typing import Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from greenrisk.core.spec import Spec
from greenrisk.resource.alternative_terms import AlternativesSpec
from greenrisk.resource.catastrophe_reserve import CatastropheReserveSpec
from greenrisk.resource.claims_spec import ClaimsServiceSpec
from greenrisk.resource.climate import ClimateSpec
from greenrisk.resource.experience_spec import ExperienceSpec, RateReviewSpec
from greenrisk.resource.grouping import PremiumFileSpec
from greenrisk.resource.indemnity import DeductibleRule
from greenrisk.resource.named_event_specs import AnyNamedEvent, refuse_twins
from greenrisk.resource.peril_specs import PerilSpec, WildfireSpec
from greenrisk.resource.quality_spec import DataQualitySpec
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.subsidy_rules import SubsidiesSpec

BLOCK_LENGTH = 1000
"""Simulated years in a block; part of the contract of a run, not a tuning knob [year]."""


MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months; leap days are not counted."""


DAY_PATTERN: Final = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
"""Month and day."""


class TermsSpec(Spec):
    """What the policy pays, and when."""

    deductible: DeductibleRule
    """The deductible rule, by preset or by its parts."""

    event_limit_cny: float | None = Field(default=None, gt=0)
    """Most that one event of any peril can cost the policy [CNY]."""

    annual_limit_cny: float | None = Field(default=None, gt=0)
    """Most that a year can cost the policy; shared pro rata to the payments of the year's events [CNY]."""

    inception: str = Field(default="01-01", json_schema_extra={"pattern": DAY_PATTERN})
    """Day on which the policy year begins, month and day."""

    waiting_days: int = Field(default=0, ge=0, lt=365)
    """Days after inception in which nothing is covered yet (等待期) [day]."""

    term_days: int = Field(default=365, ge=1, le=365)
    """Length of the cover [day]."""

    @field_validator("inception")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        if not re.fullmatch(DAY_PATTERN, value):
            raise ValueError("Must be month and day with two figures each, such as `04-01` for 1 April.")
        month, day = (int(part) for part in value.split("-"))
        if day > MONTH_DAYS[month - 1]:
            raise ValueError(f"Month {month} has no day {day}; a policy begins on a day that every year has.")
        return value

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        if self.waiting_days >= self.term_days:
            raise ValueError(
                f"The waiting period of {self.waiting_days} days leaves nothing of a term of {self.term_days} days."
            )
        return self

    @property
    def inception_day(self) -> int:
        """Day of the calendar year of inception, 0 for 1 January."""
        month, day = (int(part) for part in self.inception.split("-"))
        return sum(MONTH_DAYS[: month - 1]) + day - 1


class KnowledgeSpec(Spec):
    """How the knowledge interval is computed."""

    draws: int = Field(default=200, ge=20, le=5000)
    """Joint draws of all cards."""

    years: int = Field(default=5000, ge=1000)
    """Simulated years of each draw, shared by all draws (common random numbers); whole blocks [year]."""

    shapes: tuple[float, ...] = (0.4, 0.9, 1.3)
    """Tail shapes for which the result is printed, since the data do not identify it [unitless]."""

    caps_ha: tuple[float | None, ...] = (1000.0, 10000.0, None)
    """Caps on the size of a fire for which the result is printed [ha]; empty: the exposed forest area."""


class ReferenceSpec(Spec):
    """What the report sets beside the result: official statistics and premiums seen elsewhere."""

    province: str
    """Province whose statistics the occurrence and size cards were fitted to."""

    fires: str
    """Table of fires by province, year and size class (see `show table fires-by-class`)."""

    earlier: str
    """Table of yearly totals before the size classes were defined (see `show table fire-totals`)."""

    products: str
    """Table of products seen, with their rates (see `show table forest-products`)."""

    known_year: str | None = None
    """Table of what a province was paid in one year for all perils (see `show table known-year`); empty: none."""

    loss_ratio: float = Field(default=0.6, gt=0, le=2)
    """Payments over premium by which premiums seen are set beside the model's payments: an assumption [unitless]."""


class ForestScenario(Spec):
    """Forest insurance: from a book of stands to premium, risk and subsidy."""

    kind: Literal["forest"]
    """Which study."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Short name; the run folder bears it."""

    title: str
    """One line for the report."""

    underwriting_year: int = Field(ge=2000, le=2100)
    """Year for which the premium is computed."""

    price_year: int = Field(ge=2000, le=2100)
    """Year of the prices in which sums insured and all money are stated."""

    years: int = Field(default=10000, ge=1)
    """Years to simulate; rounded up to whole blocks of 1,000, which the ledger says [year]."""

    seed: int = Field(default=1, ge=0)
    """Seed of all random streams."""

    book: str
    """Table of the insured stands: CSV or XLSX (see `greenrisk show table forest-book`)."""

    landscape: str
    """Table of forest area by county (see `show table county-forest`): what burns besides the book."""

    perils: tuple[PerilSpec, ...] = Field(min_length=1)
    """The insured perils, each once; wildfire is one of them."""

    climate: ClimateSpec | None = None
    """Pathway whose warming moves how often there are fires and droughts; empty: the climate of the cards."""

    nonfire_cost: str = "nonfire-cost-jiangxi"
    """Card of the common scale of the cost of all perils but fire (use: forest.nonfire_scale)."""

    terms: TermsSpec
    """Deductible and limits."""

    reinsurance: ReinsuranceSpec = ReinsuranceSpec()
    """Covers in inuring order; empty: none."""

    experience: ExperienceSpec | None = None
    """Own experience, which replaces judgement as far as its credibility goes; empty: none."""

    rate_review: RateReviewSpec | None = None
    """Review of the rate against own experience (费率回溯); empty: none."""

    named_events: tuple[AnyNamedEvent, ...] = ()
    """Events of their own, run beside the simulated years: an ice storm like that of 2008, a dated fire."""

    catastrophe_reserve: CatastropheReserveSpec | None = None
    """Paths of the catastrophe reserve (大灾准备金); empty: none."""

    loadings: str = "premium-loadings-judged"
    """Card of the loadings from pure to gross premium (use: premium.loadings)."""

    subsidy: SubsidiesSpec
    """Who pays the premium, by forest type and year."""

    premium_file: PremiumFileSpec = PremiumFileSpec()
    """By what the premium file is grouped."""

    terms_alternatives: AlternativesSpec | None = None
    """Terms side by side on the same simulated events; empty: none."""

    county_rates: str = "county-rates-judged"
    """Card of how far a county's rate may lie from the city's (use: forest.county_spread)."""

    claims_service: ClaimsServiceSpec = ClaimsServiceSpec()
    """Advances, settlement and inspections."""

    data_quality: DataQualitySpec = DataQualitySpec()
    """What is asked of the book."""

    knowledge: KnowledgeSpec = KnowledgeSpec()
    """Settings of the knowledge interval."""

    reference: ReferenceSpec | None = None
    """What the result is compared with; empty: no comparison."""

    @field_validator("perils")
    @classmethod
    def _each_peril_once(cls, value: tuple[PerilSpec, ...]) -> tuple[PerilSpec, ...]:
        kinds = [peril.kind for peril in value]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise ValueError(
                    f"{kind} stands there {kinds.count(kind)} times; each peril is insured once."
                )
        if "wildfire" not in kinds:
            raise ValueError("wildfire is missing: it is the peril that the study is built around.")
        return value

    @field_validator("reinsurance")
    @classmethod
    def _covers_what_is_insured(cls, value: ReinsuranceSpec, info: ValidationInfo) -> ReinsuranceSpec:
        if "perils" in info.data:
            value.refuse_uninsured(peril.kind for peril in info.data["perils"])
        return value

    @field_validator("rate_review")
    @classmethod
    def _reviews_years(cls, value: RateReviewSpec | None, info: ValidationInfo) -> RateReviewSpec | None:
        if value is not None and info.data.get("experience", value) is None:
            raise ValueError("A review needs the years that it reviews: give `experience` with its `table`.")
        return value

    @field_validator("named_events")
    @classmethod
    def _each_event_once(cls, value: tuple[AnyNamedEvent, ...]) -> tuple[AnyNamedEvent, ...]:
        refuse_twins(value)
        return value

    def peril(self, kind: str) -> PerilSpec | None:
        """Return what the scenario says of a peril; None where it is not insured."""
        return next((peril for peril in self.perils if peril.kind == kind), None)

    @property
    def wildfire(self) -> WildfireSpec:
        """What the scenario says of wildfire."""
        found = self.peril("wildfire")
        assert isinstance(found, WildfireSpec)
        return found
