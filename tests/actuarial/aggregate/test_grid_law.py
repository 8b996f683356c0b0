# SPDX-License-Identifier: Apache-2.0
"""A law on a grid: parabolas keep the mean of each cell, kinks stay local, jumps are told from slopes."""

import numpy as np
import pytest

from greenrisk.actuarial.aggregate.grid_law import GHOSTS, GridLaw, from_weights


def hat_weights(limited, step, nodes):
    """Local-moment weights from E[min(X, x)] of a law without atoms."""
    survival = np.diff(limited(step * np.arange(nodes + 1.0))) / step
    return -np.diff(survival, prepend=1.0)


def exponential(step, cells):
    return from_weights(step, hat_weights(lambda x: -np.expm1(-x), step, cells + GHOSTS), np.zeros(cells + 1))


def test_the_integral_is_exact_at_the_nodes_and_the_function_of_third_order_between():
    errors = []
    for cells in (40, 80):
        law = exponential(8.0 / cells, cells)
        nodes = law.step * np.arange(cells + 1)
        assert law.limited_at_nodes == pytest.approx(-np.expm1(-nodes), abs=1e-14)
        x = np.linspace(0.5, 7.5, 777)
        errors.append(np.abs(law.cdf(x) + np.expm1(-x)).max())
    assert errors[0] < 5e-5
    assert errors[1] < errors[0] / 7


def test_quantile_undoes_the_distribution_function():
    law = exponential(0.05, 200)
    levels = np.linspace(0.001, 0.9999, 500)
    x, atom = law.quantile(levels)
    assert not atom.any()
    assert law.cdf(x) == pytest.approx(levels, abs=1e-13)
    assert x == pytest.approx(-np.log1p(-levels), abs=2e-6)


def test_an_atom_is_a_jump_and_its_node_the_quantile_inside():
    cells = 100
    atoms = np.zeros(cells + 1)
    atoms[[0, 40]] = 0.2, 0.3
    base = exponential(0.1, cells)
    weights = 0.5 * np.diff(np.append(base.averages, [1.0] * GHOSTS), prepend=0.0)
    law = from_weights(0.1, weights, atoms)
    before = 0.2 + 0.5 * -np.expm1(-4.0)
    assert float(law.cdf(4.0)) - float(law.cdf(4.0 * (1 - 1e-9))) == pytest.approx(0.3, abs=1e-6)
    values, atom = law.quantile(np.array([0.1, 0.2, before + 1e-4, before + 0.29, before + 0.3 + 1e-4]))
    assert atom.tolist() == [True, True, True, True, False]
    assert values[:4] == pytest.approx([0.0, 0.0, 4.0, 4.0], abs=1e-15)
    assert values[4] > 4.0


def test_slack_takes_a_level_as_reached_but_for_rounding():
    law = GridLaw(1.0, np.zeros(3), np.zeros(4), np.array([0.0, 0.5 - 1e-14, 0.5, 0.0]))
    assert float(law.quantile(0.5)[0]) == 2.0
    assert float(law.quantile(0.5, 1e-12)[0]) == 1.0


def test_the_function_is_monotone_where_the_density_jumps_inside_a_cell():
    # A uniform law on [1.03, 2.03]: both ends lie between nodes.
    def limited(x):
        u = np.clip(x - 1.03, 0.0, 1.0)
        return np.minimum(x, 1.03) + u - u * u / 2

    cells = 40
    law = from_weights(0.1, hat_weights(limited, 0.1, cells + GHOSTS), np.zeros(cells + 1))
    cdf = law.cdf(np.linspace(0.0, 4.0, 4001))
    assert (np.diff(cdf) >= -1e-14).all()
    assert cdf.min() >= -1e-14
    assert cdf.max() <= 1.0 + 1e-14
    x = np.array([1.2, 1.5, 1.9])
    assert law.cdf(x) == pytest.approx(x - 1.03, abs=3e-3)


def test_a_kink_at_a_lone_atom_does_not_spread():
    # Density 1/2 on [0, 1], 0 beyond; half the mass at 1.
    cells, step = 200, 0.01
    weights = np.zeros(cells + GHOSTS)
    weights[:101] = step / 2
    weights[[0, 100]] = step / 4
    atoms = np.zeros(cells + 1)
    atoms[100] = 0.5
    law = from_weights(step, weights, atoms)
    x = np.linspace(0.0, 0.9999, 997)
    assert law.cdf(x) == pytest.approx(x / 2, abs=1e-15)
    assert law.cdf(np.array([1.0, 1.5])) == pytest.approx([1.0, 1.0], abs=1e-15)


def test_negative_weights_are_counted_and_do_not_turn_back_the_search():
    weights = np.zeros(20 + GHOSTS)
    weights[[2, 3, 4, 5]] = 0.5, -1e-3, 0.3, 0.201
    law = from_weights(1.0, weights, np.zeros(21))
    assert law.negative_mass() == pytest.approx(1e-3)
    assert (np.diff(law.at_nodes) >= 0.0).all()
    assert (np.diff(law.quantile(np.linspace(0.01, 0.99, 99))[0]) >= 0.0).all()
