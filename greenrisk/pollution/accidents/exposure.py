# SPDX-License-Identifier: Apache-2.0
"""What the accident rates of a zone are computed from: plants, equipment, reports that match, own years.

What lives here: the reading of inventory and tables into arrays. What does not: the rates
(:mod:`greenrisk.pollution.accidents.rates`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.accidents.records import Records
from greenrisk.pollution.accidents.roles import SIZES
from greenrisk.pollution.inventory import Equipment, Floats, History, Integers, Inventory, Texts
from greenrisk.pollution.tables import HISTORY_KINDS, HISTORY_PLACES


@dataclass(frozen=True, eq=False)
class Exposure:
    """What the rates of a zone are computed from; the same under every variant.

    Parameters
    ----------
    activity, prevention : array of int, shape (plants,)
        Index into ``ACTIVITIES``, ``PREVENTION_LEVELS``.
    credit : array of int, shape (plants,)
        Index into ``COLOURS``; their number where the enterprise was not assessed.
    grade : array of int, shape (plants,)
        Index into ``GRADES``; negative where the grade was refused.
    leaks : array, shape (plants, sizes)
        Leaks of the equipment [1/year]; 0 where no equipment is given.
    industry, chemical : array, shape (plants, 2)
        Rate of US reports and its standard error [1/year]; NaN where none is known.
    km : array, shape (plants,)
        Loaded kilometres of its vehicles [km/year].
    years, accidents : array, shape (plants,)
        Years observed on site [year] and accidents on site in them [1].
    road_years, road_accidents : array, shape (plants,)
        The same of its vehicles on the road; no years where the history does not tell the place.
    naics : array of str, shape (plants,)
        The industry that stands for the plant's; empty: all industries.
    reported_as : array of str, shape (plants,)
        The chemical whose rate stands for what is on site; empty where none is reported.
    """

    activity: Integers
    prevention: Integers
    credit: Integers
    grade: Integers
    leaks: Floats
    industry: Floats
    chemical: Floats
    km: Floats
    years: Floats
    accidents: Floats
    road_years: Floats
    road_accidents: Floats
    naics: Texts
    reported_as: Texts

    def __len__(self) -> int:
        """How many plants."""
        return int(self.activity.size)


def exposure_of(inventory: Inventory, grade: Integers, records: Records) -> Exposure:
    """Return what the rates of a zone are computed from.

    Parameters
    ----------
    inventory : Inventory
        The zone.
    grade : array of int, shape (plants,)
        Official grades, index into ``GRADES``; negative: refused.
    records : Records
        US reports, leak frequencies, matched industries.

    Notes
    -----
    Of several reported chemicals on site the one with the highest rate stands for the plant: reports count a facility
    under each of its chemicals, so rates of chemicals are not to be added. A history without the column ``place`` says
    nothing of the road: all its accidents count on site.
    """
    plants = inventory.plants
    count = len(plants)
    naics = records.naics(plants.industry_code)
    industry = np.array([records.industry.get(str(code), records.all_industries) for code in naics])
    chemical = np.full((count, 2), np.nan)
    names = np.full(count, "", dtype=object)
    told = inventory.history.place is not None
    held = inventory.holdings
    for plant, name in zip(held.plant.tolist(), held.name_en.tolist(), strict=True):
        found = records.chemical.get(_reported_name(name, records))
        if found is not None and not chemical[plant, 0] >= found[0]:
            chemical[plant], names[plant] = found, _reported_name(name, records)
    return Exposure(
        activity=plants.activity,
        prevention=plants.prevention,
        credit=np.where(plants.credit_colour < 0, len(COLOURS), plants.credit_colour),
        grade=np.asarray(grade),
        leaks=_leaks(inventory.equipment, records, count),
        industry=industry,
        chemical=chemical,
        km=np.bincount(inventory.vehicles.plant, weights=inventory.vehicles.km, minlength=count).astype(
            np.float64
        ),
        years=plants.years_observed,
        accidents=own_accidents(inventory.history, count, "site"),
        road_years=np.where(told, plants.years_observed, 0.0),
        road_accidents=own_accidents(inventory.history, count, "road"),
        naics=naics,
        reported_as=names.astype(np.str_),
    )


def _reported_name(name: str, records: Records) -> str:
    """Return the reported chemical that a name means: itself, or with the form in which US reports write it."""
    plain = name.casefold().strip()
    forms = (plain, f"{plain} (anhydrous)", f"{plain} (solution)")
    return next((form for form in forms if form in records.chemical), plain)


def _leaks(equipment: Equipment, records: Records, plants: int) -> Floats:
    of_piece = equipment.amount[:, None] * records.leak[equipment.sort]
    return np.stack(
        [
            np.bincount(equipment.plant, weights=of_piece[:, size], minlength=plants)
            for size in range(len(SIZES))
        ],
        axis=1,
    )


def own_accidents(history: History, plants: int, place: str) -> Floats:
    """Return the recorded accidents of each plant at a place, shape (plants,); penalties are no accidents.

    Parameters
    ----------
    history : History
        Accidents and penalties.
    plants : int
        How many plants.
    place : str
        One of ``HISTORY_PLACES``; an accident whose place is not told counts on site.
    """
    counted = history.kind == HISTORY_KINDS.index("accident")
    road = np.zeros(counted.shape, dtype=np.bool_)
    if history.place is not None:
        road = history.place == HISTORY_PLACES.index("road")
    counted = counted & (road if place == "road" else ~road)
    return np.bincount(history.plant[counted], minlength=plants).astype(np.float64)
