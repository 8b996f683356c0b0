# SPDX-License-Identifier: Apache-2.0
"""Combines the parts of a wetland run to the result tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.premium.gross import build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.knowledge import cards_dataset, tell_parameters, tell_unknown
from greenrisk.core.ledger import Ledger
from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.index_cover.index_knowledge import variance_shares
from greenrisk.resource.reinsurance_results import price, reinsurance_results, tell_reinsurance
from greenrisk.resource.structure import cede_years
from greenrisk.resource.wetland.basis_part import joint_years
from greenrisk.resource.wetland.headline import curves_group, headline
from greenrisk.resource.wetland.index_part import index_checks, index_fits, index_groups, speaks_of
from greenrisk.resource.wetland.inputs import Inputs
from greenrisk.resource.wetland.insurable import Insurable, insurable
from greenrisk.resource.wetland.knowledge import Knowledge
from greenrisk.resource.wetland.model import WetlandModel
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH
from greenrisk.resource.wetland.products import beside_market, product_checks, product_group
from greenrisk.resource.wetland.quantities import INDEX_PART, SITES_PART, bounds, units
from greenrisk.resource.wetland.result_groups import (
    heads_group,
    insurable_group,
    losses_group,
    perils_group,
    premium_group,
    second_method,
    sites_group,
)
from greenrisk.resource.wetland.roles import small_role
from greenrisk.resource.wetland.service_context import service_group, site_service_values
from greenrisk.resource.wetland.small_cover_results import small_cover_group
from greenrisk.resource.wetland.small_cover_spec import OldTreesCover
from greenrisk.resource.wetland.small_covers import simulate_small_cover
from greenrisk.resource.wetland.variants import VariantPlan
from greenrisk.resource.wetland.year_part import YearTable, gather

MOST_ERRORS: Final = 4.0
"""Standard errors between simulation and closed form beyond which the ledger speaks."""

OF_THE_LINK: Final = (
    ("false_negative_share", "false_negatives"),
    ("average_annual_gap", "expected_shortfall"),
)
"""Terms of the headline that rest on the link, with their measure of basis risk."""

SMALL_YEARS: Final = 20000
"""Simulated years of the second method of small covers [year]."""


def finish(
    facts: Inputs,
    model: WetlandModel,
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
    spec, base = facts.spec, plan.variants[0]
    table = gather(parts, simulation_blocks)
    variants = list(parts)
    values, by_site = (
        np.concatenate([one[name].values for one in variants]) for name in ("quantity", "site_premium")
    )
    names = part_names(facts, model)
    named = units(model.kinds, names)
    fits = index_fits(model, plan)
    speaks = speaks_of(model, plan, fits)
    limits = bounds(spec.terms.event_limit_cny, spec.terms.annual_limit_cny)
    knowledge = Knowledge(tuple(named), values, by_site, plan, facts.cards, speaks, limits)
    laws, loadings = model.laws(base), Loadings.from_values(base.values["loadings"])
    paid = _paid(facts, plan, table)
    counted = np.array([float(facts.insured_sites), *np.zeros(len(names) - 1)])
    premium = build_up(paid, loadings, names, {"sites": counted})
    gross = float(premium.row("gross_premium")[0])
    years = cede_years(
        np.ascontiguousarray(table.loss[:, 1]),
        table.events,
        spec.reinsurance,
        None,
        float(premium.row("gross_premium")[1]),
    )
    prices = price(years, spec.reinsurance, None)
    tornado = knowledge.tornado(gross)
    variance = variance_shares(tornado, knowledge)
    joint = joint_years(facts, model, plan, table, premium, knowledge, ledger)
    terms = [] if joint is None else [(name, *joint.told(key)) for name, key in OF_THE_LINK]
    limit = model.sites.limit + model.sites.water_limit
    insured_mu = float(model.sites.area[limit > 0].sum()) * MU_PER_HA
    metrics, shown = headline(
        table, years, paid, names, premium, knowledge, variance, terms, insured_mu, float(limit.sum())
    )
    tell_parameters(tornado.isel(parameter=tornado["status"].values != "record"), ledger)
    tell_unknown(knowledge, ledger)
    tell_reinsurance(prices, spec.reinsurance, ledger)
    checked = second_method(model, table, laws)
    if model.index is not None:
        rows = index_checks(model, plan, table)
        checked = xr.concat([checked, rows], dim="quantity", combine_attrs="override")
    _tell_run(table, checked, ledger)
    found = insurable(model.sites, laws.numbers)
    service = np.full(len(model.sites), np.nan)
    groups: dict[str, xr.Dataset] = {"/": _attributes(facts, model, plan, table.years), "/metrics": metrics}
    if facts.services is not None:
        service = site_service_values(model.sites, *facts.services)
        groups["/service_values"] = service_group(model.sites, *facts.services, found)
    groups |= {
        "/losses": losses_group(table, years, paid, names, model.kinds),
        "/curves": curves_group(table, knowledge),
        **premium_group(premium, spec.payers),
        "/sites": sites_group(model, table, found, premium, loadings, knowledge, service),
        "/perils": perils_group(model, table, laws, knowledge),
        "/heads": heads_group(table),
        "/insurable": insurable_group(model.sites, found),
        "/reinsurance": reinsurance_results(years, prices, spec.reinsurance),
        "/knowledge": knowledge.draws_dataset(named),
        "/tornado": tornado,
        "/variance": variance,
        "/cards": cards_dataset({**facts.cards, **facts.prevention}),
        "/checks/second_method": checked,
    }
    if plan.alternatives:
        groups["/alternatives"] = knowledge.alternatives(shown)
    if spec.small_covers:
        groups["/small_covers"] = small_cover_group(
            spec.small_covers,
            {**facts.cards, **facts.prevention},
            replace(loadings, fixed_expenses=0.0),  # those are of a site
            years=SMALL_YEARS,
            seed=spec.seed,
            draws=spec.knowledge.draws,
        )
    if facts.products is not None:
        groups["/products"] = _products(facts, model, found, groups)
    if model.index is not None:
        groups |= index_groups(facts, model, plan, table, fits, ledger)
        groups |= {} if joint is None else joint.groups
    groups["/ledger"] = ledger.to_dataset()
    return xr.DataTree.from_dict(groups)


def part_names(facts: Inputs, model: WetlandModel) -> tuple[str, ...]:
    """Return the names of the parts of the premium: the sites, the index, each small cover."""
    index = (INDEX_PART,) if model.index is not None else ()
    return (SITES_PART, *index, *(cover.name for cover in facts.spec.small_covers))


def _paid(facts: Inputs, plan: VariantPlan, table: YearTable) -> np.ndarray:
    """Return what each part pays in each simulated year, shape (years, parts) [CNY]."""
    spec, values = facts.spec, plan.variants[0].values
    columns = [table.loss[:, 1]]
    if table.payment.shape[1]:
        columns.append(table.payment.sum(axis=1))
    columns += [
        simulate_small_cover(cover, values[small_role(cover.name)], table.years, spec.seed)
        for cover in spec.small_covers
    ]
    return np.stack(columns, axis=1)


def _products(
    facts: Inputs, model: WetlandModel, found: Insurable, groups: Mapping[str, xr.Dataset]
) -> xr.Dataset:
    """Return the group ``/products``: published products computed again, and this study's figures beside them."""
    assert facts.products is not None
    seen, figures = facts.products
    mu = float(model.sites.area.sum()) * MU_PER_HA
    rate = None
    for place, cover in enumerate(facts.spec.small_covers):
        if isinstance(cover, OldTreesCover):
            gross = float(groups["/small_covers"]["gross_premium"][place])
            rate = gross / (cover.units * cover.sum_insured_cny)
    limit = model.sites.limit + model.sites.water_limit
    of_sites = float(groups["/premium"]["amount"].sel(row="gross_premium", segment=SITES_PART))
    insured_mu = float(model.sites.area[limit > 0].sum()) * MU_PER_HA
    rates = (1000.0 * of_sites / float(limit.sum()), of_sites / insured_mu)
    beside = beside_market(
        seen, insurable_per_mu=float(found.value.sum()) / mu, old_tree_rate=rate, sites_rates=rates
    )
    return product_group(product_checks(seen, figures), beside)


