# SPDX-License-Identifier: Apache-2.0
"""Quantities on site that are more likely kilograms than tonnes: refused, or told where they may be right.

What lives here: what a quantity is set against. What does not: the bounds, which are judgement and stand in a table
(``plausible-quantities``), and everything else about holdings (:mod:`greenrisk.pollution.holding_checks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from greenrisk.core.ledger import Entry
from greenrisk.pollution.inventory import Floats, Holdings, Integers
from greenrisk.pollution.row_faults import RowFaults
from greenrisk.pollution.substance_search import Resolved
from greenrisk.pollution.substances import Substances
from greenrisk.pollution.tables import STATES

TIMES_CRITICAL: Final = "times_critical_quantity"
"""Row of the bounds for quantity over critical quantity; a row each for the states bounds the quantity itself."""

USUAL: Final = "usual_"
"""Beginning of the rows of the bounds, one a state, beyond which a quantity is set beside those of the zone."""

TIMES_SAME: Final = "times_same_substance"
"""Row of the bounds for quantity over the median of the other holdings of the substance in the same state."""

FEWEST: Final = 2
"""Other holdings that a median is taken of, at least."""

MOST_TOLD: Final = 5
"""Rows that the line of the ledger names."""

_MEND: Final = "If it is right, raise the bound `{}` in your own table of plausible quantities."


def quantity_faults(
    holdings: Holdings,
    resolved: Resolved,
    substances: Substances,
    bounds: Mapping[str, float],
    faults: RowFaults,
) -> list[Entry]:
    """Tell quantities that are more likely kilograms.

    Parameters
    ----------
    holdings : Holdings
        In the order of the file.
    resolved : Resolved
        Their substances.
    substances : Substances
    bounds : mapping of str to float
        By state, :data:`TIMES_CRITICAL`, :data:`USUAL` and state, :data:`TIMES_SAME`; a missing one bounds nothing
        [t, unitless].
    faults : RowFaults
        Takes what is refused: beyond the bound of the state, or of the critical quantity; or beyond the usual of the
        state and beyond its bound against the same substance in the zone.

    Returns
    -------
    list of Entry
        A line for what is beyond the usual and was not refused, where there is any.
    """
    largest, usual = _by_state(bounds, "")[holdings.state], _by_state(bounds, USUAL)[holdings.state]
    ratio = bounds.get(TIMES_CRITICAL, np.inf)
    critical = np.where(resolved.known, substances.critical[resolved.index], np.inf)
    share = np.nan_to_num(holdings.concentration, nan=1.0)
    high = holdings.max_t > usual
    beyond = (holdings.max_t > largest) | (holdings.max_t * share > ratio * critical)
    told = []
    for place in map(int, np.flatnonzero(beyond | high)):
        quantity, state = float(holdings.max_t[place]), STATES[int(holdings.state[place])]
        others, count = (np.nan, 0) if beyond[place] else _others(holdings, resolved, place)
        if quantity > largest[place]:
            row = state
            why = (
                f"More than {largest[place]:g} t of a {state.replace('_', ' ')} in one place is not plausible"
            )
        elif beyond[place]:
            row = TIMES_CRITICAL
            why = f"More than {ratio:g} times the critical quantity of {critical[place]:g} t is not plausible"
        elif count >= FEWEST and quantity > bounds.get(TIMES_SAME, np.inf) * others:
            row = TIMES_SAME
            why = (
                f"More than {bounds[TIMES_SAME]:g} times {others:g} t, the median of the other {count} rows of this "
                "substance and state"
            )
        else:
            told.append(place)
            continue
        mend = f"{why}: is it kilograms? Then write {quantity / 1000.0:g}. {_MEND.format(row)}"
        faults.add(place, "max_t", f"{quantity:g}", mend, "t")
    if not told:
        return []
    named = ", ".join(
        f"row {faults.row(place)} ({holdings.max_t[place]:g} t, usual up to {usual[place]:g})"
        for place in told[:MOST_TOLD]
    )
    more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    text = (
        f"More of a substance in one place than is usual, taken as it stands: {named}{more}. Is it kilograms?"
    )
    return [
        Entry(
            "unreliable",
            f"{faults.name}: quantities",
            text,
            len(told),
            status="illustrative",
            source="plausible-quantities",
        )
    ]


def _by_state(bounds: Mapping[str, float], prefix: str) -> Floats:
    return np.asarray([bounds.get(f"{prefix}{state}", np.inf) for state in STATES])


def _others(holdings: Holdings, resolved: Resolved, place: int) -> tuple[float, int]:
    """Return the median of the other holdings of the same substance in the same state [t], and how many they are."""
    if not resolved.known[place]:
        return np.nan, 0
    index: Integers = resolved.index
    same = resolved.known & (index == index[place]) & (holdings.state == holdings.state[place])
    same[place] = False
    values = holdings.max_t[same]
    return (float(np.median(values)) if values.size else np.nan), int(values.size)
