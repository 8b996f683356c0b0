# SPDX-License-Identifier: Apache-2.0
"""What the result of an index study tells of its inputs, and the buyer's loss over the years of the record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.recorded import YearLoss, treat_loss
from greenrisk.resource.index_cover.guards import GuardRow
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.index_study_spec import IndexScenario, indices_of
from greenrisk.resource.index_cover.index_variants import Variant
from greenrisk.resource.index_cover.series import Floats

UNIT_COST = "unit_cost"
"""Role of the card of a hectare's cost."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the result tells of its inputs.

    Parameters
    ----------
    spec : IndexScenario
        The scenario.
    cards : mapping of str to Card
        Cards by role.
    guards : tuple of GuardRow
        What the guards found in the series.
    loss : YearLoss or None
        The buyer's loss as recorded.
    synthetic : mapping of str to bool
        Whether the series, and the loss, are made up.
    """

    spec: IndexScenario
    cards: Mapping[str, Card]
    guards: tuple[GuardRow, ...]
    loss: YearLoss | None
    synthetic: Mapping[str, bool]

    def yearly_loss(
        self, model: IndexModel, variant: Variant, ledger: Ledger, treatment: Treatment | None = None
    ) -> Floats:
        """Return the loss of each year of the record, treated as the first index is, shape (years,) [CNY].

        Parameters
        ----------
        model : IndexModel
            Covers on the record.
        variant : Variant
            Card values and treatment.
        ledger : Ledger
            Told what the treatment clips.
        treatment : str, optional
            Done instead of what the variant, or the scenario, does.

        Notes
        -----
        NaN in years without a loss, or that the treatment does not keep; in all years where there is no loss.
        """
        record = model.record
        found = np.full(record.year.size, np.nan)
        if self.loss is None:
            return found
        first = indices_of(self.spec.covers[0].payout)[0]
        chosen = treatment or variant.treatment or record.treatment[first]
        year, money = self.loss.year, self.loss.money(variant.values.get(UNIT_COST))
        inside = np.isin(year, record.year)
        year, money = year[inside], money[inside]
        if first in record.changes:
            assert self.spec.loss is not None
            scale = self.spec.loss.trend_scale
            year, money = treat_loss(year, money, chosen, record.changes[first], scale, ledger)
        found[np.searchsorted(record.year, year)] = money
        return found

    def mean_loss(self, model: IndexModel, fitted: Fitted, variant: Variant) -> tuple[float, float]:
        """Return the mean loss over a variant's years, and what payments leave of it [CNY/year]; NaN without a loss.

        Parameters
        ----------
        model : IndexModel
            Covers on the record.
        fitted : Fitted
            What the variant makes of the record.
        variant : Variant
            Card values and treatment.
        """
        if self.loss is None:
            return math.nan, math.nan
        loss = self.yearly_loss(model, variant, Ledger())[fitted.position]
        both = np.isfinite(loss) & fitted.known
        if not both.any():
            return math.nan, math.nan
        gap = np.maximum(loss[both] - fitted.total[both], 0.0)
        return float(loss[both].mean()), float(gap.mean())
