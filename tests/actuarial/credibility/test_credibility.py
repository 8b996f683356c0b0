# SPDX-License-Identifier: Apache-2.0
"""Credibility against R's actuar on Hachemeister's data (tests/reference/actuarial/credibility.json) and by algebra."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from greenrisk.actuarial.credibility.models import (
    buhlmann,
    buhlmann_straub,
    full_credibility_standard,
    limited_fluctuation,
)
from greenrisk.actuarial.credibility.variance import credibility_factor
from greenrisk.core.errors import ArgumentError, FitError

R = json.loads(
    (Path(__file__).parents[2] / "reference/actuarial/credibility.json").read_text(encoding="utf-8")
)
RATIOS, WEIGHTS = np.array(R["ratios"], dtype=float), np.array(R["weights"], dtype=float)
properties = settings(max_examples=50, deadline=None, derandomize=True)


def same_as_r(model, expected, rel):
    assert model.within == pytest.approx(expected["within"], rel=1e-12)
    assert model.between == pytest.approx(max(expected["between"], 0.0), rel=rel)
    assert model.collective == pytest.approx(expected["collective"], rel=rel)
    for name in ("mean", "weight", "factor", "premium"):
        assert getattr(model, name) == pytest.approx(expected[name], rel=rel), name


@pytest.mark.parametrize(("case", "rel"), [(0, 1e-11), (1, 1e-7)])
def test_hachemeisters_premiums_are_those_of_r(case, rel):
    expected = R["straub"][case]
    same_as_r(buhlmann_straub(RATIOS, WEIGHTS, estimator=expected["method"]), expected, rel)


def test_unobserved_records_are_left_out_and_a_true_zero_counts_as_in_r():
    ratios = np.array(R["ratios_with_gaps"], dtype=float)
    weights = np.array(R["weights_with_gaps"], dtype=float)
    assert (ratios == 0).sum() == 1
    same_as_r(buhlmann_straub(ratios, weights), R["straub_with_gaps"], 1e-11)
    # a weight of 0 says the same, whatever stands beside it
    filled = np.where(np.isnan(ratios), 9e9, ratios)
    same_as_r(buhlmann_straub(filled, np.nan_to_num(weights)), R["straub_with_gaps"], 1e-11)


def test_without_weights_it_is_buhlmanns_model():
    same_as_r(buhlmann(RATIOS), R["unweighted"], 1e-11)
    # Z = n / (n + s^2 / tau^2) with the plain variances within and of the means
    within = RATIOS.var(axis=1, ddof=1).mean()
    between = RATIOS.mean(axis=1).var(ddof=1) - within / 12
    assert buhlmann(RATIOS).factor == pytest.approx([12 / (12 + within / between)] * 5)


def test_risks_that_differ_only_by_chance_get_no_credibility_and_are_told():
    model = buhlmann(np.array(R["alike"], dtype=float))
    same_as_r(model, R["straub_alike"], 1e-11)
    assert model.no_credibility
    assert model.between == 0
    assert model.between_estimate == pytest.approx(R["straub_alike"]["between"], rel=1e-11)
    assert "no credibility, all at the mean" in str(model)
    assert not buhlmann(RATIOS).no_credibility
    assert "no credibility" not in str(buhlmann(RATIOS))


def test_both_collective_means_by_their_formulas():
    by_credibility = buhlmann_straub(RATIOS, WEIGHTS)
    by_exposure = buhlmann_straub(RATIOS, WEIGHTS, collective="exposure_weighted")
    assert by_credibility.collective == pytest.approx(
        np.average(by_credibility.mean, weights=by_credibility.factor), rel=1e-14
    )
    assert by_exposure.collective == pytest.approx((RATIOS * WEIGHTS).sum() / WEIGHTS.sum(), rel=1e-14)
    assert by_exposure.factor.tolist() == by_credibility.factor.tolist()
    z, x = by_exposure.factor, by_exposure.mean
    assert by_exposure.premium == pytest.approx(z * x + (1 - z) * by_exposure.collective, rel=1e-14)


def test_the_iterative_variance_is_a_fixed_point():
    model = buhlmann_straub(RATIOS, WEIGHTS, estimator="iterative")
    again = (model.factor * (model.mean - model.collective) ** 2).sum() / 4
    assert again == pytest.approx(model.between, rel=1e-10)


def test_a_risk_without_a_record_pays_the_collective_mean():
    ratios = np.vstack([RATIOS, np.full(12, np.nan)])
    model = buhlmann_straub(ratios, np.vstack([WEIGHTS, np.zeros(12)]))
    assert np.isnan(model.mean[5])
    assert (model.factor[5], model.premium[5]) == (0.0, model.collective)
    assert model.premium[:5] == pytest.approx(buhlmann_straub(RATIOS, WEIGHTS).premium, rel=1e-14)


def test_credibility_runs_from_nothing_to_everything():
    assert credibility_factor([0.0, 1.0, 3.0], 2.0, 1.0) == pytest.approx([0, 1 / 3, 3 / 5])
    assert credibility_factor([1.0, 9.0], 2.0, 0.0).tolist() == [0, 0]
    assert credibility_factor([0.0, 9.0], 0.0, 2.0).tolist() == [0, 1]
    assert credibility_factor(1.0, 1.0, 1e300) == pytest.approx(1)
    assert credibility_factor(1e300, 1.0, 1.0) == pytest.approx(1)


def test_risks_without_any_variance_within_are_believed_in_full():
    for estimator in ("unbiased", "iterative"):
        model = buhlmann([[1.0, 1.0], [3.0, 3.0], [8.0, 8.0]], estimator=estimator)
        assert model.premium.tolist() == [1, 3, 8]
        assert model.between == pytest.approx(np.var([1, 3, 8], ddof=1))
    same = buhlmann([[2.0, 2.0], [2.0, 2.0]], estimator="iterative")
    assert same.premium.tolist() == [2, 2]
    assert same.no_credibility


books = st.integers(2, 6).flatmap(
    lambda r: st.lists(
        st.lists(st.tuples(st.floats(0, 1e3), st.floats(0, 50)), min_size=3, max_size=3),
        min_size=r,
        max_size=r,
    )
)


@properties
@given(
    books,
    st.sampled_from(["unbiased", "iterative"]),
    st.sampled_from(["credibility_weighted", "exposure_weighted"]),
)
def test_every_premium_lies_between_the_own_mean_and_the_collective_one(rows, estimator, collective):
    table = np.array(rows)
    ratios, weights = table[..., 0], np.where(table[..., 1] < 1e-3, 0.0, table[..., 1])
    try:
        model = buhlmann_straub(ratios, weights, estimator=estimator, collective=collective)
    except FitError:
        assert (weights.sum(axis=1) > 0).sum() < 2 or (np.count_nonzero(weights, axis=1) < 2).all()
        return
    assert ((model.factor >= 0) & (model.factor <= 1)).all()
    own = np.where(np.isnan(model.mean), model.collective, model.mean)
    slack = 1e-9 * (np.abs(own) + abs(model.collective))
    assert (model.premium >= np.minimum(own, model.collective) - slack).all()
    assert (model.premium <= np.maximum(own, model.collective) + slack).all()


@properties
@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_premiums_scale_with_the_money_and_not_with_the_unit_of_exposure(money, unit):
    one = buhlmann_straub(RATIOS, WEIGHTS)
    other = buhlmann_straub(money * RATIOS, unit * WEIGHTS)
    assert other.premium == pytest.approx(money * one.premium, rel=1e-10)
    assert other.factor == pytest.approx(one.factor, rel=1e-10)


def test_credibility_premiums_of_the_collective_balance_under_credibility_weights():
    # sum of w_i (P_i) equals sum of w_i X_i for the credibility-weighted mean
    model = buhlmann_straub(RATIOS, WEIGHTS)
    assert (model.weight * model.premium).sum() == pytest.approx((WEIGHTS * RATIOS).sum(), rel=1e-12)


def test_the_variances_are_unbiased_over_many_books():
    # 4,000 books of 6 risks with 5 records: tau = 2, s^2 = 9 w; the estimators' means against the truth, 4 errors.
    rng, estimates = np.random.default_rng(20_250_231), []
    for _ in range(4000):
        weights = rng.integers(1, 6, (6, 5)).astype(float)
        risk = rng.normal(10.0, 2.0, (6, 1))
        model = buhlmann_straub(risk + rng.normal(0.0, 3.0, (6, 5)) / np.sqrt(weights), weights)
        estimates.append((model.within, model.between_estimate))
    mean, error = np.mean(estimates, axis=0), np.std(estimates, axis=0, ddof=1) / math.sqrt(4000)
    assert (np.abs(mean - [9.0, 4.0]) < 4 * error).all()


def test_full_credibility_by_hand():
    # The well-known 1,082 claims: 90 % within 5 %, Poisson numbers.
    assert full_credibility_standard() == pytest.approx((norm.ppf(0.95) / 0.05) ** 2)
    assert round(full_credibility_standard()) == 1082
    assert full_credibility_standard(severity_cv=3.0) == pytest.approx(10 * full_credibility_standard())
    assert full_credibility_standard(0.95, 0.1, dispersion=2.0) == pytest.approx(
        2 * (norm.ppf(0.975) / 0.1) ** 2
    )
    assert limited_fluctuation([0, 100, 400, 900], 400.0) == pytest.approx([0, 0.5, 1, 1])


def test_full_credibility_keeps_the_total_within_the_margin():
    # Poisson(n_full) claims: the share of years within 5 % of the mean, by simulation.
    standard = full_credibility_standard(0.9, 0.05)
    counts = np.random.default_rng(20_250_232).poisson(standard, 100_000)
    within = np.mean(np.abs(counts - standard) <= 0.05 * standard)
    assert within == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / 100_000) + 1e-3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: buhlmann([1.0, 2.0]), ArgumentError, "Two tables of one shape"),
        (lambda: buhlmann_straub([[1.0, 2.0]], [[1.0]]), ArgumentError, r"ratios \(1, 2\), weights \(1, 1\)"),
        (lambda: buhlmann_straub(RATIOS, -WEIGHTS), ArgumentError, r"weights\[0\]\[0\] = -7861"),
        (lambda: buhlmann_straub(RATIOS * np.nan, WEIGHTS), ArgumentError, r"ratios\[0\]\[0\] = nan"),
        (
            lambda: buhlmann_straub(RATIOS, WEIGHTS, collective="mean"),
            ArgumentError,
            "Known: credibility_weighted",
        ),
        (
            lambda: buhlmann_straub(RATIOS, WEIGHTS, estimator="ml"),
            ArgumentError,
            "Known: unbiased, iterative",
        ),
        (lambda: buhlmann([[1.0, 2.0]]), FitError, "1 risks with 2 observations"),
        (lambda: buhlmann([[1.0], [2.0]]), FitError, "one of them observed twice"),
        (lambda: full_credibility_standard(1.0), ArgumentError, "confidence = 1"),
        (lambda: full_credibility_standard(margin=0.0), ArgumentError, "margin = 0"),
        (lambda: full_credibility_standard(severity_cv=-1.0), ArgumentError, "severity_cv = -1"),
        (lambda: limited_fluctuation([-1.0], 5.0), ArgumentError, r"claims\[0\] = -1"),
        (lambda: limited_fluctuation([1.0], 0.0), ArgumentError, "standard = 0"),
    ],
)
def test_bad_input_is_refused_by_name_and_value(make, error, message):
    with pytest.raises(error, match=message):
        make()
