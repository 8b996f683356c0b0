# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.actuarial.layers import (
    PolicyLimits,
    Programme,
    QuotaShare,
    StopLoss,
    annual_largest,
    annual_limit_factor,
    annual_sum,
    apply_event_limit,
    event_limit_factor,
)
from greenrisk.core.errors import ArgumentError

# Year 0: 30 and 90; year 1: nothing; year 2: 50.
PAYMENTS, YEAR = [30.0, 50.0, 90.0], [0, 2, 0]


def test_sums_and_largest_events_of_the_years_are_told_apart():
    assert annual_sum(PAYMENTS, YEAR, 3).tolist() == [120, 0, 50]
    assert annual_largest(PAYMENTS, YEAR, 3).tolist() == [90, 0, 50]


def test_years_without_any_event_cost_nothing():
    assert annual_sum([], [], 2).tolist() == [0, 0]
    assert annual_largest([], [], 2).tolist() == [0, 0]
    assert annual_sum([], [], 2).dtype == np.float64
    assert PolicyLimits(5, 8).apply([], [], 2).annual.tolist() == [0, 0]


def test_event_limit_cuts_each_event():
    assert apply_event_limit(PAYMENTS, 60).tolist() == [30, 50, 60]
    assert event_limit_factor(PAYMENTS, 60).tolist() == [1, 1, pytest.approx(2 / 3)]


def test_limit_caps_each_event_before_the_annual_aggregate():
    # After the event limit of 60 year 0 costs 30 + 60 = 90; the annual limit of 45 leaves half of each: 15 and 30.
    limited = PolicyLimits(event=60, annual=45).apply(PAYMENTS, YEAR, 3)
    assert limited.payments == pytest.approx([15, 45, 30])
    assert limited.annual == pytest.approx([45, 0, 45])
    assert limited.largest == pytest.approx([30, 0, 45])
    # Of the ground-up 30, 50, 90 that is one half, nine tenths, one third.
    assert limited.factor == pytest.approx([1 / 2, 9 / 10, 1 / 3])


def test_sites_scale_with_the_factor_of_their_event():
    # The event of 90 hit three sites with 20, 30 and 40; a third of each is left.
    event_of_site, site_payment = np.array([0, 2, 2, 2, 1]), np.array([30.0, 20, 30, 40, 50])
    limited = PolicyLimits(event=60, annual=45).apply(PAYMENTS, YEAR, 3)
    left = site_payment * limited.factor[event_of_site]
    assert left == pytest.approx([15, 20 / 3, 10, 40 / 3, 45])
    assert np.bincount(event_of_site, left) == pytest.approx(limited.payments)


def test_without_limits_nothing_changes():
    limited = PolicyLimits().apply(PAYMENTS, YEAR, 3)
    assert limited.payments.tolist() == PAYMENTS
    assert limited.factor.tolist() == [1, 1, 1]


def test_quota_share_cedes_its_share_of_every_loss():
    split = QuotaShare(0.4).apply([100.0, 0.0])
    assert split.ceded.tolist() == [40, 0]
    assert split.net.tolist() == [60, 0]


def test_stop_loss_pays_between_its_attachment_and_its_exhaustion():
    # On a premium of 60: from 1.2 * 60 = 72, at most 0.5 * 60 = 30.
    split = StopLoss(attachment=1.2, limit=0.5).apply([50.0, 72.0, 90.0, 120.0], premium=60)
    assert split.ceded == pytest.approx([0, 0, 18, 30])
    assert split.net == pytest.approx([50, 72, 72, 90])


def test_stop_loss_works_on_what_the_quota_share_leaves():
    # Gross 200 on a premium of 100; 40 % ceded: 120 on 60; loss ratio 2.0: the layer 0.5 xs 1.2 pays 30; net 90.
    split = Programme(QuotaShare(0.4), StopLoss(1.2, 0.5)).apply([200.0, 80.0], premium=100)
    assert split.net == pytest.approx([90, 48])
    assert split.ceded == pytest.approx([110, 32])


def test_event_limit_before_annual_limit_is_not_the_other_order():
    # Year of 30 and 90, limits 60 and 45. The other order: 45/120 of each, 11.25 and 33.75, and no event above 60.
    limited = PolicyLimits(event=60, annual=45).apply([30.0, 90.0], [0, 0], 1)
    assert limited.payments == pytest.approx([15, 30])


