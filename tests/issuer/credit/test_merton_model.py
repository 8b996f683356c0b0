# SPDX-License-Identifier: Apache-2.0
"""Merton's model against Hull's printed example, closed forms and the identities of an option on the assets."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.merton import (
    debt_value,
    default_point,
    default_probability,
    distance_to_default,
    equity_value,
    log_default_probability,
    log_survival_probability,
    spread,
)

firms = {
    "asset": st.floats(0.2, 50.0),
    "debt": st.floats(0.1, 10.0),
    "rate": st.floats(-0.02, 0.15),
    "volatility": st.floats(0.02, 1.2),
    "term": st.floats(0.1, 30.0),
}


def phi(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def tail_logarithm(x):
    """ln Phi(-x) for large x by the asymptotic series of Mills' ratio, six terms."""
    series = 1 - x**-2 + 3 * x**-4 - 15 * x**-6 + 105 * x**-8 - 945 * x**-10
    return -0.5 * x * x - math.log(x * math.sqrt(2 * math.pi)) + math.log(series)


def test_hulls_firm_defaults_with_the_printed_probability_and_debt_value():
    # Hull (2018), example 24.3: V = 12.40, s = 0.2123, L = 10, r = 5 %, T = 1; PD 12.7 %, debt 9.40, loss 1.2 %.
    firm = (12.40, 10.0, 0.05, 0.2123, 1.0)
    assert default_probability(*firm) == pytest.approx(0.127, abs=5e-4)
    assert equity_value(*firm) == pytest.approx(3.0, abs=5e-3)
    assert debt_value(*firm) == pytest.approx(9.40, abs=5e-3)
    assert 1.0 - debt_value(*firm) / (10.0 * math.exp(-0.05)) == pytest.approx(0.012, abs=5e-4)


def test_every_quantity_is_its_formula_written_out_with_the_error_function():
    v, k, r, s, t = 130.0, 100.0, 0.03, 0.25, 5.0
    d2 = (math.log(v / k) + (r - s * s / 2) * t) / (s * math.sqrt(t))
    d1 = d2 + s * math.sqrt(t)
    owed = k * math.exp(-r * t)
    worth = owed * phi(d2) + v * phi(-d1)
    assert distance_to_default(v, k, r, s, t) == pytest.approx(d2, rel=1e-14)
    assert default_probability(v, k, r, s, t) == pytest.approx(phi(-d2), rel=1e-13)
    assert log_default_probability(v, k, r, s, t) == pytest.approx(math.log(phi(-d2)), rel=1e-13)
    assert log_survival_probability(v, k, r, s, t) == pytest.approx(math.log(phi(d2)), rel=1e-13)
    assert equity_value(v, k, r, s, t) == pytest.approx(v * phi(d1) - owed * phi(d2), rel=1e-13)
    assert debt_value(v, k, r, s, t) == pytest.approx(worth, rel=1e-13)
    assert spread(v, k, r, s, t) == pytest.approx(-math.log(worth / owed) / t, rel=1e-12)


def test_the_logarithm_goes_on_where_the_probability_is_zero():
    v, k, r, s, t = 1e6, 1.0, 0.0, 0.25, 1.0
    d2 = (math.log(v / k) - s * s / 2) / s
    assert default_probability(v, k, r, s, t) == 0.0
    assert d2 > 50
    assert log_default_probability(v, k, r, s, t) == pytest.approx(tail_logarithm(d2), rel=1e-12)
    assert math.isfinite(log_default_probability(1e30, k, r, 0.01, t))


def test_survival_keeps_its_logarithm_where_default_is_almost_certain():
    v, k, r, s, t = 1.0, 1e6, 0.0, 0.25, 1.0
    d2 = (math.log(v / k) - s * s / 2) / s
    assert default_probability(v, k, r, s, t) == 1.0
    assert log_survival_probability(v, k, r, s, t) == pytest.approx(tail_logarithm(-d2), rel=1e-12)


def test_tiny_spreads_keep_their_digits():
    # Deep in the money the put is V phi(d1) s^2 T .../...; here against Phi computed by the tail series in logarithms.
    v, k, r, s, t = 50.0, 1.0, 0.0, 0.5, 1.0
    d2 = (math.log(v) - s * s / 2) / s
    d1 = d2 + s
    lost = math.exp(tail_logarithm(d2)) - v * math.exp(tail_logarithm(d1))
    assert lost < 1e-13
    assert spread(v, k, r, s, t) == pytest.approx(lost, rel=1e-5)


