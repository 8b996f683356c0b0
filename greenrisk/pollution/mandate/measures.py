# SPDX-License-Identifier: Apache-2.0
"""What prevention saves, and how far limits hang on the law of severity: answers that need years of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.pollution.accidents.exposure import exposure_of
from greenrisk.pollution.accidents.records import Records
from greenrisk.pollution.grading.inventory_grade import InventoryGrade, grade_inventory
from greenrisk.pollution.inventory import Floats, Inventory
from greenrisk.pollution.liability.per_accident import PerAccident
from greenrisk.pollution.mandate.answers import MandateInputs
from greenrisk.pollution.mandate.insurer_prevention import insurer_prevention
from greenrisk.pollution.mandate.limit_adequacy import cap_sensitivity
from greenrisk.pollution.mandate.mandate_spec import MeasureSpec
from greenrisk.pollution.mandate.prevention import prevention_group, saving, take, yearly_cost
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.severity.roles import THRESHOLDS
from greenrisk.pollution.substances import Substances
from greenrisk.pollution.variants import CAPS, Variant

BLOCKS: Final = 20
"""Blocks of years that all alternatives of the severity share."""

MOST_ERRORS: Final = 3.0
"""Standard errors between closed form and drawn accidents beyond which the ledger speaks."""


def sensitivity_groups(
    model: ZoneModel, base: Variant, given: MandateInputs, seed: int
) -> dict[str, xr.Dataset]:
    """Return the group ``/limit_sensitivity``: limits under both thresholds of the tail and three caps."""
    laws = {f"{base.values['severity']['tail_threshold']}, {base.cap}": model.laws(base)}
    for threshold in THRESHOLDS:
        for cap in CAPS:
            other = replace(base.with_value("severity", "tail_threshold", threshold), cap=cap)
            laws.setdefault(f"{threshold}, {cap}", model.laws(other))
    questions = given.questions
    found = cap_sensitivity(
        laws,
        questions.own,
        questions.grid,
        questions.groups,
        given.spec.limit_adequacy.leave,
        seed=seed,
        blocks=BLOCKS,
    )
    return {"/limit_sensitivity": found}


def prevention_groups(
    model: ZoneModel,
    base: Variant,
    given: MandateInputs,
    graded: InventoryGrade,
    substances: Substances,
    records: Records,
    premium: float,
    drawn: PerAccident,
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return ``/prevention`` and ``/insurer_prevention``: what measures save.

    Parameters
    ----------
    model : ZoneModel
        The zone as it is.
    base : Variant
        The central cards.
    given : MandateInputs
        Measures and card.
    graded : InventoryGrade
        Grades as they are.
    substances : Substances
        Lists and properties, for the grades after a measure.
    records : Records
        Tables behind the frequency.
    premium : float
        Technical premium of the zone [CNY/year].
    drawn : PerAccident
        Loss and payment of a mean accident.
    ledger : Ledger
        Told how a measure acts, and where both methods are more than three errors apart.
    """
    before, plants = model.laws(base), model.plants
    after_measure = _after(model, base, graded, substances, records)
    found = {}
    for measure in given.spec.measures:
        taken = take(graded.inventory, measure)
        changed = after_measure(taken.inventory)
        saved = saving(before, changed.laws(base), drawn)
        if abs(saved.apart) > MOST_ERRORS:
            ledger.add(
                "unreliable",
                f"saving of {measure.name}",
                f"Drawn accidents save {saved.drawn_loss:,.0f} CNY a year, {abs(saved.apart):.1f} standard errors from "
                f"the closed form, {saved.loss.sum():,.0f}.",
            )
        costs = {
            control: graded.rules.costs[control][0]
            + graded.rules.costs[control][1] * _units(control, plants.people_500m)
            for control in measure.controls
        }
        found[measure.name] = (taken, saved, yearly_cost(taken, measure, costs, given.values))
    groups = {"/prevention": prevention_group(found, plants.ids)} if found else {}
    service = MeasureSpec(name="service", prevention="advanced")
    risen = after_measure(take(graded.inventory, service).inventory)
    saved = saving(before, risen.laws(base), drawn)
    loss, payments = np.maximum(saved.loss, 0.0), np.maximum(saved.payments, 0.0)
    groups["/insurer_prevention"] = insurer_prevention(payments, loss, premium, given.values, plants.ids)
    ledger.add(
        "assumption",
        "prevention",
        "A control acts on the frequency through the official grade alone, a level of prevention through its rating "
        "factor; both effects are judged.",
        status="illustrative",
    )
    return groups


def _after(
    model: ZoneModel,
    base: Variant,
    graded: InventoryGrade,
    substances: Substances,
    records: Records,
) -> Callable[[Inventory], ZoneModel]:
    """Return how the model of a changed inventory is made: graded anew, its rates anew."""

    def changed(inventory: Inventory) -> ZoneModel:
        again = grade_inventory(
            inventory,
            substances,
            graded.rules,
            cut=graded.cut,
            part=graded.part,
            boundary=graded.boundary,
            year=graded.year,
        )
        exposure = exposure_of(inventory, again.headline.grade, records)
        return replace(
            model, plants=inventory.plants, exposure=exposure, readings=again.readings, observed=model
        )

    return changed


def _units(control: str, people_500m: Floats) -> Floats:
    """Return how many units of a control a plant needs beside its fixed cost: persons within 500 m to be moved."""
    return people_500m if control == "distance_met" else np.zeros_like(people_500m)
