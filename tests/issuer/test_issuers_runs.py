# SPDX-License-Identifier: Apache-2.0
"""The shipped issuer scenario: what goes in comes out, channels add up, and figures follow from their tables."""

from __future__ import annotations

import pickle
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
import xarray as xr

from greenrisk.core.cards import read_card
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find, library_root
from greenrisk.issuer.vocabulary import TERMS
from tests.issuer_sets import jingdezhen
from tests.studied_issuers import issuers_tree, prepared_issuers


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return issuers_tree(tmp_path_factory)


def test_issuers_in_are_issuers_run_and_refused(tree: xr.DataTree) -> None:
    refused = tree["refused"].sizes["refused"] if "refused" in tree.children else 0
    assert tree["issuers"].sizes["issuer"] + refused == len(jingdezhen()["issuers"])
    assert tree.attrs["issuers"] == tree["issuers"].sizes["issuer"]


def test_the_groups_of_the_run_are_there(tree: xr.DataTree) -> None:
    wanted = "metrics issuers coverage pathways statements charges channels lenses lens_reasons pd spread portfolio "
    wanted += "knowledge tornado issuer_tornado ranking cards channel_table ledger"
    assert set(wanted.split()) <= set(tree.children)


def test_the_joint_change_is_the_channels_alone_and_their_interaction(tree: xr.DataTree) -> None:
    data = tree["channels"].to_dataset()
    left = data["joint"]
    right = data["alone"].sum("channel", skipna=False) + data["interaction"]
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9)


