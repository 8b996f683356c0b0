# SPDX-License-Identifier: Apache-2.0
"""Drought: how often, how deep, in which counties, and what withers."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from peril_years import follows_its_key, holds_what_the_law_needs, is_in_order_and_in_bounds
from scipy.stats import multivariate_normal, norm
from shipped_exposure import exposure_of, shipped_exposure

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.resource.book import Book
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils import drought
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.perils.drought import (
    KIND,
    MOST_PROBABILITY,
    PARAMETERS,
    DroughtLaw,
    drought_law,
)
from greenrisk.resource.perils.local_noise import uniforms

CARD = read_card(Path(__file__).parents[3] / "models" / "drought-judged.yaml")
P = CARD.values()["probability"]


def law(scale: float = 1.0, **values: float) -> DroughtLaw:
    return drought_law(shipped_exposure(), {**CARD.values(), **values}, CARD.constants, scale)


def hits(years: PerilYears) -> dict[tuple[int, int], tuple[float, float]]:
    keys = zip(years.event_year[years.hit_event].tolist(), years.hit_stand.tolist(), strict=True)
    return dict(zip(keys, zip(years.hit_area.tolist(), years.hit_degree.tolist(), strict=True), strict=True))


def test_the_card_brings_what_the_law_needs():
    holds_what_the_law_needs(CARD, drought)


def test_a_region_has_a_drought_where_any_of_its_counties_has_one():
    model = law()
    counties = len(model.counties)
    covariance = np.full((counties, counties), 0.75) + 0.25 * np.eye(counties)
    # P(no county below t) = P(all of -I below -t).
    none = multivariate_normal(np.zeros(counties), covariance, seed=1).cdf(np.full(counties, -norm.ppf(P)))
    assert_allclose(model.expected_events(), 1 - none, atol=2e-4)
    years = 30 * BLOCK_LENGTH
    events = sum(model.simulate(5, "main", block).event_year.size for block in range(30))
    assert abs(events - years * model.expected_events()) < 4 * math.sqrt(years * 0.2 * 0.8)


def test_one_county_alone_is_in_drought_with_the_probability_of_the_card():
    book = shipped_exposure().book
    here = book.county == book.counties.index("Leping")
    columns = {field.name: getattr(book, field.name) for field in dataclasses.fields(Book)}
    columns = {name: column[here] for name, column in columns.items() if name != "counties"}
    part = Book(**{**columns, "county": np.zeros(int(here.sum()), dtype=np.int64), "counties": ("Leping",)})
    alone = drought_law(exposure_of(part), CARD.values(), CARD.constants, 1.0)
    assert_allclose(alone.expected_events(), P, rtol=1e-4)
    # Its index is its own, whoever else is in the book.
    whole = law()
    place = whole.counties.index("Leping")
    assert_array_equal(alone.indices(5, "main", 0)[:, 0], whole.indices(5, "main", 0)[:, place])


def test_counties_share_their_deficits_as_far_as_the_card_says():
    index = np.concatenate([law().indices(5, "main", block) for block in range(20)])
    assert_allclose(index.std(axis=0), 1.0, atol=4 / math.sqrt(2 * len(index)))
    correlation = np.corrcoef(index.T)[np.triu_indices(index.shape[1], 1)]
    assert_allclose(correlation, 0.75, atol=4 * (1 - 0.75**2) / math.sqrt(len(index)))


def test_the_book_loses_on_average_what_the_quadrature_says():
    model = law()
    stands = model.county.size
    yearly = []
    for block in range(30):
        years = model.simulate(11, "main", block)
        loss = years.hit_area * years.hit_degree / stands
        yearly.append(np.bincount(years.event_year[years.hit_event], weights=loss, minlength=BLOCK_LENGTH))
    sample = np.concatenate(yearly)
    error = sample.std() / math.sqrt(sample.size)
    assert abs(sample.mean() - model.expected_shares().mean()) < 4 * error


def test_the_quadrature_agrees_with_a_plain_simulation_of_one_stand():
    # A bamboo grove of middle age by the definition: index, depth below the threshold, degree, dry ground, area.
    rng = np.random.default_rng(3)
    n = 2_000_000
    depth = norm.ppf(P) - rng.standard_normal(n)
    degree = np.where(depth > 0, 0.4 * (1 - np.exp(-1.0 * depth)), 0.0)
    suffers = (degree >= 0.05) & (rng.random(n) < 0.04)
    loss = np.where(suffers, degree * rng.random(n) ** 1.5, 0.0)  # mean of U^1.5 = 1 / 2.5 = 0.4
    model = law()
    grove = np.flatnonzero(model.class_code == 3 * 3 + 1)[0]
    assert abs(loss.mean() - model.expected_shares()[grove]) < 4 * loss.std() / math.sqrt(n)


def test_the_compiled_loop_hits_what_the_definition_says():
    model = law()
    index = model.indices(2, "main", 0)
    found = hits(model.simulate(2, "main", 0))
    stands = np.arange(model.county.size)
    dry = np.flatnonzero((index < norm.ppf(P)).any(axis=1))
    for year in dry[:20]:
        depth = np.maximum(norm.ppf(P) - index[year], 0.0)[model.county]
        degree = model.vulnerability[model.class_code] * (1 - np.exp(-depth))
        luck = uniforms(2, "main", KIND, 0, year, 0, stands)
        here = {stand: value for (when, stand), value in found.items() if when == year}
        expected = np.flatnonzero((degree >= 0.05) & (luck < 0.04))
        assert sorted(here) == expected.tolist()
        for stand in expected:
            assert_allclose(here[stand], ((1 - luck[stand] / 0.04) ** 1.5, degree[stand]), rtol=1e-6)


def test_a_scale_of_two_doubles_the_droughts_of_a_county_and_leaves_their_depth_alone():
    one, two = law(), law(scale=2.0)
    assert_allclose(two.expected_shares(), 2 * one.expected_shares(), rtol=1e-12)
    rank = np.array([0.01, 0.3, 1.0])
    assert_array_equal(one.severity(rank), two.severity(rank))
    assert one.expected_events() < two.expected_events() < 2 * one.expected_events()
    for model, chance in ((one, P), (two, 2 * P)):
        dry = np.concatenate(
            [norm.cdf(model.indices(5, "main", b)[:, 0]) < model.probability for b in range(20)]
        )
        assert abs(dry.mean() - chance) < 4 * math.sqrt(chance * (1 - chance) / dry.size)


def test_a_scale_that_asks_for_more_than_a_drought_a_year_is_capped_and_says_so():
    assert not law(scale=7.5).capped
    model = law(scale=20.0)
    assert model.capped
    assert model.probability == MOST_PROBABILITY


def test_a_scale_of_nothing_brings_nothing():
    model = law(scale=0.0)
    assert model.expected_events() == 0.0
    assert model.simulate(5, "main", 0).event_year.size == 0


def test_a_drought_hits_its_counties_only_and_some_droughts_spare_one():
    model = law()
    years = model.simulate(2, "main", 0)
    dry = model.indices(2, "main", 0) < norm.ppf(P)
    when = years.event_year[years.hit_event]
    assert dry[when, model.county[years.hit_stand]].all()
    assert 0 < dry[years.event_year].mean() < 1
    assert len(set(years.event_year.tolist())) == years.event_year.size


def test_young_stands_and_bamboo_suffer_most_and_old_stands_least():
    vulnerability = law().vulnerability.reshape(4, 3)
    assert (np.diff(vulnerability, axis=1) < 0).all()
    assert vulnerability[:, 1].argmax() == 3
    # Young conifer: odds 8 * 0.12 / 0.88 = 12 / 11, degree 12 / 23.
    assert_allclose(vulnerability[0, 0], 12 / 23)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_moves_what_is_lost(name: str):
    low, high = (
        law(**{name: end}).simulate(2, "main", 0) for end in map(float, CARD.parameters[name].ends())
    )
    assert low.hit_area @ low.hit_degree != high.hit_area @ high.hit_degree


def test_a_small_change_of_a_parameter_changes_few_hits():
    before, after = (hits(law(dry_share=share).simulate(2, "main", 0)) for share in (0.04, 0.0396))
    assert after.keys() <= before.keys()
    assert 0 < len(before) - len(after) < 0.03 * len(before)


def test_what_is_hit_is_in_order_and_in_bounds_and_the_same_each_time():
    follows_its_key(law())
    years = law().simulate(2, "main", 1)
    is_in_order_and_in_bounds(years)
    assert (np.diff(years.event_year) > 0).all()
    assert (years.hit_degree >= 0.05).all()


def test_droughts_are_declared_from_july_to_november():
    days = np.concatenate([law().simulate(2, "main", block).event_day for block in range(3)])
    assert days.min() >= 181
    assert days.max() <= 333
    assert days.max() - days.min() > 140


def test_values_that_make_no_law_are_refused_all_at_once():
    with pytest.raises(ArgumentError) as refused:
        law(scale=-1.0, probability=0.99, odds_old=0.0, area_share=1.0)
    assert [fault.where for fault in refused.value.faults] == [
        "scale",
        "probability",
        "odds_old",
        "area_share",
    ]
