# SPDX-License-Identifier: Apache-2.0
"""Catalogues of accidents by class of cost, drawn from the laws, and how sure what is read off them is.

What lives here: the catalogue of every plant from accidents that all plants share, and intervals over resampled blocks.
What does not: what is read off a catalogue (:mod:`greenrisk.pollution.mandate.spain_rule`,
:mod:`greenrisk.pollution.mandate.plant_limits`).

A plant has too few accidents of its own in any number of simulated years for the deep quantiles that rules ask for. A
million accidents drawn from its law have enough; its rates by sort, known in closed form, weigh them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.streams import stream
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.per_accident import BLOCKS, PerAccident, per_accident, sort_rates
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.mandate.limit_sums import liability
from greenrisk.pollution.mandate.spain_rule import CLASS_EDGES, Catalogue, catalogue_part

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST: Final = 5_000
"""Fewest drawn accidents with a liability that a catalogue is read from."""

RESAMPLED: Final = 200
"""Resampled catalogues behind an interval."""

_ENDS: Final = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class DrawnCatalogue:
    """Accidents of all plants by class of cost, drawn from their laws.

    Parameters
    ----------
    drawn : PerAccident
        Number and money of each class of cost for a mean accident of each block: the number of class c is part 2 c, its
        money part 2 c + 1.
    rates : array, shape (plants, sorts)
        Accidents by sort [1/year].
    seed : int
        Seed of the resampling.
    """

    drawn: PerAccident
    rates: Floats
    seed: int

    @classmethod
    def of(cls, laws: ZoneLaws, terms: PolicyTerms, seed: int, blocks: int = BLOCKS) -> DrawnCatalogue:
        """Draw the accidents.

        Parameters
        ----------
        laws : ZoneLaws
            Rates and laws.
        terms : PolicyTerms
            Terms of every plant, insured all of them; their limits do not count.
        seed, blocks : int
            The scenario's seed; how many blocks of accidents.
        """

        def take(accidents: Accidents, own: PolicyTerms) -> Floats:
            return catalogue_part(accidents, liability(accidents, own), 1).ravel()

        drawn = per_accident(laws, take, terms.without_limits(), seed=seed, blocks=blocks)
        return cls(drawn, sort_rates(laws), seed)

    def catalogue(self, weights: Floats | None = None) -> Catalogue:
        """Return the catalogue of every plant.

        Parameters
        ----------
        weights : array, shape (blocks,), optional
            How often each block counts; empty: once.
        """
        count = np.ones(self.drawn.mean.shape[0]) if weights is None else weights
        mean = np.tensordot(count / count.sum(), self.drawn.mean, axes=1)
        of_plant = np.einsum("ps,psk->pk", self.rates, mean[self.drawn.alike.which])
        number, money = of_plant[:, 0::2], of_plant[:, 1::2]
        edges = np.broadcast_to(CLASS_EDGES, number.shape)
        return Catalogue(number, np.divide(money, number, out=edges.copy(), where=number > 0.0))

    @property
    def behind(self) -> Floats:
        """Drawn accidents with a liability behind the catalogue of each plant, shape (plants,)."""
        share = self.drawn.mean[..., 0::2].sum(axis=3).mean(axis=0)[self.drawn.alike.which]
        likely = np.where(self.rates > 0.0, share, 0.0)
        return np.asarray(likely.max(axis=1) * self.drawn.accidents)

    @property
    def enough(self) -> Flags:
        """Whether the catalogue of a plant has accidents enough to be read, shape (plants,)."""
        return np.asarray(self.behind >= LEAST)

    def interval(self, read: Callable[[Catalogue], Floats]) -> tuple[Floats, Floats]:
        """Return the ends of the 90 % interval of what is read off the catalogue, as far as the draws leave it open.

        Parameters
        ----------
        read : callable
            Reads an array from a catalogue.

        Notes
        -----
        Quantiles over catalogues of as many blocks, drawn with replacement from those there are (bootstrap).
        """
        blocks = self.drawn.mean.shape[0]
        rng = stream(self.seed, "mandate", "catalogue")
        found = [
            read(
                self.catalogue(np.bincount(rng.integers(blocks, size=blocks), minlength=blocks).astype(float))
            )
            for _ in range(RESAMPLED)
        ]
        low, high = np.quantile(np.array(found), _ENDS, axis=0)
        return low, high
