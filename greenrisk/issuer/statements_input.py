# SPDX-License-Identifier: Apache-2.0
"""From what a scenario names to the issuers that are run: tables of the house, or the ITR workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from greenrisk.core.cards import Card
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.sources import Sources
from greenrisk.core.tables import TableSpec
from greenrisk.issuer.countries import countries_of
from greenrisk.issuer.currencies import rates_of
from greenrisk.issuer.intake import Intake, Ways, intake
from greenrisk.issuer.issuers import TABLE_KEYS, IssuersScenario
from greenrisk.issuer.itr import itr_intake
from greenrisk.issuer.magnitudes import bounds_of
from greenrisk.issuer.tables import COUNTRY_SPELLINGS, CURRENCY_RATES, ISSUER_TABLES, PLAUSIBLE_RATIOS

SPECS: Final[Mapping[str, TableSpec]] = dict(zip(TABLE_KEYS, ISSUER_TABLES, strict=True))
"""Declaration of the table of each key of :class:`greenrisk.issuer.issuers.StatementsSpec`."""


def read_issuers(spec: IssuersScenario, card: Card | None, sources: Sources) -> Intake | None:
    """Return the issuers of a scenario.

    Parameters
    ----------
    spec : IssuersScenario
        What the user wrote.
    card : Card or None
        Of the rules that judge.
    sources : Sources
        Reads the tables and takes every fault.

    Returns
    -------
    Intake or None
        None where faults were recorded.
    """
    before = len(sources.faults)
    ways = _ways(spec, card, sources)
    given = spec.statements
    if given.format == "itr":
        path = sources.file(str(given.workbook), ("statements", "workbook"))
        if path is None or ways is None:
            return None
        try:
            return itr_intake(path, ways)
        except GreenRiskError as error:
            sources.take(error)
            return None
    frames: dict[str, pd.DataFrame] = {}
    names: dict[str, str] = {}
    for key, name in given.tables().items():
        table = SPECS[key]
        frame = sources.table(name, ("statements", key), table)
        if frame is not None:
            frames[table.name], names[table.name] = frame, name
    if ways is None or len(sources.faults) > before:
        return None
    try:
        return intake(frames, names, ways)
    except GreenRiskError as error:
        sources.take(error)
    return None


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
