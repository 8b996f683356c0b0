# SPDX-License-Identifier: Apache-2.0
import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from statsmodels.genmod import families

from greenrisk.actuarial.glm.counts import (
    coefficients,
    likelihood_ratio_test,
    negative_binomial_log_density,
    negative_binomial_regression,
    poisson_regression,
)
from greenrisk.actuarial.glm.data import regression_data
from greenrisk.core.errors import FitError

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = json.loads((ROOT / "tests/reference/count_regressions.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def panel():
    with (ROOT / "data/fires_jiangxi_neighbours_2009_2021.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    provinces = REFERENCE["provinces"]
    y = np.array([float(row["fires"]) for row in rows])
    level = np.eye(len(provinces))[[provinces.index(row["province"]) for row in rows]]
    t = np.array([float(row["year"]) - 2021 for row in rows])
    return y, level, t, provinces


def design(panel, own):
    y, level, t, provinces = panel
    if own:
        return y, np.hstack([level, level * t[:, None]]), (*provinces, *(f"{p} trend" for p in provinces))
    return y, np.column_stack([level, t]), (*provinces, "trend")


@pytest.mark.parametrize("own", [False, True])
def test_the_regression_finds_the_maximum_that_an_own_likelihood_finds(panel, own):
    # tests/reference/make_count_regressions.py: NB2 log-likelihood by BFGS and Newton, no statsmodels.
    expected = REFERENCE["own" if own else "shared"]
    fit = negative_binomial_regression(*design(panel, own))
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-6)
    assert fit.dispersion == pytest.approx(expected["dispersion"], rel=1e-4)
    assert dict(zip(fit.names, fit.coefficients, strict=True)) == pytest.approx(
        expected["coefficients"], abs=2e-5
    )


def test_standard_errors_are_near_those_of_the_full_hessian(panel):
    # Expected information here, observed information there: close, not equal, with 91 counts.
    fit = negative_binomial_regression(*design(panel, False))
    expected = REFERENCE["shared"]["standard_errors"]
    assert dict(zip(fit.names, fit.standard_errors(), strict=True)) == pytest.approx(expected, rel=0.08)


def test_the_provinces_do_not_share_one_trend(panel):
    shared = negative_binomial_regression(*design(panel, False))
    own = negative_binomial_regression(*design(panel, True))
    statistic, freedom, p_value = likelihood_ratio_test(shared, own)
    difference = REFERENCE["own"]["log_likelihood"] - REFERENCE["shared"]["log_likelihood"]
    assert statistic == pytest.approx(2 * difference, abs=1e-5)
    assert freedom == 6
    assert p_value == pytest.approx(stats.chi2.sf(2 * difference, 6), rel=1e-4)
    assert p_value < 0.01


def test_a_poisson_regression_on_levels_alone_gives_the_group_means():
    y = np.array([2.0, 4.0, 9.0, 10.0, 14.0])
    group = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], dtype=float)
    fit = poisson_regression(y, group, ("a", "b"))
    assert np.exp(fit.coefficients) == pytest.approx([3, 11])
    # information of ln m is the total count of the group
    assert fit.standard_errors() == pytest.approx([6**-0.5, 33**-0.5])


def test_the_density_is_scipys_negative_binomial():
    k = np.arange(60.0)
    r = 1 / 0.3
    assert negative_binomial_log_density(k, np.log(7.0), 0.3) == pytest.approx(
        stats.nbinom.logpmf(k, r, r / (r + 7.0)), abs=1e-10
    )


def test_the_density_holds_for_a_mean_that_would_overflow():
    assert np.isfinite(negative_binomial_log_density(np.array([3.0]), np.array([800.0]), 0.3)).all()


def test_dependent_regressors_are_refused_by_name():
    x = np.column_stack([np.ones(6), np.arange(6.0), 2 * np.arange(6.0)])
    with pytest.raises(FitError, match=r"rank 2 of 3: time, twice\n"):
        poisson_regression(np.arange(6.0) + 1, x, ("one", "time", "twice"))


def test_a_group_without_events_is_an_error_and_not_a_row_of_nan():
    y = np.array([0.0, 0.0, 0.0, 5.0, 7.0, 9.0])
    x = np.array([[1, 0]] * 3 + [[0, 1]] * 3, dtype=float)
    with pytest.raises(FitError):
        negative_binomial_regression(y, x, ("none", "some"))


def test_counts_without_overdispersion_are_told_apart():
    # Equal counts vary less than Poisson: the dispersion runs to its lower edge.
    y = np.full(12, 10.0)
    with pytest.raises(FitError, match="edge"):
        negative_binomial_regression(y, np.ones((12, 1)), ("level",))


def test_exposure_is_the_denominator_of_a_rate():
    y, e = np.array([2.0, 4.0, 9.0, 10.0]), np.array([1.0, 2.0, 3.0, 1.0])
    group = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=float)
    fit = poisson_regression(y, group, ("a", "b"), exposure=e)
    assert np.exp(fit.coefficients) == pytest.approx([6 / 3, 19 / 4])
    assert fit.fitted == pytest.approx([2, 4, 14.25, 4.75])
    assert fit.log_likelihood == pytest.approx(stats.poisson.logpmf(y, fit.fitted).sum())
    shifted = poisson_regression(y, group, ("a", "b"), exposure=e, offset=np.full(4, np.log(2)))
    assert shifted.coefficients == pytest.approx(fit.coefficients - np.log(2))


