# SPDX-License-Identifier: Apache-2.0
"""How the scenarios of an issuer study look in every figure: one colour and one dash each, the baseline grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from greenrisk.report.charts.key import Mark, Style, stroke
from greenrisk.report.charts.plate import ACCENT, ORANGE, PURPLE, SECOND, SKY, SOFT

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


def percent_tick(value: float) -> str:
    """Return a share as a tick: without padding zeros."""
    return f"{100 * value:.6g}{NO_BREAK}%"
