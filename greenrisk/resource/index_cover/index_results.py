# SPDX-License-Identifier: Apache-2.0
"""Combines the parts of an index run to the result tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.premium.gross import PremiumBuildUp, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.knowledge import cards_dataset, tell_parameters, tell_unknown
from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.measures import BasisRisk
from greenrisk.resource.index_cover.burn import burn
from greenrisk.resource.index_cover.index_backtest import backtest_groups
from greenrisk.resource.index_cover.index_basis import basis_of, headline_terms
from greenrisk.resource.index_cover.index_choices import calibration_group, cover_of
from greenrisk.resource.index_cover.index_doubts import tell_budget, tell_gross, tell_laws
from greenrisk.resource.index_cover.index_groups import (
    changes_group,
    guards_group,
    history_group,
    payout_function_group,
    record_group,
    series_group,
)
from greenrisk.resource.index_cover.index_headline import curves_group, headline
from greenrisk.resource.index_cover.index_inputs import Inputs
from greenrisk.resource.index_cover.index_knowledge import RECORD, Knowledge, speaking, variance_shares
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.index_quantities import LAYERS, Floats, bounds, units
from greenrisk.resource.index_cover.index_study_spec import BLOCK_LENGTH, indices_of
from greenrisk.resource.index_cover.index_told import tell_draws, tell_record
from greenrisk.resource.index_cover.index_variants import VariantPlan
from greenrisk.resource.index_cover.index_views import (
    families_group,
    law_fits,
    laws_group,
    second_method,
    tell_second_method,
    treatments_group,
)
from greenrisk.resource.index_cover.law_goodness import goodness
from greenrisk.resource.index_cover.law_premium import paid_side
from greenrisk.resource.index_cover.laws import IndexLaw
from greenrisk.resource.index_cover.premium_views import premium_views

FIT_DRAWS: Final = 99
"""Simulated records behind the chance of a law's fit: enough for a level of 5 %."""


