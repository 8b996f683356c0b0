# SPDX-License-Identifier: Apache-2.0
"""Restoration and habitat equivalency: numbers by hand, quadrature, and NOAA's yearly convention in fractions."""

from __future__ import annotations

import math
from fractions import Fraction as F
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from greenrisk.core.errors import ArgumentError
from greenrisk.environment.restoration import (
    Replacement,
    compensation_ratio,
    discounted_gain,
    discounted_loss,
    recovery_years,
    restoration_cost,
    yearly_discounted,
)

E = math.e
rates = st.floats(0.0, 0.2)
times = st.floats(0.0, 80.0)


def by_quadrature(delay: float, recovery: float, rate: float) -> float:
    """Discounted loss of one hectare that is lost whole, recovers in a line from ``delay`` on."""

    def lost(t: float) -> float:
        return (1.0 - max(t - delay, 0.0) / recovery) * (1.0 + rate) ** -t

    waiting = quad(lost, 0.0, delay, epsabs=1e-13)[0]
    return float(waiting + quad(lost, delay, delay + recovery, epsabs=1e-13)[0])


def test_restoration_costs_mobilisation_and_the_area_times_the_degree() -> None:
    # 1,000 + 200 x 10 x 0.25 ^ 0.5 = 1,000 + 1,000; nothing where nothing is damaged.
    found = restoration_cost([10.0, 10.0, 10.0], [0.25, 1.0, 0.0], 200.0, 0.5, 1000.0)
    assert found.tolist() == [2000.0, 3000.0, 0.0]


def test_recovery_takes_the_root_of_the_degree() -> None:
    assert recovery_years([0.25, 1.0], [40.0, 6.0], 0.5).tolist() == [20.0, 6.0]
    assert recovery_years([0.25, 0.0], 40.0, 0.0).tolist() == [40.0, 40.0]


def test_without_a_discount_a_straight_recovery_loses_half_its_time() -> None:
    # 0.5 x (1 + 8 / 2): a year of waiting, then the triangle.
    assert float(discounted_loss(0.5, 8.0, delay=1.0, rate=0.0)) == 2.5


def test_loss_by_hand_where_a_year_divides_by_e() -> None:
    # Force of interest 1: (1 - t) e^-t over [0, 1] gives 1 / e; waiting ln 2 costs 1/2 and halves the rest.
    assert float(discounted_loss(1.0, 1.0, delay=0.0, rate=E - 1)) == pytest.approx(1 / E, rel=1e-14)
    found = float(discounted_loss(1.0, 1.0, delay=math.log(2), rate=E - 1))
    assert found == pytest.approx(0.5 + 0.5 / E, rel=1e-14)


