# SPDX-License-Identifier: Apache-2.0
"""Tables by segment whose first segment is the total."""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault, Faults

TOTAL: Final = "all"
"""Name of the first segment of a table: the total."""


def one_a_segment(segments: Sequence[str], **columns: Sized) -> None:
    """Refuse names that cannot head a table, and columns that do not hold one value a segment.

    Parameters
    ----------
    segments : sequence of str
        Names of the segments, without the total.
    **columns : sized, length segment
        What is given by segment.

    Raises
    ------
    ArgumentError
        If a length differs, a name stands twice, or one is that of the total.
    """
    faults = Faults()
    sizes = {name: len(values) for name, values in columns.items()}
    if any(size != len(segments) for size in sizes.values()):
        counted = ", ".join(f"{size} {name.replace('_', ' ')}" for name, size in sizes.items())
        faults.add("segments", f"{len(segments)} names, {counted}", "One of each a segment was expected.")
    names = list(segments)
    for name in sorted({name for name in names if names.count(name) > 1 or name == TOTAL}):
        mend = "That is the total's name." if name == TOTAL else "Each name may stand once."
        faults.add("segments", repr(name), mend)
    faults.raise_if_any(ArgumentError)


def names_of_segments(segments: Sequence[str]) -> tuple[str, ...]:
    """Return the names, or refuse a single word, whose letters are no names.

    Parameters
    ----------
    segments : sequence of str
        What was given.
    """
    if isinstance(segments, str):
        mend = f"A sequence of names was expected: ({segments!r},) for one segment."
        raise ArgumentError(Fault("segments", f"segments = {segments!r}", mend))
    return tuple(segments)


def with_total(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return amounts by segment with their sum before them.

    Parameters
    ----------
    values : array, shape (segment,)
        Amounts of the segments.
    """
    return np.concatenate([[math.fsum(values)], values])


def ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a ratio by segment, NaN where there is nothing to divide by.

    Parameters
    ----------
    numerator : array, shape (..., segment)
        Amounts.
    denominator : array, shape (segment,)
        What they are divided by; nothing where it is not > 0.
    """
    safe = np.where(denominator > 0, denominator, np.nan)
    return np.asarray(numerator / safe)
