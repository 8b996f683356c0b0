# SPDX-License-Identifier: Apache-2.0
"""Errors of allocated premiums against the scatter of independent simulations."""

import numpy as np
import pytest

from greenrisk.actuarial.distortion.functions import DualPower
from greenrisk.actuarial.premium.gross import build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import DistortionLoad, StandardDeviationLoad

LOADINGS = Loadings(expenses=0.15, commission=0.03, tax=0.01, profit=0.03, cost_of_capital=0.2)


def _years(rng: np.random.Generator, n: int) -> np.ndarray:
    """Three dependent segments with exponential losses and many years without any."""
    common = rng.exponential(1.0, n) * (rng.random(n) < 0.3)
    own = rng.exponential((1.0, 2.0, 0.5), (n, 3)) * (rng.random((n, 3)) < (0.2, 0.05, 0.4))
    return own + common[:, None] * (0.5, 1.0, 0.1)


@pytest.mark.parametrize("rule", [None, StandardDeviationLoad(0.5), DistortionLoad(DualPower(2.5))])
def test_segment_errors_equal_the_scatter_of_independent_simulations(rule) -> None:
    rng = np.random.default_rng(7)
    n, repeats = 3000, 400
    premiums, stated = [], []
    for _ in range(repeats):
        table = build_up(_years(rng, n), LOADINGS, list("abc"), risk_load=rule, level=0.99)
        premiums.append(table.amount[[0, -1]])
        stated.append(table.error)
    scatter = np.std(premiums, axis=0, ddof=1)
    # A standard deviation from 400 repeats has itself an error of 1 / sqrt(800) = 3.5 %.
    np.testing.assert_allclose(np.mean(stated, axis=0), scatter, rtol=4 * 0.0354)


def test_one_segment_has_the_error_of_the_total() -> None:
    losses = _years(np.random.default_rng(1), 4000)[:, :1]
    error = build_up(losses, LOADINGS, ["a"]).error
    assert error.pure[1] == pytest.approx(error.pure[0], rel=1e-12)
    assert error.gross[1] == pytest.approx(error.gross[0], rel=1e-12)
