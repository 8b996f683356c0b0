# SPDX-License-Identifier: Apache-2.0
"""The ledger: nothing is dropped, floored, imputed or assumed in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Literal

import pandas as pd
import xarray as xr

Kind = Literal[
    "dropped", "floored", "clipped", "imputed", "read", "rounded", "parameter", "assumption", "unreliable"
]

COLUMNS = (
    "kind",
    "subject",
    "detail",
    "count",
    "status",
    "source",
    "quantity",
    "base",
    "at_low",
    "at_high",
    "unit",
)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger.

    Parameters
    ----------
    kind : str
        What was done: a row ``dropped``, a value ``floored``, ``clipped``, ``imputed``, ``rounded``, a file
        ``read`` in a certain encoding, a ``parameter`` taken from an unconfirmed or illustrative card, an
        ``assumption``, an ``unreliable`` figure.
    subject : str
        What it concerns: ``card:parameter``, ``file:row``, a metric.
    detail : str
        One sentence in plain words.
    count : int
        How many rows, values or events.
    status : str
        Status of the source (confirmed, unconfirmed, illustrative, user), where it has one.
    source : str
        Where the number comes from.
    quantity : str
        For parameters: the result whose sensitivity is given, e.g. ``gross_premium``.
    base, at_low, at_high : float
        For parameters: that result at the central value and at both ends of the range; NaN if not run.
    unit : str
        Unit of the quantity.
    """

    kind: Kind
    subject: str
    detail: str
    count: int = 1
    status: str = ""
    source: str = ""
    quantity: str = ""
    base: float = float("nan")
    at_low: float = float("nan")
    at_high: float = float("nan")
    unit: str = ""


class Ledger:
    """An append-only list of entries."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: list[Entry] = list(entries)

    def add(self, kind: Kind, subject: str, detail: str, count: int = 1, **more: object) -> None:
        """Append one entry; ``more`` are fields of :class:`Entry`."""
        self._entries.append(replace(Entry(kind, subject, detail, count), **more))  # type: ignore[arg-type]

    def take(self, entries: Iterable[Entry]) -> None:
        """Append entries that were made elsewhere."""
        self._entries.extend(entries)

    def __iter__(self) -> Iterator[Entry]:
        """In the order of writing."""
        return iter(self._entries)

    def __len__(self) -> int:
        """How many entries."""
        return len(self._entries)

    def to_frame(self) -> pd.DataFrame:
        """Return the ledger as a table with the columns of :data:`COLUMNS`, one row an entry."""
        return pd.DataFrame([asdict(entry) for entry in self._entries], columns=list(COLUMNS))

    def to_dataset(self) -> xr.Dataset:
        """Return the ledger as the group ``/ledger`` of a result: the columns of :data:`COLUMNS` over (entry)."""
        frame = self.to_frame()
        entries = xr.Dataset({column: ("entry", frame[column].to_numpy()) for column in COLUMNS})
        entries["count"].attrs["units"] = "1"
        for column in ("base", "at_low", "at_high"):
            entries[column].attrs["units"] = "see unit"
        return entries
