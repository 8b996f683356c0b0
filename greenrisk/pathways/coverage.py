# SPDX-License-Identifier: Apache-2.0
"""The coverage table: what the pathways hold for every scenario, region, sector and variable, before any work.

References
----------
2DegreesInvesting/r2dii.climate.stress.test, issue 270, and RMI-PACTA/r2dii.analysis, issue 482: users ask which sectors
and years a scenario covers before they run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from greenrisk.core.errors import Fault
from greenrisk.core.ledger import Ledger
from greenrisk.pathways.deviations import FIRST_ORDER
from greenrisk.pathways.drivers import DRIVERS
from greenrisk.pathways.regions import tell_regions
from greenrisk.pathways.resolve import Found, Need, Resolver

COVERAGE_COLUMNS: Final = (
    "name",
    "model",
    "scenario",
    "region",
    "region_used",
    "sector",
    "technology",
    "variable",
    "member",
    "first_year",
    "last_year",
    "years_needed",
    "years_held",
    "state",
    "reason",
)
"""Columns of the coverage table."""

MOST_COUNTRIES: Final = 8
"""Countries that one fault names; the rest is counted."""

Needs = tuple[Need, ...]
"""What a study needs of the pathway tables."""


@dataclass(frozen=True)
class CoverageTable:
    """What the tables hold for every need.

    Parameters
    ----------
    found : tuple of Found
        One for each need, in their order.
    """

    found: tuple[Found, ...]

    def frame(self) -> pd.DataFrame:
        """Return one row for each need, with the columns of :data:`COVERAGE_COLUMNS`.

        ``first_year`` and ``last_year`` are those of the series (missing where there is none), ``years_needed`` and
        ``years_held`` counts [year], ``state`` is covered, fall-back or missing.
        """
        rows = [
            (
                one.need.name,
                one.need.model,
                one.need.scenario,
                one.need.country,
                one.region.region,
                one.need.sector,
                one.need.technology,
                one.need.variable,
                one.need.member,
                one.years[0] if one.years else None,
                one.years[1] if one.years else None,
                one.need.last_year - one.need.first_year + 1,
                _held(one),
                one.state,
                one.reason,
            )
            for one in self.found
        ]
        frame = pd.DataFrame(rows, columns=pd.Index(COVERAGE_COLUMNS))
        return frame.astype({"first_year": "Int64", "last_year": "Int64"})

    def counts(self) -> dict[str, int]:
        """Return how many needs are covered, met by a fall-back, and missing."""
        states = [one.state for one in self.found]
        return {state: states.count(state) for state in ("covered", "fall-back", "missing")}

    def missing(self) -> tuple[Found, ...]:
        """Return the needs that nothing meets."""
        return tuple(one for one in self.found if one.state == "missing")

    def faults(self, where: str = "pathways") -> list[Fault]:
        """Return one fault for each scenario, variable and reason why needs are not met."""
        return [Fault(where, f"{name}: {what}", mend) for name, what, mend in grouped(self.missing())]

    def tell(self, ledger: Ledger) -> None:
        """Write one line for each fall-back, each thing that is not there, and the regions; scenarios are named in it.

        Needs that nothing meets are told as neutral (drivers) or left out (technologies): where the user wants them
        refused there is no run.
        """
        groups: dict[tuple[str, str, str], list[Found]] = {}
        for one in self.found:
            if one.state == "missing":
                if one.need.variable != "technology_price":
                    groups.setdefault((one.need.variable, "missing", ""), []).append(one)
            elif reason := _without_region(one):
                groups.setdefault((one.need.variable, "fall-back", reason), []).append(one)
        tell_regions([one.region for one in self.found if one.state != "missing"], ledger, "pathways")
        for (variable, state, reason), group in groups.items():
            names = ", ".join(dict.fromkeys(one.need.name for one in group))
            subject = f"pathways: {variable}"
            if state == "fall-back":
                more = {} if group[0].status == "confirmed" else {"status": group[0].status}
                told = FIRST_ORDER if group[0].how == "derived" else reason
                ledger.add("assumption", subject, f"{told} Scenarios: {names}.", len(group), **more)
            elif group[0].need.sector:
                technologies = dict.fromkeys(f"{one.need.sector} {one.need.technology}" for one in group)
                detail = f"No table holds {', '.join(technologies)}: no production path. Scenarios: {names}."
                ledger.add("dropped", subject, detail, len(technologies))
            else:
                countries = dict.fromkeys(one.need.country for one in group)
                detail = (
                    f"No table holds it for {', '.join(countries)}: {_neutral(variable)}. Scenarios: {names}."
                )
                ledger.add("imputed", subject, detail, len(group))


def coverage(needs: Sequence[Need], resolver: Resolver) -> CoverageTable:
    """Look every need up, before any work.

    Parameters
    ----------
    needs : sequence of Need
        Scenario x region x sector x variable x years.
    resolver : Resolver
        The tables, with their fall-backs.
    """
    return CoverageTable(tuple(resolver.find(need) for need in needs))


def grouped(missing: Iterable[Found]) -> list[tuple[str, str, str]]:
    """Return needs that nothing meets as scenario, what for which countries, and how to mend it, each reason once."""
    told: dict[tuple[str, str, str], list[str]] = {}
    for one in missing:
        parts = (one.need.variable, one.need.member, one.need.sector, one.need.technology)
        told.setdefault((one.need.name, " ".join(filter(None, parts)), one.reason), []).append(
            one.need.country
        )
    out = []
    for (name, what, reason), group in told.items():
        countries = sorted(set(group))
        more = f" and {len(countries) - MOST_COUNTRIES} more" if len(countries) > MOST_COUNTRIES else ""
        listed = ", ".join(countries[:MOST_COUNTRIES]) + more
        mend = f"{reason} Give a table that holds it, or take out what consumes it."
        out.append((name, f"{what} for {listed}", mend))
    return out


def _held(found: Found) -> int:
    """Return how many of the years needed the series itself holds."""
    if found.years is None:
        return 0
    first, last = max(found.years[0], found.need.first_year), min(found.years[1], found.need.last_year)
    return max(0, last - first + 1)


def _neutral(variable: str) -> str:
    """Return what a driver is where no table holds its variable, in words."""
    found = next((driver for driver in DRIVERS.values() if driver.variable == variable), None)
    return "left out" if found is None else f"{found.neutral:g} {found.unit} throughout"


def _without_region(found: Found) -> str:
    """Return a reason without the sentence on its region, which has a line of its own."""
    return found.reason.removeprefix(f"`{found.region.region}` stands for {found.need.country}.").strip()
