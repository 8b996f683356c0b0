# SPDX-License-Identifier: Apache-2.0
"""Errors of allocated premiums against the scatter of independent simulations."""

import numpy as np
import pytest

from greenrisk.actuarial.premium import Loadings, build_up
from greenrisk.actuarial.premium_error import segment_errors, simulation_error

LOADINGS = Loadings(expenses=0.15, commission=0.03, tax=0.01, profit=0.03, cost_of_capital=0.2)


def _years(rng: np.random.Generator, n: int) -> np.ndarray:
    """Three dependent segments with exponential losses and many years without any."""
    common = rng.exponential(1.0, n) * (rng.random(n) < 0.3)
    own = rng.exponential((1.0, 2.0, 0.5), (n, 3)) * (rng.random((n, 3)) < (0.2, 0.05, 0.4))
    return own + common[:, None] * (0.5, 1.0, 0.1)


def test_segment_errors_equal_the_scatter_of_independent_simulations() -> None:
    rng = np.random.default_rng(7)
    n, repeats = 5000, 400
    premiums, stated = [], []
    for _ in range(repeats):
        losses = _years(rng, n)
        premiums.append(build_up(losses, LOADINGS, list("abc"), [1, 1, 1], [1, 1, 1]).amount[[0, -1], 1:])
        stated.append(segment_errors(losses, LOADINGS))
    scatter = np.std(premiums, axis=0, ddof=1)
    # A standard deviation from 400 repeats has itself an error of 1 / sqrt(800) = 3.5 %.
    np.testing.assert_allclose(np.mean(stated, axis=0), scatter, rtol=4 * 0.0354)


def test_one_segment_has_the_error_of_the_total() -> None:
    losses = _years(np.random.default_rng(1), 4000)[:, :1]
    pure, gross = segment_errors(losses, LOADINGS)
    total = simulation_error(losses[:, 0], LOADINGS)
    assert pure[0] == pytest.approx(total.pure)
    assert gross[0] == pytest.approx(total.gross, rel=0.02)
