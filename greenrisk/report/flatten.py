# SPDX-License-Identifier: Apache-2.0
"""Turns the groups of a result tree into flat tables: one row a site, a year, a metric, ..."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

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
    """

    name: str
    frame: pd.DataFrame
    units: dict[str, str]
    keys: int


def flatten(tree: xr.DataTree) -> list[FlatTable]:
    """Return the tables of all groups in the order of the tree.

    Notes
    -----
    The variables of a group that share a dimension stand in one table; its rows are the dimensions common
    to all of them, and the labels of a further dimension become columns ``variable_label``. Where a further
    dimension has no text labels, or more than :data:`MOST_WIDENED`, the variable has a table of its own. A
    variable that is alone in its table has the labels of its last dimension as columns.
    """
    tables: list[FlatTable] = []
    for node in tree.subtree:
        dataset = node.to_dataset(inherit=False)
        if not dataset.data_vars:
            continue
        group = node.path.strip("/").replace("/", "_") or "root"
        families = _families(dataset)
        for names in families:
            name = group if len(families) == 1 else f"{group}_{names[0]}"
            tables.append(_table(name, dataset[names]))
    return tables


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
    common = set(dims[0]).intersection(*dims)
    further = {dim for each in dims for dim in each} - common
    single = all(len(set(each) - common) <= 1 for each in dims)
    return bool(common) and single and all(_labels_columns(dataset, dim) for dim in further)


def _table(name: str, dataset: xr.Dataset) -> FlatTable:
    all_dims = [variable.dims for variable in dataset.data_vars.values()]
    rows = [dim for dim in all_dims[0] if all(dim in dims for dims in all_dims)]
    alone = len(all_dims) == 1 and len(rows) > 1 and _labels_columns(dataset, rows[-1])
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
            put(str(dim), np.arange(1, dataset.sizes[dim] + 1), (dim,), {})
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
    return FlatTable(name, pd.DataFrame(columns), units, keys)


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
