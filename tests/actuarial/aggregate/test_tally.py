# SPDX-License-Identifier: Apache-2.0
"""Years counted into cells against the same years kept whole."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.aggregate.tally import SimulatedLoss, Tally
from greenrisk.actuarial.exceedance import exceedance
from greenrisk.actuarial.measures import tail_value_at_risk, value_at_risk


def counted(annual: np.ndarray, limit: float = math.inf, points: tuple[float, ...] = (0.0,)) -> SimulatedLoss:
    tally = Tally(float(annual.mean()) or 1.0, limit, np.array(points))
    for part in np.array_split(annual, 7):
        if part.size:
            tally.add(part)
    return tally.result()


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    annual=st.lists(st.floats(0.0, 1e9), min_size=2, max_size=60).map(np.array),
    level=st.floats(0.02, 0.98),
)
def test_measures_lie_within_the_width_of_a_cell(annual: np.ndarray, level: float) -> None:
    if annual.size * (1 - level) < 1:
        return
    found = counted(annual)
    at_risk, tail = found.value_at_risk(level), found.tail_value_at_risk(level)
    rounding = 1e-9 * float(annual.max())
    assert abs(at_risk.value - value_at_risk(annual, level)) <= at_risk.bin_width + rounding
    assert abs(tail.value - tail_value_at_risk(annual, level).value) <= tail.bin_width + rounding
    assert at_risk.value <= tail.value + rounding
    assert found.mean().value == pytest.approx(annual.mean(), rel=1e-12)
    assert int(found.count.sum()) == annual.size
    assert (found.low[1:] >= found.high[:-1]).all()


def test_points_of_their_own_are_returned_exactly() -> None:
    annual = np.concatenate([np.zeros(50), np.full(30, 5e6), [4_999_999.0, 5_000_001.0], np.full(18, 2e7)])
    found = counted(annual, 2e7, (0.0, 5e6, 2e7))
    assert found.value_at_risk(0.4) == (0.0, 0.0, 0.0)
    assert found.value_at_risk(0.7)[::2] == (5e6, 0.0)
    assert found.value_at_risk(0.9)[::2] == (2e7, 0.0)
    assert found.tail_value_at_risk(0.9)[::2] == (2e7, 0.0)
    np.testing.assert_allclose(
        found.aggregate_exceedance([0.0, 4_999_999.5, 5e6, 1e7, 2e7]).value,
        [0.5, 0.49, 0.19, 0.18, 0.0],
        atol=0.011,
    )
    assert found.aggregate_exceedance([0.0, 1e7, 2e7]).value.tolist() == [0.5, 0.18, 0.0]


def test_tail_takes_a_part_of_the_years_at_an_atom() -> None:
    # 6 of 10 years cost 100; TVaR at 0.5 is 100, at 0.2 (3 * 0... : the worst 8 years: 6 * 100 + 2 * 0) / 8.
    found = counted(np.array([0.0] * 4 + [100.0] * 6), 100.0, (0.0, 100.0))
    assert found.tail_value_at_risk(0.5).value == pytest.approx(100.0)
    assert found.tail_value_at_risk(0.2).value == pytest.approx(75.0)


def test_standard_errors_are_those_of_the_whole_sample() -> None:
    annual = np.random.default_rng(3).lognormal(10.0, 1.0, 20_000)
    found = counted(annual)
    whole = exceedance(annual, [10.0, 100.0])
    for i, level in enumerate((0.9, 0.99)):
        assert found.value_at_risk(level).standard_error == pytest.approx(whole.standard_error[i], rel=0.02)
        expected = tail_value_at_risk(annual, level).standard_error
        assert found.tail_value_at_risk(level).standard_error == pytest.approx(expected, rel=1e-3)


def test_share_of_years_beyond_a_loss_is_counted() -> None:
    annual = np.random.default_rng(3).exponential(50.0, 5_000)
    found = counted(annual).aggregate_exceedance([0.0, 30.0, 200.0, 1e9, math.inf])
    expected = np.array([(annual > x).mean() for x in (0.0, 30.0, 200.0, 1e9, math.inf)])
    np.testing.assert_allclose(found.value, expected, rtol=0, atol=2 / 5_000)
    np.testing.assert_allclose(found.standard_error, np.sqrt(found.value * (1 - found.value) / 5_000))


def test_losses_far_below_and_above_the_scale_are_counted_too() -> None:
    annual = np.array([1e-30, 1.0, 1e30])
    found = counted(annual)
    tally = Tally(1.0, math.inf, np.array([0.0]))
    tally.add(annual)
    far = tally.result()
    assert far.count.tolist() == [1, 1, 1]
    assert far.largest == 1e30
    assert far.value_at_risk(0.5) == (1.0, far.value_at_risk(0.5).standard_error, 0.0)
    assert found.years == 3


def test_one_year_has_no_standard_error() -> None:
    found = counted(np.array([3.0]))
    assert found.average == 3.0
    assert found.mean().standard_error == found.value_at_risk(1e-12).standard_error == math.inf
    assert found.tail_value_at_risk(1e-12).standard_error == math.inf


def test_tail_of_less_than_a_year_is_refused() -> None:
    with pytest.raises(ValueError, match="needs at least 1,000 simulated years"):
        counted(np.arange(100.0)).value_at_risk(0.999)
    with pytest.raises(ValueError, match="level = 1\n  It must be > 0 and < 1"):
        counted(np.arange(100.0)).tail_value_at_risk(1.0)
    with pytest.raises(ValueError, match="x = nan"):
        counted(np.arange(100.0)).aggregate_exceedance(math.nan)


def test_years_print_their_measures_as_far_as_ten_years_tell_of_them() -> None:
    found = counted(np.arange(1.0, 1001.0))
    lines = repr(found).splitlines()
    assert lines[0] == "SimulatedLoss of 1,000 years, ± standard errors"
    # sqrt((1000^2 - 1) / 12 * 1000 / 999) over sqrt(1000) is 9.1
    assert lines[1].split() == ["mean", "500.5", "±", "9.1"]
    assert [line.split()[:2] for line in lines[3:-1]] == [
        [name, level] for level in ("0.9", "0.99") for name in ("VaR", "TVaR")
    ]
    assert lines[-1].split() == ["worst", "year", "1,000"]
    assert float(found.value_at_risk(0.9)) == found.value_at_risk(0.9).value
    assert float(found.mean()) == 500.5
