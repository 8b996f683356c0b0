# SPDX-License-Identifier: Apache-2.0
"""From the tables of an inventory to its grades: what the zone study and ``greenrisk grade`` share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from greenrisk.core.errors import ArgumentError, Fault, GreenRiskError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import KeyPath, key_text
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


def read_graded(
    inventory: InventorySpec, grading: GradingSpec, year: int | None, sources: Sources
) -> tuple[InventoryGrade, Substances] | None:
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

    Returns
    -------
    tuple or None
        All that is known about the grades, and the substances; None where faults were recorded.
    """
    frames = _tables(inventory, grading, sources)
    rules, substances, bounds = _rules(grading, frames, sources)
    if rules is None or substances is None:
        return None
    unread = set(inventory.tables()) - set(frames)
    faults, entries = inventory_faults(
        frames,
        inventory.tables(),
        substances,
        bounds,
        allow_unknown=inventory.allow_unknown_substances,
        year=year,
        processes=[str(word) for word in rules.process_words],
        unread=unread,
    )
    sources.faults.extend(faults)
    sources.ledger.take(entries)
    if faults or unread:
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
    return found, substances


def read_folder(
    folder: Path, grading: GradingSpec, *, allow_unknown: bool, ledger: Ledger
) -> tuple[InventoryGrade, Substances]:
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
        Told what was read and assumed.

    Raises
    ------
    GreenRiskError
        With the faults of all tables; where a table is missing or stands there twice.
    """
    files: dict[str, str] = {}
    for spec in ZONE_TABLES:
        name = spec.name.removeprefix("zone-")
        there = [path for path in sorted(folder.glob(f"{name}.*")) if path.suffix.lower() in SUFFIXES]
        if len(there) > 1:
            raise ArgumentError(
                Fault(str(folder), ", ".join(path.name for path in there), "The same table twice. Keep one.")
            )
        if there:
            files[name] = there[0].name
    for name in ("plants", "substances"):
        if name not in files:
            mend = f"The folder needs {name}.csv or {name}.xlsx; `greenrisk show table zone-{name}` lists its columns."
            raise ArgumentError(Fault(str(folder), f"no table of {name}", mend))

    def where(path: KeyPath) -> str:
        return f"{folder}: {key_text(path)}" if path else str(folder)

    sources = Sources(folder, where, ledger)
    inventory = InventorySpec(allow_unknown_substances=allow_unknown, **files)
    found = read_graded(inventory, grading, None, sources)
    sources.raise_if_any()
    assert found is not None
    return found


def _tables(inventory: InventorySpec, grading: GradingSpec, sources: Sources) -> dict[str, pd.DataFrame]:
    """Read the tables of the inventory and of the rules by the name of their declaration; none with faults."""
    declared: dict[str, TableSpec] = {table.name: table for table in ZONE_TABLES}
    found: dict[str, pd.DataFrame | None] = {}
    for name, file in inventory.tables().items():
        found[name] = sources.table(file, ("inventory", name.removeprefix("zone-")), declared[name])
    rules = {**SUBSTANCE_TABLES, **RULE_TABLES}
    for name in grading.tables:
        if name not in rules:
            mend = f"There is no such table of rules. Tables: {', '.join(rules)}."
            sources.fault(("grading", "tables", name), name, mend)
    for name, table in rules.items():
        file = grading.tables.get(name, name.replace("-", "_"))
        found[name] = sources.table(file, ("grading", "tables", name), table)
    return {name: frame for name, frame in found.items() if frame is not None}


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
