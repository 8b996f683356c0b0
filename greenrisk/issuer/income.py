# SPDX-License-Identifier: Apache-2.0
"""Income of a year under the channels, in levels, and its change, which is known even where a level is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.issuer.channels.base import Effects, Setting

Floats = NDArray[np.float64]

PASS_ROLE: Final = "statement_pass"
"""Role of the card."""


@dataclass(frozen=True, eq=False)
class Income:
    """Lines of income, over (variant, scenario, issuer, year) [million/year].

    Parameters
    ----------
    revenue, variable_cost, fixed_cost, depreciation, charges, ebit : array
        Levels; NaN where a line of the statement is missing.
    change : array
        EBIT less what it is without any channel; known even where the level is not.
    """

    revenue: Floats
    variable_cost: Floats
    fixed_cost: Floats
    depreciation: Floats
    charges: Floats
    ebit: Floats
    change: Floats


def income_of(setting: Setting, effects: Effects) -> Income:
    """Return income under the channels.

    Parameters
    ----------
    setting : Setting
        The block.
    effects : Effects
        What the channels wrote; empty effects give the statement as it is.

    Notes
    -----
    With g the growth, P the price, Q the quantity, k what is kept of fixed cost and wear where plant is closed for good
    (1 - phi (1 - plant), phi of the card): R' = g R P Q, VC' = g Q (VC + dVC), F' = g F k, D' = g D k + new,
    EBIT' = R' - VC' - F' - D' - charges. A line that is missing harms only where the channels move what it is
    multiplied with.
    """
    growth, price, quantity = effects.growth, effects.get("price"), effects.quantity
    base = {
        name: setting.of_issuer(setting.issuers.line(name)) * growth
        for name in ("revenue", "variable_cost", "fixed_cost", "depreciation", "ebit")
    }
    input_cost, new, charges = (
        effects.get("input_cost") * growth,
        effects.get("new_depreciation"),
        effects.charges,
    )
    closed = 1.0 - np.minimum(effects.get("plant"), 1.0)
    kept = 1.0 - (setting.parameter(PASS_ROLE, "fixed_cost_follows") * closed if closed.any() else closed)
    change = (
        times(base["revenue"], price * quantity - 1.0)
        - times(base["variable_cost"], quantity - 1.0)
        - times(base["fixed_cost"], kept - 1.0)
        - times(base["depreciation"], kept - 1.0)
        - input_cost * quantity
        - new
        - charges
    )
    return Income(
        revenue=base["revenue"] * price * quantity,
        variable_cost=(base["variable_cost"] + input_cost) * quantity,
        fixed_cost=base["fixed_cost"] * kept,
        depreciation=base["depreciation"] * kept + new,
        charges=charges,
        ebit=base["ebit"] + change,
        change=change,
    )


def times(level: Floats, moved: Floats) -> Floats:
    """Return the product, 0 where nothing moves whatever the level; arrays that broadcast."""
    return np.where(moved == 0.0, 0.0, level * moved)
