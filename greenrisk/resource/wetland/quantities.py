# SPDX-License-Identifier: Apache-2.0
"""What is computed for every variant of a wetland: the quantities of the knowledge interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.actuarial.exceedance import return_level
from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.resource.quantities import curve_name
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.structure import EventCessions, cede_years
from greenrisk.resource.wetland.perils.base import Floats

RETURN_PERIODS: Final = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 250.0, 500.0, 1000.0)
"""Return periods of the curves [year]."""

CURVES: Final = ("occurrence", "aggregate")
"""The worst event of a year, and the whole year."""

SIDES: Final = ("ground_up", "gross")
"""Layers of the curves: before and after the terms of the cover of the sites."""

SITES_PART: Final = "sites"
"""Name of the part of the premium that covers the sites."""

INDEX_PART: Final = "index"
"""Name of the part that covers the index."""

GROSS_OF_SITES: Final = "gross_premium_of_sites"
"""Quantity: gross premium of the cover of the sites alone."""


def part_name(part: str) -> str:
    """Return the name of the quantity pure premium of a part."""
    return f"pure_premium_of_{part}"


def peril_name(kind: str) -> str:
    """Return the name of the quantity pure premium of a peril."""
    return f"pure_premium_{kind}"


def units(kinds: Sequence[str], parts: Sequence[str]) -> dict[str, str]:
    """Return the quantities with their units, in the order of the arrays.

    Parameters
    ----------
    kinds : sequence of str
        Insured perils.
    parts : sequence of str
        Parts of the premium: the sites, the index, small covers.
    """
    return {
        "average_annual_loss_ground_up": "CNY/year",
        "pure_premium": "CNY/year",
        **{part_name(part): "CNY/year" for part in parts},
        **{peril_name(kind): "CNY/year" for kind in kinds},
        "average_annual_loss_ceded": "CNY/year",
        "average_annual_loss_net": "CNY/year",
        "gross_premium": "CNY/year",
        "gross_premium_loadings_held": "CNY/year",
        GROSS_OF_SITES: "CNY/year",
        "tail_value_at_risk": "CNY",
        "uncovered_share": "unitless",
        "expected_hits": "1/year",
        **{
            curve_name(curve, side, period): "CNY"
            for curve in CURVES
            for side in SIDES
            for period in RETURN_PERIODS
        },
    }


def bounds(event_limit: float | None, annual_limit: float | None) -> dict[str, float]:
    """Return what a quantity cannot exceed, whatever cards and record say.

    Parameters
    ----------
    event_limit, annual_limit : float or None
        Most that the cover of the sites pays for an event, and in a year [CNY]; None: no such limit.
    """
    limits = dict(zip(CURVES, (event_limit, annual_limit), strict=True))
    return {
        "uncovered_share": 1.0,
        **{
            curve_name(curve, "gross", period): limit
            for curve, limit in limits.items()
            if limit is not None
            for period in RETURN_PERIODS
        },
    }


@dataclass(frozen=True, eq=False)
class YearLosses:
    """Simulated years of one variant.

    Parameters
    ----------
    loss, largest : array, shape (years, 2)
        A year's loss and its worst event, layers :data:`SIDES` [CNY].
    peril : array, shape (years, perils)
        Payments by peril [CNY].
    parts : array, shape (years, parts)
        Payments by part of the premium, the sites first [CNY].
    events : EventCessions
        What covers of events take.
    hits : float
        Hits of sites in a year [1/year].
    """

    loss: Floats
    largest: Floats
    peril: Floats
    parts: Floats
    events: EventCessions
    hits: float


def quantities(
    years: YearLosses, loadings: Loadings, held: Loadings, insured: int, reinsurance: ReinsuranceSpec
) -> Floats:
    """Return all quantities of a variant in the order of :func:`units`.

    Parameters
    ----------
    years : YearLosses
        Its simulated years.
    loadings, held : Loadings
        Of the variant; and at their central values.
    insured : int
        Insured sites, by which fixed expenses are counted.
    reinsurance : ReinsuranceSpec
        Covers of the sites' part; a stop loss attaches at that part's premium of the variant.
    """
    total = years.parts.sum(axis=1)
    gross, of_sites = (_premium(paid, loadings, insured) for paid in (total, years.parts[:, 0]))
    split = cede_years(np.ascontiguousarray(years.parts[:, 0]), years.events, reinsurance, None, of_sites)
    ground_up, paid = float(years.loss[:, 0].mean()), float(years.parts[:, 0].mean())
    values = [
        ground_up,
        float(total.mean()),
        *years.parts.mean(axis=0).tolist(),
        *years.peril.mean(axis=0).tolist(),
        float(split.ceded.mean()),
        float(split.net.mean()),
        gross,
        _premium(total, held, insured),
        of_sites,
        tail_value_at_risk(total, TAIL_LEVEL).value,
        1.0 - paid / ground_up if ground_up > 0 else math.nan,
        years.hits,
    ]
    for table in (years.largest, years.loss):
        for side in range(len(SIDES)):
            column = np.ascontiguousarray(table[:, side])
            values.extend(return_level(column, RETURN_PERIODS, beyond=math.nan).tolist())
    return np.array(values)


def _premium(paid: Floats, loadings: Loadings, insured: int) -> float:
    paid = np.ascontiguousarray(paid)
    pure, tail = float(paid.mean()), tail_value_at_risk(paid, TAIL_LEVEL).value
    load = loadings.capital_charge * (tail - pure)
    return gross_premium(pure, load, loadings, loadings.fixed_expenses * insured)
