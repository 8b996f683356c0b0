# SPDX-License-Identifier: Apache-2.0
"""Every term of one plant's grade, each with the row of the rules that it comes from.

What lives here: the telling. What does not: the grading; the trace retells what
:mod:`greenrisk.pollution.grading.hj941` found, and its sums are those of the grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.tables import STATUSES
from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.hj941 import AIR_CONTROLS, Grades, control_points
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.terms import Boundary, Reading, people_findings, water_findings
from greenrisk.pollution.grading.words import (
    E_LEVELS,
    EVENT_ANSWERS,
    GRADES,
    M_CLASSES,
    MEDIA,
    PEOPLE_RECEPTORS,
    Q_BANDS,
    READINGS,
    WATER_RECEPTORS,
)
from greenrisk.pollution.grading.written import written
from greenrisk.pollution.inventory import CONTROLS, Inventory
from greenrisk.pollution.row_faults import rows_in_file
from greenrisk.pollution.tables import DISCHARGE_ROUTES, KINDS_OF_SITE

COLUMNS: Final = (
    "medium",
    "term",
    "item",
    "value",
    "unit",
    "amount",
    "result",
    "table",
    "row",
    "status",
    "source",
)
"""Columns of a trace: ``amount`` is what the line adds to Q [unitless] or to M [point], NaN where it adds nothing;
``row`` is the row of the file of ``table``, the first below the header is 2, and 0 where it is none."""


@dataclass(frozen=True)
class _Plant:
    """What a trace is told from."""

    index: int
    inventory: Inventory
    counted: Counted
    grades: Grades
    rules: Rules
    reading: Reading
    boundary: Boundary


def trace(
    inventory: Inventory,
    counted: Counted,
    grades: Grades,
    rules: Rules,
    plant_id: str,
    *,
    reading: Reading = "high",
    boundary: Boundary = "sensitive",
) -> pd.DataFrame:
    """Return every term of the grade of one plant.

    Parameters
    ----------
    inventory, counted, rules
        What was graded, and by what.
    grades : Grades
        The grades.
    plant_id : str
        The plant.
    reading, boundary
        As they were graded.

    Returns
    -------
    DataFrame
        With :data:`COLUMNS`, in the order of the making of the grade.

    Raises
    ------
    ArgumentError
        If there is no such plant.
    """
    ids = inventory.plants.ids.tolist()
    if plant_id not in ids:
        raise ArgumentError(
            Fault("plant_id", plant_id, f"There is no such plant.{did_you_mean(plant_id, ids)}")
        )
    plant = _Plant(ids.index(plant_id), inventory, counted, grades, rules, reading, boundary)
    lines = [_scope(plant)]
    if grades.graded[plant.index]:
        for m in range(len(MEDIA)):
            lines += _medium(plant, m)
        lines += _enterprise(plant)
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _line(
    plant: _Plant,
    medium: str,
    term: str,
    item: str,
    value: object,
    unit: str,
    result: str,
    *,
    amount: float = np.nan,
    table: str = "",
    keys: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Return one line; ``keys`` find the row of the table."""
    row, status, source = 0, "", ""
    if keys is not None:
        frame = plant.rules.tables[table]
        found = np.ones(len(frame), dtype=np.bool_)
        for name, key in keys.items():
            found &= (frame[name] == key).to_numpy()
        place = int(np.flatnonzero(found)[0])
        row = int(rows_in_file(frame)[place])
        status, source = str(frame["status"].iloc[place]), str(frame["source"].iloc[place])
    text = f"{value:g}" if isinstance(value, float) else str(value)
    cells = (medium, term, item, text, unit, amount, result, table, row, status, source)
    return dict(zip(COLUMNS, cells, strict=True))