def test_a_firm_without_debt_cannot_default_and_one_without_assets_has():
    for term in (0.5, 30.0):
        assert default_probability(5.0, 0.0, 0.03, 0.2, term) == 0.0
        assert log_default_probability(5.0, 0.0, 0.03, 0.2, term) == -np.inf
        assert spread(5.0, 0.0, 0.03, 0.2, term) == 0.0
        for asset in (0.0, -3.0):
            assert default_probability(asset, 1.0, 0.03, 0.2, term) == 1.0
            assert spread(asset, 1.0, 0.03, 0.2, term) == np.inf
            assert equity_value(asset, 1.0, 0.03, 0.2, term) == 0.0
            assert debt_value(asset, 1.0, 0.03, 0.2, term) == 0.0
    assert equity_value(5.0, 0.0, 0.03, 0.2, 1.0) == 5.0


def test_without_volatility_the_firm_defaults_if_it_grows_to_less_than_its_debt():
    found = default_probability([0.99, 1.0, 1.01], 1.0, 0.0, 0.0, 1.0)
    assert found.tolist() == [1.0, 0.0, 0.0]
    assert default_probability(0.99, 1.0, 0.02, 0.0, 1.0) == 0.0
    assert spread(2.0, 1.0, 0.0, 0.0, 1.0) == 0.0
    assert spread(0.5, 1.0, 0.0, 0.0, 1.0) == pytest.approx(math.log(2.0))


def test_a_missing_input_gives_a_missing_answer_and_leaves_the_others():
    asset = np.array([2.0, np.nan, -1.0])
    for function in (default_probability, log_default_probability, spread, equity_value, debt_value):
        found = function(asset, 1.0, 0.03, 0.2, 1.0)
        assert np.isnan(found).tolist() == [False, True, False]
    assert np.isnan(default_probability(1.0, 0.0, np.nan, 0.2, 1.0))


def test_arguments_broadcast_to_variant_scenario_issuer_and_term():
    found = default_probability(np.ones((2, 1, 3, 1)), 0.5, 0.03, np.full((3, 1), 0.2), np.arange(1.0, 6.0))
    assert found.shape == (2, 1, 3, 5)


def test_arguments_outside_their_domains_are_told_all_at_once():
    with pytest.raises(ArgumentError) as told:
        default_probability(1.0, [-1.0, 2.0], 0.03, -0.2, 0.0)
    assert [fault.where for fault in told.value.faults] == ["debt", "volatility", "term"]
    assert "debt[0] = -1" in str(told.value)
    with pytest.raises(ArgumentError, match="broadcast"):
        default_probability(np.ones(2), np.ones(3), 0.0, 0.2, 1.0)
    with pytest.raises(ArgumentError, match="Numbers were expected"):
        default_probability("much", 1.0, 0.0, 0.2, 1.0)
    with pytest.raises(ArgumentError, match="asset = inf"):
        default_probability(np.inf, 1.0, 0.0, 0.2, 1.0)


def test_the_default_point_counts_short_debt_whole_and_long_debt_by_half():
    assert default_point(40.0, 60.0) == 70.0
    assert default_point(40.0, 60.0, long_share=1.0) == 100.0
    with pytest.raises(ArgumentError, match="share"):
        default_point(1.0, 1.0, long_share=1.5)
    with pytest.raises(ArgumentError, match="long_debt"):
        default_point(1.0, -1.0)


@given(**firms)
def test_assets_are_equity_and_debt(asset, debt, rate, volatility, term):
    parts = equity_value(asset, debt, rate, volatility, term) + debt_value(
        asset, debt, rate, volatility, term
    )
    assert parts == pytest.approx(asset, rel=1e-9, abs=1e-12)


@given(**firms, more=st.floats(1.01, 3.0))
def test_more_assets_never_raise_the_default_probability_or_the_spread(
    asset, debt, rate, volatility, term, more
):
    less = (asset, debt, rate, volatility, term)
    rich = (asset * more, debt, rate, volatility, term)
    assert log_default_probability(*rich) <= log_default_probability(*less)
    assert spread(*rich) <= spread(*less) + 1e-15


@given(**firms)
def test_probabilities_of_default_and_survival_add_to_one(asset, debt, rate, volatility, term):
    firm = (asset, debt, rate, volatility, term)
    whole = math.exp(log_default_probability(*firm)) + math.exp(log_survival_probability(*firm))
    assert whole == pytest.approx(1.0, rel=1e-12)
    assert spread(*firm) >= 0.0
