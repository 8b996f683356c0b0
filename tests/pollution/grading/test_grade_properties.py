# SPDX-License-Identifier: Apache-2.0
"""What holds of every plant: a grade never falls as the danger grows, and lies between its readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from graded_zone import Held, Plant, rules, zone
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.pollution.grading.hj941 import grade
from greenrisk.pollution.grading.readings import grade_readings
from greenrisk.pollution.inventory import CONTROLS

MANY = settings(max_examples=50, deadline=None, derandomize=True)
MEDIA = st.sampled_from([("air",), ("water",), ("air", "water"), ()])
QUANTITIES = st.one_of(st.floats(0.0, 1e4), st.sampled_from([0.0, 0.1, 1.0, 10.0, 100.0]))
HOLDINGS = st.builds(
    Held,
    tonnes=QUANTITIES,
    critical=st.sampled_from([0.25, 1.0, 2.5, 10.0]),
    media=MEDIA,
    perhaps=MEDIA,
    toxic=st.sampled_from(["no", "perhaps", "yes"]),
)
PEOPLE = st.one_of(st.integers(0, 200_000), st.sampled_from([500, 1_000, 10_000, 50_000]))
OUTLETS = st.fixed_dictionaries(
    {},
    optional={
        "drinking": st.booleans(),
        "sensitive": st.booleans(),
        "karst": st.booleans(),
        "crosses": st.sampled_from(["none", "province", "nation"]),
    },
)
PLANTS = st.builds(
    Plant,
    held=st.lists(HOLDINGS, min_size=1, max_size=5),
    lacks=st.lists(st.sampled_from(CONTROLS), unique=True),
    route=st.sampled_from(["none", "to_plant", "direct"]),
    people_5km=PEOPLE,
    people_500m=PEOPLE,
    special_area=st.booleans(),
    outlets=st.lists(OUTLETS, max_size=2),
    processes=st.lists(
        st.tuples(st.sampled_from(["nitration", "other_high_risk", "eliminated"]), st.integers(1, 3)),
        max_size=3,
    ),
    history=st.lists(
        st.tuples(
            st.integers(2018, 2024),
            st.sampled_from(["accident", "illegal_waste"]),
            st.sampled_from(["", "general", "larger", "major"]),
            st.sampled_from(["air", "water", "both", ""]),
        ),
        max_size=2,
    ),
)
ROUTES = ("none", "to_plant", "direct")


def two(plant: Plant, worse: Plant, **options: Any) -> tuple[int, int]:
    inventory, counted = zone(plant, worse)
    found = grade(inventory, counted, rules(), year=2024, **options)
    assert (found.medium_grade[:, 0] <= found.medium_grade[:, 1]).all()
    return int(found.grade[0]), int(found.grade[1])


@MANY
@given(PLANTS, st.integers(0, 4), st.floats(1.0, 1e3))
def test_a_grade_never_falls_as_a_quantity_grows(plant: Plant, place: int, factor: float) -> None:
    held = list(plant.held)
    place %= len(held)
    held[place] = replace(held[place], tonnes=held[place].tonnes * factor)
    before, after = two(plant, replace(plant, held=held))
    assert before <= after


@MANY
@given(PLANTS, HOLDINGS)
def test_a_grade_never_falls_as_a_substance_is_added(plant: Plant, held: Held) -> None:
    before, after = two(plant, replace(plant, held=[*plant.held, held]))
    assert before <= after


@MANY
@given(
    PLANTS, st.integers(0, 100_000), st.integers(0, 100_000), st.sampled_from(["sensitive", "less_sensitive"])
)
def test_a_grade_never_falls_as_people_move_near(plant: Plant, far: int, near: int, boundary: str) -> None:
    worse = replace(plant, people_5km=plant.people_5km + far, people_500m=plant.people_500m + near)
    before, after = two(plant, worse, boundary=boundary)
    assert before <= after


@MANY
@given(PLANTS, st.sampled_from(CONTROLS))
def test_a_grade_never_falls_as_a_control_is_lost(plant: Plant, control: str) -> None:
    before, after = two(plant, replace(plant, lacks=[*plant.lacks, control]))
    assert before <= after


@MANY
@given(PLANTS, OUTLETS)
def test_a_grade_never_falls_as_an_outlet_is_added(plant: Plant, outlet: Mapping[str, object]) -> None:
    before, after = two(plant, replace(plant, outlets=[*plant.outlets, outlet]))
    assert before <= after


@MANY
@given(PLANTS)
def test_a_grade_never_falls_as_the_effluent_goes_a_worse_way(plant: Plant) -> None:
    worse = ROUTES[min(ROUTES.index(plant.route) + 1, 2)]
    before, after = two(plant, replace(plant, route=worse))
    assert before <= after


@MANY
@given(PLANTS)
def test_the_low_reading_and_the_higher_cut_are_never_severer(plant: Plant) -> None:
    inventory, counted = zone(plant)
    found = grade_readings(inventory, counted, rules(), year=2024)
    by = found.grade[..., 0]
    assert (by[:, 0] <= by[:, 1]).all()  # part: low, high
    assert (by[1] <= by[0]).all()  # cut: 60, 65
    assert (by[:, :, 1] <= by[:, :, 0]).all()  # boundary: sensitive, less
    lowest, highest = found.ends
    assert lowest[0] == by.min()
    assert highest[0] == by.max()


@MANY
@given(st.lists(PLANTS, min_size=2, max_size=4))
def test_a_plant_is_graded_alone_as_among_others(plants: list[Plant]) -> None:
    together = grade(*zone(*plants), rules(), year=2024).grade
    alone = [int(grade(*zone(plant), rules(), year=2024).grade[0]) for plant in plants]
    assert together.tolist() == alone


@MANY
@given(PLANTS)
def test_points_lie_between_0_and_100(plant: Plant) -> None:
    found = grade(*zone(plant), rules(), year=2024)
    assert (found.m >= 0.0).all()
    assert (found.m <= 100.0).all()
    assert np.isin(found.grade, (0, 1, 2)).all()
