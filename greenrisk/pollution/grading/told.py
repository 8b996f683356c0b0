# SPDX-License-Identifier: Apache-2.0
"""What the grading assumed and left open, for the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import STATUSES
from greenrisk.pollution.grading.gb18218 import NOT_DETERMINED
from greenrisk.pollution.grading.inventory_grade import InventoryGrade
from greenrisk.pollution.grading.leverage import leverage
from greenrisk.pollution.grading.scope import refusals

SOUND: Final = ("confirmed", "user")
"""Statuses of rows that need no look at the standard."""

MOST_ROWS: Final = 3
"""Rows of one table that a line of the ledger names."""


def tell_grading(found: InventoryGrade, ledger: Ledger) -> None:
    """Tell the readings that are printed, what hangs on them, what is not graded and which rows moved a grade.

    Parameters
    ----------
    found : InventoryGrade
    ledger : Ledger
        Gets a line for each reading, for refusals, unknown substances and levels not determined where there are any,
        and for every table with unconfirmed rows without which a grade would change.
    """
    _tell_readings(found, ledger)
    rules = found.rules
    window = int(rules.special["event_window"])
    ledger.add(
        "assumption",
        "grading: window",
        f"Events and penalties from {found.year - window} to {found.year} count; only their year is known, so that one "
        "of the first year counts whole.",
        status=STATUSES[rules.special_status["event_window"]],
        source="hj941-special-rules",
    )
    refused = refusals(found.inventory.plants, rules)
    for method, plants in refused.groupby("method", sort=True):
        ids = shown(plants["plant_id"].tolist())
        text = f"Not graded by HJ 941-2018, kept in the zone: {ids}. What applies: {method}."
        ledger.add("assumption", "grading: scope", text, len(plants), status=str(plants["status"].iloc[0]))
    counted = found.counted
    unknown = np.flatnonzero(~counted.known)
    if unknown.size:
        names = shown(list(dict.fromkeys(counted.name[unknown].tolist())))
        text = f"Substances that the table does not hold count nothing in the grade: {names}."
        ledger.add("unreliable", "grading: substances", text, int(unknown.size))
    hazard = found.hazard
    open_levels = hazard.level == NOT_DETERMINED
    if open_levels.any():
        bounded = int((open_levels & (hazard.at_least > 0)).sum())
        text = (
            "The level of GB 18218-2018 is not determined where a held substance has no known threshold or factor "
            "(list incomplete)"
            + (f"; at {bounded} of these plants the others settle the least that it is." if bounded else ".")
        )
        ledger.add("unreliable", "gb18218: level", text, int(open_levels.sum()))
    rows = leverage(found.inventory, counted, rules, cut=found.cut, year=found.year)
    for table, moved in rows.groupby("table", sort=False):
        ledger.add(
            "assumption",
            str(table),
            _moved_text(moved),
            len(moved),
            status=STATUSES[max(STATUSES.index(status) for status in moved["status"])],
            source=str(table),
        )


def rules_told(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return how many rows of the tables of HJ 941 are not confirmed, and in which tables, as a sentence.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the rules by name, each with a column ``status`` (``Rules.tables``).
    """
    statuses = {name: frame["status"] for name, frame in tables.items() if name.startswith("hj941-")}
    total = sum(map(len, statuses.values()))
    open_rows = {name: int((~words.isin(SOUND)).sum()) for name, words in statuses.items()}
    own = sum(int((words == "user").sum()) for words in statuses.values())
    if not any(open_rows.values()):
        return (
            f"All {total} rows of the tables of HJ 941 are confirmed{f' or your own ({own})' if own else ''}."
        )
    whole = [name for name, count in open_rows.items() if count == len(statuses[name])]
    parts = [
        f"{count} of {len(statuses[name])} of {name}"
        for name, count in open_rows.items()
        if count and name not in whole
    ]
    places = [*([f"all of {', '.join(whole)}"] if whole else []), *parts]
    return (
        f"{sum(open_rows.values())} of {total} rows of the tables of HJ 941 are not confirmed: check them against the "
        f"standard ({'; '.join(places)})."
    )


def _moved_text(moved: pd.DataFrame) -> str:
    """Return what unconfirmed rows of one table did to grades, those that move most first."""
    worst = [
        f"{row['row']} ({row['value']}; with {row['without']} instead the grade of "
        f"{shown(str(row['plant_ids']).split(), 5)} would change)"
        for row in moved.head(MOST_ROWS).to_dict("records")
    ]
    grades = len({plant for ids in moved["plant_ids"] for plant in str(ids).split()})
    rows = "1 row" if len(moved) == 1 else f"{len(moved)} rows"
    more = len(moved) - len(worst)
    rest = f"; and {more} more, each in the table grade_leverage" if more else ""
    hang = "1 grade hangs" if grades == 1 else f"{grades} grades hang"
    return f"{rows} not confirmed, on which {hang}: {'; '.join(worst)}{rest}."


def shown(ids: Sequence[str], most: int = 10) -> str:
    """Return identifiers for a sentence: at most ``most`` of them, and how many more there are."""
    more = len(ids) - most
    return ", ".join(ids[:most]) + (f" and {more} more" if more > 0 else "")


def _tell_readings(found: InventoryGrade, ledger: Ledger) -> None:
    """Tell the reading of each question, and how many grades hang on it."""
    others = " or ".join(str(cut) for cut in found.rules.cuts if cut != found.cut)
    place = found.rules.cut(found.cut)
    questions = {
        "cut": (
            f"The cut between M3 and M4 is read as {found.cut} points"
            + (f", with {others} beside it" if others else ""),
            STATUSES[found.rules.m_status[place]],
            "hj941-m-classes",
        ),
        "part": (
            "A substance whose part of App. A is not known counts "
            + ("wherever it may" if found.part == "high" else "only where it must"),
            "unconfirmed",
            "substances",
        ),
        "boundary": (
            "A count of people that equals a cut belongs to the "
            + ("more" if found.boundary == "sensitive" else "less")
            + " sensitive level",
            "unconfirmed",
            "hj941-air-receptors",
        ),
    }
    for question, (text, status, source) in questions.items():
        moved = found.readings.moved_by(question)
        ids = shown(found.inventory.plants.ids[moved].tolist())
        hangs = f"the grade of {ids} hangs on it" if ids else "no grade hangs on it"
        ledger.add(
            "assumption",
            f"grading: {question}",
            f"{text}; {hangs}.",
            int(moved.sum()),
            status=status,
            source=source,
        )
