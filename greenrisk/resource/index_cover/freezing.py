# SPDX-License-Identifier: Apache-2.0
"""Parameters of standardised indices, fitted once for a scenario to hold: the work of ``greenrisk freeze``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.index_spec import FrozenParameters, StandardisedIndex
from greenrisk.resource.index_cover.index_study_spec import IndexPart
from greenrisk.resource.index_cover.indices.asked import Asked
from greenrisk.resource.index_cover.indices.standardised import (
    Months,
    fit_window,
    largest_difference,
    read_months,
)
from greenrisk.resource.index_cover.series import Floats, Series
from greenrisk.resource.index_cover.series_reading import read_series


@dataclass(frozen=True, eq=False)
class Frozen:
    """Parameters of one index as its window gives them now.

    Parameters
    ----------
    calibration : tuple of int
        First and last year of the window.
    parameters : FrozenParameters
        With ten figures.
    relative : float
        Largest relative difference from the parameters that the scenario holds [unitless]; NaN where it holds none.
    change : float
        By how much a month's index would move at most, were the scenario's parameters replaced [1].
    """

    calibration: tuple[int, int]
    parameters: FrozenParameters
    relative: float = float("nan")
    change: float = float("nan")


def freeze(part: IndexPart, underwriting_year: int, sources: Sources, at: KeyPath = ()) -> dict[str, Frozen]:
    """Fit every SPI and SPEI of a scenario on its calibration window.

    Parameters
    ----------
    part : IndexPart
        Series and indices.
    underwriting_year : int
        Year that the cover is priced for [year].
    sources : Sources
        Reads the files and takes the faults.
    at : tuple
        Key under which the scenario holds the part; empty: at its top.

    Returns
    -------
    dict of str to Frozen
        By index, without those whose faults were recorded; empty where there is no SPI or SPEI.
    """
    asked_for = {name: one for name, one in part.indices.items() if isinstance(one, StandardisedIndex)}
    series = _series(part, asked_for, sources, at)
    found: dict[str, Frozen] = {}
    for name, spec in asked_for.items():
        asked = Asked(name, (*at, "indices", name), series, sources, underwriting_year)
        months = read_months(spec, asked)
        fitted = None if months is None else _fitted(spec, months, asked)
        if months is None or fitted is None:
            continue
        if spec.frozen is None:
            found[name] = Frozen(spec.calibration, fitted)
        else:
            found[name] = Frozen(spec.calibration, fitted, *largest_difference(spec, months, spec.frozen))
    return found


def _series(
    part: IndexPart, asked_for: Mapping[str, StandardisedIndex], sources: Sources, at: KeyPath
) -> dict[str, Series | None]:
    """Return the series of the indices, None for one that cannot be read, or that none of them names."""
    named = {name for one in asked_for.values() for name in (one.series, one.evapotranspiration)}
    return {
        name: read_series(name, spec, (*at, "series", name), sources) if name in named else None
        for name, spec in part.series.items()
    }


def _fitted(spec: StandardisedIndex, months: Months, asked: Asked) -> FrozenParameters | None:
    """Return the parameters of the window; None where a month has no law, which is a fault."""
    alpha, beta, prob_zero = fit_window(spec, months)
    lawless = ~(np.isfinite(alpha) & np.isfinite(beta) & (prob_zero < 1))
    if lawless.any():
        which = ", ".join(str(month) for month in np.flatnonzero(lawless) + 1)
        asked.fault(
            "calibration",
            f"[{spec.calibration[0]}, {spec.calibration[1]}]",
            f"Sums of {spec.scale} months that end in month {which} have no rain, or one amount, in every year of the "
            "window: no gamma law fits them. Sum over more months (`scale`), or take a deficit or a season's rain.",
        )
        return None
    return FrozenParameters(alpha=_figures(alpha), beta=_figures(beta), prob_zero=_figures(prob_zero))


def _figures(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.10g}") for value in values)
