# SPDX-License-Identifier: Apache-2.0
"""What a user writes of the small covers beside a wetland study: old trees, wildlife damage, managers' liability."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenrisk.core.spec import Spec


class PreventionSpec(Spec):
    """What the insurer spends on prevention for a cover."""

    spend_cny_per_unit: float = Field(gt=0)
    """Spent for each unit of the cover in a year: tree, household, thousand visits [CNY/year]."""

    card: str = "wetland-prevention-judged"
    """Card of what prevention avoids (use: wetland.prevention)."""


class _SmallCover(Spec):
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")
    """What the report calls it."""

    annual_limit_cny: float | None = Field(default=None, gt=0)
    """Most that is paid in a year; empty: no limit [CNY]."""

    prevention: PreventionSpec | None = None
    """Prevention that the insurer pays for; empty: none."""


class OldTreesCover(_SmallCover):
    """Old and famous trees (古树名木): sum insured times loss degree from a fifth on, plus the cost of rescue."""

    kind: Literal["old_trees"]
    """Which preset."""

    trees: int = Field(ge=1)
    """Insured trees [tree]."""

    sum_insured_cny: float = Field(default=50000.0, gt=0)
    """Sum insured of a tree; the default is Zhongshan's of 2023 [CNY/tree]."""

    card: str = "wetland-old-trees-judged"
    """Card of damage to trees (use: wetland.old_trees)."""

    @property
    def units(self) -> float:
        """Insured trees [tree]."""
        return float(self.trees)


class _ClaimTerms(_SmallCover):
    deductible_cny: float = Field(default=0.0, ge=0)
    """Deducted from every claim [CNY]."""

    claim_limit_cny: float = Field(gt=0)
    """Most that one claim is paid [CNY]."""


class WildlifeCover(_ClaimTerms):
    """Damage by protected wildlife to crops, beasts and houses (野生动物致害), paid to households around a reserve."""

    kind: Literal["wildlife_damage"]
    """Which preset."""

    households: int = Field(ge=1)
    """Insured households [household]."""

    card: str = "wetland-wildlife-damage-judged"
    """Card of claims (use: wetland.wildlife_damage)."""

    @property
    def units(self) -> float:
        """Insured households [household]."""
        return float(self.households)


class LiabilityCover(_ClaimTerms):
    """Liability of those who manage a reserve or wetland park towards visitors."""

    kind: Literal["managers_liability"]
    """Which preset."""

    thousand_visits: float = Field(gt=0)
    """Visits of a year, in thousands [1000 visits]."""

    card: str = "wetland-managers-liability-judged"
    """Card of claims (use: wetland.managers_liability)."""

    @property
    def units(self) -> float:
        """Visits of a year, in thousands [1000 visits]."""
        return self.thousand_visits


SmallCover = Annotated[OldTreesCover | WildlifeCover | LiabilityCover, Field(discriminator="kind")]
"""A small cover of one of the presets."""
