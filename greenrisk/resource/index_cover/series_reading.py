# SPDX-License-Identifier: Apache-2.0
"""From what a scenario says of a series to the series: tables, gridded files, data sets of statsmodels."""

from __future__ import annotations

from typing import Final

import numpy as np

from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.gridded import read_gridded
from greenrisk.resource.index_cover.packaged import UNIT, read_packaged
from greenrisk.resource.index_cover.series import Series
from greenrisk.resource.index_cover.series_dates import in_words, longest_run, on_grid, step_of
from greenrisk.resource.index_cover.series_spec import GriddedSeries, PackagedSeries, SeriesSpec
from greenrisk.resource.index_cover.series_table import Dated, read_table_series

STEPS: Final = {"day": "days", "month": "months", "year": "years"}


def read_series(name: str, spec: SeriesSpec, key_path: KeyPath, sources: Sources) -> Series | None:
    """Return a series.

    Parameters
    ----------
    name : str
        Its name in the scenario.
    spec : TableSeries, GriddedSeries or PackagedSeries
        What the scenario says of it.
    key_path : tuple
        Where the scenario says so.
    sources : Sources
        Finds and hashes files, takes faults; its ledger is told what is missing.

    Returns
    -------
    Series or None
        None where faults were recorded.
    """
    dated: Dated | None
    if isinstance(spec, PackagedSeries):
        dated, unit, file = (
            read_packaged(spec, key_path, sources),
            UNIT[spec.dataset],
            f"statsmodels: {spec.dataset}",
        )
    elif isinstance(spec, GriddedSeries):
        dated, unit, file = read_gridded(spec, key_path, sources), spec.unit, spec.file
    else:
        dated, unit, file = read_table_series(spec, key_path, sources), spec.unit, spec.file
    if dated is None:
        return None
    if dated.days.size < 2:
        sources.fault((*key_path, "file"), f"file = {file}", "Holds one date. A series has two or more.")
        return None
    step = step_of(dated.days)
    if step is None:
        apart = int(np.median(np.diff(dated.days).astype(np.int64)))
        sources.fault(
            (*key_path, "file"),
            f"file = {file}",
            f"Its dates lie {apart} days apart. A series is of days, months or years: fill or join the dates first.",
        )
        return None
    time, value = on_grid(dated.days, dated.value, step)
    missing = np.isnan(value)
    if missing.any():
        length, start = longest_run(missing)
        sources.ledger.add(
            "read",
            name,
            f"{int(missing.sum())} of {missing.size} {STEPS[step]} are missing; the longest gap is of {length} from "
            f"{in_words(time[start], step)} on.",
            int(missing.sum()),
        )
    rows = None
    if dated.rows is not None:
        rows = np.nan_to_num(on_grid(dated.days, dated.rows.astype(np.float64), step)[1]).astype(np.int64)
    return Series(name, step, time, value, unit, file, dated.origin, spec.note, rows)
