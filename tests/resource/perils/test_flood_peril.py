# SPDX-License-Identifier: Apache-2.0
"""Rainstorms: flooded strips on banks, landslides on slopes."""

import math
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
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils import flood
from greenrisk.resource.perils.damage import age_class
from greenrisk.resource.perils.flood import PARAMETERS, FloodLaw, flood_law
from greenrisk.resource.perils.local_noise import uniforms
from greenrisk.resource.perils.stand_cells import lottery

CARD = read_card(Path(__file__).parents[3] / "models" / "flood-judged.yaml")
STANDS = 900


def law(scale: float = 1.0, constants: dict[str, float] | None = None, **values: float) -> FloodLaw:
    """The law of the shipped card with some numbers replaced, over the first stands of the book."""
    fixed = {**CARD.constants, **(constants or {})}
    return flood_law(shipped_exposure(STANDS), {**CARD.values(), **values}, fixed, scale)


def traits(n: dict[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Bank and slope stands, logit of the strip's median degree and slides at twice the threshold, from the words."""
    book = shipped_exposure(STANDS).book
    ticket, age = lottery(book, "flood lie"), age_class(book.species, book.age)
    odds = np.array([n["odds_conifer"], 1.0, n["odds_conifer"] ** 0.5, n["odds_bamboo"]])
    roots = np.array([n["slides_conifer"], 1.0, n["slides_conifer"] ** 0.5, n["slides_bamboo"]])
    degree = np.array([n["degree_young"], n["degree_middle"], n["degree_old"]])
    young = np.where(age == 0, n["slides_young"], 1.0)
    return (
        ticket < n["bank_share"],
        ticket > 1 - n["slope_share"],
        logit(degree[age]) + np.log(odds[book.species]),
        n["slide_density"] * book.area_ha * roots[book.species] * young,
    )


def test_the_card_holds_what_the_law_needs_and_says_that_it_is_judged():
    holds_what_the_law_needs(CARD, flood)
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
        ("season_last_day", 190),
        ("damage_rain", 140),
        ("margin", 20),
        ("least_area", 0.1),
    ],
)
def test_every_constant_moves_the_outcome(name: str, value: float):
    changed = law(3.0, {name: value}).simulate(1, "main", 0)
    assert not same(changed, law(3.0).simulate(1, "main", 0))


def test_hits_are_those_of_a_plain_pass_over_all_rainstorms_and_stands():
    n = {**CARD.values(), **CARD.constants}
    book, land = shipped_exposure(STANDS).book, shipped_exposure(STANDS).landscape
    seen = law().simulate(5, "main", 2)
    counts = np.bincount(seen.event_year, minlength=BLOCK_LENGTH)
    names = ("day", "east", "north", "rain", "length")
    cell = cell_uniforms(5, "main", "flood", block=2, counts=counts, variables=names)
    x, y = land.x_km[:STANDS], land.y_km[:STANDS]
    x, y = x - (x.min() + x.max()) / 2, y - (y.min() + y.max()) / 2
    east = (2 * cell["east"] - 1)[:, None] * (np.ptp(x) / 2 + n["margin"])
    north = (2 * cell["north"] - 1)[:, None] * (np.ptp(y) / 2 + n["margin"])
    centre = n["damage_rain"] - n["rain_excess"] * np.log(1 - cell["rain"])[:, None]
    length = (n["cell_length"] * np.exp(n["cell_spread"] * ndtri(cell["length"])))[:, None]
    distance = np.hypot(x - east, y - north)
    rain = centre * np.exp(-distance / length)
    excess = np.maximum(rain / n["damage_rain"] - 1, 0.0)
    draw = (5, "main", "flood", 2, seen.event_year[:, None], rank_of(seen)[:, None])
    chance, second, third = (uniforms(*draw, 3 * np.arange(STANDS) + k).reshape(rain.shape) for k in range(3))
    bank, slope, median, slides = traits(n)
    flooded = bank & (chance < 1 - np.exp(-n["flood_rate"] * excess))
    slid = slope & (chance < 1 - np.exp(-slides * excess ** n["slide_power"]))
    scar = n["scar_area"] * (second / (1 - second)) ** n["scar_spread"]
    area = np.where(bank, np.minimum(2 * n["strip_share"] * second, 1), np.minimum(scar / book.area_ha, 1))
    degree = np.where(bank, expit(median + n["degree_spread"] * logit(third)), 1.0)
    near = (excess > 0) & (distance < n["margin"])
    hit = near & (flooded | slid) & (area * book.area_ha >= n["least_area"])
    order = np.lexsort((seen.hit_stand, seen.hit_event))
    event, stand = np.nonzero(hit)
    assert event.size > 500
    assert seen.hit_event[order].tolist() == event.tolist()
    assert seen.hit_stand[order].tolist() == stand.tolist()
    np.testing.assert_allclose(seen.hit_area[order], area[hit], rtol=1e-9)
    np.testing.assert_allclose(seen.hit_degree[order], degree[hit], rtol=1e-9)


