# SPDX-License-Identifier: Apache-2.0
"""Regressions against R on one small table (tests/reference/actuarial/make_glm.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.glm.counts import negative_binomial_regression, poisson_regression
from greenrisk.actuarial.glm.gamma import gamma_regression
from greenrisk.actuarial.glm.tweedie import tweedie_regression

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "actuarial" / "glm.json").read_text(encoding="utf-8")
)
TABLE = {name: np.array(values) for name, values in REFERENCE["table"].items()}
NAMES = ("(Intercept)", "zone south", "zone west", "age")
DESIGN = np.column_stack(
    [np.ones(TABLE["age"].size), TABLE["zone"] == "south", TABLE["zone"] == "west", TABLE["age"]]
).astype(float)


def same(fit, expected):
    # Scoring stops where no linear predictor moves by more than 1e-9; R went on until nothing moved at all.
    assert fit.coefficients == pytest.approx(expected["coefficients"], abs=2e-8)
    assert fit.standard_errors() == pytest.approx(expected["standard_errors"], rel=1e-7)
    assert fit.deviance == pytest.approx(expected["deviance"], rel=1e-10)
    assert fit.pearson == pytest.approx(expected["pearson"], rel=1e-7)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-6)


def test_counts_with_an_exposure_are_those_of_glm():
    same(poisson_regression(TABLE["count"], DESIGN, NAMES, exposure=TABLE["exposure"]), REFERENCE["poisson"])


def test_overdispersed_counts_are_those_of_mass():
    fit = negative_binomial_regression(TABLE["count"], DESIGN, NAMES, exposure=TABLE["exposure"])
    expected = REFERENCE["negative_binomial"]
    assert fit.dispersion == pytest.approx(1 / expected["theta"], rel=1e-5)
    assert fit.coefficients == pytest.approx(expected["coefficients"], rel=1e-6)
    assert fit.standard_errors() == pytest.approx(expected["standard_errors_given_theta"], rel=1e-5)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-6)


def test_mean_claims_weighted_by_their_number_are_those_of_glm():
    any_claim = TABLE["count"] > 0
    counts = TABLE["count"][any_claim]
    fit = gamma_regression(TABLE["amount"][any_claim] / counts, DESIGN[any_claim], NAMES, weights=counts)
    same(fit, REFERENCE["gamma"])
    assert 1 / fit.dispersion == pytest.approx(REFERENCE["gamma"]["shape"], rel=1e-6)


def test_loss_costs_of_a_given_power_are_those_of_statmod():
    cost = TABLE["amount"] / TABLE["exposure"]
    fit = tweedie_regression(cost, DESIGN, NAMES, weights=TABLE["exposure"], power=1.5)
    same(fit, REFERENCE["tweedie_1.5"])
    assert fit.dispersion == pytest.approx(REFERENCE["tweedie_1.5"]["dispersion"], rel=1e-6)


def test_the_most_likely_power_is_that_of_a_joint_search_in_r():
    cost = TABLE["amount"] / TABLE["exposure"]
    fit = tweedie_regression(cost, DESIGN, NAMES, weights=TABLE["exposure"])
    expected = REFERENCE["tweedie_profiled"]
    assert fit.power == pytest.approx(expected["power"], rel=1e-6)
    assert fit.dispersion == pytest.approx(expected["dispersion"], rel=1e-5)
    assert fit.coefficients == pytest.approx(expected["coefficients"], rel=1e-5)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-6)
