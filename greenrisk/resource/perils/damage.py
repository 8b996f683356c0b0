# SPDX-License-Identifier: Apache-2.0
"""How much of a burnt stand is lost: the damage degree by species group and age class.

The degree follows a beta law for each species group and age class; one uniform for each fire, its intensity,
drives all stands that it burns (a hot fire is hot for all of them). The parameters are judged, not fitted:
no table of damage degrees of Chinese stands is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit

from greenrisk.resource.book import SPECIES_GROUPS

AGE_CLASSES: Final = ("young", "middle", "old")
"""Age classes; a code is the index into this tuple."""

MIDDLE_FROM: Final = {"conifer": 11, "broadleaf": 21, "mixed": 16, "bamboo": 3}
OLD_FROM: Final = {"conifer": 26, "broadleaf": 51, "mixed": 36, "bamboo": 7}
"""First age of the classes middle and old [year]. After the habit of Chinese age groups (龄组: fir young to
10, mature from 26; moso bamboo young to 2, old from 7); the standard's text (LY/T 2908-2017) was not at
hand: unconfirmed."""

TABLE_CELLS: Final = 512
"""Cells of the quantile table of a damage law; linear between its nodes."""


@dataclass(frozen=True, eq=False)
class DamageLaw:
    """Quantile tables of the damage degree.

    Parameters
    ----------
    table : array, shape (species groups, age classes, TABLE_CELLS + 1)
        Damage degree at equispaced probabilities from 0 to 1 [unitless].
    """

    table: NDArray[np.float64]

    def degree(
        self,
        uniform: NDArray[np.float64],
        species: NDArray[np.int64],
        age_class: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Return the damage degree of each hit.

        Parameters
        ----------
        uniform : array, shape (hits,)
            Intensity of the fire, uniform on [0, 1): the same for all hits of one fire.
        species : array of int, shape (hits,)
            Index into :data:`~greenrisk.resource.book.SPECIES_GROUPS`.
        age_class : array of int, shape (hits,)
            Index into :data:`AGE_CLASSES`.

        Returns
        -------
        array, shape (hits,)
            In [0, 1], non-decreasing in the intensity [unitless].
        """
        place = np.asarray(uniform, dtype=np.float64) * TABLE_CELLS
        cell = np.minimum(place.astype(np.int64), TABLE_CELLS - 1)
        low = self.table[species, age_class, cell]
        high = self.table[species, age_class, cell + 1]
        return np.asarray(low + (place - cell) * (high - low))


def damage_law(values: Mapping[str, float | str]) -> DamageLaw:
    """Tabulate the damage laws of a card.

    Parameters
    ----------
    values : mapping
        ``median_<species group>``: median damage degree at middle age, in (0, 1) [unitless];
        ``odds_young``, ``odds_old``: factors on the odds of the median for the other ages, > 0 [unitless];
        ``concentration``: a + b of the beta law, > 0: the larger, the less fires differ [unitless].

    Returns
    -------
    DamageLaw
        One quantile table for each species group and age class.

    Notes
    -----
    The beta law with concentration k has parameters a = k * m and b = k * (1 - m); its mean m is solved for,
    such that the median is the card's. Quantiles by inversion of the regularised incomplete beta function.
    """
    names = (*(f"median_{name}" for name in SPECIES_GROUPS), "odds_young", "odds_old", "concentration")
    return _law(tuple(float(values[name]) for name in names))


@lru_cache(maxsize=16)  # blocks of one variant share the law; a pure function of seven numbers
def _law(numbers: tuple[float, ...]) -> DamageLaw:
    *medians, odds_young, odds_old, concentration = numbers
    factors = np.log([odds_young, 1.0, odds_old])
    median = expit(logit(np.array(medians))[:, None] + factors[None, :])
    mean = _mean_of(median, concentration)[..., None]
    probability = np.linspace(0.0, 1.0, TABLE_CELLS + 1)
    return DamageLaw(np.asarray(betaincinv(concentration * mean, concentration * (1 - mean), probability)))


def damage_degree(
    u_event: NDArray[np.float64],
    species: NDArray[np.int64],
    age: NDArray[np.float64],
    values: Mapping[str, float | str],
) -> NDArray[np.float64]:
    """Return the damage degree of each hit: :func:`age_class`, :func:`damage_law`, :meth:`DamageLaw.degree`
    in one.

    Parameters
    ----------
    u_event : array, shape (hits,)
        Intensity of the fire, uniform on [0, 1).
    species : array of int, shape (hits,)
        Index into :data:`~greenrisk.resource.book.SPECIES_GROUPS`.
    age : array, shape (hits,)
        Age of the stand [year].
    values : mapping
        As for :func:`damage_law`.

    Returns
    -------
    array, shape (hits,)
        In [0, 1] [unitless].
    """
    return damage_law(values).degree(u_event, species, age_class(species, age))


def age_class(species: NDArray[np.int64], age: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the age class of each stand.

    Parameters
    ----------
    species : array of int, shape (stands,)
        Index into :data:`~greenrisk.resource.book.SPECIES_GROUPS`.
    age : array, shape (stands,)
        Age [year].

    Returns
    -------
    array of int, shape (stands,)
        Index into :data:`AGE_CLASSES`.
    """
    middle = np.array([MIDDLE_FROM[name] for name in SPECIES_GROUPS])
    old = np.array([OLD_FROM[name] for name in SPECIES_GROUPS])
    return (age >= middle[species]).astype(np.int64) + (age >= old[species])


def _mean_of(median: NDArray[np.float64], concentration: float) -> NDArray[np.float64]:
    """Return the means of beta laws with the given medians, by bisection to 1e-12."""
    low, high = np.zeros_like(median), np.ones_like(median)
    for _ in range(40):
        mean = (low + high) / 2
        below = betaincinv(concentration * mean, concentration * (1 - mean), 0.5) < median
        low, high = np.where(below, mean, low), np.where(below, high, mean)
    return (low + high) / 2
