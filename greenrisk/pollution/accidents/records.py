# SPDX-License-Identifier: Apache-2.0
"""Tables behind the frequency: US reports by industry and chemical, leak frequencies, matched industries.

References
----------
US EPA, Risk Management Program (40 CFR 68), five-year accident histories; HJ 169-2018, Appendix E (from memory).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.tables import Column, TableSpec, source_column, status_column, weakest
from greenrisk.pollution.accidents.roles import SIZES
from greenrisk.pollution.inventory import Floats, Texts
from greenrisk.pollution.tables import EQUIPMENT

_STATUS = status_column()
_SOURCE = source_column()
_LISTED = (
    Column("accidents_listed", "integer", unit="1", low=0, description="Accidents of listed industries."),
    Column(
        "rate_listed_per_facility_year",
        "number",
        unit="1/year",
        low=0,
        description="Rate from the accidents of listed industries.",
    ),
    Column(
        "rate_listed_se_per_year", "number", unit="1/year", low=0, description="Its Poisson standard error."
    ),
)

RMP_RATES: Final = TableSpec(
    name="rmp-rates",
    title="Accidents per facility-year reported to the US EPA's Risk Management Program, by industry and chemical",
    columns=(
        Column("kind", "choice", choices=("all", "naics", "chemical"), description="What the row is of."),
        Column("code", "text", description="NAICS code or chemical."),
        Column("facilities", "integer", unit="1", low=1, description="Facilities in December 2024."),
        Column("window", "text", description="Years of the accidents."),
        Column("years", "integer", unit="year", low=1, description="How many."),
        Column("accidents", "integer", unit="1", low=0, description="Accidents of the window."),
        Column(
            "rate_per_facility_year", "number", unit="1/year", low=0, description="Rate from all accidents."
        ),
        Column("rate_se_per_year", "number", unit="1/year", low=0, description="Its Poisson standard error."),
        *_LISTED,
        _STATUS,
        _SOURCE,
    ),
)
"""US reports; the columns ``..._listed`` count only accidents whose industry has a facility count."""

RMP_WINDOWS: Final = TableSpec(
    name="rmp-windows",
    title="The same by window of years: reports after about 2019 are incomplete",
    columns=(
        Column("kind", "choice", choices=("all", "naics"), description="What the row is of."),
        Column("code", "text", description="NAICS code."),
        Column("window", "text", description="Years of the accidents."),
        Column("years", "integer", unit="year", low=1, description="How many."),
        *_LISTED,
        _STATUS,
        _SOURCE,
    ),
)
"""How much the window matters."""

LEAK_FREQUENCIES: Final = TableSpec(
    name="leak-frequencies",
    title="Leaks of a piece of equipment, a metre of pipe or an hour of loading, by size",
    columns=(
        Column("equipment", "choice", choices=EQUIPMENT, description="Sort of equipment."),
        Column("size", "choice", choices=SIZES, description="Small: a hole; large: full bore or rupture."),
        Column(
            "frequency",
            "number",
            unit="1/year, 1/(m year) or 1/hour",
            low=0,
            description="Leaks for each unit of the equipment.",
        ),
        Column(
            "unit",
            "choice",
            choices=("1/year", "1/(m year)", "1/hour"),
            description="Unit of the frequency.",
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""HJ 169-2018, Appendix E."""

RELEASE_SOURCES: Final = TableSpec(
    name="rmp-release-sources",
    title="How many reported accidents name each source of the release; an accident may name several",
    columns=(
        Column("release_source", "text", description="What leaked, in the words of the reports."),
        Column("naics", "text", description="Industry; all."),
        Column("window", "text", description="Years of the accidents; all."),
        Column("reports", "integer", unit="1", low=1, description="Accidents of industry and window."),
        Column("named", "integer", unit="1", low=0, description="Those that name the source."),
        Column("share", "number", unit="unitless", low=0, high=1, description="Their share."),
        Column("equipment", "text", required=False, description="Sorts of equipment that it matches."),
        _STATUS,
        _SOURCE,
    ),
)
"""What leaks by equipment are set beside; they are not fitted to it."""

INDUSTRY_NAICS: Final = TableSpec(
    name="industry-naics",
    title="Industries of GB/T 4754 and the NAICS industry whose reports stand for them",
    columns=(
        Column("gbt4754_prefix", "text", unique=True, description="First digits of the Chinese code."),
        Column("title", "text", description="Title of the Chinese industry."),
        Column("naics", "text", description="NAICS code, as in the table of rates."),
        _STATUS,
        _SOURCE,
    ),
)
"""A match by title; the longest prefix counts."""


