# SPDX-License-Identifier: Apache-2.0
"""Accidents drawn one by one from the laws: what one costs and is paid, for plants that have too few of their own.

What lives here: rates by sort of accident, plants with the same laws and terms put together, means over drawn accidents
and expectations made of both. What does not: zone years, in which accidents share limits of the year
(:mod:`greenrisk.pollution.liability.zone_year`).

An expectation is a rate, known in closed form, times a mean over accidents. All plants share the drawn accidents, so
that what is left of luck is the same for each of them, and a change of rates is told far better than by the few
accidents of simulated years that differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import Accidents, simulate_block
from greenrisk.pollution.liability.laws import HeadLaws, ZoneLaws
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.terms import REASONS, apply_terms
from greenrisk.pollution.liability.zone_year import ZoneYears

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SORTS: Final = ("sudden", "gradual", "deliberate")
"""Sorts of accidents, which terms may treat unlike."""

BLOCKS: Final = 40
"""Blocks of drawn accidents: errors are those of means over blocks."""

ACCIDENTS: Final = 25_000
"""Mean number of accidents of a block, those that cost nothing included."""

_YEARS: Final = 1000
_HEAD_ROWS: Final = ("share_positive", "scale", "cap")


def sort_rates(laws: ZoneLaws) -> Floats:
    """Return the accidents of each plant by sort, shape (plants, sorts) [1/year].

    Parameters
    ----------
    laws : ZoneLaws
        Rates of accidents and shocks.

    Notes
    -----
    Accidents of a shock or on the road are sudden; so are a plant's others but for the shares of the claims.
    """
    gradual = laws.claims.share_gradual * laws.alone
    deliberate = laws.claims.share_deliberate * laws.alone
    whole = laws.alone + laws.shock_rate * laws.hit + laws.transport
    return np.stack([whole - gradual - deliberate, gradual, deliberate], axis=1)


@dataclass(frozen=True, eq=False)
class Alike:
    """Plants with the same laws of loss and the same terms, put together.

    Parameters
    ----------
    which : array of int, shape (plants,)
        Class of each plant.
    first : array of int, shape (classes,)
        First plant of each class.
    """

    which: Integers
    first: Integers

    @property
    def one(self) -> bool:
        """Whether all plants are alike."""
        return bool(self.first.size == 1)

    @classmethod
    def of(cls, laws: ZoneLaws, terms: PolicyTerms | None = None) -> Alike:
        """Return the classes.

        Parameters
        ----------
        laws : ZoneLaws
            Laws of loss of each plant.
        terms : PolicyTerms, optional
            Terms that must be the same too.
        """
        columns = [getattr(laws.heads, name) for name in _HEAD_ROWS]
        if terms is not None:
            columns += [getattr(terms, field.name) for field in fields(PolicyTerms)]
        table = np.concatenate(
            [np.asarray(one, dtype=np.float64).reshape(laws.plants, -1) for one in columns], axis=1
        )
        _, first, which = np.unique(table, axis=0, return_index=True, return_inverse=True)
        return cls(which.ravel(), first)


def drawn_accidents(laws: ZoneLaws, plant: int, seed: int, block: int) -> tuple[int, tuple[Accidents, ...]]:
    """Return how many accidents a block has, and those that cost anything as each of :data:`SORTS`.

    Parameters
    ----------
    laws : ZoneLaws
        Laws of loss and of claims.
    plant : int
        Whose law.
    seed, block : int
        The scenario's seed and the block. Every plant, and every sort, has the same scores.
    """
    rows = {
        field.name: getattr(laws.heads, field.name)[plant : plant + 1]
        if field.name in _HEAD_ROWS
        else getattr(laws.heads, field.name)
        for field in fields(HeadLaws)
    }
    # All are drawn as sudden ones with a mean lag of a year, which the sorts then scale.
    unit = replace(laws.claims, share_gradual=0.0, share_deliberate=0.0, lag_sudden=1.0)
    alone = replace(
        laws,
        own=np.full(1, ACCIDENTS / _YEARS),
        transport=np.zeros(1),
        shock_rate=0.0,
        shock_share=0.0,
        heads=HeadLaws(**rows),
        claims=unit,
    )
    drawn = simulate_block(alone, seed, "accidents", block, years=_YEARS)
    every, none = np.ones(len(drawn), dtype=np.bool_), np.zeros(len(drawn), dtype=np.bool_)
    sudden, gradual = laws.claims.lag_sudden * drawn.lag, laws.claims.lag_gradual * drawn.lag
    return int(drawn.by_plant.sum()), (
        replace(drawn, lag=sudden),
        replace(drawn, lag=gradual, gradual=every),
        replace(drawn, lag=sudden, gradual=none, deliberate=every),
    )


def one_plant(terms: PolicyTerms, plant: int) -> PolicyTerms:
    """Return the terms of one plant for accidents that each have the limit of a year to themselves.

    Parameters
    ----------
    terms : PolicyTerms
        Of all plants.
    plant : int
        Which.
    """
    row = {field.name: getattr(terms, field.name)[plant : plant + 1] for field in fields(PolicyTerms)}
    return PolicyTerms(**row | {"annual_limit": np.full(1, np.inf)})


@dataclass(frozen=True, eq=False)
class PerAccident:
    """Means over drawn accidents, those that cost nothing included.

    Parameters
    ----------
    alike : Alike
        Plants with the same means.
    mean : array, shape (blocks, classes, sorts, parts)
        Of each block, of every part of what was taken of an accident [CNY, or its own unit].
    accidents : int
        How many were drawn.
    """

    alike: Alike
    mean: Floats
    accidents: int

    def expected(self, rates: Floats, part: int = 0) -> Floats:
        """Return the expectation of each plant, shape (plants,) [per year].

        Parameters
        ----------
        rates : array, shape (plants, sorts)
            Accidents by sort, or their change [1/year].
        part : int
            Of which part.
        """
        by_class = self.mean[..., part].mean(axis=0)
        return np.asarray((rates * by_class[self.alike.which]).sum(axis=1))

    def error(self, rates: Floats, part: int = 0) -> float:
        """Return the standard error of the expectation of all plants together [per year].

        Parameters
        ----------
        rates : array, shape (plants, sorts)
            As for :meth:`expected`.
        part : int
            Of which part.
        """
        of_class = np.zeros(self.mean.shape[1:3])
        np.add.at(of_class, self.alike.which, rates)
        by_block = np.einsum("bcs,cs->b", self.mean[..., part], of_class)
        return float(by_block.std(ddof=1)) / math.sqrt(by_block.size)


def per_accident(
    laws: ZoneLaws,
    take: Callable[[Accidents, PolicyTerms], Floats],
    terms: PolicyTerms,
    *,
    seed: int,
    blocks: int = BLOCKS,
) -> PerAccident:
    """Return means over drawn accidents.

    Parameters
    ----------
    laws : ZoneLaws
        Laws of loss and of claims.
    take : callable
        Returns the sums over accidents that cost anything of all that is wanted of them, shape (parts,), from these
        accidents and the terms of their plant.
    terms : PolicyTerms
        Of all plants.
    seed, blocks : int
        The scenario's seed; how many blocks of :data:`ACCIDENTS`, at least two.

    Raises
    ------
    ArgumentError
        If there are fewer than two blocks.
    """
    if blocks < 2:
        raise ArgumentError(Fault("blocks", f"blocks = {blocks}", "At least two are needed for an error."))
    alike, law = Alike.of(laws, terms), Alike.of(laws)
    own = [one_plant(terms, plant) for plant in alike.first.tolist()]
    rows: list[list[Floats]] = [[np.zeros(0)] * alike.first.size for _ in range(blocks)]
    total = 0
    for at, plant in enumerate(law.first.tolist()):
        classes = np.flatnonzero(law.which[alike.first] == at).tolist()
        for block in range(blocks):
            number, sorts = drawn_accidents(laws, plant, seed, block)
            total += number if at == 0 else 0
            for place in classes:
                rows[block][place] = np.stack([take(one, own[place]) for one in sorts]) / number
    return PerAccident(alike, np.array(rows), total)


def payments_per_accident(
    laws: ZoneLaws, terms: PolicyTerms, *, seed: int, blocks: int = BLOCKS
) -> PerAccident:
    """Return loss and payment of a mean accident: the parts 0 and 1 of what was taken [CNY].

    Parameters
    ----------
    laws, terms, seed, blocks
        As for :func:`per_accident`.

    Notes
    -----
    Every accident has the limit of the year to itself: what two accidents of a year share is not taken off.
    """

    def take(accidents: Accidents, own: PolicyTerms) -> Floats:
        return np.array([accidents.loss.sum(), apply_terms(accidents, own).insured.sum()])

    return per_accident(laws, take, terms, seed=seed, blocks=blocks)


def expected_payments(laws: ZoneLaws, drawn: PerAccident, years: ZoneYears) -> tuple[Floats, float]:
    """Return what policies are expected to pay, shape (plants,), and the standard error of the sum [CNY/year].

    Parameters
    ----------
    laws : ZoneLaws
        Rates and laws.
    drawn : PerAccident
        From :func:`payments_per_accident`.
    years : ZoneYears
        Simulated under the same laws and terms: what the limit of the year takes off is theirs.

    Notes
    -----
    Rates times the mean payment of a drawn accident, less what accidents of one year cannot share; the latter is taken
    off all plants in proportion, and its luck is left out of the error, being so small a part.
    """
    rates = sort_rates(laws)
    paid = drawn.expected(rates, 1)
    whole = float(paid.sum())
    cut = float(years.uninsured_by_reason()[:, REASONS.index("annual_limit")].sum())
    left = max(1.0 - cut / whole, 0.0) if whole > 0.0 else 0.0
    return paid * left, drawn.error(rates, 1) * left
