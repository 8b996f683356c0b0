# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.core.errors import ArgumentError

INF = math.inf
BELOW_DEDUCTIBLE = "Contradictory: a loss below its deductible is not on record. Give losses from ground up."
LIMIT_BELOW = "Contradictory: a limit, from ground up, lies above the deductible. Add the deductible to it?"


def faults_of(make):
    with pytest.raises(ArgumentError) as caught:
        make()
    return [(fault.what, fault.expected) for fault in caught.value.faults]


def test_a_loss_at_or_above_its_limit_is_censored_there():
    data = LossData.exact([4.0, 9.0, 10.0, 25.0], deductible=2.0, limit=[10.0, INF, 10.0, 20.0])
    assert data.exact_records.tolist() == [True, True, False, False]
    assert data.right_censored.tolist() == [False, False, True, True]
    assert data.lower.tolist() == [4.0, 9.0, 10.0, 20.0]
    assert data.limits.tolist() == [10.0, INF, 10.0, 20.0]
    assert (data.size, data.weight) == (4, 4.0)


def test_classes_without_a_loss_are_left_out_and_counts_are_weights():
    data = LossData.grouped([0.0, 10.0, 50.0, 100.0, INF], [7, 0, 2, 1])
    assert data.lower.tolist() == [0.0, 50.0, 100.0]
    assert data.upper.tolist() == [10.0, 100.0, INF]
    assert data.weights.tolist() == [7.0, 2.0, 1.0]
    assert data.interval_censored.tolist() == [True, True, False]


def test_an_interval_that_reaches_below_its_deductible_is_cut_there():
    data = LossData.intervals([0.0, 30.0], [10.0, 80.0], deductible=5.0, truncated_above=60.0)
    assert data.lower.tolist() == [5.0, 30.0]
    assert data.upper.tolist() == [10.0, 60.0]


def test_equal_ends_are_an_exact_loss():
    data = LossData.intervals([3.0, 3.0, 3.0], [3.0, 4.0, INF])
    assert data.exact_records.tolist() == [True, False, False]
    assert data.interval_censored.tolist() == [False, True, False]
    assert data.right_censored.tolist() == [False, False, True]


def test_records_cannot_be_written_to_and_do_not_see_later_changes():
    losses = np.array([1.0, 2.0])
    data = LossData.exact(losses)
    losses[0] = 9.0
    assert data.lower.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        data.lower[0] = 5.0


def test_some_records_keep_their_conditions():
    data = LossData.exact([4.0, 9.0], deductible=[1.0, 2.0], limit=[8.0, 12.0], weights=[1.0, 3.0])
    kept = data.restricted(np.array([False, True]))
    assert (kept.lower[0], kept.deductibles[0], kept.limits[0], kept.weights[0]) == (9.0, 2.0, 12.0, 3.0)


def test_every_negative_or_missing_number_is_told_at_once():
    assert faults_of(lambda: LossData.exact([1.0, -2.0, math.nan], deductible=[0.0, 1.0, -1.0])) == [
        ("losses[1] = -2", "It must be >= 0 and finite."),
        ("losses[2] = nan", "It must be >= 0 and finite."),
        ("deductible[2] = -1", "It must be >= 0."),
    ]


def test_contradictions_are_told_by_record_and_all_at_once():
    make = lambda: LossData.exact([1.0, 20.0, 30.0], deductible=[10.0, 10.0, 10.0], limit=[50.0, 9.0, 10.0])  # noqa: E731
    assert faults_of(make) == [
        ("losses[0] = 1, deductible[0] = 10", BELOW_DEDUCTIBLE),
        ("limit[1] = 9, deductible[1] = 10", LIMIT_BELOW),
        ("limit[2] = 10, deductible[2] = 10", LIMIT_BELOW),
    ]


def test_after_five_offenders_the_rest_are_counted():
    found = faults_of(lambda: LossData.exact(np.ones(12), deductible=3.0))
    assert len(found) == 5
    assert found[4][0] == "losses[4] = 1, deductible[4] = 3 (7 more)"