def test_a_weight_is_so_many_rows():
    rng = np.random.default_rng(81)
    y, x = (
        rng.negative_binomial(2, 0.2, 40).astype(float),
        np.column_stack([np.ones(40), rng.normal(size=40)]),
    )
    times = rng.integers(1, 4, 40)
    weighted = negative_binomial_regression(y, x, ("a", "b"), weights=times)
    repeated = negative_binomial_regression(np.repeat(y, times), np.repeat(x, times, axis=0), ("a", "b"))
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, abs=1e-7)
    assert weighted.coefficients == pytest.approx(repeated.coefficients, abs=1e-6)
    assert weighted.standard_errors() == pytest.approx(repeated.standard_errors(), rel=1e-5)
    assert weighted.dispersion == pytest.approx(repeated.dispersion, rel=1e-5)


def test_deviance_and_pearson_are_their_sums():
    y = np.array([0.0, 3.0, 2.0, 7.0])
    fit = poisson_regression(y, np.ones((4, 1)), ("a",))
    # mean 3: 2 sum y ln(y / 3) - (y - 3), and sum (y - 3)^2 / 3
    assert fit.deviance == pytest.approx(2 * (3 + 0 + 2 * np.log(2 / 3) + 1 + 7 * np.log(7 / 3) - 4))
    assert fit.pearson_dispersion == pytest.approx((9 + 0 + 1 + 16) / 3 / 3)
    assert fit.aic == pytest.approx(2 - 2 * stats.poisson.logpmf(y, 3).sum())
    assert fit.bic == pytest.approx(np.log(4) - 2 * stats.poisson.logpmf(y, 3).sum())


def test_rates_twelve_orders_of_magnitude_apart_converge():
    y = np.array([1e6, 2e6, 1.0, 3.0])
    e = np.array([1.0, 2.0, 1e6, 2e6])
    group = np.array([[1, 0], [1, 0], [1, 1], [1, 1]], dtype=float)
    fit = poisson_regression(y, group, ("base", "rare"), exposure=e)
    assert np.exp(fit.coefficients) == pytest.approx([1e6, 4 / 3e6 / 1e6], rel=1e-8)


def test_regressors_in_tiny_and_huge_units_give_the_same_fit():
    rng = np.random.default_rng(82)
    x = rng.normal(size=100)
    y = rng.poisson(np.exp(1 + 0.5 * x)).astype(float)
    one = poisson_regression(y, np.column_stack([np.ones(100), x]), ("a", "b"))
    for unit in (1e-9, 1e9):
        other = poisson_regression(y, np.column_stack([np.ones(100), x * unit]), ("a", "b"))
        assert other.coefficients * [1, unit] == pytest.approx(one.coefficients, rel=1e-9)
        assert other.standard_errors() * [1, unit] == pytest.approx(one.standard_errors(), rel=1e-9)


FAMILIES = [
    families.Poisson(),
    families.NegativeBinomial(alpha=2.0),
    families.Gamma(link=families.links.Log()),
    families.Tweedie(link=families.links.Log(), var_power=1.4),
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: type(family).__name__)
def test_rows_of_very_different_size_converge_from_their_own_rates(family):
    # Rates, exposures and weights over many orders of magnitude; the score of the maximum is nil.
    for seed in range(15):
        rng = np.random.default_rng(seed)
        n = 40
        x = np.column_stack([np.ones(n), np.clip(rng.standard_cauchy((n, 2)), -8, 8)])
        exposure, weight = np.exp(rng.normal(0, 4, n)), np.exp(rng.normal(0, 2, n))
        mean = np.clip(exposure * np.exp(x @ rng.normal(size=3)), 1e-6, 1e9)
        y = rng.gamma(0.3, mean / 0.3) + 1e-6
        if not isinstance(family, families.Gamma):
            y = rng.poisson(y).astype(float)
        data = regression_data("y", y, x, ("a", "b", "c"), exposure, weight)
        data.require_maximum()
        fit = coefficients(data, family, None)
        terms = weight * fit.fitted / family.variance(fit.fitted)
        score, sizes = x.T @ (terms * (y - fit.fitted)), np.abs(x).T @ (terms * (y + fit.fitted))
        assert np.abs(score / sizes).max() < 1e-9


@pytest.mark.parametrize("start", [[300.0, -50.0], [-40.0, 3.0], [1e4, 0.0]])
def test_a_bad_start_leads_to_the_same_maximum(start):
    rng = np.random.default_rng(83)
    x = np.column_stack([np.ones(50), rng.normal(size=50)])
    data = regression_data("y", rng.poisson(3.0, 50), x, ("a", "b"))
    good = coefficients(data, families.Poisson(), None)
    bad = coefficients(data, families.Poisson(), np.array(start))
    assert bad.values == pytest.approx(good.values, abs=1e-10)
