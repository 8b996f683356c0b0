# SPDX-License-Identifier: Apache-2.0
"""Measures of simulated years that carry weights (importance sampling).

The same definitions as :mod:`greenrisk.actuarial.measures`; with equal weights the same values.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Fault

_TOLERANCE = 1e-9  # of a year: rounding of cumulated weights must not move a quantile by a whole year


class WeightedYears:
    """One number a year, with weights; sorted once, asked often.

    Parameters
    ----------
    values : array, shape (year,)
        Annual sums or largest events [CNY].
    weights : array, shape (year,)
        Likelihood ratios, >= 0 [unitless]; only their ratios count (self-normalised estimates).

    References
    ----------
    Owen, A. B. (2013). Monte Carlo theory, methods and examples, chapter 9 (importance sampling).
    """

    def __init__(self, values: ArrayLike, weights: ArrayLike) -> None:
        x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
        good = (
            x.ndim == 1
            and x.shape == w.shape
            and x.size > 0
            and np.isfinite(x).all()
            and np.isfinite(w).all()
        )
        if not (good and (w >= 0).all() and w.sum() > 0):
            raise ArgumentError(
                Fault(
                    "weights",
                    f"shapes {x.shape} and {w.shape}",
                    "One finite value and one weight >= 0 a year were expected, not all weights 0.",
                )
            )
        order = np.argsort(x, kind="stable")[::-1]
        self._values: NDArray[np.float64] = x[order]
        # share of the years that are at least as bad as each, worst first
        self._tail: NDArray[np.float64] = np.cumsum(w[order]) / w.sum()
        self._share: NDArray[np.float64] = w[order] / w.sum()

    @property
    def effective_years(self) -> float:
        """Kish's effective number of years, 1 / sum of squared shares [year]."""
        return float(1.0 / np.square(self._share).sum())

    def mean(self) -> float:
        """Return the weighted mean."""
        return float(np.einsum("y,y->", self._share, self._values))

    def exceeded_once_in(self, periods: Sequence[float]) -> list[float]:
        """Return the values that are exceeded with a yearly probability of at most 1 / period.

        Parameters
        ----------
        periods : sequence of float
            Return periods, > 1 [year].

        Returns
        -------
        list of float
            NaN where the worst year alone weighs more than 1 / period: beyond the sample.
        """
        return [self._exceeded(1.0 / period) for period in periods]

    def tail_value_at_risk(self, level: float) -> float:
        """Return VaR + E[(S - VaR)+] / (1 - level), coherent at atoms; NaN beyond the sample."""
        tail = 1.0 - level
        threshold = self._exceeded(tail)
        excess = np.einsum("y,y->", self._share, np.maximum(self._values - threshold, 0.0))
        return float(threshold + excess / tail)

    def _exceeded(self, tail: float) -> float:
        slack = _TOLERANCE / self._values.size
        if self._tail[0] > tail + slack:
            return float("nan")
        # the first year, counted from the worst, by which more than ``tail`` is at least as bad
        place = int(np.searchsorted(self._tail, tail + slack, side="right"))
        return float(self._values[min(place, self._values.size - 1)])
