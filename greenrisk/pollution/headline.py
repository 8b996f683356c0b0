# SPDX-License-Identifier: Apache-2.0
"""The headline figures of a zone run and its curves, each with its simulation error and its knowledge interval."""

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
from greenrisk.pollution.grading.inventory_grade import InventoryGrade
from greenrisk.pollution.grading.words import GRADES, REFUSED
from greenrisk.pollution.inventory import Floats
from greenrisk.pollution.knowledge import Knowledge
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.zone_year import ZoneYears
from greenrisk.pollution.mandate.in_force import QUANTITIES as ABOVE_LIMIT
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.quantities import CURVES, RETURN_PERIODS, SIDES, curve_name
from greenrisk.pollution.vocabulary import TERMS

NOTHING = (math.nan, math.nan)
CLOSED = "closed form: accidents times expected cost, by plant and head"


def headline(
    years: ZoneYears,
    premium: PremiumBuildUp,
    knowledge: Knowledge,
    variance: xr.Dataset,
    grade: InventoryGrade,
    model: ZoneModel,
    laws: ZoneLaws,
    widest: str,
    above: tuple[Floats, Floats],
) -> tuple[xr.Dataset, dict[str, float]]:
    """Return the group ``/metrics``, and the figures that the named alternatives are shown for.

    Parameters
    ----------
    years : ZoneYears
        The simulated years.
    premium : PremiumBuildUp
        Of all policies together.
    knowledge : Knowledge
        All variants.
    variance : xarray.Dataset
        Shares of the knowledge variance of the expected loss by status.
    grade : InventoryGrade
        Grades in all readings.
    model : ZoneModel
        Plants and terms.
    laws : ZoneLaws
        Of the central cards.
    widest : str
        The judged parameter that moves the expected loss most, as card:parameter.
    above : tuple of array, shape (measures,)
        What the limits in force leave by each named measure, and the standard errors [unitless].
    """
    metrics = Metrics(TERMS)
    shown: dict[str, float] = {}
    simulated = f"mean of {years.years:,} simulated years"
    accidents = float(laws.own.sum() + laws.transport.sum())

    def add(name: str, value: float, error: float, quantity: str, method: str, **dims: object) -> None:
        metrics.add(name, value, error, knowledge.interval(quantity, value), method, **dims)
        shown.setdefault(quantity, value)

    low, high = grade.readings.ends
    for code, word in ((REFUSED, "refused"), *enumerate(GRADES)):
        least, most = int(((low == code) & (high == code)).sum()), int(((low <= code) & (high >= code)).sum())
        number = int((grade.headline.grade == code).sum())
        ends = (float(least), float(most))
        metrics.add("environmental_risk_grade", number, math.nan, ends, "HJ 941, all readings", grade=word)
    metrics.add("uninsured_plants", int((~model.terms.insured).sum()), math.nan, NOTHING, "table of plants")
    add("expected_accidents", accidents, math.nan, "expected_accidents", "sum of rates, closed form")
    gross_error = float(premium.error.gross[0])
    paid = mean_and_standard_error(years.layer("insured"))
    expected = float(expected_losses(laws).sum())
    # The tail is so heavy that the mean of the simulated years is luck: what accidents cost is taken from its closed
    # form, and what nobody pays is that less the simulated payments.
    for layer, value, deviation, quantity, method in (
        ("ground_up", expected, math.nan, "average_annual_loss_ground_up", CLOSED),
        ("insured", paid.value, paid.standard_error, "pure_premium", simulated),
        (
            "uninsured",
            expected - paid.value,
            paid.standard_error,
            "average_annual_loss_uninsured",
            f"{CLOSED}, less {simulated}",
        ),
    ):
        add("average_annual_loss", value, deviation, quantity, method, layer=layer)
    pure, gross = float(premium.row("pure_premium")[0]), float(premium.row("gross_premium")[0])
    add("pure_premium", pure, float(premium.error.pure[0]), "pure_premium", simulated)
    add(
        "gross_premium",
        gross,
        gross_error,
        "gross_premium",
        "pure premium, risk load and loadings, one ratio basis",
    )
    add(
        "gross_premium_loadings_held",
        gross,
        gross_error,
        "gross_premium_loadings_held",
        "the same, with the loadings at their central values in every draw",
    )
    uncovered = 1.0 - paid.value / expected if expected > 0 else math.nan
    error = paid.standard_error / expected if expected > 0 else math.nan
    add("uncovered_share", uncovered, error, "uncovered_share", f"1 less {simulated} over {CLOSED}")
    for name, value in (
        ("expected_accidents", accidents),
        ("average_annual_loss", expected),
        ("pure_premium", pure),
        ("gross_premium", gross),
    ):
        quantity = "average_annual_loss_ground_up" if name == "average_annual_loss" else name
        metrics.add(
            f"{name}_over_ranges",
            value * knowledge.mean_ratio(quantity),
            math.nan,
            NOTHING,
            f"value x mean of {knowledge.plan.draws} joint draws of all cards over the base",
        )
    for name, value, deviation in zip(ABOVE_LIMIT, *above, strict=True):
        add(name, float(value), float(deviation), name, f"ratio over {years.years:,} simulated years")
    for curve, name, table in (
        ("occurrence", "occurrence_exceedance", years.worst),
        ("aggregate", "aggregate_exceedance", years.layer),
    ):
        for side in SIDES:
            found = exceedance(table(side), (100.0, 250.0))
            for i, period in enumerate((100, 250)):
                add(
                    name,
                    float(found.loss[i]),
                    float(found.standard_error[i]),
                    curve_name(curve, side, period),
                    "order statistic of the simulated years",
                    layer=side,
                    return_period=period,
                )
    tail = tail_value_at_risk(years.layer("insured"), TAIL_LEVEL)
    add(
        "tail_value_at_risk",
        tail.value,
        tail.standard_error,
        "tail_value_at_risk",
        "mean of the worst simulated years",
        layer="insured",
        level=TAIL_LEVEL,
    )
    judged = float(variance["share"].sel(status=list(JUDGED)).sum())
    metrics.add(
        "judgement_share",
        judged,
        math.nan,
        NOTHING,
        "first-order variance, one parameter at a time",
        of="average_annual_loss",
        widest=widest,
    )
    names = ("expected_accidents", "average_annual_loss_ground_up", "gross_premium", "uncovered_share")
    return metrics.dataset(), {name: shown[name] for name in (*names, "aggregate_ground_up_100")}


def curves_group(years: ZoneYears, knowledge: Knowledge) -> xr.Dataset:
    """Return the group ``/curves``: losses by return period, with both errors.

    Returns
    -------
    xarray.Dataset
        By ``curve`` (aggregate: a year; occurrence: its worst event), ``layer`` and ``return_period``: ``loss``,
        ``standard_error``, ``low`` and ``high`` of the knowledge interval [CNY].
    """
    shape = (len(CURVES), len(SIDES), len(RETURN_PERIODS))
    arrays = {name: np.full(shape, np.nan) for name in ("loss", "standard_error", "low", "high")}
    for i, curve in enumerate(CURVES):
        for j, side in enumerate(SIDES):
            annual = years.worst(side) if curve == "occurrence" else years.layer(side)
            found = exceedance(annual, RETURN_PERIODS)
            arrays["loss"][i, j], arrays["standard_error"][i, j] = found.loss, found.standard_error
            for k, period in enumerate(RETURN_PERIODS):
                name = curve_name(curve, side, period)
                arrays["low"][i, j, k], arrays["high"][i, j, k] = knowledge.interval(
                    name, float(found.loss[k])
                )
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
