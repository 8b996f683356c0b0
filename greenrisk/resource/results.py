# SPDX-License-Identifier: Apache-2.0
"""Combines the parts of a forest run to the result tree."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.gross import PremiumBuildUp, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.core.knowledge import cards_dataset, tell_parameters, tell_unknown, variance_shares
from greenrisk.core.ledger import Ledger
from greenrisk.resource.alternative_results import alternatives_results, tell_alternatives
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.headline import headline
from greenrisk.resource.peril_results import peril_results
from greenrisk.resource.policy_terms import policy_group
from greenrisk.resource.premium_file import (
    FileSums,
    RowKnowledge,
    cell_build_up,
    premium_file,
    tell_premium_file,
)
from greenrisk.resource.quantities import UNITS, curve_name
from greenrisk.resource.result_groups import (
    cells_group,
    curves_group,
    losses_group,
    premium_group,
    sites_group,
)
from greenrisk.resource.roles import Inputs
from greenrisk.resource.second_method import tell_second_method
from greenrisk.resource.sections import experience_sections, sections, structure_sections
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.simulation import resolve
from greenrisk.resource.structure import EventCessions, cede_years
from greenrisk.resource.terms_alternatives import AlternativeYears
from greenrisk.resource.told import chain, checks
from greenrisk.resource.variants import VariantPlan
from greenrisk.resource.year_table import YearTable, gather

FEW_EXCEEDANCES = 10
"""A quantile that fewer simulated years exceed is called unreliable in the ledger."""


def finish(
    facts: Inputs,
    exposure: Exposure,
    plan: VariantPlan,
    ledger: Ledger,
    parts: Iterable[xr.Dataset],
    simulation_blocks: int,
) -> xr.DataTree:
    """Combine the parts of a run, given in the order of the blocks.

    Returns
    -------
    xarray.DataTree
        One group for each table of the run folder, ``/losses`` to ``/ledger``.
    """
    settled = AlternativeYears()
    stream = settled.watch(parts)
    book, spec = exposure.book, facts.spec
    table = gather(stream, simulation_blocks)
    variants = list(stream)
    values, by_row = (
        np.concatenate([dataset[name].values for dataset in variants]) for name in ("quantity", "row_premium")
    )
    knowledge = Knowledge(tuple(UNITS), values, plan, facts.cards)

    loadings = Loadings.from_values(facts.cards["loadings"].values())
    names = [f"{county}|{forest_type}" for county, forest_type in exposure.segments]
    area = np.bincount(exposure.segment, weights=book.insured_area_mu, minlength=len(names))
    insured = np.bincount(exposure.segment, weights=book.sum_insured, minlength=len(names))
    premium = build_up(table.segment, loadings, names, {"insured_area": area, "sum_insured": insured})
    gross_total = float(premium.row("gross_premium")[0])
    years = cede_years(
        np.ascontiguousarray(table.loss[:, 1]),
        EventCessions(table.others["cover_ceded"], table.others["cover_reinstated"]),
        spec.reinsurance,
        book,
        gross_total,
    )
    table.loss[:, 2], table.loss[:, 3] = years.ceded, years.net

    tornado = knowledge.tornado(gross_total)
    variance = variance_shares(tornado, knowledge)
    perils = resolve(exposure, plan.variants[0])
    kinds, wildfire = tuple(perils.laws), perils.wildfire
    metrics = headline(table, premium, knowledge, variance, wildfire.counts.mean)
    curves = curves_group(table, knowledge)
    rare = curves["loss"].sel(layer="gross", return_period=250.0)
    exposed = float(exposure.landscape.area_ha.sum())
    tell_parameters(tornado, ledger)
    tell_unknown(knowledge, ledger)
    _tell_run(table, premium, exposure, ledger)
    others = [dataset["other_years"].values for dataset in variants if "other_years" in dataset]
    drawn = np.concatenate(others)[1 : plan.first_end] if others else None
    compared = checks(facts, exposure, wildfire, table, knowledge, drawn)
    tell_second_method(compared["/checks/second_method"], ledger)
    groups: dict[str, xr.Dataset] = {
        "/": xr.Dataset(
            attrs={
                "kind": spec.kind,
                "name": spec.name,
                "title": spec.title,
                "underwriting_year": spec.underwriting_year,
                "price_year": spec.price_year,
                "years": table.years,
                "seed": spec.seed,
                "block_length": BLOCK_LENGTH,
                "currency": "CNY",
                "synthetic_book": int(facts.synthetic_book),
                "book_file": spec.book,
                "landscape_status": facts.landscape_status,
                "knowledge_draws": plan.draws,
                "knowledge_years": -(-spec.knowledge.years // BLOCK_LENGTH) * BLOCK_LENGTH,
            }
        ),
        "/losses": losses_group(table, exposure, names, kinds),
        "/cells": cells_group(table, exposure, names, kinds),
        "/perils": peril_results(table, kinds, knowledge),
        "/metrics": metrics,
        "/curves": curves,
        "/premium": premium_group(premium, exposure, facts.subsidies, names),
        "/policy": policy_group(spec, book),
        "/sites": sites_group(table, exposure, premium),
        "/knowledge": knowledge.draws_dataset(UNITS),
        "/tornado": tornado,
        "/variance": variance,
        "/cards": cards_dataset(facts.cards),
        "/alternatives": knowledge.alternatives(
            {
                "average_annual_loss_ground_up": float(table.loss[:, 0].mean()),
                "pure_premium": float(premium.row("pure_premium")[0]),
                "gross_premium": gross_total,
                "tail_value_at_risk": tail_value_at_risk(table.loss[:, 1], TAIL_LEVEL).value,
                curve_name("occurrence", "gross", 250): float(rare.sel(curve="occurrence")),
                curve_name("aggregate", "gross", 250): float(rare.sel(curve="aggregate")),
            },
            exposed,
        ),
        "/chain": chain(facts, exposure, perils, table, premium),
        **compared,
        **sections(facts, exposure, plan, table, kinds, knowledge, ledger),
        **experience_sections(facts, loadings, ledger),
        **structure_sections(facts, exposure, perils, table, years, loadings, gross_total, variants, ledger),
    }
    cells = cell_build_up(table, exposure, loadings, kinds)
    file = premium_file(
        table,
        exposure,
        exposure.grouping,
        FileSums(table.group, table.row_square),
        cells,
        loadings,
        facts.subsidies,
        RowKnowledge(by_row[0], by_row[1 : plan.first_end]),
        spec.premium_file,
    )
    tell_premium_file(file, ledger)
    groups["/premium_file"], groups["/subsidy_rules"] = file, facts.subsidies.dataset()
    if spec.terms_alternatives is not None:
        results = alternatives_results(settled, exposure, spec.terms_alternatives, loadings, facts.subsidies)
        tell_alternatives(results, table.years, ledger)
        groups["/terms_alternatives"] = results
    groups["/ledger"] = ledger.to_dataset()
    return xr.DataTree.from_dict(groups)


def _tell_run(table: YearTable, premium: PremiumBuildUp, exposure: Exposure, ledger: Ledger) -> None:
    """Write what the simulation did to the ledger: nothing clipped or thin goes unsaid."""
    unburnt = float(table.unburnt_area.sum())
    repeated, twice = table.repeated
    if unburnt > 0:
        ledger.add(
            "clipped",
            "fire size",
            f"Fires could not spread over {unburnt:,.1f} ha for lack of connected forest "
            f"({unburnt / table.burnt_area.sum():.2%} of the burnt area).",
        )
    if repeated > 0:
        ledger.add(
            "assumption",
            "several events on one stand in a year",
            f"{repeated:,.0f} times a stand was damaged that an earlier event of the year had damaged. What is lost is "
            f"not lost again ({twice / table.years:,.4g} CNY a year), and no year pays more than the sum insured.",
            count=int(repeated),
        )
    outside = float(table.uncovered.sum()) / table.years
    if outside > 0:
        ledger.add(
            "assumption",
            "policy period",
            f"Events in the waiting period or after the term cost {outside:,.4g} CNY a year before terms; the policy "
            "pays nothing for them.",
        )
    negative = [
        str(name) for name, load in zip(premium.segments, premium.row("risk_load"), strict=True) if load < 0
    ]
    if negative:
        ledger.add(
            "unreliable",
            f"risk load of {', '.join(negative)}",
            "It is negative: hardly one of the worst simulated years costs anything there. It is not floored.",
            count=len(negative),
        )
    quiet = [
        str(name)
        for name, pure in zip(premium.segments, premium.row("pure_premium"), strict=True)
        if not pure > 0
    ]
    if quiet:
        ledger.add(
            "unreliable",
            f"premium of {', '.join(quiet)}",
            "No simulated year pays there; stands share the loads by sum insured.",
            count=len(quiet),
        )
    for period in (100, 250):
        exceeding = table.years / period
        if exceeding < FEW_EXCEEDANCES:
            ledger.add(
                "unreliable",
                f"{period}-year losses",
                f"Only {exceeding:.0f} of {table.years:,} simulated years lie beyond the {period}-year loss; "
                f"simulate at least {period * FEW_EXCEEDANCES:,} years.",
            )
    for county in exposure.landscape.left_out:
        ledger.add(
            "dropped",
            f"landscape: {county}",
            "The county has forest but no insured stand; nothing says where its forest lies, so fires do not "
            "start there or cross it.",
        )
