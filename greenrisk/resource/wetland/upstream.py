# SPDX-License-Identifier: Apache-2.0
"""Spills of a zone's finished run, through its run folder alone; until a run writes them, the card of spills speaks.

What lives here: which run, whether it has spills, and drawing whole years of it. What does not: what a spill does to a
site (:mod:`greenrisk.resource.wetland.perils.spill`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import numpy as np
import pandas as pd
from pydantic import Field

from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.core.spec import Spec
from greenrisk.core.tables import Column, TableSpec
from greenrisk.resource.wetland.perils.base import Floats, Integers

ZONE: Final[KeyPath] = ("upstream", "zone")
"""Where a scenario names the run."""

TABLE: Final = "tables/spills.csv"
"""The table of a zone's run folder that is drawn from."""

WETLAND_SPILLS: Final = TableSpec(
    name="wetland-spills",
    title="What a zone's simulated years let into the river, one row a spill",
    columns=(
        Column("year", "integer", unit="year", low=0, description="Simulated year, counted from 0."),
        Column(
            "quantity_t",
            "number",
            unit="t",
            low=0,
            low_open=True,
            description="What enters the water, as tonnes of the substance that the card of spills speaks of.",
        ),
        Column(
            "river_km",
            "number",
            unit="km",
            required=False,
            description="Where it enters, on the river of the sites; empty: `upstream.river_km` of the scenario.",
        ),
    ),
)
"""Spills by simulated year."""


class UpstreamSpillsSpec(Spec):
    """A finished run of a zone whose spills reach the sites."""

    zone: str
    """Folder of a finished run of a zone, beside the scenario; with `--set`, in the working folder. Or a table of its
    spills (see `show table wetland-spills`). A run without the table `spills` leaves the card of spills in force, which
    the ledger tells."""

    river_km: float | None = None
    """Where the zone's water enters the river of the sites, for spills that do not say it themselves [km]."""

    years: int | None = Field(default=None, ge=1)
    """Simulated years that a table alone speaks of; a run folder says it itself [year]."""


@dataclass(frozen=True, eq=False)
class UpstreamSpills:
    """Spills of a zone by simulated year.

    Parameters
    ----------
    years : int
        Simulated years, those without a spill included [year].
    first : array of int, shape (years + 1,)
        Where the spills of each year begin.
    river_km : array, shape (spills,)
        Where they enter the river [km].
    quantity : array, shape (spills,)
        What enters [t].
    """

    years: int
    first: Integers
    river_km: Floats
    quantity: Floats

    def years_of(self, uniform: Floats) -> tuple[Integers, Floats, Floats]:
        """Return the spills of one drawn year of the zone for each year here.

        Parameters
        ----------
        uniform : array, shape (years,)
            On [0, 1): which year of the zone.

        Returns
        -------
        tuple of array, shape (spills,)
            Year here, where each enters [km] and what enters [t]. Spills of one year stay together.
        """
        of_zone = np.minimum((uniform * self.years).astype(np.int64), self.years - 1)
        count = self.first[of_zone + 1] - self.first[of_zone]
        year = np.repeat(np.arange(uniform.size), count)
        rank = np.arange(year.size) - np.repeat(np.cumsum(count) - count, count)
        row = self.first[of_zone][year] + rank
        return year, self.river_km[row], self.quantity[row]


def read_upstream_spills(spec: UpstreamSpillsSpec, sources: Sources) -> UpstreamSpills | None:
    """Return the spills of a zone's run.

    Parameters
    ----------
    spec : UpstreamSpillsSpec
        What the user wrote.
    sources : Sources
        Finds, hashes and judges the files.

    Returns
    -------
    UpstreamSpills or None
        None where faults were recorded, and where the run has no table of spills, which the ledger tells.
    """
    name = PurePosixPath(spec.zone.replace("\\", "/"))
    alone = name.suffix in (".csv", ".xlsx")
    years = spec.years
    if not alone:
        settings = _settings(str(name), sources)
        if settings is None:
            return None
        years = int(settings["years"])
        if not settings["spills"]:
            detail = (
                f"The run {settings.get('name')} has no {TABLE}: spills are those of the card, which knows nothing of "
                "this zone."
            )
            sources.ledger.add("assumption", "upstream: zone", detail, status="illustrative")
            return None
    elif years is None:
        mend = "A table alone does not say how many simulated years it speaks of: give `years`."
        sources.fault(("upstream", "years"), "upstream.years", mend, "year")
    frame = sources.table(str(name) if alone else str(name / TABLE), ZONE, WETLAND_SPILLS)
    if frame is None or years is None:
        return None
    return _spills(frame, years, spec, sources)


def _spills(
    frame: pd.DataFrame, years: int, spec: UpstreamSpillsSpec, sources: Sources
) -> UpstreamSpills | None:
    year = frame["year"].to_numpy(dtype=np.int64)
    if year.max() >= years:
        mend = f"The table holds the year {year.max()}, but {years} simulated years are counted from 0."
        sources.fault(ZONE, f"year = {year.max()}", mend, "year")
        return None
    place = (
        frame["river_km"].to_numpy(dtype=np.float64) if "river_km" in frame else np.full(year.size, np.nan)
    )
    if np.isnan(place).any() and spec.river_km is None:
        mend = "Spills do not say where they enter the river: give `river_km`, or fill in the column of the table."
        sources.fault(("upstream", "river_km"), "upstream.river_km", mend, "km")
        return None
    if spec.river_km is not None:
        place = np.where(np.isnan(place), spec.river_km, place)
    order = np.argsort(year, kind="stable")
    detail = f"{year.size:,} spills of {years:,} simulated years; whole years are drawn."
    sources.ledger.add("read", "upstream: zone", detail, int(year.size))
    return UpstreamSpills(
        years=years,
        first=np.searchsorted(year[order], np.arange(years + 1)).astype(np.int64),
        river_km=place[order],
        quantity=frame["quantity_t"].to_numpy(dtype=np.float64)[order],
    )


def _settings(folder: str, sources: Sources) -> dict[str, Any] | None:
    """Return the settings of a zone's run and whether it has spills; None where it is no such run."""
    mend = "No finished run is there. Make it by `greenrisk run zone-leping`, and name its folder."
    path = sources.file(f"{folder}/manifest.json", ZONE, mend)
    if path is None:
        return None
    what = f"upstream.zone = {folder}"
    try:
        settings = dict(json.loads(path.read_text(encoding="utf-8"))["settings"])
        kind, _ = settings["kind"], int(settings["years"])
    except (OSError, ValueError, KeyError, TypeError):
        sources.fault(ZONE, what, "Its manifest.json is not that of a run. Run the zone again.")
        return None
    if kind != "zone":
        sources.fault(ZONE, what, f"This is a run of kind `{kind}`. A run of kind `zone` is needed.")
        return None
    return settings | {"spills": (path.parent / TABLE).is_file()}
