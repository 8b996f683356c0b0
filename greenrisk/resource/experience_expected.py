# SPDX-License-Identifier: Apache-2.0
"""Own years beside the model: what it expects of them, how much they vary, and which parameters set the level."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from greenrisk.actuarial.credibility.level import LevelUpdate, LognormalLevel, persistent_years
from greenrisk.core.cards import Z_90, Card, Parameter
from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.resource.experience import Experience
from greenrisk.resource.experience_table import ALL
from greenrisk.resource.perils.fire_counts import count_law
from greenrisk.resource.perils.listing import SCALE_ROLE
from greenrisk.resource.pilot import Pilot

Floats = NDArray[np.float64]

FIRE: Final = "wildfire"
"""The peril whose level its own cards carry; all others share the common scale too."""

LEVELS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    FIRE: ("local", ("relative_hazard",)),
    "storm": ("storm", ("storms_per_100_km",)),
    "snow_ice": ("snow_ice", ("spells_a_year",)),
    "drought": ("drought", ("probability",)),
    "flood": ("flood", ("rainstorms_per_10000_km2",)),
    "pest": ("pest", ("wilt_rate", "leaf_rate")),
}
"""Role of the card and its parameters that set how often a peril strikes; where there are two, each is taken to make
half of the cost."""

PERSISTENCE: Final[Mapping[str, str]] = {"pest": "wilt_persistence"}
"""Parameter that says how much a year of a peril leans on the year before. The model draws years independently, own
years are not; for pests the chance of an outbreak to live on is taken, too much for the leaf feeders."""


def log_sd(parameter: Parameter) -> float:
    """Return the standard deviation of the logarithm that a range stands for, the mean of both sides [unitless]."""
    low, high = parameter.ends()
    return math.log(float(high) / float(low)) / (2 * Z_90)


def check_level_cards(cards: Mapping[str, Card], kinds: tuple[str, ...]) -> None:
    """Refuse level parameters that are not > 0 by their range.

    Raises
    ------
    ArgumentError
        With every parameter whose range is neither lognormal nor logit_normal.
    """
    faults = Faults()
    wanted = [(cards[LEVELS[kind][0]], name) for kind in kinds for name in LEVELS[kind][1]]
    if any(kind != FIRE for kind in kinds):
        wanted.append((cards[SCALE_ROLE], "scale"))
    for card, name in wanted:
        distribution = card.parameters[name].range.distribution
        if distribution not in ("lognormal", "logit_normal"):
            faults.add(
                f"card {card.name}",
                f"{name}.range.distribution = {distribution}",
                "Own experience updates a lognormal or logit_normal range only. State the range as lognormal.",
            )
    faults.raise_if_any(ArgumentError)


def prior_level(card: Card, names: tuple[str, ...], width: float = 1.0) -> LognormalLevel:
    """Return what a card says of a level, relative to its values: the mean of independent lognormal rates.

    Parameters
    ----------
    card : Card
        The card.
    names : tuple of str
        Parameters that make the level.
    width : float
        Factor on the widths of their ranges, of the logarithm [unitless].
    """
    parts = [LognormalLevel(1.0, width * log_sd(card.parameters[name])) for name in names]
    if len(parts) == 1:
        return parts[0]
    mean = sum(part.mean for part in parts) / len(parts)
    variance = sum((part.mean * part.cv) ** 2 for part in parts) / len(parts) ** 2
    return LognormalLevel.from_mean_cv(mean, math.sqrt(variance) / mean)


def width_for(card: Card, names: tuple[str, ...], wanted: float) -> float:
    """Return the factor on the widths of ranges that gives their level a standard deviation of the logarithm.

    Parameters
    ----------
    card, names
        As for :func:`prior_level`.
    wanted : float
        > 0 [unitless].
    """
    first = prior_level(card, names).log_sd
    if len(names) == 1:
        return wanted / first
    # Sums of skewed rates are less wide than their parts: a few times the proportion is always enough.
    return float(
        brentq(lambda width: prior_level(card, names, width).log_sd - wanted, 0.0, 9 * wanted / first + 1)
    )


def expected_losses(
    cards: Mapping[str, Card],
    experience: Experience,
    pilot: Pilot,
    underwriting_year: int,
    nonfire_trend: float,
) -> tuple[Floats, Floats]:
    """Return expected losses and their variance, shape (year, peril + 1) [CNY, CNY^2].

    Parameters
    ----------
    cards : mapping of str to Card
        By role; that of the occurrence of fires holds their trend.
    experience : Experience
        Own years.
    pilot : Pilot
        Mean and variance of the model's years, by peril and in all.
    underwriting_year : int
        Year that the pilot stands for.
    nonfire_trend : float
        Yearly change of the cost of all perils but fire [1/year].

    Notes
    -----
    The pilot's mean by mu, times the insured mu of the year, its sum insured by mu over the book's, and a trend to the
    year: of fire by its card's counts, held before the card's first year, where its trend was not seen; of the others
    by ``nonfire_trend``. A trend is one of how often perils strike,
    so that variances take it once.
    """
    back = experience.years - underwriting_year
    trend = np.repeat((1 + nonfire_trend) ** back[:, None].astype(np.float64), len(pilot.kinds), axis=1)
    if FIRE in pilot.kinds:
        values, constants = cards["occurrence"].values(), cards["occurrence"].constants
        now, first = count_law(values, constants, underwriting_year).mean, int(constants["first_year"])
        trend[:, pilot.kinds.index(FIRE)] = [
            count_law(values, constants, max(int(year), first)).mean / now for year in experience.years
        ]
    size = experience.sum_insured / pilot.value_per_mu
    mean = size[:, None] * trend * pilot.mean[None, :-1]
    whole = size * pilot.mean[-1]
    of_all = np.where(whole > 0, mean.sum(axis=1) / np.where(whole > 0, whole, 1.0), 1.0)
    variance = (
        size[:, None] ** 2 * np.column_stack([trend, of_all]) * pilot.variance_of(experience.insured_mu)
    )
    return np.column_stack([mean, mean.sum(axis=1)]), variance


class Seen:
    """Own losses beside expected ones and their variances, development and persistence included.

    Parameters
    ----------
    cards : mapping of str to Card
        By role.
    experience : Experience
        Own years, developed.
    kinds : tuple of str
        The perils.
    expected, variance : array, shape (year, peril + 1)
        As :func:`expected_losses` returns them [CNY, CNY^2].
    """

    def __init__(
        self,
        cards: Mapping[str, Card],
        experience: Experience,
        kinds: tuple[str, ...],
        expected: Floats,
        variance: Floats,
    ) -> None:
        self.experience, self.kinds, self.expected = experience, kinds, expected
        self.variance = variance
        self.correlation = {
            kind: float(cards[LEVELS[kind][0]].parameters[name].value)
            for kind, name in PERSISTENCE.items()
            if kind in kinds
        }

    def rows(self, kind: str) -> NDArray[np.bool_]:
        """Return the years in which a peril is known."""
        known = self.experience.by_peril
        return np.ones_like(known) if kind == ALL else known

    def column(self, kind: str) -> int:
        """Return the column of a peril."""
        return len(self.kinds) if kind == ALL else self.kinds.index(kind)

    def sums(self, kind: str, rows: NDArray[np.bool_]) -> tuple[float, float, float]:
        """Return ultimate and expected losses of some years, and the variance of the former."""
        column, n = self.column(kind), int(rows.sum())
        actual = self.experience.ultimate[rows, column]
        of_year = self.experience.ultimate[rows, -1]
        share = np.where(of_year > 0, actual / np.where(of_year > 0, of_year, 1.0), 0.0)
        variance = float(self.variance[rows, column].sum())
        for peril, correlation in self.correlation.items():
            if kind in (peril, ALL):
                leaning = float(self.variance[rows, self.column(peril)].sum())
                variance += leaning * (persistent_years(n, correlation) - 1)
        developed = float(np.square(share * self.experience.development_error[rows]).sum())
        return float(actual.sum()), float(self.expected[rows, column].sum()), variance + developed

    def of_peril(self, kind: str, belief: LognormalLevel) -> LevelUpdate | None:
        """Return the update by the years known by peril; None where there is nothing to compare."""
        rows = self.rows(kind)
        if not rows.any():
            return None
        actual, expected, variance = self.sums(kind, rows)
        return belief.update(actual, expected, variance) if expected > 0 and variance > 0 else None

    def of_all(self, belief: LognormalLevel) -> LevelUpdate | None:
        """Return the update of the sum of all perils by all years: for its ratio and interval."""
        actual, expected, variance = self.sums(ALL, self.rows(ALL))
        return belief.update(actual, expected, variance) if expected > 0 and variance > 0 else None
