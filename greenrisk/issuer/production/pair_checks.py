# SPDX-License-Identifier: Apache-2.0
"""Which scenarios make a pair, and over which years: one family, the right roles, names that are not mistaken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from greenrisk.core.errors import Faults
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.issuer.production.plans import Plans
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.issuer.production.technology_paths import TechnologyPaths


@dataclass(frozen=True)
class Period:
    """The years of a study.

    Parameters
    ----------
    first, shock, last : int
        First year, year of the shock, last year that is computed [year].
    pairs : tuple of (int, int)
        Index of baseline and target of each pair in the scenarios of the table.
    """

    first: int
    shock: int
    last: int
    pairs: tuple[tuple[int, int], ...]


def squeezed(name: str) -> str:
    """Return a name without what is easily overlooked: case, blanks, hyphens, underscores."""
    return re.sub(r"[\W_]+", "", name).casefold()


def look_alikes(paths: TechnologyPaths, scenario: str) -> tuple[str, ...]:
    """Return the other scenarios of the table that differ from a name only in case, blanks, hyphens, underscores."""
    return tuple(
        other for other in paths.scenarios if other != scenario and squeezed(other) == squeezed(scenario)
    )


def settle_period(
    spec: LateSudden, paths: TechnologyPaths, plans: Plans, where: str, faults: Faults
) -> Period:
    """Return the years and scenarios of a study, or add every fault to ``faults``.

    Parameters
    ----------
    spec : LateSudden
        What the scenario says.
    paths : TechnologyPaths
        The paths.
    plans : Plans
        The plans; their years are those of the whole table.
    where : str
        Where the pairs stand in the scenario, for messages.
    faults : Faults
        Gets unknown scenarios, wrong roles, mixed families, paths that begin after the plans or end too early, a shock
        outside the years.

    Notes
    -----
    The first year is the later of the plans' first year and the paths' first year; the last is ``spec.last_year``.
    """
    pairs = []
    begins, ends = [int(plans.years[0])], []
    for k, pair in enumerate(spec.pairs):
        place = f"{where}.pairs[{k}]"
        found = {
            role: _scenario(getattr(pair, role), role, place, paths, faults)
            for role in ("baseline", "target")
        }
        base, target = found["baseline"], found["target"]
        if base is None or target is None:
            continue
        if paths.families[base] != paths.families[target]:
            kin = [
                name
                for name, family, role in zip(paths.scenarios, paths.families, paths.roles, strict=True)
                if family == paths.families[base] and role == "target"
            ]
            offer = did_you_mean(pair.target, kin) or (
                f" Of its family are: {', '.join(kin)}." if kin else ""
            )
            what = f"{pair.baseline} ({paths.families[base]}) with {pair.target} ({paths.families[target]})"
            faults.add(place, what, f"Baseline and target must be of one model family.{offer}")
        for index in (base, target):
            first, last = paths.span(index)
            begins.append(first)
            ends.append((last, paths.scenarios[index]))
            if first > plans.years[-1]:
                what = f"{paths.scenarios[index]} begins in {first}, the last plan ends in {plans.years[-1]}"
                faults.add(
                    place, what, "No year is in both. Take paths that begin earlier or later plans.", "year"
                )
        pairs.append((base, target))
    first = max(begins)
    for last, name in sorted(set(ends)):
        if last < spec.last_year:
            what = f"{name} ends in {last}, last_year = {spec.last_year}"
            faults.add(where, what, f"Nothing is extrapolated. Set `last_year` to {last} or less.", "year")
    if not first < spec.shock_year < spec.last_year:
        mend = f"It must lie after the first year {first} and before the last year {spec.last_year}."
        faults.add(f"{where}.shock_year", f"shock_year = {spec.shock_year}", mend, "year")
    return Period(first, spec.shock_year, spec.last_year, tuple(pairs))


def _scenario(name: str, role: str, place: str, paths: TechnologyPaths, faults: Faults) -> int | None:
    """Return the index of a scenario of the table, or add why there is none."""
    fit = [other for other, its in zip(paths.scenarios, paths.roles, strict=True) if its == role]
    if name not in paths.scenarios:
        alike = [other for other in paths.scenarios if squeezed(other) == squeezed(name)]
        close = f" Did you mean `{alike[0]}`?" if alike else did_you_mean(name, fit)
        faults.add(
            f"{place}.{role}", f"{role} = {name}", f"No such scenario.{close} Known: {', '.join(fit)}."
        )
        return None
    index = paths.scenarios.index(name)
    if paths.roles[index] != role:
        mend = f"The table calls it a {paths.roles[index]}. Known as {role}: {', '.join(fit) or 'none'}."
        faults.add(f"{place}.{role}", f"{role} = {name}", mend)
        return None
    return index
