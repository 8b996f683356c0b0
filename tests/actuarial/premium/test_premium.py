# SPDX-License-Identifier: Apache-2.0
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.distortion.functions import TailValueAtRisk, Wang
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.premium.gross import ROWS, ROWS_WITH_CAPITAL, build_up, gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import (
    CapitalLoad,
    DistortionLoad,
    StandardDeviationLoad,
    VarianceLoad,
)
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError

CARD = Path(__file__).parents[3] / "models/premium-loadings-judged.yaml"
LOADINGS = Loadings(expenses=0.20, commission=0.05, tax=0.02, profit=0.03, cost_of_capital=0.10)

# 1,000 years, two segments. "a" costs 1,000 every year; "b" costs 200,000 in five of them and nothing else.
LOSSES = np.zeros((1000, 2))
LOSSES[:, 0] = 1000.0
LOSSES[100:105, 1] = 200_000.0


def built(losses=LOSSES, loadings=LOADINGS, **options):
    exposure = {"area": [10_000, 5_000], "sum_insured": [8_000_000, 4_000_000]}
    return build_up(losses, loadings, ["a", "b"], exposure, **options)


def risk_load(losses, cost, level=0.995):
    return CapitalLoad(cost, level).of_sample(losses)


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


def test_rates_per_mu_and_per_mille_by_hand():
    table = built()
    assert table.exposure["area"].tolist() == [15_000, 10_000, 5_000]
    assert table.rate("area")[-1] == pytest.approx(
        np.array([21_900 / 15_000, 1_000 / 10_000, 20_900 / 5_000]) / 0.7
    )
    assert table.rate("sum_insured", per=1000)[-1] == pytest.approx(
        np.array([21_900 / 12_000, 1_000 / 8_000, 20_900 / 4_000]) / 0.7
    )


@pytest.mark.parametrize(
    ("amounts", "named"),
    [
        ((math.nan, 1.0), ["pure_premium"]),
        ((-1.0, 1.0), ["pure_premium"]),
        ((math.inf, math.nan, -1.0), ["pure_premium", "risk_load", "fixed_expenses"]),
        ((1.0, -2.0), ["risk_load"]),
        (("one", 1.0), ["pure_premium"]),
    ],
)
def test_amounts_that_make_no_premium_are_refused_all_at_once(amounts, named):
    with pytest.raises(ArgumentError) as caught:
        gross_premium(*amounts[:2], LOADINGS, *amounts[2:])
    assert [fault.where for fault in caught.value.faults] == named


def test_a_segment_that_diversifies_the_others_may_have_a_negative_load():
    assert gross_premium(10.0, -4.0, LOADINGS) == pytest.approx(6.0 / 0.7)


@pytest.mark.parametrize("per", [0.0, math.nan, -1.0])
def test_a_rate_is_quoted_on_some_units(per):
    with pytest.raises(ArgumentError, match="per = "):
        build_up([1.0, 2.0], LOADINGS, exposure={"area": 3.0}, level=0.5).rate("area", per)


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
    table = build_up(LOSSES, LOADINGS, ["a", "b"], {"area": [10_000, 0]})
    assert np.isnan(table.rate("area")[:, 2]).all()


def test_covariance_and_co_tail_split_the_same_total():
    rng = np.random.default_rng(20_250_121)
    losses = rng.pareto(2.5, size=(4000, 2)) * [1e3, 4e3]
    one, other = (built(losses, method=method) for method in ("co_tail", "covariance"))
    assert one.amount[:, 0].tolist() == other.amount[:, 0].tolist()
    assert one.row("risk_load")[1] != other.row("risk_load")[1]


def test_capital_share_scales_the_risk_load_and_nothing_else():
    alone = build_up(LOSSES, LOADINGS, ["a", "b"])
    beside = build_up(LOSSES, replace(LOADINGS, capital_share=0.4), ["a", "b"])
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
    table = build_up([1.0, 2.0, 3.0], Loadings(0.5, 0, 0, 0, 0), level=0.5)
    assert table.error_of == "simulation"
    assert (*table.error.pure, *table.error.gross) == pytest.approx((3**-0.5, 2 * 3**-0.5))


