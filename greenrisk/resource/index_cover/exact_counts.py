# SPDX-License-Identifier: Apache-2.0
"""Exact chances of counts of paying years: how many were to be expected, and what so many years can tell.

Years are taken for independent. Where they remember, counts spread wider and tests have less power than is told here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from greenrisk.actuarial.arguments import numbers
from greenrisk.resource.index_cover.series import Floats

LEVEL: Final = 0.05
"""Level of the one-sided test [unitless]."""
WANTED_POWER: Final = 0.8
"""Power that `years_needed` is told for [unitless]."""
_MOST_YEARS: Final = 5_000


class Power(NamedTuple):
    """What a test of so many years can notice."""

    factor: float
    """How many times as often as priced the cover really pays [unitless]."""

    chance: float
    """Chance that the test notices [unitless]."""

    at_least: int
    """Paying years from which on it says so."""

    size: float
    """Chance that it says so though the price is right, at most 5 % [unitless]."""

    years_needed: int
    """Years with which it would notice in four cases of five; -1: more than 5,000."""


def count_chances(chance: ArrayLike) -> Floats:
    """Return the chances of 0, 1, ..., n paying years where each year has a chance of its own.

    Parameters
    ----------
    chance : array, shape (years,)
        In [0, 1] [unitless].

    Returns
    -------
    array, shape (years + 1,)
        The Poisson-binomial law.

    Raises
    ------
    ArgumentError
        If a chance lies outside [0, 1].
    """
    each = numbers("chance", chance, least=0.0, most=1.0, dimensions=1, unit="unitless")
    law = np.zeros(each.size + 1)
    law[0] = 1.0
    for p in each:
        law[1:] = law[1:] * (1.0 - p) + law[:-1] * p
        law[0] *= 1.0 - p
    return law


def central_counts(law: Floats, level: float = 0.9) -> tuple[int, int]:
    """Return the counts between which a law lies with a chance of at least a level, as much outside on either side.

    Parameters
    ----------
    law : array, shape (counts,)
        From :func:`count_chances`.
    level : float
        In (0, 1) [unitless].
    """
    tail = (1.0 - level) / 2.0
    below = np.cumsum(law)
    above = np.cumsum(law[::-1])[::-1]
    # The first count that is not left out below, the last one not left out above.
    return int(np.argmax(below > tail)), int(law.size - 1 - np.argmax(above[::-1] > tail))


def two_sided(law: Floats, seen: int) -> float:
    """Return the chance of a count as far out as the one seen: twice the smaller tail, at most 1.

    Parameters
    ----------
    law : array, shape (counts,)
        From :func:`count_chances`.
    seen : int
        The count.
    """
    return float(min(1.0, 2.0 * min(law[: seen + 1].sum(), law[seen:].sum())))


def frequency_interval(seen: int, years: int, level: float = 0.9) -> tuple[float, float]:
    """Return the exact interval of a frequency (Clopper and Pearson).

    Parameters
    ----------
    seen : int
        Paying years.
    years : int
        Years, >= 1.
    level : float
        In (0, 1) [unitless].

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934), The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26, 404-413.
    """
    tail = (1.0 - level) / 2.0
    low = float(stats.beta.ppf(tail, seen, years - seen + 1)) if seen else 0.0
    high = float(stats.beta.isf(tail, seen + 1, years - seen)) if seen < years else 1.0
    return low, high


def power(years: int, chance: float, factor: float) -> Power:
    """Return what a one-sided exact test of the count of paying years can notice.

    Parameters
    ----------
    years : int
        Years of the test.
    chance : float
        Chance of a paying year that is priced, in (0, 1) [unitless].
    factor : float
        How many times as often the cover really pays, > 1 [unitless].
    """
    at_least, size, found = (float(one) for one in _test(years, chance, factor))
    # The power of an exact test saws up and down with the years; the first that are enough are told.
    enough = _test(np.arange(1, _MOST_YEARS + 1), chance, factor)[2] >= WANTED_POWER
    needed = int(np.argmax(enough)) + 1 if enough.any() else -1
    return Power(factor, found, int(at_least), size, needed)


def halves_alike(seen: tuple[int, int], years: tuple[int, int]) -> float:
    """Return the chance of paying years as unevenly spread over two parts of a record, or more so (Fisher).

    Parameters
    ----------
    seen : tuple of int
        Paying years in each part.
    years : tuple of int
        Years of each part.
    """
    return float(_unlike(years)[seen])


def halves_power(years: tuple[int, int], chance: float, factor: float, level: float = LEVEL) -> float:
    """Return the chance that Fisher's test notices that one part pays more often than the other.

    Parameters
    ----------
    years : tuple of int
        Years of each part.
    chance : float
        Chance of a paying year in both together, each part weighing the same [unitless].
    factor : float
        How many times as often the one pays as the other, > 1 [unitless].
    level : float
        Of the test [unitless].
    """
    less = 2.0 * chance / (1.0 + factor)
    first = stats.binom.pmf(np.arange(years[0] + 1), years[0], min(factor * less, 1.0))
    second = stats.binom.pmf(np.arange(years[1] + 1), years[1], less)
    return float(first @ (_unlike(years) <= level) @ second)


def _unlike(years: tuple[int, int]) -> Floats:
    """Return Fisher's two-sided p of every pair of counts, shape (years of the one + 1, years of the other + 1)."""
    p = np.ones((years[0] + 1, years[1] + 1))
    for total in range(sum(years) + 1):
        first = np.arange(max(0, total - years[1]), min(years[0], total) + 1)
        law = stats.hypergeom.pmf(first, sum(years), years[0], total)
        # Counts as likely as the one seen count with it; their chances differ by rounding.
        p[first, total - first] = [law[law <= one * (1.0 + 1e-7)].sum() for one in law]
    return p


def _test(years: ArrayLike, chance: float, factor: float) -> tuple[Floats, Floats, Floats]:
    """Return the count from which on the test speaks, its size and its power."""
    n = np.asarray(years)
    most = np.asarray(stats.binom.isf(LEVEL, n, chance), dtype=np.float64)
    size, found = (
        np.asarray(stats.binom.sf(most, n, p), dtype=np.float64) for p in (chance, min(factor * chance, 1.0))
    )
    return most + 1.0, size, found
