# SPDX-License-Identifier: Apache-2.0
"""What the ITR workbook's companies make, by technology and year: in MWh and tonnes where the unit allows.

What lives here: units of output and which report is taken. What does not: emissions
(:mod:`greenrisk.issuer.itr_emissions`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from greenrisk.issuer.itr_rows import BOUNDARIES, FACTORS, EsgRow

ENERGY: Final = {
    "kwh": 1e-3,
    "mwh": 1.0,
    "gwh": 1e3,
    "twh": 1e6,
    "gj": 1 / 3.6,
    "pj": 1e6 / 3.6,
    "ej": 1e9 / 3.6,
}
"""Megawatt hours for one unit."""


@dataclass(frozen=True)
class Output:
    """What a company makes of one thing in a year.

    Parameters
    ----------
    issuer, technology : str
        Who, and from what.
    year : int
        Year.
    quantity : float
        In ``unit``.
    unit : str
        `MWh`, `t ...`, or as the workbook has it.
    row : int
        Row of the sheet.
    """

    issuer: str
    technology: str
    year: int
    quantity: float
    unit: str
    row: int


def outputs(rows: Sequence[EsgRow]) -> tuple[list[Output], int]:
    """Return production by company, technology and year, of the newest report, and how many rows are of money.

    Parameters
    ----------
    rows : sequence of EsgRow
        All rows of the sheet.
    """
    made = [
        row for row in rows if row.metric in ("production", "generation") and "purchased" not in row.boundary
    ]
    made = [row for row in made if "purchased" not in row.submetric and row.submetric != "ignore"]
    money = [row for row in made if _money(row.unit)]
    best: dict[tuple[str, str, int, str], tuple[datetime.date, int, Output]] = {}
    for row in made:
        if _money(row.unit):
            continue
        factor, unit = _output_unit(row.unit)
        technology = "all" if row.metric == "production" else row.submetric or "all"
        for year, value in row.values.items():
            key = (row.issuer, technology, year, unit)
            rank = (row.date, -(BOUNDARIES.index(row.boundary) if row.boundary in BOUNDARIES else 99))
            if key not in best or rank > best[key][:2]:
                best[key] = (*rank, Output(row.issuer, technology, year, value * factor, unit, row.row))
    found = sorted(
        (output for *_, output in best.values()), key=lambda one: (one.issuer, one.technology, one.year)
    )
    return found, len(money)


def _money(unit: str) -> bool:
    return bool(re.search(r"(?i)\b(eur|usd|gbp|jpy|krw|chf|sek|nok)\b|€", unit))


def _output_unit(unit: str) -> tuple[float, str]:
    """Return the factor to, and the name of, the unit that output is told in."""
    small = unit.lower().strip()
    if small in ENERGY:
        return ENERGY[small], "MWh"
    mass = re.fullmatch(r"(t|kt|mt)(?: ([a-z]+))?", small)
    if mass:
        return FACTORS[mass.group(1)], f"t {mass.group(2)}" if mass.group(2) else "t"
    return 1.0, unit
