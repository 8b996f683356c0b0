# SPDX-License-Identifier: Apache-2.0
"""Currencies of statements: what they are called, and what one unit is worth in the currency of the study.

What lives here: spellings with a multiple in front (`megaEUR`), rates by year. What does not: carbon prices, which have
their own deflator and rate (:mod:`greenrisk.pathways.currency`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.tables import read_table
from greenrisk.issuer.tables import CURRENCY_RATES

MULTIPLES: Final = {
    "": 1.0,
    "thousand": 1e3,
    "thousands": 1e3,
    "kilo": 1e3,
    "k": 1e3,
    "mega": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "giga": 1e9,
    "billion": 1e9,
    "billions": 1e9,
    "bn": 1e9,
}
"""Words for a multiple, in small letters."""

SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "RMB": "CNY", "CNH": "CNY", "元": "CNY"}
"""Other words for a currency; the yen and the yuan share their sign, which is refused."""


@dataclass(frozen=True)
class Spelling:
    """What a currency's spelling says.

    Parameters
    ----------
    code : str
        ISO 4217 code.
    multiple : float
        What a figure is to be multiplied by to be in single units [unitless].
    as_written : str
        The spelling.
    """

    code: str
    multiple: float
    as_written: str

    @property
    def plain(self) -> bool:
        """Whether it was written as the code itself."""
        return self.as_written == self.code


def spelling_of(text: str, known: Collection[str]) -> Spelling | None:
    """Return what a currency's spelling says; None where it is not understood.

    Parameters
    ----------
    text : str
        E.g. `EUR`, `megaEUR`, `EUR Millions`, `million USD`.
    known : collection of str
        Codes that there are rates for.

    Examples
    --------
    >>> spelling_of("megaEUR", ["EUR"])
    Spelling(code='EUR', multiple=1000000.0, as_written='megaEUR')
    """
    word = text.strip()
    if word in known:
        return Spelling(word, 1.0, text)
    for code in (*known, *SIGNS):
        found = re.fullmatch(rf"(?i)\(?([a-z]*)\s*({re.escape(code)})\s*([a-z]*)\)?", word)
        if found is None:
            continue
        before, after = found.group(1).lower(), found.group(3).lower()
        if before in MULTIPLES and after in MULTIPLES and not (before and after):
            return Spelling(SIGNS.get(code, code), MULTIPLES[before or after], text)
    return None


@dataclass(frozen=True)
class Rates:
    """Rates of exchange by year.

    Parameters
    ----------
    rows : dict
        (currency, year) to (yuan for one unit, lower end, upper end, status).
    """

    rows: dict[tuple[str, int], tuple[float, float, float, str]]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Currencies, in the order of the alphabet."""
        return tuple(sorted({code for code, _ in self.rows}))

    def years(self, code: str) -> tuple[int, ...]:
        """Return the years that a currency has a rate for."""
        return self._years.get(code, ())

    @cached_property
    def _years(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for code, year in sorted(self.rows):
            found.setdefault(code, []).append(year)
        return {code: tuple(years) for code, years in found.items()}

    def factor(self, code: str, to: str, year: int) -> float:
        """Return units of ``to`` for one unit of ``code`` in a year; KeyError where there is no rate.

        A currency in itself is 1 in every year.
        """
        return 1.0 if code == to else self.rows[code, year][0] / self.rows[to, year][0]

    def status(self, code: str, to: str, year: int) -> str:
        """Return how far the factor is known: `confirmed` where both rates are."""
        if code == to:
            return "confirmed"
        statuses = {self.rows[code, year][3], self.rows[to, year][3]}
        return "confirmed" if statuses == {"confirmed"} else "unconfirmed"

    def missing(self, code: str, to: str, year: int) -> str:
        """Return why there is no factor, with the mend; an empty text where there is one."""
        for name in (code, to):
            if code == to or (name, year) in self.rows:
                continue
            years = self.years(name)
            if not years:
                near = did_you_mean(name, self.codes)
                return f"There is no rate for {name}.{near} Add it to your own table of rates."
            span = f"{years[0]} to {years[-1]}, not for {year}"
            return f"Rates of {name} are there for {span}. Add the year to your own table of rates."
        return ""


def rates_of(frame: pd.DataFrame | None = None) -> Rates:
    """Return the rates of a table that follows :data:`greenrisk.issuer.tables.CURRENCY_RATES`; the shipped without."""
    table = _shipped() if frame is None else frame
    return Rates(
        {
            (str(code), int(year)): (float(rate), float(low), float(high), str(status))
            for code, year, rate, low, high, status in zip(
                table["currency"],
                table["year"],
                table["cny_per_unit"],
                table["low"],
                table["high"],
                table["status"],
                strict=True,
            )
        }
    )


@cache
def _shipped() -> pd.DataFrame:
    return read_table(library_root() / "data" / "currency_rates.csv", CURRENCY_RATES, Ledger())


def factors(codes: list[str], years: NDArray[np.int64], to: str, rates: Rates) -> NDArray[np.float64]:
    """Return the factor of each row, shape (row,); NaN where there is none.

    Parameters
    ----------
    codes : list of str
        Currency of each row.
    years : array of int, shape (row,)
        Year of each row [year].
    to : str
        Currency of the study.
    rates : Rates
        Rates of exchange.
    """
    out = np.full(len(codes), np.nan)
    for at, (code, year) in enumerate(zip(codes, years, strict=True)):
        if not rates.missing(code, to, int(year)):
            out[at] = rates.factor(code, to, int(year))
    return out
