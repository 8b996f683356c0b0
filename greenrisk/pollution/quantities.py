# SPDX-License-Identifier: Apache-2.0
"""What is computed for every variant of a zone: the quantities of the knowledge interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from greenrisk.actuarial.exceedance import return_level
from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.pollution.inventory import Floats
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.terms import Paid
from greenrisk.pollution.mandate.in_force import QUANTITIES as ABOVE_LIMIT
from greenrisk.pollution.mandate.in_force import SUMS, in_force_shares, in_force_years
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.variants import Variant

RETURN_PERIODS: Final = (10.0, 20.0, 50.0, 100.0, 250.0, 500.0, 1000.0)
"""Return periods of the curves [year]."""

CURVES: Final = ("aggregate", "occurrence")
"""A year's loss, and its worst event."""

SIDES: Final = ("ground_up", "insured")
"""Layers of the curves."""


def curve_name(curve: str, side: str, period: float) -> str:
    """Return the name of a quantity of a curve."""
    return f"{curve}_{side}_{period:g}"


UNITS: Final = {
    "expected_accidents": "1/year",
    "average_annual_loss_ground_up": "CNY/year",
    **{f"average_annual_loss_{head}": "CNY/year" for head in HEADS},
    "pure_premium": "CNY/year",
    "average_annual_loss_uninsured": "CNY/year",
    "uncovered_share": "unitless",
    "gross_premium": "CNY/year",
    "gross_premium_loadings_held": "CNY/year",
    "tail_value_at_risk": "CNY",
    **dict.fromkeys(ABOVE_LIMIT, "unitless"),
    **{
        curve_name(curve, side, period): "CNY"
        for curve in CURVES
        for side in SIDES
        for period in RETURN_PERIODS
    },
}
"""The quantities with their units, in the order of the arrays."""

PLANT_QUANTITIES: Final = ("expected_accidents", "ground_up")
"""Quantities by plant, both closed forms: accidents [1/year] and expected loss [CNY/year]."""


class VariantYears:
    """The years of a variant, filled block by block."""

    def __init__(self) -> None:
        self._total: list[Floats] = []
        self._worst: list[Floats] = []
        self.above = np.zeros(SUMS)
        self.years = 0

    def add(self, accidents: Accidents, paid: Paid, terms: PolicyTerms) -> None:
        """Take in a block.

        Parameters
        ----------
        accidents : Accidents
            What happened.
        paid : Paid
            What was paid for it.
        terms : PolicyTerms
            Of the policies in force.
        """
        loss, insured = accidents.total, paid.total
        columns, worst = [], []
        for amount in (loss, insured):
            columns.append(np.bincount(accidents.year, weights=amount, minlength=accidents.years))
            by_event = np.bincount(accidents.event, weights=amount)
            first = np.unique(accidents.event, return_index=True)[1]
            largest = np.zeros(accidents.years)
            np.maximum.at(largest, accidents.year[first], by_event[accidents.event[first]])
            worst.append(largest)
        self._total.append(np.stack(columns, axis=1))
        self._worst.append(np.stack(worst, axis=1))
        self.above += in_force_years(accidents, terms).sum(axis=0)
        self.years += accidents.years

    @property
    def total(self) -> Floats:
        """Losses of each year by side, shape (years, 2) [CNY]."""
        return np.concatenate(self._total)

    @property
    def worst(self) -> Floats:
        """The worst event of each year by side, shape (years, 2) [CNY]."""
        return np.concatenate(self._worst)


def quantities(
    years: VariantYears,
    variant: Variant,
    model: ZoneModel,
    laws: ZoneLaws,
    central: Mapping[str, float | str],
) -> Floats:
    """Return all quantities of a variant in the order of :data:`UNITS`.

    Parameters
    ----------
    years : VariantYears
        Its simulated years.
    variant : Variant
        Parameter values.
    model : ZoneModel
        Plants and terms.
    laws : ZoneLaws
        Laws of the variant.
    central : mapping
        Central values of the card of loadings, for the premium whose loadings are held.

    Notes
    -----
    Expected accidents and losses are closed forms, and so is the loss that the uncovered share is of: the mean of a few
    thousand years of a heavy tail is luck. Return periods beyond the simulated years are NaN.
    """
    total, worst = years.total, years.worst
    insured = np.ascontiguousarray(total[:, 1])
    loadings = Loadings.from_values(variant.values["loadings"])
    pure, tail = float(insured.mean()), tail_value_at_risk(insured, TAIL_LEVEL).value
    held = Loadings.from_values(central)
    fixed = loadings.fixed_expenses * float(model.terms.insured.sum())
    by_head = expected_losses(laws)
    loss = float(by_head.sum())
    values = [
        float(laws.own.sum() + laws.transport.sum()),
        loss,
        *by_head.sum(axis=0).tolist(),
        pure,
        loss - pure,
        1.0 - pure / loss if loss > 0 else math.nan,
        gross_premium(pure, loadings.capital_charge * (tail - pure), loadings, fixed),
        gross_premium(
            pure,
            held.capital_charge * (tail - pure),
            held,
            held.fixed_expenses * float(model.terms.insured.sum()),
        ),
        tail,
        *in_force_shares(years.above).tolist(),
    ]
    for curve in CURVES:
        table = worst if curve == "occurrence" else total
        for side in range(len(SIDES)):
            values.extend(
                return_level(np.ascontiguousarray(table[:, side]), RETURN_PERIODS, beyond=math.nan).tolist()
            )
    return np.array(values)


def plant_quantities(laws: ZoneLaws) -> Floats:
    """Return the quantities of each plant in the order of :data:`PLANT_QUANTITIES`, shape (plants, quantities)."""
    return np.stack([laws.own + laws.transport, expected_losses(laws).sum(axis=1)], axis=1)
