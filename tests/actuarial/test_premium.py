# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.actuarial.premium import ROWS, Loadings, build_up, gross_premium, risk_load
from greenrisk.actuarial.premium_error import simulation_error
from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError

CARD = Path(__file__).parents[2] / "models/premium-loadings-judged.yaml"
LOADINGS = Loadings(expenses=0.20, commission=0.05, tax=0.02, profit=0.03, cost_of_capital=0.10)

# 1,000 years, two segments. "a" costs 1,000 every year; "b" costs 200,000 in five of them and nothing else.
LOSSES = np.zeros((1000, 2))
LOSSES[:, 0] = 1000.0
LOSSES[100:105, 1] = 200_000.0


def built(losses=LOSSES, loadings=LOADINGS, **options):
    return build_up(losses, loadings, ["a", "b"], [10_000, 5_000], [8_000_000, 4_000_000], **options)


def test_risk_load_is_the_cost_of_the_capital_between_mean_and_tail():
    # Total: 995 years of 1,000, five of 201,000. TVaR at 99.5 % is the mean of those five; mean 2,000.
    assert risk_load(LOSSES.sum(axis=1), 0.10) == pytest.approx(0.10 * (201_000 - 2_000))


def test_gross_is_base_over_one_minus_the_sum_of_ratios():
    # (2,000 + 19,900) / (1 - 0.30)
    assert gross_premium(2_000, 19_900, LOADINGS) == pytest.approx(21_900 / 0.7)


def test_the_audit_table_by_hand():
    table = built()
    gross = 21_900 / 0.7
    assert table.segments == ("all", "a", "b")
    assert table.amount[:, 0] == pytest.approx(
        [2_000, 19_900, 0.20 * gross, 0.05 * gross, 0.02 * gross, 0.03 * gross, gross]
    )
    # "a" never varies, so the whole risk load is of "b".
    assert table.row("pure_premium")[1:] == pytest.approx([1_000, 1_000])
    assert table.row("risk_load")[1:] == pytest.approx([0, 19_900], abs=1e-6)
    assert table.row("gross_premium")[1:] == pytest.approx([1_000 / 0.7, 20_900 / 0.7])
    assert table.loss_ratio == pytest.approx([0.7 * 2_000 / 21_900, 0.7, 0.7 * 1_000 / 20_900])


def test_premium_per_mu_and_per_mille_by_hand():
    table = built()
    assert table.insured_area.tolist() == [15_000, 10_000, 5_000]
    assert table.per_mu[-1] == pytest.approx(
        np.array([21_900 / 15_000, 1_000 / 10_000, 20_900 / 5_000]) / 0.7
    )
    assert table.per_mille[-1] == pytest.approx(
        np.array([21_900 / 12_000, 1_000 / 8_000, 20_900 / 4_000]) / 0.7
    )


def test_fixed_expenses_are_carried_by_the_gross_premium_too():
    # 0.5 CNY/mu on 15,000 mu: 7,500; expenses are fixed plus their ratio.
    loadings = Loadings(0.20, 0.05, 0.02, 0.03, 0.10, fixed_expenses=0.5)
    table = built(loadings=loadings)
    gross = (21_900 + 7_500) / 0.7
    assert table.row("gross_premium")[0] == pytest.approx(gross)
    assert table.row("expenses")[0] == pytest.approx(7_500 + 0.20 * gross)


def test_without_loadings_the_gross_premium_is_the_pure_premium():
    table = built(loadings=Loadings(0, 0, 0, 0, 0))
    assert table.row("gross_premium") == pytest.approx(table.row("pure_premium"))


def test_a_segment_without_area_has_no_rate_instead_of_an_infinite_one():
    table = build_up(LOSSES, LOADINGS, ["a", "b"], [10_000, 0], [8_000_000, 0])
    assert np.isnan(table.per_mu[:, 2]).all()
    assert np.isnan(table.per_mille[:, 2]).all()


def test_covariance_and_co_tail_split_the_same_total():
    rng = np.random.default_rng(20_250_121)
    losses = rng.pareto(2.5, size=(4000, 2)) * [1e3, 4e3]
    one, other = (built(losses, method=method) for method in ("co_tail", "covariance"))
    assert one.amount[:, 0].tolist() == other.amount[:, 0].tolist()
    assert one.row("risk_load")[1] != other.row("risk_load")[1]


def test_capital_share_scales_the_risk_load_and_nothing_else():
    alone = build_up(LOSSES, LOADINGS, ["a", "b"], [1, 1], [1, 1])
    beside = build_up(LOSSES, replace(LOADINGS, capital_share=0.4), ["a", "b"], [1, 1], [1, 1])
    assert beside.row("risk_load") == pytest.approx(0.4 * alone.row("risk_load"))
    assert beside.row("pure_premium") == pytest.approx(alone.row("pure_premium"))


def test_implied_return_is_risk_load_and_profit_over_capital():
    # Capital 199,000; risk load 19,900; profit 3 % of 21,900 / 0.7.
    table = built()
    assert table.capital[0] == pytest.approx(199_000)
    assert table.return_on_capital[0] == pytest.approx((19_900 + 0.03 * 21_900 / 0.7) / 199_000)
    assert table.capital[1:] == pytest.approx([0, 199_000], abs=1e-6)


def test_simulation_errors_by_hand_without_a_risk_load():
    # Years of 1, 2, 3: the mean's error is 1 / sqrt(3), and the gross premium is the mean over 0.5.
    error = simulation_error([1.0, 2.0, 3.0], Loadings(0.5, 0, 0, 0, 0), level=0.5)
    assert error == pytest.approx((3**-0.5, 2 * 3**-0.5))


