# SPDX-License-Identifier: Apache-2.0
"""Carbon stock that is missing below a target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from greenrisk.resource.index_cover.index_spec import CarbonIndex
from greenrisk.resource.index_cover.indices.asked import Asked, Unit
from greenrisk.resource.index_cover.series import Bounds, YearIndex

CARBON: Final = Unit(
    "tCO2e",
    ("tco2", "t co2e", "t co2", "tco2eq"),
    {
        "tc": "multiply by 44/12",
        "t c": "multiply by 44/12",
        "ktco2e": "multiply by 1,000",
        "mtco2e": "multiply by 1,000,000",
        "kgco2e": "divide by 1,000",
    },
)


def carbon(spec: CarbonIndex, asked: Asked) -> YearIndex | None:
    """Return ``max(target - stock, 0)`` of each year [tCO2e]; None where a fault was recorded.

    The stock is that of the whole site, so a target by the hectare does not fit.
    """
    series = asked.find("series", spec.series, CARBON, "year")
    seasons = None if series is None else asked.seasons(series, spec.season)
    if series is None or seasons is None:
        return None
    sound = True
    if (series.value < 0).any():
        mend = f"A stock must be 0 or more; the least here is {np.nanmin(series.value):g}."
        asked.fault("series", spec.series, mend, "tCO2e")
        sound = False
    if isinstance(spec.target, Mapping):
        without = [str(year) for year in seasons.year if int(year) not in spec.target]
        if without:
            asked.fault(
                "target",
                f"{len(spec.target)} years",
                f"There is no target for {', '.join(without)}.",
                "tCO2e",
            )
            return None
        target = np.array([spec.target[int(year)] for year in seasons.year])
    else:
        target = np.full(seasons.year.size, spec.target)
    if (target <= 0).any():
        asked.fault("target", f"{target.min():g}", "A target must be above 0.", "tCO2e")
        sound = False
    if not sound:
        return None
    missing = np.maximum(target - series.value[seasons.edges[:, 0]], 0.0)
    return asked.yearly("tCO2e", seasons, missing, (series,), Bounds(0.0))
