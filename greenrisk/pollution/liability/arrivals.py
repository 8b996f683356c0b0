# SPDX-License-Identifier: Apache-2.0
"""When and where accidents happen in a block of years: own ones, those of a shock, those on the road.

What lives here: points in time, place and height, drawn so that two variants of the model share their accidents. What
does not: the loop that draws them with their cost (:mod:`greenrisk.pollution.liability.kernels`), and what becomes of
them (:mod:`greenrisk.pollution.liability.events`).

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
from functools import cached_property, reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream
from greenrisk.pollution.liability.laws import ZoneLaws

if TYPE_CHECKING:
    from greenrisk.pollution.liability.kernels import Drawn
    from greenrisk.pollution.liability.merge_kernel import Run

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CAUSES: Final = ("own", "shock", "transport")
"""What an accident comes from; a code is an index."""

OWN, SHOCK, TRANSPORT = range(3)

_TIER: Final = 1.5
"""Growth of the height of a tier; part of the contract, since it fixes the numbers."""

_ALL: Final = np.ones(1, dtype=np.bool_)

_MOST_TIERS: Final = 40
"""Beyond it a variant has ten million times the base rate: the base is not of this zone."""


class Points(NamedTuple):
    """Accidents that are kept and cost anything, sorted by time; how many are kept at all."""

    time: Floats
    """Time since the start of the block, shape (accidents,) [year]."""
    plant: Integers
    """Index of the plant."""
    cause: Integers
    """Index into :data:`CAUSES`."""
    event: Integers
    """Index of the event: accidents of one shock are one event."""
    mark: Floats
    """Uniform for the sort of accident, time to the claim over its mean, normal score of the cost of a person."""
    loss: Floats
    """What the accident costs under each head, shape (accidents, heads) [CNY]."""
    by_year: NDArray[np.int32]
    """All accidents by year and cause, shape (years, causes)."""
    by_plant: Integers
    """All accidents by plant, shape (plants,)."""


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
    by_year = np.zeros((years, len(CAUSES)), dtype=np.int32)
    draw = _Draw(laws, base, seed, purpose, block, by_year, np.zeros(laws.plants, dtype=np.int64))
    runs = _alone(_ratio("rate", rates, base.rates), draw)
    shock_ratio = float(_ratio("shock_rate", np.array([shock_rate]), np.array([base.shock_rate]))[0])
    runs += _shocks(shock_ratio, _ratio("hit", hits, base.hits), draw)
    return _joined(runs, draw)


class _Draw(NamedTuple):
    """What all streams of a block need."""

    laws: ZoneLaws
    base: Base
    seed: int
    purpose: str
    block: int
    by_year: NDArray[np.int32]
    by_plant: Integers

    @property
    def years(self) -> int:
        """Length of the block [year]."""
        return int(self.by_year.shape[0])

    def stream(self, *names: str | int) -> np.random.Generator:
        """Return the generator of a named stream of the block."""
        return stream(self.seed, self.purpose, "zone", *names, block=self.block)


def _alone(ratio: Floats, draw: _Draw) -> list[Run]:
    """Own accidents and those on the road."""
    from greenrisk.pollution.liability.kernels import drawn  # numba is slow to import
    from greenrisk.pollution.liability.merge_kernel import Run, counted

    base, plants, runs = draw.base, draw.laws.plants, []
    for tier, (low, high) in enumerate(_tiers("rate", float(ratio.max(initial=0.0)))):
        rng = draw.stream("accident", tier)
        points = int(rng.poisson(float(base.rates.sum()) * (high - low) * draw.years))
        time = _times(rng, points, draw.years)
        found = drawn(rng, points, (low, high), base.aliases[0], ratio, _ALL, draw.laws.heads)
        on_road = found.place >= plants
        at, plant = time[found.point], np.where(on_road, found.place - plants, found.place)
        cause = np.where(on_road, TRANSPORT, OWN)
        counted(at, plant, cause, draw.by_year, draw.by_plant)
        dear = found.costly
        none = np.full(dear.size, -1)
        runs.append(Run(at[dear], plant[dear], cause[dear], none, found.mark, found.loss))
    return runs


def _shocks(shock_ratio: float, ratio: Floats, draw: _Draw) -> list[Run]:
    """Accidents by shocks.

    A plant is hit where at least one of its candidate points lies below its ratio: with a Poisson number of mean
    -log(1 - q) the probability is q.
    """
    from greenrisk.pollution.liability.kernels import drawn  # numba is slow to import

    if shock_ratio == 0.0 or not ratio.any():
        return []
    base, runs, before = draw.base, [], 0
    for tier, (low, high) in enumerate(_tiers("shock_rate", shock_ratio)):
        rng = draw.stream("shock", tier)
        shocks = int(rng.poisson(base.shock_rate * (high - low) * draw.years))
        time = _times(rng, shocks, draw.years)
        happens = low + (high - low) * rng.random(shocks) < shock_ratio
        found: list[tuple[Integers, Drawn]] = []
        for step, (bottom, top) in enumerate(_tiers("hit", float(ratio.max()))):
            rng = draw.stream("hit", tier, step)
            counts = rng.poisson(float(base.hits.sum()) * (top - bottom), shocks)
            of_point = np.repeat(np.arange(shocks), counts)
            if of_point.size:
                wanted = happens[of_point]
                tier_ = (bottom, top)
                hits = drawn(rng, of_point.size, tier_, base.aliases[1], ratio, wanted, draw.laws.heads)
                found.append((of_point[hits.point], hits))
        runs += [
            _hits(time, before, *pair, flags, draw)
            for pair, flags in zip(found, _first_hits(found, ratio.size), strict=True)
        ]
        before += shocks
    return runs


def _hits(
    time: Floats, before: int, shock: Integers, hits: Drawn, first: NDArray[np.bool_], draw: _Draw
) -> Run:
    """Return the accidents of hits that are the first of their shock and plant."""
    from greenrisk.pollution.liability.merge_kernel import Run, counted

    counted(
        time[shock[first]],
        hits.place[first],
        np.full(int(first.sum()), SHOCK),
        draw.by_year,
        draw.by_plant,
    )
    of_dear = first[hits.costly]
    dear = hits.costly[of_dear]
    at = shock[dear]
    return Run(
        time[at],
        hits.place[dear],
        np.full(at.size, SHOCK),
        before + at,
        hits.mark[of_dear],
        hits.loss[of_dear],
    )


def _first_hits(found: list[tuple[Integers, Drawn]], plants: int) -> list[NDArray[np.bool_]]:
    """Return which points are the lowest of their shock and plant: a shock hits a plant once."""
    if not found:
        return []
    height = np.concatenate([hits.height for _, hits in found])
    key = np.concatenate([shock * plants + hits.place for shock, hits in found])
    order = np.lexsort((height, key))
    fresh = np.ones(key.size, dtype=np.bool_)
    fresh[1:] = key[order[1:]] != key[order[:-1]]
    kept = np.empty(key.size, dtype=np.bool_)
    kept[order] = fresh
    return np.split(kept, np.cumsum([shock.size for shock, _ in found])[:-1])


def _joined(runs: list[Run], draw: _Draw) -> Points:
    """Return the accidents of all streams by time; those of one shock are neighbours, since they share their time."""
    from greenrisk.pollution.liability.merge_kernel import merged

    time, plant, cause, shock, mark, loss = reduce(merged, runs)
    fresh = np.ones(time.size, dtype=np.bool_)
    fresh[1:] = (shock[1:] < 0) | (shock[1:] != shock[:-1])
    return Points(time, plant, cause, np.cumsum(fresh) - 1, mark, loss, draw.by_year, draw.by_plant)
