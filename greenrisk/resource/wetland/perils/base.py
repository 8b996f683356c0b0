# SPDX-License-Identifier: Apache-2.0
"""What every peril of wetlands brings to a block of years: events with their year, and hits of sites with a degree.

A peril is a law of numbers (its card) over the sites. It knows nothing of money: what a hit costs is decided in
:mod:`greenrisk.resource.wetland.settlement`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BLOCK_LENGTH: Final = 1000
"""Simulated years in a block; part of the contract of a run, not a tuning knob [year]."""

NODES: Final = 96
"""Nodes of a Gauss-Legendre rule in one direction. Costs may jump with the degree (an intake is closed); with
three times as many the shipped costs move by 2e-5."""

LEAST_DEGREE: Final = "least_degree"
"""Constant of every card: degree below which a hit goes unnoticed [unitless]."""

LEAST_DOMAIN: Final = (1e-6, 0.5)
"""Its domain."""


@dataclass(frozen=True, eq=False)
class PerilHits:
    """What one block of years brings of one peril.

    Parameters
    ----------
    event_year : array of int, shape (events,)
        Year of each event in the block, non-decreasing.
    hit_event : array of int, shape (hits,)
        Index of the event of each hit, non-decreasing.
    hit_site : array of int, shape (hits,)
        Index of the site.
    hit_degree : array, shape (hits,)
        Share of the site's services that is lost at first, in (0, 1] [unitless].
    """

    event_year: Integers
    hit_event: Integers
    hit_site: Integers
    hit_degree: Floats


@dataclass(frozen=True, eq=False)
class Nodes:
    """The expected yearly hits of a peril as a sum over points: the second method beside the simulation.

    Parameters
    ----------
    site : array of int, shape (nodes,)
        Index of the site.
    degree : array, shape (nodes,)
        Degree [unitless].
    rate : array, shape (nodes,)
        Expected hits of a year that the point stands for [1/year].
    """

    site: Integers
    degree: Floats
    rate: Floats

    def expected(self, loss: Floats) -> float:
        """Return the expected yearly sum of a loss.

        Parameters
        ----------
        loss : array, shape (nodes,)
            What a hit of the point's degree costs its site [CNY].
        """
        return float(self.rate @ loss)

    def by_site(self, loss: Floats, sites: int) -> Floats:
        """Return the same by site, shape (sites,) [CNY/year]."""
        return np.bincount(self.site, weights=self.rate * loss, minlength=sites).astype(np.float64)


class WetlandPeril(Protocol):
    """The law of a peril over the sites: a card's numbers, resolved."""

    def simulate(self, seed: int, purpose: str, block: int) -> PerilHits:
        """Return what a block of :data:`BLOCK_LENGTH` years brings; a pure function of its arguments.

        Parameters
        ----------
        seed, block : int
            Key of the random streams.
        purpose : str
            Name of the family of streams: ``main`` or ``knowledge``.
        """

    def expected_events(self) -> float:
        """Return the expected number of events in a year that hit a site [1/year], or happen at all."""

    def nodes(self) -> Nodes:
        """Return the expected hits of a year by site and degree, without any simulation."""


def gauss(low: float, high: float, nodes: int = NODES) -> tuple[Floats, Floats]:
    """Return points and weights of the Gauss-Legendre rule on an interval, each shape (nodes,).

    Parameters
    ----------
    low, high : float
        Ends.
    nodes : int
        How many points.
    """
    x, w = _rule(nodes)
    half = (high - low) / 2.0
    return np.asarray(low + half * (x + 1.0)), np.asarray(half * w)


@lru_cache(maxsize=4)
def _rule(nodes: int) -> tuple[Floats, Floats]:
    """Return points and weights on [-1, 1]."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    return np.asarray(x), np.asarray(w)


def joined_nodes(site: list[Integers], degree: list[Floats], rate: list[Floats]) -> Nodes:
    """Return the points of several sites as one table; each list holds one array a site."""
    if not site:
        return Nodes(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    return Nodes(np.concatenate(site), np.concatenate(degree), np.concatenate(rate))


def power_exponent(mean: float) -> float:
    """Return the exponent e by which ``u**e`` of a uniform u has a mean: the law beta(m / (1 - m), 1).

    Parameters
    ----------
    mean : float
        Mean m in (0, 1) [unitless].
    """
    return (1.0 - mean) / mean


def numbered(event: NDArray[np.bool_]) -> Integers:
    """Return the new number of each event when only the flagged ones are kept, shape (events,); -1 for the others."""
    return np.where(event, np.cumsum(event) - 1, -1).astype(np.int64)
