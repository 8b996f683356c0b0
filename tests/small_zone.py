# SPDX-License-Identifier: Apache-2.0
"""The shipped tables of substances and of Leping's synthetic zone, and a zone of three plants that tests can spoil."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import TableSpec, read_table
from greenrisk.pollution import substance_files
from greenrisk.pollution.inventory import Holdings
from greenrisk.pollution.inventory_arrays import holdings_of
from greenrisk.pollution.substance_tables import (
    MEDIA_RULES,
    MIXTURE_RULES,
    SUBSTANCES,
)
from greenrisk.pollution.substances import Substances, read_substances
from greenrisk.pollution.tables import ZONE_TABLES

DATA = library_root() / "data"


def _read(spec: TableSpec, file: str) -> pd.DataFrame:
    return read_table(DATA / file, spec, Ledger())


@cache
def substance_frames() -> dict[str, pd.DataFrame]:
    """Return the shipped tables of substances by the name of their spec; copy before a change."""
    specs = (SUBSTANCES, MIXTURE_RULES, MEDIA_RULES)
    return {spec.name: _read(spec, f"{spec.name.replace('-', '_')}.csv") for spec in specs}


@cache
def shipped_substances() -> Substances:
    """Return the shipped substances."""
    return read_substances(substance_frames())


@cache
def shipped_bounds() -> dict[str, float]:
    """Return the shipped bounds of what is plausible."""
    return substance_files.shipped_substances()[1]


def leping_names() -> dict[str, str]:
    """Return the file of each table of Leping's zone."""
    return {spec.name: f"leping_{spec.name.removeprefix('zone-')}_synthetic.csv" for spec in ZONE_TABLES}


@cache
def leping_frames() -> dict[str, pd.DataFrame]:
    """Return the tables of Leping's zone by the name of their spec; copy before a change."""
    return {spec.name: _read(spec, leping_names()[spec.name]) for spec in ZONE_TABLES}


def held(*rows: dict[str, Any]) -> Holdings:
    """Return holdings of one plant; what a row does not say is 10 t of a pure liquid without name."""
    usual = {
        "plant_id": "A",
        "cas": None,
        "name_zh": None,
        "name_en": None,
        "state": "liquid",
        "max_t": 10.0,
        "concentration_percent": None,
        "is_solution": "no",
        "where": None,
    }
    frame = pd.DataFrame([{**usual, **row} for row in rows])
    return holdings_of(frame, np.zeros(len(rows), dtype=np.int64), np.arange(len(rows), dtype=np.int64) + 2)


def small_zone() -> dict[str, pd.DataFrame]:
    """Return the tables of three plants without a fault: a maker, a store and a carrier, as the reader gives them."""
    plants = [
        {
            "plant_id": plant_id,
            "name": f"works {plant_id}",
            "owner": f"owner {plant_id}",
            "lon": 117.0 + 0.01 * number,
            "lat": 29.0,
            "industry_code": "2614",
            "kind_of_site": "ordinary",
            "activity": activity,
            "in_zone": "yes",
            "key_permit": "no",
            "employees": 50,
            "revenue_cny": 1e8,
            "assets_cny": 3e7,
            "credit_colour": "blue",
            "limit_cny": 5e6,
            "years_observed": 10.0,
            "prevention": "standard",
            **dict.fromkeys(
                (
                    "gas_monitor",
                    "distance_met",
                    "interception",
                    "accident_water",
                    "clean_water",
                    "rain_water",
                    "waste_water",
                ),
                "yes",
            ),
            "discharge_route": "to_plant",
            "waste_managed": "yes",
            "people_500m": 100.0,
            "people_1km": 1000.0,
            "people_5km": 20000.0,
            "special_area_5km": "no",
        }
        for number, (plant_id, activity) in enumerate(
            {"A": "production", "B": "storage", "C": "transport"}.items()
        )
    ]
    outlets = [
        {
            "plant_id": plant["plant_id"],
            "outlet_id": f"{plant['plant_id']}1",
            "kind": "effluent",
            "receiving_water": "creek",
            "water_class": "III",
            "drinking_water_10km": "no",
            "sensitive_water_10km": "no",
            "crosses_24h": "none",
            "karst_or_flood_area": "no",
        }
        for plant in plants
    ]
    substances = [
        ("A", "7782-50-5", "氯气", "chlorine", "liquefied_gas", 20.0, 100.0, "no", "store 1"),
        ("A", "7647-01-0", "盐酸", None, "liquid", 50.0, 31.0, "yes", "tank 1"),
        ("B", "108-88-3", None, "toluene", "liquid", 300.0, None, "no", "tank 2"),
        ("C", "67-56-1", "甲醇", None, "liquid", 25.0, None, "no", "yard"),
    ]
    columns = ("plant_id", "cas", "name_zh", "name_en", "state", "max_t")
    return {
        "zone-plants": pd.DataFrame(plants),
        "zone-outlets": pd.DataFrame(outlets),
        "zone-substances": pd.DataFrame(
            substances, columns=[*columns, "concentration_percent", "is_solution", "where"]
        ),
        "zone-processes": pd.DataFrame(
            [{"plant_id": "A", "line": "1", "process": "chlorination", "lines": 1}]
        ),
        "zone-equipment": pd.DataFrame([{"plant_id": "A", "equipment": "reactor", "amount": 4.0}]),
        "zone-vehicles": pd.DataFrame(
            [
                {
                    "plant_id": "C",
                    "vehicle_class": "tank truck",
                    "cas": "67-56-1",
                    "trips_per_year": 200.0,
                    "km_per_trip": 150.0,
                    "load_t": 28.0,
                }
            ]
        ),
        "zone-history": pd.DataFrame(
            [
                {
                    "plant_id": "A",
                    "year": 2020,
                    "kind": "accident",
                    "level": "general",
                    "medium": "water",
                    "direct_loss_cny": 1e6,
                }
            ]
        ),
    }
