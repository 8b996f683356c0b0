# SPDX-License-Identifier: Apache-2.0
"""The zone study: reads and checks everything.

``prepare`` is the only place that opens files. :class:`greenrisk.pollution.job.ZoneJob` then runs by blocks, and
:mod:`greenrisk.pollution.results` combines the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.card_roles import check_variants, read_wanted
from greenrisk.core.cards import Card
from greenrisk.core.errors import GreenRiskError, TableError
from greenrisk.core.sources import Sources
from greenrisk.pollution.accidents.exposure import Exposure, exposure_of
from greenrisk.pollution.accidents.own_history import Beliefs
from greenrisk.pollution.accidents.rates import plant_rates
from greenrisk.pollution.accidents.records import Records, read_records
from greenrisk.pollution.graded import read_graded
from greenrisk.pollution.grading.inventory_grade import InventoryGrade
from greenrisk.pollution.grading.readings import PARTS
from greenrisk.pollution.grading.told import tell_grading
from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.policy_terms import limits_in_force, terms_of
from greenrisk.pollution.liability.presets import read_presets
from greenrisk.pollution.mandate.inputs import read_mandate
from greenrisk.pollution.mandate.measure_checks import check_controls, plants_of_measures
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.odd_checks import odd_base
from greenrisk.pollution.reality import read_reality
from greenrisk.pollution.result_groups import owner_index
from greenrisk.pollution.results import Inputs
from greenrisk.pollution.roles import mandate_card, read_frequency_tables, wanted_cards
from greenrisk.pollution.severity.claim_checks import claim_faults
from greenrisk.pollution.severity.own_claims import ZONE_CLAIMS, claims_of
from greenrisk.pollution.severity.own_experience import OwnExperience, not_in_history, own_experience
from greenrisk.pollution.severity.prices import in_prices_of
from greenrisk.pollution.severity.transfer import FACTORS, check_transfer
from greenrisk.pollution.variants import Variant, plan_variants
from greenrisk.pollution.zone import BLOCK_LENGTH, ZoneScenario


def prepare(spec: ZoneScenario, sources: Sources) -> ZoneJob:
    """Read and check every table and card at once.

    Parameters
    ----------
    spec : ZoneScenario
        The validated scenario.
    sources : Sources
        Finds, reads and hashes the inputs; collects faults.

    Raises
    ------
    GreenRiskError
        With the faults of all inputs.
    """
    cards = read_wanted(wanted_cards(spec), sources)
    mandate_cards = read_wanted(mandate_card(spec), sources)
    rated = read_frequency_tables(spec.frequency, sources)
    last = spec.underwriting_year - 1
    named = plants_of_measures(spec.mandate)
    graded = read_graded(spec.inventory, spec.grading, last, sources, named=named)
    check_controls(spec.mandate, sources)
    cards = in_prices_of(cards, spec.price_year, spec.severity.price_index, sources)
    if "transfer" in cards and set(FACTORS) <= set(cards["transfer"].parameters):
        _told(lambda: check_transfer(cards["transfer"]), ("severity", "transfer"), sources)
    records = _records(rated, sources)
    reality = read_reality(spec.reality, sources)
    claims = None
    if spec.severity.own_claims is not None:
        claims = sources.table(spec.severity.own_claims, ("severity", "own_claims"), ZONE_CLAIMS)
    if claims is not None:
        least = spec.severity.reported_from_cny
        sources.faults.extend(claim_faults(claims, str(spec.severity.own_claims), last, least))
    seen = read_presets(spec.tariffs_seen, sources)
    sources.raise_if_any()
    assert graded is not None
    assert records is not None
    assert reality is not None
    grade, substances, bounds = graded
    inventory, rules = grade.inventory, grade.rules
    terms = None
    try:
        terms = terms_of(spec.policy, inventory.plants.limit, [str(name) for name in inventory.plants.ids])
    except GreenRiskError as error:
        for fault in error.faults:
            sources.fault(("policy",), fault.what, fault.expected, fault.unit)
    if terms is not None and not terms.insured.any():
        mend = "No plant has a cover, so that there is nothing to price. Fill limit_cny of the plants that are insured."
        sources.fault(("inventory", "plants"), "limit_cny", mend, "CNY")
    sources.raise_if_any()
    assert terms is not None
    mandate = read_mandate(
        spec.mandate,
        spec.policy,
        spec.tariff,
        spec.tariff_record_years,
        mandate_cards["mandate"],
        inventory,
        grade.headline.grade,
        spec.underwriting_year - 1,
        spec.seed,
        sources,
    )
    sources.raise_if_any()
    assert mandate is not None
    if mandate.tariff is not None:
        sources.ledger.take(odd_base(mandate.tariff.base, str(spec.tariff), bounds))
    exposure = exposure_of(inventory, grade.headline.grade, records)
    own = None
    if claims is not None:
        own = _own_experience(spec, claims, cards, exposure, inventory, sources)
        sources.raise_if_any()
        assert own is not None
        cards = {**cards, "transfer": own.card}
        for sentence in own.told:
            sources.ledger.add("assumption", "own claims", sentence, status="user")
    reading = (spec.grading.m_cut, spec.grading.unknown_part)
    in_force = limits_in_force(spec.policy, inventory.plants.limit)
    model = ZoneModel(
        plants=inventory.plants,
        exposure=exposure,
        readings=grade.readings,
        boundary=spec.grading.boundary,
        terms=terms,
        limit=np.where(in_force > 0, in_force, in_force.max()),
        constants={role: dict(card.constants) for role, card in cards.items()},
        beliefs=Beliefs.of(cards),
    )
    readings = tuple((cut, part) for cut in rules.cuts for part in PARTS)
    plan = plan_variants(cards, spec.severity.cap, reading, readings, spec.seed, spec.knowledge.draws)
    check_variants(plan.variants, _laws(model), wanted_cards(spec), sources)
    sources.raise_if_any()
    _tell_inputs(spec, grade, cards, sources)
    owners, owner = owner_index(inventory.plants.owner)
    facts = Inputs(
        spec=spec,
        cards=cards,
        inventory=inventory,
        substances=substances,
        grade=grade,
        records=records,
        owner=owner,
        owners=owners,
        reality=reality,
        mandate=mandate,
        own_claims=None if own is None else own.group,
        presets=seen,
        synthetic=sources.status_of(spec.inventory.plants) == "synthetic",
    )
    return ZoneJob(dict(sources.inputs), sources.ledger, model, plan, facts)


def _told(check: Callable[[], object], key_path: tuple[str | int, ...], sources: Sources) -> None:
    """Run a check; its faults become faults of the scenario at a key."""
    try:
        check()
    except GreenRiskError as error:
        for fault in error.faults:
            sources.fault(key_path, fault.what, fault.expected, fault.unit)


def _records(frames: Mapping[str, pd.DataFrame], sources: Sources) -> Records | None:
    names = ("rmp-rates", "rmp-windows", "leak-frequencies", "industry-naics", "rmp-release-sources")
    if not set(names) <= set(frames):
        return None
    try:
        return read_records(*(frames[name] for name in names))
    except TableError as error:
        sources.faults.extend(error.faults)
    return None


def _own_experience(
    spec: ZoneScenario,
    frame: pd.DataFrame,
    cards: Mapping[str, Card],
    exposure: Exposure,
    inventory: Inventory,
    sources: Sources,
) -> OwnExperience | None:
    """Return what own claims make of the card of transfer; None where faults were recorded."""
    name = str(spec.severity.own_claims)
    values = {role: card.values() for role, card in cards.items()}
    # The plants behind the claims are taken for plants like those of the zone, before their own years.
    rate = float(plant_rates(exposure, values).prior.mean())
    try:
        claims = claims_of(frame, inventory.plants.ids, name)
        first = np.ceil(spec.underwriting_year - inventory.plants.years_observed).astype(np.int64)
        missing = not_in_history(claims, inventory.history, first)
        if missing:
            sources.ledger.add(
                "unreliable",
                "own claims and history",
                f"{missing} own accidents at plants of the zone, in years that its history covers, stand in no row of "
                "it: the frequency does not count them. Add them to the history.",
                missing,
                status="user",
            )
        return own_experience(
            cards["transfer"],
            claims,
            spec.severity.claims_plant_years_outside,
            rate,
            values,
            {role: dict(card.constants) for role, card in cards.items()},
            spec.severity.reported_from_cny,
            spec.severity.none_claimed_outside,
        )
    except TableError as error:
        sources.faults.extend(error.faults)
    except GreenRiskError as error:
        for fault in error.faults:
            sources.fault(("severity", "own_claims"), fault.what, fault.expected, fault.unit)
    return None


def _laws(model: ZoneModel) -> dict[str, Callable[[Variant], object]]:
    """Return, by the role to be blamed, what is built of a variant before any long work."""
    return {
        "accidents": model.rates,
        "severity": model.laws,
        "loadings": lambda variant: Loadings.from_values(variant.values["loadings"]),
    }


def _tell_inputs(
    spec: ZoneScenario, grade: InventoryGrade, cards: Mapping[str, Card], sources: Sources
) -> None:
    """Write what the inputs are to the ledger: synthetic tables, refused grades, readings that differ."""
    ledger = sources.ledger
    for name in spec.inventory.tables().values():
        status = sources.status_of(name)
        if status not in ("confirmed", "user"):
            ledger.add("assumption", name, f"The table is {status}.", status=status)
    tell_grading(grade, ledger)
    rounded = -(-spec.years // BLOCK_LENGTH) * BLOCK_LENGTH
    if rounded != spec.years:
        ledger.add("rounded", "years", f"{spec.years:,} years were rounded up to {rounded:,}, whole blocks.")
