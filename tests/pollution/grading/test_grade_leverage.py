# SPDX-License-Identifier: Apache-2.0
"""Which unconfirmed rows move a grade: each is found where it does, and told with the plants that it moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from graded_zone import Held, Plant, rules, zone

from greenrisk.pollution.grading.leverage import leverage
from greenrisk.pollution.grading.rules import Rules


def found(*plants: Plant, by: Rules | None = None) -> pd.DataFrame:
    inventory, counted = zone(*plants)
    return leverage(inventory, counted, by or rules())


def rows(table: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    return {(line.table, line.row): (line.value, line.plant_ids) for line in table.itertuples()}


def test_the_cell_the_points_and_the_receptor_that_a_grade_hangs_on_are_found() -> None:
    # Air Q1-E2 with 25 points: M2 larger. Without the points M1 general, without the people E3 general.
    plant = Plant([Held(2.0, media=("air",))], lacks=["distance_met"], people_5km=20_000)
    assert rows(found(Plant([Held(0.5)]), plant)) == {
        ("hj941-control-points-air", "distance_met, no"): ("25 points", "P1"),
        ("hj941-air-receptors", "E2, people_5km"): ("10000 people", "P1"),
        ("hj941-grade-matrix", "Q1-M2-E2"): ("larger", "P1"),
    }


def test_a_water_receptor_a_route_and_an_event_are_found() -> None:
    # Water Q2-E1: 12 + 8 + 6 = 26 points, M2 major.
    plant = Plant(
        [Held(20.0, media=("water",))],
        lacks=["rain_water"],
        route="direct",
        outlets=[{"drinking": True}],
        history=[(2024, "accident", "larger", "water")],
    )
    assert set(rows(found(plant))) == {
        ("hj941-control-points-water", "rain_water, no"),
        ("hj941-control-points-water", "discharge_route, direct"),
        ("hj941-event-points", "water, larger"),
        ("hj941-water-receptors", "drinking_water_10km"),
        ("hj941-grade-matrix", "Q2-M2-E1"),
    }


def test_the_upgrade_and_an_unconfirmed_quantity_are_found() -> None:
    record = [(2024, "illegal_waste", "", "")]
    plants = [
        Plant([Held(0.5)], history=record),
        Plant(
            [Held(20.0, media=("water",), status="unconfirmed", name="ethanol")], outlets=[{"karst": True}]
        ),
    ]
    table = rows(found(*plants))
    assert table["hj941-special-rules", "penalty_upgrade"] == ("1 grade", "P0")
    assert table["substances", "ethanol"] == ("1 t", "P1")


def test_a_confirmed_row_is_not_told() -> None:
    plant = Plant([Held(2.0, media=("air",))], lacks=["distance_met"], people_5km=20_000)
    sure = replace(
        rules(),
        control_status=np.zeros_like(rules().control_status),
        people_status=np.zeros_like(rules().people_status),
        matrix_status=np.zeros_like(rules().matrix_status),
    )
    assert found(plant, by=sure).empty


def test_the_row_that_moves_most_plants_comes_first() -> None:
    one = Plant([Held(2.0, media=("air",))], lacks=["distance_met"], people_5km=20_000)
    two = Plant([Held(20.0, media=("water",))], outlets=[{"karst": True}])
    table = found(one, two, two)
    assert table["plants"].tolist() == sorted(table["plants"], reverse=True)
    assert table["plant_ids"].iloc[0] == "P1 P2"
