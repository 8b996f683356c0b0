# SPDX-License-Identifier: Apache-2.0
"""A zone of few plants, and accidents written down by hand."""

import numpy as np

from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.laws import ClaimLaws, HeadLaws, ZoneLaws
from greenrisk.pollution.severity.heads import HEADS

PROPERTY, BODILY, RESPONSE, CLEAN_UP, LEGAL = range(5)

CLAIMS = {
    "share_gradual": 0.08,
    "share_deliberate": 0.03,
    "lag_sudden": 0.15,
    "lag_gradual": 3.0,
    "person_cost": 50_000.0,
    "person_spread": 1.2,
}


def head_laws(**changed) -> HeadLaws:
    """Three heads with a tail, two without; the tails of two have no finite mean."""
    given = {
        "share_positive": np.array([[0.1, 0.05, 0.35, 0.3, 0.1]]),
        "scale": np.array([[3.0, 1.0, 3.0, 3.0, 1.0]]),
        "cap": np.array([[2e8, 1e8, 2e8, 3e8, 2e7]]),
        "mu": np.array([8.4, 11.0, 9.1, 8.9, 11.3]),
        "sigma": np.array([2.1, 1.9, 2.1, 2.3, 1.1]),
        "threshold": np.array([28e3, np.inf, 49e3, 53e3, np.inf]),
        "tail_weight": np.array([0.2, 0.0, 0.2, 0.1, 0.0]),
        "tail_shape": np.array([1.34, 0.0, 1.05, 0.45, 0.0]),
        "tail_scale": np.array([44e3, 1.0, 90e3, 120e3, 1.0]),
        "dependence": 0.4,
    }
    return HeadLaws(**{**given, **changed})


def zone_laws(own=(0.3, 0.1, 0.05, 0.02), **changed) -> ZoneLaws:
    """Four plants with many accidents; a fifth of them by three shocks in ten years."""
    rates = np.asarray(own, dtype=float)
    given = {
        "own": rates,
        "transport": np.where(np.arange(rates.size) == 1, 0.2, 0.01),
        "shock_rate": 0.3,
        "shock_share": 0.2,
        "heads": head_laws(),
        "claims": ClaimLaws(**CLAIMS),
        "most_hit": 0.95,
    }
    return ZoneLaws(**{**given, **changed})


def accidents(*rows: dict, years: int = 10, plants: int = 2) -> Accidents:
    """Accidents written down: year, time, plant, and losses by head; all else has a default."""
    rows = sorted(rows, key=lambda row: (row.get("year", 0), row.get("time", 0.5)))
    loss = np.zeros((len(rows), len(HEADS)))
    for i, row in enumerate(rows):
        for head, amount in row["loss"].items():
            loss[i, head] = amount

    def column(name, default, dtype):
        return np.array([row.get(name, default) for row in rows], dtype=dtype)

    year, plant = column("year", 0, np.int64), column("plant", 0, np.int64)
    cause = column("cause", 0, np.int64)
    by_year = np.zeros((years, 3), dtype=np.int32)
    np.add.at(by_year, (year, cause), 1)
    event = np.array([row.get("event", i) for i, row in enumerate(rows)], dtype=np.int64)
    return Accidents(
        years=years,
        year=year,
        time=column("time", 0.5, float),
        plant=plant,
        cause=cause,
        event=event,
        loss=loss,
        gradual=column("gradual", False, bool),
        deliberate=column("deliberate", False, bool),
        lag=column("lag", 0.0, float),
        persons=column("persons", 0.0, float),
        by_year=by_year,
        by_plant=np.bincount(plant, minlength=plants),
    )
