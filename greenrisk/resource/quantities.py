# SPDX-License-Identifier: Apache-2.0
"""The figures of a forest run that are computed for every variant: one vector of quantities each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.layers import Programme
from greenrisk.actuarial.measures import exceedance, tail_value_at_risk
from greenrisk.actuarial.premium import TAIL_LEVEL, Loadings, gross_premium, risk_load
from greenrisk.resource.simulation import LAYERS, Wildfire

RETURN_PERIODS = (2, 5, 10, 20, 50, 100, 200, 250, 500, 1000)
"""Return periods of the exceedance curves [year]."""

CURVES = ("occurrence", "aggregate")


def curve_name(curve: str, layer: str, period: float) -> str:
    """Return the name of a quantity of the exceedance curves."""
    return f"{curve}_{layer}_{period:g}"


UNITS: dict[str, str] = {
    "average_annual_loss_ground_up": "CNY/year",
    "pure_premium": "CNY/year",
    "average_annual_loss_ceded": "CNY/year",
    "average_annual_loss_net": "CNY/year",
    "gross_premium": "CNY/year",
    "pure_rate_per_mu": "CNY/mu",
    "rate_per_mu": "CNY/mu",
    "rate_per_mille": "per mille",
    "tail_value_at_risk": "CNY",
    "expected_fires": "1/year",
    "expected_burnt_area": "ha/year",
    **{
        curve_name(curve, layer, period): "CNY"
        for curve in CURVES
        for layer in LAYERS
        for period in RETURN_PERIODS
    },
}
"""Quantities in their order, with their units."""


@dataclass(frozen=True)
class BookTotals:
    """What rates are divided by.

    Parameters
    ----------
    insured_area : float
        [mu]
    sum_insured : float
        [CNY]
    """

    insured_area: float
    sum_insured: float


@dataclass(frozen=True)
class AnnualLosses:
    """Annual losses and largest fires, both (year, layer) [CNY], layers as in the simulation."""

    loss: NDArray[np.float64]
    largest: NDArray[np.float64]

    @cached_property
    def gross(self) -> NDArray[np.float64]:
        """Annual payments after policy terms, shape (year,) [CNY]."""
        return np.ascontiguousarray(self.loss[:, LAYERS.index("gross")])


def quantities(
    losses: AnnualLosses, wildfire: Wildfire, loadings: Loadings, totals: BookTotals, programme: Programme
) -> list[float]:
    """Return all quantities of a variant in the order of :data:`UNITS`.

    Notes
    -----
    The reinsurance of a variant is that of an insurer who knows the variant: its stop loss attaches at the
    variant's own premium.
    Return periods beyond the simulated years are NaN, never clamped.
    """
    gross = losses.gross
    pure = float(gross.mean())
    load = risk_load(gross, loadings.capital_charge)
    premium = gross_premium(pure, load, loadings, loadings.fixed_expenses * totals.insured_area)
    split = programme.apply(gross, premium)
    values = [
        float(losses.loss[:, 0].mean()),
        pure,
        float(split.ceded.mean()),
        float(split.net.mean()),
        premium,
        pure / totals.insured_area,
        premium / totals.insured_area,
        1000.0 * premium / totals.sum_insured,
        tail_value_at_risk(gross, TAIL_LEVEL).value,
        wildfire.counts.mean,
        wildfire.counts.mean * wildfire.size.mean(),
    ]
    for curve in CURVES:
        table = losses.largest if curve == "occurrence" else losses.loss
        for column in range(len(LAYERS)):
            values.extend(_levels(table[:, column], RETURN_PERIODS))
    return values


def _levels(annual: NDArray[np.float64], periods: Sequence[float]) -> list[float]:
    return [float(x) for x in exceedance(annual, periods).loss]
