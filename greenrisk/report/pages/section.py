# SPDX-License-Identifier: Apache-2.0
"""A section of a page made from a group of the result: a sentence, its tables, its notes. Which groups: elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from greenrisk.report.charts.plate import Chart
from greenrisk.report.table import Cell, Column, Table, count, figure, interval, share, table, words
from greenrisk.report.wording import (
    CHARGED_DIGITS,
    FOREST_TYPES,
    MISSING,
    as_printed,
    money_unit,
    named,
    significant,
    span,
    unit_words,
    whole,
)
from greenrisk.resource.vocabulary import PERIL_WORDS

WORDS = {
    "all": "All",
    "conifer": "Conifer",
    "broadleaf": "Broadleaf",
    "mixed": "Mixed",
    "bamboo": "Bamboo",
    "young": "Young",
    "middle": "Middle-aged",
    "old": "Old",
}
"""Words of a book as a reader meets them; any other is printed as it is."""


@dataclass(frozen=True)
class Part:
    """A table with its heading - a sentence - and what to know of it; or a figure."""

    heading: str
    table: Table | None = None
    note: str = ""
    chart: Chart | None = None


@dataclass(frozen=True)
class Section:
    """A section of the page."""

    anchor: str
    name: str
    sentence: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A column of a table.

    Parameters
    ----------
    name : str
        Variable or coordinate that it shows; the column is left out where the group has none.
    label : str
        Head.
    style : str
        ``words``, ``peril``, ``forest``, ``money``, ``charged`` (money or rate that is charged), ``number``, ``count``,
        ``share``, ``years``, ``degree`` or ``status``.
    error : str
        Variable of the standard error, printed beside.
    high : str
        Variable of the upper end where ``name`` is the lower end of an interval.
    unit : str
        Unit under the head; empty: that of the variable, money by its size.
    """

    name: str
    label: str
    style: str = "number"
    error: str = ""
    high: str = ""
    unit: str = ""


def dataset_table(
    data: xr.Dataset,
    dim: str,
    columns: Sequence[Shown],
    caption: str,
    totals: int = 0,
    most: int | None = None,
) -> Table:
    """Return variables of a group as a table.

    Parameters
    ----------
    data : xarray.Dataset
        Its variables named by ``columns`` have ``dim`` alone.
    dim : str
        One row for each of its steps.
    columns : sequence of Shown
        From left to right.
    caption : str
        What the table shows.
    totals : int
        How many rows at the end are sums.
    most : int, optional
        How many rows are printed.
    """
    found = [c for c in columns if c.name in data.variables and data[c.name].dims == (dim,)]
    rows = data.sizes[dim] if most is None else min(most, data.sizes[dim])
    made = [_column(data, shown, rows, rows - totals) for shown in found]
    body = [[cells[i] for _, cells in made] for i in range(rows)]
    return table(caption, [head for head, _ in made], body, totals, heard=True)


def _column(data: xr.Dataset, shown: Shown, rows: int, parts: int) -> tuple[Column, list[Cell]]:
    values = data[shown.name].values
    if shown.style in ("words", "peril", "forest", "status"):
        return Column(shown.label, shown.unit, number=False), [_word(shown.style, v) for v in values[:rows]]
    numbers = values.astype(float)
    unit = shown.unit or _plain(str(data[shown.name].attrs.get("units", "")))
    scale = 1.0
    if not shown.unit and unit.startswith("CNY") and "mu" not in unit:
        per_year = unit.endswith("a year")
        # by the parts: a sum in millions would leave its parts with nothing but zeros
        scale, unit = money_unit([*numbers[:parts], *_other(data, shown.high)[:parts]])
        unit += " a year" if per_year else ""
    errors = _other(data, shown.error)
    highs = _other(data, shown.high)
    cells = []
    for i in range(rows):
        value = float(numbers[i])
        if shown.high:
            cells.append(_between(value, float(highs[i]), shown.style, scale))
        elif shown.style == "share":
            cells.append(share(value))
        elif shown.style == "count":
            cells.append(count(value))
        elif shown.style == "degree":
            cells.append(Cell(f"{value:.3f}", value))
        elif shown.style == "years":
            cells.append(Cell(_years(value), value if value == value else None))
        else:
            digits = CHARGED_DIGITS if shown.style == "charged" else 3
            error = float(errors[i]) if shown.error and shown.error in data else None
            cells.append(figure(value, digits, error=error, scale=scale))
    return Column(shown.label, "" if shown.style in ("share", "count") and not shown.unit else unit), cells


def _plain(unit: str) -> str:
    return "" if unit.startswith("see ") else unit_words(unit)


def _other(data: xr.Dataset, name: str) -> np.ndarray:
    return data[name].values.astype(float) if name and name in data else np.array([])


def _between(low: float, high: float, style: str, scale: float) -> Cell:
    if style == "share":
        return Cell(span(100 * low, 100 * high) + ("\u00a0%" if np.isfinite([low, high]).all() else ""), high)
    if style == "years" and np.isfinite(low) and not np.isfinite(high):
        return Cell(f"above {_years(low)}", low)
    if style == "years":
        return Cell(f"{_years(low)} to {_years(high)}" if np.isfinite(low) else MISSING, high)
    return interval(low, high, scale)


def _years(value: float) -> str:
    """Return a return period: whole years, or two digits where they are few."""
    return whole(value) if not value < 10 else significant(value, 2)


def _word(style: str, value: object) -> Cell:
    text = (
        str(int(value))
        if isinstance(value, (float, np.floating)) and float(value).is_integer()
        else str(value)
    )
    if style == "peril":
        name = PERIL_WORDS.get(text, text.replace("_", " "))
        return words(name[:1].upper() + name[1:])
    if style == "forest":
        return words(named(FOREST_TYPES, text).removesuffix(" forest"))
    if style == "status":
        return Cell("", status=text) if text else words(MISSING)
    for key, name in FOREST_TYPES.items():
        text = text.replace(key, name.lower()) if "_" in key else text
    return words(WORDS.get(text, as_printed(text)) or MISSING)


def spread(data: xr.Dataset, name: str, dim: str, label: Callable[[object], str]) -> xr.Dataset:
    """Split a variable along a dimension into variables of their own, ``name_label``."""
    if name not in data or dim not in data[name].dims:
        return data
    parts = {
        f"{name}_{label(step)}": data[name].isel({dim: i}, drop=True)
        for i, step in enumerate(data[dim].values)
    }
    return data.assign({key: part.assign_attrs(data[name].attrs) for key, part in parts.items()})


def last_first(data: xr.Dataset, dim: str) -> xr.Dataset:
    """Move the first step of a dimension, the sum of the others, to its end."""
    return data.isel({dim: [*range(1, data.sizes[dim]), 0]})


def times_words(value: float) -> str:
    """Return a level as a factor, e.g. ``1.2 times``."""
    return f"{significant(value, 2)}\u00a0times"
