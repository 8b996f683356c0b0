# SPDX-License-Identifier: Apache-2.0
"""A test from rolling origins: from the years before each origin trigger and premium, from the next year the payment.

Nothing of the year that is paid, or of later ones, enters what it is judged by: steps and trends are looked for anew in
the years before each origin, the treatment follows from them, and so do law, trigger and premium.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import ArgumentError, Fault, GreenRiskError
from greenrisk.resource.index_cover.backtest_summary import (
    Figure,
    Flags,
    counts_of,
    halves_of,
    scores_of,
    sums_of,
)
from greenrisk.resource.index_cover.burn import block_length
from greenrisk.resource.index_cover.changes import detect_changes
from greenrisk.resource.index_cover.exact_counts import Power, power
from greenrisk.resource.index_cover.history_spec import BacktestSpec, HistorySpec, Treatment
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.law_choice import fit_or_best
from greenrisk.resource.index_cover.laws import FEWEST_YEARS, fit
from greenrisk.resource.index_cover.payout_spec import LinearPayout, SinglePayout, TierPayout
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.index_cover.series import FREE, Bounds, Floats, Integers
from greenrisk.resource.index_cover.treatments import Treated, treat

FACTORS: Final = (1.5, 2.0, 3.0)
"""By how much a frequency may be wrong in the table of the power [unitless]."""


@dataclass(frozen=True, eq=False)
class Backtest:
    """What rolling origins say of a single trigger.

    Parameters
    ----------
    year : array of int, shape (origins,)
        Year that is paid: the first after its origin.
    value : array, shape (origins,)
        The index of that year as recorded [its unit].
    treatment : tuple of str
        What was done to the years before.
    trigger : array, shape (origins,)
        Set on the years before [the index's unit].
    chance_burn : array, shape (origins,)
        Share of the years before that would have reached it [unitless].
    chance_law : array, shape (origins,)
        Chance by the law of the years before [unitless].
    premium_burn, premium_law : array, shape (origins,)
        Pure premiums from the years before [CNY/year].
    payout : array, shape (origins,)
        What the year is paid [CNY].
    paid : array of bool, shape (origins,)
        Whether the year reaches its trigger.
    summary : tuple of Figure
        Counts, sums and scores with intervals.
    power : tuple of Power
        What so many years could notice.
    """

    year: Integers
    value: Floats
    treatment: tuple[Treatment, ...]
    trigger: Floats
    chance_burn: Floats
    chance_law: Floats
    premium_burn: Floats
    premium_law: Floats
    payout: Floats
    paid: Flags
    summary: tuple[Figure, ...]
    power: tuple[Power, ...]


class _Origin(NamedTuple):
    treatment: Treatment
    trigger: float
    chance_burn: float
    chance_law: float
    share_burn: float
    share_law: float
    share: float


def moved(payout: SinglePayout, trigger: float, scale: TrendScale = "plain") -> SinglePayout:
    """Return a payout with another trigger: exit, or further edges, move by as much.

    Parameters
    ----------
    payout : LinearPayout or TierPayout
        A single trigger.
    trigger : float
        The new trigger, or first edge [the index's unit].
    scale : str
        Whether they move by the difference (``plain``) or the ratio (``log``).
    """
    old = first_edge(payout)
    log = scale == "log" and old > 0.0 and trigger > 0.0

    def at(edge: float) -> float:
        return edge * trigger / old if log else edge + trigger - old

    if isinstance(payout, LinearPayout):
        return payout.model_copy(update={"trigger": trigger, "exit": at(payout.exit)})
    tiers = tuple(tier.model_copy(update={"edge": at(tier.edge)}) for tier in payout.tiers)
    return payout.model_copy(update={"tiers": tiers})


def first_edge(payout: SinglePayout) -> float:
    """Return the trigger of a linear payout, or the edge of the mildest tier.

    Parameters
    ----------
    payout : LinearPayout or TierPayout
        A single trigger.
    """
    return payout.tiers[0].edge if isinstance(payout, TierPayout) else payout.trigger


def rolling_origin(
    payout: SinglePayout,
    sum_insured: float,
    year: ArrayLike,
    value: ArrayLike,
    *,
    spec: BacktestSpec,
    history: HistorySpec,
    scale: TrendScale = "plain",
    seed: int = 1,
    bounds: Bounds = FREE,
) -> Backtest:
    """Test triggers and premiums of a single trigger on years that they were not set on.

    Parameters
    ----------
    payout : LinearPayout or TierPayout
        Its trigger is set anew at each origin; exit or further tiers keep their distance from it.
    sum_insured : float
        [CNY]
    year : array of int, shape (years,)
        Increasing.
    value : array, shape (years,)
        The index as recorded [its unit]; NaN where not known.
    spec : BacktestSpec
        Years behind the first origin, return period of the trigger.
    history : HistorySpec
        Treatment, level of the tests, law. A treatment that the years before an origin do not allow gives way there to
        the one that the tests call for.
    scale : str
        Whether a trend or a step adds to the index or multiplies it.
    seed : int
        Seed.
    bounds : Bounds
        Ends of what the index can be [its unit].

    Raises
    ------
    ArgumentError
        If fewer than 11 years are known: ten to set a trigger on, one to test it.

    Notes
    -----
    Without ``2 first_origin_years`` known years the first origin lies in the middle of the record, or after its tenth
    year.
    """
    when, index = np.asarray(year, dtype=np.int64), np.asarray(value, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(index))
    if known.size <= FEWEST_YEARS:
        what = f"{known.size} years with an index"
        mend = f"A test out of sample needs {FEWEST_YEARS} to set a trigger on, and more to test it."
        raise ArgumentError(Fault("backtest", what, mend))
    first = spec.first_origin_years if known.size >= 2 * spec.first_origin_years else known.size // 2
    tested = known[max(first, FEWEST_YEARS) :]
    found = [
        _origin(payout, when[:place], index[:place], float(index[place]), spec, history, scale, seed, bounds)
        for place in tested
    ]
    columns = {name: np.array([getattr(one, name) for one in found]) for name in _Origin._fields[1:]}
    paid = columns["share"] > 0.0
    burn, law, payout_of_year = (sum_insured * columns[name] for name in ("share_burn", "share_law", "share"))
    blocks = history.block_years or block_length(index)
    return Backtest(
        when[tested],
        index[tested],
        tuple(one.treatment for one in found),
        columns["trigger"],
        columns["chance_burn"],
        columns["chance_law"],
        burn,
        law,
        payout_of_year,
        paid,
        (
            *counts_of(columns["chance_law"], paid),
            *sums_of(burn, law, payout_of_year, blocks, seed),
            *scores_of(columns["chance_burn"], columns["chance_law"], paid),
            *halves_of(payout, when, index),
        ),
        tuple(power(tested.size, 1.0 / spec.trigger_period, factor) for factor in FACTORS),
    )


def _origin(
    payout: SinglePayout,
    year: Integers,
    value: Floats,
    next_value: float,
    spec: BacktestSpec,
    history: HistorySpec,
    scale: TrendScale,
    seed: int,
    bounds: Bounds,
) -> _Origin:
    treated = _treated(year, value, history, scale, seed, bounds)
    before = treated.value[~np.isnan(treated.value)]
    chance = 1.0 / spec.trigger_period
    try:
        law = fit_or_best(before, history.law, payout.pays, bounds)
    except GreenRiskError:
        law = fit(before, "empirical", payout.pays)
    trigger = float(law.quantile(chance if payout.pays == "below" else 1.0 - chance))
    own = moved(payout, trigger, scale)
    shares = payout_share(own, before)
    return _Origin(
        treated.treatment,
        trigger,
        float((shares > 0.0).mean()),
        float(law.chance_above(own, 0.0)),
        float(shares.mean()),
        law.expected_share(own),
        float(payout_share(own, next_value)),
    )


def _treated(
    year: Integers, value: Floats, history: HistorySpec, scale: TrendScale, seed: int, bounds: Bounds
) -> Treated:
    """Return the years before an origin as treated: as asked for, else as the tests say, else as they are."""
    changes = detect_changes(year, value, scale, history.level, seed)
    tried: list[Treatment | Literal["auto"]] = [history.treatment, "auto", "none"]
    for treatment in tried:
        try:
            treated = treat(year, value, treatment, changes, scale, bounds)
        except GreenRiskError:
            continue
        if np.isfinite(treated.value).sum() >= FEWEST_YEARS:
            return treated
    return treat(year, value, "none", changes, scale, bounds)
