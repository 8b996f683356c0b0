# SPDX-License-Identifier: Apache-2.0
"""The robust premium against its definition: brute force over premiums and expected losses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.robust_premium import largest_regret, robust_premium

WEIGHTS = st.floats(0.1, 10.0)


def by_force(low: float, high: float, shortfall: float, excess: float) -> tuple[float, float]:
    """Return the best premium of a grid and its largest regret over a grid of expected losses."""
    premiums = np.linspace(low, high, 2001)[:, None]
    losses = np.linspace(low, high, 201)
    regret = shortfall * np.maximum(losses - premiums, 0) + excess * np.maximum(premiums - losses, 0)
    worst = regret.max(axis=1)
    return float(premiums[worst.argmin(), 0]), float(worst.min())


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.floats(0, 1e6), st.floats(1.0, 1e6), WEIGHTS, WEIGHTS)
def test_no_premium_of_a_grid_is_regretted_less(low, width, shortfall, excess):
    found = robust_premium(low, low + width, shortfall, excess)
    premium, regret = by_force(low, low + width, shortfall, excess)
    step = width / 2000
    assert abs(float(found.premium) - premium) <= step
    assert float(found.regret) <= regret * (1 + 1e-9)
    assert regret - float(found.regret) <= step * max(shortfall, excess)


def test_by_hand_a_yuan_too_little_that_costs_three_times_a_yuan_too_much():
    # From 100 to 200: 175 is regretted by 3 * 25 at the top and by 75 at the bottom.
    found = robust_premium(100.0, 200.0, shortfall=3.0)
    assert found.premium == pytest.approx(175.0)
    assert found.regret == pytest.approx(75.0)
    assert largest_regret(175.0, 100.0, 200.0, shortfall=3.0) == pytest.approx(75.0)
    assert largest_regret(100.0, 100.0, 200.0, shortfall=3.0) == pytest.approx(300.0)


def test_only_the_ratio_of_the_weights_moves_the_premium_and_both_ends_are_its_limits():
    assert robust_premium(1.0, 3.0, 2.0, 6.0).premium == pytest.approx(
        robust_premium(1.0, 3.0, 1.0, 3.0).premium
    )
    assert robust_premium(1.0, 3.0, 1e9, 1.0).premium == pytest.approx(3.0)
    assert robust_premium(1.0, 3.0, 1.0, 1e9).premium == pytest.approx(1.0)


def test_a_rate_that_is_known_is_not_regretted():
    found = robust_premium([5.0, 0.0], [5.0, 0.0])
    assert found.premium == pytest.approx([5.0, 0.0])
    assert found.regret == pytest.approx([0.0, 0.0])


def test_the_middle_is_also_the_answer_of_profit_under_a_linear_demand():
    """Demand 1 - P / c: the missed profit is (P - (c + L) / 2)^2 / c, smallest at worst where the middle is known."""
    low, high, c = 0.4, 1.6, 5.0
    prices, losses = np.linspace(0, c, 5001)[:, None], np.linspace(low, high, 401)
    profit = (prices - losses) * (1 - prices / c)
    missed = profit.max(axis=0) - profit
    best = prices[missed.max(axis=1).argmin(), 0]
    middle = float(robust_premium(low, high).premium)
    assert best == pytest.approx((c + middle) / 2, abs=c / 5000)
    np.testing.assert_allclose(missed, (prices - (c + losses) / 2) ** 2 / c, atol=1e-6)


def test_what_is_no_interval_and_no_weight_is_refused_at_once():
    with pytest.raises(ArgumentError, match="An interval starts before it ends"):
        robust_premium([1.0, 3.0], [2.0, 2.0])
    with pytest.raises(ArgumentError) as refused:
        robust_premium(-1.0, np.nan, shortfall=0.0)
    assert {fault.where for fault in refused.value.faults} == {"low", "high", "shortfall"}
