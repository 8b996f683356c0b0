# SPDX-License-Identifier: Apache-2.0
"""One layer: event terms, annual terms and reinstatements in the order of the events, share last."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.core.errors import ArgumentError

properties = settings(deadline=None, max_examples=50, derandomize=True)


def one_year(*losses, time=None):
    return EventTable.of(losses, np.zeros(len(losses), int), 1, time)


def test_a_layer_pays_each_event_between_its_attachment_and_its_top():
    # 10 xs 5.
    assert Layer(10, 5).cede(one_year(3, 5, 9, 15, 40)).ceded.tolist() == [0, 0, 4, 10, 10]


def test_an_unlimited_layer_pays_all_above_its_attachment():
    assert Layer(math.inf, 5).cede(one_year(3, 40)).ceded.tolist() == [0, 35]


def test_the_annual_limit_is_used_up_in_the_order_of_the_events():
    # Event payments 4, 10, 7; 18 a year: 4, 10 and the 4 that are left.
    layer = Layer(10, 5, annual_limit=18)
    assert layer.cede(one_year(9, 20, 12)).ceded.tolist() == [4, 10, 4]
    # Told by time the last event comes first: 7, then 4, then 7 of 10.
    assert layer.cede(one_year(9, 20, 12, time=[0.5, 0.9, 0.1])).ceded.tolist() == [4, 7, 7]


def test_the_annual_deductible_is_borne_first_and_does_not_use_up_the_annual_limit():
    # Event payments 4, 10, 7; the first 6 are borne: 0, 8, and of 7 the 4 that the limit of 12 leaves.
    layer = Layer(10, 5, annual_limit=12, annual_attachment=6)
    assert layer.cede(one_year(9, 20, 12)).ceded.tolist() == [0, 8, 4]


def test_every_year_starts_anew():
    events = EventTable.of([20, 20, 20], [0, 1, 1], 2)
    assert Layer(10, 5, annual_limit=15).cede(events).ceded.tolist() == [10, 10, 5]


def test_the_share_multiplies_what_the_whole_layer_pays_after_its_annual_limit():
    # Whole layer: 10 and 5 of an annual limit of 15; a quarter of it.
    assert Layer(10, 5, share=0.25, annual_limit=15).cede(one_year(20, 20)).ceded.tolist() == [2.5, 1.25]


def test_reinstatements_limit_the_year_to_so_many_limits_and_one_more():
    layer = Layer(10, 0, reinstatements=Reinstatements(1))
    assert layer.capacity == 20
    assert layer.cede(one_year(10, 8, 10)).ceded.tolist() == [10, 8, 2]


def test_the_reinstatement_premium_is_pro_rata_to_the_amount_reinstated():
    # L = 10, one reinstatement at 100 %: 4 reinstates 4/10; 10 only the 6 that are left of it; then none.
    cession = Layer(10, 0, reinstatements=Reinstatements(1, 1.0)).cede(one_year(4, 10, 10))
    assert cession.reinstatement == pytest.approx([0.4, 0.6, 0])
    assert cession.reinstatement_premium(50) == pytest.approx([20, 30, 0])
    assert cession.annual_reinstatement_premium(50) == pytest.approx([50])


def test_every_reinstatement_has_its_own_rate():
    # L = 20, rates 50 % and 100 %. 20 reinstates the first limit: 1 * 50 %; 10 and 10 half of the second each, at
    # 100 %; after it none is left.
    layer = Layer(20, 0, reinstatements=Reinstatements(2, (0.5, 1.0)))
    cession = layer.cede(one_year(20, 10, 10, 20))
    assert cession.reinstatement == pytest.approx([0.5, 0.5, 0.5, 0])
    assert cession.ceded == pytest.approx([20, 10, 10, 20])


def test_pro_rata_time_charges_the_rest_of_the_year():
    # Half the year is left after the first event, a tenth after the second.
    layer = Layer(10, 0, reinstatements=Reinstatements(1, 1.0, pro_rata_time=True))
    cession = layer.cede(one_year(4, 10, time=[0.5, 0.9]))
    assert cession.reinstatement == pytest.approx([0.4 * 0.5, 0.6 * 0.1])


def test_pro_rata_time_without_times_is_refused():
    layer = Layer(10, 0, reinstatements=Reinstatements(1, 1.0, pro_rata_time=True))
    with pytest.raises(ArgumentError, match="need the time of each event"):
        layer.cede(one_year(4))


def test_the_annual_deductible_comes_before_the_reinstatements():
    # 5 of the first 10 are borne; 5 reinstated at half the amount.
    layer = Layer(10, 0, annual_attachment=5, reinstatements=Reinstatements(1, 1.0))
    cession = layer.cede(one_year(10, 10))
    assert cession.ceded.tolist() == [5, 10]
    assert cession.reinstatement == pytest.approx([0.5, 0.5])


def test_an_annual_limit_below_the_reinstated_limits_binds():
    layer = Layer(10, 0, annual_limit=12, reinstatements=Reinstatements(2, 1.0))
    cession = layer.cede(one_year(10, 10))
    assert cession.ceded.tolist() == [10, 2]
    assert cession.reinstatement == pytest.approx([1.0, 0.2])


money = st.floats(0, 1e9)
amounts = st.floats(1, 1e9)
rows = st.lists(st.tuples(money, st.integers(0, 3), st.floats(0, 1)), min_size=1, max_size=40)
layers = st.builds(
    Layer,
    amounts,
    money,
    st.floats(0.01, 1),
    amounts | st.just(math.inf),
    money | st.just(0.0),
    st.none() | st.builds(Reinstatements, st.integers(1, 4), st.floats(0, 2)),
)


def table(pairs, timed=False):
    loss, year, time = zip(*pairs, strict=True)
    return EventTable.of(loss, year, 4, time if timed else None)


@properties
@given(rows, layers)
def test_no_term_pays_more_than_its_limit(pairs, layer):
    events = table(pairs)
    cession = layer.cede(events)
    assert (cession.ceded >= 0).all()
    assert (cession.ceded <= layer.share * np.minimum(events.loss, layer.limit)).all()
    assert (cession.annual_ceded() <= layer.share * layer.capacity * (1 + 1e-12)).all()
    if layer.reinstatements is not None:
        most = sum(layer.reinstatements.rates) * (1 + 1e-12)
        assert (cession.annual_reinstatement_premium(1.0) <= most).all()


@properties
@given(rows, layers)
def test_a_year_is_paid_by_its_sum_whatever_the_order(pairs, layer):
    # A(sum of the year) by the definition, in one line of algebra.
    events = table(pairs)
    each = events.with_loss(np.clip(events.loss - layer.attachment, 0, layer.limit))
    whole = np.clip(each.annual_sum() - layer.annual_attachment, 0, layer.capacity)
    size = each.annual_sum().max()
    for cession in (layer.cede(events), layer.cede(table(pairs, timed=True))):
        np.testing.assert_allclose(cession.annual_ceded(), layer.share * whole, rtol=1e-12, atol=1e-14 * size)


@properties
@given(rows, layers, st.randoms(use_true_random=False))
def test_the_order_inside_a_year_moves_neither_the_year_nor_its_reinstatement_premium(pairs, layer, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one, other = layer.cede(table(pairs)), layer.cede(table(shuffled))
    size = max(p[0] for p in pairs) * len(pairs)
    np.testing.assert_allclose(one.annual_ceded(), other.annual_ceded(), rtol=1e-12, atol=1e-14 * size)
    np.testing.assert_allclose(
        one.annual_reinstatement_premium(1.0),
        other.annual_reinstatement_premium(1.0),
        rtol=1e-9,
        atol=1e-14 * size,
    )


@properties
@given(rows, amounts, money, st.floats(0, 1e8))
def test_a_higher_deductible_never_pays_more(pairs, limit, attachment, rise):
    events = table(pairs)
    low, high = (Layer(limit, attachment + more).cede(events).ceded for more in (0.0, rise))
    assert (high <= low).all()


@properties
@given(rows, layers)
def test_ceding_twice_gives_the_same(pairs, layer):
    events = table(pairs)
    assert layer.cede(events).ceded.tolist() == layer.cede(events).ceded.tolist()


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (
            lambda: Layer(0, -1, 0, -5, -1),
            ["limit", "attachment", "share", "annual_limit", "annual_attachment"],
        ),
        (lambda: Layer(math.nan), ["limit"]),
        (lambda: Layer(10, math.inf), ["attachment"]),
        (lambda: Layer(10, share=1.01), ["share"]),
        (lambda: Layer(math.inf, reinstatements=Reinstatements(1)), ["reinstatements"]),
        (lambda: Reinstatements(0), ["count"]),
        (lambda: Reinstatements(1.5), ["count"]),
        (lambda: Reinstatements(2, (1.0,)), ["rate"]),
        (lambda: Reinstatements(1, -0.5), ["rate"]),
    ],
)
def test_senseless_terms_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert [fault.where for fault in caught.value.faults] == where
