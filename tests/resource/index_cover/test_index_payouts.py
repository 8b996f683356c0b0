# SPDX-License-Identifier: Apache-2.0
"""Payouts: edges to the digit, two triggers, events, deductibles and limits, by numbers that the eye can check."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from priced_records import cover, linear, of_events, part, tiers, yearly

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.index_cover.history_spec import HistorySpec
from greenrisk.resource.index_cover.payout_spec import AggregateSpec, DoublePayout
from greenrisk.resource.index_cover.payouts import (
    annual_payments,
    cover_payment,
    cover_share,
    event_payments,
    payout_share,
    year_terms,
)

NUMBERS = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(
    ("value", "share"), [(-3.9, 0.0), (-4.0, 0.0), (-4.5, 0.25), (-5.5, 0.75), (-6.0, 1.0), (-9.0, 1.0)]
)
def test_a_linear_payout_grows_from_trigger_to_exit(value: float, share: float) -> None:
    assert payout_share(linear("below", -4.0, -6.0), value) == share


@pytest.mark.parametrize(
    ("value", "share"), [(99.999, 0.0), (100.0, 0.2), (125.0, 0.6), (150.0, 1.0), (np.inf, 1.0)]
)
def test_a_least_share_is_paid_at_the_trigger_itself(value: float, share: float) -> None:
    assert payout_share(linear("above", 100.0, 150.0, least=0.2), value) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize(
    ("value", "share"),
    [(99.0, 0.0), (100.0, 0.4), (129.9, 0.4), (130.0, 0.4), (130.1, 0.8), (160.0, 1.0), (200.0, 1.0)],
)
def test_a_value_on_an_edge_belongs_to_the_tier_only_where_the_edge_is_inclusive(
    value: float, share: float
) -> None:
    wind = tiers("above", (100, True, 0.4), (130, False, 0.8), (160, True, 1.0))
    assert payout_share(wind, value) == share


@pytest.mark.parametrize(("value", "share"), [(3.0, 0.0), (2.9, 0.5), (1.0, 1.0), (1.1, 0.5)])
def test_tiers_below_read_their_edges_from_above(value: float, share: float) -> None:
    assert payout_share(tiers("below", (3.0, False, 0.5), (1.0, True, 1.0)), value) == share


def test_the_trigger_itself_counts_below_as_above() -> None:
    assert payout_share(linear("below", 3.0, 1.0, least=0.2), 3.0) == 0.2
    assert payout_share(linear("below", 3.0, 1.0, least=0.2), 3.0001) == 0.0


def test_what_is_not_known_is_not_paid_and_not_refused() -> None:
    value = np.array([[np.nan, -5.0], [-7.0, np.nan]])
    found = payout_share(linear("below", -4.0, -6.0), value)
    np.testing.assert_array_equal(found, [[np.nan, 0.5], [1.0, np.nan]])
    assert np.isnan(payout_share(tiers("above", (1.0, True, 1.0)), np.nan)).all()


@pytest.mark.parametrize(
    ("combine", "expected"),
    [("min", [0.25, 0.0, 0.5]), ("product", [0.125, 0.0, 0.5]), ("first", [0.25, 0.0, 1.0])],
)
def test_two_triggers_pay_only_together(combine: str, expected: list[float]) -> None:
    payout = DoublePayout(
        kind="double",
        first=linear("below", -4.0, -6.0, index="low"),
        second=tiers("above", (30.0, True, 0.5), index="hot"),
        combine=combine,
    )
    values = {"low": np.array([-4.5, -6.0, -7.0]), "hot": np.array([31.0, 29.0, 30.0])}
    np.testing.assert_allclose(cover_share(payout, values), expected, rtol=0, atol=1e-15)
    unknown = cover_share(payout, {"low": np.array([-5.0, np.nan]), "hot": np.array([np.nan, 40.0])})
    assert np.isnan(unknown).all()


def test_the_deductible_comes_off_before_the_limit() -> None:
    asked = cover(linear("above", 0.0, 10.0), 1000.0, deductible_cny=100.0, annual_limit_cny=600.0)
    np.testing.assert_allclose(
        cover_payment(asked, {"i": [0.5, 1.0, 3.0, 7.0, 10.0]}), [0.0, 0.0, 200.0, 600.0, 600.0], atol=1e-12
    )


def test_the_limit_of_the_year_holds_over_its_events() -> None:
    wind = tiers("above", (100, True, 0.4), (130, True, 0.8), (160, True, 1.0))
    asked = cover(wind, 1000.0, deductible_cny=50.0, annual_limit_cny=1500.0)
    position, strength = np.array([0, 0, 0, 2, 2]), np.array([140.0, 165.0, 90.0, 110.0, 110.0])
    # Year 0: 750 + 950 capped at 1,500; year 1 without an event; year 2: 350 twice.
    assert event_payments(asked, position, strength, 4).tolist() == [1500.0, 0.0, 700.0, 0.0]
    once = cover(wind, 1000.0)
    assert event_payments(once, position, strength, 3).tolist() == [1000.0, 0.0, 800.0]


def test_a_double_trigger_on_events_is_paid_by_the_year() -> None:
    double = DoublePayout(
        kind="double",
        first=tiers("above", (100, True, 0.4), (130, True, 0.8), index="wind"),
        second=linear("above", 0.0, 1.0, index="rain"),
        combine="first",
    )
    with pytest.raises(ArgumentError, match="by the year"):
        event_payments(cover(double), np.array([0]), np.array([120.0]), 1)
    wind = of_events(2000, 4, [(0, 110.0), (0, 135.0), (2, 140.0)], "wind")
    rain = yearly(2000, [0.5, 0.5, -1.0, np.nan], "rain")
    found = annual_payments(part(cover(double), indices=("wind", "rain")), {"wind": wind, "rain": rain})
    # The largest wind of 2000 counts; a year without a storm pays nothing; what rain 2003 brought is not known.
    np.testing.assert_array_equal(found.total, [800.0, 0.0, 0.0, np.nan])


def test_years_in_common_are_paid_and_the_terms_of_the_year_come_last() -> None:
    asked = part(
        cover(linear("below", 0.0, -1.0, index="a"), 100.0, name="a"),
        cover(linear("above", 0.0, 1.0, index="b"), 50.0, name="b"),
        indices=("a", "b"),
        aggregate=AggregateSpec(deductible_cny=30.0, limit_cny=90.0),
    )
    a, b = yearly(1999, [-9.0, -0.5, 0.0, -1.0, -1.0], "a"), yearly(2000, [0.5, 0.1, 0.9, np.nan, 9.0], "b")
    found = annual_payments(asked, {"a": a, "b": b})
    assert found.year.tolist() == [2000, 2001, 2002, 2003]
    np.testing.assert_allclose(found.by_cover, [[50.0, 0.0, 100.0, 100.0], [25.0, 5.0, 45.0, np.nan]])
    np.testing.assert_allclose(found.total, [45.0, 0.0, 90.0, np.nan])


def test_the_record_can_be_cut_to_years_and_events_with_it() -> None:
    asked = part(
        cover(linear("above", 0.0, 10.0), 100.0, annual_limit_cny=500.0),
        history=HistorySpec(first_year=2001, last_year=2002),
    )
    index = of_events(2000, 4, [(0, 10.0), (1, 5.0), (2, 10.0), (2, 10.0), (3, 10.0)])
    found = annual_payments(asked, {"i": index})
    assert found.year.tolist() == [2001, 2002]
    assert found.total.tolist() == [50.0, 200.0]


def test_indices_without_a_year_in_common_are_refused_by_their_spans() -> None:
    asked = part(
        cover(linear("below", 0.0, -1.0, index="a"), name="a"),
        cover(linear("above", 0.0, 1.0, index="b"), name="b"),
        indices=("a", "b"),
    )
    with pytest.raises(ArgumentError, match=r"`a` 1990-1991, `b` 2000-2000"):
        annual_payments(asked, {"a": yearly(1990, [0.0, 1.0], "a"), "b": yearly(2000, [0.0], "b")})


@given(st.lists(NUMBERS, min_size=1, max_size=5), st.floats(0, 2e3), st.floats(1, 2e3), st.floats(0, 0.9))
def test_no_term_pays_more_than_its_limit(
    values: list[float], deductible: float, limit: float, least: float
) -> None:
    asked = cover(
        linear("below", 10.0, -10.0, least=least), 1000.0, deductible_cny=deductible, annual_limit_cny=limit
    )
    paid = cover_payment(asked, {"i": values})
    assert (paid >= 0.0).all()
    assert (paid <= min(limit, 1000.0)).all()
    assert (year_terms(AggregateSpec(limit_cny=limit / 2), np.stack([paid, paid])) <= limit / 2).all()


@given(NUMBERS, NUMBERS)
def test_a_worse_year_is_never_paid_less(one: float, other: float) -> None:
    worse, better = min(one, other), max(one, other)
    for payout in (
        linear("below", 3.0, -8.0, least=0.1),
        tiers("below", (3.0, False, 0.5), (1.0, True, 1.0)),
    ):
        assert payout_share(payout, worse) >= payout_share(payout, better)
