# SPDX-License-Identifier: Apache-2.0
"""How far a record lies behind the year that a cover is priced for."""

from __future__ import annotations

from typing import Final

from greenrisk.core.ledger import Ledger

TOLD: Final = 2
"""Years between the record's last and the cover's from which on they are told [year]."""

FAR: Final = 10
"""The same from which on the price is not to be relied on: what the years between have done to it is not known."""


def tell_end(last_year: int, underwriting_year: int, ledger: Ledger) -> None:
    """Write to the ledger that a record ends years before the cover begins.

    Parameters
    ----------
    last_year : int
        Last year of the record.
    underwriting_year : int
        Year that the cover is priced for.
    ledger : Ledger
        Takes the line; ``unreliable`` from :data:`FAR` years on, which the first screen lists.
    """
    apart = underwriting_year - last_year
    if apart < TOLD:
        return
    ledger.add(
        "unreliable" if apart >= FAR else "assumption",
        f"record that ends {apart} years before the cover",
        f"The record ends in {last_year}, the cover is priced for {underwriting_year}. Nothing that happened in "
        "between is in its tests, its laws or its intervals: the cover is priced as if the level of the record's end "
        "still held.",
        apart,
    )
