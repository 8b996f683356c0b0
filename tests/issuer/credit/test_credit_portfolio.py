# SPDX-License-Identifier: Apache-2.0
"""Portfolio losses: by hand, simulation against exact laws and the limit, concentration, double counting refused."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.portfolio import (
    concentration,
    conditional_loss,
    expected_portfolio_loss,
    limit_figures,
    portfolio_of,
    risk_figures,
    simulate_losses,
)
from greenrisk.issuer.credit.vasicek import conditional_probability, limit_quantile

THREE = portfolio_of(["a", "b", "c"], ["cement", "cement", "water"], [100.0, 50.0, 50.0])


def even(count):
    return portfolio_of([f"i{k}" for k in range(count)], ["x"] * count, np.full(count, 100.0 / count))


def test_expected_loss_is_the_sum_of_products():
    assert expected_portfolio_loss(THREE, [[0.01, 0.1, 0.0]], 0.5).tolist() == [
        100 * 0.01 * 0.5 + 50 * 0.1 * 0.5
    ]


def test_simulated_mean_is_the_expected_loss():
    p = [0.02, 0.1, 0.3]
    losses = simulate_losses(THREE, p, 0.4, 0.2, years=20_000, seed=1)
    found = risk_figures(losses, 0.95)
    assert losses.shape == (20_000,)
    assert (
        abs(found.expected.value - expected_portfolio_loss(THREE, p, 0.4)) < 4 * found.expected.standard_error
    )


def test_the_law_of_few_names_is_the_mixed_binomial():
    losses = simulate_losses(even(5), 0.1, 1.0, 0.3, years=40_000, seed=2)
    for fails in range(5):
        known, _ = quad(
            lambda z, n=fails: binom.pmf(n, 5, float(conditional_probability(0.1, 0.3, z))) * norm.pdf(z),
            -9,
            9,
        )
        seen = np.mean(np.isclose(losses, 20.0 * fails))
        assert abs(seen - known) < 4 * np.sqrt(known * (1 - known) / 40_000)


def test_many_names_come_to_the_limit_law():
    book = even(2000)
    losses = simulate_losses(book, 0.03, 0.6, 0.2, years=4_000, seed=3)
    found = risk_figures(losses, 0.95)
    limit = limit_figures(book, np.full(2000, 0.03), 0.6, 0.2, 0.95)
    assert limit.value_at_risk == pytest.approx(60.0 * limit_quantile(0.95, 0.03, 0.2), rel=1e-12)
    low, high = found.value_at_risk_interval
    # 90 % interval by ranks, widened by as much again.
    assert low - (high - low) / 2 < limit.value_at_risk < high + (high - low) / 2
    tail = found.tail_value_at_risk
    assert abs(tail.value - limit.tail_value_at_risk) < 5 * tail.standard_error


def test_what_issuers_add_to_the_limit_sums_to_it():
    p = np.array([0.01, 0.05, 0.2])
    each = conditional_loss(THREE, p, 0.5, 0.2, 0.99)
    assert each.sum() == pytest.approx(
        float(limit_figures(THREE, p, 0.5, 0.2, 0.99).value_at_risk), rel=1e-12
    )


def test_scenarios_share_their_luck():
    p = np.array([[0.02, 0.1, 0.3], [0.02, 0.1, 0.3], [0.04, 0.1, 0.3]])
    losses = simulate_losses(THREE, p, 0.4, 0.2, years=3_000, seed=4)
    assert np.array_equal(losses[0], losses[1])
    assert (losses[2] >= losses[0]).all()
    assert losses[2].sum() > losses[0].sum()


def test_more_years_keep_those_that_were_drawn():
    short, long = (simulate_losses(THREE, 0.1, 0.4, 0.2, years=n, seed=5) for n in (1000, 2500))
    assert long.size == 3000
    assert np.array_equal(short, long[:1000])


def test_the_interval_of_the_quantile_holds_it_about_nine_times_in_ten():
    rng, hits = np.random.default_rng(6), 0
    for _ in range(400):
        low, high = risk_figures(rng.exponential(size=1000), 0.95).value_at_risk_interval
        hits += low <= -np.log(0.05) <= high
    assert abs(hits / 400 - 0.9) < 4 * np.sqrt(0.09 / 400) + 0.01


def test_concentration_is_the_sum_of_squared_shares():
    found = concentration(THREE)
    assert found.sectors == ("cement", "water")
    assert found.share.tolist() == [0.75, 0.25]
    assert found.by_sector == 0.75**2 + 0.25**2
    assert found.by_issuer == 0.5**2 + 2 * 0.25**2
    assert concentration(even(8)).by_issuer == pytest.approx(1 / 8, rel=1e-12)
    assert concentration(THREE, [0.0, 0.0, 3.0]).sectors[0] == "water"


def test_nothing_has_no_shares():
    found = concentration(THREE, [0.0, 0.0, 0.0])
    assert found.sectors == ()
    assert np.isnan(found.by_issuer)


def test_an_issuer_that_stands_twice_is_refused():
    with pytest.raises(ArgumentError) as error:
        portfolio_of(["a", "b", "a"], ["x", "x", "x"], [1.0, np.nan, 1.0])
    assert [fault.what for fault in error.value.faults] == ["a stands 2 times", "b has none"]
    assert "counted twice" in error.value.faults[0].expected


def test_missing_probabilities_are_refused_in_a_simulation():
    with pytest.raises(ArgumentError, match="missing probabilities"):
        simulate_losses(THREE, [0.1, np.nan, 0.1], 0.4, 0.2, years=10, seed=1)
