# SPDX-License-Identifier: Apache-2.0
"""The inventory of a zone as plain arrays, in canonical order.

What lives here: frozen structs of arrays, made by
:mod:`greenrisk.pollution.inventory_arrays` from validated tables. What does not: how a table is read
(:mod:`greenrisk.pollution.tables`), what is wrong between tables (:mod:`greenrisk.pollution.inventory_checks`), and
what a substance counts for (:mod:`greenrisk.pollution.substances`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

CONTROLS: Final = (
    "gas_monitor",
    "distance_met",
    "interception",
    "accident_water",
    "clean_water",
    "rain_water",
    "waste_water",
    "waste_managed",
)
"""Controls that a plant has or lacks, as columns of the table of plants."""


@dataclass(frozen=True, eq=False)
class Plants:
    """Plants, sorted by ``ids``.

    Parameters
    ----------
    ids, name, owner, industry_code : array of str, shape (plants,)
        Identifier (strictly ascending), name, enterprise, industry by GB/T 4754.
    lon, lat : array, shape (plants,)
        Place [degree].
    kind_of_site, activity, discharge_route, prevention : array of int, shape (plants,)
        Index into the tuple of that name in :mod:`greenrisk.pollution.tables`.
    in_zone, key_permit, special_area_5km : array of bool, shape (plants,)
        Lies in the zone; is a key unit; has a specially protected area within 5 km.
    employees, people_500m, people_1km, people_5km : array, shape (plants,)
        People on site and around it [person].
    revenue, assets : array, shape (plants,)
        Revenue [CNY/year] and net assets [CNY].
    credit_colour : array of int, shape (plants,)
        Index into ``COLOURS``, or ``NOT_ASSESSED``.
    limit : array, shape (plants,)
        Limit of the cover in force; 0: uninsured [CNY].
    years_observed : array, shape (plants,)
        Years that the history covers [year].
    controls : array of bool, shape (plants, controls)
        Whether the plant has each of :data:`CONTROLS`.
    """

    ids: Texts
    name: Texts
    owner: Texts
    industry_code: Texts
    lon: Floats
    lat: Floats
    kind_of_site: Integers
    activity: Integers
    discharge_route: Integers
    prevention: Integers
    in_zone: Flags
    key_permit: Flags
    special_area_5km: Flags
    employees: Floats
    people_500m: Floats
    people_1km: Floats
    people_5km: Floats
    revenue: Floats
    assets: Floats
    credit_colour: Integers
    limit: Floats
    years_observed: Floats
    controls: Flags

    def __len__(self) -> int:
        """How many plants."""
        return int(self.ids.size)

    def has(self, control: str) -> Flags:
        """Whether each plant has a control, shape (plants,)."""
        return np.asarray(self.controls[:, CONTROLS.index(control)])


@dataclass(frozen=True, eq=False)
class Outlets:
    """Outlets, by plant.

    Parameters
    ----------
    plant : array of int, shape (outlets,)
        Index of the plant, non-decreasing.
    ids, kind, receiving_water : array of str, shape (outlets,)
        Identifier, what leaves by it, name of the water.
    water_class, crosses_24h : array of int, shape (outlets,)
        Index into ``WATER_CLASSES``, ``CROSSINGS``.
    drinking_water_10km, sensitive_water_10km, karst_or_flood_area : array of bool, shape (outlets,)
        What lies below.
    """

    plant: Integers
    ids: Texts
    kind: Texts
    receiving_water: Texts
    water_class: Integers
    crosses_24h: Integers
    drinking_water_10km: Flags
    sensitive_water_10km: Flags
    karst_or_flood_area: Flags


@dataclass(frozen=True, eq=False)
class Holdings:
    """Substances on site, by plant.

    Parameters
    ----------
    plant : array of int, shape (holdings,)
        Index of the plant, non-decreasing.
    row : array of int, shape (holdings,)
        Row of the table, the first below the header is 2.
    cas, name_zh, name_en, where : array of str, shape (holdings,)
        As the user wrote them; empty where nothing stood.
    state : array of int, shape (holdings,)
        Index into ``STATES``.
    max_t : array, shape (holdings,)
        Largest quantity, solution included [t].
    concentration : array, shape (holdings,)
        Mass share of the substance, in (0, 1]; NaN where a solution's is not given [unitless].
    is_solution : array of bool, shape (holdings,)
        Whether it is a solution or mixture.
    """

    plant: Integers
    row: Integers
    cas: Texts
    name_zh: Texts
    name_en: Texts
    where: Texts
    state: Integers
    max_t: Floats
    concentration: Floats
    is_solution: Flags


@dataclass(frozen=True, eq=False)
class Processes:
    """Production processes by line.

    Parameters
    ----------
    plant : array of int, shape (processes,)
        Index of the plant, non-decreasing.
    words : array of str, shape (words,)
        Words of processes that stand in the table, each once, ascending.
    word : array of int, shape (processes,)
        Index into ``words``.
    line : array of str, shape (processes,)
        Name of the line.
    lines : array of int, shape (processes,)
        Equal lines.
    """

    plant: Integers
    words: Texts
    word: Integers
    line: Texts
    lines: Integers

    @property
    def process(self) -> Texts:
        """Word of each process, shape (processes,)."""
        return np.asarray(self.words[self.word])


@dataclass(frozen=True, eq=False)
class Equipment:
    """Equipment with hazardous contents.

    Parameters
    ----------
    plant, sort : array of int, shape (equipment,)
        Index of the plant, non-decreasing; index into ``EQUIPMENT``.
    amount : array, shape (equipment,)
        Pieces, metres of pipe or hours of loading a year.
    """

    plant: Integers
    sort: Integers
    amount: Floats


@dataclass(frozen=True, eq=False)
class Vehicles:
    """Transport of hazardous chemicals.

    Parameters
    ----------
    plant : array of int, shape (routes,)
        Index of the plant that answers, non-decreasing.
    vehicle_class, cas : array of str, shape (routes,)
        Class of vehicle, load.
    trips, km_per_trip, load_t : array, shape (routes,)
        Loaded trips [1/year], kilometres [km] and load [t] of a trip.
    """

    plant: Integers
    vehicle_class: Texts
    cas: Texts
    trips: Floats
    km_per_trip: Floats
    load_t: Floats

    @property
    def km(self) -> Floats:
        """Loaded kilometres of each route, shape (routes,) [km/year]."""
        return self.trips * self.km_per_trip


@dataclass(frozen=True, eq=False)
class History:
    """Accidents and penalties.

    Parameters
    ----------
    plant, year : array of int, shape (records,)
        Index of the plant, non-decreasing; year of the record.
    kind : array of int, shape (records,)
        Index into ``HISTORY_KINDS``.
    level : array of int, shape (records,)
        Index into ``EVENT_LEVELS``; -1: below all levels.
    medium : array of str, shape (records,)
        ``air``, ``water``, ``both`` or empty.
    direct_loss : array, shape (records,)
        Direct loss; NaN where unknown [CNY].
    place : array of int, shape (records,), or None
        Index into ``HISTORY_PLACES``; -1: not told. None: the table has no such column, so that the road was not
        observed.
    """

    plant: Integers
    year: Integers
    kind: Integers
    level: Integers
    medium: Texts
    direct_loss: Floats
    place: Integers | None = None


@dataclass(frozen=True, eq=False)
class Inventory:
    """A zone: what is there, whose it is, and what has happened."""

    plants: Plants
    outlets: Outlets
    holdings: Holdings
    processes: Processes
    equipment: Equipment
    vehicles: Vehicles
    history: History
