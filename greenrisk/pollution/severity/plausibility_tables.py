# SPDX-License-Identifier: Apache-2.0
"""Tables that the model's losses are set beside: accidents in China, anchors of the market, fits of the reports.

What lives here: the declarations. What does not: the comparison (:mod:`greenrisk.pollution.severity.plausibility`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.tables import STATUSES, Column, TableSpec, source_column, status_column
from greenrisk.pollution.tables import EVENT_LEVELS

ACCIDENT_SORTS: Final = (
    "sudden_release",
    "explosion",
    "deliberate",
    "long_term",
    "claim_paid",
    "damage_case",
)
"""What a published amount is of; amounts of different sorts are never pooled."""

_STATUS: Final = status_column()
_SOURCE: Final = source_column()
_NOTE: Final = Column("note", "text", required=False, description="What else is to be said.")

CHINA_ACCIDENTS: Final = TableSpec(
    name="china-accidents-direct-loss",
    title="Pollution accidents in China with a published loss",
    columns=(
        Column("date", "text", description="Year, month or day."),
        Column("place", "text", description="Province and place."),
        Column("company", "text", description="Who answers for it."),
        Column("mechanism", "text", description="What happened, with the quantity."),
        Column("sort", "choice", choices=ACCIDENT_SORTS, description="What the amount is of."),
        Column(
            "direct_loss_cny", "number", unit="CNY", low=0, low_open=True, description="Published amount."
        ),
        Column(
            "compared",
            "choice",
            choices=("yes", "bound", "no"),
            description="Whether it is the direct loss of a sudden release, a lower bound of it, or something else.",
        ),
        Column("scope", "text", required=False, description="What the amount holds."),
        Column("dead", "number", unit="person", low=0, required=False, description="Dead."),
        Column("hurt", "number", unit="person", low=0, required=False, description="Hurt."),
        Column(
            "event_level", "choice", choices=EVENT_LEVELS, required=False, description="Level as declared."
        ),
        _STATUS,
        _SOURCE,
        _NOTE,
    ),
)
"""The table ``china-accidents-direct-loss``."""

PLAUSIBILITY_ANCHORS: Final = TableSpec(
    name="zone-plausibility-anchors",
    title="Figures of the nation and the market that the model's losses are set beside",
    columns=(
        Column("anchor", "text", unique=True, description="Name of the figure."),
        Column("value", "number", unit="see unit", low=0, low_open=True, description="The figure."),
        Column("unit", "text", description="Its unit."),
        _STATUS,
        _SOURCE,
        _NOTE,
    ),
)
"""The table ``zone-plausibility-anchors``."""

PHMSA_SEVERITY: Final = TableSpec(
    name="phmsa-severity-by-head",
    title="Fits of loss by head to US hazardous-liquid pipeline reports, one row a head and threshold",
    columns=(
        Column("head", "text", description="Head of loss, from memory of the report form."),
        Column("data_column", "text", description="Column of the reports."),
        Column("reports", "integer", low=1, description="Reports."),
        Column("reports_positive", "integer", low=1, description="Reports with a positive amount."),
        Column("share_positive", "number", low=0, high=1, description="Their share."),
        Column("lognormal_mu", "number", unit="ln(USD)", description="Mean of the logarithm."),
        Column("lognormal_mu_se", "number", unit="ln(USD)", low=0, description="Its standard error."),
        Column("lognormal_sigma", "number", low=0, description="Standard deviation of the logarithm."),
        Column("lognormal_sigma_se", "number", low=0, description="Its standard error."),
        Column("threshold_quantile", "number", low=0, high=1, description="Quantile of the threshold."),
        Column("threshold_usd", "number", unit="USD", low=0, description="Threshold, USD of 2022."),
        Column("exceedances", "integer", low=1, description="Amounts above it."),
        Column(
            "gpd_scale_usd", "number", unit="USD", low=0, description="Scale of the generalised Pareto tail."
        ),
        Column("gpd_scale_se_usd", "number", unit="USD", low=0, description="Its standard error."),
        Column("gpd_shape", "number", description="Shape of the tail; from 1 on the mean is infinite."),
        Column("gpd_shape_se", "number", low=0, description="Its standard error."),
        Column("largest_usd", "number", unit="USD", low=0, description="Largest amount."),
        Column("fit_status", "choice", choices=STATUSES, description="How far the fit is known."),
        Column(
            "meaning_status", "choice", choices=STATUSES, description="How far the column's meaning is known."
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""The table ``phmsa-severity-by-head``."""

