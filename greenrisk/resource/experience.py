# SPDX-License-Identifier: Apache-2.0
"""What an insurer's own years cost, as arrays.

The table is :mod:`greenrisk.resource.experience_table`, development to the end
:mod:`greenrisk.resource.development`, and what the experience makes of the judged level
:mod:`greenrisk.resource.experience_levels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.experience_table import ALL, by_year, experience_faults, rows_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

LEAST_OF_BOOK: Final = 5.0
"""Insured area of the book over that of the latest year above which the ledger asks for the unit [unitless]."""


@dataclass(frozen=True, eq=False)
class Experience:
    """Own years, checked, ascending and without a gap.

    Parameters
    ----------
    name : str
        Name of the table.
    status : str
        ``user``, or what the data package says of it (``synthetic``).
    kinds : tuple of str
        Perils that the scenario insures.
    years : array of int, shape (year,)
        Policy years.
    insured_mu, sum_insured : array, shape (year,)
        [mu], [CNY]
    premium : array, shape (year,)
        NaN where it is not known [CNY].
    paid, incurred : array, shape (year, peril + 1)
        Of each of ``kinds``, NaN where only the total is known, and of all in the last column [CNY].
    to_ultimate : array, shape (year,)
        Factor from incurred to ultimate losses [unitless].
    development_error : array, shape (year,)
        Standard error of the year's ultimate losses [CNY]; the squares add up to that of all years.
    left_out : tuple of str
        Perils that the table has and the scenario does not insure: their losses were left out, not their premium.
    """

    name: str
    status: str
    kinds: tuple[str, ...]
    years: NDArray[np.int64]
    insured_mu: Floats
    sum_insured: Floats
    premium: Floats
    paid: Floats
    incurred: Floats
    to_ultimate: Floats
    development_error: Floats
    left_out: tuple[str, ...] = ()

    @property
    def by_peril(self) -> NDArray[np.bool_]:
        """Whether a year is known by peril, shape (year,)."""
        return np.asarray(np.isfinite(self.incurred[:, :-1]).all(axis=1))

    @property
    def ultimate(self) -> Floats:
        """Incurred losses developed to their end, shape (year, peril + 1) [CNY]."""
        return self.incurred * self.to_ultimate[:, None]


def experience_of(
    frame: pd.DataFrame,
    name: str,
    *,
    kinds: Sequence[str],
    underwriting_year: int,
    book_mu: float,
    book_value_per_mu: float,
    ledger: Ledger,
    status: str = "user",
) -> Experience:
    """Return a checked table of :data:`EXPERIENCE` as years.

    Parameters
    ----------
    frame : DataFrame
        As ``read_table`` returns it.
    name : str
        File name, for messages.
    kinds : sequence of str
        Perils that the scenario insures; rows of others are left out, which the ledger says.
    underwriting_year : int
        All years lie before it.
    book_mu : float
        Insured area of the book [mu].
    book_value_per_mu : float
        Its sum insured by insured mu [CNY/mu].
    ledger : Ledger
        Told what was left out.
    status : str
        ``user``, or what the data package says of the table.

    Raises
    ------
    TableError
        With every year that is missing, twice there, not over, or larger than the book; paid above incurred or above
        the sum insured; a year whose rows disagree, lack an insured peril or do not add up to its total.
    """
    rows = rows_of(frame)
    experience_faults(rows, name, kinds, underwriting_year, book_mu, book_value_per_mu).raise_if_any(
        TableError
    )
    foreign = [row for row in rows if row.peril not in (*kinds, ALL)]
    if foreign:
        left = ", ".join(sorted({row.peril for row in foreign}))
        ledger.add(
            "dropped",
            name,
            f"Rows of perils that the scenario does not insure were left out: {left}. The total of such a year is that "
            "of the insured perils; its premium, charged for the others too, stays as it is.",
            count=len(foreign),
        )
    above = {row.year: row.insured_mu / book_mu for row in rows if row.insured_mu > book_mu}
    if above:
        ledger.add(
            "assumption",
            name,
            f"More was insured than the book holds in {', '.join(map(str, above))}, up to {max(above.values()):.2f} "
            "times: these years count by their own mu, as if what has left was like what has stayed.",
            count=len(above),
            source=name,
        )
    latest = max(rows, key=lambda row: row.year)
    if book_mu > LEAST_OF_BOOK * latest.insured_mu:
        ledger.add(
            "unreliable",
            f"{name}: insured area",
            f"In {latest.year} it was {latest.insured_mu:,.0f} mu, of the {book_mu:,.0f} mu of the book. Has the book "
            "grown so much, or are its areas in mu where ha are asked for (15 mu = 1 ha)?",
        )
    years: list[int] = []
    portfolio: list[tuple[float, float, float]] = []
    paid: list[list[float]] = []
    incurred: list[list[float]] = []
    for year, group in by_year(rows):
        known = {row.peril: row for row in group}
        premium = next((row.premium_cny for row in group if row.premium_cny is not None), np.nan)
        years.append(year)
        portfolio.append((group[0].insured_mu, group[0].sum_insured_cny, premium))
        if len(kinds) == 1:
            # One insured peril: a year's total is that peril's.
            known.setdefault(kinds[0], known.get(ALL, group[0]))
        whole = any(kind in known for kind in kinds)
        for amounts, column in ((paid, "paid_cny"), (incurred, "incurred_cny")):
            parts = [float(getattr(known[kind], column)) if whole else np.nan for kind in kinds]
            amounts.append([*parts, sum(parts) if whole else float(getattr(known[ALL], column))])
    of_year = np.array(portfolio, dtype=np.float64)
    return Experience(
        name=name,
        status=status,
        kinds=tuple(kinds),
        years=np.array(years, dtype=np.int64),
        insured_mu=of_year[:, 0],
        sum_insured=of_year[:, 1],
        premium=of_year[:, 2],
        paid=np.array(paid, dtype=np.float64),
        incurred=np.array(incurred, dtype=np.float64),
        to_ultimate=np.ones(len(years)),
        development_error=np.zeros(len(years)),
        left_out=tuple(sorted({row.peril for row in foreign})),
    )
