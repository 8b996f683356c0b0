# SPDX-License-Identifier: Apache-2.0
"""What we do not know of a forest: the knowledge of all variants, with the printed alternatives of the fire's tail."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core import knowledge
from greenrisk.core.cards import Card
from greenrisk.resource.perils.listing import SCALE_ROLE
from greenrisk.resource.variants import VariantPlan


class Knowledge(knowledge.Knowledge):
    """The quantities of all variants of a forest run, and what follows from them.

    Parameters
    ----------
    names : tuple of str
        Names of the quantities.
    values : array, shape (variants, quantities)
        Every quantity of every variant, on common random numbers.
    plan : VariantPlan
        What the variants are.
    cards : mapping of str to Card
        Cards by role.
    """

    plan: VariantPlan

    def __init__(
        self,
        names: tuple[str, ...],
        values: NDArray[np.float64],
        plan: VariantPlan,
        cards: Mapping[str, Card],
    ) -> None:
        super().__init__(names, values, plan, cards)

    def tornado(self, gross_premium: float) -> xr.Dataset:
        """Return the group ``/tornado``: gross premium at both ends of every parameter's range, widest first.

        Parameters
        ----------
        gross_premium : float
            The simulated gross premium, which the swings are scaled to [CNY/year].

        Notes
        -----
        Attribute ``level_neutral`` is 1 where there are judged perils: the ends of their cards' numbers, the common
        scale and the rates aside, leave their mean cost before terms where it was
        (:mod:`greenrisk.resource.level_neutral`).
        """
        found = super().tornado(gross_premium)
        found.attrs["level_neutral"] = int(SCALE_ROLE in self.cards)
        return found

    def alternatives(self, headline: Mapping[str, float], exposed_ha: float) -> xr.Dataset:
        """Return the group ``/alternatives``: the printed tail shapes and caps.

        Parameters
        ----------
        headline : mapping of str to float
            The quantities shown, with their simulated values; the alternatives are scaled to them, as the tornado is
            [CNY].
        exposed_ha : float
            Forest area of the landscape [ha].
        """
        quantities = tuple(headline)
        shapes = list(dict.fromkeys(shape for shape, _ in self.plan.alternatives))
        caps = list(dict.fromkeys(cap for _, cap in self.plan.alternatives))
        columns = [self._column[name] for name in quantities]
        scale = np.array(
            [value / self.base(name) if self.base(name) > 0 else 1.0 for name, value in headline.items()]
        )
        grid = self.values[self.plan.first_alternative :, columns] * scale
        dataset = xr.Dataset(
            {
                "value": (
                    ("shape", "cap", "quantity"),
                    grid.reshape(len(shapes), len(caps), len(quantities)),
                ),
            },
            coords={
                "shape": np.array(shapes),
                "cap": np.array(
                    [
                        f"{cap:,.0f} ha" if cap is not None else f"exposed ({exposed_ha:,.0f} ha)"
                        for cap in caps
                    ]
                ),
                "quantity": np.array(quantities),
            },
        )
        dataset["value"].attrs["units"] = "CNY"
        return dataset
