# SPDX-License-Identifier: Apache-2.0
"""Storms: strips of gusts that throw patches."""

from pathlib import Path

import numpy as np
import pytest
from peril_years import (
    follows_its_key,
    hits_of,
    holds_what_the_law_needs,
    is_in_order_and_in_bounds,
    rank_of,
    same,
)
from scipy.special import expit, logit, ndtri
from shipped_exposure import shipped_exposure

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.streams import cell_uniforms
from greenrisk.resource.book import SPECIES_GROUPS
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils import storm
from greenrisk.resource.perils.damage import age_class
from greenrisk.resource.perils.local_noise import uniforms
from greenrisk.resource.perils.stand_cells import lottery
from greenrisk.resource.perils.storm import PARAMETERS, StormLaw, storm_law

CARD = read_card(Path(__file__).parents[3] / "models" / "storm-judged.yaml")
STANDS = 600


def law(scale: float = 1.0, constants: dict[str, float] | None = None, **values: float) -> StormLaw:
    """The law of the shipped card with some numbers replaced, over the first stands of the book."""
    fixed = {**CARD.constants, **(constants or {})}
    return storm_law(shipped_exposure(STANDS), {**CARD.values(), **values}, fixed, scale)


def critical_of_stands(values: dict[str, float]) -> np.ndarray:
    """Critical gust of each stand in its place, from the card's words."""
    book = shipped_exposure(STANDS).book
    conifer, broadleaf, bamboo = (values[f"critical_{s}"] for s in ("conifer", "broadleaf", "bamboo"))
    species = np.array([conifer, broadleaf, (conifer * broadleaf) ** 0.5, bamboo])[book.species]
    age = np.array([values["critical_young"], 1.0, values["critical_old"]])[age_class(book.species, book.age)]
    return species * age * np.exp(-values["exposure_spread"] * ndtri(lottery(book, "storm exposure")))


def test_the_card_holds_what_the_law_needs_and_says_that_it_is_judged():
    holds_what_the_law_needs(CARD, storm)
    assert {p.status for p in CARD.parameters.values()} == {"illustrative"}


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_moves_the_outcome_at_both_ends_of_its_range(name: str):
    base = law(3.0).simulate(1, "main", 0)
    for end in CARD.parameters[name].ends():
        assert not same(law(3.0, **{name: end}).simulate(1, "main", 0), base)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("season_first_day", 120),
        ("season_last_day", 300),
        ("damage_gust", 22.0),
        ("largest_gust", 35.0),
        ("margin", 20.0),
        ("least_area", 0.05),
    ],
)
def test_every_constant_moves_the_outcome(name: str, value: float):
    changed = law(3.0, {name: value}).simulate(1, "main", 0)
    assert not same(changed, law(3.0).simulate(1, "main", 0))


def test_hits_are_those_of_a_plain_pass_over_all_storms_and_stands():
    n = {**CARD.values(), **CARD.constants}
    storms, book = law(3.0), shipped_exposure(STANDS).book
    seen = storms.simulate(5, "main", 2)
    counts = np.bincount(seen.event_year, minlength=BLOCK_LENGTH)
    names = ("day", "heading", "offset", "gust", "width")
    cell = cell_uniforms(5, "main", "storm", block=2, counts=counts, variables=names)
    x, y = shipped_exposure(STANDS).landscape.x_km[:STANDS], shipped_exposure(STANDS).landscape.y_km[:STANDS]
    x, y = x - (x.min() + x.max()) / 2, y - (y.min() + y.max()) / 2
    heading = np.radians(n["heading"] + n["heading_spread"] * ndtri(cell["heading"]))[:, None]
    offset = (2 * cell["offset"] - 1) * (np.hypot(x, y).max() + n["margin"])
    excess = n["gust_excess"] * (-np.log(1 - cell["gust"])) ** (1 / n["gust_shape"])
    peak = np.minimum(n["damage_gust"] + excess, n["largest_gust"])[:, None]
    width = (n["width"] * np.exp(n["width_spread"] * ndtri(cell["width"])))[:, None]
    # The line runs along (sin, cos) of the heading; (cos, -sin) points to its right.
    distance = np.abs(x * np.cos(heading) - y * np.sin(heading) - offset[:, None])
    gust = peak * np.exp(-((distance / width) ** 2) / 2)
    power = np.maximum((gust / critical_of_stands(n)) ** n["steepness"], 1e-300)
    draw = (5, "main", "storm", 2, seen.event_year[:, None], rank_of(seen)[:, None])
    shape = gust.shape
    area = uniforms(*draw, 2 * np.arange(STANDS)).reshape(shape) ** (1 / power)
    medians = logit([n["degree_conifer"], n["degree_broadleaf"], n["degree_bamboo"]])
    median = np.array([medians[0], medians[1], (medians[0] + medians[1]) / 2, medians[2]])[book.species]
    luck = logit(uniforms(*draw, 2 * np.arange(STANDS) + 1).reshape(shape))
    degree = expit(median + n["degree_spread"] * luck)
    hit = (gust > n["damage_gust"]) & (distance < n["margin"]) & (area >= n["least_area"])
    order = np.lexsort((seen.hit_stand, seen.hit_event))
    event, stand = np.nonzero(hit)
    assert event.size > 500
    assert seen.hit_event[order].tolist() == event.tolist()
    assert seen.hit_stand[order].tolist() == stand.tolist()
    np.testing.assert_allclose(seen.hit_area[order], area[hit], rtol=1e-9)
    np.testing.assert_allclose(seen.hit_degree[order], degree[hit], rtol=1e-9)


