# SPDX-License-Identifier: Apache-2.0
"""A change of unit within a series: a place from which on all values are multiplied by a factor that units have.

A river changes its mean or its spread; it does not multiply both by 3.28 at once. The size of each year (the root of
the mean square of its values) shows such a place even in an anomaly, whose mean is 0; level and spread on both sides
say whether a known conversion explains it. What lasts less than three years is not seen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from greenrisk.resource.index_cover.series import Floats, Step
from greenrisk.resource.index_cover.unit_words import same_unit


@dataclass(frozen=True)
class Conversion:
    """From one unit to another: ``factor`` x + ``offset``; without names, a misplaced decimal point."""

    first: str
    second: str
    factor: float
    offset: float = 0.0

    def __str__(self) -> str:
        """In words, as a message tells it."""
        if not self.first:
            return f"a factor of {self.factor:g}: a decimal point"
        more = f" and {self.offset:+g}" if self.offset else ""
        return f"a factor of {self.factor:.5g}{more}: {self.first} and {self.second}"


CONVERSIONS: Final = (
    Conversion("", "", 10.0),
    Conversion("", "", 100.0),
    Conversion("", "", 1000.0),
    Conversion("m", "cm", 100.0),
    Conversion("m", "mm", 1000.0),
    Conversion("cm", "mm", 10.0),
    Conversion("m", "ft", 1 / 0.3048),
    Conversion("ft", "in", 12.0),
    Conversion("in", "cm", 2.54),
    Conversion("in", "mm", 25.4),
    Conversion("m3/s", "ft3/s", 0.3048**-3),
    Conversion("m3/s", "L/s", 1000.0),
    Conversion("m3/s", "ML/day", 86.4),
    Conversion("m/s", "km/h", 3.6),
    Conversion("m/s", "knot", 3.6 / 1.852),
    Conversion("knot", "km/h", 1.852),
    Conversion("ha", "mu", 15.0),
    Conversion("ha", "acre", 1 / 0.40468564224),
    Conversion("ha", "m2", 10000.0),
    Conversion("km2", "ha", 100.0),
    Conversion("t", "kg", 1000.0),
    Conversion("1", "%", 100.0),
    Conversion("degC", "degF", 1.8, 32.0),
    Conversion("degC", "K", 1.0, 273.15),
    Conversion("K", "degF", 1.8, -459.67),
)
"""Conversions that series of weather, water and land meet; each is looked for both ways.

NIST Special Publication 811 (2008), appendix B.8, for foot, inch, knot, acre and temperatures; 15 mu to the hectare by
the order of the State Council of China on units of measurement, 1984."""

LEAST_YEARS: Final = 3
"""Fewest years between two changes of unit: the level of two years does not show their spread."""

LEAST_ALONE: Final = 6
"""The same where a year has one value."""

CLEAR: Final = 2.0
"""Standard deviations of a year's size by which a change of unit must move it, where years have many values."""

CLEAR_ALONE: Final = 5.0
"""The same where a year has one value: burnt areas and fires fall tenfold within a decade, in one unit."""

CERTAIN: Final = 5.0
"""Standard errors by which it must move the mean size of the years on both sides."""

TOLERANCE: Final = 0.1
"""What a factor may be off besides its standard errors, as a share of its logarithm (1 at least)."""

LENGTH: Final[dict[Step, int]] = {"day": 365, "month": 12, "year": 1, "event": 1}
"""Values in a year."""


@dataclass(frozen=True)
class UnitChange:
    """A place that looks like a change of unit.

    Parameters
    ----------
    position : int
        First value after it; in an anomaly, about there.
    conversion : Conversion
        The known conversion.
    multiplied : bool
        Whether the values after it are the converted ones.
    """

    position: int
    conversion: Conversion
    multiplied: bool


@dataclass(frozen=True, eq=False)
class _Years:
    """Size, level and spread of each year, and where it begins."""

    start: np.ndarray[tuple[int], np.dtype[np.int64]]
    size: Floats
    level: Floats
    spread: Floats


def unit_changes(value: Floats, step: Step, unit: str = "") -> list[UnitChange] | None:
    """Return the places of a series that look like a change of unit, in order; None where it is too short to tell.

    Parameters
    ----------
    value : array, shape (times,)
        In the order of time; NaN where missing.
    step : str
        Step of the series.
    unit : str
        Its unit: only what it is converted to is looked for; all factors where the list does not know it.
    """
    years = _years(value, LENGTH[step])
    least = LEAST_ALONE if step == "year" else LEAST_YEARS
    if years.size.size < 2 * least:
        return None
    edges = _large([0, *_cuts(years.size, least), years.size.size], years.size)
    noise = _noise(years.size, edges)
    known = _conversions(unit)
    found = []
    for start, cut, end in zip(edges, edges[1:], edges[2:], strict=False):
        match = _conversion(years, (start, cut, end), noise, known, alone=step == "year")
        if match is not None:
            first = int(years.start[cut])
            found.append(UnitChange(_place(value, first, LENGTH[step]), *match))
    return found


def _years(value: Floats, length: int) -> _Years:
    """Return the years, counted from the first value; one with fewer than half its values is left out."""
    starts, sizes, levels, spreads = [], [], [], []
    for start in range(0, value.size, length):
        part = value[start : start + length]
        part = part[np.isfinite(part)]
        root = float(np.sqrt(np.square(part).mean())) if part.size else 0.0
        if 2 * part.size < length or root == 0.0:
            continue
        starts.append(start)
        sizes.append(np.log(root))
        levels.append(float(part.mean()))
        spreads.append(float(part.std()))
    return _Years(np.array(starts), np.array(sizes), np.array(levels), np.array(spreads))


