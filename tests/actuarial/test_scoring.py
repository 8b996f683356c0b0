# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from greenrisk.actuarial.scoring import (
    clustered_mean,
    covered,
    crps_of_samples,
    probability_integral_transform,
)
from greenrisk.core.errors import ArgumentError

LEVELS = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize("y", [-2.0, 0.0, 0.3, 4.0])
def test_crps_of_a_normal_forecast_is_its_closed_form(y):
    # sigma [z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)], Gneiting & Raftery 2007, equation 21
    mu, sigma = 0.5, 2.0
    z = (y - mu) / sigma
    expected = sigma * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert crps_of_samples(mu + sigma * stats.norm.ppf(LEVELS), y) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("y", [0.0, 0.7, 5.0])
def test_crps_of_an_exponential_forecast_is_its_closed_form(y):
    # integral of (F - 1{x >= y})^2 with F = 1 - exp(-x): y + 2 exp(-y) - 3 / 2
    assert crps_of_samples(stats.expon.ppf(LEVELS), y) == pytest.approx(y + 2 * math.exp(-y) - 1.5, rel=1e-3)


def test_crps_of_two_samples_by_hand():
    # samples 1 and 3, y = 2: E|X - y| = 1; E|X - X'| = (0 + 2 + 2 + 0) / 4 = 1
    assert crps_of_samples([1.0, 3.0], 2.0) == pytest.approx(1 - 0.5)


def test_crps_of_a_sure_forecast_is_the_absolute_error():
    assert crps_of_samples([4.0], 7.5) == pytest.approx(3.5)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.floats(-100, 100))
def test_crps_equals_the_sum_over_all_pairs(samples, y):
    x = np.array(samples)
    pairs = np.abs(x - y).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2
    assert crps_of_samples(x, y) == pytest.approx(pairs, abs=1e-9)


def test_crps_works_cell_by_cell():
    samples = np.array([[1.0, 0.0], [3.0, 0.0]])
    assert crps_of_samples(samples, [2.0, 5.0]) == pytest.approx([0.5, 5.0])


def test_crps_refuses_samples_that_do_not_fit_the_observations():
    with pytest.raises(ArgumentError, match="leading axis"):
        crps_of_samples(np.zeros((10, 3)), [1.0, 2.0])


def test_an_interval_covers_its_ends_and_nothing_beyond():
    samples = np.arange(1.0, 101.0)[:, None] * np.ones(4)
    # 5 % and 95 % quantiles of 1..100 by inversion: 5 and 95
    assert covered(samples, [4.0, 5.0, 95.0, 96.0]).tolist() == [0, 1, 1, 0]


def test_the_probability_integral_transform_splits_ties():
    assert probability_integral_transform([0.0, 1.0, 1.0, 2.0], 1.0) == pytest.approx(0.5)


def test_the_error_of_a_clustered_mean_by_hand():
    # values 1, 3 | 5, 7: mean 4; cluster sums of deviations -4 and 4; 2 / 1 * (16 + 16) / 4^2 = 4
    score = clustered_mean([1, 3, 5, 7], [2016, 2016, 2017, 2017])
    assert score.value == 4
    assert score.standard_error == pytest.approx(2.0)


def test_with_every_value_its_own_cluster_the_error_is_that_of_the_mean():
    values = np.array([2.0, 4.0, 9.0, 1.0, 6.0])
    assert clustered_mean(values, np.arange(5)).standard_error == pytest.approx(stats.sem(values))


def test_one_cluster_alone_has_no_error():
    assert math.isnan(clustered_mean([1.0, 2.0], [1, 1]).standard_error)
