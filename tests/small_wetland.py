# SPDX-License-Identifier: Apache-2.0
"""A few sites and the shipped cards, for tests of wetlands."""

from __future__ import annotations

import pandas as pd

from greenrisk.core.cards import Card, read_card
from greenrisk.core.library import find
from greenrisk.resource.wetland.sites import Sites, sites_of

ROWS = (
    ("a", "floodplain_lake", "habitat|fishery", -60.00, -3.10, 200.0, 0.0, 4e6, 0.0, 0.0),
    ("b", "igapo_forest", "habitat|climate", -60.10, -3.05, 500.0, 12.0, 9e6, 0.0, 0.0),
    ("c", "reserve", "habitat|recreation", -60.25, -2.95, 900.0, 31.0, 8e6, 0.0, 0.0),
    ("d", "water_intake", "water_supply", -60.40, -2.80, 15.0, 55.0, 2e6, 1.5e6, 30000.0),
)
COLUMNS = (
    "site_id",
    "site_class",
    "functions",
    "lon",
    "lat",
    "area_ha",
    "river_km",
    "limit_cny",
    "water_limit_cny",
    "people_served",
)


def site_table(rows: int = len(ROWS)) -> pd.DataFrame:
    """Return the first rows of a table of sites."""
    frame = pd.DataFrame(ROWS[:rows], columns=list(COLUMNS))
    frame.insert(1, "name", [f"site {name}" for name in frame["site_id"]])
    return frame


def small_sites(rows: int = len(ROWS)) -> Sites:
    """Return the first of four sites along a river."""
    return sites_of(site_table(rows))


def shipped_card(name: str) -> Card:
    """Return a card of the library."""
    path = find("models", name)
    assert path is not None
    return read_card(path)
