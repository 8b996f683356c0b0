# SPDX-License-Identifier: Apache-2.0
"""The premium whose largest regret is smallest, where the expected loss is known as an interval and no more.

How the interval comes about (cards and their ranges) is in :mod:`greenrisk.resource.sensitivity`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


class RobustPremium(NamedTuple):
    """A premium against an interval."""

    premium: Floats
    """The premium with the smallest largest regret [CNY/year]."""
    regret: Floats
    """That regret: what can be lost by it at most [CNY/year, weighted]."""


def largest_regret(
    premium: ArrayLike, low: ArrayLike, high: ArrayLike, shortfall: float = 1.0, excess: float = 1.0
) -> Floats:
    """Return the most that a premium can be regretted while the expected loss may lie anywhere in an interval.

    Parameters
    ----------
    premium : array or float
        Pure premium [CNY/year].
    low, high : array or float
        Ends of the interval of the expected loss [CNY/year], 0 <= low <= high.
    shortfall, excess : float
        What a yuan too little and a yuan too much costs [unitless], > 0.

    Notes
    -----
    ``max(shortfall (high - premium)+, excess (premium - low)+)``: with the expected loss L known, the premium L is
    regretted by nobody; the regret of a premium P is ``shortfall (L - P)+ + excess (P - L)+``, convex in L and so
    largest at an end.
    """
    p, lowest, highest = np.broadcast_arrays(*_checked(low, high, shortfall, excess, premium))
    short, over = np.maximum(highest - p, 0.0), np.maximum(p - lowest, 0.0)
    return np.asarray(np.maximum(shortfall * short, excess * over))


def robust_premium(
    low: ArrayLike, high: ArrayLike, shortfall: float = 1.0, excess: float = 1.0
) -> RobustPremium:
    """Return the pure premium that minimises the largest regret over an interval of the expected loss.

    Parameters
    ----------
    low, high : array or float
        Ends of the interval of the expected loss [CNY/year], 0 <= low <= high.
    shortfall, excess : float
        What a yuan too little and a yuan too much costs [unitless], > 0.

    Raises
    ------
    ArgumentError
        If an end is negative, not finite, or the interval ends before it starts; if a weight is not > 0.

    Notes
    -----
    The largest regret is the larger of ``shortfall (high - P)``, falling in P, and ``excess (P - low)``, rising in P;
    it is smallest where they meet:

    ``P = (shortfall high + excess low) / (shortfall + excess)``,
    ``regret = shortfall excess (high - low) / (shortfall + excess)``.

    With equal weights P is the middle of the interval. The same middle follows from profit under a demand that falls
    linearly, n (1 - P / c): at a known loss L the best price is (c + L) / 2, the profit missed by a price P is
    n (P - (c + L) / 2)^2 / c, and the largest of it over the interval is smallest at (c + middle) / 2 - the price that
    would be asked if the middle were known.

    The criterion, min-max regret with the probability known as an interval, is that of Feng and Dai (2019). Of their
    paper the abstract alone was read: their model is a game between government, insurer and foresters on insurance by
    stock volume, and neither its objective nor its formula is claimed here. The objective and its solution above are
    ours.

    References
    ----------
    Feng, X. and Dai, Y. (2019), An innovative type of forest insurance in China based on the robust approach. Forest
    Policy and Economics 104, 23-32 (abstract).
    """
    lowest, highest = _checked(low, high, shortfall, excess)
    weights = shortfall + excess
    premium = (shortfall * highest + excess * lowest) / weights
    return RobustPremium(premium, shortfall * excess * (highest - lowest) / weights)


def _checked(
    low: ArrayLike, high: ArrayLike, shortfall: float, excess: float, *premium: ArrayLike
) -> tuple[Floats, ...]:
    """Return premium (where given), low and high as arrays, or refuse what is no interval and no weight."""
    every(
        lambda: numbers("low", low, least=0.0, unit="CNY/year"),
        lambda: numbers("high", high, least=0.0, unit="CNY/year"),
        lambda: number("shortfall", shortfall, above=0.0, unit="unitless"),
        lambda: number("excess", excess, above=0.0, unit="unitless"),
        *(lambda given=given: numbers("premium", given, unit="CNY/year") for given in premium),
    )
    lowest, highest = np.broadcast_arrays(np.asarray(low, dtype=float), np.asarray(high, dtype=float))
    wrong = np.flatnonzero(lowest > highest)
    if wrong.size:
        first = int(wrong[0])
        what = f"low = {lowest.flat[first]:g} above high = {highest.flat[first]:g}"
        raise ArgumentError(Fault("low", what, "An interval starts before it ends.", "CNY/year"))
    return (*(np.asarray(given, dtype=float) for given in premium), lowest, highest)
