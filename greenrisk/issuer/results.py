# SPDX-License-Identifier: Apache-2.0
"""Combines the parts of an issuer run to the result tree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from greenrisk.core.cards import Card
from greenrisk.core.knowledge import cards_dataset
from greenrisk.core.ledger import COLUMNS, Entry, Ledger
from greenrisk.issuer.channels.spec import channel_table, ledger_entries
from greenrisk.issuer.credit_groups import credit_groups
from greenrisk.issuer.credit_inputs import CreditInputs
from greenrisk.issuer.headline import BY_SCENARIO, Whole, book_of, headline, knowledge_of, quantities
from greenrisk.issuer.intake import Intake
from greenrisk.issuer.intake_results import finding_group, refused_group, statement_group
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.knowledge_groups import issuer_swings, ranking_group, tornado_groups
from greenrisk.issuer.model import IssuerModel
from greenrisk.issuer.result_groups import (
    channels_group,
    charges_group,
    lens_reasons_group,
    lenses_group,
    pd_group,
    spread_group,
    statements_group,
)
from greenrisk.issuer.statement_pass import pass_entries
from greenrisk.issuer.variants import VariantPlan
from greenrisk.pathways.coverage import CoverageTable
from greenrisk.pathways.results import coverage_group, pathway_group


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the result tells of its inputs.

    Parameters
    ----------
    spec : IssuersScenario
        The scenario.
    cards : mapping of str to Card
        All cards by role.
    moved : tuple of str
        Roles whose parameters the variants move.
    intake : Intake
        Issuers that are run, and those that are not.
    coverage : CoverageTable
        What the pathways hold for every need.
    credit : CreditInputs
        What the scenario brought for its lenses.
    synthetic : bool
        Whether the issuers are made up.
    """

    spec: IssuersScenario
    cards: Mapping[str, Card]
    moved: tuple[str, ...]
    intake: Intake
    coverage: CoverageTable
    credit: CreditInputs
    synthetic: bool


def finish(
    facts: Inputs,
    model: IssuerModel,
    plan: VariantPlan,
    ledger: Ledger,
    parts: Iterator[xr.Dataset],
    issuer_blocks: int,
) -> xr.DataTree:
    """Combine the parts of a run, given in the order of the blocks.

    Returns
    -------
    xarray.DataTree
        One group for each table of the run folder.
    """
    spec = facts.spec
    central: list[xr.Dataset] = []
    chunks: list[np.ndarray] = []
    row: list[np.ndarray] = []
    for number, part in enumerate(parts):
        if number < issuer_blocks:
            central.append(part)
        row.append(part["kept"].values)
        if len(row) == issuer_blocks:
            chunks.append(np.concatenate(row, axis=3))
            row = []
    base = xr.concat(
        [part.drop_vars(["kept", "variant", "quantity"]) for part in central],
        dim="issuer",
        data_vars="minimal",
    )
    base = base.assign_coords(
        scenario=list(model.scenarios), issuer=list(model.issuers.ids), year=model.years
    )
    whole = Whole(np.concatenate(chunks), spec.report_years.index(spec.headline_year))
    told = _tell_blocks(central, model, ledger)
    book = book_of(model, whole, ledger)
    values = quantities(model, whole, book, spec.credit.level)
    moved = {role: facts.cards[role] for role in facts.moved}
    knowledge = knowledge_of(model, values, plan, moved)
    metrics, portfolio = headline(spec, model, len(facts.intake.refused), whole, book, knowledge)
    units = {f"{name}:{scenario}": unit for scenario in model.scenarios for name, unit in BY_SCENARIO.items()}
    money = f"million {spec.currency}"
    groups: dict[str, xr.Dataset] = {
        "/": _attributes(facts, model, plan),
        "/metrics": metrics,
        "/issuers": _issuers(facts.intake, base),
        "/coverage": coverage_group(facts.coverage),
        "/refused": refused_group(facts.intake.refused),
        "/findings": finding_group(facts.intake.findings),
        "/pathways": pathway_group(model.pathways),
        "/statements": statements_group(base, money),
        "/charges": charges_group(base, money),
        "/channels": channels_group(base, model.channels, money),
        "/lenses": lenses_group(base, told["lenses"]),
        "/lens_reasons": lens_reasons_group(told["lenses"]),
        "/pd": pd_group(base, model.scale.grades, told["carriers"]),
        "/spread": spread_group(base, money),
        "/portfolio": portfolio,
        "/cards": cards_dataset(facts.cards),
        "/channel_table": _channel_table(model),
    }
    said = [str(one[0]) for one in told["lenses"]]
    groups |= credit_groups(spec, model, facts.credit, facts.cards, base, said, ledger)
    if plan.draws:
        groups["/knowledge"] = knowledge.draws_dataset(units)
        groups["/ranking"] = ranking_group(model, whole, plan.draws, ledger)
    if plan.ends:
        groups |= tornado_groups(knowledge, model, units, ledger)
        groups["/issuer_tornado"] = issuer_swings(model, whole, plan)
    frame = ledger.to_frame()
    entries = xr.Dataset({column: ("entry", frame[column].to_numpy()) for column in COLUMNS})
    entries["count"].attrs["units"] = "1"
    for column in ("base", "at_low", "at_high"):
        entries[column].attrs["units"] = "see unit"
    groups["/ledger"] = entries
    # A run without refused issuers or findings has no table of them.
    groups = {name: group for name, group in groups.items() if name == "/" or all(group.sizes.values())}
    return xr.DataTree.from_dict(groups)


