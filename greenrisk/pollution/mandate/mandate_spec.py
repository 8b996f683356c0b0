# SPDX-License-Identifier: Apache-2.0
"""What a scenario says of the regulator's questions. The rules of the mandate move no technical premium.

What lives here: the keys and their domains. What does not: reinsurance and the pool
(:mod:`greenrisk.pollution.mandate.pool_spec`), policy terms
(:mod:`greenrisk.pollution.liability.policy_spec`), and what follows from the keys.
"""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec
from greenrisk.pollution.mandate.pool_spec import PoolSpec, ZoneReinsuranceSpec
from greenrisk.pollution.tables import KINDS_OF_SITE

Grade = Literal["general", "larger", "major"]
"""An official grade."""

Rule = Literal["zone", "activity", "grade", "key_permit", "kind_of_site"]
"""Why a plant must insure."""

Activity = Literal["production", "storage", "trade", "transport"]
"""What a plant does with hazardous chemicals."""

Colour = Literal["green", "blue", "yellow", "red"]
"""Environmental credit."""


class LimitAdequacySpec(Spec):
    """Whether the limit is enough."""

    limits_cny: tuple[float, ...] = (1e6, 2e6, 5e6, 1e7, 2e7, 5e7)
    """Limits of an accident that are told by name, beside a fine grid [CNY]."""

    leave: tuple[float, ...] = (0.1, 0.05, 0.01)
    """Shares that the smallest limit may leave, by each measure [unitless]."""

    @model_validator(mode="after")
    def _domains(self) -> Self:
        wrong = []
        if any(limit <= 0 for limit in self.limits_cny):
            wrong.append("`limits_cny` must be > 0.")
        if not self.leave or any(not 0 < share < 1 for share in self.leave):
            wrong.append("`leave` needs shares in (0, 1), at least one.")
        if wrong:
            raise ValueError(" ".join(wrong))
        return self


class SpainRuleSpec(Spec):
    """Spain's rule for a financial guarantee (Real Decreto 2090/2008, article 33)."""

    share: float | None = Field(default=None, gt=0, le=1)
    """Share of the total risk that the cheapest scenarios must reach [unitless]; empty: the table of numbers."""

    prevention_share: float | None = Field(default=None, ge=0)
    """Least sum for prevention, as a share of the guarantee [unitless]; empty: the table of numbers."""

    exempt_below_eur: float | None = Field(default=None, ge=0)
    """Damage below which an operator needs no guarantee [EUR]; empty: the table of numbers."""

    exempt_below_certified_eur: float | None = Field(default=None, ge=0)
    """The same with EMAS or ISO 14001 [EUR]; empty: the table of numbers."""


class PlantLimitsSpec(Spec):
    """Limits of every plant by rules on its simulated accidents."""

    accident_level: float | None = Field(default=None, gt=0, lt=1)
    """Level of the quantile of an accident's cost [unitless]; empty: the table of numbers."""

    return_period: float | None = Field(default=None, gt=1)
    """Return period of the probable maximum loss [year]; empty: the table of numbers."""


class RulesSpec(Spec):
    """What the reasons mean for which a plant must insure."""

    activities: tuple[Activity, ...] | None = None
    """Activities that count where hazardous chemicals are on site or on the plant's vehicles; empty: the table of
    numbers."""

    at_least_grade: Grade | None = None
    """Lowest grade that must insure; empty: the table of numbers."""

    kinds_of_site: tuple[str, ...] | None = None
    """Kinds of site that must insure whatever their grade; empty: the table of numbers."""

    @model_validator(mode="after")
    def _kinds_are_known(self) -> Self:
        unknown = [kind for kind in self.kinds_of_site or () if kind not in KINDS_OF_SITE]
        if unknown:
            raise ValueError(f"`kinds_of_site`: {', '.join(unknown)}. Known: {', '.join(KINDS_OF_SITE)}.")
        return self


class MinimumLimitSpec(Spec):
    """Least limit of an accident by official grade; where it says nothing, the table of numbers does."""

    general_cny: float | None = Field(default=None, gt=0)
    """Graded general (一般) [CNY]; empty: the table of numbers."""

    larger_cny: float | None = Field(default=None, gt=0)
    """Graded larger (较大) [CNY]; empty: the table of numbers."""

    major_cny: float | None = Field(default=None, gt=0)
    """Graded major (重大) [CNY]; empty: the table of numbers."""

    not_graded_cny: float | None = Field(default=None, gt=0)
    """Not graded by HJ 941 [CNY]; empty: the table of numbers."""

    @model_validator(mode="after")
    def _rises_with_the_grade(self) -> Self:
        given = [one for one in (self.general_cny, self.larger_cny, self.major_cny) if one is not None]
        if sorted(given) != given:
            raise ValueError("The least limit must not fall as the grade rises: general <= larger <= major.")
        return self


