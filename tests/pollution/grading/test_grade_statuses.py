# SPDX-License-Identifier: Apache-2.0
"""The status of the inputs that fixed a grade: only what the grade rests on counts, and the weakest of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from graded_zone import Held, Plant, rules, zone

from greenrisk.pollution.grading.hj941 import grade
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.statuses import INPUTS, NOT_USED, grade_status
from greenrisk.pollution.inventory import CONTROLS

CONFIRMED, USER, UNCONFIRMED, ILLUSTRATIVE = range(4)


def all_confirmed() -> Rules:
    """Return the rules as a holder of the standard has them, every row confirmed."""
    shipped = rules()
    arrays = {
        name: np.zeros_like(getattr(shipped, name))
        for name in vars(shipped)
        if name.endswith("_status") and isinstance(getattr(shipped, name), np.ndarray)
    }
    return replace(
        shipped,
        **arrays,
        no_toxic_gas_status=0,
        special_area_status=0,
        special_status=dict.fromkeys(shipped.special_status, 0),
    )


def status_of(plant: Plant, by: Rules) -> dict[str, int]:
    inventory, counted = zone(plant)
    found = grade_status(inventory, counted, grade(inventory, counted, by), by)
    return {**dict(zip(INPUTS, found.by_input[:, 0].tolist(), strict=True)), "all": int(found.weakest[0])}


LARGER = Plant([Held(20.0, media=("water",))], outlets=[{"sensitive": True}])  # Q2-M1-E2 larger


def test_a_grade_by_the_shipped_rules_is_unconfirmed() -> None:
    assert status_of(LARGER, rules())["all"] == UNCONFIRMED


def test_a_grade_is_confirmed_once_every_row_that_it_rests_on_is() -> None:
    found = status_of(LARGER, all_confirmed())
    assert found["all"] == CONFIRMED
    assert found["matrix"] == found["q_band"] == found["receptors"] == CONFIRMED


def test_an_unconfirmed_critical_quantity_makes_the_grade_unconfirmed() -> None:
    plant = replace(LARGER, held=[Held(20.0, media=("water",), status="unconfirmed")])
    found = status_of(plant, all_confirmed())
    assert (found["critical_quantity"], found["list"], found["all"]) == (UNCONFIRMED, CONFIRMED, UNCONFIRMED)


def test_an_unconfirmed_place_in_the_list_makes_the_grade_unconfirmed() -> None:
    plant = replace(LARGER, held=[Held(20.0, media=("water",)), Held(1.0, media=(), list_status="user")])
    found = status_of(plant, all_confirmed())
    assert (found["list"], found["all"]) == (USER, USER)


def test_controls_do_not_matter_where_the_matrix_is_the_same_for_all_of_them() -> None:
    plant = Plant([Held(200.0, media=("air",))], people_5km=60_000, lacks=["distance_met"])  # Q3-E1
    found = status_of(plant, rules())
    assert {found[name] for name in ("process", "controls", "events", "m_class")} == {NOT_USED}
    assert found["receptors"] == UNCONFIRMED


def test_only_the_row_of_the_answer_that_was_given_counts() -> None:
    mended = all_confirmed()
    status = mended.control_status.copy()
    status[CONTROLS.index("rain_water"), 0] = ILLUSTRATIVE  # the row of a plant that lacks it
    mended = replace(mended, control_status=status)
    assert status_of(LARGER, mended)["controls"] == CONFIRMED
    assert status_of(replace(LARGER, lacks=["rain_water"]), mended)["controls"] == ILLUSTRATIVE


def test_a_level_of_receptors_rests_on_its_strongest_row_and_on_all_more_sensitive_ones() -> None:
    one = replace(all_confirmed(), water_status=np.array([0, 0, 2, 0, 0]))
    both = replace(LARGER, outlets=[{"sensitive": True, "karst": True}])
    assert status_of(LARGER, one)["receptors"] == UNCONFIRMED  # E2 by the sensitive water alone
    assert status_of(both, one)["receptors"] == CONFIRMED  # E2 by the karst too
    above = replace(all_confirmed(), water_status=np.array([2, 0, 0, 0, 0]))
    assert status_of(LARGER, above)["receptors"] == UNCONFIRMED  # not E1: rests on the rows of E1
    below = replace(LARGER, outlets=[{"drinking": True}])
    assert status_of(below, one)["receptors"] == CONFIRMED


def test_the_medium_that_does_not_have_the_grade_does_not_count() -> None:
    mended = all_confirmed()
    plant = Plant([Held(2.0, media=("air",), status="illustrative"), *LARGER.held], outlets=LARGER.outlets)
    found = status_of(plant, mended)  # air is general, water larger
    assert found["critical_quantity"] == CONFIRMED
    assert found["higher_medium"] == CONFIRMED


def test_the_upgrade_counts_only_where_it_raised_the_grade() -> None:
    mended = replace(
        all_confirmed(), special_status={**all_confirmed().special_status, "penalty_upgrade": UNCONFIRMED}
    )
    record = [(2024, "illegal_waste", "", "")]
    assert status_of(LARGER, mended)["upgrade"] == NOT_USED
    assert status_of(replace(LARGER, history=record), mended)["all"] == UNCONFIRMED
    major = Plant([Held(200.0, media=("air",))], people_5km=60_000, history=record)
    assert status_of(major, mended)["upgrade"] == NOT_USED


def test_a_refusal_rests_on_the_row_of_its_scope_alone() -> None:
    found = status_of(replace(LARGER, kind="port"), rules())
    assert {found[name] for name in INPUTS if name != "scope"} == {NOT_USED}
    assert found["scope"] == found["all"] == UNCONFIRMED