def _scope(plant: _Plant) -> dict[str, Any]:
    kind = KINDS_OF_SITE[plant.inventory.plants.kind_of_site[plant.index]]
    graded = bool(plant.grades.graded[plant.index])
    method = plant.rules.methods[KINDS_OF_SITE.index(kind)]
    result = "graded" if graded else f"not graded: {method}"
    return _line(
        plant,
        "",
        "scope",
        "kind of site",
        kind,
        "",
        result,
        table="hj941-out-of-scope",
        keys={"kind_of_site": kind},
    )


def _medium(plant: _Plant, m: int) -> Iterator[dict[str, Any]]:
    grades, i, medium = plant.grades, plant.index, MEDIA[m]
    band, m_class = Q_BANDS[grades.q_band[m, i]], M_CLASSES[grades.m_class[m, i]]
    level, grade = E_LEVELS[grades.terms.e[m, i]], GRADES[grades.medium_grade[m, i]]
    yield from _quantities(plant, m)
    q = float(grades.terms.q[m, i])
    yield _line(plant, medium, "Q", "sum", q, "unitless", band, table="hj941-q-bands", keys={"band": band})
    if band == Q_BANDS[0]:
        yield _line(plant, medium, "grade", band, band, "", grade, table="hj941-q-bands", keys={"band": band})
        return
    yield from _controls(plant, m)
    points = float(grades.m[m, i])
    yield _line(
        plant, medium, "M", "sum", points, "point", m_class, table="hj941-m-classes", keys={"cut": grades.cut}
    )
    yield from _air(plant) if medium == "air" else _water(plant)
    yield _line(plant, medium, "E", "level", level, "", level)
    cell = {"q_band": band, "m_class": m_class, "e_level": level}
    text = f"{band}-{m_class}-{level}"
    yield _line(plant, medium, "grade", text, text, "", grade, table="hj941-grade-matrix", keys=cell)


def _quantities(plant: _Plant, m: int) -> Iterator[dict[str, Any]]:
    counted = plant.counted
    listed = counted.listed[READINGS.index(plant.reading), m]
    for k in np.flatnonzero(counted.plant == plant.index):
        of_quantity, of_list = STATUSES[counted.quantity_status[k]], STATUSES[counted.list_status[m, k]]
        status = STATUSES[max(counted.quantity_status[k], counted.list_status[m, k])]
        amount = float(counted.ratio[k]) if listed[k] else 0.0
        critical = f"/ {counted.critical[k]:g} t"
        if not counted.known[k]:
            status, critical = "", "unknown substance, not counted"
        elif not listed[k]:
            critical, status = f"not in the list for {MEDIA[m]}", of_list
        elif of_quantity != of_list:
            critical += f" ({of_quantity}); in the list for {MEDIA[m]} ({of_list})"
        line = _line(
            plant, MEDIA[m], "Q", str(counted.name[k]), float(counted.tonnes[k]), "t", critical, amount=amount
        )
        place = {"row": 0 if counted.row is None else int(counted.row[k])}
        source = "" if counted.source is None else str(counted.source[k])
        yield line | place | {"table": "substances", "status": status, "source": source}


