# SPDX-License-Identifier: Apache-2.0
"""Cells of a workbook that is written row by row: text that stays text, numbers, formulas, and their looks."""

from __future__ import annotations

from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Border, Font, PatternFill, Side

HEAD = PatternFill("solid", fgColor="1F4E5F")
HEAD_FONT = Font(bold=True, color="FFFFFF")
UNIT_FONT = Font(italic=True, color="666666")
LINE = Border(bottom=Side(style="thin", color="999999"))
RULED = Border(top=Side(style="thin", color="1F2328"), bottom=Side(style="thin", color="1F2328"))
OURS_TO_CHANGE = PatternFill("solid", fgColor="FFF6E0")
"""Ground of a cell that a reader may change."""


def _styled(cell: Any, style: dict[str, Any]) -> Any:
    for key, look in style.items():
        setattr(cell, key, look)
    return cell


def text_cell(sheet: Any, value: str, **style: Any) -> Any:
    """Return a cell of words.

    Parameters
    ----------
    sheet : WriteOnlyWorksheet
        Where it will stand.
    value : str
        The words; what Excel does not allow is left out, and words that begin with "=" stay words.
    **style
        Attributes of the cell: font, fill, border, alignment.
    """
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return _styled(cell, style)


def number_cell(sheet: Any, value: float, number_format: str, **style: Any) -> Any:
    """Return a cell with a number in a format; an empty one where the number is not finite."""
    cell = WriteOnlyCell(sheet, value if value == value and abs(value) != float("inf") else None)
    cell.number_format = number_format
    return _styled(cell, style)


def formula_cell(sheet: Any, formula: str, number_format: str, **style: Any) -> Any:
    """Return a cell that a spreadsheet computes; ``formula`` begins with "="."""
    cell = WriteOnlyCell(sheet, formula)
    cell.data_type = "f"
    cell.number_format = number_format
    return _styled(cell, style)
