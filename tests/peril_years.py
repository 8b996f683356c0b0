# SPDX-License-Identifier: Apache-2.0
"""What every peril's card and simulated years must be, and how two of them are held against each other."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from greenrisk.core.cards import Card
from greenrisk.resource.forest import BLOCK_LENGTH
from greenrisk.resource.perils.base import DAYS, PerilLaw, PerilYears

ARRAYS = ("event_year", "event_day", "hit_event", "hit_stand", "hit_area", "hit_degree")


def same(one: PerilYears, other: PerilYears) -> bool:
    """Whether two blocks are the same, bit for bit."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)


def rank_of(years: PerilYears) -> np.ndarray:
    """Place of each event among those of its year."""
    return np.arange(years.event_year.size) - np.searchsorted(years.event_year, years.event_year)


def hits_of(years: PerilYears) -> dict[tuple[int, int, int], tuple[float, float]]:
    """Area and degree by year, place in the year and stand."""
    event = years.hit_event
    keys = zip(
        years.event_year[event].tolist(),
        rank_of(years)[event].tolist(),
        years.hit_stand.tolist(),
        strict=True,
    )
    return dict(zip(keys, zip(years.hit_area.tolist(), years.hit_degree.tolist(), strict=True), strict=True))


def holds_what_the_law_needs(card: Card, peril: ModuleType) -> None:
    """Assert that a card has the use, parameters, units and constants that a peril's module asks for, and no others."""
    assert card.use == peril.USE
    assert set(card.parameters) == set(peril.PARAMETERS)
    assert set(card.constants) == set(peril.CONSTANTS)
    units = {name: one.unit for name, one in card.parameters.items() if one.unit != "unitless"}
    assert units == dict(peril.UNITS)
    assert card.fitted_by == "judgement"


def is_in_order_and_in_bounds(years: PerilYears) -> None:
    """Assert that events and hits are sorted, days and years those of a block, shares and degrees in (0, 1]."""
    assert years.hit_event.size > 0
    assert years.event_year.min() >= 0
    assert years.event_year.max() < BLOCK_LENGTH
    assert years.event_day.min() >= 0
    assert years.event_day.max() < DAYS
    assert (np.diff(years.event_year) >= 0).all()
    assert (np.diff(years.hit_event) >= 0).all()
    assert len(hits_of(years)) == years.hit_stand.size, "no stand is hit twice by one event"
    for values in (years.hit_area, years.hit_degree):
        assert (values > 0).all()
        assert (values <= 1).all()


def follows_its_key(law: PerilLaw) -> None:
    """Assert that equal keys give equal bits, and any other seed, purpose or block others."""
    one = law.simulate(1, "main", 0)
    assert same(one, law.simulate(1, "main", 0))
    for seed, purpose, block in ((2, "main", 0), (1, "knowledge", 0), (1, "main", 1)):
        assert not same(one, law.simulate(seed, purpose, block))
