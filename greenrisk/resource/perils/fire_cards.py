# SPDX-License-Identifier: Apache-2.0
"""Writes the fits of counts, sizes and tail down as model cards."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t as student

from greenrisk.core.cards import Z_90, Card, Correlation, Parameter, Range, Status
from greenrisk.resource.fire_tables import FirePanel
from greenrisk.resource.perils.fire_counts_fit import FIRST_ORIGIN, LONGEST_HORIZON, CountFit
from greenrisk.resource.perils.fire_size import FireSizeLaw
from greenrisk.resource.perils.fire_size_fit import (
    FEW_LARGE_FIRES,
    PRIOR_SHAPES,
    TailFit,
    fit_body,
    fit_large_fires,
)
from greenrisk.resource.perils.fitted_numbers import correlations, parameter, rounded

NBS = "National Bureau of Statistics of China, yearly data by province (data.stats.gov.cn); table {table}"
"""Source of the Chinese tables; its road into the table is in data/datapackage.json."""

ICNF = (
    "ICNF, Portugal (SGIF fire database), public domain (PDDL-1.0), through repository centraldedados/incendios, "
    "commit 7c08c038159131aaf0a40a408bfd983484bd6fff"
)
"""Source of the Portuguese file."""

PROVINCE_FOREST_AREA: Mapping[str, tuple[float, float, float]] = {"Jiangxi": (10.21e6, 9.7e6, 10.8e6)}
"""Forest area by province: value, low, high [ha]; from memory (ninth national forest inventory)."""

RECENT_YEARS = 6
"""Last years whose own mean and share the ranges of the size must hold [year]."""

YEARS_AHEAD = 5
"""How far past its data a fit of the counts is held good: the longest rolling forecast [year]."""


def count_card(name: str, fit: CountFit, province: str, table: str) -> Card:
    """Return the card of a province's yearly fires (use: wildfire.occurrence).

    Parameters
    ----------
    name : str
        Name of the card.
    fit : CountFit
        The fitted panel.
    province : str
        Which province; without a known forest area the card has no ``province_forest_area``.
    table : str
        Name of the table of the panel, for the record.
    """
    draws, source = fit.draws(province), NBS.format(table=table)
    years = f"{fit.panel.years[0]}-{fit.panel.years[-1]}"
    model = (
        f"90 % interval of the joint law of the fit (restricted likelihood given the damping, mixed over the "
        f"damping's range), {len(fit.panel.provinces)} provinces, {years}"
    )
    best, (low, high) = fit.damping(province), fit.damping_range(province)
    texts = {
        "log_count": (
            "ln(1/year)",
            "normal",
            model,
            "Expected number of fires in the base year, as a natural logarithm and with the year effect at its median.",
        ),
        "trend": (
            "1/year",
            "normal",
            f"{model}; the province's own trend, drawn towards the shared one by the spread of the provinces",
            "Mean yearly change of the logarithm of the expected number from the first to the base year.",
        ),
        "damping": (
            "unitless",
            "logit_normal",
            f"Chosen by rolling forecasts inside {years} (from {FIRST_ORIGIN} years on, 1 to {LONGEST_HORIZON} years "
            f"ahead, logarithmic score, half the weight on the province's own forecasts: judged). The range holds the "
            f"dampings whose score is within 1.645 standard errors (by target year) of the best",
            "Ratio of each yearly step of the trend to the step before it; 1 is a straight line, 0 no trend at all.",
        ),
        "year_effect_sd": (
            "unitless",
            "lognormal",
            f"{model}; {fit.panel.years.size} year effects",
            "Standard deviation of the logarithm of the year effect that all provinces of the panel share.",
        ),
        "dispersion": (
            "unitless",
            "lognormal",
            model,
            "Variance of the province's own gamma effect of a year (NB2 dispersion), one for all provinces.",
        ),
    }
    parameters = {}
    for key, (unit, law, basis, meaning) in texts.items():
        ends = np.quantile(draws[key], [0.05, 0.5, 0.95])
        status: Status = "confirmed"
        if key == "damping":
            status = "illustrative"  # the weight on the own forecasts is a judgement, and it matters
            ends = np.array([low, min(best, high), high])
        parameters[key] = parameter(
            float(ends[1]), float(ends[0]), float(ends[2]), unit, law, basis, source, status, meaning
        )
    if province in PROVINCE_FOREST_AREA:
        value, least, most = PROVINCE_FOREST_AREA[province]
        parameters["province_forest_area"] = parameter(
            value,
            least,
            most,
            "ha",
            "lognormal",
            "Judged: the inventory before it at the lower end, all forestry land at the upper end (both from memory)",
            "Ninth national forest inventory (2014-2018), from memory",
            "unconfirmed",
            "Forest area of the province, in which the fires counted above occurred.",
        )
    return Card(
        name=name,
        title=f"Yearly number of forest fires in {province}",
        use="wildfire.occurrence",
        region=province,
        period=years,
        validity=(
            f"Fires as counted since 2009 (from under 1 ha); underwriting years up to about five years past "
            f"{fit.panel.years[-1]}. Not for a county on its own: its own good and bad years are not in it."
        ),
        fitted_by=f"greenrisk fit {name}",
        parameters=parameters,
        constants={
            "first_year": float(fit.panel.years[0]),
            "base_year": float(fit.panel.years[-1]),
            "valid_until": float(fit.panel.years[-1] + YEARS_AHEAD),
        },
        correlations=correlations(draws),
    )


def size_card(
    name: str, panel: FirePanel, province: str, table: str, tail: FireSizeLaw | None = None
) -> Card:
    """Return the card of the size of a province's fires (use: wildfire.size).

    Parameters
    ----------
    name : str
        Name of the card.
    panel : FirePanel
        Fires by class and damaged area.
    province : str
        Which province.
    table : str
        Name of the table of the panel, for the record.
    tail : FireSizeLaw, optional
        Needed for a province with fires above 100 ha (see :func:`fit_body`).
    """
    body, large = fit_body(panel, province, tail), fit_large_fires(panel, province)
    years, source = f"{panel.years[0]}-{panel.years[-1]}", NBS.format(table=table)
    share, mean = (float(value) for value in body.values)
    errors = np.sqrt(np.diag(body.covariance))
    quantile = float(student.ppf(0.95, body.clusters - 1))
    spread = quantile * float(errors[0]) / (share * (1 - share))
    own = f"Standard error between {body.clusters} years (ratio estimator, Student quantile)"
    position = panel.index(province)
    seen = panel.classes[:, position].sum(axis=0)
    late = panel.classes[-RECENT_YEARS:, position].sum(axis=0)
    late_share = float(late[0] / late[:2].sum())
    late_mean = float(panel.area[-RECENT_YEARS:, position].sum() / late.sum())
    late_years = f"{panel.years[-RECENT_YEARS]}-{panel.years[-1]}"
    factor = math.exp(quantile * float(errors[1]) / mean)
    parameters = {
        "share_under_1ha": parameter(
            share,
            min(float(expit(logit(share) - spread)), late_share),
            max(float(expit(logit(share) + spread)), late_share),
            "unitless",
            "logit_normal",
            f"{own}: a binomial error of {seen[:2].sum():,.0f} fires would be half as wide or less; wide enough for "
            f"the years {late_years} alone ({late_share:.3f}), since the share may be rising",
            source,
            "unconfirmed",
            "Share of the fires up to 100 ha that damage less than 1 ha of forest.",
        ),
        "mean_body": parameter(
            mean,
            min(mean / factor, late_mean),
            max(mean * factor, late_mean),
            "ha",
            "lognormal",
            f"{own}; wide enough for the years {late_years} alone ({late_mean:.2f} ha), since fires may be getting "
            f"smaller",
            source,
            "confirmed",
            "Mean damaged forest of the fires up to 100 ha.",
        ),
        "share_over_100ha": parameter(
            large.share,
            large.low,
            large.high,
            "unitless",
            "logit_normal",
            f"{large.exceeding} of {large.fires:,} fires of {len(panel.provinces)} provinces, {seen[2:].sum():.0f} of "
            f"{seen.sum():,.0f} in {province} itself. Upper end: 95 % point when provinces and years are resampled "
            f"together; lower end: posterior mean for {province} under the beta law of the provinces",
            f"{source}; that the pooled share holds for {province} is a judgement",
            "illustrative",
            "Probability that a fire damages more than 100 ha of forest.",
        ),
        "family": Parameter(
            value="gamma",
            unit="unitless",
            range=Range(
                distribution="choice",
                options=("gamma", "weibull", "lognormal"),
                basis="Each family meets the share and the mean exactly; the table cannot tell them apart",
            ),
            source="A judgement: the official table has no finer classes",
            status="illustrative",
            meaning="Family of the law below 100 ha, truncated there.",
        ),
    }
    correlation = float(body.covariance[0, 1] / (errors[0] * errors[1]))
    return Card(
        name=name,
        title=f"Size of a forest fire up to 100 ha and the chance to exceed it, {province}",
        use="wildfire.size",
        region=f"{province}; the chance to exceed 100 ha pooled over {', '.join(panel.provinces)}",
        period=years,
        validity=(
            "Damaged forest (受害森林面积) by fire. The bounds of the official classes (1, 100, 1,000 ha) are from "
            "memory, and the classes also depend on casualties (from memory)."
        ),
        fitted_by=f"greenrisk fit {name}",
        parameters=parameters,
        constants={"small_ha": 1.0, "threshold_ha": 100.0},
        correlations=(Correlation(between=("share_under_1ha", "mean_body"), value=rounded(correlation, 2)),),
    )


def tail_card(name: str, tail: TailFit) -> Card:
    """Return the card of the size above 100 ha (use: wildfire.tail)."""
    low, high = PRIOR_SHAPES
    scale_low, scale_high = tail.scale_range()
    years = f"{tail.years[0]}-{tail.years[1]}"
    shapes = tail.shape_range()
    thresholds = ", ".join(f"{fit.shape:.2f} above {at:g} ha" for at, fit in tail.by_threshold.items())
    periods = ", ".join(f"{fit.shape:.2f} in {span}" for span, fit in tail.by_period.items())
    # How far the scale falls when the shape rises to the upper end, per standard deviation of the shape.
    fall = math.log(tail.scale_at_highest_shape / tail.fit.scale) / Z_90
    side = math.log(scale_high / tail.fit.scale) / Z_90
    source = (
        f"{ICNF}; {tail.fit.count:,} fires strictly above 100 ha (forest and shrub); rows without an area left out: "
        f"{tail.left_out}"
    )
    judged = (
        f"A judged prior, since the Chinese table hardly bears on it. The file itself gives {tail.fit.shape:.2f} with "
        f"a standard error of {tail.fit.shape_error:.2f}; {thresholds}; {periods}; single years ({len(tail.by_year)} "
        f"with {FEW_LARGE_FIRES} or more such fires) {shapes[0]:.2f} to {shapes[1]:.2f}. The upper end allows for "
        f"forests elsewhere, where shapes above 1 are found"
    )
    return Card(
        name=name,
        title="Size of a forest fire above 100 ha: a prior from Portugal",
        use="wildfire.tail",
        region="Portugal; its use elsewhere is a judgement",
        period=years,
        validity=(
            "A prior for places whose own statistics hold too few large fires to tell. Always with a cap: above a "
            "shape of 1 the mean does not exist without one, above 0.5 the variance does not."
        ),
        fitted_by=f"greenrisk fit {name}",
        parameters={
            "shape": parameter(
                tail.fit.shape,
                low,
                high,
                "unitless",
                "lognormal",
                judged,
                source,
                "illustrative",
                "Shape of the generalised Pareto law of the excess over 100 ha.",
            ),
            "scale": parameter(
                tail.fit.scale,
                scale_low,
                scale_high,
                "ha",
                "lognormal",
                f"5 % and 95 % quantiles of the fits of {len(tail.by_year)} single years; that another forest is like "
                "them is a judgement. Correlated with the shape so that the most likely scale goes with each shape",
                source,
                "illustrative",
                "Scale of the generalised Pareto law of the excess over 100 ha.",
            ),
        },
        constants={"threshold_ha": 100.0},
        correlations=(
            Correlation(between=("shape", "scale"), value=rounded(max(-0.95, min(0.95, fall / side)), 2)),
        ),
    )
