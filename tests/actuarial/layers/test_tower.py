# SPDX-License-Identifier: Apache-2.0
"""Towers: layers add up to the loss between bottom and top; overlaps and gaps are refused with a mend."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.tower import Tower
from greenrisk.core.errors import ArgumentError

EVENTS = EventTable.of([3.0, 12.0, 70.0], [0, 1, 1], 2)


def test_each_layer_takes_its_slice_and_the_total_is_their_sum():
    # 5 xs 5 and 40 xs 10: 12 gives 5 and 2, 70 gives 5 and 40.
    tower = Tower((Layer(5, 5), Layer(40, 10)))
    cession = tower.cede(EVENTS)
    assert cession.annual_ceded_by_layer().tolist() == [[0, 0], [10, 42]]
    assert cession.ceded.tolist() == [0, 7, 45]
    assert cession.net.loss.tolist() == [3, 5, 25]
    assert (tower.attachment, tower.top) == (5, 50)


def test_annual_terms_belong_to_their_layer():
    tower = Tower((Layer(5, 5, annual_limit=6), Layer(math.inf, 10, share=0.5)))
    assert tower.cede(EVENTS).annual_ceded_by_layer().tolist() == [[0, 0], [6, 31]]


def test_reinstatement_premiums_stand_with_their_layers():
    tower = Tower((Layer(5, 5, reinstatements=Reinstatements(1, 0.5)), Layer(40, 10)))
    lower, upper = tower.cede(EVENTS).by_layer
    # The first loss of 5 reinstates the limit at half the premium, the second is the reinstated one.
    assert lower.reinstatement_premium(10).tolist() == [0, 5, 0]
    assert upper.reinstatement_premium(10).tolist() == [0, 0, 0]


@settings(deadline=None, max_examples=50, derandomize=True)
@given(
    st.lists(st.tuples(st.floats(0, 1e9), st.integers(0, 3)), max_size=30),
    st.floats(0, 1e8),
    st.lists(st.floats(1, 1e8), min_size=1, max_size=5),
)
def test_the_layers_of_a_tower_add_up_to_the_loss_between_bottom_and_top(rows, bottom, limits):
    events = EventTable.of([x for x, _ in rows], [y for _, y in rows], 4)
    tower = Tower.stacked(bottom, limits)
    expected = np.clip(events.loss - bottom, 0, tower.top - bottom)
    np.testing.assert_allclose(tower.cede(events).ceded, expected, rtol=1e-12, atol=1e-6)


def test_layers_that_meet_up_to_rounding_are_neither_gap_nor_overlap():
    Tower((Layer(0.1, 0.2), Layer(1, 0.3)))
    Tower((Layer(0.3, 0.0), Layer(1, 0.1 + 0.2)))


def test_a_gap_is_refused_with_a_mend_unless_it_is_meant():
    layers = (Layer(5, 5), Layer(40, 12))
    with pytest.raises(ArgumentError) as caught:
        Tower(layers)
    (fault,) = caught.value.faults
    assert fault.what == "layers[1] attaches at 12, the one below ends at 10"
    assert (
        fault.expected == "There is a gap of 2: lower this attachment, or say allow_gaps=True if it is meant."
    )
    assert Tower(layers, allow_gaps=True).cede(EVENTS).net.loss.tolist() == [3, 7, 25]


def test_overlaps_and_gaps_are_told_all_at_once():
    with pytest.raises(ArgumentError) as caught:
        Tower((Layer(5, 5), Layer(10, 8), Layer(1, 30), Layer(1, 2)))
    assert [fault.what for fault in caught.value.faults] == [
        "layers[1] attaches at 8, the one below ends at 10",
        "layers[2] attaches at 30, the one below ends at 18",
        "layers[3] attaches at 2, the one below ends at 31",
    ]
    overlap, gap, order = (fault.expected for fault in caught.value.faults)
    assert overlap == (
        "They overlap by 2, which would be paid twice: raise this attachment or lower the limit below."
    )
    assert "gap of 12" in gap
    assert order == "Order the layers by rising attachment."


def test_overlaps_are_refused_even_where_gaps_are_meant():
    with pytest.raises(ArgumentError, match="paid twice"):
        Tower((Layer(5, 5), Layer(10, 8)), allow_gaps=True)
    with pytest.raises(ArgumentError, match="paid twice"):
        Tower((Layer(math.inf, 5), Layer(10, 8)))


def test_an_empty_tower_is_refused():
    with pytest.raises(ArgumentError, match="At least one Layer"):
        Tower(())
