# SPDX-License-Identifier: Apache-2.0
"""Assets behind equities: Hull's printed answer, the two equations themselves, and firms at the edge of floats."""

import math

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.calibration import TOLERANCE, calibrate


def phi(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def equations(asset, volatility, debt, rate, term):
    """Equity and equity volatility of a firm, written out with the error function."""
    d1 = (math.log(asset / debt) + (rate + volatility**2 / 2) * term) / (volatility * math.sqrt(term))
    d2 = d1 - volatility * math.sqrt(term)
    equity = asset * phi(d1) - debt * math.exp(-rate * term) * phi(d2)
    return equity, phi(d1) * volatility * asset / equity


def test_hulls_firm_is_found():
    # Hull (2018), example 24.3: E = 3, s_E = 80 %, L = 10 in a year, r = 5 %: V = 12.40, s = 21.23 %.
    found = calibrate(3.0, 0.8, 10.0, 0.05, 1.0)
    assert found.asset == pytest.approx(12.40, abs=5e-3)
    assert found.volatility == pytest.approx(0.2123, abs=5e-5)
    assert found.converged


def test_firms_are_found_again_from_their_equity():
    firms = [
        (v, s, t) for v in (0.8, 1.0, 1.3, 3.0, 40.0) for s in (0.05, 0.2, 0.6) for t in (0.5, 1.0, 10.0)
    ]
    seen = [(v, s, t, *equations(v, s, 1.0, 0.03, t)) for v, s, t in firms]
    seen = [row for row in seen if row[3] > 1e-4]
    v, s, t, equity, volatility = np.array(seen).T
    assert len(seen) > 35
    found = calibrate(equity, volatility, 1.0, 0.03, t)
    assert found.converged.all()
    assert found.asset == pytest.approx(v, rel=1e-9)
    assert found.volatility == pytest.approx(s, rel=1e-7)


def test_random_firms_meet_both_equations():
    rng = np.random.default_rng(5)
    equity, volatility = 10 ** rng.uniform(-2, 3, 300), rng.uniform(0.03, 2.0, 300)
    debt, term = 10 ** rng.uniform(-3, 4, 300), rng.uniform(0.2, 20.0, 300)
    found = calibrate(equity, volatility, debt, 0.02, term)
    assert found.converged.all()
    assert (found.miss <= TOLERANCE).all()
    for k in range(300):
        e, s = equations(found.asset[k], found.volatility[k], debt[k], 0.02, term[k])
        # The rounding of V alone moves E by V / E.
        slack = 1e-13 * found.asset[k] / equity[k] + 1e-10
        assert e == pytest.approx(equity[k], rel=slack)
        assert s == pytest.approx(volatility[k], rel=10 * slack + 1e-9)


def test_without_debt_the_assets_are_the_equity():
    found = calibrate([3.0, 5.0], [0.4, 0.2], 0.0, 0.05, 1.0)
    assert found.asset.tolist() == [3.0, 5.0]
    assert found.volatility.tolist() == [0.4, 0.2]
    assert found.converged.all()


def test_what_is_missing_is_not_converged_and_hides_nobody():
    found = calibrate([3.0, np.nan, 3.0], 0.8, [10.0, 10.0, np.nan], 0.05, 1.0)
    assert found.converged.tolist() == [True, False, False]
    assert np.isnan(found.asset).tolist() == [False, True, True]
    assert np.isnan(found.miss[1:]).all()


def test_a_firm_that_floats_cannot_hold_is_told_and_gets_no_guess():
    found = calibrate([3.0, 1e-13], [0.8, 0.02], [10.0, 1e4], 0.05, 1.0)
    assert found.converged.tolist() == [True, False]
    assert np.isnan(found.asset[1])
    assert np.isnan(found.volatility[1])
    assert found.miss[1] > TOLERANCE


def test_shapes_are_kept():
    found = calibrate(np.full((2, 3), 3.0), 0.8, 10.0, 0.05, np.ones((1, 3)))
    assert found.asset.shape == found.converged.shape == (2, 3)


def test_equity_of_nothing_is_refused_with_its_place():
    with pytest.raises(ArgumentError, match=r"equity\[1\] = 0"):
        calibrate([1.0, 0.0], 0.5, 1.0, 0.0, 1.0)
    with pytest.raises(ArgumentError, match="equity_volatility"):
        calibrate(1.0, 0.0, 1.0, 0.0, 1.0)
