# SPDX-License-Identifier: Apache-2.0
"""Variants of an index cover: the record as it is, joint draws of record and cards, range ends, named alternatives.

A variant says which record its law is fitted on (the record itself, or a resample of its years), how that record is
treated, and which law is fitted. All variants are simulated on the same random streams.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """

    values: CardValues
    treatment: Treatment | None = None
    law: LawChoice | None = None
    draw: int | None = None

    def with_value(self, role: str, name: str, value: float | str) -> Variant:
        """Return the variant with one parameter changed."""
        return replace(self, values=with_value(self.values, role, name, value))


@dataclass(frozen=True)
class VariantPlan:
    """All variants of a run in a fixed order: base, joint draws, range ends, named alternatives."""

    variants: tuple[Variant, ...]
    draws: int
    ends: tuple[End, ...]
    alternatives: tuple[tuple[str, str], ...]

    @property
    def first_end(self) -> int:
        """Index of the first range end."""
        return 1 + self.draws

    @property
    def first_alternative(self) -> int:
        """Index of the first named alternative."""
        return self.first_end + len(self.ends)


def plan_variants(
    cards: Mapping[str, Card],
    treatments: Sequence[Treatment],
    laws: Sequence[LawChoice],
    seed: int,
    draws: int,
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
        Number of joint draws.
    """
    base = Variant(central_values(cards))
    joint = [
        replace(base, values=values, draw=place)
        for place, values in enumerate(joint_draws(cards, seed, draws))
    ]
    ends = range_ends(cards)
    moved = [base.with_value(end.role, end.name, end.value) for end in ends]
    named: list[tuple[str, str]] = [(TREATMENT_QUESTION, treatment) for treatment in treatments]
    named += [(LAW_QUESTION, law) for law in laws]
    others = [replace(base, treatment=treatment) for treatment in treatments]
    others += [replace(base, law=law) for law in laws]
    return VariantPlan((base, *joint, *moved, *others), draws, tuple(ends), tuple(named))
