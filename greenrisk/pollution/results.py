# SPDX-License-Identifier: Apache-2.0
"""Combines the parts of a zone run to the result tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.cards import Card
from greenrisk.core.knowledge import JUDGED, cards_dataset, tell_parameters, variance_shares
from greenrisk.core.ledger import Ledger
from greenrisk.pollution.accidents.history_told import own_history_group, tell_own_history
from greenrisk.pollution.accidents.records import Records
from greenrisk.pollution.accidents.told import (
    equipment_beside_reports,
    equipment_shares,
    frequency_alternatives,
    frequency_group,
    report_windows,
    tell_frequency,
)
from greenrisk.pollution.grading.inventory_grade import InventoryGrade, grading_group
from greenrisk.pollution.grading.leverage_groups import leverage_group, steps_group
from greenrisk.pollution.headline import curves_group, headline
from greenrisk.pollution.holding_table import holding_dataset
from greenrisk.pollution.inventory import Integers, Inventory, Texts
from greenrisk.pollution.knowledge import Knowledge
from greenrisk.pollution.liability.expected import second_method
from greenrisk.pollution.liability.per_accident import expected_payments, payments_per_accident
from greenrisk.pollution.liability.premium import technical_premiums
from greenrisk.pollution.liability.preset_premiums import preset_group
from greenrisk.pollution.liability.presets import Preset
from greenrisk.pollution.liability.zone_year import ZoneYears, gather
from greenrisk.pollution.mandate.answers import MandateInputs, mandate_groups
from greenrisk.pollution.mandate.block import MandateSums
from greenrisk.pollution.mandate.known_limits import known_limits
from greenrisk.pollution.mandate.measures import prevention_groups, sensitivity_groups
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.quantities import UNITS
from greenrisk.pollution.reality import Reality, judged_tariff, reality_groups
from greenrisk.pollution.receptor_groups import outlets_group, receptors_group
from greenrisk.pollution.result_groups import heads_group, losses_group, owners_group, plants_group
from greenrisk.pollution.severity.transfer import transfer_intervals
from greenrisk.pollution.substances import Substances
from greenrisk.pollution.variants import VariantPlan
from greenrisk.pollution.zone import BLOCK_LENGTH, ZoneScenario

PRESET_BLOCKS: Final = 20
"""Blocks of years behind the model's premiums of policies seen elsewhere: the first of the run."""

MOST_ERRORS: Final = 4.0
"""Standard errors between simulation and closed form beyond which the ledger speaks."""

OWNER_BLOCKS: Final = 10
"""Blocks, the first of a run, whose losses are kept by owner: what an issuer study draws from."""


@dataclass(frozen=True)
class Inputs:
    """What the result tells of its inputs.

    Parameters
    ----------
    spec : ZoneScenario
        The scenario.
    cards : mapping of str to Card
        Cards by role.
    inventory : Inventory
        The zone.
    substances : Substances
        Lists and properties.
    grade : InventoryGrade
        All that is known about the grades.
    records : Records
        Tables behind the frequency.
    owner : array of int, shape (plants,)
        Index of each plant's owner.
    owners : array of str, shape (owners,)
        Owners.
    reality : Reality
        What the losses are set beside.
    mandate : MandateInputs
        The regulator's questions, with their tables.
    synthetic : bool
        Whether the table of plants is made up.
    own_claims : xarray.Dataset or None
        What own claims changed.
    presets : mapping of str to Preset
        Policies seen in public documents; none where the scenario names no table of them.
    """

    spec: ZoneScenario
    cards: Mapping[str, Card]
    inventory: Inventory
    substances: Substances
    grade: InventoryGrade
    records: Records
    owner: Integers
    owners: Texts
    reality: Reality
    mandate: MandateInputs
    synthetic: bool
    own_claims: xr.Dataset | None = None
    presets: Mapping[str, Preset] = field(default_factory=dict)


