# SPDX-License-Identifier: Apache-2.0
"""Variants of a wetland: central cards, joint draws of cards and record, range ends, named alternatives, the record.

A variant is the values of all cards, and which record the law of the index is fitted on. All variants are simulated on
the same random streams.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from greenrisk.core.cards import Card
from greenrisk.core.variants import central_values, joint_draws, range_ends, with_value
from greenrisk.resource.index_cover import index_variants
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_variants import LAW_QUESTION, TREATMENT_QUESTION, LawChoice

RECORDS = 60
"""Resamples of the record with all cards at their centre, at most: the first of those of the joint draws."""

SPILLS_QUESTION = "where spills come from"
CARD_SPILLS = "the card"


@dataclass(frozen=True)
class Variant(index_variants.Variant):
    """One set of parameter values, and what is done with the record of the index.

    Parameters
    ----------
    values, treatment, law, draw
        As in :class:`greenrisk.resource.index_cover.index_variants.Variant`.
    card_spills : bool
        Whether spills come from the card although there is a zone's run.
    """

    card_spills: bool = False


@dataclass(frozen=True)
class VariantPlan(index_variants.VariantPlan):
    """All variants in a fixed order: base, joint draws, range ends, named alternatives, the record alone."""

    variants: tuple[Variant, ...]

    @property
    def first_record(self) -> int:
        """Index of the first resample of the record with the cards at their centre."""
        return self.first_alternative + len(self.alternatives)


def plan_variants(
    cards: Mapping[str, Card],
    treatments: Sequence[Treatment],
    laws: Sequence[LawChoice],
    seed: int,
    draws: int,
    *,
    has_index: bool,
    has_upstream: bool,
) -> VariantPlan:
    """Lay out every variant of a run.

    Parameters
    ----------
    cards : mapping of str to Card
        Cards by role.
    treatments, laws : sequence of str
        Treatments and laws that the record of the index allows.
    seed : int
        Seed of the joint draws.
    draws : int
        Number of joint draws.
    has_index : bool
        Whether there is an index, whose record is drawn anew in every joint draw.
    has_upstream : bool
        Whether spills come from a zone's run.
    """
    base = Variant(central_values(cards))
    records = [replace(base, draw=place if has_index else None) for place in range(draws)]
    joint = [
        replace(record, values=values)
        for values, record in zip(joint_draws(cards, seed, draws), records, strict=True)
    ]
    ends = range_ends(cards)
    moved = [replace(base, values=with_value(base.values, end.role, end.name, end.value)) for end in ends]
    named: list[tuple[str, str]] = []
    others: list[Variant] = []
    for treatment in treatments:
        named.append((TREATMENT_QUESTION, treatment))
        others.append(replace(base, treatment=treatment))
    for law in laws:
        named.append((LAW_QUESTION, law))
        others.append(replace(base, law=law))
    if has_upstream:
        named.append((SPILLS_QUESTION, CARD_SPILLS))
        others.append(replace(base, card_spills=True))
    alone = records[:RECORDS] if has_index else []
    return VariantPlan((base, *joint, *moved, *others, *alone), draws, tuple(ends), tuple(named))
