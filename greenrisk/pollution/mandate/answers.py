# SPDX-License-Identifier: Apache-2.0
"""The answers to the regulator's questions: groups of the result of a zone run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import Values
from greenrisk.pollution.accidents.rates import Rates
from greenrisk.pollution.inventory import Integers, Inventory
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.market_premium import market_premiums, recent_accidents, tariff_group
from greenrisk.pollution.liability.per_accident import Alike
from greenrisk.pollution.liability.policy_terms import CoverLimits
from greenrisk.pollution.liability.premium import PlantPremiums, premium_group
from greenrisk.pollution.liability.tariff import Tariff
from greenrisk.pollution.liability.tariff_difference import difference, market_factors, technical_factors
from greenrisk.pollution.liability.zone_year import ZoneYears
from greenrisk.pollution.mandate.above_limit import who_pays
from greenrisk.pollution.mandate.affordability import FirmSizes, affordability
from greenrisk.pollution.mandate.block import MandateSums, Questions
from greenrisk.pollution.mandate.catalogue import DrawnCatalogue
from greenrisk.pollution.mandate.claims_cash import bills, cash_flow, monthly_payments, path_shares
from greenrisk.pollution.mandate.claims_stages import Stages, timeline
from greenrisk.pollution.mandate.enrolment import Outcome, enrolment_group
from greenrisk.pollution.mandate.limit_adequacy import MEASURES, adequacy, smallest_limits
from greenrisk.pollution.mandate.limit_sums import LimitSums
from greenrisk.pollution.mandate.limits_by_plant import limits_by_plant
from greenrisk.pollution.mandate.mandate_spec import MandateSpec
from greenrisk.pollution.mandate.numbers import MandateNumbers, numbers_group
from greenrisk.pollution.mandate.pool import Pool, pool_group, settlement
from greenrisk.pollution.mandate.reinsured_years import ReinsuredYears, cover_premiums, reinsurance_group
from greenrisk.pollution.mandate.scenario_years import scenario_premiums
from greenrisk.pollution.mandate.who_must_insure import (
    Obligations,
    obligation_group,
    uninsured_plants,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MandateInputs:
    """What the answers need beside the simulated years.

    Parameters
    ----------
    spec : MandateSpec
        The questions.
    values : mapping
        Of the card of use ``zone.mandate``.
    questions : Questions
        What the blocks were reduced by.
    obligations : Obligations
        Why each plant must insure.
    stages : Stages
        Stages of a claim.
    sizes : FirmSizes
        Classes of firms.
    tariff : Tariff or None
        The market's tariff.
    numbers : MandateNumbers
        Least limits, levels, Spain's rule.
    year : int
        Last year of the history [year].
    limits : CoverLimits
        Limits of the policies in force, and with which others would get one.
    """

    spec: MandateSpec
    values: Values
    questions: Questions
    obligations: Obligations
    stages: Stages
    sizes: FirmSizes
    tariff: Tariff | None
    numbers: MandateNumbers
    year: int
    limits: CoverLimits


def mandate_groups(
    given: MandateInputs,
    sums: MandateSums,
    years: ZoneYears,
    premiums: PlantPremiums,
    loadings: Loadings,
    laws: ZoneLaws,
    rates: Rates,
    inventory: Inventory,
    grade: Integers,
    seed: int,
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return the groups of the regulator's questions.

    Parameters
    ----------
    given : MandateInputs
        Questions and tables.
    sums : MandateSums
        Of all blocks.
    years : ZoneYears
        The simulated years.
    premiums : PlantPremiums
        Technical premiums.
    loadings : Loadings
        Those of the premiums.
    laws : ZoneLaws
        Of the central cards.
    rates : Rates
        Accident rates of the central cards.
    inventory : Inventory
        The zone.
    grade : array of int, shape (plants,)
        Official grades; negative: refused.
    seed : int
        The scenario's seed.
    ledger : Ledger
        Told who must insure and does not, and what is illustrative.
    """
    spec, questions, plants = given.spec, given.questions, inventory.plants
    assert sums.limit is not None
    assert sums.payer is not None
    held = LimitSums.of([sums.limit])
    curves = adequacy(held, questions.grid, questions.groups)
    curves.attrs["one_law"] = int(Alike.of(laws).one)
    ground_up, paid = expected_losses(laws).sum(axis=1), years.by_plant("insured")
    limit = given.limits.in_force
    groups = {
        "/limit_adequacy": _in_force(curves, sums),
        "/mandate_numbers": numbers_group(given.numbers),
        "/smallest_limit": smallest_limits(curves, spec.limit_adequacy.leave),
        **limits_by_plant(
            DrawnCatalogue.of(laws, questions.own, seed),
            given.numbers.number,
            limit,
            given.obligations.minimum,
            plants.ids,
            float(given.values["cny_per_eur"]),
            ledger,
        ),
        "/who_must_insure": obligation_group(given.obligations, plants.ids, limit),
        "/who_pays": who_pays([sums.payer], questions.groups),
        "/enrolment": _enrolment(given, sums, premiums, loadings, ground_up, paid),
        **{f"/{name}": group for name, group in premium_group(premiums, plants.ids, limit).items()},
        **_claims(given, sums, years),
        **{
            f"/{name}": group
            for name, group in affordability(
                plants, premiums.gross, given.sizes, float(given.values["affordable_share"])
            ).items()
        },
    }
    groups |= _tariff(given, premiums, rates, paid, inventory, grade)
    reinsured = ReinsuredYears.of(sums.reinsured)
    if spec.reinsurance.covers:
        gross = float(premiums.zone.row("gross_premium")[0])
        groups["/reinsurance"] = reinsurance_group(reinsured, spec.reinsurance, gross)
    if spec.pool is not None:
        groups |= _pool(given, reinsured, premiums, groups["/claims_months"])
    widest = spec.enrolment[-1]
    must = given.obligations.must(widest.rules, widest.beyond_zone)
    short = uninsured_plants(given.obligations, must, inventory, grade, ground_up, limit)
    groups["/uninsured"] = _frame(short)
    if len(short):
        ledger.add(
            "assumption",
            "plants that must insure",
            f"{len(short)} of {int(must.sum())} plants that must insure under `{widest.name}` have no cover, or less "
            "than the least limit.",
            len(short),
        )
    return groups


