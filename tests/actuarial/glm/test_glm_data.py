# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.glm.counts import poisson_regression
from greenrisk.actuarial.glm.data import regression_data
from greenrisk.core.errors import ArgumentError, FitError


def test_all_faults_of_the_rows_are_told_at_once():
    with pytest.raises(ArgumentError) as caught:
        regression_data(
            "counts", [1.0, -2.0], [[1.0], [np.nan]], ("a",), exposure=[1.0, 0.0], weights=[1.0, 2.0]
        )
    assert [fault.where for fault in caught.value.faults] == ["counts", "design", "exposure"]
    with pytest.raises(ArgumentError) as caught:
        regression_data("counts", [1.0, 2.0], np.ones((3, 2)), ("a",), exposure=[1.0])
    assert [fault.where for fault in caught.value.faults] == ["design", "names", "exposure"]


def test_only_the_regressors_that_depend_on_each_other_are_named():
    x = np.random.default_rng(1).normal(size=(50, 4))
    x[:, 3] = 2 * x[:, 0] - x[:, 2]
    with pytest.raises(FitError, match=r"rank 3 of 4: a, c, d\n"):
        regression_data("y", np.ones(50), x, ("a", "b", "c", "d")).require_maximum()


def test_a_regressor_of_huge_values_is_not_taken_for_a_dependent_one():
    x = np.column_stack([np.ones(50), 1e9 * np.random.default_rng(2).uniform(size=50)])
    regression_data("y", np.ones(50), x, ("base", "sum insured")).require_maximum()


def test_a_number_that_separates_zeros_from_the_rest_is_named():
    # Claims only where x <= 3: the coefficient of x runs to -infinity once it is free on the rows with claims.
    x = np.array([3.0, 3.0, 3.0, 4.0, 5.0, 6.0])
    y = np.array([1.0, 2.0, 1.0, 0.0, 0.0, 0.0])
    with pytest.raises(
        FitError, match=r"only zeros along base, x\n  These coefficients would run to infinity"
    ):
        poisson_regression(y, np.column_stack([np.ones(6), x]), ("base", "x"))


def test_zeros_on_both_sides_are_no_separation():
    # Claims at x = 3 alone, zeros on both sides: every direction makes some zero worse.
    x = np.array([3.0, 3.0, 2.0, 4.0])
    fit = poisson_regression([1.0, 2.0, 0.0, 0.0], np.column_stack([np.ones(4), x]), ("base", "x"))
    assert np.isfinite(fit.coefficients).all()
    assert fit.coefficients[1] == pytest.approx(0, abs=1e-9)


def test_nothing_but_zeros_is_refused():
    with pytest.raises(FitError, match="all 3 responses are 0"):
        poisson_regression(np.zeros(3), np.ones((3, 1)), ("base",))


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=50, derandomize=True)
def test_what_is_let_through_has_a_maximum(seed):
    # Small random tables, mostly zeros: either a typed error or a point where the score is nil.
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(12), rng.integers(0, 2, (12, 3))]).astype(float)
    y = rng.poisson(0.5, 12).astype(float)
    try:
        fit = poisson_regression(y, x, ("a", "b", "c", "d"))
    except FitError as error:
        known = ("linearly dependent", "only zeros along", "responses are 0")
        if any(reason in str(error) for reason in known):
            return
        raise
    assert x.T @ (y - fit.fitted) == pytest.approx(np.zeros(4), abs=1e-6)
    assert np.abs(fit.coefficients).max() < 20
