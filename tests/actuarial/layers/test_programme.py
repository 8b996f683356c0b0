# SPDX-License-Identifier: Apache-2.0
"""Reinsurance programmes: proportional treaties, stop loss, inuring order; gross = net + ceded at every step."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.programme import Programme, QuotaShare, StopLoss, Surplus
from greenrisk.actuarial.layers.tower import Tower
from greenrisk.core.errors import ArgumentError

years = EventTable.of_years


def test_quota_share_cedes_its_share_of_every_loss():
    split = QuotaShare(0.4).cede(years([100.0, 0.0]))
    assert split.ceded.tolist() == [40, 0]
    assert split.net.loss.tolist() == [60, 0]


def test_stop_loss_pays_between_its_attachment_and_its_exhaustion():
    # On a premium of 60: from 1.2 * 60 = 72, at most 0.5 * 60 = 30.
    split = StopLoss(attachment=1.2, limit=0.5).cede(years([50.0, 72.0, 90.0, 120.0]), premium=60)
    assert split.ceded == pytest.approx([0, 0, 18, 30])
    assert split.net.loss == pytest.approx([50, 72, 72, 90])


def test_a_stop_loss_on_events_pays_the_year_and_charges_the_events_that_exhaust_it():
    # Premium 100, from 100 on: 80 stay, 30 of the next 50 and all of 40 are paid, up to 60 in all.
    split = StopLoss(1.0, 0.6).cede(EventTable.of([80.0, 50.0, 40.0], [0, 0, 0], 1), premium=100)
    assert split.ceded == pytest.approx([0, 30, 30])


def test_stop_loss_works_on_what_the_quota_share_leaves():
    # Gross 200 on a premium of 100; 40 % ceded: 120 on 60; loss ratio 2.0: the layer 0.5 xs 1.2 pays 30; net 90.
    split = Programme((QuotaShare(0.4), StopLoss(1.2, 0.5))).cede(years([200.0, 80.0]), premium=100)
    assert split.net.loss == pytest.approx([90, 48])
    assert split.ceded == pytest.approx([110, 32])
    assert split.annual_ceded_by_step() == pytest.approx(np.array([[80, 30], [32, 0]]))
    assert split.retained_premium == pytest.approx(60)


def test_the_order_of_the_covers_matters():
    # 100: a layer 50 xs 40 takes 50 and the quota share half of 50; the other way round the layer sees 50 only: 10.
    layer, quota = Layer(50, 40), QuotaShare(0.5)
    assert Programme((layer, quota)).cede(years([100.0])).net.loss.tolist() == [25]
    assert Programme((quota, layer)).cede(years([100.0])).net.loss.tolist() == [40]


def test_a_surplus_cedes_by_sum_insured():
    # Retention 100, three lines: risks of 50, 100, 200, 400 and 1,000 cede 0, 0, 1/2, 3/4 and 300/1,000.
    treaty = Surplus(retention=100, lines=3)
    assert treaty.ceded_share([50, 100, 200, 400, 1000]) == pytest.approx([0, 0, 1 / 2, 3 / 4, 3 / 10])
    risks = EventTable.of([10.0, 80.0, 500.0], [0, 0, 1], 2, sum_insured=[50, 200, 1000])
    assert treaty.cede(risks).ceded == pytest.approx([0, 40, 150])


def test_a_layer_behind_a_surplus_keeps_the_sums_insured_for_what_follows():
    risks = EventTable.of([80.0], [0], 1, sum_insured=[200])
    split = Programme((Layer(20, 60), Surplus(100, 1))).cede(risks)
    # The layer takes 20 of 80; the surplus half of the 60 that are left.
    assert split.net.loss.tolist() == [30]


def test_no_reinsurance_keeps_everything():
    split = Programme().cede(years([200.0]), premium=100)
    assert split.net.loss.tolist() == [200]
    assert split.ceded.tolist() == [0]
    assert split.annual_ceded_by_step().shape == (1, 0)


money = st.floats(0, 1e9)
tables = st.lists(st.tuples(money, st.integers(0, 4), st.floats(0, 1), st.floats(1, 1e9)), max_size=30)
properties = settings(deadline=None, max_examples=50, derandomize=True)


def table(rows):
    loss, year, time, insured = zip(*rows, strict=True) if rows else ((), (), (), ())
    return EventTable.of(loss, year, 5, time, insured)


amounts = st.floats(1, 1e9)
covers = st.one_of(
    st.builds(QuotaShare, st.floats(0, 1)),
    st.builds(Surplus, amounts, st.floats(0.1, 10), st.floats(0, 1)),
    st.builds(StopLoss, st.floats(0, 3), st.floats(0.01, 3)),
    st.builds(
        Layer,
        amounts,
        money,
        st.floats(0.01, 1),
        amounts | st.just(math.inf),
        money | st.just(0.0),
        st.none() | st.builds(Reinstatements, st.integers(1, 4), st.floats(0, 2), st.booleans()),
    ),
    st.builds(Tower.stacked, money, st.lists(amounts, min_size=1, max_size=3), st.floats(0.01, 1)),
)


@properties
@given(tables, st.lists(covers, max_size=4), st.floats(0, 1e9))
def test_gross_is_net_plus_ceded_at_every_step_and_nobody_pays_a_negative_amount(rows, steps, premium):
    gross = table(rows)
    split = Programme(tuple(steps)).cede(gross, premium)
    for step in split.steps:
        np.testing.assert_allclose(step.net.loss + step.ceded, step.gross.loss, rtol=1e-12)
        assert (step.ceded >= 0).all()
        assert (step.net.loss >= 0).all()
    ceded = sum((step.ceded for step in split.steps), np.zeros(gross.loss.size))
    np.testing.assert_allclose(split.net.loss + ceded, gross.loss, rtol=1e-12, atol=1e-12)
    by_year = split.net.annual_sum() + split.annual_ceded_by_step().sum(axis=1)
    np.testing.assert_allclose(by_year, gross.annual_sum(), rtol=1e-12, atol=1e-9)


@properties
@given(st.lists(money, min_size=1, max_size=20), st.floats(1, 1e9), st.floats(0, 3), st.floats(0.01, 3))
def test_a_stop_loss_never_pays_more_than_its_limit_and_less_with_a_higher_attachment(
    losses, premium, attachment, limit
):
    ceded = StopLoss(attachment, limit).cede(years(losses), premium).ceded
    higher = StopLoss(attachment + 0.1, limit).cede(years(losses), premium).ceded
    assert (ceded <= limit * premium).all()
    assert (higher <= ceded).all()


@properties
@given(tables, st.lists(covers, min_size=1, max_size=3), st.floats(0, 1e9))
def test_ceding_twice_gives_the_same_and_changes_no_input(rows, steps, premium):
    gross, programme = table(rows), Programme(tuple(steps))
    stored = gross.loss.copy()
    first, second = (programme.cede(gross, premium) for _ in range(2))
    assert first.net.loss.tolist() == second.net.loss.tolist()
    assert gross.loss.tolist() == stored.tolist()


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: QuotaShare(1.2), ["share"]),
        (lambda: QuotaShare(math.nan), ["share"]),
        (lambda: StopLoss(-1, 0), ["attachment", "limit"]),
        (lambda: Surplus(0, -1, 2), ["retention", "lines", "premium_share"]),
        (lambda: Surplus(1, 1).cede(years([1.0])), ["sum_insured"]),
        (lambda: Surplus(1, 1).ceded_share([0.0]), ["sum_insured"]),
        (lambda: StopLoss(1, 1).cede(years([1.0])), ["premium"]),
        (lambda: StopLoss(1, 1).cede(years([1.0]), -1.0), ["premium"]),
    ],
)
def test_senseless_terms_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert [fault.where for fault in caught.value.faults] == where


def test_a_stop_loss_behind_a_surplus_of_unknown_premium_says_what_is_missing():
    risks = EventTable.of([80.0], [0], 1, sum_insured=[200])
    with pytest.raises(ArgumentError, match="`premium_share` to a surplus treaty"):
        Programme((Surplus(100, 1), StopLoss(1, 1))).cede(risks, 100)
