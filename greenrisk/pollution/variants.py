# SPDX-License-Identifier: Apache-2.0
"""Variants of a zone: the central cards, joint draws, one parameter at a time, and named alternatives.

A named alternative is a choice that no range stands for: where the tail begins, what caps a loss, which source of
frequency speaks, how the grading is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.cards import Card
from greenrisk.core.streams import stream
from greenrisk.core.variants import CardValues, End, central_values, joint_draws, range_ends, with_value
from greenrisk.pollution.accidents.roles import SOURCES
from greenrisk.pollution.grading.terms import GradeReading
from greenrisk.pollution.severity.roles import THRESHOLDS

POLICY_CAP: Final = "policy"
"""The cap that cuts a loss at what its own policy can pay."""

CAPS: Final = ("physical", "assets", POLICY_CAP)
"""What caps the loss of one head of one accident."""


@dataclass(frozen=True)
class Variant:
    """One set of parameter values and choices.

    Parameters
    ----------
    values : mapping of str to mapping
        Parameter values by the role of the card and the parameter's name.
    cap : str
        One of :data:`CAPS`.
    source : str or None
        Source of frequency that speaks alone; None: all of them pooled.
    reading : tuple of int and str
        Reading of the M3/M4 cut [point] and of unknown parts behind the grades.
    draw : tuple of int or None
        Seed and place of a joint draw, in which each plant's own rate is drawn too; None: it is at its mean.
    """

    values: CardValues
    cap: str
    source: str | None
    reading: GradeReading
    draw: tuple[int, int] | None = None

    def plant_ranks(self, plants: int) -> NDArray[np.float64] | None:
        """Return the ranks at which the own rates of plants on site and on the road are drawn, shape (2, plants).

        Parameters
        ----------
        plants : int
            How many plants.
        """
        if self.draw is None:
            return None
        seed, place = self.draw
        return stream(seed, "knowledge", "plants", block=place).random((2, plants))

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
    cap: str,
    reading: GradeReading,
    readings: tuple[GradeReading, ...],
    seed: int,
    draws: int,
) -> VariantPlan:
    """Lay out every variant of a run.

    Parameters
    ----------
    cards : mapping of str to Card
        Cards by role.
    cap : str
        The scenario's own, one of :data:`CAPS`.
    reading : tuple
        The scenario's own reading of the grading.
    readings : tuple of tuple
        All readings.
    seed : int
        Seed of the joint draws.
    draws : int
        Number of joint draws.
    """
    base = Variant(central_values(cards), cap, None, reading)
    joint = [
        replace(base, values=values, draw=(seed, place))
        for place, values in enumerate(joint_draws(cards, seed, draws))
    ]
    ends = range_ends(cards)
    moved = [base.with_value(end.role, end.name, end.value) for end in ends]
    named: list[tuple[str, str]] = []
    others: list[Variant] = []
    for threshold in THRESHOLDS:
        for other in CAPS:
            named.append(("tail and cap", f"{threshold}, {other}"))
            others.append(replace(base.with_value("severity", "tail_threshold", threshold), cap=other))
    for source in SOURCES:
        named.append(("source of frequency", source))
        others.append(replace(base, source=source))
    for cut, part in readings:
        named.append(("reading of the grading", f"M4 from {cut}, unknown parts {part}"))
        others.append(replace(base, reading=(cut, part)))
    return VariantPlan((base, *joint, *moved, *others), draws, tuple(ends), tuple(named))
