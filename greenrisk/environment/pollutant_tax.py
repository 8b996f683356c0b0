# SPDX-License-Identifier: Apache-2.0
"""The environmental protection tax of China: equivalents, the largest of each outlet, rates, reductions.

What lives here: the table's columns and the arithmetic of a year's tax. What does not: what a scenario does to the
rates (the issuers' channel of that name).

References
----------
中华人民共和国环境保护税法 (Environmental Protection Tax Law of the PRC), adopted 2016-12-25, articles 7, 9, 11 and 13,
tables 1 and 2; read in ``china_env_tax_2018.csv``. Article 13 (reductions) is from memory: unconfirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.tables import Column, TableSpec, file_rows, read_table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REDUCTIONS: Final = ((0.5, 0.5), (0.3, 0.75))
"""Article 13: how far below the standard a concentration lies, and the share of the tax then due; best first."""

BASES: Final = ("equivalent", "tonne", "month")
"""What a rate is for: a unit of pollution equivalent, a tonne, a month."""

KG_PER_TONNE: Final = 1000.0

ENVIRONMENT_TAX: Final = TableSpec(
    "env-tax-2018",
    "Environmental protection tax of China: equivalents and rates by pollutant",
    (
        Column("pollutant", "text", unique=True, description="Pollutant, waste or band of noise."),
        Column("medium", "choice", choices=("air", "water", "solid", "noise"), description="Where it goes."),
        Column("tax_class", "text", description="Class whose pollutants are ranked together at an outlet."),
        Column("basis", "choice", choices=BASES, description="What the rate is for."),
        Column(
            "kg_per_unit",
            "number",
            "kg",
            required=False,
            low=0,
            low_open=True,
            description="Equivalent value: kilogrammes of one taxed unit.",
        ),
        Column("rate_low_cny_per_unit", "number", "CNY", low=0, description="Lowest rate of the law."),
        Column("rate_high_cny_per_unit", "number", "CNY", low=0, description="Highest rate of the law."),
        Column("rate_jiangxi_cny_per_unit", "number", "CNY", low=0, description="Rate in Jiangxi."),
        Column(
            "largest_taxed",
            "integer",
            "1",
            required=False,
            low=1,
            description="How many of the class, by equivalents, are taxed at each outlet; empty: all.",
        ),
        Column(
            "one_of",
            "text",
            required=False,
            description="Measures of one thing, of which an outlet pays for one only.",
        ),
        Column(
            "status",
            "choice",
            choices=("confirmed", "unconfirmed", "illustrative", "user"),
            description="How far the row is known.",
        ),
        Column("source", "text", description="Where the row comes from."),
    ),
)
"""The tax table; one row a pollutant."""


@dataclass(frozen=True)
class TaxTable:
    """The tax table as arrays over its rows.

    Parameters
    ----------
    names, medium, tax_class, basis, one_of, status : tuple of str, (row,)
        As in the table.
    kg_per_unit : array, shape (row,)
        [kg]; NaN for noise.
    low, high, jiangxi : array, shape (row,)
        Rates [CNY/unit].
    largest : array, shape (row,)
        How many of the class are taxed at an outlet; infinite where all are [1].
    """

    names: tuple[str, ...]
    medium: tuple[str, ...]
    tax_class: tuple[str, ...]
    basis: tuple[str, ...]
    one_of: tuple[str, ...]
    status: tuple[str, ...]
    kg_per_unit: Floats
    low: Floats
    high: Floats
    jiangxi: Floats
    largest: Floats

    def rate(self, province: str, own: Mapping[str, float] | None = None) -> tuple[Floats, bool]:
        """Return the rates of a province, shape (row,) [CNY/unit], and whether they are known.

        Parameters
        ----------
        province : str
            ``Jiangxi`` has its own column; any other pays the lowest rate of the law unless told.
        own : mapping of str to float, optional
            The user's own rates of the province by medium [CNY/unit].
        """
        known = province == "Jiangxi"
        rates = (self.jiangxi if known else self.low).copy()
        for medium, value in (own or {}).items():
            rates[np.array([here == medium for here in self.medium])] = value
        return rates, known or bool(own)


def tax_table(frame: pd.DataFrame, where: str = "env-tax-2018") -> TaxTable:
    """Return a checked table (:data:`ENVIRONMENT_TAX`) as arrays.

    Raises
    ------
    TableError
        A rate above the law's highest, or a pollutant of air or water without an equivalent value.
    """

    def texts(name: str) -> tuple[str, ...]:
        column = frame[name] if name in frame.columns else pd.Series([""] * len(frame))
        return tuple(column.fillna("").astype(str))

    def numbers(name: str) -> Floats:
        return frame[name].to_numpy(dtype=np.float64)

    names, basis = texts("pollutant"), texts("basis")
    kg, largest = numbers("kg_per_unit"), numbers("largest_taxed")
    low, high = numbers("rate_low_cny_per_unit"), numbers("rate_high_cny_per_unit")
    faults, rows = Faults(), file_rows(frame)
    for k, name in enumerate(names):
        if low[k] > high[k]:
            what = f"{name}: {low[k]:g} > {high[k]:g}"
            faults.add(f"{where}:{rows[k]}", what, "The lowest rate must not be above the highest.", "CNY")
        if basis[k] != "month" and not kg[k] > 0:
            mend = "Give its equivalent value."
            faults.add(f"{where}:{rows[k]}", f"{name}: no kg_per_unit", mend, "kg")
    faults.raise_if_any(TableError, "`greenrisk show table env-tax-2018` lists its columns.")
    return TaxTable(
        names=names,
        medium=texts("medium"),
        tax_class=texts("tax_class"),
        basis=basis,
        one_of=texts("one_of"),
        status=texts("status"),
        kg_per_unit=kg,
        low=low,
        high=high,
        jiangxi=numbers("rate_jiangxi_cny_per_unit"),
        largest=np.where(np.isnan(largest), np.inf, largest),
    )


@cache
def shipped_tax_table() -> TaxTable:
    """Return the shipped table."""
    path: Path = library_root() / "data" / "env_tax_2018.csv"
    return tax_table(read_table(path, ENVIRONMENT_TAX, Ledger()))


def reduction(below_standard: ArrayLike) -> Floats:
    """Return the share of the tax that is due [1].

    Parameters
    ----------
    below_standard : array_like
        How far the concentration lies below the standard; 0.3 is 30 % below; NaN: not told, no reduction [1].
    """
    below = np.nan_to_num(np.asarray(below_standard, dtype=np.float64), nan=0.0)
    due = np.ones_like(below)
    for least, share in reversed(REDUCTIONS):
        due = np.where(below >= least, share, due)
    return due


@dataclass(frozen=True)
class YearTax:
    """A year's tax of every discharge.

    Parameters
    ----------
    tax : array, shape (discharge,)
        [CNY].
    units : array, shape (discharge,)
        Taxed units, before the choice of the largest; NaN for noise [unit].
    taxed : array of bool, shape (discharge,)
        Whether it is among those that pay.
    reduced : array of bool, shape (discharge,)
        Whether article 13 lowers it.
    """

    tax: Floats
    units: Floats
    taxed: NDArray[np.bool_]
    reduced: NDArray[np.bool_]


def pollutant_rows(
    table: TaxTable,
    pollutants: ArrayLike,
    where: str = "issuer-pollutants",
    rows: Sequence[int] | None = None,
) -> Integers:
    """Return the row of the tax table of every discharge.

    Parameters
    ----------
    table : TaxTable
        Equivalents.
    pollutants : array_like of str, shape (discharge,)
        As the table names them.
    where : str
        File of the discharges, for messages.
    rows : sequence of int, optional
        Row of the file of each, for messages.

    Raises
    ------
    TableError
        With every pollutant that the table does not hold.
    """
    place = {name: row for row, name in enumerate(table.names)}
    names = [str(name) for name in np.asarray(pollutants, dtype=object)]
    faults = Faults()
    for name in sorted({name for name in names if name not in place}):
        mend = f"The tax table has no such pollutant.{did_you_mean(name, list(place))}"
        row = "" if rows is None else f":{rows[names.index(name)]}"
        faults.add(f"{where}{row}", f"pollutant = {name}", mend)
    faults.raise_if_any(TableError, "`greenrisk show table env-tax-2018` lists its columns.")
    return np.array([place[name] for name in names], dtype=np.int64)


def year_tax(
    table: TaxTable, row: Integers, outlet: Integers, kg: Floats, below_standard: Floats, rate: Floats
) -> YearTax:
    """Return the tax of a year.

    Parameters
    ----------
    table : TaxTable
        Equivalents.
    row : array of int, shape (discharge,)
        Row of the table (:func:`pollutant_rows`).
    outlet : array of int, shape (discharge,)
        Number of the outlet; the largest are chosen within it.
    kg : array, shape (discharge,)
        Discharged in the year [kg].
    below_standard : array, shape (discharge,)
        As in :func:`reduction`.
    rate : array, shape (discharge,)
        Rate that applies [CNY/unit].

    Notes
    -----
    units = kg / equivalent value; tax = units x rate x share due. At each outlet only the largest of a class pay: three
    of air, five of the first class of water, three of the second; of COD, BOD5 and TOC one pays, taken as the largest
    (the law does not say which). Nothing is rounded on the way. Solid waste pays by the tonne without a reduction.
    Noise is taxed by the month (:func:`noise_tax`), a quantity in kilogrammes says nothing of it: its tax here is 0.
    """
    units = kg / table.kg_per_unit[row]
    noise = np.array([table.basis[r] == "month" for r in row], dtype=bool)
    taxed = ~noise
    one_of = np.array([table.one_of[r] for r in row], dtype=object)
    classes = pd.factorize(np.array([table.tax_class[r] for r in row], dtype=object))[0]
    shared = np.flatnonzero(one_of != "")
    if shared.size:
        groups = pd.factorize(one_of)[0]
        taxed[shared[_rank(outlet[shared], groups[shared], units[shared]) >= 1]] = False
    candidates = np.flatnonzero(taxed)
    rank = _rank(outlet[candidates], classes[candidates], units[candidates])
    taxed[candidates[rank >= table.largest[row[candidates]]]] = False
    solid = np.array([table.medium[r] == "solid" for r in row], dtype=bool)
    due = np.where(solid, 1.0, reduction(below_standard))
    tax = np.where(taxed, units * rate * due, 0.0)
    return YearTax(tax, units, taxed, taxed & (due < 1.0))


def noise_tax(table: TaxTable, band: str, months: float) -> float:
    """Return the tax on noise [CNY].

    Parameters
    ----------
    table : TaxTable
        Rates.
    band : str
        Band of decibels over the standard, a name of the table.
    months : float
        Months of the year in which it is exceeded.
    """
    row = int(pollutant_rows(table, [band], "band")[0])
    return float(table.low[row] * months)


def _rank(outlet: Integers, group: Integers, units: Floats) -> Integers:
    """Return the place of each among its outlet and group, the largest 0; ties in the order told."""
    order = np.lexsort((np.arange(units.size), -units, group, outlet))
    key = np.stack([outlet[order], group[order]])
    starts = np.ones(units.size, dtype=bool)
    starts[1:] = (key[:, 1:] != key[:, :-1]).any(axis=0)
    first = np.maximum.accumulate(np.where(starts, np.arange(units.size), 0))
    rank = np.empty(units.size, dtype=np.int64)
    rank[order] = np.arange(units.size) - first
    return rank
