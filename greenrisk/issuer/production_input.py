# SPDX-License-Identifier: Apache-2.0
"""What a scenario says of its production path, before the pathways are read: plans, pairs, own table, prices.

What lives here: these inputs and their faults, each at its place. What does not: the path that follows
(:mod:`greenrisk.issuer.production_source`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from greenrisk.core.errors import Fault, GreenRiskError, TableError
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.sources import Sources
from greenrisk.core.tables import file_rows, read_rows
from greenrisk.issuer.channels.production_path import ProductionPathSpec
from greenrisk.issuer.countries import countries_of
from greenrisk.issuer.intake import Intake
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.production.plans import Plans, plans_from
from greenrisk.issuer.production.tables import TECHNOLOGY_PATHS
from greenrisk.issuer.statements import Issuers
from greenrisk.pathways.regions import WORLD

PLACE: Final = ("channels", "production_path")
"""Where the path stands in a scenario."""

TRISK: Final = {
    "scenario_provider": "family",
    "scenario_type": "role",
    "scenario_geography": "region",
    "technology_type": "kind",
    "scenario_year": "year",
    "scenario_pathway": "activity",
    "scenario_price": "price",
    "scenario_capacity_factor": "capacity_factor",
}
"""Columns of the scenarios of TRISK and their names here; its kinds end in ``tech``."""


@dataclass(frozen=True, eq=False)
class ProductionInput:
    """What is known of a production path before the pathways are read.

    Parameters
    ----------
    plans : Plans
        Production plans, their regions as the paths name them.
    pair_of : dict of str to str
        Pair that speaks for a scenario of the study.
    own : DataFrame or None
        Paths by technology that the user gives; None: those of the pathways.
    """

    plans: Plans
    pair_of: Mapping[str, str]
    own: pd.DataFrame | None

    @property
    def technologies(self) -> tuple[tuple[str, str], ...]:
        """Sector and technology of the plans, each once; none where the user gives the paths."""
        if self.own is not None:
            return ()
        return tuple(
            dict.fromkeys(zip(map(str, self.plans.sector), map(str, self.plans.technology), strict=True))
        )

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries of the plans, each once; none where the user gives the paths."""
        return () if self.own is not None else tuple(dict.fromkeys(map(str, self.plans.region)))


def read_production(spec: IssuersScenario, intake: Intake | None, sources: Sources) -> ProductionInput | None:
    """Return what the path needs beside the pathways.

    Parameters
    ----------
    spec : IssuersScenario
        What the user wrote.
    intake : Intake or None
        The issuers; None where they have faults.
    sources : Sources
        Reads the own table and takes every fault.

    Returns
    -------
    ProductionInput or None
        None where the channel is off, or faults were recorded.
    """
    part = spec.channels.production_path
    if part is None:
        return None
    before = len(sources.faults)
    own = None if part.technologies is None else _own_technologies(part.technologies, sources)
    pair_of = _pairs(spec, part, sources)
    name = spec.statements.plans
    if name is None:
        mend = "It follows the plans of the issuers: give `statements.plans`, or switch it off."
        sources.fault(PLACE, "no production plans", mend)
    elif intake is not None and (intake.plans is None or not len(intake.plans)):
        sources.fault(PLACE, f"{name}: no plan of an issuer that is run", "Give plans of theirs.")
    elif intake is not None and intake.plans is not None:
        frame = _settled(intake.plans, part, intake.issuers, name, sources)
        try:
            plans = plans_from(frame, name)
        except GreenRiskError as error:
            sources.take(error)
        else:
            _check_prices(part, plans, sources)
            if len(sources.faults) == before:
                return ProductionInput(plans, pair_of, own)
    return None


