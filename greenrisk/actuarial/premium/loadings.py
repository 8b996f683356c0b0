# SPDX-License-Identifier: Apache-2.0
"""Loadings of a premium: ratios of the gross premium, cost of capital, fixed expenses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from greenrisk.actuarial.arguments import keep, within
from greenrisk.core.errors import ArgumentError, Fault, Faults

_SHARES = ("expenses", "commission", "tax", "profit", "cost_of_capital")
"""What a card must say, though it may be 0; shares of the premium or of the capital."""


@dataclass(frozen=True)
class Loadings:
    """Loadings of the gross premium.

    Parameters
    ----------
    expenses, commission, tax, profit : float
        Ratios of gross premium [unitless], in [0, 1], with a sum below 1.
    cost_of_capital : float
        Yearly return asked on the capital at risk [1/year], in [0, 1].
    fixed_expenses : float
        Expenses that do not depend on the premium [currency per unit of exposure], >= 0; 0: none.
    capital_share : float
        Share of the book's stand-alone capital that the insurer needs for it beside everything else it
        carries [unitless], >= 0; 1: nothing diversifies the book.
    """

    expenses: float = 0.0
    commission: float = 0.0
    tax: float = 0.0
    profit: float = 0.0
    cost_of_capital: float = 0.0
    fixed_expenses: float = 0.0
    capital_share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse negative loadings and ratios that leave nothing for losses."""
        share, amount = within(least=0.0, most=1.0), within(least=0.0)
        keep(self, **{field.name: share if field.name in _SHARES else amount for field in fields(self)})
        if self.ratio >= 1:
            raise ArgumentError(
                Fault(
                    "loadings",
                    f"expenses + commission + tax + profit = {self.ratio:.6g}",
                    "The ratios of gross premium must sum to less than 1: nothing would be left for losses.",
                    "unitless",
                )
            )

    @classmethod
    def from_values(cls, values: Mapping[str, float | str]) -> Loadings:
        """Return the loadings from the values (or one draw) of a card with use ``premium.loadings``.

        Parameters
        ----------
        values : mapping of str to float
            Parameters by name; ``fixed_expenses`` and ``capital_share`` may be absent.
        """
        faults = Faults()
        names = [field.name for field in fields(cls)]
        for name in _SHARES:
            if name not in values:
                faults.add(
                    "loadings", f"no parameter {name}", f"A card of loadings needs {', '.join(_SHARES)}."
                )
        for name, value in values.items():
            if name not in names:
                faults.add("loadings", f"parameter {name}", f"Unknown loading. Known: {', '.join(names)}.")
            elif isinstance(value, str):
                faults.add("loadings", f"{name} = {value!r}", "A loading is a number.")
        faults.raise_if_any(ArgumentError)
        return cls(**{name: float(value) for name, value in values.items()})

    @property
    def ratio(self) -> float:
        """Sum of the ratios of gross premium [unitless]."""
        return math.fsum((self.expenses, self.commission, self.tax, self.profit))

    @property
    def capital_charge(self) -> float:
        """Risk load of a unit of stand-alone capital: cost of capital times capital share [1/year]."""
        return self.cost_of_capital * self.capital_share
