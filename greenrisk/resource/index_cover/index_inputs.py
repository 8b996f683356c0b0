# SPDX-License-Identifier: Apache-2.0
"""What the result of an index study tells of its inputs, and the buyer's loss over the years of the record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.buyer import Buyer
from greenrisk.resource.basis_risk.recorded import YearLoss, limited, treat_loss
from greenrisk.resource.index_cover.calibration_terms import Calibration
from greenrisk.resource.index_cover.guards import GuardRow
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
    buyer : Buyer or None
        Who buys; None without a loss.
    calibration : Calibration or None
        Trigger and exit as found; None where it was not asked for.
    """

    spec: IndexScenario
    cards: Mapping[str, Card]
    guards: tuple[GuardRow, ...]
    loss: YearLoss | None
    synthetic: Mapping[str, bool]
    buyer: Buyer | None
    calibration: Calibration | None

    def yearly_loss(self, model: IndexModel, variant: Variant, ledger: Ledger) -> Floats:
        """Return the loss of each year of the record in a variant: see :func:`yearly_loss`."""
        return yearly_loss(self.spec, self.loss, model, variant, ledger)

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


def yearly_loss(
    spec: IndexScenario, loss: YearLoss | None, model: IndexModel, variant: Variant, ledger: Ledger
) -> Floats:
    """Return the loss of each year of the record, treated as the first index is, shape (years,) [CNY].

    Parameters
    ----------
    spec : IndexScenario
        The scenario.
    loss : YearLoss or None
        As recorded.
    model : IndexModel
        Covers on the record.
    variant : Variant
        Card values and treatment.
    ledger : Ledger
        Told what the treatment clips.

    Notes
    -----
    NaN in years without a loss, or that the treatment does not keep; in all years where there is no loss.
    """
    record = model.record
    found = np.full(record.year.size, np.nan)
    if loss is None or spec.loss is None:
        return found
    first = indices_of(spec.covers[0].payout)[0]
    year, money = loss.year, loss.money(variant.values.get(UNIT_COST))
    inside = np.isin(year, record.year)
    year, money = year[inside], money[inside]
    if first in record.changes:
        chosen = variant.treatment or record.treatment[first]
        year, money = treat_loss(year, money, chosen, record.changes[first], spec.loss.trend_scale, ledger)
    found[np.searchsorted(record.year, year)] = limited(money, spec.loss.limit_cny, ledger)
    return found
