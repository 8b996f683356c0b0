# SPDX-License-Identifier: Apache-2.0
"""Rows of checked tables put together as :class:`~greenrisk.issuer.statements.Issuers`.

What lives here: the mechanics of indices and conversions. What does not: what is judged about the figures
(:mod:`greenrisk.issuer.intake`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.tables import ROWS, file_rows
from greenrisk.environment.credit_colour import COLOURS, NOT_ASSESSED
from greenrisk.issuer.checks import latest
from greenrisk.issuer.countries import Countries
from greenrisk.issuer.currencies import Rates, factors
from greenrisk.issuer.missing import RULE_NAMES
from greenrisk.issuer.statements import Issuers, Pollutants, Shares, Sites
from greenrisk.issuer.tables import LINES, SCOPES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Texts = NDArray[np.object_]
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Set:
    """All issuers of the tables, before any is refused.

    Parameters
    ----------
    ids : tuple of str, (issuer,)
        Who.
    who : DataFrame
        The table of issuers.
    frames : mapping of str to DataFrame
        All tables.
    year : array of int, shape (issuer,)
        Year of the statement.
    currency : array of str, shape (issuer,)
        Currency of the statement.
    lines : dict of str to array, shape (issuer,)
        Lines after the rules [million].
    rule : array of int, shape (line, issuer)
        Which rule filled a line.
    emissions : dict of str to array, shape (issuer,)
        Scopes, free allocation [t CO2e] and year.
    to : str
        Currency of the study.
    countries : Countries
        Codes by spelling.
    """

    ids: tuple[str, ...]
    who: pd.DataFrame
    frames: Frames
    year: Integers
    currency: Texts
    lines: dict[str, Floats]
    rule: Integers
    emissions: dict[str, Floats]
    to: str
    countries: Countries


def column(frame: pd.DataFrame, name: str) -> Floats:
    """Return a column of numbers, shape (row,); NaN where it is not there."""
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy(dtype=np.float64)


def texts(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a column of texts; empty ones where a cell or the column is not there."""
    if name not in frame.columns:
        return [""] * len(frame)
    return ["" if pd.isna(cell) else str(cell).strip() for cell in frame[name]]


def assemble(made: Set, keep: Integers, rates: Rates) -> Issuers:
    """Return the issuers that are kept, as arrays.

    Parameters
    ----------
    made : Set
        All of them.
    keep : array of int, shape (kept issuer,)
        Positions of those that are run, ascending.
    rates : Rates
        Rates of exchange, for the sites.
    """
    who = made.who
    own = [made.countries.code(str(country)) for country in who["country"]]
    sector = texts(who, "sector")
    shares = made.frames.get("issuer-shares")
    also = [] if shares is None else [made.countries.code(str(country)) for country in shares["country"]]
    countries = tuple(dict.fromkeys([*(own[at] for at in keep), *also]))
    sectors = tuple(
        dict.fromkeys([*(sector[at] for at in keep), *([] if shares is None else texts(shares, "sector"))])
    )
    kept = np.full(len(made.ids), -1, dtype=np.int64)
    kept[keep] = np.arange(keep.size)
    colours = {colour: number for number, colour in enumerate(COLOURS)}
    emissions = np.stack([made.emissions[name][keep] for name in SCOPES])
    uses = _uses(made)
    return Issuers(
        ids=tuple(made.ids[at] for at in keep),
        names=tuple(str(who["name"].iat[at]) for at in keep),
        currency=made.to,
        countries=countries,
        sectors=sectors,
        country=np.array([countries.index(own[at]) for at in keep], dtype=np.int64),
        sector=np.array([sectors.index(sector[at]) for at in keep], dtype=np.int64),
        province=_objects(texts(who, "province"))[keep],
        group=_objects(texts(who, "group"))[keep],
        zone_owner=_objects(texts(who, "zone_owner"))[keep],
        credit_colour=np.array(
            [colours.get(colour, NOT_ASSESSED) for colour in texts(who, "credit_colour")], dtype=np.int64
        )[keep],
        equity_volatility=column(who, "equity_volatility")[keep],
        debt_until=column(who, "debt_until")[keep],
        year=made.year[keep],
        lines=np.stack([made.lines[name][keep] for name in LINES]),
        rule=made.rule[:, keep],
        rules=RULE_NAMES,
        emissions=emissions,
        free_allocation=np.nan_to_num(made.emissions["free_allocation"][keep], nan=0.0),
        emission_year=made.emissions["year"][keep].astype(np.int64),
        water=uses["water_m3"][keep],
        electricity=uses["electricity_mwh"][keep],
        fuel=uses["fuel_gj"][keep],
        pollutants=_pollutants(made, kept),
        shares=_shares(made, kept, own, sector, countries, sectors),
        sites=_sites(made, kept, rates),
    )


