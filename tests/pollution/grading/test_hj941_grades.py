# SPDX-License-Identifier: Apache-2.0
"""HJ 941-2018 against hand-worked plants: every cell, cut, control, event, window and written form."""

from __future__ import annotations

import numpy as np
import pytest
from graded_zone import Held, Plant, graded, rules, zone

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.grading.hj941 import control_points, control_sums, grade
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.grading.written import written

# The matrix as the handbook prints it, by band and by level of receptors, M1 to M4.
MATRIX = {
    ("Q1", "E1"): "较较重重",
    ("Q1", "E2"): "一较较重",
    ("Q1", "E3"): "一一较较",
    ("Q2", "E1"): "较重重重",
    ("Q2", "E2"): "较较重重",
    ("Q2", "E3"): "一较较重",
    ("Q3", "E1"): "重重重重",
    ("Q3", "E2"): "较重重重",
    ("Q3", "E3"): "较较重重",
}
WORDS = {"一": "general", "较": "larger", "重": "major"}
QUANTITY = {"Q1": 5.0, "Q2": 50.0, "Q3": 500.0}
AIR_PEOPLE = {"E1": 60_000.0, "E2": 20_000.0, "E3": 100.0}
OUTLET = {"E1": [{"drinking": True}], "E2": [{"sensitive": True}], "E3": [{}]}
# Air: 0; no distance 25; no distance, two listed processes 45; no distance, no monitor, two processes 70.
AIR_M = {
    "M1": {},
    "M2": {"lacks": ["distance_met"]},
    "M3": {"lacks": ["distance_met"], "processes": [("chlorination", 2)]},
    "M4": {"lacks": ["distance_met", "gas_monitor"], "processes": [("chlorination", 2)]},
}
# Water: 0; two controls 16 and waste 10 = 26; four of 8 and direct 12 = 44, waste 10 = 54; and two processes 74.
WATER_M = {
    "M1": {},
    "M2": {"lacks": ["interception", "rain_water", "waste_managed"]},
    "M3": {
        "lacks": ["interception", "rain_water", "clean_water", "waste_water", "waste_managed"],
        "route": "direct",
    },
    "M4": {
        "lacks": ["interception", "rain_water", "clean_water", "waste_water", "waste_managed"],
        "route": "direct",
        "processes": [("chlorination", 1), ("nitration", 1)],
    },
}


@pytest.mark.parametrize(("band", "level"), MATRIX)
@pytest.mark.parametrize("m_class", ["M1", "M2", "M3", "M4"])
def test_a_cell_of_the_matrix_grades_a_plant_of_air(band: str, level: str, m_class: str) -> None:
    word = MATRIX[band, level][int(m_class[1]) - 1]
    held = [Held(QUANTITY[band], media=("air",), toxic="yes")]
    names, texts = graded(Plant(held, people_5km=AIR_PEOPLE[level], **AIR_M[m_class]))
    assert names == [WORDS[word]]
    whole = {"一": "一般", "较": "较大", "重": "重大"}[word]
    assert texts == [f"{whole}-大气({band}-{m_class}-{level})"]


@pytest.mark.parametrize(("band", "level"), MATRIX)
@pytest.mark.parametrize("m_class", ["M1", "M2", "M3", "M4"])
def test_a_cell_of_the_matrix_grades_a_plant_of_water(band: str, level: str, m_class: str) -> None:
    word = MATRIX[band, level][int(m_class[1]) - 1]
    held = [Held(QUANTITY[band], media=("water",))]
    names, texts = graded(Plant(held, outlets=OUTLET[level], **WATER_M[m_class]))
    assert names == [WORDS[word]]
    whole = {"一": "一般", "较": "较大", "重": "重大"}[word]
    assert texts == [f"{whole}-水({band}-{m_class}-{level})"]


@pytest.mark.parametrize(
    ("q", "band"),
    [(0.999, 0), (1.0, 1), (9.99, 1), (10.0, 2), (99.9, 2), (100.0, 3), (1e6, 3)],
)
def test_a_band_of_quantity_holds_its_lower_end(q: float, band: int) -> None:
    inventory, counted = zone(Plant([Held(q * 0.25, 0.25)]))
    assert grade(inventory, counted, rules()).q_band.tolist() == [[band], [band]]


def test_ten_tenths_are_one_although_their_floating_sum_is_less() -> None:
    tenths = [Held(0.25, 2.5) for _ in range(10)]
    assert sum(0.25 / 2.5 for _ in range(10)) < 1.0
    inventory, counted = zone(Plant(tenths))
    assert grade(inventory, counted, rules()).q_band.tolist() == [[1], [1]]


