# SPDX-License-Identifier: Apache-2.0
"""Accident rates of plants against lines of algebra, one plant at a time."""

import math
from dataclasses import replace

import numpy as np
import pytest
from shipped_frequency import cards, exposure, leping, records, values

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.accidents.exposure import exposure_of, own_accidents
from greenrisk.pollution.accidents.rates import plant_rates, rating_factors
from greenrisk.pollution.accidents.roles import SOURCES
from greenrisk.pollution.tables import EQUIPMENT, HISTORY_KINDS

FIRST = 0  # LZ01, the chlor-alkali works


def test_the_rate_of_a_plant_is_the_weighted_geometric_mean_of_its_sources_times_factors_and_transfer():
    v, rates = values(), plant_rates(exposure(), values(), transfer=2.0)
    leaks = leping().equipment
    fence = {"small": v["accidents"]["beyond_fence_small"], "large": v["accidents"]["beyond_fence_large"]}
    of_equipment = sum(
        amount * (records().leak[sort, 0] * fence["small"] + records().leak[sort, 1] * fence["large"])
        for plant, sort, amount in zip(leaks.plant, leaks.sort, leaks.amount, strict=True)
        if plant == FIRST
    )
    said = [0.018, of_equipment, 0.02066, 0.00442]  # card, equipment, NAICS 3251, chlorine
    errors = [0.0, 0.0, 0.00127 / 0.02066, 0.0003 / 0.00442]
    spreads = [v["accidents"][f"spread_{source}"] for source in SOURCES]
    weights = [1.0 / (spread**2 + error**2) for spread, error in zip(spreads, errors, strict=True)]
    pooled = math.exp(sum(w * math.log(r) for w, r in zip(weights, said, strict=True)) / sum(weights))
    factor = 1.0 * 0.7 * 0.8  # grade larger, advanced prevention, green credit
    assert rates.pooled[FIRST] == pytest.approx(pooled, rel=1e-12)
    assert rates.prior[FIRST] == pytest.approx(2.0 * pooled * factor, rel=1e-12)
    assert rates.weight[:, FIRST].sum() == pytest.approx(1.0)


def test_own_years_are_weighed_against_a_gamma_law_of_plants():
    """(a + n) / (a / prior + T) with a = 1: one accident in eight years."""
    rates = plant_rates(exposure(), values())
    prior = rates.prior[FIRST]
    assert rates.posterior[FIRST] == pytest.approx((1.0 + 1.0) / (1.0 / prior + 8.0), rel=1e-12)
    z = rates.credibility[FIRST]
    assert z == pytest.approx(8.0 / (8.0 + 1.0 / prior))
    assert rates.posterior[FIRST] == pytest.approx(z * 1.0 / 8.0 + (1 - z) * prior, rel=1e-12)


def test_many_own_years_leave_nothing_of_the_prior_and_none_leave_it_alone():
    long = replace(exposure(), years=np.full(34, 1e7), accidents=np.full(34, 2e5))
    rates = plant_rates(long, values())
    np.testing.assert_allclose(rates.posterior, 0.02, rtol=1e-4)
    none = plant_rates(replace(exposure(), years=np.zeros(34), accidents=np.zeros(34)), values())
    np.testing.assert_allclose(none.posterior, none.prior, rtol=1e-12)
    assert np.isnan(none.own).all()


def test_a_source_alone_gives_its_own_rate_where_it_says_anything_and_else_that_of_the_activity():
    rates = plant_rates(exposure(), values())
    for place, source in enumerate(SOURCES):
        alone = plant_rates(exposure(), values(), only=source)
        says = ~np.isnan(rates.source[place])
        np.testing.assert_allclose(alone.pooled[says], rates.source[place][says], rtol=1e-12)
        np.testing.assert_allclose(alone.pooled[~says], rates.source[0][~says], rtol=1e-12)


def test_penalties_are_no_accidents_and_accidents_of_all_levels_count():
    history = leping().history
    expected = np.zeros(34)
    for plant, kind in zip(history.plant, history.kind, strict=True):
        expected[plant] += HISTORY_KINDS[kind] == "accident"
    found = own_accidents(history, 34, "site") + own_accidents(history, 34, "road")
    np.testing.assert_array_equal(found, expected)
    assert expected.sum() < history.plant.size


def test_the_reported_chemical_with_the_highest_rate_stands_for_a_plant():
    """LZ02 holds vinyl chloride, 0.01957, and others below it; LZ05 nothing that is reported."""
    assert exposure().reported_as[1] == "vinyl chloride"
    assert exposure().chemical[1, 0] == pytest.approx(0.01957)
    assert exposure().reported_as[4] == ""
    assert np.isnan(exposure().chemical[4, 0])


def test_the_industry_is_matched_by_its_longest_prefix_and_else_all_facilities_stand_for_it():
    codes = np.array(["2614", "2681", "2710", "5166", "9999"])
    assert records().naics(codes).tolist() == ["3251", "3256", "325", "4246", ""]
    unmatched = np.flatnonzero(exposure().naics == "")
    np.testing.assert_allclose(exposure().industry[unmatched, 0], 0.00722)


def test_loading_is_counted_by_the_hour_and_pipes_by_the_metre():
    leak = records().leak
    assert leak[EQUIPMENT.index("loading_arm")].tolist() == [3e-7, 3e-8]
    assert leak[EQUIPMENT.index("pipe_small")].tolist() == [5e-6, 1e-6]
    assert leak[EQUIPMENT.index("double_containment_tank"), 1] == pytest.approx(2 * 1.25e-8)


