# SPDX-License-Identifier: Apache-2.0
"""Words and colours of a chemical zone as a reader meets them: grades, activities, places where a group stands."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.pollution.grading.words import GRADES, GRADES_ZH
from greenrisk.pollution.liability.terms import REASON_WORDS, REASONS
from greenrisk.pollution.severity.heads import HEAD_WORDS, HEADS
from greenrisk.report.table import Cell, share
from greenrisk.report.wording import as_given

REFUSED: Final = "refused"
"""Word of the result for a plant that HJ 941 does not grade."""

GRADE_NAMES: Final = {
    **{word: f"{word.capitalize()} {zh}" for word, zh in zip(GRADES, GRADES_ZH, strict=True)},
    REFUSED: "Not graded",
}
"""Grade -> its English and its Chinese word."""

HEAD_NAMES: Final = dict(zip(HEADS, HEAD_WORDS, strict=True))
REASON_NAMES: Final = dict(zip(REASONS, REASON_WORDS, strict=True))

ACTIVITY_NAMES: Final = {
    "production": "Production",
    "storage": "Storage",
    "trade": "Trade",
    "transport": "Transport",
}

RULE_FILES: Final = {
    "hj941-process-points": "Points of processes",
    "hj941-control-points-air": "Points of controls, air",
    "hj941-control-points-water": "Points of controls, water",
    "hj941-event-points": "Points of past events",
    "hj941-m-classes": "Classes of process and control",
    "hj941-air-receptors": "Receptors, air",
    "hj941-water-receptors": "Receptors, water",
    "hj941-grade-matrix": "Matrix of grades",
    "hj941-q-bands": "Bands of quantity",
    "hj941-special-rules": "Special rules",
    "hj941-out-of-scope": "What is out of scope",
    "substances": "Critical quantity",
}
"""Table of the rules -> its words."""

READING_NAMES: Final = {
    "cut": "where M3 ends and M4 begins (60 or 65 points)",
    "part": "the part of appendix A of a substance for which it is not known",
    "boundary": "a count of people that equals a limit",
}
"""Question of the grading that is read in more than one way -> its words."""


READING_SHORT: Final = {
    "cut": "where M4 begins",
    "part": "an unknown part of appendix A",
    "boundary": "a count of people at a limit",
}
"""The same where there is little room."""


def grade_word(code: int) -> str:
    """Return the word of a grade's code; a plant that is not graded has a negative one."""
    return GRADES[code] if 0 <= code < len(GRADES) else REFUSED


def given(amount: float) -> Cell:
    """Return an amount that somebody wrote down, in CNY million and without digits that nobody wrote."""
    return Cell(as_given(f"{amount / 1e6:.6g}") if amount > 0 else "none", amount)


def share_with_error(value: float, error: float) -> Cell:
    """Return a share with its error, both with as many decimals as one digit of the error needs."""
    if not (np.isfinite(error) and error > 0):
        return share(value)
    decimals = max(0, -int(np.floor(np.log10(100 * error))))
    return Cell(f"{100 * value:.{decimals}f}\u00a0%", value, f"± {100 * error:.{decimals}f}\u00a0%")


def group(tree: xr.DataTree, name: str) -> xr.Dataset | None:
    """Return a group of the result, below the root or below its checks; None where the run has none."""
    for path in (name, f"checks/{name}"):
        head, _, rest = path.partition("/")
        if head not in tree.children:
            continue
        node = tree.children[head]
        if rest and rest not in node.children:
            continue
        return (node.children[rest] if rest else node).to_dataset(inherit=False)
    return None
