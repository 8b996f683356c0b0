# SPDX-License-Identifier: Apache-2.0
"""Issuers as arrays: statements, emissions, pollutants, use, shares and sites, in one currency.

What lives here: the struct of arrays and how it is cut into blocks. What does not: how tables become arrays
(:mod:`greenrisk.issuer.intake`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.issuer.tables import LINES, SCOPES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

BLOCK: Final = 1000
"""Issuers of a block."""

GIVEN: Final = 0
"""Code of a line that the table gives, in :attr:`Issuers.rule`."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that belong to issuers: ``issuer`` says whose each is, ascending."""

    issuer: Integers

    def __len__(self) -> int:
        """How many rows."""
        return int(self.issuer.size)

    def of(self, start: int, stop: int) -> Any:
        """Return the rows of the issuers from ``start`` to before ``stop``, who are counted from 0 again."""
        first, last = np.searchsorted(self.issuer, (start, stop))
        parts = {field.name: getattr(self, field.name)[first:last] for field in fields(self)}
        parts["issuer"] = parts["issuer"] - start
        return replace(self, **parts)


@dataclass(frozen=True, eq=False)
class Pollutants(Rows):
    """Discharges by outlet.

    Parameters
    ----------
    issuer : array of int, shape (row,)
        Whose; ascending.
    outlet, medium, pollutant : array of str, shape (row,)
        Where and what.
    kg : array, shape (row,)
        Quantity of the year [kg].
    below_standard : array, shape (row,)
        How far the concentration is below the standard; NaN where not told [unitless].
    """

    outlet: Texts
    medium: Texts
    pollutant: Texts
    kg: Floats
    below_standard: Floats


@dataclass(frozen=True, eq=False)
class Shares(Rows):
    """Shares of revenue by country and sector.

    Parameters
    ----------
    issuer : array of int, shape (row,)
        Whose; ascending.
    country, sector : array of int, shape (row,)
        Index into :attr:`Issuers.countries` and :attr:`Issuers.sectors`.
    share : array, shape (row,)
        They add up to 1 by issuer [unitless].
    """

    country: Integers
    sector: Integers
    share: Floats


@dataclass(frozen=True, eq=False)
class Sites(Rows):
    """Sites.

    Parameters
    ----------
    issuer : array of int, shape (row,)
        Whose; ascending.
    site : array of str, shape (row,)
        Identifier.
    lon, lat : array, shape (row,)
        Place, WGS 84 [degree].
    value : array, shape (row,)
        What it costs to build it again [million of the currency].
    contribution_share : array, shape (row,)
        Share of the issuer's contribution made there [unitless].
    insured_share : array, shape (row,)
        Share of a loss above the deductible that insurance pays; 0 where not told [unitless].
    deductible : array, shape (row,)
        0 where not told [million of the currency].
    """

    site: Texts
    lon: Floats
    lat: Floats
    value: Floats
    contribution_share: Floats
    insured_share: Floats
    deductible: Floats


