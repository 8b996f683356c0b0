# SPDX-License-Identifier: Apache-2.0
"""Regressions and rating models print as tables; relativities become a frame."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.actuarial.glm.counts import poisson_regression
from greenrisk.actuarial.glm.mixed import MixedFit
from greenrisk.actuarial.glm.rating import RatingModel
from greenrisk.actuarial.glm.rating_fit import fit_rating_model

CLAIMS = [2, 4, 9, 10, 14, 3]
EXPOSURE = [1.0, 2.0, 1.5, 2.0, 2.5, 1.0]
ZONE = ["A", "A", "B", "B", "B", "C"]


def model() -> RatingModel:
    return fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE)


def test_a_rating_model_prints_base_rate_relativities_and_balance() -> None:
    lines = repr(model()).splitlines()
    assert lines[0].startswith("RatingModel (poisson), 6 rows")
    # Rates 6 / 3, 33 / 6, 3 / 1; B has most exposure.
    assert lines[2].split()[:3] == ["base", "5.5", "0.96"]
    assert lines[3].split()[:3] == ["zone", "A", "0.363636"]
    assert lines[4].split() == ["zone", "B", "1", "reference", "6"]
    assert lines[6] == "balance: observed 42, fitted 42, factor 1.000000"
    assert lines[7].startswith("dispersion 0 (Pearson ")
    assert max(len(line) for line in lines) <= 100


def test_relativities_become_a_frame_by_term_and_level() -> None:
    frame = model().to_frame()
    assert frame.loc[("zone", "C"), "relativity"] == pytest.approx(3 / 5.5)
    assert list(frame.columns) == ["relativity", "standard_error", "low", "high", "exposure", "base"]
    narrow, wide = model().to_frame(0.5), frame
    assert narrow.loc[("zone", "A"), "low"] > wide.loc[("zone", "A"), "low"]


def test_a_regression_prints_coefficients_on_both_scales() -> None:
    fit = poisson_regression([10, 10], np.ones((2, 1)), ("level",), exposure=[1.0, 1.0])
    lines = repr(fit).splitlines()
    assert lines[0] == "Regression (poisson), 2 rows"
    # ln 10, and 1 / sqrt(20 losses)
    assert lines[2].split() == ["level", "2.30259", "0.22", "10"]
    assert lines[3].endswith(f"on 1 degree of freedom, AIC {fit.aic:,.2f}")


def test_a_mixed_fit_prints_the_spread_of_its_effects() -> None:
    fit = MixedFit(0.2, {"year": 0.5}, np.diag([0.25, 0.04]), np.zeros(40), np.eye(40), -123.4)
    lines = repr(fit).splitlines()
    assert lines[0] == "MixedFit of 40 coefficients, restricted log-likelihood -123.40"
    assert [line.split() for line in lines[2:]] == [
        ["dispersion", "0.2", "0.1"],
        ["sd", "of", "year", "0.5", "0.1"],
    ]
