# SPDX-License-Identifier: Apache-2.0
"""What is not known of limits: the measures at the limits in force and the smallest limits, through all variants.

What lives here: knowledge intervals beside the simulation's. What does not: the measures
(:mod:`greenrisk.pollution.mandate.in_force`, :mod:`greenrisk.pollution.mandate.limit_adequacy`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.pollution.knowledge import Knowledge
from greenrisk.pollution.mandate.in_force import QUANTITIES
from greenrisk.pollution.mandate.limit_adequacy import SIDES
from greenrisk.pollution.mandate.plant_groups import ALL

Floats = NDArray[np.float64]

_ENDS: Final = ("low", "high")
_QUANTILES: Final = (0.05, 0.95)


def known_limits(curves: xr.Dataset, smallest: xr.Dataset, values: Floats, knowledge: Knowledge) -> None:
    """Write knowledge intervals into the groups ``limit_adequacy`` and ``smallest_limit``.

    Parameters
    ----------
    curves : Dataset
        With ``in_force`` by measure; gets ``in_force_low`` and ``in_force_high`` [1].
    smallest : Dataset
        With ``limit``; gets ``limit_knowledge_low`` and ``limit_knowledge_high``, for all plants after sublimits [CNY].
    values : array, shape (variants, measures, leave)
        Smallest limits of every variant, all plants after sublimits; NaN: beyond the grid [CNY].
    knowledge : Knowledge
        All variants.

    Notes
    -----
    A limit moves as that of the variant to that of the base: the interval holds the 5 % and 95 % quantiles over the
    joint draws, and every named alternative that holds the share of money above the limit open, which a loss cut at
    the policy's own limit does not. A limit beyond the grid is infinite.
    """
    found = curves["in_force"].values
    ends = np.array([knowledge.interval(*pair) for pair in zip(QUANTITIES, found.tolist(), strict=True)])
    for column, end in enumerate(_ENDS):
        told = {
            "units": "1",
            "long_name": f"What the limits in force leave, {end} end of 90 % of what is not known",
        }
        curves[f"in_force_{end}"] = ("measure", ends[:, column], told)
    plan = knowledge.plan
    draws = np.where(np.isnan(values), np.inf, values)[1 : plan.first_end]
    others = values[plan.first_alternative :][knowledge.speaks(QUANTITIES[1])]
    others = np.where(np.isnan(others), np.inf, others)
    shown = smallest["limit"].sel(group=ALL, side=SIDES[1]).values
    with np.errstate(invalid="ignore"):
        scale = shown / values[0]
    drawn = [np.quantile(draws, q, axis=0, method="inverted_cdf") for q in _QUANTILES]
    wide = (
        np.minimum(drawn[0], others.min(axis=0)) * scale,
        np.maximum(drawn[1], others.max(axis=0)) * scale,
    )
    dims = ("group", "side", "measure", "leave")
    place = (smallest["group"].values.tolist().index(ALL), smallest["side"].values.tolist().index(SIDES[1]))
    for end, limit in zip(_ENDS, wide, strict=True):
        table = np.full(smallest["limit"].shape, np.nan)
        table[place] = limit
        told = {
            "units": "CNY",
            "long_name": f"The same, {end} end of 90 % of what is not known; inf: no limit tried",
        }
        smallest[f"limit_knowledge_{end}"] = (dims, table, told)
