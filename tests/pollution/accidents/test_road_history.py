# SPDX-License-Identifier: Apache-2.0
"""The place of an accident in the history: what is accepted, what is refused, and what comes of it."""

import numpy as np
import pandas as pd
from small_zone import shipped_bounds, shipped_substances, small_zone

from greenrisk.pollution.inventory_arrays import inventory_of
from greenrisk.pollution.inventory_checks import inventory_faults
from greenrisk.pollution.tables import HISTORY_PLACES


def faults(**cells: object) -> list[str]:
    frames = small_zone()
    for column, value in cells.items():
        frames["zone-history"].loc[0, column] = value
    found, _ = inventory_faults(
        frames, {"zone-history": "history.csv"}, shipped_substances(), shipped_bounds()
    )
    return [str(fault) for fault in found]


def test_an_accident_on_the_road_needs_a_plant_with_vehicles():
    carrier = str(small_zone()["zone-vehicles"]["plant_id"].iloc[0])
    assert faults(plant_id=carrier, place="road") == []
    other = next(str(one) for one in small_zone()["zone-plants"]["plant_id"] if one != carrier)
    assert faults(plant_id=other, place="site") == []
    assert faults(plant_id=other, place="road") == [
        f"history.csv:2  place = road\n  The table of vehicles has no route of {other}. Add what it carries, or write "
        "`site`."
    ]


def test_a_penalty_has_no_place():
    told = faults(kind="other_penalty", level=None, direct_loss_cny=np.nan, place="site")
    assert told == [
        "history.csv:2  place = site\n  Only an accident has one; this record is `other_penalty`."
    ]


def test_the_column_is_read_by_its_choices_and_its_absence_is_kept_apart_from_empty_cells():
    frames = small_zone()
    assert inventory_of(frames).history.place is None
    row = frames["zone-history"].iloc[[0]]
    frames["zone-history"] = pd.concat([row] * 3, ignore_index=True).assign(place=["road", None, "site"])
    place = inventory_of(frames).history.place
    assert place is not None
    assert place.tolist() == [HISTORY_PLACES.index("road"), -1, HISTORY_PLACES.index("site")]
    frames["zone-history"] = frames["zone-history"].iloc[:0]
    empty = inventory_of(frames).history.place
    assert empty is not None
    assert empty.size == 0
