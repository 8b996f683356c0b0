# SPDX-License-Identifier: Apache-2.0
"""Simulated accidents of a block of years: when, whose, and what they cost under each head before any policy.

Everything here is a pure function of the laws, the base rates, the seed, the purpose and the block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.pollution.liability.arrivals import OWN, Base, arrivals
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.severity.heads import BODILY_INJURY

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

BLOCK_LENGTH: Final = 1000
"""Simulated years in a block; part of the contract of a run, not a tuning knob [year]."""

DAYS: Final = 365
"""Days of a year; leap days are not counted."""


@dataclass(frozen=True, eq=False)
class Accidents:
    """Accidents of a block of years that cost anything under any head, sorted by time; how many there were at all.

    Parameters
    ----------
    years : int
        Length of the block [year].
    year : array of int, shape (accidents,)
        Year in the block, non-decreasing.
    time : array, shape (accidents,)
        Share of the year gone by, in [0, 1) [unitless].
    plant : array of int, shape (accidents,)
        Index of the plant.
    cause : array of int, shape (accidents,)
        Index into :data:`~greenrisk.pollution.liability.arrivals.CAUSES`.
    event : array of int, shape (accidents,)
        Index of the event, non-decreasing: the accidents of one shock are one event, any other is its own.
    loss : array, shape (accidents, heads)
        What the accident costs under each head before any policy [CNY].
    gradual, deliberate : array of bool, shape (accidents,)
        Gradual pollution; deliberate discharge. Never both.
    lag : array, shape (accidents,)
        Time from the accident to the claim [year].
    persons : array, shape (accidents,)
        Persons hurt; 0 without bodily injury [person].
    by_year : array of int, shape (years, causes)
        All accidents, those without any loss included.
    by_plant : array of int, shape (plants,)
        The same by plant.
    """

    years: int
    year: Integers
    time: Floats
    plant: Integers
    cause: Integers
    event: Integers
    loss: Floats
    gradual: Flags
    deliberate: Flags
    lag: Floats
    persons: Floats
    by_year: NDArray[np.int32]
    by_plant: Integers

    def __len__(self) -> int:
        """How many accidents cost anything."""
        return int(self.year.size)

    @property
    def day(self) -> Integers:
        """Day of the year, 0 to 364, shape (accidents,)."""
        return np.asarray(self.time * DAYS).astype(np.int64)

    @property
    def total(self) -> Floats:
        """Loss of each accident, all heads, shape (accidents,) [CNY]."""
        return np.asarray(self.loss.sum(axis=1))


def simulate_block(
    laws: ZoneLaws,
    seed: int,
    purpose: str,
    block: int,
    base: Base | None = None,
    years: int = BLOCK_LENGTH,
) -> Accidents:
    """Simulate a block of zone years.

    Parameters
    ----------
    laws : ZoneLaws
        Rates and laws of the variant.
    seed : int
        The scenario's seed, >= 0.
    purpose : str
        Name of the family of streams: ``main`` or ``knowledge``.
    block : int
        Index of the block, >= 0.
    base : Base, optional
        Rates in whose units accidents are drawn: those of the central model, so that its variants share accidents;
        empty: those of ``laws``.
    years : int
        Length of the block [year].

    Raises
    ------
    ArgumentError
        If the variant has a rate where the base has none.

    Notes
    -----
    An accident with the same scores costs the same in every variant with the same laws of heads; laws that
    differ move its cost, not its place in the law (common random numbers).
    """
    points = arrivals(laws, Base.of(laws) if base is None else base, seed, purpose, block, years)
    loss, claims = points.loss, laws.claims
    whole = np.minimum(np.floor(points.time), years - 1.0)
    sort, wait, person = points.mark.T
    own = points.cause == OWN
    deliberate = own & (sort < claims.share_deliberate)
    gradual = own & ~deliberate & (sort < claims.share_deliberate + claims.share_gradual)
    return Accidents(
        years=years,
        year=whole.astype(np.int64),
        time=np.minimum(points.time - whole, np.nextafter(1.0, 0.0)),
        plant=points.plant,
        cause=points.cause,
        event=points.event,
        loss=loss,
        gradual=gradual,
        deliberate=deliberate,
        lag=wait * np.where(gradual, claims.lag_gradual, claims.lag_sudden),
        persons=_persons(laws, loss[:, BODILY_INJURY], person),
        by_year=points.by_year,
        by_plant=points.by_plant,
    )


def _persons(laws: ZoneLaws, injury: Floats, score: Floats) -> Floats:
    """Return how many persons share the cost of bodily injury."""
    persons = np.zeros(injury.size)
    hurt = np.flatnonzero(injury > 0.0)
    cost = laws.claims.person_cost * np.exp(laws.claims.person_spread * score[hurt])
    persons[hurt] = np.ceil(injury[hurt] / cost)
    return persons
