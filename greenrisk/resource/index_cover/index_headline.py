# SPDX-License-Identifier: Apache-2.0
"""The headline figures of an index cover and its curve, each with its simulation error and its knowledge interval."""

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
from greenrisk.resource.index_cover.burn import Burn
from greenrisk.resource.index_cover.index_knowledge import RECORD, Knowledge
from greenrisk.resource.index_cover.index_quantities import (
    CURVES,
    LAYERS,
    RETURN_PERIODS,
    Floats,
    curve_name,
)
from greenrisk.resource.vocabulary import TERMS

NOTHING: Final = (math.nan, math.nan)
SHOWN: Final = (
    "pure_premium",
    "gross_premium",
    "rate_on_line",
    "payment_frequency",
    "tail_value_at_risk",
    curve_name(100),
)
"""Quantities that the named alternatives are shown for."""


def headline(
    payments: Floats,
    most: float,
    premium: PremiumBuildUp,
    knowledge: Knowledge,
    variance: xr.Dataset,
    tornado: xr.Dataset,
    burned: Burn,
    basis: Sequence[tuple[str, float, tuple[float, float], str, dict[str, object]]],
) -> tuple[xr.Dataset, dict[str, float]]:
    """Return the group ``/metrics``, and the figures that the named alternatives are shown for.

    Parameters
    ----------
    payments : array, shape (years, covers)
        What each cover paid in each simulated year [CNY].
    most : float
        Most that all covers can pay in a year [CNY].
    premium : PremiumBuildUp
        Of all covers together, and of each.
    knowledge : Knowledge
        All variants.
    variance : xarray.Dataset
        Shares of the knowledge variance of the gross premium by status.
    tornado : xarray.Dataset
        Group ``/tornado``.
    burned : Burn
        Burn analysis of the treated record.
    basis : sequence of tuple
        Figures of the basis risk: term, value, interval, method, dimensions; none without a loss.
    """
    metrics = Metrics(TERMS)
    shown: dict[str, float] = {}
    total = payments.sum(axis=1)
    simulated = f"mean of {total.size:,} simulated years of the fitted law"
    built = "pure premium, cost of capital and loadings, one ratio basis"

    def add(name: str, value: float, error: float, quantity: str, method: str, **dims: object) -> None:
        metrics.add(name, value, error, knowledge.interval(quantity, value), method, **dims)
        shown.setdefault(quantity, value)

    pure, gross = float(premium.row("pure_premium")[0]), float(premium.row("gross_premium")[0])
    pure_error, gross_error = float(premium.error.pure[0]), float(premium.error.gross[0])
    add("pure_premium", pure, pure_error, "pure_premium", simulated)
    add("gross_premium", gross, gross_error, "gross_premium", built)
    add("gross_premium_loadings_held", gross, gross_error, "gross_premium_loadings_held", f"{built}, held")
    add("rate_on_line", gross / most, gross_error / most, "rate_on_line", f"{built}; over the most of a year")
    add("pure_rate_on_line", pure / most, pure_error / most, "pure_rate_on_line", simulated)
    often = mean_and_standard_error((total > 0).astype(np.float64))
    add("payment_frequency", often.value, often.standard_error, "payment_frequency", simulated)
    metrics.add(
        "pure_premium_burn",
        burned.mean,
        math.nan,
        (burned.low, burned.high),
        f"mean of {burned.years} years of the treated record, {burned.paying_years} of them with a payment; interval: "
        f"blocks of {burned.block_years} years drawn anew",
    )
    for name, value in (("pure_premium", pure), ("gross_premium", gross)):
        metrics.add(
            f"{name}_over_ranges",
            value * knowledge.mean_ratio(name),
            math.nan,
            NOTHING,
            f"simulated value x mean of {knowledge.plan.draws} joint draws of record and cards over the base",
        )
    curve = curves_group(total, knowledge).isel(curve=0, layer=0)
    for period in (20, 100, 250):
        point = curve.sel(return_period=float(period))
        metrics.add(
            "aggregate_exceedance",
            float(point["loss"]),
            float(point["standard_error"]),
            (float(point["low"]), float(point["high"])),
            "order statistic of the simulated years",
            layer=LAYERS[0],
            return_period=period,
        )
        shown[curve_name(period)] = float(point["loss"])
    tail = tail_value_at_risk(total, TAIL_LEVEL)
    add(
        "tail_value_at_risk",
        tail.value,
        tail.standard_error,
        "tail_value_at_risk",
        "mean of the worst simulated years",
        layer=LAYERS[0],
        level=TAIL_LEVEL,
    )
    for name, value, ends, method, dims in basis:
        metrics.add(name, value, math.nan, ends, method, **dims)
    share = variance["share"]
    one = "first-order variance, one parameter at a time, and resamples of the record"
    metrics.add("record_share", float(share.sel(status=RECORD)), math.nan, NOTHING, one)
    judged = float(share.sel(status=list(JUDGED)).sum())
    metrics.add("judgement_share", judged, math.nan, NOTHING, one, widest=_widest(tornado))
    metrics.add("loading_share", 1.0 - pure / gross if gross > 0 else math.nan, math.nan, NOTHING, built)
    return metrics.dataset(), {name: shown[name] for name in SHOWN}


def _widest(tornado: xr.Dataset) -> str:
    """Return the judged parameter that moves the gross premium most, as card:parameter; empty where none does."""
    judged = np.isin(tornado["status"].values.astype(str), JUDGED)
    moves = tornado["gross_at_low"].values != tornado["gross_at_high"].values
    for place in np.flatnonzero(judged & moves)[:1].tolist():
        return f"{tornado['card'].values[place]}:{tornado['parameter'].values[place]}"
    return ""


def curves_group(total: Floats, knowledge: Knowledge) -> xr.Dataset:
    """Return the group ``/curves``: payments of a year by return period, with both errors.

    Parameters
    ----------
    total : array, shape (years,)
        Payments of each simulated year [CNY].
    knowledge : Knowledge
        All variants.
    """
    found = exceedance(total, RETURN_PERIODS)
    low, high = knowledge.curve_ends([curve_name(period) for period in RETURN_PERIODS], found.loss)
    columns = {
        "loss": found.loss,
        "standard_error": found.standard_error,
        "low": low,
        "high": high,
    }
    return xr.Dataset(
        {
            name: (("curve", "layer", "return_period"), values[None, None, :], {"units": "CNY"})
            for name, values in columns.items()
        },
        coords={
            "curve": np.array(CURVES),
            "layer": np.array(LAYERS),
            "return_period": np.array(RETURN_PERIODS),
        },
    )
