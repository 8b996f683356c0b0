# SPDX-License-Identifier: Apache-2.0
"""Loops over accidents, compiled: which are kept, what they cost.

Imported where it is first needed, since numba is slow to import. The arguments are checked by the callers. The laws of
a loss are those of :mod:`greenrisk.actuarial.severity`, inverted for one score at a time: the tests hold them together
to the last digits.

References
----------
Wichura, M. J. (1988), Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics 37,
477-484.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ROOT_HALF = math.sqrt(0.5)


def _normal_quantile_kernel(p: float) -> float:
    # fmt: off
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        above = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
        below = (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0)
        return q * above / below
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        above = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)
        below = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                + 2.05319162663775882187) * r + 1.0)
    else:
        r -= 5.0
        above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)
        below = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r
                + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0)
    # fmt: on
    return -above / below if q < 0.0 else above / below


normal_quantile = compiled(_normal_quantile_kernel)
"""``normal_quantile(p)``: standard normal quantile for p in (0, 1), to about 1e-15; for compiled loops."""


def _loss_kernel(
    s: float,
    mu: float,
    sigma: float,
    threshold: float,
    tail_weight: float,
    tail_shape: float,
    tail_scale: float,
    beyond: float,
) -> float:
    """Positive loss that is exceeded with probability s, before scale and cap."""
    if s < tail_weight:
        depth = math.log(tail_weight / s)
        if abs(tail_shape) < 1e-9:
            return threshold + tail_scale * depth
        return threshold + tail_scale * math.expm1(tail_shape * depth) / tail_shape
    # Survival under the lognormal law before it was cut at the threshold; ``beyond`` is what it has above that.
    upper = beyond + (s - tail_weight) / (1.0 - tail_weight) * (1.0 - beyond)
    if upper >= 1.0:
        return 0.0
    loss = math.exp(mu - sigma * normal_quantile(upper)) if upper > 0.0 else math.inf
    return min(loss, threshold)


loss_of = compiled(_loss_kernel)


def _losses_kernel(
    order: Integers,
    plant: Integers,
    score: Floats,
    dependence: float,
    share_positive: Floats,
    least_score: Floats,
    scale: Floats,
    cap: Floats,
    law: Floats,
) -> Floats:
    accidents, heads = order.size, law.shape[0]
    loss = np.zeros((accidents, heads))
    common, special = math.sqrt(dependence), math.sqrt(1.0 - dependence)
    for i in range(accidents):
        k = order[i]
        p = plant[i]
        factor = common * score[k, 0]
        for h in range(heads):
            z = factor + special * score[k, 1 + h]
            if z > least_score[p, h]:
                s = 0.5 * math.erfc(z * _ROOT_HALF) / share_positive[p, h]
                x = loss_of(s, law[h, 0], law[h, 1], law[h, 2], law[h, 3], law[h, 4], law[h, 5], law[h, 6])
                loss[i, h] = min(scale[p, h] * x, cap[p, h])
    return loss


_losses = compiled(_losses_kernel)


def losses(
    order: Integers,
    plant: Integers,
    score: Floats,
    dependence: float,
    share_positive: Floats,
    least_score: Floats,
    scale: Floats,
    cap: Floats,
    law: Floats,
) -> Floats:
    """Return what accidents cost under each head.

    Parameters
    ----------
    order : array of int, shape (accidents,)
        Row of ``score`` of each accident.
    plant : array of int, shape (accidents,)
        Plant of each accident.
    score : array, shape (drawn, 1 + heads)
        Standard normal factor and own scores of the heads.
    dependence : float
        Correlation between the scores of two heads, in [0, 1) [unitless].
    share_positive, least_score, scale, cap : array, shape (plants, heads)
        Probability of any loss, score that is exceeded with this probability, factor, largest loss [CNY].
    law : array, shape (heads, 7)
        mu, sigma, threshold, tail weight, tail shape, tail scale; mass of the lognormal law above the threshold.

    Returns
    -------
    array, shape (accidents, heads)
        [CNY]
    """
    found: Floats = _losses(order, plant, score, dependence, share_positive, least_score, scale, cap, law)
    return found


def _places_kernel(
    uniform: Floats, height: Floats, cut: Floats, other: Integers, ratio: Floats
) -> tuple[Integers, Integers]:
    kept, place = np.empty(uniform.size, dtype=np.int64), np.empty(uniform.size, dtype=np.int64)
    found = 0
    for i in range(uniform.size):
        x = uniform[i] * cut.size
        at = min(int(x), cut.size - 1)
        if x - at >= cut[at]:
            at = other[at]
        if height[i] < ratio[at]:
            kept[found], place[found] = i, at
            found += 1
    return kept[:found], place[:found]


_places = compiled(_places_kernel)


def places(
    uniform: Floats, height: Floats, cut: Floats, other: Integers, ratio: Floats
) -> tuple[Integers, Integers]:
    """Return which points are kept, and where they fall.

    Parameters
    ----------
    uniform : array, shape (points,)
        On [0, 1), one for each point.
    height : array, shape (points,)
        Height of each point, in units of the base rate of its place, >= 0.
    cut : array, shape (places,), other : array of int, shape (places,)
        Alias table of the base rates.
    ratio : array, shape (places,)
        Rate over base rate: a point below it is kept.

    Returns
    -------
    tuple of array of int, shape (kept,)
        Index of the point, its place.
    """
    kept, place = _places(uniform, height, cut, other, ratio)
    return kept, place
