# SPDX-License-Identifier: Apache-2.0
"""Groups of plants by which a regulator asks: the whole zone and what lies beyond it, and the official grades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.liability.tariff_tables import GRADE_CLASSES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

ALL: Final = "all"
IN_ZONE: Final = "in_zone"
BEYOND_ZONE: Final = "beyond_zone"
NOT_GRADED: Final = GRADE_CLASSES[-1]

GROUP_WORDS: Final = {
    ALL: "All plants",
    IN_ZONE: "In the zone",
    BEYOND_ZONE: "Beyond the zone",
    "general": "General (一般)",
    "larger": "Larger (较大)",
    "major": "Major (重大)",
    NOT_GRADED: "Not graded by HJ 941",
}
"""What a reader calls the groups."""


def grade_class(grade: ArrayLike) -> Integers:
    """Return the class of each plant, shape (plants,): an index into ``GRADE_CLASSES``.

    Parameters
    ----------
    grade : array of int, shape (plants,)
        Index into :data:`~greenrisk.pollution.grading.words.GRADES`; negative: refused.

    Raises
    ------
    ArgumentError
        If a code is beyond the grades.
    """
    codes = np.asarray(grade, dtype=np.int64)
    if codes.size and int(codes.max()) >= len(GRADES):
        mend = f"Codes of {', '.join(GRADES)} from 0, and negative ones for plants without a grade, were expected."
        raise ArgumentError(Fault("grade", f"grade code {int(codes.max())}", mend))
    return np.where(codes < 0, len(GRADES), codes)


@dataclass(frozen=True, eq=False)
class PlantGroups:
    """Groups that may overlap, made of cells that do not.

    Parameters
    ----------
    names : tuple of str, length groups
        Names of the groups.
    cell : array of int, shape (plants,)
        Cell of each plant.
    member : array of bool, shape (groups, cells)
        Which cells make up each group.
    """

    names: tuple[str, ...]
    cell: Integers
    member: Flags

    @classmethod
    def of(cls, grade: ArrayLike, in_zone: ArrayLike | None = None) -> Self:
        """Return the whole, the zone and what lies beyond it, and the grades; groups without plants are left out.

        Parameters
        ----------
        grade : array of int, shape (plants,)
            Index into :data:`~greenrisk.pollution.grading.words.GRADES`; negative: refused.
        in_zone : array of bool, shape (plants,), optional
            Whether the plant lies in the zone; empty: all do.
        """
        of_grade = grade_class(grade)
        inside = np.ones(of_grade.size, dtype=np.bool_) if in_zone is None else np.asarray(in_zone, np.bool_)
        if inside.shape != of_grade.shape:
            mend = f"One answer for each of the {of_grade.size} plants was expected."
            raise ArgumentError(Fault("in_zone", f"in_zone of shape {inside.shape}", mend))
        count = len(GRADE_CLASSES)
        cell = np.where(inside, 0, count) + of_grade
        cells = np.arange(2 * count)
        masks = {ALL: cells >= 0, IN_ZONE: cells < count, BEYOND_ZONE: cells >= count}
        masks |= {name: cells % count == code for code, name in enumerate(GRADE_CLASSES)}
        kept = {name: mask for name, mask in masks.items() if mask[cell].any() or name == ALL}
        return cls(tuple(kept), cell, np.stack(list(kept.values())))

    @property
    def cells(self) -> int:
        """How many cells."""
        return int(self.member.shape[1])

    @property
    def plants(self) -> Integers:
        """How many plants each group has, shape (groups,)."""
        return np.asarray(self.member[:, self.cell].sum(axis=1))

    def mask(self, name: str) -> Flags:
        """Return whether each plant is in a group, shape (plants,).

        Parameters
        ----------
        name : str
            One of ``names``.
        """
        return np.asarray(self.member[self.names.index(name)][self.cell])

    def sums(self, amounts: ArrayLike) -> Floats:
        """Return the sums of a quantity over the plants of each group, shape (groups,).

        Parameters
        ----------
        amounts : array, shape (plants,)
            By plant.
        """
        given = np.asarray(amounts, dtype=np.float64)
        return np.asarray(self.member @ np.bincount(self.cell, weights=given, minlength=self.cells))
