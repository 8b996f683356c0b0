# SPDX-License-Identifier: Apache-2.0
"""A tariff that the user brings: base, and factors by industry, grade, credit, record and limit.

What lives here: the tariff and the reading of its table. What does not: what it charges the plants of a zone
(:mod:`greenrisk.pollution.liability.market_premium`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pollution.liability.tariff_tables import ANY, COLOUR_CLASSES, GRADE_CLASSES, PARTS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "base": (ANY,),
    "grade": GRADE_CLASSES,
    "colour": COLOUR_CLASSES,
}


@dataclass(frozen=True, eq=False)
class Tariff:
    """A tariff. Made by :func:`read_tariff`.

    Parameters
    ----------
    base : float
        Premium over limit of a plant with all factors 1 [1/year].
    industry : mapping of str to float
        Factor by the first digits of the industry code [unitless]; ``*`` for all others.
    grade : array, shape (4,)
        Factor by :data:`GRADE_CLASSES` [unitless].
    colour : array, shape (5,)
        Factor by :data:`COLOUR_CLASSES` [unitless].
    record_from, record : array, shape (classes,)
        Least number of accidents of each class, ascending from 0, and its factor [unitless].
    limit_at, limit : array, shape (classes,)
        Limits, ascending [CNY], and the factor at each [unitless].
    statuses : tuple of str
        Status words of the rows, each once.
    """

    base: float
    industry: Mapping[str, float]
    grade: Floats
    colour: Floats
    record_from: Integers
    record: Floats
    limit_at: Floats
    limit: Floats
    statuses: tuple[str, ...]

    def of_industry(self, code: str) -> float:
        """Return the factor of an industry: that of the longest match, or of all others [unitless].

        Parameters
        ----------
        code : str
            Industry by GB/T 4754.
        """
        for digits in range(len(code), 0, -1):
            if code[:digits] in self.industry:
                return self.industry[code[:digits]]
        return self.industry[ANY]

    def of_limit(self, limit: Floats) -> Floats:
        """Return the factor of limits [unitless].

        Parameters
        ----------
        limit : array
            > 0 [CNY].

        Notes
        -----
        Between two limits of the table the factor is a power of the limit; beyond them it stays.
        """
        x, y = np.log(self.limit_at), np.log(self.limit)
        return np.asarray(np.exp(np.interp(np.log(limit), x, y)))


def read_tariff(table: pd.DataFrame, name: str = "tariff") -> Tariff:
    """Return the tariff of a table.

    Parameters
    ----------
    table : DataFrame
        As :data:`~greenrisk.pollution.liability.tariff_tables.ZONE_TARIFF` reads it; the first row is row 2 of its
        file.
    name : str
        Name of the file, for messages.

    Raises
    ------
    TableError
        With every fault: an unknown, missing or double class, a class that is no number where one is needed, a range
        that does not hold its factor.
    """
    faults, rows = Faults(), _rows(table)
    for part in PARTS:
        seen: dict[str, int] = {}
        for row, label in rows[part]:
            where = f"{name}:{row}"
            key = _key(part, label)
            known = _NAMED.get(part)
            if known and label not in known:
                mend = f"Known classes of {part}: {', '.join(known)}.{did_you_mean(label, known)}"
                faults.add(where, f"class = {label}", mend)
            elif key is None:
                unit = "CNY" if part == "limit" else "1"
                what = "limit > 0" if part == "limit" else "whole number >= 0 of accidents"
                faults.add(where, f"class = {label}", f"The class of a {part} row is a {what}.", unit)
            elif key in seen:
                faults.add(where, f"class = {label}", f"Row {seen[key]} is for the same class: keep one.")
            else:
                seen[key] = row
        needed = _NAMED.get(part, (ANY,) if part == "industry" else ("0",) if part == "record" else ())
        for label in needed:
            if label not in seen and not any(text == label for _, text in rows[part]):
                faults.add(name, f"no row of part {part} and class {label}", "Add it; 1 changes nothing.")
        if part == "limit" and not rows[part]:
            mend = "Add at least one, e.g. class 1000000 with factor 1."
            faults.add(name, "no row of part limit", mend)
    for row, low, factor, high in _ranges(table):
        if not low <= factor <= high:
            faults.add(
                f"{name}:{row}",
                f"factor = {factor:g} with the range {low:g} to {high:g}",
                "The factor must lie in its range: mend the one or the other.",
                "unitless",
            )
    faults.raise_if_any(TableError, "`greenrisk show table zone-tariff` lists the columns.")
    of = {
        part: dict(zip(group["class"].astype(str), group["factor"].astype(float), strict=True))
        for part, group in table.groupby("part")
    }
    record = sorted((int(label), factor) for label, factor in of["record"].items())
    limit = sorted((float(label), factor) for label, factor in of["limit"].items())
    return Tariff(
        base=of["base"][ANY],
        industry=of["industry"],
        grade=np.array([of["grade"][label] for label in GRADE_CLASSES]),
        colour=np.array([of["colour"][label] for label in COLOUR_CLASSES]),
        record_from=np.array([least for least, _ in record], dtype=np.int64),
        record=np.array([factor for _, factor in record]),
        limit_at=np.array([at for at, _ in limit]),
        limit=np.array([factor for _, factor in limit]),
        statuses=tuple(dict.fromkeys(table["status"].astype(str))),
    )


def _rows(table: pd.DataFrame) -> dict[str, list[tuple[int, str]]]:
    pairs = list(zip(table["part"].astype(str), table["class"].astype(str), strict=True))
    return {
        part: [(row, label) for row, (of, label) in enumerate(pairs, start=2) if of == part] for part in PARTS
    }


def _key(part: str, label: str) -> str | None:
    """Return what makes a class the same as another, or None for a class that is no number where one is needed."""
    if part not in ("record", "limit"):
        return label
    try:
        number = float(label)
    except ValueError:
        return None
    good = np.isfinite(number) and (
        number > 0.0 if part == "limit" else number >= 0.0 and number.is_integer()
    )
    return f"{number:.17g}" if good else None


def _ranges(table: pd.DataFrame) -> list[tuple[int, float, float, float]]:
    if not {"low", "high"} & set(table.columns):
        return []
    ends = table.reindex(columns=["low", "factor", "high"]).astype(float)
    ends = ends.fillna({"low": -np.inf, "high": np.inf})
    return [
        (row, float(low), float(factor), float(high))
        for row, (low, factor, high) in enumerate(ends.itertuples(index=False, name=None), start=2)
    ]
