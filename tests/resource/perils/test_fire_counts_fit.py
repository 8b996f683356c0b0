# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from greenrisk.core.errors import FitError
from greenrisk.resource.fire_tables import FirePanel, read_panel
from greenrisk.resource.perils.fire_correlation import (
    correlation_check,
    implied_correlation,
    log_correlation,
    mean_correlation,
)
from greenrisk.resource.perils.fire_counts_fit import DAMPINGS, fit_counts

ROOT = Path(__file__).resolve().parents[3]
POSTERIOR = json.loads((ROOT / "tests/reference/count_posterior.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def panel():
    return read_panel(ROOT / "data/fires_jiangxi_neighbours_2009_2021.csv")


@pytest.fixture(scope="module")
def fit(panel):
    return fit_counts(panel)


def test_level_and_trend_of_jiangxi_are_those_of_a_markov_chain(fit):
    # tests/reference/make_count_posterior.py: another method, no common code; the same damping.
    means, covariances = fit.coefficients("Jiangxi")
    position = DAMPINGS.index(POSTERIOR["damping"])
    for k, name in enumerate(("log_count", "trend")):
        expected = POSTERIOR[name]
        assert abs(means[position, k] - expected["mean"]) < 0.15 * expected["sd"]
        assert np.sqrt(covariances[position, k, k]) == pytest.approx(expected["sd"], rel=0.12)
    spread = np.sqrt(np.diag(covariances[position]))
    assert covariances[position, 0, 1] / spread.prod() == pytest.approx(
        POSTERIOR["correlation_log_count_trend"], abs=0.05
    )


def test_the_spreads_lie_well_within_the_posterior_of_a_markov_chain(fit):
    found = fit.at(POSTERIOR["damping"])
    logs = {
        "log_dispersion": (np.log(found.dispersion), found.log_covariance[0, 0]),
        "log_year_effect_sd": (np.log(found.sds["year"]), found.log_covariance[1, 1]),
        "log_own_sd": (np.log(found.sds["own"]), found.log_covariance[2, 2]),
    }
    for name, (value, variance) in logs.items():
        expected = POSTERIOR[name]
        # a mode against a median, restricted likelihood against flat priors: near, not equal
        assert abs(value - expected["quantiles_5_50_95"][1]) < 0.4 * expected["sd"], name
        assert np.sqrt(variance) == pytest.approx(expected["sd"], rel=0.2), name


def test_the_chain_had_converged():
    for name in ("log_count", "trend", "log_year_effect_sd", "log_own_sd", "log_dispersion"):
        assert POSTERIOR[name]["r_hat"] < 1.01
        assert POSTERIOR[name]["standard_error"] < 0.05 * POSTERIOR[name]["sd"]


def test_a_rolling_forecast_uses_the_past_alone(panel, fit):
    # Changing 2019-2021 leaves forecasts made in 2012-2018 for years up to 2018 as they are, for given spreads.
    from greenrisk.resource.perils.fire_counts_fit import _rolling

    counts = panel.classes.copy()
    counts[10:] *= 7
    changed = FirePanel(panel.years, panel.provinces, counts, panel.area)
    horizons = [(4, 4), (4, 8), (9, 9)]
    spread = fit.at(0.9)
    assert np.array_equal(_rolling(panel, 0.9, spread, horizons), _rolling(changed, 0.9, spread, horizons))


def test_a_log_score_is_the_integral_of_the_count_law_over_its_unsure_mean():
    # The 40-node rule used for the score, against adaptive quadrature, for a wide normal law of ln mean.
    from greenrisk.resource.perils.fire_counts_fit import _NODES, _WEIGHTS

    r = 1 / 0.26
    mean, sd, k = 4.0, 0.9, 150

    def density(x):
        m = np.exp(x)
        return stats.nbinom.pmf(k, r, r / (r + m)) * stats.norm.pdf(x, mean, sd)

    exact = integrate.quad(density, mean - 8 * sd, mean + 8 * sd, limit=200)[0]
    m = np.exp(mean + sd * _NODES)
    assert (stats.nbinom.pmf(k, r, r / (r + m)) * _WEIGHTS).sum() == pytest.approx(exact, rel=1e-4)


def test_the_damping_of_jiangxi_is_inside_its_range_and_a_straight_line_is_not(fit):
    low, high = fit.damping_range("Jiangxi")
    assert low < fit.damping("Jiangxi") < high < 1
    deficit = fit.deficit("Jiangxi")[DAMPINGS.index(1.0)]
    assert deficit.value > 1.645 * deficit.standard_error


def test_the_draws_of_the_joint_law_keep_its_moments(fit):
    draws = fit.draws("Jiangxi")
    means, covariances = fit.coefficients("Jiangxi")
    near = np.abs(draws["damping"] - 0.8) < 0.01
    position = DAMPINGS.index(0.8)
    assert draws["log_count"][near].mean() == pytest.approx(means[position, 0], abs=0.06)
    assert draws["log_count"][near].std() == pytest.approx(np.sqrt(covariances[position, 0, 0]), rel=0.15)
    assert np.quantile(draws["damping"], [0.05, 0.95]) == pytest.approx(
        fit.damping_range("Jiangxi"), abs=2e-3
    )


def test_too_few_years_or_a_single_province_are_refused(panel):
    with pytest.raises(FitError, match="5 years of 7 provinces"):
        fit_counts(panel.window(2009, 2013))
    alone = FirePanel(panel.years, ("Jiangxi",), panel.classes[:, 5:6], panel.area[:, 5:6])
    with pytest.raises(FitError, match="13 years of 1 provinces"):
        fit_counts(alone)


def test_a_panel_made_by_the_model_gives_its_parameters_back():
    # More provinces and years than there are, so that the estimates must come nearer; no damping.
    rng = np.random.default_rng(17)
    years, provinces = 20, 16
    time = np.linspace(-1, 0, years)[:, None]
    effect = rng.normal(0, 0.4, years)[:, None]
    trend = rng.normal(-1.5, 0.5, provinces)
    mean = np.exp(rng.normal(4, 1, provinces) + trend * time + effect) * rng.gamma(
        4, 0.25, (years, provinces)
    )
    classes = np.zeros((years, provinces, 4))
    classes[:, :, 0] = rng.poisson(mean)
    from greenrisk.actuarial.glm.mixed import fit_mixed
    from greenrisk.resource.perils.fire_counts_fit import count_model

    made = FirePanel(np.arange(2000, 2020), tuple(f"p{i:02d}" for i in range(provinces)), classes, mean)
    found = fit_mixed(count_model(made, 1.0))
    assert abs(np.log(found.dispersion / 0.25)) < 4 * np.sqrt(found.log_covariance[0, 0])
    assert abs(np.log(found.sds["year"] / effect.std())) < 4 * np.sqrt(found.log_covariance[1, 1])
    assert abs(np.log(found.sds["own"] / trend.std())) < 4 * np.sqrt(found.log_covariance[2, 2])


def test_detrended_correlations_are_those_told_in_the_handbook(panel):
    # ../shared/methods/resource.md 1.4, logs of damaged area: raw 0.44 (Guangdong) to 0.80, detrended 0.28 to 0.67,
    # all pairs 0.53 raw and 0.29 detrended.
    raw, detrended = (log_correlation(panel.area, detrended=d) for d in (False, True))
    others = [i for i in range(7) if i != panel.index("Jiangxi")]
    jiangxi = panel.index("Jiangxi")
    assert raw[jiangxi, panel.index("Guangdong")] == pytest.approx(0.44, abs=0.005)
    assert raw[jiangxi, others].max() == pytest.approx(0.80, abs=0.005)
    assert detrended[jiangxi, others].min() == pytest.approx(0.28, abs=0.005)
    assert detrended[jiangxi, others].max() == pytest.approx(0.67, abs=0.005)
    assert mean_correlation(raw) == pytest.approx(0.53, abs=0.005)
    assert mean_correlation(detrended) == pytest.approx(0.29, abs=0.01)


def test_a_shared_trend_alone_makes_no_detrended_correlation():
    rng = np.random.default_rng(2)
    trend = np.exp(-0.3 * np.arange(400))[:, None]
    values = trend * rng.lognormal(0, 1, (400, 2))
    assert log_correlation(values, detrended=False)[0, 1] > 0.9
    assert abs(log_correlation(values, detrended=True)[0, 1]) < 4 / 20


def test_zeros_have_no_logarithm_and_are_refused():
    with pytest.raises(FitError, match="least value 0"):
        log_correlation(np.zeros((5, 2)), detrended=True)


def test_the_implied_correlation_is_that_of_drawn_intensities():
    rng = np.random.default_rng(4)
    common = rng.normal(0, 0.35, 200_000)
    one, two = (common + np.log(rng.gamma(1 / 0.26, 0.26, 200_000)) for _ in range(2))
    assert implied_correlation(0.35, 0.26) == pytest.approx(np.corrcoef(one, two)[0, 1], abs=0.01)


def test_the_correlation_check_names_the_neighbours(panel):
    from greenrisk.core.cards import read_card

    check = correlation_check(panel, "Jiangxi", read_card(ROOT / "models/wildfire-jiangxi.yaml"))
    assert check["neighbour"].values.tolist() == [
        "Anhui",
        "Fujian",
        "Guangdong",
        "Hubei",
        "Hunan",
        "Zhejiang",
    ]
    assert check["area_detrended"].sel(neighbour="Guangdong").item() == pytest.approx(0.67, abs=0.005)
    # the card's common year effect stands for about as much dependence as the provinces show
    assert abs(check.attrs["implied"] - check.attrs["mean_fires_detrended"]) < 0.1
