# SPDX-License-Identifier: Apache-2.0
"""The level of an environmental emergency: by direct loss, casualties, evacuation, water supply and reach.

What lives here: the rule and what of the model's loss counts as direct loss. What does not: the points that an event
of a level costs a plant's grade (:mod:`greenrisk.pollution.grading`).

References
----------
国家突发环境事件应急预案 (National plan for environmental emergencies), 国办函〔2014〕119号, annex 1.
突发生态环境事件应急处置阶段直接经济损失评估工作程序规定 (2020): heads of direct loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults, TableError
from greenrisk.core.tables import Column, TableSpec, source_column, status_column, weakest
from greenrisk.pollution.severity.heads import CLEAN_UP, HEADS, LEGAL_COST
from greenrisk.pollution.tables import EVENT_LEVELS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SUPPLIES: Final = ("none", "township", "county", "city")
"""Level of the place whose drinking-water supply is cut, from none upwards."""

REACHES: Final = ("none", "prefecture", "province", "nation")
"""Border that the effect crosses, from none upwards."""

AMOUNTS: Final = ("direct_loss", "dead", "hurt", "evacuated")
"""Criteria that are amounts."""

EVENT_LEVEL_RULES: Final = TableSpec(
    name="event-levels",
    title="Levels of an environmental emergency, one row a level",
    columns=(
        Column("level", "choice", choices=EVENT_LEVELS, unique=True, description="Level."),
        Column("name_zh", "text", description="Chinese name."),
        Column(
            "direct_loss_from_cny",
            "number",
            unit="CNY",
            low=0,
            description="Direct loss from which it is reached.",
        ),
        Column("dead_from", "number", unit="person", low=0, description="Dead from which it is reached."),
        Column("hurt_from", "number", unit="person", low=0, description="Poisoned or severely hurt."),
        Column("evacuated_from", "number", unit="person", low=0, description="Evacuated."),
        Column("supply_cut", "choice", choices=SUPPLIES, description="Place whose water supply is cut."),
        Column("reach", "choice", choices=REACHES, description="Border crossed."),
        status_column(),
        source_column("Plan and annex."),
        Column("note", "text", required=False, description="What else is to be said."),
    ),
)
"""The table ``event-levels``."""

_OLD_DIRECT_LOSS: Final = 1e7
_OLD_DEAD: Final = 10.0


@dataclass(frozen=True, eq=False)
class EventLevels:
    """The rule, by level from the lowest to the highest.

    Parameters
    ----------
    bounds : dict of str to array, shape (levels,)
        For each of :data:`AMOUNTS`: the amount from which a level is reached, itself included [CNY or person].
    supply, reach : dict of str to int
        For each word of :data:`SUPPLIES` and :data:`REACHES`: index of the level in ``EVENT_LEVELS``.
    status : str
        The weakest status of the rows.
    """

    bounds: dict[str, Floats]
    supply: dict[str, int]
    reach: dict[str, int]
    status: str


def read_event_levels(frame: pd.DataFrame, name: str = "event_levels.csv") -> EventLevels:
    """Return the rule of a validated table.

    Parameters
    ----------
    frame : DataFrame
        Of :data:`EVENT_LEVEL_RULES`.
    name : str
        File, for messages.

    Raises
    ------
    TableError
        If a level is missing, bounds do not rise with the level, or the table is the older scale of 2006, whose highest
        level began at 10 million CNY or 10 dead; all of them at once.
    """
    faults = Faults()
    missing = [level for level in EVENT_LEVELS if level not in set(frame["level"])]
    if missing:
        faults.add(name, f"no row for {', '.join(missing)}", "One row for each level is needed.")
        faults.raise_if_any(TableError)
    rows = frame.set_index("level").loc[list(EVENT_LEVELS)]
    columns = {"direct_loss": "direct_loss_from_cny", **{one: f"{one}_from" for one in AMOUNTS[1:]}}
    bounds = {key: rows[column].to_numpy(dtype=np.float64) for key, column in columns.items()}
    top = bounds["direct_loss"][-1], bounds["dead"][-1]
    if top[0] == _OLD_DIRECT_LOSS or top[1] == _OLD_DEAD:
        mend = (
            "This is the scale of 2006, superseded in 2014: the highest level begins at 100 million CNY of direct loss "
            "or 30 dead (国办函〔2014〕119号)."
        )
        faults.add(name, f"extraordinary from {top[0]:,.0f} CNY or {top[1]:g} dead", mend, "CNY, person")
    for key, bound in bounds.items():
        if bound[0] != 0.0 or not np.all(np.diff(bound) > 0.0):
            shown = ", ".join(f"{one:g}" for one in bound)
            faults.add(
                name, f"{columns[key]} = {shown}", "The bounds must begin at 0 and rise with the level."
            )
    faults.raise_if_any(TableError)
    return EventLevels(
        bounds,
        _by_word(rows["supply_cut"].tolist(), SUPPLIES),
        _by_word(rows["reach"].tolist(), REACHES),
        weakest(rows["status"]),
    )


def _by_word(given: list[str], words: tuple[str, ...]) -> dict[str, int]:
    """Return the highest level that each word reaches: that of its row, or of the next lower word that has one."""
    found: dict[str, int] = {}
    level = 0
    for word in words:
        level = max([level, *(place for place, one in enumerate(given) if one == word)])
        found[word] = level
    return found


def direct_loss(losses: Floats, *, clean_up: bool = True) -> Floats:
    """Return what of the losses by head counts as direct loss of the emergency phase.

    Parameters
    ----------
    losses : array, shape (events, heads)
        [CNY].
    clean_up : bool
        Whether clean-up and restoration count: only as far as they can be fixed in the emergency phase, so that both
        readings are told.

    Returns
    -------
    array, shape (events,)
        [CNY].

    Notes
    -----
    Bodily injury, property, emergency disposal and ecological damage fixed in the phase; never the cost of defence, and
    never a virtual treatment cost, which no head holds.
    """
    counted = np.ones(len(HEADS), dtype=bool)
    counted[LEGAL_COST] = False
    counted[CLEAN_UP] = clean_up
    return np.asarray(losses[:, counted].sum(axis=1))


def event_levels(
    rules: EventLevels,
    direct_losses: ArrayLike,
    *,
    dead: ArrayLike = 0.0,
    hurt: ArrayLike = 0.0,
    evacuated: ArrayLike = 0.0,
    supply_cut: str = "none",
    reach: str = "none",
) -> Integers:
    """Return the level of events: the highest that any criterion gives.

    Parameters
    ----------
    rules : EventLevels
        The rule.
    direct_losses : array
        Direct loss, >= 0 [CNY].
    dead, hurt, evacuated : array
        People, >= 0; broadcast against the losses [person].
    supply_cut, reach : str
        Words of :data:`SUPPLIES` and :data:`REACHES`.

    Returns
    -------
    array of int
        Index into ``EVENT_LEVELS``.

    Raises
    ------
    ArgumentError
        If an amount is negative or a word unknown.
    """
    given = dict(zip(AMOUNTS, (direct_losses, dead, hurt, evacuated), strict=True))
    for name, word, known in (("supply_cut", supply_cut, rules.supply), ("reach", reach, rules.reach)):
        if word not in known:
            raise ArgumentError(Fault(name, f"{name} = {word!r}", f"Known: {', '.join(known)}."))
    level: Integers = np.array(max(rules.supply[supply_cut], rules.reach[reach]), dtype=np.int64)
    for name, amount in given.items():
        unit = "CNY" if name == "direct_loss" else "person"
        amounts = numbers(name, amount, least=0.0, unit=unit)
        level = np.maximum(level, np.searchsorted(rules.bounds[name], amounts, side="right") - 1)
    return level


def level_shares(losses: Floats, rules: EventLevels) -> xr.Dataset:
    """Return how often accidents reach each level by direct loss, with and without clean-up among it.

    Parameters
    ----------
    losses : array, shape (accidents, heads)
        Of accidents with equal weights [CNY].
    rules : EventLevels
        The rule.

    Returns
    -------
    Dataset
        Group ``event_levels`` over (reading, level): ``share`` of the accidents [unitless] and its ``standard_error``.
    """
    readings = ("with_clean_up", "without_clean_up")
    shares = np.empty((2, len(EVENT_LEVELS)))
    for place, counted in enumerate((True, False)):
        level = event_levels(rules, direct_loss(losses, clean_up=counted))
        shares[place] = np.bincount(level, minlength=len(EVENT_LEVELS)) / len(losses)
    error = np.sqrt(shares * (1.0 - shares) / len(losses))
    dims, unitless = ("reading", "level"), {"units": "unitless"}
    return xr.Dataset(
        {
            "share": (dims, shares, {**unitless, "long_name": "Share of accidents"}),
            "standard_error": (dims, error, {**unitless, "long_name": "Standard error of the share"}),
            "direct_loss_from": (
                "level",
                rules.bounds["direct_loss"],
                {"units": "CNY", "long_name": "Lower bound"},
            ),
        },
        coords={"reading": list(readings), "level": list(EVENT_LEVELS)},
        attrs={"title": "Levels of the model's accidents by direct loss alone", "status": rules.status},
    )
