# SPDX-License-Identifier: Apache-2.0
"""Quantities, prices and weights one by one: small cases by eye, and properties that hold for any company."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from small_transition import PAIR, edge_tables, finances, steel_paths, steel_plans, transition

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.issuer.production.late_sudden import late_sudden
from greenrisk.issuer.production.plans import align, plans_from
from greenrisk.issuer.production.profits import carbon_price, shock_price, weights
from greenrisk.issuer.production.quantities import fair_share, quantities, target
from greenrisk.issuer.production.tables import PRODUCTION_FINANCES, PRODUCTION_PLANS, TECHNOLOGY_PATHS
from greenrisk.issuer.production.technology_paths import technology_paths_from

YEARS, SHOCK = 12, 5
amounts = st.floats(0.0, 1e6)


def test_fair_shares_divide_carbon_by_itself_and_green_by_its_sector():
    activity = np.array([[100.0, 80.0], [50.0, 80.0], [10.0, 20.0], [0.0, 5.0]])
    found = fair_share(activity, np.array([0, 0, 1, 2]), np.array([False, True, True, False]))
    assert found.tolist() == [[0.0, -0.2], [0.0, 0.2], [0.0, 1.0], [0.0, 0.0]]


def test_targets_start_from_the_first_plan_and_never_fall_below_zero():
    plan = np.array([[10.0, 99.0, 99.0]] * 2)
    share = np.array([[0.0, 0.5, -2.0]] * 2)
    green = np.array([False, True])
    assert target(plan, share, green, None).tolist() == [[10.0, 15.0, 0.0]] * 2
    assert target(plan, share, green, np.array([40.0, 40.0])).tolist() == [
        [10.0, 15.0, 0.0],
        [10.0, 30.0, 0.0],
    ]


def test_the_price_turns_straight_from_the_shock_to_the_target():
    found = shock_price(np.array([1.0, 2.0, 3.0, 9.0, 9.0]), np.array([0.0, 0.0, 0.0, 0.0, 13.0]), 2)
    assert found.tolist() == [1.0, 2.0, 3.0, 8.0, 13.0]


def test_no_carbon_price_is_met_before_the_shock():
    found = carbon_price(np.full(5, 50.0), 2, 0.04)
    assert found == pytest.approx([0.0, 0.0, 50.0, 52.0, 54.08])


def test_weights_are_a_perpetuity_where_profit_never_changes():
    # A profit of 1 for ever from now on, without growth, is worth 1 + 1/r.
    whole, after = weights(7, 3, 0.08, 0.0)
    assert whole.sum() == pytest.approx(1.0 + 1.0 / 0.08)
    assert after.sum() == pytest.approx((1.0 + 1.0 / 0.08) * 1.08**-3)
    # With growth, profits of (1 + g)^t are worth (1 + r)/(r - g) whatever the last year is.
    for years in (2, 9):
        grown = weights(years, 1, 0.08, 0.03)[0] @ 1.03 ** np.arange(years)
        assert grown == pytest.approx(1.08 / 0.05)


@given(
    plan=arrays(float, (4, YEARS), elements=amounts),
    targets=st.tuples(*(arrays(float, (4, YEARS), elements=amounts) for _ in range(2))),
    last=arrays(np.int64, 4, elements=st.integers(0, YEARS - 1)),
)
def test_production_is_never_negative_and_what_closed_stays_closed(plan, targets, last):
    plan = np.where(np.arange(YEARS) <= last[:, None], plan, np.take_along_axis(plan, last[:, None], 1))
    one = np.ones((4, YEARS))
    found = quantities(plan, last, targets, (one, one), SHOCK)
    for path in (found.baseline, found.shock):
        assert (path >= 0.0).all()
        closed = np.logical_or.accumulate(path == 0.0, axis=1)
        assert (path[closed] == 0.0).all()
    assert ((found.proximity >= 0.0) & (found.proximity <= 1.0)).all()
    open_ = found.compensated & ~found.closed_shock
    size = 1e-9 * (found.target.sum(axis=1) + found.baseline.sum(axis=1) * YEARS + 1.0)
    assert (np.abs(found.shock.sum(axis=1) - found.target.sum(axis=1)) <= size)[
        open_ & ~found.closed_baseline
    ].all()


@settings(max_examples=25, deadline=None)
@given(level=st.floats(0.0, 60.0), more=st.floats(0.0, 60.0), share=st.floats(0.0, 1.0))
def test_a_higher_carbon_price_never_raises_value_nor_lowers_default(level, more, share):
    plans, money = steel_plans(("firm", (10.0,) * 6)), finances(firm=(0.1, 0.5, 0.3))
    found, default = [], []
    for price in (level, level + more):
        spec = transition(pairs=[{**PAIR, "carbon_tax": {"level": price}}], pass_through_other=share)
        result, _ = late_sudden(spec, plans, money, steel_paths())
        found.append(result.value["shock"][0, 0, 0])
        default.append(result.log_default_probability("shock")[0, 0, 0])
    assert found[1] <= found[0]
    assert (default[1] >= default[0]).all()


def test_plans_are_filled_between_and_after_their_years():
    plans = plans_from(steel_plans(("a", (None, 4.0, None, 8.0)), ("b", (1.0,))))
    found = align(plans, 2022, 2027)
    assert found.plan.tolist() == [[4.0, 4.0, 6.0, 8.0, 8.0, 8.0], [1.0] * 6]
    assert found.late.tolist() == [True, False]
    assert found.last.tolist() == [3, 0]
    assert found.gaps == 1


def test_paths_are_linear_between_their_years_and_silent_outside():
    rows = steel_paths()
    found = technology_paths_from(rows[rows["year"].isin([2024, 2030, 2040])])
    aim = found.scenarios.index("Aim")
    assert found.years[[0, -1]].tolist() == [2024, 2040]
    assert found.activity[aim, 0, [0, 1, 6, 16]] == pytest.approx([96.0, 94.0, 84.0, 64.0])
    assert found.interpolated == 2 * 14
    assert found.span(aim) == (2024, 2040)


def test_tables_without_rows_are_refused():
    with pytest.raises(TableError, match="at least one plan"):
        plans_from(steel_plans(("a", (1.0,))).iloc[:0])
    with pytest.raises(TableError, match="at least one path"):
        technology_paths_from(steel_paths().iloc[:0])


def test_files_read_at_the_door_give_the_same_as_tables_in_memory(tmp_path):
    frames = edge_tables()
    specs = (PRODUCTION_PLANS, PRODUCTION_FINANCES, TECHNOLOGY_PATHS)
    read = []
    for frame, spec in zip(frames[:3], specs, strict=True):
        file = tmp_path / f"{spec.name}.csv"
        frame.to_csv(file, index=False)
        read.append(read_table(file, spec, Ledger()))
    spec = transition(pairs=[{**PAIR, "carbon_tax": {"path": "rising"}}])
    straight, _ = late_sudden(spec, *frames)
    found, _ = late_sudden(spec, *read, frames[3])
    assert found.value["shock"] == pytest.approx(straight.value["shock"], rel=1e-12)
    doubled = pd.concat([read[0], read[0].iloc[[3]]], ignore_index=True)
    doubled.attrs.clear()
    with pytest.raises(TableError, match=f"plans:{len(doubled) + 1}"):
        plans_from(doubled, "plans")


def test_plans_add_up_by_issuer():
    plans, money, paths, carbon = edge_tables()
    found, _ = late_sudden(
        transition(pairs=[{**PAIR, "carbon_tax": {"path": "rising"}}]), plans, money, paths, carbon
    )
    summed = found.by_issuer(found.emissions)
    two = found.plans.issuers.index("two-sectors")
    rows = found.plans.issuer == two
    assert rows.sum() == 2
    assert summed[0, two] == pytest.approx(found.emissions[0, rows].sum(axis=0))
    assert summed.sum() == pytest.approx(found.emissions.sum())
