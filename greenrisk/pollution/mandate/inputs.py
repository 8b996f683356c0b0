# SPDX-License-Identifier: Apache-2.0
"""Reads what the regulator's questions need: card, tables of stages, sizes and tariff, terms of every cover."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from greenrisk.core.cards import Card
from greenrisk.core.errors import GreenRiskError, TableError
from greenrisk.core.sources import Sources
from greenrisk.pollution.inventory import Integers, Inventory
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.liability.policy_terms import CoverLimits, terms_at
from greenrisk.pollution.liability.tariff import read_tariff
from greenrisk.pollution.liability.tariff_tables import ZONE_TARIFF
from greenrisk.pollution.mandate.above_limit import Debtors
from greenrisk.pollution.mandate.affordability import read_sizes
from greenrisk.pollution.mandate.answers import MandateInputs
from greenrisk.pollution.mandate.block import Questions
from greenrisk.pollution.mandate.claims_stages import read_stages
from greenrisk.pollution.mandate.enrolment import enrol
from greenrisk.pollution.mandate.limit_sums import LimitGrid
from greenrisk.pollution.mandate.mandate_spec import MandateSpec
from greenrisk.pollution.mandate.mandate_tables import CLAIMS_STAGES, FIRM_SIZES, NUMBERS
from greenrisk.pollution.mandate.numbers import read_numbers, tell_numbers
from greenrisk.pollution.mandate.plant_groups import PlantGroups
from greenrisk.pollution.mandate.who_must_insure import obligations

T = TypeVar("T")

SIZES = "firm_size_classes"
"""Table of the classes of firms."""


def read_mandate(
    spec: MandateSpec,
    policy: PolicySpec,
    tariff: str | None,
    record_years: int | None,
    card: Card,
    inventory: Inventory,
    grade: Integers,
    year: int,
    seed: int,
    sources: Sources,
) -> MandateInputs | None:
    """Return what the regulator's questions need; None where faults were recorded.

    Parameters
    ----------
    spec : MandateSpec
        The questions.
    policy : PolicySpec
        Terms of a policy.
    tariff : str or None
        Table of the market's tariff.
    record_years : int or None
        Window of the tariff's record [year]; None: the table of numbers says it.
    card : Card
        Of use ``zone.mandate``.
    inventory : Inventory
        The zone.
    grade : array of int, shape (plants,)
        Official grades; negative: refused.
    year : int
        Last year of the history [year].
    seed : int
        The scenario's seed.
    sources : Sources
        Reads the tables and takes the faults.
    """
    stages = sources.table(
        spec.claims_timeline.stages, ("mandate", "claims_timeline", "stages"), CLAIMS_STAGES
    )
    sizes = sources.table(SIZES, ("mandate",), FIRM_SIZES)
    singles = sources.table(spec.numbers, ("mandate", "numbers"), NUMBERS)
    rates = None if tariff is None else sources.table(tariff, ("tariff",), ZONE_TARIFF)
    if stages is None or sizes is None or singles is None or (tariff is not None and rates is None):
        return None
    numbers = _table(lambda: read_numbers(singles, spec, record_years, spec.numbers), sources)
    read_stage = _table(lambda: read_stages(stages, spec.claims_timeline.stages), sources)
    read_size = _table(lambda: read_sizes(sizes, SIZES), sources)
    market = None if rates is None else _table(lambda: read_tariff(rates, str(tariff)), sources)
    plants, values = inventory.plants, card.values()
    if numbers is None or read_stage is None or read_size is None or (rates is not None and market is None):
        return None
    try:
        must = obligations(inventory, grade, numbers)
        names = [str(name) for name in plants.ids]
        limits = CoverLimits.of(policy, plants.limit, must.minimum)
        enrolled = [
            enrol(one, must, limits.in_force, grade, values, names, seed, limits.own)
            for one in spec.enrolment
        ]
        questions = Questions(
            grid=LimitGrid.of(policy, spec.limit_adequacy.limits_cny),
            groups=PlantGroups.of(grade, plants.in_zone),
            in_force=terms_at(policy, limits.in_force, names),
            own=terms_at(policy, limits.own, names),
            raised=terms_at(policy, limits.raised, names),
            debtors=Debtors.of(
                plants.owner, plants.assets, float(values["asset_recovery"]), spec.above_limit.answers
            ),
            reinsurance=spec.reinsurance,
            scenarios=tuple(enrolled),
            seed=seed,
            insured=limits.in_force > 0.0,
        )
    except GreenRiskError as error:
        for fault in error.faults:
            sources.fault(("mandate",), f"{fault.where}: {fault.what}", fault.expected, fault.unit)
        return None
    tell_numbers(numbers, spec.numbers, sources.ledger)
    return MandateInputs(spec, values, questions, must, read_stage, read_size, market, numbers, year, limits)


def _table(read: Callable[[], T], sources: Sources) -> T | None:
    """Return what a table says, or None where it contradicts itself."""
    try:
        return read()
    except TableError as error:
        sources.faults.extend(error.faults)
    return None
