# SPDX-License-Identifier: Apache-2.0
"""Limits of the policy: each event first, then the year pro rata."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.policy import PolicyLimits, limit_factor
from greenrisk.core.errors import ArgumentError

# Year 0: 30 and 90; year 1: nothing; year 2: 50.
EVENTS = EventTable.of([30.0, 50.0, 90.0], [0, 2, 0], 3)


def test_event_limit_cuts_each_event():
    assert PolicyLimits(event=60).apply(EVENTS).payments.loss.tolist() == [30, 50, 60]
    assert limit_factor(EVENTS.loss, 60).tolist() == [1, 1, pytest.approx(2 / 3)]


def test_limit_caps_each_event_before_the_annual_aggregate():
    # After the event limit of 60 year 0 costs 30 + 60 = 90; the annual limit of 45 leaves half of each: 15 and 30.
    limited = PolicyLimits(event=60, annual=45).apply(EVENTS)
    assert limited.payments.loss == pytest.approx([15, 45, 30])
    assert limited.payments.annual_sum() == pytest.approx([45, 0, 45])
    assert limited.payments.annual_largest() == pytest.approx([30, 0, 45])
    # Of the ground-up 30, 50, 90 that is one half, nine tenths, one third.
    assert limited.factor == pytest.approx([1 / 2, 9 / 10, 1 / 3])


def test_sites_scale_with_the_factor_of_their_event():
    # The event of 90 hit three sites with 20, 30 and 40; a third of each is left.
    event_of_site, site_payment = np.array([0, 2, 2, 2, 1]), np.array([30.0, 20, 30, 40, 50])
    limited = PolicyLimits(event=60, annual=45).apply(EVENTS)
    left = site_payment * limited.factor[event_of_site]
    assert left == pytest.approx([15, 20 / 3, 10, 40 / 3, 45])
    assert np.bincount(event_of_site, left) == pytest.approx(limited.payments.loss)


def test_without_limits_nothing_changes():
    limited = PolicyLimits().apply(EVENTS)
    assert limited.payments.loss.tolist() == EVENTS.loss.tolist()
    assert limited.factor.tolist() == [1, 1, 1]


def test_years_without_any_event_cost_nothing():
    assert PolicyLimits(5, 8).apply(EventTable.of([], [], 2)).payments.annual_sum().tolist() == [0, 0]


def test_event_limit_before_annual_limit_is_not_the_other_order():
    # Year of 30 and 90, limits 60 and 45. The other order: 45/120 of each, 11.25 and 33.75, and no event above 60.
    limited = PolicyLimits(event=60, annual=45).apply(EventTable.of([30.0, 90.0], [0, 0], 1))
    assert limited.payments.loss == pytest.approx([15, 30])


money = st.floats(0, 1e9)
events = st.lists(st.tuples(money, st.integers(0, 4)), min_size=1, max_size=30)
limits = st.just(math.inf) | st.floats(1, 1e9)


def table(pairs):
    return EventTable.of([p for p, _ in pairs], [y for _, y in pairs], 5)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(events, limits, limits)
def test_no_event_and_no_year_exceeds_its_limit(pairs, event, annual):
    before = table(pairs)
    paid = PolicyLimits(event, annual).apply(before).payments
    assert (paid.loss <= event * (1 + 1e-12)).all()
    assert (paid.annual_sum() <= annual * (1 + 1e-12)).all()
    assert (paid.loss <= before.loss * (1 + 1e-12)).all()
    assert (paid.loss >= 0).all()


@settings(deadline=None, max_examples=50, derandomize=True)
@given(events, limits, limits)
def test_factors_and_payments_say_the_same(pairs, event, annual):
    before = table(pairs)
    limited = PolicyLimits(event, annual).apply(before)
    np.testing.assert_allclose(limited.payments.loss, before.loss * limited.factor, rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(events, limits, limits, st.randoms(use_true_random=False))
def test_the_order_of_the_events_does_not_matter(pairs, event, annual, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one, other = (
        PolicyLimits(event, annual).apply(table(p)).payments.annual_sum() for p in (pairs, shuffled)
    )
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-9)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(events, st.floats(1, 1e9))
def test_the_annual_limit_shares_pro_rata(pairs, annual):
    before = table(pairs)
    factor = PolicyLimits(annual=annual).apply(before).factor
    sums = before.annual_sum()[before.year]
    np.testing.assert_allclose(factor, [annual / s if s > annual else 1 for s in sums], rtol=1e-12)


def test_senseless_limits_are_refused_by_name_all_at_once():
    with pytest.raises(ArgumentError) as caught:
        PolicyLimits(0, -1)
    assert [fault.where for fault in caught.value.faults] == ["event", "annual"]
