# SPDX-License-Identifier: Apache-2.0
"""Production plans as arrays: one row an issuer's technology (or asset), one column a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.tables import file_rows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

BLOCK = 1000
"""Issuers of a block."""
_MOST = 10
_KEYS = ("issuer", "asset", "region", "sector", "technology")


@dataclass(frozen=True)
class Plans:
    """Production plans of issuers.

    Parameters
    ----------
    issuers : tuple of str
        Names, in the order of the table.
    issuer : ndarray of int, (row,)
        Which of them owns the row; ascending.
    asset, region, sector, technology, unit : ndarray of str, (row,)
        Labels; an empty text where the table gives none.
    years : ndarray of int, (year,)
        All years from the first to the last of any plan.
    production : ndarray, (row, year)
        Capacity times capacity factor [unit]; NaN where the plan is silent.
    emission_factor : ndarray, (row, year)
        Emissions for each unit of output [t CO2/unit]; NaN where the plan is silent.
    """

    issuers: tuple[str, ...]
    issuer: Integers
    asset: NDArray[np.object_]
    region: NDArray[np.object_]
    sector: NDArray[np.object_]
    technology: NDArray[np.object_]
    unit: NDArray[np.object_]
    years: Integers
    production: Floats
    emission_factor: Floats

    def __len__(self) -> int:
        """How many rows."""
        return self.issuer.size

    def begins(self) -> Integers:
        """Return the first year that each row tells [year]."""
        out: Integers = self.years[np.argmax(~np.isnan(self.production), axis=1)]
        return out

    def of_rows(self, rows: Flags | Integers) -> Plans:
        """Return the plans of some rows; the issuers stay all."""
        parts = {name: getattr(self, name)[rows] for name in _ROW_FIELDS}
        return replace(self, **parts)

    def blocks(self, length: int = BLOCK) -> Iterator[tuple[slice, slice, Plans]]:
        """Yield the issuers in blocks: which issuers and rows, and their plans, issuers counted from the block's first.

        All blocks keep the years of the whole table, so that no answer depends on how the table was cut.
        """
        for start in range(0, len(self.issuers), length):
            part = slice(start, min(start + length, len(self.issuers)))
            rows = slice(*np.searchsorted(self.issuer, (part.start, part.stop)))
            pieces = {name: getattr(self, name)[rows] for name in _ROW_FIELDS}
            pieces["issuer"] = pieces["issuer"] - start
            yield part, rows, replace(self, issuers=self.issuers[part], **pieces)


_ROW_FIELDS = (
    "issuer",
    "asset",
    "region",
    "sector",
    "technology",
    "unit",
    "production",
    "emission_factor",
)


def plans_from(frame: pd.DataFrame, name: str = "production_plans") -> Plans:
    """Return a table of production plans as arrays.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`greenrisk.issuer.production.tables.PRODUCTION_PLANS`.
    name : str
        What the table is called in messages.

    Raises
    ------
    TableError
        With the row of every empty, negative or endless number, of each year told twice, of an issuer's technology in
        two units.
    """
    rows = file_rows(frame)
    faults = Faults()
    if not len(frame):
        faults.add(name, "no rows", "The table needs at least one plan.")
        faults.raise_if_any(TableError)
    frame = frame.assign(
        **{label: "" for label in ("asset", "region", "unit") if label not in frame.columns},
        **({} if "emission_factor" in frame.columns else {"emission_factor": np.nan}),
    )
    for column in ("capacity", "capacity_factor", "emission_factor"):
        values = frame[column].to_numpy(dtype=np.float64)
        wrong = np.isinf(values) | (values < 0)
        if column != "emission_factor":
            wrong |= np.isnan(values)
        for at in np.flatnonzero(wrong)[:_MOST]:
            faults.add(f"{name}:{rows[at]}", f"{column} = {values[at]:g}", "Give a number >= 0.")
    codes, first = _row_codes(frame)
    year = frame["year"].to_numpy(dtype=np.int64)
    span = int(year.max() - year.min()) + 1
    cell = codes * span + year - year.min()
    seen = np.unique(cell, return_index=True)[1]
    twice = np.ones(cell.size, dtype=bool)
    twice[seen] = False
    for at in np.flatnonzero(twice)[:_MOST]:
        what = ", ".join(str(frame[key].iat[at]) for key in _KEYS if frame[key].iat[at] != "")
        mend = "This year is told twice. Name the plants in `asset`, or leave one row out."
        faults.add(f"{name}:{rows[at]}", f"{what}, {year[at]}", mend, "year")
    unit = frame["unit"].fillna("").to_numpy(dtype=object)
    mixed = unit != unit[first][codes]
    for at in np.flatnonzero(mixed)[:_MOST]:
        mend = f"The same plan is told in {unit[first][codes[at]]!r} before. Convert it to one unit."
        faults.add(f"{name}:{rows[at]}", f"unit = {unit[at]}", mend)
    faults.raise_if_any(TableError, "`greenrisk show table production_plans` lists its columns.")
    grids = []
    made = frame["capacity"].to_numpy(dtype=np.float64) * frame["capacity_factor"].to_numpy(dtype=np.float64)
    for values in (made, frame["emission_factor"].to_numpy(dtype=np.float64)):
        grid = np.full((first.size, span), np.nan)
        grid[codes, year - year.min()] = values
        grids.append(grid)
    labels = {key: frame[key].fillna("").to_numpy(dtype=object)[first] for key in _KEYS}
    owners, issuers = pd.factorize(labels["issuer"])
    order = np.argsort(owners, kind="stable")
    return Plans(
        issuers=tuple(map(str, issuers)),
        issuer=owners[order].astype(np.int64),
        **{key: labels[key][order] for key in _KEYS[1:]},
        unit=unit[first][order],
        years=np.arange(year.min(), year.max() + 1),
        production=grids[0][order],
        emission_factor=grids[1][order],
    )


def _row_codes(frame: pd.DataFrame) -> tuple[Integers, Integers]:
    """Number the plans in order of their first row: the number of each row, and the first row of each number."""
    code = np.zeros(len(frame), dtype=np.int64)
    for key in _KEYS:
        part, names = pd.factorize(frame[key].fillna(""))
        code = pd.factorize(code * max(1, len(names)) + part)[0].astype(np.int64)
    first = np.unique(code, return_index=True)[1]
    return code, first


@dataclass(frozen=True)
class AlignedPlans:
    """Plans on the years of the study: silent years filled, each filling counted.

    Parameters
    ----------
    plan : ndarray, (row, year)
        Production [unit]; after the last year of the plan its last value.
    emission_factor : ndarray, (row, year)
        Likewise [t CO2/unit]; NaN where the plan never tells one.
    last : ndarray of int, (row,)
        Index of the last year that the plan tells, in the years of the study; 0 for one that ended before.
    late : ndarray of bool, (row,)
        Plans that begin after the first year of the study; their first value stands before it.
    over : ndarray of bool, (row,)
        Plans that ended before the first year of the study.
    gaps : int
        Years inside plans that were silent and interpolated.
    unused : int
        Cells of plans outside the years of the study.
    """

    plan: Floats
    emission_factor: Floats
    last: Integers
    late: Flags
    over: Flags
    gaps: int
    unused: int


def align(plans: Plans, first_year: int, last_year: int) -> AlignedPlans:
    """Return the plans on all years from the first to the last of the study.

    Notes
    -----
    Silent years between two told ones are interpolated linearly, those after the last keep it, those before the first
    keep the first (such plans are ``late``: the caller refuses or keeps them).
    """
    years = np.arange(first_year, last_year + 1)
    told = ~np.isnan(plans.production)
    ends = plans.years[told.shape[1] - 1 - np.argmax(told[:, ::-1], axis=1)]
    plan, gaps = _filled(plans.production, plans.years, years)
    factor, _ = _filled(plans.emission_factor, plans.years, years)
    outside = (plans.years < first_year) | (plans.years > last_year)
    return AlignedPlans(
        plan=plan,
        emission_factor=factor,
        last=np.clip(ends - first_year, 0, years.size - 1),
        late=plans.begins() > first_year,
        over=ends < first_year,
        gaps=gaps,
        unused=int(told[:, outside].sum()),
    )


def _filled(values: Floats, years: Integers, wanted: Integers) -> tuple[Floats, int]:
    """Fill silent years of each row and put the rows on the wanted years; also the number of inner gaps."""
    told = ~np.isnan(values)
    place = np.arange(years.size)
    before = np.maximum.accumulate(np.where(told, place, -1), axis=1)
    after = np.minimum.accumulate(np.where(told, place, years.size)[:, ::-1], axis=1)[:, ::-1]
    inner = ~told & (before >= 0) & (after < years.size)
    left = np.where(before >= 0, before, np.minimum(after, years.size - 1))
    filled = np.take_along_axis(values, left, axis=1)
    if inner.any():
        row, column = np.nonzero(inner)
        a, b = before[row, column], after[row, column]
        low, high = values[row, a], values[row, b]
        filled[row, column] = low + (high - low) * (column - a) / (b - a)
    at = np.clip(wanted - years[0], 0, years.size - 1)
    return filled[:, at], int(inner.sum())
