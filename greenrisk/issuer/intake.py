# SPDX-License-Identifier: Apache-2.0
"""From the tables of issuers to arrays: checked, screened, filled by stated rules; issuers in = out + refused.

What lives here: the order of work. What does not: the checks (:mod:`greenrisk.issuer.checks`), the screen
(:mod:`greenrisk.issuer.screening`), the rules (:mod:`greenrisk.issuer.missing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Entry
from greenrisk.core.tables import file_rows
from greenrisk.issuer import countries as country_names
from greenrisk.issuer.checks import issuer_faults, latest
from greenrisk.issuer.countries import Countries, countries_of
from greenrisk.issuer.currencies import Rates, factors, rates_of, spelling_of
from greenrisk.issuer.findings import Finding, Refused, entries, refusals
from greenrisk.issuer.intake_rows import Frames, Set, assemble, column, of_issuers, texts
from greenrisk.issuer.magnitudes import Bounds, bounds_of
from greenrisk.issuer.missing import EXACT_RULES, VALUES, fill
from greenrisk.issuer.screening import Draft, screen, screen_scope_1
from greenrisk.issuer.statements import Issuers
from greenrisk.issuer.tables import LINES

Floats = NDArray[np.float64]

NO_STATEMENT: Final = "no statement, so that there is nothing to stress. Add its row to the statements."
NO_REVENUE: Final = "no revenue that can be used. Give it, or mend the figures it does not fit."


@dataclass(frozen=True, eq=False)
class Intake:
    """Issuers that are run, those that are not, and what was found on the way.

    Parameters
    ----------
    issuers : Issuers
        Those that are run, in the order of the table.
    refused : tuple of Refused
        Those that are not, with the reason; ``len(issuers) + len(refused)`` is the number of rows of the table.
    findings : tuple of Finding
        Figures that were quarantined, made one with the rest, or told.
    entries : tuple of Entry
        Lines for the ledger.
    plans : DataFrame or None
        Production plans of those that are run, for :func:`greenrisk.issuer.production.plans.plans_from`; None without.
    """

    issuers: Issuers
    refused: tuple[Refused, ...]
    findings: tuple[Finding, ...]
    entries: tuple[Entry, ...]
    plans: pd.DataFrame | None = None

    @property
    def everyone(self) -> tuple[str, ...]:
        """Identifiers of all issuers, run or refused."""
        return (*self.issuers.ids, *(one.issuer for one in self.refused))


@dataclass(frozen=True)
class Ways:
    """How tables become arrays.

    Parameters
    ----------
    currency : str
        Currency of the study, ISO 4217.
    rules : tuple of str
        Rules for missing lines.
    card : mapping of str to float
        Parameters of the judged rules.
    card_name : str
        Where they come from.
    rates : Rates
        Rates of exchange; the shipped ones without.
    countries : Countries
        Codes of countries; the shipped ones without.
    bounds : Bounds
        Plausible ratios; the shipped ones without.
    """

    currency: str = "CNY"
    rules: tuple[str, ...] = EXACT_RULES
    card: Mapping[str, float] = field(default_factory=dict)
    card_name: str = ""
    rates: Rates = field(default_factory=rates_of)
    countries: Countries = field(default_factory=countries_of)
    bounds: Bounds = field(default_factory=bounds_of)


def intake(
    frames: Frames,
    names: Mapping[str, str] | None = None,
    ways: Ways | None = None,
    *,
    beside: Mapping[str, float] | None = None,
    found: Sequence[Finding] = (),
) -> Intake:
    """Return issuers as arrays.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Checked tables by the name of their TableSpec (:data:`greenrisk.issuer.tables.ISSUER_TABLES`); `issuers` and
        `issuer-statements` are needed.
    names : mapping of str to str, optional
        File of each table, for messages.
    ways : Ways, optional
        Currency, rules and small tables.
    beside : mapping of str to float, optional
        By issuer, another figure of about the size of scope 1, to tell a slip of unit by [t CO2e].
    found : sequence of Finding
        What was found before, by a reader of a foreign workbook.

    Raises
    ------
    TableError
        With every fault between rows and between tables.
    """
    ways = ways or Ways()
    names = {name: (names or {}).get(name, name) for name in frames}
    faults = issuer_faults(frames, names, ways.currency, ways.rates, ways.countries)
    faults.raise_if_any(
        TableError, "`greenrisk show table issuer-statements` lists the columns of a statement."
    )
    who, statements = frames["issuers"], frames["issuer-statements"]
    ids = tuple(map(str, who["issuer"]))
    at = {issuer: number for number, issuer in enumerate(ids)}
    rows = statements.iloc[latest(statements)]
    place = np.array([at[str(issuer)] for issuer in rows["issuer"]], dtype=np.int64)
    year = np.zeros(len(ids), dtype=np.int64)
    year[place] = rows["year"].to_numpy(dtype=np.int64)
    codes = [spelling_of(str(text), ways.rates.codes) for text in rows["currency"]]
    currency = np.full(len(ids), ways.currency, dtype=object)
    currency[place] = [spelling.code if spelling else "" for spelling in codes]
    factor = np.ones(len(ids))
    factor[place] = factors(list(currency[place]), year[place], ways.currency, ways.rates)
    lines = {}
    for name in (*LINES, *VALUES):
        values = np.full(len(ids), np.nan)
        values[place] = column(rows, f"{name}_million") * factor[place]
        lines[name] = values
    of_file = file_rows(statements)
    positions = np.full(len(ids), -1, dtype=np.int64)
    positions[place] = latest(statements)
    whose_row = file_rows(who)
    where = [
        f"{names['issuer-statements']}:{of_file[int(row)]}"
        if row >= 0
        else f"{names['issuers']}:{whose_row[number]}"
        for number, row in enumerate(positions)
    ]
    draft = Draft(ids, texts(who, "sector"), texts(who, "group"), where, lines, f"million {ways.currency}")
    findings = [*found, *screen(draft, ways.bounds)]
    emissions = _emissions(frames, at, year)
    usd = _dollars(ways, int(year.max(initial=0)))
    emission_file = names.get("issuer-emissions", "issuer-emissions")
    emission_where = [f"{emission_file}:{row}" for row in emissions["row"].astype(np.int64)]
    other = np.array([(beside or {}).get(issuer, np.nan) for issuer in ids])
    findings += screen_scope_1(draft, emissions["scope_1"], emission_where, usd, ways.bounds, other)
    filled = fill(draft.lines, ways.rules, ways.card, _short(names["issuer-statements"]), ways.card_name)
    refused, keep = _refused(who, filled.lines["revenue"], positions, names["issuers"])
    made = Set(
        ids, who, frames, year, currency, filled.lines, filled.rule, emissions, ways.currency, ways.countries
    )
    issuers = assemble(made, keep, ways.rates)
    told = [
        *country_names.told(map(str, who["country"]), ways.countries, _short(names["issuers"])),
        *_converted(currency[keep], year[keep], ways, names["issuer-statements"]),
        *_spelled(rows, ways, names["issuer-statements"]),
        *entries(findings),
        *filled.entries,
        *refusals(refused),
        *_silent(issuers, np.isnan(emissions["free_allocation"][keep]), "issuer-shares" in frames, names),
    ]
    plans = frames.get("production_plans")
    if plans is not None:
        plans = of_issuers(plans, issuers.ids)
    return Intake(issuers, tuple(refused), tuple(findings), tuple(told), plans)


def _dollars(ways: Ways, year: int) -> float:
    """Return US dollars for one unit of the study's currency in a year, or in the nearest year that has a rate."""
    if ways.currency == "USD":
        return 1.0
    both = set(ways.rates.years(ways.currency)) & set(ways.rates.years("USD"))
    nearest = min(both, key=lambda one: abs(one - year), default=0)
    return ways.rates.factor(ways.currency, "USD", nearest) if both else float("nan")


