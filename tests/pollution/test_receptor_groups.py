# SPDX-License-Identifier: Apache-2.0
"""Groups of receptors and of what moved a grade: what a page and a map are made of says what the inventory says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.pollution.grading.cheapest_steps import steps_table
from greenrisk.pollution.grading.leverage import leverage
from greenrisk.pollution.grading.leverage_groups import leverage_group, steps_group
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.receptor_groups import outlets_group, receptors_group


def test_receptors_are_those_of_the_table_of_plants(job: ZoneJob) -> None:
    plants = job.facts.inventory.plants
    found = receptors_group(job.facts.inventory)
    assert found["plant"].values.tolist() == plants.ids.tolist()
    for name in ("people_500m", "people_1km", "people_5km", "employees", "special_area_5km", "lon", "lat"):
        np.testing.assert_array_equal(found[name].values, getattr(plants, name))


def test_every_outlet_names_a_plant_and_what_lies_below(job: ZoneJob) -> None:
    outlets = job.facts.inventory.outlets
    found = outlets_group(job.facts.inventory)
    assert set(found["plant"].values) <= set(job.facts.inventory.plants.ids)
    assert found.sizes["outlet"] == outlets.ids.size
    np.testing.assert_array_equal(found["sensitive_water_10km"].values, outlets.sensitive_water_10km)


def _same(group: xr.Dataset, frame: pd.DataFrame) -> None:
    assert group.sizes[next(iter(group.sizes))] == len(frame)
    for name in frame.columns:
        if frame[name].dtype.kind in "if":
            np.testing.assert_array_equal(group[name].values, frame[name].to_numpy())
        else:
            assert group[name].values.tolist() == frame[name].astype(str).tolist()


def test_the_group_of_leverage_has_the_rows_of_its_table(job: ZoneJob) -> None:
    found = job.facts.grade
    rows = leverage(found.inventory, found.counted, found.rules, cut=found.cut, year=found.year)
    _same(leverage_group(found), rows)
    assert leverage_group(found)["plants"].attrs["units"] == "count"


def test_the_group_of_steps_has_the_rows_of_its_table(job: ZoneJob) -> None:
    found = job.facts.grade
    rows = steps_table(found.inventory, found.counted, found.headline, found.rules, reading=found.part)
    _same(steps_group(found), rows)
    assert steps_group(found)["cost_cny"].attrs["units"] == "CNY"
