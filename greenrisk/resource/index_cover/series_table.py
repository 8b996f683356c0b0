# SPDX-License-Identifier: Apache-2.0
"""A series from a column of a table: rows chosen and joined, dates in order, every fault with its row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from greenrisk.core.cell_values import number_in
from greenrisk.core.cells import PLAIN, Cells, read_cells
from greenrisk.core.errors import Faults, GreenRiskError, TableError
from greenrisk.core.marked_yaml import KeyPath, did_you_mean
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.series import Days, Floats, Integers, Origin
from greenrisk.resource.index_cover.series_dates import date_in, day_of
from greenrisk.resource.index_cover.series_spec import Combine, TableSeries
from greenrisk.resource.index_cover.unit_words import same_unit

MOST_FAULTS: Final = 10
"""Faults of one kind that are printed; the rest is counted."""

JOINS: Final[Mapping[Combine, Callable[[list[float]], float]]] = {
    "sum": lambda values: float(np.sum(values)),
    "mean": lambda values: float(np.mean(values)),
    "min": lambda values: float(np.min(values)),
    "max": lambda values: float(np.max(values)),
}
"""How values of one date become one; a missing one makes it missing."""


@dataclass(frozen=True, eq=False)
class Dated:
    """Values by date, before they are put on a grid.

    Parameters
    ----------
    days : array of datetime64[D], shape (values,)
        Increasing strictly.
    value : array, shape (values,)
        NaN where the cell is empty.
    origin : Origin
        Cells that were read.
    rows : array of int, shape (values,), or None
        First row of the table behind each value; None where it is no table.
    """

    days: Days
    value: Floats
    origin: Origin
    rows: Integers | None = None


def read_table_series(spec: TableSeries, key_path: KeyPath, sources: Sources) -> Dated | None:
    """Return the values of a table by date; None where faults were recorded."""
    path = sources.file(spec.file, (*key_path, "file"))
    if path is None:
        return None
    try:
        cells = read_cells(path)
    except GreenRiskError as error:
        sources.take(error)
        return None
    faults = Faults()
    dated = _Table(cells, spec, faults).dated(sources.inputs[f"file {spec.file}"])
    if len(faults):
        sources.take(TableError(faults.shortened(MOST_FAULTS)))
        return None
    if cells.how != PLAIN:
        sources.ledger.add("read", Path(cells.name).name, f"Read as {cells.how}.", len(cells.rows))
    return dated


class _Table:
    """One table on its way to a series."""

    def __init__(self, cells: Cells, spec: TableSeries, faults: Faults) -> None:
        self.cells = cells
        self.spec = spec
        self.faults = faults
        self.unread = False
        self.column = {name: position for position, name in enumerate(cells.header)}

    def dated(self, digest: str) -> Dated | None:
        """Return the values by date, or None with faults."""
        wanted = {self.spec.value: "`value`", **{name: "`where`" for name in self.spec.where}}
        for name, key in wanted.items():
            if name not in self.column:
                near = did_you_mean(name, self.cells.header)
                held = ", ".join(f"`{column}`" for column in self.cells.header)
                self.faults.add(
                    self.cells.name, f"no column `{name}`", f"{key} names it.{near} The table has {held}."
                )
        if not ({"date", "year"} & set(self.column)):
            self.faults.add(
                self.cells.name,
                "no column `date`",
                "The table needs `date`, or `year` (and `month` and `day`).",
            )
        if len(self.faults):
            return None
        rows = self._chosen()
        if not rows:
            return None
        self._one_unit(rows)
        days, values = self._days(rows), self._values(rows)
        origin = Origin(
            digest,
            self.spec.value,
            frozenset(number for number, _ in rows),
        )
        return self._joined(rows, days, values, origin)

    def _chosen(self) -> list[tuple[int, list[Any]]]:
        """Return the rows that `where` chooses."""
        rows = self.cells.rows
        for name, wanted in self.spec.where.items():
            position = self.column[name]
            allowed = wanted if isinstance(wanted, tuple) else (wanted,)
            held = {_text(row[position]) for _, row in self.cells.rows}
            for one in allowed:
                if _text(one) not in held:
                    some = ", ".join(f"`{text}`" for text in sorted(held)[:8])
                    self.faults.add(
                        self.cells.name,
                        f"where {name} = {one}",
                        f"No row has it.{did_you_mean(_text(one), sorted(held))} The column holds {some}"
                        f"{', ...' if len(held) > 8 else ''}.",
                    )
            texts = {_text(one) for one in allowed}
            rows = [row for row in rows if _text(row[1][position]) in texts]
        if not rows and not len(self.faults):
            self.faults.add(self.cells.name, "where", "No row meets all its conditions. Check them together.")
        return rows

    def _one_unit(self, rows: list[tuple[int, list[Any]]]) -> None:
        """Find where a column `unit` changes, or differs from the scenario's."""
        position = self.column.get("unit")
        if position is None or self.spec.value == "unit":
            return
        before = ""
        for number, row in rows:
            unit = _text(row[position])
            if unit == before or (not before and same_unit(unit, self.spec.unit)):
                before = unit
                continue
            if not before:
                mend = (
                    f"The scenario says {self.spec.unit}. Write `unit: {unit}`, with triggers in it, or convert the "
                    "column."
                )
            elif same_unit(before, self.spec.unit):
                mend = (
                    f"The series is in {before} up to here. Convert `{self.spec.value}` of these rows, and write "
                    "one unit throughout."
                )
            else:
                mend = f"The rows before are in {before}. Write one unit throughout."
            self.faults.add(f"{self.cells.name}:{number}", f"unit = {unit}", mend)
            before = unit

    def _days(self, rows: list[tuple[int, list[Any]]]) -> list[np.datetime64 | None]:
        days: list[np.datetime64 | None] = []
        for number, row in rows:
            place = f"{self.cells.name}:{number}"
            if "date" in self.column:
                cell = row[self.column["date"]]
                day, mend = date_in(cell)
                what = f"date = {_shown(cell)}"
            else:
                parts = [
                    number_in(row[self.column[name]]) if name in self.column else (1.0, "")
                    for name in ("year", "month", "day")
                ]
                what = ", ".join(
                    f"{name} = {_shown(row[self.column[name]])}"
                    for name in ("year", "month", "day")
                    if name in self.column
                )
                if any(math.isnan(part) or not part.is_integer() for part, _ in parts):
                    day, mend = None, "Year, month and day must be whole numbers."
                else:
                    day, mend = day_of(*(int(part) for part, _ in parts))
            if day is None:
                self.faults.add(place, what, mend)
            days.append(day)
        return days

    def _values(self, rows: list[tuple[int, list[Any]]]) -> list[float]:
        values = []
        for number, row in rows:
            cell = row[self.column[self.spec.value]]
            value, mend = number_in(cell)
            if mend:
                self.unread = True
                self.faults.add(
                    f"{self.cells.name}:{number}",
                    f"{self.spec.value} = {_shown(cell)}",
                    mend,
                    self.spec.unit,
                )
            values.append(value)
        return values

    def _joined(
        self,
        rows: list[tuple[int, list[Any]]],
        days: list[np.datetime64 | None],
        values: list[float],
        origin: Origin,
    ) -> Dated | None:
        """Return one value a date, in order, or None with faults."""
        at: dict[np.datetime64, list[int]] = {}
        for position, day in enumerate(days):
            if day is not None:
                at.setdefault(day, []).append(position)
        if self.spec.combine is None:
            self._in_order(rows, days, at)
        if not self.unread and all(math.isnan(value) for value in values):
            self.faults.add(
                self.cells.name,
                f"{self.spec.value} is empty in all {len(rows)} rows",
                "A series needs values.",
            )
        if len(self.faults):
            return None
        ordered = sorted(at)
        if self.spec.combine in ("sum", "mean"):
            self._whole(rows, at, ordered)
        join = JOINS[self.spec.combine or "sum"]
        if len(self.faults):
            return None
        value = np.array([join([values[position] for position in at[day]]) for day in ordered])
        first = np.array([rows[at[day][0]][0] for day in ordered], dtype=np.int64)
        return Dated(np.array(ordered, dtype="datetime64[D]"), value, origin, first)

    def _whole(
        self,
        rows: list[tuple[int, list[Any]]],
        at: Mapping[np.datetime64, list[int]],
        ordered: list[np.datetime64],
    ) -> None:
        """Find dates without a row of one of the values that ``where`` lists, where others have one each."""
        for name, wanted in self.spec.where.items():
            if not isinstance(wanted, tuple):
                continue
            position = self.column[name]
            held = {day: [_text(rows[row][1][position]) for row in at[day]] for day in ordered}
            if any(len(texts) != len(set(texts)) for texts in held.values()):
                continue  # events: any number of rows a date
            for day in ordered:
                for one in wanted:
                    if _text(one) not in held[day]:
                        self.faults.add(
                            self.cells.name,
                            f"{day}: no row of {name} = {one}",
                            f"The {self.spec.combine} of this date would lack it. Add the row, with an empty value if "
                            "it is not known.",
                        )

    def _in_order(
        self,
        rows: list[tuple[int, list[Any]]],
        days: list[np.datetime64 | None],
        at: Mapping[np.datetime64, list[int]],
    ) -> None:
        latest: tuple[np.datetime64, int] | None = None
        for position, day in enumerate(days):
            if day is None:
                continue
            place = f"{self.cells.name}:{rows[position][0]}"
            first = at[day][0]
            if first != position:
                self.faults.add(
                    place,
                    f"date = {day}",
                    f"Row {rows[first][0]} has this date too. Keep one, or say by `combine` how they become one.",
                )
            elif latest is not None and day < latest[0]:
                self.faults.add(
                    place,
                    f"date = {day}",
                    f"Comes after {latest[0]} of row {rows[latest[1]][0]}. Sort the rows by date.",
                )
            if latest is None or day > latest[0]:
                latest = (day, position)


def _text(cell: Any) -> str:
    """Return a cell as it is compared: 3, 3.0 and "3" are the same."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _shown(cell: Any) -> str:
    return "empty" if cell is None or _text(cell) == "" else _text(cell)
