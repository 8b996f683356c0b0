# SPDX-License-Identifier: Apache-2.0
"""Pathways of a study: one for each scenario, its drivers as arrays over countries, sectors and years.

What lives here: the arrays and how they are built. What does not: reading files and telling faults at their place in
the scenario (:mod:`greenrisk.pathways.prepare`), and fall-backs (:mod:`greenrisk.pathways.resolve`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import Fault, Faults
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import KeyPath, key_text
from greenrisk.pathways.coverage import CoverageTable
from greenrisk.pathways.currency import Conversion
from greenrisk.pathways.driver_values import driver_values, technology_values
from greenrisk.pathways.errors import CoverageError, PathwayError
from greenrisk.pathways.families import family_of
from greenrisk.pathways.files import merged
from greenrisk.pathways.iamc import PathwayTable
from greenrisk.pathways.needs import Asked, TellFault, look_up
from greenrisk.pathways.pathway_spec import PathwaysSpec
from greenrisk.pathways.tables import weakest
from greenrisk.pathways.units import Floats
from greenrisk.pathways.variables import CanonicalTable, canonical


@dataclass(frozen=True)
class Pathway:
    """One scenario.

    Parameters
    ----------
    name, title : str
        Of the study.
    scenario, family : str
        As the tables name them; empty where only own shocks stand behind the scenario.
    baseline : bool
        Whether the others are shocks against it.
    years : array of int64, shape (year,)
        Calendar years, one after the other.
    countries, sectors : tuple of str
        Names along the axes.
    price_year : int
        Year of the prices of all money.
    values : dict of str to array, shape (country, sector, year)
        By driver, in its unit (:data:`~greenrisk.pathways.drivers.DRIVERS`); the first two axes are of size 1 where
        nothing tells their members apart.
    production : dict of (str, str) to array, shape (country, year)
        Production pathways by sector and technology, in the one unit of the table; only their change against the first
        year means anything where a proxy stands for them.
    prices : dict of (str, str) to array, shape (country, year)
        Prices by sector and technology where the tables hold them, in the one unit of the table.
    sources : tuple of str
        Files behind it.
    status : str
        The weakest status of what it uses.
    known_from : int
        Year at the end of which lenders reckon with the rest of it.
    """

    name: str
    title: str
    scenario: str
    family: str
    baseline: bool
    years: NDArray[np.int64]
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    price_year: int
    values: Mapping[str, Floats]
    production: Mapping[tuple[str, str], Floats]
    prices: Mapping[tuple[str, str], Floats]
    sources: tuple[str, ...]
    status: str
    known_from: int = 0

    def at(self, driver: str, country: ArrayLike, sector: ArrayLike) -> Floats:
        """Return a driver for issuers that are in one country and one sector each.

        Parameters
        ----------
        driver : str
            Name of the driver.
        country, sector : array_like of int, shape (issuer,)
            Places in ``countries`` and ``sectors``.

        Returns
        -------
        array, shape (issuer, year)
        """
        values = self.values[driver]
        rows, columns = np.asarray(country, dtype=np.intp), np.asarray(sector, dtype=np.intp)
        rows = rows if values.shape[0] > 1 else np.zeros_like(rows)
        columns = columns if values.shape[1] > 1 else np.zeros_like(columns)
        return np.asarray(values[rows, columns])

    def weighted(self, driver: str, shares: ArrayLike) -> Floats:
        """Return a driver for issuers that are in several countries and sectors.

        Parameters
        ----------
        driver : str
            Name of the driver.
        shares : array_like, shape (issuer, country, sector)
            Shares of the issuer's business, which add up to 1 [unitless].

        Returns
        -------
        array, shape (issuer, year)
        """
        weights, values = np.asarray(shares, dtype=float), self.values[driver]
        weights = weights if values.shape[0] > 1 else weights.sum(axis=1, keepdims=True)
        weights = weights if values.shape[1] > 1 else weights.sum(axis=2, keepdims=True)
        return np.asarray(np.einsum("ics,csy->iy", weights, values))

    def warming_since(self, year: int) -> Floats:
        """Return the change of the global temperature since a year, for studies of climate perils.

        Parameters
        ----------
        year : int
            One of ``years``.

        Returns
        -------
        array, shape (year,)
            [K].
        """
        path = self.values["temperature"][0, 0]
        return np.asarray(path - path[int(np.flatnonzero(self.years == year)[0])])


def build_pathways(
    spec: PathwaysSpec,
    tables: Sequence[PathwayTable] | CanonicalTable,
    asked: Asked,
    conversion: Conversion,
    ledger: Ledger | None = None,
    small: Mapping[str, Any] | None = None,
) -> tuple[tuple[Pathway, ...], CoverageTable]:
    """Build the pathways of all scenarios.

    Parameters
    ----------
    spec : PathwaysSpec
        What the user wrote.
    tables : sequence of PathwayTable, or CanonicalTable
        What the files hold.
    asked : Asked
        Drivers, countries, sectors and technologies of the study.
    conversion : Conversion
        From US$2010 to yuan of the price year.
    ledger : Ledger, optional
        Told fall-backs, both factors of the conversion, what is held, neutral or left out.
    small : mapping of str to DataFrame, optional
        Own small tables by name (:data:`~greenrisk.pathways.tables.PATHWAY_TABLES`).

    Returns
    -------
    pathways : tuple of Pathway
        In the order of the scenarios.
    coverage : CoverageTable
        What the tables hold for every need.

    Raises
    ------
    PathwayError
        With every fault: unknown models and scenarios, two families, needs that nothing meets, shocks out of domain.
    """
    faults = Faults()

    def fault(key_path: KeyPath, what: str, expected: str, unit: str = "") -> None:
        faults.extend([Fault(key_text(("pathways", *key_path)), what, expected, unit)])

    table = tables if isinstance(tables, CanonicalTable) else canonical(merged(list(tables)), ledger)
    built = built_with(
        spec, table, asked, conversion, fault, ledger if ledger is not None else Ledger(), small
    )
    if built is None or len(faults):
        only = built is not None and bool(built[1].missing())
        faults.raise_if_any(CoverageError if only else PathwayError)
    assert built is not None
    return built


def built_with(
    spec: PathwaysSpec,
    table: CanonicalTable,
    asked: Asked,
    conversion: Conversion,
    fault: TellFault,
    ledger: Ledger,
    small: Mapping[str, Any] | None = None,
    status: str = "user",
) -> tuple[tuple[Pathway, ...], CoverageTable] | None:
    """Build as :func:`build_pathways` does; each fault is told by ``fault``, ``status`` is that of the tables.

    None where a model, a scenario or a driver is unknown, or families differ.
    """
    looked = look_up(spec, table, asked, fault, ledger, small)
    if looked is None:
        return None
    coverage, resolver, families = looked
    coverage.tell(ledger)
    if "carbon_price" in asked.drivers and any(scenario.model for scenario in spec.scenarios):
        conversion.tell(ledger)
    years = np.arange(spec.first_year, spec.last_year + 1, dtype=np.int64)
    pathways = []
    for number, scenario in enumerate(spec.scenarios):
        mine = [found for found in coverage.found if found.need.name == scenario.name]
        values = driver_values(scenario, number, mine, resolver, asked, years, conversion, fault, ledger)
        production = technology_values("production_pathway", mine, resolver, years)
        used = [weakest([one.status, status]) for one in mine if one.state != "missing"]
        priced = scenario.model is not None and "carbon_price" in asked.drivers
        of_money, own = [conversion.status] * priced, ["user"] * bool(scenario.shocks)
        pathways.append(
            Pathway(
                name=scenario.name,
                title=scenario.title or scenario.name,
                scenario=scenario.scenario or "",
                family=family_of(scenario.model or scenario.macro_model or "", families),
                baseline=scenario.name == spec.baseline,
                years=years,
                countries=asked.countries,
                sectors=asked.sectors,
                price_year=conversion.year,
                values=values,
                production=production,
                prices=technology_values("technology_price", mine, resolver, years),
                sources=tuple(spec.tables) if scenario.scenario else (),
                status=weakest([*used, *of_money, *own]),
                known_from=scenario.known_from or spec.first_year,
            )
        )
    _tell_foresight(spec, ledger)
    return tuple(pathways), coverage


def _tell_foresight(spec: PathwaysSpec, ledger: Ledger) -> None:
    """Tell of which scenarios lenders know the whole from the first year on."""
    blind = [one.name for one in spec.scenarios if one.known_from is None and one.name != spec.baseline]
    if blind:
        detail = (
            f"No `known_from`: lenders know all that follows from {spec.first_year} on: {', '.join(blind)}."
        )
        ledger.add("assumption", "scenarios known from the first year", detail, len(blind))
