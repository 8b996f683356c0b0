# SPDX-License-Identifier: Apache-2.0
"""Event tables: sums and largest events of years, running sums in the order of the events."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.layers.events import EventTable, annual_largest, annual_sum
from greenrisk.actuarial.layers.layer import pay_in_order
from greenrisk.core.errors import ArgumentError

# Year 0: 30 and 90; year 1: nothing; year 2: 50.
EVENTS = EventTable.of([30.0, 50.0, 90.0], [0, 2, 0], 3)


def running_sum(events):
    """Without annual terms, what has been paid with each event is the running sum."""
    return pay_in_order(events, 0.0, np.inf).after


def test_sums_and_largest_events_of_the_years_are_told_apart():
    assert EVENTS.annual_sum().tolist() == [120, 0, 50]
    assert EVENTS.annual_largest().tolist() == [90, 0, 50]


def test_years_without_any_event_cost_nothing():
    assert annual_sum([], [], 2).tolist() == [0, 0]
    assert annual_largest([], [], 2).tolist() == [0, 0]
    assert annual_sum([], [], 2).dtype == np.float64


def test_running_sums_follow_the_order_of_the_table_where_no_time_is_known():
    assert running_sum(EVENTS).tolist() == [30, 50, 120]


def test_running_sums_follow_the_times_where_they_are_known():
    # Year 0: 90 at 0.1, then 30 at 0.8.
    events = EventTable.of([30.0, 50.0, 90.0], [0, 2, 0], 3, time=[0.8, 0.5, 0.1])
    assert running_sum(events).tolist() == [120, 50, 90]


def test_events_at_the_same_time_keep_the_order_of_the_table():
    events = EventTable.of([1.0, 2.0, 4.0], [0, 0, 0], 1, time=[0.5, 0.5, 0.1])
    assert running_sum(events).tolist() == [5, 7, 4]


def test_a_small_year_after_a_huge_one_keeps_its_digits():
    # One cumulative sum with the start of the year subtracted would give 0.0 or 2.0 for the second year.
    events = EventTable.of([1e16, 1.0, 0.1], [0, 1, 1], 2)
    assert running_sum(events).tolist() == [1e16, 1.0, 1.1]


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 1e9), st.integers(0, 3), st.floats(0, 1)), max_size=60), st.booleans())
def test_running_sums_are_those_of_a_loop_over_the_events(rows, timed):
    loss, year, time = (np.array(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    events = EventTable.of(loss, year, 4, time if timed else None)
    expected, paid = np.zeros(len(rows)), np.zeros(4)
    # sorted() is stable, as the table promises to be
    for i in sorted(range(len(rows)), key=lambda i: rows[i][2] if timed else 0):
        paid[rows[i][1]] += rows[i][0]
        expected[i] = paid[rows[i][1]]
    assert running_sum(events).tolist() == expected.tolist()


def test_annual_losses_are_a_table_of_one_event_a_year():
    events = EventTable.of_years([3.0, 0.0, 5.0])
    assert events.annual_sum().tolist() == events.annual_largest().tolist() == [3, 0, 5]


def test_a_table_of_other_losses_leaves_the_first_as_it_was():
    doubled = EVENTS.with_loss(2 * EVENTS.loss)
    assert doubled.loss.tolist() == [60, 100, 180]
    assert EVENTS.loss.tolist() == [30, 50, 90]


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: annual_sum([1.0], [3], 3), ["year"]),
        (lambda: annual_sum([1.0, 2.0], [0], 3), ["year"]),
        (lambda: EventTable.of([1.0, -2.0, np.nan], [0, 0, 0], 1), ["loss", "loss"]),
        (lambda: EventTable.of([1.0], [0], 1, time=[1.5]), ["time"]),
        (lambda: EventTable.of([1.0], [0], 1, time=[0.5, 0.6]), ["time"]),
        (lambda: EventTable.of([1.0], [0], 1, sum_insured=[0.0]), ["sum_insured"]),
        (lambda: EventTable.of([1.0], [-1], 1), ["year"]),
    ],
)
def test_senseless_tables_are_refused_by_name(call, where):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert [fault.where for fault in caught.value.faults] == where
