# SPDX-License-Identifier: Apache-2.0
"""How results print at the prompt: figures that can be read, tables of at most 100 columns of text.

What a result says is decided where it lives. Amounts are in the currency of the losses, which nobody told us: no
currency is printed. All figures, unrounded, are in the fields and in ``to_frame()`` of a result.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final
from unicodedata import east_asian_width

WIDTH: Final = 100
"""No line of a table is wider."""

_LONGEST = 32
"""Of a cell; longer names are cut."""


def figure(value: float, digits: int = 6) -> str:
    """Return a number with thousands separators, money of the usual sizes without powers of ten.

    Parameters
    ----------
    value : float
        Any number.
    digits : int
        Significant digits, >= 1; the others are rounded.
    """
    if not 10.0 ** (digits - 1) <= abs(value) < 1e15:
        return f"{value:,.{digits}g}"
    return f"{round(value, digits - 1 - math.floor(math.log10(abs(value)))):,.0f}"


def amounts(values: Sequence[float]) -> list[str]:
    """Return the amounts of one table with the same decimals, so that what is printed adds up like what is meant.

    Parameters
    ----------
    values : sequence of float
        The greatest decides: six digits of it, and no digit before the decimal point is left out.
    """
    greatest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    decimals = max(5 - math.floor(math.log10(greatest)), 0) if greatest > 0.0 else 0
    return [f"{value:,.{decimals}f}" for value in values]


def error(value: float) -> str:
    """Return an error, with two digits.

    Parameters
    ----------
    value : float
        >= 0.
    """
    return figure(value, 2)


def percent(value: float) -> str:
    """Return a share in percent, with one decimal.

    Parameters
    ----------
    value : float
        [unitless]
    """
    return f"{value:.1%}" if math.isfinite(value) else f"{value}"


def name_of(label: object) -> str:
    """Return a label as one word; the parts of a path are joined.

    Parameters
    ----------
    label : object
        A name, a number, or a tuple of them.
    """
    return " / ".join(str(part) for part in label) if isinstance(label, tuple) else str(label)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, which takes an s for the plural unless another is given.

    Parameters
    ----------
    number : int
        How many.
    noun : str
        Of what.
    plural : str
        Of several.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, most: int = 30, left: int = 1) -> str:
    """Return rows under their heads, aligned; columns that do not fit side by side follow below.

    Parameters
    ----------
    heads : sequence of str, length column
        Names of the columns.
    rows : sequence of sequence of str, length column each
        The cells.
    most : int
        Rows that are shown, > 1: of more, the first and the last, with a row that says how many are between.
    left : int
        How many columns, of words, are set to the left and repeated where a table is continued.
    """
    shown = [[_cut(cell) for cell in row] for row in (heads, *shortened(rows, most))]
    widths = [max(_width(row[k]) for row in shown) for k in range(len(heads))]
    blocks: list[list[int]] = [[]]
    start = sum(widths[:left]) + 2 * (left - 1)
    used = start
    for k in range(left, len(heads)):
        if used + 2 + widths[k] > WIDTH and blocks[-1]:
            blocks.append([])
            used = start
        blocks[-1].append(k)
        used += 2 + widths[k]
    return "\n\n".join(
        "\n".join(_line(row, widths, left, [*range(left), *block]) for row in shown) for block in blocks
    )


def figures_table(*columns: tuple[str, Iterable[float]]) -> str:
    """Return columns of figures under their heads; those whose head begins with ± are errors.

    Parameters
    ----------
    *columns : tuple of str and iterable of float
        Head and figures of each column.
    """
    told = [
        [(error if head.startswith("±") else figure)(float(value)) for value in values]
        for head, values in columns
    ]
    return table([head for head, _ in columns], list(zip(*told, strict=True)), left=0)


def shortened(rows: Sequence[Sequence[str]], most: int) -> list[Sequence[str]]:
    """Return the first and the last of many rows, with one between them that says how many are left out.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells.
    most : int
        Rows that are shown, > 1.
    """
    if len(rows) <= most:
        return list(rows)
    first = (most + 1) // 2
    between = [f"... {len(rows) - most:,} more", *[""] * (len(rows[0]) - 1)]
    return [*rows[:first], between, *rows[len(rows) - (most - first) :]]


def _line(row: Sequence[str], widths: Sequence[int], left: int, chosen: Sequence[int]) -> str:
    cells = []
    for k in chosen:
        room = " " * (widths[k] - _width(row[k]))
        cells.append(row[k] + room if k < left else room + row[k])
    return "  ".join(cells).rstrip()


def _cut(cell: str) -> str:
    if _width(cell) <= _LONGEST:
        return cell
    while _width(cell) > _LONGEST - 1:
        cell = cell[:-1]
    return cell + "…"


def _width(text: str) -> int:
    """Columns of a terminal; Chinese characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
