# SPDX-License-Identifier: Apache-2.0
"""The index study: reads and checks everything.

``prepare`` is the only place that opens files. :class:`greenrisk.resource.index_cover.index_job.IndexJob` then runs by
blocks, and :mod:`greenrisk.resource.index_cover.index_results` combines the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.card_roles import check_variants, read_wanted
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.basis_risk.buyer import Buyer
from greenrisk.resource.basis_risk.circular import circular_faults
from greenrisk.resource.basis_risk.recorded import YearLoss, read_loss, wanted_cost
from greenrisk.resource.index_cover.calibration_terms import Calibration
from greenrisk.resource.index_cover.carried_line import carried_year
from greenrisk.resource.index_cover.event_law import fit_events
from greenrisk.resource.index_cover.guards import guard_rows
from greenrisk.resource.index_cover.history_spec import Family
from greenrisk.resource.index_cover.index_choices import applied, buyer_before, calibrated, trial_premium
from greenrisk.resource.index_cover.index_inputs import Inputs, yearly_loss
from greenrisk.resource.index_cover.index_job import IndexJob
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.index_record import IndexRecord, read_record, treated_index
from greenrisk.resource.index_cover.index_study_spec import BLOCK_LENGTH, IndexPart, IndexScenario, indices_of
from greenrisk.resource.index_cover.index_variants import BURN, Variant, admissible, plan_variants
from greenrisk.resource.index_cover.law_choice import fit_or_best
from greenrisk.resource.index_cover.law_premium import paid_side
from greenrisk.resource.index_cover.laws import FAMILIES
from greenrisk.resource.index_cover.roles import wanted_cards
from greenrisk.resource.index_cover.series_spec import TableSeries
from greenrisk.resource.index_cover.treatments import TREATMENTS

SMOOTH: Final = tuple(family for family in FAMILIES if family != "empirical")
"""Families that are laws of their own; the years themselves are drawn whole."""


def prepare(spec: IndexScenario, sources: Sources) -> IndexJob:
    """Read and check every series and card at once.

    Parameters
    ----------
    spec : IndexScenario
        The validated scenario.
    sources : Sources
        Finds, reads and hashes the inputs; collects faults.

    Raises
    ------
    GreenRiskError
        With the faults of all inputs.
    """
    wanted = wanted_cards(spec) | wanted_cost(spec.loss)
    cards = read_wanted(wanted, sources)
    loss = None if spec.loss is None else read_loss(spec.loss, sources)
    record = read_record(spec, spec.underwriting_year, spec.seed, sources)
    _check_loss_is_there(spec, sources)
    sources.raise_if_any()
    assert record is not None
    model = model_of(spec, record, spec.seed, sources)
    sources.raise_if_any()
    assert model is not None
    base = Variant({role: card.values() for role, card in cards.items()})
    if loss is not None:
        _check_circular(model, loss, base, sources)
    sources.raise_if_any()
    model, buyer, calibration = _choices(spec, model, loss, base, sources)
    sources.raise_if_any()
    treatments = [one for one in TREATMENTS if _fits(model, Variant(base.values, treatment=one))]
    laws = [one for one in SMOOTH if _fits(model, Variant(base.values, law=one))]
    verdicts = [one.verdict for one in record.changes.values()]
    chosen = [record.treatment[name] for name in record.changes]
    others = admissible(treatments, chosen, verdicts)
    carried = carried_year(chosen, int(record.year[-1]), spec.underwriting_year)
    plan = plan_variants(cards, treatments, [*laws, BURN], spec.seed, spec.knowledge.draws, others, carried)
    built: Mapping[str, Callable[[Variant], object]] = {
        "loadings": lambda variant: Loadings.from_values(variant.values["loadings"])
    }
    check_variants(plan.variants, built, wanted, sources)
    sources.raise_if_any()
    rounded = -(-spec.years // BLOCK_LENGTH) * BLOCK_LENGTH
    if rounded != spec.years:
        sources.ledger.add(
            "rounded", "years", f"{spec.years:,} years were rounded up to {rounded:,}, whole blocks."
        )
    facts = Inputs(
        spec=spec,
        cards=cards,
        guards=tuple(
            row
            for series in record.series.values()
            for row in guard_rows(series, spec.history.accept_unit_change)
        ),
        loss=loss,
        synthetic=_synthetic(spec, sources),
        buyer=buyer,
        calibration=calibration,
    )
    return IndexJob(dict(sources.inputs), sources.ledger, model, plan, facts)


def model_of(
    part: IndexPart, record: IndexRecord, seed: int, sources: Sources, at: tuple[str | int, ...] = ()
) -> IndexModel | None:
    """Return the covers on a record, with the law of each index decided; None where faults were recorded.

    Parameters
    ----------
    part : IndexPart
        Covers, terms and the wanted law.
    record : IndexRecord
        The record.
    seed : int
        Seed of all streams.
    sources : Sources
        Takes the faults.
    at : tuple
        Key under which the scenario holds the part; empty: at its top.
    """
    family: dict[str, Family] = {}
    for name in dict.fromkeys(name for cover in part.covers for name in indices_of(cover.payout)):
        found = sources.made(partial(_family, part, record, name), (*at, "history", "law"))
        if found is None:
            return None
        family[name] = found
    return IndexModel(part, record, family, seed)


def _family(part: IndexPart, record: IndexRecord, name: str) -> Family:
    """Return the family of the law of an index: the one asked for, or that of the smallest AIC."""
    index = treated_index(record, name, record.treatment[name])
    pays = paid_side(part, name)
    if index.of_events:
        return fit_events(index, part.history.law, pays).intensity.family
    return fit_or_best(index.value, part.history.law, pays, index.bounds).family


def _choices(
    spec: IndexScenario, model: IndexModel, loss: YearLoss | None, base: Variant, sources: Sources
) -> tuple[IndexModel, Buyer | None, Calibration | None]:
    """Return the model with its trigger and exit, the buyer, and the calibration; faults are recorded."""
    fitted = model.fitted(base)
    loadings = sources.made(lambda: Loadings.from_values(base.values["loadings"]), ("loadings",))
    if loadings is None:
        return model, None, None
    gross, pure = trial_premium(model, fitted, loadings, spec.years)
    buyer, lost = None, None
    if loss is not None:
        lost = yearly_loss(spec, loss, model, base, Ledger())
        buyer = sources.made(
            lambda: buyer_before(spec.buyer, fitted, lost, (gross, pure), sources.ledger),
            ("buyer", "wealth_cny"),
        )
        if buyer is None:
            return model, None, None
    loading = gross / pure if pure > 0 else 1.0
    found = sources.made(lambda: calibrated(model, fitted, lost, buyer, loading), ("calibration",))
    if found is not None and spec.calibration is not None and spec.calibration.apply:
        model = applied(model, found, sources.ledger)
    return model, buyer, found


def _fits(model: IndexModel, variant: Variant) -> bool:
    """Return whether the record allows what a variant does with it."""
    try:
        fitted = model.fitted(variant)
    except GreenRiskError:
        return False
    return bool(fitted.known.any())


def _check_loss_is_there(spec: IndexScenario, sources: Sources) -> None:
    asked = spec.calibration
    if asked is not None and asked.method != "return_period" and spec.loss is None:
        sources.fault(
            ("calibration", "method"),
            f"calibration.method = {asked.method}",
            "It weighs the buyer's loss, and the scenario has none. Give `loss`, or choose `return_period`.",
        )


def _check_circular(model: IndexModel, loss: YearLoss, base: Variant, sources: Sources) -> None:
    """Refuse a loss that is made from the index."""
    record = model.record
    year = record.year
    money = loss.money(base.values.get("unit_cost"))
    aligned = np.full(year.size, np.nan)
    inside = np.isin(loss.year, year)
    aligned[np.searchsorted(year, loss.year[inside])] = money[inside]
    if np.isfinite(aligned).sum() < 5:
        sources.fault(
            ("loss", "series"),
            f"{int(np.isfinite(aligned).sum())} years in common with the index",
            "Loss and index need at least 5 years in common.",
            "year",
        )
        return
    raw = model.fitted(Variant(base.values, treatment="none", law=BURN))
    drivers = {f"index {name}": index.value for name, index in record.indices.items()}
    origins = {name: series.origin for name, series in record.series.items()}
    faults = circular_faults("", loss.origin, origins, aligned, drivers | {"payments": raw.total})
    for fault in faults:
        sources.fault(("loss",), fault.what, fault.expected, fault.unit)


def _synthetic(spec: IndexScenario, sources: Sources) -> dict[str, bool]:
    """Return whether series and loss are made up; the ledger is told of tables that are not confirmed."""
    tables = {f"series_{name}": one.file for name, one in spec.series.items() if isinstance(one, TableSeries)}
    if spec.loss is not None:
        tables["loss"] = spec.loss.series.file
    status = {name: sources.status_of(file) for name, file in tables.items()}
    for file in dict.fromkeys(tables.values()):
        known = sources.status_of(file)
        if known not in ("confirmed", "user"):
            sources.ledger.add("assumption", file, f"The table is {known}.", status=known)
    return {name: one == "synthetic" for name, one in status.items()}