def test_the_mean_loss_is_the_integral_over_rain_lengths_and_distances():
    """A stand lies at a uniform place under the rainstorms, wherever it is: the integral knows no map."""
    n = {**CARD.values(), **CARD.constants}
    book = shipped_exposure(STANDS).book
    log_rain = np.log1p(-n["rain_excess"] * np.log((np.arange(150) + 0.5) / 150) / n["damage_rain"])[:, None]
    length = n["cell_length"] * np.exp(n["cell_spread"] * ndtri((np.arange(100) + 0.5) / 100))
    reach = np.minimum(length * log_rain, n["margin"])[..., None]
    distance = reach * (np.arange(40) + 0.5) / 40
    excess = np.expm1(log_rain[..., None] - distance / length[:, None])
    per_km2 = 2 * math.pi * distance * reach / 40 / (150 * 100)  # area of the ring, chance of rain and length
    density = n["rainstorms_per_10000_km2"] / 1e4
    bank, slope, median, slides = traits(n)
    level = (np.arange(2000) + 0.5) / 2000

    flooded = density * float((per_km2 * (1 - np.exp(-n["flood_rate"] * excess))).sum())
    strip = 2 * n["strip_share"] * level * book.area_ha[bank, None]
    strip = np.where(strip >= n["least_area"], strip, 0.0).mean(axis=1)
    degree = expit(median[bank, None] + n["degree_spread"] * logit(level)).mean(axis=1)
    on_banks = flooded * float((strip * degree).sum())

    knots = np.geomspace(slides[slope].min(), slides[slope].max(), 20)
    chance = [float((per_km2 * -np.expm1(-k * excess ** n["slide_power"])).sum()) for k in knots]
    slid = density * np.exp(np.interp(np.log(slides[slope]), np.log(knots), np.log(chance)))
    scar = n["scar_area"] * (level / (1 - level)) ** n["scar_spread"]
    scar = np.where(scar >= n["least_area"], scar, 0.0)
    on_slopes = float((slid * np.minimum(scar, book.area_ha[slope, None]).mean(axis=1)).sum())

    storms, lost = law(2.0), []
    for block in range(30):
        years = storms.simulate(11, "main", block)
        loss = years.hit_area * years.hit_degree * book.area_ha[years.hit_stand]
        year = years.event_year[years.hit_event]
        lost.append(
            [
                np.bincount(year, weights=loss * lot[years.hit_stand], minlength=BLOCK_LENGTH)
                for lot in (bank, slope)
            ]
        )
    for yearly, expected in zip(np.concatenate(lost, axis=1), (on_banks, on_slopes), strict=True):
        error = yearly.std() / np.sqrt(yearly.size)
        assert abs(yearly.mean() - 2 * expected) < 4 * error
        assert error < 0.02 * expected * 2


def test_the_number_of_rainstorms_is_poisson_with_a_year_effect_for_each_square_kilometre():
    storms = law()
    land = shipped_exposure(STANDS).landscape
    margin = 2 * CARD.constants["margin"]
    box = (np.ptp(land.x_km[:STANDS]) + margin) * (np.ptp(land.y_km[:STANDS]) + margin)
    mean = CARD.values()["rainstorms_per_10000_km2"] * box / 1e4
    assert storms.expected_events() == pytest.approx(mean, rel=1e-9)
    years = [storms.simulate(3, "main", block).event_year for block in range(20)]
    counts = np.concatenate([np.bincount(year, minlength=BLOCK_LENGTH) for year in years])
    variance = mean + mean**2 * math.expm1(CARD.values()["year_effect_sd"] ** 2)
    assert abs(counts.mean() - mean) < 4 * np.sqrt(variance / counts.size)
    assert counts.var() == pytest.approx(variance, rel=0.1)


def test_a_rainstorm_hits_a_disc_that_is_wider_the_longer_the_cell():
    land = shipped_exposure(STANDS).landscape
    widest = []
    for length in (6.0, 18.0):
        years = law(3.0, cell_length=length, cell_spread=0.0).simulate(1, "main", 0)
        spans = []
        for event in np.unique(years.hit_event):
            hit = years.hit_stand[years.hit_event == event]
            spans.append(max(np.ptp(land.x_km[hit]), np.ptp(land.y_km[hit])))
        assert max(spans) <= 2 * CARD.constants["margin"]
        widest.append(max(spans))
    assert widest[1] > 1.5 * widest[0]


