# SPDX-License-Identifier: Apache-2.0
"""What is looked for in a series before anything is made of it: gaps, runs, a change of unit or of datum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenrisk.core.errors import Fault
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.series import Series

GuardVerdict = Literal["clear", "told", "accepted", "refused", "not tested"]
"""Nothing found; found and told; found and let pass by the user; found and refused; too short or not of this kind."""


@dataclass(frozen=True)
class GuardRow:
    """What one guard found in one series.

    Parameters
    ----------
    series : str
        Name of the series.
    check : str
        What was looked for.
    verdict : str
        One of :data:`GuardVerdict`.
    detail : str
        One sentence.
    """

    series: str
    check: str
    verdict: GuardVerdict
    detail: str


def guard_rows(series: Series, accept_unit_change: bool = False) -> tuple[GuardRow, ...]:
    """Return what every guard found in a series."""
    return ()


def check_series(series: Series, accept_unit_change: bool, ledger: Ledger) -> list[Fault]:
    """Return what must be mended in a series, and tell the ledger what must be known of it."""
    return []
