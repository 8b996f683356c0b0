# SPDX-License-Identifier: Apache-2.0
"""When and where accidents happen: numbers, shocks, and what two variants share."""

from dataclasses import replace

import numpy as np
import pytest
from zone_by_hand import zone_laws

from greenrisk.actuarial.dependence.common_shock import CommonShock
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.arrivals import OWN, SHOCK, TRANSPORT, Base
from greenrisk.pollution.liability.events import simulate_block

BLOCKS = 40


def _blocks(laws, blocks=BLOCKS, base=None):
    return [simulate_block(laws, 3, "main", block, base) for block in range(blocks)]


def _rows(accidents):
    """Accidents as comparable rows: time in the block, plant and losses."""
    at = accidents.year + accidents.time
    return {
        (round(float(t), 9), int(p), *x) for t, p, x in zip(at, accidents.plant, accidents.loss, strict=True)
    }


def test_shocks_leave_every_plants_number_of_accidents_poisson_with_its_own_mean():
    laws = zone_laws(shock_share=0.5)
    years = BLOCKS * 1000
    counts = np.zeros(4)
    for block in _blocks(laws):
        counts += block.by_plant
    rate = laws.own + laws.transport
    assert (np.abs(counts / years - rate) < 4 * np.sqrt(rate / years)).all()


def test_the_variance_of_the_zones_number_is_inflated_as_the_common_shock_law_says():
    laws = zone_laws(shock_share=0.6)
    counts = np.concatenate([block.by_year.sum(axis=1) for block in _blocks(laws)]).astype(float)
    law = CommonShock(
        np.concatenate([[laws.shock_rate], laws.alone + laws.transport]), np.vstack([laws.hit, np.eye(4)])
    )
    expected = law.covariance().sum()
    spread = np.sqrt((((counts - counts.mean()) ** 4).mean() - counts.var() ** 2) / counts.size)
    assert expected > 1.2 * (laws.own + laws.transport).sum()  # the shocks do something
    assert abs(counts.var() - expected) < 4 * spread


def test_accidents_come_from_causes_in_proportion_to_their_rates():
    laws = zone_laws()
    years = BLOCKS * 1000
    found = sum(block.by_year.sum(axis=0) for block in _blocks(laws))
    expected = np.array([laws.alone.sum(), laws.shock_rate * laws.hit.sum(), laws.transport.sum()])
    # Accidents by shocks come in clusters: Var = rate of shocks * E(hits^2), hits of plants being independent.
    square = laws.shock_rate * (laws.hit.sum() ** 2 + (laws.hit * (1 - laws.hit)).sum())
    spread = np.sqrt(np.array([expected[OWN], square, expected[TRANSPORT]]) / years)
    assert (np.abs(found / years - expected) < 4 * spread).all()


def test_a_shock_hits_a_plant_once_and_all_its_plants_at_one_moment():
    laws = zone_laws(own=[0.9, 0.8, 0.7], shock_share=0.9, shock_rate=1.0)
    block = simulate_block(laws, 3, "main", 0)
    of_shock = block.cause == SHOCK
    hits = set(zip(block.event[of_shock].tolist(), block.plant[of_shock].tolist(), strict=True))
    assert len(hits) == of_shock.sum()
    for event in np.unique(block.event[of_shock]):
        assert np.unique((block.year + block.time)[block.event == event]).size == 1
    sizes = np.bincount(block.event)
    assert sizes.max() > 1
    assert (sizes[np.setdiff1d(block.event, block.event[of_shock])] == 1).all()


def test_accidents_are_sorted_by_time_and_uniform_over_the_years():
    block = simulate_block(zone_laws(own=[4.0, 2.0]), 3, "main", 0)
    at = block.year + block.time
    assert (np.diff(at) >= 0).all()
    assert (np.diff(block.event) >= 0).all()
    assert block.time.min() >= 0
    assert block.time.max() < 1
    tenth = np.bincount((at / 100).astype(int), minlength=10)
    assert (np.abs(tenth - at.size / 10) < 4.5 * np.sqrt(at.size / 10)).all()
    assert block.by_year.shape == (1000, 3)


def test_equal_keys_give_equal_accidents_and_other_blocks_others():
    laws = zone_laws()
    first, again = simulate_block(laws, 3, "main", 5), simulate_block(laws, 3, "main", 5)
    assert _rows(first) == _rows(again)
    for other in (
        simulate_block(laws, 3, "main", 6),
        simulate_block(laws, 4, "main", 5),
        simulate_block(laws, 3, "knowledge", 5),
    ):
        assert not _rows(first) & _rows(other)


