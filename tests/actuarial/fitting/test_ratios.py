# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from greenrisk.actuarial.fitting.ratios import clustered_ratios, two_way_bootstrap


def test_ratios_of_totals_by_hand():
    # r = (1 + 3) / (2 + 4) = 2/3; errors 1 - 4/3 = -1/3 and 3 - 8/3 = 1/3; 2 / 1 * (2/9) / 36
    ratio = clustered_ratios([[1.0], [3.0]], [2.0, 4.0])
    assert ratio.values == pytest.approx([2 / 3])
    assert ratio.covariance[0, 0] == pytest.approx(2 * (2 / 9) / 36)


def test_a_ratio_that_is_the_same_in_every_cluster_has_no_error():
    ratio = clustered_ratios([[1.0, 4.0], [2.0, 8.0], [5.0, 20.0]], [2.0, 4.0, 10.0])
    assert ratio.values == pytest.approx([0.5, 2.0])
    assert ratio.covariance == pytest.approx(np.zeros((2, 2)), abs=1e-20)


def test_resampling_rows_and_columns_keeps_an_even_table_and_spreads_an_uneven_one():
    rng = np.random.default_rng(1)
    ones = np.ones((5, 4))
    assert two_way_bootstrap(2 * ones, ones, 50, rng) == pytest.approx(np.full(50, 2.0))
    top = np.zeros((5, 4))
    top[0, 0] = 20.0
    draws = two_way_bootstrap(top, ones, 40_000, np.random.default_rng(2))
    # 20 R C / 20 with independent binomial weights R (5, 1/5), C (4, 1/4): mean 1, E[R^2] E[C^2] - 1 = 1.8 * 1.75 - 1
    assert draws.mean() == pytest.approx(1.0, abs=4 * np.sqrt(2.15 / 40_000))
    assert draws.var() == pytest.approx(1.8 * 1.75 - 1, rel=0.1)
