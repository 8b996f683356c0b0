# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from greenrisk.actuarial.allocation.methods import (
    allocate,
    capital_contributions,
    co_tail_value_at_risk,
    covariance_share,
)
from greenrisk.actuarial.distortion.functions import (
    ConstantCostOfCapital,
    DualPower,
    ProportionalHazard,
    TailValueAtRisk,
    Wang,
)
from greenrisk.actuarial.distortion.mixture import BiTailValueAtRisk, MixtureDistortion
from greenrisk.actuarial.distortion.pricing import price
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
    with pytest.raises(ArgumentError, match="at least 100 simulated years"):
        co_tail_value_at_risk(COINS, 0.99)


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(ArgumentError, match="Known: co_tail, covariance"):
        capital_contributions(COINS, 0.5, "euler")


# --- one entry point: methods, weights, simulation errors

DISTORTIONS = [
    ProportionalHazard(0.6),
    Wang(0.4),
    DualPower(2.5),
    TailValueAtRisk(0.6),
    ConstantCostOfCapital(0.2),
    BiTailValueAtRisk(0.3, 0.9, 0.4),
    MixtureDistortion((0.5, 0.5), (Wang(0.3), TailValueAtRisk(0.8))),
]


def test_natural_allocation_of_two_coins_by_hand():
    # Totals 0, 3, 4, 7; dual power 2 weighs them 1/16, 3/16, 5/16, 7/16: 3 (3 + 7) / 16 and 4 (5 + 7) / 16.
    found = allocate(COINS, method="natural", distortion=DualPower(2.0))
    assert found.contribution == pytest.approx([30 / 16, 48 / 16])
    assert found.total == pytest.approx(78 / 16)
    assert found.load == pytest.approx([30 / 16 - 1.5, 48 / 16 - 2])


def test_outcomes_of_one_total_share_its_weight():
    # Totals 0, 2, 2, 5. Dual power 2: 2 and 2 together weigh (1 - 1/16) - 7/16 = 1/2, a quarter each.
    losses = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [5.0, 0.0]])
    found = allocate(losses, method="natural", distortion=DualPower(2.0))
    assert found.contribution == pytest.approx([2 / 4 + 5 * 7 / 16, 2 / 4])
    # also where the sums round apart: 0.1 + 0.2 is not 0.3
    rounded = np.array([[0.1, 0.2], [0.3, 0.0], [0.0, 0.0]])
    assert rounded[0].sum() != rounded[1].sum()
    split = allocate(rounded, method="natural", distortion=DualPower(2.0)).contribution
    assert split == pytest.approx(4 / 9 * np.array([0.1 + 0.3, 0.2]))


def test_the_greatest_outcome_takes_the_jump():
    # Constant cost of capital r: (mean + r * at the greatest total) / (1 + r).
    found = allocate(COINS, method="natural", distortion=ConstantCostOfCapital(0.1))
    assert found.contribution == pytest.approx((np.array([1.5, 2]) + 0.1 * np.array([3, 4])) / 1.1)
    assert np.isinf(found.standard_error).all()


def test_normal_losses_share_the_wang_load_by_covariance():
    # S = X1 + X2 with deviations 3 and 4: price - mean = 0.5 * 5, shared by 9/25 and 16/25.
    n = 400_000
    losses = np.random.default_rng(20_250_221).normal([100, 100], [3, 4], size=(n, 2))
    for method in ("natural", "covariance"):
        found = allocate(losses, method=method, distortion=Wang(0.5))
        exact = 100 + 0.5 * np.array([9, 16]) / 5
        assert (np.abs(found.contribution - exact) < 4 * found.standard_error).all()


def test_the_tail_is_the_natural_allocation_of_its_distortion():
    losses = np.random.default_rng(20_250_222).pareto(2, size=(2000, 3))
    one = allocate(losses, level=0.95)
    other = allocate(losses, method="natural", distortion=TailValueAtRisk(0.95))
    assert one.method == "co_tail"
    assert one.contribution == pytest.approx(other.contribution, rel=1e-12)
    assert one.contribution == pytest.approx(co_tail_value_at_risk(losses, 0.95), rel=1e-12)
    assert one.standard_error == pytest.approx(other.standard_error, rel=1e-12)
    assert one.load == pytest.approx(capital_contributions(losses, 0.95), rel=1e-9)


weighted = st.lists(st.tuples(*[st.floats(0, 1e6)] * 3, st.floats(0.01, 10)), min_size=2, max_size=30)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(weighted, st.sampled_from(DISTORTIONS), st.sampled_from(["natural", "covariance"]))
def test_every_allocation_adds_up_to_the_price_of_the_total(rows, distortion, method):
    table = np.array(rows)
    losses, weights = table[:, :3], table[:, 3]
    found = allocate(losses, method=method, distortion=distortion, weights=weights)
    total = price(losses.sum(axis=1), distortion, weights=weights).value
    assert found.total == pytest.approx(total, rel=1e-12, abs=1e-12)
    assert found.contribution.sum() == pytest.approx(found.total, rel=1e-12, abs=1e-9)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(weighted, st.sampled_from(DISTORTIONS))
