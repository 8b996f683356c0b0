# SPDX-License-Identifier: Apache-2.0
"""What a study needs of the pathway tables, scenario by scenario, and the checks before any of it is looked up.

What lives here: needs, unknown models and scenarios, families, members that would count damage twice. What does not:
the values (:mod:`greenrisk.pathways.pathway`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
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
        Sector and technology of the production plans, each once; empty: no production path. What else the tables hold
        of their sectors is taken too, for a green technology grows by its share of the whole sector.
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
    kinds: dict[str, set[str]] = {}
    for key in table.index:
        kinds.setdefault(key[0], set()).add(
            "level" if table.variables.kind(key[3]) == "level" else "deviation"
        )
    check_scenarios(spec, [(key[0], key[1]) for key in table.index], families, tell, kinds)
    members = [_member(scenario, number, asked, tell) for number, scenario in enumerate(spec.scenarios)]
    if wrong:
        return None
    known = {key[1] for key in table.index}
    tell_look_alikes([one.scenario for one in spec.scenarios if one.scenario], known, ledger)
    needs = [
        need
        for scenario, member in zip(spec.scenarios, members, strict=True)
        for need in _needs(spec, scenario, member, asked, resolver)
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
    spec: PathwaysSpec, scenario: PathwaySpec, member: str, asked: Asked, resolver: Resolver
) -> list[Need]:
    needs, table = [], resolver.table
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
    rest = _rest_of_sectors(scenario, asked, resolver)
    for sector, technology in (*asked.technologies, *rest):
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


def _rest_of_sectors(scenario: PathwaySpec, asked: Asked, resolver: Resolver) -> list[tuple[str, str]]:
    """Return technologies that nobody plans and the tables hold, or a proxy stands for, of the sectors planned.

    Where proxies stand for the plans' technologies, each of their pathways counts once: those of the plans first, then
    those of the other proxies in the order of their table.
    """
    held = {key[5:] for key in resolver.table.index if key[3] == "production_pathway"}
    proxies = resolver.proxies
    found: list[tuple[str, str]] = []
    for sector in dict.fromkeys(sector for sector, _ in asked.technologies):
        mine = {technology.lower() for other, technology in asked.technologies if other == sector}
        own = sorted(technology for other, technology in held if other == sector.lower())
        if mine <= set(own):
            found += [(sector, technology) for technology in own if technology not in mine]
            continue
        parts = {
            str(row["technology"]): [
                (str(row["variable"]), part) for part in str(row["pathway_technologies"]).split(" + ")
            ]
            for row in proxies[proxies["sector"].str.lower() == sector.lower()].to_dict("records")
        }
        seen = {part for name, whole in parts.items() if name.lower() in mine for part in whole}
        for name, whole in parts.items():
            if name.lower() in mine or not seen.isdisjoint(whole):
                continue
            if all(_there(resolver, scenario, *part) for part in whole):
                found.append((sector, name))
                seen |= set(whole)
    return found


def _there(resolver: Resolver, scenario: PathwaySpec, variable: str, technology: str) -> bool:
    """Whether the tables hold the pathway of a proxy for a scenario, in any region."""
    wanted = (scenario.model, scenario.scenario, variable, "", technology)
    return any((*key[:2], key[3], *key[5:]) == wanted for key in resolver.table.index)


def _member(scenario: PathwaySpec, number: int, asked: Asked, tell: TellFault) -> str:
    if scenario.macro_model is None:
        return ""
    try:
        return member_for(scenario.member, asked.physical_by_site)
    except GreenRiskError as error:
        for one in error.faults:
            tell(("scenarios", number, "member"), one.what, one.expected, one.unit)
    return ""


def check_scenarios(
    spec: PathwaysSpec,
    pairs: Iterable[tuple[str, str]],
    families: dict[str, str],
    tell: TellFault,
    kinds: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Tell models and scenarios that no table holds, levels of a model that has none, and families that differ.

    Parameters
    ----------
    spec : PathwaysSpec
        What the user wrote.
    pairs : iterable of (str, str)
        Models and scenarios that the tables hold.
    families : dict
        See :func:`greenrisk.pathways.families.family_of`.
    tell : callable
        Takes the faults.
    kinds : mapping of str to collection of str, optional
        What the tables hold of a model: ``level``, ``deviation``; not judged where left out.
    """
    held = list(dict.fromkeys(pairs))
    models = list(dict.fromkeys(model for model, _ in held))
    good = []
    for number, one in enumerate(spec.scenarios):
        fine = True
        for key, model in (("model", one.model), ("macro_model", one.macro_model)):
            if model is None:
                continue
            place = ("scenarios", number, key)
            wanted, other = ("level", "macro_model") if key == "model" else ("deviation", "model")
            if model not in models:
                fine = False
                tell(place, f"{key} = {model}", f"The tables hold no such model.{meant(model, models)}", "")
            elif kinds is not None and wanted not in kinds[model]:
                fine = False
                known = "deviations from a baseline" if key == "model" else "levels"
                mend = f"The tables hold {known} of it alone, no {wanted}. Name it as `{other}`."
                tell(place, f"{key} = {model}", mend, "")
            elif (model, one.scenario) not in held:
                fine = False
                own = [scenario for other, scenario in held if other == model]
                mend = f"`{model}` has no such scenario.{meant(str(one.scenario), own)}"
                tell(("scenarios", number, "scenario"), f"scenario = {one.scenario}", mend, "")
        if fine and one.model and one.macro_model:
            first, second = family_of(one.model, families), family_of(one.macro_model, families)
            if first != second:
                own = [
                    model for model in models if family_of(model, families) == first and model != one.model
                ]
                mend = f"Levels and deviations must be of one model family: `{first}` and `{second}` are two."
                mend += f" Of `{first}`: {', '.join(f'`{model}`' for model in own)}." if own else ""
                tell(("scenarios", number, "macro_model"), f"macro_model = {one.macro_model}", mend, "")
        good.append(fine)
    base = next(one for one in spec.scenarios if one.name == spec.baseline)
    ready = good[spec.scenarios.index(base)]
    for number, one in enumerate(spec.scenarios):
        if one is base or not (ready and good[number]):
            continue
        if (one.model is None) != (base.model is None):
            which, having = (one, base) if one.model is None else (base, one)
            mend = f"`{having.name}` has levels of `{having.model}`, and this scenario has none: give it a `model` "
            mend += "too, or none to both."
            tell(("scenarios", spec.scenarios.index(which)), f"scenario {which.name}", mend, "")
            continue
        ours, theirs = base.model or base.macro_model or "", one.model or one.macro_model or ""
        try:
            check_family((ours, base.scenario or ""), (theirs, one.scenario or ""), held, families)
        except GreenRiskError as error:
            for found in error.faults:
                tell(("scenarios", number, "model"), found.what, found.expected, found.unit)
