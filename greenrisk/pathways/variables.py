# SPDX-License-Identifier: Apache-2.0
"""From the spellings of tables to one name and one unit each, and whether values are levels or deviations.

What lives here: names, units of variables, members of a shock. What does not: countries and regions
(:mod:`greenrisk.pathways.regions`) and values at the years of a study (:mod:`greenrisk.pathways.series`).

A deviation is no level: NiGEM's variables are differences from a run without transition and physical shocks, in percent
of the baseline or in percentage points. They are applied by :func:`greenrisk.pathways.deviations.apply_deviation`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import MOST_FAULTS
from greenrisk.pathways.errors import UnitError
from greenrisk.pathways.iamc import PathwayTable
from greenrisk.pathways.tables import PATHWAY_VARIABLES, small_table
from greenrisk.pathways.units import DEVIATIONS, Units, units_of, words

Kind = Literal["level", "deviation_percent", "deviation_points"]
"""Whether values are levels, deviations in percent of a level, or deviations in percentage points of a rate."""

MEMBERS: Final = ("transition", "physical", "combined", "combined_no_bus")
"""Parts of a shock: transition alone, physical damage alone, both, and both without the shock to the confidence of
business (NiGEM's `no bus`; that reading of its name is from memory)."""

SAME: Final = 1e-4
"""Two copies of one series, given for levels in different units, may differ by so much of the larger of 1 and its
largest value: NiGEM's differ by less than 6e-5 points, by rounding."""

_GROUPS: Final = {
    "member": r"(?P<member>combined\(no bus\)|combined|physical|transition)",
    "sector": r"(?P<sector>[^|]+)",
    "technology": r"(?P<technology>[^|]+)",
}


@dataclass(frozen=True)
class Variable:
    """One spelling of a variable.

    Parameters
    ----------
    spelling : str
        As tables write it, with placeholders.
    name : str
        The one name.
    kind : str
        Level or deviation.
    member, sector, technology : str
        What the variable is of: a word, a placeholder, or empty.
    quantities : tuple of str
        Quantities of units that it may bear.
    world : bool
        Whether it is one of the whole world.
    status : str
        How far the row is known.
    """

    spelling: str
    name: str
    kind: Kind
    member: str
    sector: str
    technology: str
    quantities: tuple[str, ...]
    world: bool
    status: str


@dataclass(frozen=True)
class Variables:
    """The known variables.

    Parameters
    ----------
    rows : tuple of Variable
        Those without a placeholder first, so that `Primary Energy` is not a technology.
    """

    rows: tuple[Variable, ...]

    def find(self, text: str) -> tuple[Variable, dict[str, str]] | None:
        """Return the variable of a text and what its placeholders stand for, or None."""
        for row in self.rows:
            match = _pattern(row.spelling).fullmatch(text)
            if match:
                found = {name: value for name, value in match.groupdict().items() if value}
                if "member" in found:
                    found["member"] = found["member"].replace("combined(no bus)", "combined_no_bus")
                return row, found
        return None

    def names(self) -> tuple[str, ...]:
        """Return the names, each once."""
        return tuple(dict.fromkeys(row.name for row in self.rows))

    def kind(self, name: str) -> Kind:
        """Return whether a variable is a level or a deviation; KeyError for an unknown name."""
        return {row.name: row.kind for row in self.rows}[name]

    def world(self, name: str) -> bool:
        """Whether a variable is one of the whole world; KeyError for an unknown name."""
        return {row.name: row.world for row in self.rows}[name]


@dataclass(frozen=True)
class CanonicalTable:
    """Pathways under one name and in one unit each.

    Parameters
    ----------
    data : DataFrame
        Columns model, scenario, region (without the model before it), variable (the one name), kind, member, sector,
        technology (empty where there is none), unit (the one unit), year, value, row, file.
    variables : Variables
        The names.
    index : dict
        From (model, scenario, region, variable, member, sector, technology), the last two in small letters, to the
        years (int64, rising) and values (float64) of the series.
    """

    data: pd.DataFrame
    variables: Variables
    index: dict[tuple[str, ...], tuple[Any, Any]]

    def units(self) -> dict[str, tuple[str, ...]]:
        """Return the units of each variable."""
        pairs = self.data[["variable", "unit"]].drop_duplicates()
        return {str(name): tuple(map(str, group["unit"])) for name, group in pairs.groupby("variable")}


def variables_of(frame: pd.DataFrame | None = None) -> Variables:
    """Return the known variables.

    Parameters
    ----------
    frame : DataFrame, optional
        As :data:`~greenrisk.pathways.tables.PATHWAY_VARIABLES` describes it; the shipped table where left out.
    """
    frame = small_table(PATHWAY_VARIABLES) if frame is None else frame
    rows = [
        Variable(
            spelling=str(row["spelling"]),
            name=str(row["name"]),
            kind=row["kind"],
            member=_text(row.get("member")),
            sector=_text(row.get("sector")),
            technology=_text(row.get("technology")),
            quantities=tuple(str(row["quantity"]).split(" or ")),
            world=row["scope"] == "world",
            status=str(row["status"]),
        )
        for row in frame.to_dict("records")
    ]
    return Variables(tuple(sorted(rows, key=lambda row: "{" in row.spelling)))


def canonical(
    table: PathwayTable,
    ledger: Ledger | None = None,
    variables: Variables | None = None,
    units: Units | None = None,
) -> CanonicalTable:
    """Give every known variable its one name and unit.

    Parameters
    ----------
    table : PathwayTable
        As read.
    ledger : Ledger, optional
        Told variables without a known name, which are left out, and series that stand twice with equal values.
    variables, units : optional
        Known names and units; the shipped ones where left out.

    Raises
    ------
    UnitError
        Every fault at once: an unknown unit of a known variable, a unit of another quantity (a deviation on a level, or
        the other way round), two units of one variable, two different series under one name.
    """
    variables = variables_of() if variables is None else variables
    units = units_of() if units is None else units
    data = table.data
    pairs = data.groupby(["variable", "unit"], sort=False).agg(row=("row", "first"), file=("file", "first"))
    faults, named, unknown = Faults(), [], 0
    for text, unit_text, first_row, file in pairs.reset_index().itertuples(index=False, name=None):
        found = variables.find(str(text))
        if found is None:
            unknown += 1
            continue
        row, parts = found
        unit = units.find(str(unit_text))
        where = f"{file}:{first_row}"
        if unit is None or unit.quantity not in row.quantities:
            faults.add(where, f"{text} in {unit_text}", _mend(row, str(unit_text), units), row.name)
            continue
        filled = {
            part: parts.get(part, "") if "{" in getattr(row, part) else getattr(row, part)
            for part in ("member", "sector", "technology")
        }
        named.append((text, unit_text, row.name, row.kind, *filled.values(), unit.canonical, unit.factor))
    keys = ["variable", "unit", "name", "kind", "member", "sector", "technology", "canonical", "factor"]
    known = data.merge(pd.DataFrame(named, columns=pd.Index(keys)), on=["variable", "unit"], how="inner")
    _one_unit(known, faults)
    known = known.assign(
        region=known["region"].astype(str).str.rsplit("|", n=1).str[-1],
        value=known["value"] * known["factor"],
        written=known["variable"] + " in " + known["unit"],
        variable=known["name"],
        unit=known["canonical"],
    ).drop(columns=["name", "canonical", "factor"])
    index, kept, twice = _indexed(known, faults)
    faults.shortened(MOST_FAULTS).raise_if_any(UnitError)
    if ledger is not None:
        if unknown:
            detail = "Variables of other names are not used; `greenrisk show table pathway-variables` lists the known."
            ledger.add("read", "pathways", detail, unknown)
        if twice:
            detail = "Series that stand twice, for levels in different units, with equal values: the first is used."
            ledger.add("dropped", "pathways", detail, twice)
    return CanonicalTable(known[kept].drop(columns="written").reset_index(drop=True), variables, index)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(spelling: str) -> re.Pattern[str]:
    if spelling not in _PATTERNS:
        text = re.escape(spelling)
        for name, group in _GROUPS.items():
            text = text.replace(re.escape("{" + name + "}"), group, 1)
        _PATTERNS[spelling] = re.compile(text)
    return _PATTERNS[spelling]


def _mend(row: Variable, text: str, units: Units) -> str:
    unit = units.find(text)
    if unit is None:
        return f"This unit is not known for `{row.name}`.{units.near(text, row.quantities)}"
    if unit.quantity in DEVIATIONS and row.kind == "level":
        return (
            f"`{row.name}` is a level, but the unit says {words(unit.quantity)}. Apply the deviation to a level first, "
            "or name the variable after what it is."
        )
    if row.kind != "level" and unit.quantity not in DEVIATIONS:
        return f"`{row.name}` is a deviation, but the unit says {words(unit.quantity)}. Levels are not deviations."
    wanted = " or ".join(words(quantity) for quantity in row.quantities)
    return (
        f"The unit measures {words(unit.quantity)}; `{row.name}` is {wanted}.{units.near('', row.quantities)}"
    )


def _one_unit(known: pd.DataFrame, faults: Faults) -> None:
    columns = ["file", "model", "name", "member", "sector", "technology"]
    pairs = known.drop_duplicates([*columns, "canonical", "factor"])
    for _, group in pairs[pairs.duplicated(columns, keep=False)].groupby(columns, sort=False):
        first, later = group.iloc[0], group.iloc[1]
        faults.add(
            f"{later['file']}:{later['row']}",
            f"{later['variable']} in {later['unit']}",
            f"The same variable is in {first['unit']} in row {first['row']}. One variable bears one unit.",
        )


def _indexed(known: pd.DataFrame, faults: Faults) -> tuple[dict[tuple[str, ...], tuple[Any, Any]], Any, int]:
    """Return the series by key, which rows are used, and how many series stood there twice."""
    key = ["model", "scenario", "region", "variable", "member", "sector", "technology"]
    lowered = known.assign(sector=known["sector"].str.lower(), technology=known["technology"].str.lower())
    code = lowered.groupby(key, sort=False).ngroup().to_numpy()
    year = known["year"].to_numpy()
    order = np.lexsort((known["row"].to_numpy(), year, code))
    index: dict[tuple[str, ...], tuple[Any, Any]] = {}
    kept = np.ones(len(known), dtype=bool)
    twice = 0
    value = known["value"].to_numpy()
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    names = lowered[key].to_numpy()
    for rows in np.split(order, starts[1:]) if len(known) else ():
        years, values = year[rows], value[rows]
        again = np.flatnonzero(np.diff(years) == 0) + 1
        if again.size:
            size = SAME * max(1.0, float(np.abs(values).max()))
            if np.abs(values[again] - values[again - 1]).max() > size:
                late, early = known.iloc[rows[again[0]]], known.iloc[rows[again[0] - 1]]
                mend = f"Another series of the same name stands in {early['file']}:{early['row']} ({early['written']})."
                faults.add(
                    f"{late['file']}:{late['row']}", late["written"], f"{mend} Keep the one that is meant."
                )
            kept[rows[again]] = False
            twice += 1
            years, values = np.delete(years, again), np.delete(values, again)
        index[tuple(map(str, names[rows[0]]))] = (years, values)
    return index, kept, twice
