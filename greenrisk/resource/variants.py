# SPDX-License-Identifier: Apache-2.0
"""Variants of the forest model: the central cards, joint draws of all cards, and one parameter at a time.

A variant is nothing but numbers: the values of every card, and the cap on the size of a fire. All variants
are simulated on the same random streams (common random numbers), so that their differences are differences
of knowledge and not of luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from greenrisk.core.cards import Card
from greenrisk.core.variants import (
    CardValues,
    End,
    central_values,
    joint_draws,
    range_ends,
    with_value,
)
from greenrisk.resource.climate import ROLE, SENSITIVITIES

FIRE_ROLES = ("occurrence", "size", "tail", "damage", "local")
"""Roles of the cards of wildfire."""


@dataclass(frozen=True)
class Variant:
    """One set of parameter values.

    Parameters
    ----------
    values : mapping of str to mapping
        Parameter values by the role of the card (``occurrence``, ``size``, ...) and the parameter's name.
    cap_ha : float or None
        Largest possible fire [ha]; None: the exposed forest area.
    neutral : mapping of str to float
        By the kind of a judged peril, what its numbers do to the mean cost at a given level; the number of its events
        is divided by it (see :mod:`greenrisk.resource.level_neutral`) [unitless]. A kind that is missing has 1.
    """

    values: CardValues
    cap_ha: float | None
    neutral: Mapping[str, float] = field(default_factory=dict)

    def with_value(self, role: str, name: str, value: float | str) -> Variant:
        """Return the variant with one parameter changed."""
        return replace(self, values=with_value(self.values, role, name, value))

    def same_peril(self, other: Variant, kind: str) -> bool:
        """Return whether a peril has the same law in another variant.

        Parameters
        ----------
        other : Variant
            The other one.
        kind : str
            ``wildfire``, or the kind of a peril with one card.
        """
        if kind in SENSITIVITIES and self.values.get(ROLE) != other.values.get(ROLE):
            return False
        if kind == "wildfire":
            return self.cap_ha == other.cap_ha and all(
                self.values[role] == other.values[role] for role in FIRE_ROLES
            )
        return (
            self.values[kind] == other.values[kind]
            and self.values["nonfire"] == other.values["nonfire"]
            and self.neutral.get(kind, 1.0) == other.neutral.get(kind, 1.0)
        )


@dataclass(frozen=True)
class VariantPlan:
    """All variants of a run in a fixed order: base, joint draws, range ends, printed alternatives."""

    variants: tuple[Variant, ...]
    draws: int
    ends: tuple[End, ...]
    alternatives: tuple[tuple[float, float | None], ...]

    @property
    def first_end(self) -> int:
        """Index of the first range end."""
        return 1 + self.draws

    @property
    def first_alternative(self) -> int:
        """Index of the first printed alternative."""
        return self.first_end + len(self.ends)


def central(cards: Mapping[str, Card], cap_ha: float | None) -> Variant:
    """Return the variant in which every parameter has its card's value."""
    return Variant(central_values(cards), cap_ha)


def plan_variants(
    cards: Mapping[str, Card],
    cap_ha: float | None,
    seed: int,
    draws: int,
    shapes: tuple[float, ...],
    caps_ha: tuple[float | None, ...],
) -> VariantPlan:
    """Lay out every variant of a run.

    Parameters
    ----------
    cards : mapping of str to Card
        Cards by role; the tail card's role is ``tail`` and its shape parameter is ``shape``.
    cap_ha : float or None
        The scenario's own cap [ha].
    seed : int
        Seed of the joint draws; they do not depend on the number of simulated years.
    draws : int
        Number of joint draws.
    shapes, caps_ha : tuples
        Tail shapes [unitless] and caps [ha] for which results are printed.
    """
    base = central(cards, cap_ha)
    joint = [Variant(values, cap_ha) for values in joint_draws(cards, seed, draws)]
    ends = range_ends(cards)
    moved = [base.with_value(end.role, end.name, end.value) for end in ends]
    grid = [(shape, cap) for shape in shapes for cap in caps_ha]
    printed = [replace(base.with_value("tail", "shape", shape), cap_ha=cap) for shape, cap in grid]
    return VariantPlan((base, *joint, *moved, *printed), draws, tuple(ends), tuple(grid))
