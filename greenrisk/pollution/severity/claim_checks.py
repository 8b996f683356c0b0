# SPDX-License-Identifier: Apache-2.0
"""What is wrong with own claims beyond what their columns say: years to come, amounts below the least reported one."""

from __future__ import annotations

import pandas as pd

from greenrisk.core.errors import Fault
from greenrisk.pollution.row_faults import RowFaults
from greenrisk.pollution.severity.roles import RECORDED_HEADS


def claim_faults(frame: pd.DataFrame, name: str, year: int, reported_from: float) -> list[Fault]:
    """Return what is wrong with the rows of own claims.

    Parameters
    ----------
    frame : DataFrame
        A table that follows ``ZONE_CLAIMS``.
    name : str
        The table, as the scenario names it.
    year : int
        Last year that a claim can have: that before the underwriting year [year].
    reported_from : float
        Amounts below it are not in the table [CNY].
    """
    found = RowFaults(name, frame)
    rows = zip(frame["year"], frame["head"], frame["amount_cny"], strict=True)
    for place, (when, head, amount) in enumerate(rows):
        if when > year:
            mend = f"Later than {year}, the year before `underwriting_year`. Correct the one or the other."
            found.add(place, "year", int(when), mend, "year")
        if head in RECORDED_HEADS and amount < reported_from:
            mend = (
                f"Below `severity.reported_from_cny`, {reported_from:,.0f}, the least that the table holds: lower that "
                "key, or leave the row out."
            )
            found.add(place, "amount_cny", f"{amount:g}", mend, "CNY")
    return found.faults()
