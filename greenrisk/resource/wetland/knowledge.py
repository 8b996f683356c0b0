# SPDX-License-Identifier: Apache-2.0
"""What we do not know of a wetland: joint draws of cards and record, held open by named alternatives of the index."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.core import knowledge
from greenrisk.core.cards import Card
from greenrisk.core.variants import interval_ratio
from greenrisk.resource.index_cover import index_knowledge
from greenrisk.resource.wetland.perils.base import Floats
from greenrisk.resource.wetland.variants import VariantPlan


class Knowledge(index_knowledge.Knowledge):
    """The quantities of all variants of a wetland run, and what follows from them.

    Parameters
    ----------
    names : tuple of str
        Names of the quantities.
    values : array, shape (variants, quantities)
        Every quantity of every variant, on common random numbers.
    by_site : array, shape (variants, sites)
        Payments by site [CNY/year].
    plan : VariantPlan
        What the variants are.
    cards : mapping of str to Card
        Cards by role.
    speaks : array of bool, shape (alternatives,)
        Which named alternatives hold the intervals open.
    bounds : mapping of str to float
        What a quantity cannot exceed; one that is not named has no bound.
    """

    plan: VariantPlan

    def __init__(
        self,
        names: tuple[str, ...],
        values: Floats,
        by_site: Floats,
        plan: VariantPlan,
        cards: Mapping[str, Card],
        speaks: index_knowledge.Flags,
        bounds: Mapping[str, float],
    ) -> None:
        super().__init__(names, values, plan, cards, speaks, bounds)
        self.by_site = by_site

    def others(self, name: str) -> Floats:
        """Return a quantity under every named alternative, shape (alternatives,)."""
        return self.column(name)[self.plan.first_alternative : self.plan.first_record]

    def record_draws(self, held: str) -> Floats:
        """Return a quantity over the resamples of the record with all cards at their centre, shape (draws,)."""
        return self.column(held)[self.plan.first_record :]

    def swings(self, quantity: str, value: float) -> xr.Dataset:
        """Return a quantity at both ends of every range, with a row for the record of an index, widest first."""
        if self.values.shape[0] == self.plan.first_record:
            return knowledge.Knowledge.swings(self, quantity, value)
        return super().swings(quantity, value)

    def site_intervals(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the 90 % knowledge interval of what each site is paid, each shape (sites,) [CNY/year].

        Parameters
        ----------
        values : array, shape (sites,)
            The simulated payments [CNY/year].
        """
        drawn = self.by_site[1 : self.plan.first_end]
        ends = [
            interval_ratio(np.ascontiguousarray(drawn[:, site]), float(self.by_site[0, site]))
            for site in range(values.size)
        ]
        low, high = np.array(ends).T
        return values * low, values * high
