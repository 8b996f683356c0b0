# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a set of issuers between its rows and between its tables: every fault at once.

What lives here: faults, which stop the run. What does not: a single cell (:func:`greenrisk.core.tables.read_table`),
and figures that are quarantined or told while the run goes on (:mod:`greenrisk.issuer.screening`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.tables import MOST_FAULTS, file_rows
from greenrisk.issuer.countries import Countries
from greenrisk.issuer.currencies import Rates, spelling_of

SHARE_TOLERANCE: Final = 1e-6
"""Shares add up to 1 within this: what six decimals of a file can hold."""

_KEYS: Final = {
    "issuer-statements": ("issuer", "year"),
    "issuer-emissions": ("issuer", "year"),
    "issuer-uses": ("issuer", "year"),
    "issuer-pollutants": ("issuer", "outlet", "pollutant", "year"),
    "issuer-shares": ("issuer", "country", "sector"),
    "issuer-sites": ("issuer", "site"),
}
"""What a row of each table is told by."""


def issuer_faults(
    frames: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    currency: str,
    rates: Rates,
    countries: Countries,
) -> Faults:
    """Find what is wrong with the tables of a set of issuers.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables as :func:`greenrisk.core.tables.read_table` returns them, by the name of their TableSpec. A table that
        could not be read is left out: what hangs on it is not judged.
    names : mapping of str to str
        File of each table, for messages.
    currency : str
        Currency of the study.
    rates : Rates
        Rates of exchange.
    countries : Countries
        Codes by spelling.

    Returns
    -------
    Faults
        By table, then by row; at most ten of one sort and a line for the rest.
    """
    faults = Faults()
    who = frames.get("issuers")
    file = {name: names.get(name, name) for name in frames}
    ids: list[str] = []
    if who is not None:
        ids = list(map(str, who["issuer"]))
        _twice(who, file["issuers"], faults)
        _countries(who, file["issuers"], countries, faults)
    for name, frame in frames.items():
        if name == "issuers":
            continue
        if who is not None:
            _links(frame, ids, file[name], names.get("issuers", "issuers"), faults)
        if name in _KEYS:
            _repeated(frame, _KEYS[name], file[name], faults)
    if "issuer-statements" in frames:
        _currencies(frames["issuer-statements"], file["issuer-statements"], currency, rates, faults)
    if "issuer-sites" in frames:
        years = _years(frames.get("issuer-statements"))
        _sites(frames["issuer-sites"], file["issuer-sites"], currency, rates, years, faults)
    if "issuer-shares" in frames:
        _countries(frames["issuer-shares"], file["issuer-shares"], countries, faults)
        _shares(frames["issuer-shares"], file["issuer-shares"], faults)
    return _capped(faults)


def _capped(faults: Faults) -> Faults:
    """Return the faults, at most ``MOST_FAULTS`` of one column of a file, and how many more there are."""
    sorts = [(fault.where.rpartition(":")[0], fault.what.partition(" = ")[0]) for fault in faults]
    total, told, out = Counter(sorts), Counter[tuple[str, str]](), Faults()
    for sort, fault in zip(sorts, faults, strict=True):
        told[sort] += 1
        if told[sort] <= MOST_FAULTS:
            out.extend([fault])
        more = total[sort] - MOST_FAULTS
        if told[sort] == total[sort] and more > 0:
            out.add(sort[0], sort[1], f"... and {more} more row{'' if more == 1 else 's'}.")
    return out


def plain(text: str) -> str:
    """Return a name without case, marks and the words for a company."""
    words = re.sub(r"[^\w]+", " ", text.lower()).split()
    forms = {
        "co",
        "ltd",
        "inc",
        "plc",
        "corp",
        "corporation",
        "company",
        "limited",
        "ag",
        "sa",
        "se",
        "nv",
        "group",
    }
    return " ".join(word for word in words if word not in forms) or text.lower()


def _twice(who: pd.DataFrame, file: str, faults: Faults) -> None:
    """Tell issuers that stand twice under two identifiers."""
    rows = file_rows(who)
    group = _texts(who, "group")
    seen: dict[tuple[str, str], int] = {}
    for what, keys in (("name", [plain(str(name)) for name in who["name"]]), ("lei", _texts(who, "lei"))):
        for at, key in enumerate(keys):
            if not key:
                continue
            before = seen.setdefault((what, key), at)
            if before == at or (what == "lei" and (group[at] or group[before])):
                continue
            mend = (
                f"The same issuer stands in row {rows[before]} as {who['issuer'].iat[before]}: same {what}. "
            )
            mend += "Remove one, or name in `group` the issuer whose segment it is."
            faults.add(f"{file}:{rows[at]}", f"issuer = {who['issuer'].iat[at]}", mend)
    known = set(map(str, who["issuer"]))
    for at, parent in enumerate(group):
        if parent and (parent not in known or parent == str(who["issuer"].iat[at])):
            close = did_you_mean(parent, sorted(known)) if parent not in known else ""
            faults.add(
                f"{file}:{rows[at]}", f"group = {parent}", f"Must be another issuer of the table.{close}"
            )


def _countries(frame: pd.DataFrame, file: str, countries: Countries, faults: Faults) -> None:
    rows = file_rows(frame)
    for at, country in enumerate(map(str, frame["country"])):
        if not countries.code(country):
            faults.add(f"{file}:{rows[at]}", f"country = {country}", countries.mend(country))


def _links(frame: pd.DataFrame, ids: Sequence[str], file: str, whose: str, faults: Faults) -> None:
    """Tell rows of an issuer that the table of issuers does not have."""
    known, rows = set(ids), file_rows(frame)
    advice: dict[str, str] = {}
    for at, issuer in enumerate(map(str, frame["issuer"])):
        if issuer not in known:
            advice.setdefault(issuer, did_you_mean(issuer, ids))
            mend = f"There is no such issuer in {whose}.{advice[issuer]}"
            faults.add(f"{file}:{rows[at]}", f"issuer = {issuer}", mend)


def _repeated(frame: pd.DataFrame, keys: Sequence[str], file: str, faults: Faults) -> None:
    """Tell rows that stand twice."""
    there = [key for key in keys if key in frame.columns]
    again = frame.duplicated(there, keep="first").to_numpy()
    if not again.any():
        return
    rows = file_rows(frame)
    first: dict[tuple[Any, ...], int] = {}
    for at, key in enumerate(frame[there].itertuples(index=False, name=None)):
        before = first.setdefault(key, at)
        if again[at]:
            what = ", ".join(f"{name} = {cell}" for name, cell in zip(there, key, strict=True))
            faults.add(f"{file}:{rows[at]}", what, f"Stands also in row {rows[before]}. Keep one of them.")


def _currencies(frame: pd.DataFrame, file: str, currency: str, rates: Rates, faults: Faults) -> None:
    """Tell currencies that are not understood or have no rate, and issuers that change theirs."""
    rows = file_rows(frame)
    first: dict[str, tuple[str, int]] = {}
    for at, (issuer, text, year) in enumerate(
        zip(map(str, frame["issuer"]), map(str, frame["currency"]), frame["year"], strict=True)
    ):
        spelling = spelling_of(text, rates.codes)
        where, what = f"{file}:{rows[at]}", f"currency = {text}"
        if spelling is None:
            faults.add(
                where,
                what,
                f"Not a currency that is known.{did_you_mean(text, rates.codes)} Give its ISO code.",
            )
            continue
        if spelling.multiple not in (1.0, 1e6):
            mend = f"The columns are in millions; `{text}` says {spelling.multiple:g}. Convert, and write "
            mend += f"{spelling.code}."
            faults.add(where, what, mend)
            continue
        if missing := rates.missing(spelling.code, currency, int(year)):
            faults.add(where, what, missing)
        before = first.setdefault(issuer, (spelling.code, at))
        if before[0] != spelling.code:
            mend = f"{issuer} reports in {before[0]} in row {rows[before[1]]}. Convert its statements to one currency."
            faults.add(where, what, mend)


def _years(statements: pd.DataFrame | None) -> dict[str, int]:
    """Return the year of the latest statement by issuer."""
    if statements is None:
        return {}
    latest_year = statements["year"].groupby(statements["issuer"].astype(str)).max()
    return {str(issuer): int(year) for issuer, year in latest_year.items()}


def _sites(
    frame: pd.DataFrame, file: str, currency: str, rates: Rates, years: Mapping[str, int], faults: Faults
) -> None:
    """Tell currencies of sites and shares of contribution that are more than all."""
    rows = file_rows(frame)
    for at, (issuer, text) in enumerate(
        zip(map(str, frame["issuer"]), _texts(frame, "currency"), strict=True)
    ):
        known = rates.years(text)
        year = years.get(issuer, known[-1] if known else 0)
        if text and (missing := rates.missing(text, currency, year)):
            faults.add(f"{file}:{rows[at]}", f"currency = {text}", missing)
    total = frame.groupby(frame["issuer"].astype(str), sort=False)["contribution_share"].sum()
    for issuer, share in zip(map(str, total.index), total, strict=True):
        if share > 1 + SHARE_TOLERANCE:
            at = list(map(str, frame["issuer"])).index(str(issuer))
            mend = (
                f"The sites of {issuer} make {share:.6g} of its contribution. They cannot make more than 1."
            )
            faults.add(f"{file}:{rows[at]}", "contribution_share", mend, "1")


def _shares(frame: pd.DataFrame, file: str, faults: Faults) -> None:
    """Tell shares that do not add up to 1."""
    rows = file_rows(frame)
    issuers = frame["issuer"].astype(str)
    total = frame["share"].groupby(issuers, sort=False).sum()
    first = {issuer: at for at, issuer in reversed(list(enumerate(issuers)))}
    for issuer, share in zip(map(str, total.index), total, strict=True):
        if not abs(share - 1.0) <= SHARE_TOLERANCE:
            mend = f"The shares of {issuer} add up to {share:.6g}. They must add up to 1."
            faults.add(f"{file}:{rows[first[str(issuer)]]}", "share", mend, "1")


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column of texts, empty ones where it is not there."""
    if column not in frame.columns:
        return [""] * len(frame)
    return ["" if pd.isna(cell) else str(cell).strip() for cell in frame[column]]


def latest(frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the positions of the row of each issuer with the latest year, in the order of the table."""
    order = frame["year"].to_numpy(dtype=np.int64).argsort(kind="stable")
    newest = frame["issuer"].astype(str).iloc[order].drop_duplicates(keep="last")
    return np.sort(order[frame["issuer"].astype(str).iloc[order].index.get_indexer(newest.index)])
