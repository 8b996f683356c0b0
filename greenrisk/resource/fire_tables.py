# SPDX-License-Identifier: Apache-2.0
"""Official fire statistics by province and year: the tables behind the fitted cards, and their guards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault, Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import Column, TableSpec, read_table

DEFINITION_BREAK: Final = 2009
"""First year of the present fire classes (general, larger, major, extraordinarily major) [year]."""

CLASS_COLUMNS: Final = (
    "fires_under_1ha",
    "fires_1_to_100ha",
    "fires_100_to_1000ha",
    "fires_1000ha_and_over",
)
"""Columns of the four official classes, smallest first."""

CLASS_LABELS: Final = ("under 1 ha", "1 to 100 ha", "100 to 1,000 ha", "1,000 ha and over")
"""The same for a reader."""

CLASS_BOUNDS: Final = (1.0, 100.0, 1000.0)
"""Bounds between the classes [ha]; from the Forest Fire Prevention Regulations of 2008, article 40 (from memory)."""

_TOTALS = (
    Column("province", "text", description="Province."),
    Column("year", "integer", unit="year", low=1990, high=2100, description="Calendar year."),
    Column("fires", "integer", unit="1", low=0, description="Number of forest fires."),
    Column("damaged_forest_ha", "number", unit="ha", low=0, description="Damaged forest area."),
)

FIRES_BY_CLASS: Final = TableSpec(
    name="fires-by-class",
    title="Forest fires by province, year and size class",
    columns=(
        *_TOTALS[:3],
        *(
            Column(name, "integer", unit="1", low=0, description=f"Fires of {label}.")
            for name, label in zip(CLASS_COLUMNS, CLASS_LABELS, strict=True)
        ),
        _TOTALS[3],
    ),
)
"""Class definitions of 2009 onwards."""

FIRE_TOTALS: Final = TableSpec(
    name="fire-totals",
    title="Forest fires by province and year, totals only",
    columns=_TOTALS,
)
"""Also for years before 2009, whose classes were others."""


@dataclass(frozen=True, eq=False)
class FirePanel:
    """Fires of several provinces over the same years.

    Parameters
    ----------
    years : array of int, shape (years,)
        Consecutive years.
    provinces : tuple of str
        Ascending.
    classes : array, shape (years, provinces, 4)
        Fires by official class [1/year].
    area : array, shape (years, provinces)
        Damaged forest [ha/year].
    """

    years: NDArray[np.int64]
    provinces: tuple[str, ...]
    classes: NDArray[np.float64]
    area: NDArray[np.float64]

    @property
    def fires(self) -> NDArray[np.float64]:
        """Fires of all classes, shape (years, provinces) [1/year]."""
        return np.asarray(self.classes.sum(axis=2))

    def window(self, first: int, last: int) -> FirePanel:
        """Return the years first to last, both included.

        Raises
        ------
        ArgumentError
            If the panel has none of them.
        """
        keep = (self.years >= first) & (self.years <= last)
        if not keep.any():
            raise ArgumentError(Fault("FirePanel.window", f"{first} to {last}", "No such years."))
        return FirePanel(self.years[keep], self.provinces, self.classes[keep], self.area[keep])

    def index(self, province: str) -> int:
        """Return the position of a province.

        Raises
        ------
        ArgumentError
            If the panel does not have it; the message lists those it has.
        """
        if province not in self.provinces:
            known = ", ".join(self.provinces)
            raise ArgumentError(Fault("FirePanel", f"province = {province}", f"One of {known}."))
        return self.provinces.index(province)


def read_panel(path: Path, ledger: Ledger | None = None) -> FirePanel:
    """Read a table of fires by class and check what one cell cannot tell.

    Parameters
    ----------
    path : Path
        A table of :data:`FIRES_BY_CLASS`.
    ledger : Ledger, optional
        Told how the file was read.

    Returns
    -------
    FirePanel
        Provinces in alphabetical order.

    Raises
    ------
    TableError
        With every fault; among them classes that do not add up to the fires, a damaged area that its class counts
        do not allow, a year of zeros for all provinces (a gap, not a year without fire), years before 2009 (other
        classes), and a province without one of the years.
    """
    return panel_of(read_table(path, FIRES_BY_CLASS, ledger or Ledger()), path.name)


def panel_of(frame: pd.DataFrame, name: str) -> FirePanel:
    """Return a checked table of :data:`FIRES_BY_CLASS` as a panel.

    Parameters
    ----------
    frame : DataFrame
        As ``read_table`` returns it.
    name : str
        File name, for messages.

    Raises
    ------
    TableError
        As :func:`read_panel`.
    """
    _guard(frame, name).raise_if_any(TableError)
    frame = frame.sort_values(["year", "province"])
    years = np.unique(frame["year"].to_numpy())
    provinces = tuple(sorted(frame["province"].unique()))
    shape = (years.size, len(provinces))
    return FirePanel(
        years=years.astype(np.int64),
        provinces=provinces,
        classes=frame[list(CLASS_COLUMNS)].to_numpy(dtype=np.float64).reshape(*shape, 4),
        area=frame["damaged_forest_ha"].to_numpy(dtype=np.float64).reshape(shape),
    )


def read_totals(path: Path, ledger: Ledger | None = None) -> pd.DataFrame:
    """Read a table of yearly totals: columns province, year, fires, damaged_forest_ha."""
    return read_table(path, FIRE_TOTALS, ledger or Ledger())


def _guard(frame: pd.DataFrame, name: str) -> Faults:
    faults = Faults()
    counts = frame[list(CLASS_COLUMNS)].to_numpy(dtype=np.float64)
    lowest = counts @ np.array([0.0, *CLASS_BOUNDS])
    highest = _highest(counts)
    for row in range(len(frame)):
        record = frame.iloc[row]
        place = f"{name}:{row + 2}"
        if counts[row].sum() != record["fires"]:
            faults.add(place, f"fires = {record['fires']}", "The four classes must add up to it.", "1")
        if record["year"] < DEFINITION_BREAK:
            faults.add(
                place,
                f"year = {record['year']}",
                "The size classes were others before 2009; never mix them. Leave these years out.",
                "year",
            )
        area = record["damaged_forest_ha"]
        if not lowest[row] <= area <= highest[row]:
            faults.add(
                place,
                f"damaged_forest_ha = {area:g}",
                f"Its class counts allow {lowest[row]:g} to {highest[row]:g}. Is the area in mu (1 ha = 15 mu)?",
                "ha",
            )
    for year, total in frame.groupby("year")["fires"].sum().items():
        if total == 0:
            faults.add(
                name, f"year = {year}", "No fire in any province: a gap filled with zeros. Leave it out."
            )
    years = range(int(frame["year"].min()), int(frame["year"].max()) + 1)
    for province, rows in frame.groupby("province"):
        found = sorted(rows["year"])
        if found != list(years):
            faults.add(
                name,
                f"{province}: {len(found)} rows",
                f"Every province needs each year from {years[0]} to {years[-1]} exactly once.",
            )
    return faults


def _highest(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest damaged area that class counts allow [ha]; infinite with a fire of 1,000 ha and over."""
    bounded = counts[:, :3] @ np.array(CLASS_BOUNDS)
    return np.where(counts[:, 3] > 0, np.inf, bounded)
