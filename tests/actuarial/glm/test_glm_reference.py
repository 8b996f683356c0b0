# SPDX-License-Identifier: Apache-2.0
"""Tariffs against R: glm, MASS and statmod (tests/reference/actuarial/make_glm.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.glm.rating_fit import fit_rating_model

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = json.loads((ROOT / "tests/reference/actuarial/glm.json").read_text(encoding="utf-8"))
TABLE = {name: np.array(values) for name, values in REFERENCE["table"].items()}
TERMS = {"zone": TABLE["zone"], "age": TABLE["age"]}
NORTH = {"zone": "north"}


# R's glm stops where the deviance no longer moves: for amounts its score is then 4e-6, and the coefficients are good to
# 1e-7, where ours settle at a score of 1e-11.
STOPPED = 1e-6


def agrees(model, expected, slack=1e-8, errors="standard_errors"):
    # Names: base, zone: south, zone: west, age; R's order.
    assert model.regression.coefficients == pytest.approx(expected["coefficients"], rel=slack)
    if errors in expected:
        assert model.regression.standard_errors() == pytest.approx(expected[errors], rel=max(slack, 1e-7))
    if "deviance" in expected:
        assert model.regression.deviance == pytest.approx(expected["deviance"], rel=1e-10)
        assert model.regression.pearson == pytest.approx(expected["pearson"], rel=1e-8)
    assert model.regression.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-6)


def test_poisson_counts_are_regressed_as_r_does():
    model = fit_rating_model(TABLE["count"], TERMS, exposure=TABLE["exposure"], base_levels=NORTH)
    agrees(model, REFERENCE["poisson"])


def test_negative_binomial_counts_are_regressed_as_mass_does():
    expected = REFERENCE["negative_binomial"]
    model = fit_rating_model(
        TABLE["count"], TERMS, family="negative_binomial", exposure=TABLE["exposure"], base_levels=NORTH
    )
    agrees(model, expected, 1e-6, "standard_errors_given_theta")
    assert 1 / model.regression.dispersion == pytest.approx(expected["theta"], rel=1e-6)


def test_mean_claims_are_regressed_as_r_does():
    some = TABLE["count"] > 0
    count = TABLE["count"][some]
    terms = {name: values[some] for name, values in TERMS.items()}
    model = fit_rating_model(
        TABLE["amount"][some] / count, terms, family="gamma", weights=count, base_levels=NORTH
    )
    agrees(model, REFERENCE["gamma"], STOPPED)
    assert 1 / model.regression.dispersion == pytest.approx(REFERENCE["gamma"]["shape"], rel=1e-6)


def tweedie(power):
    return fit_rating_model(
        TABLE["amount"],
        TERMS,
        family="tweedie",
        exposure=TABLE["exposure"],
        exposure_enters="weight",
        power=power,
        base_levels=NORTH,
    )


def test_loss_costs_of_a_given_power_are_regressed_as_statmod_does():
    model = tweedie(1.5)
    agrees(model, REFERENCE["tweedie_1.5"], STOPPED)
    assert model.regression.dispersion == pytest.approx(REFERENCE["tweedie_1.5"]["dispersion"], rel=1e-6)


def test_the_power_is_the_one_of_the_joint_maximum():
    expected = REFERENCE["tweedie_profiled"]
    model = tweedie(None)
    # A likelihood is flat at its top: 1e-7 of its height are 1e-5 of the power's error.
    agrees(model, expected, 1e-5)
    error = expected["error_of_power"]
    assert model.regression.power == pytest.approx(expected["power"], abs=1e-4 * error)
    assert model.regression.dispersion == pytest.approx(expected["dispersion"], rel=1e-5)
    # The profile interval is near the normal one, not equal.
    within = model.power_interval(0.95)
    assert within.low == pytest.approx(expected["power"] - 1.96 * error, abs=0.3 * error)
    assert within.high == pytest.approx(expected["power"] + 1.96 * error, abs=0.5 * error)
