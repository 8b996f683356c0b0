# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an inventory between its rows and between its tables: every fault at once.

What lives here: plants, links between tables, outlets, transport, history. What does not: a single cell, which
:func:`greenrisk.core.tables.read_table` judges, and the substances on site
(:mod:`greenrisk.pollution.holding_checks`).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults
from greenrisk.core.ledger import Entry
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pollution.holding_checks import holding_faults
from greenrisk.pollution.odd_checks import odd_plants
from greenrisk.pollution.row_faults import RowFaults
from greenrisk.pollution.substance_search import cas_is_valid, tidy_cas
from greenrisk.pollution.substances import Substances, plain
from greenrisk.pollution.tables import ZONE_TABLES

PEOPLE = ("people_500m", "people_1km", "people_5km")
"""Counts that include one another."""


def plausible_bounds(frame: pd.DataFrame) -> dict[str, float]:
    """Return the bounds of a table that follows ``PLAUSIBLE_QUANTITIES``, by their word."""
    return {str(word): float(bound) for word, bound in zip(frame["quantity"], frame["bound"], strict=True)}


def inventory_faults(
    frames: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    substances: Substances,
    bounds: Mapping[str, float],
    *,
    allow_unknown: bool = False,
    year: int | None = None,
    processes: Collection[str] | None = None,
    every: Mapping[str, pd.DataFrame] | None = None,
    unread: Collection[str] = (),
    year_is: str = "the year before `underwriting_year`",
) -> tuple[Faults, list[Entry]]:
    """Find what is wrong with an inventory.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Validated tables by the name of their TableSpec; of a table with faulty cells the rows without one.
    names : mapping of str to str
        File of each table, for messages.
    substances : Substances
        The table of substances and its rules.
    bounds : mapping of str to float
        Largest plausible quantities (:func:`plausible_bounds`).
    allow_unknown : bool
        Whether a substance that the table does not hold is told in the ledger instead of refused.
    year : int, optional
        Last year that the records can hold; without it, the years are only compared with one another [year].
    processes : collection of str, optional
        Words of the process table; without it, words of processes are not judged.
    every : mapping of str to DataFrame, optional
        All rows of the tables with faulty cells, these empty: their plants are judged, and what hangs on a row that is
        there is not told as missing.
    unread : collection of str
        Tables that are there but could not be read at all: what hangs on them is not judged.
    year_is : str
        What ``year`` is, for messages: which key or option sets it.

    Returns
    -------
    faults : Faults
        By table, in the order of ``ZONE_TABLES``, then by row; at most ten of a sort and a line for the rest.
    lines : list of Entry
        What was assumed and what was not counted, for the ledger.

    Notes
    -----
    Rows are numbered as in the file, blank ones included.
    """
    told = {
        spec.name: RowFaults(names.get(spec.name, spec.name), frames.get(spec.name)) for spec in ZONE_TABLES
    }
    whole = {**frames, **(every or {})}
    for name, table in whole.items():
        if name in told and name not in frames:
            told[name] = told[name].over(table)
    known = {name: _ids(table) for name, table in whole.items() if name in told}
    # Of a table that was not read, or where a row names no plant, it is not known which plants it leaves out.
    open_tables = {*unread, *(name for name, ids in known.items() if ids is None)}
    plants, held = frames.get("zone-plants"), frames.get("zone-substances")
    ids = known.get("zone-plants")
    lines: list[Entry] = []
    if ids is not None:
        for name in known:
            if name != "zone-plants" and "plant_id" in whole[name]:
                _links(whole[name], ids, told["zone-plants"].file, told[name].over(whole[name]))
    if plants is not None:
        lines += _plants(plants, told["zone-plants"])
        if "zone-outlets" not in open_tables:
            lines += _outlets(plants, whole.get("zone-outlets"), told)
        if "zone-vehicles" not in open_tables:
            _carriers(plants, whole.get("zone-vehicles"), told)
    lines += _processes(plants, frames.get("zone-processes"), processes, told)
    _transport(frames.get("zone-vehicles"), bounds, told["zone-vehicles"])
    _history(plants, frames.get("zone-history"), year, year_is, told["zone-history"])
    if "zone-vehicles" not in open_tables:
        _on_the_road(frames.get("zone-history"), whole.get("zone-vehicles"), told["zone-history"])
    of_holdings = RowFaults(told["zone-substances"].name)
    if held is not None and len(held):
        of_holdings, holding_lines = holding_faults(
            held, of_holdings.name, substances, bounds, allow_unknown=allow_unknown
        )
        lines += holding_lines
    if plants is not None:
        lines += odd_plants(plants, told["zone-plants"], known.get("zone-substances"), bounds)
    faults = Faults()
    for name in told:
        faults.extend(told[name].faults())
        if name == "zone-substances":
            faults.extend(of_holdings.faults())
    return faults, lines


