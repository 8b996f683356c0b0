# SPDX-License-Identifier: Apache-2.0
"""HJ 941-2018: classes and grade of every plant in one vectorised call.

What lives here: from terms to the grade. What does not: the terms (:mod:`greenrisk.pollution.grading.terms`), the way
a grade is written (:mod:`greenrisk.pollution.grading.written`), how far it can be trusted
(:mod:`greenrisk.pollution.grading.statuses`).

References
----------
企业突发环境事件风险分级方法 (Classification method for environmental accident risk of enterprises), HJ 941-2018. Not
read in print: the matrices, the points of the controls and the cuts of M rest on memory, as the status of each row of
the tables says; the sums and the counting of processes on HJ 169-2018 and on replies of the ministry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.terms import Boundary, Reading, Terms, plant_terms
from greenrisk.pollution.grading.words import GRADES, REFUSED
from greenrisk.pollution.inventory import Flags, Floats, Integers, Inventory

ROUNDING: Final = 1e-12
"""A sum that misses a cut of Q or M by less than this share reaches it: ten tenths are one [unitless]."""

AIR_CONTROLS: Final = 2
"""How many of the controls act against releases to air; they come first, all others act against those to water."""


@dataclass(frozen=True, eq=False)
class Grades:
    """Grades of plants and what they come from.

    Parameters
    ----------
    cut : int
        Reading of the cut between M3 and M4 [point].
    terms : Terms
        What was graded.
    q_band : array of int, shape (media, plants)
        0: Q0 ... 3: Q3.
    m : array, shape (media, plants)
        Points of process and control [point].
    m_class : array of int, shape (media, plants)
        0: M1 ... 3: M4.
    medium_grade : array of int, shape (media, plants)
        Index into :data:`~.words.GRADES`, of out-of-scope plants too.
    base : array of int, shape (plants,)
        The higher of the media's grades, before the upgrade by penalty.
    graded : array of bool, shape (plants,)
        Whether HJ 941 grades the kind of site.
    grade : array of int, shape (plants,)
        The grade: index into :data:`~.words.GRADES`, or ``REFUSED``.
    """

    cut: int
    terms: Terms
    q_band: Integers
    m: Floats
    m_class: Integers
    medium_grade: Integers
    base: Integers
    graded: Flags
    grade: Integers

    def __len__(self) -> int:
        """How many plants."""
        return int(self.grade.size)

    @property
    def raised(self) -> Flags:
        """Whether a penalty raised the grade, shape (plants,)."""
        return self.graded & (self.grade > self.base)


def grade(
    inventory: Inventory,
    counted: Counted,
    rules: Rules,
    *,
    cut: int | None = None,
    reading: Reading = "high",
    boundary: Boundary = "sensitive",
    year: int | None = None,
) -> Grades:
    """Grade every plant of an inventory.

    Parameters
    ----------
    inventory : Inventory
    counted : Counted
        Its holdings, counted.
    rules : Rules
    cut : int, optional
        Reading of the cut between M3 and M4; empty: the highest [point].
    reading, boundary, year
        As in :func:`~greenrisk.pollution.grading.terms.plant_terms`.

    Returns
    -------
    Grades
        In the order of the plants.

    Raises
    ------
    ArgumentError
        For an unknown process or cut, or a history that goes on after the year.
    """
    terms = plant_terms(inventory, counted, rules, reading=reading, boundary=boundary, year=year)
    return grade_terms(terms, rules, cut)


def grade_terms(terms: Terms, rules: Rules, cut: int | None = None) -> Grades:
    """Grade terms.

    Parameters
    ----------
    terms : Terms
    rules : Rules
    cut : int, optional
        Reading of the cut between M3 and M4; empty: the highest [point].

    Returns
    -------
    Grades

    Notes
    -----
    The grade of a medium is the cell of the matrix at (Q, M, E), with Q0 general whatever M and E; the enterprise has
    the higher of the two, and one more after a penalty of the window, up to major.
    """
    which = rules.cut(cut)
    m = control_sums(terms, rules)
    q_band = _reached(terms.q, rules.q_cuts[1:])
    m_class = _reached(m, rules.m_cuts[which])
    medium_grade = matrix_cells(rules.matrix, q_band, m_class, terms.e)
    base = medium_grade.max(axis=0)
    upgrade = int(rules.special["penalty_upgrade"])
    graded = rules.graded[terms.kind_of_site]
    full = np.minimum(base + upgrade * terms.penalised, len(GRADES) - 1)
    return Grades(
        rules.cuts[which],
        terms,
        q_band,
        m,
        m_class,
        medium_grade,
        base,
        graded,
        np.where(graded, full, REFUSED),
    )


def _reached(values: Floats, cuts: Floats) -> Integers:
    """Return how many of the ascending cuts each value reaches."""
    reached = np.zeros(values.shape, dtype=np.int8)
    for cut in cuts:
        reached += (values >= cut * (1.0 - ROUNDING)).view(np.int8)
    return reached.astype(np.int64)


def matrix_cells(matrix: Integers, q_band: Integers, m_class: Integers, e: Integers) -> Integers:
    """Return the cells of a matrix by Q, M, E (its shape is that of :attr:`~.rules.Rules.matrix`)."""
    _, m_classes, e_levels = matrix.shape
    return np.asarray(matrix.ravel()[(q_band * m_classes + m_class) * e_levels + e])


def control_sums(terms: Terms, rules: Rules) -> Floats:
    """Return the points of M, shape (media, plants) [point]; the sums of :func:`control_points`."""
    process = np.minimum(terms.process, rules.special["process_cap"])
    lacks, has = rules.control_points.T
    gain, flags = has - lacks, terms.controls.astype(np.float64)
    first = slice(1, AIR_CONTROLS)  # the monitor is scored by itself: without toxic gas none is asked for
    rest = slice(AIR_CONTROLS, None)
    air, water = (points.take(event) for points, event in zip(rules.event_points, terms.event, strict=True))
    monitor = np.where(terms.toxic_gas, lacks[0] + flags[:, 0] * gain[0], rules.no_toxic_gas_points)
    air += process + monitor + (lacks[first].sum() + flags[:, first] @ gain[first])
    water += (
        process + rules.route_points.take(terms.route) + (lacks[rest].sum() + flags[:, rest] @ gain[rest])
    )
    return np.stack([air, water])


def control_points(terms: Terms, rules: Rules) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    """Return the points of M item by item, for air and for water.

    Parameters
    ----------
    terms : Terms
    rules : Rules

    Returns
    -------
    air : tuple of 4 arrays, shape (plants,)
        Processes (capped), monitor of toxic gas, protective distance, events [point].
    water : tuple of 9 arrays, shape (plants,)
        Processes (capped), the six controls against releases to water, discharge route, events [point].
    """
    process = np.minimum(terms.process, rules.special["process_cap"])
    scored = [
        np.where(has, points[1], points[0])
        for has, points in zip(terms.controls.T, rules.control_points, strict=True)
    ]
    scored[0] = np.where(terms.toxic_gas, scored[0], rules.no_toxic_gas_points)
    air, water = (points[event] for points, event in zip(rules.event_points, terms.event, strict=True))
    return (
        (process, *scored[:AIR_CONTROLS], air),
        (process, *scored[AIR_CONTROLS:], rules.route_points[terms.route], water),
    )