def of_issuers(frame: pd.DataFrame, ids: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of some issuers, which still tell their rows of the file."""
    rows = file_rows(frame)
    place = np.flatnonzero(frame["issuer"].astype(str).isin(set(ids)))
    part = frame.iloc[place].reset_index(drop=True)
    part.attrs[ROWS] = tuple(rows[int(at)] for at in place)
    return part


def _objects(values: list[str]) -> Texts:
    return np.array(values, dtype=object)


def _rows_of(made: Set, name: str, kept: Integers) -> tuple[pd.DataFrame, Integers] | None:
    """Return a table's rows of kept issuers, in their order, and whose each is."""
    frame = made.frames.get(name)
    if frame is None or not len(frame):
        return None
    at = {issuer: number for number, issuer in enumerate(made.ids)}
    whose = kept[[at[str(issuer)] for issuer in frame["issuer"]]]
    order = np.argsort(whose, kind="stable")
    order = order[whose[order] >= 0]
    return frame.iloc[order], whose[order]


def _uses(made: Set) -> dict[str, Floats]:
    names = ("water_m3", "electricity_mwh", "fuel_gj")
    out = {name: np.full(len(made.ids), np.nan) for name in names}
    frame = made.frames.get("issuer-uses")
    if frame is None or not len(frame):
        return out
    rows = frame.iloc[latest(frame)]
    at = {issuer: number for number, issuer in enumerate(made.ids)}
    place = [at[str(issuer)] for issuer in rows["issuer"]]
    for name in names:
        out[name][place] = column(rows, name)
    return out


def _pollutants(made: Set, kept: Integers) -> Pollutants:
    found = _rows_of(made, "issuer-pollutants", kept)
    if found is None:
        none, nothing = np.empty(0, dtype=object), np.empty(0)
        return Pollutants(np.empty(0, dtype=np.int64), none, none, none, nothing, nothing)
    rows, whose = found
    if "year" in rows.columns:  # the latest year of each discharge
        newest = rows.reset_index(drop=True).sort_values("year", kind="stable")
        newest = newest.drop_duplicates(["issuer", "outlet", "pollutant"], keep="last")
        order = np.sort(newest.index.to_numpy())
        rows, whose = rows.iloc[order], whose[order]
    return Pollutants(
        whose,
        _objects(texts(rows, "outlet")),
        _objects(texts(rows, "medium")),
        _objects(texts(rows, "pollutant")),
        column(rows, "quantity_kg"),
        column(rows, "below_standard_share"),
    )


def _shares(
    made: Set,
    kept: Integers,
    own: list[str],
    sector: list[str],
    countries: tuple[str, ...],
    sectors: tuple[str, ...],
) -> Shares:
    """Return the shares; an issuer without a row is wholly in its own country and sector."""
    found = _rows_of(made, "issuer-shares", kept)
    issuer, country, of_sector, share = [], [], [], []
    if found is not None:
        rows, whose = found
        issuer = list(map(int, whose))
        country = [countries.index(made.countries.code(str(name))) for name in rows["country"]]
        of_sector = [sectors.index(name) for name in texts(rows, "sector")]
        share = list(column(rows, "share"))
    told = set(issuer)
    for at in map(int, np.flatnonzero(kept >= 0)):
        if int(kept[at]) not in told:
            issuer.append(int(kept[at]))
            country.append(countries.index(own[at]))
            of_sector.append(sectors.index(sector[at]))
            share.append(1.0)
    order = np.argsort(np.array(issuer, dtype=np.int64), kind="stable")
    return Shares(
        np.array(issuer, dtype=np.int64)[order],
        np.array(country, dtype=np.int64)[order],
        np.array(of_sector, dtype=np.int64)[order],
        np.array(share, dtype=np.float64)[order],
    )


def _sites(made: Set, kept: Integers, rates: Rates) -> Sites:
    found = _rows_of(made, "issuer-sites", kept)
    if found is None:
        nothing = [np.empty(0) for _ in range(6)]
        return Sites(np.empty(0, dtype=np.int64), np.empty(0, dtype=object), *nothing)
    rows, whose = found
    at = {issuer: number for number, issuer in enumerate(made.ids)}
    all_rows = [at[str(issuer)] for issuer in rows["issuer"]]
    codes = [
        written or str(made.currency[number])
        for written, number in zip(texts(rows, "currency"), all_rows, strict=True)
    ]
    factor = factors(codes, made.year[all_rows], made.to, rates)
    return Sites(
        whose,
        _objects(texts(rows, "site")),
        column(rows, "lon"),
        column(rows, "lat"),
        column(rows, "value_million") * factor,
        column(rows, "contribution_share"),
        np.nan_to_num(column(rows, "insured_share"), nan=0.0),
        np.nan_to_num(column(rows, "deductible_million") * factor, nan=0.0),
    )
