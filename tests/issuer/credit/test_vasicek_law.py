# SPDX-License-Identifier: Apache-2.0
"""One factor: means over the factor, the limit law, MathWorks' printed example of Frye and Jacobs, the overlay."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.vasicek import (
    conditional_probability,
    frye_jacobs_loss_rate,
    limit_distribution,
    limit_quantile,
    limit_tail_mean,
    log_conditional_probability,
    overlay,
    stress_factor,
)

chances = st.floats(1e-4, 0.9)
links = st.floats(0.01, 0.8)


def test_the_mean_over_the_factor_is_the_average_probability():
    mean, _ = quad(lambda z: float(conditional_probability(0.03, 0.2, z)) * norm.pdf(z), -12, 12, limit=200)
    assert mean == pytest.approx(0.03, rel=1e-9)


def test_certain_and_impossible_default_stay_what_they_are():
    assert conditional_probability([0.0, 1.0, np.nan], 0.3, -4.0)[:2].tolist() == [0.0, 1.0]
    assert conditional_probability(0.07, 0.0, -4.0) == pytest.approx(0.07, rel=1e-14)


@given(chances, links, st.floats(-4, 4))
def test_a_worse_year_has_more_defaults(p, rho, z):
    assert conditional_probability(p, rho, z - 0.5) >= conditional_probability(p, rho, z)


def test_the_stress_factor_of_basels_level_is_minus_three_point_zero_nine():
    assert stress_factor(0.999) == pytest.approx(-3.0902323061678132, rel=1e-12)


@given(st.floats(0.01, 0.999), chances, links)
def test_quantile_and_distribution_are_inverse(level, p, rho):
    x = limit_quantile(level, p, rho)
    if 1e-12 < x < 1.0 - 1e-9:
        assert limit_distribution(x, p, rho) == pytest.approx(level, rel=1e-6)


def test_the_tail_mean_is_the_mean_of_the_quantiles_beyond():
    for level, p, rho in ((0.99, 0.02, 0.15), (0.5, 0.3, 0.4)):
        mean, _ = quad(lambda q, p=p, rho=rho: float(limit_quantile(q, p, rho)), level, 1.0, limit=400)
        assert limit_tail_mean(level, p, rho) == pytest.approx(mean / (1.0 - level), rel=1e-7)


def test_without_correlation_the_tail_is_the_mean():
    assert limit_tail_mean(0.99, 0.02, 0.0) == pytest.approx(0.02, rel=1e-12)


def test_the_logarithm_goes_on_where_the_probability_underflows():
    # score -60: below the smallest float; ln Phi(-y) by the first terms of Mills' ratio.
    y = (60.0 - math.sqrt(0.2) * 2.0) / math.sqrt(0.8)
    series = 1 - y**-2 + 3 * y**-4 - 15 * y**-6
    known = -0.5 * y * y - math.log(y * math.sqrt(2 * math.pi)) + math.log(series)
    assert conditional_probability(norm.cdf(-60.0), 0.2, -2.0) == 0.0
    assert log_conditional_probability(-60.0, 0.2, -2.0) == pytest.approx(known, rel=1e-12)


def test_frye_and_jacobs_are_as_mathworks_prints_them():
    # mathworks.com/help/risk/fryejacobslgd.html: inputs and four digits.
    found = frye_jacobs_loss_rate([0.05, 0.10, 0.15], [0.08, 0.09, 0.10], [0.40, 0.45, 0.50], 0.20)
    assert found == pytest.approx([0.3197, 0.4151, 0.4971], abs=5e-5)


def test_the_usual_year_of_frye_and_jacobs_keeps_the_expected_loss():
    def lost(z):
        rate = conditional_probability(0.04, 0.15, z)
        return float(rate * frye_jacobs_loss_rate(rate, 0.04, 0.6, 0.15)) * norm.pdf(z)

    assert quad(lost, -8, 8, limit=200)[0] == pytest.approx(0.04 * 0.6, rel=1e-6)


def test_an_unchanged_model_leaves_the_own_probability_alone():
    moved = overlay([0.01, 0.2], [0.03, 0.004], [0.03, 0.004])
    assert moved.probability == pytest.approx([0.01, 0.2], rel=1e-12)
    assert moved.clipped_share == 0.0


def test_the_overlay_says_which_answers_rest_on_the_clip():
    moved = overlay([0.01, 0.01, 0.01, np.nan], [1e-9, 0.05, 0.02, 0.02], [0.02, 0.02, 0.0, 0.02])
    assert moved.clipped.tolist() == [True, False, True, False]
    assert moved.clipped_share == 0.5
    expected = norm.cdf(norm.ppf(0.01) + norm.ppf(0.05) - norm.ppf(0.02))
    assert moved.probability[1] == pytest.approx(expected, rel=1e-12)


def test_all_arguments_outside_their_domain_are_told():
    with pytest.raises(ArgumentError) as error:
        conditional_probability([0.1, 1.2], 1.0, np.inf)
    assert [fault.where for fault in error.value.faults] == ["probability", "correlation", "factor"]
