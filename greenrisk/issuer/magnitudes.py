# SPDX-License-Identifier: Apache-2.0
"""Figures that cannot be right beside the issuer's other figures: a wrong unit, a wrong currency, a copied cell.

What lives here: ratios against bounds, and which of two figures gives way. What does not: the bounds
(``data/issuer_plausible_ratios.csv``, which a user may replace) and sums that must hold
(:mod:`greenrisk.issuer.identities`).

Notes
-----
Market value, revenue and assets are three figures with three ratios. Where two ratios with one figure in common fail,
that figure gives way; where one fails, the figure that is least needed; where all fail, all three, since nobody can say
which is right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.issuer.tables import PLAUSIBLE_RATIOS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TRIANGLE: Final = (
    ("market_value_to_revenue", "market_value", "revenue"),
    ("market_value_to_assets", "market_value", "assets"),
    ("revenue_to_assets", "revenue", "assets"),
)
"""The three ratios; of one that fails alone, ``SUSPECT`` gives way."""

SUSPECT: Final = {
    "market_value_to_revenue": "market_value",
    "market_value_to_assets": "market_value",
    "revenue_to_assets": "assets",
}
"""Which figure gives way where one ratio fails alone: revenue is what an issuer is refused without."""


@dataclass(frozen=True)
class Bounds:
    """Bounds of plausible ratios.

    Parameters
    ----------
    rows : dict
        (ratio, sector in small letters) to (least, largest plausible value).
    """

    rows: Mapping[tuple[str, str], tuple[float, float]]

    def of(self, ratio: str, sector: str = "any") -> tuple[float, float]:
        """Return the bounds of a ratio for a sector, those for any sector where it has none of its own."""
        return self.rows.get((ratio, sector.lower()), self.rows[ratio, "any"])

    def high(self, ratio: str) -> float:
        """Return the largest plausible value for any sector."""
        return self.rows[ratio, "any"][1]

    def outside(
        self, ratio: str, values: Floats, sectors: tuple[str, ...] | None = None
    ) -> tuple[Flags, Flags]:
        """Return which values lie below and which above, each of shape (issuer,); NaN is neither.

        Parameters
        ----------
        ratio : str
            Which.
        values : array, shape (issuer,)
            The ratios, in the unit of the table.
        sectors : tuple of str, (issuer,), optional
            Sector of each.
        """
        names = ("any",) * len(values) if sectors is None else sectors
        distinct = {sector: self.of(ratio, sector) for sector in set(names)}
        low, high = np.array([distinct[sector] for sector in names]).reshape(-1, 2).T
        with np.errstate(invalid="ignore"):
            return np.asarray(values < low), np.asarray(values > high)


def bounds_of(frame: pd.DataFrame | None = None) -> Bounds:
    """Return the bounds of a table that follows PLAUSIBLE_RATIOS; rows that it leaves out are the shipped ones."""
    rows = _rows(_shipped())
    return Bounds(rows if frame is None else rows | _rows(frame))


def _rows(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    columns = (frame[name] for name in ("ratio", "sector", "low", "high"))
    return {
        (str(ratio), str(sector).lower()): (float(low), float(high))
        for ratio, sector, low, high in zip(*columns, strict=True)
    }


@cache
def _shipped() -> pd.DataFrame:
    return read_table(library_root() / "data" / "issuer_plausible_ratios.csv", PLAUSIBLE_RATIOS, Ledger())


def over(above: Floats, below: Floats) -> Floats:
    """Return a ratio, NaN where the lower figure is missing or not above 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, np.nan), np.nan)


def misfits(lines: Mapping[str, Floats], bounds: Bounds) -> dict[str, Flags]:
    """Return which of market value, revenue and assets give way, each of shape (issuer,).

    Parameters
    ----------
    lines : mapping of str to array, shape (issuer,)
        The three lines, in one currency [million].
    bounds : Bounds
        Bounds of the three ratios.
    """
    failed = {}
    for ratio, upper, lower in TRIANGLE:
        below, above = bounds.outside(ratio, over(lines[upper], lines[lower]))
        failed[ratio] = below | above
    number = np.sum(list(failed.values()), axis=0)
    out = {name: np.zeros(number.shape, dtype=bool) for name in ("market_value", "revenue", "assets")}
    for line, flags in out.items():
        both = [failed[ratio] for ratio, upper, lower in TRIANGLE if line in (upper, lower)]
        flags |= (number == 3) | ((number == 2) & both[0] & both[1])
        for ratio, suspect in SUSPECT.items():
            if suspect == line:
                flags |= (number == 1) & failed[ratio]
    return out


def same_figures(*columns: Floats) -> list[list[int]]:
    """Return groups of issuers that have all the figures in common, copied cells mostly.

    Parameters
    ----------
    *columns : array, shape (issuer,)
        Figures; issuers with one of them missing or 0 are left out.
    """
    groups: dict[tuple[float, ...], list[int]] = {}
    for at, figures in enumerate(zip(*columns, strict=True)):
        if all(math.isfinite(figure) and figure != 0 for figure in figures):
            groups.setdefault(tuple(float(f"{figure:.10g}") for figure in figures), []).append(at)
    return [group for group in groups.values() if len(group) > 1]


def slip(value: float, expected: float) -> str:
    """Return the power of a thousand by which a figure is off, in words; empty where it is none.

    Parameters
    ----------
    value, expected : float
        The figure, and about what it should be; both above 0.

    Examples
    --------
    >>> slip(5.6e13, 4.4e7)
    'about a million times too large'
    """
    if not (value > 0 and expected > 0 and math.isfinite(value / expected)):
        return ""
    power = round(math.log10(value / expected) / 3)
    words = {1: "a thousand", 2: "a million", 3: "a thousand million"}
    if abs(power) not in words or abs(math.log10(value / expected) - 3 * power) > 1:
        return ""
    return f"about {words[abs(power)]} times too {'large' if power > 0 else 'small'}"