@given(times, st.floats(0.01, 80.0), rates)
@settings(max_examples=60, deadline=None)
def test_loss_in_closed_form_is_the_integral(delay: float, recovery: float, rate: float) -> None:
    found = float(discounted_loss(1.0, recovery, delay=delay, rate=rate))
    assert found == pytest.approx(by_quadrature(delay, recovery, rate), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("x", [1e-12, 1e-6, 0.00999, 0.01001, 0.02])
def test_small_times_lose_no_digit(x: float) -> None:
    # With force 1 and recovery x: x (1/2 - x/6 + x^2/24 - x^3/120 + ...), the series of (x - 1 + e^-x) / x.
    series = sum((-1.0) ** k * x ** (k + 1) / math.factorial(k + 2) for k in range(8))
    assert float(discounted_loss(1.0, x, delay=0.0, rate=E - 1)) == pytest.approx(series, rel=3e-12)


def test_gain_by_hand_where_a_year_divides_by_e() -> None:
    # Full services for ever: 1 / force. Rising over a year, then ending: integral of t e^-t = 1 - 2/e.
    for maturity, life, expected in (
        (0.0, math.inf, 1.0),
        (1.0, 1.0, 1 - 2 / E),
        (1.0, math.inf, 1 - 1 / E),
        (0.0, 1.0, 1 - 1 / E),
    ):
        assert discounted_gain(Replacement(0.0, maturity, life, 1.0), E - 1) == pytest.approx(
            expected, rel=1e-13
        )
    late = discounted_gain(Replacement(1.0, 0.0, math.inf, 0.5), E - 1)
    assert late == pytest.approx(0.5 / E, rel=1e-14)


@given(times, st.floats(0.0, 40.0), st.floats(0.1, 40.0), rates)
@settings(max_examples=60, deadline=None)
def test_gain_in_closed_form_is_the_integral(start: float, maturity: float, more: float, rate: float) -> None:
    def risen(t: float) -> float:
        return (
            min(t / maturity, 1.0) * (1.0 + rate) ** -(start + t)
            if maturity > 0
            else (1.0 + rate) ** -(start + t)
        )

    expected = quad(risen, 0.0, maturity, epsabs=1e-13)[0]
    expected += quad(risen, maturity, maturity + more, epsabs=1e-13)[0]
    found = discounted_gain(Replacement(start, maturity, maturity + more, 0.7), rate)
    assert found == pytest.approx(0.7 * expected, rel=1e-9)


def test_ratio_of_a_loss_to_the_same_services_elsewhere_is_one() -> None:
    # Damage for ever (a recovery that never ends is approached) against a hectare made at once, as good, for ever.
    gain = discounted_gain(Replacement(0.0, 0.0, math.inf, 1.0), 0.03)
    assert gain == pytest.approx(1 / math.log(1.03), rel=1e-14)
    forever = discounted_loss(1.0, 0.0, delay=5000.0, rate=0.03)
    assert float(compensation_ratio(forever, gain)) == pytest.approx(1.0, rel=1e-12)


def test_yearly_convention_of_noaa_by_hand() -> None:
    # Means of begin and end of year: 3/4 and 1/4. At a rate of 1/4 the second year counts 4/5; a year later, all do.
    assert yearly_discounted([1.0, 0.5, 0.0], 0.0) == 1.0
    assert yearly_discounted([1.0, 0.5, 0.0], 0.25) == pytest.approx(0.95, rel=1e-15)
    assert yearly_discounted([1.0, 0.5, 0.0], 0.25, first_year=1) == pytest.approx(0.76, rel=1e-15)


def test_a_worked_case_in_the_yearly_convention() -> None:
    # 10 ha lose half their services and recover over four years at 3 %. A project begins in the third year with 0.4
    # and has 0.8 from a year later, for three years in all. Everything in fractions.
    rate, lost = F(3, 100), [F(1, 2), F(3, 8), F(1, 4), F(1, 8), F(0)]
    gained = [F(2, 5), F(4, 5), F(4, 5), F(4, 5)]

    def discounted(levels: list[F], first: int) -> F:
        pairs = pairwise(levels)
        return sum(((a + b) / 2 / (1 + rate) ** (first + t) for t, (a, b) in enumerate(pairs)), F(0))

    debit, credit = 10 * discounted(lost, 0), discounted(gained, 2)
    found_debit = 10 * yearly_discounted([float(x) for x in lost], 0.03)
    found_credit = yearly_discounted([float(x) for x in gained], 0.03, first_year=2)
    assert found_debit == pytest.approx(float(debit), rel=1e-14)
    assert found_credit == pytest.approx(float(credit), rel=1e-14)
    # 10 x (0.4375 + 0.3125/1.03 + 0.1875/1.0609 + 0.0625/1.092727) = 9.748303...
    assert float(debit) == pytest.approx(9.7483, abs=1e-4)
    assert float(compensation_ratio(found_debit, found_credit)) == pytest.approx(
        float(debit / credit), rel=1e-13
    )


@given(st.integers(1, 40), st.floats(0.001, 0.2))
def test_yearly_convention_lies_above_the_closed_form_by_less_than_a_year(recovery: int, rate: float) -> None:
    levels = np.linspace(1.0, 0.0, recovery + 1)
    yearly = yearly_discounted(levels, rate)
    closed = float(discounted_loss(1.0, float(recovery), delay=0.0, rate=rate))
    assert yearly / (1.0 + rate) < closed < yearly


def test_yearly_convention_of_shorter_and_shorter_years_becomes_the_closed_form() -> None:
    closed, gaps = float(discounted_loss(1.0, 10.0, delay=0.0, rate=0.05)), []
    for parts in (10, 20, 40):
        step_rate = 1.05 ** (1.0 / parts) - 1.0
        found = yearly_discounted(np.linspace(1.0, 0.0, 10 * parts + 1), step_rate) / parts
        gaps.append(found - closed)
    assert gaps[0] / gaps[1] == pytest.approx(
        2.0, rel=0.01
    )  # begins of periods: the gap falls with their length
    assert gaps[1] / gaps[2] == pytest.approx(2.0, rel=0.01)
    assert 0.0 < gaps[2] < 0.01


def test_every_fault_of_a_loss_is_told_at_once() -> None:
    with pytest.raises(ArgumentError) as error:
        discounted_loss([0.5, 1.5], -6.0, delay=-1.0, rate=math.nan)
    assert [fault.where for fault in error.value.faults] == ["degree", "recovery", "delay", "rate"]
    assert error.value.faults[1].what == "recovery = -6"


def test_every_fault_of_a_cost_and_a_time_is_told_at_once() -> None:
    with pytest.raises(ArgumentError) as error:
        restoration_cost(-1.0, 2.0, -5.0, 0.0, -1.0)
    assert [fault.where for fault in error.value.faults] == [
        "area",
        "degree",
        "unit_cost",
        "exponent",
        "mobilisation",
    ]
    with pytest.raises(ArgumentError, match="full = -3"):
        recovery_years(0.5, -3.0, 1.0)


def test_a_project_that_ends_before_it_is_mature_is_refused() -> None:
    with pytest.raises(ArgumentError, match="life = 5, maturity = 10"):
        Replacement(0.0, 10.0, 5.0, 1.0)
    with pytest.raises(ArgumentError, match="have no sum without a discount"):
        discounted_gain(Replacement(0.0, 0.0, math.inf, 1.0), 0.0)
    with pytest.raises(ArgumentError, match="shape"):
        yearly_discounted([1.0], 0.03)
