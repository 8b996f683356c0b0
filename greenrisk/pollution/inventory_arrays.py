# SPDX-License-Identifier: Apache-2.0
"""From the tables of a zone to its inventory: canonical order, codes for words, shares for percent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from greenrisk.environment.credit_colour import COLOURS, NOT_ASSESSED
from greenrisk.pollution.inventory import (
    CONTROLS,
    Equipment,
    Flags,
    Floats,
    History,
    Holdings,
    Integers,
    Inventory,
    Outlets,
    Plants,
    Processes,
    Texts,
    Vehicles,
)
from greenrisk.pollution.row_faults import rows_in_file
from greenrisk.pollution.tables import (
    ACTIVITIES,
    CROSSINGS,
    DISCHARGE_ROUTES,
    EQUIPMENT,
    EVENT_LEVELS,
    HISTORY_KINDS,
    HISTORY_PLACES,
    KINDS_OF_SITE,
    PREVENTION_LEVELS,
    STATES,
    WATER_CLASSES,
)


def inventory_of(frames: Mapping[str, pd.DataFrame]) -> Inventory:
    """Turn validated tables into an inventory.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        By the name of their :class:`~greenrisk.core.tables.TableSpec`; ``zone-plants`` and ``zone-substances`` are
        needed, any other may be absent. Every ``plant_id`` stands in the table of plants
        (:mod:`greenrisk.pollution.inventory_checks` says so beforehand).

    Returns
    -------
    Inventory
        In canonical order, whatever the order of the rows; kilometres, tonnes and yuan as in the tables, percent of
        a concentration as share.
    """
    frame = frames["zone-plants"]
    order = np.argsort(_texts(frame["plant_id"]), kind="stable")
    frame = frame.iloc[order]
    ids = _texts(frame["plant_id"])
    plants = Plants(
        ids=ids,
        name=_texts(frame["name"]),
        owner=_texts(frame["owner"]),
        industry_code=_texts(frame["industry_code"]),
        lon=_numbers(frame["lon"]),
        lat=_numbers(frame["lat"]),
        kind_of_site=_codes(frame["kind_of_site"], KINDS_OF_SITE),
        activity=_codes(frame["activity"], ACTIVITIES),
        discharge_route=_codes(frame["discharge_route"], DISCHARGE_ROUTES),
        prevention=_codes(frame["prevention"], PREVENTION_LEVELS),
        in_zone=_flags(frame["in_zone"]),
        key_permit=_flags(frame["key_permit"]),
        special_area_5km=_flags(frame["special_area_5km"]),
        employees=_numbers(frame["employees"]),
        people_500m=_numbers(frame["people_500m"]),
        people_1km=_numbers(frame["people_1km"]),
        people_5km=_numbers(frame["people_5km"]),
        revenue=_numbers(frame["revenue_cny"]),
        assets=_numbers(frame["assets_cny"]),
        credit_colour=_codes(_column(frame, "credit_colour"), COLOURS, none=NOT_ASSESSED),
        limit=np.nan_to_num(_numbers(_column(frame, "limit_cny", float))),
        years_observed=_numbers(frame["years_observed"]),
        controls=np.stack([_flags(frame[control]) for control in CONTROLS], axis=1),
    )

    def part(name: str) -> tuple[pd.DataFrame, Integers, Integers]:
        """Return a table sorted by plant, the plant of each row, and the rows' places in the file."""
        table = frames.get(name)
        if table is None or not len(table):
            return pd.DataFrame(), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        plant = np.searchsorted(ids, _texts(table["plant_id"])).astype(np.int64)
        places = np.argsort(plant, kind="stable")
        rows = np.asarray(rows_in_file(table), dtype=np.int64)
        return table.iloc[places], plant[places], rows[places]

    outlets, at, _ = part("zone-outlets")
    found_outlets = Outlets(
        plant=at,
        ids=_texts(_column(outlets, "outlet_id")),
        kind=_texts(_column(outlets, "kind")),
        receiving_water=_texts(_column(outlets, "receiving_water")),
        water_class=_codes(_column(outlets, "water_class"), WATER_CLASSES),
        crosses_24h=_codes(_column(outlets, "crosses_24h"), CROSSINGS),
        drinking_water_10km=_flags(_column(outlets, "drinking_water_10km")),
        sensitive_water_10km=_flags(_column(outlets, "sensitive_water_10km")),
        karst_or_flood_area=_flags(_column(outlets, "karst_or_flood_area")),
    )
    held, at, row = part("zone-substances")
    holdings = holdings_of(held, at, row)
    made, at, _ = part("zone-processes")
    words, word = np.unique(_texts(_column(made, "process")), return_inverse=True)
    processes = Processes(
        plant=at,
        words=words,
        word=word.astype(np.int64),
        line=_texts(_column(made, "line")),
        lines=np.nan_to_num(_numbers(_column(made, "lines", float)), nan=1.0).astype(np.int64),
    )
    pieces, at, _ = part("zone-equipment")
    equipment = Equipment(
        plant=at,
        sort=_codes(_column(pieces, "equipment"), EQUIPMENT),
        amount=_numbers(_column(pieces, "amount", float)),
    )
    routes, at, _ = part("zone-vehicles")
    vehicles = Vehicles(
        plant=at,
        vehicle_class=_texts(_column(routes, "vehicle_class")),
        cas=_texts(_column(routes, "cas")),
        trips=_numbers(_column(routes, "trips_per_year", float)),
        km_per_trip=_numbers(_column(routes, "km_per_trip", float)),
        load_t=_numbers(_column(routes, "load_t", float)),
    )
    records, at, _ = part("zone-history")
    told = frames.get("zone-history")
    has_places = told is not None and "place" in told
    history = History(
        plant=at,
        year=_numbers(_column(records, "year", float)).astype(np.int64),
        kind=_codes(_column(records, "kind"), HISTORY_KINDS),
        level=_codes(_column(records, "level"), EVENT_LEVELS, none=-1),
        medium=_texts(_column(records, "medium")),
        direct_loss=_numbers(_column(records, "direct_loss_cny", float)),
        place=_codes(_column(records, "place"), HISTORY_PLACES, none=-1) if has_places else None,
    )
    return Inventory(plants, found_outlets, holdings, processes, equipment, vehicles, history)


