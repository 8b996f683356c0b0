# SPDX-License-Identifier: Apache-2.0
"""What the assets of an issuer are worth and how much they move: from its market value where there is one.

Three ways, best first, each told: ``calibrated`` from market value and its volatility (Merton's two equations),
``market`` from the market value with the sector's volatility of a card, ``book`` from the books with that card. The
basis is found once, in the base case; a scenario moves the value found, never the way of finding it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.card_roles import Role
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.calibration import calibrate
from greenrisk.issuer.credit.domains import (
    MISSING,
    MONEY,
    NUMBER,
    PAID,
    YEARS,
    Domain,
    Floats,
    Ranks,
    checked,
)

SECTORS: Final = (
    "ceramics",
    "chemicals",
    "cement",
    "steel",
    "power",
    "oil_and_gas",
    "aircraft",
    "water",
    "tourism",
    "city_investment",
)
"""Sectors that have a volatility of their own; all others take `other`."""

ASSET_VOLATILITY_ROLE: Final = Role(
    "asset_volatility",
    "issuer.asset_volatility",
    ("other",),
    optional=SECTORS,
    units=dict.fromkeys(("other", *SECTORS), "1/sqrt(year)"),
)
"""Card: volatility of the assets by sector."""

ASSET_VALUE_ROLE: Final = Role(
    "asset_value",
    "issuer.asset_value",
    ("value_over_book", "leverage_reversion"),
    units={"leverage_reversion": "1/year"},
    optional=tuple(f"value_over_book_{sector}" for sector in (*SECTORS, "coal_power", "helicopters")),
)
"""Card: what assets are worth over book equity plus debt, by sector where it differs, and how fast leverage that has
strayed comes back."""

BASES: Final = ("calibrated", "market", "book")
"""Ways of finding the assets, by number; -1 where there is none."""


@dataclass(frozen=True)
class AssetBasis:
    """Assets and volatility of each issuer, and how they were found.

    Parameters
    ----------
    asset : ndarray
        Value of the assets; at or below zero where debt stands against nothing; NaN where not known [money].
    volatility : ndarray
        Of their log return [1/sqrt(year)].
    basis : ndarray of int8
        Place in :data:`BASES`; -1 where nothing was found.
    unsolved : int
        Issuers whose calibration did not converge and that took the card's volatility instead.
    """

    asset: Floats
    volatility: Floats
    basis: Ranks
    unsolved: int


def sector_volatility(
    card: Mapping[str, float], sectors: Sequence[str], ledger: Ledger | None = None
) -> Floats:
    """Return the volatility of each issuer's sector, (issuer,) [1/sqrt(year)].

    Parameters
    ----------
    card : mapping of str to float
        Values of the card of :data:`ASSET_VOLATILITY_ROLE`.
    sectors : sequence of str
        Sector of each issuer.
    ledger : Ledger, optional
        Told which sectors took that of `other`, and how many issuers.
    """
    absent = [name for name in sectors if name not in card or name == "other"]
    if absent and ledger is not None:
        listed = ", ".join(sorted(set(absent)))
        detail = f"No volatility of their own; they take that of `other`: {listed}."
        ledger.add("imputed", "asset volatility by sector", detail, len(absent), unit="1/sqrt(year)")
    return np.array([float(card.get(name, card["other"])) for name in sectors], dtype=np.float64)


def asset_basis(
    *,
    debt: ArrayLike,
    book_equity: ArrayLike,
    sector_volatility: ArrayLike,
    over_book: ArrayLike = 1.0,
    market_value: ArrayLike = np.nan,
    equity_volatility: ArrayLike = np.nan,
    rate: ArrayLike = 0.0,
    term: ArrayLike = 1.0,
    ledger: Ledger | None = None,
) -> AssetBasis:
    """Return what the assets are worth and how much they move.

    Parameters
    ----------
    debt : array_like
        Debt that falls due by the end of the term [money, >= 0].
    book_equity : array_like
        Equity of the books; may be negative, which makes the assets smaller than the debt [money].
    sector_volatility : array_like
        Volatility of the assets of the sector's card [1/sqrt(year), >= 0].
    over_book : array_like
        What assets are worth over book equity plus debt, where no market value tells it [1, >= 0].
    market_value : array_like
        Market value of the equity; NaN or not above 0: not traded [money].
    equity_volatility : array_like
        Volatility of its log return [1/sqrt(year), > 0]; NaN where not known.
    rate : array_like
        Risk-free rate [1/year].
    term : array_like
        Years of the calibration [year, > 0].
    ledger : Ledger, optional
        Told how many issuers were found each way.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain or the shapes do not broadcast.

    Notes
    -----
    Without calibration the assets are market value plus the debt at its face, or without a market value a share of
    book equity plus debt.
    """
    moves = Domain(0.0, np.inf, "1/sqrt(year), >= 0")
    parts = checked(
        debt=(debt, PAID),
        book_equity=(book_equity, MONEY),
        sector_volatility=(sector_volatility, moves),
        over_book=(over_book, Domain(0.0, np.inf, "unitless, >= 0")),
        market_value=(market_value, MONEY),
        equity_volatility=(equity_volatility, moves),
        rate=(rate, NUMBER),
        term=(term, YEARS),
    )
    k, book, sector, share, market, se, r, t = np.broadcast_arrays(*parts)
    traded = market > 0.0
    asked = traded & (se > 0.0)
    solved = calibrate(np.where(asked, market, np.nan), np.where(asked, se, np.nan), k, r, t)
    found = asked & solved.converged
    asset = np.where(found, solved.asset, np.where(traded, market + k, share * (book + k)))
    volatility = np.where(found, solved.volatility, sector)
    basis = np.where(found, 0, np.where(traded, 1, 2))
    missing = np.isnan(asset) | np.isnan(volatility)
    basis = np.where(missing, MISSING, basis).astype(np.int8)
    whole = asked & ~np.isnan(k) & ~np.isnan(r)
    unsolved = int((whole & ~solved.converged).sum())
    if ledger is not None:
        _tell(ledger, basis, unsolved)
    return AssetBasis(asset, volatility, basis, unsolved)


def _tell(ledger: Ledger, basis: Ranks, unsolved: int) -> None:
    for number, detail in (
        (1, "Not calibrated: assets are market value plus debt, with the sector's volatility of the card."),
        (
            2,
            "No market value: assets are the card's share of book equity plus debt, with the sector's volatility.",
        ),
        (MISSING, "Neither market value nor books with debt and a volatility: Merton's model has no answer."),
    ):
        count = int((basis == number).sum())
        if count:
            kind = "dropped" if number == MISSING else "imputed"
            ledger.add(kind, "assets in Merton's model", detail, count, status="illustrative")  # type: ignore[arg-type]
    if unsolved:
        detail = "The calibration met no solution and the sector's volatility was taken."
        ledger.add("unreliable", "assets in Merton's model", detail, unsolved)
