# SPDX-License-Identifier: Apache-2.0
"""How well a law fits the years it was fitted to: the test of Kolmogorov and Smirnov, its p value by simulation.

The tables of that test are for laws that were not fitted to the years tested, and let nearly every fitted law pass. So
records are drawn from the law, the family is fitted to each, and their distances are the null (Lilliefors).

References
----------
Lilliefors, H. W. (1967), On the Kolmogorov-Smirnov test for normality with mean and variance unknown, Journal of the
American Statistical Association 62, 399-402.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from greenrisk.core.errors import FitError
from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.laws import IndexLaw, fit

DRAWS: Final = 199
"""Simulated records behind a p value: the smallest p is 1 / 200."""


class Goodness(NamedTuple):
    """Distance of a law from the years it was fitted to."""

    distance: float
    """Largest distance of the two distribution functions [unitless]."""

    p: float
    """Chance of so large a distance, or larger, if the family were true [unitless]."""

    draws: int
    """Simulated records that the family could be fitted to."""


def distance(law: IndexLaw) -> float:
    """Return the largest distance between the law's distribution function and that of its years off the bounds.

    Parameters
    ----------
    law : IndexLaw
        Of a family with parameters.
    """
    rest = law.rest
    n = rest.values.size
    expected = rest.cdf(rest.values)
    step = np.arange(n) / n
    return float(np.maximum(expected - step, step + 1.0 / n - expected).max())


def goodness(law: IndexLaw, seed: int = 1, draws: int = DRAWS) -> Goodness:
    """Return the distance of a law from its years and its p value.

    Parameters
    ----------
    law : IndexLaw
        Of a family with parameters.
    seed : int
        Seed of the stream ``index.goodness``.
    draws : int
        Simulated records.

    Notes
    -----
    p = (1 + those at or beyond) / (1 + draws). A simulated record that the family cannot be fitted to is left out.
    """
    found = distance(law)
    rest = law.rest
    uniform = stream(seed, "index", "goodness", law.family).random((draws, rest.values.size))
    null = []
    for row in rest.quantile(np.maximum(uniform, 1e-12)):
        try:
            null.append(distance(fit(row, law.family, law.pays, law.bounds)))
        except FitError:
            continue
    beyond = int((np.array(null) >= found).sum())
    return Goodness(found, (1 + beyond) / (1 + len(null)), len(null))
