# SPDX-License-Identifier: Apache-2.0
"""Variants of an index cover: the record as it is, joint draws, range ends, alternatives, draws of other treatments.

A variant says which record its law is fitted on (the record itself, or a resample of its years), how that record is
treated, and which law is fitted. All variants are simulated on the same random streams.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from greenrisk.core.cards import Card
from greenrisk.core.variants import CardValues, End, central_values, joint_draws, range_ends, with_value
from greenrisk.resource.index_cover.history_spec import Family, Treatment

LawChoice = Family | Literal["burn"]
"""A family of laws, or whole years."""

BURN: Final = "burn"
"""The law that draws whole years of the treated record, with what its indices have in common."""

TREATMENT_QUESTION: Final = "treatment of the record"
LAW_QUESTION: Final = "law of the index"

PART: Final = 4
"""A treatment that was not chosen has one joint draw for so many of the chosen one's."""


@dataclass(frozen=True)
class Variant:
    """One set of parameter values, and what is done with the record.

    Parameters
    ----------
    values : mapping of str to mapping
        Parameter values by the role of the card and the parameter's name.
    treatment : str or None
        What is done to the record of every index; None: what the scenario, or its tests, decided for each.
    law : str or None
        Family of the law of every index, or :data:`BURN`; None: the one chosen for each.
    draw : int or None
        Place of the resample of the record's years; None: the record itself.
    level_year : int or None
        Year to which the line that is taken out is carried on; None: the record's last [year].
    """

    values: CardValues
    treatment: Treatment | None = None
    law: LawChoice | None = None
    draw: int | None = None
    level_year: int | None = None

    def with_value(self, role: str, name: str, value: float | str) -> Variant:
        """Return the variant with one parameter changed."""
        return replace(self, values=with_value(self.values, role, name, value))


@dataclass(frozen=True)
class VariantPlan:
    """All variants of a run in a fixed order: base, joint draws, range ends, named alternatives, other treatments.

    Parameters
    ----------
    variants : tuple of Variant
        All of them.
    draws : int
        Number of joint draws under the treatment that was chosen.
    ends : tuple of End
        Range ends.
    alternatives : tuple of (str, str)
        Question and answer of each named alternative.
    others : tuple of str
        Treatments with joint draws of their own, after the alternatives.
    draws_of_others : int
        How many each of them has.
    """

    variants: tuple[Variant, ...]
    draws: int
    ends: tuple[End, ...]
    alternatives: tuple[tuple[str, str], ...]
    others: tuple[Treatment, ...] = ()
    draws_of_others: int = 0

    @property
    def first_end(self) -> int:
        """Index of the first range end."""
        return 1 + self.draws

    @property
    def first_alternative(self) -> int:
        """Index of the first named alternative."""
        return self.first_end + len(self.ends)

    @property
    def first_other(self) -> int:
        """Index of the first variant after the named alternatives."""
        return self.first_alternative + len(self.alternatives)


def plan_variants(
    cards: Mapping[str, Card],
    treatments: Sequence[Treatment],
    laws: Sequence[LawChoice],
    seed: int,
    draws: int,
    others: Sequence[Treatment] = (),
    carried: int | None = None,
) -> VariantPlan:
    """Lay out every variant of a run.

    Parameters
    ----------
    cards : mapping of str to Card
        Cards by role.
    treatments : sequence of str
        Treatments that the record allows.
    laws : sequence of str
        Laws that the record allows, :data:`BURN` among them.
    seed : int
        Seed of the joint draws.
    draws : int
        Number of joint draws under the chosen treatment; each of the others has a quarter of it, on resamples of its
        own.
    others : sequence of str
        Treatments that were not chosen and that the record does not contradict: see :func:`admissible`.
    carried : int or None
        Year that the line which is taken out is carried on to, as an alternative; None: it is not [year].
    """
    base = Variant(central_values(cards))
    joint = [
        replace(base, values=values, draw=place)
        for place, values in enumerate(joint_draws(cards, seed, draws))
    ]
    ends = range_ends(cards)
    moved = [base.with_value(end.role, end.name, end.value) for end in ends]
    named: list[tuple[str, str]] = [(TREATMENT_QUESTION, treatment) for treatment in treatments]
    alternatives = [replace(base, treatment=treatment) for treatment in treatments]
    if carried is not None:
        named.append((TREATMENT_QUESTION, f"linear, carried on to {carried}"))
        alternatives.append(replace(base, treatment="linear", level_year=carried))
    named += [(LAW_QUESTION, law) for law in laws]
    alternatives += [replace(base, law=law) for law in laws]
    each = -(-draws // PART)
    drawn = [
        replace(joint[place], treatment=treatment, draw=draws + each * order + place)
        for order, treatment in enumerate(others)
        for place in range(each)
    ]
    variants = (base, *joint, *moved, *alternatives, *drawn)
    return VariantPlan(variants, draws, tuple(ends), tuple(named), tuple(others), each)


def admissible(
    treatments: Sequence[Treatment], chosen: Collection[Treatment], verdicts: Collection[str]
) -> list[Treatment]:
    """Return the treatments that were not chosen and that the record does not contradict.

    Parameters
    ----------
    treatments : sequence of str
        Treatments that the record allows.
    chosen : collection of str
        What is done to each yearly index.
    verdicts : collection of str
        What the tests say of each.
    """
    return [one for one in treatments if {one} != set(chosen) and not contradicted(one, verdicts)]


def contradicted(treatment: str, verdicts: Collection[str]) -> bool:
    """Return whether a record is left as it is where it has a step or a trend."""
    return treatment == "none" and not set(verdicts) <= {"none"}
