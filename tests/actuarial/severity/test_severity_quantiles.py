# SPDX-License-Identifier: Apache-2.0
"""Quantiles by Newton's steps in a bracket."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as s

from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.mixture import Mixture
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.actuarial.severity.quantiles import bracket, gap_above, gap_below, inverted


def exponential_gap(q):
    def gap(x, at):
        return gap_above(np.exp(-x), np.exp(-x), x, q[at])

    return gap


def test_each_element_is_solved_to_the_last_digits():
    q = 10.0 ** -np.array([0.001, 1.0, 50.0, 300.0])
    gap = exponential_gap(q)
    low, high = bracket(gap, np.ones(4))
    assert (np.exp(-low) >= q).all()
    assert (np.exp(-high) <= q).all()
    # A probability next to 1 says no more of x than its own rounding: hence the absolute part.
    np.testing.assert_allclose(inverted(gap, low, high), -np.log(q), rtol=1e-15, atol=4 * np.finfo(float).eps)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(s.lists(s.floats(-200.0, -1e-3), min_size=1, max_size=8), s.floats(0.01, 0.99))
def test_quantiles_of_a_mixture_far_out_keep_their_digits_whatever_is_asked_beside(exponents, weight):
    mixture = Mixture((weight, 1 - weight), (Lognormal(0.0, 1.0), ParetoII(1.7, 3.0)))
    q = 10.0 ** np.array(exponents)
    x = mixture.isf(q)
    np.testing.assert_allclose(mixture.sf(x), q, rtol=1e-12)
    np.testing.assert_allclose(x, [mixture.isf(each) for each in q], rtol=1e-12)


def test_a_start_outside_the_bracket_does_no_harm():
    q = np.array([0.1, 0.2, 0.3])
    x = inverted(exponential_gap(q), np.zeros(3), np.full(3, 10.0), np.array([np.nan, -5.0, 2.0]))
    np.testing.assert_allclose(x, -np.log(q), rtol=1e-15)


def test_a_jump_is_met_from_its_own_side():
    # F jumps from 0.2 to 0.7 at 3: every p between has its quantile there.
    p = np.array([0.21, 0.5, 0.69])

    def gap(x, at):
        cdf = np.where(x < 3.0, 0.2, 0.7)
        return gap_below(cdf, np.zeros_like(x), x, p[at])

    x = inverted(gap, np.ones(3), np.full(3, 100.0))
    assert (np.abs(x - 3.0) <= 3 * np.spacing(3.0)).all()
    assert (x >= 3.0).all()


def test_an_empty_bracket_is_its_own_answer():
    x = inverted(exponential_gap(np.array([0.5])), np.array([2.0]), np.array([2.0]))
    assert x.tolist() == [2.0]
