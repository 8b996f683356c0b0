# SPDX-License-Identifier: Apache-2.0
"""Tables at the door: a spec of columns, and a reader that tells every fault with row, column, value and mend.

pandera judges the columns (:mod:`greenrisk.core.table_faults`); this module turns cells into values first (a number
column may hold text, dates, units) and the faults are told afterwards. No row is ever dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from greenrisk.core import table_faults
from greenrisk.core.cells import PLAIN, Cells, read_cells
from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger

MOST_FAULTS = table_faults.MOST_FAULTS
"""Faults of one column that are printed; the rest is counted."""

ROWS = "rows"
"""Key of a checked table's ``attrs``: the row of the file that each of its rows stands in."""

FILE = "file"
"""Key of a checked table's ``attrs``: the file as messages name it, with its sheet where a workbook has several."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Header; bears the unit (``area_ha``).
    kind : str
        ``text``, ``number``, ``integer`` or ``choice``.
    unit : str
        Unit of the values, as printed in messages.
    required : bool
        Whether the column must be there; a column that is there and required, or stands in a ``one_of``
        group, has no empty cell.
    low, high : float or None
        Domain; ``low`` itself is allowed unless ``low_open``.
    low_open : bool
        Whether values must lie above ``low``.
    choices : tuple of str
        Allowed texts of a ``choice``.
    unique : bool
        Whether no value may stand twice.
    description : str
        One sentence.
    hint : str
        What a value out of the domain mostly is: one sentence for the message.
    """

    name: str
    kind: Literal["text", "number", "integer", "choice"]
    unit: str = ""
    required: bool = True
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    choices: tuple[str, ...] = ()
    unique: bool = False
    description: str = ""
    hint: str = ""

    def domain(self) -> str:
        """Return the domain in words: ``> 0 and <= 1``; empty where it has none."""
        if self.kind == "choice":
            return "one of " + ", ".join(f"`{choice}`" for choice in self.choices)
        parts = [f"{'>' if self.low_open else '>='} {self.low:g}"] if self.low is not None else []
        parts += [f"<= {self.high:g}"] if self.high is not None else []
        return " and ".join(parts)


STATUSES: Final = ("confirmed", "user", "unconfirmed", "illustrative")
"""How far a row is known, the best first; what rests on several rows is known as its weakest."""


def weakest(statuses: Iterable[object]) -> str:
    """Return the weakest of some statuses, words of :data:`STATUSES`; ``user`` where there is none."""
    return max((str(status) for status in statuses), key=STATUSES.index, default="user")


def status_column(description: str = "How far the row is known.", name: str = "status") -> Column:
    """Return the column of a table that says how far each row is known."""
    return Column(name, "choice", choices=STATUSES, description=description)


def source_column(description: str = "Where the row comes from.") -> Column:
    """Return the column of a table that says where each row comes from."""
    return Column("source", "text", description=description)


@dataclass(frozen=True)
class TableSpec:
    """The columns of a table.

    Parameters
    ----------
    name : str
        Name, as in ``greenrisk show table NAME``.
    title : str
        One line for a reader.
    columns : tuple of Column
        In the order of the documentation.
    one_of : tuple of tuple of str
        Groups of columns of which exactly one must be there, e.g. ``("area_ha", "area_mu")``.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    one_of: tuple[tuple[str, ...], ...] = ()

    def column(self, name: str) -> Column:
        """Return a column by name, or raise KeyError."""
        return {column.name: column for column in self.columns}[name]

    def needs(self, name: str) -> bool:
        """Whether every cell of the column must be filled where the column is there."""
        return self.column(name).required or any(name in group for group in self.one_of)


def read_table(
    path: str | Path, spec: TableSpec, ledger: Ledger, *, frame: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Read and check a table.

    Parameters
    ----------
    path : str or Path
        CSV (UTF-8, UTF-8 with byte order mark, GB18030) or XLSX (the sheet that bears the table's name, else the first
        that has its columns, else the first); with ``frame``, its name in
        messages.
    spec : TableSpec
        The columns.
    ledger : Ledger
        Told the encoding, sheets not read, blank rows and columns not used.
    frame : DataFrame, optional
        A table already in memory, checked instead of a file.

    Returns
    -------
    DataFrame
        One row per row of the file, in its order, with the columns of the spec that are there: text as str,
        ``number`` as float64, ``integer`` as int64 (float64 where an optional cell is empty). See also
        :func:`file_rows`.

    Raises
    ------
    TableError
        With every fault: file and row, column, value, mend.
    """
    found = read_rows(path, spec, ledger, frame=frame)
    found.faults.raise_if_any(TableError, found.hint)
    assert found.sound is not None
    return found.sound