def _emissions(frames: Frames, at: Mapping[str, int], year: NDArray[np.int64]) -> dict[str, Floats]:
    """Return emissions of the year nearest to the statement's, the later of two; also the row of the file."""
    names = ("scope_1", "scope_2", "scope_3", "free_allocation", "year", "row")
    out = {name: np.full(len(at), np.nan) for name in names[:4]} | {
        name: np.zeros(len(at)) for name in names[4:]
    }
    frame = frames.get("issuer-emissions")
    if frame is None or not len(frame):
        return out
    place = np.array([at[str(issuer)] for issuer in frame["issuer"]], dtype=np.int64)
    told = frame["year"].to_numpy(dtype=np.int64)
    distance = 2 * np.abs(told - year[place]) + (told < year[place])
    empty = np.isnan(column(frame, "scope_1_t"))  # a year without scope 1 only where there is no other
    order = np.lexsort((distance, empty, place))
    first = order[np.unique(place[order], return_index=True)[1]]
    for name in names[:4]:
        out[name][place[first]] = column(frame, f"{name}_t")[first]
    out["year"][place[first]] = told[first]
    out["row"][place[first]] = np.asarray(file_rows(frame))[first]
    return out


def _refused(
    who: pd.DataFrame, revenue: Floats, positions: NDArray[np.int64], file: str
) -> tuple[list[Refused], NDArray[np.int64]]:
    rows, refused, keep = file_rows(who), [], []
    for number, (issuer, name) in enumerate(zip(who["issuer"], who["name"], strict=True)):
        if revenue[number] > 0:
            keep.append(number)
            continue
        reason = NO_STATEMENT if positions[number] < 0 else NO_REVENUE
        refused.append(Refused(str(issuer), str(name), f"{file}:{rows[number]}", reason))
    return refused, np.array(keep, dtype=np.int64)


