# SPDX-License-Identifier: Apache-2.0
"""Deviations from a baseline: how they are applied, and which part of a shock is taken.

What lives here: arithmetic. What does not: series and their years (:mod:`greenrisk.pathways.series`).

References
----------
NGFS Climate Scenarios technical documentation, phase 5 (November 2024): NiGEM results are differences from a baseline
without transition and physical shocks (as read in the methods handbook, section 2).
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import Fault
from greenrisk.pathways.errors import DeviationAsLevel, PathwayError
from greenrisk.pathways.units import Floats

Member = Literal["auto", "transition", "physical", "combined", "combined_no_bus"]
"""Which part of a shock is asked for; `auto` leaves it to :func:`member_for`."""

FIRST_ORDER: Final = (
    "The member `transition` is made of the others: combined without physical. Where a table holds all three, the two "
    "differ by the interaction and by the shock to confidence, for China in NGFS phase 5 by up to 0.4 points of GDP, "
    "0.2 of the long rate, 0.6 of the policy rate, 0.4 of inflation and 3.1 of equity prices."
)
"""What is told where the transition member is made of the others (measured on NiGEM v1.24.2)."""


def apply_deviation(level: ArrayLike, deviation: ArrayLike, kind: str) -> Floats:
    """Return a level with a deviation applied.

    Parameters
    ----------
    level : array_like
        Baseline: any unit for ``deviation_percent``; a rate as a fraction (0.03 for 3 %) for ``deviation_points``.
    deviation : array_like
        Deviation [percent, or percentage points].
    kind : str
        ``deviation_percent`` or ``deviation_points``.

    Raises
    ------
    DeviationAsLevel
        Where ``kind`` says that the second argument is a level.

    Notes
    -----
    ``level * (1 + x / 100)`` for percent, ``rate + x / 100`` for points.

    Examples
    --------
    >>> float(apply_deviation(200.0, -5.0, "deviation_percent"))
    190.0
    """
    base, change = np.asarray(level, dtype=float), np.asarray(deviation, dtype=float)
    if kind == "deviation_percent":
        return np.asarray(base * (1.0 + change / 100.0))
    if kind == "deviation_points":
        return np.asarray(base + change / 100.0)
    raise DeviationAsLevel(
        Fault(
            "apply_deviation",
            f"kind = {kind}",
            "Must be deviation_percent or deviation_points: no level is added.",
        )
    )


def member_for(asked: Member, physical_by_site: bool) -> str:
    """Return which part of a macro-financial shock is taken.

    Parameters
    ----------
    asked : str
        The user's word; ``auto`` takes ``transition`` where physical damage is reckoned by site, else ``combined``.
    physical_by_site : bool
        Whether a channel reckons physical damage at the issuers' sites.

    Raises
    ------
    PathwayError
        Where physical damage would count twice: by site, and in the macro-financial deviations.
    """
    if asked == "auto":
        return "transition" if physical_by_site else "combined"
    if physical_by_site and asked != "transition":
        mend = (
            "Physical damage by site is on, and this member holds physical damage too: it would count twice. "
            "Write `transition`, or switch the channel off."
        )
        raise PathwayError(Fault("pathways", f"member = {asked}", mend))
    return asked


def transition_from(combined: ArrayLike, physical: ArrayLike, kind: str) -> Floats:
    """Return the transition member made of the combined and the physical one.

    Parameters
    ----------
    combined, physical : array_like
        Deviations of the two members [percent, or percentage points].
    kind : str
        ``deviation_percent`` or ``deviation_points``.

    Notes
    -----
    Percent: ``((1 + c/100) / (1 + p/100) - 1) * 100``; points: ``c - p``. A first order, see :data:`FIRST_ORDER`.
    """
    both, damage = np.asarray(combined, dtype=float), np.asarray(physical, dtype=float)
    if kind == "deviation_percent":
        return np.asarray(((1.0 + both / 100.0) / (1.0 + damage / 100.0) - 1.0) * 100.0)
    return np.asarray(both - damage)
