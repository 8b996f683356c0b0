# SPDX-License-Identifier: Apache-2.0
"""The issuer study: reads and checks everything.

``prepare`` is the only place that opens files. :class:`greenrisk.issuer.job.IssuersJob` then runs by blocks, and
:mod:`greenrisk.issuer.results` combines the parts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenrisk.core.card_roles import read_wanted
from greenrisk.core.sources import Sources
from greenrisk.core.tables import file_rows
from greenrisk.environment.pollutant_tax import (
    ENVIRONMENT_TAX,
    TaxTable,
    pollutant_rows,
    shipped_tax_table,
    tax_table,
)
from greenrisk.issuer.channels.base import Channel
from greenrisk.issuer.channels.checks import check_names, tell_conflicts
from greenrisk.issuer.channels.drivers import asked_drivers
from greenrisk.issuer.channels.physical_damage import SITE_HAZARDS, site_hazards_from
from greenrisk.issuer.channels.spec import ChannelInputs, build_channels
from greenrisk.issuer.conversion_card import conversion_cards, converted_scenarios
from greenrisk.issuer.credit_inputs import read_credit
from greenrisk.issuer.currencies import Rates, rates_of
from greenrisk.issuer.intake import Intake
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.job import IssuersJob
from greenrisk.issuer.model import IssuerModel
from greenrisk.issuer.moves import moves_drivers
from greenrisk.issuer.production_input import read_production
from greenrisk.issuer.production_source import check_assumptions, production_source, with_source
from greenrisk.issuer.results import Inputs
from greenrisk.issuer.roles import fixed_cards, wanted_cards
from greenrisk.issuer.statement_pass import PASS_ROLE, rate_fault
from greenrisk.issuer.statements import Issuers
from greenrisk.issuer.statements_input import Roster, read_issuers
from greenrisk.issuer.tables import CURRENCY_RATES
from greenrisk.issuer.upstream import read_zone_run
from greenrisk.issuer.variants import plan_variants
from greenrisk.pathways.needs import Asked
from greenrisk.pathways.prepare import prepare_pathways


def prepare(spec: IssuersScenario, sources: Sources) -> IssuersJob:
    """Read and check every table and card at once.

    Parameters
    ----------
    spec : IssuersScenario
        The validated scenario.
    sources : Sources
        Finds, reads and hashes the inputs; collects faults.

    Raises
    ------
    GreenRiskError
        With the faults of all inputs.
    """
    wanted = wanted_cards(spec)
    cards = read_wanted(wanted, sources)
    fixed = read_wanted(fixed_cards(spec), sources)
    intake, roster = read_issuers(spec, fixed.get("statements"), sources)
    if intake is not None and not len(intake.issuers):
        first = intake.refused[0]
        mend = f"No issuer is left to run. The first, {first.issuer} in {first.where}: {first.reason}"
        sources.fault(("statements",), f"{len(intake.refused)} issuers, all refused", mend)
    table = _tax_table(spec, roster, sources)
    channels = _channels(spec, table, sources)
    scenarios = [one.name for one in spec.pathways.scenarios]
    known = roster if intake is None else intake.issuers
    if known is not None:
        check_names(spec.channels, scenarios, known, sources.fault)
    tell_conflicts(channels, sources.fault)
    production = read_production(spec, intake, sources)
    planned = ((), ()) if production is None else (production.countries, production.technologies)
    drivers = (*asked_drivers(channels), *moves_drivers(spec))
    # Without issuers nothing is known of their countries; what the pathways say of themselves is judged all the same.
    asked = Asked(
        drivers,
        tuple(dict.fromkeys((*(known.countries if known is not None else ()), *planned[0]))),
        known.sectors if known is not None else ("all",),
        planned[1],
        physical_by_site=spec.channels.physical_damage is not None,
    )
    paths = prepare_pathways(spec.pathways, sources, asked)
    plan = None
    if set(cards) == set(wanted):
        cards |= {} if paths is None else conversion_cards(spec, paths.conversion, drivers)
        plan = plan_variants(cards, spec.seed, spec.knowledge.draws, spec.knowledge.tornado)
        what = rate_fault([dict(one[PASS_ROLE]) for one in plan.values])
        if what:
            mend = "What grows for ever as fast as it is discounted has no finite value. Narrow the ranges."
            sources.fault(("statement_pass",), f"card {spec.statement_pass}: {what}", mend, "1/year")
        check_assumptions(spec, plan.values, sources)
    rates = _rates(spec, sources)
    per_cny = _per_cny(spec, rates, sources)
    if production is not None and intake is not None and paths is not None and "asset_volatility" in cards:
        volatility = cards["asset_volatility"]
        source = production_source(spec, production, intake.issuers, volatility, paths, per_cny, sources)
        channels = with_source(channels, source)
    everyone = roster.ids if roster is not None else None if intake is None else intake.everyone
    held = read_credit(spec, fixed.get("lens_bounds"), everyone, rates, sources)
    sources.raise_if_any()
    assert intake is not None
    assert paths is not None
    assert plan is not None
    assert held is not None
    credit, ledger = spec.credit, sources.ledger
    model = IssuerModel(
        issuers=intake.issuers,
        pathways=paths.pathways,
        channels=channels,
        lenses=held.lenses,
        scale=held.scale,
        rate=credit.risk_free_rate,
        seniority=credit.seniority,
        seed=spec.seed,
        per_cny=per_cny,
        converted=converted_scenarios(spec),
    )
    ledger.take(intake.entries)
    detail = f"Merton's model moves assets at {credit.risk_free_rate:g} a year (`credit.risk_free_rate`); no range."
    ledger.add("assumption", "riskless rate", detail, status="illustrative")
    _tell_inputs(spec, intake, sources)
    named = spec.statements.issuers
    facts = Inputs(
        spec=spec,
        cards={**cards, **fixed},
        moved=tuple(cards),
        intake=intake,
        coverage=paths.coverage,
        credit=held,
        synthetic=named is not None and sources.status_of(named) == "synthetic",
    )
    return IssuersJob(dict(sources.inputs), ledger, model, plan, facts)


def _tax_table(spec: IssuersScenario, roster: Roster | None, sources: Sources) -> TaxTable | None:
    """Return the tax table of the scenario, its pollutants checked; None where it has faults or is not asked."""
    part = spec.channels.environment_tax
    if part is None:
        return None
    table: TaxTable | None = shipped_tax_table()
    if part.table is not None:
        name = part.table
        frame = sources.table(name, ("channels", "environment_tax", "table"), ENVIRONMENT_TAX)
        table = None if frame is None else sources.made(lambda: tax_table(frame, name))
    if table is not None and roster is not None and roster.pollutants is not None:
        held, rows, where = table, roster.pollutants, str(spec.statements.pollutants)
        sources.made(lambda: pollutant_rows(held, rows["pollutant"], where, file_rows(rows)))
    return table


def _channels(spec: IssuersScenario, table: TaxTable | None, sources: Sources) -> tuple[Channel, ...]:
    """Return the channels that are on; those whose inputs have faults are left out."""
    given = spec.channels
    losses = hazards = None
    off: dict[str, None] = {}
    if given.liability_loss is not None:
        losses = read_zone_run(spec.upstream, spec.price_year, sources)
        off |= {} if losses is not None else {"liability_loss": None}
    if given.physical_damage is not None:
        name_of = given.physical_damage.hazards
        curves = sources.table(name_of, ("channels", "physical_damage", "hazards"), SITE_HAZARDS)
        hazards = None if curves is None else sources.made(lambda: site_hazards_from(curves, name_of))
        off |= {} if hazards is not None else {"physical_damage": None}
    if given.environment_tax is not None and table is None:
        off["environment_tax"] = None
    there = given.model_copy(update=off)
    return build_channels(there, ChannelInputs(tax_table=table, losses=losses, hazards=hazards))


def _rates(spec: IssuersScenario, sources: Sources) -> Rates:
    own = spec.statements.currency_rates
    frame = None
    if own is not None:
        frame = sources.table(own, ("statements", "currency_rates"), CURRENCY_RATES)
    return rates_of(frame)


def _per_cny(spec: IssuersScenario, rates: Rates, sources: Sources) -> float:
    """Return what a yuan is worth in the study's currency in the year of the prices; a fault where nobody knows."""
    why = rates.missing("CNY", spec.currency, spec.price_year)
    if why:
        sources.fault(("currency",), f"currency = {spec.currency}", why)
        return float(np.nan)
    factor = rates.factor("CNY", spec.currency, spec.price_year)
    if spec.currency != "CNY":
        detail = (
            f"Carbon prices and taxes in yuan became {spec.currency} at {factor:.6g} of {spec.price_year}."
        )
        status = rates.status("CNY", spec.currency, spec.price_year)
        sources.ledger.add("assumption", "rate of exchange", detail, status=status)
    return factor


def _tell_inputs(spec: IssuersScenario, intake: Intake, sources: Sources) -> None:
    """Write what the inputs are to the ledger: synthetic tables, statements of other years."""
    ledger, issuers = sources.ledger, intake.issuers
    for name in spec.statements.tables().values():
        status = sources.status_of(name)
        if status not in ("confirmed", "user"):
            ledger.add("assumption", name, f"The table is {status}.", status=status)
    tell_years(issuers, spec.base_year, ledger.add)


def tell_years(issuers: Issuers, base_year: int, add: Callable[..., None]) -> None:
    """Tell statements of another year than the base year: they stand for it as they are."""
    other = issuers.year != base_year
    if other.any():
        years = sorted(set(issuers.year[other].tolist()))
        span = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
        detail = f"Their statements are of {span} and stand for {base_year} as they are; prices are not carried on."
        add("assumption", "statements of other years", detail, int(other.sum()))
