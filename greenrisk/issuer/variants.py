# SPDX-License-Identifier: Apache-2.0
"""Variants of an issuer study: the central cards, joint draws, and one parameter at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.cards import Card
from greenrisk.core.variants import CardValues, End, central_values, joint_draws, range_ends, with_value


@dataclass(frozen=True)
class VariantPlan:
    """All variants of a run in a fixed order: base, joint draws, range ends.

    Parameters
    ----------
    values : tuple of card values
        By role and parameter.
    draws : int
        How many joint draws.
    ends : tuple of End
        The range ends.
    """

    values: tuple[CardValues, ...]
    draws: int
    ends: tuple[End, ...]

    @property
    def first_end(self) -> int:
        """Index of the first range end."""
        return 1 + self.draws

    @property
    def first_alternative(self) -> int:
        """Index after the last range end; there are no named alternatives."""
        return self.first_end + len(self.ends)

    def draw_numbers(self, variants: range) -> NDArray[np.int64]:
        """Return the number of each variant's draw; -1 for the base and range ends, which take expectations."""
        return np.array([k - 1 if 1 <= k < self.first_end else -1 for k in variants], dtype=np.int64)


def plan_variants(cards: Mapping[str, Card], seed: int, draws: int, tornado: bool) -> VariantPlan:
    """Lay out every variant of a run.

    Parameters
    ----------
    cards : mapping of str to Card
        Cards by role.
    seed : int
        Seed of the joint draws.
    draws : int
        Number of joint draws.
    tornado : bool
        Whether parameters are moved one at a time.
    """
    base = central_values(cards)
    ends = tuple(range_ends(cards)) if tornado else ()
    moved = [with_value(base, end.role, end.name, end.value) for end in ends]
    return VariantPlan((base, *joint_draws(cards, seed, draws), *moved), draws, ends)