def _tell_blocks(central: list[xr.Dataset], model: IssuerModel, ledger: Ledger) -> dict[str, Any]:
    """Add up what the blocks told; return what they say of their lenses."""
    told: Counter[tuple[str, str]] = Counter()
    facts: dict[tuple[str, str], int] = {}
    passed: Counter[str] = Counter()
    lines: dict[tuple[str, str, str], Entry] = {}
    for part in central:
        told.update({(a, b): n for a, b, n in json.loads(part.attrs["told"])})
        facts |= {(a, b): n for a, b, n in json.loads(part.attrs["facts"])}
        passed.update(json.loads(part.attrs["passed"]))
        for raw in json.loads(part.attrs["entries"]):
            entry = Entry(**raw)
            key = (entry.kind, entry.subject, entry.detail)
            before = lines.get(key)
            count = entry.count + (before.count if before is not None else 0)
            lines[key] = Entry(**{**raw, "count": count})
    ledger.take(ledger_entries(model.channels, told, facts))
    ledger.take(pass_entries(passed))
    ledger.take(lines.values())
    first = central[0].attrs
    return {name: json.loads(first[name]) for name in ("lenses", "carriers")}


def _issuers(intake: Intake, base: xr.Dataset) -> xr.Dataset:
    group = statement_group(intake.issuers)
    group["asset_volatility"] = base["asset_volatility"].assign_attrs(units="1/sqrt(year)")
    words = np.array(["none", "calibrated", "market", "book"])
    group["asset_basis"] = ("issuer", words[base["asset_basis"].values.astype(int) + 1], {"units": "text"})
    return group


def _channel_table(model: IssuerModel) -> xr.Dataset:
    rows = channel_table(model.channels)
    names = ("title", "consumes", "writes", "units")
    return xr.Dataset(
        {name: ("channel", np.array([row[name] for row in rows], dtype=str)) for name in names},
        coords={"channel": np.array([row["channel"] for row in rows], dtype=str)},
    )


def _attributes(facts: Inputs, model: IssuerModel, plan: VariantPlan) -> xr.Dataset:
    spec = facts.spec
    return xr.Dataset(
        attrs={
            "kind": spec.kind,
            "name": spec.name,
            "title": spec.title,
            "base_year": spec.base_year,
            "price_year": spec.price_year,
            "currency": spec.currency,
            "first_year": int(model.years[0]),
            "last_year": int(model.years[-1]),
            "report_years": list(spec.report_years),
            "headline_year": spec.headline_year,
            "seed": spec.seed,
            "issuers": len(model.issuers),
            "refused_issuers": len(facts.intake.refused),
            "baseline": model.scenarios[model.baseline],
            "synthetic_issuers": int(facts.synthetic),
            "seniority": spec.credit.seniority,
            "level": spec.credit.level,
            "knowledge_draws": plan.draws,
        }
    )
