# SPDX-License-Identifier: Apache-2.0
"""A series at the years of a study: linear in time, nothing beyond its ends unless the user holds them.

What lives here: look-up and interpolation. What does not: fall-backs (:mod:`greenrisk.pathways.resolve`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import Fault
from greenrisk.core.ledger import Ledger
from greenrisk.pathways.errors import DeviationAsLevel, SeriesError
from greenrisk.pathways.families import meant
from greenrisk.pathways.units import Floats
from greenrisk.pathways.variables import CanonicalTable

_PARTS = ("model", "scenario", "region", "variable", "member", "sector", "technology")


def series(
    table: CanonicalTable,
    model: str,
    scenario: str,
    region: str,
    variable: str,
    years: ArrayLike,
    *,
    member: str = "",
    sector: str = "",
    technology: str = "",
    deviation: bool = False,
    hold: bool = False,
    ledger: Ledger | None = None,
) -> Floats:
    """Return a series at some years.

    Parameters
    ----------
    table : CanonicalTable
        The pathways.
    model, scenario, region, variable : str
        Which series, by the names of the table and the one name of the variable.
    years : array_like of int, shape (n,)
        Calendar years.
    member, sector, technology : str
        Part of a shock, sector and technology, where the variable has them; capitals of the last two do not count.
    deviation : bool
        Whether a deviation is asked for; where not, a variable that is a deviation is refused, and the other way round.
    hold : bool
        Whether years before the first (after the last) take the first (last) value.
    ledger : Ledger, optional
        Told how many years were held.

    Returns
    -------
    array, shape (n,)
        In the one unit of the variable.

    Raises
    ------
    DeviationAsLevel
        Where level and deviation are mixed up.
    SeriesError
        No such series, with the name that may have been meant; years beyond its ends without ``hold``.
    """
    check_kind(table, variable, deviation)
    key = (model, scenario, region, variable, member, sector.lower(), technology.lower())
    found = table.index.get(key)
    if found is None:
        raise SeriesError(_unknown(table, key))
    known, values = found
    wanted = np.asarray(years, dtype=float)
    outside = (wanted < known[0]) | (wanted > known[-1])
    if outside.any():
        named = ", ".join(filter(None, (model, scenario, region, variable, member, sector, technology)))
        if not hold:
            listed = ", ".join(f"{year:g}" for year in wanted[outside][:5])
            mend = f"The series holds {known[0]} to {known[-1]}. Set `hold: true` to hold its ends beyond."
            raise SeriesError(Fault(named, f"years {listed}", mend, "year"))
        if ledger is not None:
            detail = f"The ends of the series ({known[0]}, {known[-1]}) were held beyond it."
            ledger.add("imputed", named, detail, int(outside.sum()))
    return np.asarray(np.interp(wanted, known, values))


def check_kind(table: CanonicalTable, variable: str, deviation: bool) -> None:
    """Refuse a deviation that is asked for as a level, and the other way round.

    Raises
    ------
    DeviationAsLevel
        See above.
    SeriesError
        Where no such variable is known.
    """
    names = table.variables.names()
    if variable not in names:
        raise SeriesError(Fault("variable", variable, f"No such variable.{meant(variable, names)}"))
    kind = table.variables.kind(variable)
    if kind != "level" and not deviation:
        unit = "percent" if kind == "deviation_percent" else "percentage points"
        mend = f"This is a deviation from a baseline in {unit}, no level. Apply it to a level with `apply_deviation`."
        raise DeviationAsLevel(Fault("variable", variable, mend, unit))
    if kind == "level" and deviation:
        raise DeviationAsLevel(Fault("variable", variable, "This is a level, no deviation from a baseline."))


def members_of(
    table: CanonicalTable, model: str, scenario: str, variable: str, region: str
) -> tuple[str, ...]:
    """Return which members of a deviation the table holds for a region."""
    return tuple(
        dict.fromkeys(key[4] for key in table.index if key[:4] == (model, scenario, region, variable))
    )


def _unknown(table: CanonicalTable, key: Sequence[str]) -> Fault:
    """Return the fault of a series that is not there: the first part of its key that does not fit."""
    keys = [*table.index]
    for place in (0, 1, 3, 2, 4, 5, 6):  # the variable before the region: regions differ by variable
        left = [other for other in keys if other[place] == key[place]]
        if not left:
            known = sorted({other[place] for other in keys})
            what = f"{_PARTS[place]} = {key[place]}".rstrip()
            if place in (4, 5, 6) and not key[place]:
                listed = ", ".join(f"`{one}`" for one in known)
                return Fault(key[3], what, f"Say which {_PARTS[place]}: {listed}.")
            context = ", ".join(part for at, part in enumerate(key) if part and at != place and at < 4)
            return Fault(
                context, what, f"The tables hold no such {_PARTS[place]} here.{meant(key[place], known)}"
            )
        keys = left
    return Fault(", ".join(key), "no such series", "The tables hold no such series.")  # pragma: no cover
