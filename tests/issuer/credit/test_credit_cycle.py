# SPDX-License-Identifier: Apache-2.0
"""Good and bad years: means over the factor, factors found again from matrices they made, refusals."""

import numpy as np
import pytest
from scipy.stats import norm

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError, FitError
from greenrisk.core.library import find
from greenrisk.issuer.credit.credit_cycle import (
    CREDIT_CYCLE_ROLE,
    conditional_matrix,
    conditional_path,
    credit_cycle,
    factor_from_output,
    factor_of_year,
    factor_on_output,
)
from greenrisk.issuer.credit.transitions import shipped_matrix, transition_matrix

MATRIX = shipped_matrix()
ISSUERS = np.array([100.0, 400.0, 1200.0, 1500.0, 1000.0, 1100.0, 200.0])


def by_hand(shares, rho, z):
    """Cells of one row as differences of the normal law, written out."""
    worse = np.append(np.minimum(np.cumsum(shares[::-1])[::-1], 1.0), 0.0)
    bound = [np.inf, *norm.ppf(worse[1:])]
    tail = [norm.cdf((b - rho**0.5 * z) / (1 - rho) ** 0.5) for b in bound]
    return np.array(tail[:-1]) - np.array(tail[1:])


def test_a_row_is_the_binned_normal_of_its_year():
    found = conditional_matrix(MATRIX, 0.1, -1.5)
    for k in range(8):
        assert found[k] == pytest.approx(by_hand(MATRIX.shares[k], 0.1, -1.5), abs=1e-13)


def test_rows_sum_to_one_and_default_is_never_left_in_any_year():
    found = conditional_matrix(MATRIX, 0.2, np.linspace(-5, 5, 11))
    assert found.sum(axis=-1) == pytest.approx(np.ones((11, 8)), abs=1e-14)
    assert (found >= 0.0).all()
    assert (found[:, -1, -1] == 1.0).all()


def test_the_mean_over_the_factor_is_the_average_matrix():
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    found = conditional_matrix(MATRIX, 0.08, nodes)
    mean = np.tensordot(weights / weights.sum(), found, axes=1)
    assert mean == pytest.approx(MATRIX.shares, abs=1e-10)


def test_a_bad_year_has_more_defaults_in_every_rating():
    bad, usual = (conditional_matrix(MATRIX, 0.1, z)[1:7, -1] for z in (-2.0, 0.0))
    assert (bad > usual).all()


def test_without_correlation_every_year_is_the_average_one():
    assert conditional_matrix(MATRIX, 0.0, -3.0) == pytest.approx(MATRIX.shares, abs=1e-13)


def test_a_path_is_the_product_of_its_years():
    one, two = (conditional_matrix(MATRIX, 0.1, z) for z in (-1.0, 0.5))
    path = conditional_path(MATRIX, 0.1, [-1.0, 0.5])
    assert path.shape == (8, 2)
    assert path[:, 0] == pytest.approx(one[:, -1], abs=1e-14)
    assert path[:, 1] == pytest.approx((one @ two)[:, -1], abs=1e-14)


@pytest.mark.parametrize("z", [-3.2, -0.4, 0.0, 2.1])
def test_the_factor_of_a_year_is_found_again(z):
    year = conditional_matrix(MATRIX, 0.07, z)
    assert factor_of_year(MATRIX, 0.07, year, np.append(ISSUERS, 0)) == pytest.approx(z, abs=1e-5)


def test_factors_and_correlation_of_a_history_are_found_again():
    z = np.array([-1.9, -0.6, 0.3, 1.2, 0.9, -1.1, 0.8, 0.2, 1.1, -0.9])
    z = (z - z.mean()) / z.std()
    years = conditional_matrix(MATRIX, 0.06, z)
    found = credit_cycle(MATRIX, years, np.tile(ISSUERS, (10, 1)))
    assert found.correlation == pytest.approx(0.06, abs=2e-4)
    assert found.factors == pytest.approx(z, abs=2e-2)


def test_the_slope_on_output_is_least_squares():
    x = np.array([-4.0, -2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
    found = factor_on_output(0.3 * x - 0.1, x)
    assert found.slope == pytest.approx(0.3, rel=1e-12)
    assert found.intercept == pytest.approx(-0.1, rel=1e-12)
    assert found.r_squared == pytest.approx(1.0, rel=1e-12)
    z = 0.3 * x + np.array([0.1, -0.1, 0.2, 0.0, -0.2, 0.1, -0.1, 0.0])
    slope, cut = np.polyfit(x, z, 1)
    left = z - slope * x - cut
    error = np.sqrt(left @ left / 6 / ((x - x.mean()) ** 2).sum())
    found = factor_on_output(z, x)
    assert (found.slope, found.standard_error) == pytest.approx((slope, error), rel=1e-9)


def test_few_years_are_refused_and_the_card_is_named():
    with pytest.raises(FitError, match="use the card"):
        credit_cycle(MATRIX, np.tile(MATRIX.shares, (3, 1, 1)), np.tile(ISSUERS, (3, 1)))
    with pytest.raises(FitError, match="nothing can be fitted"):
        factor_on_output(np.arange(9.0), np.ones(9))


def test_the_card_turns_a_deviation_of_output_into_a_bad_year():
    card = read_card(find("models", "issuer-credit-cycle-judged"))
    assert card.use == CREDIT_CYCLE_ROLE.use
    assert set(card.parameters) == set(CREDIT_CYCLE_ROLE.parameters)
    elasticity = card.parameters["factor_on_output"].value
    assert factor_from_output([-5.0, 0.0], elasticity).tolist() == [-5.0 * elasticity, 0.0]


def test_a_path_by_years_needs_a_matrix_of_one_year():
    two = transition_matrix(["A", "D"], [[0.8, 0.2]], years=2.0)
    with pytest.raises(ArgumentError, match="matrix of one year"):
        conditional_path(two, 0.1, [0.0])
