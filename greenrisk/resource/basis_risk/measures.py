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
from greenrisk.resource.basis_risk.intervals import BATCHES, COVERAGE, Intervals, Measure, drawn_years
from greenrisk.resource.basis_risk.sample_measures import (
    Flags,
    beyond,
    exact_interval,
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
        No cover, the index cover, full indemnity.
    matched : int
        Years that count as loss years: as many as were paid, or as had a loss where those are fewer.
    worst : array of bool, shape (years,)
        Which they are: the worst.
    simulated : bool
        Whether the years were simulated: intervals then hold the simulation error alone.
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
        Premium charged for the index cover [CNY/year].
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
        Whether the years were simulated: intervals are then made from batches of them and hold the simulation error.

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
    paid = payouts > 0
    worst = worst_years(losses, int(paid.sum()))
    measures = (
        *_correlations(intervals, turned),
        _tail_dependence(losses, payouts if turned is None else turned, level),
        *_misses(worst, paid),
        *_money(intervals, level),
        *worth_measures(intervals, premium, buyer),
    )
    by_name = {one.name: one for one in measures}
    note = years_told(losses.size, int(paid.sum()), by_name, simulated=simulated, block_years=block_years)
    arrangements = arrangements_of(intervals, premium, buyer)
    return BasisRisk(losses, payouts, measures, arrangements, int(worst.sum()), worst, simulated, note)


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
            Intervals(intervals.loss, severity, intervals.drawn).measure(
                "spearman_index",
                "Rank correlation of loss and index",
                spearman,
                "unitless",
                "Every year counts, paid or not: a good value here and missed years below are no contradiction.",
            )
        )
    return found


def _tail_dependence(loss: Floats, severity: Floats, level: float) -> Measure:
    """Return how often the index is bad where the loss is; a count, with its exact interval."""
    bad, seen = beyond(loss, level), beyond(severity, level)
    years, both = int(bad.sum()), int((bad & seen).sum())
    note = (
        f"In {both:,} of the {years:,} years whose loss lies beyond its {level:.0%} quantile, the index (or payment) "
        f"lies beyond its own; by chance alone it would in about {1 - level:.0%}. At this level, not in the limit, "
        "which no record tells. Exact interval of a share."
    )
    return Measure(
        "tail_dependence",
        f"Tail dependence at the {level:.0%} quantile",
        both / years if years else math.nan,
        *exact_interval(both, years, COVERAGE),
        "unitless",
        years,
        note,
    )


def _misses(worst: Flags, paid: Flags) -> list[Measure]:
    """Return how many of the worst years went unpaid, and how many paid years are none of them."""
    found = []
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
            "is rarer than the other. Exact interval of a share, as if years were independent."
        )
        value = count / years if years else math.nan
        found.append(
            Measure(name, label, value, *exact_interval(count, years, COVERAGE), "unitless", years, note)
        )
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