def _cuts(size: Floats, least: int) -> list[int]:
    """Return where the sizes of years are best cut, in order: the largest F first, as long as it is beyond chance."""
    parts, cuts = [(0, size.size)], []
    while parts:
        start, end = parts.pop()
        x = size[start:end]
        if x.size < 2 * least:
            continue
        left = np.arange(least, x.size - least + 1)
        sums = np.cumsum(x - x.mean())[left - 1]
        explained = np.square(sums) * x.size / (left * (x.size - left))
        best = int(np.argmax(explained))
        rest = max(float(np.square(x - x.mean()).sum() - explained[best]), 1e-12)
        if explained[best] * (x.size - 2) / rest > 18:
            cut = start + int(left[best])
            cuts.append(cut)
            parts += [(start, cut), (cut, end)]
    return sorted(cuts)


def _conversions(unit: str) -> list[Conversion]:
    """Return the conversions that a unit can have met: its own and decimal points; all factors if it has none."""
    named = [one for one in CONVERSIONS if one.first]
    own = [one for one in named if unit and (same_unit(one.first, unit) or same_unit(one.second, unit))]
    if not own:
        return [one for one in CONVERSIONS if one.offset == 0.0]
    factors = {one.factor for one in own}
    return own + [one for one in CONVERSIONS if not one.first and one.factor not in factors]


def _large(edges: list[int], size: Floats) -> list[int]:
    """Return the edges without the cuts that no conversion explains: the smallest is 1.8."""
    while len(edges) > 2:
        level = [float(np.median(size[a:b])) for a, b in pairwise(edges)]
        jumps = np.abs(np.diff(level))
        least = int(np.argmin(jumps))
        if jumps[least] > np.log(1.8) - 2 * TOLERANCE:
            break
        edges = [*edges[: least + 1], *edges[least + 2 :]]
    return edges


def _noise(x: Floats, edges: list[int]) -> float:
    """Return the standard deviation of years within the parts: the larger of the plain one and that of the medians."""
    off = np.concatenate([x[a:b] - np.median(x[a:b]) for a, b in pairwise(edges)])
    spread = float(np.sqrt(np.square(off).sum() / max(off.size - len(edges) + 1, 1)))
    return max(float(1.4826 * np.median(np.abs(off))), spread, 1e-9)


def _conversion(
    years: _Years, edges: tuple[int, int, int], noise: float, known: Sequence[Conversion], *, alone: bool
) -> tuple[Conversion, bool] | None:
    """Return the conversion that carries one side over to the other, and whether the later is the converted one."""
    start, cut, end = edges
    sides = slice(start, cut), slice(cut, end)
    count = 1 / (cut - start) + 1 / (end - cut)
    size = [float(np.median(years.size[side])) for side in sides]
    if abs(size[1] - size[0]) < noise * max(CLEAR_ALONE if alone else CLEAR, CERTAIN * np.sqrt(count)):
        return None
    level = [float(np.median(years.level[side])) for side in sides]
    if alone:
        spread = [float(years.level[side].std(ddof=1)) for side in sides]
        off_spread = 1.5 * np.sqrt(
            count / 2
        )  # that of the logarithm, for normal years; half more if they remember
    else:
        spread = [float(np.median(years.spread[side])) for side in sides]
        off_spread = 1.25 * noise * np.sqrt(count)
    if min(spread) <= 0:
        return None
    yearly = [float(years.level[side].std(ddof=1)) for side in sides]
    matches = []
    for order, conversion in enumerate(known):
        for low, high in ((0, 1), (1, 0)):
            allowed = TOLERANCE * max(1.0, float(np.log(conversion.factor)))
            ratio = abs(np.log(spread[high] / spread[low] / conversion.factor)) / (allowed + 2 * off_spread)
            back = (level[high] - conversion.offset) / conversion.factor
            shift = abs(back - level[low]) / (3 * max(yearly[low], TOLERANCE * spread[low]))
            if conversion.offset == 0.0:
                miss = abs(size[high] - size[low] - np.log(conversion.factor))
                shift = max(shift, miss / (allowed + 2.5 * noise * np.sqrt(count)))
            if max(ratio, shift) < 1.0:
                matches.append((max(ratio, shift), order, low == 0))
    if not matches:
        return None
    _, order, multiplied = min(matches)
    return known[order], multiplied


def _place(value: Floats, first: int, length: int) -> int:
    """Return the first value after a change near ``first``: the likeliest place of two normal laws."""
    window = 2 * length if length > 1 else 3
    low, high = max(0, first - window), min(value.size, first + window)
    margin = max(1, length // 2)
    before, after = (
        value[max(0, low - length) : max(1, first - margin)],
        value[first + margin : high + length],
    )
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    if before.size < 2 or after.size < 2 or before.std() == 0 or after.std() == 0:
        return first
    x = value[low:high]
    gain = (
        np.log(after.std() / before.std())
        + (np.square((x - after.mean()) / after.std()) - np.square((x - before.mean()) / before.std())) / 2
    )
    sums = np.concatenate(([0.0], np.cumsum(np.where(np.isfinite(gain), gain, 0.0))))
    return low + int(np.argmax(sums))
