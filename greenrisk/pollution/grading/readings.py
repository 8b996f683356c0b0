# SPDX-License-Identifier: Apache-2.0
"""The grade in every reading of what is not known: the cut between M3 and M4, the part of App. A, equality at a cut.

What lives here: the guard of every grade. What does not: which other unconfirmed numbers would move it
(:mod:`greenrisk.pollution.grading.leverage`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.hj941 import Grades, grade_terms
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.terms import Boundary, Reading, air_receptors, plant_terms
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.grading.written import written
from greenrisk.pollution.inventory import Flags, Integers, Inventory

PARTS: Final[tuple[Reading, ...]] = ("low", "high")
EQUALITIES: Final[tuple[Boundary, ...]] = ("sensitive", "less_sensitive")

QUESTIONS: Final = ("cut", "part", "boundary")
"""What is read in more than one way, in the order of the axes of :attr:`Readings.grade`."""


@dataclass(frozen=True, eq=False)
class Readings:
    """Grades of all readings.

    Parameters
    ----------
    cuts : tuple of int
        Readings of the cut between M3 and M4 [point].
    grades : mapping of (cut, part, boundary) to Grades
        Of every combination.
    rules : Rules
        What they were graded by.
    """

    cuts: tuple[int, ...]
    grades: dict[tuple[int, Reading, Boundary], Grades]
    rules: Rules

    @property
    def grade(self) -> NDArray[np.int64]:
        """Grade of every plant, shape (cuts, 2 parts, 2 boundaries, plants); ``REFUSED`` where it has none."""
        return np.array(
            [[[self.grades[c, p, b].grade for b in EQUALITIES] for p in PARTS] for c in self.cuts],
            dtype=np.int64,
        )

    def moved_by(self, question: str) -> Flags:
        """Return where the grade hangs on a question of :data:`QUESTIONS`, whatever the other two, shape (plants,)."""
        axis = QUESTIONS.index(question)
        lowest, highest = self.grade.min(axis=axis), self.grade.max(axis=axis)
        return np.asarray((lowest != highest).any(axis=(0, 1)), dtype=np.bool_)

    @property
    def ends(self) -> tuple[Integers, Integers]:
        """Mildest and severest grade of every plant over all readings, each of shape (plants,)."""
        grade = self.grade.reshape(-1, self.grade.shape[-1])
        return grade.min(axis=0), grade.max(axis=0)

    def table(self, inventory: Inventory) -> pd.DataFrame:
        """Return the readings of the plants whose grade is not the same in all of them, one row a plant and reading.

        Columns: plant_id, name, cut [point], part, boundary, grade, written.
        """
        lowest, highest = self.ends
        rows = []
        texts = {key: written(found, self.rules) for key, found in self.grades.items()}
        for plant in np.flatnonzero(lowest != highest):
            for (cut, part, boundary), found in self.grades.items():
                rows.append(
                    {
                        "plant_id": str(inventory.plants.ids[plant]),
                        "name": str(inventory.plants.name[plant]),
                        "cut": cut,
                        "part": part,
                        "boundary": boundary,
                        "grade": GRADES[found.grade[plant]],
                        "written": str(texts[cut, part, boundary][plant]),
                    }
                )
        columns = ["plant_id", "name", "cut", "part", "boundary", "grade", "written"]
        return pd.DataFrame(rows, columns=columns)


def grade_readings(
    inventory: Inventory, counted: Counted, rules: Rules, *, year: int | None = None
) -> Readings:
    """Grade every plant in every reading.

    Parameters
    ----------
    inventory, counted, rules, year
        As in :func:`~greenrisk.pollution.grading.hj941.grade`.

    Returns
    -------
    Readings

    Notes
    -----
    The low reading of the part leaves every substance of unknown part out of every list that it need not be in, the
    high one takes all of them in: the truth lies between, since a grade never falls as a substance is added.
    """
    grades: dict[tuple[int, Reading, Boundary], Grades] = {}
    terms = {
        part: plant_terms(inventory, counted, rules, reading=part, boundary=EQUALITIES[0], year=year)
        for part in PARTS
    }
    air = {boundary: air_receptors(inventory.plants, rules, boundary) for boundary in EQUALITIES}
    for cut, part, boundary in product(rules.cuts, PARTS, EQUALITIES):
        e = np.stack([air[boundary], terms[part].e[1]])
        grades[cut, part, boundary] = grade_terms(replace(terms[part], e=e), rules, cut)
    return Readings(rules.cuts, grades, rules)
