# SPDX-License-Identifier: Apache-2.0
"""Tables at the door: a spec of columns, and a reader that tells every fault with row, column, value and
mend.

pandera judges the columns; this module turns cells into values first (a number column may hold text, dates,
units) and pandera's failure cases into faults afterwards. No row is ever dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from greenrisk.core.cell_values import in_per_cent, number_in, text_in
from greenrisk.core.cells import PLAIN, Cells, column_letter, read_cells
from greenrisk.core.errors import Fault, Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean, one_line

MOST_FAULTS = 10
"""Faults of one column that are printed; the rest is counted."""

MOST_FOREIGN = 20
"""Unknown columns that are named; the rest is counted."""

ROWS = "rows"
"""Key of a checked table's ``attrs``: the row of the file that each of its rows stands in."""


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
        CSV (UTF-8, UTF-8 with byte order mark, GB18030) or XLSX (first sheet); with ``frame``, its name in
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
    cells = read_cells(Path(path)) if frame is None else _cells_of(str(path), frame)
    faults = _header_faults(cells, spec)
    if not cells.rows:
        faults.add(cells.name, "no rows", "The table needs at least one row below its header.")
        faults.raise_if_any(TableError, _hint(spec))
    used = [column for column in spec.columns if column.name in cells.header]
    values, unread = _parse(cells, used)
    table = pd.DataFrame(values)
    found = [*unread, *_judge(cells, spec, used, table, {(fault[0], fault[1]) for fault in unread})]
    faults.extend(_capped(cells, spec, found))
    faults.raise_if_any(TableError, _hint(spec))
    _tell(cells, spec, ledger, file=frame is None)
    for column in used:
        if column.kind == "integer" and not table[column.name].isna().any():
            table[column.name] = table[column.name].astype("int64")
    numbers = [number for number, _ in cells.rows]
    plain = range(2, len(numbers) + 2)
    table.attrs[ROWS] = plain if numbers == list(plain) else tuple(numbers)
    return table


def file_rows(table: pd.DataFrame) -> Sequence[int]:
    """Return the row of the file that each row of a checked table stands in, as a spreadsheet counts them.

    Parameters
    ----------
    table : DataFrame
        As :func:`read_table` returns it, no row moved.
    """
    rows: Sequence[int] = table.attrs.get(ROWS, range(2, len(table) + 2))
    return rows


_Found = tuple[int, str, Any, str]
"""Position of the row, column, value as the user wrote it, mend."""


def _hint(spec: TableSpec) -> str:
    return f"`greenrisk show table {spec.name}` lists its columns."


def _cells_of(name: str, frame: pd.DataFrame) -> Cells:
    rows = [
        (position + 2, list(row)) for position, row in enumerate(frame.itertuples(index=False, name=None))
    ]
    return Cells(name, tuple(map(str, frame.columns)), rows, "a DataFrame")


def _header_faults(cells: Cells, spec: TableSpec) -> Faults:
    faults = Faults()
    where = f"{cells.name}:1"
    known = [column.name for column in spec.columns]
    foreign = [name for name in cells.header if name not in known]
    for group in spec.one_of:
        there = [name for name in group if name in cells.header]
        listed = " or ".join(f"`{name}`" for name in group)
        if len(there) > 1:
            faults.add(where, ", ".join(there), f"The same quantity in two units. Give {listed}, not both.")
        elif not there:
            close = next((text for name in foreign if (text := did_you_mean(name, group))), "")
            faults.add(where, listed, f"One of these columns is needed.{close}")
    grouped = {name for group in spec.one_of for name in group}
    lost = 0
    for column in spec.columns:
        if column.name in cells.header or column.name in grouped:
            continue
        close = next((name for name in foreign if did_you_mean(name, [column.name])), "")
        if column.required:
            lost += not close
            instead = f" Is it the column `{close}`? Then rename it." if close else ""
            faults.add(
                where,
                column.name,
                f"This column is missing.{instead} {column.description}".rstrip(),
                column.unit,
            )
        elif close:
            faults.add(where, close, f"Unknown column. Did you mean `{column.name}`?", column.unit)
    if lost and foreign:
        more = f" and {len(foreign) - MOST_FOREIGN} more" if len(foreign) > MOST_FOREIGN else ""
        faults.add(
            where,
            ", ".join(one_line(name) for name in foreign[:MOST_FOREIGN]) + more,
            "Unknown columns. If they are what is missing, give them the names above.",
        )
    return faults


