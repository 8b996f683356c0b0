# SPDX-License-Identifier: Apache-2.0
import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar

from greenrisk.actuarial.fitting.extremes import fit_generalised_pareto
from greenrisk.core.errors import ArgumentError, FitError

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
    # Var ln beta = 2 (1 + xi) / n, Var xi = (1 + xi)^2 / n, Cov = -(1 + xi) / n (Smith 1985)
    law = {"shape": 0.6, "scale": 169.0, "count": 4000}
    fit = fit_generalised_pareto(reference_sample(law))
    expected = np.array([[2 * 1.6, -1.6], [-1.6, 1.6**2]]) / 4000
    assert fit.covariance == pytest.approx(expected, rel=0.05)


def profile_height(y, shape):
    """Profile log-likelihood by scipy's density and a bounded search of the scale: not the code under test."""
    lowest = np.log(-shape * y.max()) + 1e-9 if shape < 0 else np.log(y.mean()) - 8
    found = minimize_scalar(
        lambda log_scale: -stats.genpareto.logpdf(y, shape, scale=np.exp(log_scale)).sum(),
        bounds=(lowest, np.log(y.mean()) + 6),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return np.exp(found.x), -found.fun


def test_the_profile_peaks_at_the_fit_and_the_interval_ends_where_it_has_fallen():
    y = reference_sample(REFERENCE[1]["law"])
    fit = fit_generalised_pareto(y)
    scale, height = profile_height(y, fit.shape)
    assert scale == pytest.approx(fit.scale, rel=1e-4)
    assert height == pytest.approx(fit.log_likelihood, abs=1e-6)
    low, high = fit.profile_interval("shape", 0.9)
    for end in (low, high):
        fallen = fit.log_likelihood - profile_height(y, end)[1]
        assert fallen == pytest.approx(stats.chi2.ppf(0.9, 1) / 2, abs=1e-5)
    assert low < fit.shape < high


def test_the_interval_of_the_scale_ends_where_its_profile_has_fallen():
    y = reference_sample(REFERENCE[0]["law"])
    fit = fit_generalised_pareto(y)
    for end in fit.profile_interval("log scale", 0.95):
        heights = [
            stats.genpareto.logpdf(y, xi, scale=np.exp(end)).sum() for xi in np.linspace(-0.2, 2.0, 2201)
        ]
        assert fit.log_likelihood - max(heights) == pytest.approx(stats.chi2.ppf(0.95, 1) / 2, abs=1e-4)


def test_a_fixed_shape_leaves_the_most_likely_scale():
    y = reference_sample(REFERENCE[1]["law"])
    fit = fit_generalised_pareto(y)
    shapes = [1.3, -0.1, 0.0, fit.shape]
    coefficients, heights = fit.most_likely_given("shape", shapes)
    for shape, row, height in zip(shapes, coefficients, heights, strict=True):
        scale, expected = profile_height(y, shape)
        assert row[1] == pytest.approx(shape, abs=1e-12)
        assert np.exp(row[0]) == pytest.approx(scale, rel=1e-4)
        assert height == pytest.approx(expected, abs=1e-6)


def test_the_danish_fires_above_ten_millions_give_the_case_book_values():
    # ../shared/reference/cases/gpd_danish: strictly above the threshold; tolerances are the case's own.
    losses = sizes("danish_fire_claims.csv", "loss_mDKK")
    case = json.loads((SHARED / "../../reference/cases/gpd_danish/case.json").read_text(encoding="utf-8"))
    fit = fit_generalised_pareto(losses[losses > case["threshold"]] - case["threshold"])
    expected, relative = case["expected"], case["tolerance"]["relative"]
    assert fit.count == expected["n"]
    assert fit.shape == pytest.approx(expected["shape_xi"], rel=relative)
    assert fit.scale == pytest.approx(expected["scale_beta"], rel=relative)
    assert -fit.log_likelihood == pytest.approx(expected["nll"], rel=relative)
    assert fit.shape_error == pytest.approx(expected["se_shape"], rel=case["tolerance"]["se_relative"])
    assert fit.scale_error == pytest.approx(expected["se_scale"], rel=case["tolerance"]["se_relative"])


def test_scipy_finds_no_better_fit_and_takes_the_same_sign():
    y = stats.genpareto.rvs(0.3, scale=5.0, size=400, random_state=np.random.default_rng(3))
    fit = fit_generalised_pareto(y)
    shape, _, scale = stats.genpareto.fit(y, floc=0)
    assert (fit.shape, fit.scale) == (pytest.approx(shape, abs=1e-3), pytest.approx(scale, rel=1e-3))
    assert fit.log_likelihood >= stats.genpareto.logpdf(y, shape, scale=scale).sum() - 1e-9


def test_covariates_of_scale_and_shape_are_found_again():
    rng = np.random.default_rng(20_261)
    n = 4000
    size, depth = rng.uniform(5, 9, n), rng.normal(0, 1, n)
    shape, scale = 0.2 + 0.1 * depth, np.exp(1.0 + 0.4 * size)
    fit = fit_generalised_pareto(
        stats.genpareto.rvs(shape, scale=scale, random_state=rng),
        scale={"size": size},
        shape={"depth": depth},
    )
    assert fit.names == ("log scale", "log scale: size", "shape", "shape: depth")
    assert np.all(np.abs(fit.coefficients - [1.0, 0.4, 0.2, 0.1]) < 4 * fit.standard_errors())
    assert fit.parameters({"size": [5.0, 6.0], "depth": [0.0, 0.0]}).scale == pytest.approx(
        np.exp(fit.coefficients[0] + fit.coefficients[1] * np.array([5.0, 6.0]))
    )


def test_a_group_as_covariate_of_everything_is_two_separate_fits():
    first, second = (
        stats.genpareto.rvs(xi, scale=s, size=200, random_state=np.random.default_rng(i))
        for i, (xi, s) in enumerate([(0.2, 3.0), (0.5, 40.0)])
    )
    group = {"second": np.repeat([0.0, 1.0], 200)}
    both = fit_generalised_pareto(np.concatenate([first, second]), scale=group, shape=group)
    alone = [fit_generalised_pareto(first), fit_generalised_pareto(second)]
    assert both.log_likelihood == pytest.approx(sum(fit.log_likelihood for fit in alone), abs=1e-7)
    found = both.parameters({"second": [0.0, 1.0]})
    assert found.shape == pytest.approx([fit.shape for fit in alone], abs=1e-6)
    assert found.scale == pytest.approx([fit.scale for fit in alone], rel=1e-6)


@given(unit=st.floats(1e-6, 1e9))
@settings(deadline=None, max_examples=15, derandomize=True)
def test_the_unit_of_the_losses_moves_the_scale_alone(unit):
    y = reference_sample(REFERENCE[0]["law"])
    one, other = fit_generalised_pareto(y), fit_generalised_pareto(y * unit)
    assert other.shape == pytest.approx(one.shape, abs=1e-7)
    assert other.scale == pytest.approx(one.scale * unit, rel=1e-7)
    assert other.covariance == pytest.approx(one.covariance, rel=1e-5)


def test_a_tail_without_mean_says_so():
    p = (np.arange(1000) + 0.5) / 1000
    heavy = fit_generalised_pareto(stats.genpareto.ppf(p, 1.3, scale=2.0))
    assert not heavy.mean_exists().any()
    assert not heavy.variance_exists().any()
    light = fit_generalised_pareto(stats.genpareto.ppf(p, 0.7, scale=2.0))
    assert light.mean_exists().all()
    assert not light.variance_exists().any()


def test_too_few_excesses_are_refused_with_how_many_are_needed():
    with pytest.raises(FitError, match=r"9 excesses\n  At least 10 are needed for 2 coefficients\."):
        fit_generalised_pareto([1.0] * 9)
    x = np.arange(14.0)
    with pytest.raises(FitError, match=r"14 excesses\n  At least 15 are needed for 3 coefficients\."):
        fit_generalised_pareto(x + 1, scale={"time": x})


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_an_excess_that_is_none_is_refused_with_its_place(bad):
    with pytest.raises(FitError, match=rf"losses\[2\] = {bad:g}\n  Without a threshold excesses"):
        fit_generalised_pareto([1.0, 1.0, bad] + [2.0] * 20)


def test_the_threshold_is_taken_from_the_losses_above_it():
    x = stats.genpareto.rvs(0.4, loc=10.0, scale=3.0, size=300, random_state=np.random.default_rng(7))
    raw = np.concatenate([x, np.linspace(0.0, 10.0, 100)])
    fit, alone = fit_generalised_pareto(raw, threshold=10.0), fit_generalised_pareto(x - 10.0)
    assert fit.count == 300
    assert fit.coefficients == pytest.approx(alone.coefficients, rel=1e-12)
    assert (fit.threshold, alone.threshold) == (10.0, 0.0)
    with pytest.raises(FitError, match="0 excesses"):
        fit_generalised_pareto(x, threshold=1e9)


def test_covariates_are_given_for_all_losses_and_taken_for_those_above_the_threshold():
    rng = np.random.default_rng(8)
    year = rng.uniform(0.0, 1.0, 800)
    x = stats.genpareto.rvs(0.2, scale=2.0 * np.exp(year), size=800, random_state=rng)
    over = x > 1.0
    fit = fit_generalised_pareto(x, 1.0, scale={"year": year})
    alone = fit_generalised_pareto(x[over] - 1.0, scale={"year": year[over]})
    assert fit.coefficients == pytest.approx(alone.coefficients, rel=1e-12)
    with pytest.raises(ArgumentError, match="One value for each of the 800 losses"):
        fit_generalised_pareto(x, 1.0, scale={"year": year[over]})


def test_a_missing_excess_is_refused():
    with pytest.raises(ArgumentError, match=r"losses\[1\] = nan"):
        fit_generalised_pareto([1.0, np.nan] + [2.0] * 20)


def test_covariates_that_say_nothing_or_too_much_are_refused_by_name():
    y = np.arange(1.0, 31.0) ** 2
    with pytest.raises(ArgumentError, match="steady is the same in all 30 rows"):
        fit_generalised_pareto(y, scale={"steady": np.ones(30)})
    with pytest.raises(ArgumentError, match="scale: time, twice\n  These covariates are linearly dependent"):
        fit_generalised_pareto(y, scale={"time": np.arange(30), "twice": 2 * np.arange(30)})
    with pytest.raises(ArgumentError, match="time of length 29\n  One value for each of the 30"):
        fit_generalised_pareto(y, shape={"time": np.arange(29)})
    with pytest.raises(ArgumentError, match=r"shape\['time'\]\[3\] = nan"):
        fit_generalised_pareto(y, shape={"time": np.where(np.arange(30) == 3, np.nan, np.arange(30))})


def test_parameters_are_asked_for_with_the_covariates_of_the_law():
    y = stats.genpareto.rvs(0.2, scale=3.0, size=100, random_state=np.random.default_rng(5))
    fit = fit_generalised_pareto(y, scale={"year": np.arange(100)})
    with pytest.raises(ArgumentError, match="covariates = none\n  The law was fitted with year: give each"):
        fit.parameters()
    with pytest.raises(ArgumentError, match=r"It has no single parameter: use `\.parameters"):
        _ = fit.shape
    with pytest.raises(ArgumentError, match="covariates = year\n  The law has none"):
        fit_generalised_pareto(y).parameters({"year": [1.0]})


def test_a_tail_with_an_end_is_refused():
    with pytest.raises(FitError, match="the tail has an end"):
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


def test_the_law_of_a_fit_is_a_severity_above_its_threshold():
    y = stats.genpareto.rvs(0.4, scale=3.0, size=200, random_state=np.random.default_rng(6))
    fit = fit_generalised_pareto(10.0 + y, threshold=10.0)
    law = fit.law()
    x = np.array([10.0, 12.0, 50.0])
    assert law.sf(x) == pytest.approx(stats.genpareto.sf(x - 10, fit.shape, scale=fit.scale), rel=1e-12)
    assert law.mean() == pytest.approx(10 + fit.scale / (1 - fit.shape), rel=1e-10)
    by_year = fit_generalised_pareto(10.0 + y, threshold=10.0, scale={"year": np.arange(200)})
    assert by_year.law({"year": [7.0]}).sf(11.0) == pytest.approx(
        stats.genpareto.sf(
            1.0, by_year.parameters({"year": 7.0}).shape[0], scale=by_year.parameters({"year": 7.0}).scale[0]
        )
    )
    with pytest.raises(ArgumentError, match="covariates of 2 rows"):
        by_year.law({"year": [1.0, 2.0]})