def test_simulation_error_of_a_premium_that_is_all_tail_by_hand():
    # At a cost of capital of 1 the premium is the TVaR. Years 0, 0, 0, 4 at level 0.5: VaR 0, influences 0, 0, 0, 8
    # with a deviation of sqrt(48 / 3) = 4; error 4 / sqrt(4).
    error = build_up([0.0, 0.0, 0.0, 4.0], Loadings(0, 0, 0, 0, 1.0), level=0.5).error
    assert (*error.pure, *error.gross) == pytest.approx((1, 2))


@pytest.mark.parametrize(
    "rule",
    [None, StandardDeviationLoad(0.3), VarianceLoad(0.2), DistortionLoad(Wang(0.4)), CapitalLoad(0.2, 0.9)],
)
def test_simulation_errors_are_those_seen_over_many_samples(rule):
    # 400 samples of 1,000 gamma years; the spread over samples is known to 1 / sqrt(800) = 3.5 %.
    loadings = Loadings(0.2, 0.05, 0.02, 0.03, 0.0 if isinstance(rule, CapitalLoad) else 0.3)
    samples = np.random.default_rng(20_250_123).gamma(2.0, size=(400, 1000))
    tables = [build_up(x, loadings, level=0.9, risk_load=rule) for x in samples]
    stated = np.mean([(*table.error.pure, *table.error.gross) for table in tables], axis=0)
    seen = np.std([(table.amount[0, 0], table.amount[-1, 0]) for table in tables], axis=0, ddof=1)
    assert stated == pytest.approx(seen, rel=4 / np.sqrt(800))


def test_each_rule_of_the_risk_load_by_hand():
    # Years 0, 0, 0, 4: mean 1, variance (3 + 9) / 3 = 4. TVaR at 0.75 is 4; its distortion less the mean 3.
    x = [0.0, 0.0, 0.0, 4.0]
    assert StandardDeviationLoad(0.5).of_sample(x) == pytest.approx(1)
    assert VarianceLoad(0.5).of_sample(x) == pytest.approx(2)
    assert CapitalLoad(0.1, 0.75).of_sample(x) == pytest.approx(0.3)
    assert DistortionLoad(TailValueAtRisk(0.75)).of_sample(x) == pytest.approx(3)


def test_a_rule_of_the_risk_load_leaves_the_cost_of_capital_a_row_of_its_own():
    # Capital 199,000 at 10 %; the total is 201,000 in 0.5 % of the years: variance 200,000^2 * 0.005 * 0.995 n/(n-1).
    table = built(risk_load=StandardDeviationLoad(0.1))
    deviation = 200_000 * np.sqrt(0.005 * 0.995 * 1000 / 999)
    assert table.rows == ROWS_WITH_CAPITAL
    assert table.row("risk_load") == pytest.approx([0.1 * deviation, 0, 0.1 * deviation])
    assert table.row("capital_cost")[0] == pytest.approx(19_900)
    assert table.row("gross_premium")[0] == pytest.approx((2_000 + 0.1 * deviation + 19_900) / 0.7)
    earned = 0.1 * deviation + 19_900 + 0.03 * table.row("gross_premium")[0]
    assert table.return_on_capital[0] == pytest.approx(earned / 199_000)


def test_a_premium_is_built_on_a_computed_law_without_a_scenario():
    # Poisson(2) of exponentials of mean 3: mean 6, variance 2 * 18; TVaR from the law itself.
    loss = CompoundDistribution(Poisson(2.0), Exponential(3.0)).aggregate()
    loadings = Loadings(0.2, 0.05, 0.02, 0.03, 0.1, fixed_expenses=0.5, capital_share=0.5)
    table = build_up(loss, loadings, exposure={"payroll": 10.0}, risk_load=StandardDeviationLoad(0.25))
    capital = 0.5 * (loss.tail_value_at_risk(0.995).value - 6)
    gross = (6 + 0.25 * 6 + 0.1 * capital + 5) / 0.7
    assert table.segments == ("all",)
    assert table.row("gross_premium")[0] == pytest.approx(gross, rel=1e-12)
    assert table.rate("payroll", per=100)[-1] == pytest.approx([10 * gross])
    assert table.loss_ratio == pytest.approx([6 / gross])
    assert table.error_of == "calculation"
    assert table.error.pure[0] == 0
    assert 0 <= table.error.gross[0] < 1e-6 * gross


