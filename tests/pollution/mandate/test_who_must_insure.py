# SPDX-License-Identifier: Apache-2.0
"""Reasons to insure, scenarios of enrolment, the list of plants without cover."""

import numpy as np
import pytest
from leping_mandate import leping, mandate_values, numbers

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.mandate.enrolment import Outcome, enrol, enrolment_group
from greenrisk.pollution.mandate.mandate_spec import SCENARIOS, MandateSpec
from greenrisk.pollution.mandate.plant_groups import PlantGroups
from greenrisk.pollution.mandate.who_must_insure import (
    RULES,
    obligation_group,
    obligations,
    uninsured_plants,
)
from greenrisk.pollution.tables import ACTIVITIES

PLANTS = leping().plants
GRADE = np.where(np.arange(len(PLANTS)) % 4 == 3, -1, np.arange(len(PLANTS)) % 4)
FOUND = obligations(leping(), GRADE, numbers())
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def _one(plant_id):
    return int(np.flatnonzero(PLANTS.ids == plant_id)[0])


def _enrolled(name, **changed):
    values = mandate_values() | changed
    return enrol(BY_NAME[name], FOUND, PLANTS.limit, GRADE, values, PLANTS.ids.tolist(), 7)


def test_each_reason_is_what_the_inventory_says():
    met = dict(zip(RULES, FOUND.met, strict=True))
    assert met["zone"].tolist() == PLANTS.in_zone.tolist()
    assert met["key_permit"].tolist() == PLANTS.key_permit.tolist()
    assert met["grade"].tolist() == [code >= 1 for code in GRADE.tolist()]
    assert np.flatnonzero(met["kind_of_site"]).tolist() == [_one("LZ25")]
    # Only who has chemicals on site or on the road has the activity.
    handles = np.isin(np.arange(len(PLANTS)), leping().holdings.plant)
    handles |= np.isin(np.arange(len(PLANTS)), leping().vehicles.plant)
    assert met["activity"].tolist() == handles.tolist()


def test_an_activity_that_the_rule_does_not_name_is_no_reason():
    found = obligations(leping(), GRADE, numbers(MandateSpec(rules={"activities": ("transport",)})))
    assert (found.met[RULES.index("activity")] <= (PLANTS.activity == ACTIVITIES.index("transport"))).all()


def test_the_least_limit_follows_the_grade_and_a_refused_grade_has_its_own():
    assert FOUND.minimum[:4].tolist() == [2e6, 5e6, 1e7, 2e6]


def test_one_reason_in_force_is_enough_and_beyond_the_zone_only_where_the_rule_reaches():
    assert FOUND.must(()).tolist() == [False] * len(PLANTS)
    inside = FOUND.must(("grade", "key_permit"), beyond_zone=False)
    assert inside.tolist() == ((PLANTS.in_zone) & ((GRADE >= 1) | PLANTS.key_permit)).tolist()
    assert (inside <= FOUND.must(("grade", "key_permit"))).all()


def test_the_group_counts_who_is_caught_by_one_reason_alone():
    group = obligation_group(FOUND, PLANTS.ids, PLANTS.limit)
    reasons = FOUND.met.sum(axis=0)
    assert group["plants_met_alone"].sum() == (reasons == 1).sum()
    assert group["without_cover"].sel(rule="zone") == (PLANTS.in_zone & (PLANTS.limit == 0)).sum()
    assert group["shortfall"].sel(plant="LZ06") == FOUND.minimum[_one("LZ06")]


def test_scenarios_keep_what_there_is_and_share_their_draws():
    found = {name: _enrolled(name) for name in BY_NAME}
    as_is = found["as_is"]
    assert as_is.insured.tolist() == (PLANTS.limit > 0).tolist()
    assert as_is.limit_drawn.tolist() == PLANTS.limit.tolist()
    for one in found.values():
        assert (as_is.insured <= one.insured).all()
    # The same draw: who buys freely also buys when it must, and a wider rule only adds plants.
    mandatory, extended = found["mandatory"], found["extended"]
    assert (found["voluntary"].insured[mandatory.must] <= mandatory.insured[mandatory.must]).all()
    assert (mandatory.must <= extended.must).all()
    assert (mandatory.insured <= extended.insured).all()


def test_who_must_has_at_least_the_least_limit_and_who_need_not_keeps_his_own():
    found = _enrolled("mandatory")
    assert (found.limit[found.must] >= FOUND.minimum[found.must]).all()
    free = ~found.must & (PLANTS.limit > 0)
    assert found.limit[free].tolist() == PLANTS.limit[free].tolist()