def test_the_mean_loss_is_the_integral_over_gusts_widths_and_distances():
    """A stand meets lines uniformly from all distances, wherever it lies: the integral knows no map."""
    n = {**CARD.values(), **CARD.constants}
    gusts = (np.arange(300) + 0.5) / 300
    gusts = 1 - gusts**2  # graded towards strong storms, weight 2 u
    weight = 2 * (np.arange(300) + 0.5) / 300 / 300
    excess = n["gust_excess"] * (-np.log1p(-gusts)) ** (1 / n["gust_shape"])
    peak = np.minimum(n["damage_gust"] + excess, n["largest_gust"])[:, None, None]
    scores = ndtri((np.arange(60) + 0.5) / 60)
    width = (n["width"] * np.exp(n["width_spread"] * scores))[None, :, None]
    reach = np.minimum(width * np.sqrt(2 * np.log(peak / n["damage_gust"])), n["margin"])
    distance = reach * (np.arange(40) + 0.5) / 40
    gust = peak * np.exp(-((distance / width) ** 2) / 2)
    critical = critical_of_stands(n)
    knots = np.linspace(critical.min(), critical.max(), 25)
    thrown = []
    for knot in knots:
        a = (gust / knot) ** n["steepness"]
        mean = (
            a / (1 + a) * (1 - n["least_area"] ** (1 + a))
        )  # integral of x a x^(a-1) from the least area to 1
        thrown.append(float((2 * reach[..., 0] * mean.mean(axis=2)).mean(axis=1) @ weight))
    share = n["storms_per_100_km"] / 100 * np.exp(np.interp(critical, knots, np.log(thrown)))
    book = shipped_exposure(STANDS).book
    luck = logit((np.arange(2000) + 0.5) / 2000)
    medians = logit([n["degree_conifer"], n["degree_broadleaf"], n["degree_bamboo"]])
    medians = [medians[0], medians[1], (medians[0] + medians[1]) / 2, medians[2]]
    degree = np.array([expit(m + n["degree_spread"] * luck).mean() for m in medians])[book.species]
    expected = 4.0 * float((share * degree * book.area_ha).sum())

    storms, lost = law(4.0), []
    for block in range(40):
        years = storms.simulate(11, "main", block)
        loss = years.hit_area * years.hit_degree * book.area_ha[years.hit_stand]
        lost.append(np.bincount(years.event_year[years.hit_event], weights=loss, minlength=BLOCK_LENGTH))
    yearly = np.concatenate(lost)
    assert abs(yearly.mean() - expected) < 4 * yearly.std() / np.sqrt(yearly.size)
    assert yearly.std() / np.sqrt(yearly.size) < 0.02 * expected


def test_the_number_of_storms_is_negative_binomial_for_each_kilometre_of_breadth():
    storms = law(dispersion=0.8)
    breadth = 2 * (storms.cells.radius_km + CARD.constants["margin"])
    mean = CARD.values()["storms_per_100_km"] * breadth / 100
    assert storms.expected_events() == pytest.approx(mean, rel=1e-12)
    counts = np.concatenate(
        [
            np.bincount(storms.simulate(3, "main", block).event_year, minlength=BLOCK_LENGTH)
            for block in range(20)
        ]
    )
    variance = mean + 0.8 * mean**2
    assert abs(counts.mean() - mean) < 4 * np.sqrt(variance / counts.size)
    assert counts.var() == pytest.approx(variance, rel=0.08)


