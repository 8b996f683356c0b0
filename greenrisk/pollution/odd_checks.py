# SPDX-License-Identifier: Apache-2.0
"""What is odd in an inventory but may be right: taken as it stands, and told.

What lives here: amounts that look like another unit, plants without holdings, a tariff's base. What does not: the
bounds, which are judgement and stand in a table (``plausible-quantities``), and quantities of substances
(:mod:`greenrisk.pollution.quantity_checks`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.ledger import Entry
from greenrisk.pollution.inventory import Holdings
from greenrisk.pollution.row_faults import RowFaults

LEAST: Final = "least_"
"""Beginning of the rows of the bounds, one a column, below which a value that is not 0 is told."""

MOST_BASE: Final = "most_tariff_base"
"""Row of the bounds for the base of a tariff: premium over limit."""

MOST_TOLD: Final = 5
"""Rows that a line of the ledger names."""

_WAN: Final = 10_000.0
_AMOUNTS: Final = {"revenue_cny": "CNY/year", "assets_cny": "CNY", "limit_cny": "CNY"}
_SOURCE: Final = "plausible-quantities"


def odd_plants(
    plants: pd.DataFrame, found: RowFaults, holders: Collection[str] | None, bounds: Mapping[str, float]
) -> list[Entry]:
    """Tell amounts of money that are more likely in 10,000 CNY, and plants that hold nothing.

    Parameters
    ----------
    plants : DataFrame
        A table that follows ``ZONE_PLANTS``.
    found : RowFaults
        Knows its name and the places of its rows.
    holders : collection of str or None
        Plants that the table of substances names; None: that is not known.
    bounds : mapping of str to float
        :data:`LEAST` and the column; a missing one bounds nothing [CNY, CNY/year].

    Returns
    -------
    list of Entry
    """
    lines = []
    for column, unit in _AMOUNTS.items():
        if column not in plants:
            continue
        values = np.asarray(plants[column], dtype=np.float64)
        least = bounds.get(f"{LEAST}{column}", 0.0)
        odd = np.flatnonzero((values > 0.0) & (values < least))
        if not odd.size:
            continue
        told = [
            f"row {found.row(place)} ({plants['plant_id'].iloc[place]}, {values[place]:g})"
            for place in map(int, odd)
        ]
        first = values[odd[0]]
        text = (
            f"Below {least:,.0f} {unit}, taken as it stands: {_some(told)}. Is it in 10,000 CNY (\u4e07\u5143)? Then "
            f"write {first * _WAN:.0f} for {first:g}."
        )
        lines.append(_told(f"{found.name}: {column}", text, odd.size))
    if holders is None:
        return lines
    known = set(holders)
    bare = [
        str(name)
        for name, kind in zip(plants["plant_id"], plants["kind_of_site"], strict=True)
        if str(name) not in known and str(kind) == "ordinary"
    ]
    if bare:
        text = (
            f"Plants without a row in the table of substances, graded as if they held nothing (Q0): {_some(bare)}. Is "
            "the table of substances complete?"
        )
        lines.append(Entry("unreliable", f"{found.name}: holdings", text, len(bare)))
    return lines


def odd_strengths(holdings: Holdings, found: RowFaults, bounds: Mapping[str, float]) -> list[Entry]:
    """Tell concentrations of solutions that are more likely shares than percent.

    Parameters
    ----------
    holdings : Holdings
        In the order of the file.
    found : RowFaults
        Knows its name and the places of its rows.
    bounds : mapping of str to float
        ``least_concentration_percent``; a missing one bounds nothing [percent].
    """
    least = bounds.get(f"{LEAST}concentration_percent", 0.0)
    percent = 100.0 * np.where(holdings.is_solution, holdings.concentration, np.nan)
    odd = np.flatnonzero(percent < least * (1.0 - 1e-12))
    if not odd.size:
        return []
    told = [f"row {found.row(place)} ({percent[place]:g} %)" for place in map(int, odd)]
    first = percent[odd[0]]
    text = (
        f"Below {least:g} %, taken as it stands: {_some(told)}. The column is in percent: is it a share? Then write "
        f"{100.0 * first:g} for {first:g}."
    )
    return [_told(f"{found.name}: concentration_percent", text, odd.size)]


def odd_base(base: float, table: str, bounds: Mapping[str, float]) -> list[Entry]:
    """Tell a tariff whose base is more likely in percent than a share of the limit.

    Parameters
    ----------
    base : float
        Yearly premium over limit of a plant with all factors 1 [1/year].
    table : str
        Its table, as the scenario names it.
    bounds : mapping of str to float
        :data:`MOST_BASE`; a missing one bounds nothing [1/year].
    """
    most = bounds.get(MOST_BASE, np.inf)
    if base <= most:
        return []
    text = (
        f"The base is {base:g}: a yearly premium of {base:.0%} of the limit, more than {most:.0%}, taken as it stands. "
        f"Is it in percent? Then write {base / 100.0:g}."
    )
    return [_told(f"{table}: base", text, 1)]


def _told(subject: str, text: str, count: int) -> Entry:
    return Entry("unreliable", subject, text, int(count), status="illustrative", source=_SOURCE)


def _some(words: Sequence[str]) -> str:
    """Return some words, and how many more there are."""
    more = len(words) - MOST_TOLD
    return ", ".join(words[:MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
