# SPDX-License-Identifier: Apache-2.0
"""Samples of years: what weights count for, what is refused, no input changed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.samples import effective_years, sample
from greenrisk.core.errors import ArgumentError


def test_effective_years_of_equal_and_of_one_sided_weights():
    # (sum)^2 / sum of squares: (1 + 1 + 2)^2 / (1 + 1 + 4) = 16 / 6.
    assert effective_years([3.0, 3.0, 3.0, 3.0]) == pytest.approx(4)
    assert effective_years([1.0, 1.0, 2.0]) == pytest.approx(8 / 3)
    assert effective_years([0.0, 5.0]) == pytest.approx(1)
    assert sample([1.0, 2.0]).effective_years() == 2


def test_only_the_ratios_of_weights_count_and_years_of_weight_zero_are_left_out():
    years = sample([5.0, 100.0, 1.0], [2, 0, 6])
    assert years.worst_first.tolist() == [5, 1]
    assert years.tail.tolist() == [0.25, 1]
    assert years.mean() == 2


def test_one_year_has_no_standard_error_whatever_its_weight():
    for years in (sample([3.0]), sample([3.0], [2.0]), sample([3.0, 4.0], [2.0, 0.0])):
        assert years.standard_error(years.values) == np.inf


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.integers(1, 3000), st.lists(st.floats(1e-4, 0.9999), min_size=1, max_size=20))
def test_ranks_of_equal_shares_are_those_found_by_cumulating_them(n, tails):
    x, tail = np.arange(n, dtype=float), np.array(tails)
    assert sample(x).exceeded(tail).tolist() == sample(x, np.full(n, 0.3)).exceeded(tail).tolist()
    assert sample(x).holds(tail).tolist() == sample(x, np.full(n, 0.3)).holds(tail).tolist()


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([1.0], "1 weights with the sum 1, 2 years"),
        ([0.0, 0.0], "2 weights with the sum 0, 2 years"),
        ([-1.0, 2.0], r"weights\[0\] = -1"),
        ([np.nan, 1.0], r"weights\[0\] = nan"),
    ],
)
def test_bad_weights_are_refused(weights, told):
    with pytest.raises(ArgumentError, match=told):
        sample([1.0, 2.0], weights)


def test_a_sample_takes_no_second_weights():
    with pytest.raises(ArgumentError, match="A sample has its own"):
        sample(sample([1.0, 2.0]), [1.0, 2.0])


@pytest.mark.parametrize("losses", [[], [[1.0]], [np.nan], [np.inf]])
def test_bad_losses_are_refused_by_the_name_of_the_caller(losses):
    with pytest.raises(ArgumentError) as caught:
        sample(losses, name="annual_losses")
    assert caught.value.faults[0].where == "annual_losses"


def test_effective_years_are_asked_of_weights():
    for weights, told in (
        ([np.nan], r"weights\[0\] = nan"),
        (3.0, r"weights of shape \(\)"),
        ([0.0], "sum 0"),
    ):
        with pytest.raises(ArgumentError, match=told):
            effective_years(weights)


def test_a_bad_loss_is_named_with_its_place():
    with pytest.raises(ArgumentError, match=r"losses\[1\] = nan"):
        sample([1.0, np.nan])
