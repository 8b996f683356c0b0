# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm

from greenrisk.actuarial.allocation import capital_contributions, co_tail_value_at_risk, covariance_share
from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.core.errors import ArgumentError

# Two independent coins, all four outcomes once: 0 or 3, and 0 or 4. Totals 0, 3, 4, 7.
COINS = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0], [3.0, 4.0]])


def test_co_tail_contributions_of_two_coins():
    # Level 0.5: the tail is the years of 4 and 7; contributions (0 + 3) / 2 and (4 + 4) / 2; together 5.5.
    assert co_tail_value_at_risk(COINS, 0.5).tolist() == [1.5, 4]


def test_co_tail_takes_part_of_the_year_at_the_edge():
    # Level 0.625: a tail of 1.5 years: the year of 7 and half the year of 4: (3, 4 + 2) / 1.5.
    assert co_tail_value_at_risk(COINS, 0.625) == pytest.approx([2, 4])


def test_years_that_tie_at_the_edge_share_the_rest_of_the_tail():
    # Totals 0, 2, 2, 5 at level 0.5: one year of 5 and one of the two ties, half each: (5 + 1, 0 + 1) / 2.
    losses = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [5.0, 0.0]])
    assert co_tail_value_at_risk(losses, 0.5) == pytest.approx([3, 0.5])


def test_covariance_shares_of_independent_segments_are_their_variances():
    # Variances 9/4 and 16/4.
    assert covariance_share(COINS) == pytest.approx([9 / 25, 16 / 25])


def test_covariance_sees_a_hedge():
    # Segment 2 is 1 where segment 1 is 0, and 0 where it is 3: covariance -3/4; total 1 or 3, variance 1;
    # shares (9/4 - 3/4) / 1 and (1/4 - 3/4) / 1.
    assert covariance_share([[0.0, 1.0], [3.0, 0.0]]) == pytest.approx([1.5, -0.5])


def test_both_methods_meet_the_algebra_of_independent_normals():
    # S = X1 + X2 with deviations 3 and 4, so 5: TVaR_p - mean = 5 k, k = phi(z) / (1 - p), and segment i gets
    # its variance over the variance of S of it: 9/5 k and 16/5 k.
    n, p = 400_000, 0.99
    losses = np.random.default_rng(20_250_111).normal([100, 100], [3, 4], size=(n, 2))
    k = norm.pdf(norm.ppf(p)) / (1 - p)
    exact = np.array([9, 16]) / 5 * k
    # Within the tail X_i has a deviation of at most that of X_i itself; the tail holds n (1 - p) years.
    tail_error = np.array([3, 4]) / np.sqrt(n * (1 - p))
    assert (np.abs(capital_contributions(losses, p, "co_tail") - exact) < 4 * tail_error).all()
    # A covariance of normals has an error relative to the product of deviations of at most sqrt(2 / n); the capital
    # itself has that of the tail.
    share_error = 5 * k * np.sqrt(2 / n) + 5 / np.sqrt(n * (1 - p))
    assert (np.abs(capital_contributions(losses, p, "covariance") - exact) < 4 * share_error).all()


def test_rare_total_losses_carry_the_load_in_the_tail():
    # 1,000 years. Segment 1 costs 1 every year; segment 2 costs 100 in ten of them. TVaR at 0.99 is the mean of those
    # ten: 1 and 100; means 1 and 1: the whole load belongs to segment 2.
    losses = np.zeros((1000, 2))
    losses[:, 0] = 1
    losses[:10, 1] = 100
    assert co_tail_value_at_risk(losses, 0.99) == pytest.approx([1, 100])
    assert capital_contributions(losses, 0.99, "co_tail") == pytest.approx([0, 99])
    assert capital_contributions(losses, 0.99, "covariance") == pytest.approx([0, 99])


@pytest.mark.parametrize("method", ["co_tail", "covariance"])
def test_equal_segments_get_equal_loads(method):
    one = np.random.default_rng(20_250_112).pareto(2, size=(2000, 1))
    loads = capital_contributions(np.repeat(one, 3, axis=1), 0.99, method)
    capital = tail_value_at_risk(one[:, 0], 0.99).value - one.mean()
    assert loads == pytest.approx([capital] * 3, rel=1e-12)


