# SPDX-License-Identifier: Apache-2.0
"""Simulated years of a portfolio: exact draws of the losses that reach the layer, and of no others.

The second method beside the transform, and the way to event tables. Not here: what is counted of the years (tally.py).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.aggregate.draws import Plan, plan
from greenrisk.actuarial.aggregate.tally import SimulatedLoss, Tally
from greenrisk.actuarial.arguments import every, number, whole_number
from greenrisk.actuarial.kinds import LOSS_EXPECTED, instance
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.streams import stream

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BLOCK = 1 << 14
_MOST_LOSSES = 1 << 18
"""Losses of a block on average: bounds the memory whatever the number of losses a year."""
_MOST_POINTS = 64


class _Terms(NamedTuple):
    """What is paid of a year's sum."""

    limit: float
    attachment: float

    def paid(self, annual: Floats) -> Floats:
        """Return min(max(S - attachment, 0), limit)."""
        return np.clip(annual - self.attachment, 0.0, self.limit)


def simulate(
    loss: CompoundDistribution | Portfolio,
    years: int,
    seed: int | np.random.Generator,
    *,
    annual_limit: float = math.inf,
    annual_attachment: float = 0.0,
    block: int | None = None,
    workers: int = 1,
) -> SimulatedLoss:
    """Simulate years of an aggregate loss, and keep their moments and their law by narrow cells.

    Parameters
    ----------
    loss : CompoundDistribution or Portfolio
        What happens in a year; members of a portfolio are independent.
    years : int
        How many years, >= 1 [year]. Memory does not grow with them.
    seed : int or numpy.random.Generator
        The seed, >= 0; of a generator one number is taken as the seed.
    annual_limit : float
        Most that is paid for a year, > 0, in the unit of the loss; inf: no limit.
    annual_attachment : float
        What the year's sum must exceed, >= 0, same unit.
    block, workers : int
        As in :func:`simulate_blocks`.

    Returns
    -------
    SimulatedLoss

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain, or the mean is infinite and no annual limit is set.

    Notes
    -----
    Drawn are only the losses that exceed their layer's attachment: their number has the pgf P(1 + s (z - 1)), s the
    probability to exceed it, and the amount is S^-1(u s) less the attachment, S being the survival function of the
    loss from ground up. Both are exact. Poisson members, mixtures among them dissolved, are drawn as one process.
    """
    terms = _checked(loss, years, seed, block, annual_limit, annual_attachment, workers)
    drawn = _plan(loss)
    scale = min(loss.mean(), terms.limit)
    if not math.isfinite(scale):
        mend = "Its mean is infinite: cap each loss by severity.layer(limit), or set annual_limit."
        raise ArgumentError(Fault("loss", f"mean of loss = {scale:g}", mend))
    tally = Tally(scale if scale > 0.0 else 1.0, terms.limit, _points(drawn, terms))
    for annual in _annual(drawn, terms, _blocks(drawn, years, seed, block), workers):
        tally.add(annual)
    return tally.result()


def simulate_blocks(
    loss: CompoundDistribution | Portfolio,
    years: int,
    seed: int | np.random.Generator,
    *,
    annual_limit: float = math.inf,
    annual_attachment: float = 0.0,
    block: int | None = None,
    workers: int = 1,
) -> Iterator[Floats]:
    """Return simulated annual losses, block by block.

    Parameters
    ----------
    loss, years, seed, annual_limit, annual_attachment
        As in :func:`simulate`.
    block : int, optional
        Years of a block, >= 1 [year]; it fixes the numbers drawn. Empty: 16,384, less where a year has many losses.
    workers : int
        Threads, >= 1. Each block has a stream of its own, so that the numbers are the same for any number of them.

    Returns
    -------
    iterator of array, shape (year of the block,)
        In the unit of the loss.

    Raises
    ------
    ArgumentError
        If an argument lies outside its domain; at once, not with the first block.
    """
    terms = _checked(loss, years, seed, block, annual_limit, annual_attachment, workers)
    drawn = _plan(loss)
    return _annual(drawn, terms, _blocks(drawn, years, seed, block), workers)


def simulate_events(
    loss: CompoundDistribution | Portfolio,
    years: int,
    seed: int | np.random.Generator,
    *,
    block: int | None = None,
) -> Iterator[EventTable]:
    """Return simulated losses > 0 as event tables, one a block, at times spread evenly over the year.

    Parameters
    ----------
    loss, years, seed
        As in :func:`simulate`.
    block : int, optional
        As in :func:`simulate_blocks`.

    Returns
    -------
    iterator of EventTable
        Years of each table are counted from 0; amounts and years are those of :func:`simulate_blocks` with the same
        seed and block, before annual terms.
    """
    _checked(loss, years, seed, block)
    drawn = _plan(loss)
    return (_table(drawn, job) for job in _blocks(drawn, years, seed, block))