def test_the_numerical_error_of_a_premium_covers_a_finer_grid():
    compound = CompoundDistribution(Poisson(2.0), Lognormal.from_mean_cv(3.0, 3.0))
    rule = DistortionLoad(Wang(0.5))
    laws = [
        compound.aggregate(1e-13, annual_limit=90.0, annual_attachment=2.0, largest_grid=size)
        for size in (2**12, 2**16)
    ]
    coarse, fine = (build_up(law, LOADINGS, risk_load=rule) for law in laws)
    apart = abs(coarse.amount[-1, 0] - fine.amount[-1, 0])
    assert apart <= coarse.error.gross[0] + fine.error.gross[0]
    assert fine.error.gross[0] < coarse.error.gross[0] < 1e-3 * fine.amount[-1, 0]


def test_weights_that_repeat_years_give_the_premium_of_the_repeated_years():
    losses, weights = np.array([[1.0, 0.0], [0.0, 5.0], [2.0, 2.0]]), [2, 1, 3]
    once = build_up(losses, LOADINGS, ["a", "b"], level=0.5, weights=weights)
    again = build_up(np.repeat(losses, weights, axis=0), LOADINGS, ["a", "b"], level=0.5)
    assert once.amount == pytest.approx(again.amount, rel=1e-12)


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
    with pytest.raises(
        ArgumentError, match="1 names, 2 losses, 1 area\n  One of each a segment was expected"
    ):
        build_up(LOSSES, LOADINGS, ["a"], {"area": [1.0]})
    with pytest.raises(ArgumentError, match="0 names, 2 losses"):
        build_up(LOSSES, LOADINGS)
    with pytest.raises(ArgumentError, match="Losses of shape"):
        build_up(LOSSES[None], LOADINGS)
    with pytest.raises(ArgumentError, match="Without segments one number was expected"):
        build_up(LOSSES[:, 0], LOADINGS, exposure={"area": [1.0, 2.0]})


def test_names_that_stand_twice_or_are_the_totals_are_refused():
    with pytest.raises(ArgumentError) as caught:
        build_up(np.ones((200, 3)), LOADINGS, ["all", "b", "b"])
    assert [fault.what for fault in caught.value.faults] == ["'all'", "'b'"]


def test_capital_is_never_charged_for_twice():
    with pytest.raises(ArgumentError, match="charged for twice"):
        built(risk_load=CapitalLoad(0.1))


def test_fixed_expenses_of_segments_need_something_to_be_shared_by():
    loadings = replace(LOADINGS, fixed_expenses=1.0)
    with pytest.raises(ArgumentError, match="Say by what the segments share"):
        build_up(LOSSES, loadings, ["a", "b"])
    # without segments they are an amount
    table = build_up(LOSSES.sum(axis=1), loadings)
    assert table.row("gross_premium")[0] == pytest.approx(21_901 / 0.7)


def test_weights_beside_a_law_and_unknown_rows_are_refused():
    loss = CompoundDistribution(Poisson(2.0), Exponential(3.0)).aggregate()
    with pytest.raises(ArgumentError, match="Only a sample has weights"):
        build_up(loss, LOADINGS, weights=[1.0])
    with pytest.raises(ArgumentError, match="Known: pure_premium"):
        build_up(loss, LOADINGS).row("gross")
    with pytest.raises(ArgumentError, match="name = 'area'"):
        build_up(loss, LOADINGS).rate("area")


@pytest.mark.parametrize("make", [StandardDeviationLoad, VarianceLoad, CapitalLoad])
def test_a_negative_risk_load_is_refused(make):
    with pytest.raises(ArgumentError, match="It must be >= 0"):
        make(-0.1)


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
