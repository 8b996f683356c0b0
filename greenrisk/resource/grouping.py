# SPDX-License-Identifier: Apache-2.0
"""By what the premium file is grouped: rows of the file, and the finer groups that a block of years is summed by.

A premium is built by county, forest type and peril and falls on stands by what they are paid; a subsidy follows the
forest type. So payments are kept by the chosen columns *and* county, forest type and peril, whatever the file shows.
What a row costs is in :mod:`greenrisk.resource.premium_file`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from greenrisk.core.spec import Spec
from greenrisk.resource.book import SPECIES_GROUPS, Book
from greenrisk.resource.perils.damage import AGE_CLASSES, age_class

if TYPE_CHECKING:
    from greenrisk.resource.settlement import Payments

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GroupColumn = Literal["county", "forest_type", "species_group", "age_class", "peril"]

COLUMNS: Final = ("county", "forest_type", "species_group", "age_class", "peril")
"""What a premium file can be grouped by."""

EVERY: Final = "all"
"""What stands in a column that a file is not grouped by."""


class PremiumFileSpec(Spec):
    """The premium file: one row for each group, with its whole premium."""

    group_by: tuple[GroupColumn, ...] = Field(default=("county", "forest_type", "peril"), min_length=1)
    """Columns that make the groups. Age classes are those of the damage degrees: young, middle, old."""

    shortfall_weight: float = Field(default=1.0, gt=0)
    """What a yuan too little in the pure premium costs, for the robust premium; only its ratio to `excess_weight`
    counts [unitless]."""

    excess_weight: float = Field(default=1.0, gt=0)
    """What a yuan too much in the pure premium costs those who pay it [unitless]."""

    @field_validator("group_by")
    @classmethod
    def _each_column_once(cls, value: tuple[GroupColumn, ...]) -> tuple[GroupColumn, ...]:
        twice = sorted({name for name in value if value.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands there more than once; a column groups once.")
        return value


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which row of the premium file and which finer group each stand and peril belong to.

    A *group* is a set of stands that agree in all chosen columns, county and forest type, under one peril. A *row* of
    the file is a union of groups.

    Parameters
    ----------
    columns : tuple of str
        The chosen columns, as the user ordered them.
    kinds : tuple of str
        Perils in the order of the simulation.
    stands : array of int, shape (stands,)
        Group of each stand, perils apart.
    row_of_stands : array of int, shape (groups of stands,)
        Row of each group of stands, perils apart.
    segment_of_stands : array of int, shape (groups of stands,)
        Segment (county and forest type) of each group of stands.
    labels : tuple of mapping
        What the rows are called, perils apart: the value of every column of :data:`COLUMNS` but the peril.
    """

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    stands: Integers
    row_of_stands: Integers
    segment_of_stands: Integers
    labels: tuple[dict[str, str], ...]

    @property
    def by_peril(self) -> bool:
        """Whether the file has a row for each peril."""
        return "peril" in self.columns

    @property
    def groups(self) -> int:
        """How many groups there are, by peril."""
        return int(self.row_of_stands.size) * len(self.kinds)

    @property
    def rows(self) -> int:
        """How many rows the file has, without the total."""
        return len(self.labels) * (len(self.kinds) if self.by_peril else 1)

    @cached_property
    def row_of_group(self) -> Integers:
        """Row of each group, shape (groups,)."""
        perils = np.arange(len(self.kinds)) if self.by_peril else np.zeros(len(self.kinds), dtype=np.int64)
        width = len(self.kinds) if self.by_peril else 1
        return np.asarray((self.row_of_stands[:, None] * width + perils).ravel(), dtype=np.int64)

    def group_of(self, stand: Integers, peril: Integers) -> Integers:
        """Return the group of each hit.

        Parameters
        ----------
        stand, peril : array of int, shape (hits,)
            Index of the stand and code of the peril.
        """
        return np.asarray(self.stands[stand] * len(self.kinds) + peril)

    def row_labels(self) -> list[dict[str, str]]:
        """Return the value of every column of :data:`COLUMNS` for each row; ``all`` where the file is not grouped."""
        kinds = self.kinds if self.by_peril else (EVERY,)
        return [{**label, "peril": kind} for label in self.labels for kind in kinds]

    def row_names(self) -> list[str]:
        """Return the name of each row: its values in the chosen columns, as ``Leping|commercial|storm``."""
        return ["|".join(label[column] for column in self.columns) for label in self.row_labels()]


