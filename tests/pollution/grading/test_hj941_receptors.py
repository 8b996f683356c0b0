# SPDX-License-Identifier: Apache-2.0
"""HJ 941-2018: receptors and their boundaries, the upgrade by penalty, and what is out of scope, by hand."""

from __future__ import annotations

import pytest
from graded_zone import Held, Plant, graded, rules, zone

from greenrisk.pollution.grading.hj941 import grade


@pytest.mark.parametrize(
    ("people_5km", "people_500m", "sensitive", "less"),
    [
        (9_999, 499, 2, 2),
        (10_000, 0, 1, 2),
        (10_001, 0, 1, 1),
        (50_000, 0, 0, 1),
        (50_001, 0, 0, 0),
        (0, 500, 1, 2),
        (0, 501, 1, 1),
        (0, 1_000, 0, 1),
        (0, 1_001, 0, 0),
        (20_000, 2_000, 0, 0),
    ],
)
def test_equality_at_a_cut_of_people_follows_the_boundary(
    people_5km: int, people_500m: int, sensitive: int, less: int
) -> None:
    inventory, counted = zone(Plant([Held(1.0)], people_5km=people_5km, people_500m=people_500m))
    for boundary, level in (("sensitive", sensitive), ("less_sensitive", less)):
        assert grade(inventory, counted, rules(), boundary=boundary).terms.e[0].tolist() == [level]


def test_a_special_area_within_5_km_is_e1() -> None:
    inventory, counted = zone(Plant([Held(1.0)], special_area=True))
    assert grade(inventory, counted, rules()).terms.e[0].tolist() == [0]


@pytest.mark.parametrize(
    ("outlets", "level"),
    [
        ([], 2),
        ([{}], 2),
        ([{"drinking": True}], 0),
        ([{"crosses": "nation"}], 0),
        ([{"sensitive": True}], 1),
        ([{"crosses": "province"}], 1),
        ([{"karst": True}], 1),
        ([{"karst": True}, {"drinking": True}], 0),
        ([{"drinking": True}, {"karst": True}], 0),
        ([{"sensitive": True}, {}], 1),
    ],
)
def test_the_most_sensitive_water_below_any_outlet_holds(
    outlets: list[dict[str, object]], level: int
) -> None:
    inventory, counted = zone(Plant(), Plant([Held(1.0)], outlets=outlets), Plant())
    assert grade(inventory, counted, rules()).terms.e[1].tolist() == [2, level, 2]


@pytest.mark.parametrize("kind", ["illegal_discharge", "illegal_waste"])
def test_a_penalty_for_illegal_discharge_or_waste_raises_by_one_up_to_major(kind: str) -> None:
    record = [(2023, kind, "", "")]
    plants = [
        Plant([Held(0.5, media=("water",))], history=record),
        Plant([Held(5.0, media=("water",))], history=record, outlets=[{"drinking": True}]),
        Plant([Held(500.0, media=("water",))], history=record, outlets=[{"drinking": True}]),
    ]
    names, texts = graded(*plants, year=2024)
    assert names == ["larger", "major", "major"]
    assert texts == ["较大[一般-水(Q0)]", "重大[较大-水(Q1-M1-E1)]", "重大-水(Q3-M1-E1)"]


def test_other_and_older_penalties_raise_nothing() -> None:
    records = [(2024, "other_penalty", "", ""), (2020, "illegal_discharge", "", "")]
    assert graded(Plant([Held(0.5)], history=records), year=2024)[0] == ["general"]


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("nuclear", "rules of the nuclear safety authority"),
        ("hazardous_waste_operator", "HJ 169-2018 (project risk assessment)"),
        ("hazmat_vehicles", "transport data: frequency per vehicle-km"),
        ("tailings_pond", "HJ 169-2018 (project risk assessment)"),
        ("oil_gas_extraction", "HJ 169-2018 (project risk assessment)"),
        ("long_pipeline", "HJ 169-2018 (project risk assessment)"),
        ("filling_station", "HJ 169-2018 (project risk assessment)"),
        ("port", "HJ 169-2018 (project risk assessment)"),
    ],
)
def test_a_kind_of_site_out_of_scope_is_refused_with_the_method_that_applies(kind: str, method: str) -> None:
    names, texts = graded(Plant([Held(1e4)], kind=kind, history=[(2024, "illegal_waste", "", "")]))
    assert names == ["refused"]
    assert texts == [f"不适用（{method}）"]
