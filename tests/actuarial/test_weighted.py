# SPDX-License-Identifier: Apache-2.0
"""Weighted years: equal weights are no weights, and importance sampling finds closed forms."""

import math

import numpy as np
import pytest

from greenrisk.actuarial.measures import exceedance, tail_value_at_risk
from greenrisk.actuarial.weighted import WeightedYears
from greenrisk.core.errors import ArgumentError


@pytest.mark.parametrize("n", [200, 1000, 4999])
def test_equal_weights_give_the_unweighted_measures(n: int) -> None:
    x = np.round(np.random.default_rng(n).exponential(1.0, n), 2)  # rounded: ties are atoms
    weighted = WeightedYears(x, np.full(n, 3.0))
    periods = (2.0, 5.0, 10.0, 100.0, float(n))
    assert weighted.exceeded_once_in(periods) == exceedance(x, periods).loss.tolist()
    assert weighted.tail_value_at_risk(0.99) == pytest.approx(tail_value_at_risk(x, 0.99).value, rel=1e-12)
    assert weighted.mean() == pytest.approx(x.mean(), rel=1e-12)
    assert weighted.effective_years == pytest.approx(n)


def test_a_doubled_year_is_a_year_of_weight_two() -> None:
    once, twice = WeightedYears([1.0, 5.0, 9.0], [1, 2, 1]), WeightedYears([1.0, 5.0, 5.0, 9.0], [1, 1, 1, 1])
    assert once.mean() == twice.mean() == 5.0
    assert once.exceeded_once_in([2.0, 4.0]) == twice.exceeded_once_in([2.0, 4.0]) == [5.0, 5.0]
    assert once.tail_value_at_risk(0.5) == twice.tail_value_at_risk(0.5) == 7.0


def test_oversampled_tails_find_the_quantiles_of_an_exponential() -> None:
    """Years drawn with mean 4 and weighted back to mean 1: quantiles -ln(1 - p), TVaR one more (memoryless)."""
    rng = np.random.default_rng(5)
    x = rng.exponential(4.0, 40_000)
    weighted = WeightedYears(x, 4.0 * np.exp(-x * 0.75))
    for period, found in zip((100.0, 1000.0), weighted.exceeded_once_in((100.0, 1000.0)), strict=True):
        assert found == pytest.approx(math.log(period), abs=0.05)
    assert weighted.tail_value_at_risk(0.99) == pytest.approx(math.log(100) + 1, abs=0.05)
    assert weighted.mean() == pytest.approx(1.0, abs=0.03)


def test_beyond_the_sample_there_is_no_answer() -> None:
    assert math.isnan(WeightedYears([1.0, 2.0], [1.0, 1.0]).exceeded_once_in([3.0])[0])


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0]])
def test_bad_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ArgumentError, match="One finite value and one weight"):
        WeightedYears([1.0, 2.0], weights)
