# SPDX-License-Identifier: Apache-2.0
"""What a study needs of the pathway tables, scenario by scenario, and the checks before any of it is looked up.

What lives here: needs, unknown models and scenarios, families, members that would count damage twice. What does not:
the values (:mod:`greenrisk.pathways.pathway`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import KeyPath, did_you_mean
from greenrisk.pathways.coverage import CoverageTable, coverage, grouped
from greenrisk.pathways.deviations import member_for
from greenrisk.pathways.drivers import DRIVERS
from greenrisk.pathways.families import check_family, families_of, family_of, meant, tell_look_alikes
from greenrisk.pathways.pathway_spec import PathwaySpec, PathwaysSpec
from greenrisk.pathways.regions import WORLD, regions_of
from greenrisk.pathways.resolve import Found, Need, Resolver
from greenrisk.pathways.tables import PATHWAY_PROXIES, small_table
from greenrisk.pathways.variables import CanonicalTable

TellFault = Callable[[KeyPath, str, str, str], None]
"""Takes a fault: key below ``pathways``, what, expected, unit."""


@dataclass(frozen=True)
class Asked:
    """What a study asks of its pathways.

    Parameters
    ----------
    drivers : tuple of str
        Names of :data:`~greenrisk.pathways.drivers.DRIVERS` that some channel consumes.
    countries : tuple of str
        Countries of the issuers, ISO 3166 alpha-2, each once.
    sectors : tuple of str
        Sectors of the issuers, each once.
    technologies : tuple of (str, str)
        Sector and technology of the production plans, each once; empty: no production path.
    physical_by_site : bool
        Whether a channel reckons physical damage at the issuers' sites.
    """

    drivers: tuple[str, ...]
    countries: tuple[str, ...]
    sectors: tuple[str, ...] = ("all",)
    technologies: tuple[tuple[str, str], ...] = ()
    physical_by_site: bool = False


def look_up(
    spec: PathwaysSpec,
    table: CanonicalTable,
    asked: Asked,
    fault: TellFault,
    ledger: Ledger,
    small: Mapping[str, Any] | None = None,
) -> tuple[CoverageTable, Resolver, dict[str, str]] | None:
    """Look every need of a study up; None where a model, a scenario or a driver is unknown or families differ.

    Parameters
    ----------
    spec, table, asked, ledger, small
        See :func:`greenrisk.pathways.pathway.build_pathways`.
    fault : callable
        Takes a fault: key below ``pathways``, what, expected, unit.
    """
    small = small or {}
    families = families_of(small.get("pathway-families"))
    resolver = Resolver(
        table,
        regions_of(small.get("pathway-regions")),
        small.get("pathway-proxies", small_table(PATHWAY_PROXIES)),
        spec.hold,
    )
    wrong = 0

    def tell(key_path: KeyPath, what: str, expected: str, unit: str = "") -> None:
        nonlocal wrong
        wrong += 1
        fault(key_path, what, expected, unit)

    for name in asked.drivers:
        if name not in DRIVERS:
            tell((), f"driver {name}", f"There is no such driver.{did_you_mean(name, list(DRIVERS))}", "")
    _check_scenarios(spec, table, families, tell)
    members = [_member(scenario, number, asked, tell) for number, scenario in enumerate(spec.scenarios)]
    if wrong:
        return None
    known = {key[1] for key in table.index}
    tell_look_alikes([one.scenario for one in spec.scenarios if one.scenario], known, ledger)
    needs = [
        need
        for scenario, member in zip(spec.scenarios, members, strict=True)
        for need in _needs(spec, scenario, member, asked, table)
    ]
    covered = coverage(needs, resolver)
    places = {scenario.name: number for number, scenario in enumerate(spec.scenarios)}
    for name, what, mend in grouped(one for one in covered.missing() if _refused(spec, one)):
        fault(("scenarios", places[name]), what, mend, "")
    return covered, resolver, families


def _refused(spec: PathwaysSpec, found: Found) -> bool:
    """Whether the user wants a need refused that nothing meets."""
    if found.need.sector:
        return spec.missing_technologies == "refuse" and found.need.variable == "production_pathway"
    return spec.missing == "refuse"


def _needs(
    spec: PathwaysSpec, scenario: PathwaySpec, member: str, asked: Asked, table: CanonicalTable
) -> list[Need]:
    needs = []
    span = (spec.first_year, spec.last_year)
    for name in asked.drivers:
        driver = DRIVERS[name]
        model = scenario.macro_model if driver.deviation else scenario.model
        if not driver.variable or model is None or scenario.scenario is None:
            continue
        places = (WORLD[0],) if table.variables.world(driver.variable) else asked.countries
        part = member if driver.deviation else ""
        needs += [
            Need(scenario.name, model, scenario.scenario, driver.variable, country, *span, member=part)
            for country in places
        ]
    if scenario.model is None or scenario.scenario is None:
        return needs
    priced = {(key[5], key[6]) for key in table.index if key[3] == "technology_price"}
    for sector, technology in asked.technologies:
        variables = ["production_pathway"]
        variables += ["technology_price"] if (sector.lower(), technology.lower()) in priced else []
        needs += [
            Need(
                scenario.name,
                scenario.model,
                scenario.scenario,
                variable,
                country,
                *span,
                "",
                sector,
                technology,
            )
            for variable in variables
            for country in asked.countries
        ]
    return needs


def _member(scenario: PathwaySpec, number: int, asked: Asked, tell: TellFault) -> str:
    if scenario.macro_model is None:
        return ""
    try:
        return member_for(scenario.member, asked.physical_by_site)
    except GreenRiskError as error:
        for one in error.faults:
            tell(("scenarios", number, "member"), one.what, one.expected, one.unit)
    return ""


def _check_scenarios(
    spec: PathwaysSpec,
    table: CanonicalTable,
    families: dict[str, str],
    tell: TellFault,
) -> None:
    """Tell models and scenarios that no table holds, and families that differ."""
    held = list(dict.fromkeys((key[0], key[1]) for key in table.index))
    models = list(dict.fromkeys(model for model, _ in held))
    good = []
    for number, one in enumerate(spec.scenarios):
        fine = True
        for key, model in (("model", one.model), ("macro_model", one.macro_model)):
            if model is None:
                continue
            place = ("scenarios", number, key)
            if model not in models:
                fine = False
                tell(place, f"{key} = {model}", f"The tables hold no such model.{meant(model, models)}", "")
            elif (model, one.scenario) not in held:
                fine = False
                own = [scenario for other, scenario in held if other == model]
                mend = f"`{model}` has no such scenario.{meant(str(one.scenario), own)}"
                tell(("scenarios", number, "scenario"), f"scenario = {one.scenario}", mend, "")
        if fine and one.model and one.macro_model:
            first, second = family_of(one.model, families), family_of(one.macro_model, families)
            if first != second:
                mend = f"Levels and deviations must be of one model family: `{first}` and `{second}` are two."
                tell(("scenarios", number, "macro_model"), f"macro_model = {one.macro_model}", mend, "")
        good.append(fine)
    base = next(one for one in spec.scenarios if one.name == spec.baseline)
    ready = good[spec.scenarios.index(base)]
    for number, one in enumerate(spec.scenarios):
        if one is base or not (ready and good[number]):
            continue
        ours, theirs = base.model or base.macro_model or "", one.model or one.macro_model or ""
        try:
            check_family((ours, base.scenario or ""), (theirs, one.scenario or ""), held, families)
        except GreenRiskError as error:
            for found in error.faults:
                tell(("scenarios", number, "model"), found.what, found.expected, found.unit)
