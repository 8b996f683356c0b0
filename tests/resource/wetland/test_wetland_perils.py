# SPDX-License-Identifier: Apache-2.0
"""Perils of wetlands against closed forms written out here, by quadrature and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate
from scipy.stats import multivariate_normal, norm

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.wetland.perils import flood, heat, invasive, low_water, spill, storm, stress
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, PerilHits, WetlandPeril
from greenrisk.resource.wetland.perils.listing import PERILS
from greenrisk.resource.wetland.sites import SITE_CLASSES, Sites
from greenrisk.resource.wetland.upstream import UpstreamSpills
from tests.small_wetland import shipped_card, small_sites

LEAST = {"least_degree": 1e-6}


def sensitivities(**own: float) -> dict[str, float]:
    return {f"sensitivity_{name}": own.get(name, 1.0) for name in SITE_CLASSES}


STRESS = {"onset_period": 8.0, "degree_100": 0.2, "site_correlation": 0.6}
STORM = {
    "storms_per_10000_km2": 4.0,
    "dispersion": 0.5,
    "radius": 10.0,
    "radius_spread": 0.4,
    "peak_degree": 0.2,
}
INVASIVE = {"introductions": 0.05, "dispersion": 0.3, "jump": 10.0, "degree": 0.2}
SPILL = {
    "spills_per_100_km": 0.5,
    "dispersion": 0.4,
    "quantity": 20.0,
    "quantity_spread": 0.0,
    "half_quantity": 80.0,
    "decay": 15.0,
}


def yearly(law: WetlandPeril, blocks: int, sites: int) -> tuple[np.ndarray, np.ndarray]:
    """Return by year and site the hits and the sum of degrees, each shape (years, sites)."""
    hits, degrees = [], []
    for block in range(blocks):
        found = law.simulate(7, "main", block)
        place = found.event_year[found.hit_event] * sites + found.hit_site
        size = BLOCK_LENGTH * sites
        hits.append(np.bincount(place, minlength=size).reshape(-1, sites))
        degrees.append(np.bincount(place, weights=found.hit_degree, minlength=size).reshape(-1, sites))
    return np.concatenate(hits), np.concatenate(degrees)


def close(sample: np.ndarray, expected: float) -> bool:
    """Whether the mean of independent years lies within 4 standard errors of what is expected."""
    return abs(sample.mean() - expected) < 4.0 * sample.std(ddof=1) / math.sqrt(sample.size)


def test_a_stress_degree_has_its_mean_in_closed_form() -> None:
    sites = small_sites()
    law = low_water.law(sites, STRESS | sensitivities(reserve=0.5), LEAST)
    slope = 0.2 / math.log(100.0 / 8.0)
    # v = ln(T / T0) is exponential: its mean is 1, and exceeds T0 once in T0 years
    expected = np.where(sites.site_class == SITE_CLASSES.index("reserve"), 0.5, 1.0) * slope / 8.0
    nodes = law.nodes()
    assert nodes.by_site(nodes.degree, len(sites)) == pytest.approx(expected, rel=1e-4)
    _, degree = yearly(law, 40, len(sites))
    for site in range(len(sites)):
        assert close(degree[:, site], expected[site])


def test_a_stress_degree_is_capped_and_not_noticed_below_the_least() -> None:
    sites = small_sites()
    numbers = STRESS | {"degree_100": 2.0} | sensitivities()
    law = low_water.law(sites, numbers, {"least_degree": 0.1})
    slope = 2.0 / math.log(100.0 / 8.0)
    start, full = 0.1 / slope, 1.0 / slope
    inside = integrate.quad(lambda v: slope * v * math.exp(-v), start, full)[0]
    expected = (inside + math.exp(-full)) / 8.0
    nodes = law.nodes()
    assert nodes.by_site(nodes.degree, len(sites))[0] == pytest.approx(expected, rel=1e-9)
    assert nodes.rate[nodes.site == 0].sum() == pytest.approx(math.exp(-start) / 8.0, rel=1e-9)
    hits, degree = yearly(law, 40, len(sites))
    assert close(degree[:, 0], expected)
    assert close(hits[:, 0], math.exp(-start) / 8.0)
    found = law.simulate(7, "main", 0)
    assert found.hit_degree.min() >= 0.1
    assert found.hit_degree.max() == 1.0


def test_two_sites_share_their_bad_years_as_the_normal_law_says() -> None:
    sites = small_sites()
    law = low_water.law(sites, STRESS | sensitivities(), LEAST)
    edge = norm.ppf(1.0 - math.exp(-1e-6 / float(law.slope[0])) / 8.0)
    both = multivariate_normal(mean=[0, 0], cov=[[1, 0.6], [0.6, 1]]).cdf([-edge, -edge])
    hits, _ = yearly(law, 60, len(sites))
    assert close(((hits[:, 0] > 0) & (hits[:, 1] > 0)).astype(float), both)


def test_the_chance_of_any_damage_is_that_of_the_simulated_years() -> None:
    sites = small_sites()
    law = low_water.law(sites, STRESS | sensitivities(reserve=0.0), LEAST)
    hits, _ = yearly(law, 60, len(sites))
    assert close(hits.any(axis=1).astype(float), law.expected_events())
    assert not hits[:, sites.site_class == SITE_CLASSES.index("reserve")].any()


def test_one_site_alone_is_hit_once_in_its_onset_period() -> None:
    sites = small_sites(rows=1)
    law = low_water.law(sites, STRESS | sensitivities(), LEAST)
    assert law.expected_events() == pytest.approx(1.0 / 8.0, rel=2e-5)


@pytest.mark.parametrize(("peril", "wanted"), [(heat, 0.5), (flood, -0.3)])
def test_years_of_heat_and_flood_follow_those_of_low_water(peril: object, wanted: float) -> None:
    sites = small_sites()
    numbers = STRESS | {"low_water_correlation": wanted} | sensitivities()
    law = peril.law(sites, numbers, LEAST)  # type: ignore[attr-defined]
    leading = low_water.law(sites, STRESS | sensitivities(), LEAST)
    blocks = range(30)
    first, second = (
        np.concatenate([one.region(7, "main", block) for block in blocks]) for one in (leading, law)
    )
    # standard error of a correlation: (1 - r^2) / sqrt(n)
    error = (1.0 - wanted**2) / math.sqrt(first.size)
    assert abs(np.corrcoef(first, second)[0, 1] - wanted) < 4.0 * error
    assert close(second, 0.0)


def test_a_storm_hits_by_the_area_of_its_footprint() -> None:
    sites = small_sites()
    constants = {"largest_radius": 25.0, "least_degree": 1e-6}
    law = storm.law(sites, STORM | sensitivities(), constants)
    density = norm(0.0, 0.4)
    square = integrate.quad(
        lambda z: min(10.0 * math.exp(z), 25.0) ** 2 * density.pdf(z), -4.0, 4.0, points=[math.log(2.5)]
    )[0]
    assert law.mean_square_radius() == pytest.approx(square, rel=1e-6)
    hits = 4e-4 * math.pi * square
    nodes = law.nodes()
    # given a hit, peak and place are independent: E[peak] E[1 - root of a uniform] = 0.2 / 3
    assert nodes.by_site(nodes.degree, len(sites)) == pytest.approx(
        np.full(len(sites), hits * 0.2 / 3), rel=1e-4
    )
    _, degree = yearly(law, 60, len(sites))
    for site in range(len(sites)):
        assert close(degree[:, site], hits * 0.2 / 3)


def test_storms_vary_from_year_to_year_by_their_gamma_effect() -> None:
    sites = small_sites()
    law = storm.law(sites, STORM | sensitivities(), {"largest_radius": 25.0, "least_degree": 1e-6})
    count = np.concatenate(
        [np.bincount(law.simulate(7, "main", b).event_year, minlength=BLOCK_LENGTH) for b in range(60)]
    ).astype(float)
    mean = law.expected_events()
    assert close(count, mean)
    assert close((count - mean) ** 2, mean + 0.5 * mean**2)


def test_an_invasion_reaches_other_sites_by_their_distance() -> None:
    sites = small_sites()
    law = invasive.law(sites, INVASIVE | sensitivities(), LEAST)
    km = 111.195
    east = sites.lon * km * math.cos(math.radians(float(sites.lat.mean())))
    north = sites.lat * km
    away = np.hypot(east[:, None] - east, north[:, None] - north)
    rate = 0.05 * np.exp(-away / 10.0).sum(axis=0)
    nodes = law.nodes()
    assert nodes.by_site(np.ones_like(nodes.rate), len(sites)) == pytest.approx(rate, rel=0.04)
    assert nodes.by_site(nodes.degree, len(sites)) == pytest.approx(rate * 0.2, rel=1e-3)
    _, degree = yearly(law, 120, len(sites))
    for site in range(len(sites)):
        assert close(degree[:, site], rate[site] * 0.2)


def test_a_spill_thins_out_down_the_river() -> None:
    sites = small_sites()
    constants = {"reach_above": 1000.0, "least_degree": 0.01}
    law = spill.law(sites, SPILL | sensitivities(), constants)
    # the same quantity each time takes 20 / 100 where it enters; spills lie evenly over the river above a site
    most = 0.2
    rate = 0.005 * 15.0 * math.log(most / 0.01)
    expected = 0.005 * 15.0 * (most - 0.01)
    nodes = law.nodes()
    assert nodes.by_site(np.ones_like(nodes.rate), len(sites)) == pytest.approx(
        np.full(len(sites), rate), rel=1e-9
    )
    assert nodes.by_site(nodes.degree, len(sites)) == pytest.approx(np.full(len(sites), expected), rel=1e-9)
    hits, degree = yearly(law, 60, len(sites))
    for site in range(len(sites)):
        assert close(hits[:, site], rate)
        assert close(degree[:, site], expected)


def test_a_spill_passes_no_site_above_it() -> None:
    sites = small_sites()
    law = spill.law(sites, SPILL | sensitivities(), {"reach_above": 10.0, "least_degree": 0.01})
    place = np.array([float(np.median(sites.river_km))])
    degree = law.degrees(place, np.array([80.0]))[0]
    assert (degree[sites.river_km > place[0]] == 0.0).all()
    below = sites.river_km <= place[0]
    assert degree[below] == pytest.approx(0.5 * np.exp(-(place[0] - sites.river_km[below]) / 15.0))


def test_spills_of_a_zone_come_by_whole_years() -> None:
    sites = small_sites()
    top = float(sites.river_km.max())
    run = UpstreamSpills(
        years=4,
        first=np.array([0, 0, 2, 2, 3]),
        river_km=np.full(3, top),
        quantity=np.array([80.0, 20.0, 320.0]),
    )
    constants = {"reach_above": 10.0, "least_degree": 1e-6}
    law = spill.law(sites, SPILL | sensitivities(), constants, run)
    assert law.expected_events() == 0.75
    thinned = np.exp(-(top - sites.river_km) / 15.0)
    expected = (0.5 + 0.2 + 0.8) / 4.0 * thinned
    nodes = law.nodes()
    assert nodes.by_site(nodes.degree, len(sites)) == pytest.approx(expected, rel=1e-12)
    hits, degree = yearly(law, 20, len(sites))
    assert set(np.unique(hits[:, 0])) == {0, 1, 2}
    assert close(degree[:, 0], expected[0])
    # two spills of one year of the run always come together
    assert close((hits[:, 0] == 2).astype(float), 0.25)


@pytest.mark.parametrize("kind", list(PERILS))
def test_the_same_block_is_the_same_and_sites_without_sensitivity_are_spared(kind: str) -> None:
    law = shipped_law(kind, small_sites())
    first, again = (law.simulate(3, "knowledge", 5) for _ in range(2))
    for name in ("event_year", "hit_event", "hit_site", "hit_degree"):
        assert (getattr(first, name) == getattr(again, name)).all()
    assert ordered(first)
    none = PERILS[kind].law(
        small_sites(), values_of(kind) | dict.fromkeys(sensitivities(), 0.0), constants_of(kind)
    )
    assert none.simulate(3, "knowledge", 5).hit_site.size == 0
    assert none.nodes().rate.sum() == 0.0


def ordered(hits: PerilHits) -> bool:
    return bool(
        (np.diff(hits.event_year) >= 0).all()
        and (np.diff(hits.hit_event) >= 0).all()
        and (hits.hit_degree > 0).all()
        and (hits.hit_degree <= 1).all()
    )


def values_of(kind: str) -> dict[str, float]:
    card = shipped_card(f"wetland-{kind.replace('_', '-')}-judged")
    return {name: float(value) for name, value in card.values().items()}


def constants_of(kind: str) -> dict[str, float]:
    return dict(shipped_card(f"wetland-{kind.replace('_', '-')}-judged").constants)


def shipped_law(kind: str, sites: Sites) -> WetlandPeril:
    return PERILS[kind].law(sites, values_of(kind), constants_of(kind))


@pytest.mark.parametrize("kind", list(PERILS))
def test_numbers_that_make_no_law_are_told_at_once(kind: str) -> None:
    values = values_of(kind)
    broken = values | {"sensitivity_reserve": -1.0, next(iter(values)): math.nan}
    with pytest.raises(ArgumentError) as caught:
        PERILS[kind].law(small_sites(), broken, constants_of(kind))
    told = str(caught.value)
    assert "sensitivity_reserve = -1" in told
    assert f"{next(iter(values))} = nan" in told


def test_a_degree_grows_with_the_logarithm_of_its_return_period() -> None:
    sites = small_sites()
    law = low_water.law(sites, STRESS | sensitivities(), {"least_degree": 0.01})
    found = law.simulate(7, "main", 0)
    year = found.event_year[found.hit_event]
    own = stress.normals(7, "main", "low_water", "site", 0, len(sites))
    normal = math.sqrt(0.6) * law.region(7, "main", 0)[year] + math.sqrt(0.4) * own[year, found.hit_site]
    period = 1.0 / norm.sf(normal)
    degree = 0.2 * np.log(period / 8.0) / math.log(100.0 / 8.0)
    assert found.hit_degree == pytest.approx(np.minimum(degree, 1.0), rel=1e-9)
    assert degree.min() >= 0.01 * (1.0 - 1e-9)
    # at a hundred years the degree is the card's own
    assert np.interp(100.0, np.sort(period), np.sort(degree)) == pytest.approx(0.2, rel=0.01)