@dataclass(frozen=True, eq=False)
class Rows:
    """What can be read of a table, whatever is wrong with it.

    Parameters
    ----------
    sound : DataFrame or None
        Rows without a faulty cell: without any fault, the table; None where columns are missing.
    every : DataFrame
        All rows, with an empty cell for a faulty one, and the columns that are there.
    faults : Faults
        What is wrong with header and cells.
    hint : str
        Which command lists the columns.
    """

    sound: pd.DataFrame | None
    every: pd.DataFrame
    faults: Faults
    hint: str


def read_rows(
    path: str | Path, spec: TableSpec, ledger: Ledger, *, frame: pd.DataFrame | None = None
) -> Rows:
    """Read what can be read of a table, so that faulty cells hide nothing else; see :func:`read_table`.

    Raises
    ------
    TableError
        If the file cannot be read at all, or holds no row.
    """
    cells = (
        read_cells(Path(path), _sheets(spec), _header(spec)) if frame is None else _cells_of(str(path), frame)
    )
    faults, hint = (
        table_faults.header_faults(cells, spec),
        f"`greenrisk show table {spec.name}` lists its columns.",
    )
    whole = not len(faults)
    if not cells.rows:
        faults.add(cells.name, "no rows", "The table needs at least one row below its header.")
        faults.raise_if_any(TableError, hint)
    used = [column for column in spec.columns if column.name in cells.header]
    values, unread = table_faults.parse(cells, used)
    table = pd.DataFrame(values)
    judged = table_faults.judge(cells, spec, used, table, {(fault[0], fault[1]) for fault in unread})
    faults.extend(table_faults.capped(cells, spec, [*unread, *judged]))
    if not len(faults):
        _tell(cells, spec, ledger, file=frame is None)
    numbers = np.array([number for number, _ in cells.rows])
    if not len(faults):
        _finish(table, used, cells.name, numbers)
        return Rows(table, table, faults, hint)
    every, bad = table.copy(), np.zeros(len(table), dtype=np.bool_)
    for position, name, *_ in (*unread, *judged):
        bad[position] = True
        every.loc[position, name] = np.nan if every[name].dtype.kind == "f" else None
    _finish(every, (), cells.name, numbers)
    sound = table[~bad].reset_index(drop=True)
    _finish(sound, used, cells.name, numbers[~bad])
    return Rows(sound if whole else None, every, faults, hint)


def _finish(
    table: pd.DataFrame,
    used: Sequence[Column],
    name: str,
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    """Give whole numbers their type, and the table the places of its rows."""
    for column in used:
        if column.kind == "integer" and not table[column.name].isna().any():
            table[column.name] = table[column.name].astype("int64")
    plain = range(2, len(numbers) + 2)
    table.attrs[ROWS] = plain if numbers.tolist() == list(plain) else tuple(numbers.tolist())
    table.attrs[FILE] = name


def _sheets(spec: TableSpec) -> tuple[str, ...]:
    """Return the names that the sheet of a table may bear, with and without the study in front."""
    return spec.name, spec.name.partition("-")[2] or spec.name


def _header(spec: TableSpec) -> tuple[str, ...]:
    """Return the columns that a sheet of the table has."""
    return tuple(column.name for column in spec.columns if column.required)


def file_rows(table: pd.DataFrame) -> Sequence[int]:
    """Return the row of the file that each row of a checked table stands in, as a spreadsheet counts them.

    Parameters
    ----------
    table : DataFrame
        As :func:`read_table` returns it, no row moved.
    """
    rows: Sequence[int] = table.attrs.get(ROWS, range(2, len(table) + 2))
    return rows


def _cells_of(name: str, frame: pd.DataFrame) -> Cells:
    rows = [
        (position + 2, list(row)) for position, row in enumerate(frame.itertuples(index=False, name=None))
    ]
    return Cells(name, tuple(map(str, frame.columns)), rows, "a DataFrame")


def _tell(cells: Cells, spec: TableSpec, ledger: Ledger, *, file: bool) -> None:
    # Named without its folder: equal runs give equal ledgers, wherever they are started.
    name = Path(cells.name.removesuffix(f"[{cells.sheet}]") if cells.sheet else cells.name).name
    if file and cells.how != PLAIN:  # what is usual needs no line
        ledger.add("read", name, f"Read as {cells.how}.", len(cells.rows))
    if cells.blank:
        ledger.add("dropped", name, "Blank rows were skipped.", cells.blank)
    known = {column.name for column in spec.columns}
    foreign = [column for column in cells.header if column not in known]
    if foreign:
        ledger.add("read", name, f"Columns not used: {', '.join(foreign)}.", len(foreign))
