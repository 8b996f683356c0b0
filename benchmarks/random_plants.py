# SPDX-License-Identifier: Apache-2.0
"""Random plants for the grading: as greenrisk's arrays, and as the rows that the row-by-row version reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.inventory import (
    CONTROLS,
    Equipment,
    History,
    Holdings,
    Inventory,
    Outlets,
    Plants,
    Processes,
    Vehicles,
)
from greenrisk.pollution.tables import (
    CROSSINGS,
    DISCHARGE_ROUTES,
    EVENT_LEVELS,
    HISTORY_KINDS,
    KINDS_OF_SITE,
)

MEDIA = ("air", "water", "both", "")
PEOPLE = (0, 100, 499, 500, 700, 1_000, 1_001, 5_000, 10_000, 30_000, 50_000, 60_000)


def random_plants(n: int, rules: Rules, seed: int = 1) -> tuple[Inventory, Counted]:
    """Return n plants with, on average, six substances, two outlets, two processes and one record each.

    One in twenty is out of scope; people and sums often equal a cut.
    """
    rng = np.random.default_rng(seed)

    def flags(share: float, shape: int | tuple[int, ...]) -> np.ndarray:
        return rng.random(shape) < share

    def of_plants(each: int) -> np.ndarray:
        return np.sort(rng.integers(0, n, each * n))

    ids = np.array([f"P{k:06d}" for k in range(n)], dtype=np.str_)
    zeros, codes = np.zeros(n), np.zeros(n, dtype=np.int64)
    plants = Plants(
        ids=ids,
        name=ids,
        owner=ids,
        industry_code=ids,
        lon=zeros,
        lat=zeros,
        kind_of_site=np.where(flags(0.05, n), rng.integers(1, len(KINDS_OF_SITE), n), 0),
        activity=codes,
        discharge_route=rng.integers(0, len(DISCHARGE_ROUTES), n),
        prevention=codes,
        in_zone=flags(1.0, n),
        key_permit=flags(0.5, n),
        special_area_5km=flags(0.1, n),
        employees=zeros,
        people_500m=rng.choice(PEOPLE, n).astype(np.float64),
        people_1km=zeros,
        people_5km=rng.choice(PEOPLE, n).astype(np.float64),
        revenue=zeros,
        assets=zeros,
        credit_colour=codes,
        limit=zeros,
        years_observed=zeros,
        controls=flags(0.6, (n, len(CONTROLS))),
    )
    at = of_plants(2)
    text = np.full(at.size, "", dtype=np.str_)
    outlets = Outlets(
        plant=at,
        ids=text,
        kind=text,
        receiving_water=text,
        water_class=np.zeros(at.size, dtype=np.int64),
        crosses_24h=rng.choice(len(CROSSINGS), at.size, p=(0.9, 0.07, 0.03)),
        drinking_water_10km=flags(0.1, at.size),
        sensitive_water_10km=flags(0.2, at.size),
        karst_or_flood_area=flags(0.1, at.size),
    )
    at = of_plants(2)
    words = np.unique([word for word in rules.process_words.tolist() if word.isascii()])
    processes = Processes(
        plant=at,
        words=words,
        word=rng.integers(0, words.size, at.size),
        line=np.full(at.size, "line", dtype=np.str_),
        lines=rng.integers(1, 3, at.size),
    )
    at = of_plants(1)
    history = History(
        plant=at,
        year=rng.integers(2015, 2025, at.size),
        kind=rng.integers(0, len(HISTORY_KINDS), at.size),
        level=rng.integers(-1, len(EVENT_LEVELS), at.size),
        medium=rng.choice(MEDIA, at.size),
        direct_loss=np.zeros(at.size),
    )
    at = of_plants(6)
    listed = flags(0.7, (2, 2, at.size))
    toxic = flags(0.2, (2, at.size))
    counted = Counted(
        plant=at,
        name=np.full(at.size, "x", dtype=np.str_),
        tonnes=rng.choice((0.0, 0.25, 1.0, 2.5, 10.0, 40.0), at.size),
        on_site=np.ones(at.size),
        critical=rng.choice((0.25, 1.0, 2.5, 5.0, 10.0, 50.0), at.size),
        listed=np.stack([listed[0] & listed[1], listed[1]]),
        toxic_gas=np.stack([toxic[0] & toxic[1], toxic[1]]),
        known=flags(1.0, at.size),
        quantity_status=np.zeros(at.size, dtype=np.int64),
        list_status=np.zeros((2, at.size), dtype=np.int64),
        part_status=np.zeros(at.size, dtype=np.int64),
    )
    none, nothing, empty = np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.str_)
    holdings = Holdings(none, none, empty, empty, empty, empty, none, nothing, nothing, flags(0.0, 0))
    equipment, vehicles = (
        Equipment(none, none, nothing),
        Vehicles(none, empty, empty, nothing, nothing, nothing),
    )
    return Inventory(plants, outlets, holdings, processes, equipment, vehicles, history), counted


def plain_rows(inventory: Inventory, counted: Counted) -> list[list[dict[str, Any]]]:
    """Return plants, substances, outlets, processes and history as rows of dictionaries."""
    plants, outlets, made, history = (
        inventory.plants,
        inventory.outlets,
        inventory.processes,
        inventory.history,
    )
    ids = plants.ids.tolist()
    answer = ("no", "yes")
    return [
        [
            {
                "plant_id": ids[k],
                "kind_of_site": KINDS_OF_SITE[plants.kind_of_site[k]],
                "discharge_route": DISCHARGE_ROUTES[plants.discharge_route[k]],
                "special_area_5km": answer[int(plants.special_area_5km[k])],
                "people_500m": float(plants.people_500m[k]),
                "people_5km": float(plants.people_5km[k]),
                **{name: answer[int(plants.controls[k, place])] for place, name in enumerate(CONTROLS)},
            }
            for k in range(len(plants))
        ],
        [
            {
                "plant_id": ids[counted.plant[k]],
                "tonnes": float(counted.tonnes[k]),
                "critical_t": float(counted.critical[k]),
                **{
                    f"{medium}_{reading}": bool(counted.listed[r, m, k])
                    for m, medium in enumerate(("air", "water"))
                    for r, reading in enumerate(("low", "high"))
                },
                "toxic_gas_low": bool(counted.toxic_gas[0, k]),
                "toxic_gas_high": bool(counted.toxic_gas[1, k]),
            }
            for k in range(counted.plant.size)
        ],
        [
            {
                "plant_id": ids[outlets.plant[k]],
                "drinking_water_10km": answer[int(outlets.drinking_water_10km[k])],
                "sensitive_water_10km": answer[int(outlets.sensitive_water_10km[k])],
                "karst_or_flood_area": answer[int(outlets.karst_or_flood_area[k])],
                "crosses_24h": CROSSINGS[outlets.crosses_24h[k]],
            }
            for k in range(outlets.plant.size)
        ],
        [
            {
                "plant_id": ids[made.plant[k]],
                "process": str(made.words[made.word[k]]),
                "lines": int(made.lines[k]),
            }
            for k in range(made.plant.size)
        ],
        [
            {
                "plant_id": ids[history.plant[k]],
                "year": int(history.year[k]),
                "kind": HISTORY_KINDS[history.kind[k]],
                "level": EVENT_LEVELS[history.level[k]] if history.level[k] >= 0 else "",
                "medium": str(history.medium[k]),
            }
            for k in range(history.plant.size)
        ],
    ]
