# SPDX-License-Identifier: Apache-2.0
"""Paths of the scenarios by technology: activity, price and capacity factor on the years of the study.

A table becomes arrays once (:func:`technology_paths_from`); which scenarios make a pair, and whether they may, is
checked in :mod:`greenrisk.issuer.production.pair_checks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import Fault, Faults, TableError
from greenrisk.core.tables import file_rows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

Key = tuple[str, str, str]
"""Region, sector, technology."""

_VALUES: Final = ("activity", "price", "capacity_factor")
_MOST: Final = 10


@dataclass(frozen=True)
class TechnologyPaths:
    """Paths of all scenarios of a table.

    Parameters
    ----------
    scenarios, families, roles : tuple of str
        Name, model family and role (baseline, target) of each scenario.
    keys : tuple of (region, sector, technology)
        What the paths are of.
    green : ndarray of bool, (key,)
        Whether it is a green technology.
    price_unit : tuple of str
        Unit of the price of each key; empty where not told.
    years : ndarray of int, (year,)
        Every year from the first to the last of the table.
    activity, price, capacity_factor : ndarray, (scenario, key, year)
        NaN outside the years that a path tells; linear between them. Nothing is extrapolated.
    interpolated : int
        Years of paths that were between two told ones.
    """

    scenarios: tuple[str, ...]
    families: tuple[str, ...]
    roles: tuple[str, ...]
    keys: tuple[Key, ...]
    green: Flags
    price_unit: tuple[str, ...]
    years: Integers
    activity: Floats
    price: Floats
    capacity_factor: Floats
    interpolated: int

    def span(self, scenario: int) -> tuple[int, int]:
        """Return the first and the last year that a scenario tells anything of."""
        told = self.years[~np.isnan(self.activity[scenario]).all(axis=0)]
        return int(told[0]), int(told[-1])


def technology_paths_from(frame: pd.DataFrame, name: str = "technology_paths") -> TechnologyPaths:
    """Return a table of paths as arrays.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`greenrisk.issuer.production.tables.TECHNOLOGY_PATHS`.
    name : str
        What the table is called in messages.

    Raises
    ------
    TableError
        With the row of every number that is none, of each year told twice, of a scenario with two families or roles,
        of a technology with two kinds or price units, and of prices in more than one currency.
    """
    rows = file_rows(frame)
    if not len(frame):
        raise TableError(Fault(name, "no rows", "The table needs at least one path."))
    frame = frame.assign(
        **({} if "capacity_factor" in frame.columns else {"capacity_factor": 1.0}),
        **({} if "price_unit" in frame.columns else {"price_unit": ""}),
    )
    faults = Faults()
    frame["price_unit"] = frame["price_unit"].fillna("")
    numbers = {c: frame[c].to_numpy(dtype=np.float64) for c in _VALUES}
    numbers["capacity_factor"] = np.where(
        np.isnan(numbers["capacity_factor"]), 1.0, numbers["capacity_factor"]
    )
    for column, values in numbers.items():
        for at in np.flatnonzero(~(values >= 0) | np.isinf(values))[:_MOST]:
            faults.add(f"{name}:{rows[at]}", f"{column} = {values[at]:g}", "Give a number >= 0.")
    scenario, scenarios = pd.factorize(frame["scenario"])
    keys, codes = _keys(frame)
    for column, by, group in (
        ("family", scenario, "scenario"),
        ("role", scenario, "scenario"),
        ("kind", codes, "technology"),
        ("price_unit", codes, "technology"),
    ):
        _one_each(frame, column, by, group, name, faults)
    currencies = sorted({unit.split("/")[0].strip() for unit in frame["price_unit"].unique() if unit})
    if len(currencies) > 1:
        mend = "Profits of one company would be added in several currencies. Convert the prices to one."
        faults.add(f"{name}:1", f"price_unit in {', '.join(currencies)}", mend)
    year = frame["year"].to_numpy(dtype=np.int64)
    cell = np.stack([scenario, codes, year])
    seen = np.unique(cell, axis=1, return_index=True)[1]
    twice = np.setdiff1d(np.arange(year.size), seen)
    for at in twice[:_MOST]:
        what = f"{scenarios[scenario[at]]}, {', '.join(keys[codes[at]])}, {year[at]}"
        faults.add(f"{name}:{rows[at]}", what, "This year is told twice. Leave one row out.", "year")
    faults.raise_if_any(TableError, "`greenrisk show table technology_paths` lists its columns.")
    years = np.arange(year.min(), year.max() + 1)
    grids, gaps = {}, 0
    for column, values in numbers.items():
        grid = np.full((len(scenarios), len(keys), years.size), np.nan)
        grid[scenario, codes, year - years[0]] = values
        gaps = _interpolate(grid.reshape(-1, years.size))
        grids[column] = grid
    first = np.unique(codes, return_index=True)[1]
    led = np.unique(scenario, return_index=True)[1]
    return TechnologyPaths(
        scenarios=tuple(map(str, scenarios)),
        families=tuple(frame["family"].iloc[led].astype(str)),
        roles=tuple(frame["role"].iloc[led].astype(str)),
        keys=keys,
        green=(frame["kind"].to_numpy(dtype=object)[first] == "green"),
        price_unit=tuple(frame["price_unit"].iloc[first].astype(str)),
        years=years,
        **grids,
        interpolated=gaps,
    )


def _keys(frame: pd.DataFrame) -> tuple[tuple[Key, ...], Integers]:
    """Number the keys in order of appearance."""
    code = np.zeros(len(frame), dtype=np.int64)
    for column in ("region", "sector", "technology"):
        part, names = pd.factorize(frame[column])
        code = pd.factorize(code * max(1, len(names)) + part)[0].astype(np.int64)
    first = np.unique(code, return_index=True)[1]
    labels = frame[["region", "sector", "technology"]].iloc[first]
    return tuple((str(a), str(b), str(c)) for a, b, c in labels.itertuples(index=False, name=None)), code


def _one_each(
    frame: pd.DataFrame, column: str, by: NDArray[np.intp] | Integers, group: str, name: str, faults: Faults
) -> None:
    """Tell the rows whose ``column`` differs from the first row of their group."""
    values = frame[column].to_numpy(dtype=object)
    first = np.unique(by, return_index=True)[1]
    rows = file_rows(frame)
    for at in np.flatnonzero(values != values[first][by])[:_MOST]:
        before = values[first][by[at]]
        mend = f"The same {group} has {column} {before!r} in row {rows[first[by[at]]]}. Give one."
        faults.add(f"{name}:{rows[at]}", f"{column} = {values[at]}", mend)


def _interpolate(grid: Floats) -> int:
    """Fill silent years between told ones of each row in place; return how many."""
    count = 0
    place = np.arange(grid.shape[1])
    for row in grid:
        told = np.flatnonzero(~np.isnan(row))
        if told.size:
            inside = (place >= told[0]) & (place <= told[-1]) & np.isnan(row)
            row[inside] = np.interp(place[inside], told, row[told])
            count += int(inside.sum())
    return count
