# SPDX-License-Identifier: Apache-2.0
"""From the tables of an inventory to its grades: what the zone study and ``greenrisk grade`` share."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import ValidationError

from greenrisk.core.errors import ArgumentError, Faults, GreenRiskError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import KeyPath, did_you_mean, key_text
from greenrisk.core.sources import Sources
from greenrisk.core.tables import TableSpec
from greenrisk.pollution.grading.inventory_grade import InventoryGrade, grade_inventory
from greenrisk.pollution.grading.rule_reading import read_rules
from greenrisk.pollution.grading.rule_tables import RULE_TABLES
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.inventory_checks import inventory_faults, plausible_bounds
from greenrisk.pollution.substance_files import SUBSTANCE_TABLES
from greenrisk.pollution.substances import Substances, read_substances
from greenrisk.pollution.tables import ZONE_TABLES
from greenrisk.pollution.zone import GradingSpec, InventorySpec

SUFFIXES = (".csv", ".xlsx")
"""Files that a folder of an inventory may hold."""

OTHER_SUFFIXES = (*SUFFIXES, ".xls", ".xlsm", ".ods", ".tsv", ".txt")
"""Files that may be meant for a table."""


class Graded(NamedTuple):
    """An inventory and its grades.

    Parameters
    ----------
    grade : InventoryGrade
        All that is known about the grades.
    substances : Substances
        The table of substances and its rules.
    bounds : mapping of str to float
        Bounds of what is plausible.
    """

    grade: InventoryGrade
    substances: Substances
    bounds: Mapping[str, float]


def read_graded(
    inventory: InventorySpec,
    grading: GradingSpec,
    year: int | None,
    sources: Sources,
    *,
    named: Mapping[KeyPath, str] | None = None,
    year_is: str = "the year before `underwriting_year`",
    latest: int | None = None,
) -> Graded | None:
    """Read, check and grade an inventory.

    Parameters
    ----------
    inventory : InventorySpec
        Its tables.
    grading : GradingSpec
        How the standard is read.
    year : int or None
        Last year that the history may hold; None: its own last year [year].
    sources : Sources
        Reads the tables and takes the faults.
    named : mapping of key path to str, optional
        Plants that the scenario names elsewhere: those that the table of plants does not have are faults.
    year_is : str
        What ``year`` is, for messages: which key or option sets it.
    latest : int, optional
        Where no year is given, the last one that the history may hold [year].

    Returns
    -------
    Graded or None
        None where faults were recorded.
    """
    frames, every = _tables(inventory, grading, sources)
    rules, substances, bounds = _rules(grading, frames, sources)
    if rules is None or substances is None:
        return None
    history = frames.get("zone-history")
    if year is None and latest is not None and history is not None and history["year"].max() > latest:
        year = latest
    unread = set(inventory.tables()) - set(frames) - set(every)
    _plants_named(named or {}, frames, every, sources)
    faults, entries = inventory_faults(
        frames,
        inventory.tables(),
        substances,
        bounds,
        allow_unknown=inventory.allow_unknown_substances,
        year=year,
        processes=[str(word) for word in rules.process_words],
        every=every,
        unread=unread,
        year_is=year_is,
    )
    sources.faults.extend(faults)
    sources.ledger.take(entries)
    if faults or unread or every:
        return None
    try:
        found = grade_inventory(
            inventory_of(frames),
            substances,
            rules,
            cut=grading.m_cut,
            part=grading.unknown_part,
            boundary=grading.boundary,
            year=year,
        )
    except GreenRiskError as error:
        for fault in error.faults:
            sources.fault(("inventory",), f"{fault.where}: {fault.what}", fault.expected, fault.unit)
        return None
    return Graded(found, substances, bounds)


def read_folder(
    folder: Path,
    grading: GradingSpec,
    *,
    allow_unknown: bool,
    ledger: Ledger,
    year: int | None = None,
    this_year: int | None = None,
) -> Graded:
    """Read and grade the inventory of a folder: ``plants.csv``, ``substances.xlsx`` and so on.

    Parameters
    ----------
    folder : Path
        Its files are named as the tables are, without ``zone-``: at least plants and substances.
    grading : GradingSpec
        How the standard is read.
    allow_unknown : bool
        Whether a substance that no list holds is left out and told instead of refused.
    ledger : Ledger
        Told what was read and assumed, and which files were not.
    year : int, optional
        Year of the grading; without it the last of the history [year].
    this_year : int, optional
        Without ``year``, the last year that the history may hold [year].

    Raises
    ------
    GreenRiskError
        With the faults of all tables; where a table is missing, misnamed or stands there twice.
    """
    files = _files(folder, ledger)

    def where(path: KeyPath) -> str:
        return f"{folder}: {key_text(path)}" if path else str(folder)

    sources = Sources(folder, where, ledger)
    inventory = InventorySpec(allow_unknown_substances=allow_unknown, **files)
    said = "the year of `--year`" if year is not None else "this year (`--year` sets another)"
    found = read_graded(inventory, grading, year, sources, year_is=said, latest=this_year)
    sources.raise_if_any()
    assert found is not None
    return found


def _files(folder: Path, ledger: Ledger) -> dict[str, str]:
    """Return the file of each table of a folder; what looks like a misnamed table is refused, other tables are told."""
    files: dict[str, str] = {}
    faults = Faults()
    names = [spec.name.removeprefix("zone-") for spec in ZONE_TABLES]
    there = [path.name for path in sorted(folder.iterdir()) if path.is_file() and path.name[0] not in ".~"]
    for name in names:
        fitting = [
            file for file in there if Path(file).stem == name and Path(file).suffix.lower() in SUFFIXES
        ]
        if len(fitting) > 1:
            faults.add(str(folder), ", ".join(fitting), "The same table twice. Keep one.")
        if fitting:
            files[name] = fitting[0]
    for file in there:
        stem, suffix = Path(file).stem, Path(file).suffix.lower()
        if file in files.values() or (stem in files and suffix in SUFFIXES) or suffix not in OTHER_SUFFIXES:
            continue
        close = difflib.get_close_matches(_simple(stem), names, n=1, cutoff=0.65)
        if close and close[0] not in files:
            mend = (
                f"Not a name of a table. Is it the table of {close[0]}? Then call it {close[0]}.csv or .xlsx."
            )
            faults.add(str(folder / file), file, mend)
        elif close:
            ledger.add("dropped", file, f"Not read: the table of {close[0]} is {files[close[0]]}.")
        elif suffix in SUFFIXES:
            ledger.add("dropped", file, f"Not read: no table has this name. Tables: {', '.join(names)}.")
    for name in ("plants", "substances"):
        if name not in files and not any(f"table of {name}?" in fault.expected for fault in faults):
            mend = f"The folder needs {name}.csv or {name}.xlsx; `greenrisk show table zone-{name}` lists its columns."
            faults.add(str(folder), f"no table of {name}", mend)
    faults.raise_if_any(ArgumentError)
    return files


def _simple(stem: str) -> str:
    return stem.lower().replace("_", "-").removeprefix("zone-")


def _tables(
    inventory: InventorySpec, grading: GradingSpec, sources: Sources
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Read the tables of the inventory and of the rules by the name of their declaration.

    Of a table of the inventory with faulty cells the first mapping has the rows without one, the second all rows.
    """
    declared: dict[str, TableSpec] = {table.name: table for table in ZONE_TABLES}
    found: dict[str, pd.DataFrame | None] = {}
    every: dict[str, pd.DataFrame] = {}
    for name, file in inventory.tables().items():
        rows = sources.rows(file, ("inventory", name.removeprefix("zone-")), declared[name])
        if rows is not None:
            found[name] = rows.sound
            every |= {name: rows.every} if len(rows.faults) else {}
    rules = {**SUBSTANCE_TABLES, **RULE_TABLES}
    for name in grading.tables:
        if name not in rules:
            close = did_you_mean(name.replace("_", "-"), list(rules))
            mend = f"There is no such table of rules.{close} Tables: {', '.join(rules)}."
            sources.fault(("grading", "tables", name), name, mend)
    for name, table in rules.items():
        file = grading.tables.get(name, name.replace("-", "_"))
        found[name] = sources.table(file, ("grading", "tables", name), table)
    return {name: frame for name, frame in found.items() if frame is not None}, every


