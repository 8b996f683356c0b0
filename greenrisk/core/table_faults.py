# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the header and the cells of a table, and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenrisk.core.cell_values import in_per_cent, number_in, text_in
from greenrisk.core.cells import Cells, column_letter
from greenrisk.core.errors import Fault, Faults
from greenrisk.core.marked_yaml import did_you_mean, one_line

if TYPE_CHECKING:
    from greenrisk.core.tables import Column, TableSpec

MOST_FAULTS = 10
"""Faults of one column that are printed; the rest is counted."""

MOST_FOREIGN = 20
"""Unknown columns that are named; the rest is counted."""

Found = tuple[int, str, Any, str]
"""Position of the row, column, value as the user wrote it, mend."""


def header_faults(cells: Cells, spec: TableSpec) -> Faults:
    """Return what is wrong with the names of the columns."""
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


def parse(cells: Cells, used: Sequence[Column]) -> tuple[dict[str, list[Any]], list[Found]]:
    """Return the values of the columns, and the cells that hold none."""
    values: dict[str, list[Any]] = {}
    found: list[Found] = []
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


def judge(
    cells: Cells, spec: TableSpec, used: Sequence[Column], table: pd.DataFrame, unread: set[tuple[int, str]]
) -> list[Found]:
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
    found: list[Found] = []
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


def capped(cells: Cells, spec: TableSpec, found: Sequence[Found]) -> list[Fault]:
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
