# SPDX-License-Identifier: Apache-2.0
"""Pool, reinsurance, the example claim and policies seen elsewhere, end to end in the shipped scenario."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from studied_zone import prepared

from greenrisk.core.errors import GreenRiskError
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.events import Accidents, simulate_block
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import Paid, apply_terms


def group(tree: xr.DataTree, name: str) -> xr.Dataset:
    return tree[name].to_dataset()


def main_blocks(job: ZoneJob) -> list[tuple[Accidents, Paid]]:
    """Return accidents and payments of the blocks that the run itself reduces."""
    laws = job.model.laws(job.plan.variants[0])
    drawn = [simulate_block(laws, job.facts.spec.seed, "main", block) for block in range(4)]
    return [(accidents, apply_terms(accidents, job.model.terms)) for accidents in drawn]


def test_the_members_of_the_shipped_pool_share_everything_but_the_fee(tree: xr.DataTree) -> None:
    pool, premium = group(tree, "pool"), group(tree, "premium/zone")["amount"]
    cover = group(tree, "reinsurance").squeeze("cover")
    assert pool["share"].values.tolist() == [0.5, 0.3, 0.2]
    spent = float(cover["premium"] + cover["reinstatement_premium"] - cover["commission"])
    left = float(premium.sel(row="gross_premium")) - spent
    assert pool["premium"].values == pytest.approx(left * pool["share"].values, rel=1e-9)
    # 5 % of what the others are paid goes to the leader: the row of the table of numbers.
    assert pool["fee"].values == pytest.approx(left * np.array([0.025, -0.015, -0.01]), rel=1e-9)
    costs = sum(float(premium.sel(row=row)) for row in ("expenses", "commission", "tax"))
    net = float(cover["expected_net"])
    assert float(pool["result"].sum()) == pytest.approx(left - costs - net, rel=1e-9)


def test_accounts_are_settled_every_quarter_and_add_up(tree: xr.DataTree) -> None:
    pool, accounts = group(tree, "pool"), group(tree, "pool_settlement")
    months, cover = group(tree, "claims_months"), group(tree, "reinsurance")
    assert np.diff(accounts["month"].values).tolist() == [3] * (accounts.sizes["account"] - 1)
    kept = float(cover["expected_net"] / cover["expected_gross"])
    paid = float(months["insurer"].sum()) * kept
    assert float(accounts["payments"].sum()) == pytest.approx(paid, rel=1e-9)
    in_hand = float((pool["premium"] - pool["costs"]).sum())
    assert float(accounts["due"].sum()) == pytest.approx(in_hand - paid, rel=1e-9)
    assert float(accounts["financed"].sum()) == pytest.approx(0.5 * paid, rel=1e-9)


def test_the_cover_takes_of_every_event_what_lies_in_its_layer(job: ZoneJob, tree: xr.DataTree) -> None:
    cover = group(tree, "reinsurance").squeeze("cover")
    ceded = gross = 0.0
    in_use, events_hit = 0, 0
    for accidents, paid in main_blocks(job):
        by_event = np.bincount(accidents.event, weights=paid.total)
        year = np.zeros(by_event.size, dtype=int)
        year[accidents.event] = accidents.year
        taken = np.clip(by_event - 2e6, 0.0, 8e6)
        yearly = np.bincount(year, weights=taken, minlength=1000)
        # Made good once: 16 million a year at most.
        ceded += np.minimum(yearly, 16e6).sum()
        gross += by_event.sum()
        in_use += int((yearly > 0).sum())
        events_hit += int((taken > 0).sum())
    assert events_hit > 5
    assert float(cover["ceded"]) * 4000 == pytest.approx(ceded, rel=1e-9)
    assert float(cover["expected_gross"]) * 4000 == pytest.approx(gross, rel=1e-9)
    assert float(cover["used"]) * 4000 == pytest.approx(in_use)
    assert float(cover["expected_net"] + cover["ceded"]) == pytest.approx(float(cover["expected_gross"]))


def test_the_example_claim_is_the_mean_accident_with_a_liability_at_an_insured_plant(
    job: ZoneJob, tree: xr.DataTree
) -> None:
    own, policy = job.facts.inventory.plants.limit, job.facts.spec.policy
    # Without any limit every liability is paid: what is paid then of an accident at an insured plant makes it a claim.
    endless = policy.model_copy(
        update={"accident_limit_cny": 1e15, "sublimits": (), "person_limit": None, "annual_multiple": 1e3}
    )
    losses, payments = [], 0.0
    for accidents, paid in main_blocks(job):
        claim = apply_terms(accidents, terms_of(endless, own)).total > 0.0
        losses += accidents.total[claim].tolist()
        payments += float(paid.total[claim].sum())
    cash = group(tree, "claims_cash")
    assert cash.attrs["claims_per_year"] == len(losses) / 4000
    assert cash["cost"].values[:, -1] == pytest.approx(np.full(3, np.mean(losses)), rel=1e-9)
    assert float(cash["insurer"].sel(path="known")[-1]) == pytest.approx(payments / len(losses), rel=1e-9)
    # All that is paid in a year is paid for such claims, and of those whose polluter is never found nothing.
    never = 0.1 * 0.3
    months = float(group(tree, "claims_months")["insurer"].sum())
    assert months == pytest.approx((1 - never) * payments / 4000, rel=1e-9)
    assert payments / 4000 == pytest.approx(float(group(tree, "heads")["insured"].sum()), rel=1e-9)


def test_policies_seen_elsewhere_stand_beside_the_model_and_move_nothing(tree: xr.DataTree) -> None:
    seen = group(tree, "presets")
    assert seen["limit"].values.tolist() == [1e4 * x for x in (50, 100, 200, 400, 600, 800, 1000)]
    assert seen["base_premium"].values.tolist() == [1e4 * x for x in (1.2, 2, 3.5, 5, 6.5, 8, 10)]
    assert set(seen["status"].values.tolist()) == {"illustrative"}
    assert seen.attrs["plants"] == 26
    for name in ("model_payments", "model_premium"):
        assert (np.diff(seen[name].values) > 0).all()
    assert (np.diff(seen["model_rate_on_line"].values) < 0).all()
    ledger = group(tree, "ledger")
    told = dict(zip(ledger["subject"].values.tolist(), ledger["detail"].values.tolist(), strict=True))
    assert "not an official tariff" in told["epl_tariffs_seen"]


def test_a_run_without_the_table_has_no_policies_seen_elsewhere() -> None:
    assert prepared(tariffs_seen="null").facts.presets == {}


def test_a_table_without_schemes_is_refused_where_the_scenario_names_it() -> None:
    with pytest.raises(GreenRiskError, match="epl-tariffs-seen"):
        prepared(tariffs_seen="zone_tariff_illustrative")
