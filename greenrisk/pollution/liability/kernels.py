# SPDX-License-Identifier: Apache-2.0
"""The loop over drawn points, compiled: where they fall, which are kept, what they cost.

Imported where it is first needed, since numba is slow to import. The arguments are checked by the callers. Random
numbers are drawn within the loop, from numpy's own generator: to fill fresh memory with them would take longer than to
draw them. The laws of a loss are those of :mod:`greenrisk.actuarial.severity`, inverted for one score at a time; the
tests hold them together to the last digits.

References
----------
Wichura, M. J. (1988), Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics 37,
477-484.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.compiled import compiled

if TYPE_CHECKING:
    from greenrisk.pollution.liability.laws import HeadLaws

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


def _drawn_kernel(
    rng: Any,
    points: int,
    low: float,
    high: float,
    cut: Floats,
    other: Integers,
    ratio: Floats,
    wanted: Any,
    every: bool,
    plants: int,
    dependence: float,
    share_positive: Floats,
    least_score: Floats,
    scale: Floats,
    cap: Floats,
    law: Floats,
) -> tuple[Integers, Integers, Floats, Integers, Floats, Floats]:
    # One loop without calls that pass arrays: handing ten arrays on for every point would cost as much as the rest.
    heads, places = law.shape[0], cut.size
    point, place = np.empty(points, dtype=np.int64), np.empty(points, dtype=np.int64)
    height, costly = np.empty(points), np.empty(points, dtype=np.int64)
    mark, loss = np.empty((points, 3)), np.empty((points, heads))
    common, special, score = math.sqrt(dependence), math.sqrt(1.0 - dependence), np.empty(1 + heads)
    found = dear = 0
    for i in range(points):
        x = rng.random() * places
        at = min(int(x), places - 1)
        if x - at >= cut[at]:
            at = other[at]
        level = low + (high - low) * rng.random()
        # Drawn for every point, kept or not: the numbers of the next one must not depend on it.
        for k in range(1 + heads):
            score[k] = rng.standard_normal()
        sort, wait, person = rng.random(), rng.standard_exponential(), rng.standard_normal()
        if level >= ratio[at] or not wanted[i if every else 0]:
            continue
        p = at % plants
        point[found], place[found], height[found] = i, at, level
        factor, any_loss = common * score[0], False
        for h in range(heads):
            z = factor + special * score[1 + h]
            loss[dear, h] = 0.0
            if z > least_score[p, h]:
                s = 0.5 * math.erfc(z * _ROOT_HALF) / share_positive[p, h]
                amount = loss_of(
                    s, law[h, 0], law[h, 1], law[h, 2], law[h, 3], law[h, 4], law[h, 5], law[h, 6]
                )
                loss[dear, h] = min(scale[p, h] * amount, cap[p, h])
                any_loss = any_loss or loss[dear, h] > 0.0
        if any_loss:
            costly[dear] = found
            mark[dear, 0], mark[dear, 1], mark[dear, 2] = sort, wait, person
            dear += 1
        found += 1
    return point[:found], place[:found], height[:found], costly[:dear], mark[:dear], loss[:dear]


_drawn = compiled(_drawn_kernel)


class Drawn(NamedTuple):
    """Points of a stream that are kept."""

    point: Integers
    """Index of the point among all that were drawn, ascending."""
    place: Integers
    """Where it falls: an index into the base rates."""
    height: Floats
    """In units of the base rate of its place."""
    costly: Integers
    """Which of them cost anything under any head, ascending: the rows of what follows."""
    mark: Floats
    """Uniform for the sort of accident, time to the claim over its mean, normal score of the cost of a person."""
    loss: Floats
    """What the accident costs under each head, shape (costly, heads) [CNY]."""


def drawn(
    rng: np.random.Generator,
    points: int,
    tier: tuple[float, float],
    alias: tuple[Floats, Integers],
    ratio: Floats,
    wanted: NDArray[np.bool_],
    heads: HeadLaws,
) -> Drawn:
    """Draw points with all that they carry, and keep those below the rate of their place.

    Parameters
    ----------
    rng : Generator
        Of the stream; every point takes the same numbers from it whether or not it is kept.
    points : int
        How many are drawn.
    tier : tuple of float
        Heights lie between the two.
    alias : tuple of array, shape (places,)
        Alias table of the base rates; the places are those of all plants, once or several times over.
    ratio : array, shape (places,)
        Rate over base rate: a point below it is kept.
    wanted : array of bool, shape (points,) or (1,)
        Points that may be kept.
    heads : HeadLaws
        What an accident of each plant costs.
    """
    return Drawn(
        *_drawn(
            rng,
            points,
            *tier,
            *alias,
            ratio,
            wanted,
            wanted.size == points,
            heads.share_positive.shape[0],
            heads.dependence,
            heads.share_positive,
            heads.least_score,
            heads.scale,
            heads.cap,
            heads.table,
        )
    )
