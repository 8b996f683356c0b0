# SPDX-License-Identifier: Apache-2.0
"""What we do not know of a zone: joint draws of all cards, and no interval narrower than its named alternatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core import knowledge
from greenrisk.core.cards import Card
from greenrisk.core.variants import interval_of
from greenrisk.pollution.inventory import Floats
from greenrisk.pollution.quantities import UNITS
from greenrisk.pollution.variants import POLICY_CAP, VariantPlan

PAID: Final = ("pure_premium", "gross_premium", "gross_premium_loadings_held", "tail_value_at_risk")
"""Quantities of what policies pay and cost, beside the curves of the insured layer."""


class Knowledge(knowledge.Knowledge):
    """The quantities of all variants of a zone run, and what follows from them.

    Parameters
    ----------
    names : tuple of str
        Names of the quantities.
    values : array, shape (variants, quantities)
        Every quantity of every variant, on common random numbers.
    by_plant : array, shape (variants, plants, quantities)
        The quantities of each plant.
    plan : VariantPlan
        What the variants are.
    cards : mapping of str to Card
        Cards by role.
    """

    plan: VariantPlan

    def __init__(
        self,
        names: tuple[str, ...],
        values: Floats,
        by_plant: Floats,
        plan: VariantPlan,
        cards: Mapping[str, Card],
    ) -> None:
        super().__init__(names, values, plan, cards)
        self.by_plant = by_plant

    def interval(self, name: str, value: float) -> tuple[float, float]:
        """Return the 90 % knowledge interval around a simulated value, held open by the named alternatives.

        Notes
        -----
        The 5 % and 95 % quantiles of (draw / base) times the value, for a share of their odds; where a named
        alternative lies outside them, the interval reaches to it. A loss that is cut at the policy's own limit is no
        alternative for what accidents cost, nor for what lies above limits: it holds open what policies pay alone.
        """
        others = self.scaled(name, self.column(name)[self.plan.first_alternative :][self.speaks(name)], value)
        others = others[np.isfinite(others)]
        if self._moves_by_odds(name, value):
            low, high = interval_of(self.scaled(name, self.draws(name), value))
        else:
            low, high = super().interval(name, value)
        if not others.size:
            return low, high
        return float(np.fmin(low, others.min())), float(np.fmax(high, others.max()))

    def speaks(self, name: str) -> NDArray[np.bool_]:
        """Return which named alternatives hold the interval of a quantity open, shape (alternatives,)."""
        paid = "insured" in name or name in PAID
        return np.array(
            [paid or answer.rpartition(", ")[2] != POLICY_CAP for _, answer in self.plan.alternatives]
        )

    def _moves_by_odds(self, name: str, value: float) -> bool:
        return UNITS.get(name) == "unitless" and 0.0 < value < 1.0 and 0.0 < self.base(name) < 1.0

    def scaled(self, name: str, values: Floats, value: float) -> Floats:
        """Return quantities of variants, moved as the base variant would have to be to give a simulated value.

        Parameters
        ----------
        name : str
            Of the quantity.
        values : array
            The quantity of some variants.
        value : float
            The quantity in the central simulation.

        Notes
        -----
        Times value / base. A share moves by its odds instead, so that it stays one.
        """
        base = self.base(name)
        if not self._moves_by_odds(name, value):
            return np.asarray(values * (value / base if base > 0 else 1.0))
        times = value / (1.0 - value) * (1.0 - base) / base
        return np.asarray(values * times / (1.0 - values + values * times))

    def plant_intervals(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the same for what each plant is paid, each shape (plants,).

        Parameters
        ----------
        values : array, shape (plants,)
            The simulated payments [CNY/year].

        Notes
        -----
        A plant has few accidents in the years of a variant. So its payments are taken to move as its expected accidents
        (a closed form) times what an accident of the zone is paid.
        """
        accidents = self.by_plant[:, :, 0]
        paid = (
            self.values[:, self._column["pure_premium"]] / self.values[:, self._column["expected_accidents"]]
        )
        ratio = accidents * paid[:, None] / (accidents[0] * paid[0])
        draws, others = ratio[1 : self.plan.first_end], ratio[self.plan.first_alternative :]
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        return values * np.fmin(low, others.min(axis=0)), values * np.fmax(high, others.max(axis=0))

    def alternatives(self, headline: Mapping[str, float]) -> xr.Dataset:
        """Return the group ``/alternatives``: the headline figures under every named alternative.

        Parameters
        ----------
        headline : mapping of str to float
            The quantities shown, with their simulated values; the alternatives are scaled to them, as the tornado is.
        """
        first = self.plan.first_alternative
        moved = [self.scaled(name, self.column(name)[first:], value) for name, value in headline.items()]
        questions, answers = zip(*self.plan.alternatives, strict=True)
        dataset = xr.Dataset(
            {
                "value": (("alternative", "quantity"), np.stack(moved, axis=1)),
                "question": ("alternative", np.array(questions)),
                "answer": ("alternative", np.array(answers)),
            },
            coords={"quantity": np.array(list(headline)), "alternative": np.arange(len(answers))},
        )
        dataset["value"].attrs["units"] = "see quantity"
        return dataset