def _attributes(facts: Inputs, model: WetlandModel, plan: VariantPlan, years: int) -> xr.Dataset:
    spec = facts.spec
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
            "sites": len(model.sites),
            "insured_sites": facts.insured_sites,
            "sites_file": spec.sites,
            "spills_from": "card" if model.upstream is None else "upstream run",
            "has_index": int(model.index is not None),
            "has_loss": 1,
            "declared_link": "" if spec.link is None else spec.link.declared,
            **_treated(model),
            "knowledge_draws": plan.draws,
            "knowledge_years": -(-spec.knowledge.years // BLOCK_LENGTH) * BLOCK_LENGTH,
            **{f"synthetic_{name}": int(mark) for name, mark in facts.synthetic.items()},
        }
    )


def _treated(model: WetlandModel) -> dict[str, object]:
    """Return what is done to the record of the linked index; empty without one."""
    if model.index is None:
        return {"treatment": "", "break_year": -1}
    record = model.index.record
    treatment = record.treatment[model.linked]
    moved = treatment in ("step", "post_break")
    return {
        "treatment": treatment,
        "break_year": record.changes[model.linked].break_year if moved else -1,
        "first_year": int(record.year[0]),
        "last_year": int(record.year[-1]),
    }


def _tell_run(table: YearTable, checked: xr.Dataset, ledger: Ledger) -> None:
    """Write what the simulation did to the ledger."""
    twice = float(table.repeated.sum()) / table.years
    if twice > 0:
        ledger.add(
            "assumption",
            "several events at one site in a year",
            f"What a site had lost before in the year is not lost again: {twice:,.4g} CNY a year are not counted.",
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
