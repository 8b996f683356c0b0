# SPDX-License-Identifier: Apache-2.0
"""How the losses of simulated years are drawn: only those that reach their layer, many laws of one family at once.

The years themselves are in simulation.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.frequency.counts import NegativeBinomial, Poisson
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.severity.family import Family
from greenrisk.actuarial.severity.law import Severity
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.mixture import Mixture

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Leaf(NamedTuple):
    """A severity without parts, under a layer of its own."""

    share: float
    base: Severity
    limit: float
    attachment: float

    @property
    def reach(self) -> float:
        """Probability that a loss exceeds the attachment."""
        return float(self.base.sf(self.attachment))


class Stack(NamedTuple):
    """Leaves of one parametric family, or one leaf of any other law; columns of shape (leaf,), or (1,) where equal."""

    law: type[Family] | Severity
    theta: tuple[Floats, ...]
    reach: Floats
    attachment: Floats
    limit: Floats
    leaves: Integers

    def draw(self, counts: Integers, rng: np.random.Generator) -> Floats:
        """Return ``counts[i]`` payments > 0 of each leaf: conditional losses by inversion of the survival function."""

        def spread(column: Floats) -> Floats:
            return column if column.size == 1 else np.repeat(column, counts)

        # 1 - u lies in (0, 1]: an unlimited loss is never infinite.
        q = (1.0 - rng.random(int(counts.sum()))) * spread(self.reach)
        if isinstance(self.law, Severity):
            x = np.asarray(self.law.isf(q))
        else:
            x = self.law.isf_of(q, tuple(spread(column) for column in self.theta))
        return np.clip(x - spread(self.attachment), 0.0, spread(self.limit))


class Source(NamedTuple):
    """Losses of one member that reach its layer: their number, and the probabilities of its leaves."""

    frequency: Frequency
    shares: Floats


class Plan(NamedTuple):
    """What is drawn: the Poisson members as one process, the others one by one."""

    rates: Floats
    poisson: tuple[Stack, ...]
    sources: tuple[Source, ...]
    others: tuple[Stack, ...]

    def losses_a_year(self) -> float:
        """Return the expected number of losses drawn for one year."""
        return float(self.rates.sum()) + sum(source.frequency.mean() for source in self.sources)

    def draw(self, years: int, rng: np.random.Generator) -> Iterator[tuple[Integers, Floats]]:
        """Yield year and amount of the losses, stack by stack.

        Given their number, the losses of a Poisson process fall on the years independently and evenly.
        """
        counts = rng.poisson(self.rates * years)
        for stack in self.poisson:
            of_stack = counts[stack.leaves]
            yield rng.integers(0, years, int(of_stack.sum())), stack.draw(of_stack, rng)
        by_leaf: list[Integers] = []
        for source in self.sources:
            by_leaf += _fall(source, years, rng)
        counts = np.array([leaf.size for leaf in by_leaf], dtype=np.int64)
        for stack in self.others:
            year = np.concatenate([by_leaf[leaf] for leaf in stack.leaves])
            yield year, stack.draw(counts[stack.leaves], rng)


def _leaves(severity: Severity) -> list[Leaf]:
    """Dissolve layers and mixtures."""
    if isinstance(severity, Mixture):
        parts = zip(severity.weights, severity.parts, strict=True)
        return [leaf._replace(share=weight * leaf.share) for weight, part in parts for leaf in _leaves(part)]
    if isinstance(severity, Layered):
        low, limit = severity.attachment, severity.limit
        return [
            Leaf(leaf.share, leaf.base, min(limit, leaf.limit - low), leaf.attachment + low)
            for leaf in _leaves(severity.base)
            if leaf.limit > low
        ]
    return [Leaf(1.0, severity, math.inf, 0.0)]


def plan(members: Iterable[tuple[Frequency, Severity]]) -> Plan:
    """Return what has to be drawn for independent compounds.

    Parameters
    ----------
    members : iterable of (Frequency, Severity)
        Number of losses and one loss of each.
    """
    rates: list[float] = []
    poisson: list[Leaf] = []
    sources: list[Source] = []
    others: list[Leaf] = []
    for frequency, severity in members:
        leaves = [leaf for leaf in _leaves(severity) if leaf.share * leaf.reach > 0.0]
        shares = np.array([leaf.share * leaf.reach for leaf in leaves])
        if isinstance(frequency, Poisson):
            rates += (frequency.mean() * shares).tolist()
            poisson += leaves
        elif leaves:
            reach = min(float(shares.sum()), 1.0)
            sources.append(Source(frequency.thin(reach), shares / shares.sum()))
            others += leaves
    return Plan(np.array(rates), _stacks(poisson), tuple(sources), _stacks(others))


def _stacks(leaves: list[Leaf]) -> tuple[Stack, ...]:
    """Put leaves of one parametric family together."""
    together: dict[object, list[int]] = {}
    for i, leaf in enumerate(leaves):
        together.setdefault(type(leaf.base) if isinstance(leaf.base, Family) else i, []).append(i)
    stacks = []
    for places in together.values():
        first = leaves[places[0]].base
        bases = [leaves[i].base for i in places]
        theta = np.array([base.theta for base in bases if isinstance(base, Family)])
        stacks.append(
            Stack(
                type(first) if isinstance(first, Family) else first,
                tuple(_column(column) for column in theta.T),
                _column(np.array([leaves[i].reach for i in places])),
                _column(np.array([leaves[i].attachment for i in places])),
                _column(np.array([leaves[i].limit for i in places])),
                np.array(places),
            )
        )
    return tuple(stacks)


def _column(values: Floats) -> Floats:
    return values[:1] if (values == values[0]).all() else values


def _fall(source: Source, years: int, rng: np.random.Generator) -> list[Integers]:
    """Return the years on which the losses of each leaf of a member fall."""
    law = source.frequency
    clusters = law.shape * math.log1p(law.beta) if isinstance(law, NegativeBinomial) else math.inf
    if isinstance(law, NegativeBinomial) and clusters < 1.0 and law.beta > 0.0:
        # Few losses: as a Poisson number of clusters, the size of which has the logarithmic law, no year is visited.
        sizes = rng.logseries(law.beta / (1.0 + law.beta), rng.poisson(clusters * years))
        year = np.repeat(rng.integers(0, years, sizes.size), sizes)
    else:
        year = np.repeat(np.arange(years), law.rvs(years, rng))
    if source.shares.size == 1:
        return [year]
    rng.shuffle(year)
    counts = rng.multinomial(year.size, source.shares / source.shares.sum())
    return np.split(year, np.cumsum(counts)[:-1])
