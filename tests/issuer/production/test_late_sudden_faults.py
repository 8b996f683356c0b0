# SPDX-License-Identifier: Apache-2.0
"""Bad input of the late and sudden transition: every fault with its place and mend, all at once."""

import pandas as pd
import pytest
from pydantic import ValidationError
from small_transition import PAIR, finances, plan, steel_paths, steel_plans, transition

from greenrisk.core.errors import ArgumentError, ScenarioError, TableError
from greenrisk.issuer.production.assumptions import assumptions_of, carbon_paths_from, finances_from
from greenrisk.issuer.production.late_sudden import late_sudden
from greenrisk.issuer.production.plans import plans_from
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.issuer.production.technology_paths import technology_paths_from

PLANS = steel_plans(("firm", (10.0,) * 6))
MONEY = finances(firm=(0.1, 0.5, 0.3))
CARBON = pd.DataFrame({"path": ["low", "low"], "year": [2026, 2040], "price": [1.0, 2.0]})


def refused(spec, plans=PLANS, paths=None, carbon=None):
    with pytest.raises(ScenarioError) as told:
        late_sudden(spec, plans, MONEY, steel_paths() if paths is None else paths, carbon)
    return told.value


def test_families_are_not_mixed_and_the_kin_is_offered():
    paths = pd.concat([steel_paths(), steel_paths(family="G").replace({"Base": "Base_2", "Aim": "Aim_2"})])
    error = refused(transition(pairs=[{**PAIR, "target": "Aim_2"}]), paths=paths)
    (fault,) = error.faults
    assert fault.where == "production_path.pairs[0]"
    assert fault.what == "Base (F) with Aim_2 (G)"
    assert fault.expected == "Baseline and target must be of one model family. Did you mean `Aim`?"


def test_an_unknown_scenario_is_told_with_its_look_alike():
    error = refused(transition(pairs=[{**PAIR, "baseline": "ba_se", "target": "Amm"}]))
    assert error.faults[0].expected == "No such scenario. Did you mean `Base`? Known: Base."
    assert error.faults[1].expected == "No such scenario. Did you mean `Aim`? Known: Aim."


def test_a_target_is_no_baseline():
    error = refused(transition(pairs=[{**PAIR, "baseline": "Aim"}]))
    assert error.faults[0].expected == "The table calls it a target. Known as baseline: Base."


def test_scenarios_that_begin_after_all_plans_are_refused():
    error = refused(transition(), paths=steel_paths(years=range(2029, 2051)))
    assert "Base begins in 2029, the last plan ends in 2027" in str(error)


def test_all_faults_of_a_scenario_are_told_at_once():
    spec = transition(
        pairs=[{**PAIR, "carbon_tax": {"path": "low"}}, {**PAIR, "carbon_tax": {"path": "high"}}],
        shock_year=2022,
        discount_rate=0.03,
        growth_rate=0.03,
    )
    error = refused(spec, paths=steel_paths(years=range(2022, 2046)), carbon=CARBON)
    assert [fault.where for fault in error.faults] == [
        "production_path.discount_rate",
        "production_path.pairs",
        "production_path",
        "production_path",
        "production_path.shock_year",
        "production_path.pairs[0].carbon_tax.path",
        "production_path.pairs[1].carbon_tax.path",
    ]
    text = str(error)
    assert "Discount faster than growth" in text
    assert "Two pairs have this name" in text
    assert "Set `last_year` to 2045 or less" in text
    assert "Prices are needed from 2022 to 2050" in text
    assert "Known: low." in text
    assert text.endswith("7 faults.")


def test_nothing_left_to_compute_is_a_fault_with_its_reasons():
    error = refused(transition(), plans=pd.DataFrame(plan("firm", "Glass", "Glass", (1.0, 1.0))))
    assert "1 plans, none can be computed" in str(error)
    assert "do not cover" in str(error)


def test_faults_of_a_plan_table_are_told_by_row():
    plans = pd.DataFrame(plan("a", "Steel", "Steel", (1.0, 2.0)) + plan("a", "Steel", "Steel", (3.0,)))
    plans.loc[0, "capacity"] = -1.0
    plans.loc[1, "unit"] = "GJ"
    plans.loc[1, "capacity_factor"] = None
    with pytest.raises(TableError) as told:
        plans_from(plans, "plans.csv")
    assert [(fault.where, fault.what) for fault in told.value.faults] == [
        ("plans.csv:2", "capacity = -1"),
        ("plans.csv:3", "capacity_factor = nan"),
        ("plans.csv:4", "a, Steel, Steel, 2022"),
        ("plans.csv:3", "unit = GJ"),
    ]


def test_faults_of_a_path_table_are_told_by_row():
    paths = steel_paths()
    paths.loc[1, "price"] = -5.0
    paths.loc[2, "family"] = "G"
    paths.loc[3, "role"] = "target"
    paths.loc[4, "kind"] = "green"
    paths.loc[5, "price_unit"] = "EUR/t"
    paths.loc[6, "year"] = 2022
    with pytest.raises(TableError) as told:
        technology_paths_from(paths, "paths.csv")
    assert [fault.where for fault in told.value.faults] == [
        "paths.csv:3",
        "paths.csv:4",
        "paths.csv:5",
        "paths.csv:6",
        "paths.csv:7",
        "paths.csv:1",
        "paths.csv:8",
    ]
    assert "price_unit in $, EUR" in str(told.value)


def test_faults_of_finances_and_carbon_prices_are_told_by_row():
    money = pd.concat([MONEY, finances(firm=(0.1, 0.5, 0.3), bad=(-0.1, -0.5, float("inf")))])
    with pytest.raises(TableError) as told:
        finances_from(money, ("firm",), "f.csv")
    assert [fault.where for fault in told.value.faults] == ["f.csv:3", "f.csv:4", "f.csv:4"]
    with pytest.raises(TableError) as told:
        carbon_paths_from(pd.concat([CARBON, CARBON.assign(price=[-1.0, 2.0])]), "c.csv")
    assert [fault.where for fault in told.value.faults] == ["c.csv:4", "c.csv:5", "c.csv:4"]


def test_drawn_numbers_are_checked_variant_by_variant():
    spec = transition()
    with pytest.raises(ArgumentError) as told:
        assumptions_of(spec, discount_rate=[0.09, 0.02], growth_rate=[0.03, 0.03], pass_through_power=1.5)
    assert [fault.where for fault in told.value.faults] == ["pass_through_power", "discount_rate"]
    assert "in variant 1" in told.value.faults[1].what
    with pytest.raises(ArgumentError, match="one length"):
        assumptions_of(spec, discount_rate=[0.09, 0.1], margin_factor=[1.0, 1.0, 1.0])
    with pytest.raises(ArgumentError, match="Known are"):
        assumptions_of(spec, discont_rate=0.1)


def test_a_carbon_tax_is_a_path_or_a_level():
    for tax in ({}, {"path": "low", "level": 5.0}):
        with pytest.raises(ValidationError, match="either `path` or `level`"):
            LateSudden(pairs=[{**PAIR, "carbon_tax": tax}])
