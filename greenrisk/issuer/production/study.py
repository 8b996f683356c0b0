# SPDX-License-Identifier: Apache-2.0
"""Everything that is checked before the late and sudden transition is computed, and the blocks it is computed in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import Faults, ScenarioError
from greenrisk.core.ledger import Entry
from greenrisk.issuer.production.assumptions import Assumptions, Finances, assumptions_of, carbon_on_years
from greenrisk.issuer.production.pair_checks import Period, look_alikes, settle_period
from greenrisk.issuer.production.plans import BLOCK, Plans
from greenrisk.issuer.production.profits import carbon_price
from greenrisk.issuer.production.result import LateSuddenResult
from greenrisk.issuer.production.run import compute_block
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.issuer.production.targets import ScenarioPaths, scenario_paths
from greenrisk.issuer.production.technology_paths import TechnologyPaths
from greenrisk.issuer.production.told import Findings, Refusal, entries

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ALIKE: Final = {"tonne": "t", "tonnes": "t", "ton": "t", "tons": "t", "mw": "mwh", "gw": "gwh", "kw": "kwh"}
"""Units of plans and the units of output that their prices are told in."""


@dataclass(frozen=True)
class LateSuddenStudy:
    """A checked late and sudden transition, ready to be computed.

    Parameters
    ----------
    spec : LateSudden
        What the scenario says.
    period : Period
        Its years.
    plans : Plans
        Plans that will be computed, of all issuers.
    finances : Finances
        Of all issuers.
    paths : ScenarioPaths
        Paths on the years of the study.
    key : ndarray of int, (row,)
        Which path each plan follows.
    carbon : ndarray, (pair, year)
        Carbon price [money/t CO2].
    refusals : tuple of Refusal
        Plans and issuers that will not be computed, each with its reason.
    lines : tuple of Entry
        Lines for the ledger that are known already.
    """

    spec: LateSudden
    period: Period
    plans: Plans
    finances: Finances
    paths: ScenarioPaths
    key: Integers
    carbon: Floats
    refusals: tuple[Refusal, ...]
    lines: tuple[Entry, ...]

    def blocks(
        self, assumptions: Assumptions | None = None, length: int = BLOCK
    ) -> Iterator[tuple[slice, LateSuddenResult]]:
        """Yield the issuers of each block and their result; nothing of a block is kept.

        Parameters
        ----------
        assumptions : Assumptions, optional
            Numbers of the variants; those of the scenario where left out.
        length : int
            Issuers of a block.
        """
        numbers = assumptions_of(self.spec) if assumptions is None else assumptions
        for part, rows, plans in self.plans.blocks(length):
            yield part, self._computed(plans, self.finances.of(part), self.key[rows], numbers)

    def run(self, assumptions: Assumptions | None = None) -> LateSuddenResult:
        """Return the result of all issuers at once; see :meth:`blocks` for many."""
        (_, found), *_ = self.blocks(assumptions, length=max(1, len(self.plans.issuers)))
        return found

    def of(self, issuers: Sequence[str], assumptions: Assumptions | None = None) -> LateSuddenResult | None:
        """Return the result of those of some issuers that have a plan, in their order; None where nobody has one."""
        places = pd.Index(self.plans.issuers).get_indexer(pd.Index(list(issuers)))
        places = places[places >= 0]
        new = np.full(len(self.plans.issuers), -1, dtype=np.int64)
        new[places] = np.arange(places.size)
        rows = np.flatnonzero(new[self.plans.issuer] >= 0)
        rows = rows[np.argsort(new[self.plans.issuer[rows]], kind="stable")]
        if not rows.size:
            return None
        cut = self.plans.of_rows(rows)
        names = tuple(self.plans.issuers[k] for k in places)
        plans = replace(cut, issuers=names, issuer=new[cut.issuer])
        numbers = assumptions_of(self.spec) if assumptions is None else assumptions
        return self._computed(plans, self.finances.of(places), self.key[rows], numbers)

    def _computed(
        self, plans: Plans, money: Finances, key: Integers, numbers: Assumptions
    ) -> LateSuddenResult:
        return compute_block(self.spec, self.period, plans, money, self.paths, key, self.carbon, numbers)

    def ledger(self, found: Findings) -> tuple[Entry, ...]:
        """Return the lines for the ledger of a run.

        Parameters
        ----------
        found : Findings
            Sum of the findings of all blocks.
        """
        whole = sum(not refusal.technology for refusal in self.refusals)
        known = Findings(refused=len(self.refusals) - whole, refused_issuers=whole)
        return entries(found + known, self.spec, self.lines)


def prepare(
    spec: LateSudden,
    plans: Plans,
    finances: Finances,
    paths: TechnologyPaths,
    carbon_paths: Mapping[str, pd.Series] | None = None,
    where: str = "production_path",
) -> LateSuddenStudy:
    """Check everything and return what can be computed.

    Parameters
    ----------
    spec : LateSudden
        What the scenario says.
    plans : Plans
        See :func:`greenrisk.issuer.production.plans.plans_from`.
    finances : Finances
        In the order of the plans' issuers.
    paths : TechnologyPaths
        Paths of the scenarios.
    carbon_paths : mapping of str to Series, optional
        Carbon prices by year index [money/t CO2], in the money of the technology prices.
    where : str
        Where the spec stands in the scenario, for messages.

    Raises
    ------
    ScenarioError
        With every fault: scenarios unknown, of other families or roles, beginning after the plans, ending early; a
        carbon path unknown or too short; a shock outside the years; a discount rate not above the growth rate; nothing
        left to compute.
    """
    faults = Faults()
    if not spec.discount_rate > spec.growth_rate:
        what = f"discount_rate = {spec.discount_rate:g}, growth_rate = {spec.growth_rate:g}"
        mend = "What grows for ever as fast as it is discounted has no finite value. Discount faster than growth."
        faults.add(f"{where}.discount_rate", what, mend, "1/year")
    names = [pair.name for pair in spec.pairs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.add(f"{where}.pairs", f"name = {name}", "Two pairs have this name. Give each its own.")
    period = settle_period(spec, paths, plans, where, faults)
    prices = carbon_on_years(spec, carbon_paths or {}, period.first, where, faults)
    faults.raise_if_any(ScenarioError)
    shock = period.shock - period.first
    growth = [pair.carbon_tax.growth if pair.carbon_tax else 0.0 for pair in spec.pairs]
    carbon = np.stack([carbon_price(p, shock, g) for p, g in zip(prices, growth, strict=True)])
    found = scenario_paths(paths, period)
    key = found.rows_of(plans, spec.region)
    reason = _reasons(spec, period, plans, finances, found, key, bool(carbon.any()))
    kept = reason == ""
    refusals = _refusals(plans, reason)
    if not kept.any():
        told = sorted(set(reason.tolist()))
        faults.add(
            where, f"{len(plans)} plans, none can be computed", " ".join(told) or "There are no plans."
        )
    faults.raise_if_any(ScenarioError)
    return LateSuddenStudy(
        spec=spec,
        period=period,
        plans=plans.of_rows(kept),
        finances=finances,
        paths=found,
        key=key[kept],
        carbon=carbon,
        refusals=refusals,
        lines=_lines(spec, period, plans, finances, paths),
    )


def output_unit(unit: str) -> str:
    """Return the unit of output that belongs to a plan's or price's unit: MW -> mwh, ``t coal`` -> t."""
    word = re.split(r"[\s(]", unit.strip(), maxsplit=1)[0].casefold()
    return _ALIKE.get(word, word)


def _reasons(
    spec: LateSudden,
    period: Period,
    plans: Plans,
    finances: Finances,
    paths: ScenarioPaths,
    key: Integers,
    taxed: bool,
) -> NDArray[np.object_]:
    """Why each plan is refused; empty where it is not. Of several reasons the last of the list is told."""
    owner = plans.issuer
    covered = (key >= 0) & paths.covered[key]
    begins = plans.begins()
    late = begins > period.first
    margin, ratio = finances.net_profit_margin[owner], finances.debt_to_equity[owner]
    volatility, debt = finances.volatility[owner], finances.debt[owner]
    blank = ~(~np.isnan(plans.emission_factor)).any(axis=1)
    units = {unit: output_unit(unit) for unit in set(plans.unit.tolist())}
    asked = [output_unit(unit.split("/")[-1]) if "/" in unit else "" for unit in paths.price_unit]
    pairs = zip(plans.unit.tolist(), key.tolist(), strict=True)
    foreign = np.array(
        [k >= 0 and bool(u and asked[k]) and units[u] != asked[k] for u, k in pairs], dtype=bool
    )
    power = np.isin(plans.sector.astype(str), spec.power_sectors)
    unlike = power & np.array([u not in ("", "MW") for u in plans.unit.tolist()], dtype=bool)
    green = (key >= 0) & paths.green[key]
    out = np.full(len(plans), "", dtype=object)
    span = f"{period.first} to {period.last}"
    for wrong, text in (
        (taxed & blank & ~green, "It emits carbon and tells no emission factor."),
        (np.isnan(ratio) & np.isnan(debt), "Neither debt nor debt over equity of its issuer is told."),
        (np.isnan(volatility), "The volatility of its issuer is not told."),
        (np.isnan(margin), "The net profit margin of its issuer is not told."),
        (unlike, "Power plans must be capacities in MW."),
        (foreign, "The unit of the plan is not that of the scenario's price."),
        (late & (spec.late_start == "refuse"), f"Its plan begins after {period.first}."),
        (~covered, f"The scenarios do not cover its region, sector and technology from {span}."),
    ):
        out[wrong] = text
    return out


def _refusals(plans: Plans, reason: NDArray[np.object_]) -> tuple[Refusal, ...]:
    """Name the refused plans, then the issuers of whom nothing is left."""
    out = [
        Refusal(
            plans.issuers[plans.issuer[k]], str(plans.sector[k]), str(plans.technology[k]), str(reason[k])
        )
        for k in np.flatnonzero(reason != "")
    ]
    left = np.bincount(plans.issuer[reason == ""], minlength=len(plans.issuers))
    for k in np.flatnonzero(left == 0):
        own = dict.fromkeys(str(text) for text in reason[plans.issuer == k])
        out.append(Refusal(plans.issuers[k], "", "", " ".join(own)))
    return tuple(out)


def _lines(
    spec: LateSudden, period: Period, plans: Plans, finances: Finances, paths: TechnologyPaths
) -> tuple[Entry, ...]:
    """Lines for the ledger that do not depend on the blocks."""
    out = []
    if period.first > plans.years[0]:
        detail = f"Plans begin in {plans.years[0]}, the scenarios in {period.first}: the study begins there."
        out.append(
            Entry(
                "dropped",
                "production path: years before the scenarios",
                detail,
                period.first - int(plans.years[0]),
            )
        )
    if paths.interpolated:
        detail = "Silent years of the scenarios between told ones, linear in time."
        out.append(Entry("imputed", "production path: years of scenarios", detail, paths.interpolated))
    for name in dict.fromkeys(n for pair in spec.pairs for n in (pair.baseline, pair.target)):
        if alike := look_alikes(paths, name):
            detail = f"The table also holds {', '.join(alike)}, which differs only in spelling and is another scenario."
            out.append(Entry("assumption", f"production path: scenario {name}", detail, len(alike)))
    if finances.without_plan:
        detail = "Issuers of the finances without a plan; the production path says nothing of them."
        out.append(Entry("dropped", "production path: issuers without a plan", detail, finances.without_plan))
    return tuple(out)
