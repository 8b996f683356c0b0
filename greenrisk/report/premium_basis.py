# SPDX-License-Identifier: Apache-2.0
"""What the formulas of the premium sheet start from: the loadings and the capital that reproduce a premium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

RATIOS = ("expenses", "commission", "tax", "profit")
"""Rows that are a ratio of the gross premium."""

CLOSE = 1e-9
"""Difference, as a share of the premium, up to which the values of the card are those of the run [unitless]."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Basis:
    """What the formulas start from.

    Parameters
    ----------
    ratios : mapping of str to float
        Ratio of the gross premium by row [unitless].
    fixed_expenses : float
        [CNY/mu]
    cost_of_capital, capital_share : float
        [1/year], [unitless]
    capital : array, shape (segment,)
        Capital behind the risk load before the share, the whole book first [CNY].
    """

    ratios: Mapping[str, float]
    fixed_expenses: float
    cost_of_capital: float
    capital_share: float
    capital: Floats


def loading_values(tornado: xr.Dataset | None) -> dict[str, float]:
    """Return the values of the card of loadings, which is known by its cost of capital, or none."""
    if tornado is None or "card" not in tornado:
        return {}
    names = [str(name).rpartition(":")[2] for name in tornado["parameter"].values]
    cards = tornado["card"].values.astype(str)
    own = {card for name, card in zip(names, cards, strict=True) if name == "cost_of_capital"}
    values = {}
    for name, card, value in zip(names, cards, tornado["value"].values.astype(str), strict=True):
        if card in own:
            try:
                values[name] = float(value)
            except ValueError:
                continue
    return values


def basis(premium: xr.Dataset, tornado: xr.Dataset | None) -> Basis:
    """Return ratios, fixed expenses and capital that reproduce the premium.

    Parameters
    ----------
    premium : xarray.Dataset
        The group ``/premium``; its first segment is the whole book.
    tornado : xarray.Dataset or None
        The group ``/tornado``, which has the values of the loadings as they were given.

    Notes
    -----
    Where a value of the card does not reproduce the row, because there is no card or the scenario set another value,
    the ratio is that of the amounts.
    """
    known = loading_values(tornado)
    rows = [str(row) for row in premium["row"].values]
    amount = {row: premium["amount"].sel(row=row).values.astype(float) for row in rows}
    gross = float(amount["gross_premium"][0])
    area = float(premium["insured_area"].values[0])
    fixed = known.get("fixed_expenses", 0.0)
    ratios = {}
    for row in RATIOS:
        paid = float(amount[row][0]) if row in amount else 0.0
        given = known.get(row, float("nan"))
        rest = paid - (fixed * area if row == "expenses" else 0.0)
        if abs(given * gross - rest) <= CLOSE * abs(gross) and gross != 0:
            ratios[row] = given
        else:
            fixed = 0.0 if row == "expenses" else fixed
            ratios[row] = paid / gross if gross else 0.0
    load = amount["capital_cost" if "capital_cost" in amount else "risk_load"]
    cost, share = known.get("cost_of_capital", 0.0), known.get("capital_share", 1.0)
    if cost * share == 0.0:
        # without a known rate the load itself stands in the row of the capital, at the rate of one
        cost, share = 1.0, 1.0
    return Basis(ratios, fixed, cost, share, load / (cost * share))
