# SPDX-License-Identifier: Apache-2.0
"""The law beyond its first grid: longer grids agree with it, atoms stay, extrapolation falls and keeps the mean."""

import math

import numpy as np
import pytest
from scipy import special, stats

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Binomial, Poisson
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII


def poisson_exponential_sf(rate, x):
    n = np.arange(1, 150)
    return float(stats.poisson.pmf(n, rate) @ special.gammaincc(n, x))


def test_longer_grids_hold_the_law_to_where_rounding_hides_it():
    loss = CompoundDistribution(Poisson(5.0), Exponential(1.0)).aggregate(top_level=0.99)
    tail = loss.fine.tail
    assert poisson_exponential_sf(5.0, tail.known_to) == pytest.approx(1e-10, rel=0.05)
    for x in np.linspace(tail.top, tail.known_to, 7)[1:]:
        exact = poisson_exponential_sf(5.0, x)
        assert float(tail.survival(x)) == pytest.approx(exact, rel=1e-3, abs=2e-12)


def test_beyond_what_is_known_the_tail_falls_to_nothing_and_keeps_the_mean():
    for severity in (Exponential(1.0), Exponential(1.0).layer(2.0, 0.5), Lognormal(0.0, 1.5)):
        law = CompoundDistribution(Poisson(5.0), severity)
        tail = law.aggregate(top_level=0.999).fine.tail
        x = tail.known_to * np.linspace(0.9, 8.0, 200)
        survival = tail.survival(x)
        assert (np.diff(survival) <= 0.0).all()
        assert (survival[np.isfinite(survival)] >= 0.0).all()
        limited = tail.limited_expected_value(x)
        assert (np.diff(limited) >= -1e-12).all()
        assert limited[-1] == pytest.approx(law.mean(), rel=1e-6)
        assert float(tail.limited_expected_value(math.inf)) == law.mean()


def test_atoms_stay_jumps_on_longer_grids():
    # Two losses of a layer at its limit: an atom at 20 beyond a grid that ends before.
    law = CompoundDistribution(Binomial(2, 0.01), Exponential(50.0).layer(10.0))
    loss = law.aggregate(top_level=0.5)
    atom = (0.01 * math.exp(-0.2)) ** 2
    assert loss.values[-1] < 20.0
    jump = float(loss.sf(20.0 * (1 - 1e-9))) - float(loss.sf(20.0))
    assert jump == pytest.approx(atom, rel=1e-3)
    assert float(loss.sf(20.0)) == pytest.approx(0.0, abs=1e-10)


def test_a_sum_with_infinite_mean_goes_on_beyond_all_grids():
    # One loss at most: E[min(S, x)] = q theta (ln(1 + x / theta)) for alpha = 1.
    loss = CompoundDistribution(Binomial(1, 0.5), ParetoII(1.0, 3.0)).aggregate(1e-4, top_level=0.999)
    tail = loss.fine.tail
    for x in (2.0 * tail.top, 0.5 * tail.known_to, 10.0 * tail.known_to):
        assert float(tail.survival(x)) == pytest.approx(0.5 / (1 + x / 3.0), rel=1e-2)
        assert float(tail.limited_expected_value(x)) == pytest.approx(1.5 * math.log1p(x / 3.0), rel=1e-3)
    assert float(tail.limited_expected_value(math.inf)) == math.inf
    assert tail.uncertainty(math.inf) == 0.0
    assert tail.uncertainty(tail.known_to * 5) > 0.0


def test_no_level_so_near_to_one_that_rounding_decides():
    tail = CompoundDistribution(Poisson(5.0), Lognormal(0.0, 1.5)).aggregate().fine.tail
    assert tail.quantile(1 - 1e-12) is None
    assert tail.quantile(1 - 1e-9)[0] > tail.top
