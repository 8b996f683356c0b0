# SPDX-License-Identifier: Apache-2.0
"""What HJ 941-2018 asks of a plant before any class is read off: sums, controls, events, receptors.

What lives here: arrays with one value a plant. What does not: classes and grades
(:mod:`greenrisk.pollution.grading.hj941`), which only need these terms; so a step that would change one of them is
graded by changing it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pollution.grading.counted import Counted
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.words import E_LEVELS, MEDIA, READINGS
from greenrisk.pollution.inventory import (
    Flags,
    Floats,
    History,
    Integers,
    Inventory,
    Outlets,
    Plants,
    Processes,
)
from greenrisk.pollution.tables import CROSSINGS, HISTORY_KINDS

Reading = Literal["low", "high"]
Boundary = Literal["sensitive", "less_sensitive"]
GradeReading = tuple[int, Reading]
"""Cut between M3 and M4 [point], and the reading of parts that are not known."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms of the grade, one a plant.

    Parameters
    ----------
    kind_of_site : array of int, shape (plants,)
        Index into ``KINDS_OF_SITE``.
    q : array, shape (media, plants)
        Sum of quantity over critical quantity [unitless].
    involved : array of bool, shape (media, plants)
        Whether any substance of the medium's list is held.
    toxic_gas : array of bool, shape (plants,)
        Whether a toxic gas is held.
    process : array, shape (plants,)
        Points of all processes, before the cap [point].
    controls : array of bool, shape (plants, controls)
        Whether each of :data:`~greenrisk.pollution.inventory.CONTROLS` is there.
    route : array of int, shape (plants,)
        Index into ``DISCHARGE_ROUTES``.
    event : array of int, shape (media, plants)
        Worst event of the window: 0 none, 1 general, ... 4 extraordinary.
    e : array of int, shape (media, plants)
        Level of the receptors, 0: E1.
    penalised : array of bool, shape (plants,)
        Whether a penalty of the window raises the grade.
    """

    kind_of_site: Integers
    q: Floats
    involved: Flags
    toxic_gas: Flags
    process: Floats
    controls: Flags
    route: Integers
    event: Integers
    e: Integers
    penalised: Flags

    def __len__(self) -> int:
        """How many plants."""
        return int(self.process.size)

    def take(self, plants: Integers) -> Terms:
        """Return the terms of some plants, in the order of their indexes; one may come often."""
        return Terms(
            self.kind_of_site[plants],
            self.q[:, plants],
            self.involved[:, plants],
            self.toxic_gas[plants],
            self.process[plants],
            self.controls[plants],
            self.route[plants],
            self.event[:, plants],
            self.e[:, plants],
            self.penalised[plants],
        )


def grading_year(history: History, year: int | None) -> int:
    """Return the year of the grading; without one, the latest of the history (0 where it is empty).

    Raises
    ------
    ArgumentError
        If the history goes on after the year.
    """
    latest = int(history.year.max()) if history.year.size else 0
    if year is None:
        return latest
    if latest > year:
        faults = Faults()
        faults.add(
            "year", f"year = {year}", f"The history has a record of {latest}. Grade a year not before it."
        )
        faults.raise_if_any(ArgumentError)
    return year


def plant_terms(
    inventory: Inventory,
    counted: Counted,
    rules: Rules,
    *,
    reading: Reading = "high",
    boundary: Boundary = "sensitive",
    year: int | None = None,
) -> Terms:
    """Return the terms of the grade of every plant.

    Parameters
    ----------
    inventory : Inventory
    counted : Counted
        Its holdings, counted.
    rules : Rules
    reading : str
        ``high``: a substance whose part of App. A is not known counts wherever it may; ``low``: only where it must.
    boundary : str
        Whether a count of people that equals a cut belongs to the more ``sensitive`` level or to the less one.
    year : int, optional
        Year of the grading; empty: the latest year of the history.

    Raises
    ------
    ArgumentError
        For a process that the table does not have, or a history that goes on after the year.

    Notes
    -----
    Of an event or penalty only the year is known: one of the year ``year - window`` may lie just within the window,
    and is counted.
    """
    plants = inventory.plants
    n, which = len(plants), READINGS.index(reading)
    ratio = counted.ratio
    listed = counted.listed[which]
    q, counts = np.empty((len(MEDIA), n)), np.empty_like(ratio)
    for m in range(len(MEDIA)):
        q[m] = _sums(counted.plant, np.multiply(ratio, listed[m], out=counts), n)
    now = grading_year(inventory.history, year)
    return Terms(
        kind_of_site=plants.kind_of_site,
        q=q,
        involved=q > 0.0,
        toxic_gas=_any(counted.plant[np.flatnonzero(counted.toxic_gas[which] & (ratio > 0.0))], n),
        process=process_points(inventory.processes, rules, n),
        controls=plants.controls,
        route=plants.discharge_route,
        event=_worst_events(inventory.history, rules, n, now),
        e=np.stack([air_receptors(plants, rules, boundary), water_receptors(inventory.outlets, rules, n)]),
        penalised=_penalised(inventory.history, rules, n, now),
    )


def process_points(processes: Processes, rules: Rules, plants: int) -> Floats:
    """Return the points of all sets of every plant before the cap, shape (plants,) [point].

    Notes
    -----
    n equal lines that run k listed processes each are n k sets.
    """
    rows, known = rules.process_row(processes.words)
    if not known.all():
        faults = Faults()
        for word in processes.words[~known].tolist():
            faults.add("processes", f"process = {word}", _unknown_process(word, rules))
        faults.raise_if_any(ArgumentError)
    points = rules.process_points[rows][processes.word]
    return _sums(processes.plant, processes.lines * points, plants)


def _unknown_process(word: str, rules: Rules) -> str:
    known = [word for word in rules.process_words.tolist() if word.isascii()]
    return (
        f"The process table does not have it.{did_you_mean(word, known)} A process at 300 °C or more, at 10.0 MPa or "
        "more or with flammable or explosive substances is `other_high_risk`; leave out one that scores nothing."
    )


def people_findings(plants: Plants, rules: Rules, boundary: Boundary) -> Flags:
    """Return whether the people within 5 km and 500 m reach E1 and E2, shape (2, 2, plants)."""
    exceeds = np.greater_equal if boundary == "sensitive" else np.greater
    counts = np.stack([plants.people_5km, plants.people_500m])[:, None]
    return np.asarray(exceeds(counts, rules.people_cuts[:, :, None]))


def air_receptors(plants: Plants, rules: Rules, boundary: Boundary) -> Integers:
    """Return the level of the air receptors of every plant, 0: E1, shape (plants,)."""
    # The cuts of E1 lie above those of E2 (rule_reading), so that every level reached is one step down from E3.
    reached = people_findings(plants, rules, boundary).any(axis=0).sum(axis=0)
    level: Integers = len(E_LEVELS) - 1 - reached
    return np.where(plants.special_area_5km, np.minimum(level, rules.special_area_level), level)


def water_findings(outlets: Outlets) -> Flags:
    """Return what lies below each outlet, shape (receptors of :data:`~.words.WATER_RECEPTORS`, outlets)."""
    return np.stack(
        [
            outlets.drinking_water_10km,
            outlets.crosses_24h == CROSSINGS.index("nation"),
            outlets.sensitive_water_10km,
            outlets.crosses_24h == CROSSINGS.index("province"),
            outlets.karst_or_flood_area,
        ]
    )


def water_receptors(outlets: Outlets, rules: Rules, plants: int) -> Integers:
    """Return the level of the water receptors below any outlet of every plant, 0: E1, shape (plants,)."""
    level = np.full(plants, len(E_LEVELS) - 1)
    found = water_findings(outlets)
    for e in (1, 0):
        below = found[rules.water_levels == e].any(axis=0)
        level[outlets.plant[np.flatnonzero(below)]] = e
    return level


def _worst_events(history: History, rules: Rules, plants: int, year: int) -> Integers:
    """Return the worst event of the window by medium; an event whose medium is not told counts for both."""
    accident = (history.kind == HISTORY_KINDS.index("accident")) & (history.level >= 0)
    recent = np.flatnonzero(accident & (history.year >= year - rules.special["event_window"]))
    plant, level, told = history.plant[recent], history.level[recent], history.medium[recent]
    worst = np.zeros((len(MEDIA), plants), dtype=np.int64)
    for m in range(len(MEDIA)):
        mine = told != MEDIA[1 - m]  # that is: this medium, both, or none told
        np.maximum.at(worst[m], plant[mine], level[mine] + 1)
    return worst


def _penalised(history: History, rules: Rules, plants: int, year: int) -> Flags:
    illegal = (history.kind == HISTORY_KINDS.index("illegal_discharge")) | (
        history.kind == HISTORY_KINDS.index("illegal_waste")
    )
    recent = history.year >= year - rules.special["penalty_window"]
    return _any(history.plant[illegal & recent], plants)


def _sums(plant: Integers, values: Floats, plants: int) -> Floats:
    return np.asarray(np.bincount(plant, values, plants), dtype=np.float64)


def _any(plant: Integers, plants: int) -> Flags:
    """Return whether each plant stands in a list of plants."""
    found = np.zeros(plants, dtype=np.bool_)
    found[plant] = True
    return found
