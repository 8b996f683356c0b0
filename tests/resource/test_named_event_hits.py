# SPDX-License-Identifier: Apache-2.0
"""Named events against closed forms of their perils, stand by stand, and against their own geometry."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import TypeAdapter

from greenrisk.resource.named_event_hits import event_hits, place
from greenrisk.resource.named_event_specs import AnyNamedEvent
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.perils.damage import damage_degree
from greenrisk.resource.perils.drought import DroughtLaw
from greenrisk.resource.perils.flood import FloodLaw
from greenrisk.resource.perils.flood_hits import BANK
from greenrisk.resource.perils.pest import PestLaw
from greenrisk.resource.perils.snow_ice import SnowIceLaw
from greenrisk.resource.perils.storm import StormLaw
from greenrisk.resource.simulation import Perils, resolve
from greenrisk.resource.study import ForestJob

FOUR = 4.0  # standard errors
RUNS = 1000
EVENT: TypeAdapter[AnyNamedEvent] = TypeAdapter(AnyNamedEvent)

Floats = NDArray[np.float64]


def named(kind: str, date: str, **numbers: Any) -> AnyNamedEvent:
    return EVENT.validate_python({"kind": kind, "name": "one", "date": date} | numbers)


@pytest.fixture(scope="module")
def perils(job: ForestJob) -> Perils:
    return resolve(job.exposure, job.plan.variants[0])


@pytest.fixture(scope="module")
def middle(job: ForestJob) -> tuple[float, float]:
    """A stand in the thick of the book."""
    book = job.exposure.book
    near = np.argmin(np.hypot(book.lon - np.median(book.lon), book.lat - np.median(book.lat)))
    return float(book.lon[near]), float(book.lat[near])


def by_run(hits: PerilYears, amount: Floats, runs: int = RUNS) -> Floats:
    return np.bincount(hits.event_year[hits.hit_event], weights=amount, minlength=runs)


def close(runs: Floats, expected: float) -> None:
    """The mean of the runs is the expected one to four standard errors, and the test has force."""
    error = runs.std(ddof=1) / math.sqrt(runs.size)
    assert abs(runs.mean() - expected) < FOUR * error
    assert error < 0.1 * expected


def away(job: ForestJob, lon: float, lat: float) -> Floats:
    """Distance of every stand from a place [km]."""
    landscape, stands = job.exposure.landscape, len(job.exposure.book)
    east, north = place(job.exposure, lon, lat)
    return np.hypot(landscape.x_km[:stands] - east, landscape.y_km[:stands] - north)


def from_line(job: ForestJob, heading: float, offset: float) -> Floats:
    """How far every stand lies to the right of a line through the middle of the book's box [km]."""
    landscape, stands = job.exposure.landscape, len(job.exposure.book)
    x, y = landscape.x_km[:stands], landscape.y_km[:stands]
    x, y = x - (x.min() + x.max()) / 2, y - (y.min() + y.max()) / 2
    right = np.array([math.cos(math.radians(heading)), -math.sin(math.radians(heading))])
    return x * right[0] + y * right[1] - offset


def in_order_of_book(stand: NDArray[np.int64], values: Floats) -> Floats:
    sorted_back = np.empty_like(values)
    sorted_back[stand] = values
    return sorted_back


