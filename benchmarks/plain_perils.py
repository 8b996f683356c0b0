# SPDX-License-Identifier: Apache-2.0
"""All six perils of ``kind: forest`` in plain numpy: what a good engineer would write first.

It is here to be compared with greenrisk, for speed and for results. It shares the book, the landscape, the numbers of
the cards and the lottery of stands with greenrisk, and no line of its simulation: one event after the other, all stands
that it can reach at once, numpy's own samplers. Fire is that of :mod:`plain_forest`. The laws are those that the
modules of the perils state, not a simplification; so is the settlement: a stand is lost once a year, events in order
of the days of the policy, a deductible for each hit, limits of the event and of the year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from plain_forest import MU_PER_HA, PlainModel, damaged, draw, paid_share
from scipy.special import expit, logit, ndtr, ndtri

Floats = NDArray[np.float64]
CONIFER, BROADLEAF, MIXED, BAMBOO = range(4)
SPECIES = ("conifer", "broadleaf", "mixed", "bamboo")
WAVES = 16


class Event(NamedTuple):
    """One event: when, what, and which stands to which share of their area and which degree."""

    year: int
    day: int
    peril: int
    stand: NDArray[np.int64]
    area: Floats
    degree: Floats


@dataclass
class PlainPerils:
    """The model of fire, and what the other perils need of the book, their cards and the policy."""

    fire: PlainModel
    fire_season: tuple[float, float]
    # by stand
    x_km: Floats
    y_km: Floats
    species: NDArray[np.int64]
    age: NDArray[np.int64]
    area_ha: Floats
    county: NDArray[np.int64]
    windy: Floats
    lie: Floats
    # by node of the landscape
    node_county: NDArray[np.int64]
    # cards: parameters and constants in one mapping each
    cards: Mapping[str, Mapping[str, float]]
    scale: float
    # policy period
    inception_day: int
    waiting_days: int
    term_days: int


def days(rng: np.random.Generator, first: float, last: float, number: int) -> list[int]:
    """Draw days of a season, 0 to 364."""
    return ((rng.integers(int(first), int(last) + 1, number) - 1) % 365).tolist()


def storms(model: PlainPerils, rng: np.random.Generator, years: int) -> list[Event]:
    """Strips of gusts, each thrown share a power of a uniform."""
    n = model.cards["storm"]
    x = model.x_km - (model.x_km.min() + model.x_km.max()) / 2
    y = model.y_km - (model.y_km.min() + model.y_km.max()) / 2
    half_breadth = np.hypot(x, y).max() + n["margin"]
    a = n["dispersion"]
    mean = n["storms_per_100_km"] / 100 * 2 * half_breadth * model.scale
    count = rng.poisson(mean * (rng.gamma(1 / a, a, years) if a > 0 else np.ones(years)))

    conifer, broadleaf = n["critical_conifer"], n["critical_broadleaf"]
    critical = np.array([conifer, broadleaf, math.sqrt(conifer * broadleaf), n["critical_bamboo"]])[
        model.species
    ]
    critical = critical * np.array([n["critical_young"], 1.0, n["critical_old"]])[model.age]
    critical = critical * np.exp(-n["exposure_spread"] * model.windy)
    logits = logit([n["degree_conifer"], n["degree_broadleaf"], n["degree_bamboo"]])
    median = np.array([logits[0], logits[1], (logits[0] + logits[1]) / 2, logits[2]])[model.species]

    events = []
    for year in np.repeat(np.arange(years), count).tolist():
        heading = math.radians(rng.normal(n["heading"], n["heading_spread"]))
        across = x * math.cos(heading) - y * math.sin(heading) - rng.uniform(-half_breadth, half_breadth)
        peak = min(n["damage_gust"] + n["gust_excess"] * rng.weibull(n["gust_shape"]), n["largest_gust"])
        width = rng.lognormal(math.log(n["width"]), n["width_spread"])
        gust = peak * np.exp(-0.5 * (across / width) ** 2)
        here = np.flatnonzero((gust > n["damage_gust"]) & (np.abs(across) < n["margin"]))
        share = rng.random(here.size) ** ((critical[here] / gust[here]) ** n["steepness"])
        here, share = here[share >= n["least_area"]], share[share >= n["least_area"]]
        degree = expit(median[here] + n["degree_spread"] * rng.logistic(size=here.size))
        (day,) = days(rng, n["season_first_day"], n["season_last_day"], 1)
        events.append(Event(year, day, 1, here, share, degree))
    return events


def cold_spells(model: PlainPerils, rng: np.random.Generator, years: int) -> list[Event]:
    """Loads of snow and ice, uneven by a smooth field; frost on young stands that were spared."""
    n = model.cards["snow_ice"]
    golden = math.pi * (3 - math.sqrt(5))
    order = np.arange(WAVES)
    radius = np.sqrt(-2 * np.log(1 - (order + 0.5) / WAVES)) / n["field_length"]
    phase = np.outer(radius * np.cos(golden * order), model.x_km) + np.outer(
        radius * np.sin(golden * order), model.y_km
    )
    waves = np.concatenate([np.cos(phase), np.sin(phase)]) / math.sqrt(WAVES)
    snow = np.array([n[f"resistance_{name}"] for name in SPECIES])[model.species]
    snow = np.log(snow * np.array([n["resistance_young"], 1.0, n["resistance_old"]])[model.age])
    evergreen = np.array([0.0, 1.0, 0.5, 0.0])[model.species]
    glaze = snow + evergreen * math.log(n["glaze_broadleaf"])
    stands = model.area_ha.size

    events = []
    for year in np.repeat(np.arange(years), rng.poisson(n["spells_a_year"] * model.scale, years)).tolist():
        load = math.inf
        while load > n["load_cap"]:
            load = rng.lognormal(0.0, n["load_sigma"])
        resistance = glaze if rng.random() < n["glaze_share"] else snow
        excess = math.log(load) + n["field_sigma"] * (rng.standard_normal(2 * WAVES) @ waves) - resistance
        excess += math.sqrt(3) * n["local_sigma"] * rng.uniform(-1, 1, stands)
        odds = np.exp(n["steepness"] * excess)
        degree = odds / (1 + odds)
        with np.errstate(divide="ignore", over="ignore"):
            area = rng.random(stands) ** (1 / (n["area_odds"] * odds))
        hit = (degree >= n["least_degree"]) & (area >= n["least_area"])
        if rng.random() < n["frost_chance"]:
            frost = 1 - (1 - n["frost_degree"]) ** (2 * rng.random())
            pocket = rng.random(stands) < n["frost_pockets"]
            share = rng.random(stands)
            cold = (
                ~hit & (model.age == 0) & pocket & (share >= n["least_area"]) & (frost >= n["least_degree"])
            )
            degree[cold], area[cold] = frost, share[cold]
            hit |= cold
        here = np.flatnonzero(hit)
        (day,) = days(rng, n["season_first_day"], n["season_last_day"], 1)
        events.append(Event(year, day, 2, here, area[here], degree[here]))
    return events


def droughts(model: PlainPerils, rng: np.random.Generator, years: int) -> list[Event]:
    """At most one drought a year: counties share an index in part."""
    n = model.cards["drought"]
    before, rho = n["probability"], n["county_correlation"]
    now = min(before * model.scale, 0.95)
    counties = int(model.county.max()) + 1
    index = math.sqrt(rho) * rng.standard_normal((years, 1)) + math.sqrt(1 - rho) * rng.standard_normal(
        (years, counties)
    )
    rank = ndtr(index) / now
    odds = np.array([n[f"vulnerability_{name}"] for name in SPECIES])
    odds = (odds / (1 - odds))[:, None] * np.array([n["odds_young"], 1.0, n["odds_old"]])
    vulnerability = (odds / (1 + odds))[model.species, model.age]

    events = []
    for year in np.flatnonzero((rank < 1).any(axis=1)).tolist():
        depth = ndtri(before) - ndtri(before * np.minimum(rank[year], 1.0))
        loss = (1 - np.exp(-n["severity_rate"] * depth))[model.county] * vulnerability
        dry = 1 - rng.random(loss.size) / n["dry_share"]
        here = np.flatnonzero((loss >= n["least_degree"]) & (dry > 0))
        area = dry[here] ** ((1 - n["area_share"]) / n["area_share"])
        (day,) = days(rng, n["season_first_day"], n["season_last_day"], 1)
        events.append(Event(year, day, 3, here, area, loss[here]))
    return events


def rainstorms(model: PlainPerils, rng: np.random.Generator, years: int) -> list[Event]:
    """Cells of rain: strips along banks, scars on slopes."""
    n = model.cards["flood"]
    x = model.x_km - (model.x_km.min() + model.x_km.max()) / 2
    y = model.y_km - (model.y_km.min() + model.y_km.max()) / 2
    half_width, half_height = x.max() + n["margin"], y.max() + n["margin"]
    mean = n["rainstorms_per_10000_km2"] / 1e4 * 4 * half_width * half_height * model.scale
    s = n["year_effect_sd"]
    count = rng.poisson(mean * rng.lognormal(-(s**2) / 2, s, years))

    bank, slope = model.lie < n["bank_share"], model.lie > 1 - n["slope_share"]
    median = logit([n["degree_young"], n["degree_middle"], n["degree_old"]])[model.age]
    odds = np.array([n["odds_conifer"], 1.0, math.sqrt(n["odds_conifer"]), n["odds_bamboo"]])
    median = median + np.log(odds)[model.species]
    roots = np.array([n["slides_conifer"], 1.0, math.sqrt(n["slides_conifer"]), n["slides_bamboo"]])
    slides = n["slide_density"] * model.area_ha * roots[model.species]
    slides = slides * np.array([n["slides_young"], 1.0, 1.0])[model.age]

    events = []
    for year in np.repeat(np.arange(years), count).tolist():
        east, north = rng.uniform(-half_width, half_width), rng.uniform(-half_height, half_height)
        rain = n["damage_rain"] + n["rain_excess"] * rng.exponential()
        length = rng.lognormal(math.log(n["cell_length"]), n["cell_spread"])
        distance = np.hypot(x - east, y - north)
        above = rain * np.exp(-distance / length) / n["damage_rain"] - 1
        reached = (above > 0) & (distance < n["margin"])

        wet = np.flatnonzero(reached & bank)
        wet = wet[rng.random(wet.size) < 1 - np.exp(-n["flood_rate"] * above[wet])]
        strip = np.minimum(2 * n["strip_share"] * rng.random(wet.size), 1.0)
        drowned = expit(median[wet] + n["degree_spread"] * rng.logistic(size=wet.size))
        steep = np.flatnonzero(reached & slope)
        steep = steep[rng.random(steep.size) < 1 - np.exp(-slides[steep] * above[steep] ** n["slide_power"])]
        scar = n["scar_area"] * np.exp(n["scar_spread"] * rng.logistic(size=steep.size))

        here = np.concatenate([wet, steep])
        area = np.concatenate([strip, np.minimum(scar / model.area_ha[steep], 1.0)])
        degree = np.concatenate([drowned, np.ones(steep.size)])
        seen = area * model.area_ha[here] >= n["least_area"]
        (day,) = days(rng, n["season_first_day"], n["season_last_day"], 1)
        events.append(Event(year, day, 4, here[seen], area[seen], degree[seen]))
    return events


def pests(model: PlainPerils, rng: np.random.Generator, years: int) -> list[Event]:
    """Rings of pine wilt of all ages, and clusters of leaf feeders in years of gradation."""
    n = model.cards["pest"]
    fire = model.fire
    pine = np.isin(model.species, (CONIFER, MIXED))
    by_county = np.bincount(model.county, weights=model.area_ha * pine) / np.bincount(
        model.county, weights=model.area_ha
    )
    host = np.where(fire.stand >= 0, pine[fire.stand], by_county[model.node_county]) * fire.area_ha
    held = np.bincount(model.species, weights=model.area_ha, minlength=4)
    guild = np.array([held[CONIFER] + held[MIXED] / 2, held[BROADLEAF] + held[MIXED] / 2, held[BAMBOO]])
    ages = {
        pest: np.array([n[f"{pest}_young"], 1.0, n[f"{pest}_old"]])[model.age] for pest in ("leaf", "wilt")
    }
    eats = np.array([[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]])
    leaf = np.array([n[f"leaf_{name}"] for name in SPECIES])[model.species] * ages["leaf"]
    leaf = np.minimum(eats[:, model.species] * leaf, 1.0)
    wilt = np.minimum(
        np.array([n["wilt_conifer"], 0.0, n["wilt_mixed"], 0.0])[model.species] * ages["wilt"], 1.0
    )

    events = []
    alive = model.scale * n["wilt_rate"] * host.sum() / 1e5 / (1 - n["wilt_persistence"])
    year_of = np.repeat(np.arange(years), rng.poisson(alive, years)).tolist()
    middle = rng.choice(host.size, len(year_of), p=host / host.sum())
    age = rng.geometric(1 - n["wilt_persistence"], len(year_of)) - 1
    day = days(rng, n["census_first_day"], n["season_last_day"], len(year_of))
    for k, year in enumerate(year_of):
        distance = np.hypot(model.x_km - fire.x_km[middle[k]], model.y_km - fire.y_km[middle[k]])
        ring = (distance >= n["wilt_growth"] * age[k]) & (distance < n["wilt_growth"] * (age[k] + 1))
        here = np.flatnonzero(ring)
        here = here[rng.random(here.size) < wilt[here]]
        m = n["wilt_area_share"]
        degree = np.where(rng.random(here.size) < n["clear_felling"], 1.0, n["fixed_degree"])
        events.append(Event(year, day[k], 5, here, rng.random(here.size) ** ((1 - m) / m), degree))

    gradation = rng.random(years) < n["gradation_years"]
    clusters = model.scale * n["leaf_rate"] * fire.area_ha.sum() / 1e5 / n["gradation_years"]
    year_of = np.repeat(np.arange(years), np.where(gradation, rng.poisson(clusters, years), 0)).tolist()
    middle = rng.choice(host.size, len(year_of), p=fire.area_ha / fire.area_ha.sum())
    eaten = rng.choice(3, len(year_of), p=guild / guild.sum())
    radius = rng.lognormal(math.log(n["leaf_radius"]), n["leaf_radius_spread"], len(year_of))
    day = days(rng, n["season_first_day"], n["leaf_last_day"], len(year_of))
    for k, year in enumerate(year_of):
        distance = np.hypot(model.x_km - fire.x_km[middle[k]], model.y_km - fire.y_km[middle[k]])
        here = np.flatnonzero(distance < radius[k])
        here = here[rng.random(here.size) < leaf[eaten[k], here] * (1 - (distance[here] / radius[k]) ** 2)]
        m = n["leaf_area_share"]
        area = rng.random(here.size) ** ((1 - m) / m)
        events.append(Event(year, day[k], 5, here, area, np.full(here.size, n["fixed_degree"])))
    return events


def fires(model: PlainPerils, rng: np.random.Generator, years: int) -> list[Event]:
    """The fires of :mod:`plain_forest`, as events."""
    draws = draw(model.fire, rng, years)
    day = days(rng, *model.fire_season, draws.year.size)
    fire, stand, burnt, degree = damaged(model.fire, draws)
    parts = np.searchsorted(fire, np.arange(draws.year.size + 1))
    area = burnt / model.area_ha[stand]
    return [
        Event(int(draws.year[k]), day[k], 0, stand[part], area[part], degree[part])
        for k, part in enumerate(map(slice, parts[:-1], parts[1:]))
    ]


def settle(model: PlainPerils, events: list[Event], years: int) -> dict[str, Floats]:
    """Settle all events in the order of the policy's days: annual tables and sums by stand."""
    policy = model.fire
    insured_mu = model.area_ha * MU_PER_HA * policy.insured_share
    value = insured_mu * policy.sum_insured_per_mu
    since = [(event.day - model.inception_day) % 365 for event in events]
    order = sorted(range(len(events)), key=lambda k: (events[k].year, since[k], events[k].peril, k))
    claimed = [policy.claimed_share, 1.0, 1.0, 1.0, 1.0, 1.0]
    paid_by_event: list[Floats] = [np.zeros(0)] * len(events)
    ground_up, largest, claims = np.zeros((years, 6)), np.zeros(years), np.zeros((years, 6))
    limited = np.zeros(len(events))
    lost, paid = np.zeros(value.size), np.zeros(value.size)
    current = -1
    for k in order:
        year, _, peril, stand, area, degree = events[k]
        if year != current:
            current, lost, paid = year, np.zeros(value.size), np.zeros(value.size)
        whole = area * degree
        loss = np.minimum(whole, 1 - lost[stand])
        lost[stand] += loss
        ground_up[year, peril] += (loss * value[stand]).sum()
        pay = np.zeros(stand.size)
        if model.waiting_days <= since[k] < model.term_days:
            due = area * paid_share(policy, degree, area * insured_mu[stand]) * claimed[peril] * loss / whole
            pay = np.minimum(due, 1 - paid[stand])
            paid[stand] += pay
        amount = pay * value[stand]
        total = amount.sum()
        limited[k] = min(total, policy.event_limit)
        paid_by_event[k] = amount * (limited[k] / total) if total > 0 else amount
        claims[year, peril] += (pay > 0).sum()
    of_year = np.zeros(years)
    year_of = np.array([event.year for event in events], dtype=np.int64)
    np.add.at(of_year, year_of, limited)
    factor = np.minimum(of_year, policy.annual_limit) / np.where(of_year > 0, of_year, 1.0)
    np.maximum.at(largest, year_of, limited * factor[year_of])
    gross, by_stand = np.zeros((years, 6)), np.zeros(value.size)
    for k, event in enumerate(events):
        amount = paid_by_event[k] * factor[event.year]
        gross[event.year, event.peril] += amount.sum()
        by_stand[event.stand] += amount
    return {
        "ground_up": ground_up,
        "gross": gross,
        "claims": claims,
        "largest_gross": largest,
        "by_stand": by_stand,
    }


def simulate(model: PlainPerils, rng: np.random.Generator, years: int) -> dict[str, Floats]:
    """Simulate years of all six perils and settle them."""
    events = []
    for peril in (fires, storms, cold_spells, droughts, rainstorms, pests):
        events += peril(model, rng, years)
    return settle(model, events, years)