def test_chances_are_those_of_the_card():
    grade_two = (GRADE == 2) & (PLANTS.limit == 0)
    assert set(_enrolled("voluntary").chance[grade_two].tolist()) == {0.3}
    must = _enrolled("extended")
    bare = must.must & (PLANTS.limit == 0)
    assert set(must.chance[bare].tolist()) == {0.85}
    assert _enrolled("extended", compliance=0.1).chance[bare & (GRADE == 2)].min() == 0.3


def test_draws_meet_their_chances():
    chance = _enrolled("voluntary", take_up_general=0.5, take_up_larger=0.5, take_up_major=0.5)
    bare = PLANTS.limit == 0
    drawn = np.array(
        [
            enrol(
                BY_NAME["voluntary"],
                FOUND,
                PLANTS.limit,
                GRADE,
                mandate_values() | dict.fromkeys(("take_up_general", "take_up_larger", "take_up_major"), 0.5),
                PLANTS.ids.tolist(),
                seed,
            ).insured[bare]
            for seed in range(60)
        ]
    )
    assert set(chance.chance[bare].tolist()) == {0.5}
    assert abs(drawn.mean() - 0.5) < 4 * 0.5 / np.sqrt(drawn.size)


def test_the_outcome_is_chance_times_what_the_policy_pays():
    groups = PlantGroups.of(GRADE, PLANTS.in_zone)
    loss = np.arange(1.0, len(PLANTS) + 1)
    scenarios = {name: _enrolled(name) for name in BY_NAME}
    outcomes = {
        name: Outcome(one.chance * np.where(one.must, 0.75, 0.5) * loss, one.chance * loss)
        for name, one in scenarios.items()
    }
    found = enrolment_group(scenarios, outcomes, loss, groups)
    paid = outcomes["mandatory"].payments
    at = found.sel(scenario="mandatory", group="all")
    assert float(at["payments"]) == pytest.approx(paid.sum())
    assert float(at["uninsured"]) == pytest.approx(loss.sum() - paid.sum())
    assert float(at["covered_share"]) == pytest.approx(paid.sum() / loss.sum())
    as_is = found.sel(scenario="as_is", group="all")
    assert float(as_is["plants_insured"]) == (PLANTS.limit > 0).sum()
    assert float(as_is["cover"]) == PLANTS.limit.sum()
    assert float(as_is["premium"]) == pytest.approx(loss[PLANTS.limit > 0].sum())
    inside = found.sel(scenario="mandatory", group="in_zone")
    beyond = found.sel(scenario="mandatory", group="beyond_zone")
    for name in ("payments", "premium", "uninsured", "plants_must", "plants_insured", "cover"):
        assert float(inside[name] + beyond[name]) == pytest.approx(float(at[name]))
    assert (
        found["payments"].sel(scenario="extended") >= found["payments"].sel(scenario="mandatory") - 1e-9
    ).all()


def test_the_list_names_who_must_and_has_too_little_with_the_reasons():
    must = FOUND.must(RULES, beyond_zone=False)
    loss = np.arange(float(len(PLANTS)))
    rows = uninsured_plants(FOUND, must, leping(), GRADE, loss, PLANTS.limit)
    expected = must & (PLANTS.limit < FOUND.minimum)
    assert sorted(rows["plant_id"]) == sorted(PLANTS.ids[expected].tolist())
    assert rows["expected_loss_cny_per_year"].is_monotonic_decreasing
    red = rows[rows["plant_id"] == "LZ06"].iloc[0]
    assert red["limit_cny"] == 0.0
    assert red["reasons"].split("; ") == [
        rule for rule, met in zip(RULES, FOUND.met[:, _one("LZ06")], strict=True) if met
    ]
    assert not set(rows["plant_id"]) & {"LZ30", "LZ31"}  # beyond the zone


def test_bad_arguments_of_obligations_are_refused():
    with pytest.raises(ArgumentError, match="grade of shape"):
        obligations(leping(), GRADE[:3], numbers())
    with pytest.raises(ArgumentError, match="compliance"):
        _enrolled("mandatory", compliance=1.2)
    loss = np.ones(len(PLANTS))
    with pytest.raises(ArgumentError, match="a of shape"):
        enrolment_group(
            {"a": _enrolled("as_is")}, {"a": Outcome(loss[:2], loss)}, loss, PlantGroups.of(GRADE)
        )
