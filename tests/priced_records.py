# SPDX-License-Identifier: Apache-2.0
"""Indices of years, and covers on one or two of them, for tests of payouts and premiums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.resource.index_cover.index_study_spec import IndexPart
from greenrisk.resource.index_cover.payout_spec import (
    DoublePayout,
    IndexCover,
    LinearPayout,
    TierPayout,
)
from greenrisk.resource.index_cover.series import YearIndex


def linear(pays: str, trigger: float, full: float, *, least: float = 0.0, index: str = "i") -> LinearPayout:
    return LinearPayout(kind="linear", index=index, pays=pays, trigger=trigger, exit=full, least=least)


def tiers(pays: str, *steps: tuple[float, bool, float], index: str = "i") -> TierPayout:
    asked = [{"edge": edge, "inclusive": inclusive, "share": share} for edge, inclusive, share in steps]
    return TierPayout(kind="tiers", index=index, pays=pays, tiers=asked)


def cover(
    payout: LinearPayout | TierPayout | DoublePayout, insured: float = 1000.0, **terms: Any
) -> IndexCover:
    return IndexCover(name=terms.pop("name", "cover"), payout=payout, sum_insured_cny=insured, **terms)


def part(*covers: IndexCover, indices: Sequence[str] = ("i",), **more: Any) -> IndexPart:
    asked = {name: {"kind": "season_value", "series": "s", "statistic": "min"} for name in indices}
    return IndexPart(series={}, indices=asked, covers=covers, **more)


def yearly(first: int, value: ArrayLike, name: str = "i") -> YearIndex:
    values = np.asarray(value, dtype=np.float64)
    none = np.empty(0)
    years = np.arange(first, first + values.size)
    return YearIndex(name, "m", years, values, none.astype(np.int64), none, False, ("s",))


def of_events(first: int, years: int, events: Sequence[tuple[int, float]], name: str = "i") -> YearIndex:
    """Return an index of events given by the year's position and the intensity."""
    position = np.array([place for place, _ in events], dtype=np.int64)
    strength = np.array([one for _, one in events], dtype=np.float64)
    largest = np.full(years, np.nan)
    for place, one in events:
        largest[place] = np.fmax(largest[place], one)
    return YearIndex(
        name, "kt", np.arange(first, first + years), largest, position, strength, True, ("tracks",)
    )
