# SPDX-License-Identifier: Apache-2.0
"""What is computed for every variant of an index cover: the quantities of the knowledge interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.exceedance import return_level
from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL

Floats = NDArray[np.float64]

RETURN_PERIODS: Final = (5.0, 10.0, 20.0, 50.0, 100.0, 250.0, 500.0, 1000.0)
"""Return periods of the curve [year]."""

CURVES: Final = ("aggregate",)
"""Payments of a year; an index cover pays once a season, so that a curve of events would say nothing more."""

LAYERS: Final = ("gross",)
"""What the curve is of."""


def curve_name(period: float) -> str:
    """Return the name of a quantity of the curve."""
    return f"aggregate_gross_{period:g}"


def cover_name(cover: str) -> str:
    """Return the name of the quantity pure premium of one cover."""
    return f"pure_premium_{cover}"


def units(covers: Sequence[str]) -> dict[str, str]:
    """Return the quantities with their units, in the order of the arrays.

    Parameters
    ----------
    covers : sequence of str
        Names of the covers.
    """
    return {
        "pure_premium": "CNY/year",
        **{cover_name(cover): "CNY/year" for cover in covers},
        "gross_premium": "CNY/year",
        "gross_premium_loadings_held": "CNY/year",
        "pure_rate_on_line": "unitless",
        "rate_on_line": "unitless",
        "payment_frequency": "1/year",
        "tail_value_at_risk": "CNY",
        "average_annual_loss": "CNY/year",
        "average_annual_gap": "CNY/year",
        **{curve_name(period): "CNY" for period in RETURN_PERIODS},
    }


def quantities(
    payments: Floats,
    most: float,
    loadings: Loadings,
    held: Loadings,
    loss: tuple[float, float],
) -> Floats:
    """Return all quantities of a variant in the order of :func:`units`.

    Parameters
    ----------
    payments : array, shape (years, covers)
        What each cover paid in each simulated year [CNY].
    most : float
        Most that all covers can pay in a year [CNY].
    loadings, held : Loadings
        Of the variant; and at their central values.
    loss : (float, float)
        Mean of the buyer's loss over the years of the variant's record, and of what the payments leave of it
        [CNY/year]; NaN without a loss.
    """
    total = payments.sum(axis=1)
    pure, tail = float(total.mean()), tail_value_at_risk(total, TAIL_LEVEL).value
    gross, steady = (gross_premium(pure, one.capital_charge * (tail - pure), one) for one in (loadings, held))
    return np.array(
        [
            pure,
            *payments.mean(axis=0).tolist(),
            gross,
            steady,
            pure / most,
            gross / most,
            float((total > 0).mean()),
            tail,
            *loss,
            *return_level(total, RETURN_PERIODS, beyond=math.nan).tolist(),
        ]
    )


def bounds(covers: Sequence[str], most: float, most_of_cover: Sequence[float]) -> dict[str, float]:
    """Return what a quantity cannot exceed, whatever the record: what covers can pay, and every year.

    Parameters
    ----------
    covers : sequence of str
        Names of the covers.
    most : float
        Most that all covers can pay in a year [CNY].
    most_of_cover : sequence of float
        The same of each [CNY].
    """
    return {
        **dict.fromkeys(("pure_premium", "tail_value_at_risk"), most),
        **{curve_name(period): most for period in RETURN_PERIODS},
        **{cover_name(cover): limit for cover, limit in zip(covers, most_of_cover, strict=True)},
        "pure_rate_on_line": 1.0,
        "payment_frequency": 1.0,
    }