@pytest.mark.parametrize(("heading", "across", "along"), [(90.0, "y_km", "x_km"), (0.0, "x_km", "y_km")])
def test_a_storm_hits_a_strip_along_its_heading(heading: float, across: str, along: str):
    land = shipped_exposure(STANDS).landscape
    years = law(3.0, heading=heading, heading_spread=0.0, width=4.0, width_spread=0.0).simulate(1, "main", 0)
    # No gust above the largest: the strip is at most 2 w sqrt(2 ln(largest / damage)) broad.
    broadest = 8.0 * np.sqrt(2 * np.log(CARD.constants["largest_gust"] / CARD.constants["damage_gust"]))
    longest = 0.0
    for event in np.unique(years.hit_event):
        hit = years.hit_stand[years.hit_event == event]
        assert np.ptp(getattr(land, across)[hit]) <= broadest
        longest = max(longest, np.ptp(getattr(land, along)[hit]))
    assert longest > 3 * broadest


def test_twice_the_scale_brings_twice_the_storms_and_keeps_those_there_were():
    one, two = law(1.0), law(2.0)
    assert two.expected_events() == pytest.approx(2 * one.expected_events(), rel=1e-12)
    few, many = hits_of(one.simulate(1, "main", 0)), hits_of(two.simulate(1, "main", 0))
    assert few
    assert few.items() < many.items()


def test_slightly_firmer_trees_lose_few_hits_and_gain_none():
    base = hits_of(law(3.0).simulate(1, "main", 0))
    firmer = hits_of(law(3.0, critical_conifer=52.5).simulate(1, "main", 0))
    assert firmer.keys() < base.keys()
    assert len(firmer) > 0.9 * len(base)
    assert all(area <= base[key][0] and degree == base[key][1] for key, (area, degree) in firmer.items())


def test_the_degree_does_not_move_which_stands_are_hit():
    base = law(3.0).simulate(1, "main", 0)
    milder = law(3.0, degree_conifer=0.6).simulate(1, "main", 0)
    assert np.array_equal(base.hit_stand, milder.hit_stand)
    assert np.array_equal(base.hit_area, milder.hit_area)
    conifer = shipped_exposure(STANDS).book.species[base.hit_stand] == SPECIES_GROUPS.index("conifer")
    assert (milder.hit_degree[conifer] < base.hit_degree[conifer]).all()


def test_old_conifers_are_thrown_first_and_young_bamboo_last():
    book, storms = shipped_exposure(STANDS).book, law(4.0, exposure_spread=0.0)
    age = age_class(book.species, book.age)
    thrown = np.zeros(STANDS)
    for block in range(10):
        years = storms.simulate(2, "main", block)
        thrown += np.bincount(years.hit_stand, weights=years.hit_area, minlength=STANDS)
    mean = {(s, a): thrown[(book.species == s) & (age == a)].mean() for s in range(4) for a in range(3)}
    conifer, broadleaf, bamboo = (SPECIES_GROUPS.index(s) for s in ("conifer", "broadleaf", "bamboo"))
    assert max(mean, key=mean.get) == (conifer, 2)
    assert min(mean, key=mean.get) == (bamboo, 0)
    assert mean[conifer, 1] > mean[broadleaf, 1] > mean[bamboo, 1]
    assert all(mean[s, 2] > mean[s, 0] for s in range(4))


def test_blocks_keep_the_order_the_ranges_and_the_season():
    years = law(3.0).simulate(1, "knowledge", 7)
    is_in_order_and_in_bounds(years)
    assert years.event_day.min() >= CARD.constants["season_first_day"] - 1
    assert years.event_day.max() <= CARD.constants["season_last_day"] - 1
    assert years.hit_area.min() >= CARD.constants["least_area"]


def test_the_same_key_gives_the_same_bits_and_every_other_key_others():
    follows_its_key(law())


def test_no_storm_is_a_law_too():
    years = law(0.0).simulate(1, "main", 0)
    assert years.event_year.size == years.hit_stand.size == 0


def test_numbers_that_make_no_law_are_refused_all_at_once():
    with pytest.raises(ArgumentError) as error:
        law(width=-1.0, degree_bamboo=1.5)
    assert [fault.what for fault in error.value.faults] == ["width = -1.0", "degree_bamboo = 1.5"]
    with pytest.raises(ArgumentError, match=r"largest_gust = 15.0\n  It must be a number from 20.8 to 150"):
        law(1.0, {"largest_gust": 15.0})
    with pytest.raises(ArgumentError, match="A season starts"):
        law(1.0, {"season_last_day": 60.0})
