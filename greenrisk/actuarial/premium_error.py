# SPDX-License-Identifier: Apache-2.0
"""Simulation error of the premium of each segment, when the risk load is allocated by co-TVaR."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.measures import value_at_risk
from greenrisk.actuarial.premium import TAIL_LEVEL, Loadings


def segment_errors(
    losses: NDArray[np.float64], loadings: Loadings, level: float = TAIL_LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the simulation errors of the pure and of the gross premium of each segment.

    Parameters
    ----------
    losses : array, shape (year, segment)
        Annual losses [CNY/year].
    loadings : Loadings
        The loadings of the gross premium.
    level : float
        Level of the tail value at risk behind the risk load [unitless].

    Returns
    -------
    tuple of array, shape (segment,)
        Standard errors of pure and gross premium [CNY/year].

    Notes
    -----
    By influence functions, one column at a time, so that no second table of years is held. A year with the losses
    (x_i) and the total s moves co-TVaR of segment i by ``(x_i - e_i) 1[s > VaR] / (1 - level) + e_i - co-TVaR_i``
    with ``e_i = E[X_i | S = VaR]``, estimated from the years nearest to VaR. The test compares the result with the
    scatter of independent simulations.

    References
    ----------
    Tasche, D. (1999), Risk contributions and performance measurement (derivative of the quantile).
    """
    total = losses.sum(axis=1)
    n, tail = total.size, 1.0 - level
    threshold = value_at_risk(total, level)
    beyond = total > threshold
    nearest = np.argsort(np.abs(total - threshold), kind="stable")[: max(5, math.isqrt(math.ceil(n * tail)))]
    pure, gross = np.empty(losses.shape[1]), np.empty(losses.shape[1])
    for i in range(losses.shape[1]):
        x = losses[:, i]
        at_threshold = float(x[nearest].mean())
        influence = (1.0 - loadings.cost_of_capital) * x
        influence[beyond] += loadings.cost_of_capital * (x[beyond] - at_threshold) / tail
        pure[i] = x.std(ddof=1) / math.sqrt(n)
        gross[i] = influence.std(ddof=1) / math.sqrt(n) / (1.0 - loadings.ratio)
    return pure, gross
