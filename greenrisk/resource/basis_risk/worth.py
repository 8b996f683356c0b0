# SPDX-License-Identifier: Apache-2.0
"""No cover, the index cover and full indemnity side by side for one buyer, and what the index cover is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.resource.basis_risk.buyer import Buyer, most_worth_paying
from greenrisk.resource.basis_risk.intervals import Intervals, Measure, Measured
from greenrisk.resource.index_cover.certainty import certainty_equivalent
from greenrisk.resource.index_cover.series import Floats

ARRANGEMENTS: Final = ("none", "index", "indemnity")
"""No cover, the index cover, an indemnity that pays every loss in full."""


@dataclass(frozen=True)
class Arrangement:
    """What one arrangement comes to.

    Parameters
    ----------
    name : str
        One of :data:`ARRANGEMENTS`.
    premium : float
        What it costs [CNY/year].
    certainty_equivalent : float
        Sure wealth that is worth as much to the buyer [CNY].
    low, high : float
        90 % interval of it, the premium held [CNY].
    mean_cost : float
        Mean of losses and premium less payments [CNY/year].
    worst_year : float
        The largest of them in a year [CNY].
    """

    name: str
    premium: float
    certainty_equivalent: float
    low: float
    high: float
    mean_cost: float
    worst_year: float


def costs_by_arrangement(premium: float, full: float) -> dict[str, tuple[float, Measured]]:
    """Return premium and yearly cost of each arrangement, the latter as a function of losses and payments.

    Parameters
    ----------
    premium : float
        Charged for the index cover [CNY/year].
    full : float
        Charged for full indemnity [CNY/year].
    """
    return {
        "none": (0.0, lambda loss, _: loss),
        "index": (premium, lambda loss, payout: loss - payout + premium),
        "indemnity": (full, lambda loss, _: np.full_like(loss, full)),
    }


def arrangements_of(intervals: Intervals, premium: float, buyer: Buyer) -> tuple[Arrangement, ...]:
    """Return the three arrangements.

    Parameters
    ----------
    intervals : Intervals
        Losses and payments.
    premium : float
        Charged for the index cover [CNY/year].
    buyer : Buyer
        Who buys; full indemnity is charged the buyer's loading on the mean loss.
    """
    loss, payout = intervals.loss, intervals.payout
    found = []
    for name, (charged, cost) in costs_by_arrangement(premium, buyer.loading * float(loss.mean())).items():

        def worth(x: Floats, y: Floats, cost: Measured = cost) -> Floats:
            return certainty_equivalent(-cost(x, y), buyer.wealth, buyer.risk_aversion)

        costs = cost(loss, payout)
        found.append(
            Arrangement(name, charged, *intervals.of(worth), float(costs.mean()), float(costs.max()))
        )
    return tuple(found)


def worth_measures(intervals: Intervals, premium: float, buyer: Buyer) -> list[Measure]:
    """Return what the index cover is worth to the buyer, beside full indemnity.

    Parameters
    ----------
    intervals : Intervals
        Losses and payments.
    premium : float
        Charged for the index cover [CNY/year].
    buyer : Buyer
        Who buys.
    """
    full = buyer.loading * float(intervals.loss.mean())
    cost = {name: made for name, (_, made) in costs_by_arrangement(premium, full).items()}

    def worth(name: str, x: Floats, y: Floats) -> Floats:
        return certainty_equivalent(-cost[name](x, y), buyer.wealth, buyer.risk_aversion)

    def gain(name: str) -> Measured:
        return lambda x, y: np.asarray(worth(name, x, y) - worth("none", x, y))

    at = f"At a relative risk aversion of {buyer.risk_aversion:g} and a wealth of CNY {buyer.wealth:,.0f}."
    index = intervals.measure(
        "index_gain",
        "Certainty equivalent, index cover against no cover",
        gain("index"),
        "CNY/year",
        f"{at} Below 0: the cover at its premium is worth less than none.",
    )
    indemnity = intervals.measure(
        "indemnity_gain",
        "Certainty equivalent, full indemnity against no cover",
        gain("indemnity"),
        "CNY/year",
        f"At the same ratio of gross to pure premium, {buyer.loading:.3g}, on the mean loss of these years.",
    )
    share = intervals.measure(
        "share_of_indemnity",
        "Gain of the index cover as a share of that of full indemnity, both at their pure premium",
        lambda x, y: _share_at_pure_premiums(x, y, buyer),
        "unitless",
        "What basis risk leaves of the protection, loadings left out: pure premiums are the means of these years.",
    )
    most = intervals.measure(
        "most_worth_paying",
        "Most that the index cover is worth to the buyer",
        lambda x, y: most_worth_paying(x, y, buyer.wealth, buyer.risk_aversion),
        "CNY/year",
        f"The premium at which it is as good as no cover; charged are CNY {premium:,.0f}.",
    )
    return [index, indemnity, share, most]


def _share_at_pure_premiums(loss: Floats, payout: Floats, buyer: Buyer) -> Floats:
    """Return the index cover's gain over that of full indemnity, each for its own mean; NaN where neither can gain."""
    fair = payout.mean(axis=-1, keepdims=True)
    without = certainty_equivalent(-loss, buyer.wealth, buyer.risk_aversion)
    index = certainty_equivalent(payout - loss - fair, buyer.wealth, buyer.risk_aversion) - without
    full = buyer.wealth - loss.mean(axis=-1) - without
    # without risk aversion, or without a loss that varies, full indemnity gains rounding errors
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(full > 1e-9 * buyer.wealth, index / full, np.nan))
