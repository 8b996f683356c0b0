# SPDX-License-Identifier: Apache-2.0
"""The late and sudden transition against two runs of trisk.model 2.7.0: the open case, and awkward companies."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_transition import PAIR, edge_tables, relative

from greenrisk.issuer.production.late_sudden import late_sudden
from greenrisk.issuer.production.spec import LateSudden

ROOT = Path(__file__).parents[3]
CASE = ROOT / "../shared/reference/cases/trisk_a"
EDGES = ROOT / "tests/reference/issuer/trisk_edges.json"
OURS = {"company_id": "issuer", "asset_id": "asset", "production_year": "year", "production_unit": "unit"}
OURS |= {"debt_equity_ratio": "debt_to_equity", "scenario_provider": "family", "scenario_type": "role"}
OURS |= {"scenario_geography": "region", "scenario_year": "year", "scenario_pathway": "activity"}
OURS |= {"scenario_price": "price", "scenario_capacity_factor": "capacity_factor", "technology_type": "kind"}
BOTH = ("baseline", "shock")


def _case():
    if not CASE.exists():
        pytest.skip("../shared/reference/cases/trisk_a is not here")
    return CASE


def _read(name):
    return pd.read_csv(_case() / name, dtype={"company_id": str, "asset_id": str}).rename(columns=OURS)


@pytest.fixture(scope="module")
def result():
    parameters = json.loads((_case() / "parameters.json").read_text())
    pair = {"name": "a", "baseline": parameters["baseline_scenario"], "target": parameters["target_scenario"]}
    spec = LateSudden(
        pairs=[{**pair, "carbon_tax": {"path": parameters["carbon_price_model"]}}],
        region=parameters["scenario_geography"],
        pass_through_power=parameters["market_passthrough_power"],
        pass_through_other=parameters["market_passthrough_primary"],
        default_unit="issuer_sector",
        **{
            name: parameters[name]
            for name in ("risk_free_rate", "discount_rate", "growth_rate", "shock_year")
        },
    )
    paths = _read("scenarios.csv")
    paths["kind"] = paths["kind"].str.removesuffix("tech")
    carbon = _read("carbon_price.csv").rename(columns={"scenario": "path", "carbon_tax": "price"})
    return late_sudden(spec, _read("assets.csv"), _read("financial_features.csv"), paths, carbon)


def _joined(found, name, keys):
    expected = _read(name)
    if "year" in keys:
        expected = expected[expected["year"] <= 2050]
    both = found.merge(expected, on=keys, how="outer", indicator=True, suffixes=("_ours", ""))
    assert (both["_merge"] == "both").all()
    assert len(both) == len(expected)
    return both


def test_every_trajectory_equals_the_open_case_to_ten_digits(result):
    both = _joined(
        result[0].trajectories().drop(columns="asset"),
        "expected_company_trajectories.csv",
        ["issuer", "sector", "technology", "year"],
    )
    for name in ("target", "baseline", "shock"):
        assert relative(both[f"production_{name}"], both[f"production_{name}_scenario"]) < 1e-10
    planned = both["production_plan_company_technology"].notna()
    assert planned.sum() == 42
    assert (
        relative(both["production_plan"][planned], both["production_plan_company_technology"][planned])
        < 1e-10
    )
    assert relative(both["price_baseline"], both["scenario_price_baseline"]) < 1e-10
    assert relative(both["price_shock"], both["price_shock_scenario"]) < 1e-10
    for name in BOTH:
        assert relative(both[f"profit_{name}"], both[f"net_profits_{name}_scenario"]) < 1e-10


def test_every_net_present_value_equals_the_open_case_to_ten_digits(result):
    both = _joined(
        result[0].values().drop(columns="asset"),
        "expected_npv_results.csv",
        ["issuer", "sector", "technology"],
    )
    for name in BOTH:
        assert relative(both[f"value_{name}"], both[f"net_present_value_{name}"]) < 1e-10
    assert relative(both["value_change_share"], both["net_present_value_change"]) < 1e-10


def test_every_default_probability_equals_the_open_case_to_twelve_digits(result):
    both = _joined(result[0].defaults(), "expected_pd_results.csv", ["issuer", "sector", "term"])
    assert len(both) == 5 * 29
    for name in BOTH:
        assert np.max(np.abs(both[f"probability_of_default_{name}"] - both[f"pd_{name}"])) < 1e-12
    tiny = both["pd_baseline"] == 0.0
    assert tiny.any()
    assert np.isfinite(both["log_probability_of_default_baseline"][tiny]).all()


def test_the_open_case_is_told_what_the_reference_leaves_silent(result):
    told = {entry.subject: entry.count for entry in result[1]}
    assert told["production path: plans that end before the shock"] == 7
    assert told["production path: production with the shock"] == 4
    assert told["production path: probabilities of default below 1e-12"] == 9


@pytest.fixture(scope="module")
def reference():
    return json.loads(EDGES.read_text(encoding="utf-8"))


TAXES = {
    "no_carbon_tax": None,
    "rising": {"path": "rising"},
    "increasing_carbon_tax_50": {"level": 50.0, "growth": 0.04},
}


@pytest.fixture(scope="module")
def awkward():
    plans, money, paths, carbon = edge_tables()
    spec = LateSudden(
        pairs=[{**PAIR, "name": name, "carbon_tax": tax} for name, tax in TAXES.items()],
        risk_free_rate=0.04,
        discount_rate=0.08,
        growth_rate=0.02,
        pass_through_power=0.55,
        pass_through_other=0.85,
        late_start="hold_back",
        default_unit="issuer_sector",
        terms=(1, 5, 15, 29),
    )
    return late_sudden(spec, plans, money, paths, carbon)


@pytest.mark.parametrize("tax", TAXES)
def test_awkward_companies_equal_the_reference_under_each_carbon_price(reference, awkward, tax):
    expected, (found, _) = reference[tax], awkward
    moves = found.trajectories()
    moves = moves[moves["pair"] == tax].set_index(["issuer", "technology"]).sort_index()
    for key, years in expected["profit"].items():
        own = moves.loc[tuple(key.split("|"))]
        for k, name in enumerate(BOTH):
            assert relative(own[f"profit_{name}"], np.array(years)[:, k]) < 1e-10
            assert relative(own[f"production_{name}"], np.array(reference["production"][key])[:, k]) < 1e-10
    values = found.values()
    values = values[values["pair"] == tax].set_index(["issuer", "technology"])
    for key, both in expected["value"].items():
        for name, value in zip(BOTH, both, strict=True):
            assert relative(values.loc[tuple(key.split("|")), f"value_{name}"], value) < 1e-10
    defaults = found.defaults()
    defaults = defaults[defaults["pair"] == tax].set_index(["issuer", "sector"]).sort_index()
    for key, terms in expected["default"].items():
        own = defaults.loc[tuple(key.split("|"))]
        for k, name in enumerate(BOTH):
            assert np.abs(own[f"probability_of_default_{name}"] - np.array(terms)[:, k]).max() < 1e-12
    assert len(expected["profit"]) == 14
    assert len(expected["default"]) == 13


def test_companies_that_the_reference_drops_without_a_word_are_kept_and_told(reference, awkward):
    found, ledger = awkward
    kept = set(zip(found.values()["issuer"], found.values()["technology"], strict=True))
    dropped = {("one-year", "Coal"), ("one-year-green", "RenewablesCap")}
    assert {tuple(key.split("|")) for key in reference["rising"]["value"]} | dropped == kept
    told = {entry.subject: entry.count for entry in ledger}
    assert told["production path: plans of one year"] == 2
    assert told["production path: plans that begin with nothing"] == 1
    assert told["production path: plans that begin after the first year"] == 1
    silent = {key.split("|")[0] for key in reference["rising"]["default"]}
    assert set(found.defaults()["issuer"]) - silent == {"one-year", "one-year-green", "from-nothing"}
