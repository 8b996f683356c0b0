# SPDX-License-Identifier: Apache-2.0
"""What the numbers of a card do to the mean cost of a peril, taken out: the level is counted once.

How much a judged peril costs is told by the common scale and by its own rate (:data:`LEVELS`), and the range of the
scale is all that one known year leaves open of it. Footprint, fragility and damage have ranges too, and each of them
moves the mean cost. Drawn as they are they would count the same ignorance a second time, and a run of own years, which
narrows scale and rate, would never narrow the cost. So scale and rate are read as the level of the cost at whatever
shape was drawn: the number of events is divided by what the shape does to the mean cost at a given level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from greenrisk.core.variants import Values
from greenrisk.resource.experience_expected import LEVELS
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import PerilLaw
from greenrisk.resource.perils.drought import DroughtLaw
from greenrisk.resource.perils.listing import NON_FIRE, SCALE_ROLE
from greenrisk.resource.perils.snow_ice import SnowIceLaw
from greenrisk.resource.variants import Variant

NEUTRAL_BLOCKS: Final = 2
"""Blocks of years behind the mean cost of a peril that has no closed form; those of the variants, so that what is luck
in them is luck in the factor too."""

NODES: Final = 256
"""Nodes of the quadrature over the loads of cold spells; ratios of costs come out within 1 %."""


def mean_cost(exposure: Exposure, law: PerilLaw, seed: int, blocks: int = NEUTRAL_BLOCKS) -> float:
    """Return the mean cost of a peril before terms, by closed form where the law has one [CNY/year].

    Parameters
    ----------
    exposure : Exposure
        Book and landscape.
    law : PerilLaw
        The law of the peril.
    seed, blocks : int
        Of the years that stand in for a closed form.
    """
    insured = exposure.book.sum_insured
    if isinstance(law, SnowIceLaw):
        return float(law.expected_shares(NODES) @ insured)
    if isinstance(law, DroughtLaw):
        return float(law.expected_shares() @ insured)
    lost = 0.0
    for block in range(blocks):
        years = law.simulate(seed, "knowledge", block)
        lost += float((years.hit_area * years.hit_degree * insured[years.hit_stand]).sum())
    return lost / (blocks * BLOCK_LENGTH)


def base_costs(
    exposure: Exposure, base: Variant, seed: int, blocks: int = NEUTRAL_BLOCKS
) -> dict[str, float]:
    """Return the mean cost of each judged peril under the base variant [CNY/year].

    Parameters
    ----------
    exposure, seed, blocks
        As for :func:`mean_cost`.
    base : Variant
        Every card at its value.
    """
    return {
        kind: mean_cost(exposure, _law(exposure, base, kind, base.values[kind]), seed, blocks)
        for kind in NON_FIRE
        if kind in base.values
    }


def level_neutral(
    exposure: Exposure,
    variant: Variant,
    base: Variant,
    costs: Mapping[str, float],
    seed: int,
    blocks: int = NEUTRAL_BLOCKS,
) -> Variant:
    """Return a variant whose shapes leave the mean cost of each judged peril where its level puts it.

    Parameters
    ----------
    exposure, seed, blocks
        As for :func:`mean_cost`.
    variant, base : Variant
        What was drawn, and every card at its value.
    costs : mapping of str to float
        Of the base variant, see :func:`base_costs`.

    Returns
    -------
    Variant
        With a factor for each peril whose other numbers than its level differ from the base: mean cost of what was
        drawn with the level held at the base, over that of the base. Where either is 0 there is nothing to divide by,
        and the peril keeps its numbers.
    """
    factors: dict[str, float] = {}
    for kind, cost in costs.items():
        held = {**variant.values[kind], **{name: base.values[kind][name] for name in LEVELS[kind][1]}}
        if held == base.values[kind] or not cost > 0:
            continue
        drawn = mean_cost(exposure, _law(exposure, base, kind, held), seed, blocks)
        if drawn > 0:
            factors[kind] = drawn / cost
    return replace(variant, neutral=factors) if factors else variant


def _law(exposure: Exposure, base: Variant, kind: str, values: Values) -> PerilLaw:
    """Return the law of a peril's card at the common scale of the base."""
    scale = float(base.values[SCALE_ROLE]["scale"])
    return NON_FIRE[kind].law(exposure, values, exposure.constants[kind], scale)