def test_a_substance_counts_in_the_lists_that_it_stands_in() -> None:
    inventory, counted = zone(Plant([Held(30.0, 10.0, ("air",)), Held(4.0, 2.0, ("water",)), Held(1.0, 0.5)]))
    assert grade(inventory, counted, rules()).terms.q.ravel().tolist() == [3.0 + 2.0, 2.0 + 2.0]


def test_below_q1_a_plant_is_general_whatever_its_controls_and_neighbours() -> None:
    lacking = ["gas_monitor", "distance_met", "interception"]
    worst = Plant(
        [Held(0.9, toxic="yes")],
        lacks=lacking,
        people_5km=1e6,
        outlets=[{"drinking": True}],
        processes=[("nitration", 9)],
    )
    assert graded(worst) == (["general"], ["一般[一般-大气(Q0)+一般-水(Q0)]"])


def test_one_medium_below_q1_is_written_without_m_and_e() -> None:
    assert graded(Plant([Held(0.5, media=("air",))]))[1] == ["一般-大气(Q0)"]


def test_a_plant_that_holds_nothing_is_general_in_both_media() -> None:
    assert graded(Plant()) == (["general"], ["一般[一般-大气(Q0)+一般-水(Q0)]"])


def test_the_higher_of_two_media_holds_and_both_are_written() -> None:
    plant = Plant(
        [Held(2.0, media=("air",), toxic="yes"), Held(20.0, media=("water",))],
        lacks=["gas_monitor", "interception", "rain_water", "clean_water"],
        processes=[("oxidation", 2)],
        people_5km=60_000,
        outlets=[{"karst": True}],
    )
    # Air: Q1, 20 + 25 = 45 points M3, E1: major. Water: Q2, 20 + 24 = 44 points M2, E2: larger.
    assert graded(plant) == (["major"], ["重大[重大-大气(Q1-M3-E1)+较大-水(Q2-M2-E2)]"])
    inventory, counted = zone(plant)
    english = written(grade(inventory, counted, rules()), rules(), "en").tolist()
    assert english == ["major [major air (Q1-M3-E1) + larger water (Q2-M2-E2)]"]


@pytest.mark.parametrize(
    ("points", "m_class"), [(20, 0), (25, 1), (40, 1), (45, 2), (60, 2), (65, 3), (70, 3)]
)
def test_a_class_of_m_holds_its_lower_end(points: int, m_class: int) -> None:
    # Sets of 5 points up to the cap of 30, then the distance (25) and an event of 10, 15 or 20.
    sets, lacks, history = divmod(points, 5)[0], [], []
    if points > 30:
        lacks, sets = ["distance_met"], (points - 25) // 5
    if points > 55:
        history, sets = [(2024, "accident", "general", "air")], (points - 35) // 5
    if points > 65:
        history, sets = [(2024, "accident", "larger", "air")], (points - 40) // 5
    plant = Plant(
        [Held(2.0)], lacks=lacks, history=history, processes=[("other_high_risk", sets)] if sets else []
    )
    inventory, counted = zone(plant)
    found = grade(inventory, counted, rules())
    assert found.m[0].tolist() == [points]
    assert found.m_class[0].tolist() == [m_class]


def test_the_cut_at_60_makes_m4_of_60_points() -> None:
    plant = Plant(
        [Held(2.0, toxic="yes")],
        lacks=["distance_met", "gas_monitor"],
        processes=[("other_high_risk", 2)],
        people_5km=20_000,
    )
    inventory, counted = zone(plant)
    at = {cut: grade(inventory, counted, rules(), cut=cut) for cut in (60, 65)}
    assert [found.m[0, 0] for found in at.values()] == [60.0, 60.0]
    assert {cut: GRADES[found.medium_grade[0, 0]] for cut, found in at.items()} == {60: "major", 65: "larger"}


def test_n_lines_of_k_processes_are_n_times_k_sets_up_to_the_cap() -> None:
    one, three = ("chlorination", 1), ("nitration", 1)
    plants = [
        Plant(processes=[one]),
        Plant(processes=[one, three]),
        Plant(processes=[("other_high_risk", 3)]),
        Plant(processes=[("eliminated", 1), one]),
        Plant(processes=[("chlorination", 2), ("nitration", 2)]),
    ]
    inventory, counted = zone(*plants)
    found = grade(inventory, counted, rules())
    assert found.terms.process.tolist() == [10.0, 20.0, 15.0, 15.0, 40.0]
    assert found.m[0].tolist() == [10.0, 20.0, 15.0, 15.0, 30.0]


def test_each_control_adds_its_points_to_its_medium_alone() -> None:
    expected = {
        "gas_monitor": (25.0, 0.0),
        "distance_met": (25.0, 0.0),
        "interception": (0.0, 8.0),
        "accident_water": (0.0, 8.0),
        "clean_water": (0.0, 8.0),
        "rain_water": (0.0, 8.0),
        "waste_water": (0.0, 8.0),
        "waste_managed": (0.0, 10.0),
    }
    plants = [Plant([Held(1.0, toxic="yes")], lacks=[control]) for control in expected]
    inventory, counted = zone(*plants)
    assert [tuple(m) for m in grade(inventory, counted, rules()).m.T.tolist()] == list(expected.values())


