# SPDX-License-Identifier: Apache-2.0
"""The figures of a forest run that are computed for every variant: one vector of quantities each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.exceedance import return_level
from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.actuarial.samples import sample
from greenrisk.resource.book import Book
from greenrisk.resource.perils.listing import PERILS
from greenrisk.resource.perils.wildfire import Wildfire
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.simulation import LAYERS
from greenrisk.resource.structure import EventCessions, cede_years

RETURN_PERIODS = (2, 5, 10, 20, 50, 100, 200, 250, 500, 1000)
"""Return periods of the exceedance curves [year]."""

CURVES = ("occurrence", "aggregate")
"""The exceedance curves: largest event of a year (OEP), all events of a year (AEP)."""


def curve_name(curve: str, layer: str, period: float) -> str:
    """Return the name of a quantity of the exceedance curves."""
    return f"{curve}_{layer}_{period:g}"


def peril_premium(kind: str) -> str:
    """Return the name of the quantity pure premium of a peril."""
    return f"pure_premium_{kind}"


UNITS: dict[str, str] = {
    "average_annual_loss_ground_up": "CNY/year",
    "pure_premium": "CNY/year",
    **{peril_premium(kind): "CNY/year" for kind in PERILS},
    "average_annual_loss_ceded": "CNY/year",
    "average_annual_loss_net": "CNY/year",
    "gross_premium": "CNY/year",
    "pure_rate_per_mu": "CNY/mu",
    "rate_per_mu": "CNY/mu",
    "rate_per_mille": "per mille",
    "tail_value_at_risk": "CNY",
    "expected_fires": "1/year",
    "expected_burnt_area": "ha/year",
    "province_burnt_area": "ha/year",
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
    """Annual losses of one variant.

    Parameters
    ----------
    loss, largest : array, shape (year, layer)
        Annual losses and the largest event of each year, layers as in the simulation [CNY].
    peril : mapping of str to array, shape (year,)
        Annual gross losses by kind of peril [CNY].
    weight : array, shape (year,)
        Weight of each year [unitless].
    events : EventCessions
        What covers of events take.
    """

    loss: NDArray[np.float64]
    largest: NDArray[np.float64]
    peril: Mapping[str, NDArray[np.float64]]
    weight: NDArray[np.float64]
    events: EventCessions


def quantities(
    losses: AnnualLosses,
    wildfire: Wildfire,
    loadings: Loadings,
    totals: BookTotals,
    reinsurance: ReinsuranceSpec,
    book: Book,
) -> list[float]:
    """Return all quantities of a variant in the order of :data:`UNITS`.

    Notes
    -----
    The reinsurance of a variant is that of an insurer who knows the variant: its stop loss attaches at the
    variant's own premium.
    Return periods beyond the simulated years are NaN, never clamped; so are tail and premium of a variant whose worst
    year weighs more than the tail, and with a stop loss, which attaches at that premium, what is ceded and net.
    """
    gross = np.ascontiguousarray(losses.loss[:, LAYERS.index("gross")])
    years = sample(gross, losses.weight)
    pure, tail, premium = years.mean(), math.nan, math.nan
    known = bool(years.holds(np.asarray(1.0 - TAIL_LEVEL)))
    if known:
        tail = tail_value_at_risk(years, TAIL_LEVEL).value
        load = loadings.capital_charge * (tail - pure)
        premium = gross_premium(pure, load, loadings, loadings.fixed_expenses * totals.insured_area)
    ceded, net = math.nan, math.nan
    if known or not any(cover.kind == "stop_loss" for cover in reinsurance.covers):
        split = cede_years(gross, losses.events, reinsurance, book, premium if known else None)
        ceded, net = sample(split.ceded, losses.weight).mean(), sample(split.net, losses.weight).mean()
    values = [
        sample(losses.loss[:, 0], losses.weight).mean(),
        pure,
        *(
            sample(losses.peril[kind], losses.weight).mean() if kind in losses.peril else 0.0
            for kind in PERILS
        ),
        ceded,
        net,
        premium,
        pure / totals.insured_area,
        premium / totals.insured_area,
        1000.0 * premium / totals.sum_insured,
        tail,
        wildfire.counts.mean,
        wildfire.counts.mean * wildfire.size.mean(),
        wildfire.province_fires * wildfire.size.mean(),
    ]
    for curve in CURVES:
        table = losses.largest if curve == "occurrence" else losses.loss
        for column in range(len(LAYERS)):
            values.extend(
                return_level(table[:, column], RETURN_PERIODS, losses.weight, beyond=math.nan).tolist()
            )
    return values
