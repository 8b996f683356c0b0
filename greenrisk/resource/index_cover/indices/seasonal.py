# SPDX-License-Identifier: Apache-2.0
"""Indices that are read off a series: a season's mean, least, largest or sum, days beyond a threshold, a deficit."""

from __future__ import annotations

from typing import Final

import numpy as np

from greenrisk.resource.index_cover.index_spec import DaysIndex, DeficitIndex, SeasonValue
from greenrisk.resource.index_cover.indices.asked import Asked
from greenrisk.resource.index_cover.seasons import Seasons, season_days, season_deficit, season_statistic
from greenrisk.resource.index_cover.series import Bounds, Floats, Series, YearIndex

_TOTALS: Final = ("mm", "ha", "mu", "km2", "t", "tco2e", "count", "1", "cny")
"""Units of what is a total of its step already: summed, they stay what they are."""


def season_value(spec: SeasonValue, asked: Asked) -> YearIndex | None:
    """Return the mean, least, largest or sum of a series in each season; None where a fault was recorded."""
    series = asked.find("series", spec.series, None, "day", "month", "year")
    seasons = None if series is None else asked.seasons(series, spec.season)
    if series is None or seasons is None:
        return None
    value = season_statistic(series.value, seasons.edges, spec.statistic, spec.missing_share)
    _tell_gaps(asked, series, seasons, spec.missing_share, scaled=spec.statistic == "sum")
    summed = spec.statistic == "sum" and series.step != "year"
    return asked.yearly(summed_unit(series) if summed else series.unit, seasons, value, (series,))


def days(spec: DaysIndex, asked: Asked) -> YearIndex | None:
    """Return how many days, or months, of each season lie beyond a threshold; None where a fault was recorded."""
    series = asked.find("series", spec.series, None, "day", "month")
    seasons = None if series is None else asked.seasons(series, spec.season)
    if series is None or seasons is None:
        return None
    if beyond_all(asked, f"`{series.name}`", series.unit, series.value, seasons, spec.threshold):
        return None
    value = season_days(series.value, seasons.edges, spec.threshold, spec.side, spec.missing_share)
    _tell_gaps(asked, series, seasons, spec.missing_share, scaled=True)
    return asked.yearly(series.step, seasons, value, (series,), Bounds(0.0, seasons.longest))


def deficit(spec: DeficitIndex, asked: Asked) -> YearIndex | None:
    """Return what is missing below a threshold, summed over each season; None where a fault was recorded."""
    series = asked.find("series", spec.series, None, "day", "month")
    seasons = None if series is None else asked.seasons(series, spec.season)
    if series is None or seasons is None:
        return None
    if beyond_all(asked, f"`{series.name}`", series.unit, series.value, seasons, spec.threshold):
        return None
    value = season_deficit(series.value, seasons.edges, spec.threshold, spec.missing_share)
    _tell_gaps(asked, series, seasons, spec.missing_share, scaled=True)
    return asked.yearly(summed_unit(series), seasons, value, (series,), Bounds(0.0))


def summed_unit(series: Series) -> str:
    """Return the unit of values that are summed over steps: mm stay mm, m become m x day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> summed_unit(SimpleNamespace(unit="m3/s", step="day"))
    'm3/s x day'
    """
    unit = " ".join(series.unit.split())
    per_day = ("/d", "/day", " d-1", " day-1")
    if series.step == "day" and unit.endswith(per_day):
        return unit[: -len(next(end for end in per_day if unit.endswith(end)))]
    return unit if unit.lower() in _TOTALS else f"{unit} x {series.step}"


def beyond_all(
    asked: Asked, what: str, unit: str, values: Floats, seasons: Seasons, threshold: float
) -> bool:
    """Whether a threshold lies beyond every value of the seasons, so that each year has the same index: a fault."""
    inside = np.concatenate([values[first:behind] for first, behind in seasons.edges])
    if np.isnan(inside).all():
        return False
    least, largest = float(np.nanmin(inside)), float(np.nanmax(inside))
    if least < threshold < largest:
        return False
    side = "above" if threshold >= largest else "below"
    asked.fault(
        "threshold",
        f"{threshold:g}",
        f"It lies {side} every value of {what} in the season, {least:g} to {largest:g} {unit}, and no year can be told "
        "from another. Give it in that unit, between these.",
        unit,
    )
    return True


def _tell_gaps(asked: Asked, series: Series, seasons: Seasons, missing_share: float, *, scaled: bool) -> None:
    """Tell how many missing values were let pass."""
    if missing_share == 0.0:
        return
    count = [int(np.isnan(series.value[first:behind]).sum()) for first, behind in seasons.edges]
    length = seasons.edges[:, 1] - seasons.edges[:, 0]
    passed = sum(n for n, of in zip(count, length, strict=True) if n <= missing_share * of)
    if passed:
        how = (
            "what there is of their season is scaled to the whole of it"
            if scaled
            else "the others stand for them"
        )
        asked.tell(
            "imputed", f"Missing values of `{series.name}` were let pass (`missing_share`): {how}.", passed
        )
