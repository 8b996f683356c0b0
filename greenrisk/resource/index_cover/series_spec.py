# SPDX-License-Identifier: Apache-2.0
"""What a user writes of a series: a table, a gridded file, or a data set that comes with statsmodels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from greenrisk.core.spec import Spec

Combine = Literal["sum", "mean", "min", "max"]
"""How several values of one date become one."""


class TableSeries(Spec):
    """A column of a table (CSV, XLSX), by date."""

    kind: Literal["table"]
    """Which source."""

    file: str
    """The table: columns `date` (YYYY-MM-DD), or `year` and `month` (and `day`), or `year` alone; and the value."""

    value: str
    """Name of the value's column."""

    unit: str
    """Unit of the values, as the data's owner states it, e.g. m, m3/s, mm, ha."""

    where: Mapping[str, str | float | tuple[str, ...]] = Field(default_factory=dict)
    """Rows that are read: column and value, or several values, e.g. `{province: [Hunan, Hubei]}`; empty: all."""

    combine: Combine | None = None
    """How the rows of one date become one value; empty: two rows of one date are refused."""

    note: str = ""
    """What a reader must know of the series, e.g. that it is an anomaly and no gauge height."""


class BoxSpec(Spec):
    """A rectangle on the earth; it may cross the date line."""

    south: float = Field(ge=-90, le=90)
    """Southern edge [degree]."""

    north: float = Field(ge=-90, le=90)
    """Northern edge [degree]."""

    west: float = Field(ge=-180, le=360)
    """Western edge [degree]."""

    east: float = Field(ge=-180, le=360)
    """Eastern edge [degree]."""


class PointSpec(Spec):
    """A place; the nearest cell of the grid is read, and how far it lies is told."""

    lat: float = Field(ge=-90, le=90)
    """Latitude [degree]."""

    lon: float = Field(ge=-180, le=360)
    """Longitude [degree]."""


class GriddedSeries(Spec):
    """A variable of a gridded file (NetCDF), at a place or over a box."""

    kind: Literal["netcdf"]
    """Which source."""

    file: str
    """The file."""

    variable: str
    """Name of the variable."""

    unit: str
    """Unit that its attribute `units` must state; a file that states none is refused."""

    point: PointSpec | None = None
    """A place; empty: the box, or the only cell."""

    box: BoxSpec | None = None
    """A box, whose cells are averaged by their area; empty: the place, or the only cell."""

    where: Mapping[str, str | float] = Field(default_factory=dict)
    """Steps of other dimensions, e.g. `{height: 2}`."""

    note: str = ""
    """What a reader must know of the series."""


class PackagedSeries(Spec):
    """A data set that comes with statsmodels."""

    kind: Literal["statsmodels"]
    """Which source."""

    dataset: Literal["nile"]
    """The data set: `nile`, the flow of the Nile at Aswan, 1871 to 1970, 10^8 m3 a year."""

    note: str = ""
    """What a reader must know of the series."""


SeriesSpec = Annotated[TableSeries | GriddedSeries | PackagedSeries, Field(discriminator="kind")]