def test_the_joint_change_of_ebit_is_the_statement_less_the_statement_without(tree: xr.DataTree) -> None:
    data, lines = tree["channels"].to_dataset(), tree["statements"].to_dataset()
    first = tree["issuers"].to_dataset()["statement"].sel(line="ebit")
    # No growth in the central card: without channels EBIT is that of the statement in every year.
    found = lines["ebit"] - first
    np.testing.assert_allclose(data["joint"].sel(measure="ebit"), found, rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize(
    "channel", ["environment_tax", "emission_right", "capital_expenditure", "physical_damage"]
)
def test_a_channel_that_only_charges_never_helps(tree: xr.DataTree, channel: str) -> None:
    alone = tree["channels"].to_dataset()["alone"].sel(channel=channel, measure="ebit")
    assert float(alone.max()) <= 1e-9
    assert float(alone.sel(scenario="local-rules").min()) < 0.0


def test_rules_of_the_shock_do_not_reach_the_other_scenarios(tree: xr.DataTree) -> None:
    alone = (
        tree["channels"].to_dataset()["alone"].sel(measure="ebit", scenario=["current-policies", "delayed"])
    )
    for channel in (
        "environment_tax",
        "emission_right",
        "energy_water",
        "capital_expenditure",
        "credit_colour",
    ):
        np.testing.assert_allclose(alone.sel(channel=channel), 0.0, atol=1e-12)


def test_the_balance_sheet_balances_in_every_year(tree: xr.DataTree) -> None:
    lines = tree["statements"].to_dataset()
    start = tree["issuers"].to_dataset()["statement"]
    other = start.sel(line="assets") - sum(
        start.sel(line=name) for name in ("equity", "debt_short", "debt_long")
    )
    held = lines["assets"] - lines["equity"] - lines["debt_short"] - lines["debt_long"]
    np.testing.assert_allclose(
        held, np.broadcast_to(other, held.transpose(..., "issuer").shape).swapaxes(1, 2), rtol=1e-9, atol=1e-6
    )


def test_carbon_cost_is_never_above_price_times_emissions(tree: xr.DataTree) -> None:
    price = tree["pathways"].to_dataset()["carbon_price"]
    price = price.isel({dim: 0 for dim in price.dims if dim not in ("scenario", "year")}, drop=True)
    emitted = tree["issuers"].to_dataset()["emissions"].sel(scope="scope_1")
    paid = tree["charges"].to_dataset()["carbon_cost"]
    most = (price * emitted / 1e6).transpose(*paid.dims)
    assert bool((paid <= most * (1.0 + 1e-9)).all())
    assert float(paid.sel(scenario="net-zero-2050", year=2030).sum()) > 0.0


def test_probabilities_are_probabilities_and_their_logarithms_agree(tree: xr.DataTree) -> None:
    data = tree["pd"].to_dataset()
    annual = data["annual_probability"].values
    assert np.all((annual >= 0.0) & (annual <= 1.0))
    np.testing.assert_allclose(np.exp(data["log_annual_probability"]), annual, rtol=1e-12, atol=0)
    # By the end of a year at least the twelve months after the earlier ones have passed, and no probability falls.
    alive = np.cumprod(1.0 - annual, axis=-1)
    by = data["cumulative_probability"].values
    assert (by[..., 1:] >= (1.0 - alive)[..., :-1] * (1 - 1e-6) - 1e-12).all()
    assert (np.diff(by, axis=-1) >= 0.0).all()
    assert (by <= 1.0).all()


def test_the_probability_by_a_year_is_the_greater_of_both_sides_by_hand(tree: xr.DataTree) -> None:
    data, year, scenario = tree["pd"].to_dataset(), 2030, "current-policies"
    lines = tree["statements"].to_dataset().sel(scenario=scenario)
    assets = tree["spread"].to_dataset()["asset_value"].sel(scenario=scenario)
    issuers = tree["issuers"].to_dataset()
    years, k = range(2025, year + 1), 0.18
    for issuer in ("JDZ-CER-1", "JDZ-CHE-2", "JDZ-CIV-1"):
        sides = []
        for place, one in enumerate(years):
            owed = float(lines["debt_short"].sel(issuer=issuer, year=one)) + float(
                lines["debt_long"].sel(issuer=issuer, year=one)
            )
            moves = float(issuers["asset_volatility"].sel(issuer=issuer)) ** 2
            moves *= (1 - np.exp(-2 * k * (place + 1))) / (2 * k)
            far = np.log(float(assets.sel(issuer=issuer, year=one)) / owed) - moves / 2
            sides.append(NormalDist().cdf(-far / moves**0.5))
        yearly = data["annual_probability"].sel(scenario=scenario, issuer=issuer, year=slice(2025, year - 1))
        by_hand = max(*sides, 1.0 - float(np.prod(1.0 - yearly.values)))
        found = float(data["cumulative_probability"].sel(scenario=scenario, issuer=issuer, year=year))
        assert found == pytest.approx(by_hand, rel=1e-6), issuer


def test_the_headline_of_the_expected_loss_follows_from_the_tables(tree: xr.DataTree) -> None:
    year = tree.attrs["headline_year"]
    debt = tree["issuers"].to_dataset()["statement"].sel(line=["debt_short", "debt_long"]).sum("line")
    by = tree["pd"].to_dataset()["cumulative_probability"].sel(year=slice(None, year))
    loss = tree["spread"].to_dataset()["loss_rate"].sel(year=slice(None, year))
    within = np.diff(by.values, axis=-1, prepend=0.0)
    lost = (debt.values * (within * loss.values).sum(axis=-1)).sum(axis=-1) / float(debt.sum())
    metrics = tree["metrics"].to_dataset()
    for place, scenario in enumerate(tree["pd"]["scenario"].values):
        rows = [
            k
            for k in range(metrics.sizes["metric"])
            if metrics["name"].values[k] == "expected_loss_rate"
            and f'"{scenario}"' in str(metrics["dims"].values[k])
        ]
        assert float(metrics["value"].values[rows[0]]) == pytest.approx(float(lost[place]), rel=1e-9)
        assert metrics["low"].values[rows[0]] <= metrics["high"].values[rows[0]]


def test_simulated_and_closed_expected_losses_agree(tree: xr.DataTree) -> None:
    data = tree["portfolio"].to_dataset()
    apart = np.abs(data["expected_simulated"] - data["expected_closed_form"])
    assert bool((apart <= 4.0 * data["expected_error"]).all())


def test_a_block_is_the_same_whenever_it_is_run_and_survives_a_pickle() -> None:
    job = prepared_issuers()
    again = pickle.loads(pickle.dumps(job))
    for block in (0, job.n_blocks - 1):
        xr.testing.assert_identical(job.run_block(block), again.run_block(block))


def test_a_base_draw_is_one_of_all_variants_alike() -> None:
    job = prepared_issuers()
    both = job.model.setting(slice(0, 3), [job.plan.values[0], job.plan.values[1]])
    alone = job.model.setting(slice(0, 3), [job.plan.values[1]])
    found = job.model.outcome(both).credit.carried.log_annual_probability[1]
    np.testing.assert_allclose(
        found, job.model.outcome(alone).credit.carried.log_annual_probability[0], rtol=1e-12, atol=1e-12
    )


def test_the_shipped_scenario_lies_in_the_library() -> None:
    assert (library_root() / "scenarios" / "issuers-jingdezhen.yaml").is_file()
    assert (library_root() / "scenarios" / "issuers-itr.yaml").is_file()


def test_every_number_has_a_unit_and_every_metric_is_a_declared_term(tree: xr.DataTree) -> None:
    bare = [
        f"{node.path}/{name}"
        for node in tree.subtree
        for name, variable in node.to_dataset(inherit=False).data_vars.items()
        if variable.dtype.kind in "iuf" and "units" not in variable.attrs
    ]
    assert bare == []
    metrics = tree["metrics"].to_dataset()
    for name, unit in zip(metrics["name"].values, metrics["unit"].values, strict=True):
        assert TERMS[str(name)].unit == unit


def test_the_loss_given_default_answers_to_the_share_of_the_assets_that_is_lost_by_hand(
    tree: xr.DataTree,
) -> None:
    spread, lines = tree["spread"].to_dataset(), tree["statements"].to_dataset()
    card = read_card(find("models", "issuer-recovery-judged")).values()
    calm, moved = float(card["senior_unsecured"]), float(card["shock_sensitivity"])
    for issuer, year in (("JDZ-CPW-1", 2030), ("JDZ-CER-1", 2030), ("JDZ-WAT-1", 2040), ("JDZ-CHE-5", 2035)):
        at = {"issuer": issuer, "year": year}
        base = float(spread["asset_value"].sel(scenario="current-policies", **at))
        owed = sum(
            float(lines[x].sel(scenario="current-policies", **at)) for x in ("debt_short", "debt_long")
        )
        for scenario in ("net-zero-2050", "local-rules"):
            lost = (base - float(spread["asset_value"].sel(scenario=scenario, **at))) / max(base, owed)
            odds = calm / (1 - calm) * np.exp(moved * min(lost, 1.0))
            found = float(spread["loss_rate"].sel(scenario=scenario, **at))
            assert found == pytest.approx(odds / (1 + odds), rel=1e-9), (issuer, scenario)


def test_the_ratios_behind_the_scores_follow_from_the_statements(tree: xr.DataTree) -> None:
    lines, ratios = tree["statements"].to_dataset(), tree["ratios"].to_dataset()
    expected = {
        "working_capital_to_assets": (lines["current_assets"] - lines["current_liabilities"])
        / lines["assets"],
        "retained_earnings_to_assets": lines["retained_earnings"] / lines["assets"],
        "ebit_to_assets": lines["ebit"] / lines["assets"],
        "sales_to_assets": lines["revenue"] / lines["assets"],
        "interest_cover": lines["ebit"] / lines["interest"],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(ratios[name].transpose(*values.dims), values, rtol=1e-12, err_msg=name)


def test_debt_that_ends_is_at_stake_no_more() -> None:
    job = prepared_issuers(knowledge__draws="0", knowledge__tornado="false")
    model, values = job.model, job.plan.values[:1]
    until = np.full(len(model.issuers), np.nan)
    until[3] = 2027
    ends = replace(model, issuers=replace(model.issuers, debt_until=until))
    all_of = slice(0, len(model.issuers))
    ledger = Ledger()
    stays = model.outcome(model.setting(all_of, values)).credit
    gone = ends.outcome(ends.setting(all_of, values), ledger).credit
    assert gone.exposure[0, 0, 3].tolist() == [*stays.exposure[0, 0, 3, :3], *[0.0] * 23]
    np.testing.assert_array_equal(gone.expected_loss[0, :, 3, :3], stays.expected_loss[0, :, 3, :3])
    assert (gone.expected_loss[0, :, 3, 3:] == gone.expected_loss[0, :, 3, 2:3]).all()
    np.testing.assert_array_equal(
        np.delete(gone.expected_loss, 3, axis=2), np.delete(stays.expected_loss, 3, axis=2)
    )
    (told,) = [e for e in ledger if e.subject == "issuers whose debt ends within the study"]
    assert told.count == 1
