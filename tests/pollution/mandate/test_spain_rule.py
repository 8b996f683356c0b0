# SPDX-License-Identifier: Apache-2.0
"""Spain's rule by hand, against a search over all bounds, and on simulated accidents."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leping_mandate import numbers
from zone_by_hand import CLEAN_UP, PROPERTY, accidents

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.mandate import spain_rule
from greenrisk.pollution.mandate.spain_rule import (
    CLASS_EDGES,
    Catalogue,
    catalogue_part,
)

NUMBER = numbers().number
guarantee = partial(
    spain_rule.guarantee, share=NUMBER["spain_share"], prevention_share=NUMBER["spain_prevention_share"]
)
FREE = {"below": NUMBER["spain_exempt_below"], "below_certified": NUMBER["spain_exempt_below_certified"]}
exempt, spain_group = partial(spain_rule.exempt, **FREE), partial(spain_rule.spain_group, **FREE)


def _search(damage, probability, share):
    """The smallest damage d such that the scenarios of damage <= d make up the share of the risk."""
    risk = np.asarray(damage) * np.asarray(probability)
    bounds = [
        d for d in sorted(set(damage)) if risk[np.asarray(damage) <= d].sum() >= share * risk.sum() - 1e-9
    ]
    return bounds[0]


def test_the_crossing_scenario_is_included_and_fixes_the_guarantee():
    # Risks 10, 20, 30, 40 of 100: up to the third 60 %, the fourth crosses 95 %.
    found = guarantee([100.0, 1000.0, 10_000.0, 100_000.0], [0.1, 0.02, 0.003, 0.0004])
    assert found.risk.tolist() == pytest.approx([100.0])
    assert found.cumulative[0].tolist() == pytest.approx([0.1, 0.3, 0.6, 1.0])
    assert found.chosen.tolist() == [[True] * 4]
    assert found.reference.tolist() == [3]
    assert found.guarantee.tolist() == [100_000.0]
    assert found.prevention.tolist() == pytest.approx([10_000.0])


def test_a_rare_dear_scenario_beyond_the_share_is_left_out():
    found = guarantee([1e9, 100.0, 1000.0], [4e-9, 0.5, 0.05])
    # Risks 4, 50, 50: the two cheap ones make up 100 of 104, more than 95 %.
    assert found.order.tolist() == [[1, 2, 0]]
    assert found.chosen.tolist() == [[False, True, True]]
    assert found.guarantee.tolist() == [1000.0]


def test_a_sum_that_reaches_the_share_exactly_is_enough():
    found = guarantee([1.0, 10.0], [9.5, 0.05])
    assert found.guarantee.tolist() == [1.0]


def test_an_index_orders_the_scenarios_and_only_the_reference_is_monetised():
    found = guarantee([3.0, 1.0, 2.0], [0.1, 0.1, 0.1], cost=[5e6, 9e6, 7e6], share=0.5)
    # Ascending index 1, 2, 3; risks 0.1, 0.2, 0.3: half of 0.6 is reached with index 2.
    assert found.reference.tolist() == [2]
    assert found.guarantee.tolist() == [7e6]


def test_scenarios_without_probability_are_in_no_set():
    found = guarantee([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], [[0.1, 0.0, 0.1], [0.0, 0.0, 0.0]])
    assert found.chosen.tolist() == [[True, False, True], [False, False, False]]
    assert found.reference.tolist() == [2, -1]
    assert found.guarantee.tolist() == [3.0, 0.0]
    assert np.isnan(found.cumulative[1]).all()


SCENARIOS = st.lists(
    st.tuples(st.integers(1, 10**6), st.integers(1, 10**4)),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[0],
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SCENARIOS, st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_the_guarantee_is_that_of_a_search_over_all_bounds(scenarios, share):
    damage = [float(one[0]) for one in scenarios]
    probability = [one[1] / 1e5 for one in scenarios]
    found = guarantee(damage, probability, share=share)
    assert found.guarantee[0] == _search(damage, probability, share)
    chosen = [d for d, take in zip(damage, found.chosen[0], strict=True) if take]
    assert max(chosen) == found.guarantee[0]
    assert set(chosen) == {d for d in damage if d <= found.guarantee[0]}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(SCENARIOS)
def test_a_larger_share_never_lowers_the_guarantee_and_money_scales(scenarios):
    damage = np.array([float(one[0]) for one in scenarios])
    probability = np.array([one[1] / 1e5 for one in scenarios])
    ends = [guarantee(damage, probability, share=share).guarantee[0] for share in (0.5, 0.95, 1.0)]
    assert ends == sorted(ends)
    assert guarantee(8 * damage, probability).guarantee[0] == 8 * ends[1]
    assert ends[2] == damage.max()


def test_small_damages_are_exempt_and_larger_ones_with_a_certificate():
    assert exempt([299_999.0, 300_000.0, 1_999_999.0, 2e6], [False, False, True, True]).tolist() == [
        True,
        False,
        True,
        False,
    ]


def test_the_catalogue_of_simulated_accidents_keeps_their_number_and_money():
    found = accidents(
        {"year": 0, "plant": 0, "loss": {PROPERTY: 2000.0}},
        {"year": 1, "plant": 0, "loss": {PROPERTY: 1000.0, CLEAN_UP: 1100.0}},
        {"year": 2, "plant": 1, "loss": {CLEAN_UP: 5e6}},
        {"year": 3, "plant": 1, "loss": {CLEAN_UP: 10.0}},
        years=10,
    )
    part = catalogue_part(found, found.loss, 2)
    both = Catalogue.of([part, part], 20)
    assert both.probability.sum(axis=1).tolist() == pytest.approx([0.2, 0.2])
    assert (both.probability * both.cost).sum(axis=1).tolist() == pytest.approx([410.0, 500_001.0])
    # 2,000 and 2,100 are of one class of a sixth of a decade from 10 ** (3 + 1/6) to 10 ** (3 + 2/6).
    place = int(np.flatnonzero(both.probability[0])[0])
    assert CLASS_EDGES[place] <= 2000.0 < 2100.0 < CLASS_EDGES[place + 1]
    assert both.cost[0, place] == 2050.0
    group = spain_group(both, guarantee(both.cost, both.probability), ["A", "B"], [1000.0, 0.0], 8.0)
    assert group["guarantee"].values.tolist() == [2050.0, 5e6]
    assert group["limit_over_guarantee"].values[0] == pytest.approx(1000 / 2050)
    # 5 million CNY are 625,000 EUR: between both bounds.
    assert group["exempt"].values.tolist() == [True, False]
    assert group["exempt_if_certified"].values.tolist() == [True, True]


def test_bad_catalogues_are_refused_all_at_once():
    with pytest.raises(ArgumentError) as caught:
        guarantee([-1.0], [-0.1], share=1.5)
    assert {fault.where for fault in caught.value.faults} == {"damage", "probability", "share"}
    with pytest.raises(ArgumentError, match="probability of shape"):
        guarantee([1.0, 2.0], [0.1])
    with pytest.raises(ArgumentError, match="no part"):
        Catalogue.of([], 10)
