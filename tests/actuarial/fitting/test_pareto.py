# SPDX-License-Identifier: Apache-2.0
import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.pareto import (
    fit_generalised_pareto,
    pareto_log_likelihood,
    pareto_scale_given_shape,
    pareto_shape_interval,
)
from greenrisk.core.errors import FitError

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = json.loads((ROOT / "tests/reference/pareto_tails.json").read_text(encoding="utf-8"))
SHARED = ROOT / "../shared/data/resource"


def reference_sample(law):
    p = (np.arange(1, law["count"] + 1) - 0.5) / law["count"]
    return np.round(law["scale"] / law["shape"] * ((1 - p) ** -law["shape"] - 1), 6)


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: f"shape {case['law']['shape']}")
def test_the_pareto_fit_is_grimshaws(case):
    # tests/reference/make_pareto_tails.py: one-dimensional profile by golden section, plain Python.
    fit = fit_generalised_pareto(reference_sample(case["law"]))
    assert fit.shape == pytest.approx(case["fit"]["shape"], abs=1e-5)
    assert fit.scale == pytest.approx(case["fit"]["scale"], rel=1e-5)
    assert fit.log_likelihood == pytest.approx(case["fit"]["log_likelihood"], abs=1e-6)


def test_the_covariance_is_near_smiths_expected_information():
    # Var xi = (1 + xi)^2 / n, Var ln beta = 2 (1 + xi) / n, Cov = -(1 + xi) / n (Smith 1985)
    law = {"shape": 0.6, "scale": 169.0, "count": 4000}
    fit = fit_generalised_pareto(reference_sample(law))
    expected = np.array([[1.6**2, -1.6], [-1.6, 2 * 1.6]]) / 4000
    assert fit.covariance == pytest.approx(expected, rel=0.05)


def test_the_log_likelihood_is_scipys():
    y = np.array([1.0, 5.0, 60.0])
    for shape in (-0.01, 0.0, 0.6, 1.3):
        expected = stats.genpareto.logpdf(y, shape, scale=40.0).sum()
        assert pareto_log_likelihood(y, shape, 40.0) == pytest.approx(expected)
    assert pareto_log_likelihood(y, -1.0, 40.0) == -np.inf


def test_the_profile_peaks_at_the_fit_and_the_interval_ends_where_it_has_fallen():
    y = reference_sample(REFERENCE[1]["law"])
    fit = fit_generalised_pareto(y)
    scale, height = pareto_scale_given_shape(y, fit.shape)
    assert (scale, height) == (
        pytest.approx(fit.scale, rel=1e-4),
        pytest.approx(fit.log_likelihood, abs=1e-6),
    )
    low, high = pareto_shape_interval(y, fit, 0.9)
    for end in (low, high):
        fallen = fit.log_likelihood - pareto_scale_given_shape(y, end)[1]
        assert fallen == pytest.approx(stats.chi2.ppf(0.9, 1) / 2, abs=1e-5)
    assert low < fit.shape < high


@pytest.mark.parametrize("bad", [[1.0] * 9, [0.0] + [1.0] * 20, [-1.0] + [1.0] * 20])
def test_too_few_or_non_positive_excesses_are_refused(bad):
    with pytest.raises(FitError, match="strictly positive"):
        fit_generalised_pareto(bad)


def test_a_tail_with_an_end_is_refused():
    with pytest.raises(FitError, match=r"irregular|converged|flat"):
        fit_generalised_pareto(np.linspace(0.01, 1.0, 200))  # uniform: shape -1


def sizes(name, column):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/data/resource/{name} is not here")
    with path.open(encoding="utf-8") as file:
        return np.array([float(row[column]) for row in csv.DictReader(file) if row[column]])


@pytest.mark.parametrize(("threshold", "count", "shape"), [(20.0, 90, 1.155), (50.0, 39, 1.304)])
def test_new_brunswick_gives_the_shapes_found_before(threshold, count, shape):
    # ../shared/methods/resource.md 4.2 (another code). GPL data: read by this test only, never for a card.
    size = sizes("nbfires.csv", "fnl.size")
    fit = fit_generalised_pareto(size[size > threshold] - threshold)
    assert fit.count == count
    assert fit.shape == pytest.approx(shape, abs=0.002)


def test_a_fitted_tail_of_castilla_la_mancha_lies_in_the_prior_range():
    # GPL data: read by this test only. "Spanish region fires 0.8 to 1" (../shared/methods/resource.md 4.2).
    size = sizes("clmfires.csv", "burnt.area")
    assert 0.4 < fit_generalised_pareto(size[size > 100] - 100).shape < 1.3