def _in_force(curves: xr.Dataset, sums: MandateSums) -> xr.Dataset:
    """Return the group of the curves with the measures at the limits in force, each plant under its own terms."""
    told = "What the limits in force leave, at the plants with a policy"
    for name, values, words in (
        ("in_force", sums.shares, told),
        ("in_force_standard_error", sums.share_errors, f"{told}, standard error"),
    ):
        curves[name] = ("measure", values, {"units": "1", "long_name": words})
    return curves.assign_coords(measure=list(MEASURES))


def _enrolment(
    given: MandateInputs,
    sums: MandateSums,
    premiums: PlantPremiums,
    loadings: Loadings,
    ground_up: Floats,
    paid: Floats,
) -> xr.Dataset:
    """Return what every scenario of the mandate covers and costs.

    Notes
    -----
    Where nobody joins and no limit rises, policies are those in force, and so is their premium.
    """
    questions, found = given.questions, sums.scenarios
    outcomes = {}
    for place, (spec, who) in enumerate(zip(given.spec.enrolment, questions.scenarios, strict=True)):
        if np.array_equal(who.chance * who.limit, given.limits.in_force):
            outcomes[spec.name] = Outcome(paid, premiums.gross)
            continue
        priced = scenario_premiums(found, place, who.chance, loadings)
        outcomes[spec.name] = Outcome(priced.row("pure_premium"), priced.gross)
    names = [one.name for one in given.spec.enrolment]
    scenarios = dict(zip(names, questions.scenarios, strict=True))
    return enrolment_group(scenarios, outcomes, ground_up, questions.groups)


