# SPDX-License-Identifier: Apache-2.0
"""The headline figures of a forest run, each with its simulation error and its knowledge interval."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

from greenrisk.actuarial.exceedance import exceedance
from greenrisk.actuarial.measures import mean_and_standard_error, tail_value_at_risk
from greenrisk.actuarial.premium.gross import PremiumBuildUp
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.core.knowledge import JUDGED
from greenrisk.core.metrics import Metrics
from greenrisk.resource.quantities import curve_name
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.vocabulary import TERMS
from greenrisk.resource.year_table import ALL_LAYERS, YearTable


def headline(
    table: YearTable,
    premium: PremiumBuildUp,
    knowledge: Knowledge,
    variance: xr.Dataset,
    expected_fires: float,
) -> xr.Dataset:
    """Return the group ``/metrics``.

    Parameters
    ----------
    table : YearTable
        The simulated years.
    premium : PremiumBuildUp
        The premium.
    knowledge : Knowledge
        All variants.
    variance : xarray.Dataset
        Shares of knowledge variance by status.
    expected_fires : float
        What the law of the counts says [1/year].
    """
    gross = np.ascontiguousarray(table.loss[:, 1])
    pure_error, gross_error = float(premium.error.pure[0]), float(premium.error.gross[0])
    pure, total = float(premium.row("pure_premium")[0]), float(premium.row("gross_premium")[0])
    area, insured = (float(premium.exposure[name][0]) for name in ("insured_area", "sum_insured"))
    simulated = f"mean of {table.years:,} simulated years"
    built = "pure premium, risk load on the total and loadings, one ratio basis"
    metrics = Metrics(TERMS)

    def add(name: str, value: float, error: float, quantity: str, method: str, **dims: object) -> None:
        metrics.add(name, value, error, knowledge.interval(quantity, value), method, **dims)

    add("pure_premium", pure, pure_error, "pure_premium", simulated)
    add("gross_premium", total, gross_error, "gross_premium", built)
    add("pure_rate_per_mu", pure / area, pure_error / area, "pure_rate_per_mu", simulated)
    add("rate_per_mu", total / area, gross_error / area, "rate_per_mu", built)
    per_mille = 1000.0 / insured
    add("rate_per_mille", total * per_mille, gross_error * per_mille, "rate_per_mille", built)
    for layer, quantity in zip(
        ALL_LAYERS,
        (
            "average_annual_loss_ground_up",
            "pure_premium",
            "average_annual_loss_ceded",
            "average_annual_loss_net",
        ),
        strict=True,
    ):
        mean = mean_and_standard_error(table.loss[:, ALL_LAYERS.index(layer)])
        add("average_annual_loss", mean.value, mean.standard_error, quantity, simulated, layer=layer)
    for curve, name, annual in (
        ("occurrence", "occurrence_exceedance", table.largest[:, 1]),
        ("aggregate", "aggregate_exceedance", gross),
    ):
        found = exceedance(annual, (100.0, 250.0))
        for i, period in enumerate((100, 250)):
            add(
                name,
                float(found.loss[i]),
                float(found.standard_error[i]),
                curve_name(curve, "gross", period),
                "order statistic of the simulated years",
                layer="gross",
                return_period=period,
            )
    tail = tail_value_at_risk(gross, TAIL_LEVEL)
    add(
        "tail_value_at_risk",
        tail.value,
        tail.standard_error,
        "tail_value_at_risk",
        "mean of the worst simulated years",
        layer="gross",
        level=TAIL_LEVEL,
    )
    fires = mean_and_standard_error(table.fires)
    add(
        "expected_fires",
        fires.value,
        fires.standard_error,
        "expected_fires",
        f"{simulated}; law: {expected_fires:.4g}",
    )
    burnt = mean_and_standard_error(table.burnt_area)
    add("expected_burnt_area", burnt.value, burnt.standard_error, "expected_burnt_area", simulated)
    for name, value in (("pure_premium", pure), ("gross_premium", total)):
        metrics.add(
            f"{name}_over_ranges",
            value * knowledge.mean_ratio(name),
            math.nan,
            (math.nan, math.nan),
            f"simulated value x mean of {knowledge.plan.draws} joint draws of all cards over the base",
        )
    judged = float(variance["share"].sel(status=list(JUDGED)).sum())
    nothing = (math.nan, math.nan)
    metrics.add("judgement_share", judged, math.nan, nothing, "first-order variance, one parameter at a time")
    metrics.add("loading_share", 1.0 - pure / total if total > 0 else math.nan, math.nan, nothing, built)
    return metrics.dataset()
