# SPDX-License-Identifier: Apache-2.0
"""Snow and ice: how many spells, what load, which stands give way."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from peril_years import follows_its_key, holds_what_the_law_needs, is_in_order_and_in_bounds
from shipped_exposure import shipped_exposure

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils import snow_ice
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.perils.local_noise import uniforms
from greenrisk.resource.perils.snow_ice import (
    KIND,
    PARAMETERS,
    WAVES,
    SnowIceLaw,
    Spells,
    snow_ice_law,
)

CARD = read_card(Path(__file__).parents[3] / "models" / "snow-ice-judged.yaml")
STANDS = 400


def law(scale: float = 1.0, **values: float) -> SnowIceLaw:
    return snow_ice_law(shipped_exposure(STANDS), {**CARD.values(), **values}, CARD.constants, scale)


def hits(years: PerilYears) -> dict[tuple[int, int], tuple[float, float]]:
    keys = zip(years.hit_event.tolist(), years.hit_stand.tolist(), strict=True)
    return dict(zip(keys, zip(years.hit_area.tolist(), years.hit_degree.tolist(), strict=True), strict=True))


def one_spell(drawn: Spells, **values: object) -> Spells:
    first = {field.name: getattr(drawn, field.name)[:1] for field in dataclasses.fields(Spells)}
    return Spells(**{**first, **values})


def test_the_card_brings_what_the_law_needs():
    holds_what_the_law_needs(CARD, snow_ice)


def test_spells_are_as_many_as_expected_and_a_scale_of_two_doubles_them():
    one, two = law(), law(scale=2.0)
    assert two.expected_events() == 2 * one.expected_events() == 2 * CARD.values()["spells_a_year"]
    years = 20 * BLOCK_LENGTH
    for model in (one, two):
        events = sum(model.spells(5, "main", block).year.size for block in range(20))
        expected = years * model.expected_events()
        assert abs(events - expected) < 4 * math.sqrt(expected)
    assert_allclose(two.expected_shares(), 2 * one.expected_shares(), rtol=1e-12)


def test_a_scale_of_nothing_brings_nothing():
    years = law(scale=0.0).simulate(5, "main", 0)
    assert years.event_year.size == years.hit_stand.size == 0


def test_the_book_loses_on_average_what_the_quadrature_says():
    model = law()
    yearly = []
    for block in range(60):
        years = model.simulate(11, "main", block)
        loss = years.hit_area * years.hit_degree / STANDS
        yearly.append(np.bincount(years.event_year[years.hit_event], weights=loss, minlength=BLOCK_LENGTH))
    sample = np.concatenate(yearly)
    error = sample.std() / math.sqrt(sample.size)
    assert abs(sample.mean() - model.expected_shares().mean()) < 4 * error


def test_the_quadrature_agrees_with_a_plain_simulation_of_one_stand():
    # A young conifer stand by the law's definition, with draws of its own: no field, no book, no kernel.
    v = {name: float(value) for name, value in CARD.values().items()}
    rng = np.random.default_rng(3)
    n = 400_000
    load = np.exp(v["load_sigma"] * rng.standard_normal(4 * n))
    load = load[load <= v["load_cap"]][:n]
    exposed = v["field_sigma"] * rng.standard_normal(n) + v["local_sigma"] * rng.uniform(-(3**0.5), 3**0.5, n)
    ratio = load * np.exp(exposed) / (v["resistance_conifer"] * v["resistance_young"])
    odds = ratio ** v["steepness"]
    degree, mean_area = odds / (1 + odds), v["area_odds"] * odds / (1 + v["area_odds"] * odds)
    area = rng.random(n) ** ((1 - mean_area) / mean_area)
    broken = (degree >= 0.05) & (area >= 0.01)
    frost = 1 - (1 - v["frost_degree"]) ** (2 * rng.random(n))
    pocket = (rng.random(n) < v["frost_chance"]) & (rng.random(n) < v["frost_pockets"])
    cold = rng.random(n)
    bitten = pocket & ~broken & (frost >= 0.05) & (cold >= 0.01)
    loss = v["spells_a_year"] * (np.where(broken, area * degree, 0.0) + np.where(bitten, cold * frost, 0.0))
    model = law()
    young_conifer = np.flatnonzero(model.class_code == 0)[0]
    error = loss.std() / math.sqrt(n)
    assert abs(loss.mean() - model.expected_shares()[young_conifer]) < 4 * error


def test_the_compiled_loop_hits_what_the_definition_says():
    model = law(frost_chance=0.9, frost_pockets=0.5)
    drawn = model.spells(2, "main", 0)
    found = hits(model.simulate(2, "main", 0))
    for event in range(40):
        who = (2, "main", KIND, 0, drawn.year[event], drawn.rank[event], np.arange(STANDS))
        own, luck, pocket = (uniforms(*who, variable=name) for name in ("exposure", "area", "frost"))
        load = drawn.log_load[event] + model.field_sigma * drawn.waves[event] @ model.field
        excess = load + model.local_half_width * (2 * own - 1)
        excess -= model.log_resistance[int(drawn.glaze[event])][model.class_code]
        odds = np.exp(model.steepness * excess)
        degree, area = odds / (1 + odds), (1 - luck) ** (1 / (model.area_odds * odds))
        broken = (degree >= 0.05) & (area >= 0.01)
        place = 1 - pocket / 0.5
        bitten = ~broken & (model.class_code % 3 == 0) & (place >= 0.01) & (drawn.frost[event] >= 0.05)
        expected = {s: (area[s], degree[s]) for s in np.flatnonzero(broken)}
        expected |= {s: (place[s], drawn.frost[event]) for s in np.flatnonzero(bitten)}
        here = {stand: value for (spell, stand), value in found.items() if spell == event}
        assert here.keys() == expected.keys()
        for stand, value in here.items():
            assert_allclose(value, expected[stand], rtol=1e-9)


def test_the_field_is_standard_normal_everywhere_and_near_stands_fare_alike():
    exposure = shipped_exposure(STANDS)
    x, y = exposure.landscape.x_km[:STANDS], exposure.landscape.y_km[:STANDS]
    field = law(field_length=20.0).field
    correlation = field.T @ field / WAVES
    assert_allclose(np.diag(correlation), 1.0, rtol=1e-12)
    apart = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    gaussian = np.exp(-(apart**2) / (2 * 20.0**2))
    assert np.abs(correlation - gaussian)[apart < 20].max() < 0.05
    assert np.abs(correlation - gaussian)[apart < 60].max() < 0.25


def test_a_heavier_load_hits_all_that_a_lighter_one_hits_and_harder():
    model = law()
    drawn = model.spells(2, "main", 0)
    light, heavy = (
        hits(model.strike(one_spell(drawn, log_load=np.log([load]), frost=np.zeros(1))))
        for load in (4.0, 6.0)
    )
    assert 0 < len(light) < len(heavy)
    assert light.keys() <= heavy.keys()
    assert all(heavy[key][0] >= area and heavy[key][1] > degree for key, (area, degree) in light.items())


def test_the_largest_load_hits_a_third_of_the_stands_of_every_county():
    exposure = shipped_exposure()
    model = snow_ice_law(exposure, CARD.values(), CARD.constants, 1.0)
    drawn = model.spells(2, "main", 0)
    still = one_spell(
        drawn, log_load=np.log([6.0]), waves=np.zeros((1, 2 * WAVES)), glaze=np.ones(1, dtype=bool)
    )
    hit = model.strike(still).hit_stand
    share = np.bincount(exposure.book.county[hit]) / np.bincount(exposure.book.county)
    assert ((share > 0.25) & (share < 0.55)).all()


def test_bamboo_gives_way_first_and_glaze_breaks_broadleaf_that_snow_spares():
    model = law()
    snow, glaze = model.log_resistance.reshape(2, 4, 3)
    assert snow[:, 1].argmin() == 3
    assert_allclose(glaze - snow, math.log(0.7) * np.array([0, 1, 0.5, 0])[:, None] * np.ones(3), atol=1e-12)


def test_frost_bites_none_but_young_stands():
    model = law(resistance_conifer=1e6, resistance_broadleaf=1e6, resistance_mixed=1e6, resistance_bamboo=1e6)
    years = model.simulate(2, "main", 0)
    assert years.hit_stand.size > 0
    assert set(model.class_code[years.hit_stand] % 3) == {0}
    # Median degree 0.12: depths from 0 to 1 give 1 - 0.88^(2 V), below 1 - 0.88^2.
    assert years.hit_degree.max() < 1 - 0.88**2


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_moves_what_is_lost(name: str):
    low, high = (
        law(**{name: end}).simulate(2, "main", 0) for end in map(float, CARD.parameters[name].ends())
    )
    assert low.hit_area @ low.hit_degree != high.hit_area @ high.hit_degree


def test_a_small_change_of_resistance_changes_few_hits():
    before, after = (hits(law(resistance_conifer=r).simulate(2, "main", 0)) for r in (10.0, 10.1))
    assert after.keys() <= before.keys()
    assert 0 < len(before) - len(after) < 0.03 * len(before)


def test_spells_that_a_smaller_scale_keeps_are_the_same():
    many, few = law(scale=1.5).spells(2, "main", 0), law().spells(2, "main", 0)
    cells = {(y, r): i for i, (y, r) in enumerate(zip(many.year.tolist(), many.rank.tolist(), strict=True))}
    kept = [cells[cell] for cell in zip(few.year.tolist(), few.rank.tolist(), strict=True)]
    assert len(kept) < many.year.size
    for field in ("day", "log_load", "glaze", "frost", "waves", "keys"):
        assert_array_equal(getattr(many, field)[kept], getattr(few, field))


def test_what_is_hit_is_in_order_and_in_bounds_and_the_same_each_time():
    follows_its_key(law())
    years = law().simulate(2, "main", 1)
    is_in_order_and_in_bounds(years)
    assert (years.hit_degree >= 0.05).all()
    assert (years.hit_area >= 0.01).all()


def test_spells_come_from_november_to_march():
    days = law().spells(2, "main", 0).day
    assert ((days >= 304) | (days <= 89)).all()
    assert (days >= 304).any()
    assert (days <= 89).any()


def test_values_that_make_no_law_are_refused_all_at_once():
    with pytest.raises(ArgumentError) as refused:
        law(scale=-1.0, load_cap=1.0, glaze_share=1.2, steepness=0.0)
    assert [fault.where for fault in refused.value.faults] == [
        "scale",
        "load_cap",
        "steepness",
        "glaze_share",
    ]
