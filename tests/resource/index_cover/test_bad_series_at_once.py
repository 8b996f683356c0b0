# SPDX-License-Identifier: Apache-2.0
"""Every bad series of a scenario is told in one go: file, row or place, and mend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from index_records import manaus

from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.index_record import read_record
from greenrisk.resource.index_cover.index_study_spec import IndexPart


def _table(path: Path, value: np.ndarray, months: np.ndarray) -> None:
    rows = "".join(
        f"{month},{'' if np.isnan(one) else one}\n" for month, one in zip(months, value, strict=True)
    )
    path.write_text(f"date,level\n{rows}", encoding="utf-8")


def test_doubled_unordered_missing_changed_and_unitless_series_are_told_together(tmp_path: Path) -> None:
    months = np.arange("1903-01", "1993-01", dtype="datetime64[M]")
    stage = manaus() + 20.0
    feet = stage.copy()
    feet[540:] /= 0.3048
    _table(tmp_path / "feet.csv", feet, months)
    _table(tmp_path / "empty.csv", np.full(1080, np.nan), months)
    order = np.arange(1080)
    order[[7, 8]] = [8, 7]
    _table(tmp_path / "order.csv", stage[order], months[order])
    order[8] = 6
    order[7] = 7
    _table(tmp_path / "double.csv", stage[order], months[order])
    days = pd.date_range("2000-01-01", periods=400)
    flow = xr.DataArray(np.arange(400.0), dims="time", coords={"time": days}, name="flow")
    flow.to_dataset().to_netcdf(tmp_path / "flow.nc", engine="h5netcdf")
    table = {"kind": "table", "value": "level", "unit": "m"}
    part = IndexPart.model_validate(
        {
            "series": {
                **{name: {**table, "file": f"{name}.csv"} for name in ("feet", "empty", "order", "double")},
                "flow": {"kind": "netcdf", "file": "flow.nc", "variable": "flow", "unit": "m3/s"},
            },
            "indices": {"low": {"kind": "season_value", "series": "feet", "statistic": "min"}},
            "covers": [
                {
                    "name": "low water",
                    "payout": {"kind": "linear", "index": "low", "pays": "below", "trigger": 16, "exit": 14},
                    "sum_insured_cny": 1000,
                }
            ],
        }
    )
    there = Sources(tmp_path, lambda key: "scenario.yaml:" + ".".join(map(str, key)), Ledger())
    read_record(part, 1993, 1, there)
    told = sorted(str(fault).replace(f"{tmp_path}/", "") for fault in there.faults)
    assert told == [
        "double.csv:10  date = 1903-07-01\n"
        "  Row 8 has this date too. Keep one, or say by `combine` how they become one.",
        "empty.csv  level is empty in all 1080 rows\n  A series needs values.",
        "feet.csv:542, `level`, 1948-01  Looks like a change of unit: from about 1948-01 on all values are multiplied "
        "by a factor of 3.2808: m and ft.\n  Convert these values to m. If the jump is true, write "
        "`accept_unit_change: true` under `history`.  [m]",
        "flow.nc, variable `flow`  no attribute `units`\n  A file that states no unit is refused. If its owner says "
        'm3/s, write it into the file: `ncatted -a units,flow,c,c,"m3/s" flow.nc`.  [m3/s]',
        "order.csv:10  date = 1903-08-01\n  Comes after 1903-09-01 of row 9. Sort the rows by date.",
    ]
