# SPDX-License-Identifier: Apache-2.0
"""Fits, intervals and return levels against R's evd (tests/reference/actuarial/make_extremes.R)."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.fitting.extremes import fit_generalised_extreme_value, fit_generalised_pareto
from greenrisk.actuarial.fitting.peaks import fit_peaks, peaks_over_threshold
from greenrisk.actuarial.fitting.return_levels import block_return_levels, peak_return_levels

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = json.loads((ROOT / "tests/reference/actuarial/extremes.json").read_text(encoding="utf-8"))
BLOCKS = [case for case in REFERENCE["block_maxima"] if "x" in case]
PEAKS = [case for case in REFERENCE["peaks"] if "excesses" in case]
DANISH = [case for case in REFERENCE["peaks"] if case["data"] == "danish fire"]


def check_levels(levels, case, key, slack=1e-6):
    for k, expected in enumerate(case["return_levels"]):
        assert levels.periods[k] == expected[key]
        assert levels.values[0, k] == pytest.approx(expected["value"], rel=slack)
        assert levels.standard_errors[0, k] == pytest.approx(expected["standard_error"], rel=max(slack, 1e-5))
        near = max(1e-4, slack) * expected["standard_error"]
        assert [levels.low[0, k], levels.high[0, k]] == pytest.approx(
            expected["interval"], abs=near, rel=slack
        )


@pytest.mark.parametrize("case", BLOCKS, ids=lambda case: case["data"])
def test_block_maxima_are_fitted_as_evd_does(case):
    location = {"trend": case["t"]} if "t" in case else None
    fit = fit_generalised_extreme_value(case["x"], location=location)
    at = dict(zip(fit.names, fit.coefficients, strict=True))
    errors = dict(zip(fit.names, fit.standard_errors(), strict=True))
    expected = case["parameters"]
    assert at["location"] == pytest.approx(expected["location"], rel=1e-6)
    assert np.exp(at["log scale"]) == pytest.approx(expected["scale"], rel=1e-6)
    assert at["shape"] == pytest.approx(expected["shape"], rel=1e-6, abs=1e-7)
    assert errors["location"] == pytest.approx(case["standard_errors"]["location"], rel=1e-5)
    assert errors["log scale"] == pytest.approx(case["standard_errors"]["log_scale"], rel=1e-5)
    assert errors["shape"] == pytest.approx(case["standard_errors"]["shape"], rel=1e-5)
    if location:
        assert at["location: trend"] == pytest.approx(expected["trend"], rel=1e-6)
        assert errors["location: trend"] == pytest.approx(case["standard_errors"]["trend"], rel=1e-5)
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], abs=1e-6)
    assert fit.profile_interval("shape") == pytest.approx(case["shape_interval"], abs=1e-4 * errors["shape"])
    if not location:
        check_levels(block_return_levels(fit, [10, 100]), case, "blocks")


@pytest.mark.parametrize("case", PEAKS, ids=lambda case: case["data"])
def test_peaks_are_fitted_as_evd_does(case):
    fit = fit_generalised_pareto(np.add(case["excesses"], case["threshold"]), case["threshold"])
    check_peaks(fit, case)
    check_levels(peak_return_levels(fit, [10, 100], case["years"], rate_known=True), case, "years")


@pytest.mark.parametrize("case", DANISH, ids=lambda case: f"above {case['threshold']}")
def test_the_danish_tails_are_fitted_as_evd_does(case):
    path = ROOT / "../shared/data/resource/danish_fire_claims.csv"
    if not path.exists():
        pytest.skip("../shared/data/resource/danish_fire_claims.csv is not here")
    with path.open(encoding="utf-8") as file:
        losses = [float(row["loss_mDKK"]) for row in csv.DictReader(file)]
    fit = fit_peaks(peaks_over_threshold(losses, case["threshold"], case["years"]))
    # The file's losses have fewer digits than those of R's data set: hence 1e-5.
    check_peaks(fit.tail, case, 1e-5)
    check_levels(fit.return_levels([10, 100], rate_known=True), case, "years", 1e-5)


def check_peaks(fit, case, slack=1e-6):
    errors = case["standard_errors"]
    assert fit.count == case["count"]
    assert fit.shape == pytest.approx(case["parameters"]["shape"], rel=slack)
    assert fit.scale == pytest.approx(case["parameters"]["scale"], rel=slack)
    assert fit.shape_error == pytest.approx(errors["shape"], rel=max(slack, 1e-5))
    assert fit.scale_error == pytest.approx(errors["scale"], rel=max(slack, 1e-5))
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], abs=max(slack, 1e-6))
    assert fit.profile_interval("shape") == pytest.approx(case["shape_interval"], abs=1e-4 * errors["shape"])


def test_a_search_from_one_start_stops_early_where_ours_does_not():
    # What evd's own searches ended at, start by start: none is better, several are worse.
    for case in (*BLOCKS, *PEAKS):
        location = {"trend": case["t"]} if "t" in case else None
        fit = (
            fit_generalised_extreme_value(case["x"], location=location)
            if "x" in case
            else fit_generalised_pareto(case["excesses"])
        )
        assert min(case["deviance_over_2_by_start"]) > -fit.log_likelihood - 1e-9