def test_a_place_is_where_the_landscape_has_its_stand(job: ForestJob) -> None:
    book, landscape = job.exposure.book, job.exposure.landscape
    for stand in (0, len(book) // 2, len(book) - 1):
        found = place(job.exposure, float(book.lon[stand]), float(book.lat[stand]))
        np.testing.assert_allclose(found, (landscape.x_km[stand], landscape.y_km[stand]), atol=1e-9)


def test_each_run_is_a_year_with_the_event_on_its_day(job: ForestJob, perils: Perils) -> None:
    event = named("drought", "08-20", severity=0.9)
    hits = event_hits(event, perils.laws["drought"], job.exposure, 7)
    np.testing.assert_array_equal(hits.event_year, np.arange(7))
    assert (hits.event_day == event.day).all()
    assert (np.diff(hits.hit_event) >= 0).all()


def test_a_storm_throws_what_its_beta_law_says(job: ForestJob, perils: Perils) -> None:
    """E[share, share >= least] is a / (1 + a) * (1 - least^(1 + a)) with a = (gust / critical)^steepness."""
    law = perils.laws["storm"]
    assert isinstance(law, StormLaw)
    n = law.numbers
    hits = event_hits(
        named("storm", "07-15", gust=42.0, heading=75.0, offset_km=3.0), law, job.exposure, RUNS
    )
    distance = np.abs(from_line(job, 75.0, 3.0))
    gust = 42.0 * np.exp(-0.5 * (distance / n["width"]) ** 2)
    critical = np.exp(in_order_of_book(law.cells.stand, law.log_critical))
    a = (gust / critical) ** n["steepness"]
    share = np.where(gust > n["damage_gust"], a / (1 + a) * (1 - n["least_area"] ** (1 + a)), 0.0)
    area = job.exposure.book.area_ha
    close(by_run(hits, hits.hit_area * area[hits.hit_stand]), float((share * area).sum()))
    assert gust[hits.hit_stand].min() > n["damage_gust"]


def test_a_storm_to_the_north_with_an_offset_keeps_to_its_strip(job: ForestJob, perils: Perils) -> None:
    law = perils.laws["storm"]
    assert isinstance(law, StormLaw)
    event = named("storm", "07-15", gust=45.0, heading=0.0, offset_km=8.0, width_km=3.0)
    hits = event_hits(event, law, job.exposure, 50)
    landscape, stands = job.exposure.landscape, len(job.exposure.book)
    x = landscape.x_km[:stands]
    east_of_middle = x[hits.hit_stand] - (x.min() + x.max()) / 2
    reach = 3.0 * math.sqrt(2 * math.log(45.0 / law.numbers["damage_gust"]))
    assert np.abs(east_of_middle - 8.0).max() < reach
    assert abs(np.median(east_of_middle) - 8.0) < 3.0


class _OneLoad:
    """A law of loads with one load."""

    def __init__(self, load: float) -> None:
        self.load = load

    def ppf(self, level: Floats) -> Floats:
        return np.full(np.shape(level), self.load)


def test_an_ice_storm_costs_what_the_quadrature_of_its_field_says(job: ForestJob, perils: Perils) -> None:
    law = perils.laws["snow_ice"]
    assert isinstance(law, SnowIceLaw)
    hits = event_hits(named("snow_ice", "2008-01-28", load=3.5, glaze=True), law, job.exposure, RUNS)
    one = replace(law, load=_OneLoad(3.5), spells_a_year=1.0, glaze_share=1.0, frost_chance=0.0)
    value = job.exposure.book.sum_insured
    lost = hits.hit_area * hits.hit_degree * value[hits.hit_stand]
    close(by_run(hits, lost), float((one.expected_shares() * value).sum()))


def test_a_heavier_load_hits_every_stand_harder(job: ForestJob, perils: Perils) -> None:
    law = perils.laws["snow_ice"]
    light, heavy = (
        event_hits(named("snow_ice", "01-28", load=load, glaze=False), law, job.exposure, 3)
        for load in (3, 4)
    )
    place_of = {(e, s): d for e, s, d in zip(heavy.hit_event, heavy.hit_stand, heavy.hit_degree, strict=True)}
    assert light.hit_event.size < heavy.hit_event.size
    for e, s, d in zip(light.hit_event, light.hit_stand, light.hit_degree, strict=True):
        assert place_of[(e, s)] > d


def test_frost_alone_bites_young_stands_in_pockets(job: ForestJob, perils: Perils) -> None:
    law = perils.laws["snow_ice"]
    assert isinstance(law, SnowIceLaw)
    hits = event_hits(named("snow_ice", "01-28", load=0.01, frost=0.4), law, job.exposure, RUNS)
    assert hits.hit_stand.size
    assert (hits.hit_degree == 0.4).all()
    assert (law.class_code[hits.hit_stand] % 3 == 0).all()
    young = np.count_nonzero(law.class_code % 3 == 0)
    close(by_run(hits, np.ones(hits.hit_stand.size)), young * law.frost_pockets * (1 - law.least_area))


def test_a_drought_costs_its_severity_on_dry_ground(job: ForestJob, perils: Perils) -> None:
    law = perils.laws["drought"]
    assert isinstance(law, DroughtLaw)
    county = law.counties[0]
    event = named("drought", "08-20", severity=0.7, counties=[county])
    hits = event_hits(event, law, job.exposure, RUNS)
    assert (job.exposure.book.county[hits.hit_stand] == 0).all()
    degree = 0.7 * law.vulnerability[law.class_code]
    np.testing.assert_allclose(hits.hit_degree, degree[hits.hit_stand])
    value = np.where(job.exposure.book.county == 0, job.exposure.book.sum_insured, 0.0)
    expected = (
        law.dry_share * law.area_share * (value * np.where(degree >= law.least_degree, degree, 0.0)).sum()
    )
    close(by_run(hits, hits.hit_area * hits.hit_degree * value[hits.hit_stand]), float(expected))


def test_a_rainstorm_floods_banks_by_their_chance(
    job: ForestJob, perils: Perils, middle: tuple[float, float]
) -> None:
    """Chance 1 - exp(-rate e) with e = rain / threshold - 1; a strip, uniform up to 2 m, counts from its least area."""
    law = perils.laws["flood"]
    assert isinstance(law, FloodLaw)
    n = law.numbers
    hits = event_hits(
        named("flood", "06-20", lon=middle[0], lat=middle[1], rain_mm=420.0, length_km=25.0),
        law,
        job.exposure,
        RUNS,
    )
    distance = away(job, *middle)
    excess = np.maximum(420.0 * np.exp(-distance / 25.0) / n["damage_rain"] - 1.0, 0.0)
    bank = in_order_of_book(law.cells.stand, law.lie.astype(np.float64)) == BANK
    longest = 2 * n["strip_share"] * job.exposure.book.area_ha
    seen = np.maximum(1.0 - n["least_area"] / longest, 0.0)
    expected = (np.where(bank, 1.0 - np.exp(-n["flood_rate"] * excess), 0.0) * seen).sum()
    close(by_run(hits, bank[hits.hit_stand].astype(np.float64)), float(expected))
    assert excess[hits.hit_stand].min() > 0


def test_pine_wilt_infests_its_last_ring_and_leaf_feeders_a_disc(
    job: ForestJob, perils: Perils, middle: tuple[float, float]
) -> None:
    law = perils.laws["pest"]
    assert isinstance(law, PestLaw)
    law = replace(law, growth=6.0)
    distance = away(job, *middle)
    at = {"lon": middle[0], "lat": middle[1], "radius_km": 15.0}
    wilt = event_hits(named("pest", "10-20", pest="pine_wilt", **at), law, job.exposure, RUNS)
    ring = (distance >= 9.0) & (distance < 15.0)
    assert ring[wilt.hit_stand].all()
    close(by_run(wilt, np.ones(wilt.hit_stand.size)), float(law.chance[3][ring].sum()))
    assert set(np.unique(wilt.hit_degree)) == {law.fixed_degree, 1.0}
    leaf = event_hits(named("pest", "06-20", pest="broadleaf_feeders", **at), law, job.exposure, RUNS)
    thinner = np.maximum(1.0 - (distance / 15.0) ** 2, 0.0)
    close(by_run(leaf, np.ones(leaf.hit_stand.size)), float((law.chance[1] * thinner).sum()))
    assert (leaf.hit_degree == law.fixed_degree).all()


def test_a_young_outbreak_of_pine_wilt_is_a_disc(
    job: ForestJob, perils: Perils, middle: tuple[float, float]
) -> None:
    law = perils.laws["pest"]
    assert isinstance(law, PestLaw)
    event = named("pest", "10-20", pest="pine_wilt", lon=middle[0], lat=middle[1], radius_km=2.0)
    hits = event_hits(event, replace(law, growth=5.0), job.exposure, RUNS)
    inside = away(job, *middle) < 2.0
    close(by_run(hits, np.ones(hits.hit_stand.size)), float(law.chance[3][inside].sum()))


def test_a_fire_from_a_stand_is_the_same_in_every_run(job: ForestJob, perils: Perils) -> None:
    book = job.exposure.book
    start = int(np.argmax(book.area_ha))
    size = float(book.area_ha[start]) / 2
    event = named("wildfire", "03-20", stand=str(book.ids[start]), size_ha=size, intensity=0.8)
    hits = event_hits(event, perils.wildfire, job.exposure, 5)
    np.testing.assert_array_equal(hits.hit_stand, np.full(5, start))
    np.testing.assert_allclose(hits.hit_area, 0.5)
    degree = damage_degree(np.array([0.8]), book.species[[start]], book.age[[start]], perils.wildfire.damage)
    np.testing.assert_allclose(hits.hit_degree, degree[0])


def test_a_fire_from_a_county_starts_anywhere_in_its_forest(job: ForestJob, perils: Perils) -> None:
    """A fire of one hectare burns insured forest as often as the county's forest is insured."""
    book, landscape = job.exposure.book, job.exposure.landscape
    code = 1
    event = named("wildfire", "03-20", county=book.counties[code], size_ha=0.01)
    hits = event_hits(event, perils.wildfire, job.exposure, RUNS)
    assert (book.county[hits.hit_stand] == code).all()
    share = book.area_ha[book.county == code].sum() / landscape.area_ha[landscape.county == code].sum()
    close(np.bincount(hits.hit_event, minlength=RUNS).astype(np.float64), float(share))


def test_luck_hangs_on_the_name_alone(job: ForestJob, perils: Perils) -> None:
    law = perils.laws["storm"]
    one = named("storm", "07-15", gust=40.0, heading=75.0)
    again, other = (
        event_hits(event, law, job.exposure, 5) for event in (one, one.model_copy(update={"name": "b"}))
    )
    longer = event_hits(one, law, job.exposure, 9)
    first = longer.hit_event < 5
    np.testing.assert_array_equal(again.hit_area, longer.hit_area[first])
    np.testing.assert_array_equal(again.hit_stand, longer.hit_stand[first])
    assert not np.array_equal(again.hit_stand, other.hit_stand)