def grouping(
    book: Book, segment: Integers, columns: tuple[GroupColumn, ...], kinds: tuple[str, ...]
) -> Grouping:
    """Group the stands of a book.

    Parameters
    ----------
    book : Book
        The insured stands.
    segment : array of int, shape (stands,)
        Segment (county and forest type) of each stand.
    columns : tuple of str
        The chosen columns, of :data:`COLUMNS`.
    kinds : tuple of str
        Perils in the order of the simulation.

    Returns
    -------
    Grouping
        Only with groups that hold a stand, ascending by the chosen columns in their order.
    """
    codes: dict[str, tuple[Integers, tuple[str, ...]]] = {
        "county": (book.county, book.counties),
        "forest_type": _codes(book.forest_type),
        "species_group": (book.species, SPECIES_GROUPS),
        "age_class": (age_class(book.species, book.age), AGE_CLASSES),
    }
    chosen = [name for name in columns if name != "peril"]
    keys = np.stack([*(codes[name][0] for name in chosen), np.zeros(len(book), dtype=np.int64)], axis=1)
    rows, row = np.unique(keys, axis=0, return_inverse=True)
    pairs, stands = np.unique(np.stack([row.ravel(), segment], axis=1), axis=0, return_inverse=True)
    labels = tuple(
        dict.fromkeys(codes, EVERY) | {name: codes[name][1][key[i]] for i, name in enumerate(chosen)}
        for key in rows
    )
    return Grouping(
        columns=tuple(columns),
        kinds=kinds,
        stands=stands.ravel().astype(np.int64),
        row_of_stands=pairs[:, 0].astype(np.int64),
        segment_of_stands=pairs[:, 1].astype(np.int64),
        labels=labels,
    )


def group_sums(grouping: Grouping, payments: Payments) -> dict[str, tuple[tuple[str, ...], Floats]]:
    """Reduce a block to what the premium file needs: variables of a part, to be added up over the blocks.

    Returns
    -------
    dict
        ``group_sum``, dimensions (group, group_moment): claims [1] and payments [CNY]; ``row_square``, dimension
        (file_row): squared annual payments of each row [CNY2].
    """
    group = grouping.group_of(payments.stand, payments.peril)
    paid = (payments.gross > 0).astype(np.float64)
    claims, amount = (
        np.bincount(group, weights=values, minlength=grouping.groups).astype(np.float64)
        for values in (paid, payments.gross)
    )
    cell = payments.year * grouping.rows + grouping.row_of_group[group]
    of_year = np.bincount(cell, weights=payments.gross, minlength=payments.years * grouping.rows)
    square = np.square(of_year).reshape(payments.years, grouping.rows).sum(axis=0)
    return {
        "group_sum": (("group", "group_moment"), np.stack([claims, amount], axis=1)),
        "row_square": (("file_row",), square),
    }


def row_payments(grouping: Grouping, payments: Payments) -> Floats:
    """Return the weighted sum of the payments of a block by row, shape (rows,) [CNY]: for the knowledge interval.

    Divided by the sum of the weights of the years it is the pure premium of each row.
    """
    row = grouping.row_of_group[grouping.group_of(payments.stand, payments.peril)]
    weighted = payments.gross * payments.weight[payments.year]
    return np.bincount(row, weights=weighted, minlength=grouping.rows).astype(np.float64, copy=False)


def _codes(text: NDArray[np.str_]) -> tuple[Integers, tuple[str, ...]]:
    names, codes = np.unique(text, return_inverse=True)
    return codes.ravel().astype(np.int64), tuple(str(name) for name in names)