def finish(
    facts: Inputs,
    model: IndexModel,
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
    payments = np.concatenate([next(parts)["payment"].values for _ in range(simulation_blocks)])
    variants = list(parts)
    values, replaced = (
        np.concatenate([dataset[name].values for dataset in variants]) for name in ("quantity", "replaced")
    )
    named, record = units(model.covers), model.record
    base = plan.variants[0]
    fitted = model.fitted(base)
    fits = _fits(model, fitted)
    fit: dict[str, float] = {}
    for law, chance in (one for laws in fits.values() for one in laws):
        fit[law.family] = min(chance, fit.get(law.family, 1.0))
    verdicts = [one.verdict for one in record.changes.values()]
    speaks = speaking(plan, verdicts, fit, model.part.history.level)
    limits = bounds(model.covers, model.most, [cover.most_a_year for cover in model.part.covers])
    knowledge = Knowledge(tuple(named), values, plan, facts.cards, speaks, limits)
    loadings = Loadings.from_values(base.values["loadings"])
    premium = build_up(payments, loadings, model.covers)
    gross, pure = (float(premium.row(name)[0]) for name in ("gross_premium", "pure_premium"))
    burned = burn(fitted.total, block_years=model.record.block_years, seed=facts.spec.seed)
    loss = facts.yearly_loss(model, base, ledger)
    tornado = knowledge.tornado(gross)
    variance = variance_shares(tornado, knowledge)
    basis, found = basis_of(facts, model, fitted, loss, gross, pure, knowledge, ledger)
    terms = headline_terms(found)
    metrics, shown = headline(payments, model.most, premium, knowledge, variance, tornado, burned, terms)
    views = premium_views(
        model.part,
        record.indices,
        record.changes,
        record.scale,
        block_years=record.block_years,
        seed=facts.spec.seed,
    )
    checked = second_method(model, fitted, payments, burned)
    tell_second_method(checked, ledger)
    _tell_parameters(knowledge, tornado, found, ledger)
    tell_unknown(knowledge, ledger)
    tell_record(model, fitted, burned.paying_years, ledger)
    tell_laws(model, fitted, fits, burned, ledger)
    tell_gross(gross, model.most, ledger)
    tell_draws(knowledge, int(replaced.sum()), ledger)
    groups: dict[str, xr.Dataset] = {
        "/": _attributes(facts, model, plan, len(payments)),
        "/metrics": metrics,
        "/losses": _losses(payments, model.covers),
        "/curves": curves_group(payments.sum(axis=1), knowledge),
        "/premium": _premium(premium, model),
        "/treatments": treatments_group(views, {name: record.treatment[name] for name in model.family}),
        "/families": families_group(model, fitted, fit),
        "/index_laws": laws_group(model, fitted, fits),
        "/checks/second_method": checked,
        **backtest_groups(model, ledger),
        **basis,
        **({"/tornado_gap": _tornado_gap(knowledge, found)} if found is not None else {}),
        "/series": series_group(model.record.series),
        "/guards": guards_group(facts.guards),
        "/record": record_group(model.record, fitted),
        "/history": history_group(model, fitted, loss),
        "/payout_function": payout_function_group(model, fitted),
        "/knowledge": knowledge.draws_dataset(named),
        "/tornado": tornado,
        "/variance": variance,
        "/alternatives": knowledge.alternatives(shown),
        "/cards": cards_dataset(facts.cards),
    }
    if model.record.changes:
        by_index = {name: model.record.indices[name].unit for name in model.record.changes}
        groups["/changes"] = changes_group(model.record.changes, by_index)
    asked = model.part.calibration
    if facts.calibration is not None and asked is not None:
        cover = cover_of(model.part, asked)
        unit = record.indices[indices_of(cover.payout)[0]].unit
        charged = float(premium.row("gross_premium")[1 + model.covers.index(cover.name)])
        tell_budget(facts.calibration, charged if asked.apply else None, ledger)
        groups["/calibration"] = calibration_group(facts.calibration, asked, cover, unit)
    groups["/ledger"] = ledger.to_dataset()
    return xr.DataTree.from_dict(groups)


def _tell_parameters(
    knowledge: Knowledge, tornado: xr.Dataset, basis: BasisRisk | None, ledger: Ledger
) -> None:
    """Write a ledger line for every judged parameter: what it moves the premium by, or else what is left uncovered."""
    of_cards = tornado["status"].values != RECORD
    moves = tornado["gross_at_low"].values != tornado["gross_at_high"].values
    tell_parameters(tornado.isel(parameter=of_cards & moves), ledger)
    if basis is None:
        return
    gap = knowledge.swings("average_annual_gap", basis.value("expected_shortfall"))
    others = set(tornado["parameter"].values[of_cards & ~moves].tolist())
    for i, name in enumerate(gap["parameter"].values.tolist()):
        one = gap.isel(parameter=i)
        if name in others and one["status"].item() != "confirmed":
            ledger.add(
                "parameter",
                f"{one['card'].item()}:{name}",
                f"{one['label'].item()} {one['value'].item()} {one['unit'].item()}, range {one['low'].item()} to "
                f"{one['high'].item()} ({one['basis'].item()}) It moves the buyer's loss, not the premium.",
                status=str(one["status"].item()),
                source=str(one["source"].item()),
                quantity="average_annual_gap",
                base=float(gap.attrs["base"]),
                at_low=float(one["at_low"]),
                at_high=float(one["at_high"]),
                unit="CNY/year",
            )


def _fits(model: IndexModel, fitted: Fitted) -> dict[str, list[tuple[IndexLaw, float]]]:
    """Return by index the laws that could be fitted, and the chance of their fit."""
    return {
        name: [
            (law, goodness(law, model.seed, FIT_DRAWS).p)
            for law in law_fits(fitted.indices[name], paid_side(model.part, name))
        ]
        for name in model.family
    }


def _tornado_gap(knowledge: Knowledge, basis: BasisRisk) -> xr.Dataset:
    """Return the group ``/tornado_gap``: the mean loss left uncovered at both ends of what moves it, widest first."""
    swings = knowledge.swings("average_annual_gap", basis.value("expected_shortfall"))
    return swings.isel(parameter=swings["at_low"].values != swings["at_high"].values)


def _losses(payments: Floats, covers: tuple[str, ...]) -> xr.Dataset:
    """Return the group ``/losses``: what the covers paid in every simulated year."""
    money = {"units": "CNY"}
    return xr.Dataset(
        {
            "loss": (("year", "layer"), payments.sum(axis=1, keepdims=True), money),
            "cover_payment": (("year", "cover"), payments, money),
        },
        coords={
            "year": np.arange(payments.shape[0]),
            "layer": np.array(LAYERS),
            "cover": np.array(covers),
        },
    )


def _premium(premium: PremiumBuildUp, model: IndexModel) -> xr.Dataset:
    """Return the group ``/premium``: the build-up of all covers together and of each; rows add up."""
    most = np.array([model.most, *(cover.most_a_year for cover in model.part.covers)])
    money = {"units": "CNY/year"}
    gross = premium.row("gross_premium")
    return xr.Dataset(
        {
            "amount": (("row", "segment"), premium.amount, money),
            "pure_standard_error": ("segment", premium.error.pure, money),
            "gross_standard_error": ("segment", premium.error.gross, money),
            "capital": ("segment", premium.capital, {"units": "CNY"}),
            "most_a_year": ("segment", most, {"units": "CNY"}),
            "rate_on_line": ("segment", gross / most, {"units": "unitless"}),
        },
        coords={"row": np.array(premium.rows), "segment": np.array(premium.segments)},
    )


def _attributes(facts: Inputs, model: IndexModel, plan: VariantPlan, years: int) -> xr.Dataset:
    spec, record = facts.spec, model.record
    first = indices_of(spec.covers[0].payout)[0]
    treatment = record.treatment[first]
    moved = treatment in ("step", "post_break")
    return xr.Dataset(
        attrs={
            "kind": spec.kind,
            "name": spec.name,
            "title": spec.title,
            "underwriting_year": spec.underwriting_year,
            "price_year": spec.price_year,
            "years": years,
            "seed": spec.seed,
            "block_length": BLOCK_LENGTH,
            "currency": "CNY",
            "knowledge_draws": plan.draws,
            "knowledge_years": -(-spec.knowledge.years // BLOCK_LENGTH) * BLOCK_LENGTH,
            "has_loss": int(facts.loss is not None),
            "treatment": treatment,
            "break_year": record.changes[first].break_year if moved else -1,
            "block_years": record.block_years,
            "first_year": int(record.year[0]),
            "last_year": int(record.year[-1]),
            **{f"synthetic_{name}": int(mark) for name, mark in facts.synthetic.items()},
        }
    )
