# SPDX-License-Identifier: Apache-2.0
"""Values of ecosystem services by table, year and currency: context beside a cover, never a sum insured.

What lives here: the tables of factors and of unit values, and what they say of a hectare. What does not: what damage
costs (:mod:`greenrisk.environment.restoration`), which takes nothing from here. Versions of one table differ by a
factor of two and authors by far more, so that version, year and currency are always asked for and never guessed;
nothing is converted from one year or currency to another.

References
----------
Xie Gaodi et al. (2015), improved method of service values by unit area, Journal of Natural Resources 30(8), 1243-1254
(second-hand copy). Costanza et al. (2014), Global Environmental Change 26; de Groot et al. (2012), Ecosystem Services 1
(titles only seen).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.tables import Column, TableSpec, source_column, status_column, weakest

Floats = NDArray[np.float64]

SERVICES: Final = (
    "food",
    "raw_material",
    "water_supply",
    "gas_regulation",
    "climate_regulation",
    "purification",
    "hydrological_regulation",
    "soil_retention",
    "nutrient_cycling",
    "biodiversity",
    "aesthetic_landscape",
)
"""Services of the table of equivalent factors."""

ALL_SERVICES: Final = "all"
"""The one service of a table that values a hectare as a whole."""

_VERSION: Final = Column("version", "text", description="Version of the table, by author and year.")
_ECOSYSTEM: Final = Column("ecosystem", "text", description="Ecosystem, in the words of the version.")
_YEAR: Final = Column(
    "year", "integer", unit="year", low=1980, high=2100, description="Year of the prices of the value."
)
_CURRENCY: Final = Column("currency", "text", description="Currency; Int$: international dollars.")

SERVICE_FACTORS: Final = TableSpec(
    name="service-factors",
    title="Equivalent factors of ecosystem services, one row an ecosystem of a version",
    columns=(
        _VERSION,
        Column("ecosystem_zh", "text", required=False, description="Ecosystem in Chinese."),
        _ECOSYSTEM,
        *(
            Column(
                name, "number", unit="1", description=f"Factor of {name.replace('_', ' ')}; may be negative."
            )
            for name in SERVICES
        ),
        status_column(),
        source_column(),
    ),
)
"""Factors: services of a hectare over a standard equivalent."""

SERVICE_STANDARDS: Final = TableSpec(
    name="service-standards",
    title="Money value of one standard equivalent, one row a version, year and currency",
    columns=(
        _VERSION,
        _YEAR,
        _CURRENCY,
        Column(
            "value_per_ha",
            "number",
            unit="currency/ha/year",
            low=0,
            low_open=True,
            description="Value of one standard equivalent.",
        ),
        status_column(),
        source_column(),
    ),
)
"""What a factor of 1 is worth."""

SERVICE_UNIT_VALUES: Final = TableSpec(
    name="service-unit-values",
    title="Values of all services of a hectare, one row an ecosystem of a version",
    columns=(
        _VERSION,
        _YEAR,
        _CURRENCY,
        _ECOSYSTEM,
        Column(
            "value_per_ha",
            "number",
            unit="currency/ha/year",
            low=0,
            description="Value of all services together.",
        ),
        status_column(),
        source_column(),
    ),
)
"""Unit values for the transfer of benefits."""


@dataclass(frozen=True, eq=False)
class ServiceTables:
    """The three tables, validated: :data:`SERVICE_FACTORS`, :data:`SERVICE_STANDARDS`, :data:`SERVICE_UNIT_VALUES`."""

    factors: pd.DataFrame
    standards: pd.DataFrame
    units: pd.DataFrame


@dataclass(frozen=True, eq=False)
class ServiceValues:
    """Values of services by ecosystem, of one version, year and currency.

    Parameters
    ----------
    version : str
        Version of the table.
    year : int
        Year of the prices [year].
    currency : str
        Currency.
    ecosystems : tuple of str
        Ecosystems, in the words of the version.
    services : tuple of str
        :data:`SERVICES`, or :data:`ALL_SERVICES` alone.
    value : array, shape (ecosystems, services)
        [currency/ha/year]; services that a land use takes away are negative.
    status : str
        The weakest of factors and standard.
    source : str
        Where factors and standard come from.
    """

    version: str
    year: int
    currency: str
    ecosystems: tuple[str, ...]
    services: tuple[str, ...]
    value: Floats
    status: str
    source: str

    def of(self, ecosystem: str) -> Floats:
        """Return the values of one ecosystem, shape (services,) [currency/ha/year].

        Raises
        ------
        ArgumentError
            If the version has no such ecosystem.
        """
        if ecosystem not in self.ecosystems:
            mend = f"Ecosystems of {self.version}: {_listed(self.ecosystems)}."
            raise ArgumentError(Fault("ecosystem", f"ecosystem = {ecosystem}", mend))
        return np.asarray(self.value[self.ecosystems.index(ecosystem)])


def service_values(tables: ServiceTables, *, version: str, year: int, currency: str) -> ServiceValues:
    """Return the values of services of one version, year and currency.

    Parameters
    ----------
    tables : ServiceTables
        What is known.
    version : str
        Version of the table of factors, or of unit values.
    year : int
        Year of the prices [year].
    currency : str
        Currency.

    Raises
    ------
    ArgumentError
        If the version is not known, or not in this year and currency: the message names what there is.

    Notes
    -----
    Value of a service = factor * value of one standard equivalent. Nothing is converted: another year or currency is
    another row of the table.
    """
    factors = tables.factors[tables.factors["version"] == version]
    held = tables.standards if len(factors) else tables.units
    of_version = held[held["version"] == version]
    if not len(of_version):
        known = sorted({*tables.standards["version"], *tables.units["version"]})
        raise ArgumentError(
            Fault("version", f"version = {version}", f"Unknown version. Known: {_listed(known)}.")
        )
    rows = of_version[(of_version["year"] == year) & (of_version["currency"] == currency)]
    if not len(rows):
        there = sorted({f"{row.year} {row.currency}" for row in of_version.itertuples()})
        mend = f"{version} is held in {_listed(there)}; nothing converts it. Add a row for another year or currency."
        raise ArgumentError(Fault("year", f"year = {year}, currency = {currency}", mend))
    if not len(factors):
        return ServiceValues(
            version,
            year,
            currency,
            tuple(map(str, rows["ecosystem"])),
            (ALL_SERVICES,),
            np.asarray(rows[["value_per_ha"]], dtype=np.float64),
            weakest(rows["status"]),
            "; ".join(dict.fromkeys(map(str, rows["source"]))),
        )
    standard = float(rows["value_per_ha"].iloc[0])
    sources = dict.fromkeys([*map(str, factors["source"]), str(rows["source"].iloc[0])])
    return ServiceValues(
        version,
        year,
        currency,
        tuple(map(str, factors["ecosystem"])),
        SERVICES,
        standard * np.asarray(factors[list(SERVICES)], dtype=np.float64),
        weakest([*factors["status"], *rows["status"]]),
        "; ".join(sources),
    )


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
