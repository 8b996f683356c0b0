# SPDX-License-Identifier: Apache-2.0
"""Which unconfirmed rows of the rules move a grade: each is taken away in turn and all plants are graded anew.

What lives here: one row at a time. What does not: readings of the same text
(:mod:`greenrisk.pollution.grading.readings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from greenrisk.core.tables import STATUSES
from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.hj941 import grade
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.words import (
    E_LEVELS,
    EVENT_ANSWERS,
    GRADES,
    M_CLASSES,
    MEDIA,
    PEOPLE_RECEPTORS,
    Q_BANDS,
    WATER_RECEPTORS,
)
from greenrisk.pollution.inventory import CONTROLS, Inventory
from greenrisk.pollution.tables import DISCHARGE_ROUTES

_CONFIRMED = STATUSES.index("confirmed")
_NONE = len(E_LEVELS) - 1


@dataclass(frozen=True)
class _Variant:
    """Rules without one of their rows."""

    table: str
    row: str
    value: str
    status: int
    without: str
    rules: Rules


def leverage(
    inventory: Inventory,
    counted: Counted,
    rules: Rules,
    *,
    cut: int | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return the rows of the rules that are not confirmed and without which some plant's grade would change.

    Parameters
    ----------
    inventory, counted, rules, cut, year
        As in :func:`~greenrisk.pollution.grading.hj941.grade`.

    Returns
    -------
    DataFrame
        Columns table, row, value, status, without (what was assumed instead), plants (how many grades move [count]),
        plant_ids (which, separated by spaces); the row that moves most first.

    Notes
    -----
    Points are taken as 0, a receptor as without effect, a cell of the matrix as one grade milder, the upgrade by
    penalty as none; an unconfirmed critical quantity as not listed. The cut between M3 and M4, the part and equality at
    a cut are readings, not rows: :func:`~greenrisk.pollution.grading.readings.grade_readings`.
    """
    base = grade(inventory, counted, rules, cut=cut, year=year).grade
    rows: list[dict[str, Any]] = []

    def tell(table: str, row: str, value: str, status: int, without: str, now: np.ndarray[Any, Any]) -> None:
        moved = np.flatnonzero(now != base)
        if moved.size:
            rows.append(
                {
                    "table": table,
                    "row": row,
                    "value": value,
                    "status": STATUSES[status],
                    "without": without,
                    "plants": int(moved.size),
                    "plant_ids": " ".join(inventory.plants.ids[moved].tolist()),
                }
            )

    for variant in _variants(rules):
        now = grade(inventory, counted, variant.rules, cut=cut, year=year).grade
        tell(variant.table, variant.row, variant.value, variant.status, variant.without, now)
    doubtful = (counted.quantity_status > _CONFIRMED) & counted.known
    for name in np.unique(counted.name[doubtful]).tolist():
        mine = doubtful & (counted.name == name)
        first = int(np.flatnonzero(mine)[0])
        fewer = replace(counted, tonnes=np.where(mine, 0.0, counted.tonnes))
        now = grade(inventory, fewer, rules, cut=cut, year=year).grade
        value = f"{counted.critical[first]:g} t"
        tell("substances", name, value, int(counted.quantity_status[first]), "not listed", now)
    columns = ["table", "row", "value", "status", "without", "plants", "plant_ids"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("plants", ascending=False, kind="stable", ignore_index=True)


def _variants(rules: Rules) -> Iterator[_Variant]:
    """Yield the rules without each row that is not confirmed."""
    yield from _points(rules)
    yield from _receptors(rules)
    for q, m, e in np.argwhere((rules.matrix > 0) & (rules.matrix_status > _CONFIRMED)):
        matrix = rules.matrix.copy()
        matrix[q, m, e] -= 1
        yield _Variant(
            "hj941-grade-matrix",
            f"{Q_BANDS[q]}-{M_CLASSES[m]}-{E_LEVELS[e]}",
            GRADES[rules.matrix[q, m, e]],
            int(rules.matrix_status[q, m, e]),
            GRADES[matrix[q, m, e]],
            replace(rules, matrix=matrix),
        )
    if rules.special_status["penalty_upgrade"] > _CONFIRMED:
        yield _Variant(
            "hj941-special-rules",
            "penalty_upgrade",
            f"{rules.special['penalty_upgrade']:g} grade",
            rules.special_status["penalty_upgrade"],
            "no upgrade",
            replace(rules, special={**rules.special, "penalty_upgrade": 0.0}),
        )


def _points(rules: Rules) -> Iterator[_Variant]:
    tables: tuple[tuple[str, str, list[tuple[str, tuple[int, ...]]]], ...] = (
        (
            "hj941-process-points",
            "process",
            [(str(word), (row,)) for row, word in enumerate(rules.tables["hj941-process-points"]["process"])],
        ),
        (
            "hj941-control-points",
            "control",
            [
                (f"{control}, {answer}", (k, has))
                for k, control in enumerate(CONTROLS)
                for has, answer in ((0, "no"), (1, "yes"))
            ],
        ),
        (
            "hj941-control-points-water",
            "route",
            [(f"discharge_route, {word}", (k,)) for k, word in enumerate(DISCHARGE_ROUTES)],
        ),
        (
            "hj941-event-points",
            "event",
            [
                (f"{medium}, {level}", (m, k))
                for m, medium in enumerate(MEDIA)
                for k, level in enumerate(EVENT_ANSWERS)
            ],
        ),
    )
    for table, name, rows in tables:
        points, status = getattr(rules, f"{name}_points"), getattr(rules, f"{name}_status")
        for row, place in rows:
            if points[place] > 0.0 and status[place] > _CONFIRMED:
                none = points.copy()
                none[place] = 0.0
                title = f"{table}-{'air' if place[0] < 2 else 'water'}" if name == "control" else table
                changed = replace(rules, **{f"{name}_points": none})
                yield _Variant(
                    title, row, f"{points[place]:g} points", int(status[place]), "0 points", changed
                )


def _receptors(rules: Rules) -> Iterator[_Variant]:
    for k, receptor in enumerate(PEOPLE_RECEPTORS):
        for e in (0, 1):
            if rules.people_status[k, e] > _CONFIRMED:
                cuts = rules.people_cuts.copy()
                cuts[k, e] = np.inf
                yield _Variant(
                    "hj941-air-receptors",
                    f"{E_LEVELS[e]}, {receptor}",
                    f"{rules.people_cuts[k, e]:g} people",
                    int(rules.people_status[k, e]),
                    "no such row",
                    replace(rules, people_cuts=cuts),
                )
    if rules.special_area_status > _CONFIRMED:
        yield _Variant(
            "hj941-air-receptors",
            f"{E_LEVELS[rules.special_area_level]}, special_area_5km",
            E_LEVELS[rules.special_area_level],
            rules.special_area_status,
            "no such row",
            replace(rules, special_area_level=_NONE),
        )
    for k, receptor in enumerate(WATER_RECEPTORS):
        if rules.water_status[k] > _CONFIRMED:
            levels = rules.water_levels.copy()
            levels[k] = _NONE
            yield _Variant(
                "hj941-water-receptors",
                receptor,
                E_LEVELS[rules.water_levels[k]],
                int(rules.water_status[k]),
                "no such row",
                replace(rules, water_levels=levels),
            )
