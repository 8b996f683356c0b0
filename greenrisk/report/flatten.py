# SPDX-License-Identifier: Apache-2.0
"""Turns the groups of a result tree into flat tables: one row a site, a year, a metric, ..."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

PIECE = 2_000
"""Longest piece of a table, in steps of its first dimension."""

MOST_WIDENED = 64
"""Longest dimension whose labels - always text - may become columns."""


@dataclass(frozen=True)
class FlatTable:
    """One table of the run folder.

    Parameters
    ----------
    name : str
        File and sheet name.
    frame : pandas.DataFrame
        Plain columns, no index.
    units : dict
        Unit of each column; empty for text.
    keys : int
        How many columns at the left name the row.
    start : int
        Row of the whole table with which this piece of it begins; 0 for a table in one piece.
    cells : int
        Cells of the whole table; 0 where it is not known.
    """

    name: str
    frame: pd.DataFrame
    units: dict[str, str]
    keys: int
    start: int = 0
    cells: int = 0


def flatten(tree: xr.DataTree, most_rows: int = PIECE) -> Iterator[FlatTable]:
    """Give the tables of all groups in the order of the tree, long ones in pieces.

    Parameters
    ----------
    tree : DataTree
        The result.
    most_rows : int
        Longest piece, in steps of a table's first dimension: the table of simulated years is never held a
        second time.

    Notes
    -----
    The variables of a group that share a dimension stand in one table; its rows are the dimensions common
    to all of them, and the labels of a further dimension become columns ``variable_label``. Where a further
    dimension has no text labels, or more than :data:`MOST_WIDENED`, the variable has a table of its own. A
    variable that is alone in its table has the labels of its last dimension as columns. Variables without a
    dimension stand together in a table of one row. A group's tables are named after it, or after its attribute
    ``csv_name`` where it has one.
    """
    for node in tree.subtree:
        dataset = node.to_dataset(inherit=False)
        if not dataset.data_vars:
            continue
        group = str(dataset.attrs.get("csv_name", node.path.strip("/").replace("/", "_") or "root"))
        families = _families(dataset)
        for names in families:
            name = group if len(families) == 1 else f"{group}_{names[0]}"
            family = dataset[names] if _rows(dataset[names]) else dataset[names].expand_dims("row")
            first = _rows(family)[0]
            steps = max(family.sizes[first], 1)
            for start in range(0, steps, most_rows):
                piece = _table(name, family.isel({first: slice(start, start + most_rows)}), start)
                yield replace(piece, cells=piece.frame.size * steps // min(most_rows, steps - start))


def _rows(dataset: xr.Dataset) -> list[Hashable]:
    """Return the dimensions that the rows of a table stand for: those common to all its variables."""
    all_dims = [variable.dims for variable in dataset.data_vars.values()]
    return [dim for dim in all_dims[0] if all(dim in dims for dims in all_dims)]


def _families(dataset: xr.Dataset) -> list[list[str]]:
    """Split the variables of a group into those that share rows."""
    families: list[list[str]] = []
    for name in map(str, dataset.data_vars):
        for family in families:
            if _shares_rows(dataset, [*family, name]):
                family.append(name)
                break
        else:
            families.append([name])
    return families


def _shares_rows(dataset: xr.Dataset, names: list[str]) -> bool:
    dims = [dataset[name].dims for name in names]
    if not any(dims):
        return True
    common = set(dims[0]).intersection(*dims)
    further = {dim for each in dims for dim in each} - common
    single = all(len(set(each) - common) <= 1 for each in dims)
    return bool(common) and single and all(_labels_columns(dataset, dim) for dim in further)


def _table(name: str, dataset: xr.Dataset, start: int) -> FlatTable:
    rows = _rows(dataset)
    alone = len(dataset.data_vars) == 1 and len(rows) > 1 and _labels_columns(dataset, rows[-1])
    if alone:
        rows.pop()
    sizes = [dataset.sizes[dim] for dim in rows]
    columns: dict[str, NDArray[Any]] = {}
    units: dict[str, str] = {}

    def put(column: str, values: NDArray[Any], dims: tuple[Hashable, ...], attrs: Mapping[Any, Any]) -> None:
        column = column if column not in columns else f"{column}_value"
        order = [dims.index(dim) for dim in rows if dim in dims]
        shape = [dataset.sizes[dim] if dim in dims else 1 for dim in rows]
        spread = np.broadcast_to(values.transpose(order).reshape(shape), sizes).reshape(-1)
        columns[column] = spread
        unit = str(attrs.get("units", ""))
        # "see unit": the rows have different units, and a column of the table names them.
        units[column] = "" if spread.dtype.kind not in "iufb" or unit.startswith("see ") else unit

    named = any(array.dtype.kind in "OUT" and set(array.dims) <= set(rows) for array in dataset.values())
    for dim in rows:
        if dim in dataset.coords:
            put(str(dim), np.asarray(dataset[dim].values), (dim,), dataset[dim].attrs)
        elif not named:
            begin = 1 + (start if dim == rows[0] else 0)
            put(str(dim), np.arange(begin, begin + dataset.sizes[dim]), (dim,), {})
    for coordinate, array in dataset.coords.items():
        if coordinate not in rows and array.dims and set(array.dims) <= set(rows):
            put(str(coordinate), np.asarray(array.values), array.dims, array.attrs)
    keys = len(columns)
    for variable, array in dataset.data_vars.items():
        values = np.asarray(array.values)
        further = [dim for dim in array.dims if dim not in rows]
        if not further:
            put(str(variable), values, array.dims, array.attrs)
            continue
        axis = array.dims.index(further[0])
        dims = tuple(dim for dim in array.dims if dim != further[0])
        labels = dataset[further[0]].values
        for index, label in enumerate(labels):
            column = re.sub(r"\W+", "_", str(label) if alone else f"{variable}_{label}").strip("_")
            put(column, values.take(index, axis), dims, array.attrs)
    return FlatTable(name, pd.DataFrame(columns), units, keys, start)


def _labels_columns(dataset: xr.Dataset, dim: Hashable) -> bool:
    text = dim in dataset.coords and dataset[dim].dtype.kind in "OUT"
    return text and dataset.sizes[dim] <= MOST_WIDENED


def header(column: str, unit: str) -> str:
    """Return the heading of a column in a file: its name and, where it has one, its unit in words.

    Examples
    --------
    >>> header("pure_premium", "CNY/year")
    'pure_premium_cny_per_year'
    >>> header("share", "1")
    'share'
    >>> header("premium_per_mu", "CNY/mu")
    'premium_per_mu_cny'
    """
    if unit in {"", "1", "unitless"}:
        return column
    words = re.sub(r"\W+", "_", unit.replace("1/", "per ").replace("/", " per ")).strip("_").lower()
    above, per, below = words.partition("_per_")
    if column == words or column.endswith(f"_{words}"):
        return column
    return f"{column}_{above}" if per and column.endswith(f"_per_{below}") else f"{column}_{words}"
