# SPDX-License-Identifier: Apache-2.0
"""The small tables behind the pathways: units, names of variables, regions, families, proxies, deflator and rate.

What lives here: their columns and how the shipped ones are read; a user's file can stand for each of them. What does
not: the pathway tables themselves, whose columns are the years (:mod:`greenrisk.pathways.iamc`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import Column, TableSpec, read_table

STATUSES: Final = ("confirmed", "unconfirmed", "illustrative", "user")
"""How far a row is known, from best to worst known; the user's own word stands last."""

_STATUS = Column("status", "choice", choices=STATUSES, description="How far the row is known.")
_SOURCE = Column("source", "text", description="Where the row comes from.")

PATHWAY_UNITS: Final = TableSpec(
    name="pathway-units",
    title="Units of pathway tables, with the factor to the unit used inside",
    columns=(
        Column(
            "spelling", "text", unique=True, description="The unit as tables write it; blanks do not count."
        ),
        Column(
            "match",
            "choice",
            choices=("exact", "start"),
            description="Whether the whole text, or only its start, must be the spelling.",
        ),
        Column("quantity", "text", description="Quantity that the unit measures."),
        Column("canonical_unit", "text", description="Unit of that quantity used inside."),
        Column(
            "factor_to_canonical",
            "number",
            unit="canonical unit per unit",
            low=0,
            low_open=True,
            description="What a value is multiplied by.",
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Known units."""

PATHWAY_VARIABLES: Final = TableSpec(
    name="pathway-variables",
    title="Names of pathway variables: from the spellings of tables to one name each",
    columns=(
        Column(
            "spelling",
            "text",
            unique=True,
            description="The variable as tables write it; `{member}`, `{sector}` and `{technology}` stand for a part.",
        ),
        Column("name", "text", description="The one name."),
        Column(
            "kind",
            "choice",
            choices=("level", "deviation_percent", "deviation_points"),
            description="Whether values are levels or deviations from a baseline.",
        ),
        Column(
            "member",
            "text",
            required=False,
            description="Part of the shock, or the placeholder that names it.",
        ),
        Column("sector", "text", required=False, description="Sector, or the placeholder that names it."),
        Column(
            "technology", "text", required=False, description="Technology, or the placeholder that names it."
        ),
        Column("quantity", "text", description="Quantity of the unit; alternatives are parted by ` or `."),
        Column(
            "scope",
            "choice",
            choices=("region", "world"),
            description="Whether the variable differs by region, or is one of the whole world.",
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Known variables."""

PATHWAY_REGIONS: Final = TableSpec(
    name="pathway-regions",
    title="Regions of the models by country, the first that a table holds being taken",
    columns=(
        Column("country", "text", description="Country, ISO 3166 alpha-2."),
        Column("region", "text", description="Region as tables name it, without the model before it."),
        Column(
            "model_starts_with",
            "text",
            required=False,
            description="Start of the models whose region it is; empty: of all.",
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""From countries to regions; a country without a region of a table falls back to the world."""

PATHWAY_FAMILIES: Final = TableSpec(
    name="pathway-families",
    title="Families of models whose name does not say them",
    columns=(
        Column("model", "text", unique=True, description="Model as tables name it."),
        Column("family", "text", description="The integrated assessment model and version behind it."),
        _STATUS,
        _SOURCE,
    ),
)
"""A model that is not listed is its own family; of `NiGEM ...[MODEL]` it is the model in the brackets."""

PATHWAY_PROXIES: Final = TableSpec(
    name="pathway-proxies",
    title="What stands for the production pathway of a technology where no table holds one",
    columns=(
        Column("sector", "text", description="Sector."),
        Column("technology", "text", description="Technology."),
        Column(
            "kind",
            "choice",
            choices=("carbon", "green"),
            description="Whether the technology must shrink (carbon) or may grow (green) in a transition.",
        ),
        Column("variable", "text", description="The variable that stands for it."),
        Column(
            "pathway_technologies",
            "text",
            description="Its technologies, added up where ` + ` stands between.",
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Proxies: only their change against the first year means anything."""

DEFLATORS_AND_RATES: Final = TableSpec(
    name="deflators-and-rates",
    title="US GDP deflator (2010 = 1) and yuan per US dollar by year",
    columns=(
        Column("year", "integer", unit="year", unique=True, low=1950, high=2100, description="Year."),
        Column(
            "us_gdp_deflator_2010_is_1",
            "number",
            unit="unitless",
            low=0,
            low_open=True,
            description="Price level of the year over that of 2010.",
        ),
        Column(
            "deflator_low", "number", unit="unitless", low=0, low_open=True, description="Lower end (5 %)."
        ),
        Column(
            "deflator_high", "number", unit="unitless", low=0, low_open=True, description="Upper end (95 %)."
        ),
        Column("deflator_status", "choice", choices=STATUSES, description="How far the deflator is known."),
        Column(
            "cny_per_usd",
            "number",
            unit="CNY/USD",
            low=0,
            low_open=True,
            description="Average rate of the year.",
        ),
        Column(
            "cny_per_usd_low", "number", unit="CNY/USD", low=0, low_open=True, description="Lower end (5 %)."
        ),
        Column(
            "cny_per_usd_high",
            "number",
            unit="CNY/USD",
            low=0,
            low_open=True,
            description="Upper end (95 %).",
        ),
        Column("cny_per_usd_status", "choice", choices=STATUSES, description="How far the rate is known."),
        _STATUS,
        _SOURCE,
    ),
)
"""Both factors from US$2010 to yuan of a year."""

PATHWAY_TABLES: Final = (
    PATHWAY_UNITS,
    PATHWAY_VARIABLES,
    PATHWAY_REGIONS,
    PATHWAY_FAMILIES,
    PATHWAY_PROXIES,
    DEFLATORS_AND_RATES,
)
"""All small tables of the pathways."""


def small_table(spec: TableSpec, own: str | Path | None = None, ledger: Ledger | None = None) -> pd.DataFrame:
    """Return a small table: the shipped one, or the user's own file.

    Parameters
    ----------
    spec : TableSpec
        One of :data:`PATHWAY_TABLES`.
    own : str or Path, optional
        The user's file.
    ledger : Ledger, optional
        Told how the user's file was read.

    Raises
    ------
    TableError
        With every fault of the file.
    """
    if own is None:
        return _shipped(spec.name)
    return read_table(own, spec, ledger if ledger is not None else Ledger())


@cache
def _shipped(name: str) -> pd.DataFrame:
    spec = {spec.name: spec for spec in PATHWAY_TABLES}[name]
    return read_table(library_root() / "data" / f"{name.replace('-', '_')}.csv", spec, Ledger())


def weakest(statuses: list[str]) -> str:
    """Return the status that is known worst; `confirmed` for none."""
    order = ("confirmed", "user", "unconfirmed", "illustrative", "synthetic")
    return max(
        statuses, key=lambda status: order.index(status) if status in order else 2, default="confirmed"
    )
