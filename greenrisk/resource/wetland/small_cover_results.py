# SPDX-License-Identifier: Apache-2.0
"""Premiums of the small covers and their group of results: law, closed form and simulation side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.actuarial.premium.gross import PremiumBuildUp, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.card_roles import Wanted
from greenrisk.core.cards import Card
from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.streams import stream
from greenrisk.core.variants import Values, interval_ratio
from greenrisk.resource.wetland.small_cover_spec import SmallCover
from greenrisk.resource.wetland.small_covers import (
    SMALL_COVER_ROLES,
    UNITS,
    annual_limit,
    expected_payment,
    simulate_small_cover,
    small_cover_law,
)
from greenrisk.resource.wetland.small_prevention import (
    PREVENTION_ROLE,
    Prevented,
    avoided_share,
    prevented,
    prevention_numbers,
)

Floats = NDArray[np.float64]

LARGEST_GRID: Final = 2**16
"""Cells of the law of a year at most: errors far below a yuan, in a fraction of a second."""

COARSE_GRID: Final = 2**14
"""Cells of the law of a year for one draw of the card at most."""


def wanted_small_covers(covers: Sequence[SmallCover], key_path: KeyPath) -> dict[str, Wanted]:
    """Return the cards that small covers need: roles ``small_cover.NAME`` and ``prevention.NAME``.

    Parameters
    ----------
    covers : sequence of SmallCover
        Covers; each has a name of its own.
    key_path : tuple
        Where the scenario lists them.
    """
    wanted: dict[str, Wanted] = {}
    for i, cover in enumerate(covers):
        role = SMALL_COVER_ROLES[cover.kind]
        wanted[f"small_cover.{cover.name}"] = Wanted(cover.card, (*key_path, i, "card"), role)
        if cover.prevention is not None:
            place = (*key_path, i, "prevention", "card")
            wanted[f"prevention.{cover.name}"] = Wanted(cover.prevention.card, place, PREVENTION_ROLE)
    return wanted


@dataclass(frozen=True, eq=False)
class SmallPrice:
    """Price of a small cover.

    Parameters
    ----------
    closed_form : float
        Expected payment before the annual limit, in closed form [CNY/year].
    premium : PremiumBuildUp
        From the law of the year after the annual limit: pure premium with its numerical error, gross premium.
    low, high : float
        Ends of the 90 % knowledge interval of the pure premium, from joint draws of the card [CNY/year].
    prevention : Prevented or None
        What prevention costs and avoids; None: none.
    """

    closed_form: float
    premium: PremiumBuildUp
    low: float
    high: float
    prevention: Prevented | None

    @property
    def pure(self) -> float:
        """Pure premium [CNY/year]."""
        return float(self.premium.row("pure_premium")[0])

    @property
    def gross(self) -> float:
        """Gross premium, without spending on prevention [CNY/year]."""
        return float(self.premium.row("gross_premium")[0])


def price_small_cover(
    cover: SmallCover,
    card: Card,
    loadings: Loadings,
    *,
    seed: int,
    draws: int,
    prevention: Values | None = None,
) -> SmallPrice:
    """Return the price of a small cover.

    Parameters
    ----------
    cover : SmallCover
        The cover.
    card : Card
        Its card.
    loadings : Loadings
        From the card of loadings.
    seed : int
        Of the draws of the card.
    draws : int
        Joint draws behind the knowledge interval.
    prevention : mapping, optional
        Values of the card of prevention; needed where the cover has any.

    Notes
    -----
    The knowledge interval takes the pure premium of each draw over that of the central card, both by the same method:
    the closed form, or, under an annual limit, the law of the year on a coarser grid.

    Raises
    ------
    ArgumentError
        With every number of a card outside its domain.
    """
    values = card.values()
    premium = _premium(cover, values, loadings)
    pure = float(premium.row("pure_premium")[0])
    base = _quick(cover, values)
    uniforms = stream(seed, "small_cover", "knowledge", cover.name).random((draws, len(card.parameters)))
    drawn = np.array([_quick(cover, card.draw(row)) for row in uniforms])
    low, high = (pure * factor for factor in interval_ratio(drawn, base))
    found = None
    if cover.prevention is not None and prevention is not None:
        numbers = prevention_numbers(cover.kind, prevention)
        spend = cover.prevention.spend_cny_per_unit
        left = _premium(cover, values, loadings, 1.0 - avoided_share(spend, numbers))
        found = prevented(cover.units, spend, pure, float(left.row("pure_premium")[0]), numbers)
    return SmallPrice(expected_payment(cover, values), premium, low, high, found)


def _quick(cover: SmallCover, values: Values) -> float:
    """Return the pure premium to a thousandth, as fast as it can be had [CNY/year]."""
    if cover.annual_limit_cny is None:
        return expected_payment(cover, values)
    law = small_cover_law(cover, values)
    return law.aggregate(rtol=1e-3, annual_limit=annual_limit(cover), largest_grid=COARSE_GRID).mean()


def _premium(cover: SmallCover, values: Values, loadings: Loadings, kept: float = 1.0) -> PremiumBuildUp:
    law = small_cover_law(cover, values, kept)
    year = law.aggregate(rtol=1e-5, annual_limit=annual_limit(cover), largest_grid=LARGEST_GRID)
    return build_up(year, loadings, exposure={"units": np.array([cover.units])})


def small_cover_group(
    covers: Sequence[SmallCover],
    cards: Mapping[str, Card],
    loadings: Loadings,
    *,
    years: int,
    seed: int,
    draws: int,
) -> xr.Dataset:
    """Return the group ``/small_covers``: one column of figures a cover.

    Parameters
    ----------
    covers : sequence of SmallCover
        Covers, at least one.
    cards : mapping of str to Card
        By the roles of :func:`wanted_small_covers`.
    loadings : Loadings
        From the card of loadings.
    years : int
        Simulated years of the second method [year].
    seed : int
        Seed of all streams.
    draws : int
        Joint draws behind the knowledge intervals.

    Returns
    -------
    xarray.Dataset
        By ``cover``: ``kind``, ``unit``, ``units``, ``closed_form`` (before the annual limit), ``pure_premium`` with
        its numerical ``pure_error`` and knowledge interval ``pure_low``, ``pure_high``, ``simulated`` with
        ``simulated_error`` (standard error), ``gross_premium`` [CNY/year], ``gross_per_unit`` [CNY/unit],
        ``annual_limit`` (NaN: none) [CNY], ``prevention_spend``, ``prevention_saved``, ``prevention_best`` [CNY/year]
        and ``prevention_per_yuan`` [1]: NaN without prevention.

    Raises
    ------
    ArgumentError
        With every number of a card outside its domain.
    """
    rows: list[dict[str, float]] = []
    for cover in covers:
        card, means = cards[f"small_cover.{cover.name}"], cards.get(f"prevention.{cover.name}")
        price = price_small_cover(
            cover,
            card,
            loadings,
            seed=seed,
            draws=draws,
            prevention=None if means is None else means.values(),
        )
        paid = simulate_small_cover(cover, card.values(), years, seed)
        mean, error = mean_and_standard_error(paid)
        limit = annual_limit(cover)
        spent = price.prevention
        rows.append(
            {
                "units": cover.units,
                "closed_form": price.closed_form,
                "pure_premium": price.pure,
                "pure_error": float(price.premium.error.pure[0]),
                "pure_low": price.low,
                "pure_high": price.high,
                "simulated": float(mean),
                "simulated_error": float(error),
                "gross_premium": price.gross,
                "gross_per_unit": price.gross / cover.units,
                "annual_limit": limit if np.isfinite(limit) else np.nan,
                "prevention_spend": spent.spend if spent else np.nan,
                "prevention_saved": spent.saved if spent else np.nan,
                "prevention_best": spent.best if spent else np.nan,
                "prevention_per_yuan": spent.per_yuan if spent else np.nan,
            }
        )
    units = {"units": "unit", "gross_per_unit": "CNY/unit", "annual_limit": "CNY", "prevention_per_yuan": "1"}
    return xr.Dataset(
        {
            "kind": ("cover", np.array([cover.kind for cover in covers])),
            "unit": ("cover", np.array([UNITS[cover.kind] for cover in covers])),
            **{
                name: ("cover", np.array([row[name] for row in rows]), {"units": units.get(name, "CNY/year")})
                for name in rows[0]
            },
        },
        coords={"cover": np.array([cover.name for cover in covers])},
    )
