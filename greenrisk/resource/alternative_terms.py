# SPDX-License-Identifier: Apache-2.0
"""What a user writes for terms side by side: what each alternative changes of the policy.

What they cost is simulated in :mod:`greenrisk.resource.terms_alternatives`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from greenrisk.core.spec import Spec
from greenrisk.resource.indemnity import DeductibleRule

if TYPE_CHECKING:
    from greenrisk.resource.forest import TermsSpec

BASE: Final = "base"
"""Name of the policy as it stands, in the table of alternatives."""

Limit = Annotated[float, Field(gt=0)] | Literal["none"]
"""A limit [CNY], or `none` for a policy without one."""


class AlternativeSpec(Spec):
    """The policy with other terms; what is left out stays as it is."""

    name: str = Field(pattern=r"^\S(.{0,38}\S)?$")
    """Short name, for tables and charts."""

    deductible: DeductibleRule | None = None
    """Another deductible rule, by preset or by its parts."""

    sum_insured_factor: float = Field(default=1.0, gt=0, le=100)
    """Sums insured of all stands over those of the book [unitless]."""

    event_limit_cny: Limit | None = None
    """Most that one event can cost the policy [CNY]; `none`: without this limit."""

    annual_limit_cny: Limit | None = None
    """Most that a year can cost the policy [CNY]; `none`: without this limit."""

    @field_validator("name")
    @classmethod
    def _is_not_the_base(cls, value: str) -> str:
        if value.lower() == BASE:
            raise ValueError(f"`{BASE}` is the policy as it stands; give the alternative another name.")
        return value

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = (self.deductible, self.event_limit_cny, self.annual_limit_cny)
        if self.sum_insured_factor == 1.0 and all(part is None for part in given):
            raise ValueError(
                f"The alternative `{self.name}` changes nothing. Give it a deductible, a sum_insured_factor other than "
                "1, an event_limit_cny or an annual_limit_cny, or leave it out."
            )
        return self

    def terms(self, base: TermsSpec) -> TermsSpec:
        """Return the terms of the alternative.

        Parameters
        ----------
        base : TermsSpec
            The policy as it stands.
        """
        changed: dict[str, object] = {}
        if self.deductible is not None:
            changed["deductible"] = self.deductible
        for name in ("event_limit_cny", "annual_limit_cny"):
            limit = getattr(self, name)
            if limit is not None:
                changed[name] = None if limit == "none" else limit
        return base.model_copy(update=changed)


class AlternativesSpec(Spec):
    """Terms side by side, on the same simulated events."""

    options: tuple[AlternativeSpec, ...] = Field(min_length=1, max_length=12)
    """The alternatives, in the order of the table."""

    years: int = Field(default=20_000, ge=1000)
    """Simulated years that they are settled on: the first of the run, whole blocks; all where the run has fewer
    [year]."""

    value_factor: float | None = Field(default=None, gt=0)
    """What a stand is worth to its owner over the sum insured of the book; empty: the largest sum insured of all
    alternatives, so that nobody is over-insured [unitless]."""

    @field_validator("options")
    @classmethod
    def _each_name_once(cls, value: tuple[AlternativeSpec, ...]) -> tuple[AlternativeSpec, ...]:
        names = [option.name for option in value]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"{', '.join(twice)} stands there more than once; each alternative has its own name."
            )
        return value

    @property
    def worth(self) -> float:
        """What a stand is worth over the sum insured of the book [unitless]."""
        if self.value_factor is not None:
            return self.value_factor
        return max(1.0, *(option.sum_insured_factor for option in self.options))


class Idle(NamedTuple):
    """An alternative that is none."""

    place: int
    """Which of the options."""
    mend: str
    """What is wrong and how to mend it."""


def idle_alternatives(spec: AlternativesSpec, base: TermsSpec) -> list[Idle]:
    """Return the alternatives whose terms are those of the policy, or those of an earlier alternative.

    Parameters
    ----------
    spec : AlternativesSpec
        The alternatives.
    base : TermsSpec
        The policy as it stands.

    Notes
    -----
    Rules are compared by what they pay, not by how they are written: a preset equals its parts.
    """
    seen = {_fingerprint(base, 1.0): f"of the policy ({BASE})"}
    found = []
    for place, option in enumerate(spec.options):
        terms = _fingerprint(option.terms(base), option.sum_insured_factor)
        if terms in seen:
            mend = f"Its terms are those {seen[terms]}: it changes nothing. Change it or leave it out."
            found.append(Idle(place, mend))
        else:
            seen[terms] = f"of the alternative `{option.name}`"
    return found


def _fingerprint(terms: TermsSpec, factor: float) -> tuple[object, ...]:
    return (*terms.deductible.numbers(), terms.event_limit_cny, terms.annual_limit_cny, factor)
