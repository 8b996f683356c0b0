# SPDX-License-Identifier: Apache-2.0
"""Exact mean, standard deviation and skewness of compound laws from the cumulants of their two parts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from greenrisk.actuarial.aggregate.results import Moments
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.severity.law import Severity


def of_sum(pairs: Sequence[tuple[Frequency, Severity]]) -> Moments:
    """Return the moments of the sum of independent compounds.

    Parameters
    ----------
    pairs : sequence of (Frequency, Severity)
        Number of losses and one loss of each compound.

    Returns
    -------
    Moments
        inf where a moment does not exist; the skewness is NaN where the sum is constant.

    Notes
    -----
    Cumulants add. With those of the number, k1, k2, k3, and mean m, variance v, third central moment c of one loss:
    k1 m; k1 v + k2 m^2; k1 c + 3 k2 m v + k3 m^3.

    References
    ----------
    Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed., section 9.3.
    """
    mean = variance = third = 0.0
    for frequency, severity in pairs:
        count, spread, skew = frequency.cumulants()
        if count == 0.0:
            continue
        one, two, three = (severity.moment(power) for power in (1, 2, 3))
        mean += count * one
        if not math.isfinite(two):
            variance = third = math.inf
            continue
        v = max(two - one * one, 0.0)
        variance += count * v + spread * one * one
        if not math.isfinite(three):
            third = math.inf
            continue
        c = three - 3.0 * one * two + 2.0 * one**3
        third += count * c + 3.0 * spread * one * v + skew * one**3
    if math.isinf(variance):
        return Moments(mean, math.inf, math.inf)
    deviation = math.sqrt(variance)
    return Moments(mean, deviation, third / deviation**3 if deviation > 0.0 else math.nan)