def finish(
    facts: Inputs,
    model: ZoneModel,
    plan: VariantPlan,
    ledger: Ledger,
    parts: Iterator[xr.Dataset],
    simulation_blocks: int,
) -> xr.DataTree:
    """Combine the parts of a run, given in the order of the blocks.

    Returns
    -------
    xarray.DataTree
        One group for each table of the run folder.
    """
    owned: list[np.ndarray] = []

    def watched() -> Iterator[xr.Dataset]:
        for dataset in parts:
            if "owner_loss" in dataset:
                owned.append(dataset["owner_loss"].values)
            yield dataset

    answers = MandateSums()
    stream = answers.watch(watched())
    years = gather(stream, simulation_blocks, BLOCK_LENGTH)
    variants = list(stream)
    values, by_plant, smallest = (
        np.concatenate([dataset[name].values for dataset in variants])
        for name in ("quantity", "plant_quantity", "smallest_limit")
    )
    knowledge = Knowledge(tuple(UNITS), values, by_plant, plan, facts.cards)
    base = plan.variants[0]
    laws, rates = model.laws(base), model.rates(base)
    loadings = Loadings.from_values(base.values["loadings"])
    premium = technical_premiums(years, model.terms.insured, loadings)
    gross = float(premium.zone.row("gross_premium")[0])
    tornado = knowledge.tornado(gross)
    swings = _moving(knowledge.swings("average_annual_loss_ground_up", float(by_plant[0, :, 1].sum())))
    variance = variance_shares(swings, knowledge)
    windows = report_windows(facts.records, model.exposure)
    tell_parameters(tornado, ledger)
    tell_frequency(model.exposure, rates, facts.records, windows, ledger)
    lived = own_history_group(model.exposure, rates, base.values["accidents"], model.beliefs)
    tell_own_history(lived, model.exposure, facts.inventory.history, ledger)
    drawn = payments_per_accident(laws, model.terms, seed=facts.spec.seed)
    insured, insured_error = expected_payments(laws, drawn, years)
    checked = second_method(laws, years)
    _tell_run(years, checked, ledger)
    metrics, shown = headline(
        years,
        premium.zone,
        knowledge,
        variance,
        facts.grade,
        model,
        laws,
        _widest(swings),
        (answers.shares, answers.share_errors),
    )
    groups: dict[str, xr.Dataset] = {
        "/": _attributes(facts, model, plan, years),
        "/metrics": metrics,
        "/grading": grading_group(facts.grade),
        "/grade_leverage": leverage_group(facts.grade),
        "/grade_steps": steps_group(facts.grade),
        "/receptors": receptors_group(facts.inventory),
        "/outlets": outlets_group(facts.inventory),
        "/holdings": holding_dataset(facts.inventory, facts.substances),
        "/plants": plants_group(years, premium, facts.inventory, model, knowledge),
        "/frequency": frequency_group(model.plants, model.exposure, rates),
        "/frequency_alternatives": frequency_alternatives(
            model.exposure, base.values, rates.transfer_before, model.beliefs
        ),
        "/report_windows": windows,
        "/equipment_check": equipment_beside_reports(model.exposure, rates),
        "/checks/equipment_shares": equipment_shares(facts.inventory.equipment, facts.records, base.values),
        "/transfer": transfer_intervals(facts.cards["transfer"]),
        "/losses": losses_group(years),
        "/heads": heads_group(years, laws),
        "/curves": curves_group(years, knowledge),
        "/knowledge": knowledge.draws_dataset(UNITS),
        "/tornado": tornado,
        "/tornado_loss": swings,
        "/variance": variance,
        "/alternatives": knowledge.alternatives(shown),
        "/cards": cards_dataset(facts.cards),
        "/owners": owners_group(np.concatenate(owned), facts.owners),
        "/checks/second_method": checked,
        "/checks/own_history": lived,
        **reality_groups(facts.reality, model, base, laws, insured, insured_error, facts.spec.seed, ledger),
    }
    groups |= mandate_groups(
        facts.mandate,
        answers,
        years,
        premium,
        loadings,
        laws,
        rates,
        facts.inventory,
        facts.grade.headline.grade,
        facts.spec.seed,
        ledger,
    )
    known_limits(groups["/limit_adequacy"], groups["/smallest_limit"], smallest, knowledge)
    groups |= sensitivity_groups(model, base, facts.mandate, facts.spec.seed)
    groups |= prevention_groups(
        model,
        base,
        facts.mandate,
        facts.grade,
        facts.substances,
        facts.records,
        gross,
        drawn,
        ledger,
    )
    if "/tariff" in groups:
        groups["/tariff"] = judged_tariff(
            groups["/tariff"], insured, insured_error, facts.reality.anchors, ledger
        )
    if facts.presets:
        groups["/presets"] = preset_group(
            facts.presets,
            laws,
            facts.inventory.plants.limit,
            loadings,
            seed=facts.spec.seed,
            blocks=PRESET_BLOCKS,
        )
    if facts.own_claims is not None:
        groups["/own_claims"] = facts.own_claims
    groups["/ledger"] = ledger.to_dataset()
    return xr.DataTree.from_dict(groups)


def _moving(swings: xr.Dataset) -> xr.Dataset:
    """Return the parameters that move the quantity at all: loadings do not move what accidents cost."""
    width = np.abs(swings["at_high"].values - swings["at_low"].values)
    return swings.isel(parameter=~(width <= 0))


def _widest(swings: xr.Dataset) -> str:
    """Return the judged parameter that moves the quantity most, as card:parameter; empty where none does."""
    judged = np.flatnonzero(np.isin(swings["status"].values.astype(str), JUDGED))
    if not judged.size:
        return ""
    one = swings.isel(parameter=int(judged[0]))
    return f"{one['card'].item()}:{str(one['parameter'].item()).rpartition(':')[2]}"


def _attributes(facts: Inputs, model: ZoneModel, plan: VariantPlan, years: ZoneYears) -> xr.Dataset:
    spec = facts.spec
    return xr.Dataset(
        attrs={
            "kind": spec.kind,
            "name": spec.name,
            "title": spec.title,
            "underwriting_year": spec.underwriting_year,
            "price_year": spec.price_year,
            "years": years.years,
            "seed": spec.seed,
            "block_length": BLOCK_LENGTH,
            "currency": "CNY",
            "plants": len(model.plants),
            "synthetic_zone": int(facts.synthetic),
            "plants_file": spec.inventory.plants,
            "m_cut": spec.grading.m_cut,
            "unknown_part": spec.grading.unknown_part,
            "boundary": spec.grading.boundary,
            "cap": spec.severity.cap,
            "knowledge_draws": plan.draws,
            "knowledge_years": -(-spec.knowledge.years // BLOCK_LENGTH) * BLOCK_LENGTH,
        }
    )


def _tell_run(years: ZoneYears, checked: xr.Dataset, ledger: Ledger) -> None:
    """Write what the simulation did to the ledger."""
    capped = round(float(years.by_head("capped").sum()) * years.years)
    if capped > 0:
        ledger.add(
            "clipped",
            "loss of a head",
            f"{capped:,} losses of {years.years:,} years reached the cap of their head.",
            capped,
        )
    for row in range(checked.sizes["quantity"]):
        one = checked.isel(quantity=row)
        if abs(float(one["difference"])) > MOST_ERRORS:
            ledger.add(
                "unreliable",
                f"simulated {one['quantity'].item()}",
                f"{float(one['simulated']):,.4g} lies {abs(float(one['difference'])):.1f} standard errors from its "
                f"closed form, {float(one['closed_form']):,.4g}.",
            )
