# SPDX-License-Identifier: Apache-2.0
"""Points of the plots that set a fitted law against its records, as arrays; nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.fitting.fitted import SeverityFit
from greenrisk.actuarial.fitting.goodness import counted, positions
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PlotPoints:
    """Points that lie near the diagonal if the law is right.

    Parameters
    ----------
    expected : array, shape (point,)
        What the law puts at the plotting position ``i / (n + 1)``, ascending.
    observed : array, shape (point,)
        What the records have there.
    """

    expected: Floats
    observed: Floats


def probability_points(fit: SeverityFit) -> PlotPoints:
    """Return the probability plot: where the records stand under the law, against their plotting positions.

    Parameters
    ----------
    fit : SeverityFit
        Fitted to records that need not share deductible and limit.

    Raises
    ------
    ArgumentError
        As for :func:`greenrisk.actuarial.fitting.goodness.distances`.

    Notes
    -----
    Both coordinates are probabilities given that the loss is on record. Records beyond the least limit on this scale
    are counted in n and not shown.
    """
    at = positions(fit.law, counted(fit.data))
    ranks = np.arange(1, at.log_below.size + 1) / (at.size + 1)
    return PlotPoints(ranks, np.exp(at.log_below))


def quantile_points(fit: SeverityFit) -> PlotPoints:
    """Return the quantile plot: losses against the law's quantiles at their plotting positions.

    Parameters
    ----------
    fit : SeverityFit
        Fitted to records under one deductible and one right truncation.

    Raises
    ------
    ArgumentError
        As for :func:`greenrisk.actuarial.fitting.goodness.distances`, and under several deductibles.

    Notes
    -----
    The quantiles are those of the law given that the loss is on record, at ``i / (n + 1)``.
    """
    data = counted(fit.data)
    if np.ptp(data.deductibles) > 0 or np.unique(data.truncated_above).size > 1:
        what = f"deductibles {data.deductibles.min():g} to {data.deductibles.max():g}"
        mend = "Losses under several deductibles have no common quantiles: use probability_points."
        raise ArgumentError(Fault("fit", what, mend, "unit of the loss"))
    at = positions(fit.law, data)
    seen = np.sort(data.lower[data.exact_records])[: at.log_below.size]
    ranks = np.arange(1, seen.size + 1) / (at.size + 1)
    top, bottom = fit.law.sf(data.deductibles[0]), fit.law.sf(data.truncated_above[0])
    return PlotPoints(fit.law.isf(top - (top - bottom) * ranks), seen)
