# SPDX-License-Identifier: Apache-2.0
"""From plans and pathways to a checked production path: paths by technology, what the owners earn and owe, carbon.

What lives here: the last inputs of the path and their faults, each at its place. What does not: the path itself
(:mod:`greenrisk.issuer.production`), and how a statement follows it
(:mod:`greenrisk.issuer.channels.production_path`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.cards import Card
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.marked_yaml import KeyPath, did_you_mean
from greenrisk.core.sources import Sources
from greenrisk.core.tables import ROWS, file_rows
from greenrisk.core.variants import CardValues
from greenrisk.issuer.channels.base import Channel
from greenrisk.issuer.channels.production_path import (
    LATE_SUDDEN,
    PathSource,
    ProductionPath,
    ProductionPathSpec,
)
from greenrisk.issuer.credit.asset_basis import sector_volatility
from greenrisk.issuer.credit_path import volatility_sectors
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.production.assumptions import Assumptions, Finances
from greenrisk.issuer.production.pair_checks import squeezed
from greenrisk.issuer.production.plans import Plans
from greenrisk.issuer.production.roles import assumptions_from
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.issuer.production.study import LateSuddenStudy, prepare
from greenrisk.issuer.production.technology_paths import TechnologyPaths, technology_paths_from
from greenrisk.issuer.production_input import PLACE, ProductionInput
from greenrisk.issuer.statements import Issuers
from greenrisk.pathways.prepare import PreparedPathways
from greenrisk.pathways.technologies import technology_frame

MILLION: Final = 1e6

GJ_PER_MWH: Final = 3.6
"""Definition of the units; pathways hold prices of energy by GJ, plans of power make MWh."""


def production_source(
    spec: IssuersScenario,
    given: ProductionInput,
    issuers: Issuers,
    volatility: Card,
    paths: PreparedPathways,
    per_cny: float,
    sources: Sources,
) -> PathSource | None:
    """Return the checked path.

    Parameters
    ----------
    spec : IssuersScenario
        What the user wrote.
    given : ProductionInput
        Plans, pairs and own paths.
    issuers : Issuers
        Those that are run.
    volatility : Card
        Volatility of the assets by sector; its central values.
    paths : PreparedPathways
        The pathways of the study.
    per_cny : float
        What a yuan is worth in the study's currency.
    sources : Sources
        Takes every fault and the ledger's lines.

    Returns
    -------
    PathSource or None
        None where faults were recorded.
    """
    part = spec.channels.production_path
    assert part is not None
    name = part.technologies or "pathways"
    held = given.own if given.own is not None else _frame(given, part, paths, sources)
    frame = None if held is None else _of_families(held, part, sources)
    if frame is None:
        return None
    try:
        ways = technology_paths_from(frame, name)
    except GreenRiskError as error:
        sources.take(error)
        return None
    before = len(sources.faults)
    _check_coverage(spec, part, given.plans, ways, sources)
    money = next((unit.split("/")[0].strip() for unit in ways.price_unit if unit), "money")
    carbon = _carbon(spec, part, given, paths, money, per_cny, sources)
    finances = _finances(given.plans.issuers, issuers, volatility, money == spec.currency)
    study = _prepared(part, given.plans, finances, ways, carbon, sources)
    if study is None or len(sources.faults) > before:
        return None
    _tell(study, sources)
    scenarios = tuple(pathway.name for pathway in paths.pathways)
    return PathSource(study, scenarios, dict(given.pair_of), paths.baseline.name, money)


def with_source(channels: Sequence[Channel], source: PathSource | None) -> tuple[Channel, ...]:
    """Return the channels, the production path with what it follows."""
    return tuple(replace(one, source=source) if isinstance(one, ProductionPath) else one for one in channels)


def check_assumptions(spec: IssuersScenario, values: Sequence[CardValues], sources: Sources) -> None:
    """Refuse a card that discounts no faster than it grows in some variant, or leaves its domains."""
    part = spec.channels.production_path
    if part is None:
        return
    try:
        numbers_of(part.path, values)
    except GreenRiskError as error:
        for fault in error.faults:
            sources.fault((*PLACE, "card"), f"card {part.card}: {fault.what}", fault.expected, fault.unit)


def numbers_of(spec: LateSudden, values: Sequence[CardValues]) -> Assumptions:
    """Return the numbers of some variants; what the scenario sets by hand keeps its value in all of them.

    Parameters
    ----------
    spec : LateSudden
        The path's part of the scenario.
    values : sequence of card values
        One for each variant.

    Raises
    ------
    ArgumentError
        See :func:`greenrisk.issuer.production.assumptions.assumptions_of`.
    """
    names = Assumptions.__dataclass_fields__
    drawn = {name: np.array([float(one[LATE_SUDDEN][name]) for one in values]) for name in names}
    return assumptions_from(spec, drawn)


def _frame(
    given: ProductionInput, part: ProductionPathSpec, paths: PreparedPathways, sources: Sources
) -> pd.DataFrame | None:
    """Return the paths of the pathways by technology; a planned one without price or kind is a fault."""
    planned, before = set(given.technologies), len(sources.faults)
    held = {key for pathway in paths.pathways for key in pathway.production}
    priced = {key for pathway in paths.pathways for key in pathway.prices}
    own = {(one.sector, one.technology): one for one in part.own_prices}
    frame = technology_frame(
        paths.pathways,
        "",
        {key: (one.price, one.unit) for key, one in own.items()},
        {key: one.kind for key, one in own.items() if one.kind is not None},
        ledger=sources.ledger,
        totals=held - planned,
    )
    there = set(zip(frame["sector"], frame["technology"], strict=True))
    for key in sorted((held & planned) - there):
        if key in own or key in priced:
            mend = "No table says whether it must shrink or may grow. Give `kind: carbon` or `kind: green`."
            sources.fault((*PLACE, "own_prices"), " ".join(key), mend)
        else:
            mend = "The pathways hold no price of it. Give `{sector, technology, price, unit}`."
            sources.fault((*PLACE, "own_prices"), f"no price of {' '.join(key)}", mend)
    if len(sources.faults) > before:
        return None
    units = {
        (str(row["sector"]).lower(), str(row["technology"]).lower()): str(row["unit"])
        for row in paths.table.data.query("variable == 'technology_price'")
        .drop_duplicates(["sector", "technology"])
        .to_dict("records")
    }
    keys = list(zip(frame["sector"].str.lower(), frame["technology"].str.lower(), strict=True))
    told = [unit or units.get(key, "") for unit, key in zip(frame["price_unit"], keys, strict=True)]
    hours = np.array([u.endswith("/GJ") for u in told]) & frame["sector"].isin(part.path.power_sectors)
    return frame.assign(
        price=np.where(hours, frame["price"] * GJ_PER_MWH, frame["price"]),
        price_unit=[u.replace("/GJ", "/MWh") if power else u for u, power in zip(told, hours, strict=True)],
    )


def _of_families(frame: pd.DataFrame, part: ProductionPathSpec, sources: Sources) -> pd.DataFrame | None:
    """Return the paths of the model families that the pairs name; a table may hold others in other units.

    A scenario that the table does not hold is a fault, and a pair of two families; a scenario that is called nearly the
    same is told.
    """
    names, before = [str(name) for name in frame["scenario"].unique()], len(sources.faults)
    asked = [
        ((*PLACE, "path", "pairs", number, role), str(getattr(pair, role)))
        for number, pair in enumerate(part.path.pairs)
        for role in ("baseline", "target")
    ]
    for place, name in asked:
        if name not in names:
            alike = next((one for one in names if squeezed(one) == squeezed(name)), None)
            near = f" Did you mean `{alike}`?" if alike else did_you_mean(name, names)
            mend = f"No such scenario.{near} Known: {', '.join(names[:12])}."
            sources.fault(place, f"{place[-1]} = {name}", mend)
    of = dict(zip(frame["scenario"].astype(str), frame["family"].astype(str), strict=True))
    for number, pair in enumerate(part.path.pairs):
        ours, theirs = of.get(pair.baseline), of.get(pair.target)
        if ours and theirs and ours != theirs:
            kin = [name for name in names if of[name] == ours and name != pair.baseline]
            near = did_you_mean(pair.target, kin) or (f" Of its family are: {', '.join(kin)}." if kin else "")
            what = f"{pair.baseline} ({ours}) with {pair.target} ({theirs})"
            mend = f"Baseline and target must be of one model family.{near}"
            sources.fault((*PLACE, "path", "pairs", number), what, mend)
    if len(sources.faults) > before:
        return None
    wanted = {name for _, name in asked}
    families = {of[name] for name in wanted}
    kept = frame[frame["family"].isin(families)]
    left = set(names) - set(kept["scenario"])
    for name in sorted(wanted):
        alike_names = sorted(one for one in left if squeezed(one) == squeezed(name))
        if alike_names:
            detail = (
                f"The table also holds {', '.join(alike_names)}, of another model family: another scenario."
            )
            sources.ledger.add("assumption", f"production path: scenario {name}", detail, len(alike_names))
    rows = np.asarray(file_rows(frame))[frame["family"].isin(families).to_numpy()]
    kept = kept.reset_index(drop=True)
    kept.attrs = {**frame.attrs, ROWS: tuple(rows.tolist())}
    return kept


def _check_coverage(
    spec: IssuersScenario, part: ProductionPathSpec, plans: Plans, ways: TechnologyPaths, sources: Sources
) -> None:
    """Planned technologies that no path covers are faults, unless the user leaves them out."""
    if spec.pathways.missing_technologies == "leave_out":
        return
    labels = zip(plans.region, plans.sector, plans.technology, strict=True)
    wanted = dict.fromkeys((str(a) or part.path.region, str(b), str(c)) for a, b, c in labels)
    key = "technologies" if part.technologies else "path"
    known = ", ".join(" ".join(key) for key in ways.keys[:12])
    for region, sector, technology in wanted:
        if (region, sector, technology) not in ways.keys:
            mend = (
                f"No path covers it. Known: {known}. Give a table that does, say under `regions` what the region is "
                "called there, or `pathways.missing_technologies: leave_out`."
            )
            sources.fault((*PLACE, key), f"{sector} {technology} in {region}", mend)


def _carbon(
    spec: IssuersScenario,
    part: ProductionPathSpec,
    given: ProductionInput,
    paths: PreparedPathways,
    money: str,
    per_cny: float,
    sources: Sources,
) -> dict[str, pd.Series]:
    """Return the carbon prices that the pairs name: those of a scenario of the study, in its currency."""
    found: dict[str, pd.Series] = {}
    by_name = {pathway.name: pathway for pathway in paths.pathways}
    for number, pair in enumerate(part.path.pairs):
        if pair.carbon_tax is None or pair.carbon_tax.path not in by_name:
            continue
        place = (*PLACE, "path", "pairs", number, "carbon_tax", "path")
        if money != spec.currency:
            mend = (
                f"Prices of output are in {money}, those of carbon in {spec.currency}. Give `level` instead."
            )
            sources.fault(place, f"path = {pair.carbon_tax.path}", mend)
        pathway = by_name[pair.carbon_tax.path]
        prices = pathway.values.get("carbon_price", np.zeros((1, 1, pathway.years.size)))
        rows = [k for k, name in enumerate(pathway.countries) if name in given.countries]
        mine = prices[rows, 0] if prices.shape[0] > 1 and rows else prices[:1, 0]
        if (mine != mine[0]).any():
            mend = "The plans are in countries with different carbon prices. Give `level` instead."
            sources.fault(place, f"path = {pair.carbon_tax.path}", mend)
        found[pathway.name] = pd.Series(mine[0] * per_cny, index=pathway.years)
    return found


def _finances(names: Sequence[str], issuers: Issuers, card: Card, debts: bool) -> Finances:
    """Return what the owners of plans earn and owe.

    The debt itself only where there is no ratio, and money of the path is the study's.
    """
    place = {issuer: k for k, issuer in enumerate(issuers.ids)}
    at = np.array([place[name] for name in names], dtype=np.int64)
    equity, debt = issuers.line("equity")[at], issuers.debt[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = issuers.line("net_income")[at] / issuers.line("revenue")[at]
        ratio = np.where(equity > 0.0, debt / equity, np.nan)
    values = {name: float(value) for name, value in card.values().items()}
    moves = sector_volatility(values, volatility_sectors([issuers.sector_of(int(k)) for k in at]))
    owed = np.where(np.isnan(ratio) & debts, debt * MILLION, np.nan)
    return Finances(margin, ratio, moves, owed)


def _prepared(
    part: ProductionPathSpec,
    plans: Plans,
    finances: Finances,
    ways: TechnologyPaths,
    carbon: Mapping[str, pd.Series],
    sources: Sources,
) -> LateSuddenStudy | None:
    """Return the checked study; its faults at their places in the scenario."""
    try:
        return prepare(part.path, plans, finances, ways, carbon, where="path")
    except GreenRiskError as error:
        for fault in error.faults:
            sources.fault((*PLACE, *_keys(fault.where)), fault.what, fault.expected, fault.unit)
    return None


def _keys(text: str) -> KeyPath:
    """Return the keys of a place, ``path.pairs[0].target``."""
    parts = re.findall(r"[^.\[\]]+", text)
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _tell(study: LateSuddenStudy, sources: Sources) -> None:
    """Tell issuers of whom some plans are computed and some are not, and how their finances were found."""
    kept = {study.plans.issuers[k] for k in study.plans.issuer}
    partly = kept & {one.issuer for one in study.refusals}
    add = sources.ledger.add
    if partly:
        detail = "Some of their plans are not computed: the others stand for all that they make."
        add("assumption", "production path: issuers with part of their plans", detail, len(partly))
    detail = (
        "Net income over revenue, and debt over equity, of the statement; the debt itself where there is no equity. "
        "Volatility of the sector's card at its central value."
    )
    add("assumption", "production path: what owners earn and owe", detail, len(kept))
    detail = (
        "Statements take quantities and prices of the path, which its card does not move: it moves the path's own "
        "values and probabilities (production_npv, production_pd, production_tornado) alone."
    )
    add("assumption", "production path: what its card moves", detail)
