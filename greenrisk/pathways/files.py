# SPDX-License-Identifier: Apache-2.0
"""Files of pathways: CSV or XLSX, in the IAMC layout or in that of the transition-risk tables of trisk.model.

What lives here: from a file to a :class:`~greenrisk.pathways.iamc.PathwayTable`. What does not: the IAMC layout itself
(:mod:`greenrisk.pathways.iamc`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from greenrisk.core.cells import PLAIN, Cells, read_cells
from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find, library_root, names
from greenrisk.core.marked_yaml import KeyPath, did_you_mean, key_text
from greenrisk.core.sources import Sources
from greenrisk.core.tables import MOST_FAULTS
from greenrisk.pathways.iamc import KEY, Origin, PathwayTable, read_iamc

TECHNOLOGY_COLUMNS: Final = (
    "scenario",
    "scenario_geography",
    "sector",
    "technology",
    "scenario_year",
    "scenario_price",
    "price_unit",
    "scenario_pathway",
    "pathway_unit",
    "scenario_capacity_factor",
    "scenario_provider",
)
"""Columns by which a technology table is known and of which it needs every one."""

_NOT_STATED: Final = ("", "na", "nan", "none", "dummy")
_MEASURES: Final = (
    ("Pathway", "scenario_pathway", "pathway_unit"),
    ("Technology Price", "scenario_price", "price_unit"),
    ("Capacity Factor", "scenario_capacity_factor", ""),
)


def read_pathway_file(path: str | Path, ledger: Ledger | None = None) -> PathwayTable:
    """Read a file of pathways.

    Parameters
    ----------
    path : str or Path
        CSV (UTF-8 or GB18030) or XLSX (first sheet), IAMC wide or long, or a technology table with the columns of
        :data:`TECHNOLOGY_COLUMNS`.
    ledger : Ledger, optional
        Told the encoding and what of the table is not used.

    Raises
    ------
    TableError
        With every fault: file and row, value, mend.
    """
    ledger = Ledger() if ledger is None else ledger
    cells = read_cells(Path(path))
    if cells.how != PLAIN:
        ledger.add("read", Path(cells.name).name, f"Read as {cells.how}.", len(cells.rows))
    if cells.blank:
        ledger.add("dropped", Path(cells.name).name, "Blank rows were skipped.", cells.blank)
    frame = pd.DataFrame([row for _, row in cells.rows], columns=pd.Index(cells.header), dtype=object)
    rows = [row for row, _ in cells.rows]
    if set(TECHNOLOGY_COLUMNS) <= {head.lower() for head in cells.header}:
        return _technologies(frame, cells, rows, ledger)
    return read_iamc(frame, cells.name, ledger, rows)


def read_named(name: str, key_path: KeyPath, sources: Sources) -> PathwayTable | None:
    """Read the pathway file that a scenario names; faults and hash go to the sources.

    Parameters
    ----------
    name : str
        Path relative to the scenario or to the data folder, or name of a table of the data package.
    key_path : tuple
        Where the scenario names it.
    sources : Sources
        Knows the folders; takes the faults and the sha256.

    Returns
    -------
    PathwayTable or None
        None where faults were recorded.
    """
    path = _found(name, sources)
    if path is None:
        folders = [folder for folder in (sources.base, sources.data_dir, library_root() / "data") if folder]
        files = [file.name for folder in folders if folder.is_dir() for file in folder.iterdir()]
        near = did_you_mean(
            name, [*(file for file in files if file.endswith((".csv", ".xlsx"))), *names("data")]
        )
        mend = f"No such table, neither beside the scenario nor in the data package or the data folder.{near}"
        sources.fault(key_path, f"{key_text(key_path)} = {name}", mend)
        return None
    try:
        table = read_pathway_file(path, sources.ledger)
    except TableError as error:
        sources.faults.extend(error.faults)
        return None
    sources.inputs[f"table {name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return table


def merged(tables: Sequence[PathwayTable]) -> PathwayTable:
    """Return several tables as one.

    Parameters
    ----------
    tables : sequence of PathwayTable
        At least one.

    Raises
    ------
    TableError
        Where two files hold the same series.
    """
    if len(tables) == 1:
        return tables[0]
    data = pd.concat([table.data for table in tables], ignore_index=True)
    series = data.drop_duplicates([*KEY, "file"])
    twice = series[series.duplicated(list(KEY), keep=False)]
    faults = Faults()
    for key, group in twice.groupby(list(KEY), sort=False):
        places = [f"{file}:{row}" for file, row in zip(group["file"], group["row"], strict=True)]
        what = ", ".join(map(str, key))
        faults.add(places[-1], what, f"This series stands also in {places[0]}. Keep one of them.")
    faults.shortened(MOST_FAULTS).raise_if_any(TableError)
    return PathwayTable(data, tuple(origin for table in tables for origin in table.origin))


def _found(name: str, sources: Sources) -> Path | None:
    for folder in (sources.base, sources.data_dir):
        if folder is not None and Path(name).suffix and (folder / name).is_file():
            return folder / name
    return find("data", name)


def _technologies(frame: pd.DataFrame, cells: Cells, rows: list[int], ledger: Ledger) -> PathwayTable:
    """Return a technology table as three IAMC variables; a row without a unit has no value that can be used."""
    frame = frame.set_axis([head.lower() for head in cells.header], axis=1)
    name = Path(cells.name).name
    parts = []
    numbers = pd.Series(rows, index=frame.index)
    for label, value, unit in _MEASURES:
        units = frame[unit] if unit else pd.Series("1", index=frame.index)
        stated = units.map(lambda cell: str(cell).strip().lower() not in _NOT_STATED)
        if not stated.all():
            without = frame.loc[~stated, "scenario"].nunique()
            detail = (
                f"{value}: rows of {without} scenarios state no unit; they are not used. Fill in `{unit}`."
            )
            ledger.add("dropped", name, detail, int((~stated).sum()))
        if not stated.any():
            continue
        kept = frame[stated]
        part = pd.DataFrame(
            {
                "model": kept["scenario_provider"],
                "scenario": kept["scenario"],
                "region": kept["scenario_geography"],
                "variable": label + "|" + kept["sector"].astype(str) + "|" + kept["technology"].astype(str),
                "unit": units[stated],
                "year": kept["scenario_year"],
                "value": kept[value],
            }
        )
        parts.append(read_iamc(part, cells.name, None, list(numbers[stated])))
    data = pd.concat([part.data for part in parts], ignore_index=True)
    empty = sum(part.origin[0].empty_values for part in parts)
    if empty:
        ledger.add("read", name, "Empty cells: no value of that year.", empty)
    return PathwayTable(data, (Origin(cells.name, "technology", len(frame), (), empty),))
