# SPDX-License-Identifier: Apache-2.0
"""Basis risk of an index study: the buyer's recorded loss beside what the cover would have paid in the same years."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.groups import basis_groups
from greenrisk.resource.basis_risk.measures import BasisRisk, basis_risk
from greenrisk.resource.index_cover.index_inputs import Inputs
from greenrisk.resource.index_cover.index_knowledge import Knowledge
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.index_study_spec import indices_of
from greenrisk.resource.index_cover.law_premium import paid_side
from greenrisk.resource.index_cover.series import Floats

OF_THE_HEADLINE: Final = {"mean_loss": "average_annual_loss", "expected_shortfall": "average_annual_gap"}
"""Measures that the headline tells too -> their quantity."""


def basis_of(
    facts: Inputs,
    model: IndexModel,
    fitted: Fitted,
    loss: Floats,
    gross: float,
    pure: float,
    knowledge: Knowledge,
    ledger: Ledger,
) -> tuple[dict[str, xr.Dataset], BasisRisk | None]:
    """Return the groups of basis risk; none where there is no loss, or too few years to speak of it.

    Parameters
    ----------
    facts : Inputs
        The scenario.
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The treated record.
    loss : array, shape (years,)
        The buyer's loss, treated alike; NaN where not known [CNY].
    gross, pure : float
        Premium charged, and without loadings [CNY/year].
    knowledge : Knowledge
        All variants.
    ledger : Ledger
        Told why there is no basis risk.
    """
    if facts.buyer is None:
        ledger.add(
            "assumption",
            "basis risk",
            "No loss of a buyer is named: what the cover would have missed is not known, and nothing is said of it.",
        )
        return {}, None
    both = np.isfinite(loss) & fitted.known
    buyer = replace(facts.buyer, loading=gross / pure if pure > 0 else 1.0)
    first = indices_of(facts.spec.covers[0].payout)[0]
    try:
        index = fitted.indices[first].value[both]
        turned = -index if paid_side(model.part, first) == "below" else index
        found = basis_risk(
            loss[both],
            fitted.total[both],
            gross,
            buyer,
            severity=None if fitted.indices[first].of_events else turned,
            block_years=model.record.block_years,
            seed=facts.spec.seed,
        )
    except GreenRiskError as error:
        told = "; ".join(f"{fault.what}: {fault.expected}" for fault in error.faults)
        ledger.add("unreliable", "basis risk", f"It is not told. {told}")
        return {}, None
    found = _with_cards(found, knowledge)
    treatment = model.record.treatment[first]
    groups = basis_groups(found, model.record.year[both], buyer, treatment=treatment)
    return {f"/{name}": group for name, group in groups.items()}, found


def _with_cards(found: BasisRisk, knowledge: Knowledge) -> BasisRisk:
    """Return the measures; those that the headline tells too have its interval, in which cards move as well."""
    measures = []
    for one in found.measures:
        if one.name in OF_THE_HEADLINE:
            low, high = knowledge.interval(OF_THE_HEADLINE[one.name], one.value)
            note = f"{one.note} Interval as in the headline: the record is drawn anew, and the cards too."
            one = replace(one, low=low, high=high, note=note)
        measures.append(one)
    return replace(found, measures=tuple(measures))


def headline_terms(
    found: BasisRisk | None,
) -> list[tuple[str, float, tuple[float, float], str, dict[str, object]]]:
    """Return the figures of the headline: term, value, interval, method and dimensions; none without basis risk.

    Parameters
    ----------
    found : BasisRisk or None
        The measures.
    """
    if found is None:
        return []
    measures = {one.name: one for one in found.measures}
    missed = measures["false_negatives"]
    mean = f"mean of {found.loss.size} years of the treated record"
    rows: list[tuple[str, float, tuple[float, float], str, dict[str, object]]] = []
    whole: dict[str, object] = {"layer": "ground_up"}
    for name, dims in (("mean_loss", whole), ("expected_shortfall", {})):
        one = measures[name]
        rows.append((OF_THE_HEADLINE[name], one.value, (one.low, one.high), mean, dims))
    counted = f"{found.matched} worst years of {found.loss.size}; exact interval of a share"
    return [*rows, ("false_negative_share", missed.value, (missed.low, missed.high), counted, {})]
