# SPDX-License-Identifier: Apache-2.0
"""Debt service and cash: by hand, with negative earnings as paths of their own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.runway import (
    cash_available,
    debt_service_cover,
    liquidity_runway,
    runway_at_burn,
)


def test_cash_available_is_earnings_with_depreciation_less_what_is_paid():
    assert cash_available(20.0, 5.0, 4.0, 6.0, -1.0) == 20 + 5 - 4 - 6 + 1


def test_debt_service_cover_goes_on_below_zero_and_without_debt():
    assert debt_service_cover(
        [30.0, 10.0, -6.0, 5.0, -5.0], [8.0, 8.0, 8.0, 0.0, 0.0], [12, 12, 4, 0, 0]
    ).tolist() == [
        1.5,
        0.5,
        -0.5,
        np.inf,
        np.inf,
    ]


def test_the_runway_is_cash_over_what_is_burnt():
    assert runway_at_burn([15.0, 15.0, 0.0, -3.0, 0.0], [-10.0, 2.0, -1.0, -1.0, 0.0]).tolist() == [
        1.5,
        np.inf,
        0.0,
        0.0,
        np.inf,
    ]


def test_cash_runs_out_within_the_year_in_which_it_crosses_zero():
    # 12 - 4 = 8 after a year, + 2 = 10 after two, - 20 in the third: gone after half of it.
    assert liquidity_runway(12.0, [-4.0, 2.0, -20.0]) == 2.5
    assert liquidity_runway(12.0, [-4.0, 2.0, -10.0]) == np.inf
    assert liquidity_runway(-1.0, [50.0]) == 0.0


def test_a_missing_flow_matters_only_if_the_cash_lasts_that_long():
    assert liquidity_runway(5.0, [-10.0, np.nan]) == 0.5
    assert np.isnan(liquidity_runway(15.0, [-10.0, np.nan]))
    assert np.isnan(liquidity_runway(np.nan, [-10.0]))


def test_issuers_are_read_along_the_last_axis():
    found = liquidity_runway([[10.0], [30.0]], np.array([[-10.0, -10.0]]))
    assert found.shape == (2, 1)
    assert found[:, 0].tolist() == [1.0, np.inf]


@given(st.floats(0.1, 100), st.lists(st.floats(-50, 50), min_size=1, max_size=8))
def test_more_cash_never_shortens_the_runway(cash, flow):
    assert liquidity_runway(cash + 1.0, flow) >= liquidity_runway(cash, flow)


@given(st.floats(0.1, 100), st.floats(0.1, 50))
def test_an_even_burn_gives_the_same_runway_both_ways(cash, burn):
    years = int(cash / burn) + 2
    assert liquidity_runway(cash, [-burn] * years) == pytest.approx(runway_at_burn(cash, -burn), rel=1e-9)


def test_a_flow_without_years_is_refused():
    with pytest.raises(ArgumentError, match="last axis"):
        liquidity_runway(5.0, 3.0)
