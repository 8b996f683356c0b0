# SPDX-License-Identifier: Apache-2.0
"""The headline figures of a wetland run and its curves, each with its simulation error and its knowledge interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.exceedance import exceedance
from greenrisk.actuarial.measures import mean_and_standard_error, tail_value_at_risk
from greenrisk.actuarial.premium.gross import PremiumBuildUp
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.core.knowledge import JUDGED
from greenrisk.core.metrics import Metrics
from greenrisk.resource.quantities import curve_name
from greenrisk.resource.structure import YearCessions
from greenrisk.resource.vocabulary import TERMS
from greenrisk.resource.wetland.knowledge import Knowledge
from greenrisk.resource.wetland.perils.base import Floats
from greenrisk.resource.wetland.quantities import (
    CURVES,
    GROSS_OF_SITES,
    RETURN_PERIODS,
    SIDES,
    SITES_PART,
    part_name,
)
from greenrisk.resource.wetland.year_part import YearTable

NOTHING: Final = (math.nan, math.nan)
SHOWN: Final = (
    "pure_premium",
    "gross_premium",
    "average_annual_loss_ground_up",
    "uncovered_share",
    curve_name("aggregate", "gross", 100.0),
)
"""Quantities that the named alternatives are shown for."""


def headline(
    table: YearTable,
    years: YearCessions,
    parts: Floats,
    names: Sequence[str],
    premium: PremiumBuildUp,
    knowledge: Knowledge,
    variance: xr.Dataset,
    of_the_link: Sequence[tuple[str, float, float, float, float]],
    insured_mu: float,
    limits: float,
) -> tuple[xr.Dataset, dict[str, float]]:
    """Return the group ``/metrics``, and the figures that the named alternatives are shown for.

    Parameters
    ----------
    table : YearTable
        The simulated years.
    years : YearCessions
        The sites' cover after reinsurance.
    parts : array, shape (years, parts)
        Payments by part of the premium, the sites first [CNY].
    names : sequence of str
        Names of the parts.
    premium : PremiumBuildUp
        Of all parts.
    knowledge : Knowledge
        All variants.
    variance : xarray.Dataset
        Shares of the knowledge variance by status.
    of_the_link : sequence of tuple
        Term, value, simulation error, and its ends over the ranges of link and mean loss; none without an index.
    insured_mu : float
        Area of the insured sites [mu].
    limits : float
        Sum of their limits, of water too [CNY].
    """
    metrics, shown = Metrics(TERMS), dict[str, float]()
    simulated = f"mean of {table.years:,} simulated years"
    built = "pure premium, risk load on all parts together and loadings, one ratio basis"

    def add(name: str, value: float, error: float, quantity: str, method: str, **dims: object) -> None:
        metrics.add(name, value, error, knowledge.interval(quantity, value), method, **dims)
        shown.setdefault(quantity, value)

    pure, gross = (float(premium.row(name)[0]) for name in ("pure_premium", "gross_premium"))
    gross_error = float(premium.error.gross[0])
    add("pure_premium", pure, float(premium.error.pure[0]), "pure_premium", simulated)
    add("gross_premium", gross, gross_error, "gross_premium", built)
    add(
        "gross_premium_loadings_held",
        gross,
        gross_error,
        "gross_premium_loadings_held",
        "the same, with the loadings at their central values in every draw",
    )
    of_sites, error_of_sites = float(premium.row("gross_premium")[1]), float(premium.error.gross[1])
    least, most = knowledge.interval(GROSS_OF_SITES, of_sites)
    for name, base in (("rate_per_mu", insured_mu), ("rate_per_mille", limits / 1000.0)):
        metrics.add(
            name,
            of_sites / base,
            error_of_sites / base,
            (least / base, most / base),
            "gross premium of the cover of the sites over insured area or the sum of their limits; interval: by the "
            "same premium with the capital that the sites need alone",
            part=SITES_PART,
        )
    for place, name in enumerate(names):
        paid = mean_and_standard_error(np.ascontiguousarray(parts[:, place]))
        add("pure_premium", paid.value, paid.standard_error, part_name(name), simulated, part=name)
    for layer, column, quantity in (
        ("ground_up", table.loss[:, 0], "average_annual_loss_ground_up"),
        ("gross", table.loss[:, 1], part_name(SITES_PART)),
        ("ceded", years.ceded, "average_annual_loss_ceded"),
        ("net", years.net, "average_annual_loss_net"),
    ):
        mean = mean_and_standard_error(np.ascontiguousarray(column))
        add("average_annual_loss", mean.value, mean.standard_error, quantity, simulated, layer=layer)
    loss, paid_loss = table.loss[:, 0], table.loss[:, 1]
    uncovered = 1.0 - float(paid_loss.mean()) / float(loss.mean()) if loss.any() else math.nan
    # delta method for a ratio of two means of the same years
    left = paid_loss - (1.0 - uncovered) * loss
    error = float(left.std(ddof=1)) / math.sqrt(loss.size) / float(loss.mean()) if loss.any() else math.nan
    add("uncovered_share", uncovered, error, "uncovered_share", f"1 less paid over lost, {simulated}")
    curves = curves_group(table, knowledge).sel(layer="gross")
    for curve in CURVES:
        for period in (100, 250):
            point = curves.sel(curve=curve, return_period=float(period))
            metrics.add(
                f"{curve}_exceedance",
                float(point["loss"]),
                float(point["standard_error"]),
                (float(point["low"]), float(point["high"])),
                "order statistic of the simulated years",
                layer="gross",
                return_period=period,
            )
            shown[curve_name(curve, "gross", period)] = float(point["loss"])
    tail = tail_value_at_risk(np.ascontiguousarray(parts.sum(axis=1)), TAIL_LEVEL)
    add(
        "tail_value_at_risk",
        tail.value,
        tail.standard_error,
        "tail_value_at_risk",
        "mean of the worst simulated years",
        layer="all parts",
        level=TAIL_LEVEL,
    )
    for name, value in (("pure_premium", pure), ("gross_premium", gross)):
        metrics.add(
            f"{name}_over_ranges",
            value * knowledge.mean_ratio(name),
            math.nan,
            NOTHING,
            f"simulated value x mean of {knowledge.plan.draws} joint draws of all cards over the base",
        )
    for name, value, error, least, most in of_the_link:
        metrics.add(
            name,
            value,
            error,
            (least, most),
            "simulated years; interval over the ranges of the declared link and of the mean loss",
        )
    judged = float(variance["share"].sel(status=list(JUDGED)).sum())
    metrics.add("judgement_share", judged, math.nan, NOTHING, "first-order variance, one parameter at a time")
    metrics.add("loading_share", 1.0 - pure / gross if gross > 0 else math.nan, math.nan, NOTHING, built)
    return metrics.dataset(), {name: shown[name] for name in SHOWN}


def curves_group(table: YearTable, knowledge: Knowledge) -> xr.Dataset:
    """Return the group ``/curves``: losses of the sites by return period, with both errors."""
    shape = (len(CURVES), len(SIDES), len(RETURN_PERIODS))
    arrays = {name: np.full(shape, np.nan) for name in ("loss", "standard_error", "low", "high")}
    for i, curve in enumerate(CURVES):
        annual = table.largest if curve == "occurrence" else table.loss
        for j, side in enumerate(SIDES):
            found = exceedance(np.ascontiguousarray(annual[:, j]), RETURN_PERIODS)
            arrays["loss"][i, j], arrays["standard_error"][i, j] = found.loss, found.standard_error
            points = [curve_name(curve, side, period) for period in RETURN_PERIODS]
            arrays["low"][i, j], arrays["high"][i, j] = knowledge.curve_ends(points, found.loss)
    return xr.Dataset(
        {
            name: (("curve", "layer", "return_period"), array, {"units": "CNY"})
            for name, array in arrays.items()
        },
        coords={
            "curve": np.array(CURVES),
            "layer": np.array(SIDES),
            "return_period": np.array(RETURN_PERIODS),
        },
    )
