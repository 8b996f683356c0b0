# SPDX-License-Identifier: Apache-2.0
"""The terms of a pollution liability policy, as a user writes them.

What lives here: the keys, their domains, and what contradicts what. What does not: the terms of each plant as arrays
(:mod:`greenrisk.pollution.liability.policy_terms`), what they pay (:mod:`greenrisk.pollution.liability.terms`), and
policies seen in public documents (:mod:`greenrisk.pollution.liability.presets`).
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec

Head = Literal["third_party_property", "bodily_injury", "emergency_response", "clean_up", "legal_cost"]
"""A head of loss, as in :data:`greenrisk.pollution.severity.heads.HEADS`."""


class PartSpec(Spec):
    """A limit below the limit of the accident: an amount, or a share of it."""

    amount_cny: float | None = Field(default=None, gt=0)
    """The limit [CNY]; empty: the share says it."""

    share: float | None = Field(default=None, gt=0, le=1)
    """The limit as a share of the limit of the accident [unitless]; empty: the amount says it."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.amount_cny is None) == (self.share is None):
            raise ValueError("Give `amount_cny` or `share`, one of both.")
        return self

    def of(self, limit: float) -> float:
        """Return the amount under a limit of the accident [CNY]."""
        return self.share * limit if self.share is not None else float(self.amount_cny or 0.0)


class SublimitSpec(PartSpec):
    """Most that one accident is paid under some heads together."""

    heads: tuple[Head, ...] = Field(min_length=1)
    """The heads that share the sublimit."""

    @model_validator(mode="after")
    def _each_head_once(self) -> Self:
        for head in dict.fromkeys(self.heads):
            if self.heads.count(head) > 1:
                raise ValueError(f"{head} stands there {self.heads.count(head)} times; name each head once.")
        return self


class DeductibleSpec(Spec):
    """What the insured bears of every accident: the higher of an amount and a share of the loss."""

    amount_cny: float = Field(default=0.0, ge=0)
    """Amount [CNY]."""

    share: float = Field(default=0.0, ge=0, lt=1)
    """Share of the adjusted loss [unitless]."""


class ClaimsMadeSpec(Spec):
    """Cover of claims made in time, rather than of accidents that happen in time."""

    retroactive_years: int = Field(ge=0, le=50)
    """How far before its inception an accident may lie for a policy to cover its claim (追溯期) [year]."""

    reporting_years: float = Field(default=0.0, ge=0, le=50)
    """How long after its end a policy still covers claims from accidents in its year (延长报告期) [year]."""

    renewed: bool = True
    """Whether the policy is renewed every year with the same terms, so that claims of later years find a policy."""


class PolicySpec(Spec):
    """Terms of the pollution liability policy of every insured plant."""

    accident_limit_cny: float | None = Field(default=None, gt=0)
    """Limit of each accident [CNY]; empty: the limit of the plant's own cover."""

    annual_limit_cny: float | None = Field(default=None, gt=0)
    """Limit of each year [CNY]; empty: `annual_multiple` times the limit of the accident."""

    annual_multiple: float | None = Field(default=None, ge=1)
    """Limit of each year over that of the accident [unitless]; empty: 1 where no `annual_limit_cny` is given."""

    sublimits: tuple[SublimitSpec, ...] = ()
    """Sublimits of each accident by head, or by heads together; a head stands in one at most."""

    person_limit: PartSpec | None = None
    """Most that is paid for bodily injury of one person; empty: no limit by person."""

    deductible: DeductibleSpec = DeductibleSpec()
    """What the insured bears of every accident."""

    defence_inside_limits: bool = True
    """Whether the cost of defence counts against deductible and limits; else it is paid beside them, up to a sublimit
    of its own where there is one."""

    claims_made: ClaimsMadeSpec | None = None
    """Claims-made cover; empty: accidents of the year are covered whenever their claims are made."""

    excludes_gradual: bool = True
    """Whether gradual pollution is excluded."""

    excludes_deliberate: bool = True
    """Whether deliberate discharge is excluded."""

    @model_validator(mode="after")
    def _terms_do_not_contradict(self) -> Self:
        wrong = [*self._annual_limit(), *self._sublimits(), *self._below_the_limit()]
        if wrong:
            raise ValueError(" ".join(wrong))
        return self

    def _annual_limit(self) -> list[str]:
        if self.annual_limit_cny is None:
            return []
        if self.annual_multiple is not None:
            return ["Give `annual_limit_cny` or `annual_multiple`, not both."]
        return []

    def _sublimits(self) -> list[str]:
        named = [head for sublimit in self.sublimits for head in sublimit.heads]
        twice = [head for head in dict.fromkeys(named) if named.count(head) > 1]
        wrong = [f"{head} stands in {named.count(head)} sublimits; a head has one at most." for head in twice]
        if not self.defence_inside_limits:
            wrong += [
                "Defence outside the limits shares a sublimit with other heads: give legal_cost one of its own."
                for sublimit in self.sublimits
                if "legal_cost" in sublimit.heads and len(sublimit.heads) > 1
            ]
        return wrong

    def _below_the_limit(self) -> list[str]:
        return [] if self.accident_limit_cny is None else self.contradictions(self.accident_limit_cny)

    def annual_limit(self, limit: float) -> float:
        """Return the limit of a year under a limit of the accident [CNY]."""
        if self.annual_limit_cny is not None:
            return self.annual_limit_cny
        return (self.annual_multiple or 1.0) * limit

    def contradictions(self, limit: float) -> list[str]:
        """Return what contradicts a limit of the accident, one sentence each.

        Parameters
        ----------
        limit : float
            [CNY]
        """
        of_accident, wrong = f"the limit of the accident, {limit:,.0f} CNY", []
        if limit > self.annual_limit(limit):
            wrong.append(
                f"The limit of the accident, {limit:,.0f} CNY, exceeds that of the year, "
                f"{self.annual_limit(limit):,.0f} CNY: lower the one or raise the other."
            )
        bodily, of_bodily = limit, of_accident
        for sublimit in self.sublimits:
            amount, heads = sublimit.of(limit), ", ".join(sublimit.heads)
            if amount > limit:
                wrong.append(f"The sublimit of {heads}, {amount:,.0f} CNY, exceeds {of_accident}: lower it.")
            elif "bodily_injury" in sublimit.heads:
                bodily, of_bodily = amount, f"the sublimit of {heads}, {amount:,.0f} CNY"
        if self.person_limit is not None and self.person_limit.of(limit) > bodily:
            amount = self.person_limit.of(limit)
            wrong.append(f"The limit of one person, {amount:,.0f} CNY, exceeds {of_bodily}: lower it.")
        if self.deductible.amount_cny >= limit:
            amount = self.deductible.amount_cny
            wrong.append(f"The deductible, {amount:,.0f} CNY, leaves nothing of {of_accident}: lower it.")
        return wrong
