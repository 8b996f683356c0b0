# SPDX-License-Identifier: Apache-2.0
"""What a named event hits: its own numbers in place of drawn ones, and else the footprint and damage of its peril.

The numbers of the event are given; what stays luck is local - which stand of a strip is thrown, where the ice is
thickest, which pine is infested. So an event is run :data:`LUCK` times, each with other local luck, which hangs on the
name of the event and on nothing else: it is the same in every run, for every card and beside any other event.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy.special import ndtri

from greenrisk.core.units import KM_PER_DEGREE
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.landscape import Landscape
from greenrisk.resource.named_event_specs import (
    AnyNamedEvent,
    NamedDroughtSpec,
    NamedEventSpec,
    NamedFireSpec,
    NamedFloodSpec,
    NamedIceSpec,
    NamedPestSpec,
    NamedStormSpec,
)
from greenrisk.resource.perils.base import Floats, Hits, Integers, PerilLaw, PerilYears
from greenrisk.resource.perils.damage import damage_degree
from greenrisk.resource.perils.drought import DroughtLaw
from greenrisk.resource.perils.flood import FloodLaw, Rain
from greenrisk.resource.perils.infestation import GUILDS, Reach, infest
from greenrisk.resource.perils.local_noise import Keys, event_keys, uniforms
from greenrisk.resource.perils.pest import CLEAR_FELLED, PestLaw
from greenrisk.resource.perils.snow_ice import WAVES, SnowIceLaw, Spells
from greenrisk.resource.perils.spread import spread
from greenrisk.resource.perils.storm import StormLaw, Tracks
from greenrisk.resource.perils.wildfire import Wildfire

LUCK: Final = 100
"""How often a named event is run, each time with other local luck; part of the contract, since it fixes numbers."""

_SEED: Final = 0  # not the run's: a named event is the same in every run


def place(exposure: Exposure, lon: float, lat: float) -> tuple[float, float]:
    """Return a place in the landscape's kilometres east and north [km].

    Parameters
    ----------
    exposure : Exposure
        Its book gives the middle.
    lon, lat : float
        Longitude and latitude [degree].
    """
    book = exposure.book
    middle_lon, middle_lat = float(book.lon.mean()), float(book.lat.mean())
    east = (lon - middle_lon) * KM_PER_DEGREE * math.cos(math.radians(middle_lat))
    return east, (lat - middle_lat) * KM_PER_DEGREE


def event_hits(event: AnyNamedEvent, law: PerilLaw, exposure: Exposure, luck: int = LUCK) -> PerilYears:
    """Return what a named event hits: year k of the block holds it with its k-th local luck.

    Parameters
    ----------
    event : NamedEventSpec
        The event; it is possible (see :func:`~greenrisk.resource.named_event_checks.named_event_faults`).
    law : PerilLaw
        The law of its peril.
    exposure : Exposure
        What can be hit.
    luck : int
        How often it is run, 1 to 1,000.
    """
    runs = np.arange(luck)
    if isinstance(event, NamedFireSpec):
        assert isinstance(law, Wildfire)
        return _fire(event, law, exposure, runs)
    if isinstance(event, NamedStormSpec):
        assert isinstance(law, StormLaw)
        found = _storm(event, law, runs)
    elif isinstance(event, NamedIceSpec):
        assert isinstance(law, SnowIceLaw)
        return law.strike(_spells(event, runs))
    elif isinstance(event, NamedDroughtSpec):
        assert isinstance(law, DroughtLaw)
        found = _drought(event, law, runs)
    elif isinstance(event, NamedFloodSpec):
        assert isinstance(law, FloodLaw)
        found = _flood(event, law, exposure, runs)
    else:
        assert isinstance(law, PestLaw)
        found = _pest(event, law, exposure, runs)
    return PerilYears(runs, _days(event, runs), *found)


def _days(event: NamedEventSpec, runs: Integers) -> Integers:
    return np.full(runs.size, event.day)


def _keys(event: AnyNamedEvent, runs: Integers, variable: str = "") -> Keys:
    none = np.zeros_like(runs)
    return event_keys(_SEED, f"named event {event.name}", event.kind, 0, runs, none, variable=variable)


def _same(value: float, runs: Integers) -> Floats:
    return np.full(runs.size, float(value))


def _fire(event: NamedFireSpec, law: Wildfire, exposure: Exposure, runs: Integers) -> PerilYears:
    book, landscape = exposure.book, exposure.landscape
    if event.stand is not None:
        start = np.full(runs.size, int(np.flatnonzero(book.ids == event.stand)[0]))
    else:
        inside = np.flatnonzero(landscape.county == landscape.counties.index(str(event.county)))
        share = np.cumsum(landscape.area_ha[inside])
        name = f"named event {event.name}"
        drawn = uniforms(_SEED, name, event.kind, 0, runs, 0, 0, variable="start")
        start = inside[np.searchsorted(share / share[-1], drawn, side="right")]
    hits = spread(start, _same(event.size_ha, runs), runs, landscape)
    stand = landscape.stand[hits.node]
    insured = stand >= 0
    stand = stand[insured]
    return PerilYears(
        event_year=runs,
        event_day=_days(event, runs),
        hit_event=hits.event[insured],
        hit_stand=stand,
        hit_area=hits.burnt_ha[insured] / book.area_ha[stand],
        hit_degree=damage_degree(
            np.full(stand.size, event.intensity), book.species[stand], book.age[stand], law.damage
        ),
    )


def _storm(event: NamedStormSpec, law: StormLaw, runs: Integers) -> Hits:
    return law.strike(
        Tracks(
            keys=_keys(event, runs),
            heading=_same(math.radians(event.heading), runs),
            offset_km=_same(event.offset_km, runs),
            peak_gust=_same(event.gust, runs),
            width_km=_same(law.numbers["width"] if event.width_km is None else event.width_km, runs),
        )
    )


def _spells(event: NamedIceSpec, runs: Integers) -> Spells:
    name = f"named event {event.name}"
    drawn = uniforms(
        _SEED, name, event.kind, 0, runs[:, None], 0, np.arange(2 * WAVES)[None, :], variable="field"
    )
    return Spells(
        year=runs,
        rank=np.zeros_like(runs),
        day=_days(event, runs),
        log_load=_same(math.log(event.load), runs),
        glaze=np.full(runs.size, event.glaze),
        frost=_same(event.frost, runs),
        waves=ndtri(drawn + 2.0**-54).reshape(runs.size, 2 * WAVES) / math.sqrt(WAVES),
        keys=np.stack([_keys(event, runs, variable) for variable in ("exposure", "area", "frost")], axis=1),
    )


def _drought(event: NamedDroughtSpec, law: DroughtLaw, runs: Integers) -> Hits:
    dry = np.array([not event.counties or name in event.counties for name in law.counties])
    severity = np.tile(np.where(dry, event.severity, 0.0), (runs.size, 1))
    return law.strike(severity, _keys(event, runs))


def _flood(event: NamedFloodSpec, law: FloodLaw, exposure: Exposure, runs: Integers) -> Hits:
    n = law.numbers
    east, north = place(exposure, event.lon, event.lat)
    middle_east, middle_north = _middle(exposure.landscape, len(exposure.book))
    return law.strike(
        Rain(
            keys=_keys(event, runs),
            east_km=_same(east - middle_east, runs),
            north_km=_same(north - middle_north, runs),
            log_excess=_same(math.log(event.rain_mm / n["damage_rain"]), runs),
            length_km=_same(n["cell_length"] if event.length_km is None else event.length_km, runs),
        )
    )


def _middle(landscape: Landscape, stands: int) -> tuple[float, float]:
    """Return the middle of the box around the stands, where the kilometres of their cells begin [km]."""
    x, y = landscape.x_km[:stands], landscape.y_km[:stands]
    return float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2


def _pest(event: NamedPestSpec, law: PestLaw, exposure: Exposure, runs: Integers) -> Hits:
    wilt = event.pest == "pine_wilt"
    row = len(GUILDS) if wilt else GUILDS.index(event.pest.removesuffix("_feeders"))
    east, north = place(exposure, event.lon, event.lat)
    reach = Reach(
        np.full(runs.size, row),
        _same(east, runs),
        _same(north, runs),
        _same(max(event.radius_km - law.growth, 0.0) if wilt else 0.0, runs),
        _same(event.radius_km, runs),
        np.full(runs.size, not wilt),
        *(_keys(event, runs, variable) for variable in ("infested", "area", "felled")),
    )
    hit, stand, area, felled = infest(law.ground.stands, reach, law.chance, law.area_power, law.felling)
    return hit, stand, area, np.where(felled, CLEAR_FELLED, law.fixed_degree)
