# SPDX-License-Identifier: Apache-2.0
"""Errors of a premium: of the simulation, by what each year moves, and of the calculation, by bounds.

The knowledge interval, what a premium would be under other cards, is another matter and not made here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate.results import Numerical
from greenrisk.actuarial.allocation.ordered_years import OrderedYears

Floats = NDArray[np.float64]


class PremiumError(NamedTuple):
    """Errors of the premiums of segments."""

    pure: Floats
    """Of the pure premium, shape (segment,) [currency/year]."""
    gross: Floats
    """Of the gross premium, shape (segment,) [currency/year]."""


def simulation_error(
    years: OrderedYears, loads: Sequence[Callable[[int], Floats]], ratio: float
) -> PremiumError:
    """Return the simulation errors of the pure and of the gross premium of each segment.

    Parameters
    ----------
    years : OrderedYears
        Losses by year and segment.
    loads : sequence of callable
        By segment: what one year moves of a load, shape (year,), the years in the order of their total.
    ratio : float
        Sum of the ratios of gross premium [unitless], below 1.

    Returns
    -------
    PremiumError
        inf where a sample does not tell one: a single year.

    Notes
    -----
    The gross premium is linear in the mean and the loads, and they are dependent, so what a year moves of each is added
    year by year before the deviation is taken; one segment at a time, so that no second table of years is held.
    """
    pure, gross = np.empty(years.segments), np.empty(years.segments)
    for i in range(years.segments):
        x = years.column(i)
        moved = x.copy()
        for load in loads:
            moved += load(i)
        pure[i] = years.years.standard_error(x)
        gross[i] = years.years.standard_error(moved) / (1.0 - ratio)
    return PremiumError(pure, gross)


def numerical_error(pure: Numerical, loads: Sequence[Numerical], ratio: float) -> PremiumError:
    """Return the numerical errors of the pure and of the gross premium of a computed law.

    Parameters
    ----------
    pure : Numerical
        The mean [currency/year].
    loads : sequence of Numerical
        The loads [currency/year].
    ratio : float
        Sum of the ratios of gross premium [unitless], below 1.

    Notes
    -----
    Numerical errors of one grid are not independent: they add up.
    """
    of_base = pure.error + sum(load.error for load in loads)
    return PremiumError(np.array([pure.error]), np.array([of_base / (1.0 - ratio)]))
