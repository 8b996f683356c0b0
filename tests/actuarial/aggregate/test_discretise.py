# SPDX-License-Identifier: Apache-2.0
"""Weights of one loss: mass and mean kept cell by cell, atoms apart, noise recognised, points brought onto nodes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.aggregate.discretise import (
    RESOLVED,
    atoms_on_nodes,
    common_step,
    greatest_loss,
    local_moments,
    off_nodes,
    rounded,
)
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.law import Atoms


def test_local_moments_are_the_handbook_formula():
    severity, step, cells = Exponential(3.0), 0.5, 8
    limited = 3.0 * -np.expm1(-step * np.arange(cells + 1) / 3.0)
    expected = (2 * limited[1:-1] - limited[:-2] - limited[2:]) / step
    found = local_moments(severity, step, cells)
    assert found.continuous[0] == pytest.approx(1 - limited[1] / step)
    assert found.continuous[1:] == pytest.approx(expected, rel=1e-12)
    assert not found.atoms.any()


def test_a_layer_keeps_its_mean_and_puts_its_atoms_on_nodes():
    layer = Lognormal.from_mean_cv(10.0, 3.0).layer(20.0, 5.0)
    found = local_moments(layer, 20.0 / 64, 70)
    both = found.continuous + found.atoms
    assert both.sum() == pytest.approx(1.0, abs=1e-14)
    assert both @ np.arange(70) * 20.0 / 64 == pytest.approx(layer.mean(), rel=1e-13)
    assert found.atoms[[0, 64]] == pytest.approx(layer.atoms().probabilities, rel=1e-14)
    assert found.continuous.min() >= -1e-14
    assert (found.continuous[65:] == 0.0).all()


def test_half_the_step_uses_what_the_step_knows():
    severity = Lognormal(0.0, 1.0).layer(6.0, 0.5)
    coarse = local_moments(severity, 0.25, 43)
    fresh, reused = (local_moments(severity, 0.125, 83, known) for known in (None, coarse.limited))
    assert reused.continuous == pytest.approx(fresh.continuous, abs=1e-14)
    assert (reused.limited[::2] == coarse.limited[:42]).all()


def test_the_spread_is_a_twelfth_where_the_step_resolves_the_loss():
    assert local_moments(Exponential(100.0), 1.0, 4000).spread == pytest.approx(RESOLVED, rel=1e-4)
    # A loss of 1/4 or 3/4 of a cell: (x - a)(b - x) = 3/16 always, half of it 3/32.
    assert local_moments(Discrete([0.25, 1.75], [0.5, 0.5]), 1.0, 4).spread == pytest.approx(
        3 / 32, rel=1e-12
    )


class Noisy(Exponential):
    """Limited expected values with an error far above rounding."""

    def limited_expected_value(self, limit, power=1):
        exact = super().limited_expected_value(limit, power)
        return exact * (1 + 1e-6 * np.sin(1e6 * np.asarray(limit)))


def test_noise_is_replaced_by_the_survival_function_and_counted():
    severity, step = Noisy(1.0), 1e-3
    found = local_moments(severity, step, 4000)
    assert found.replaced > 0
    assert found.continuous.min() > -1e-12
    assert local_moments(Exponential(1.0), step, 4000).replaced == 0


def test_rounding_down_and_up_moves_every_loss_to_its_neighbour():
    points = Discrete([0.0, 0.4, 1.0, 1.7], [0.1, 0.2, 0.3, 0.4])
    assert rounded(points, 1.0, 3, up=False) == pytest.approx([0.3, 0.7, 0.0, 0.0], abs=1e-15)
    assert rounded(points, 1.0, 3, up=True) == pytest.approx([0.1, 0.5, 0.4, 0.0], abs=1e-15)
    step, cells = 0.5, 6
    smooth = np.diff(-np.exp(-step * np.arange(cells + 1)))
    assert rounded(Exponential(1.0), step, cells, up=False)[:-1] == pytest.approx(smooth, rel=1e-12)
    assert rounded(Exponential(1.0), step, cells, up=True)[1:] == pytest.approx(smooth, rel=1e-12)


def test_an_atom_beyond_the_grid_does_not_enter_it():
    severity = Exponential(1.0).layer(10.0)
    down = rounded(severity, 1.0, 4, up=False)
    assert down.sum() == pytest.approx(-math.expm1(-4.0), abs=1e-15)


def test_atoms_are_told_from_points_between_nodes():
    atoms = Atoms(np.array([0.0, 0.3, 0.6]), np.array([0.2, 0.3, 0.5]))
    assert atoms_on_nodes(atoms, 0.3, 3) == pytest.approx([0.2, 0.3, 0.5])
    assert atoms_on_nodes(atoms, 0.3, 2) == pytest.approx([0.2, 0.3])
    assert off_nodes(atoms, 0.2) == pytest.approx(0.3)


def test_greatest_loss_is_the_limit_of_a_layer_and_else_infinite():
    layer = Exponential(1.0).layer(10.0, 2.0)
    assert greatest_loss(layer, layer.atoms()) == 10.0
    assert greatest_loss(Exponential(1.0), Exponential(1.0).atoms()) == math.inf


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.sampled_from([1.0, 0.1, 2.5, 1e6, 1 / 3]))
def test_common_step_is_the_greatest_common_divisor(counts, unit):
    expected = math.gcd(*counts) * unit
    assert common_step(np.array(counts) * unit, unit / 2) == pytest.approx(expected, rel=1e-9)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.decimals(1, 999, places=1), min_size=2, max_size=5), st.sampled_from([1.0, 1e4, 1e6]))
def test_limits_written_as_decimals_have_the_common_step_of_their_digits(limits, unit):
    tenths = [int(10 * x) for x in limits]
    found = common_step(np.array([float(x) * unit for x in limits]), 1e-3 * unit)
    assert found == pytest.approx(math.gcd(*tenths) * unit / 10, rel=1e-12)


def test_points_without_a_common_step_have_none():
    assert common_step(np.array([1.0, math.sqrt(2.0)]), 1e-4) is None
    assert common_step(np.array([7.0, 5.0]), 2.0) is None
