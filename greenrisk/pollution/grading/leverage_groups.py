# SPDX-License-Identifier: Apache-2.0
"""Groups of the result: unconfirmed rows of the rules that moved a grade, and the cheapest steps that lower one."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from greenrisk.pollution.grading.cheapest_steps import steps_table
from greenrisk.pollution.grading.inventory_grade import InventoryGrade
from greenrisk.pollution.grading.leverage import leverage


def leverage_group(found: InventoryGrade) -> xr.Dataset:
    """Return the group ``/grade_leverage``: rows that are not confirmed and without which a grade would change.

    Parameters
    ----------
    found : InventoryGrade
        The grades.

    Returns
    -------
    xarray.Dataset
        By ``moved``, the row that moves most first: ``table``, ``row``, ``value``, ``status``, ``without`` (what was
        assumed instead), ``plants`` (how many grades move) [count], ``plant_ids``.
    """
    rows = leverage(found.inventory, found.counted, found.rules, cut=found.cut, year=found.year)
    return _group(rows, "moved", {"plants": "count"}, "Unconfirmed rows of the rules that moved a grade")


def steps_group(found: InventoryGrade) -> xr.Dataset:
    """Return the group ``/grade_steps``: the cheapest step, or pair of steps, to each lower grade.

    Parameters
    ----------
    found : InventoryGrade
        The grades.

    Returns
    -------
    xarray.Dataset
        By ``way``: ``plant_id``, ``name``, ``grade``, ``to_grade`` (empty where no step or pair helps), ``steps``,
        ``cost_cny`` [CNY], ``written`` (the grade then).
    """
    rows = steps_table(found.inventory, found.counted, found.headline, found.rules, reading=found.part)
    return _group(rows, "way", {"cost_cny": "CNY"}, "Cheapest steps that lower a grade")


def _group(rows: pd.DataFrame, dim: str, units: dict[str, str], title: str) -> xr.Dataset:
    data = {}
    for name in rows.columns:
        values = rows[name].to_numpy() if name in units else rows[name].astype(str).to_numpy(dtype=str)
        data[str(name)] = (dim, values, {"units": units[name]} if name in units else {})
    return xr.Dataset(data, attrs={"title": title})
