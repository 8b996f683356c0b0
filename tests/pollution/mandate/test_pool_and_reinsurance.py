# SPDX-License-Identifier: Apache-2.0
"""Members of a pool bear it all between them; reinsurance of the zone's events against sums by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leping_mandate import numbers
from zone_by_hand import CLAIMS, CLEAN_UP, PROPERTY, accidents, head_laws, zone_laws

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.layers.pricing import expected_layer_loss
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.laws import ClaimLaws
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.mandate_spec import MandateSpec
from greenrisk.pollution.mandate.pool import Pool, fees, pool_group, settlement
from greenrisk.pollution.mandate.pool_spec import PoolSpec, ZoneReinsuranceSpec
from greenrisk.pollution.mandate.reinsured_years import (
    ReinsuredYears,
    cover_premiums,
    event_table,
    reinsurance_group,
    reinsured_part,
)

SPEC = PoolSpec(
    members=(
        {"name": "A", "share": 0.5, "leads": True},
        {"name": "B", "share": 0.3},
        {"name": "C", "share": 0.2},
    ),
    lead_fee=0.1,
)
POOL = Pool.of(SPEC, numbers(MandateSpec(pool=SPEC)))


def test_what_a_pool_does_not_say_is_in_the_table_of_numbers():
    assert (POOL.lead_fee, POOL.settles_every_months) == (0.1, 3)
    silent = SPEC.model_copy(update={"lead_fee": None})
    assert Pool.of(silent, numbers(MandateSpec(pool=silent))).lead_fee == 0.05


def test_fees_are_what_the_others_pay_the_leader():
    assert fees(POOL, 1000.0).tolist() == pytest.approx([50.0, -30.0, -20.0])


def test_members_share_premium_costs_payments_and_result():
    payments = np.array([0.0, 100.0, 400.0, 1500.0])
    found = pool_group(POOL, payments, 1000.0, 200.0)
    assert found["result"].values.tolist() == pytest.approx([0.5 * 300 + 50, 0.3 * 300 - 30, 0.2 * 300 - 20])
    assert found["result"].sum() == pytest.approx(1000 - 200 - 500)
    assert found["fee"].sum() == pytest.approx(0.0)
    # A keeps 450 and loses where half of the payments exceeds that; B keeps 210, C 140.
    assert found["chance_of_loss"].values.tolist() == [0.25, 0.25, 0.25]
    assert found["result_standard_deviation"].values == pytest.approx(
        [0.5, 0.3, 0.2] * np.full(3, payments.std(ddof=1))
    )


def test_a_member_whose_share_of_a_year_equals_what_it_keeps_does_not_lose():
    assert pool_group(POOL, [900.0, 0.0], 1000.0, 200.0)["chance_of_loss"].values[0] == 0.0


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(0.0, 1e6), min_size=1, max_size=40),
    st.floats(0.0, 1e6),
    st.floats(0.0, 1.0),
    st.sampled_from([1, 3, 5, 12]),
)
def test_accounts_add_up_to_premium_less_costs_less_payments(monthly, premium, share, months):
    pool = replace(POOL, settles_every_months=months)
    costs = share * premium
    found = settlement(pool, monthly, premium, costs)
    total = premium - costs - sum(monthly)
    assert float(found["due"].sum()) == pytest.approx(total, abs=1e-6 * (1 + premium + sum(monthly)))
    assert float(found["payments"].sum()) == pytest.approx(sum(monthly))
    assert found["due"].sum("member").values[1:] == pytest.approx(-found["payments"].values[1:])
    assert found["month"].values.tolist() == [months * (k + 1) for k in range(found.sizes["account"])]


def test_the_leader_lays_out_what_the_others_owe():
    found = settlement(POOL, [100.0, 0.0, 50.0, 60.0], 1000.0, 100.0)
    assert found["payments"].values.tolist() == [150.0, 60.0]
    assert found["financed"].values.tolist() == [75.0, 30.0]
    assert found["due"].sel(account=1).values.tolist() == pytest.approx(
        [450 + 50 - 75, 270 - 30 - 45, 180 - 20 - 30]
    )
    assert found["due"].sel(account=2).values.tolist() == pytest.approx([-30.0, -18.0, -12.0])


def test_there_is_an_account_where_something_is_paid_and_one_at_least():
    assert settlement(POOL, [100.0, 0.0, 0.0, 5.0, *[0.0] * 20], 1000.0, 100.0)["month"].values.tolist() == [
        3,
        6,
    ]
    assert settlement(POOL, [0.0] * 24, 1000.0, 100.0)["month"].values.tolist() == [3]


def test_costs_above_the_premium_are_refused():
    with pytest.raises(ArgumentError, match="exceed the premium"):
        settlement(POOL, [1.0], 100.0, 101.0)


ROWS = (
    {"year": 0, "time": 0.2, "loss": {PROPERTY: 300.0}, "event": 0},
    {"year": 0, "time": 0.4, "plant": 0, "cause": 1, "event": 1, "loss": {PROPERTY: 250.0}},
    {"year": 0, "time": 0.4, "plant": 1, "cause": 1, "event": 1, "loss": {CLEAN_UP: 350.0}},
    {"year": 2, "time": 0.5, "plant": 1, "loss": {PROPERTY: 900.0}, "event": 2},
)
EXCESS = {"kind": "excess_of_loss", "attachment_cny": 400.0, "limit_cny": 300.0}


def _years(*covers):
    found = accidents(*ROWS, years=4)
    paid = apply_terms(found, terms_of(PolicySpec(annual_multiple=10.0), [1000.0, 1000.0]))
    spec = ZoneReinsuranceSpec(covers=covers)
    return ReinsuredYears.of([reinsured_part(found, paid, spec)]), spec


def test_the_accidents_of_one_shock_are_one_event_to_reinsurers():
    found = accidents(*ROWS, years=4)
    events = event_table(
        found, apply_terms(found, terms_of(PolicySpec(annual_multiple=10.0), [1000.0, 1000.0]))
    )
    assert events.loss.tolist() == [300.0, 600.0, 900.0]
    assert events.year.tolist() == [0, 0, 2]


def test_covers_see_what_those_before_them_left():
    years, spec = _years({"kind": "quota_share", "share": 0.5}, EXCESS | {"attachment_cny": 200.0})
    assert years.gross.tolist() == [900.0, 0.0, 900.0, 0.0]
    # Halves 150, 300, 450; the layer of 300 above 200 pays 0, 100 and 250.
    assert years.ceded.tolist() == [[450.0, 100.0], [0.0, 0.0], [450.0, 250.0], [0.0, 0.0]]
    assert years.net.tolist() == [350.0, 0.0, 200.0, 0.0]
    premium, commission = cover_premiums(years, spec, 1000.0)
    assert premium.tolist() == [500.0, 350.0 / 4]
    assert commission.tolist() == [0.0, 0.0]


def test_a_year_is_capped_by_an_annual_excess():
    years, _ = _years({"kind": "annual_excess", "attachment_cny": 500.0, "limit_cny": 200.0})
    assert years.net.tolist() == [700.0, 0.0, 700.0, 0.0]


def test_reinstatements_cost_their_part_of_the_premium():
    years, spec = _years(EXCESS | {"reinstatements": 1, "premium_cny": 60.0})
    # Payments 200 and 300 of a limit of 300: two thirds and the whole of it are made good at 100 %.
    assert years.reinstated[:, 0].tolist() == pytest.approx([2 / 3, 0.0, 1.0, 0.0])
    group = reinsurance_group(years, spec, 1000.0)
    assert group["reinstatement_premium"].values.tolist() == pytest.approx([60 * (5 / 3) / 4])
    assert float(group["net_cost"]) == pytest.approx((700 + 600) / 4 + 60 + 25)
    assert group["used"].values.tolist() == [0.5]
    assert float(group["expected_gross"]) == float(group["expected_net"]) + float(group["ceded"].sum())


def test_a_cover_without_a_stated_premium_costs_what_it_pays_reinstatements_included():
    years, spec = _years(EXCESS | {"reinstatements": 1})
    premium, _ = cover_premiums(years, spec, 1000.0)
    assert premium[0] * (1 + years.reinstated.mean()) == pytest.approx(years.ceded.mean())


def test_commission_is_a_share_of_the_ceded_premium():
    years, spec = _years({"kind": "quota_share", "share": 0.5, "commission": 0.25})
    group = reinsurance_group(years, spec, 1000.0)
    assert group["commission"].values.tolist() == [125.0]
    assert float(group["net_cost"]) == pytest.approx(225 + 500 - 125)


def test_without_covers_everything_is_kept():
    years, spec = _years()
    assert years.net.tolist() == years.gross.tolist()
    assert reinsurance_group(years, spec, 1000.0).sizes["cover"] == 0


def test_blocks_follow_one_another_and_books_close():
    laws = zone_laws()
    spec = ZoneReinsuranceSpec(
        covers=(EXCESS | {"attachment_cny": 1e5, "limit_cny": 1e6, "reinstatements": 2},)
    )
    parts = []
    for block in range(3):
        found = simulate_block(laws, 4, "main", block)
        paid = apply_terms(found, terms_of(PolicySpec(), np.full(4, 1e6)))
        parts.append(reinsured_part(found, paid, spec))
    years = ReinsuredYears.of(parts)
    assert years.gross.size == 3000
    assert years.gross == pytest.approx(years.net + years.ceded.sum(axis=1), rel=1e-12)
    assert years.ceded.max() <= 3e6 * (1 + 1e-12)
    with pytest.raises(ArgumentError, match="no part"):
        ReinsuredYears.of([])


def test_the_layer_of_one_plant_costs_what_the_library_computes():
    law = Lognormal(12.0, 1.3)
    heads = head_laws(
        share_positive=np.array([[1.0, 0, 0, 0, 0]]),
        mu=np.full(5, 12.0),
        sigma=np.full(5, 1.3),
        cap=np.full((1, 5), 1e12),
        threshold=np.full(5, np.inf),
        tail_weight=np.zeros(5),
        scale=np.ones((1, 5)),
    )
    claims = ClaimLaws(**CLAIMS | {"share_gradual": 0.0, "share_deliberate": 0.0})
    laws = zone_laws(own=[0.5], transport=np.zeros(1), shock_share=0.0, heads=heads, claims=claims)
    spec = ZoneReinsuranceSpec(covers=(EXCESS | {"attachment_cny": 5e5, "limit_cny": 2e6},))
    terms = terms_of(PolicySpec(annual_multiple=1000.0), [1e11])
    parts = []
    for block in range(20):
        found = simulate_block(laws, 4, "main", block)
        parts.append(reinsured_part(found, apply_terms(found, terms), spec))
    group = reinsurance_group(ReinsuredYears.of(parts), spec, 1e6)
    layer = spec.programme().steps[0]
    exact = expected_layer_loss(CompoundDistribution(Poisson(0.5), law), layer)
    expected = getattr(exact, "value", exact)
    error = float(group["ceded_standard_error"].values[0])
    assert abs(float(group["ceded"].values[0]) - float(expected)) < 4 * error
