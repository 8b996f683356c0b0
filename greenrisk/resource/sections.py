# SPDX-License-Identifier: Apache-2.0
"""The parts of the result beside premium and risk: book, counties, claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.core.cards import Z_90
from greenrisk.core.ledger import Ledger
from greenrisk.core.streams import stream
from greenrisk.resource import downscaling
from greenrisk.resource.catastrophe_reserve import NetYears, ReserveRules, reserve_paths
from greenrisk.resource.catastrophe_reserve_results import reserve_results, rule_swings, tell_reserve
from greenrisk.resource.claims_service import BY_YEAR, SUMS, ClaimsYears, claims_service
from greenrisk.resource.county_dependence import county_years
from greenrisk.resource.data_quality import data_quality
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.named_events import named_event_results, named_losses, tell_named_events
from greenrisk.resource.pooling import PERILS_INDEPENDENT, pool
from greenrisk.resource.rate_review import ExperienceYears, ModelYears
from greenrisk.resource.reinsurance_results import (
    price,
    reinsurance_results,
    tell_reinsurance,
    underwriting_result,
)
from greenrisk.resource.review_results import rate_review
from greenrisk.resource.review_told import tell_rate_review
from greenrisk.resource.roles import Inputs
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.simulation import Perils
from greenrisk.resource.structure import YearCessions
from greenrisk.resource.variants import VariantPlan
from greenrisk.resource.year_table import FIRST_BLOCKS, YearTable

LEVEL_DRAWS: Final = 10_000
"""Draws of the levels behind a rate review; they cost nothing, and a few hundred leave its credibility to luck."""


def sections(
    facts: Inputs,
    exposure: Exposure,
    plan: VariantPlan,
    table: YearTable,
    kinds: tuple[str, ...],
    knowledge: Knowledge,
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return the groups ``/data_quality``, ``/claims_service``, ``/county_rates`` and ``/pool``."""
    spec, book, reference = facts.spec, exposure.book, facts.reference
    groups = dict(
        data_quality(
            book,
            exposure.landscape,
            None if reference is None else reference.products,
            ledger,
            spec.data_quality,
            facts.centres,
        )
    )
    service = ClaimsYears(**{field: table.others[name] for name, field in (BY_YEAR | SUMS).items()})
    if service.years < table.years:
        _tell_fewer_years("claims service", service.years, table.years, ledger)
    groups |= claims_service(service, kinds, spec.claims_service, ledger)

    insured = np.bincount(book.county, weights=book.insured_area_mu, minlength=len(book.counties)).astype(
        float
    )
    of_county = np.zeros((len(book.counties), 2))
    for i, (county, _) in enumerate(exposure.segments):
        pure = table.cell[:, i, :].mean(axis=0)
        of_county[book.counties.index(county)] += pure[0], pure[1:].sum()
    draws = plan.variants[1 : plan.first_end]
    groups["/county_rates"] = downscaling.county_rates(
        book.counties,
        of_county,
        insured,
        downscaling.draw_ratios(knowledge, kinds),
        np.array(
            [
                [float(draw.values[downscaling.ROLE][name]) for name in downscaling.PARAMETERS]
                for draw in draws
            ]
        ),
        spec.seed,
        ledger,
    )
    if len(book.counties) > 1:
        area = dict(zip(book.counties, insured.tolist(), strict=True))
        pooled = table.cell[: FIRST_BLOCKS * BLOCK_LENGTH]
        if pooled.shape[0] < table.years:
            _tell_fewer_years("dependence and pool", pooled.shape[0], table.years, ledger)
        years = county_years(pooled, exposure.segments, kinds, area)
        groups |= pool(years, None if reference is None else reference.panel, spec.seed, ledger)
    elif len(kinds) > 1:
        ledger.add(
            "assumption",
            "dependence of perils",
            PERILS_INDEPENDENT,
            status="illustrative",
            source="judgement",
        )
    return groups


def _tell_fewer_years(what: str, looked_at: int, years: int, ledger: Ledger) -> None:
    """Write to the ledger that a part of the result was taken from the first years of the run only."""
    ledger.add(
        "assumption", what, f"Taken from the first {looked_at:,} of the {years:,} simulated years.", looked_at
    )


