# SPDX-License-Identifier: Apache-2.0
"""Variants of a model: the central cards, joint draws of all cards, and one parameter at a time.

A variant is nothing but numbers: the values of every card. All variants of a run are simulated on the same random
streams (common random numbers), so that their differences are differences of knowledge and not of luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.cards import Z_90, Card, Parameter
from greenrisk.core.streams import stream

Values = Mapping[str, float | str]
"""Parameter values of a card by name."""

CardValues = Mapping[str, Values]
"""Parameter values by the role of the card and the parameter's name."""


@dataclass(frozen=True)
class End:
    """One end of one parameter's range, or one option of a choice: what a bar of the tornado is drawn from.

    Parameters
    ----------
    role, name : str
        The card's role, and the parameter.
    side : str
        ``low``, ``high`` or ``option``.
    value : float or str
        The parameter's value there, in its unit.
    """

    role: str
    name: str
    side: str
    value: float | str


def central_values(cards: Mapping[str, Card]) -> CardValues:
    """Return the values of all cards, every parameter at its card's value."""
    return {role: card.values() for role, card in cards.items()}


def joint_draws(cards: Mapping[str, Card], seed: int, draws: int) -> list[CardValues]:
    """Return joint draws of all cards; they do not depend on the number of simulated years.

    Parameters
    ----------
    cards : mapping of str to Card
        Cards by role.
    seed : int
        Seed of the draws.
    draws : int
        How many.
    """
    uniforms = {
        role: stream(seed, "knowledge", role).random((draws, len(card.parameters)))
        for role, card in cards.items()
    }
    return [{role: card.draw(uniforms[role][k]) for role, card in cards.items()} for k in range(draws)]


def range_ends(cards: Mapping[str, Card]) -> list[End]:
    """Return both ends of the range of every parameter, and every option of a choice, in the order of the cards."""
    return [
        End(role, name, side, value)
        for role, card in cards.items()
        for name, parameter in card.parameters.items()
        for side, value in _ends(parameter)
    ]


def with_value(values: CardValues, role: str, name: str, value: float | str) -> CardValues:
    """Return the values with one parameter changed."""
    return {**values, role: {**values[role], name: value}}


def _ends(parameter: Parameter) -> list[tuple[str, float | str]]:
    """Return both ends of a range, or every option of a choice."""
    if parameter.range.distribution == "choice":
        return [("option", option) for option in parameter.range.options]
    low, high = parameter.ends()
    return [("low", low), ("high", high)]


def first_order_variance(low: float, high: float, distribution: str) -> float:
    """Return the variance of the logarithm of a result that a swing between the ends of a range stands for.

    Parameters
    ----------
    low, high : float
        The result at both ends, > 0; 0 and NaN count as no swing.
    distribution : str
        Law of the range: ``uniform`` has hard ends, ``choice`` two equally likely ones, in all others the ends
        are the 5 % and 95 % quantiles.

    Notes
    -----
    The chain from occurrence to premium is mostly a product, so that logarithms add up where swings do not.
    """
    if not (low > 0 and high > 0):
        return 0.0
    swing = abs(math.log(high / low))
    if distribution == "uniform":
        return swing**2 / 12.0
    if distribution == "choice":
        return swing**2 / 4.0
    return (swing / (2.0 * Z_90)) ** 2


def interval_of(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 5 % and 95 % quantiles of a quantity over the joint draws.

    Parameters
    ----------
    values : array, shape (draws,)
        NaN where the simulated years of a draw do not reach far enough into its tail.

    Returns
    -------
    (float, float)
        Draws that are not known count as the largest: their tail is the heavier one. NaN for an end that lies among
        them.
    """
    known = np.sort(values[~np.isnan(values)])
    if known.size == values.size:
        low, high = np.quantile(values, [0.05, 0.95])
        return float(low), float(high)
    ends = []
    for level in (0.05, 0.95):
        place = level * (values.size - 1)
        below, above = math.floor(place), math.ceil(place)
        if above < known.size:
            ends.append(float(known[below] + (known[above] - known[below]) * (place - below)))
        else:
            ends.append(math.nan)
    return ends[0], ends[1]


def interval_ratio(values: NDArray[np.float64], base: float) -> tuple[float, float]:
    """Return the 5 % and 95 % quantiles of a quantity over the joint draws, relative to the base variant.

    The base and the draws share their random streams; the ratio takes most of the simulation error out. A base
    of zero has no ratio: NaN.
    """
    if not base > 0:
        return float("nan"), float("nan")
    return interval_of(values / base)
