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

ARRANGEMENTS: Final = ("none", "index", "index_quoted", "indemnity")
"""No cover, the index cover charged like full indemnity, at its quoted premium, an indemnity that pays every loss."""


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
    standard_error : float
        Simulation error of it [CNY]; NaN of years of a record.
    low, high : float
        90 % interval of it, as of a :class:`~greenrisk.resource.basis_risk.intervals.Measure` [CNY].
    mean_cost : float
        Mean of losses and premium less payments [CNY/year].
    worst_year : float
        The largest of them in a year [CNY].
    """

    name: str
    premium: float
    certainty_equivalent: float
    standard_error: float
    low: float
    high: float
    mean_cost: float
    worst_year: float


def costs_by_arrangement(
    intervals: Intervals, premium: float, buyer: Buyer
) -> dict[str, tuple[float, Measured]]:
    """Return premium and yearly cost of each arrangement, the latter as a function of losses and payments.

    Parameters
    ----------
    intervals : Intervals
        Losses and payments.
    premium : float
        Quoted for the index cover [CNY/year].
    buyer : Buyer
        Who buys.

    Notes
    -----
    Index cover and full indemnity are charged the buyer's loading on the mean of what they pay in the compared years.
    A premium that was made from other years than the payments beside it would make the cover look cheap or dear.
    """
    full, like = (buyer.loading * float(v.mean()) for v in (intervals.loss, intervals.payout))
    return {
        "none": (0.0, lambda loss, _: loss),
        "index": (like, lambda loss, payout: loss - payout + like),
        "index_quoted": (premium, lambda loss, payout: loss - payout + premium),
        "indemnity": (full, lambda loss, _: np.full_like(loss, full)),
    }


def arrangements_of(intervals: Intervals, premium: float, buyer: Buyer) -> tuple[Arrangement, ...]:
    """Return all arrangements.

    Parameters
    ----------
    intervals : Intervals
        Losses and payments.
    premium : float
        Quoted for the index cover [CNY/year].
    buyer : Buyer
        Who buys.
    """
    loss, payout = intervals.loss, intervals.payout
    found = []
    for name, (charged, cost) in costs_by_arrangement(intervals, premium, buyer).items():

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
        Quoted for the index cover [CNY/year].
    buyer : Buyer
        Who buys.
    """
    both = costs_by_arrangement(intervals, premium, buyer)
    cost = {name: made for name, (_, made) in both.items()}
    like = both["index"][0]

    def worth(name: str, x: Floats, y: Floats) -> Floats:
        return certainty_equivalent(-cost[name](x, y), buyer.wealth, buyer.risk_aversion)

    def gain(name: str) -> Measured:
        def gained(x: Floats, y: Floats) -> Floats:
            with np.errstate(invalid="ignore"):  # a year that ruins the buyer with and without: not known
                return np.asarray(worth(name, x, y) - worth("none", x, y))

        return gained

    at = f"At a relative risk aversion of {buyer.risk_aversion:g} and a wealth of CNY {buyer.wealth:,.0f}."
    index = intervals.measure(
        "index_gain",
        "Certainty equivalent, index cover against no cover",
        gain("index"),
        "CNY/year",
        f"{at} Charged CNY {like:,.0f} a year: {buyer.loading:.3g} times the mean payment of these years, the ratio at "
        "which full indemnity is charged too. Below 0: worth less than no cover.",
    )
    quoted = intervals.measure(
        "index_gain_quoted",
        "Certainty equivalent, index cover at its quoted premium against no cover",
        gain("index_quoted"),
        "CNY/year",
        f"Charged the premium as quoted, CNY {premium:,.0f} a year, instead of CNY {like:,.0f}: the years behind a "
        "quoted premium are not those compared here, and where these paid more it looks cheap.",
    )
    indemnity = intervals.measure(
        "indemnity_gain",
        "Certainty equivalent, full indemnity against no cover",
        gain("indemnity"),
        "CNY/year",
        f"Charged CNY {both['indemnity'][0]:,.0f} a year: {buyer.loading:.3g} times the mean loss of these years.",
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
        f"The premium at which it is as good as no cover; quoted are CNY {premium:,.0f}.",
    )
    return [index, quoted, indemnity, share, most]


def _share_at_pure_premiums(loss: Floats, payout: Floats, buyer: Buyer) -> Floats:
    """Return the index cover's gain over that of full indemnity, each for its own mean; NaN where neither can gain."""
    fair = payout.mean(axis=-1, keepdims=True)
    without = certainty_equivalent(-loss, buyer.wealth, buyer.risk_aversion)
    # without risk aversion, or without a loss that varies, full indemnity gains rounding errors
    with np.errstate(divide="ignore", invalid="ignore"):
        index = certainty_equivalent(payout - loss - fair, buyer.wealth, buyer.risk_aversion) - without
        full = buyer.wealth - loss.mean(axis=-1) - without
        return np.asarray(np.where(full > 1e-9 * buyer.wealth, index / full, np.nan))