def test_no_reinsurance_keeps_everything():
    split = Programme().apply([200.0], premium=100)
    assert split.net.tolist() == [200]
    assert split.ceded.tolist() == [0]


money = st.floats(0, 1e9)
events = st.lists(st.tuples(money, st.integers(0, 4)), min_size=1, max_size=30)
limits = st.none() | st.floats(1, 1e9)


def arrays(pairs):
    return np.array([p for p, _ in pairs]), np.array([y for _, y in pairs])


@given(events, limits, limits)
def test_no_event_and_no_year_exceeds_its_limit(pairs, event, annual):
    payments, year = arrays(pairs)
    limited = PolicyLimits(event, annual).apply(payments, year, 5)
    if event is not None:
        assert (limited.payments <= event * (1 + 1e-12)).all()
    if annual is not None:
        assert (limited.annual <= annual * (1 + 1e-12)).all()
    assert (limited.payments <= payments * (1 + 1e-12)).all()
    assert (limited.payments >= 0).all()


@given(events, limits, limits)
def test_factors_payments_and_sums_say_the_same(pairs, event, annual):
    payments, year = arrays(pairs)
    limited = PolicyLimits(event, annual).apply(payments, year, 5)
    np.testing.assert_allclose(limited.payments, payments * limited.factor, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(limited.annual, annual_sum(limited.payments, year, 5), rtol=1e-12)
    assert (limited.largest <= limited.annual * (1 + 1e-12)).all()


@given(events, limits, limits, st.randoms(use_true_random=False))
def test_the_order_of_the_events_does_not_matter(pairs, event, annual, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one, other = (PolicyLimits(event, annual).apply(*arrays(p), 5).annual for p in (pairs, shuffled))
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-9)


@given(events, st.floats(1, 1e9))
def test_the_annual_limit_shares_pro_rata(pairs, annual):
    payments, year = arrays(pairs)
    factor = annual_limit_factor(payments, year, 5, annual)
    sums = annual_sum(payments, year, 5)
    np.testing.assert_allclose(factor, [annual / s if s > annual else 1 for s in sums], rtol=1e-12)


@given(
    st.lists(money, min_size=1, max_size=20),
    st.floats(0, 1e9),
    st.floats(0, 0.99),
    st.floats(0, 3),
    st.floats(0.01, 3),
)
def test_gross_is_net_plus_ceded_and_nobody_pays_a_negative_amount(losses, premium, share, attachment, limit):
    for programme in (
        Programme(),
        Programme(QuotaShare(share)),
        Programme(None, StopLoss(attachment, limit)),
        Programme(QuotaShare(share), StopLoss(attachment, limit)),
    ):
        split = programme.apply(losses, premium)
        np.testing.assert_allclose(split.net + split.ceded, split.gross, rtol=1e-12)
        assert (split.net >= 0).all()
        assert (split.ceded >= 0).all()


@given(st.lists(money, min_size=1, max_size=20), st.floats(1, 1e9), st.floats(0, 3), st.floats(0.01, 3))
def test_a_stop_loss_never_pays_more_than_its_limit_and_less_with_a_higher_attachment(
    losses, premium, attachment, limit
):
    ceded = StopLoss(attachment, limit).apply(losses, premium).ceded
    higher = StopLoss(attachment + 0.1, limit).apply(losses, premium).ceded
    assert (ceded <= limit * premium).all()
    assert (higher <= ceded).all()


def test_applying_terms_twice_from_the_same_objects_gives_the_same():
    programme, payments = Programme(QuotaShare(0.4), StopLoss(1.2, 0.5)), np.array([200.0])
    assert programme.apply(payments, 100).net.tolist() == programme.apply(payments, 100).net.tolist()
    assert payments.tolist() == [200]


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: apply_event_limit([1.0], 0), ["limit"]),
        (lambda: PolicyLimits(annual=-1).apply([1.0], [0], 1), ["limit"]),
        (lambda: QuotaShare(1.2), ["share"]),
        (lambda: StopLoss(-1, 0), ["attachment", "limit"]),
        (lambda: annual_sum([1.0], [3], 3), ["year"]),
        (lambda: annual_sum([1.0, 2.0], [0], 3), ["year"]),
    ],
)
def test_senseless_terms_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert [fault.where for fault in caught.value.faults] == where
