# SPDX-License-Identifier: Apache-2.0
"""Names that a table of the user carries, so that results can be read by them. Reads any table, imports none."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from greenrisk.actuarial.printing import name_of
from greenrisk.core.errors import ArgumentError, Fault, Faults


def column_names(table: object) -> tuple[str, ...]:
    """Return the names of the columns of a DataFrame; nothing for an array.

    Parameters
    ----------
    table : object
        DataFrame, array or nested sequence.
    """
    columns = getattr(table, "columns", None)
    return () if columns is None or callable(columns) else tuple(name_of(column) for column in columns)


def row_labels(table: object) -> tuple[Hashable, ...]:
    """Return the labels of the rows of a DataFrame; nothing for an array, and where rows are but numbered from 0.

    Parameters
    ----------
    table : object
        DataFrame, array or nested sequence.
    """
    index = getattr(table, "index", None)
    labels = () if index is None or callable(index) else tuple(index)
    return () if labels == tuple(range(len(labels))) else labels


def aligned(**arguments: object) -> None:
    """Refuse arguments whose rows are paired by place while their labels say otherwise; all faults at once.

    Parameters
    ----------
    **arguments : object
        By name: Series and DataFrames with an index, whose rows belong together, beside arrays, numbers and None, which
        have none. Lengths are not compared.

    Raises
    ------
    ArgumentError
        If the index of an argument differs from that of the first that has one.
    """
    labelled = [(name, _index(value)) for name, value in arguments.items() if _index(value) is not None]
    faults = Faults()
    for name, index in labelled[1:]:
        first, other = labelled[0]
        if len(index) == len(other) and not index.equals(other):
            place = next((i for i, (a, b) in enumerate(zip(index, other, strict=True)) if a != b), 0)
            what = f"row {place} of {name} is {name_of(index[place])}, of {first} {name_of(other[place])}"
            mend = f"Rows are paired by place: align with {name}.reindex({first}.index), or pass {name}.to_numpy()."
            faults.add(name, what, mend)
    faults.raise_if_any(ArgumentError)


def in_order(name: str, labels: Iterable[Hashable], others: Iterable[Hashable], of: str) -> None:
    """Refuse an argument that bears the same labels as another in another order.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    labels : iterable
        Its labels; where it has none nothing is compared.
    others : iterable
        Labels in the order in which the values are going to be paired.
    of : str
        What bears these.

    Raises
    ------
    ArgumentError
        If only the order differs.
    """
    given, wanted = (tuple(map(name_of, names)) for names in (labels, others))
    if given != wanted and sorted(given) == sorted(wanted):
        mend = f"Values are paired by place: bring them into one order, or pass {name} without labels (.to_numpy())."
        what = f"{name} in the order {', '.join(given[:5])}, {of} {', '.join(wanted[:5])}"
        raise ArgumentError(Fault(name, what, mend))


def _index(value: Any) -> Any:
    """Return the index of a Series or DataFrame, or None; known by what it offers, without pandas."""
    index = getattr(value, "index", None)
    return index if hasattr(value, "iloc") and hasattr(index, "equals") else None
