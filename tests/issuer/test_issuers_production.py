# SPDX-License-Identifier: Apache-2.0
"""The production path in the issuer study: volumes to carbon, its own groups, its draws."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.issuer import production_groups
from greenrisk.issuer.production.assumptions import assumptions_of
from greenrisk.issuer.production.late_sudden import late_sudden
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.scenario.load import load
from tests.studied_production import DATA, NONE, SHIPPED, own, run

SMALL = {"knowledge.draws": "20", "credit.portfolio_years": "2000"}
YEARS = range(2025, 2051)
FUELS = {
    "CoalCap": ("coal",),
    "RenewablesCap": ("solar", "wind"),
    "GasCap": ("gas",),
    "OilCap": ("oil",),
    "HydroCap": ("hydro",),
    "NuclearCap": ("nuclear",),
    "Biomass": ("biomass",),
}
NAMES = {
    "current-policies": "CurrentPolicies",
    "net-zero-2050": "NetZero2050",
    "delayed": "DelayedTransition",
}


@pytest.fixture(scope="module")
def tree() -> xr.DataTree:
    return run("issuers-late-sudden", SMALL)


def energy(scenario: str, fuel: str) -> np.ndarray:
    """Primary energy of a fuel in China by year, straight between the years that are told [EJ/year]."""
    with (DATA / "ngfs5_cut.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["model"], row["scenario"], row["region"]) == ("REMIND", scenario, "China") and row[
                "variable"
            ] == f"primary_energy_{fuel}":
                told = {int(key): float(value) for key, value in row.items() if key.isdigit() and value}
                return np.interp(list(YEARS), list(told), list(told.values()))
    raise AssertionError(fuel)


def coal_by_hand(planned: list[float]) -> tuple[list[float], list[float]]:
    """Return what a coal company makes without and with a shock in 2030, by its plan of 2025 to 2030; sums in words."""
    base, aim = energy("CurrentPolicies", "coal"), energy("NetZero2050", "coal")
    asked = [planned[0] * e / aim[0] for e in aim]
    calm = [planned[0] * e / base[0] for e in base]
    without = planned + [planned[-1] + calm[k] - calm[5] for k in range(6, 26)]
    assert sum(planned[1:]) > sum(asked[1:6])  # it plans more than it may: it must make up for it
    left = sum(asked) - sum(without[:5])  # what it may still make from 2030 on
    slope = (left - 21 * without[4]) / (21 * 22 / 2)
    shocked = without[:5] + [without[4] + slope * k for k in range(1, 22)]
    closed = next((k for k, made in enumerate(shocked) if made <= 0), 26)
    return without, [made if k < closed else 0.0 for k, made in enumerate(shocked)]


def test_carbon_takes_the_volumes_of_the_path_by_a_calculation_by_hand(tree: xr.DataTree) -> None:
    use = [0.495, 0.490, 0.485, 0.480, 0.475, 0.470]
    without, shocked = coal_by_hand([1320 * share * 8760 for share in use])
    production = tree["production"].to_dataset()
    mine = production.isel(plan=0).sel(pair="net-zero")
    assert str(mine["issuer"].item()) == "JDZ-CPW-1"
    assert mine["baseline"].values.tolist() == pytest.approx(without, rel=1e-12)
    assert mine["late_sudden"].values.tolist() == pytest.approx(shocked, rel=1e-9)
    charges, paths = tree["charges"].to_dataset(), tree["pathways"].to_dataset()
    for scenario, made in (("current-policies", without), ("net-zero-2050", shocked)):
        for year in (2027, 2030, 2035):
            quantity = made[year - 2025] / made[0]
            price = float(paths["carbon_price"].sel(scenario=scenario, year=year).squeeze())
            free = 4503866 * 0.99 ** (year - 2024) * quantity
            cost = price * (4740912 * quantity - free) / 1e6
            found = charges["carbon_cost"].sel(scenario=scenario, issuer="JDZ-CPW-1", year=year)
            assert found.item() == pytest.approx(cost, rel=1e-9)


def test_the_statement_sells_what_the_path_makes_and_issuers_without_a_plan_stay(tree: xr.DataTree) -> None:
    cost = tree["statements"].to_dataset()["variable_cost"].sel(scenario="net-zero-2050")
    made = tree["production"].to_dataset()["late_sudden"].sel(pair="net-zero").isel(plan=0)
    mine = cost.sel(issuer="JDZ-CPW-1")
    assert (mine / mine[0]).values.tolist() == pytest.approx((made / made[0]).values.tolist())
    assert np.ptp(cost.sel(issuer="JDZ-CER-1").values) == 0.0
    table = tree["channels"].to_dataset()
    reads = table["reads"].sel(channel="production_path")
    assert reads["issuer"].values[reads.values == 1].tolist() == [f"JDZ-CPW-{k}" for k in range(1, 5)]


def test_green_plants_grow_by_their_share_of_the_whole_sector(tree: xr.DataTree) -> None:
    whole = sum(energy("NetZero2050", fuel)[0] for fuels in FUELS.values() for fuel in fuels)
    new = energy("NetZero2050", "solar") + energy("NetZero2050", "wind")
    mine = tree["production"].to_dataset().sel(pair="net-zero").isel(plan=2)
    assert str(mine["technology"].item()) == "RenewablesCap"
    first = 180 * 0.1584 * 8760
    assert mine["asked"].values.tolist() == pytest.approx((first * (1 + (new - new[0]) / whole)).tolist())


def direct(**drawn: float):
    """The path without the study: tables by hand from the files that the scenario names."""
    plans = pd.read_csv(DATA / "jingdezhen_issuers_plans_synthetic.csv").assign(region="CN")
    lines = pd.read_csv(DATA / "jingdezhen_issuers_statements_synthetic.csv").query("year == 2024")
    lines = lines[lines["issuer"].isin(plans["issuer"])].set_index("issuer")
    debt = lines["debt_short_million"] + lines["debt_long_million"]
    money = pd.DataFrame(
        {
            "net_profit_margin": lines["net_income_million"] / lines["revenue_million"],
            "debt_to_equity": debt / lines["equity_million"],
            "volatility": 0.16,
        }
    ).reset_index()
    rows = [
        {
            "scenario": name,
            "family": "REMIND",
            "role": "baseline" if name == "current-policies" else "target",
            "region": "CN",
            "sector": "Power",
            "technology": technology,
            "kind": "carbon" if technology in ("CoalCap", "GasCap", "OilCap") else "green",
            "year": year,
            "activity": sum(energy(scenario, fuel)[year - 2025] for fuel in fuels),
            "price": 420.0,
            "price_unit": "CNY/MWh",
        }
        for name, scenario in NAMES.items()
        for technology, fuels in FUELS.items()
        for year in YEARS
    ]
    pairs = [
        {"name": "net-zero", "baseline": "current-policies", "target": "net-zero-2050"},
        {"name": "delayed", "baseline": "current-policies", "target": "delayed"},
    ]
    spec = LateSudden(pairs=pairs, shock_year=2030)
    return late_sudden(spec, plans, money, pd.DataFrame(rows), assumptions=assumptions_of(spec, **drawn))[0]


def test_numbers_of_the_study_are_those_of_the_path_called_directly(tree: xr.DataTree) -> None:
    found = direct()
    production = tree["production"].to_dataset()
    for ours, theirs in {"planned": "plan", "asked": "target"}.items():
        assert np.allclose(production[ours], found.quantity[theirs], rtol=1e-12, atol=0.0)
    for ours, theirs in {"baseline": "baseline", "late_sudden": "shock"}.items():
        assert np.allclose(production[ours], found.quantity[theirs], rtol=1e-12, atol=1e-6)
        value = tree["production_npv"].to_dataset()[f"value_{ours}"]
        assert np.allclose(value, found.value[theirs][0] / 1e6, rtol=1e-12, atol=0.0)
        chance = tree["production_pd"].to_dataset()[f"probability_{ours}"]
        assert np.allclose(chance, found.default_probability(theirs)[0], rtol=0.0, atol=1e-12)
        equity = tree["production_pd"].to_dataset()[f"equity_{ours}"]
        assert np.allclose(equity, found.equity[theirs][0] / 1e6, rtol=1e-12, atol=0.0)
    assert np.allclose(production["emissions_late_sudden"], found.emissions, rtol=1e-12, atol=1e-6)


def test_probabilities_of_the_study_stand_beside_those_of_the_path(tree: xr.DataTree) -> None:
    own_ones, held = tree["production_pd"].to_dataset(), tree["pd"].to_dataset()["cumulative_probability"]
    for pair, scenario in (("net-zero", "net-zero-2050"), ("delayed", "delayed")):
        mine = own_ones["study_probability_late_sudden"].sel(pair=pair, term=[1, 6, 26])
        wanted = held.sel(scenario=scenario, issuer=own_ones["issuer"].values, year=[2025, 2030, 2050])
        assert np.array_equal(mine.values, wanted.values)
    assert np.isnan(own_ones["study_probability_baseline"].sel(term=27)).all()


def test_the_card_is_moved_by_draws_and_by_range_ends(tree: xr.DataTree) -> None:
    values, chances = tree["production_npv"].to_dataset(), tree["production_pd"].to_dataset()
    coal = values["technology"].values == "CoalCap"
    assert (values["change_low"] < values["change"]).values[:, coal].all()
    assert (values["change"] < values["change_high"]).values[:, coal].all()
    low, high = (chances[f"probability_late_sudden_{end}"] for end in ("low", "high"))
    assert (low < high).all()
    tornado = tree["production_tornado"].to_dataset()
    names, sides = tornado["end_name"].values, tornado["end_side"].values
    end = int(np.flatnonzero((names == "discount_rate") & (sides == "low"))[0])
    found = direct(discount_rate=0.065)
    change = (found.value["shock"] - found.value["baseline"])[0].sum(axis=-1) / 1e6
    assert np.allclose(tornado["change"][end], change, rtol=1e-12)
    mean = found.default_probability("shock")[0].mean(axis=1)
    assert np.allclose(tornado["mean_probability"][end], mean, rtol=1e-12)
    # No pair has a carbon tax of its own: what is handed on moves nothing.
    still = int(np.flatnonzero(names == "pass_through_power")[0])
    assert (tornado["change"][still] == tornado["base_change"]).all()


def test_no_number_depends_on_the_size_of_a_block(tree: xr.DataTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(production_groups, "CELLS", 1)
    job = load("issuers-late-sudden", SMALL).prepare()
    base = tree["pd"].to_dataset()[["log_cumulative_probability"]]
    base = base.rename(log_cumulative_probability="log_cumulative")
    found = production_groups.production_groups(job.model, job.plan, base, Ledger())
    for name, group in found.items():
        if name != "/production_refused":
            for key, values in group.data_vars.items():
                if values.dtype.kind == "f":
                    assert np.array_equal(values, tree[name][key], equal_nan=True) or np.allclose(
                        values, tree[name][key], rtol=1e-13, atol=1e-18, equal_nan=True
                    )


def test_issuers_without_detail_keep_their_values_alone(tree: xr.DataTree) -> None:
    job = load("issuers-late-sudden", NONE).prepare()
    base = tree["pd"].to_dataset()[["log_cumulative_probability"]].sel(issuer=["JDZ-CPW-2", "JDZ-CER-1"])
    base = base.rename(log_cumulative_probability="log_cumulative")
    ledger = Ledger()
    found = production_groups.production_groups(job.model, job.plan, base, ledger)
    assert set(found["/production"]["issuer"].values) == {"JDZ-CPW-2"}
    assert set(found["/production_npv"]["issuer"].values) == {f"JDZ-CPW-{k}" for k in range(1, 5)}
    assert [line.count for line in ledger if "without detail" in line.subject] == [3]


def test_plans_that_end_early_are_paths_and_told(tree: xr.DataTree) -> None:
    ledger = tree["ledger"].to_dataset().to_dataframe().set_index("subject")["count"]
    assert ledger["production path: plans of one year"] == 1  # JDZ-CPW-4
    assert ledger["production path: plans that end before the shock"] == 2  # and JDZ-CPW-3
    assert ledger["production path: plans that ended before the first year"] == 1
    assert ledger["production_path: issuers without a production plan"] == 26
    production = tree["production"].to_dataset()
    assert production["issuer"].values[-1] == "JDZ-CPW-4"
    assert np.isfinite(production["late_sudden"].values).all()


def test_parts_and_interaction_make_the_whole_with_the_path_and_without(
    tree: xr.DataTree, tmp_path: Path
) -> None:
    group = tree["channels"].to_dataset()
    whole = group["alone"].sum("channel") + group["interaction"]
    assert np.allclose(group["joint"], whole, rtol=1e-9, atol=1e-9, equal_nan=True)
    alone = group["alone"].sel(measure="ebit", channel="production_path", year=2040)
    coal = alone.sel(issuer="JDZ-CPW-1")
    assert coal.sel(scenario="net-zero-2050") < coal.sel(scenario="current-policies") < 0.0
    assert (alone.sel(issuer="JDZ-CER-1") == 0.0).all()
    text = SHIPPED.read_text(encoding="utf-8")
    part = text[text.index("  production_path:") : text.index("  # The path says how much")]
    off = run(own(tmp_path, (part, "")))
    assert "production" not in off
    without = off["channels"].to_dataset()["joint"].sel(measure="ebit")
    # The path taken out of the joint change leaves what the other channels do.
    last = group["last_in"].sel(measure="ebit", channel="production_path")
    assert np.allclose(group["joint"].sel(measure="ebit") - last, without, rtol=1e-9, atol=1e-9)


def test_a_scenario_without_a_pair_does_not_move_against_the_baseline(tmp_path: Path) -> None:
    pair = "        - {name: delayed, baseline: current-policies, target: delayed}\n"
    found = run(own(tmp_path, (pair, "")))
    alone = found["channels"].to_dataset()["alone"].sel(channel="production_path", measure="ebit")
    assert np.array_equal(alone.sel(scenario="delayed"), alone.sel(scenario="current-policies"))
    assert not np.array_equal(alone.sel(scenario="net-zero-2050"), alone.sel(scenario="current-policies"))
    told = found["ledger"].to_dataset().to_dataframe()
    assert told["subject"].str.endswith("scenarios that no pair of the path speaks for").sum() == 1


def test_a_tax_of_the_paths_own_works_where_the_carbon_channel_is_off(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    carbon = text[text.index("  # The path says how much") :]
    base = run(own(tmp_path, (carbon, "")))
    scenario = "target: net-zero-2050, carbon_tax: {path: net-zero-2050}}"
    found = run(own(tmp_path, (carbon, ""), ("target: net-zero-2050}", scenario)))
    values = found["production_npv"].to_dataset()["value_late_sudden"]
    untaxed = base["production_npv"].to_dataset()["value_late_sudden"]
    coal = values["technology"].values == "CoalCap"
    assert (values.sel(pair="net-zero") < untaxed.sel(pair="net-zero")).values[coal].all()
    assert np.array_equal(values.sel(pair="delayed"), untaxed.sel(pair="delayed"))
    told = found["ledger"].to_dataset().to_dataframe()
    assert told["subject"].eq("production path: yearly profits").any()  # floored, and told


def test_an_owner_without_equity_owes_what_its_statement_says(tmp_path: Path) -> None:
    frame = pd.read_csv(DATA / "jingdezhen_issuers_statements_synthetic.csv", dtype=str)
    mine = (frame["issuer"] == "JDZ-CPW-3") & (frame["year"] == "2024")
    frame.loc[mine, "equity_million"] = "-50"
    frame.to_csv(tmp_path / "statements.csv", index=False)
    owed = frame.loc[mine, ["debt_short_million", "debt_long_million"]].astype(float).to_numpy().sum()
    change = ("statements: jingdezhen_issuers_statements_synthetic", "statements: statements.csv")
    found = run(own(tmp_path, change))["production_pd"].to_dataset()
    company = found["issuer"].values.tolist().index("JDZ-CPW-3")
    assert found["debt"].values[:, company].tolist() == pytest.approx([owed, owed])
    assert set(found["how"].values[:, company]) == {"merton"}
