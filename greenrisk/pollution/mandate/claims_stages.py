# SPDX-License-Identifier: Apache-2.0
"""Stages of a claim: read from their table, and laid out in days from the accident.

What lives here: which stage waits for which, and when each begins and ends. What does not: the money
(:mod:`greenrisk.pollution.mandate.claims_cash`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pollution.mandate.mandate_tables import PATHS
from greenrisk.pollution.severity.heads import HEADS

Floats = NDArray[np.float64]

WEEK, WORKDAYS = 7, 5


@dataclass(frozen=True)
class Stage:
    """A stage of a path.

    Parameters
    ----------
    name : str
        Its name.
    after : tuple of str
        Stages that must have ended; empty: it begins with the accident.
    days : float
        How long it takes [day].
    working : bool
        Whether working days are counted.
    money : str
        What money does in it, one of :data:`~greenrisk.pollution.mandate.mandate_tables.MONEY`.
    heads : tuple of str
        Heads of loss whose cost arises in it.
    role, documents, status, name_zh : str
        Who acts, what must be there, how far the row is known, the Chinese name.
    """

    name: str
    after: tuple[str, ...]
    days: float
    working: bool
    money: str
    heads: tuple[str, ...]
    role: str
    documents: str
    status: str
    name_zh: str


Stages = Mapping[str, tuple[Stage, ...]]
"""Stages by path, each after all that it waits for."""


def _parts(cell: object) -> tuple[str, ...]:
    text = "" if cell is None or cell is pd.NA or cell != cell else str(cell)
    return tuple(part.strip() for part in text.split(";") if part.strip())


def read_stages(table: pd.DataFrame, name: str = "stages") -> Stages:
    """Return the stages of a table by path.

    Parameters
    ----------
    table : DataFrame
        As :data:`~greenrisk.pollution.mandate.mandate_tables.CLAIMS_STAGES` reads it; the first row is row 2 of its
        file.
    name : str
        Name of the file, for messages.

    Raises
    ------
    TableError
        With every fault: a path without stages, a stage twice, one that waits for an unknown one or, in a circle, for
        itself, a head that is unknown, has no cost or has it twice, a path without exactly one last payment.
    """
    faults, found = Faults(), {}
    for path in PATHS:
        rows = [
            (row, _stage(cells))
            for row, cells in enumerate(table.to_dict("records"), start=2)
            if cells["path"] == path
        ]
        if not rows:
            faults.add(name, f"no stage of path {path}", "Every path needs its stages.")
            continue
        before = len(faults)
        _check(path, rows, name, faults)
        if len(faults) == before:
            found[path] = _ordered(path, [stage for _, stage in rows], name, faults)
    faults.raise_if_any(TableError, "`greenrisk show table claims-stages` lists the columns.")
    return found


def _stage(cells: Mapping[Hashable, object]) -> Stage:
    documents = cells.get("documents")
    return Stage(
        str(cells["stage"]),
        _parts(cells.get("after")),
        float(str(cells["days"])),
        cells["day_kind"] == "working",
        str(cells["money"]),
        _parts(cells.get("heads")),
        str(cells["role"]),
        "; ".join(_parts(documents)),
        str(cells["status"]),
        str(cells["name_zh"]),
    )


def _check(path: str, rows: list[tuple[int, Stage]], name: str, faults: Faults) -> None:
    names = [stage.name for _, stage in rows]
    costs = [head for _, stage in rows for head in stage.heads]
    for row, stage in rows:
        where = f"{name}:{row}"
        if names.count(stage.name) > 1:
            faults.add(where, f"stage = {stage.name}", f"It stands in path {path} more than once.")
        for other in stage.after:
            if other not in names:
                mend = f"No stage of path {path} has this name.{did_you_mean(other, names)}"
                faults.add(where, f"after = {other}", mend)
        for head in stage.heads:
            if head not in HEADS:
                mend = f"Known heads: {', '.join(HEADS)}.{did_you_mean(head, HEADS)}"
                faults.add(where, f"heads = {head}", mend)
        if (stage.money == "cost") != bool(stage.heads):
            mend = "A stage names heads of loss where its money is `cost`, and only there."
            faults.add(where, f"money = {stage.money} with {len(stage.heads)} heads", mend)
    for head in HEADS:
        if costs.count(head) != 1:
            mend = "Every head of loss has its cost in one stage."
            faults.add(name, f"path {path}: {head} in {costs.count(head)} stages", mend)
    kinds = [stage.money for _, stage in rows]
    for kind, fewest, most in (("balance", 1, 1), ("advance", 0, 1), ("public", 0, 1)):
        if not fewest <= kinds.count(kind) <= most:
            mend = f"A path has {'one stage' if fewest else 'at most one stage'} with the money `{kind}`."
            faults.add(name, f"path {path}: {kinds.count(kind)} stages with money {kind}", mend)
    paid = kinds.count("operator") + kinds.count("estate")
    if paid != 1:
        mend = "A path has one stage with the money `operator` or `estate`."
        faults.add(name, f"path {path}: {paid} stages with such money", mend)


def _ordered(path: str, stages: list[Stage], name: str, faults: Faults) -> tuple[Stage, ...]:
    """Return the stages so that each stands after those it waits for."""
    done: list[Stage] = []
    left = list(stages)
    while left:
        known = {stage.name for stage in done}
        ready = [stage for stage in left if set(stage.after) <= known]
        if not ready:
            circle = ", ".join(stage.name for stage in left)
            faults.add(
                name, f"path {path}: {circle}", "They wait for each other in a circle: break it in `after`."
            )
            return ()
        done += ready
        left = [stage for stage in left if stage not in ready]
    return tuple(done)


def end_of(start: float, days: float, working: bool, weekday: int) -> float:
    """Return the day on which a stage ends [day since the accident].

    Parameters
    ----------
    start : float
        Day on which it begins, >= 0 [day].
    days : float
        How long it takes, >= 0 [day].
    working : bool
        Whether only Monday to Friday count; public holidays are not known here.
    weekday : int
        Weekday of the accident, 0: Monday.
    """
    if not working:
        return start + days
    day, left = start, days
    while left > 1e-9:
        today = int(np.floor(day + 1e-9))
        step = min(today + 1.0 - day, left)
        if (weekday + today) % WEEK < WORKDAYS:
            left -= step
        else:
            step = today + 1.0 - day
        day += step
    return day


def timeline(stages: Stages, weekday: int = 0) -> xr.Dataset:
    """Return the group ``claims_timeline``: when every stage begins and ends.

    Parameters
    ----------
    stages : mapping of str to tuple of Stage
        From :func:`read_stages`.
    weekday : int
        Weekday of the accident, 0: Monday.

    Returns
    -------
    xarray.Dataset
        By ``row``, one for each stage of a path: ``path``, ``stage``, ``name_zh``, ``start`` and ``end`` [day since the
        accident], ``days`` and ``day_kind`` as the table has them, ``money``, ``role``, ``documents``, ``status``.
    """
    rows = []
    for path, parts in stages.items():
        end: dict[str, float] = {}
        for stage in parts:
            start = max((end[other] for other in stage.after), default=0.0)
            end[stage.name] = end_of(start, stage.days, stage.working, weekday)
            kind = "working" if stage.working else "calendar"
            rows.append(
                (
                    path,
                    stage.name,
                    stage.name_zh,
                    start,
                    end[stage.name],
                    stage.days,
                    kind,
                    stage.money,
                    stage.role,
                    stage.documents,
                    stage.status,
                )
            )
    names = (
        ("path", "", "How the claim runs"),
        ("stage", "", "Stage"),
        ("name_zh", "", "Chinese name of the stage"),
        ("start", "day", "Day on which it begins, since the accident"),
        ("end", "day", "Day on which it ends, since the accident"),
        ("days", "day", "How long it takes"),
        ("day_kind", "", "Which days are counted"),
        ("money", "", "What money does in it"),
        ("role", "", "Who acts"),
        ("documents", "", "What must be there"),
        ("status", "", "How far the row is known"),
    )
    return xr.Dataset(
        {
            name: (
                ("row",),
                np.array([row[place] for row in rows]),
                {"units": unit, "long_name": told} if unit else {"long_name": told},
            )
            for place, (name, unit, told) in enumerate(names)
        },
        coords={"row": np.arange(len(rows))},
    )