class _Block(NamedTuple):
    seed: int
    place: int
    years: int

    def rng(self, name: str = "losses") -> np.random.Generator:
        return stream(self.seed, "aggregate", name, block=self.place)


def _checked(
    loss: object,
    years: int,
    seed: int | np.random.Generator,
    block: int | None,
    annual_limit: float = math.inf,
    annual_attachment: float = 0.0,
    workers: int = 1,
) -> _Terms:
    every(
        lambda: instance("loss", loss, CompoundDistribution | Portfolio, LOSS_EXPECTED),
        lambda: _at_least_one("years", years, "year"),
        lambda: None if isinstance(seed, np.random.Generator) else whole_number("seed", seed, "unitless"),
        lambda: None if block is None else _at_least_one("block", block, "year"),
        lambda: number("annual_limit", annual_limit, above=0.0, infinite=True, unit="unit of the loss"),
        lambda: number("annual_attachment", annual_attachment, least=0.0, unit="unit of the loss"),
        lambda: _at_least_one("workers", workers, "unitless"),
    )
    return _Terms(float(annual_limit), float(annual_attachment))


def _blocks(drawn: Plan, years: int, seed: int | np.random.Generator, block: int | None) -> Iterator[_Block]:
    """Return the blocks: equally long, the last one shorter."""
    key = int(seed.integers(1 << 63)) if isinstance(seed, np.random.Generator) else int(seed)
    years, length = int(years), int(block or _BLOCK)
    while block is None and length > 1 and length * drawn.losses_a_year() > _MOST_LOSSES:
        length //= 2
    return (_Block(key, i, min(length, years - first)) for i, first in enumerate(range(0, years, length)))


def _annual(drawn: Plan, terms: _Terms, blocks: Iterator[_Block], workers: int) -> Iterator[Floats]:
    def annual(job: _Block) -> Floats:
        total = np.zeros(job.years)
        for year, amount in drawn.draw(job.years, job.rng()):
            total += np.bincount(year, weights=amount, minlength=job.years)
        return terms.paid(total)

    return map(annual, blocks) if workers == 1 else _in_order(annual, blocks, workers)


def _plan(loss: CompoundDistribution | Portfolio) -> Plan:
    return plan((part.frequency, part.severity) for part in loss.parts)


def _at_least_one(name: str, value: int, unit: str) -> None:
    if whole_number(name, value, unit) < 1:
        raise ArgumentError(Fault(name, f"{name} = {value}", "It must be >= 1.", unit))


def _table(drawn: Plan, job: _Block) -> EventTable:
    losses = list(drawn.draw(job.years, job.rng()))
    year = np.concatenate([np.empty(0, dtype=np.int64), *(part for part, _ in losses)])
    amount = np.concatenate([np.empty(0), *(part for _, part in losses)])
    return EventTable.of(amount, year, job.years, time=job.rng("times").random(amount.size))


def _in_order(annual: Callable[[_Block], Floats], blocks: Iterable[_Block], workers: int) -> Iterator[Floats]:
    """Yield the blocks in their order, at most two a worker being under way or waiting."""
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Floats]] = deque()
        for job in blocks:
            waiting.append(pool.submit(annual, job))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _points(drawn: Plan, terms: _Terms) -> Floats:
    """Return annual losses with a probability of their own: 0, the annual limit, sums of a few losses that have one."""
    single: set[float] = set()
    for stack in (*drawn.poisson, *drawn.others):
        single.update(stack.limit[np.isfinite(stack.limit)].tolist())
        if isinstance(stack.law, Severity):
            paid = np.clip(stack.law.atoms().points - stack.attachment, 0.0, stack.limit)
            single.update(paid[paid > 0.0].tolist())
    sums, latest = {0.0}, {0.0}
    while latest and len(single) <= _MOST_POINTS and len(sums) < _MOST_POINTS:
        latest = {point + loss for point in latest for loss in single} - sums
        sums |= latest
    ends = [0.0, terms.limit] if math.isfinite(terms.limit) else [0.0]
    return np.unique(np.concatenate([ends, terms.paid(np.array(sorted(sums)))]))
