# SPDX-License-Identifier: Apache-2.0
"""Words of wetlands as a reader meets them: classes of sites, perils, heads of loss, small covers."""

from __future__ import annotations

from typing import Final

import xarray as xr

from greenrisk.report.pages.index_words import told

CLASS_NAMES: Final = {
    "floodplain_lake": "Floodplain lake",
    "igapo_forest": "Igapó: forest flooded by black water",
    "riparian_forest": "Riverside forest",
    "reserve": "Reserve",
    "water_intake": "Intake of raw water",
}
"""Class of a site -> its words."""

PERIL_NAMES: Final = {
    "low_water": "Low water and drought",
    "flood": "Flood",
    "heat": "Heat",
    "spill": "Pollution spill",
    "invasive": "Invasive species",
    "storm": "Storm",
    "all": "All perils",
}
"""Peril -> its words."""

HEAD_NAMES: Final = {
    "restoration": "Restoration",
    "interim": "Services lost until recovery",
    "water_supply": "Emergency water supply",
    "treatment": "Treatment of raw water",
    "closure": "Closure of the intake",
}
"""Head of loss -> its words."""

SMALL_NAMES: Final = {
    "old_trees": "Old and famous trees",
    "wildlife_damage": "Wildlife damage",
    "managers_liability": "Managers' liability",
}
"""Preset of a small cover -> its words."""

UNIT_NAMES: Final = {"tree": "trees", "household": "households", "1000 visits": "thousand visits"}
"""What a small cover counts -> the plural."""

PART_NAMES: Final = {"sites": "Restoration cover of the sites", "index": "Index cover", "all": "All covers"}
"""Part of the premium -> its words; a small cover keeps its own name."""


VERSIONS: Final = {
    "xie2015": "Xie and others 2015",
    "costanza2014": "Costanza and others 2014",
    "degroot2012": "de Groot and others 2012",
}
"""Version of a table of service values -> its words."""


def version_words(services: xr.Dataset) -> str:
    """Return the version of the table of ``/service_values`` as a reader meets it."""
    return told(VERSIONS, services.attrs.get("version", ""))


def peril(kind: object) -> str:
    """Return the words of a peril."""
    return told(PERIL_NAMES, kind)


def site_class(kind: object) -> str:
    """Return the words of a class of sites."""
    return told(CLASS_NAMES, kind)