def test_simulation_error_of_a_premium_that_is_all_tail_by_hand():
    # At a cost of capital of 1 the premium is the TVaR. Years 0, 0, 0, 4 at level 0.5: VaR 0, influences 0, 0, 0, 8
    # with a deviation of sqrt(48 / 3) = 4; error 4 / sqrt(4).
    error = simulation_error([0.0, 0.0, 0.0, 4.0], Loadings(0, 0, 0, 0, 1.0), level=0.5)
    assert error == pytest.approx((1, 2))


def test_simulation_errors_are_those_seen_over_many_samples():
    # 400 samples of 1,000 exponential years; the spread over samples is known to 1 / sqrt(800) = 3.5 %.
    loadings = Loadings(0.2, 0.05, 0.02, 0.03, 0.3)
    samples = np.random.default_rng(20_250_123).exponential(size=(400, 1000))
    gross = [gross_premium(x.mean(), risk_load(x, 0.3, 0.9), loadings) for x in samples]
    stated = np.array([simulation_error(x, loadings, 0.9) for x in samples]).mean(axis=0)
    seen = [samples.mean(axis=1).std(ddof=1), np.std(gross, ddof=1)]
    assert stated == pytest.approx(seen, rel=4 / np.sqrt(800))


ratios = st.floats(0, 0.24)
tables = st.lists(st.tuples(st.floats(0, 1e8), st.floats(0, 1e8)), min_size=4, max_size=30)


@given(tables, ratios, ratios, ratios, ratios, st.floats(0, 0.3), st.sampled_from(["co_tail", "covariance"]))
def test_rows_add_up_to_gross_and_segments_add_up_to_all(rows, e, c, t, p, cost_of_capital, method):
    table = built(np.array(rows), Loadings(e, c, t, p, cost_of_capital), level=0.5, method=method)
    assert table.amount.shape == (len(ROWS), 3)
    assert (np.sum(list(table.amount[:-1]), axis=0) == table.amount[-1]).all()
    scale = np.abs(table.amount).max() + 1e-9
    np.testing.assert_allclose(
        table.amount[:, 1:].sum(axis=1), table.amount[:, 0], rtol=1e-9, atol=1e-12 * scale
    )
    # One ratio basis: every ratio is of the same gross premium.
    np.testing.assert_allclose(
        table.row("commission"), c * table.row("gross_premium"), rtol=1e-9, atol=1e-12 * scale
    )


@given(st.integers(0, 10**9), st.integers(0, 10**9), *[st.integers(0, 24)] * 4)
def test_the_formula_in_exact_fractions(pure, load, e, c, t, p):
    exact = Fraction(pure + load) / (1 - Fraction(e + c + t + p, 100))
    loadings = Loadings(e / 100, c / 100, t / 100, p / 100, 0.06)
    assert gross_premium(pure, load, loadings) == pytest.approx(float(exact), rel=1e-12)


@given(tables, st.floats(0.01, 100))
def test_the_premium_scales_with_the_money(rows, factor):
    losses = np.array(rows)
    one, scaled = (built(x, level=0.5) for x in (losses, factor * losses))
    scale = np.abs(scaled.amount).max() + 1e-9
    np.testing.assert_allclose(scaled.amount, factor * one.amount, rtol=1e-6, atol=1e-6 * scale)


def test_ratios_of_one_or_more_are_refused():
    with pytest.raises(ArgumentError, match="must sum to less than 1: nothing would be left for losses"):
        Loadings(0.5, 0.3, 0.1, 0.1, 0.06)


def test_every_negative_loading_is_named_at_once():
    with pytest.raises(ArgumentError) as caught:
        Loadings(-0.1, 0.1, float("nan"), 0.1, -1)
    assert [fault.where for fault in caught.value.faults] == ["expenses", "tax", "cost_of_capital"]


def test_too_few_years_for_the_tail_are_refused_with_the_number_needed():
    with pytest.raises(ArgumentError, match=r"at 0.995 needs at least 200 simulated years"):
        risk_load(np.ones(199), 0.06)
    assert risk_load(np.ones(200), 0.06) == pytest.approx(0)


def test_columns_that_do_not_match_the_segments_are_refused():
    with pytest.raises(ArgumentError, match="One column of losses, one name, one area"):
        build_up(LOSSES, LOADINGS, ["a"], [1.0], [1.0])


def test_the_card_of_loadings_makes_loadings():
    card = read_card(CARD)
    assert card.use == "premium.loadings"
    loadings = Loadings.from_values(card.values())
    assert loadings == Loadings(0.15, 0.03, 0.01, 0.03, 0.08, capital_share=0.4)
    assert {parameter.status for parameter in card.parameters.values()} == {"illustrative"}


def test_every_draw_and_every_end_of_the_card_leaves_something_for_losses():
    card = read_card(CARD)
    rng = np.random.default_rng(20_250_122)
    for _ in range(500):
        assert Loadings.from_values(card.draw(rng.random(len(card.parameters)))).ratio < 1
    worst = {name: parameter.ends()[1] for name, parameter in card.parameters.items()}
    assert Loadings.from_values(worst).ratio == pytest.approx(0.34)


def test_the_value_of_each_judged_loading_is_the_median_of_its_range():
    for parameter in read_card(CARD).parameters.values():
        assert parameter.quantile(0.5) == pytest.approx(parameter.value, rel=1e-12)


def test_a_card_that_is_not_of_loadings_is_refused_by_parameter():
    with pytest.raises(ArgumentError) as caught:
        Loadings.from_values(
            {"expenses": 0.1, "commision": 0.1, "tax": "low", "profit": 0, "cost_of_capital": 0}
        )
    assert [fault.what for fault in caught.value.faults] == [
        "no parameter commission",
        "parameter commision",
        "tax = 'low'",
    ]
