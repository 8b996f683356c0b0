# SPDX-License-Identifier: Apache-2.0
"""Pathways of a scenario file: tables read, checked and hashed, every fault at its place, before any work."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.marked_yaml import KeyPath, did_you_mean
from greenrisk.core.sources import Sources
from greenrisk.pathways.coverage import CoverageTable
from greenrisk.pathways.currency import Conversion, conversion
from greenrisk.pathways.families import families_of
from greenrisk.pathways.files import merged, read_named
from greenrisk.pathways.iamc import PathwayTable
from greenrisk.pathways.needs import Asked, check_scenarios, look_up
from greenrisk.pathways.pathway import Pathway, built_with
from greenrisk.pathways.pathway_spec import PathwaysSpec
from greenrisk.pathways.tables import PATHWAY_TABLES, weakest
from greenrisk.pathways.units import units_of
from greenrisk.pathways.variables import CanonicalTable, canonical, variables_of


@dataclass(frozen=True)
class PreparedPathways:
    """Pathways that are ready for use.

    Parameters
    ----------
    pathways : tuple of Pathway
        In the order of the scenarios.
    coverage : CoverageTable
        What the tables hold for every need.
    conversion : Conversion
        From US$2010 to yuan.
    table : CanonicalTable
        All series of the tables.
    """

    pathways: tuple[Pathway, ...]
    coverage: CoverageTable
    conversion: Conversion
    table: CanonicalTable

    @property
    def baseline(self) -> Pathway:
        """The scenario against which the others are shocks."""
        return next(pathway for pathway in self.pathways if pathway.baseline)


def prepare_pathways(
    spec: PathwaysSpec, sources: Sources, asked: Asked, key_path: KeyPath = ("pathways",)
) -> PreparedPathways | None:
    """Read the tables that a scenario names and build its pathways.

    Parameters
    ----------
    spec : PathwaysSpec
        What the user wrote.
    sources : Sources
        Finds and hashes the files; takes every fault, at its place in the scenario file, and the ledger's lines.
    asked : Asked
        What the study needs.
    key_path : tuple
        Where the pathways stand in the scenario.

    Returns
    -------
    PreparedPathways or None
        None where faults were recorded; ``sources.raise_if_any()`` raises them.
    """
    before = len(sources.faults)
    small = _small_tables(spec, sources, key_path)
    rows = [
        read
        for number, name in enumerate(spec.tables)
        if (read := read_named(name, (*key_path, "tables", number), sources)) is not None
    ]
    factors = None
    own = spec.currency
    try:
        factors = conversion(
            own.price_year,
            small.get("deflators-and-rates"),
            deflator=own.deflator,
            cny_per_usd=own.cny_per_usd,
        )
    except GreenRiskError as error:
        for one in error.faults:
            sources.fault((*key_path, "currency"), one.what, one.expected, one.unit)

    def fault(place: KeyPath, what: str, expected: str, unit: str = "") -> None:
        sources.fault((*key_path, *place), what, expected, unit)

    whole = len(rows) == len(spec.tables)
    table = _canonical(rows, small, sources) if whole else None
    if table is None and whole:
        # What the variables say is not known; whether models and scenarios are there is judged all the same.
        pairs = [
            (str(model), str(name))
            for one in rows
            for model, name in one.data[["model", "scenario"]].to_numpy()
        ]
        check_scenarios(spec, pairs, families_of(small.get("pathway-families")), fault)
    if table is not None and factors is None:
        look_up(spec, table, asked, fault, sources.ledger, small)
    if table is None or factors is None or len(sources.faults) > before:
        return None
    status = weakest([sources.status_of(name) for name in spec.tables])
    built = built_with(spec, table, asked, factors, fault, sources.ledger, small, status)
    if built is None or len(sources.faults) > before:
        return None
    return PreparedPathways(*built, factors, table)


def _small_tables(spec: PathwaysSpec, sources: Sources, key_path: KeyPath) -> dict[str, pd.DataFrame]:
    specs = {one.name: one for one in PATHWAY_TABLES}
    read = {}
    for name, file in spec.own_tables.items():
        place = (*key_path, "own_tables", name)
        if name not in specs:
            near = did_you_mean(name, list(specs)) or f" Known: {', '.join(specs)}."
            sources.fault(place, f"own_tables.{name}", f"There is no such small table.{near}")
            continue
        frame = sources.table(file, place, specs[name])
        if frame is not None:
            read[name] = frame
    return read


def _canonical(
    rows: list[PathwayTable], small: dict[str, pd.DataFrame], sources: Sources
) -> CanonicalTable | None:
    try:
        return canonical(
            merged(rows) if rows else _empty(),
            sources.ledger,
            variables_of(small.get("pathway-variables")),
            units_of(small.get("pathway-units")),
        )
    except GreenRiskError as error:
        sources.faults.extend(error.faults)
    return None


def _empty() -> PathwayTable:
    columns = ["model", "scenario", "region", "variable", "unit", "year", "value", "row", "file"]
    return PathwayTable(pd.DataFrame(columns=pd.Index(columns)), ())
