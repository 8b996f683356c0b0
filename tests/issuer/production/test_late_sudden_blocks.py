# SPDX-License-Identifier: Apache-2.0
"""Blocks, pairs and variants of the late and sudden transition give what one issuer, pair and variant alone gives."""

import numpy as np
import pandas as pd
import pytest
from small_transition import PAIR, edge_tables, transition

from greenrisk.issuer.production.assumptions import assumptions_of
from greenrisk.issuer.production.late_sudden import late_sudden, late_sudden_study
from greenrisk.issuer.production.told import Findings

TAX = {**PAIR, "name": "taxed", "carbon_tax": {"path": "rising"}}


@pytest.fixture(scope="module")
def tables():
    return edge_tables()


@pytest.fixture(scope="module")
def study(tables):
    return late_sudden_study(transition(pairs=[PAIR, TAX], late_start="hold_back"), *tables)


@pytest.mark.parametrize("length", [1, 4, 1000])
def test_no_answer_depends_on_how_the_issuers_are_cut(study, length):
    whole = study.run()
    parts = [found for _, found in study.blocks(length=length)]
    assert sum(len(part.plans) for part in parts) == len(whole.plans)
    for name in ("baseline", "shock"):
        cut = np.concatenate([part.value[name] for part in parts], axis=2)
        assert cut.tobytes() == whole.value[name].tobytes()
        cut = np.concatenate([part.distance[name] for part in parts], axis=2)
        assert cut.tobytes() == whole.distance[name].tobytes()
    told = sum((part.findings for part in parts), Findings())
    counts, expected = vars(told).copy(), vars(whole.findings).copy()
    assert counts.pop("floored_value") == pytest.approx(expected.pop("floored_value"))
    assert counts == expected
    assert [name for part in parts for name in part.plans.issuers] == list(whole.plans.issuers)


def test_pairs_of_one_call_are_those_of_calls_of_their_own(tables, study):
    together = study.run()
    for k, pair in enumerate((PAIR, TAX)):
        alone, _ = late_sudden(transition(pairs=[pair], late_start="hold_back"), *tables)
        assert alone.value["shock"][:, 0].tobytes() == together.value["shock"][:, k].tobytes()
        assert alone.profit["shock"][:, 0].tobytes() == together.profit["shock"][:, k].tobytes()


def test_a_variant_is_the_scenario_with_its_numbers_in_place(tables, study):
    drawn = {
        "pass_through_power": [0.6, 0.2],
        "pass_through_other": [0.9, 0.5],
        "discount_rate": [0.09, 0.07],
        "growth_rate": [0.03, 0.01],
        "risk_free_rate": [0.045, 0.02],
    }
    found = study.run(assumptions_of(study.spec, **drawn))
    for k in range(2):
        spec = transition(
            pairs=[PAIR, TAX], late_start="hold_back", **{name: both[k] for name, both in drawn.items()}
        )
        alone, _ = late_sudden(spec, *tables)
        for name in ("baseline", "shock"):
            assert found.value[name][k].tobytes() == alone.value[name][0].tobytes()
            assert found.distance[name][k].tobytes() == alone.distance[name][0].tobytes()
    assert found.profit["shock"].shape[0] == 1


def test_factors_scale_what_they_name(study):
    one = study.run()
    found = study.run(
        assumptions_of(study.spec, margin_factor=[1.0, 2.0, 1.0], volatility_factor=[1.0, 1.0, 2.0])
    )
    assert found.value["baseline"][1] == pytest.approx(2.0 * one.value["baseline"][0])
    assert found.value["shock"][1, 0] == pytest.approx(2.0 * one.value["shock"][0, 0])
    assert (found.value["shock"][2] == one.value["shock"][0]).all()
    dearer = study.run(assumptions_of(study.spec, carbon_price_factor=[0.0, 1.0, 3.0]))
    assert (dearer.value["shock"][0, 1] == dearer.value["shock"][0, 0]).all()
    assert (np.diff(dearer.value["shock"][:, 1], axis=0) <= 0.0).all()
    assert (np.diff(dearer.value["shock"][:, 1], axis=0) < 0.0).any()
    assert (dearer.value["shock"][1:, 0] == one.value["shock"][0, 0]).all()


def test_the_order_of_rows_changes_nothing(tables):
    plans, money, paths, carbon = tables
    rng = np.random.default_rng(3)
    spec = transition(pairs=[TAX], late_start="hold_back")
    straight, _ = late_sudden(spec, *tables)
    mixed, _ = late_sudden(
        spec,
        plans.iloc[rng.permutation(len(plans))].reset_index(drop=True),
        money.iloc[rng.permutation(len(money))].reset_index(drop=True),
        paths.iloc[rng.permutation(len(paths))].reset_index(drop=True),
        carbon,
    )
    keys = ["issuer", "technology"]
    one, two = (found.values().sort_values(keys).reset_index(drop=True) for found in (straight, mixed))
    assert two["value_shock"].to_numpy() == pytest.approx(one["value_shock"].to_numpy(), rel=1e-12)
    assert (two[keys] == one[keys]).all().all()


def test_several_plants_of_one_technology_add_up(tables):
    plans, money, paths, carbon = tables
    coal = plans[plans["issuer"] == "steady"]
    halves = [coal.assign(asset=name, capacity=coal["capacity"] / 2) for name in ("north", "south")]
    spec = transition(pairs=[TAX])
    one, _ = late_sudden(spec, coal, money, paths, carbon)
    two, _ = late_sudden(spec, pd.concat(halves, ignore_index=True), money, paths, carbon)
    assert two.plans.asset.tolist() == ["north", "south"]
    assert two.value["shock"].sum() == pytest.approx(one.value["shock"].sum())
    assert two.distance["shock"] == pytest.approx(one.distance["shock"])
