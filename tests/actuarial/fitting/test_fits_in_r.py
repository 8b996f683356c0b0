# SPDX-License-Identifier: Apache-2.0
"""Our fits against those of R: tests/reference/actuarial/make_fits.R (fitdistrplus, actuar, evd, numDeriv)."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.goodness import distances
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.fitting.tail_data import threshold_stability
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.actuarial.severity.registry import FAMILIES

ROOT = Path(__file__).resolve().parents[3]
TABLE = json.loads((ROOT / "tests/reference/actuarial/fits.json").read_text(encoding="utf-8"))
CLASSES = {family.__name__: family for family in FAMILIES.values()}
OUR_NAMES = {"InverseGaussian": {"mean": "mu"}}
DANISH = "danish fire, as it is", "danish fire, above 1", "danish fire, cut at 20"


def danish_fires():
    path = ROOT / "../shared/data/resource/danish_fire_claims.csv"
    if not path.exists():
        pytest.skip("../shared/data/resource/danish_fire_claims.csv is not here")
    with path.open(encoding="utf-8") as file:
        losses = np.array([float(row["loss_mDKK"]) for row in csv.DictReader(file)])
    # fitdistrplus::danishuni has six decimals; the file here has eight or nine.
    return np.round(losses, 6)


def records(sample):
    if sample in DANISH:
        fires = danish_fires()
        if sample == DANISH[1]:
            return LossData.exact(fires[fires > 1], deductible=1.0)
        return LossData.exact(fires, limit=20.0 if sample == DANISH[2] else math.inf)
    table = {name: np.array(values, dtype=float) for name, values in TABLE["samples"][sample].items()}
    return LossData(table["lower"], table["upper"], deductibles=table["deductible"], weights=table["weight"])


def named(case, values):
    names = OUR_NAMES.get(case["family"], {})
    return {names.get(name, name): value for name, value in values.items()}


@pytest.mark.parametrize("case", TABLE["fits"], ids=lambda case: f"{case['family']} to {case['sample']}")
def test_estimates_errors_and_criteria_are_rs(case):
    data = records(case["sample"])
    fit = fit_severity(data, CLASSES[case["family"]])
    assert fit.parameters == pytest.approx(named(case, case["parameters"]), rel=1e-6)
    assert fit.standard_errors == pytest.approx(named(case, case["standard_errors"]), rel=1e-5)
    largest = np.abs(case["covariance"]).max() if np.size(case["covariance"]) > 1 else 0.0
    assert fit.covariance == pytest.approx(np.atleast_2d(case["covariance"]), rel=1e-5, abs=1e-7 * largest)
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], abs=1e-6)
    assert fit.aic == pytest.approx(case["aic"], abs=1e-5)
    assert fit.bic == pytest.approx(case["bic"], abs=1e-5)


WITH_DISTANCES = [case for case in TABLE["fits"] if "ks" in case.get("fitdistrplus", {})]


@pytest.mark.parametrize("case", WITH_DISTANCES, ids=lambda case: f"{case['family']} to {case['sample']}")
def test_distances_are_those_of_fitdistrplus(case):
    data, peer = records(case["sample"]), case["fitdistrplus"]
    found = distances(fit_severity(data, CLASSES[case["family"]]).law, data)
    assert found.kolmogorov_smirnov == pytest.approx(peer["ks"], rel=2e-3)
    assert found.cramer_von_mises == pytest.approx(peer["cvm"], rel=2e-3)
    # R's distribution function rounds to 1 at the largest fires of light laws, and its distance is infinite there.
    if float(peer["ad"]) < math.inf:
        assert found.anderson_darling == pytest.approx(float(peer["ad"]), rel=2e-3)
    assert math.isfinite(found.anderson_darling)


@pytest.mark.parametrize("case", TABLE["danish_fire_tails"], ids=lambda case: f"over {case['threshold']}")
def test_the_tails_of_the_danish_fires_are_evds(case):
    fires, u = danish_fires(), float(case["threshold"])
    tail = LossData.exact(fires[fires > u], deductible=u)
    fit = fit_severity(tail, GeneralisedPareto, fixed={"threshold": u})
    assert tail.size == case["count"]
    assert fit.parameters["shape"] == pytest.approx(case["shape"], rel=1e-6)
    assert fit.parameters["scale"] == pytest.approx(case["scale"], rel=1e-6)
    assert fit.standard_errors == pytest.approx(case["standard_errors"], rel=1e-5)
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], abs=1e-6)


def test_thresholds_of_the_danish_fires_have_evds_shapes():
    cases = TABLE["danish_fire_tails"]
    found = threshold_stability(danish_fires(), [case["threshold"] for case in cases])
    assert found.shapes == pytest.approx([case["shape"] for case in cases], rel=1e-5)
    assert found.counts.tolist() == [case["count"] for case in cases]
    half = np.diff(found.shape_intervals, axis=1)[:, 0] / 2 / 1.959963984540054
    assert half == pytest.approx([case["standard_errors"]["shape"] for case in cases], rel=1e-3)
