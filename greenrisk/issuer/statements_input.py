# SPDX-License-Identifier: Apache-2.0
"""From what a scenario names to the issuers that are run: tables of the house, or the ITR workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from greenrisk.core.cards import Card
from greenrisk.core.errors import GreenRiskError, TableError
from greenrisk.core.sources import Sources
from greenrisk.core.tables import TableSpec
from greenrisk.issuer.checks import issuer_faults
from greenrisk.issuer.countries import Countries, countries_of
from greenrisk.issuer.currencies import rates_of
from greenrisk.issuer.intake import Intake, Ways, intake
from greenrisk.issuer.issuers import TABLE_KEYS, IssuersScenario
from greenrisk.issuer.itr import itr_intake
from greenrisk.issuer.magnitudes import bounds_of
from greenrisk.issuer.tables import COUNTRY_SPELLINGS, CURRENCY_RATES, ISSUER_TABLES, PLAUSIBLE_RATIOS

SPECS: Final[Mapping[str, TableSpec]] = dict(zip(TABLE_KEYS, ISSUER_TABLES, strict=True))
"""Declaration of the table of each key of :class:`greenrisk.issuer.issuers.StatementsSpec`."""


@dataclass(frozen=True)
class Roster:
    """Who the tables of a set name, whatever else is wrong with them.

    Parameters
    ----------
    ids : tuple of str
        Issuers that any table names.
    sectors, countries : tuple of str
        Theirs, each once; countries as ISO 3166 alpha-2 codes.
    pollutants : DataFrame or None
        The table of discharges as it stands; None where it is not there or has faults.
    """

    ids: tuple[str, ...]
    sectors: tuple[str, ...]
    countries: tuple[str, ...]
    pollutants: pd.DataFrame | None = None


def read_issuers(
    spec: IssuersScenario, card: Card | None, sources: Sources
) -> tuple[Intake | None, Roster | None]:
    """Return the issuers of a scenario.

    Parameters
    ----------
    spec : IssuersScenario
        What the user wrote.
    card : Card or None
        Of the rules that judge; None where there is none, or it has faults.
    sources : Sources
        Reads the tables and takes every fault.

    Returns
    -------
    intake : Intake or None
        None where faults were recorded.
    roster : Roster or None
        Who is named, so that what hangs on names alone is judged beside the faults of the tables; None where the tables
        do not say it.
    """
    ways = _ways(spec, card, sources)
    given = spec.statements
    if given.format == "itr":
        return _of_workbook(str(given.workbook), ways, sources), None
    frames: dict[str, pd.DataFrame] = {}
    every: dict[str, pd.DataFrame] = {}
    names: dict[str, str] = {}
    for key, name in given.tables().items():
        table = SPECS[key]
        rows = sources.rows(name, ("statements", key), table)
        if rows is None or rows.sound is None:
            continue
        every[table.name] = rows.every
        if not len(rows.faults):
            frames[table.name], names[table.name] = rows.sound, name
    roster = _roster(every, frames, countries_of(None) if ways is None else ways.countries)
    if ways is None:
        return None, roster
    whole = len(frames) == len(given.tables()) and (given.card is None or card is not None)
    try:
        if whole:
            return intake(frames, names, ways), roster
        # Tables with faulty cells are left out; what the others say among themselves is judged all the same.
        faults = issuer_faults(frames, names, ways.currency, ways.rates, ways.countries)
        faults.raise_if_any(TableError)
    except GreenRiskError as error:
        sources.take(error)
    return None, roster


def _of_workbook(name: str, ways: Ways | None, sources: Sources) -> Intake | None:
    path = sources.file(name, ("statements", "workbook"))
    if path is None or ways is None:
        return None
    try:
        return itr_intake(path, ways)
    except GreenRiskError as error:
        sources.take(error)
    return None


def _roster(
    every: Mapping[str, pd.DataFrame], frames: Mapping[str, pd.DataFrame], countries: Countries
) -> Roster | None:
    """Return who the tables name; None where the table of issuers does not say every sector and country."""
    who = every.get("issuers")
    if who is None or who[["sector", "country"]].isna().to_numpy().any():
        return None
    also = [who, *([every["issuer-shares"]] if "issuer-shares" in every else [])]
    # An identifier that stands twice is a faulty cell, yet the other tables name its issuers.
    ids = dict.fromkeys(str(one) for frame in every.values() for one in frame["issuer"].dropna())
    sectors = dict.fromkeys(str(one) for frame in also for one in frame["sector"].dropna())
    codes = dict.fromkeys(countries.code(str(one)) for frame in also for one in frame["country"].dropna())
    known = tuple(code for code in codes if code)
    return Roster(tuple(ids), tuple(sectors), known, frames.get("issuer-pollutants"))


def _ways(spec: IssuersScenario, card: Card | None, sources: Sources) -> Ways | None:
    given = spec.statements
    small: dict[str, pd.DataFrame | None] = {}
    for key, table in (
        ("currency_rates", CURRENCY_RATES),
        ("country_spellings", COUNTRY_SPELLINGS),
        ("plausible_ratios", PLAUSIBLE_RATIOS),
    ):
        name = getattr(given, key)
        small[key] = None
        if name is not None:
            small[key] = sources.table(name, ("statements", key), table)
            if small[key] is None:
                return None
    values = {} if card is None else {name: float(value) for name, value in card.values().items()}
    return Ways(
        currency=spec.currency,
        rules=given.rules,
        card=values,
        card_name="" if card is None else card.name,
        rates=rates_of(small["currency_rates"]),
        countries=countries_of(small["country_spellings"]),
        bounds=bounds_of(small["plausible_ratios"]),
    )