def test_transport_is_the_rate_of_a_kilometre_times_the_kilometres_without_transfer():
    routes = leping().vehicles
    silent = replace(exposure(), road_years=np.zeros(34), road_accidents=np.zeros(34))
    rates = plant_rates(silent, values(), transfer=3.0)
    km = sum(
        t * d for p, t, d in zip(routes.plant, routes.trips, routes.km_per_trip, strict=True) if p == FIRST
    )
    assert rates.transport[FIRST] == pytest.approx(2.5e-7 * km)
    np.testing.assert_allclose(rates.transport, rates.transport_prior, rtol=1e-12)


def test_own_years_on_the_road_are_weighed_against_the_rate_of_its_kilometres():
    """LZ31: one accident on the road in its years; (a + n) / (a / prior + T) with a = 1."""
    fleet = leping().plants.ids.tolist().index("LZ31")
    prior = 2.5e-7 * exposure().km[fleet]
    years = leping().plants.years_observed[fleet]
    rates = plant_rates(exposure(), values())
    assert exposure().road_accidents[fleet] == 1.0
    assert exposure().accidents[fleet] == 0.0
    assert rates.transport[fleet] == pytest.approx((1.0 + 1.0) / (1.0 / prior + years), rel=1e-12)
    assert rates.transport_credibility[fleet] == pytest.approx(years / (years + 1.0 / prior), rel=1e-12)
    more = replace(exposure(), road_accidents=exposure().road_accidents + 5.0 * (np.arange(34) == fleet))
    moved = plant_rates(more, values())
    assert moved.transport[fleet] == pytest.approx((1.0 + 6.0) / (1.0 / prior + years), rel=1e-12)
    np.testing.assert_array_equal(moved.posterior, rates.posterior)
    assert plant_rates(exposure(), values()).transport[4] == 0.0  # LZ05 carries nothing


def test_a_history_without_places_says_nothing_of_the_road_and_an_empty_place_is_the_site():
    history = leping().history
    accidents = own_accidents(history, 34, "site") + own_accidents(history, 34, "road")
    without = replace(leping(), history=replace(history, place=None))
    given = exposure_of(without, exposure().grade, records())
    np.testing.assert_array_equal(given.accidents, accidents)
    assert not given.road_years.any()
    untold = replace(history, place=np.full(history.plant.size, -1))
    given = exposure_of(replace(leping(), history=untold), exposure().grade, records())
    np.testing.assert_array_equal(given.accidents, accidents)
    np.testing.assert_array_equal(given.road_years, leping().plants.years_observed)
    assert not given.road_accidents.any()


@pytest.mark.parametrize(
    ("role", "name", "up"),
    [
        ("accidents", "rate_production", True),
        ("accidents", "rate_storage", True),
        ("accidents", "rate_trade", True),
        ("accidents", "rate_transport", True),
        ("accidents", "beyond_fence_small", True),
        ("accidents", "beyond_fence_large", True),
        ("accidents", "rate_per_vehicle_km", True),
        ("rating_factors", "grade_larger", True),
        ("rating_factors", "prevention_basic", True),
        ("rating_factors", "prevention_standard", True),
        ("rating_factors", "prevention_advanced", True),
        ("rating_factors", "credit_green", True),
        ("rating_factors", "credit_blue", True),
        ("rating_factors", "credit_yellow", True),
        ("rating_factors", "credit_red", True),
        ("rating_factors", "credit_unknown", True),
        # own accidents of the zone exceed the prior: what weighs them more raises the rates
        ("accidents", "plant_shape", False),
        # the equipment says least: to trust it less raises the rates
        ("accidents", "spread_equipment", True),
        ("accidents", "spread_activity", False),
        ("accidents", "spread_industry", False),
    ],
)
def test_every_number_of_the_cards_moves_the_zone_the_way_it_should(role: str, name: str, up: bool):
    base = plant_rates(exposure(), values())
    moved = values()
    moved[role][name] = 1.3 * float(moved[role][name])
    found = plant_rates(exposure(), moved)
    change = (found.posterior + found.transport).sum() - (base.posterior + base.transport).sum()
    assert (change > 0) == up
    assert change != 0


def test_a_plant_without_a_grade_has_grade_factor_one():
    refused = replace(exposure(), grade=np.full(34, -1))
    assert rating_factors(refused, values()["rating_factors"])[0].tolist() == [1.0] * 34
    major = replace(exposure(), grade=np.full(34, 2))
    assert rating_factors(major, values()["rating_factors"])[0].tolist() == [1.3] * 34


def test_numbers_out_of_their_domain_are_refused_by_name():
    wrong = values()
    wrong["accidents"]["rate_storage"] = 0.0
    with pytest.raises(ArgumentError, match="rate_storage"):
        plant_rates(exposure(), wrong)
    wrong = values()
    wrong["rating_factors"]["credit_red"] = -1.0
    with pytest.raises(ArgumentError, match="credit_red"):
        plant_rates(exposure(), wrong)
    with pytest.raises(ArgumentError, match="transfer"):
        plant_rates(exposure(), values(), transfer=0.0)


def test_the_prior_of_an_activity_has_the_stated_standard_deviation_ln_3():
    for activity in ("production", "storage", "trade", "transport"):
        low, high = (float(end) for end in cards()["accidents"].parameters[f"rate_{activity}"].ends())
        assert math.log(high / low) / (2 * 1.6448536) == pytest.approx(math.log(3.0), rel=0.005)