def structure_sections(
    facts: Inputs,
    exposure: Exposure,
    perils: Perils,
    table: YearTable,
    years: YearCessions,
    loadings: Loadings,
    gross_premium: float,
    variants: Sequence[xr.Dataset],
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return ``/reinsurance``, ``/catastrophe_reserve`` and ``/named_events``, each where it is asked for."""
    spec, book = facts.spec, exposure.book
    groups: dict[str, xr.Dataset] = {}
    prices = price(years, spec.reinsurance, book)
    tell_reinsurance(prices, spec.reinsurance, ledger)
    if spec.reinsurance.covers:
        groups["/reinsurance"] = reinsurance_results(years, prices, spec.reinsurance)
    card = facts.reserve_rules
    kept = gross_premium - float(prices.premium.sum())
    if spec.catastrophe_reserve is not None and card is not None:
        if kept > 0:
            ratios = loadings.expenses + loadings.commission + loadings.tax
            fixed = loadings.fixed_expenses * float(book.insured_area_mu.sum())
            net = NetYears(underwriting_result(years, prices, ratios, fixed), years.net, kept)
            rules = ReserveRules.from_values(card.values())
            paths = reserve_paths(net, rules, spec.catastrophe_reserve, spec.seed)
            swings = rule_swings(net, card, spec.catastrophe_reserve, spec.seed)
            groups["/catastrophe_reserve"] = reserve_results(paths, spec.catastrophe_reserve)
            groups["/catastrophe_reserve/rules"] = swings
            tell_reserve(net, paths, swings, card, spec.catastrophe_reserve, ledger)
        else:
            ledger.add(
                "dropped",
                "catastrophe reserve",
                f"Reinsurance takes the whole premium ({kept:,.0f} CNY is left): there is nothing to reserve from.",
            )
    if spec.named_events:
        losses = [
            named_losses(event, perils, exposure, spec.reinsurance, gross_premium)
            for event in spec.named_events
        ]
        drawn = np.concatenate([dataset["named_gross"].values for dataset in variants])[
            : 1 + spec.knowledge.draws
        ]
        events = named_event_results(spec.named_events, losses, table.largest, exposure, drawn)
        groups["/named_events"] = events
        tell_named_events(events, table.years, ledger)
    return groups


def experience_sections(facts: Inputs, loadings: Loadings, ledger: Ledger) -> dict[str, xr.Dataset]:
    """Return ``/experience`` and the groups below ``/rate_review``, each where it is asked for.

    Notes
    -----
    A review holds the years against the model before it knew them: the pilot, and the ranges of the levels before
    they were updated, in common for all perils but fire. The risk load is of the same years as the pure premium.
    """
    own, spec = facts.own, facts.spec
    if own is None:
        return {}
    groups = {"/experience": own.group}
    if spec.rate_review is None:
        return groups
    years, pilot = own.experience, own.pilot
    prior = own.group.sel(peril=list(pilot.kinds))
    width = np.log(prior["prior_high"].values / prior["prior_low"].values) / (2.0 * Z_90)
    score = stream(spec.seed, "rate_review", "levels").standard_normal((LEVEL_DRAWS, 2))
    column = np.array([0 if kind == "wildfire" else 1 for kind in pilot.kinds])
    model = ModelYears(
        pilot.kinds,
        pilot.totals,
        pilot.insured_mu,
        pilot.insured_mu * pilot.value_per_mu,
        np.exp(score[:, column] * width),
    )
    whole = pilot.totals.sum(axis=1)
    risk_load = loadings.capital_charge * (tail_value_at_risk(whole, TAIL_LEVEL).value - float(whole.mean()))
    actual = ExperienceYears.of(
        years.kinds,
        years.years,
        years.insured_mu,
        years.sum_insured,
        years.premium,
        years.paid,
        years.incurred,
        years.to_ultimate,
        years.development_error,
    )
    review = rate_review(
        actual, model, spec.rate_review, loadings, risk_load, spec.underwriting_year, spec.seed
    )
    tell_rate_review(review, actual, model, spec.rate_review, ledger)
    return {**groups, **review.groups()}