def test_the_discharge_route_adds_0_6_or_12_points_to_water() -> None:
    inventory, counted = zone(*[Plant(route=route) for route in ("none", "to_plant", "direct")])
    assert grade(inventory, counted, rules()).m.tolist() == [[0.0, 0.0, 0.0], [0.0, 6.0, 12.0]]


def test_all_points_of_a_medium_make_100() -> None:
    everything = [
        "gas_monitor",
        "distance_met",
        "interception",
        "accident_water",
        "clean_water",
        "rain_water",
    ]
    plant = Plant(
        [Held(1.0, toxic="yes")],
        lacks=[*everything, "waste_water", "waste_managed"],
        route="direct",
        processes=[("nitration", 3)],
        history=[(2024, "accident", "extraordinary", "both")],
    )
    inventory, counted = zone(plant)
    found = grade(inventory, counted, rules())
    assert found.m.ravel().tolist() == [100.0, 100.0]
    items = control_points(found.terms, rules())
    assert [sum(float(item[0]) for item in medium) for medium in items] == [100.0, 100.0]
    np.testing.assert_array_equal(control_sums(found.terms, rules()), found.m)


def test_no_monitor_is_asked_for_where_no_toxic_gas_is_held() -> None:
    held = [[Held(1.0)], [Held(1.0, toxic="yes")], [Held(0.0, toxic="yes")], [Held(1.0, toxic="perhaps")]]
    inventory, counted = zone(*[Plant(each, lacks=["gas_monitor"]) for each in held])
    assert grade(inventory, counted, rules(), reading="high").m[0].tolist() == [0.0, 25.0, 0.0, 25.0]
    assert grade(inventory, counted, rules(), reading="low").m[0].tolist() == [0.0, 25.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("level", "air", "water"),
    [("", 0, 0), ("general", 10, 4), ("larger", 15, 6), ("major", 20, 8), ("extraordinary", 20, 8)],
)
def test_the_worst_event_of_the_window_is_scored(level: str, air: float, water: float) -> None:
    records = [(2023, "accident", level, "both"), (2023, "accident", "", "both")]
    inventory, counted = zone(Plant(history=records))
    assert grade(inventory, counted, rules(), year=2024).m.ravel().tolist() == [air, water]


def test_an_event_counts_for_its_medium_and_for_both_where_none_is_told() -> None:
    plants = [
        Plant(history=[(2024, "accident", "general", medium)]) for medium in ("air", "water", "both", "")
    ]
    inventory, counted = zone(*plants)
    assert grade(inventory, counted, rules()).m.tolist() == [[10, 0, 10, 10], [0, 4, 4, 4]]


def test_an_event_of_the_first_year_of_the_window_still_counts_and_an_older_one_does_not() -> None:
    plants = [Plant(history=[(year, "accident", "general", "air")]) for year in (2020, 2021, 2024)]
    inventory, counted = zone(*plants)
    assert grade(inventory, counted, rules(), year=2024).m[0].tolist() == [0, 10, 10]


def test_without_a_year_the_latest_record_dates_the_grading() -> None:
    inventory, counted = zone(Plant(history=[(2020, "accident", "general", "air")]))
    assert grade(inventory, counted, rules()).m[0].tolist() == [10]


def test_a_record_after_the_year_of_the_grading_is_refused() -> None:
    inventory, counted = zone(Plant(history=[(2025, "accident", "general", "air")]))
    with pytest.raises(ArgumentError) as raised:
        grade(inventory, counted, rules(), year=2024)
    assert str(raised.value) == (
        "year  year = 2024\n  The history has a record of 2025. Grade a year not before it.\n1 fault."
    )


def test_an_unknown_process_is_refused_with_a_near_one() -> None:
    inventory, counted = zone(Plant(processes=[("chlorinaton", 1)]))
    with pytest.raises(ArgumentError) as raised:
        grade(inventory, counted, rules())
    assert str(raised.value).startswith(
        "processes  process = chlorinaton\n  The process table does not have it. Did you mean `chlorination`?"
    )


def test_a_chinese_name_of_a_process_scores_the_same() -> None:
    inventory, counted = zone(Plant(processes=[("氯化", 1)]), Plant(processes=[("chlorination", 1)]))
    assert grade(inventory, counted, rules()).m[0].tolist() == [10.0, 10.0]


def test_an_unknown_cut_is_refused() -> None:
    inventory, counted = zone(Plant())
    with pytest.raises(ArgumentError, match="Readings of the table: 60, 65"):
        grade(inventory, counted, rules(), cut=70)