@pytest.mark.parametrize("factor", [0.05, 0.5, 0.97])
def test_a_lower_rate_only_takes_accidents_away(factor):
    laws = zone_laws(shock_rate=0.0, shock_share=0.0)
    less = replace(laws, own=factor * laws.own, transport=factor * laws.transport)
    base = Base.of(laws)
    whole, part = (_rows(simulate_block(one, 3, "knowledge", 0, base)) for one in (laws, less))
    assert part < whole
    assert abs(len(part) - factor * len(whole)) < 4 * np.sqrt(factor * (1 - factor) * len(whole))


@pytest.mark.parametrize("factor", [1.2, 3.0, 20.0])
def test_a_higher_rate_only_adds_accidents(factor):
    laws = zone_laws(shock_rate=0.0, shock_share=0.0)
    more = replace(laws, own=factor * laws.own, transport=factor * laws.transport)
    base = Base.of(laws)
    few, many = (simulate_block(one, 3, "knowledge", 0, base) for one in (laws, more))
    assert _rows(few) < _rows(many)
    expected = factor * (laws.own + laws.transport).sum() * 1000
    assert abs(many.by_year.sum() - expected) < 4 * np.sqrt(expected)
    assert (np.diff(many.year + many.time) >= 0).all()


def test_measures_at_one_plant_leave_the_others_accidents_as_they_are():
    laws = zone_laws()
    own = laws.own.copy()
    own[0] *= 0.4
    safer = replace(laws, own=own)
    base = Base.of(laws)
    before, after = (simulate_block(one, 3, "knowledge", 0, base) for one in (laws, safer))
    assert {row for row in _rows(before) if row[1] != 0} == {row for row in _rows(after) if row[1] != 0}
    assert {row for row in _rows(after) if row[1] == 0} < {row for row in _rows(before) if row[1] == 0}


def test_more_shocks_and_more_hits_keep_the_shocks_that_were_there():
    laws = zone_laws(own=[0.9, 0.8, 0.7], shock_share=0.3, shock_rate=0.5)
    base = Base.of(laws)
    # q doubles with the share; with the rate of shocks it is halved: twice the share and rate keep it.
    wider, oftener = replace(laws, shock_share=0.6), replace(laws, shock_share=0.6, shock_rate=1.0)
    few, wide, often = (simulate_block(one, 3, "main", 0, base) for one in (laws, wider, oftener))

    def hits(block):
        by_shock = block.cause == SHOCK
        return {
            (round(float(y + t), 9), int(p))
            for y, t, p in zip(block.year[by_shock], block.time[by_shock], block.plant[by_shock], strict=True)
        }

    assert hits(few) < hits(wide)
    assert hits(few) < hits(often)
    times = {at for at, _ in hits(few)}
    assert {at for at, _ in hits(often)} > times


def test_other_laws_of_heads_move_the_cost_and_not_the_accident():
    laws = zone_laws()
    dearer = replace(laws, heads=replace(laws.heads, scale=2.0 * laws.heads.scale, cap=2.0 * laws.heads.cap))
    base = Base.of(laws)
    one, two = (simulate_block(each, 3, "main", 0, base) for each in (laws, dearer))
    assert one.plant.tolist() == two.plant.tolist()
    assert 2.0 * one.loss == pytest.approx(two.loss)


def test_alias_tables_give_every_place_its_share():
    base = Base.of(zone_laws())
    for (cut, other), weights in zip(base.aliases, (base.rates, base.hits), strict=True):
        share = cut.copy()
        np.add.at(share, other, 1.0 - cut)
        assert share / cut.size == pytest.approx(weights / weights.sum())


def test_a_zone_without_any_rate_has_no_accidents():
    laws = zone_laws(own=[0.0, 0.0], transport=np.zeros(2), shock_rate=0.0, shock_share=0.0)
    block = simulate_block(laws, 3, "main", 0)
    assert len(block) == 0
    assert block.by_year.sum() == block.by_plant.sum() == 0
    assert block.loss.shape == (0, 5)


def test_a_rate_where_the_base_has_none_is_refused():
    base = Base.of(zone_laws(own=[0.1, 0.0]))
    with pytest.raises(ArgumentError, match=r"rate\[1\] = .* with base rate 0"):
        simulate_block(zone_laws(own=[0.1, 0.1]), 3, "main", 0, base)


def test_a_base_of_another_world_is_refused():
    base = Base.of(zone_laws(own=[1e-9, 1e-9]))
    with pytest.raises(ArgumentError, match=r"take the base of its central model"):
        simulate_block(zone_laws(own=[0.5, 0.5]), 3, "main", 0, base)