def _controls(plant: _Plant, m: int) -> Iterator[dict[str, Any]]:
    i, medium, rules, terms = plant.index, MEDIA[m], plant.rules, plant.grades.terms
    points = [float(values[i]) for values in control_points(terms, rules)[m]]
    made = plant.inventory.processes
    for k in np.flatnonzero(made.plant == i):
        word, sets = str(made.words[made.word[k]]), int(made.lines[k])
        row = int(rules.process_row(np.array([word]))[0][0])
        score = float(rules.process_points[row])
        known = str(rules.tables["hj941-process-points"]["process"].iloc[row])
        yield _line(
            plant, medium, "M", f"{known}, {made.line[k]}", sets, "set", f"{score * sets:g} points, before the cap",
            table="hj941-process-points", keys={"process": known},
        )  # fmt: skip
    cap = rules.special["process_cap"]
    yield _line(
        plant, medium, "M", "all processes", float(terms.process[i]), "point", f"at most {cap:g}",
        amount=points[0], table="hj941-special-rules", keys={"rule": "process_cap"},
    )  # fmt: skip
    table = f"hj941-control-points-{medium}"
    names = CONTROLS[:AIR_CONTROLS] if medium == "air" else CONTROLS[AIR_CONTROLS:]
    for name, amount in zip(names, points[1:], strict=False):
        answer = "yes" if terms.controls[i, CONTROLS.index(name)] else "no"
        if name == "gas_monitor" and not terms.toxic_gas[i]:
            answer = "no_toxic_gas"
        yield _line(
            plant, medium, "M", name, answer, "", f"{amount:g} points",
            amount=amount, table=table, keys={"control": name, "answer": answer},
        )  # fmt: skip
    if medium == "water":
        route = DISCHARGE_ROUTES[terms.route[i]]
        yield _line(
            plant, medium, "M", "discharge_route", route, "", f"{points[-2]:g} points",
            amount=points[-2], table=table, keys={"control": "discharge_route", "answer": route},
        )  # fmt: skip
    event = EVENT_ANSWERS[terms.event[m, i]]
    yield _line(
        plant, medium, "M", "worst event", event, "", f"{points[-1]:g} points",
        amount=points[-1], table="hj941-event-points", keys={"medium": medium, "level": event},
    )  # fmt: skip


def _air(plant: _Plant) -> Iterator[dict[str, Any]]:
    plants, i, table = plant.inventory.plants, plant.index, "hj941-air-receptors"
    met = np.asarray(people_findings(plants, plant.rules, plant.boundary))
    counts = (plants.people_5km, plants.people_500m)
    for k, receptor in enumerate(PEOPLE_RECEPTORS):
        for e, level in enumerate(E_LEVELS[:2]):
            result = f"{'reaches' if met[k, e, i] else 'does not reach'} {level} ({plant.rules.people_cuts[k, e]:g})"
            keys = {"level": level, "receptor": receptor}
            people = float(counts[k][i])
            yield _line(plant, "air", "E", receptor, people, "person", result, table=table, keys=keys)
    there = bool(plants.special_area_5km[i])
    yield _receptor(plant, "air", table, "special_area_5km", E_LEVELS[plant.rules.special_area_level], there)


def _water(plant: _Plant) -> Iterator[dict[str, Any]]:
    outlets = plant.inventory.outlets
    found = np.asarray(water_findings(outlets)[:, outlets.plant == plant.index].any(axis=1))
    for k, receptor in enumerate(WATER_RECEPTORS):
        level = E_LEVELS[plant.rules.water_levels[k]]
        yield _receptor(plant, "water", "hj941-water-receptors", receptor, level, bool(found[k]))


def _receptor(
    plant: _Plant, medium: str, table: str, receptor: str, level: str, there: bool
) -> dict[str, Any]:
    answer, result = ("yes", f"meets {level}") if there else ("no", f"does not meet {level}")
    return _line(plant, medium, "E", receptor, answer, "", result, table=table, keys={"receptor": receptor})


def _enterprise(plant: _Plant) -> Iterator[dict[str, Any]]:
    grades, i, special = plant.grades, plant.index, "hj941-special-rules"
    media = ", ".join(f"{medium} {GRADES[grades.medium_grade[m, i]]}" for m, medium in enumerate(MEDIA))
    base, whole = GRADES[int(grades.base[i])], GRADES[int(grades.grade[i])]
    penalised = "yes" if grades.terms.penalised[i] else "no"
    higher, penalty = {"rule": "higher_medium"}, {"rule": "penalty_upgrade"}
    yield _line(plant, "", "grade", "higher medium", media, "", base, table=special, keys=higher)
    yield _line(plant, "", "grade", "penalty", penalised, "", whole, table=special, keys=penalty)
    yield _line(plant, "", "grade", "written", str(written(grades, plant.rules)[i]), "", whole)