@dataclass(frozen=True, eq=False)
class Issuers:
    """A set of issuers; money in millions of one currency, NaN where something is not known.

    Parameters
    ----------
    ids, names : tuple of str, (issuer,)
        Who.
    currency : str
        ISO 4217 code of all money.
    countries, sectors : tuple of str
        What ``country``, ``sector`` and the shares point to.
    country, sector : array of int, shape (issuer,)
        Of the main business.
    province, group, zone_owner : array of str, shape (issuer,)
        Empty where not told.
    credit_colour : array of int, shape (issuer,)
        Index into :data:`greenrisk.environment.credit_colour.COLOURS`; -1 where not told.
    equity_volatility : array, shape (issuer,)
        [1/sqrt(year)].
    debt_until : array, shape (issuer,)
        Last year in which the debt is owed; NaN: beyond the study [year].
    year : array of int, shape (issuer,)
        Year of the statement.
    lines : array, shape (line, issuer)
        In the order of :data:`greenrisk.issuer.tables.LINES` [million of the currency].
    rule : array of int, shape (line, issuer)
        By which rule a line was filled: 0 for given or missing, else 1 + index into ``rules``.
    rules : tuple of str
        Names of the rules (:mod:`greenrisk.issuer.missing`).
    emissions : array, shape (scope, issuer)
        [t CO2e].
    free_allocation : array, shape (issuer,)
        Allowances for nothing; 0 where not told [t CO2e].
    emission_year : array of int, shape (issuer,)
        Year of the emissions; 0 where there are none.
    water : array, shape (issuer,)
        [m3].
    electricity : array, shape (issuer,)
        [MWh].
    fuel : array, shape (issuer,)
        [GJ].
    pollutants : Pollutants
        By outlet.
    shares : Shares
        By country and sector.
    sites : Sites
        By site.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    currency: str
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    country: Integers
    sector: Integers
    province: Texts
    group: Texts
    zone_owner: Texts
    credit_colour: Integers
    equity_volatility: Floats
    debt_until: Floats
    year: Integers
    lines: Floats
    rule: Integers
    rules: tuple[str, ...]
    emissions: Floats
    free_allocation: Floats
    emission_year: Integers
    water: Floats
    electricity: Floats
    fuel: Floats
    pollutants: Pollutants
    shares: Shares
    sites: Sites

    def __len__(self) -> int:
        """How many issuers."""
        return len(self.ids)

    def line(self, name: str) -> Floats:
        """Return one line of the statements, shape (issuer,) [million of the currency]; KeyError for another name."""
        if name not in LINES:
            raise KeyError(name)
        values: Floats = self.lines[LINES.index(name)]
        return values

    def scope(self, name: str) -> Floats:
        """Return the emissions of one of :data:`greenrisk.issuer.tables.SCOPES`, shape (issuer,) [t CO2e]."""
        values: Floats = self.emissions[SCOPES.index(name)]
        return values

    @property
    def debt(self) -> Floats:
        """Short and long debt, shape (issuer,); NaN where one is not known [million of the currency]."""
        total: Floats = self.line("debt_short") + self.line("debt_long")
        return total

    def owed(self, years: Integers) -> Flags:
        """Return whether the debt is still owed in each of some years, shape (issuer, year)."""
        flags: Flags = ~(years[None, :] > self.debt_until[:, None])
        return flags

    @property
    def liabilities(self) -> Floats:
        """Assets less book equity, shape (issuer,) [million of the currency]."""
        total: Floats = self.line("assets") - self.line("equity")
        return total

    @property
    def ebitda(self) -> Floats:
        """EBIT and depreciation, shape (issuer,) [million of the currency]."""
        total: Floats = self.line("ebit") + self.line("depreciation")
        return total

    def country_of(self, index: int) -> str:
        """Return the country of an issuer."""
        return self.countries[int(self.country[index])]

    def sector_of(self, index: int) -> str:
        """Return the sector of an issuer."""
        return self.sectors[int(self.sector[index])]

    def dense_shares(self) -> Floats:
        """Return the shares as an array, shape (issuer, country, sector), for a block [unitless]."""
        dense = np.zeros((len(self), len(self.countries), len(self.sectors)))
        rows = self.shares
        np.add.at(dense, (rows.issuer, rows.country, rows.sector), rows.share)
        return dense

    def part(self, start: int, stop: int) -> Issuers:
        """Return the issuers from ``start`` to before ``stop``; countries, sectors and rules stay all."""
        cut = slice(start, stop)
        parts: dict[str, Any] = {name: getattr(self, name)[cut] for name in _BY_ISSUER}
        parts |= {name: getattr(self, name)[:, cut] for name in ("lines", "rule", "emissions")}
        parts |= {name: getattr(self, name).of(start, stop) for name in ("pollutants", "shares", "sites")}
        return replace(self, **parts)

    def blocks(self, length: int = BLOCK) -> Iterator[tuple[slice, Issuers]]:
        """Yield the issuers in blocks of ``length``: which they are, and the issuers themselves."""
        for start in range(0, len(self), length):
            stop = min(start + length, len(self))
            yield slice(start, stop), self.part(start, stop)


_BY_ISSUER: Final = (
    "ids",
    "names",
    "country",
    "sector",
    "province",
    "group",
    "zone_owner",
    "credit_colour",
    "equity_volatility",
    "debt_until",
    "year",
    "free_allocation",
    "emission_year",
    "water",
    "electricity",
    "fuel",
)
