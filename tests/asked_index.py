# SPDX-License-Identifier: Apache-2.0
"""Indices asked of hand-made series, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from greenrisk.core.errors import Fault
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import key_text
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.index_reading import make_index
from greenrisk.resource.index_cover.index_spec import IndexSpec
from greenrisk.resource.index_cover.series import Origin, Series, YearIndex

SHARED = Path(__file__).parents[2] / "shared"

UNIT = {"day": "D", "month": "M", "year": "Y"}


@dataclass(frozen=True)
class Answer:
    """An index, or faults; and what the ledger holds."""

    index: YearIndex | None
    faults: tuple[Fault, ...]
    told: tuple[str, ...]

    @property
    def values(self) -> dict[int, float]:
        assert self.index is not None, [str(fault) for fault in self.faults]
        return dict(zip(self.index.year.tolist(), self.index.value.tolist(), strict=True))


def series(name: str, first: str, value: object, unit: str, step: str = "day") -> Series:
    """Return a series that begins on a date, or in a month or year, and has no gap."""
    values = np.asarray(value, dtype=np.float64)
    begin = np.datetime64(first, UNIT[step])
    time = (begin + np.arange(values.size)).astype("datetime64[D]")
    return Series(name, step, time, values, unit, f"{name}.csv", Origin(name, name, frozenset()))  # type: ignore[arg-type]


def ask(
    spec: Mapping[str, object], *given: Series | str, year: int = 2030, base: Path | None = None
) -> Answer:
    """Ask for an index ``x``; a series given by its name alone is one that could not be read."""
    ledger = Ledger()
    sources = Sources(base or Path.cwd(), lambda path: f"my.yaml:{key_text(path)}", ledger)
    by_name = {
        one if isinstance(one, str) else one.name: None if isinstance(one, str) else one for one in given
    }
    asked = TypeAdapter(IndexSpec).validate_python(dict(spec))
    index = make_index("x", asked, by_name, ("indices", "x"), sources, year)
    return Answer(index, tuple(sources.faults), tuple(f"{entry.kind}: {entry.detail}" for entry in ledger))
