# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from greenrisk.actuarial.glm.tweedie import tweedie_model, tweedie_regression
from greenrisk.actuarial.glm.tweedie_density import tweedie_log_density
from greenrisk.core.errors import ArgumentError, FitError

NAMES = ("base", "wet", "slope")
TRUTH = np.array([4.0, 0.5, -0.3])


def portfolio(rows, power, dispersion, seed, weights=True):
    """Poisson numbers of gamma amounts with a Tweedie mean and variance."""
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(rows), rng.integers(0, 2, rows), rng.normal(size=rows)])
    weight = rng.uniform(0.5, 2.0, rows) if weights else np.ones(rows)
    mean, phi = np.exp(design @ TRUTH), dispersion / weight
    number = rng.poisson(mean ** (2 - power) / (phi * (2 - power)))
    shape, scale = (2 - power) / (power - 1), phi * (power - 1) * mean ** (power - 1)
    amounts = np.where(number > 0, rng.gamma(np.maximum(number, 1) * shape, scale), 0.0)
    return amounts, design, weight


@pytest.mark.parametrize(("power", "dispersion"), [(1.2, 30.0), (1.5, 20.0), (1.8, 8.0)])
def test_power_dispersion_and_coefficients_are_found_again(power, dispersion):
    amounts, design, weight = portfolio(4000, power, dispersion, 51)
    model = tweedie_model(amounts, design, NAMES, weights=weight)
    fit = model.regression(model.best(), True)
    within = model.interval(fit.power, 0.9999)  # four standard errors and more
    assert within.low < power < within.high
    assert np.all(np.abs(fit.coefficients - TRUTH) < 4 * fit.standard_errors())
    assert fit.dispersion == pytest.approx(dispersion, rel=0.1)
    assert fit.free == 5


def test_the_fit_is_the_joint_maximum_over_all_five_parameters():
    amounts, design, weight = portfolio(400, 1.5, 20.0, 52)
    fit = tweedie_regression(amounts, design, NAMES, weights=weight)

    def negative(point):
        power = 1 + 1 / (1 + np.exp(-point[4]))
        return -tweedie_log_density(
            amounts, np.exp(design @ point[:3]), np.exp(point[3]) / weight, power
        ).sum()

    best = np.array([*fit.coefficients, np.log(fit.dispersion), np.log((fit.power - 1) / (2 - fit.power))])
    assert negative(best) == pytest.approx(-fit.log_likelihood, abs=1e-7)
    # The Tweedie likelihood's own maximum is where a free search from elsewhere ends.
    found = minimize(
        negative, best + np.array([0.1, -0.1, 0.1, 0.1, 0.2]), method="BFGS", options={"gtol": 1e-4}
    )
    assert found.fun == pytest.approx(-fit.log_likelihood, abs=1e-5)
    assert 1 + 1 / (1 + np.exp(-found.x[4])) == pytest.approx(fit.power, abs=1e-4)


def test_the_ends_of_the_interval_have_the_drop_that_was_asked_for():
    amounts, design, weight = portfolio(400, 1.5, 20.0, 53)
    model = tweedie_model(amounts, design, NAMES, weights=weight)
    power = model.best()
    within = model.interval(power, 0.9)
    top = tweedie_regression(amounts, design, NAMES, weights=weight, power=power).log_likelihood
    for end in (within.low, within.high):
        there = tweedie_regression(amounts, design, NAMES, weights=weight, power=end).log_likelihood
        assert top - there == pytest.approx(stats.chi2.ppf(0.9, 1) / 2, abs=1e-5)


def test_a_given_power_is_kept_and_not_counted():
    amounts, design, _ = portfolio(300, 1.5, 20.0, 54)
    fit = tweedie_regression(amounts, design, NAMES, power=1.4)
    assert (fit.power, fit.free) == (1.4, 4)
    assert fit.aic == pytest.approx(8 - 2 * fit.log_likelihood)


def test_means_of_one_factor_are_the_averages_of_its_levels():
    # With weights and a factor alone the score gives the weighted mean of each level, whatever the power.
    amounts, design, weight = portfolio(300, 1.5, 20.0, 55)
    one = design[:, :2]
    fit = tweedie_regression(amounts, one, ("base", "wet"), weights=weight, power=1.6)
    for level in (0.0, 1.0):
        rows = one[:, 1] == level
        mean = (weight[rows] * amounts[rows]).sum() / weight[rows].sum()
        assert fit.fitted[rows] == pytest.approx(mean, rel=1e-8)


def test_the_currency_moves_the_base_and_the_dispersion_alone():
    amounts, design, weight = portfolio(300, 1.5, 20.0, 56)
    one = tweedie_regression(amounts, design, NAMES, weights=weight)
    other = tweedie_regression(amounts * 1000, design, NAMES, weights=weight)
    assert other.power == pytest.approx(one.power, abs=1e-5)
    assert other.coefficients == pytest.approx(one.coefficients + np.array([np.log(1000), 0, 0]), abs=1e-5)
    assert other.dispersion == pytest.approx(one.dispersion * 1000 ** (2 - one.power), rel=1e-3)


def test_half_years_as_weights_add_up_to_years():
    # The total of two rows with weights and one mean rate is sufficient for the coefficients.
    amounts, design, _ = portfolio(300, 1.5, 20.0, 57, weights=False)
    half = np.concatenate([amounts * 0.3, amounts * 0.7]) / 0.5
    twice = tweedie_regression(half, np.vstack([design, design]), NAMES, weights=np.full(600, 0.5), power=1.5)
    once = tweedie_regression(amounts, design, NAMES, power=1.5)
    assert twice.coefficients == pytest.approx(once.coefficients, abs=1e-7)


def test_amounts_without_zeros_and_counts_run_to_the_edges():
    rng = np.random.default_rng(58)
    ones = np.ones((400, 1))
    with pytest.raises(FitError, match="are there any zeros"):
        tweedie_regression(rng.gamma(2.0, 50.0, 400), ones, ("base",))
    with pytest.raises(FitError, match="Nearly Poisson in some unit"):
        tweedie_regression(rng.poisson(3.0, 400), ones, ("base",))


@pytest.mark.parametrize("power", [1.0, 2.0, 0.0, np.nan])
def test_a_power_outside_one_to_two_is_refused(power):
    with pytest.raises(ArgumentError, match="It must be > 1 and < 2"):
        tweedie_regression([0.0, 1.0, 2.0], np.ones((3, 1)), ("base",), power=power)


def test_levels_with_zeros_alone_are_refused_by_name():
    with pytest.raises(FitError, match="only zeros along b"):
        tweedie_regression([5.0, 3.0, 0.0, 0.0], [[1, 0], [1, 0], [0, 1], [0, 1]], ("a", "b"))
