# SPDX-License-Identifier: Apache-2.0
"""Variants of the forest model: the central cards, joint draws of all cards, and one parameter at a time.

A variant is nothing but numbers: the values of every card, and the cap on the size of a fire. All variants
are simulated on the same random streams (common random numbers), so that their differences are differences
of knowledge and not of luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from greenrisk.core.cards import Z_90, Card, Parameter
from greenrisk.core.streams import stream

Values = Mapping[str, float | str]

FIRE_ROLES = ("occurrence", "size", "tail", "damage", "local")
"""Roles of the cards of wildfire."""


@dataclass(frozen=True)
class Variant:
    """One set of parameter values.

    Parameters
    ----------
    values : mapping of str to mapping
        Parameter values by the role of the card (``occurrence``, ``size``, ...) and the parameter's name.
    cap_ha : float or None
        Largest possible fire [ha]; None: the exposed forest area.
    neutral : mapping of str to float
        By the kind of a judged peril, what its numbers do to the mean cost at a given level; the number of its events
        is divided by it (see :mod:`greenrisk.resource.level_neutral`) [unitless]. A kind that is missing has 1.
    """

    values: Mapping[str, Values]
    cap_ha: float | None
    neutral: Mapping[str, float] = field(default_factory=dict)

    def with_value(self, role: str, name: str, value: float | str) -> Variant:
        """Return the variant with one parameter changed."""
        changed = {**self.values, role: {**self.values[role], name: value}}
        return replace(self, values=changed)

    def same_peril(self, other: Variant, kind: str) -> bool:
        """Return whether a peril has the same law in another variant.

        Parameters
        ----------
        other : Variant
            The other one.
        kind : str
            ``wildfire``, or the kind of a peril with one card.
        """
        if kind == "wildfire":
            return self.cap_ha == other.cap_ha and all(
                self.values[role] == other.values[role] for role in FIRE_ROLES
            )
        return (
            self.values[kind] == other.values[kind]
            and self.values["nonfire"] == other.values["nonfire"]
            and self.neutral.get(kind, 1.0) == other.neutral.get(kind, 1.0)
        )


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


@dataclass(frozen=True)
class VariantPlan:
    """All variants of a run in a fixed order: base, joint draws, range ends, printed alternatives."""

    variants: tuple[Variant, ...]
    draws: int
    ends: tuple[End, ...]
    alternatives: tuple[tuple[float, float | None], ...]

    @property
    def first_end(self) -> int:
        """Index of the first range end."""
        return 1 + self.draws

    @property
    def first_alternative(self) -> int:
        """Index of the first printed alternative."""
        return self.first_end + len(self.ends)


def central(cards: Mapping[str, Card], cap_ha: float | None) -> Variant:
    """Return the variant in which every parameter has its card's value."""
    return Variant({role: card.values() for role, card in cards.items()}, cap_ha)


def plan_variants(
    cards: Mapping[str, Card],
    cap_ha: float | None,
    seed: int,
    draws: int,
    shapes: tuple[float, ...],
    caps_ha: tuple[float | None, ...],
) -> VariantPlan:
    """Lay out every variant of a run.

    Parameters
    ----------
    cards : mapping of str to Card
        Cards by role; the tail card's role is ``tail`` and its shape parameter is ``shape``.
    cap_ha : float or None
        The scenario's own cap [ha].
    seed : int
        Seed of the joint draws; they do not depend on the number of simulated years.
    draws : int
        Number of joint draws.
    shapes, caps_ha : tuples
        Tail shapes [unitless] and caps [ha] for which results are printed.
    """
    base = central(cards, cap_ha)
    joint = []
    uniforms = {
        role: stream(seed, "knowledge", role).random((draws, len(card.parameters)))
        for role, card in cards.items()
    }
    for k in range(draws):
        joint.append(Variant({role: card.draw(uniforms[role][k]) for role, card in cards.items()}, cap_ha))
    ends = [
        End(role, name, side, value)
        for role, card in cards.items()
        for name, parameter in card.parameters.items()
        for side, value in _ends(parameter)
    ]
    moved = [base.with_value(end.role, end.name, end.value) for end in ends]
    grid = [(shape, cap) for shape in shapes for cap in caps_ha]
    printed = [replace(base.with_value("tail", "shape", shape), cap_ha=cap) for shape, cap in grid]
    return VariantPlan((base, *joint, *moved, *printed), draws, tuple(ends), tuple(grid))


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
    The chain from fires to premium is mostly a product, so that logarithms add up where swings do not.
    """
    if not (low > 0 and high > 0):
        return 0.0
    swing = abs(math.log(high / low))
    if distribution == "uniform":
        return swing**2 / 12.0
    if distribution == "choice":
        return swing**2 / 4.0
    return (swing / (2.0 * Z_90)) ** 2


def interval_of(values: np.ndarray) -> tuple[float, float]:
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


def interval_ratio(values: np.ndarray, base: float) -> tuple[float, float]:
    """Return the 5 % and 95 % quantiles of a quantity over the joint draws, relative to the base variant.

    The base and the draws share their random streams; the ratio takes most of the simulation error out. A base
    of zero has no ratio: NaN.
    """
    if not base > 0:
        return float("nan"), float("nan")
    return interval_of(values / base)
