# SPDX-License-Identifier: Apache-2.0
"""Parts of years: two states in closed form, the clip of a rounded matrix, matrices that have no generator."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.generator import generator_of
from greenrisk.issuer.credit.transitions import shipped_matrix, transition_matrix


def test_one_rating_and_default_have_the_hazard_in_closed_form():
    found = generator_of(transition_matrix(["A", "D"], [[0.9, 0.1]]))
    assert found.rates[0, 1] == pytest.approx(-math.log(0.9), rel=1e-12)
    assert found.cumulative_default([0.5, 3.0])[:, 0] == pytest.approx([1 - 0.9**0.5, 1 - 0.9**3], rel=1e-12)
    assert found.clipped == 0


def test_a_matrix_over_five_years_has_rates_by_year():
    found = generator_of(transition_matrix(["A", "D"], [[0.9**5, 1 - 0.9**5]], years=5.0))
    assert found.rates[0, 1] == pytest.approx(-math.log(0.9), rel=1e-12)


def test_the_clip_of_the_textbook_matrix_is_small_and_told():
    ledger = Ledger()
    matrix = shipped_matrix()
    found = generator_of(matrix, ledger)
    off = found.rates[~np.eye(8, dtype=bool)]
    assert (off >= 0.0).all()
    assert found.rates.sum(axis=1) == pytest.approx(np.zeros(8), abs=1e-15)
    assert 0.0 < found.moved_most < 5e-4
    assert found.after(1.0) == pytest.approx(matrix.shares, abs=found.moved_most * (1 + 1e-9))
    assert [(e.kind, e.count) for e in ledger] == [("clipped", found.clipped)]


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_two_terms_one_after_the_other_are_their_sum(s, t):
    found = generator_of(shipped_matrix())
    assert found.after(s) @ found.after(t) == pytest.approx(found.after(s + t), abs=1e-12)


def test_a_matrix_that_alternates_has_no_generator():
    with pytest.raises(ArgumentError, match="no generator"):
        generator_of(transition_matrix(["A", "B", "D"], [[0.1, 0.9, 0.0], [0.8, 0.1, 0.1]]))


def test_a_negative_term_is_refused():
    with pytest.raises(ArgumentError, match="term"):
        generator_of(shipped_matrix()).after(-1.0)