def _parse(cells: Cells, used: Sequence[Column]) -> tuple[dict[str, list[Any]], list[_Found]]:
    values: dict[str, list[Any]] = {}
    found: list[_Found] = []
    for column in used:
        place = cells.header.index(column.name)
        parsed: list[Any] = []
        for position, (_, row) in enumerate(cells.rows):
            value, mend = (number_in if column.kind in ("number", "integer") else text_in)(row[place])
            parsed.append(value)
            if mend:
                found.append((position, column.name, row[place], mend))
        values[column.name] = parsed
    return values, found


def _judge(
    cells: Cells, spec: TableSpec, used: Sequence[Column], table: pd.DataFrame, unread: set[tuple[int, str]]
) -> list[_Found]:
    """Let pandera check the parsed columns; cells that could not be parsed have been told already."""
    import pandera.errors
    import pandera.pandas as pa

    def checks(column: Column) -> list[pa.Check]:
        rules = []
        if column.low is not None:
            rules.append(pa.Check.gt(column.low) if column.low_open else pa.Check.ge(column.low))
        if column.high is not None:
            rules.append(pa.Check.le(column.high))
        if column.kind == "choice":
            rules.append(pa.Check.isin(list(column.choices)))
        if column.kind == "integer":
            rules.append(pa.Check(lambda series: series == series.round(), name="whole"))
        return rules

    schema = pa.DataFrameSchema(
        {
            column.name: pa.Column(
                None,
                checks(column),
                nullable=not spec.needs(column.name),
                unique=column.unique,
                required=False,
            )
            for column in used
        }
    )
    try:
        schema.validate(table, lazy=True)
    except pandera.errors.SchemaErrors as problem:
        cases = problem.failure_cases
    else:
        return []
    found: list[_Found] = []
    for name, check, index in zip(cases["column"], cases["check"], cases["index"], strict=True):
        if index is None or pd.isna(index) or (position := int(index), str(name)) in unread:
            continue
        column = spec.column(str(name))
        written = cells.rows[position][1][cells.header.index(column.name)]
        found.append((position, column.name, written, _mend(column, str(check), table, position, cells)))
    return list(dict.fromkeys((p, c, _hashable(v), m) for p, c, v, m in found))


def _hashable(value: Any) -> Any:
    return value if value.__hash__ else str(value)


def _mend(column: Column, check: str, table: pd.DataFrame, position: int, cells: Cells) -> str:
    if check == "not_nullable":
        return "This cell is empty. Fill it in."
    if check == "field_uniqueness":
        same = table[column.name] == table[column.name].iloc[position]
        rows = [cells.rows[int(other)][0] for other in same[same].index if other != position]
        return f"Stands also in row {', '.join(map(str, rows[:5]))}. Each must be unique."
    if check.startswith("whole"):
        return "Must be a whole number."
    if column.kind == "choice":
        close = did_you_mean(str(table[column.name].iloc[position]), column.choices)
        return f"Must be {column.domain()}.{close}"
    more = f" {column.hint}" if column.hint else ""
    if column.high == 1.0 and column.unit in ("1", "unitless"):
        more += in_per_cent(float(table[column.name].iloc[position]))
    return f"Must be {column.domain()}.{more}"


def _capped(cells: Cells, spec: TableSpec, found: Sequence[_Found]) -> list[Fault]:
    """Return the faults by row, at most :data:`MOST_FAULTS` of one column, and a line for the rest."""
    order = {column.name: number for number, column in enumerate(spec.columns)}
    total: Counter[str] = Counter(name for _, name, _, _ in found)
    told: Counter[str] = Counter()
    faults: list[Fault] = []
    for position, name, written, mend in sorted(found, key=lambda item: (item[0], order[item[1]])):
        told[name] += 1
        if told[name] > MOST_FAULTS:
            continue
        row = cells.rows[position][0]
        place = f" ({column_letter(cells.header.index(name))}{row})" if cells.workbook else ""
        what = f"{name}{place} = {'' if written is None else one_line(written)}".rstrip()
        faults.append(Fault(f"{cells.name}:{row}", what, mend, spec.column(name).unit))
    for name, count in total.items():
        if count > MOST_FAULTS:
            more = count - MOST_FAULTS
            faults.append(Fault(cells.name, name, f"... and {more} more row{'' if more == 1 else 's'}."))
    return faults


def _tell(cells: Cells, spec: TableSpec, ledger: Ledger, *, file: bool) -> None:
    # Named without its folder: equal runs give equal ledgers, wherever they are started.
    name = Path(cells.name).name
    if file and cells.how != PLAIN:  # what is usual needs no line
        ledger.add("read", name, f"Read as {cells.how}.", len(cells.rows))
    if cells.blank:
        ledger.add("dropped", name, "Blank rows were skipped.", cells.blank)
    known = {column.name for column in spec.columns}
    foreign = [column for column in cells.header if column not in known]
    if foreign:
        ledger.add("read", name, f"Columns not used: {', '.join(foreign)}.", len(foreign))
