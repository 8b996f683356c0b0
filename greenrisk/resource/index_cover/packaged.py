# SPDX-License-Identifier: Apache-2.0
"""Series that come with statsmodels, read as files: the package itself is not imported."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
from pathlib import Path
from typing import Final

import numpy as np

from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.series import Origin
from greenrisk.resource.index_cover.series_spec import PackagedSeries
from greenrisk.resource.index_cover.series_table import Dated

COLUMN: Final = {"nile": "volume"}
"""Column of the values, by data set."""

UNIT: Final = {"nile": "1e8 m3/year"}
"""Unit of the values, by data set (the data set's own description)."""


def read_packaged(spec: PackagedSeries, key_path: KeyPath, sources: Sources) -> Dated | None:
    """Return the years of a data set of statsmodels; None where a fault was recorded."""
    path = packaged_file(spec.dataset)
    if path is None:
        mend = (
            "statsmodels is not installed, or without its data sets. Install it: `pip install statsmodels`."
        )
        sources.fault((*key_path, "dataset"), f"dataset = {spec.dataset}", mend)
        return None
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    sources.inputs[f"statsmodels {path.name}"] = digest
    rows = list(csv.DictReader(raw.decode("utf-8").splitlines()))
    column = COLUMN[spec.dataset]
    days = np.array([f"{int(float(row['year'])):04d}-01-01" for row in rows], dtype="datetime64[D]")
    value = np.array([float(row[column]) for row in rows])
    return Dated(days, value, Origin(digest, column, frozenset(range(2, len(rows) + 2))))


def packaged_file(dataset: str) -> Path | None:
    """Return the file of a data set of statsmodels; None where it is not installed."""
    found = importlib.util.find_spec("statsmodels")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "datasets" / dataset / f"{dataset}.csv"
        if path.is_file():
            return path
    return None
