# SPDX-License-Identifier: Apache-2.0
"""The terms of every plant's policy as arrays, and the same with one term changed.

What the terms pay is in :mod:`greenrisk.pollution.liability.terms`, how a user writes them in
:mod:`greenrisk.pollution.liability.policy_spec`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.severity.heads import HEADS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MOST_TOLD = 5


@dataclass(frozen=True, eq=False)
class PolicyTerms:
    """Terms of each plant's policy. Made by :func:`terms_of`.

    Parameters
    ----------
    insured : array of bool, shape (plants,)
        Whether the plant has a policy.
    accident_limit, annual_limit, person_limit : array, shape (plants,)
        Limits of an accident, of a year and of one person's bodily injury, > 0; inf: none [CNY].
    group : array of int, shape (plants, heads)
        Sublimit that each head shares: a column of ``group_limit``.
    group_limit : array, shape (plants, heads)
        The sublimits, > 0; inf: none [CNY].
    deductible_amount : array, shape (plants,)
        >= 0 [CNY].
    deductible_share : array, shape (plants,)
        In [0, 1) [unitless].
    defence_inside : array of bool, shape (plants,)
        Whether the cost of defence counts against deductible and limits.
    claims_made, renewed : array of bool, shape (plants,)
        Whether claims must be made in time; whether the policy is renewed every year.
    retroactive_years, reporting_years : array, shape (plants,)
        Retroactive and extended reporting period, >= 0 [year].
    excludes_gradual, excludes_deliberate : array of bool, shape (plants,)
        What is excluded.
    """

    insured: Flags
    accident_limit: Floats
    annual_limit: Floats
    person_limit: Floats
    group: Integers
    group_limit: Floats
    deductible_amount: Floats
    deductible_share: Floats
    defence_inside: Flags
    claims_made: Flags
    renewed: Flags
    retroactive_years: Floats
    reporting_years: Floats
    excludes_gradual: Flags
    excludes_deliberate: Flags

    @property
    def plants(self) -> int:
        """How many plants."""
        return int(self.insured.size)

    def without_sublimits(self) -> Self:
        """Return the same terms without sublimits by head and by person."""
        return replace(
            self,
            person_limit=np.full_like(self.person_limit, np.inf),
            group_limit=np.full_like(self.group_limit, np.inf),
        )

    def without_limits(self) -> Self:
        """Return the same terms without any limit: what deductible, exclusions and claims-made leave."""
        endless = np.full(self.plants, np.inf)
        return replace(self.without_sublimits(), accident_limit=endless, annual_limit=endless)

    def with_everyone_insured(self, like: PolicyTerms) -> PolicyTerms:
        """Return these terms, with those of ``like`` where a plant has no policy.

        Parameters
        ----------
        like : PolicyTerms
            Terms with which the plants without a policy would be insured.
        """
        return choose((self, like), np.where(self.insured, 0, 1))


def choose(terms: Sequence[PolicyTerms], which: ArrayLike) -> PolicyTerms:
    """Return terms whose row for each plant comes from one of several.

    Parameters
    ----------
    terms : sequence of PolicyTerms
        For the same plants.
    which : array of int, shape (plants,)
        Index into ``terms``.
    """
    at = np.asarray(which, dtype=np.int64)
    plants = np.arange(at.size)
    return PolicyTerms(
        **{
            field.name: np.stack([getattr(part, field.name) for part in terms])[at, plants]
            for field in fields(PolicyTerms)
        }
    )


def limits_in_force(spec: PolicySpec, own: ArrayLike) -> Floats:
    """Return the limit of an accident that every plant's policy has, shape (plants,) [CNY]; 0: uninsured.

    Parameters
    ----------
    spec : PolicySpec
        What the user wrote.
    own : array, shape (plants,)
        Limit of each plant's own cover, >= 0; 0: uninsured [CNY]. Where ``spec`` has a limit of its own, that one
        holds for every insured plant.
    """
    given = numbers("limit", own, least=0.0, dimensions=1, unit="CNY")
    return given if spec.accident_limit_cny is None else np.where(given > 0.0, spec.accident_limit_cny, 0.0)


@dataclass(frozen=True, eq=False)
class CoverLimits:
    """Limits of an accident under the covers that a mandate compares.

    Parameters
    ----------
    in_force : array, shape (plants,)
        Of the policies in force; 0: uninsured [CNY].
    own : array, shape (plants,)
        The same, and where a plant has no policy the limit with which it would get one [CNY].
    raised : array, shape (plants,)
        The same, no less than the least limit [CNY].
    """

    in_force: Floats
    own: Floats
    raised: Floats

    @classmethod
    def of(cls, spec: PolicySpec, own: ArrayLike, minimum: ArrayLike) -> Self:
        """Return the limits.

        Parameters
        ----------
        spec : PolicySpec
            What the user wrote: a new policy has its limit, where it has one.
        own, minimum : array, shape (plants,)
            Limit of each plant's own cover, 0: uninsured, and least limit, which every new policy has [CNY].
        """
        least = numbers("minimum", minimum, least=0.0, dimensions=1, unit="CNY")
        in_force = limits_in_force(spec, own)
        new = np.maximum(spec.accident_limit_cny or 0.0, least)
        cover = np.where(in_force > 0.0, in_force, new)
        return cls(in_force, cover, np.maximum(cover, least))


def terms_of(spec: PolicySpec, limit: ArrayLike, plants: Sequence[str] | None = None) -> PolicyTerms:
    """Return the terms of every plant's policy with the limits in force.

    Parameters
    ----------
    spec : PolicySpec
        What the user wrote.
    limit : array, shape (plants,)
        Limit of each plant's own cover, as for :func:`limits_in_force` [CNY].
    plants : sequence of str, optional
        Identifiers, for messages.

    Raises
    ------
    ArgumentError
        If a plant's own limit contradicts the rest of the terms: a sublimit, the deductible or the limit of one person
        above it, the limit of the year below it.
    """
    return terms_at(spec, limits_in_force(spec, limit), plants)


def terms_at(spec: PolicySpec, limit: ArrayLike, plants: Sequence[str] | None = None) -> PolicyTerms:
    """Return the terms of every plant's policy with limits as given, whatever limit ``spec`` has.

    Parameters
    ----------
    spec : PolicySpec
        What the user wrote.
    limit : array, shape (plants,)
        Limit of an accident of each plant, >= 0; 0: uninsured [CNY].
    plants : sequence of str, optional
        Identifiers, for messages.

    Raises
    ------
    ArgumentError
        If a plant's own limit contradicts the rest of the terms: a sublimit, the deductible or the limit of one person
        above it, the limit of the year below it.
    """
    one = numbers("limit", limit, least=0.0, dimensions=1, unit="CNY")
    insured = one > 0.0
    names = (
        [f"plant {i}" for i in range(one.size)] if plants is None else [f"plant {name}" for name in plants]
    )
    _refuse_contradictions(spec, one, insured, names)
    # A plant without a policy needs numbers that the loop can read; they pay nothing.
    accident = np.where(insured, one, np.inf)
    annual = np.array([spec.annual_limit(amount) for amount in accident.tolist()])
    group, group_limit = _groups(spec, accident)
    person = np.full(one.size, np.inf)
    if spec.person_limit is not None:
        person = np.array([spec.person_limit.of(amount) for amount in accident.tolist()])
    made = spec.claims_made

    def every(value: float) -> Floats:
        return np.full(one.size, float(value))

    def all_or_none(value: bool) -> Flags:
        return np.full(one.size, value, dtype=np.bool_)

    return PolicyTerms(
        insured=insured,
        accident_limit=accident,
        annual_limit=annual,
        person_limit=person,
        group=group,
        group_limit=group_limit,
        deductible_amount=every(spec.deductible.amount_cny),
        deductible_share=every(spec.deductible.share),
        defence_inside=all_or_none(spec.defence_inside_limits),
        claims_made=all_or_none(made is not None),
        renewed=all_or_none(made is not None and made.renewed),
        retroactive_years=every(made.retroactive_years if made else 0.0),
        reporting_years=every(made.reporting_years if made else 0.0),
        excludes_gradual=all_or_none(spec.excludes_gradual),
        excludes_deliberate=all_or_none(spec.excludes_deliberate),
    )


def _groups(spec: PolicySpec, accident: Floats) -> tuple[Integers, Floats]:
    """Return the column of each head's sublimit, and the sublimits; heads without one have a column of their own."""
    column = np.arange(len(HEADS))
    limits = np.full((accident.size, len(HEADS)), np.inf)
    for sublimit in spec.sublimits:
        heads = [HEADS.index(head) for head in sublimit.heads]
        column[heads] = heads[0]
        limits[:, heads[0]] = [sublimit.of(amount) for amount in accident.tolist()]
    return np.tile(column, (accident.size, 1)), limits


def _refuse_contradictions(spec: PolicySpec, limit: Floats, insured: Flags, names: Sequence[str]) -> None:
    faults, left = Faults(), 0
    for i in np.flatnonzero(insured).tolist():
        wrong = spec.contradictions(float(limit[i]))
        for sentence in wrong:
            if len(faults) < _MOST_TOLD:
                faults.add("policy", f"{names[i]}, limit {limit[i]:,.0f}", sentence, "CNY")
            else:
                left += 1
    if left:
        faults.extend([Fault("policy", f"... and {left} more", "Mend them in the same way.")])
    faults.raise_if_any(ArgumentError)