def _ids(table: pd.DataFrame) -> list[str] | None:
    """Return the plant of every row, or None where a row names none."""
    if "plant_id" not in table or table["plant_id"].isna().any():
        return None
    return [str(name) for name in table["plant_id"]]


def _links(frame: pd.DataFrame, ids: list[str], plants_file: str, found: RowFaults) -> None:
    """Tell rows of a plant that the table of plants does not have."""
    known = set(ids)
    advice: dict[str, str] = {}
    for position, cell in enumerate(frame["plant_id"]):
        plant = str(cell)
        if not pd.isna(cell) and plant not in known:
            if plant not in advice:
                advice[plant] = did_you_mean(plant, ids)
            found.add(position, "plant_id", plant, f"There is no such plant in {plants_file}.{advice[plant]}")


def _plants(plants: pd.DataFrame, found: RowFaults) -> list[Entry]:
    """Tell plants that stand twice and counts of people that contradict one another."""
    owners = [plain(str(owner)) for owner in plants["owner"]]
    names = [plain(str(name)) for name in plants["name"]]
    spots = [(round(lon, 5), round(lat, 5)) for lon, lat in zip(plants["lon"], plants["lat"], strict=True)]
    ids = list(map(str, plants["plant_id"]))
    for what, keys in (("name", names), ("place", spots)):
        first: dict[tuple[str, Any], int] = {}
        for position, key in enumerate(zip(owners, keys, strict=True)):
            before = first.setdefault(key, position)
            if before != position and not (what == "place" and names[before] == names[position]):
                found.add(
                    position,
                    "plant_id",
                    ids[position],
                    f"The same plant stands in row {found.row(before)} as {ids[before]}: same owner and {what}. "
                    f"Remove one, or correct the {what}.",
                    sort="a plant twice",
                )
    people = {name: np.asarray(plants[name], dtype=np.float64) for name in PEOPLE}
    for inner, outer in pairwise(PEOPLE):
        for position in map(int, np.flatnonzero(people[inner] > people[outer])):
            found.add(
                position,
                inner,
                f"{people[inner][position]:g}",
                f"More than the {people[outer][position]:g} of {outer}, which include them.",
                "person",
            )
    none = int((people["people_5km"] == 0.0).sum())
    if not none:
        return []
    text = "Plants with nobody within 5 km as the table says; an uncounted population is not 0."
    return [Entry("assumption", found.name, text, none)]


def _outlets(
    plants: pd.DataFrame, outlets: pd.DataFrame | None, told: Mapping[str, RowFaults]
) -> list[Entry]:
    """Tell discharges without an outlet and outlets without a discharge."""
    kinds: dict[str, set[str]] = {}
    if outlets is not None:
        for plant, kind in zip(map(str, outlets["plant_id"]), map(str, outlets["kind"]), strict=True):
            kinds.setdefault(plant, set()).add(kind)
    bare = 0
    routes = zip(map(str, plants["plant_id"]), map(str, plants["discharge_route"]), strict=True)
    for position, (plant, route) in enumerate(routes):
        bare += plant not in kinds
        if route == "direct" and plant not in kinds:
            told["zone-plants"].add(
                position,
                "discharge_route",
                route,
                f"{plant} discharges direct, but {told['zone-outlets'].file} has no outlet of it: what lies below "
                "is not known. Add the outlet.",
            )
        if route == "none" and "effluent" in kinds.get(plant, set()):
            told["zone-plants"].add(
                position,
                "discharge_route",
                route,
                f"{plant} has an effluent outlet in {told['zone-outlets'].file}. Say where the effluent goes, or "
                "remove the outlet.",
            )
    if not bare:
        return []
    text = "Plants without an outlet: graded as if nothing lay below them (E3 for water)."
    return [Entry("assumption", told["zone-plants"].name, text, bare)]


def _processes(
    plants: pd.DataFrame | None,
    processes: pd.DataFrame | None,
    words: Collection[str] | None,
    told: Mapping[str, RowFaults],
) -> list[Entry]:
    """Tell processes that the process table does not have."""
    if processes is not None and words is not None:
        for position, word in enumerate(map(str, processes["process"])):
            if word not in words:
                told["zone-processes"].add(
                    position,
                    "process",
                    word,
                    f"There is no such process in the process table.{_near(word, words)} `greenrisk show table "
                    "hj941_process_points` lists its words; `other_high_risk` is any other at high temperature or "
                    "pressure or with flammables.",
                )
    if plants is None:
        return []
    listed = set(map(str, processes["plant_id"])) if processes is not None else set()
    makers = {
        plant
        for plant, activity in zip(map(str, plants["plant_id"]), map(str, plants["activity"]), strict=True)
        if activity == "production"
    }
    bare = len(makers - listed)
    if not bare:
        return []
    text = "Plants of production without a process: graded with 0 points for processes."
    return [Entry("assumption", told["zone-plants"].name, text, bare)]


