# SPDX-License-Identifier: Apache-2.0
"""Third-party property of the model beside the off-site damage of accidents at US chemical sites.

What lives here: a comparison in US dollars, before any factor of transfer; no fit and no validation. What does not:
other comparisons (:mod:`greenrisk.pollution.severity.plausibility`).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.pollution.severity.heads import THIRD_PARTY_PROPERTY
from greenrisk.pollution.severity.laws import HeadLaw
from greenrisk.pollution.severity.plausibility import Doubt
from greenrisk.pollution.severity.plausibility_tables import Anchors

LEVELS: Final = (0.5, 0.75, 0.9, 0.95, 0.99)
"""Probabilities of the quantiles, those of the table [unitless]."""


def third_party_beside_rmp(laws: tuple[HeadLaw, ...], to_cny: float, rmp: pd.DataFrame) -> xr.Dataset:
    """Return third-party property of the model beside the off-site damage of US RMP accidents, in USD.

    Parameters
    ----------
    laws : tuple of HeadLaw
        By head, in CNY.
    to_cny : float
        What a USD is in CNY of an accident in China, taken out again so that both are amounts in the United States.
    rmp : DataFrame
        Of :data:`~greenrisk.pollution.severity.plausibility_tables.RMP_OFFSITE_DAMAGE`.

    Returns
    -------
    Dataset
        Group ``third_party_beside_rmp`` over (source, probability): ``quantile`` of positive amounts [USD], over source
        ``positive`` - how many amounts stand behind it (0 for the model), ``maximum`` - the largest (NaN for it) [USD],
        ``chance_of_largest`` - the chance that as many amounts of the model hold one as large (NaN for it) [unitless].

    Notes
    -----
    USD of 2022 beside nominal USD of 1994 to 2023; reportable accidents on both sides, under other rules.
    """
    law = laws[THIRD_PARTY_PROPERTY].law
    ours = np.asarray(law.ppf(np.array(LEVELS))) / to_cny
    groups = [
        " ".join(dict.fromkeys(words)) for words in zip(rmp["kind"], rmp["code"], rmp["window"], strict=True)
    ]
    theirs = rmp[[f"p{100 * level:.0f}_usd" for level in LEVELS]].to_numpy(dtype=np.float64)
    largest = rmp["maximum_usd"].to_numpy(dtype=np.float64)
    counts = rmp["positive_values"].to_numpy(dtype=np.float64)
    # Without the cap: it is a choice, and would make every larger amount impossible.
    reached = -np.expm1(counts * np.log1p(-law.base.sf(largest * to_cny)))
    return xr.Dataset(
        {
            "quantile": (
                ("source", "probability"),
                np.vstack([ours[np.newaxis], theirs]),
                {"units": "USD", "long_name": "Quantile of the positive amounts"},
            ),
            "positive": (
                "source",
                [0, *rmp["positive_values"].astype(int).tolist()],
                {"units": "accident", "long_name": "Amounts behind it"},
            ),
            "maximum": (
                "source",
                [math.nan, *largest.tolist()],
                {"units": "USD", "long_name": "Largest amount"},
            ),
            "chance_of_largest": (
                "source",
                [math.nan, *reached.tolist()],
                {
                    "units": "unitless",
                    "long_name": "Chance that as many amounts of the model hold one as large",
                },
            ),
        },
        coords={"source": ["model", *groups], "probability": list(LEVELS)},
        attrs={"title": "Third-party property beside the off-site damage of RMP accidents"},
    )


def doubts_of_rmp(beside: xr.Dataset, anchors: Anchors) -> tuple[Doubt, ...]:
    """Return the groups of accidents whose largest damage the model's law would hardly ever bring.

    Parameters
    ----------
    beside : Dataset
        From :func:`third_party_beside_rmp`.
    anchors : Anchors
        With the least chance.
    """
    told = []
    for place in np.flatnonzero((beside["chance_of_largest"] < anchors.least_chance_of_largest).to_numpy()):
        row = beside.isel(source=int(place))
        told.append(
            Doubt(
                "third_party_beside_rmp",
                f"The largest off-site damage of {row['source'].item()}, {row['maximum'].item():,.0f} USD, would be "
                f"reached by one of {row['positive'].item()} amounts of the model with a chance of "
                f"{row['chance_of_largest'].item():.2g}: third-party property of such sites has a heavier tail.",
            )
        )
    return tuple(told)
