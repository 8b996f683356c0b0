# SPDX-License-Identifier: Apache-2.0
"""The shipped cards and tables of frequency, and Leping's inventory, for the tests of this folder."""

from functools import cache

import numpy as np

from greenrisk.core.cards import Card, read_card
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import TableSpec, read_table
from greenrisk.pollution.accidents.exposure import Exposure, exposure_of
from greenrisk.pollution.accidents.records import (
    INDUSTRY_NAICS,
    LEAK_FREQUENCIES,
    RELEASE_SOURCES,
    RMP_RATES,
    RMP_WINDOWS,
    Records,
    read_records,
)
from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.tables import ZONE_TABLES

ROOT = library_root()
NAMES = (
    "epa_rmp_rates",
    "epa_rmp_windows",
    "hj169_leak_frequencies",
    "industry_naics",
    "epa_rmp_release_sources",
)


@cache
def cards() -> dict[str, Card]:
    files = {
        "accidents": "zone-accidents-judged",
        "rating_factors": "zone-rating-factors-judged",
        "common_shock": "zone-common-shock-judged",
    }
    return {role: read_card(ROOT / "models" / f"{name}.yaml") for role, name in files.items()}


def values() -> dict[str, dict[str, float | str]]:
    return {role: dict(card.values()) for role, card in cards().items()}


def table(name: str, spec: TableSpec):
    return read_table(ROOT / "data" / f"{name}.csv", spec, Ledger())


@cache
def records() -> Records:
    specs = (RMP_RATES, RMP_WINDOWS, LEAK_FREQUENCIES, INDUSTRY_NAICS, RELEASE_SOURCES)
    return read_records(*(table(name, spec) for name, spec in zip(NAMES, specs, strict=True)))


@cache
def leping() -> Inventory:
    return inventory_of(
        {
            spec.name: table(f"leping_{spec.name.removeprefix('zone-')}_synthetic", spec)
            for spec in ZONE_TABLES
        }
    )


@cache
def exposure() -> Exposure:
    inventory = leping()
    return exposure_of(inventory, np.ones(len(inventory.plants), dtype=np.int64), records())
