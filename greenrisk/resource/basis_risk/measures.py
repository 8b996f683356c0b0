# SPDX-License-Identifier: Apache-2.0
"""Basis risk of an index cover: every measure with its interval, the years behind it, and what they cannot tell."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from greenrisk.resource.basis_risk.buyer import Arrangement, Buyer
from greenrisk.resource.index_cover.series import Floats


@dataclass(frozen=True)
class Measure:
    """One measure.

    Parameters
    ----------
    name : str
        Key.
    label : str
        A reader's words.
    value : float
        [unit]
    low, high : float
        90 % interval [unit]; NaN where the years do not tell one.
    unit : str
        Unit.
    years : int
        Years that the measure rests on: all, or only those with a payment or among the worst.
    note : str
        What it says, how its interval is made, and what it does not tell.
    """

    name: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    years: int
    note: str


@dataclass(frozen=True, eq=False)
class BasisRisk:
    """What an index cover pays beside what its buyer loses.

    Parameters
    ----------
    loss, payout : array, shape (years,)
        Of the same years [CNY].
    measures : tuple of Measure
        In the order of the report.
    arrangements : tuple of Arrangement
        No cover, the index cover, full indemnity.
    matched : int
        Years that count as loss years: as many as were paid, or as had a loss where those are fewer.
    worst : array of bool, shape (years,)
        Which they are: the worst.
    simulated : bool
        Whether the years were simulated: intervals then hold the simulation error alone.
    note : str
        What so many years cannot tell.
    """

    loss: Floats
    payout: Floats
    measures: tuple[Measure, ...]
    arrangements: tuple[Arrangement, ...]
    matched: int
    worst: Floats
    simulated: bool
    note: str

    def value(self, name: str) -> float:
        """Return the value of a measure by its key, or raise KeyError."""
        return {measure.name: measure.value for measure in self.measures}[name]


def basis_risk(
    loss: ArrayLike,
    payout: ArrayLike,
    premium: float,
    buyer: Buyer,
    *,
    severity: ArrayLike | None = None,
    tail_level: float = 0.8,
    block_years: int = 1,
    resamples: int = 2000,
    seed: int = 0,
    simulated: bool = False,
) -> BasisRisk:
    """Measure how far the payments of an index cover miss the losses of its buyer.

    Parameters
    ----------
    loss, payout : array, shape (years,)
        Loss and payment of the same years, all known [CNY].
    premium : float
        Premium charged for the index cover [CNY/year].
    buyer : Buyer
        Who buys.
    severity : array, shape (years,), optional
        The index, turned so that larger values are paid for: correlations of the index itself, of which every year
        tells something; empty: only payments are compared [any unit].
    tail_level : float
        Share of the years below the tail, of tail dependence and tail shortfall, in (0, 1) [unitless].
    block_years : int
        Length of the blocks of years that the bootstrap draws [year].
    resamples : int
        Records drawn.
    seed : int
        Seed of the bootstrap.
    simulated : bool
        Whether the years were simulated: intervals are then made from batches of them and hold the simulation error.

    Raises
    ------
    ArgumentError
        If arrays do not match, hold NaN or negative amounts, or fewer than 5 years.
    """
    raise NotImplementedError