class EnrolmentSpec(Spec):
    """Who has cover under a scenario of the mandate."""

    name: str = Field(min_length=1)
    """What the report calls it."""

    rules: tuple[Rule, ...] = ()
    """Reasons for which a plant must insure; empty: nobody must."""

    beyond_zone: bool = False
    """Whether the rules hold for plants beyond the zone too."""

    take_up: bool = False
    """Whether plants that need not insure buy cover by the take-up of the card; else they keep what they have."""

    @model_validator(mode="after")
    def _zone_rule_is_of_the_zone(self) -> Self:
        if self.beyond_zone and not self.rules:
            raise ValueError("`beyond_zone` extends rules: give some.")
        return self


SCENARIOS: Final = (
    EnrolmentSpec(name="as_is"),
    EnrolmentSpec(name="voluntary", take_up=True),
    EnrolmentSpec(name="by_grade", rules=("grade", "kind_of_site")),
    EnrolmentSpec(name="mandatory", rules=("zone", "activity", "grade", "key_permit", "kind_of_site")),
    EnrolmentSpec(
        name="extended",
        rules=("zone", "activity", "grade", "key_permit", "kind_of_site"),
        beyond_zone=True,
    ),
)
"""Scenarios that are shown where the user names none."""


class AboveLimitSpec(Spec):
    """Who pays what the policy does not."""

    answers: Literal["owner", "plant"] = "owner"
    """Whether the assets of all plants of an enterprise answer for each of them, or every plant for itself."""


class ClaimsTimelineSpec(Spec):
    """How a claim runs from the accident to the last payment."""

    stages: str = "claims_stages"
    """Table of the stages, roles and documents."""

    start_weekday: int = Field(default=0, ge=0, le=6)
    """Weekday of the accident, 0: Monday. Weekends are no working days; public holidays are not counted [day]."""


class MeasureSpec(Spec):
    """A measure of prevention at some plants."""

    name: str = Field(min_length=1)
    """What the report calls it."""

    plants: tuple[str, ...] = ()
    """Identifiers of the plants; empty: all that lack it."""

    prevention: Literal["standard", "advanced"] | None = None
    """Level of prevention that the plants rise to; plants at that level or above do not change."""

    controls: tuple[str, ...] = ()
    """Scored controls that the plants get: `gas_monitor`, `interception` ...; they act through the official grade."""

    fixed_cny: float = Field(default=0.0, ge=0)
    """Cost for each plant, once [CNY]; for controls that of the table of measures is added."""

    yearly_cny: float | None = Field(default=None, ge=0)
    """Cost for each plant and year [CNY/year]; empty: the service cost of the card for a rise of the level, else 0."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.prevention is None and not self.controls:
            raise ValueError("A measure needs `prevention` or `controls`.")
        return self


class MandateSpec(Spec):
    """The regulator's questions."""

    card: str = "zone-mandate-judged"
    """Card of use `zone.mandate`: take-up, recovery from assets, prevention, claims."""

    numbers: str = "mandate_numbers"
    """Table of the single numbers: least limits, levels, Spain's rule (see `greenrisk show table mandate-numbers`); a
    key of the scenario goes before its row."""

    limit_adequacy: LimitAdequacySpec = LimitAdequacySpec()
    """Limits that are tried, and the shares that a smallest limit may leave."""

    spain_rule: SpainRuleSpec = SpainRuleSpec()
    """Spain's rule beside it."""

    plant_limits: PlantLimitsSpec = PlantLimitsSpec()
    """Limits of every plant by its simulated accidents."""

    rules: RulesSpec = RulesSpec()
    """Who must insure, and why."""

    minimum_limit: MinimumLimitSpec = MinimumLimitSpec()
    """Least limit of those who must insure."""

    enrolment: tuple[EnrolmentSpec, ...] = SCENARIOS
    """Scenarios of the mandate."""

    above_limit: AboveLimitSpec = AboveLimitSpec()
    """Whose assets answer for what the policy does not pay."""

    claims_timeline: ClaimsTimelineSpec = ClaimsTimelineSpec()
    """How a claim runs."""

    pool: PoolSpec | None = None
    """Co-insurance pool (共保体); empty: one insurer bears all."""

    reinsurance: ZoneReinsuranceSpec = ZoneReinsuranceSpec()
    """Covers that the insurer or pool buys."""

    measures: tuple[MeasureSpec, ...] = (
        MeasureSpec(name="prevention service", prevention="standard"),
        MeasureSpec(name="gas monitors", controls=("gas_monitor",)),
    )
    """Measures of prevention whose saving is computed."""

    @model_validator(mode="after")
    def _names_are_unlike(self) -> Self:
        wrong = []
        for key, names in (
            ("enrolment", [scenario.name for scenario in self.enrolment]),
            ("measures", [measure.name for measure in self.measures]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            wrong += [f"`{key}` names {name!r} more than once." for name in twice]
        if wrong:
            raise ValueError(" ".join(wrong))
        return self
