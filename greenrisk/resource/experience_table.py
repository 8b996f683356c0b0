# SPDX-License-Identifier: Apache-2.0
"""The table of own experience at the door, and everything that can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from greenrisk.core.errors import Faults
from greenrisk.core.tables import Column, TableSpec, file_rows
from greenrisk.resource.perils.listing import PERILS

if TYPE_CHECKING:
    import pandas as pd

ALL: Final = "all"
"""Word for the sum of all perils."""

EXPERIENCE: Final = TableSpec(
    name="experience",
    title="Own experience, one row a policy year, or one a policy year and peril",
    columns=(
        Column("year", "integer", unit="year", low=1980, high=2100, description="Policy year."),
        Column(
            "peril",
            "choice",
            required=False,
            choices=(*PERILS, ALL),
            description="What the row is of; empty or `all`: all perils together.",
        ),
        Column(
            "insured_mu", "number", unit="mu", low=0, low_open=True, description="Insured area of the year."
        ),
        Column(
            "sum_insured_cny",
            "number",
            unit="CNY",
            low=0,
            low_open=True,
            description="Sum insured of the year, of the whole portfolio.",
        ),
        Column(
            "premium_cny",
            "number",
            unit="CNY",
            required=False,
            low=0,
            description="Gross premium of the year, of the whole portfolio.",
        ),
        Column("paid_cny", "number", unit="CNY", low=0, description="Paid up to now for the year's damages."),
        Column(
            "outstanding_cny",
            "number",
            unit="CNY",
            required=False,
            low=0,
            description="Reported and not yet paid; 0 where all is settled.",
        ),
        Column(
            "incurred_cny", "number", unit="CNY", required=False, low=0, description="Paid and outstanding."
        ),
    ),
    one_of=(("outstanding_cny", "incurred_cny"),),
)
"""The table that a user brings. Insured area, sum insured and premium are the year's and stand in each of its rows."""

MOST_OF_BOOK: Final = 1.5
"""Insured area of a year, over the book's, above which the table is taken for another portfolio's [unitless]."""

MOST_OF_VALUE: Final = 5.0
"""Factor by which a year's sum insured by mu may differ from the book's, either way [unitless]."""

MOST_FAULTS: Final = 10
"""Rows that are named of those that are wrong in one way."""

ADD_UP: Final = 0.005
"""Relative difference that a total may have from its rows by peril [unitless]."""


class Row(NamedTuple):
    """A row of the table.

    Parameters
    ----------
    line : int
        Its row in the file.
    year : int
        Policy year.
    peril : str
        Kind of the peril, or :data:`ALL`.
    insured_mu, sum_insured_cny, premium_cny
        Of the whole portfolio in that year [mu], [CNY], [CNY/year]; None for a premium that is not given.
    paid_cny, incurred_cny : float
        Paid so far, and paid and outstanding, for the year's damages [CNY].
    """

    line: int
    year: int
    peril: str
    insured_mu: float
    sum_insured_cny: float
    premium_cny: float | None
    paid_cny: float
    incurred_cny: float


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table, a peril and an incurred amount in each, by year.

    Parameters
    ----------
    frame : DataFrame
        As ``read_table`` returns it.
    """
    rows = []
    for line, cells in zip(file_rows(frame), frame.to_dict("records"), strict=True):
        paid = float(cells["paid_cny"])
        premium = cells.get("premium_cny")
        peril = cells.get("peril")
        rows.append(
            Row(
                line=line,
                year=int(cells["year"]),
                peril=peril if isinstance(peril, str) and peril else ALL,
                insured_mu=float(cells["insured_mu"]),
                sum_insured_cny=float(cells["sum_insured_cny"]),
                premium_cny=None if premium is None or premium != premium else float(premium),
                paid_cny=paid,
                incurred_cny=float(cells["incurred_cny"])
                if "incurred_cny" in cells
                else paid + float(cells["outstanding_cny"]),
            )
        )
    return sorted(rows, key=lambda row: row.year)


def by_year(rows: Sequence[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Return the rows of each year, years ascending.

    Parameters
    ----------
    rows : sequence of Row
        By year.
    """
    for year, group in groupby(rows, key=lambda row: row.year):
        yield year, list(group)


def experience_faults(
    rows: Sequence[Row],
    name: str,
    kinds: Sequence[str],
    underwriting_year: int,
    book_mu: float,
    book_value_per_mu: float,
) -> Faults:
    """Return all that is wrong with the rows as a whole.

    Parameters
    ----------
    rows : sequence of Row
        By year.
    name : str
        File name, for messages.
    kinds : sequence of str
        Perils that the scenario insures.
    underwriting_year : int
        All years lie before it.
    book_mu : float
        Insured area of the book [mu].
    book_value_per_mu : float
        Its sum insured by insured mu [CNY/mu].
    """
    faults = Faults()
    for row in rows:
        _check_row(row, name, faults)
    years = [year for year, _ in by_year(rows)]
    for year in sorted(set(range(years[0], years[-1] + 1)) - set(years)):
        faults.add(
            name,
            f"no row of {year}",
            "Years must follow each other: one that is left out is mostly not one like the others. Add it, with 0 "
            "where nothing was paid.",
            "year",
        )
    for year, group in by_year(rows):
        if year >= underwriting_year:
            faults.add(
                f"{name}:{group[0].line}",
                f"year = {year}",
                f"Experience ends before the underwriting year, {underwriting_year}. Leave the year out.",
                "year",
            )
    for year, group in by_year(rows):
        _check_portfolio(year, group, name, faults)
        _check_size(year, group[0], name, book_mu, book_value_per_mu, faults)
        _check_perils(year, group, name, kinds, faults)
    return faults.shortened(MOST_FAULTS)


