# SPDX-License-Identifier: Apache-2.0
"""Numbers of a fit as a card writes them down: rounded, with their range, and with what moves together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from greenrisk.core.cards import Correlation, Parameter, Range, Status

DIGITS = 4
"""Significant digits of a fitted value on a card."""

SMALLEST_CORRELATION = 0.05
"""Weaker correlations are left off the card [unitless]."""


def parameter(
    value: float,
    low: float,
    high: float,
    unit: str,
    distribution: str,
    basis: str,
    source: str,
    status: Status,
    meaning: str,
) -> Parameter:
    """Return a parameter with its range, numbers rounded to :data:`DIGITS`.

    Parameters
    ----------
    value, low, high : float
        The value and the 5 % and 95 % quantiles of its range [``unit``].
    unit, distribution, basis, source, status, meaning
        As in :class:`~greenrisk.core.cards.Parameter`; ``basis`` without its full stop.
    """
    return Parameter(
        value=rounded(value, DIGITS),
        unit=unit,
        range=Range(
            distribution=distribution,  # type: ignore[arg-type]
            low=rounded(low, DIGITS),
            high=rounded(high, DIGITS),
            basis=f"{basis}.",
        ),
        source=source,
        status=status,
        meaning=meaning,
    )


def correlations(draws: Mapping[str, NDArray[np.float64]]) -> tuple[Correlation, ...]:
    """Return correlations on the normal scale, from the ranks of joint draws.

    Parameters
    ----------
    draws : mapping of str to array, shape (draws,)
        Joint draws of the parameters, by name.

    Returns
    -------
    tuple of Correlation
        Those of at least :data:`SMALLEST_CORRELATION`, rounded to two digits [unitless].
    """
    names = list(draws)
    scores = [ndtri((rankdata(draws[name]) - 0.5) / draws[name].size) for name in names]
    matrix = np.asarray(np.corrcoef(scores))
    return tuple(
        Correlation(between=(names[i], names[j]), value=rounded(float(matrix[i, j]), 2))
        for i in range(len(names))
        for j in range(i)
        if abs(matrix[i, j]) >= SMALLEST_CORRELATION
    )


def rounded(value: float, digits: int) -> float:
    """Return a number with so many significant digits."""
    return float(f"{value:.{digits}g}")
