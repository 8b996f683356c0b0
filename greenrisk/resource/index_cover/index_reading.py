# SPDX-License-Identifier: Apache-2.0
"""From what a scenario writes of an index, and its series, to one value a year or to events of years."""

from __future__ import annotations

from collections.abc import Mapping

from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.index_spec import (
    CarbonIndex,
    DaysIndex,
    DeficitIndex,
    FireWeatherIndex,
    IndexSpec,
    SeasonValue,
    StandardisedIndex,
    WindBoxIndex,
)
from greenrisk.resource.index_cover.indices import seasonal
from greenrisk.resource.index_cover.indices.asked import Asked
from greenrisk.resource.index_cover.indices.carbon import carbon
from greenrisk.resource.index_cover.indices.fire_weather import fire_weather
from greenrisk.resource.index_cover.indices.standardised import standardised
from greenrisk.resource.index_cover.indices.wind_box import wind_box
from greenrisk.resource.index_cover.series import Series, YearIndex


def make_index(
    name: str,
    spec: IndexSpec,
    series: Mapping[str, Series | None],
    key_path: KeyPath,
    sources: Sources,
    underwriting_year: int,
) -> YearIndex | None:
    """Return an index of a scenario.

    Parameters
    ----------
    name : str
        Name in the scenario.
    spec : IndexSpec
        What the scenario writes of it.
    series : mapping of str to Series or None
        All series of the scenario by name; None for one that could not be read, so that it is not told twice.
    key_path : tuple
        Where the scenario asks for it, e.g. ``("indices", "low_water")``.
    sources : Sources
        Told every fault at its key, and the ledger what was let pass.
    underwriting_year : int
        Year that the cover is priced for: standardised indices are fitted on years before it [year].

    Returns
    -------
    YearIndex or None
        None where a fault was recorded.
    """
    asked = Asked(name, key_path, series, sources, underwriting_year)
    match spec:
        case SeasonValue():
            return seasonal.season_value(spec, asked)
        case DaysIndex():
            return seasonal.days(spec, asked)
        case DeficitIndex():
            return seasonal.deficit(spec, asked)
        case StandardisedIndex():
            return standardised(spec, asked)
        case FireWeatherIndex():
            return fire_weather(spec, asked)
        case WindBoxIndex():
            return wind_box(spec, asked)
        case CarbonIndex():
            return carbon(spec, asked)
