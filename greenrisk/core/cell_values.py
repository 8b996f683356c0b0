# SPDX-License-Identifier: Apache-2.0
"""What stands in one cell of a table: a number or a text, or how to mend it."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import Any, Final

import pandas as pd

_NUMBER_AND_UNIT = re.compile(
    r"^\s*[-+]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?\s*(?P<unit>[A-Za-z%‰²/亩公顷元万亿株年人千百户吨米]+)\s*$"
)
_TIMES: Final = {
    "亿": 10**8,
    "百万": 10**6,
    "万": 10**4,
    "千": 10**3,
    "million": 10**6,
    "thousand": 10**3,
    "k": 10**3,
}
"""Words and signs that multiply the number before them, those that hold another first."""
_THOUSANDS = re.compile(r"^\s*[-+]?\d{1,3}([,，]\d{3})+(\.\d+)?\s*$")
_DATE = re.compile(r"^\s*\d{1,4}([-/.年月])\d{1,2}([-/.月]\d{1,4}日?)?日?\s*$")
_EMPTY = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "#n/a"})


def in_per_cent(share: float) -> str:
    """Return `` In per cent? Then write 0.6 for 60 %.`` for a share that may be one, else an empty text.

    Parameters
    ----------
    share : float
        A value above the 1 that it should not exceed; one below 2 is rather a slip of the pen [unitless].
    """
    return f" In per cent? Then write {share / 100:.6g} for {share:.6g} %." if 2 <= share <= 100 else ""


def number_in(cell: Any) -> tuple[float, str]:
    """Return the number in a cell, or NaN and how to mend it."""
    if isinstance(cell, bool):
        return math.nan, "Must be a number."
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return math.nan, "Excel holds a date here. Format the cell as a number and enter it again."
    if cell is None or cell is pd.NA:
        return math.nan, ""
    try:
        number = float(cell)
    except (TypeError, ValueError):
        text = str(cell).strip()
        if text.lower() in _EMPTY:
            return math.nan, ""
        return math.nan, _mend_number(text)
    return (math.nan, "Must be a finite number.") if math.isinf(number) else (number, "")


def _mend_number(text: str) -> str:
    if text.startswith("#") and text.isupper():
        return "Excel reports an error in this cell. Mend its formula, or enter the number."
    if _THOUSANDS.match(text):
        return "Must be a number. Write it without separators between the thousands."
    if _DATE.match(text):
        return "Must be a number; this reads as a date. Format the column as a number in your spreadsheet."
    if (unit := _NUMBER_AND_UNIT.match(text)) and unit["unit"] in ("%", "‰"):
        share = float(text.rstrip("%‰ ").replace(",", "")) / (100 if unit["unit"] == "%" else 1000)
        return f"Must be a number alone: where the column holds a share, write {share:.6g} for {text}."
    if unit and (times := _times(unit["unit"])):
        digits = text[: -len(unit["unit"])].strip().replace(",", "")
        number = Decimal(digits) * times
        return f"Must be a number alone: write {number.normalize():f} for {text}."
    if unit:
        return f"Must be a number alone. Take `{unit['unit']}` away: the column's name bears the unit."
    return "Must be a number."


def _times(unit: str) -> int:
    """Return what a unit multiplies its number by: 10,000 for ``万`` and ``万元``; 0 where it does not."""
    if unit.lower() in ("k", "thousand", "million"):
        return _TIMES[unit.lower()]
    if unit.startswith("万亿"):
        return _TIMES["万"] * _TIMES["亿"]
    return next((times for word, times in _TIMES.items() if not word.isascii() and unit.startswith(word)), 0)


def text_in(cell: Any) -> tuple[str | None, str]:
    """Return the text in a cell; None where it is empty."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)) or cell is pd.NA:
        return None, ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip() or None, ""
