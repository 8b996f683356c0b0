# SPDX-License-Identifier: Apache-2.0
"""The drivers of one scenario as arrays: what the tables hold, in yuan, with the user's own shocks.

What lives here: values. What does not: the object that keeps them (:mod:`greenrisk.pathways.pathway`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.currency import Conversion
from greenrisk.pathways.drivers import DRIVERS, Driver
from greenrisk.pathways.errors import ShockError
from greenrisk.pathways.needs import Asked, TellFault
from greenrisk.pathways.pathway_spec import PathwaySpec
from greenrisk.pathways.resolve import Found, Resolver
from greenrisk.pathways.shocks import apply_shocks
from greenrisk.pathways.units import Floats


def driver_values(
    scenario: PathwaySpec,
    number: int,
    found: Sequence[Found],
    resolver: Resolver,
    asked: Asked,
    years: NDArray[np.int64],
    conversion: Conversion,
    fault: TellFault,
    ledger: Ledger,
) -> dict[str, Floats]:
    """Return the drivers of a scenario, each of shape (country, sector, year), in its unit.

    Parameters
    ----------
    scenario, number : PathwaySpec, int
        What the user wrote, and its place among the scenarios.
    found : sequence of Found
        What the tables hold for the needs of the scenario.
    resolver : Resolver
        The tables.
    asked : Asked
        What the study needs.
    years : array of int64, shape (year,)
        Calendar years.
    conversion : Conversion
        From US$2010 to yuan.
    fault : callable
        Told shocks that lead out of a domain.
    ledger : Ledger
        Told drivers without a table, and own shocks that move nothing.
    """
    out = {}
    for name in asked.drivers:
        driver = DRIVERS[name]
        base = _base(driver, scenario, found, resolver, years, ledger)
        if name == "carbon_price":
            base = base * conversion.factor
        if driver.shockable:
            try:
                base = apply_shocks(name, base, years, scenario.shocks, asked.countries, asked.sectors)
            except ShockError as error:
                for one in error.faults:
                    place = int(one.where.removeprefix("shocks[").removesuffix("]"))
                    fault(("scenarios", number, "shocks", place), one.what, one.expected, one.unit)
        out[name] = base
    _tell_idle(scenario, asked, int(years[-1]), ledger)
    return out


def _tell_idle(scenario: PathwaySpec, asked: Asked, last_year: int, ledger: Ledger) -> None:
    """Write one line for each of the user's own shocks that moves nothing."""
    for shock in scenario.shocks:
        if shock.quantity not in asked.drivers:
            why = "No channel that is on takes it."
        elif shock.start > last_year:
            why = f"It starts in {shock.start}, after the last year of the study, {last_year}."
        else:
            continue
        ledger.add(
            "dropped", f"pathway {scenario.name}: own shock of {shock.quantity}", f"It moves nothing. {why}"
        )


def _base(
    driver: Driver,
    scenario: PathwaySpec,
    found: Sequence[Found],
    resolver: Resolver,
    years: NDArray[np.int64],
    ledger: Ledger,
) -> Floats:
    """Return a driver before own shocks: what the tables hold, or its neutral value, told where a table was meant."""
    mine = {
        one.need.country: one for one in found if one.need.variable == driver.variable and not one.need.sector
    }
    if not driver.variable or not mine:
        if driver.variable:
            detail = f"No table stands behind it here: it is {driver.neutral:g} {driver.unit} throughout."
            ledger.add("assumption", f"pathway {scenario.name}: {driver.name}", detail)
        return np.full((1, 1, len(years)), driver.neutral)
    countries = list(mine)
    path = np.empty((len(countries), 1, len(years)))
    for row, country in enumerate(countries):
        one = mine[country]
        path[row, 0] = driver.neutral if one.state == "missing" else resolver.values(one, years)
    return path


def technology_values(
    variable: str, found: Sequence[Found], resolver: Resolver, years: NDArray[np.int64]
) -> dict[tuple[str, str], Floats]:
    """Return a variable of technologies, each of shape (country, year), by sector and technology.

    A technology that a country lacks is left out for all, which the coverage tells. See :func:`driver_values` for the
    arguments.
    """
    by_technology: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        if one.need.variable == variable:
            by_technology.setdefault((one.need.sector, one.need.technology), []).append(one)
    out: dict[tuple[str, str], Floats] = {}
    for technology, ones in by_technology.items():
        if all(one.state != "missing" for one in ones):
            out[technology] = np.stack([resolver.values(one, years) for one in ones])
    return out
