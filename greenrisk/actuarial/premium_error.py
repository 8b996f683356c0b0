# SPDX-License-Identifier: Apache-2.0
"""Simulation errors of a premium: of the total, and of each segment when capital is allocated by co-TVaR."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.measures import mean_and_standard_error, value_at_risk
from greenrisk.actuarial.premium import TAIL_LEVEL, Loadings


class PremiumError(NamedTuple):
    """Simulation errors of a premium; the knowledge interval is another matter."""

    pure: float
    """Standard error of the pure premium [CNY/year]."""
    gross: float
    """Standard error of the gross premium [CNY/year]."""


def simulation_error(annual_losses: ArrayLike, loadings: Loadings, level: float = TAIL_LEVEL) -> PremiumError:
    """Return the simulation errors of the pure and of the gross premium of the total.

    Parameters
    ----------
    annual_losses : array, shape (year,)
        Losses of the whole book before reinsurance [CNY/year].
    loadings : Loadings
        The loadings of the gross premium.
    level : float
        Level of the tail value at risk behind the risk load [unitless].

    Notes
    -----
    By influence functions: a year with loss x moves the mean by ``x - mean`` and the tail value at risk by
    ``VaR + (x - VaR)+ / (1 - level) - TVaR``. The gross premium is linear in both, and they are dependent, so
    the influences are added year by year before their deviation is taken.
    """
    x = np.asarray(annual_losses, dtype=np.float64)
    pure = mean_and_standard_error(x).standard_error
    excess = np.maximum(x - value_at_risk(x, level), 0.0) / (1.0 - level)
    influence = (1.0 - loadings.capital_charge) * x + loadings.capital_charge * excess
    return PremiumError(pure, mean_and_standard_error(influence).standard_error / (1.0 - loadings.ratio))


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
        influence = (1.0 - loadings.capital_charge) * x
        influence[beyond] += loadings.capital_charge * (x[beyond] - at_threshold) / tail
        pure[i] = x.std(ddof=1) / math.sqrt(n)
        gross[i] = influence.std(ddof=1) / math.sqrt(n) / (1.0 - loadings.ratio)
    return pure, gross
