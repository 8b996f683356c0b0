# SPDX-License-Identifier: Apache-2.0
"""Faults of one table, by row and column, at most so many of a sort.

What lives here: the collector. What does not: what is a fault (:mod:`greenrisk.pollution.inventory_checks`,
:mod:`greenrisk.pollution.holding_checks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from greenrisk.core.errors import Fault
from greenrisk.core.marked_yaml import one_line
from greenrisk.core.tables import FILE, MOST_FAULTS, file_rows


def rows_in_file(table: pd.DataFrame) -> Sequence[int]:
    """Return the row of the file that each row of a table stands in; of one made in memory, as if it were a file.

    Parameters
    ----------
    table : DataFrame
        As :func:`~greenrisk.core.tables.read_table` returns it, or any other.
    """
    rows = file_rows(table)
    return rows if len(rows) == len(table) else range(2, len(table) + 2)


class RowFaults:
    """Collects the faults of one table.

    Parameters
    ----------
    name : str
        Name of the table as the scenario says it: in the ledger, and in messages of a table that was made in memory.
    table : DataFrame, optional
        The table as it was read, which knows its file and where its rows stand there; without it, no row is taken for
        blank.
    """

    def __init__(self, name: str, table: pd.DataFrame | None = None) -> None:
        self.name = name
        self.file = name if table is None else str(table.attrs.get(FILE, name))
        self._rows: Sequence[int] = () if table is None else rows_in_file(table)
        self._found: list[tuple[int, str, Fault]] = []

    def over(self, table: pd.DataFrame | None) -> RowFaults:
        """Return a collector of the same faults that counts the rows of another reading of the table.

        Parameters
        ----------
        table : DataFrame or None
            E.g. all rows, those with faulty cells included.
        """
        other = RowFaults(self.name, table)
        other.file, other._found = self.file if table is None else other.file, self._found
        return other

    def row(self, position: int) -> int:
        """Return the row of the file in which a row of the table stands, as a spreadsheet counts them.

        Parameters
        ----------
        position : int
            Place of the row among the rows below the header, from 0; blank rows do not count.
        """
        return int(self._rows[position]) if position < len(self._rows) else position + 2

    def add(
        self, position: int, column: str, value: object, expected: str, unit: str = "", *, sort: str = ""
    ) -> None:
        """Record one fault.

        Parameters
        ----------
        position : int
            Place of the row among the rows below the header, from 0; blank rows do not count.
        column : str
            The column that is wrong.
        value : object
            What stands there.
        expected : str
            What was expected, and how to mend it.
        unit : str
            Unit of the value.
        sort : str
            Faults of one sort are capped together; empty: those of the column.
        """
        text = "" if value is None or value != value else one_line(value) if value != "" else ""
        fault = Fault(f"{self.file}:{self.row(position)}", f"{column} = {text}".rstrip(), expected, unit)
        self._found.append((self.row(position), sort or column, fault))

    def __len__(self) -> int:
        """How many faults there are, those that will not be told one by one included."""
        return len(self._found)

    def faults(self) -> list[Fault]:
        """Return the faults by row, at most :data:`~greenrisk.core.tables.MOST_FAULTS` of a sort."""
        total = Counter(sort for _, sort, _ in self._found)
        told: Counter[str] = Counter()
        faults = []
        for _, sort, fault in sorted(self._found, key=lambda item: item[0]):
            told[sort] += 1
            if told[sort] <= MOST_FAULTS:
                faults.append(fault)
        for sort, count in total.items():
            if count > MOST_FAULTS:
                more = count - MOST_FAULTS
                faults.append(Fault(self.file, sort, f"... and {more} more row{'' if more == 1 else 's'}."))
        return faults
