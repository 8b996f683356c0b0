# SPDX-License-Identifier: Apache-2.0
"""How the scenarios of an issuer study look in every figure: one colour and one dash each, the baseline grey."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from greenrisk.report.charts.key import Mark, Style, stroke
from greenrisk.report.charts.plate import ACCENT, ORANGE, PURPLE, SECOND, SKY, SOFT
from greenrisk.report.table import Cell
from greenrisk.report.wording import percent, significant

COLOURS: Final = (ACCENT, ORANGE, SECOND, PURPLE, SKY)
DASHES: Final[tuple[Style, ...]] = ("-", "--", ":")

NO_BREAK: Final = "\u00a0"


@dataclass(frozen=True)
class Look:
    """Words, colours and dashes of scenarios.

    Parameters
    ----------
    scenarios : tuple of str
        In the order of the result.
    labels : mapping of str to str
        Their words.
    baseline : str
        The one that is grey.
    """

    scenarios: tuple[str, ...]
    labels: Mapping[str, str]
    baseline: str

    def _place(self, scenario: str) -> int:
        return [name for name in self.scenarios if name != self.baseline].index(scenario)

    def colour(self, scenario: str) -> str:
        """Return the colour of a scenario."""
        return SOFT if scenario == self.baseline else COLOURS[self._place(scenario) % len(COLOURS)]

    def dash(self, scenario: str) -> Style:
        """Return the dash of a scenario: colours come round again with another one."""
        if scenario == self.baseline:
            return "-"
        place = self._place(scenario)
        return DASHES[(place + place // len(COLOURS)) % len(DASHES)]

    def width(self, scenario: str) -> float:
        """Return the width of a line: the baseline is drawn wide below the others, so that equal lines are seen."""
        return 4.0 if scenario == self.baseline else 2.0

    def label(self, scenario: str) -> str:
        """Return the words of a scenario."""
        return self.labels.get(scenario, scenario)

    def marks(self) -> list[Mark]:
        """Return the key."""
        return [stroke(self.label(name), self.colour(name), self.dash(name)) for name in self.scenarios]


def columns_of_key(labels: Sequence[str], narrow: bool) -> int:
    """Return how many words of a key stand side by side."""
    room = 44 if narrow else 100
    widest = max((len(label) for label in labels), default=1) + 6
    return max(1, min(len(labels), room // widest))


SURE, HARDLY = 0.9995, 1e-5
"""Probabilities from which, and below which, a digit says nothing more [1]."""


def chance(value: float) -> str:
    """Return a probability as a percentage; what is nearly sure or hardly possible says so without digits."""
    if SURE <= value < 1.0:
        return f"above 99.9{NO_BREAK}%"
    if 0.0 < value < HARDLY:
        return f"below 0.001{NO_BREAK}%"
    return percent(value)


def chance_cell(value: float, note: str = "") -> Cell:
    """Return a cell with a probability."""
    return Cell(chance(value), value, note=note)


def rate(value: float) -> str:
    """Return a rate with three digits, e.g. ``19.4 %``."""
    return f"{significant(100 * value)}{NO_BREAK}%" if math.isfinite(value) else percent(value)


def year_ticks(axes: Axes, years: Sequence[int], small: bool) -> None:
    """Put ticks at years that end with 0 or 5; at tens where there is little room."""
    step = 10 if small and years[-1] - years[0] > 20 else 5
    shown = [year for year in range(int(years[0]), int(years[-1]) + 1) if year % step == 0]
    axes.set_xticks(shown or [years[0], years[-1]])


def percent_tick(value: float) -> str:
    """Return a share as a tick: without padding zeros."""
    return f"{100 * value:.6g}{NO_BREAK}%"
