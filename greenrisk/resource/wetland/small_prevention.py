# SPDX-License-Identifier: Apache-2.0
"""Prevention that the insurer of a small cover pays for: what it avoids, beside what it costs."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from greenrisk.actuarial.arguments import every, number
from greenrisk.core.card_roles import Role
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.variants import Values
from greenrisk.resource.perils.card_numbers import card_numbers

PREVENTION_USE: Final = "wetland.prevention"
"""Use of the card of prevention."""

KINDS: Final = ("old_trees", "wildlife_damage", "managers_liability")
"""Presets that prevention serves."""

_DOMAINS: Final = {
    **{f"most_{kind}": (0.0, 1.0 - 1e-9) for kind in KINDS},
    **{f"half_{kind}": (1e-6, math.inf) for kind in KINDS},
}

PREVENTION_ROLE: Final = Role(
    "card", PREVENTION_USE, tuple(_DOMAINS), units={f"half_{kind}": "CNY/year" for kind in KINDS}
)
"""What the card of prevention must hold."""


class PreventionNumbers(NamedTuple):
    """What prevention avoids for one preset."""

    most: float
    """Largest share of the damage that can be avoided [unitless]."""
    half: float
    """Spending on a unit that avoids half of it [CNY/year]."""


def prevention_numbers(kind: str, values: Values) -> PreventionNumbers:
    """Return the numbers of a card of use ``wetland.prevention`` for one preset, checked.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    values : mapping
        Values of the card.

    Raises
    ------
    ArgumentError
        With every number outside its domain, or for another preset.
    """
    if kind not in KINDS:
        raise ArgumentError(Fault("kind", f"kind = {kind}", f"Known: {', '.join(KINDS)}."))
    n = card_numbers(PREVENTION_USE, values, _DOMAINS)
    return PreventionNumbers(n[f"most_{kind}"], n[f"half_{kind}"])


def avoided_share(spend: float, numbers: PreventionNumbers) -> float:
    """Return the share of the damage that a yearly spending on each unit avoids, ``m (1 - 2^(-s / h))`` [unitless].

    Parameters
    ----------
    spend : float
        s, >= 0 [CNY/year].
    numbers : PreventionNumbers
        m and h.

    Raises
    ------
    ArgumentError
        If the spending is negative.
    """
    number("spend", spend, least=0.0, unit="CNY/year")
    return numbers.most * -math.expm1(-math.log(2.0) * spend / numbers.half)


def best_spend(loss_per_unit: float, numbers: PreventionNumbers) -> float:
    """Return the spending on each unit that leaves the least of loss and spending together.

    Parameters
    ----------
    loss_per_unit : float
        Expected loss of a unit without prevention, E >= 0 [CNY/year].
    numbers : PreventionNumbers
        m and h.

    Returns
    -------
    float
        ``h log2(m E ln 2 / h)``, where the last yuan saves a yuan; 0 where the first saves less [CNY/year].

    Raises
    ------
    ArgumentError
        If the loss is negative.
    """
    number("loss_per_unit", loss_per_unit, least=0.0, unit="CNY/year")
    first = numbers.most * loss_per_unit * math.log(2.0) / numbers.half
    return numbers.half * math.log2(first) if first > 1.0 else 0.0


class Prevented(NamedTuple):
    """What prevention for a cover costs and avoids."""

    spend: float
    """[CNY/year]"""
    saved: float
    """Payments avoided [CNY/year]."""
    per_yuan: float
    """Payments avoided by a yuan spent; below 1 the insurer does not get its money back [unitless]."""
    best: float
    """Spending that leaves the insurer the least of payments and spending together [CNY/year]."""


def prevented(
    units: float, spend_per_unit: float, pure: float, pure_left: float, numbers: PreventionNumbers
) -> Prevented:
    """Return what prevention for a cover costs and avoids.

    Parameters
    ----------
    units : float
        Units of the cover, > 0.
    spend_per_unit : float
        Yearly spending on each, > 0 [CNY/year].
    pure, pure_left : float
        Pure premium of the cover without prevention and with it, >= 0 [CNY/year].
    numbers : PreventionNumbers
        Of the card; for the best spending alone, which takes payments to fall with damage (no annual limit).

    Raises
    ------
    ArgumentError
        With every argument outside its domain.
    """
    every(
        lambda: number("units", units, above=0.0),
        lambda: number("spend_per_unit", spend_per_unit, above=0.0, unit="CNY/year"),
        lambda: number("pure", pure, least=0.0, unit="CNY/year"),
        lambda: number("pure_left", pure_left, least=0.0, unit="CNY/year"),
    )
    spend, saved = units * spend_per_unit, pure - pure_left
    return Prevented(spend, saved, saved / spend, units * best_spend(pure / units, numbers))