def _plants_named(
    named: Mapping[KeyPath, str],
    frames: Mapping[str, pd.DataFrame],
    every: Mapping[str, pd.DataFrame],
    sources: Sources,
) -> None:
    """Tell plants that the scenario names and the table of plants does not have."""
    plants = every.get("zone-plants", frames.get("zone-plants"))
    if plants is None or "plant_id" not in plants or plants["plant_id"].isna().any():
        return
    ids = [str(name) for name in plants["plant_id"]]
    for path, name in named.items():
        if name not in ids:
            mend = f"The table of plants has no such plant.{did_you_mean(name, ids)}"
            sources.fault(path, f"{key_text(path)} = {name}", mend)


def _rules(
    grading: GradingSpec, frames: Mapping[str, pd.DataFrame], sources: Sources
) -> tuple[Rules | None, Substances | None, dict[str, float]]:
    """Return the rules of the grading, the substances and the bounds of what is plausible; None with faults."""
    rules, substances, bounds = None, None, {}
    try:
        if set(RULE_TABLES) <= set(frames):
            rules = read_rules(frames.__getitem__)
    except TableError as error:
        sources.faults.extend(error.faults)
    try:
        if set(SUBSTANCE_TABLES) <= set(frames):
            own = {name: file for name, file in grading.tables.items() if name in SUBSTANCE_TABLES}
            substances = read_substances({name: frames[name] for name in SUBSTANCE_TABLES}, own)
            bounds = plausible_bounds(frames["plausible-quantities"])
    except TableError as error:
        sources.faults.extend(error.faults)
    return rules, substances, bounds


def faults_of_tables(data: Mapping[str, Any], sources: Sources) -> None:
    """Record what is wrong with the tables of a scenario that is at fault elsewhere, as far as it names them.

    Parameters
    ----------
    data : mapping
        What stands in the scenario file.
    sources : Sources
        Reads the tables and takes the faults.
    """
    try:
        inventory = InventorySpec.model_validate(data.get("inventory"))
    except ValidationError:
        return
    try:
        grading = GradingSpec.model_validate(data.get("grading") or {})
    except ValidationError:
        grading = GradingSpec()
    year = data.get("underwriting_year")
    read_graded(inventory, grading, year - 1 if isinstance(year, int) else None, sources)
