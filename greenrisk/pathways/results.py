# SPDX-License-Identifier: Apache-2.0
"""Result groups of pathways: what a run folder keeps of them, for charts and tables.

What lives here: xarray groups. What does not: what is drawn of them (report).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from greenrisk.pathways.coverage import CoverageTable
from greenrisk.pathways.drivers import DRIVERS
from greenrisk.pathways.pathway import Pathway


def pathway_group(pathways: Sequence[Pathway]) -> xr.Dataset:
    """Return all drivers of all scenarios.

    Parameters
    ----------
    pathways : sequence of Pathway
        As :func:`greenrisk.pathways.pathway.build_pathways` gives them.

    Returns
    -------
    Dataset
        A variable for each driver, (scenario, country, sector, year); without country or sector where nothing tells
        their members apart. Besides ``family``, ``source_scenario``, ``title``, ``status``, ``known_from`` and
        ``baseline`` (scenario).
    """
    first = pathways[0]
    data: dict[str, xr.DataArray] = {}
    for name in first.values:
        driver = DRIVERS[name]
        shape = np.broadcast_shapes(*(pathway.values[name].shape for pathway in pathways))
        stacked = np.stack([np.broadcast_to(pathway.values[name], shape) for pathway in pathways])
        dims = ["scenario", "country", "sector", "year"]
        # An axis of size 1 that stands for all countries or sectors says nothing.
        for axis, names in ((2, first.sectors), (1, first.countries)):
            if stacked.shape[axis] == 1 and len(names) != 1:
                stacked = np.asarray(np.take(stacked, 0, axis=axis))
                del dims[axis]
        units = f"{driver.unit}, prices of {first.price_year}" if "CNY" in driver.unit else driver.unit
        data[name] = xr.DataArray(stacked, dims=dims, attrs={"units": units, "long_name": driver.sentence})
    words = {
        "title": [pathway.title for pathway in pathways],
        "source_scenario": [pathway.scenario for pathway in pathways],
        "family": [pathway.family for pathway in pathways],
        "status": [pathway.status for pathway in pathways],
    }
    for name, texts in words.items():
        data[name] = xr.DataArray(np.asarray(texts, dtype=str), dims=["scenario"], attrs={"units": "text"})
    known = np.asarray([pathway.known_from for pathway in pathways])
    data["known_from"] = xr.DataArray(known, dims=["scenario"], attrs={"units": "year"})
    baseline = np.asarray([pathway.baseline for pathway in pathways])
    data["baseline"] = xr.DataArray(baseline, dims=["scenario"], attrs={"units": "yes or no"})
    return xr.Dataset(
        data,
        coords={
            "scenario": [pathway.name for pathway in pathways],
            "country": list(first.countries),
            "sector": list(first.sectors),
            "year": first.years,
        },
    )


def production_group(pathways: Sequence[Pathway]) -> xr.Dataset:
    """Return the production pathways of all technologies that every scenario holds, against their first year.

    Returns
    -------
    Dataset
        ``production_index`` (scenario, technology, country, year), 1 in the first year [unitless]; NaN where the first
        year's value is 0. Technologies are named ``sector|technology``.
    """
    first = pathways[0]
    shared = [key for key in first.production if all(key in pathway.production for pathway in pathways)]
    shape = (len(pathways), len(shared), len(first.countries), len(first.years))
    index = np.full(shape, np.nan)
    for row, pathway in enumerate(pathways):
        for column, key in enumerate(shared):
            start = pathway.production[key][:, :1]
            np.divide(pathway.production[key], start, out=index[row, column], where=start != 0)
    attributes = {"units": "unitless", "long_name": "Production pathway against its first year"}
    return xr.Dataset(
        {"production_index": (("scenario", "technology", "country", "year"), index, attributes)},
        coords={
            "scenario": [pathway.name for pathway in pathways],
            "technology": ["|".join(key) for key in shared],
            "country": list(first.countries),
            "year": first.years,
        },
    )


def coverage_group(coverage: CoverageTable) -> xr.Dataset:
    """Return the coverage table, one entry a need.

    Returns
    -------
    Dataset
        The columns of :data:`~greenrisk.pathways.coverage.COVERAGE_COLUMNS` over ``need``; years are -1 where there is
        no series.
    """
    frame = coverage.frame()
    data = {}
    for name in frame.columns:
        if name in ("first_year", "last_year", "years_needed", "years_held"):
            values = frame[name].fillna(-1).to_numpy(dtype=np.int64)
            data[str(name)] = xr.DataArray(values, dims=["need"], attrs={"units": "year"})
        else:
            texts = frame[name].to_numpy(dtype=str)
            data[str(name)] = xr.DataArray(texts, dims=["need"], attrs={"units": "text"})
    return xr.Dataset(data, coords={"need": np.arange(len(frame))})
