# SPDX-License-Identifier: Apache-2.0
"""The cheapest steps that lower a grade: by hand, and against an exhaustive search and a linear programme."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from graded_zone import Held, Plant, rules, zone
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.grading.cheapest_steps import cheapest_steps, steps_table
from greenrisk.pollution.grading.hj941 import grade
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.steps import possible_steps, stock_of

COSTS = {
    "gas_monitor": (800.0, 0.0),
    "distance_met": (500.0, 10.0),
    "interception": (1_500.0, 0.0),
    "accident_water": (3_000.0, 0.0),
    "clean_water": (600.0, 0.0),
    "rain_water": (700.0, 0.0),
    "waste_water": (2_500.0, 0.0),
    "waste_managed": (400.0, 0.0),
    "discharge_to_plant": (2_000.0, 0.0),
    "discharge_none": (8_000.0, 0.0),
    "quantity": (100.0, 20.0),
    "eliminated": (0.0, 5_000.0),
}
PRICED = replace(rules(), costs=COSTS, most_share=1.0)
CHEMICALS = [Held(40.0, 10.0, ("water",), name="a"), Held(8.0, 1.0, ("water",), name="b")]  # Q 4 + 8 = 12


def ways(plant: Plant, by: Rules = PRICED) -> list[tuple[int, float, str, str]]:
    """Return (grade then, cost, steps, written then) of the cheapest ways of a plant."""
    inventory, counted = zone(plant)
    found = grade(inventory, counted, by)
    return [
        (way.after, way.cost, "; ".join(step.detail for step in way.steps), way.written)
        for way in cheapest_steps(inventory, counted, found, by, 0)
    ]


def test_a_control_that_leaves_its_class_lowers_the_grade() -> None:
    # Water Q3-E1 is major whatever M; Q2-M2-E1 major, M1 larger: 18 points of waste and one control, 12 direct.
    plant = Plant(
        [Held(20.0, media=("water",))],
        lacks=["waste_managed", "rain_water"],
        route="direct",
        outlets=[{"drinking": True}],
    )
    # 8 + 10 + 12 = 30 points. Without waste 20: M1, larger, for 400; Q below 10 would be M2-E1 larger for 302.
    only_controls = replace(PRICED, costs={**COSTS, "quantity": (1e6, 1e6)})
    assert ways(plant, only_controls)[0] == (1, 400.0, "waste_managed", "较大-水(Q2-M1-E1)")
    assert ways(plant)[0][:2] == (1, pytest.approx(100.0 + 20.0 * (20.0 - 9.9)))


def test_less_on_site_takes_first_what_counts_most_by_tonne() -> None:
    # Q2-M1-E2 larger, Q1-M1-E2 general. Below 10, with 1 %: 2.1 of the 12 go, all of b, 1 per tonne: 2.1 t.
    plant = Plant(CHEMICALS, outlets=[{"sensitive": True}])
    ((after, cost, detail, written),) = ways(plant)
    assert (after, written) == (0, "一般-水(Q1-M1-E2)")
    assert cost == pytest.approx(100.0 + 20.0 * 2.1)
    assert detail == "Q water below 10: b from 8 t to 5.9 t"


def test_a_solution_is_taken_off_by_its_own_tonnes() -> None:
    held = [Held(12.0, 1.0, ("water",), on_site=40.0, name="acid")]  # 40 t of solution count as 12 t
    plant = Plant(held, outlets=[{"sensitive": True}])
    ((_, cost, detail, _),) = ways(plant)
    assert cost == pytest.approx(100.0 + 20.0 * 40.0 * (12.0 - 9.9) / 12.0)
    assert detail == "Q water below 10: acid from 40 t to 33 t"


def test_no_more_than_the_share_of_a_holding_that_may_go_is_taken() -> None:
    plant = Plant([Held(30.0, media=("water",))], outlets=[{"sensitive": True}])
    assert ways(plant, replace(PRICED, most_share=0.5)) == []
    assert ways(plant, replace(PRICED, most_share=0.7))[0][0] == 0


def test_a_pair_is_found_where_no_single_step_lowers_the_grade() -> None:
    # Air Q1-E2: 50 points M3 larger; 25 points M2 larger still; 0 points M1 general.
    plant = Plant(
        [Held(9.0, media=("air",), toxic="yes")],
        lacks=["gas_monitor", "distance_met"],
        people_5km=20_000,
        people_500m=3,
    )
    dear = replace(PRICED, costs={**COSTS, "quantity": (1e7, 1e7)})
    assert ways(plant, dear) == [
        (0, 800.0 + 500.0 + 3 * 10.0, "gas_monitor; distance_met", "一般-大气(Q1-M1-E2)")
    ]


def test_two_reductions_pay_the_fixed_cost_once() -> None:
    # Both media Q2-M1-E2 larger; both must fall below 10 for the grade to fall.
    held = [Held(12.0, media=("air",), name="gas"), Held(12.0, media=("water",), name="acid")]
    plant = Plant(held, people_5km=20_000, outlets=[{"karst": True}])
    ((_, cost, detail, _),) = ways(plant)
    assert cost == pytest.approx(100.0 + 20.0 * 2 * 2.1)
    assert detail == "Q air below 10 and Q water below 10: gas from 12 t to 9.9 t, acid from 12 t to 9.9 t"


def test_replacing_what_is_due_for_elimination_takes_its_points_away() -> None:
    plant = Plant(
        [Held(20.0, media=("water",))], processes=[("eliminated", 2)], route="direct", lacks=["rain_water"]
    )
    # 10 + 12 + 8 = 30 points: Q2-M2-E3 larger; without the sets 20 points: M1 general.
    dear = replace(PRICED, costs={name: (1e9, 1e9) for name in COSTS} | {"eliminated": (0.0, 5_000.0)})
    assert ways(plant, dear) == [(0, 10_000.0, "replace 2 sets", "一般-水(Q2-M1-E3)")]


def test_a_plant_raised_by_penalty_can_still_be_lowered() -> None:
    plant = Plant(CHEMICALS, outlets=[{"sensitive": True}], history=[(2024, "illegal_waste", "", "")])
    ((after, *_, written),) = ways(plant)
    assert (after, written) == (1, "较大[一般-水(Q1-M1-E2)]")


def test_general_plants_and_plants_out_of_scope_have_no_steps() -> None:
    assert ways(Plant([Held(0.5)])) == []
    assert ways(Plant([Held(500.0)], kind="port")) == []


def test_the_table_says_so_where_nothing_helps() -> None:
    inventory, counted = zone(Plant([Held(1e6, media=("air",))], people_5km=60_000), Plant([Held(0.1)]))
    by = replace(PRICED, most_share=0.5)
    table = steps_table(inventory, counted, grade(inventory, counted, by), by)
    assert table["steps"].tolist() == ["no single step or pair lowers the grade"]
    assert table["to_grade"].tolist() == [""]
    assert np.isnan(table["cost_cny"]).all()


def test_the_plants_own_terms_stay_as_they_are() -> None:
    inventory, counted = zone(
        Plant(CHEMICALS, lacks=["rain_water"], outlets=[{"sensitive": True}], route="direct")
    )
    found = grade(inventory, counted, PRICED)
    before = [np.copy(part) for part in vars(found.terms).values()]
    cheapest_steps(inventory, counted, found, PRICED, 0)
    for one, other in zip(before, vars(found.terms).values(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_margin_is_that_of_the_table_of_costs() -> None:
    # Q 12: 40 t over 10 t and 8 t over 1 t. Down to 9.9 takes 2.1 t of b, at 20 each and 100 fixed; with a margin of a
    # half it goes down to 5, which takes 7 t.
    plant = Plant(CHEMICALS, outlets=[{"drinking": True}])
    assert PRICED.margin == 0.01
    cost = {margin: _to_below_ten(plant, replace(PRICED, margin=margin)) for margin in (0.01, 0.5)}
    assert cost == pytest.approx({0.01: 100.0 + 20.0 * 2.1, 0.5: 100.0 + 20.0 * 7.0})


def _to_below_ten(plant: Plant, by: Rules) -> float:
    """Return the cost of the step that takes Q of water below 10."""
    inventory, counted = zone(plant)
    found = grade(inventory, counted, by)
    steps = possible_steps(inventory, found, stock_of(counted, 0, "high"), by, 0, by.margin)
    return next(step.cost for step in steps if step.detail.startswith("Q water below 10:"))


def test_a_margin_outside_0_and_1_is_refused() -> None:
    inventory, counted = zone(Plant(CHEMICALS))
    with pytest.raises(ArgumentError, match="margin"):
        cheapest_steps(inventory, counted, grade(inventory, counted, PRICED), PRICED, 0, margin=0.0)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.floats(1.0, 50.0), st.sampled_from([0.5, 1.0, 5.0, 10.0]), st.floats(1.0, 4.0)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([0.4, 0.7, 1.0]),
)
def test_a_reduction_costs_what_a_linear_programme_finds(
    stock: list[tuple[float, float, float]], most: float
) -> None:
    held = [Held(t, q, ("water",), on_site=t * dilution) for t, q, dilution in stock]
    inventory, counted = zone(Plant(held))
    by = replace(PRICED, most_share=most)
    found = grade(inventory, counted, by)
    mine = stock_of(counted, 0, "high")
    steps = possible_steps(inventory, found, mine, by, 0, 0.01)
    for band in range(1, int(found.q_band[1, 0]) + 1):
        cut = [1.0, 10.0, 100.0][band - 1]
        excess = mine.ratio.sum() - cut * 0.99
        best = linprog(
            np.full(len(held), 20.0),
            A_ub=[-mine.ratio / mine.on_site],
            b_ub=[-excess],
            bounds=[(0.0, most * t) for t in mine.on_site],
        )
        named = [step for step in steps if step.detail.startswith(f"Q water below {cut:g}:")]
        assert bool(named) == (best.status == 0)
        for step in named:
            assert step.variable == pytest.approx(best.fun, rel=1e-9)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(sorted(set(COSTS) - {"quantity", "eliminated", "discharge_to_plant", "discharge_none"})),
             unique=True),
    st.sampled_from(["none", "to_plant", "direct"]),
    st.sampled_from([5.0, 50.0]),
    st.sampled_from([0, 1, 3]),
)  # fmt: skip
def test_no_single_step_or_pair_is_cheaper_than_the_one_found(
    lacks: list[str], route: str, q: float, sets: int
) -> None:
    """Grades every plant that mends one or two things anew, without the module's own way of changing terms."""
    plant = Plant(
        [Held(q, toxic="yes")],
        lacks=lacks,
        route=route,
        people_5km=20_000,
        outlets=[{"sensitive": True}],
        processes=[("nitration", sets)] if sets else [],
    )
    by = replace(PRICED, costs={**COSTS, "quantity": (1e9, 1e9)})
    changes: list[tuple[float, Plant]] = []
    single: list[tuple[str, float]] = [(name, COSTS[name][0]) for name in lacks]
    worse = ("none", "to_plant", "direct")
    single += [(f"route {to}", COSTS[f"discharge_{to}"][0]) for to in worse[: worse.index(route)]]
    for group in [*combinations(single, 1), *combinations(single, 2)]:
        names = [name for name, _ in group]
        routes = [name.split()[1] for name in names if name.startswith("route")]
        if len(routes) < 2:
            mended = replace(
                plant,
                lacks=[name for name in lacks if name not in names],
                route=routes[0] if routes else route,
            )
            changes.append((sum(cost for _, cost in group), mended))
    inventory, counted = zone(plant, *[mended for _, mended in changes])
    grades = grade(inventory, counted, by).grade
    expected: dict[int, float] = {}
    for (cost, _), after in zip(changes, grades[1:].tolist(), strict=True):
        if after < grades[0]:
            expected[after] = min(cost, expected.get(after, np.inf))
    expected = {
        after: cost
        for after, cost in expected.items()
        if all(expected[low] > cost for low in expected if low < after)
    }
    found = {after: cost for after, cost, *_ in ways(plant, by) if cost < 1e8}
    assert found == expected