@pytest.mark.parametrize("method", ["co_tail", "covariance"])
def test_a_segment_without_losses_gets_no_load(method):
    losses = np.column_stack([np.random.default_rng(20_250_113).pareto(2, size=1000), np.zeros(1000)])
    loads = capital_contributions(losses, 0.99, method)
    assert loads[0] > 0
    assert loads[1] == pytest.approx(0, abs=1e-12 * loads[0])


@pytest.mark.parametrize("method", ["co_tail", "covariance"])
def test_where_no_year_differs_there_is_no_capital(method):
    assert capital_contributions(np.tile([1.0, 3.0], (10, 1)), 0.9, method) == pytest.approx([0, 0])
    assert capital_contributions(np.zeros((10, 2)), 0.9, method).tolist() == [0, 0]


def test_covariance_shares_without_any_variance_follow_the_mean():
    assert covariance_share(np.tile([1.0, 3.0], (10, 1))) == pytest.approx([0.25, 0.75])
    assert covariance_share(np.zeros((10, 2))).tolist() == [0.5, 0.5]


def test_a_segment_that_pays_outside_the_tail_only_lowers_the_capital():
    # Level 0.75 of four years: the tail is the year of 10; co-TVaR 10 and 0, means 2.5 and 3: capital 7.5 and -3.
    losses = np.array([[10.0, 0.0], [0.0, 4.0], [0.0, 4.0], [0.0, 4.0]])
    assert capital_contributions(losses, 0.75, "co_tail").tolist() == [7.5, -3]


tables = st.lists(st.tuples(*[st.floats(0, 1e6)] * 3), min_size=4, max_size=40)
levels = st.floats(0.01, 0.7)


@given(tables, levels)
def test_co_tail_contributions_add_up_to_the_measure_of_the_total(rows, level):
    losses = np.array(rows)
    total = tail_value_at_risk(losses.sum(axis=1), level).value
    assert co_tail_value_at_risk(losses, level).sum() == pytest.approx(total, rel=1e-12, abs=1e-12)


@given(tables, levels)
def test_no_segment_contributes_more_than_its_own_tail_value_at_risk(rows, level):
    losses = np.array(rows)
    own = [tail_value_at_risk(column, level).value for column in losses.T]
    assert (co_tail_value_at_risk(losses, level) <= np.array(own) * (1 + 1e-9) + 1e-9).all()


@given(tables, levels, st.sampled_from(["co_tail", "covariance"]))
def test_contributions_add_up_to_the_capital_of_the_total(rows, level, method):
    losses = np.array(rows)
    total = losses.sum(axis=1)
    capital = tail_value_at_risk(total, level).value - total.mean()
    slack = 1e-9 * total.max() + 1e-12
    assert capital_contributions(losses, level, method).sum() == pytest.approx(capital, rel=1e-9, abs=slack)


@given(tables, levels)
def test_no_contribution_is_below_minus_the_mean(rows, level):
    losses = np.array(rows)
    assert (capital_contributions(losses, level, "co_tail") >= -losses.mean(axis=0)).all()


@given(tables, levels, st.sampled_from(["co_tail", "covariance"]))
def test_merging_two_segments_adds_their_contributions(rows, level, method):
    losses = np.array(rows)
    assume(np.ptp(losses.sum(axis=1)) > 1)
    merged = np.column_stack([losses[:, 0], losses[:, 1] + losses[:, 2]])
    apart, together = (capital_contributions(x, level, method) for x in (losses, merged))
    slack = 1e-6 * max(1.0, float(losses.max()))
    assert together[1] == pytest.approx(apart[1] + apart[2], rel=1e-6, abs=slack)


def test_a_sample_too_short_for_the_level_is_refused():
    with pytest.raises(ArgumentError, match="at least 100 simulated years"):
        capital_contributions(COINS, 0.99, "co_tail")
    assert np.isnan(co_tail_value_at_risk(COINS, 0.99)).all()


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(ArgumentError, match="Known: co_tail, covariance"):
        capital_contributions(COINS, 0.5, "euler")
