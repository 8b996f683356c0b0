# SPDX-License-Identifier: Apache-2.0
"""How far a grade can be trusted: the weakest status among the inputs that fixed it.

What lives here: which rows of the rules and which substances a grade rests on. What does not: what would happen if one
of them were otherwise (:mod:`greenrisk.pollution.grading.readings`, :mod:`greenrisk.pollution.grading.leverage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.core.tables import STATUSES
from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.hj941 import AIR_CONTROLS, ROUNDING, Grades, matrix_cells
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.terms import Boundary, Reading, people_findings, water_findings
from greenrisk.pollution.grading.words import E_LEVELS, M_CLASSES, MEDIA, Q_BANDS, READINGS
from greenrisk.pollution.inventory import Flags, Integers, Inventory, Texts

INPUTS: Final = (
    "critical_quantity",
    "list",
    "q_band",
    "process",
    "controls",
    "events",
    "m_class",
    "receptors",
    "matrix",
    "higher_medium",
    "upgrade",
    "scope",
)
"""Inputs of a grade, in the order of its making."""

NOT_USED: Final = -1
"""Code of an input on which the grade does not rest."""


@dataclass(frozen=True, eq=False)
class GradeStatus:
    """Status of what fixed each grade.

    Parameters
    ----------
    by_input : array of int, shape (inputs, plants)
        Status of each of :data:`INPUTS`, the weakest of its rows; ``NOT_USED`` where the grade does not rest on it.
    weakest : array of int, shape (plants,)
        Index into :data:`~greenrisk.core.tables.STATUSES`.
    """

    by_input: Integers
    weakest: Integers

    @property
    def words(self) -> Texts:
        """Status of each plant's grade as a word, shape (plants,)."""
        return np.array(STATUSES, dtype=np.str_)[self.weakest]


def grade_status(
    inventory: Inventory,
    counted: Counted,
    grades: Grades,
    rules: Rules,
    *,
    reading: Reading = "high",
    boundary: Boundary = "sensitive",
) -> GradeStatus:
    """Return the status of the inputs that fixed each grade.

    Parameters
    ----------
    inventory, counted, rules
        What was graded, and by what.
    grades : Grades
        Its grades.
    reading, boundary
        As they were graded.

    Notes
    -----
    The media that have the enterprise's grade (before the upgrade) fixed it. Of such a medium Q, M or E fixed the grade
    only where the matrix is not the same along it: an enterprise in Q3-E1 is major whatever its controls. A level of
    receptors rests on the strongest of its rows that are met, and on all rows of more sensitive levels that are not.
    """
    terms, n = grades.terms, len(grades)
    found = np.full((len(INPUTS), len(MEDIA), n), NOT_USED, dtype=np.int64)
    row = {name: k for k, name in enumerate(INPUTS)}
    which = rules.cut(grades.cut)
    listed = counted.listed[READINGS.index(reading)]
    people = people_findings(inventory.plants, rules, boundary)
    receptors = (
        _air_status(people, inventory.plants.special_area_5km, rules, terms.e[0]),
        _water_status(inventory, rules, terms.e[1], n),
    )
    air, water = _control_status(grades, rules)
    toxic = counted.toxic_gas[READINGS.index("high")] & (counted.tonnes > 0.0)
    part = _weakest(counted.plant, counted.part_status, toxic, n)
    controls = (np.where(inventory.plants.has("gas_monitor"), air, np.maximum(air, part)), water)
    for m in range(len(MEDIA)):
        q, m_class, e = grades.q_band[m], grades.m_class[m], terms.e[m]
        counts = listed[m] & (counted.tonnes > 0.0)
        found[row["critical_quantity"], m] = _weakest(counted.plant, counted.quantity_status, counts, n)
        here = counted.known & (counted.tonnes > 0.0)
        found[row["list"], m] = _weakest(counted.plant, counted.list_status[m], here, n)
        found[row["q_band"], m] = rules.q_status[q]
        found[row["process"], m] = _process_status(inventory, rules, grades, n)
        found[row["controls"], m] = controls[m]
        found[row["events"], m] = rules.event_status[m, terms.event[m]]
        found[row["m_class"], m] = rules.m_status[which]
        found[row["receptors"], m] = receptors[m]
        found[row["matrix"], m] = matrix_cells(rules.matrix_status, q, m_class, e)
        matters = {
            "q": _varies(rules, (range(len(Q_BANDS)), m_class, e)),
            "m": _varies(rules, (q, range(len(M_CLASSES)), e)),
            "e": _varies(rules, (q, m_class, range(len(E_LEVELS)))),
        }
        for axis, names in (
            ("q", ("critical_quantity", "list", "q_band")),
            ("m", ("process", "controls", "events", "m_class")),
            ("e", ("receptors",)),
        ):
            for name in names:
                found[row[name], m, ~matters[axis]] = NOT_USED
    fixed = grades.medium_grade == grades.base
    by_input = np.where(fixed, found, NOT_USED).max(axis=1)
    two = grades.medium_grade[0] != grades.medium_grade[1]
    by_input[row["higher_medium"]] = np.where(two, rules.special_status["higher_medium"], NOT_USED)
    by_input[row["upgrade"]] = np.where(grades.raised, rules.special_status["penalty_upgrade"], NOT_USED)
    by_input[:, ~grades.graded] = NOT_USED
    by_input[row["scope"]] = np.where(grades.graded, NOT_USED, rules.scope_status[terms.kind_of_site])
    return GradeStatus(by_input, by_input.max(axis=0))


