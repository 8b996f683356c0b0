# SPDX-License-Identifier: Apache-2.0
"""Copulas against closed forms, against statsmodels and scipy, and against their own draws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.distributions.copula.api import ClaytonCopula, GaussianCopula, GumbelCopula, StudentTCopula

from greenrisk.actuarial.dependence.archimedean import Clayton, Gumbel
from greenrisk.actuarial.dependence.copula import Copula, SurvivalCopula
from greenrisk.actuarial.dependence.elliptical import Gaussian, StudentT
from greenrisk.core.errors import ArgumentError

YEARS = 4_000


def pair(r: float) -> np.ndarray:
    return np.array([[1.0, r], [r, 1.0]])


EVERY = {
    "clayton": Clayton(2.0),
    "clayton of strong dependence": Clayton(200.0),
    "gumbel": Gumbel(1.7),
    "independent gumbel": Gumbel(1.0),
    "normal": Gaussian(pair(0.6)),
    "normal of opposites": Gaussian(pair(-0.8)),
    "t": StudentT(pair(0.5), 4.0),
    "t of opposites": StudentT(pair(-0.4), 2.5),
    "survival": SurvivalCopula(Clayton(2.0)),
}
LEVELS = np.stack(np.meshgrid([0.01, 0.2, 0.5, 0.83, 0.995], [0.03, 0.4, 0.5, 0.77, 0.99]), axis=-1).reshape(
    -1, 2
)

each = pytest.mark.parametrize("copula", EVERY.values(), ids=EVERY.keys())


def test_rank_correlations_are_the_closed_forms() -> None:
    assert Clayton(3.0).kendall_tau()[0, 1] == pytest.approx(3.0 / 5.0, rel=1e-15)
    assert Gumbel(2.5).kendall_tau()[0, 1] == pytest.approx(1.0 - 1.0 / 2.5, rel=1e-15)
    assert Gaussian(pair(0.5)).kendall_tau()[0, 1] == pytest.approx(1.0 / 3.0, rel=1e-14)
    assert StudentT(pair(-0.5), 3.0).kendall_tau()[0, 1] == pytest.approx(-1.0 / 3.0, rel=1e-14)
    assert Gaussian(pair(0.7)).rank_correlation()[0, 1] == pytest.approx(
        6.0 / math.pi * math.asin(0.35), rel=1e-14
    )


@settings(deadline=None, max_examples=30, derandomize=True)
@given(tau=st.floats(0.01, 0.95))
def test_a_copula_made_of_a_rank_correlation_has_it(tau: float) -> None:
    wanted = pair(tau)
    for made in (
        Clayton.from_kendall_tau(tau),
        Gumbel.from_kendall_tau(tau),
        Gaussian.from_kendall_tau(wanted),
        StudentT.from_kendall_tau(wanted, 5.0),
    ):
        np.testing.assert_allclose(made.kendall_tau(), wanted, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(Gaussian.from_rank_correlation(wanted).rank_correlation(), wanted, atol=1e-12)


def test_the_diagonal_is_one_whatever_rounding_did_to_the_matrix() -> None:
    for off in (1e-13, -1e-13):
        np.testing.assert_array_equal(np.diagonal(Gaussian(pair(0.3) + off * np.eye(2)).kendall_tau()), 1.0)


def test_tail_dependence_is_the_closed_form() -> None:
    np.testing.assert_allclose(Clayton(2.0).tail_dependence().lower, pair(math.sqrt(0.5)), rtol=1e-15)
    np.testing.assert_array_equal(Clayton(2.0).tail_dependence().upper, np.eye(2))
    np.testing.assert_allclose(Gumbel(2.0).tail_dependence().upper, pair(2.0 - math.sqrt(2.0)), rtol=1e-15)
    np.testing.assert_array_equal(Gumbel(2.0).tail_dependence().lower, np.eye(2))
    np.testing.assert_allclose(
        SurvivalCopula(Clayton(2.0)).tail_dependence().upper, pair(math.sqrt(0.5)), rtol=1e-15
    )
    np.testing.assert_array_equal(Gaussian(pair(0.9)).tail_dependence().upper, np.eye(2))
    for r, nu in ((0.5, 4.0), (-0.3, 2.0), (0.0, 10.0)):
        expected = 2.0 * stats.t.cdf(-math.sqrt((nu + 1.0) * (1.0 - r) / (1.0 + r)), nu + 1.0)
        lower, upper = StudentT(pair(r), nu).tail_dependence()
        np.testing.assert_allclose(lower, pair(expected), rtol=1e-10)
        np.testing.assert_allclose(upper, pair(expected), rtol=1e-10)


def test_tail_dependence_is_the_limit_of_the_distribution_function() -> None:
    level = 1e-9
    for copula in (Clayton(2.0), StudentT(pair(0.5), 2.0), SurvivalCopula(Gumbel(2.0))):
        ratio = copula.cdf([level, level]) / level
        assert ratio == pytest.approx(copula.tail_dependence().lower[0, 1], abs=2e-5)


@pytest.mark.parametrize(
    ("copula", "oracle"),
    [
        (Clayton(2.0), ClaytonCopula(2.0)),
        (Clayton(0.3), ClaytonCopula(0.3)),
        (Gumbel(1.7), GumbelCopula(1.7)),
        (Gumbel(4.0), GumbelCopula(4.0)),
        (Gaussian(pair(0.6)), GaussianCopula(pair(0.6))),
        (Gaussian(pair(-0.8)), GaussianCopula(pair(-0.8))),
    ],
)
def test_distribution_function_and_density_are_those_of_statsmodels(copula: Copula, oracle: object) -> None:
    expected = [float(oracle.cdf(u)) for u in LEVELS]
    np.testing.assert_allclose(copula.cdf(LEVELS), expected, rtol=0.0, atol=1e-7)
    np.testing.assert_allclose(np.exp(copula.log_density(LEVELS)), oracle.pdf(LEVELS), rtol=1e-8)


@pytest.mark.parametrize(("r", "nu"), [(0.5, 4), (-0.4, 3), (0.0, 7)])
def test_the_t_copula_is_that_of_statsmodels_and_scipy(r: float, nu: int) -> None:
    copula = StudentT(pair(r), nu)
    oracle = StudentTCopula(pair(r), nu)
    np.testing.assert_allclose(np.exp(copula.log_density(LEVELS)), oracle.pdf(LEVELS), rtol=1e-8)
    u = LEVELS[::6]
    law = stats.multivariate_t(shape=pair(r), df=nu, seed=3)
    expected = [law.cdf(point, maxpts=20_000) for point in stats.t.ppf(u, nu)]
    np.testing.assert_allclose(copula.cdf(u), expected, rtol=0.0, atol=2e-4)


@pytest.mark.parametrize("r", [-0.999, -0.5, 0.0, 0.3, 0.999, 1.0 - 1e-9])
def test_both_medians_are_undershot_with_the_orthant_probability(r: float) -> None:
    expected = 0.25 + math.asin(r) / (2.0 * math.pi)
    assert Gaussian(pair(r)).cdf([0.5, 0.5]) == pytest.approx(expected, abs=1e-12)
    assert StudentT(pair(r), 3.0).cdf([0.5, 0.5]) == pytest.approx(expected, abs=1e-12)


@each
def test_the_density_is_the_derivative_of_the_distribution_function(copula: Copula) -> None:
    h = 1e-3
    u = np.array([[0.3, 0.4], [0.5, 0.52], [0.7, 0.65], [0.8, 0.3]])
    if isinstance(copula, Clayton) and copula.theta > 100.0:
        h, u = 1e-5, np.array([[0.5, 0.5005], [0.7, 0.7]])
    corners = [a * b * copula.cdf(u + h * np.array([a, b])) for a in (-1, 1) for b in (-1, 1)]
    np.testing.assert_allclose(sum(corners) / (4 * h * h), np.exp(copula.log_density(u)), rtol=1e-3)


@each
def test_margins_of_the_distribution_function_are_uniform(copula: Copula) -> None:
    level = np.array([0.0, 1e-6, 0.3, 0.9, 1.0])
    one, none = np.ones(5), np.zeros(5)
    for column in (0, 1):
        np.testing.assert_allclose(
            copula.cdf(np.insert(level[:, None], column, one, axis=1)), level, atol=1e-15
        )
        np.testing.assert_array_equal(copula.cdf(np.insert(level[:, None], column, none, axis=1)), 0.0)


@each
def test_draws_have_uniform_margins_and_the_stated_dependence(copula: Copula) -> None:
    u = copula.rvs(YEARS, np.random.default_rng(20))
    assert u.shape == (YEARS, 2)
    assert u.min() > 0.0
    assert u.max() < 1.0
    for column in u.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    tau = stats.kendalltau(u[:, 0], u[:, 1]).statistic
    # Var of Kendall's tau: 4 Var(2 h) / n with h(u) = E sign, by 4 C(u, v) - 2 u - 2 v + 1.
    kernel = 4.0 * copula.cdf(u) - 2.0 * u.sum(axis=1) + 1.0
    error = 2.0 * kernel.std() / math.sqrt(YEARS) + 1.0 / YEARS
    assert abs(tau - copula.kendall_tau()[0, 1]) < 4.0 * error
    for point in ([0.05, 0.05], [0.3, 0.6], [0.5, 0.5], [0.9, 0.95]):
        expected = float(copula.cdf(point))
        found = (u <= point).all(axis=1).mean()
        assert abs(found - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / YEARS) + 1e-12


def test_spearman_of_normal_draws_is_the_closed_form() -> None:
    u = Gaussian(pair(0.7)).rvs(YEARS, np.random.default_rng(5))
    product = 12.0 * (u[:, 0] - 0.5) * (u[:, 1] - 0.5)
    expected = 6.0 / math.pi * math.asin(0.35)
    assert abs(product.mean() - expected) < 4.0 * product.std() / math.sqrt(YEARS)


@pytest.mark.parametrize("copula", [Clayton(1.5, 4), Gumbel(2.0, 4)])
def test_four_lines_fall_below_a_level_together_as_the_distribution_function_says(copula: Copula) -> None:
    u = copula.rvs(YEARS, np.random.default_rng(8))
    expected = float(copula.cdf([0.4, 0.5, 0.6, 0.7]))
    found = (u <= [0.4, 0.5, 0.6, 0.7]).all(axis=1).mean()
    assert abs(found - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / YEARS)


def test_a_clayton_copula_of_four_lines_has_a_density_of_unit_mass() -> None:
    # Importance: E[1 / c(U)] over the copula's own draws in a box is the volume of the box.
    u = Clayton(0.5, 4).rvs(YEARS, np.random.default_rng(11))
    weight = np.where((np.abs(u - 0.5) < 0.4).all(axis=1), np.exp(-Clayton(0.5, 4).log_density(u)), 0.0)
    assert abs(weight.mean() - 0.8**4) < 4.0 * weight.std() / math.sqrt(YEARS)


def test_a_clayton_copula_near_an_end_neither_overflows_nor_cancels() -> None:
    assert Clayton(50.0).cdf([1e-20, 1e-20]) == pytest.approx(1e-20 * 2.0 ** (-1.0 / 50.0), rel=1e-12)
    assert Clayton(1e-6).cdf([0.3, 0.6]) == pytest.approx(0.18, rel=1e-5)
    assert np.isfinite(Clayton(200.0).log_density([1e-300, 1e-300]))


def test_a_survival_copula_has_a_density_at_levels_that_rounding_takes_to_one() -> None:
    assert np.isfinite(SurvivalCopula(Clayton(2.0)).log_density([1e-20, 0.5]))


def test_the_same_seed_gives_the_same_levels() -> None:
    for copula in EVERY.values():
        first, second = (copula.rvs(50, np.random.default_rng(1)) for _ in range(2))
        np.testing.assert_array_equal(first, second)


def test_a_copula_of_a_given_matrix_does_not_follow_its_later_changes() -> None:
    matrix = pair(0.5)
    copula = Gaussian(matrix)
    matrix[0, 1] = 0.9
    assert copula.correlation[0, 1] == 0.5


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(ArgumentError, match="theta") as both:
        Clayton(0.0, 1)
    assert "lines" in str(both.value)
    with pytest.raises(ArgumentError, match="theta"):
        Gumbel(0.9)
    with pytest.raises(ArgumentError, match="tau"):
        Clayton.from_kendall_tau(1.0)
    with pytest.raises(ArgumentError, match="degrees_of_freedom"):
        StudentT(pair(0.2), 0.0)
    with pytest.raises(ArgumentError, match=r"shrunk\(matrix\)"):
        Gaussian(pair(1.0))
    with pytest.raises(ArgumentError, match="one level for each of the 2 lines"):
        Clayton(1.0).cdf([0.1, 0.2, 0.3])
    with pytest.raises(ArgumentError, match="u"):
        Gumbel(2.0).cdf([0.1, 1.2])
    with pytest.raises(ArgumentError, match="u"):
        Gumbel(2.0).log_density([0.1, 1.0])
    for refused in (
        lambda: Gumbel(2.0, 3).log_density([0.1, 0.2, 0.3]),
        lambda: Gaussian(np.eye(3)).cdf([0.1, 0.2, 0.3]),
        lambda: StudentT(np.eye(3), 3.0).cdf([0.1, 0.2, 0.3]),
        lambda: SurvivalCopula(Clayton(1.0, 3)).cdf([0.1, 0.2, 0.3]),
    ):
        with pytest.raises(ArgumentError, match="offered for two lines"):
            refused()