def _converted(codes: NDArray[np.object_], years: NDArray[np.int64], ways: Ways, file: str) -> list[Entry]:
    """Return ledger lines: how many statements were converted, by currency."""
    lines = []
    for code in sorted(set(codes) - {ways.currency}):
        here = codes == code
        used = sorted(set(map(int, years[here])))
        said = ", ".join(f"{ways.rates.factor(code, ways.currency, year):.4g} in {year}" for year in used)
        known = {ways.rates.status(code, ways.currency, year) for year in used}
        status = "confirmed" if known == {"confirmed"} else "unconfirmed"
        detail = (
            f"Statements in {code} converted to {ways.currency} at averages of the year ({said}); balance sheets too, "
            "whose date has another rate."
        )
        lines.append(
            Entry("assumption", _short(file), detail, int(here.sum()), status=status, source="currency-rates")
        )
    return lines


def _spelled(rows: pd.DataFrame, ways: Ways, file: str) -> list[Entry]:
    """Return ledger lines: spellings of currencies that were made one with the code."""
    lines = []
    written = rows["currency"].astype(str)
    for text in sorted(set(written)):
        spelling = spelling_of(text, ways.rates.codes)
        if spelling is not None and not spelling.plain:
            also = (
                " The columns are in millions already: nothing is multiplied."
                if spelling.multiple > 1
                else ""
            )
            detail = f"Currency `{text}` read as {spelling.code}.{also}"
            lines.append(Entry("read", _short(file), detail, int((written == text).sum())))
    return lines


def _silent(
    issuers: Issuers, no_free: NDArray[np.bool_], shared: bool, names: Mapping[str, str]
) -> list[Entry]:
    """Return ledger lines about what the run goes on without."""
    lines = []
    file = _short(names["issuers"])
    without = int(np.isnan(issuers.scope("scope_1")).sum())
    if without:
        text = (
            "Issuers without a scope-1 figure that can be used: no carbon cost is computed, which is not 0."
        )
        lines.append(Entry("unreliable", file, text, without))
    if no_free.any():
        text = "No free allocation is told: it is 0, so that carbon cost is gross of it."
        lines.append(Entry("assumption", file, text, int(no_free.sum())))
    apart = int((np.abs(issuers.emission_year - issuers.year) > 0)[issuers.emission_year > 0].sum())
    if apart:
        text = "Emissions are of another year than the statement: the nearest that is told."
        lines.append(Entry("assumption", file, text, apart))
    if not shared:
        text = "Issuers without shares by country and sector: wholly in their own."
        lines.append(Entry("assumption", file, text, len(issuers)))
    return lines


def _short(name: str) -> str:
    return Path(name.partition(":")[0]).name
