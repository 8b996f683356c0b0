# SPDX-License-Identifier: Apache-2.0
"""The wetland study as a whole: sums that must hold, two methods side by side, the same on any number of workers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import greenrisk
from tests.studied_wetland import FEW, shipped, write_few


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return shipped(tmp_path_factory)


def layer(tree: xr.DataTree, name: str) -> np.ndarray:
    return tree["losses"]["loss"].sel(layer=name).values


def test_gross_is_net_and_ceded_in_every_year(tree: xr.DataTree) -> None:
    gross, net, ceded = (layer(tree, name) for name in ("gross", "net", "ceded"))
    assert net + ceded == pytest.approx(gross, rel=1e-12, abs=1e-5)
    assert ceded.max() > 0
    assert (gross <= layer(tree, "ground_up") * (1 + 1e-12)).all()


def test_parts_add_up_to_what_is_paid(tree: xr.DataTree) -> None:
    names = tree["losses"]["layer"].values.tolist()
    parts = ["gross", *names[names.index("net") + 1 : -1]]
    assert len(parts) == 5
    total = sum(layer(tree, name) for name in parts)
    assert total == pytest.approx(layer(tree, "all_parts"), rel=1e-12)
    premium = tree["premium"]["amount"]
    assert premium.sel(row="pure_premium", segment="all").item() == pytest.approx(total.mean(), rel=1e-12)
    assert premium.isel(segment=slice(1, None)).sum("segment").values == pytest.approx(
        premium.sel(segment="all").values, rel=1e-9
    )


def test_sites_perils_and_heads_add_up_to_the_cover_of_the_sites(tree: xr.DataTree) -> None:
    pure = layer(tree, "gross").mean()
    ground = layer(tree, "ground_up").mean()
    for group in ("sites", "perils", "heads"):
        assert tree[group]["pure_premium"].sum().item() == pytest.approx(pure, rel=1e-9)
        assert tree[group]["ground_up"].sum().item() == pytest.approx(ground, rel=1e-9)
    gross = tree["premium"]["amount"].sel(row="gross_premium", segment="sites").item()
    assert tree["sites"]["gross_premium"].sum().item() == pytest.approx(gross, rel=1e-9)


def rates(tree: xr.DataTree, name: str) -> xr.Dataset:
    metrics = tree["metrics"].to_dataset()
    return metrics.isel(metric=int(np.flatnonzero(metrics["name"].values == name)[0]))


def test_rates_are_the_gross_premium_of_the_sites_over_their_area_and_limits(tree: xr.DataTree) -> None:
    sites, premium = tree["sites"].to_dataset(), tree["premium"].to_dataset().sel(segment="sites")
    limit = sites["limit"].values + sites["water_limit"].values
    mu = 15.0 * sites["area"].values[limit > 0].sum()
    gross, error = premium["amount"].sel(row="gross_premium").item(), premium["gross_standard_error"].item()
    for name, base in (("rate_per_mu", mu), ("rate_per_mille", limit.sum() / 1000.0)):
        rate = rates(tree, name)
        assert rate["value"].item() == pytest.approx(gross / base, rel=1e-12)
        assert rate["standard_error"].item() == pytest.approx(error / base, rel=1e-12)
        assert rate["low"].item() < rate["value"].item() < rate["high"].item()
        assert rate["dims"].item() == '{"part": "sites"}'


def test_rates_of_a_study_of_sites_alone_are_its_premium_and_interval_over_the_area(tmp_path: Path) -> None:
    tree = greenrisk.run(str(write_few(tmp_path))).tree
    gross, rate = rates(tree, "gross_premium"), rates(tree, "rate_per_mu")
    for name in ("value", "standard_error", "low", "high"):
        ratio = rate[name].item() / gross[name].item()
        assert ratio == pytest.approx(rate["value"].item() / gross["value"].item(), rel=1e-9), name


def test_the_shipped_study_has_prevention_that_the_insurer_pays_for(tree: xr.DataTree) -> None:
    """By hand: 10 CNY a household avoid 0.5 (1 - 2^(-10 / 12)) of the damage (wetland-prevention-judged)."""
    small = tree["small_covers"].to_dataset()
    (place,) = np.flatnonzero(np.isfinite(small["prevention_spend"].values))
    one = small.isel(cover=int(place))
    assert one["kind"].item() == "wildlife_damage"
    assert one["prevention_spend"].item() == 10.0 * 2500
    avoided = 0.5 * (1.0 - 2.0 ** (-10.0 / 12.0))
    assert one["prevention_saved"].item() == pytest.approx(avoided * one["pure_premium"].item(), rel=1e-6)
    assert one["prevention_per_yuan"].item() == pytest.approx(one["prevention_saved"].item() / 25000)


def test_payers_share_the_whole_premium(tree: xr.DataTree) -> None:
    gross = tree["premium"]["amount"].sel(row="gross_premium", segment="all").item()
    payers = tree["payers"]
    assert payers["amount"].sum().item() == pytest.approx(gross, rel=1e-12)
    assert payers["amount"].sel(payer="owner").item() == pytest.approx(0.2 * gross, rel=1e-12)


def test_simulation_and_closed_forms_agree(tree: xr.DataTree) -> None:
    checks = tree["checks/second_method"]
    named = checks["quantity"].values.tolist()
    assert sum(name.startswith("cost of") for name in named) == 6
    assert "index pays in a year of low water beyond its onset" in named
    assert "index: pure premium" in named
    gaps = checks["difference"].values
    assert (np.abs(gaps[np.isfinite(gaps)]) < 4.0).all()
    assert np.isfinite(gaps).sum() >= 9


def test_a_site_is_insured_for_the_smaller_of_its_cost_and_its_limit(tree: xr.DataTree) -> None:
    sites = tree["sites"]
    cost = sites["restoration"].values + sites["interim"].values
    assert sites["insurable"].values == pytest.approx(np.minimum(cost, sites["limit"].values), rel=1e-12)
    services = tree["service_values"]
    assert {"version", "year", "currency"} <= set(services.attrs)
    # the value of services takes no part: it is many times what is insured
    assert services["value"].sum().item() > 3 * sites["insurable"].sum().item()


def test_knowledge_intervals_hold_their_figure_and_the_tornado_has_every_card(tree: xr.DataTree) -> None:
    metrics = tree["metrics"].to_dataset().to_dataframe()
    known = metrics[np.isfinite(metrics["low"]) & (metrics["name"] == "pure_premium")]
    assert len(known) == 6
    assert (known["low"] <= known["value"]).all()
    assert (known["high"] >= known["value"]).all()
    cards = set(tree["tornado"]["card"].values.tolist())
    assert len([name for name in cards if name.startswith("wetland-")]) == 14
    assert "record" in cards


def test_the_index_pays_in_years_in_which_the_sites_lose_but_not_in_all_of_them(tree: xr.DataTree) -> None:
    loss, paid = layer(tree, "ground_up"), layer(tree, "index")
    some = paid > 0
    assert 0.05 < some.mean() < 0.15
    assert loss[some].mean() > 1.5 * loss[~some].mean()
    assert (loss[some] == 0).any()
    basis = tree["basis"].to_dataset().to_dataframe()
    assert 0.0 < basis.loc["false_negatives", "value"] < 1.0
    buyer = tree["buyer"]["arrangement"].values.tolist()
    assert buyer == ["none", "index", "index_quoted", "indemnity", "sites", "sites and index"]
    pairs = tree["basis_pairs"]
    assert pairs["loss"].values == pytest.approx(loss[: pairs.sizes["year"]], rel=1e-12)


def test_the_link_is_told_as_declared(tree: xr.DataTree) -> None:
    assert "no record of losses exists" in tree["link"].attrs["declared"]
    ledger = tree["ledger"].to_dataset().to_dataframe()
    assert ledger["detail"].str.contains("Declared, not measured").any()
    notes = tree["series"]["note"].values.tolist()
    assert "no gauge height" in notes[0]


def test_the_result_is_the_same_on_two_workers(tmp_path: Path) -> None:
    path = write_few(tmp_path)
    one, two = (greenrisk.run(path, workers=workers).tree for workers in (1, 2))
    for group in ("losses", "sites", "metrics", "knowledge", "tornado"):
        xr.testing.assert_identical(one[group].to_dataset(), two[group].to_dataset())


def test_a_study_without_index_reinsurance_and_payers_has_no_such_groups(tmp_path: Path) -> None:
    tree = greenrisk.run(write_few(tmp_path)).tree
    assert not {"series", "basis", "link", "payers", "service_values", "small_covers"} & set(tree.children)
    assert tree["premium"]["segment"].values.tolist() == ["all", "sites"]
    assert layer(tree, "net") == pytest.approx(layer(tree, "gross"))


def test_the_first_blocks_are_the_same_whatever_the_years(tmp_path: Path) -> None:
    path = write_few(tmp_path)
    short, long = (greenrisk.run(path, years=years).tree for years in ("1000", "2000"))
    assert layer(long, "gross")[:1000] == pytest.approx(layer(short, "gross"), rel=0, abs=0)


def test_a_peril_more_leaves_the_years_of_the_others_alone(tmp_path: Path) -> None:
    one = greenrisk.run(write_few(tmp_path)).tree
    more = greenrisk.run(
        write_few(tmp_path, FEW.replace("  - kind: spill\n", "  - kind: spill\n  - kind: heat\n"))
    ).tree
    for kind in ("low_water", "spill"):
        events = [tree["perils"]["events"].sel(peril=kind).item() for tree in (one, more)]
        assert events[0] == events[1]


def test_basis_risk_is_told_over_the_range_of_the_declared_link(tree: xr.DataTree) -> None:
    group = tree["link_range"].to_dataset()
    assert group["rank_correlation"].values.tolist() == [0.3, 0.6, 0.85]
    for name, sign in (("false_negatives", -1), ("expected_shortfall", -1), ("variance_reduction", 1)):
        assert (sign * np.diff(group[name].values) > 0).all(), name
    basis = tree["basis"].to_dataset().to_dataframe()
    kept = basis[basis["low"].notna()]
    assert {"pearson", "false_negatives", "tail_dependence", "mean_loss", "expected_shortfall"} <= set(
        kept.index
    )
    assert "mean_payout" not in kept.index
    assert (kept["low"] <= kept["value"]).all()
    assert (kept["high"] >= kept["value"]).all()
    # no loss is larger or smaller by its rank: these see the link alone
    for name in ("spearman", "tail_dependence", "false_negatives"):
        assert basis.loc[name, "low"] == pytest.approx(group[name].min().item(), rel=1e-12)
        assert basis.loc[name, "high"] == pytest.approx(group[name].max().item(), rel=1e-12)
    # and of the mean loss, which no link moves, the cards alone
    drawn = tree["knowledge"].to_dataset().sel(quantity="average_annual_loss_ground_up")
    ratios = np.quantile(drawn["value"].values / drawn["base"].item(), [0.05, 0.95])
    ends = basis.loc["mean_loss", ["low", "high"]].to_numpy(dtype=float) / basis.loc["mean_loss", "value"]
    assert ends == pytest.approx(ratios, rel=1e-9)
    for name in ("expected_shortfall", "variance_reduction"):
        assert basis.loc[name, "low"] < group[name].min().item()
        assert basis.loc[name, "high"] > group[name].max().item()


def test_the_simulation_error_of_basis_risk_is_not_its_interval(tree: xr.DataTree) -> None:
    basis = tree["basis"].to_dataset().to_dataframe()
    missed = basis.loc["false_negatives"]
    chance = missed["value"]
    assert missed["standard_error"] == pytest.approx(
        np.sqrt(chance * (1 - chance) / missed["years"]), rel=1e-9
    )
    for name in ("false_negatives", "tail_dependence", "expected_shortfall"):
        one = basis.loc[name]
        assert one["high"] - one["low"] > 2 * 1.645 * one["standard_error"], name
    assert "the simulation error stands apart" in tree["basis"].attrs["interval"]
    buyer = tree["buyer"].to_dataset().to_dataframe()
    assert buyer[["low", "high"]].isna().all(axis=None)
    assert (buyer.drop("indemnity")["standard_error"] > 0).all()


def test_ends_of_basis_risk_are_those_of_the_headline(tree: xr.DataTree) -> None:
    group = tree["link_range"].to_dataset()
    metrics = tree["metrics"].to_dataset().to_dataframe().set_index("name")
    missed = metrics.loc["false_negative_share"]
    assert missed["value"] == tree["basis"]["value"].sel(measure="false_negatives").item()
    assert missed["low"] == group["false_negatives"].min().item()
    assert missed["high"] == group["false_negatives"].max().item()


def test_too_few_years_for_basis_risk_are_told(tmp_path: Path) -> None:
    result = greenrisk.run(
        "wetland-manaus", years="1000", **{"knowledge.draws": "20", "knowledge.years": "1000"}
    )
    assert "basis" not in result.tree.children
    ledger = result.tree["ledger"].to_dataset().to_dataframe()
    assert ledger.loc[ledger["subject"] == "basis risk", "detail"].str.contains("are too few").all()
    assert (ledger["subject"] == "basis risk").sum() == 1


def test_every_parameter_of_every_card_moves_the_premium(tree: xr.DataTree) -> None:
    tornado = tree["tornado"].to_dataset().to_dataframe().reset_index()
    still = tornado[tornado["gross_at_low"] == tornado["gross_at_high"]]
    # The reserves have plans of their own in the table; years of small covers are those of the base, scaled to the
    # variant's mean.
    own = {"unit_cost_reserve", "years_reserve", "year_variation"}
    assert set(still["parameter"]) <= own, still[["card", "parameter"]]