@dataclass(frozen=True, eq=False)
class Records:
    """What the tables say, ready for lookup.

    Parameters
    ----------
    all_industries : tuple of float
        Rate of all facilities and its standard error [1/year].
    industry, chemical : mapping of str to tuple of float
        Rate and standard error by NAICS code, and by the chemical's English name in small letters [1/year].
    leak : array, shape (equipment, sizes)
        Leaks for each unit of equipment a year (an hour for loading).
    naics_of : tuple of tuple of str
        Prefixes of GB/T 4754 with their NAICS code, the longest first.
    statuses : mapping of str to str
        The weakest status of each table.
    windows : DataFrame
        Rates by window.
    release_sources : DataFrame
        What leaked in the reports, following :data:`RELEASE_SOURCES`.
    """

    all_industries: tuple[float, float]
    industry: Mapping[str, tuple[float, float]]
    chemical: Mapping[str, tuple[float, float]]
    leak: Floats
    naics_of: tuple[tuple[str, str], ...]
    statuses: Mapping[str, str]
    windows: pd.DataFrame
    release_sources: pd.DataFrame

    def naics(self, codes: Texts) -> Texts:
        """Return the NAICS code of industries of GB/T 4754; empty where none matches.

        Parameters
        ----------
        codes : array of str, shape (plants,)
        """
        found = [
            next((naics for prefix, naics in self.naics_of if str(c).startswith(prefix)), "") for c in codes
        ]
        return np.asarray(found, dtype=np.str_)


def read_records(
    rates: pd.DataFrame,
    windows: pd.DataFrame,
    leaks: pd.DataFrame,
    industries: pd.DataFrame,
    release_sources: pd.DataFrame,
) -> Records:
    """Return the records of validated tables.

    Parameters
    ----------
    rates, windows, leaks, industries, release_sources : DataFrame
        Following :data:`RMP_RATES`, :data:`RMP_WINDOWS`, :data:`LEAK_FREQUENCIES`, :data:`INDUSTRY_NAICS`,
        :data:`RELEASE_SOURCES`.

    Raises
    ------
    TableError
        If the rates have no row for all industries, an equipment has two frequencies of a size or a wrong unit, an
        industry is matched with one that the rates do not have, or a source of release with an equipment that is none;
        all at once.
    """
    faults = Faults()
    of_kind = {
        kind: {
            str(code): (float(rate), float(error))
            for code, rate, error in zip(
                rows["code"],
                rows["rate_listed_per_facility_year"],
                rows["rate_listed_se_per_year"],
                strict=True,
            )
        }
        for kind, rows in rates.groupby("kind")
    }
    industry = of_kind.get("naics", {})
    if "all" not in of_kind:
        faults.add("rmp-rates", "kind", "A row of kind `all` is needed: it stands where no industry matches.")
    leak = np.zeros((len(EQUIPMENT), len(SIZES)))
    seen: set[tuple[str, str]] = set()
    for row in leaks.itertuples():
        pair = (str(row.equipment), str(row.size))
        if pair in seen:
            faults.add("leak-frequencies", f"{pair[0]}, {pair[1]}", "Stands there twice. Give one frequency.")
        seen.add(pair)
        if str(row.unit) != unit_of(pair[0]):
            faults.add("leak-frequencies", f"{pair[0]}: unit = {row.unit}", f"It must be {unit_of(pair[0])}.")
        leak[EQUIPMENT.index(pair[0]), SIZES.index(pair[1])] = float(str(row.frequency))
    pairs = [(str(a), str(b)) for a, b in zip(industries["gbt4754_prefix"], industries["naics"], strict=True)]
    for prefix, naics in pairs:
        if naics not in industry:
            mend = f"The table of rates has no such industry. It has {', '.join(sorted(industry))}."
            faults.add("industry-naics", f"{prefix}: naics = {naics}", mend)
    for source, sorts in zip(release_sources["release_source"], release_sources["equipment"], strict=True):
        for sort in str(sorts).split() if isinstance(sorts, str) else ():
            if sort not in EQUIPMENT:
                mend = f"There is no such equipment. There are {', '.join(EQUIPMENT)}."
                faults.add("rmp-release-sources", f"{source}: equipment = {sort}", mend)
    faults.raise_if_any(TableError)
    tables = {"rates": rates, "leaks": leaks, "industries": industries}
    return Records(
        all_industries=next(iter(of_kind["all"].values())),
        industry=industry,
        chemical={name.casefold(): pair for name, pair in of_kind.get("chemical", {}).items()},
        leak=leak,
        naics_of=tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0]))),
        statuses={name: weakest(table["status"]) for name, table in tables.items()},
        windows=windows,
        release_sources=release_sources,
    )


def unit_of(equipment: str) -> str:
    """Return the unit of the leak frequency of a sort of equipment."""
    if equipment.startswith("pipe"):
        return "1/(m year)"
    return "1/hour" if equipment.startswith("loading") else "1/year"
