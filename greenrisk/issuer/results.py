# SPDX-License-Identifier: Apache-2.0
"""Combines the parts of an issuer run to the result tree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from greenrisk.core.cards import Card
from greenrisk.core.knowledge import cards_dataset
from greenrisk.core.ledger import Entry, Ledger
from greenrisk.issuer.channels.spec import channel_table, ledger_entries
from greenrisk.issuer.credit_groups import credit_groups
from greenrisk.issuer.credit_inputs import CreditInputs
from greenrisk.issuer.gathered import Gathered
from greenrisk.issuer.headline import BY_SCENARIO, Whole, headline, knowledge_of
from greenrisk.issuer.intake import Intake
from greenrisk.issuer.intake_results import finding_group, refused_group, statement_group
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.knowledge_groups import tornado_groups
from greenrisk.issuer.knowledge_stream import KnowledgeStream
from greenrisk.issuer.model import IssuerModel
from greenrisk.issuer.production_groups import production_groups
from greenrisk.issuer.report_years import issuer_years_group
from greenrisk.issuer.result_groups import (
    channels_group,
    charges_group,
    lens_reasons_group,
    lenses_group,
    pd_group,
    ratios_group,
    spread_group,
    statements_group,
)
from greenrisk.issuer.sector_sums import sector_groups
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

    @property
    def shown(self) -> int:
        """Of how many issuers every year, line, channel and lens is kept."""
        number, detail = len(self.intake.issuers), self.spec.detail
        return number if number <= detail.issuers else min(detail.hurt_most, number)


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
    gathered = Gathered(facts.shown)
    stream: KnowledgeStream | None = None
    row: list[np.ndarray] = []
    for number, part in enumerate(parts):
        row.append(part["kept"].values)
        if number < issuer_blocks:
            gathered.take(part.drop_vars(["kept", "quantity"]))
        if len(row) < issuer_blocks:
            continue
        kept = np.concatenate(row, axis=3)
        row = []
        if stream is None:
            base = gathered.shown()
            places = base["place"].values
            stream = KnowledgeStream(
                model, plan, spec.credit.level, spec.headline_year, Whole(kept), places, ledger
            )
            taken = 1
        else:
            stream.take(taken, kept)
            taken += len(kept)
    assert stream is not None
    years = {"scenario": list(model.scenarios), "year": model.years}
    base = base.drop_vars(["hurt", "place"])
    base = base.assign_coords(years | {"issuer": [model.issuers.ids[place] for place in places]})
    sums = gathered.sums().assign_coords(years | {"sector": list(model.issuers.sectors)})
    members = gathered.members().assign_coords(
        scenario=years["scenario"], member=list(model.issuers.ids), report_year=list(spec.report_years)
    )
    told = _tell_blocks(gathered.told, model, ledger)
    _tell_detail(facts, len(places), model, ledger)
    values = stream.values(ledger)
    moved = {role: facts.cards[role] for role in facts.moved}
    knowledge = knowledge_of(model, values, plan, moved)
    metrics, portfolio = headline(spec, model, len(facts.intake.refused), stream.base, stream.book, knowledge)
    units = {f"{name}:{scenario}": unit for scenario in model.scenarios for name, unit in BY_SCENARIO.items()}
    money = f"million {spec.currency}"
    groups: dict[str, xr.Dataset] = {
        "/": _attributes(facts, model, plan),
        "/metrics": metrics,
        "/issuers": _issuers(facts.intake, members),
        "/coverage": coverage_group(facts.coverage),
        "/refused": refused_group(facts.intake.refused),
        "/findings": finding_group(facts.intake.findings),
        "/pathways": pathway_group(model.pathways),
        "/statements": statements_group(base, money),
        "/charges": charges_group(base, money),
        "/channels": channels_group(base, model.channels, money),
        "/lenses": lenses_group(base, told["lenses"]),
        "/lens_reasons": lens_reasons_group(told["lenses"]),
        "/ratios": ratios_group(base),
        "/pd": pd_group(base, model.scale.grades, told["carriers"]),
        "/spread": spread_group(base, money),
        "/portfolio": portfolio,
        "/cards": cards_dataset(facts.cards),
        "/channel_table": _channel_table(model),
    }
    said = [str(one[0]) for one in told["lenses"]]
    groups |= credit_groups(spec, model, facts.credit, facts.cards, members, said, ledger)
    groups |= sector_groups(sums, model.channels, said, money)
    if len(places) < len(model.issuers):
        groups["/issuer_years"] = issuer_years_group(members, model.scale.grades, told["carriers"], money)
    groups |= production_groups(model, plan, base, ledger)
    if plan.draws:
        groups["/knowledge"] = knowledge.draws_dataset(units)
    if stream.ranks is not None:
        groups["/ranking"] = stream.ranks.group(model, ledger)
    if plan.ends:
        groups |= tornado_groups(knowledge, model, units, ledger)
        groups["/issuer_tornado"] = stream.issuer_swings()
    groups["/ledger"] = ledger.to_dataset()
    # A run without refused issuers or findings has no table of them.
    groups = {name: group for name, group in groups.items() if name == "/" or all(group.sizes.values())}
    return xr.DataTree.from_dict(groups)


def _tell_detail(facts: Inputs, shown: int, model: IssuerModel, ledger: Ledger) -> None:
    """Tell what is not kept by issuer."""
    number, spec = len(model.issuers), facts.spec
    if shown == number:
        return
    detail = (
        f"{number:,} issuers are more than `detail.issuers` = {spec.detail.issuers:,}. Every year, line, channel and "
        f"lens is kept for the {shown:,} whose expected loss of {spec.headline_year} rises most against "
        f"{model.scenarios[model.baseline]}. Of each other issuer the report years are kept (issuer_years), and of "
        "all the sums by sector of every year (sector_years, sector_channels, sector_lenses)."
    )
    ledger.add("dropped", "detail by issuer", detail, number - shown)


def _tell_blocks(central: Sequence[Mapping[str, Any]], model: IssuerModel, ledger: Ledger) -> dict[str, Any]:
    """Add up what the blocks told; return what they say of their lenses."""
    told: Counter[tuple[str, str]] = Counter()
    facts: dict[tuple[str, str], int] = {}
    passed: Counter[str] = Counter()
    lines: dict[tuple[str, str, str], Entry] = {}
    for part in central:
        told.update({(a, b): n for a, b, n in json.loads(part["told"])})
        facts |= {(a, b): n for a, b, n in json.loads(part["facts"])}
        passed.update(json.loads(part["passed"]))
        for raw in json.loads(part["entries"]):
            entry = Entry(**raw)
            key = (entry.kind, entry.subject, entry.detail)
            before = lines.get(key)
            count = entry.count + (before.count if before is not None else 0)
            lines[key] = Entry(**{**raw, "count": count})
    ledger.take(ledger_entries(model.channels, told, facts))
    ledger.take(pass_entries(passed))
    ledger.take(lines.values())
    first = central[0]
    return {name: json.loads(first[name]) for name in ("lenses", "carriers")}


def _issuers(intake: Intake, members: xr.Dataset) -> xr.Dataset:
    group = statement_group(intake.issuers)
    group["asset_volatility"] = ("issuer", members["asset_volatility"].values, {"units": "1/sqrt(year)"})
    words = np.array(["none", "calibrated", "market", "book"])
    group["asset_basis"] = ("issuer", words[members["asset_basis"].values.astype(int) + 1], {"units": "text"})
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