def holdings_of(held: pd.DataFrame, plant: Integers, row: Integers) -> Holdings:
    """Turn rows of the table of substances on site into arrays, in their order.

    Parameters
    ----------
    held : DataFrame
        Rows of ``zone-substances``.
    plant, row : array of int, shape (holdings,)
        Plant of each, and its row in the file.

    Returns
    -------
    Holdings
        A pure substance without a concentration has 1; a solution without one has NaN.
    """
    is_solution = _flags(_column(held, "is_solution"))
    share = _numbers(_column(held, "concentration_percent", float)) / 100.0
    return Holdings(
        plant=plant,
        row=row,
        cas=_texts(_column(held, "cas")),
        name_zh=_texts(_column(held, "name_zh")),
        name_en=_texts(_column(held, "name_en")),
        where=_texts(_column(held, "where")),
        state=_codes(_column(held, "state"), STATES),
        max_t=_numbers(_column(held, "max_t", float)),
        concentration=np.where(np.isnan(share) & ~is_solution, 1.0, share),
        is_solution=is_solution,
    )


def _column(frame: pd.DataFrame, name: str, kind: type = str) -> pd.Series[Any]:
    """Return a column, or as many empty cells where the table has none of this name."""
    if name in frame:
        return frame[name]
    return pd.Series([np.nan if kind is float else None] * len(frame), dtype=object)


def _texts(column: pd.Series[Any]) -> Texts:
    return np.asarray(["" if pd.isna(value) else str(value) for value in column], dtype=np.str_)


def _numbers(column: pd.Series[Any]) -> Floats:
    return np.asarray(column, dtype=np.float64)


def _flags(column: pd.Series[Any]) -> Flags:
    return np.asarray([str(value) == "yes" for value in column], dtype=np.bool_)


def _codes(column: pd.Series[Any], choices: tuple[str, ...], none: int | None = None) -> Integers:
    """Return indexes into the choices; an empty cell is ``none`` where that is allowed."""
    if none is None:
        return np.asarray([choices.index(str(value)) for value in column], dtype=np.int64)
    return np.asarray(
        [none if pd.isna(value) else choices.index(str(value)) for value in column], dtype=np.int64
    )
