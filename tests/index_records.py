# SPDX-License-Identifier: Apache-2.0
"""Real yearly records that index covers are tested on, by the names of tests/reference/resource/changes_tests.csv."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data" / "resource"
RECORDS = ("nile", "huron", "manaus_min", "manaus_mean", "log_jiangxi", "log_neighbours")

Record = tuple[NDArray[np.int64], NDArray[np.float64], Literal["plain", "log"]]


def record(name: str) -> Record:
    """Return years, values and scale of a record; skip where its file is absent."""
    if name == "nile":
        from greenrisk.resource.index_cover.packaged import packaged_file

        path = packaged_file("nile")
        assert path is not None
        return _yearly(path, "volume")
    if name == "huron":
        path = SHARED / "lake_huron_level.csv"
        if not path.is_file():
            pytest.skip("The shared data are not beside the project.")
        return _yearly(path, "level_ft")
    if name.startswith("manaus"):
        stage = manaus().reshape(90, 12)
        value = stage.min(axis=1) if name == "manaus_min" else stage.mean(axis=1)
        return np.arange(1903, 1993), value, "plain"
    rows = _rows(ROOT / "data" / "fires_jiangxi_neighbours_2009_2021.csv")
    own = name == "log_jiangxi"
    year = np.arange(2009, 2022)
    value = np.zeros(13)
    for row in rows:
        if (row["province"] == "Jiangxi") == own:
            value[int(row["year"]) - 2009] += float(row["damaged_forest_ha"])
    return year, value, "log"


def manaus() -> NDArray[np.float64]:
    """Return the 1,080 months of the Rio Negro at Manaus [m]."""
    return np.array(
        [float(row["level"]) for row in _rows(ROOT / "data" / "manaus_rio_negro_monthly_level.csv")]
    )


def _yearly(path: Path, column: str) -> Record:
    rows = _rows(path)
    year = np.array([int(row["year"]) for row in rows])
    return year, np.array([float(row[column]) for row in rows]), "plain"


@cache
def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
