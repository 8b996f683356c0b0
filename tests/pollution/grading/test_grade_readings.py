# SPDX-License-Identifier: Apache-2.0
"""A grade in all readings: the cut between M3 and M4, the part of App. A, equality at a cut of people."""

from __future__ import annotations

import numpy as np
from graded_zone import Held, Plant, rules, zone

from greenrisk.pollution.grading.readings import grade_readings
from greenrisk.pollution.grading.words import GRADES

CUT = Plant(  # air, Q1, 25 + 25 + 10 = 60 points, E2: M3 larger or M4 major
    [Held(2.0, media=("air",), toxic="yes")],
    lacks=["distance_met", "gas_monitor"],
    processes=[("nitration", 1)],
    people_5km=20_000,
)
PART = Plant(  # water Q1-M1-E3 general; air, only if its part lets it, Q2-M1-E1 larger
    [Held(2.0, media=("water",)), Held(30.0, media=(), perhaps=("air",))], people_5km=60_000
)
EQUAL = Plant([Held(20.0, media=("air",))], people_5km=10_000)  # Q2-M1: E2 larger, E3 general
SURE = Plant([Held(200.0)], people_5km=60_000)  # Q3-E1: major whatever M


def test_each_question_moves_the_plant_that_hangs_on_it_and_no_other() -> None:
    inventory, counted = zone(CUT, PART, EQUAL, SURE)
    found = grade_readings(inventory, counted, rules())
    assert found.moved_by("cut").tolist() == [True, False, False, False]
    assert found.moved_by("part").tolist() == [False, True, False, False]
    assert found.moved_by("boundary").tolist() == [False, False, True, False]
    lowest, highest = found.ends
    assert [GRADES[grade] for grade in lowest] == ["larger", "general", "general", "major"]
    assert [GRADES[grade] for grade in highest] == ["major", "larger", "larger", "major"]


def test_the_table_of_readings_lists_only_plants_that_differ() -> None:
    inventory, counted = zone(SURE, CUT)
    table = grade_readings(inventory, counted, rules()).table(inventory)
    assert set(table["plant_id"]) == {"P1"}
    assert len(table) == 8
    assert set(zip(table["cut"], table["written"], strict=True)) == {
        (60, "重大-大气(Q1-M4-E2)"),
        (65, "较大-大气(Q1-M3-E2)"),
    }


def test_no_plant_differs_where_nothing_is_in_doubt() -> None:
    inventory, counted = zone(SURE)
    found = grade_readings(inventory, counted, rules())
    assert found.table(inventory).empty
    assert np.unique(found.grade).tolist() == [2]


def test_a_plant_out_of_scope_is_refused_in_every_reading() -> None:
    inventory, counted = zone(Plant([Held(1e3, perhaps=("air",))], kind="port"))
    assert np.unique(grade_readings(inventory, counted, rules()).grade).tolist() == [-1]