def _claims(given: MandateInputs, sums: MandateSums, years: ZoneYears) -> dict[str, xr.Dataset]:
    """Return when a claim is settled and what it costs whom until then, for the mean claim of an insured plant.

    Notes
    -----
    The claim is the mean accident with a liability at an insured plant; months of a policy year are as many of them as
    a year has. What an insolvent operator's estate pays of the rest is the share that operators pay of all that
    policies leave; a claim meets an insolvent operator as often as there are insolvencies among the accidents that cost
    anything.
    """
    weekday, values = given.spec.claims_timeline.start_weekday, given.values
    assert sums.payer is not None
    assert sums.claim is not None
    count = float(sums.claim[0])
    *lost, paid = (sums.claim[1:] / max(count, 1.0)).tolist()
    loss, whole = np.array(lost), float(np.sum(lost))
    _, operator, public, _, insolvencies, _ = sums.payer["payer_sum"].values[0].tolist()
    rest = operator + public
    accidents = float(years.by_plant("losses").sum()) * years.years
    estate = operator / rest * max(whole - paid, 0.0) if rest > 0 else 0.0
    borne = bills(whole, min(paid, whole), estate, float(values["never_found_share"]))
    flow = cash_flow(given.stages, loss, borne, float(values["advance_share"]), weekday)
    a_year = count / years.years
    flow.attrs |= {"claim": "mean accident with a liability at an insured plant", "claims_per_year": a_year}
    insolvent = min(insolvencies / accidents, 1.0) if accidents > 0 else 0.0
    shares = path_shares(float(values["unknown_share"]), insolvent)
    return {
        "/claims_timeline": timeline(given.stages, weekday),
        "/claims_cash": flow,
        "/claims_months": monthly_payments(flow[["insurer", "cost"]] * a_year, shares),
    }


def _pool(
    given: MandateInputs, reinsured: ReinsuredYears, premiums: PlantPremiums, months: xr.Dataset
) -> dict[str, xr.Dataset]:
    """Return each member's result and the accounts of a year, after reinsurance."""
    zone = premiums.zone
    assert given.spec.pool is not None
    pool = Pool.of(given.spec.pool, given.numbers)
    gross = float(zone.row("gross_premium")[0])
    costs = sum(float(zone.row(name)[0]) for name in ("expenses", "commission", "tax"))
    ceded, commission = cover_premiums(reinsured, given.spec.reinsurance, gross)
    kept = gross - float((ceded * (1.0 + reinsured.reinstated.mean(axis=0)) - commission).sum())
    share = float(reinsured.net.mean() / reinsured.gross.mean()) if reinsured.gross.any() else 1.0
    return {
        "/pool": pool_group(pool, reinsured.net, kept, costs),
        "/pool_settlement": settlement(pool, months["insurer"].values * share, kept, costs),
    }


def _tariff(
    given: MandateInputs,
    premiums: PlantPremiums,
    rates: Rates,
    paid: Floats,
    inventory: Inventory,
    grade: Integers,
) -> dict[str, xr.Dataset]:
    """Return the market's premium beside the technical one, and their difference factor by factor."""
    if given.tariff is None:
        return {}
    plants = inventory.plants
    recent = recent_accidents(inventory.history, len(plants), given.year, given.numbers.record_years)
    market = market_premiums(given.tariff, plants, grade, recent, given.limits.in_force)
    return {
        "/tariff": tariff_group(market, premiums.gross, paid, plants.ids),
        "/tariff_difference": difference(
            technical_factors(rates, premiums), market_factors(market), plants.ids
        ),
    }


def _frame(table: pd.DataFrame) -> xr.Dataset:
    """Return a table as a group, one row a plant."""
    units: Mapping[str, str] = {
        "limit_cny": "CNY",
        "minimum_limit_cny": "CNY",
        "expected_loss_cny_per_year": "CNY/year",
    }
    found = xr.Dataset(coords={"row": np.arange(len(table))})
    for name in table.columns:
        values = table[name].to_numpy()
        kept = values.astype(np.str_) if values.dtype == object else values
        found[str(name)] = ("row", kept, {"units": units[name]} if name in units else {})
    return found
