# SPDX-License-Identifier: Apache-2.0
"""Losses, payments and years that are none are refused by terms, layers and event tables; lists serve as arrays do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from greenrisk.actuarial.layers.events import EventTable, annual_sum
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.policy import limit_factor
from greenrisk.actuarial.layers.programme import Programme, QuotaShare
from greenrisk.actuarial.layers.terms import Deductible, DisappearingDeductible, Franchise
from greenrisk.core.errors import ArgumentError

WITH = Layer(10.0, 5.0, reinstatements=Reinstatements(2, (1.0, 0.5)))
EVENTS = EventTable.of([7.0, 20.0], [0, 1], 2)
RULES = [Deductible(5.0), Franchise(5.0), DisappearingDeductible(5.0, 15.0)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
@pytest.mark.parametrize("bad", [math.nan, -1.0])
def test_a_rule_refuses_what_is_no_loss(rule, bad):
    with pytest.raises(ArgumentError, match=r"losses = |losses\[1\] = "):
        rule.claim(bad)
    with pytest.raises(ArgumentError, match=r"losses\[1\] = "):
        rule.claim([3.0, bad])


@pytest.mark.parametrize(
    ("rule", "claims"), list(zip(RULES, ([0.0, 5.0, 15.0], [0.0, 10.0, 20.0], [0.0, 7.5, 20.0]), strict=True))
)
def test_a_rule_takes_lists_and_whole_numbers(rule, claims):
    assert rule.claim([5, 10, 20]).tolist() == claims


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: WITH.event_payment([math.nan, -5.0, 8.0]), r"losses\[0\] = nan(.|\n)*losses\[1\] = -5"),
        (lambda: WITH.reinstated([math.nan]), r"paid\[0\] = nan"),
        (lambda: Layer(5.0).reinstated(-1.0), "paid = -1"),
        (lambda: limit_factor([1.0, math.nan], 5.0), r"payments\[1\] = nan"),
        (lambda: EventTable.of([1, 2], [0, 1.5], 2), r"year\[1\] = 1.5\n  Years are whole numbers"),
        (lambda: EventTable.of([1, 2], [0, math.nan], 2), r"year\[1\] = nan"),
        (lambda: EventTable.of([1, 2], ["a", "b"], 2), "year = "),
        (lambda: EventTable.of([1], [0], -1), "n_years = -1"),
        (lambda: EventTable.of([1], [0], 1.5), "n_years = 1.5\n  It must be a whole number"),
        (lambda: EventTable.of([], [], None), "n_years = None"),
        (lambda: annual_sum([1.0], [0.5], 1), r"year\[0\] = 0.5"),
        (lambda: WITH.cede(EVENTS).annual_reinstatement_premium(math.nan), "premium = nan"),
        (lambda: WITH.cede(EVENTS).reinstatement_premium(-1.0), "premium = -1"),
        (lambda: Programme((QuotaShare(0.5),)).cede(EVENTS, math.nan), "premium = nan"),
    ],
)
def test_what_is_no_amount_or_no_year_is_refused_by_name_and_place(call, told):
    with pytest.raises(ArgumentError, match=told):
        call()


def test_years_given_as_floats_that_are_whole_are_years():
    assert EventTable.of([1, 2], [0.0, 1.0], 2).year.tolist() == [0, 1]
    assert EventTable.of([], [], 2).annual_sum().tolist() == [0.0, 0.0]


def test_a_layer_pays_and_reinstates_what_it_did_before_of_amounts_that_are_some():
    # 3 and 15 - 5 capped at 10; c_1 3 / 10, and c_1 + c_2 5 / 10
    np.testing.assert_array_equal(WITH.event_payment([4, 8, 100, math.inf]), [0.0, 3.0, 10.0, 10.0])
    np.testing.assert_allclose(WITH.reinstated([3, 15]), [0.3, 1.25], rtol=1e-15)