@pytest.mark.parametrize(
    ("lower", "upper", "more", "what", "expected"),
    [
        (
            [5.0],
            [4.0],
            {},
            "lower[0] = 5, upper[0] = 4",
            "Contradictory: the lower end must not exceed the upper; swap them?",
        ),
        (
            [2.0],
            [INF],
            {"deductibles": 3.0},
            "lower[0] = 2, deductibles[0] = 3",
            "Contradictory: censored below the deductible. Give both amounts from ground up.",
        ),
        (
            [1.0],
            [2.0],
            {"deductibles": 3.0},
            "upper[0] = 2, deductibles[0] = 3",
            "Contradictory: the whole interval lies below the deductible.",
        ),
        (
            [7.0],
            [7.0],
            {"truncated_above": 6.0},
            "lower[0] = 7, truncated_above[0] = 6",
            "Contradictory: a loss above the point of right truncation is not on record.",
        ),
        (
            [INF],
            [INF],
            {},
            "lower[0] = inf",
            "A loss is finite; a finite lower end and upper = inf say that it is censored.",
        ),
        (
            [7.0],
            [7.0],
            {"limits": 6.0},
            "lower[0] = 7, limits[0] = 6",
            "A loss above its limit is censored there: give lower = limit and upper = inf.",
        ),
    ],
)
def test_ends_that_contradict_are_refused(lower, upper, more, what, expected):
    assert faults_of(lambda: LossData(lower, upper, **more)) == [(what, expected)]


def test_right_truncation_lies_above_the_deductible():
    found = faults_of(lambda: LossData([6.0], [8.0], deductibles=5.0, truncated_above=5.0))
    assert (
        "truncated_above[0] = 5, deductibles[0] = 5",
        "Right truncation must lie above the deductible.",
    ) in found


def test_edges_and_counts_are_checked_together():
    assert faults_of(lambda: LossData.grouped([0.0, 5.0, 5.0, 3.0], [1, 2])) == [
        ("counts of shape (2,), edges of shape (4,)", "One count for each of the 3 classes is needed."),
        ("edges[2] = 5 after 5", "Edges must ascend: order them, and let no two be equal."),
        ("edges[3] = 3 after 5", "Edges must ascend: order them, and let no two be equal."),
    ]
    assert faults_of(lambda: LossData.grouped([0.0, 1.0], [0])) == [
        ("all counts are 0", "At least one class must hold a loss.")
    ]


def test_weights_are_positive_and_of_the_right_length():
    assert faults_of(lambda: LossData.exact([1.0, 2.0], weights=[0.0, 1.0])) == [
        ("weights[0] = 0", "It must be > 0 and finite.")
    ]
    assert faults_of(lambda: LossData.exact([1.0, 2.0], weights=[1.0, 1.0, 1.0])) == [
        ("weights of shape (3,), losses of shape (2,)", "One value for all or one for each record is needed.")
    ]


def test_no_record_and_a_table_of_records_are_refused():
    assert faults_of(lambda: LossData.exact([])) == [("losses holds 0", "At least 1 are needed.")]
    assert faults_of(lambda: LossData.exact([[1.0, 2.0]])) == [
        ("losses of shape (1, 2)", "One axis, the records, was expected.")
    ]


def test_what_is_known_of_a_loss_above_its_limit_is_that_it_exceeds_it():
    told = "Contradictory: a loss is censored at its limit, not above it. Give lower = limit."
    assert faults_of(lambda: LossData([5.0], [INF], limits=[4.0])) == [("lower[0] = 5, limits[0] = 4", told)]
    told = "Contradictory: a loss above its limit is only known to be so. Give lower = limit and upper = inf."
    assert faults_of(lambda: LossData([5.0], [6.0], limits=[4.0])) == [("lower[0] = 5, limits[0] = 4", told)]
    # censored at the limit, or before it (a claim still open): both say something
    assert LossData([4.0, 3.0], [INF, INF], limits=4.0).right_censored.all()
