# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass

import pytest

from greenrisk.actuarial.fitting.nested import likelihood_ratio_test
from greenrisk.core.errors import ArgumentError


@dataclass(frozen=True)
class Fit:
    names: tuple[str, ...]
    log_likelihood: float


def test_the_statistic_is_twice_the_difference():
    test = likelihood_ratio_test(Fit(("a",), -10.0), Fit(("a", "b", "c"), -10.0 + 0.5 * 5.991464547107979))
    assert test.statistic == pytest.approx(5.991464547107979)
    assert test.freedom == 2
    assert test.p_value == pytest.approx(0.05)  # the 95 % point of chi-squared with 2 degrees


def test_fits_that_are_not_nested_are_refused():
    with pytest.raises(ArgumentError, match="1 coefficients against 2"):
        likelihood_ratio_test(Fit(("a", "b"), -10.0), Fit(("a",), -11.0))
    with pytest.raises(ArgumentError, match="cannot be less likely"):
        likelihood_ratio_test(Fit(("a",), -10.0), Fit(("a", "b"), -11.0))


def test_rounding_does_not_make_a_negative_statistic():
    assert likelihood_ratio_test(Fit(("a",), -10.0), Fit(("a", "b"), -10.0 - 1e-9)).statistic == 0
