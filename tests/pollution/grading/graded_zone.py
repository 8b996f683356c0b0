# SPDX-License-Identifier: Apache-2.0
"""A small zone for tests of the grading, written plant by plant; shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.hj941 import grade
from greenrisk.pollution.grading.rule_reading import shipped_rules
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.grading.written import written
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

RULES = cache(shipped_rules)


@dataclass(frozen=True)
class Held:
    """A holding: its quantity over critical quantity is tonnes / critical [t]."""

    tonnes: float
    critical: float = 1.0
    media: tuple[str, ...] = ("air", "water")
    perhaps: tuple[str, ...] = ()
    """Media whose list it is in only in the high reading of its part."""
    toxic: str = "no"
    """`no`, `perhaps`, `yes`."""
    status: str = "confirmed"
    list_status: str = "confirmed"
    on_site: float | None = None
    name: str = "x"


@dataclass(frozen=True)
class Plant:
    """A plant that scores nothing unless told otherwise."""

    held: Sequence[Held] = ()
    lacks: Sequence[str] = ()
    route: str = "none"
    people_5km: float = 0.0
    people_500m: float = 0.0
    special_area: bool = False
    outlets: Sequence[Mapping[str, object]] = ()
    processes: Sequence[tuple[str, int]] = ()
    history: Sequence[tuple[int, str, str, str]] = ()
    """Year, kind, level (empty: below all), medium."""
    kind: str = "ordinary"


def zone(*plants: Plant) -> tuple[Inventory, Counted]:
    """Return the inventory of the plants, P0, P1, ..., and their counted holdings."""
    n = len(plants)
    words = np.array([f"P{k}" for k in range(n)], dtype=np.str_)
    zeros = np.zeros(n)

    def of(name: str) -> list[tuple[int, object]]:
        return [(k, one) for k, plant in enumerate(plants) for one in getattr(plant, name)]

    made = Plants(
        ids=words,
        name=words,
        owner=words,
        industry_code=words,
        lon=zeros,
        lat=zeros,
        kind_of_site=np.array([KINDS_OF_SITE.index(plant.kind) for plant in plants]),
        activity=np.zeros(n, dtype=np.int64),
        discharge_route=np.array([DISCHARGE_ROUTES.index(plant.route) for plant in plants]),
        prevention=np.zeros(n, dtype=np.int64),
        in_zone=np.ones(n, dtype=np.bool_),
        key_permit=np.ones(n, dtype=np.bool_),
        special_area_5km=np.array([plant.special_area for plant in plants]),
        employees=zeros,
        people_500m=np.array([float(plant.people_500m) for plant in plants]),
        people_1km=zeros,
        people_5km=np.array([float(plant.people_5km) for plant in plants]),
        revenue=zeros,
        assets=zeros,
        credit_colour=np.zeros(n, dtype=np.int64),
        limit=zeros,
        years_observed=zeros,
        controls=np.array([[name not in plant.lacks for name in CONTROLS] for plant in plants]),
    )
    outs = of("outlets")

    def below(name: str) -> np.ndarray:
        return np.array([bool(out.get(name, False)) for _, out in outs], dtype=np.bool_)

    at = np.array([k for k, _ in outs], dtype=np.int64)
    text = np.full(len(outs), "", dtype=np.str_)
    outlets = Outlets(
        plant=at,
        ids=text,
        kind=text,
        receiving_water=text,
        water_class=np.zeros(len(outs), dtype=np.int64),
        crosses_24h=np.array(
            [CROSSINGS.index(out.get("crosses", "none")) for _, out in outs], dtype=np.int64
        ),
        drinking_water_10km=below("drinking"),
        sensitive_water_10km=below("sensitive"),
        karst_or_flood_area=below("karst"),
    )
    runs = of("processes")
    distinct = sorted({word for _, (word, _) in runs})
    processes = Processes(
        plant=np.array([k for k, _ in runs], dtype=np.int64),
        words=np.array(distinct, dtype=np.str_),
        word=np.array([distinct.index(word) for _, (word, _) in runs], dtype=np.int64),
        line=np.array([f"line {place}" for place in range(len(runs))], dtype=np.str_),
        lines=np.array([lines for _, (_, lines) in runs], dtype=np.int64),
    )
    records = of("history")
    history = History(
        plant=np.array([k for k, _ in records], dtype=np.int64),
        year=np.array([year for _, (year, *_) in records], dtype=np.int64),
        kind=np.array([HISTORY_KINDS.index(kind) for _, (_, kind, *_) in records], dtype=np.int64),
        level=np.array(
            [EVENT_LEVELS.index(level) if level else -1 for _, (_, _, level, _) in records], dtype=np.int64
        ),
        medium=np.array([medium for _, (*_, medium) in records], dtype=np.str_),
        direct_loss=np.full(len(records), np.nan),
    )
    holdings = of("held")
    none, nothing, empty = np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.str_)
    inventory = Inventory(
        made,
        outlets,
        Holdings(none, none, empty, empty, empty, empty, none, nothing, nothing, none.astype(np.bool_)),
        processes,
        Equipment(none, none, nothing),
        Vehicles(none, empty, empty, nothing, nothing, nothing),
        history,
    )
    return inventory, counted(holdings)


def counted(holdings: Sequence[tuple[int, Held]]) -> Counted:
    """Return holdings as the grading takes them."""
    statuses = ("confirmed", "user", "unconfirmed", "illustrative")
    each = [held for _, held in holdings]
    listed = [
        [
            [medium in held.media or (high and medium in held.perhaps) for held in each]
            for medium in ("air", "water")
        ]
        for high in (False, True)
    ]
    place = np.array([statuses.index(held.list_status) for held in each], dtype=np.int64)
    return Counted(
        plant=np.array([k for k, _ in holdings], dtype=np.int64),
        name=np.array([held.name for held in each], dtype=np.str_),
        tonnes=np.array([held.tonnes for held in each], dtype=np.float64),
        on_site=np.array(
            [held.tonnes if held.on_site is None else held.on_site for held in each], dtype=np.float64
        ),
        critical=np.array([held.critical for held in each], dtype=np.float64),
        listed=np.array(listed, dtype=np.bool_).reshape(2, 2, len(each)),
        toxic_gas=np.array(
            [[held.toxic == "yes" for held in each], [held.toxic != "no" for held in each]], dtype=np.bool_
        ),
        known=np.ones(len(each), dtype=np.bool_),
        quantity_status=np.array([statuses.index(held.status) for held in each], dtype=np.int64),
        list_status=np.stack([place, place]),
        part_status=place,
    )


def rules() -> Rules:
    """Return the rules as they ship."""
    return RULES()


def graded(*plants: Plant, **options: object) -> tuple[list[str], list[str]]:
    """Return grade and written grade of the plants."""
    inventory, counted = zone(*plants)
    found = grade(inventory, counted, rules(), **options)
    names = [GRADES[code] if code >= 0 else "refused" for code in found.grade]
    return names, written(found, rules()).tolist()