def _weakest(plant: Integers, status: Integers, mask: Flags, plants: int) -> Integers:
    """Return the weakest status of each plant's rows, ``NOT_USED`` where it has none."""
    found = np.full(plants, NOT_USED, dtype=np.int64)
    np.maximum.at(found, plant[mask], status[mask])
    return found


def _varies(rules: Rules, place: tuple[range | Integers, range | Integers, range | Integers]) -> Flags:
    """Return whether the matrix varies along the axis that is given as a range, shape (plants,)."""
    axis = next(k for k, index in enumerate(place) if isinstance(index, range))
    along = [
        matrix_cells(
            rules.matrix, *(np.asarray(step if k == axis else index) for k, index in enumerate(place))
        )
        for step in range(rules.matrix.shape[axis])
    ]
    return np.asarray(np.any([cell != along[0] for cell in along[1:]], axis=0), dtype=np.bool_)


def _process_status(inventory: Inventory, rules: Rules, grades: Grades, plants: int) -> Integers:
    """Return the weakest status of the processes' rows, and of the cap where it holds."""
    made = inventory.processes
    status = rules.process_status[rules.process_row(made.words)[0]][made.word]
    found = _weakest(made.plant, status, np.ones(made.plant.size, dtype=np.bool_), plants)
    capped = grades.terms.process > rules.special["process_cap"] * (1.0 + ROUNDING)
    return np.where(capped, np.maximum(found, rules.special_status["process_cap"]), found)


def _control_status(grades: Grades, rules: Rules) -> tuple[Integers, Integers]:
    """Return the weakest status of the answers about controls, for air and for water."""
    terms = grades.terms
    scored = np.where(terms.controls.T, rules.control_status[:, 1, None], rules.control_status[:, 0, None])
    scored[0] = np.where(terms.toxic_gas, scored[0], rules.no_toxic_gas_status)
    water = np.maximum(scored[AIR_CONTROLS:].max(axis=0), rules.route_status[terms.route])
    return scored[:AIR_CONTROLS].max(axis=0), water


def _air_status(people: Flags, special_area: Flags, rules: Rules, level: Integers) -> Integers:
    met = [[*people[:, e], special_area & (rules.special_area_level == e)] for e in (0, 1)]
    rows = [[*rules.people_status[:, e]] for e in (0, 1)]
    for e in (0, 1):
        rows[e].append(rules.special_area_status if rules.special_area_level == e else NOT_USED)
    return _level_status(
        [list(map(np.asarray, flags)) for flags in met], [list(map(int, codes)) for codes in rows], level
    )


def _water_status(inventory: Inventory, rules: Rules, level: Integers, plants: int) -> Integers:
    found = water_findings(inventory.outlets)
    met: list[list[Flags]] = [[], []]
    rows: list[list[int]] = [[], []]
    for k, e in enumerate(rules.water_levels.tolist()):
        here = np.zeros(plants, dtype=np.bool_)
        here[inventory.outlets.plant[found[k]]] = True
        met[e].append(here)
        rows[e].append(int(rules.water_status[k]))
    return _level_status(met, rows, level)


def _level_status(met: list[list[Flags]], rows: list[list[int]], level: Integers) -> Integers:
    """Return the status of a level from which rows of E1 and E2 are met and the status of each."""
    weak = len(STATUSES)
    strongest, all_rows = [], []
    for flags, codes in zip(met, rows, strict=True):
        holds = [np.where(flag, code, weak) for flag, code in zip(flags, codes, strict=True)]
        strongest.append(np.min(holds, axis=0) if holds else np.full(level.shape, weak))
        all_rows.append(max(codes, default=NOT_USED))
    return np.select(
        [level == 0, level == 1],
        [strongest[0], np.maximum(strongest[1], all_rows[0])],
        default=max(all_rows),
    )
