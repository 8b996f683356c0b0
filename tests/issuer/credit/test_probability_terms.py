# SPDX-License-Identifier: Apache-2.0
"""Twelve months, terms and years: closed forms, paths that would fall, losses by hand, spreads and their limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.term_structure import (
    annual_from_cumulative,
    change_over_exposure,
    conditional_from_cumulative,
    cumulative_from_annual,
    cumulative_from_conditional,
    expected_loss,
    hazard_rate,
    hazard_spread,
    log_cumulative_from_log_conditional,
    log_cumulative_of_path,
    marginal_from_cumulative,
    rising,
    shifted_loss_rate,
    shown,
    stationary_term,
    zero_coupon_spread,
)

terms = st.floats(0.1, 40.0)


def test_hulls_hazard_and_spread():
    # Hull (2018), section 24.4: a spread of 2 % a year at a recovery of 40 % is a hazard of 3.33 % a year.
    three_years = 1.0 - math.exp(-0.02 / 0.6 * 3.0)
    assert hazard_rate(three_years, 3.0) == pytest.approx(0.02 / 0.6, rel=1e-12)
    assert hazard_spread(three_years, 3.0, 0.6) == pytest.approx(0.02, rel=1e-12)


@given(st.floats(0.0, 0.3), st.floats(0.1, 20.0))
def test_twelve_months_and_a_term_are_inverse(p, term):
    assert annual_from_cumulative(cumulative_from_annual(p, term), term) == pytest.approx(
        p, rel=1e-6, abs=1e-14
    )


def test_small_probabilities_keep_their_digits():
    assert annual_from_cumulative(1e-14, 10.0) == pytest.approx(1e-15, rel=1e-9)
    assert cumulative_from_annual(1e-18, 10.0) == pytest.approx(1e-17, rel=1e-9)


def test_years_one_after_the_other():
    found = cumulative_from_conditional([0.1, 0.2, 0.0, 1.0])
    assert found == pytest.approx([0.1, 0.28, 0.28, 1.0], rel=1e-14)
    assert marginal_from_cumulative(found) == pytest.approx([0.1, 0.18, 0.0, 0.72], rel=1e-14)
    assert conditional_from_cumulative(found) == pytest.approx([0.1, 0.2, 0.0, 1.0], rel=1e-12)


def test_after_certain_default_nothing_is_left_to_fail():
    assert np.isnan(conditional_from_cumulative([1.0, 1.0])[1])


def test_logarithms_are_summed_where_probabilities_underflow():
    x = np.array([-2000.0, -1990.0, -1995.0])
    found = log_cumulative_from_log_conditional(x)
    known = -1990.0 + math.log(1 + math.exp(-10.0) + math.exp(-5.0))
    assert found[-1] == pytest.approx(known, rel=1e-14)
    p = np.array([1e-3, 0.2, 0.5])
    assert np.exp(log_cumulative_from_log_conditional(np.log(p))) == pytest.approx(
        cumulative_from_conditional(p), rel=1e-12
    )
    assert log_cumulative_from_log_conditional([-np.inf, 0.0]).tolist() == [-np.inf, 0.0]


def test_a_path_that_falls_is_raised_and_counted_or_refused():
    path = [[0.02, 0.05, 0.04], [0.01, 0.02, 0.03]]
    with pytest.raises(ArgumentError, match="rising"):
        marginal_from_cumulative(path)
    held = rising(path)
    assert held.cumulative.tolist() == [[0.02, 0.05, 0.05], [0.01, 0.02, 0.03]]
    assert held.raised == 1


def test_expected_loss_by_hand_with_a_loss_rate_that_moves_with_the_years():
    # 100 * 0.4 * 0.1 * 0.9 = 3.6; 50 * 0.6 * 0.15 * 0.8 = 3.6
    found = expected_loss([100.0, 50.0], [0.1, 0.25], [0.4, 0.6], [0.9, 0.8])
    assert found == pytest.approx([3.6, 7.2], rel=1e-12)


def test_a_change_is_over_the_exposure_in_basis_points():
    assert change_over_exposure(7.2, 3.6, 100.0) == pytest.approx(360.0)
    assert np.isnan(change_over_exposure(0.0, 0.0, 0.0))


@given(st.floats(0.001, 0.9), terms, st.floats(0.01, 1.0))
def test_the_bond_without_coupons_pays_no_more_than_hazard_times_loss(p, term, lgd):
    exact, rule = zero_coupon_spread(p, term, lgd), hazard_spread(p, term, lgd)
    assert exact <= rule * (1 + 1e-9)
    assert zero_coupon_spread(p, term, 1.0) == pytest.approx(hazard_spread(p, term, 1.0), rel=1e-12)


def test_certain_default_has_an_endless_hazard_spread_and_a_finite_bond_spread():
    assert hazard_spread(1.0, 2.0, 0.6) == np.inf
    assert hazard_spread(1.0, 2.0, 0.0) == 0.0
    assert zero_coupon_spread(1.0, 2.0, 0.6) == pytest.approx(-math.log(0.4) / 2.0, rel=1e-14)


def test_a_shock_to_the_assets_raises_the_loss_rate_within_its_bounds():
    assert shifted_loss_rate(0.6, 0.0, 3.0) == pytest.approx(0.6, rel=1e-14)
    odds = 0.6 / 0.4 * math.exp(3.0 * 0.2)
    assert shifted_loss_rate(0.6, 0.2, 3.0) == pytest.approx(odds / (1 + odds), rel=1e-12)
    assert shifted_loss_rate(0.6, -0.2, 3.0) < 0.6


def test_what_is_shown_is_clipped_and_counted_and_nothing_else_is():
    held, moved = shown([0.0, 0.5, 1.0, np.nan])
    assert held[:3].tolist() == [1e-4, 0.5, 1 - 1e-4]
    assert moved.tolist() == [True, False, True, False]


def test_probabilities_in_percent_are_refused():
    with pytest.raises(ArgumentError, match=r"cumulative = 2.5"):
        hazard_rate(2.5, 1.0)


def test_by_the_end_of_a_year_the_greater_of_the_two_sides_counts_and_nothing_falls():
    yearly = np.log(np.array([0.1, 0.2, 0.1, 0.05]))
    diffused = np.log(np.array([0.01, 0.05, 0.5, 0.4]))
    found = np.exp(log_cumulative_of_path(yearly, diffused))
    # By the end of the second year the first twelve months have passed, by the end of the third those and the second.
    expected = [0.01, 0.1, max(0.5, 1 - 0.9 * 0.8), 0.5]
    assert found == pytest.approx(expected, rel=1e-12)
    # Nothing is known of the whole term: the yearly probabilities alone.
    alone = np.exp(log_cumulative_of_path(yearly, np.full(4, np.nan)))
    assert alone == pytest.approx(1 - np.cumprod(1 - np.exp(yearly)), rel=1e-12)
    assert np.isnan(log_cumulative_of_path([np.nan, -1.0], [-2.0, -2.0])).all()


def test_leverage_that_comes_back_strays_as_far_as_its_simulated_walk():
    rng = np.random.default_rng(7)
    k, years, steps = 0.3, 6.0, 600
    walk, dt = np.zeros(40_000), 6.0 / 600
    for _ in range(steps):
        walk += -k * walk * dt + math.sqrt(dt) * rng.standard_normal(walk.size)
    assert walk.var() == pytest.approx(float(stationary_term(years, k)), rel=0.03)
    assert stationary_term(years, 0.0) == years
    assert stationary_term(1e6, k) == pytest.approx(1 / (2 * k), rel=1e-12)
    assert stationary_term(6.0, 1e-9) == pytest.approx(6.0, rel=1e-6)
