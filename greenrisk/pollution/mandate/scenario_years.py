# SPDX-License-Identifier: Apache-2.0
"""What policies pay under every scenario of the mandate, year by year: what their premium is built up from.

What lives here: sums of a block by scenario, and the build-up. What does not: who has cover
(:mod:`greenrisk.pollution.mandate.enrolment`) and the rule of the build-up
(:mod:`greenrisk.pollution.liability.premium`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.streams import stream
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.premium import PlantPremiums, priced_plants
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.enrolment import Enrolled

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ScenarioSums:
    """Sums over years by scenario.

    Parameters
    ----------
    payment : array, shape (scenarios, plants)
        What the policy of each plant would pay if it had one [CNY].
    drawn : array, shape (scenarios, plants)
        What it pays in the years in which the plant has one [CNY].
    with_zone : array, shape (scenarios, plants)
        Products of these payments and those of the zone in the same year [CNY2].
    year : array, shape (years, scenarios)
        Payments of all policies in each year [CNY].
    """

    payment: Floats
    drawn: Floats
    with_zone: Floats
    year: Floats

    @classmethod
    def together(cls, parts: list[Self]) -> Self:
        """Put blocks together, in their order.

        Parameters
        ----------
        parts : list of ScenarioSums
            At least one.
        """
        payment, drawn, product = (
            np.sum([getattr(one, name) for one in parts], axis=0)
            for name in ("payment", "drawn", "with_zone")
        )
        return cls(payment, drawn, product, np.concatenate([one.year for one in parts]))


def scenario_sums(
    accidents: Accidents,
    own: PolicyTerms,
    raised: PolicyTerms,
    scenarios: tuple[Enrolled, ...],
    seed: int,
    block: int,
) -> ScenarioSums:
    """Return the sums of a block.

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    own, raised : PolicyTerms
        Terms of every plant that need not and that must insure.
    scenarios : tuple of Enrolled
        Who has cover with which chance.
    seed, block : int
        The scenario's seed and the block.

    Notes
    -----
    Every year draws anew which plants have cover, so that the worst years of the zone hold what is not known of that
    too; all scenarios share the draws. A plant that surely has cover, or surely has none, draws nothing.
    """
    plants = own.plants
    amount = [apply_terms(accidents, terms).total for terms in (own, raised)]
    luck = stream(seed, "mandate", "members", block=block).random((accidents.years, plants))
    has = luck[accidents.year, accidents.plant]
    count = len(scenarios)
    payment, drawn, product = (np.zeros((count, plants)) for _ in range(3))
    year = np.zeros((accidents.years, count))
    for k, one in enumerate(scenarios):
        paid = np.where(one.must[accidents.plant], amount[1], amount[0])
        member = np.where(has < one.chance[accidents.plant], paid, 0.0)
        year[:, k] = np.bincount(accidents.year, weights=member, minlength=accidents.years)
        for table, weights in (
            (payment, paid),
            (drawn, member),
            (product, member * year[accidents.year, k]),
        ):
            table[k] = np.bincount(accidents.plant, weights=weights, minlength=plants)
    return ScenarioSums(payment, drawn, product, year)


def scenario_premiums(sums: ScenarioSums, place: int, chance: Floats, loadings: Loadings) -> PlantPremiums:
    """Return the technical premium of a scenario by the build-up of the policies in force.

    Parameters
    ----------
    sums : ScenarioSums
        Of all blocks.
    place : int
        Which scenario.
    chance : array, shape (plants,)
        Probability that the plant has cover [unitless].
    loadings : Loadings
        Those of the premium.
    """
    years = sums.year.shape[0]
    mean = sums.drawn[place] / years
    covariance = sums.with_zone[place] / years - mean * mean.sum()
    pure = chance * sums.payment[place] / years
    return priced_plants(np.ascontiguousarray(sums.year[:, place]), pure, covariance, chance, loadings)
