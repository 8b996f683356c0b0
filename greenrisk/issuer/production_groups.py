# SPDX-License-Identifier: Apache-2.0
"""Groups of the result of the late and sudden path: production, present values, its own default probabilities.

The path is computed once more here, by blocks of issuers: under the central cards, then under every draw and range end
of its own card, of which only quantiles are kept. So the memory does not grow with the draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.channels.production_path import LATE_SUDDEN, PathSource, ProductionPath
from greenrisk.issuer.model import IssuerModel
from greenrisk.issuer.production.plans import Plans
from greenrisk.issuer.production.result import PATHS, LateSuddenResult
from greenrisk.issuer.production.study import output_unit
from greenrisk.issuer.production.told import Findings, Refusal
from greenrisk.issuer.production_source import numbers_of
from greenrisk.issuer.variants import VariantPlan

Floats = NDArray[np.float64]

MILLION: Final = 1e6

CELLS: Final = 4_000_000
"""Probabilities that a block holds at once; keeps the memory flat."""

QUANTILES: Final = (0.05, 0.95)

SIDES: Final = {"baseline": "baseline", "shock": "late_sudden"}
"""Sides of the path and their names in results."""


def production_groups(
    model: IssuerModel, plan: VariantPlan, base: xr.Dataset, ledger: Ledger
) -> dict[str, xr.Dataset]:
    """Return the groups of the production path; none where it is off.

    Parameters
    ----------
    model : IssuerModel
        The model, with its channels.
    plan : VariantPlan
        All variants; those that move the path's card are taken.
    base : Dataset
        ``log_cumulative`` by scenario, issuer and year: the probability that the study carries on, of the issuers that
        are shown in detail.
    ledger : Ledger
        Told what the path tells of itself.

    Returns
    -------
    dict of str to Dataset
        ``/production`` by pair, plan and year: quantities [unit of output/year], prices, emissions [t CO2/year].
        ``/production_npv`` by pair and plan: present value of the profits from the shock on, and its change with the
        90 % interval over the draws [million]. ``/production_pd`` by pair, company and term: probability of default
        at the term (in Merton's model it can happen only then), the interval, and the study's own up to the term beside
        it; equity and debt [million].
        ``/production_tornado``: change of the value of all plans at every end of the card's ranges.
        ``/production_refused``: plans that are not computed, with the reason. Production and probabilities are those of
        the issuers that are shown in detail, values those of all.
    """
    source = next((one.source for one in model.channels if isinstance(one, ProductionPath)), None)
    if source is None:
        return {}
    made, moved = _Made(), _moved(plan)
    with_plan = source.planned
    planned = [issuer for issuer in model.issuers.ids if issuer in with_plan]
    detailed = set(base["issuer"].values.tolist())
    rest = [issuer for issuer in planned if issuer not in detailed]
    for shown, names in ((True, [issuer for issuer in planned if issuer in detailed]), (False, rest)):
        for block in _blocks(names, source, len(moved)):
            made.take(source, plan, moved, block, shown)
    if rest:
        detail = "Only their present values are kept, not their production and their probabilities by term."
        ledger.add("dropped", "production path: issuers without detail", detail, len(rest))
    ledger.take(source.study.ledger(made.findings))
    pairs = _pairs(source)
    groups = {
        "/production_npv": _values(made, source, pairs, plan.draws > 0),
        "/production_refused": _refused(source.study.refusals),
    }
    if made.results:
        groups["/production"] = _production(made, source, pairs)
        groups["/production_pd"] = _defaults(made, source, pairs, base, plan.draws > 0)
    if len(moved) > 1 + plan.draws:
        groups["/production_tornado"] = _tornado(made, source, pairs, plan)
    return groups


@dataclass(eq=False)
class _Made:
    """What is kept of all blocks: results under the central cards, quantiles over the draws, sums at range ends."""

    results: list[LateSuddenResult] = field(default_factory=list)
    plans: list[Plans] = field(default_factory=list)
    value: dict[str, list[Floats]] = field(default_factory=lambda: {side: [] for side in SIDES})
    findings: Findings = field(default_factory=Findings)
    change: list[Floats] = field(default_factory=list)
    probability: dict[str, list[Floats]] = field(default_factory=lambda: {side: [] for side in SIDES})
    whole: Floats | float = 0.0
    risk: Floats | float = 0.0
    companies: int = 0

    def take(
        self, source: PathSource, plan: VariantPlan, moved: list[int], names: tuple[str, ...], shown: bool
    ) -> None:
        """Compute a block under the central cards, then under all variants that move the path."""
        spec = source.study.spec
        found = source.study.of(names, numbers_of(spec, plan.values[:1]))
        assert found is not None, "issuers of a block have plans"
        self.findings += found.findings
        self.plans.append(found.plans)
        for side in SIDES:
            self.value[side].append(found.value[side][0])
        if shown:
            self.results.append(found)
        if len(moved) > 1:
            # Values do not need every term.
            study = (
                source.study if shown else replace(source.study, spec=spec.model_copy(update={"terms": (1,)}))
            )
            drawn = study.of(names, numbers_of(spec, [plan.values[k] for k in moved]))
            assert drawn is not None, "issuers of a block have plans"
            self._spread(drawn, 1 + plan.draws, shown)

    def _spread(self, found: LateSuddenResult, last: int, shown: bool) -> None:
        """Keep quantiles over the draws, and sums over the plans and companies at the range ends and the base."""
        change = found.value["shock"] - found.value["baseline"]
        if last > 1:
            self.change.append(np.quantile(change[1:last], QUANTILES, axis=0))
        ends = [0, *range(last, len(change))]
        self.whole = self.whole + change[ends].sum(axis=-1)
        if not shown:
            return
        chance = {side: found.default_probability(side) for side in SIDES}
        if last > 1:
            for side in SIDES:
                self.probability[side].append(np.quantile(chance[side][1:last], QUANTILES, axis=0))
        self.risk = self.risk + chance["shock"][ends].sum(axis=2)
        self.companies += chance["shock"].shape[2]

    def joined(self, name: str, key: str, axis: int) -> Floats:
        """Return an array of the results of all blocks that are shown; dictionaries by ``key``."""
        parts = [getattr(one, name) for one in self.results]
        return np.concatenate([part[key] if key else part for part in parts], axis=axis)


def _labels(plans: Sequence[Plans], name: str) -> NDArray[np.str_]:
    """Return a label of every plan."""
    if name == "issuer":
        return np.array([one.issuers[k] for one in plans for k in one.issuer])
    return np.concatenate([getattr(one, name) for one in plans]).astype(str)


def _blocks(names: Sequence[str], source: PathSource, variants: int) -> Iterator[tuple[str, ...]]:
    """Yield issuers, as many at once as keep the memory flat."""
    spec = source.study.spec
    length = max(1, CELLS // (len(spec.pairs) * len(spec.terms) * variants))
    for start in range(0, len(names), length):
        yield tuple(names[start : start + length])


def _moved(plan: VariantPlan) -> list[int]:
    """Return the variants that move the path: the base, all draws, the ends of its own card."""
    ends = [plan.first_end + k for k, end in enumerate(plan.ends) if end.role == LATE_SUDDEN]
    return [*range(1 + plan.draws), *ends]


def _pairs(source: PathSource) -> dict[str, Any]:
    """Return the pairs, each with the scenario that it speaks for."""
    spec = source.study.spec
    names = [pair.name for pair in spec.pairs]
    # A pair may speak for several scenarios, in which it does the same: the first is named.
    of = {pair: scenario for scenario, pair in reversed(list(source.pair_of.items()))}
    return {
        "pair": np.array(names),
        "scenario": ("pair", np.array([of.get(name, "") for name in names]), {"units": "text"}),
    }


def _plans(plans: Sequence[Plans]) -> dict[str, Any]:
    labels = {
        name: ("plan", _labels(plans, name), {"units": "text"})
        for name in ("issuer", "asset", "region", "sector", "technology")
    }
    return {"plan": np.arange(labels["issuer"][1].size), **labels}


def _production(made: _Made, source: PathSource, pairs: dict[str, Any]) -> xr.Dataset:
    """Quantities, prices and emissions of every plan."""
    study, years = source.study, made.results[0].years
    plans = [one.plans for one in made.results]
    group = xr.Dataset(coords={**pairs, **_plans(plans), "year": years})
    place = {key: k for k, key in enumerate(study.paths.keys)}
    keys = zip(*(_labels(plans, name) for name in ("region", "sector", "technology")), strict=True)
    price_unit = [study.paths.price_unit[place[a or study.spec.region, b, c]] for a, b, c in keys]
    plain = [output_unit(unit) for unit in _labels(plans, "unit")]
    made_of = [
        told.split("/")[-1] if "/" in told else word for told, word in zip(price_unit, plain, strict=True)
    ]
    group["unit"] = ("plan", np.array([f"{word}/year" for word in made_of]), {"units": "text"})
    group["price_unit"] = ("plan", np.array(price_unit), {"units": "text"})
    dims = ("pair", "plan", "year")
    for name, told in {"plan": "planned", "target": "asked", **SIDES}.items():
        group[told] = (dims, made.joined("quantity", name, 1), {"units": "see unit"})
    for name, told in SIDES.items():
        group[f"price_{told}"] = (dims, made.joined("price", name, 1), {"units": "see price_unit"})
    group["emissions_late_sudden"] = (dims, made.joined("emissions", "", 1), {"units": "t CO2/year"})
    for name in ("compensated", "falling"):
        flags = made.joined(name, "", 1).astype(np.int8)
        group[name] = (("pair", "plan"), flags, {"units": "yes or no"})
    group["proximity"] = (("pair", "plan"), made.joined("proximity", "", 1), {"units": "1"})
    group.attrs |= {"shock_year": study.period.shock, "green_share": study.spec.green_share}
    return group


def _values(made: _Made, source: PathSource, pairs: dict[str, Any], drawn: bool) -> xr.Dataset:
    """Present values of every plan from the shock on."""
    unit = {"units": f"million {source.money}"}
    value = {side: np.concatenate(made.value[side], axis=1) / MILLION for side in SIDES}
    group = xr.Dataset(coords={**pairs, **_plans(made.plans)})
    dims = ("pair", "plan")
    for side, name in SIDES.items():
        group[f"value_{name}"] = (dims, value[side], unit)
    change = value["shock"] - value["baseline"]
    group["change"] = (dims, change, unit)
    with np.errstate(divide="ignore", invalid="ignore"):
        group["change_share"] = (dims, change / np.abs(value["baseline"]), {"units": "1"})
    if drawn:
        low, high = np.concatenate(made.change, axis=-1) / MILLION
        group["change_low"], group["change_high"] = (dims, low, unit), (dims, high, unit)
    return group


def _defaults(
    made: _Made, source: PathSource, pairs: dict[str, Any], base: xr.Dataset, drawn: bool
) -> xr.Dataset:
    """Default probabilities of the path by term, and the study's own beside them."""
    first = made.results[0]
    owner = np.array([one.plans.issuers[k] for one in made.results for k in one.unit_issuer])
    sector = np.array([name for one in made.results for name in one.unit_sector], dtype=str)
    who = {"issuer": ("company", owner, {"units": "text"}), "sector": ("company", sector, {"units": "text"})}
    group = xr.Dataset(coords={**pairs, "company": np.arange(owner.size), **who, "term": first.terms})
    dims, money = ("pair", "company", "term"), {"units": f"million {source.money}"}
    for number, (side, name) in enumerate(SIDES.items()):
        chance = np.concatenate([one.default_probability(side)[0] for one in made.results], axis=1)
        group[f"probability_{name}"] = (dims, chance, {"units": "1"})
        log = np.concatenate([one.log_default_probability(side)[0] for one in made.results], axis=1)
        group[f"log_probability_{name}"] = (dims, log, {"units": "1"})
        if drawn:
            ends = np.concatenate(made.probability[side], axis=2)
            for end, values in zip(("low", "high"), ends, strict=True):
                group[f"probability_{name}_{end}"] = (dims, values, {"units": "1"})
        scenarios = [source.baseline] * len(first.pairs) if number == 0 else group["scenario"].values
        beside = _beside(base, list(scenarios), owner, first.terms)
        group[f"study_probability_{name}"] = (dims, beside, {"units": "1"})
    for side, name in SIDES.items():
        equity = made.joined("equity", side, 2)[0] / MILLION
        group[f"equity_{name}"] = (dims[:2], equity, money)
    group["debt"] = (dims[:2], made.joined("debt", "", 2)[0] / MILLION, money)
    how = np.array(PATHS)[made.joined("path", "", 2)[0].astype(np.int64)]
    group["how"] = (dims[:2], how, {"units": "text"})
    return group


def _beside(
    base: xr.Dataset, scenarios: Sequence[str], owner: NDArray[np.str_], terms: NDArray[np.int64]
) -> Floats:
    """Return the probability that the study carries on, up to the end of as many of its years as each term has."""
    held = base["log_cumulative"]
    names, places = list(held["scenario"].values), list(held["issuer"].values)
    rows = [places.index(name) for name in owner]
    out = np.full((len(scenarios), owner.size, terms.size), np.nan)
    inside = terms <= held.sizes["year"]
    for k, scenario in enumerate(scenarios):
        if scenario in names:
            found = np.exp(held.values[names.index(scenario)][rows])
            out[k][:, inside] = found[:, terms[inside] - 1]
    return out


def _tornado(made: _Made, source: PathSource, pairs: dict[str, Any], plan: VariantPlan) -> xr.Dataset:
    """Value of all plans and mean probability of all companies at both ends of each range of the path's card."""
    ends = [end for end in plan.ends if end.role == LATE_SUDDEN]
    group = xr.Dataset(coords={**pairs, "term": np.asarray(source.study.spec.terms)})
    parts = (
        ("change", np.asarray(made.whole) / MILLION, f"million {source.money}", ("pair",)),
        ("mean_probability", np.asarray(made.risk) / max(1, made.companies), "1", ("pair", "term")),
    )
    for name, values, unit, dims in parts[: 2 if made.companies else 1]:
        group[name] = (("end", *dims), values[1:], {"units": unit})
        group[f"base_{name}"] = (dims, values[0], {"units": unit})
    for key in ("name", "side", "value"):
        group[f"end_{key}"] = ("end", np.array([str(getattr(end, key)) for end in ends]))
    return group


def _refused(refusals: tuple[Refusal, ...]) -> xr.Dataset:
    names = ("issuer", "sector", "technology", "reason")
    data = {
        name: ("refused", np.array([getattr(one, name) for one in refusals], dtype=str), {"units": "text"})
        for name in names
    }
    return xr.Dataset(data)
