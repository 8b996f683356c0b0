# SPDX-License-Identifier: Apache-2.0
"""Whether the last years of a record have changed what its tests say: then the treatment is not decided."""

from __future__ import annotations

from typing import Final

from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.changes import Verdict, detect_changes
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.series import Floats, Integers

LATE: Final = 5
"""Last years of the record that are left out one after the other [year]."""

WORDS: Final[dict[Verdict, str]] = {
    "none": "neither step nor trend",
    "trend": "a trend",
    "step": "a step",
}
"""Verdict -> its words."""


def late_verdicts(
    year: Integers, value: Floats, scale: TrendScale, level: float, seed: int
) -> list[tuple[int, Verdict]]:
    """Return what the tests say of a record that ends up to five years earlier, the latest end first.

    Parameters
    ----------
    year : array of int, shape (years,)
        Increasing.
    value : array, shape (years,)
        In the unit of the index; NaN where it is not known.
    scale : str
        Whether a change adds to the index (``plain``) or multiplies it (``log``).
    level : float
        Level of both tests together [unitless].
    seed : int
        Seed of the tests' simulations.

    Returns
    -------
    list of (int, str)
        Last year and verdict; none of a record too short for the tests.
    """
    found = []
    for end in range(year.size - 1, max(year.size - 1 - LATE, 0), -1):
        changes = detect_changes(year[:end], value[:end], scale, level, seed)
        if changes.break_year >= 0:
            found.append((int(year[end - 1]), changes.verdict))
    return found


def tell_late_verdicts(model: IndexModel, ledger: Ledger) -> None:
    """Write to the ledger where the verdict of the tests changed within the last five years of the record.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    ledger : Ledger
        Takes a line for each such index; ``unreliable`` where the treatment follows from the verdict.
    """
    record, history = model.record, model.part.history
    for name, changes in record.changes.items():
        index = record.indices[name]
        found = late_verdicts(index.year, index.value, record.scale[name], history.level, model.seed)
        others = [(year, verdict) for year, verdict in found if verdict != changes.verdict]
        if not others:
            continue
        earlier = ", ".join(f"{WORDS[verdict]} up to {year}" for year, verdict in others)
        ledger.add(
            "unreliable" if history.treatment == "auto" else "assumption",
            f"undecided treatment of {name}",
            f"The tests say {WORDS[changes.verdict]} of the whole record, and of records that end up to {LATE} years "
            f"earlier: {earlier}. Prices under the other treatments stand beside.",
            len(others),
        )
