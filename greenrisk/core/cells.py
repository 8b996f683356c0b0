# SPDX-License-Identifier: Apache-2.0
"""From a CSV or XLSX file to rows of cells, with the row number a user sees and the encoding read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenrisk.core.errors import Fault, Faults, TableError
from greenrisk.core.marked_yaml import shown

PLAIN = "CSV in UTF-8"
"""How most tables are written: what the ledger need not tell."""

_ENCODINGS = (("utf-8", PLAIN), ("gb18030", "CSV in GB18030"))


@dataclass(frozen=True)
class Cells:
    """The cells of a table file.

    Parameters
    ----------
    name : str
        The file, as it is to be named in messages.
    header : tuple of str
        Column names, stripped.
    rows : list of (int, list)
        Row number as seen in the file (the header is row 1) and the cells of each row, as many as the header
        has.
    how : str
        How the file was read, for the ledger.
    blank : int
        Rows without any content, which are not in ``rows``.
    workbook : bool
        Whether it came from XLSX, where a cell has a letter.
    sheet : str
        Sheet of a workbook of several, which stands in ``name`` too; else empty.
    """

    name: str
    header: tuple[str, ...]
    rows: list[tuple[int, list[Any]]]
    how: str
    blank: int = 0
    workbook: bool = False
    sheet: str = ""


def read_cells(path: Path, sheets: Sequence[str] = (), columns: Sequence[str] = ()) -> Cells:
    """Read a CSV or XLSX file.

    Parameters
    ----------
    path : Path
        The file.
    sheets : sequence of str
        Names, the best first, of the sheet to be read of a workbook that has several; capitals, spaces, hyphens and
        underscores do not count.
    columns : sequence of str
        Where no sheet bears such a name, the first with all these columns is read; else the first.

    Raises
    ------
    TableError
        No such file, a folder, another format, binary, unknown encoding, empty, ragged rows, no header.
    """
    name = str(shown(path))
    if path.is_dir():
        raise TableError(Fault(name, "a folder", "Give the path of a CSV or XLSX file."))
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TableError(Fault(name, "no such file", "Check the path of the table.")) from None
    except OSError as problem:
        raise TableError(Fault(name, "cannot be read", f"The system says: {problem.strerror}.")) from None
    if path.suffix.lower() == ".xlsx":
        return _workbook(name, raw, sheets, columns)
    if path.suffix.lower() in (".csv", ".txt"):
        return _text(name, raw)
    raise TableError(Fault(name, f"ends in `{path.suffix}`", "Must be a table in `.csv` or `.xlsx`."))


def _text(name: str, raw: bytes) -> Cells:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise TableError(
            Fault(name, "text in UTF-16", "Save it as CSV UTF-8; Excel calls UTF-16 `Unicode text`.")
        )
    if b"\x00" in raw or raw[:4] == b"PK\x03\x04":
        mend = " Is it an Excel workbook? Then let its name end in `.xlsx`." if raw[:2] == b"PK" else ""
        raise TableError(Fault(name, "a binary file", f"Must be a CSV file: plain text with commas.{mend}"))
    text, how = _decode(name, raw)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[Any]]] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start, list(cells)))
            start = reader.line_num + 1
    except csv.Error as problem:
        raise TableError(
            Fault(f"{name}:{start}", str(problem), "Not valid CSV. Mind the quotes in this row.")
        ) from None
    return _table(name, lines, how, workbook=False)


def _decode(name: str, raw: bytes) -> tuple[str, str]:
    if raw.startswith(b"\xef\xbb\xbf"):
        try:
            return raw.decode("utf-8-sig"), "CSV in UTF-8 with byte order mark"
        except UnicodeDecodeError:
            pass
    for encoding, label in _ENCODINGS:
        try:
            return raw.decode(encoding), label
        except UnicodeDecodeError:
            continue
    raise TableError(
        Fault(name, "unknown encoding", "Neither UTF-8 nor GB18030. Save the file as CSV UTF-8.")
    )


def _workbook(name: str, raw: bytes, wanted: Sequence[str], columns: Sequence[str]) -> Cells:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError):
        raise TableError(
            Fault(name, "not an Excel workbook", "Must be an XLSX file. Save it anew from Excel, or as CSV.")
        ) from None
    try:
        sheets = [sheet.title for sheet in book.worksheets]
        chosen = _sheet(book, sheets, wanted, columns)
        lines = [
            (number, list(row))
            for number, row in enumerate(book[chosen].iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()
    others = ", ".join(f"`{other}`" for other in sheets if other != chosen)
    if not others:
        return _table(name, lines, f"XLSX, sheet `{chosen}`", workbook=True)
    how = f"XLSX, sheet `{chosen}`; not read: {others}"
    return replace(_table(f"{name}[{chosen}]", lines, how, workbook=True), sheet=chosen)


def _sheet(book: Any, sheets: Sequence[str], wanted: Sequence[str], columns: Sequence[str]) -> str:
    """Return the sheet to read: the one that bears a wanted name, else the first with the columns, else the first."""
    for name in map(_bare, wanted):
        for sheet in sheets:
            if _bare(sheet) == name:
                return sheet
    for sheet in sheets if columns and len(sheets) > 1 else ():
        rows = ([_text_of(cell) for cell in row] for row in book[sheet].iter_rows(values_only=True))
        head = next((row for row in rows if any(row)), [])
        if set(columns) <= set(head):
            return sheet
    return sheets[0]


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign not in " -_")


def _text_of(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _table(name: str, lines: Sequence[tuple[int, list[Any]]], how: str, *, workbook: bool) -> Cells:
    filled = [(number, cells) for number, cells in lines if not all(map(_is_blank, cells))]
    if not filled:
        raise TableError(
            Fault(name, "an empty file", "Must hold a header row and at least one row below it.")
        )
    first, head = filled[0]
    while head and _is_blank(head[-1]):
        head = head[:-1]
    header = tuple(str("" if cell is None else cell).strip() for cell in head)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        mark = "semicolons" if ";" in header[0] else "tabs"
        raise TableError(
            Fault(f"{name}:{first}", f"columns are separated by {mark}", "Separate them by commas.")
        )
    faults = Faults()
    for column in {column for column in header if header.count(column) > 1}:
        faults.add(
            f"{name}:{first}", column or "a column without a name", "This column stands twice. Keep one."
        )
    rows: list[tuple[int, list[Any]]] = []
    ragged = 0
    for number, cells in filled[1:]:
        while len(cells) > len(header) and _is_blank(cells[-1]):
            cells = cells[:-1]
        if len(cells) < len(header) and workbook:
            cells = cells + [None] * (len(header) - len(cells))
        if len(cells) != len(header):
            ragged += 1
            if ragged <= 10:
                faults.add(
                    f"{name}:{number}",
                    f"{len(cells)} cells",
                    f"The header has {len(header)} columns. A comma inside a text needs quotes.",
                )
            continue
        rows.append((number, cells))
    if ragged > 10:
        faults.add(name, "ragged rows", f"... and {ragged - 10} more rows.")
    faults.raise_if_any(TableError)
    return Cells(name, header, rows, how, len(lines) - len(filled), workbook)


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column_letter(index: int) -> str:
    """Return the letter of a column in a spreadsheet, 0 for A.

    Examples
    --------
    >>> column_letter(2), column_letter(27)
    ('C', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