def test_only_stands_that_drew_a_bank_or_a_slope_are_hit_and_they_are_the_same_in_every_run():
    book = shipped_exposure(STANDS).book
    hit = {seed: set() for seed in (1, 2)}
    for seed, stands in hit.items():
        for block in range(15):
            stands |= set(law(3.0).simulate(seed, "main", block).hit_stand.tolist())
    lot = lottery(book, "flood lie")
    badly = np.flatnonzero((lot < CARD.values()["bank_share"]) | (lot > 1 - CARD.values()["slope_share"]))
    assert hit[1] <= set(badly.tolist())
    assert len(hit[1] & hit[2]) > 0.95 * badly.size


def test_a_landslide_takes_all_of_a_scar_whose_size_is_its_own_and_large_stands_slide_more_often():
    book = shipped_exposure(STANDS).book
    slope = lottery(book, "flood lie") > 1 - CARD.values()["slope_share"]
    areas, stands = [], []
    for block in range(10):
        years = law(3.0, slides_conifer=1.0, slides_bamboo=1.0, slides_young=1.0).simulate(4, "main", block)
        slid = slope[years.hit_stand]
        assert (years.hit_degree[slid] == 1.0).all()
        areas.append(years.hit_area[slid] * book.area_ha[years.hit_stand[slid]])
        stands.append(years.hit_stand[slid])
    scars, where = np.log(np.concatenate(areas)), np.concatenate(stands)
    large = book.area_ha > 10.0
    small = (book.area_ha > 4.0) & ~large  # scars above 4 ha are rarer than one in 1,000
    mean = [scars[lot[where]].mean() for lot in (small, large)]
    error = [scars[lot[where]].std() / np.sqrt(lot[where].sum()) for lot in (small, large)]
    assert abs(mean[0] - mean[1]) < 4 * math.hypot(*error)
    often = [lot[where].sum() / (lot & slope).sum() for lot in (small, large)]
    assert often[1] > 1.5 * often[0]


def test_a_flood_takes_a_strip_and_young_trees_suffer_most():
    book = shipped_exposure(STANDS).book
    bank = lottery(book, "flood lie") < CARD.values()["bank_share"]
    years = law(4.0, degree_spread=0.3).simulate(4, "main", 0)
    flooded = bank[years.hit_stand]
    assert years.hit_area[flooded].max() <= 2 * CARD.values()["strip_share"]
    stand, degree = years.hit_stand[flooded], years.hit_degree[flooded]
    age = age_class(book.species, book.age)[stand]
    young, middle, old = (degree[age == code].mean() for code in range(3))
    assert young > middle > old


def test_twice_the_scale_brings_twice_the_rainstorms_and_keeps_those_there_were():
    one, two = law(1.0), law(2.0)
    assert two.expected_events() == pytest.approx(2 * one.expected_events(), rel=1e-12)
    few, many = hits_of(one.simulate(1, "main", 0)), hits_of(two.simulate(1, "main", 0))
    assert few
    assert few.items() < many.items()


@pytest.mark.parametrize(
    ("name", "factor"), [("bank_share", 1.05), ("slope_share", 1.05), ("flood_rate", 1.03)]
)
def test_a_little_more_of_what_lets_stands_be_hit_adds_few_hits_and_moves_none(name: str, factor: float):
    base = hits_of(law(3.0).simulate(1, "main", 0))
    more = hits_of(law(3.0, **{name: CARD.values()[name] * factor}).simulate(1, "main", 0))
    assert base.items() <= more.items()
    assert len(base) < len(more) < 1.1 * len(base)


def test_blocks_keep_the_order_the_ranges_and_the_season():
    years = law(3.0).simulate(1, "knowledge", 7)
    is_in_order_and_in_bounds(years)
    assert years.event_day.min() >= CARD.constants["season_first_day"] - 1
    assert years.event_day.max() <= CARD.constants["season_last_day"] - 1
    area = years.hit_area * shipped_exposure(STANDS).book.area_ha[years.hit_stand]
    assert area.min() >= CARD.constants["least_area"]


def test_the_same_key_gives_the_same_bits_and_every_other_key_others():
    follows_its_key(law())


def test_no_rainstorm_is_a_law_too():
    years = law(0.0).simulate(1, "main", 0)
    assert years.event_year.size == years.hit_stand.size == 0


def test_numbers_that_make_no_law_are_refused():
    with pytest.raises(ArgumentError) as error:
        law(bank_share=0.7, slope_share=0.6)
    assert str(error.value) == (
        "flood.peril  bank_share + slope_share = 1.3\n"
        "  A stand lies on a bank, on a slope or on neither: together they hold at most 1.\n1 fault."
    )
    with pytest.raises(ArgumentError) as error:
        law(scar_area=0.0, rain_excess=-1.0)
    assert [fault.what for fault in error.value.faults] == ["rain_excess = -1.0", "scar_area = 0.0"]
    with pytest.raises(ArgumentError, match="A season starts"):
        law(1.0, {"season_last_day": 60.0})
