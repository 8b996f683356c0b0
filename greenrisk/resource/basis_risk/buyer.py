# SPDX-License-Identifier: Apache-2.0
"""What a cover is worth to who buys it: certainty equivalents under constant relative risk aversion.

Compared are no cover, the index cover, and an indemnity that pays every loss in full, the last two charged the same
ratio of gross to pure premium on what they pay in the compared years. None of them is offered by this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.certainty import certainty_equivalent
from greenrisk.resource.index_cover.history_spec import BuyerSpec
from greenrisk.resource.index_cover.series import Floats

WEALTH_OVER_LOSS: Final = 2.0
"""Wealth of a buyer who states none, in largest losses of the record; told in the ledger [unitless]."""

HALVINGS: Final = 60
"""Halvings of the bracket of the most that a buyer would pay: 2^-60 of the largest payout."""


@dataclass(frozen=True)
class Buyer:
    """Who buys, and what insurers charge this buyer.

    Parameters
    ----------
    risk_aversion : float
        Relative risk aversion, >= 0 [unitless].
    wealth : float
        Wealth before the year's loss [CNY].
    loading : float
        Gross over pure premium, at which a full indemnity is charged too, > 0 [unitless].
    """

    risk_aversion: float
    wealth: float
    loading: float = 1.0


def most_worth_paying(loss: Floats, payout: Floats, wealth: float, risk_aversion: float) -> Floats:
    """Return the premium at which the index cover leaves the buyer as well off as no cover.

    Parameters
    ----------
    loss, payout : array, shape (..., years)
        Losses and payments of the same years [CNY].
    wealth : float
        Wealth before the year's loss [CNY].
    risk_aversion : float
        Relative risk aversion, >= 0 [unitless].

    Returns
    -------
    array, shape (...)
        [CNY/year] NaN where a year without cover would ruin the buyer.

    Notes
    -----
    Halves the bracket from 0, at which a payment never harms, to the largest payment, at which it never helps.
    """
    without = certainty_equivalent(-loss, wealth, risk_aversion)
    low = np.zeros(loss.shape[:-1])
    high = payout.max(axis=-1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        insured = certainty_equivalent(payout - loss - middle[..., None], wealth, risk_aversion)
        better = insured > without
        low, high = np.where(better, middle, low), np.where(better, high, middle)
    return np.where(np.isfinite(without), (low + high) / 2.0, np.nan)


def buyer_of(spec: BuyerSpec, loss: ArrayLike, premium: float, pure_premium: float, ledger: Ledger) -> Buyer:
    """Return the buyer of a scenario, with a wealth where none is stated.

    Parameters
    ----------
    spec : BuyerSpec
        What the scenario says.
    loss : array, shape (years,)
        Losses of the record [CNY].
    premium, pure_premium : float
        Gross and pure premium of the index cover [CNY/year].
    ledger : Ledger
        Told a wealth that was assumed.

    Raises
    ------
    ArgumentError
        If the wealth does not exceed the worst year's loss and either premium.
    """
    losses = numbers("loss", loss, least=0.0, dimensions=1, fewest=1, unit="CNY")
    loading = premium / pure_premium if pure_premium > 0 else 1.0
    largest = float(losses.max())
    wealth = spec.wealth_cny
    if wealth is None:
        wealth = WEALTH_OVER_LOSS * largest
        ledger.add(
            "assumption",
            "buyer.wealth_cny",
            f"No wealth is stated: taken as {WEALTH_OVER_LOSS:g} times the largest loss of the record, CNY "
            f"{wealth:,.0f}. What a cover is worth to its buyer rests on it.",
        )
    indemnity = loading * float(losses.mean())
    needed = max(largest + premium, indemnity)
    if not wealth > needed:
        raise ArgumentError(
            Fault(
                "buyer.wealth_cny",
                f"wealth_cny = {wealth:,.0f}",
                f"Must exceed the worst year's loss and premium, CNY {needed:,.0f}: nobody can lose more than there "
                "is. State what the buyer has, or a `limit_cny` of the loss.",
                "CNY",
            )
        )
    return Buyer(spec.risk_aversion, wealth, loading)