def _own_technologies(name: str, sources: Sources) -> pd.DataFrame | None:
    """Return the user's paths by technology; a table that has the columns of TRISK is read as it comes."""
    key = (*PLACE, "technologies")
    path = sources.file(name, key)
    if path is None:
        return None
    frame = None
    if path.suffix.lower() == ".csv":
        raw = pd.read_csv(path, dtype=str, keep_default_na=False)
        if {"scenario_pathway", "scenario_type"} <= set(raw.columns):
            raw = raw.rename(columns=TRISK).assign(kind=lambda one: one["kind"].str.removesuffix("tech"))
            known = [column.name for column in TECHNOLOGY_PATHS.columns]
            frame = raw[[column for column in known if column in raw.columns]]
            detail = "Columns of TRISK read as those of `technology_paths`."
            sources.ledger.add("read", path.name, detail, len(frame))
    try:
        rows = read_rows(path, TECHNOLOGY_PATHS, sources.ledger, frame=frame)
        rows.faults.raise_if_any(TableError, rows.hint)
    except GreenRiskError as error:
        sources.take(error)
        return None
    return rows.sound


def _pairs(spec: IssuersScenario, part: ProductionPathSpec, sources: Sources) -> dict[str, str]:
    """Return which pair speaks for which scenario; two for one, none at all and several baselines are faults."""
    scenarios = [one.name for one in spec.pathways.scenarios]
    baseline = spec.pathways.baseline
    if baseline in part.scenarios:
        mend = "The baseline takes the path before the shock. Leave it out."
        sources.fault((*PLACE, "scenarios", baseline), f"{baseline} is the baseline", mend)
    out = {name: pair for name, pair in part.scenarios.items() if name != baseline}
    bases = list(dict.fromkeys(pair.baseline for pair in part.path.pairs))
    if len(bases) > 1:
        mend = f"The study has one baseline, `{baseline}`: every pair must set out from the same."
        sources.fault((*PLACE, "path", "pairs"), f"baselines {', '.join(bases)}", mend)
    for number, pair in enumerate(part.path.pairs):
        if pair.name in out.values() or pair.target not in scenarios or pair.target == baseline:
            continue
        if pair.target in out:
            mend = f"The pair `{out[pair.target]}` speaks for this scenario already. Leave one out."
            sources.fault((*PLACE, "path", "pairs", number, "target"), f"target = {pair.target}", mend)
        out.setdefault(pair.target, pair.name)
    if not out:
        listed = ", ".join(name for name in scenarios if name != baseline)
        mend = f"Call the target after a scenario ({listed}), or name the pair under `scenarios`."
        sources.fault(PLACE, "no pair speaks for a scenario", mend)
    return out


def _settled(
    plans: pd.DataFrame, part: ProductionPathSpec, issuers: Issuers, name: str, sources: Sources
) -> pd.DataFrame:
    """Return the plans, regions as the paths name them: countries by code, or as the own table has them."""
    rows = file_rows(plans)
    told = plans["region"].fillna("").astype(str) if "region" in plans.columns else [""] * len(plans)
    codes, of = countries_of(), {issuer: k for k, issuer in enumerate(issuers.ids)}
    out, faulty = [], set()
    for row, text, issuer in zip(rows, told, plans["issuer"], strict=True):
        region = part.regions.get(text, text)
        if part.technologies is None:
            own = region or issuers.country_of(of[str(issuer)])
            region = own if own in WORLD or own in issuers.countries else codes.code(own)
            if not region and own not in faulty:
                faulty.add(own)
                mend = f"{codes.mend(own)} Or say under `channels.production_path.regions` which it is."
                sources.take(TableError(Fault(f"{name}:{row}", f"region = {own}", mend)))
        out.append(region)
    settled = plans.assign(region=out)
    settled.attrs = dict(plans.attrs)
    return settled


def _check_prices(part: ProductionPathSpec, plans: Plans, sources: Sources) -> None:
    """Own prices are of technologies that somebody plans, each once."""
    planned = dict.fromkeys(zip(map(str, plans.sector), map(str, plans.technology), strict=True))
    seen = set()
    for number, one in enumerate(part.own_prices):
        key, place = (one.sector, one.technology), (*PLACE, "own_prices", number)
        if key not in planned:
            words = [" ".join(pair) for pair in planned]
            near = did_you_mean(" ".join(key), words) or f" Planned: {', '.join(words)}."
            sources.fault(place, " ".join(key), f"Nobody plans this technology.{near}")
        elif key in seen:
            sources.fault(place, " ".join(key), "Its price is told twice. Leave one out.")
        seen.add(key)