RMP_OFFSITE_DAMAGE: Final = TableSpec(
    name="rmp-offsite-damage",
    title="Off-site property damage of accidents reported to the US EPA's Risk Management Program, positive amounts",
    columns=(
        Column("kind", "choice", choices=("all", "naics", "chemical"), description="What the row is of."),
        Column("code", "text", description="`all`, NAICS code or chemical."),
        Column("window", "text", description="Years of the accidents, or `all`."),
        Column(
            "positive_values", "integer", unit="accident", low=1, description="Amounts > 0 behind the row."
        ),
        *(
            Column(
                f"p{percent}_usd", "number", unit="USD", low=0, description=f"{percent} % quantile, nominal."
            )
            for percent in (50, 75, 90, 95, 99)
        ),
        Column("maximum_usd", "number", unit="USD", low=0, description="Largest amount, nominal."),
        _STATUS,
        _SOURCE,
    ),
)
"""The table ``rmp-offsite-damage``; groups with fewer than 10 positive amounts are left out."""


@dataclass(frozen=True)
class Anchors:
    """Figures that the model's losses are set beside.

    Parameters
    ----------
    national_mean_direct_loss : float
        Of damage-assessment cases of the nation [CNY].
    national_mean_factor : float
        How many times more or less than it the model's mean may be before a doubt is told, > 1 [unitless].
    rate_on_line_low, rate_on_line_high : float
        Premium over limit as the market charges it [unitless].
    loss_ratio_low, loss_ratio_high : float
        Implied loss ratios outside of which a warning is given [unitless].
    least_chance_of_largest : float
        Chance below which the largest amount seen elsewhere is a doubt of the law [unitless].
    """

    national_mean_direct_loss: float
    national_mean_factor: float
    rate_on_line_low: float
    rate_on_line_high: float
    loss_ratio_low: float
    loss_ratio_high: float
    least_chance_of_largest: float

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, name: str = "zone_plausibility_anchors.csv") -> Self:
        """Return the anchors of a validated table.

        Parameters
        ----------
        frame : DataFrame
            Of :data:`PLAUSIBILITY_ANCHORS`.
        name : str
            File, for messages.

        Raises
        ------
        TableError
            If an anchor is missing or a lower end is not below its upper end; all of them at once.
        """
        given = dict(zip(frame["anchor"], frame["value"].astype(np.float64), strict=True))
        needed = tuple(cls.__dataclass_fields__)
        faults = Faults()
        for one in needed:
            if one not in given:
                faults.add(name, f"no row `{one}`", f"Needed are: {', '.join(needed)}.")
        faults.raise_if_any(TableError)
        for what in ("rate_on_line", "loss_ratio"):
            low, high = given[f"{what}_low"], given[f"{what}_high"]
            if not low < high:
                faults.add(name, f"{what} from {low:g} to {high:g}", f"`{what}_low` must be < `{what}_high`.")
        if not given["national_mean_factor"] > 1.0:
            faults.add(
                name,
                f"national_mean_factor = {given['national_mean_factor']:g}",
                "It must be > 1.",
                "unitless",
            )
        if not given["least_chance_of_largest"] < 1.0:
            what = f"least_chance_of_largest = {given['least_chance_of_largest']:g}"
            faults.add(name, what, "It must be < 1.", "unitless")
        faults.raise_if_any(TableError)
        return cls(**{one: float(given[one]) for one in needed})
