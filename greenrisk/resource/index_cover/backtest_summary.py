# SPDX-License-Identifier: Apache-2.0
"""What a test from rolling origins comes to: counts, sums and scores with intervals, and both halves of the record."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.burn import LEVELS, RESAMPLES, block_weights, bootstrap_means
from greenrisk.resource.index_cover.exact_counts import (
    central_counts,
    count_chances,
    frequency_interval,
    halves_alike,
    halves_power,
    two_sided,
)
from greenrisk.resource.index_cover.payout_spec import SinglePayout
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.index_cover.series import Floats, Integers

Flags = NDArray[np.bool_]


class Figure(NamedTuple):
    """One line of the summary."""

    name: str
    """What is measured."""

    value: float
    """[unit]"""

    low: float
    """Lower end of its 90 % interval; NaN: none [unit]."""

    high: float
    """Upper end [unit]."""

    unit: str
    """Unit."""

    note: str
    """How it is made, and what it says."""


def counts_of(chance: Floats, paid: Flags) -> tuple[Figure, ...]:
    """Return paying years expected and seen.

    Parameters
    ----------
    chance : array, shape (origins,)
        Of each year, set before it [unitless].
    paid : array of bool, shape (origins,)
        Whether it was paid.
    """
    law, seen = count_chances(chance), int(paid.sum())
    low, high = central_counts(law)
    years = paid.size
    least, most = (years * end for end in frequency_interval(seen, years))
    exact = "years taken for independent"
    return (
        Figure(
            "origins",
            float(years),
            np.nan,
            np.nan,
            "years",
            "years that were paid for by the years before them",
        ),
        Figure(
            "paying_years_expected",
            float(chance.sum()),
            float(low),
            float(high),
            "years",
            f"sum of the chances by law; counts to be expected in nine cases of ten (Poisson-binomial), {exact}",
        ),
        Figure("paying_years_seen", float(seen), least, most, "years", f"interval of the frequency, {exact}"),
        Figure(
            "paying_years_p",
            two_sided(law, seen),
            np.nan,
            np.nan,
            "unitless",
            f"chance of a count as far from the expected, {exact}",
        ),
    )


def sums_of(burn: Floats, law: Floats, payout: Floats, block_years: int, seed: int) -> tuple[Figure, ...]:
    """Return what was charged and paid, and loss ratios with intervals.

    Parameters
    ----------
    burn, law : array, shape (origins,)
        Pure premiums by burn analysis and by law [CNY/year].
    payout : array, shape (origins,)
        What each year was paid [CNY].
    block_years : int
        Length of the blocks [year].
    seed : int
        Seed.
    """
    years = payout.size
    found = bootstrap_means(payout, seed=seed, block_years=min(block_years, years))
    drawn = f"blocks of {block_years} years drawn anew"
    figures = [
        Figure(
            "payouts",
            float(payout.sum()),
            float(found.quantile[0]) * years,
            float(found.quantile[1]) * years,
            "CNY",
            drawn,
        )
    ]
    weights = block_weights(years, RESAMPLES, min(block_years, years), stream(seed, "index", "backtest"))
    for name, premium in (("burn", burn), ("law", law)):
        figures.append(
            Figure(
                f"premiums_{name}", float(premium.sum()), np.nan, np.nan, "CNY", "sum of the premiums charged"
            )
        )
        above, below = weights @ payout, weights @ premium
        ratio = np.divide(above, below, out=np.full(RESAMPLES, np.nan), where=below > 0.0)
        low, high = np.nanquantile(ratio, LEVELS) if below.any() else (np.nan, np.nan)
        whole = float(payout.sum() / premium.sum()) if premium.sum() > 0.0 else np.nan
        note = f"payouts over pure premiums; {drawn}, premium and payout of a year together"
        figures.append(Figure(f"loss_ratio_{name}", whole, float(low), float(high), "unitless", note))
    return tuple(figures)


def scores_of(burn: Floats, law: Floats, paid: Flags) -> tuple[Figure, ...]:
    """Return the scores of the chances that were set before each year.

    Parameters
    ----------
    burn, law : array, shape (origins,)
        Chances by burn analysis and by law [unitless].
    paid : array of bool, shape (origins,)
        Whether each year was paid.
    """
    seen = paid.astype(np.float64)
    made = {
        "brier_burn": (burn, "chance of each year: share of the years before that reach the trigger"),
        "brier_law": (law, "chance of each year: by the law of the years before"),
        "brier_after": (
            np.full(seen.size, seen.mean()),
            "the same for all years, the frequency as known only afterwards",
        ),
    }
    note = "mean of (chance - paid)^2, the smaller the better; "
    return tuple(
        Figure(name, float(np.square(chance - seen).mean()), np.nan, np.nan, "unitless", note + how)
        for name, (chance, how) in made.items()
    )


def halves_of(payout: SinglePayout, year: Integers, value: Floats) -> tuple[Figure, ...]:
    """Return the paying years of both halves of the record under one trigger, as recorded.

    Parameters
    ----------
    payout : LinearPayout or TierPayout
        A single trigger.
    year : array of int, shape (years,)
        Increasing.
    value : array, shape (years,)
        The index [its unit]; NaN where not known.
    """
    known = ~np.isnan(value)
    when, paid = year[known], payout_share(payout, value[known]) > 0.0
    middle = when.size // 2
    parts = (slice(0, middle), slice(middle, when.size))
    seen = tuple(int(paid[part].sum()) for part in parts)
    size = tuple(int(when[part].size) for part in parts)
    alike = halves_alike((seen[0], seen[1]), (size[0], size[1]))
    figures = []
    for name, part, count, years in zip(("first_half", "second_half"), parts, seen, size, strict=True):
        low, high = (years * end for end in frequency_interval(count, years))
        span = f"{when[part][0]} to {when[part][-1]}, {years} years"
        note = f"{span}, the scenario's own trigger, record untreated; interval of the frequency (Clopper and Pearson)"
        figures.append(Figure(f"paying_years_{name}", float(count), low, high, "years", note))
    note = "chance of halves so unlike, or more, under one frequency (Fisher's exact test)"
    figures.append(Figure("halves_p", alike, np.nan, np.nan, "unitless", note))
    seen_at_all = sum(seen) / when.size
    noticed = halves_power((size[0], size[1]), seen_at_all, 2.0)
    note = "chance that this test notices, at 5 %, halves of which one pays twice as often as the other"
    return (*figures, Figure("halves_power", noticed, np.nan, np.nan, "unitless", note))
