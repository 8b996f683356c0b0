# SPDX-License-Identifier: Apache-2.0
"""Laws of extremes against R's evd (tests/reference/actuarial/make_extremes.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.fitting.extremes import fit_generalised_extreme_value, fit_generalised_pareto
from greenrisk.actuarial.fitting.return_levels import block_return_levels, peak_return_levels

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "actuarial" / "extremes.json").read_text(encoding="utf-8")
)
BLOCKS = [case for case in REFERENCE["block_maxima"] if "x" in case]
PEAKS = [case for case in REFERENCE["peaks"] if "excesses" in case]
NEAR = 1e-4
"""Of the ends of intervals, in standard errors."""


def same_shape_interval(fit, case):
    near = NEAR * case["standard_errors"]["shape"]
    assert fit.profile_interval("shape") == pytest.approx(case["shape_interval"], abs=near)


def same_levels(found, levels):
    assert found.values[0] == pytest.approx([level["value"] for level in levels], rel=1e-6)
    assert found.standard_errors[0] == pytest.approx([level["standard_error"] for level in levels], rel=1e-5)
    for low, high, level in zip(found.low[0], found.high[0], levels, strict=True):
        assert (low, high) == pytest.approx(level["interval"], abs=NEAR * level["standard_error"])


@pytest.mark.parametrize("case", BLOCKS, ids=lambda case: case["data"])
def test_maxima_of_blocks_are_fitted_as_in_r(case):
    fit = fit_generalised_extreme_value(case["x"], location={"t": case["t"]} if "t" in case else None)
    expected, errors = case["parameters"], case["standard_errors"]
    trend = ["trend"] if "t" in case else []
    assert fit.coefficients == pytest.approx(
        [*(expected[name] for name in ["location", *trend]), np.log(expected["scale"]), expected["shape"]],
        rel=1e-6,
    )
    assert fit.standard_errors() == pytest.approx(
        [errors[name] for name in ["location", *trend, "log_scale", "shape"]], rel=1e-5
    )
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], abs=1e-6)
    same_shape_interval(fit, case)
    if "return_levels" in case:
        periods = [float(level["blocks"]) for level in case["return_levels"]]
        same_levels(block_return_levels(fit, periods), case["return_levels"])


@pytest.mark.parametrize("case", PEAKS, ids=lambda case: case["data"])
def test_peaks_over_a_threshold_are_fitted_as_in_r(case):
    fit = fit_generalised_pareto(np.add(case["excesses"], case["threshold"]), case["threshold"])
    expected, errors = case["parameters"], case["standard_errors"]
    assert (fit.scale, fit.shape) == pytest.approx((expected["scale"], expected["shape"]), rel=1e-6)
    assert (fit.scale_error, fit.shape_error) == pytest.approx((errors["scale"], errors["shape"]), rel=1e-5)
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], abs=1e-6)
    same_shape_interval(fit, case)
    periods = [float(level["years"]) for level in case["return_levels"]]
    found = peak_return_levels(fit, periods, case["years"], rate_known=True)
    same_levels(found, case["return_levels"])
