# SPDX-License-Identifier: Apache-2.0
"""Names that a table of the user carries, so that results can be read by them. Reads any table, imports none."""

from __future__ import annotations

from collections.abc import Hashable

from greenrisk.actuarial.printing import name_of


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
