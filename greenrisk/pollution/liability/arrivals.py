# SPDX-License-Identifier: Apache-2.0
"""When and where accidents happen in a block of years: own ones, those of a shock, those on the road.

What lives here: points in time, place and height, drawn so that two variants of the model share their accidents. What
does not: what an accident costs (:mod:`greenrisk.pollution.liability.events`).

Every point of a place has a height in units of the place's *base* rate. A variant keeps the points that lie below
its own rate. Heights are drawn in tiers, [0, 1), [1, 1.5), [1.5, 2.25) and so on, each from a stream of its own, and
as many tiers as the variant needs: a point is the same accident, on the same day and with the same scores, in every
variant that keeps it. A larger rate only adds accidents; a prevention measure only takes some away.

References
----------
Devroye, L. (1986), Non-uniform random variate generation, Springer: thinning of a Poisson process (VI.2), the alias
method (III.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.severity.heads import HEADS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CAUSES: Final = ("own", "shock", "transport")
"""What an accident comes from; a code is an index."""

OWN, SHOCK, TRANSPORT = range(3)

_TIER: Final = 1.5
"""Growth of the height of a tier; part of the contract, since it fixes the numbers."""

_MOST_TIERS: Final = 40
"""Beyond it a variant has ten million times the base rate: the base is not of this zone."""


class Marks(NamedTuple):
    """What every drawn point carries, whether it is kept or not."""

    score: Floats
    """Standard normal factor and own scores of the heads, shape (points, 1 + heads)."""
    sort: Floats
    """Uniform that makes an accident deliberate, gradual or sudden, shape (points,)."""
    wait: Floats
    """Time to the claim in units of its mean, shape (points,)."""
    person: Floats
    """Standard normal score of the cost of a person, shape (points,)."""


class Points(NamedTuple):
    """Accidents that are kept, sorted by time."""

    time: Floats
    """Time since the start of the block, shape (accidents,) [year]."""
    plant: Integers
    """Index of the plant."""
    cause: Integers
    """Index into :data:`CAUSES`."""
    event: Integers
    """Index of the event: accidents of one shock are one event."""
    row: Integers
    """Row of each accident in ``marks``."""
    marks: Marks
    """Of all points drawn."""


@dataclass(frozen=True, eq=False)
class Base:
    """Rates in whose units heights are counted: those of the central model, the same for all its variants.

    Parameters
    ----------
    rates : array, shape (2 * plants,)
        Accidents on site that no shock causes, then accidents on the road [1/year].
    shock_rate : float
        [1/year]
    hits : array, shape (plants,)
        -log(1 - probability that a shock hits the plant) [unitless].
    """

    rates: Floats
    shock_rate: float
    hits: Floats

    @classmethod
    def of(cls, laws: ZoneLaws) -> Self:
        """Return the base rates that keep every point of the first tier under these laws."""
        return cls(*_rates(laws))

    @cached_property
    def aliases(self) -> tuple[tuple[Floats, Integers], tuple[Floats, Integers]]:
        """Alias tables of the rates and of the hits."""
        return _alias(self.rates), _alias(self.hits)


def _rates(laws: ZoneLaws) -> tuple[Floats, float, Floats]:
    return np.concatenate([laws.alone, laws.transport]), laws.shock_rate, -np.log1p(-laws.hit)


def _alias(weights: Floats) -> tuple[Floats, Integers]:
    """Return cut and other place of Walker's alias method (Vose's construction)."""
    n, total = weights.size, float(weights.sum())
    cut, other = np.ones(n), np.arange(n)
    if total == 0.0:
        return cut, other
    share = weights * (n / total)
    small, large = (
        [int(i) for i in np.flatnonzero(share < 1.0)],
        [int(i) for i in np.flatnonzero(share >= 1.0)],
    )
    while small and large:
        low, high = small.pop(), large[-1]
        cut[low], other[low] = share[low], high
        share[high] -= 1.0 - share[low]
        if share[high] < 1.0:
            small.append(large.pop())
    return cut, other


def _ratio(name: str, rate: Floats, base: Floats) -> Floats:
    """Return rate over base rate; 0 where both are."""
    missing = np.flatnonzero((rate > 0.0) & (base == 0.0))
    if missing.size:
        what = f"{name}[{int(missing[0])}] = {float(rate[missing[0]]):g} with base rate 0"
        mend = "A variant may have a rate only where the base has one: take the base of a model with all its rates."
        raise ArgumentError(Fault("base", what, mend, "1/year"))
    return np.divide(rate, base, out=np.zeros_like(rate), where=base > 0.0)


def _tiers(name: str, highest: float) -> list[tuple[float, float]]:
    """Return lower and upper height of each tier that reaches up to a height."""
    edges = [0.0, 1.0]
    while edges[-1] < highest:
        edges.append(edges[-1] * _TIER)
        if len(edges) > _MOST_TIERS:
            what = f"{name} = {highest:g} times the base"
            mend = "The base rates are not those of this zone: take the base of its central model."
            raise ArgumentError(Fault("base", what, mend, "1/year"))
    return list(pairwise(edges))


def _marks(rng: np.random.Generator, points: int) -> Marks:
    return Marks(
        rng.standard_normal((points, 1 + len(HEADS))),
        rng.random(points),
        rng.standard_exponential(points),
        rng.standard_normal(points),
    )


def _times(rng: np.random.Generator, points: int, years: int) -> Floats:
    """Return uniform times in ascending order: partial sums of exponentials over their total."""
    gaps = np.cumsum(rng.standard_exponential(points + 1))
    return np.asarray(gaps[:-1] * (years / gaps[-1]))


def arrivals(laws: ZoneLaws, base: Base, seed: int, purpose: str, block: int, years: int) -> Points:
    """Draw the accidents of a block.

    Parameters
    ----------
    laws : ZoneLaws
        Rates of the variant.
    base : Base
        Rates in whose units heights are counted.
    seed, purpose, block
        Key of the random streams.
    years : int
        Length of the block [year].

    Raises
    ------
    ArgumentError
        If the variant has a rate where the base has none, or more than ten million times the base rate.
    """
    rates, shock_rate, hits = _rates(laws)
    key = (seed, purpose, block, years)
    parts = _alone(_ratio("rate", rates, base.rates), base, *key)
    shock_ratio = float(_ratio("shock_rate", np.array([shock_rate]), np.array([base.shock_rate]))[0])
    parts += _shocks(shock_ratio, _ratio("hit", hits, base.hits), base, *key)
    return _joined(parts)


class _Part(NamedTuple):
    """Kept points of one stream."""

    time: Floats
    plant: Integers
    cause: Integers
    shock: Integers
    row: Integers
    marks: Marks

    def at(self, kept: NDArray[np.bool_]) -> _Part:
        """Return the points that are kept."""
        return _Part(
            self.time[kept],
            self.plant[kept],
            self.cause[kept],
            self.shock[kept],
            self.row[kept],
            self.marks,
        )


def _alone(ratio: Floats, base: Base, seed: int, purpose: str, block: int, years: int) -> list[_Part]:
    """Points of own accidents and of those on the road."""
    from greenrisk.pollution.liability.kernels import places  # numba is slow to import

    plants = base.hits.size
    parts = []
    for tier, (low, high) in enumerate(_tiers("rate", float(ratio.max(initial=0.0)))):
        rng = stream(seed, purpose, "zone", "accident", tier, block=block)
        points = int(rng.poisson(float(base.rates.sum()) * (high - low) * years))
        time, uniform = _times(rng, points, years), rng.random(points)
        height = low + (high - low) * rng.random(points)
        kept, place = places(uniform, height, *base.aliases[0], ratio)
        on_road = place >= plants
        parts.append(
            _Part(
                time[kept],
                np.where(on_road, place - plants, place),
                np.where(on_road, TRANSPORT, OWN),
                np.full(kept.size, -1),
                kept,
                _marks(rng, points),
            )
        )
    return parts


def _shocks(
    shock_ratio: float, ratio: Floats, base: Base, seed: int, purpose: str, block: int, years: int
) -> list[_Part]:
    """Points of accidents by shocks.

    A plant is hit where at least one of its candidate points lies below its ratio: with a Poisson number of mean
    -log(1 - q) the probability is q.
    """
    from greenrisk.pollution.liability.kernels import places  # numba is slow to import

    if shock_ratio == 0.0 or not ratio.any():
        return []
    parts: list[_Part] = []
    before = 0
    for tier, (low, high) in enumerate(_tiers("shock_rate", shock_ratio)):
        rng = stream(seed, purpose, "zone", "shock", tier, block=block)
        shocks = int(rng.poisson(base.shock_rate * (high - low) * years))
        time = _times(rng, shocks, years)
        happens = low + (high - low) * rng.random(shocks) < shock_ratio
        found: list[tuple[_Part, Floats]] = []
        for step, (bottom, top) in enumerate(_tiers("hit", float(ratio.max()))):
            rng = stream(seed, purpose, "zone", "hit", tier, step, block=block)
            counts = rng.poisson(float(base.hits.sum()) * (top - bottom), shocks)
            points = int(counts.sum())
            shock = np.repeat(np.arange(shocks), counts)
            uniform, height = rng.random(points), bottom + (top - bottom) * rng.random(points)
            kept, place = places(uniform, height, *base.aliases[1], ratio)
            inside = happens[shock[kept]]
            kept, place = kept[inside], place[inside]
            at = shock[kept]
            part = _Part(time[at], place, np.full(kept.size, SHOCK), before + at, kept, _marks(rng, points))
            found.append((part, height[kept]))
        parts += _first_hits(found, ratio.size)
        before += shocks
    return parts


def _first_hits(found: list[tuple[_Part, Floats]], plants: int) -> list[_Part]:
    """Keep the lowest point of each shock and plant: a shock hits a plant once."""
    step = np.repeat(np.arange(len(found)), [height.size for _, height in found])
    height = np.concatenate([height for _, height in found])
    key = np.concatenate([part.shock * plants + part.plant for part, _ in found])
    lowest = np.argsort(height, kind="stable")
    _, first = np.unique(key[lowest], return_index=True)
    kept = np.zeros(key.size, dtype=np.bool_)
    kept[lowest[first]] = True
    return [part.at(kept[step == i]) for i, (part, _) in enumerate(found)]


def _joined(parts: list[_Part]) -> Points:
    """Return the points of all streams by time; those of one shock are neighbours, since they share their time."""
    drawn = np.cumsum([0, *(part.marks.sort.size for part in parts)])
    row = np.concatenate([part.row + start for part, start in zip(parts, drawn[:-1], strict=True)])
    time, plant, cause, shock = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("time", "plant", "cause", "shock")
    )
    if len(parts) > 1:
        order = np.argsort(time, kind="stable")
        time, plant, cause, shock, row = time[order], plant[order], cause[order], shock[order], row[order]
        marks = Marks(
            *(np.concatenate(columns) for columns in zip(*(part.marks for part in parts), strict=True))
        )
    else:
        marks = parts[0].marks
    fresh = np.ones(time.size, dtype=np.bool_)
    fresh[1:] = (shock[1:] < 0) | (shock[1:] != shock[:-1])
    return Points(time, plant, cause, np.cumsum(fresh) - 1, row, marks)