def _near(word: str, words: Collection[str]) -> str:
    """Return the words that an unknown one may stand for."""
    close = difflib.get_close_matches(word.lower(), list(words), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else ""


def _carriers(plants: pd.DataFrame, vehicles: pd.DataFrame | None, told: Mapping[str, RowFaults]) -> None:
    """Tell carriers without a route."""
    carriers = set() if vehicles is None else set(map(str, vehicles["plant_id"]))
    activities = zip(map(str, plants["plant_id"]), map(str, plants["activity"]), strict=True)
    for position, (plant, activity) in enumerate(activities):
        if activity == "transport" and plant not in carriers:
            told["zone-plants"].add(
                position,
                "activity",
                activity,
                f"{plant} carries hazardous chemicals, but {told['zone-vehicles'].file} has no route of it: give "
                "trips, kilometres and load.",
            )


def _transport(vehicles: pd.DataFrame | None, bounds: Mapping[str, float], found: RowFaults) -> None:
    """Tell kilometres and loads in the wrong unit, and what is no CAS number."""
    if vehicles is None:
        return
    for column, unit, slip in (("km_per_trip", "km", "metres"), ("load_t", "t", "kilograms")):
        values = np.asarray(vehicles[column], dtype=np.float64)
        for position in map(int, np.flatnonzero(values > bounds.get(column, np.inf))):
            found.add(
                position,
                column,
                f"{values[position]:g}",
                f"More than {bounds[column]:g} {unit} is not plausible: is it {slip}? Then write "
                f"{values[position] / 1000.0:g}. If it is right, raise the bound `{column}` in your own table of "
                "plausible quantities.",
                unit,
            )
    if "cas" not in vehicles:
        return
    for position, cas in enumerate(vehicles["cas"]):
        if not pd.isna(cas) and not cas_is_valid(tidy_cas(str(cas))):
            found.add(position, "cas", cas, "Not a CAS number: its form or its check digit is wrong.")


def _history(
    plants: pd.DataFrame | None,
    history: pd.DataFrame | None,
    year: int | None,
    year_is: str,
    found: RowFaults,
) -> None:
    """Tell records out of the observed years, and levels or losses of what was no accident."""
    if history is None or not len(history):
        return
    observed: dict[str, float] = {}
    if plants is not None:
        observed = dict(zip(map(str, plants["plant_id"]), map(float, plants["years_observed"]), strict=True))
    years = np.asarray(history["year"], dtype=np.int64)
    kinds = list(map(str, history["kind"]))
    ids = list(map(str, history["plant_id"]))
    latest = int(years.max()) if year is None else year
    for position, (plant, kind, recorded) in enumerate(zip(ids, kinds, years, strict=True)):
        if year is not None and recorded > year:
            mend = f"Later than {year}, {year_is}: the records end with it. Correct the one or the other."
            found.add(position, "year", int(recorded), mend, "year")
        elif kind == "accident" and plant in observed and recorded <= latest - observed[plant]:
            found.add(
                position,
                "year",
                int(recorded),
                f"Before the {observed[plant]:g} observed years of {plant}, which end in {latest}. Correct "
                "years_observed in the table of plants, or leave the accident out: it would count without its years.",
                "year",
            )
    for column in ("level", "direct_loss_cny", "place"):
        if column not in history:
            continue
        for position, (kind, cell) in enumerate(zip(kinds, history[column], strict=True)):
            if kind != "accident" and not pd.isna(cell):
                found.add(position, column, cell, f"Only an accident has one; this record is `{kind}`.")


def _on_the_road(history: pd.DataFrame | None, vehicles: pd.DataFrame | None, found: RowFaults) -> None:
    """Tell accidents on the road of plants without a vehicle: their rate would be 0."""
    if history is None or "place" not in history:
        return
    carriers = set() if vehicles is None else set(map(str, vehicles["plant_id"]))
    for position, (plant, place) in enumerate(zip(history["plant_id"], history["place"], strict=True)):
        if not pd.isna(place) and str(place) == "road" and str(plant) not in carriers:
            found.add(
                position,
                "place",
                place,
                f"The table of vehicles has no route of {plant}. Add what it carries, or write `site`.",
            )
