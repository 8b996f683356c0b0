# SPDX-License-Identifier: Apache-2.0
"""Interest cover, the rating it stands for, and the spread of that rating.

The tables are those of one date and of large US firms' bonds in the main: a lens, not a market price.

References
----------
Damodaran, A. (2026). Ratings, interest coverage ratios and default spread, January 2026. NYU Stern. EBIT at or below
zero is D; the cover must lie above the bound.
Damodaran, A. (2006). Damodaran on Valuation, 2nd edition. Wiley. The older table for small firms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.issuer.credit.altman import Bands, bands_of
from greenrisk.issuer.credit.domains import MISSING, MONEY, PAID, Floats, Ranks, checked, refuse
from greenrisk.issuer.credit.tables import DAMODARAN_RATINGS, Own, credit_table, table_name

LATEST: Final = "2026-01"
"""Edition taken where none is named."""


@dataclass(frozen=True)
class CoverTable:
    """Ratings and spreads by bounds of the interest cover.

    Parameters
    ----------
    edition : str
        Date of the table.
    firms : str
        Kind of firm.
    bands : Bands
        Ratings by bounds of the cover, best first.
    spread : ndarray, (rating,)
        Spread over the risk-free rate [1/year].
    status : str
        Status of its weakest row.
    """

    edition: str
    firms: str
    bands: Bands
    spread: Floats
    status: str


def cover_table(
    edition: str = LATEST, firms: str = "small", own: Own = None, ledger: Ledger | None = None
) -> CoverTable:
    """Return the table of an edition for a kind of firm.

    Parameters
    ----------
    edition : str
        ``2026-01``, ``2006`` (small firms only), or one of the user's own.
    firms : str
        ``large``, ``small``, ``utility`` or ``financial``.
    own : str, Path or DataFrame, optional
        The user's table.
    ledger : Ledger, optional
        Told which rows are not confirmed.

    Raises
    ------
    ArgumentError
        If there is no such edition or kind.
    TableError
        If the bounds of the table do not fall.
    """
    frame = credit_table(DAMODARAN_RATINGS, own, ledger)
    name = table_name(DAMODARAN_RATINGS, own)
    part = frame[(frame["edition"] == edition) & (frame["firms"] == firms)]
    if part.empty:
        known = sorted(set(zip(frame["edition"], frame["firms"], strict=True)))
        listed = ", ".join(f"{e} {f}" for e, f in known)
        close = did_you_mean(f"{edition} {firms}", [f"{e} {f}" for e, f in known])
        raise refuse("edition", f"{edition} {firms}", f"{name} has no such part.{close} Known: {listed}.")
    bands = bands_of(
        list(part["rating"]),
        part["interest_cover_above"].to_numpy(dtype=np.float64),
        f"{name} ({edition} {firms})",
    )
    spread = part["spread"].to_numpy(dtype=np.float64)
    if np.any(np.diff(spread) < 0):
        faults = Faults()
        faults.add(
            name, f"spreads of {edition} {firms}", "A worse rating cannot have the smaller spread.", "1/year"
        )
        faults.raise_if_any(TableError)
    weak = part.loc[part["status"] != "confirmed", "status"]
    return CoverTable(edition, firms, bands, spread, str(weak.iat[0]) if len(weak) else "confirmed")


def interest_cover(ebit: ArrayLike, interest: ArrayLike) -> Floats:
    """Return EBIT over interest [1].

    Parameters
    ----------
    ebit : array_like
        Earnings before interest and tax; may be negative [money].
    interest : array_like
        Interest paid in the year [money, >= 0].

    Returns
    -------
    ndarray
        Endless with the sign of EBIT where no interest is paid (-inf at EBIT 0, which covers nothing); NaN where an
        input is NaN.

    Raises
    ------
    ArgumentError
        If interest is negative.
    """
    e, i = checked(ebit=(ebit, MONEY), interest=(interest, PAID))
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = e / i
    endless = np.where(e > 0.0, np.inf, -np.inf)
    free = (i == 0.0) & ~np.isnan(e)
    out: Floats = np.where(free, endless, cover)
    return out


def synthetic_rating(table: CoverTable, ebit: ArrayLike, interest: ArrayLike) -> tuple[Ranks, Floats]:
    """Return the rating that the interest cover stands for, and its spread.

    Parameters
    ----------
    table : CoverTable
        Bounds and spreads.
    ebit, interest : array_like
        As in :func:`interest_cover`.

    Returns
    -------
    rating : ndarray of int8
        Place in ``table.bands.ratings``, best first; the last (D) wherever EBIT is at or below 0, -1 where missing.
    spread : ndarray
        Spread of that rating [1/year]; NaN where missing.

    Examples
    --------
    >>> table = cover_table("2026-01", "large")
    >>> place, spread = synthetic_rating(table, ebit=30.0, interest=10.0)
    >>> table.bands.ratings[int(place)], float(spread)
    ('BBB', 0.0111)
    """
    cover = interest_cover(ebit, interest)
    place = table.bands.of(cover)
    last = len(table.bands.ratings) - 1
    unearned = np.asarray(ebit, dtype=np.float64) <= 0.0
    rank: Ranks = np.where(unearned & ~np.isnan(cover), last, place).astype(np.int8)
    spread: Floats = np.where(rank == MISSING, np.nan, table.spread[np.maximum(rank, 0)])
    return rank, spread
