# SPDX-License-Identifier: Apache-2.0
"""A table as a report shows it: units in the header, figures to the right, the error in grey beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from unicodedata import east_asian_width

from greenrisk.report.wording import NO_BREAK, SHOWN_DIGITS, percent, significant, span, whole

LINE, SHORT, LONG, FEW = 14, 20, 40, 3
"""Words of a column up to the first stand on one line, up to the second they take no more room than they need; longer
than the third they are given room, unless the table has few columns [letters, letters, letters, columns]."""

NO_ERROR = 1e-9
"""Standard error, as a share of its figure, below which it is the rounding of a computer and told as 0 [unitless]."""


@dataclass(frozen=True)
class Column:
    """Head of a column.

    Parameters
    ----------
    label : str
        What it shows.
    unit : str
        Unit of its figures, printed under the label.
    number : bool
        Whether it holds figures (to the right) or words (to the left).
    """

    label: str
    unit: str = ""
    number: bool = True


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text : str
        What is printed.
    value : float or None
        Number to sort by.
    error : str
        Standard error, printed in grey beside the figure.
    href : str
        Anchor of the card or ledger line on which the figure rests.
    status : str
        Status of that card, printed as a tag.
    note : str
        More words, small and grey below.
    """

    text: str
    value: float | None = None
    error: str = ""
    href: str = ""
    status: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows; the last ``totals`` rows are rule-lined and stay below when a reader sorts."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: int = 0
    heard: bool = False
    """Whether the caption is for screen readers only, because a heading above says the same."""

    def styles(self) -> tuple[str, ...]:
        """Return the class of each column: figures, figures with errors, words that fit a line, long texts."""
        return tuple(self._style(i, column) for i, column in enumerate(self.columns))

    def _style(self, i: int, column: Column) -> str:
        cells = [row[i] for row in self.rows]
        if column.number:
            return "n e" if any(cell.error for cell in cells) else "n"
        longest = max((_width(cell.text) for cell in cells), default=0)
        if longest <= SHORT and not any(cell.status or cell.note for cell in cells):
            return "w line" if longest <= LINE else "w short"
        return "w long" if longest > LONG and len(self.columns) > FEW else "w"


def _width(text: str) -> int:
    """Return how wide a text is, in letters; a Chinese one is as wide as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def words(text: object, href: str = "", status: str = "") -> Cell:
    """Return a cell of words."""
    return Cell(str(text), href=href, status=status)


def figure(
    value: float,
    digits: int = SHOWN_DIGITS,
    *,
    error: float | None = None,
    scale: float = 1.0,
    href: str = "",
) -> Cell:
    """Return a cell with a number and, where given, its standard error, both divided by ``scale``."""
    if error is not None and abs(error) < NO_ERROR * abs(value):
        error = 0.0
    beside = "" if error is None or error != error else f"± {significant(error / scale, 2)}"
    return Cell(significant(value / scale, digits), value, beside, href)


def count(value: float) -> Cell:
    """Return a cell with a whole number."""
    return Cell(whole(value), value)


def share(value: float) -> Cell:
    """Return a cell with a percentage."""
    return Cell(percent(value), value)


def interval(low: float, high: float, scale: float = 1.0) -> Cell:
    """Return a cell with an interval, sorted by its upper end."""
    return Cell(span(low / scale, high / scale), high)


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    totals: int = 0,
    heard: bool = False,
) -> Table:
    """Return a table from any sequences of columns and rows; a head never parts a number from its per cent sign."""
    heads = tuple(replace(column, label=re.sub(r" (?=[%/])", NO_BREAK, column.label)) for column in columns)
    return Table(caption, heads, tuple(tuple(row) for row in rows), totals, heard)