def test_no_segment_is_charged_more_than_it_costs_alone(rows, distortion):
    table = np.array(rows)
    losses, weights = table[:, :3], table[:, 3]
    found = allocate(losses, method="natural", distortion=distortion, weights=weights)
    alone = [price(column, distortion, weights=weights).value for column in losses.T]
    assert (found.contribution <= np.array(alone) * (1 + 1e-9) + 1e-9).all()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(weighted, st.sampled_from(DISTORTIONS[:4]), st.sampled_from(["natural", "covariance"]))
def test_weights_that_repeat_years_give_the_contributions_of_the_repeated_years(rows, distortion, method):
    table = np.array(rows)
    losses, times = table[:, :3], np.ceil(table[:, 3]).astype(int)
    once = allocate(losses, method=method, distortion=distortion, weights=times)
    again = allocate(np.repeat(losses, times, axis=0), method=method, distortion=distortion)
    scale = float(losses.max()) + 1e-9
    # the unbiased covariance of weighted years has another divisor, which leaves the shares as they are
    assert once.contribution == pytest.approx(again.contribution, rel=1e-9, abs=1e-9 * scale)


def _segments(rng, n):
    """Three dependent segments with many years without a loss."""
    common = rng.exponential(1.0, n) * (rng.random(n) < 0.3)
    own = rng.exponential((1.0, 2.0, 0.5), (n, 3)) * (rng.random((n, 3)) < (0.2, 0.05, 0.4))
    return own + common[:, None] * (0.5, 1.0, 0.1)


@pytest.mark.parametrize(
    "options",
    [
        {"method": "co_tail", "level": 0.95},
        {"method": "natural", "distortion": Wang(0.5)},
        {"method": "natural", "distortion": DualPower(3.0)},
        {"method": "natural", "distortion": DISTORTIONS[-1]},
        {"method": "covariance", "level": 0.95},
        {"method": "covariance", "distortion": Wang(0.5)},
    ],
    ids=lambda options: " ".join(map(str, options.values())),
)
@pytest.mark.parametrize("drawn_evenly", [True, False])
def test_standard_errors_are_the_scatter_of_independent_simulations(options, drawn_evenly):
    rng, n, repeats = np.random.default_rng(20_250_223), 2500, 300
    found = []
    for _ in range(repeats):
        losses = _segments(rng, n)
        weights = None if drawn_evenly else rng.gamma(1.0, size=n)
        found.append(allocate(losses, weights=weights, **options))
    scatter = np.std([one.contribution for one in found], axis=0, ddof=1)
    # A standard deviation from 300 repeats has itself an error of 1 / sqrt(600).
    np.testing.assert_allclose(
        np.mean([one.standard_error for one in found], axis=0), scatter, rtol=4 / np.sqrt(600)
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "euler", "level": 0.5}, "Known: co_tail, natural, covariance"),
        ({"method": "co_tail"}, "co_tail takes a level, and nothing else"),
        ({"method": "co_tail", "distortion": Wang(0.1)}, "co_tail takes a level"),
        ({"method": "natural", "level": 0.5}, "natural takes a distortion"),
        ({"method": "covariance"}, "covariance takes a level or a distortion"),
        ({"method": "covariance", "level": 0.5, "distortion": Wang(0.1)}, "covariance takes a level or"),
        ({"level": 1.5}, "level = 1.5"),
        ({"level": 0.99}, "at least 100 simulated years"),
        ({"level": 0.5, "weights": [1, 1]}, "2 weights with the sum 2, 4 years"),
        ({"level": 0.5, "weights": [1, 1, 1, -1]}, r"weights\[3\] = -1"),
        ({"level": 0.5, "weights": [0, 0, 0, 0]}, "not all 0"),
    ],
)
def test_what_cannot_be_allocated_is_refused_by_name(options, message):
    with pytest.raises(ArgumentError, match=message):
        allocate(COINS, **options)


@pytest.mark.parametrize(
    ("losses", "told"),
    [([1.0, 2.0], "shape"), (np.empty((0, 2)), "shape"), ([[1.0, np.nan]], r"losses\[0\]\[1\] = nan")],
)
def test_losses_that_are_no_table_are_refused(losses, told):
    with pytest.raises(ArgumentError, match=told):
        allocate(losses, level=0.5)


def test_gains_are_allocated_like_losses():
    # The worst of two years is the second: (4, -1), which are the contributions to its total of 3.
    found = allocate([[-1.0, -2.0], [4.0, -1.0]], level=0.5)
    assert found.contribution.tolist() == [4.0, -1.0]
