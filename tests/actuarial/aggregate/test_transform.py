# SPDX-License-Identifier: Apache-2.0
"""The transform: aliasing, order in the step, stability where the step is too coarse, atoms to rounding."""

import numpy as np
import pytest
from scipy import special, stats

from greenrisk.actuarial.aggregate.discretise import local_moments
from greenrisk.actuarial.aggregate.transform import (
    FAR_WINDOW,
    WIDE_WINDOW,
    WINDOW,
    Factor,
    Window,
    atom_weights,
    continuous_weights,
    plain,
)
from greenrisk.actuarial.frequency.counts import Binomial, Poisson
from greenrisk.actuarial.severity.families import Exponential


def averages_of_poisson_exponential(rate, step, cells):
    """Mean of the distribution function over each cell, atom at zero left out; by the series in gamma laws."""
    n = np.arange(1, 80)[:, None]
    x = step * np.arange(cells + 1)
    z = np.asarray(x)
    below = n * special.gammainc(n + 1, z) + x * special.gammaincc(n, z)
    weights = stats.poisson.pmf(n[:, 0], rate)
    limited = weights @ below
    return weights.sum() - np.diff(limited) / step


def factor(rate, step, cells):
    weights = local_moments(Exponential(1.0), step, cells)
    return Factor(Poisson(rate).pgf, weights.continuous, weights.atoms, weights.spread)


def test_cell_means_are_of_fourth_order_in_the_step():
    errors = []
    for cells in (64, 128, 256):
        step = 16.0 / cells
        made = continuous_weights([factor(3.0, step, cells)], cells)
        assert made.sharpened
        exact = averages_of_poisson_exponential(3.0, step, cells)
        errors.append(np.abs(np.cumsum(made.weights) - exact)[cells // 8 :].max())
    assert errors[0] / errors[1] > 12
    assert errors[1] / errors[2] > 12
    assert errors[2] < 1e-7


def test_plain_weights_are_of_second_order():
    errors = []
    for cells in (64, 128):
        step = 16.0 / cells
        made = plain([factor(3.0, step, cells)], cells)
        exact = averages_of_poisson_exponential(3.0, step, cells) + np.exp(-3.0)
        errors.append(np.abs(np.cumsum(made) - exact)[cells // 8 :].max())
    assert 3.5 < errors[0] / errors[1] < 4.5


def test_what_lies_beyond_the_grid_does_not_fold_onto_it():
    # The mean of the sum is twenty times the length of the grid.
    cells, step = 200, 0.01
    for window in (WINDOW, WIDE_WINDOW):
        made = continuous_weights([factor(40.0, step, cells)], cells, window).weights
        exact = averages_of_poisson_exponential(40.0, step, cells)
        assert np.abs(np.cumsum(made) - exact).max() < window.aliasing(1.0) + window.rounding(40.0)
    assert WIDE_WINDOW.aliasing(1.0) < 1e-12
    assert WIDE_WINDOW.rounding(1.0) < 1e-12


def test_without_tilting_it_would():
    cells, step = 200, 0.01
    made = continuous_weights([factor(40.0, step, cells)], cells, Window(0.0, 2)).weights
    exact = averages_of_poisson_exponential(40.0, step, cells)
    assert np.abs(np.cumsum(made) - exact).max() > 1e-3


def test_the_stated_rounding_is_not_exceeded_at_the_top_of_the_grid():
    for window in (WINDOW, WIDE_WINDOW, FAR_WINDOW):
        loss = Factor(Poisson(5.0).pgf, np.zeros(0), np.full(50, 0.02), 0.0)
        found = plain([loss], 2000, window)
        assert np.abs(found[1200:]).max() < window.rounding(5.0)
        assert abs(found.sum() - 1.0) < window.rounding(5.0) + window.aliasing(1e-12)


def test_a_step_too_coarse_for_a_binomial_falls_back_to_plain_moments():
    # Two thirds of the mass on each of two neighbours' boundary: c / d is beyond 1 at the highest frequency.
    weights = np.zeros(64)
    weights[[0, 1]] = 0.02, 0.98
    made = continuous_weights([Factor(Binomial(40, 0.99).pgf, weights, np.zeros(64), 1 / 8)], 64)
    assert not made.sharpened
    exact = plain([Factor(Binomial(40, 0.99).pgf, weights, np.zeros(64), 0.0)], 64)
    exact[0] -= 0.01**40
    assert made.weights == pytest.approx(exact, abs=1e-11)


def test_atoms_are_the_coefficients_of_the_generating_function():
    # exp(3 (0.2 + 0.5 z + 0.1 z^3 - 1)): the coefficients by multiplying two Poisson series.
    loss = Factor(Poisson(3.0).pgf, np.zeros(0), np.array([0.2, 0.5, 0.0, 0.1]), 0.0)
    k = np.arange(30)
    ones = 1.5**k / special.factorial(k)
    threes = np.zeros(90)
    threes[::3] = 0.3**k / special.factorial(k)
    exact = np.exp(3.0 * (0.2 - 1.0)) * np.convolve(ones, threes)[:12]
    found = atom_weights([loss], 12)
    assert found == pytest.approx(exact, rel=1e-12)
    assert found[0] == np.exp(3.0 * (0.2 - 1.0))


@pytest.mark.parametrize("count", [7, 3000, 40_000])
def test_atoms_on_few_and_on_many_nodes_agree(count):
    loss = Factor(Poisson(3.0).pgf, np.zeros(0), np.array([0.2, 0.5, 0.0, 0.1]), 0.0)
    assert atom_weights([loss], count)[:7] == pytest.approx(atom_weights([loss], 7), abs=2e-12)
