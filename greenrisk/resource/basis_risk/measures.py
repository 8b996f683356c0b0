# SPDX-License-Identifier: Apache-2.0
"""Basis risk of an index cover: every measure with its interval, the years behind it, and what they cannot tell."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.basis_risk.buyer import Buyer
from greenrisk.resource.basis_risk.intervals import BATCHES, Intervals, Measure, drawn_years
from greenrisk.resource.basis_risk.sample_measures import (
    Flags,
    beyond,
    kendall,
    pearson,
    shortfall,
    spearman,
    variance_reduction,
    worst_years,
)
from greenrisk.resource.basis_risk.told import years_told
from greenrisk.resource.basis_risk.worth import Arrangement, arrangements_of, worth_measures
from greenrisk.resource.index_cover.certainty import worst_mean
from greenrisk.resource.index_cover.series import Floats

FEWEST_YEARS: Final = 5
"""Years below which nothing is measured: of four years one order in 24 is perfect by luck [year]."""

FEWEST_SIMULATED: Final = 100 * BATCHES
"""Simulated years below which batches of them are too short [year]."""


@dataclass(frozen=True, eq=False)
class BasisRisk:
    """What an index cover pays beside what its buyer loses.

    Parameters
    ----------
    loss, payout : array, shape (years,)
        Of the same years [CNY].
    measures : tuple of Measure
        In the order of the report.
    arrangements : tuple of Arrangement
        No cover, the index cover at both premiums, full indemnity.
    matched : int
        Years that count as loss years: as many as were paid, or as had a loss where those are fewer.
    worst : array of bool, shape (years,)
        Which they are: the worst.
    simulated : bool
        Whether the years were simulated: measures then have a standard error, and no interval of their own.
    note : str
        What so many years cannot tell.
    """

    loss: Floats
    payout: Floats
    measures: tuple[Measure, ...]
    arrangements: tuple[Arrangement, ...]
    matched: int
    worst: Flags
    simulated: bool
    note: str

    def value(self, name: str) -> float:
        """Return the value of a measure by its key, or raise KeyError."""
        return {measure.name: measure.value for measure in self.measures}[name]


def basis_risk(
    loss: ArrayLike,
    payout: ArrayLike,
    premium: float,
    buyer: Buyer,
    *,
    severity: ArrayLike | None = None,
    tail_level: float = 0.8,
    block_years: int = 1,
    resamples: int = 2000,
    seed: int = 0,
    simulated: bool = False,
) -> BasisRisk:
    """Measure how far the payments of an index cover miss the losses of its buyer.

    Parameters
    ----------
    loss, payout : array, shape (years,)
        Loss and payment of the same years, all known [CNY].
    premium : float
        Premium quoted for the index cover [CNY/year].
    buyer : Buyer
        Who buys.
    severity : array, shape (years,), optional
        The index, turned so that larger values are paid for: correlations of the index itself, of which every year
        tells something; empty: only payments are compared [any unit].
    tail_level : float
        Share of the years below the tail, of tail dependence and tail shortfall, in (0, 1) [unitless].
    block_years : int
        Length of the blocks of years that the bootstrap draws [year].
    resamples : int
        Records drawn.
    seed : int
        Seed of the bootstrap.
    simulated : bool
        Whether the years were simulated: batches of them then tell the simulation error.

    Raises
    ------
    ArgumentError
        If arrays do not match, hold NaN or negative amounts, or fewer than 5 years.
    """
    losses = numbers("loss", loss, least=0.0, dimensions=1, fewest=FEWEST_YEARS, unit="CNY")
    payouts = numbers("payout", payout, least=0.0, dimensions=1, unit="CNY")
    turned = None if severity is None else numbers("severity", severity, dimensions=1)
    level = number("tail_level", tail_level, above=0.0, below=1.0, unit="unitless")
    _check_sizes(losses, payouts, turned, simulated)
    drawn = None if simulated else drawn_years(losses.size, block_years, resamples, seed)
    intervals = Intervals(losses, payouts, drawn)
    measures = _measures(intervals, turned, premium, buyer, level)
    paid = int((payouts > 0).sum())
    worst = worst_years(losses, paid)
    by_name = {one.name: one for one in measures}
    note = years_told(losses.size, paid, by_name, simulated=simulated, block_years=block_years)
    arrangements = arrangements_of(intervals, premium, buyer)
    return BasisRisk(losses, payouts, measures, arrangements, int(worst.sum()), worst, simulated, note)


def basis_values(
    loss: Floats, payout: Floats, premium: float, buyer: Buyer, severity: Floats, tail_level: float = 0.8
) -> dict[str, float]:
    """Return the measures of :func:`basis_risk` by name, values alone: for the many variants of a study.

    Parameters
    ----------
    loss, payout, severity : array, shape (years,)
        As in :func:`basis_risk`; not checked again.
    premium : float
        Premium quoted for the index cover [CNY/year].
    buyer : Buyer
        Who buys.
    tail_level : float
        As in :func:`basis_risk` [unitless].
    """
    intervals = Intervals(loss, payout, None, bare=True)
    return {one.name: one.value for one in _measures(intervals, severity, premium, buyer, tail_level)}


def _measures(
    intervals: Intervals, severity: Floats | None, premium: float, buyer: Buyer, level: float
) -> tuple[Measure, ...]:
    return (
        *_correlations(intervals, severity),
        _tail_dependence(intervals, intervals.payout if severity is None else severity, level),
        *_misses(intervals),
        *_money(intervals, level),
        *worth_measures(intervals, premium, buyer),
    )


def _check_sizes(loss: Floats, payout: Floats, severity: Floats | None, simulated: bool) -> None:
    for name, values in (("payout", payout), ("severity", severity)):
        if values is not None and values.size != loss.size:
            raise ArgumentError(
                Fault(name, f"{values.size} years", f"The loss has {loss.size} years: give the same ones.")
            )
    if simulated and loss.size < FEWEST_SIMULATED:
        raise ArgumentError(
            Fault(
                "loss", f"{loss.size} simulated years", f"At least {FEWEST_SIMULATED:,} are needed.", "year"
            )
        )


def _correlations(intervals: Intervals, severity: Floats | None) -> list[Measure]:
    unpaid = int((intervals.payout == 0).sum())
    tied = (
        f" {unpaid:,} of {intervals.payout.size:,} years were not paid and count as equal."
        if unpaid > 1
        else ""
    )
    found = [
        intervals.measure(name, label, measured, "unitless", note + tied)
        for name, label, measured, note in (
            (
                "pearson",
                "Linear correlation of loss and payment (Pearson)",
                pearson,
                "One large year can make or hide it.",
            ),
            (
                "spearman",
                "Rank correlation of loss and payment (Spearman)",
                spearman,
                "Order alone, no size.",
            ),
            (
                "kendall",
                "Pairs of years in the same order (Kendall)",
                kendall,
                "Share of pairs in the same order less those in the opposite one, corrected for equal values.",
            ),
        )
    ]
    if severity is not None:
        found.append(
            replace(intervals, payout=severity).measure(
                "spearman_index",
                "Rank correlation of loss and index",
                spearman,
                "unitless",
                "Every year counts, paid or not: a good value here and missed years below are no contradiction.",
            )
        )
    return found


def _tail_dependence(intervals: Intervals, severity: Floats, level: float) -> Measure:
    """Return how often the index is bad where the loss is: a count."""
    bad, seen = beyond(intervals.loss, level), beyond(severity, level)
    years, both = int(bad.sum()), int((bad & seen).sum())
    note = (
        f"In {both:,} of the {years:,} years whose loss lies beyond its {level:.0%} quantile, the index (or payment) "
        f"lies beyond its own; by chance alone it would in about {1 - level:.0%}. At this level, not in the limit, "
        f"which no record tells.{_exact(intervals)}"
    )
    return Measure(
        "tail_dependence",
        f"Tail dependence at the {level:.0%} quantile",
        *intervals.share(both, years),
        "unitless",
        years,
        note,
    )


def _exact(intervals: Intervals) -> str:
    """Return what is said of the interval of a count; of simulated years nothing."""
    return "" if intervals.drawn is None else " Exact interval of a share, as if years were independent."


def _misses(intervals: Intervals) -> list[Measure]:
    """Return how many of the worst years went unpaid, and how many paid years are none of them."""
    found = []
    paid = intervals.payout > 0
    worst = worst_years(intervals.loss, int(paid.sum()))
    for name, label, among, missed, told in (
        (
            "false_negatives",
            "Worst years that were not paid",
            worst,
            worst & ~paid,
            "of the {} worst years were not paid",
        ),
        (
            "false_positives",
            "Paid years that are none of the worst",
            paid,
            paid & ~worst,
            "of the {} paid years are none of the worst",
        ),
    ):
        years, count = int(among.sum()), int(missed.sum())
        note = (
            f"{count:,} {told.format(f'{years:,}')}. As many years count as worst as were paid, so that neither side "
            f"is rarer than the other.{_exact(intervals)}"
        )
        found.append(Measure(name, label, *intervals.share(count, years), "unitless", years, note))
    return found


def _money(intervals: Intervals, level: float) -> list[Measure]:
    """Return what stays unpaid, and what is paid beyond."""
    worst = math.ceil((1.0 - level) * intervals.loss.size - 1e-9)
    found = [
        intervals.measure(name, label, measured, unit, note)
        for name, label, measured, unit, note in (
            (
                "mean_loss",
                "Loss, mean",
                lambda x, _: x.mean(axis=-1),
                "CNY/year",
                "After the treatment of the record.",
            ),
            (
                "mean_payout",
                "Payment, mean",
                lambda _, y: y.mean(axis=-1),
                "CNY/year",
                "The premium is not deducted.",
            ),
            (
                "expected_shortfall",
                "Loss not paid, mean",
                lambda x, y: shortfall(x, y).mean(axis=-1),
                "CNY/year",
                "What a payment leaves of its own year's loss: a surplus of another year does not fill it.",
            ),
            (
                "tail_shortfall",
                f"Loss not paid, mean of the worst {1 - level:.0%} of years",
                lambda x, y: worst_mean(shortfall(x, y), level),
                "CNY/year",
                f"Rests on the {worst:,} years with the most unpaid.",
            ),
            (
                "expected_excess",
                "Paid beyond the loss, mean",
                lambda x, y: shortfall(y, x).mean(axis=-1),
                "CNY/year",
                "What a payment exceeds its own year's loss by.",
            ),
            (
                "variance_reduction",
                "Variance of the loss that payments take away",
                variance_reduction,
                "unitless",
                "Below 0: payments add to the variance. For a cover of this size, not of the best one.",
            ),
        )
    ]
    return [replace(one, years=worst) if one.name == "tail_shortfall" else one for one in found]