def _check_row(row: Row, name: str, faults: Faults) -> None:
    """Refuse amounts out of proportion."""
    where, place = f"{name}:{row.line}", f"{row.year}, {row.peril}"
    insured = f"sum_insured_cny = {row.sum_insured_cny:,.0f}"
    # One part in 10^9: a sum of paid and outstanding is rounded.
    if row.paid_cny > row.incurred_cny * (1 + 1e-9):
        faults.add(
            where,
            f"{place}: paid_cny = {row.paid_cny:,.0f}, incurred_cny = {row.incurred_cny:,.0f}",
            "Incurred is paid and outstanding, so that no more can be paid. Are the columns swapped?",
            "CNY",
        )
    if row.incurred_cny > row.sum_insured_cny:
        faults.add(
            where,
            f"{place}: losses of {row.incurred_cny:,.0f}, {insured}",
            "No year costs more than is insured. Are both in CNY, and the sum insured that of the portfolio?",
            "CNY",
        )
    if row.premium_cny is not None and row.premium_cny > row.sum_insured_cny:
        faults.add(
            where,
            f"{place}: premium_cny = {row.premium_cny:,.0f}, {insured}",
            "The premium lies above the sum insured. Are the columns swapped?",
            "CNY",
        )


def _check_portfolio(year: int, group: Sequence[Row], name: str, faults: Faults) -> None:
    """Refuse rows that stand twice, and rows of a year that disagree on the portfolio."""
    perils = [row.peril for row in group]
    for peril in dict.fromkeys(perils):
        lines = [row.line for row in group if row.peril == peril]
        if len(lines) > 1:
            faults.add(
                f"{name}:{lines[-1]}",
                f"{year}, {peril}: also in row {', '.join(map(str, lines[:-1]))}",
                "One row a year and peril. Add them up, or keep one.",
            )
    for column in ("insured_mu", "sum_insured_cny", "premium_cny"):
        given = {
            float(value): row.line for row in reversed(group) if (value := getattr(row, column)) is not None
        }
        if len(given) > 1:
            faults.add(
                f"{name}:{max(given.values())}",
                f"{year}: {column} = {min(given):,.0f} and {max(given):,.0f}",
                "It is that of the whole portfolio and the same in every row of a year.",
                EXPERIENCE.column(column).unit,
            )


def _check_size(
    year: int, row: Row, name: str, book_mu: float, book_value_per_mu: float, faults: Faults
) -> None:
    """Refuse a portfolio that cannot be the book's."""
    if row.insured_mu > MOST_OF_BOOK * book_mu:
        faults.add(
            f"{name}:{row.line}",
            f"{year}: insured_mu = {row.insured_mu:,.0f}",
            f"More than {MOST_OF_BOOK:g} times the {book_mu:,.0f} mu of the book. Is it the experience of another "
            "portfolio, or the area not in mu?",
            "mu",
        )
    value = row.sum_insured_cny / row.insured_mu
    if not 1 / MOST_OF_VALUE <= value / book_value_per_mu <= MOST_OF_VALUE:
        faults.add(
            f"{name}:{row.line}",
            f"{year}: {value:,.4g} CNY insured by mu",
            f"The book has {book_value_per_mu:,.4g}. Is the sum insured in CNY (not in 10,000 CNY, 万元), and the "
            "area in mu (15 mu = 1 ha)?",
            "CNY/mu",
        )


def _check_perils(year: int, group: Sequence[Row], name: str, kinds: Sequence[str], faults: Faults) -> None:
    """Refuse a year by peril that lacks one, and a total that is not the sum of its perils."""
    parts = [row for row in group if row.peril != ALL]
    if not parts:
        return
    missing = [kind for kind in kinds if kind not in {row.peril for row in parts}]
    if missing:
        faults.add(
            f"{name}:{parts[0].line}",
            f"{year}: no row for {', '.join(missing)}",
            "A year that is given by peril needs every insured peril: add the rows, with 0 where nothing was paid, "
            "or give the year as one row of `all`.",
        )
        return
    for total in (row for row in group if row.peril == ALL):
        for column in ("paid_cny", "incurred_cny"):
            whole, together = getattr(total, column), sum(getattr(row, column) for row in parts)
            if abs(whole - together) > max(1.0, ADD_UP * whole):
                faults.add(
                    f"{name}:{total.line}",
                    f"{year}: {column} of all = {whole:,.0f}, of the perils {together:,.0f} in sum",
                    "The rows of a year must add up to its total. Mend them, or drop the total.",
                    "CNY",
                )
