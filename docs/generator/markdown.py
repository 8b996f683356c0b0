# SPDX-License-Identifier: Apache-2.0
"""Pieces of Markdown that several pages are made of."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

MADE = "<!-- Made by docs/generate.py; change what it is made from, not this page. -->\n"
"""First line of every generated page."""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, code: Sequence[str] = ()) -> str:
    """Return a Markdown table.

    Parameters
    ----------
    columns : sequence of str
        Headers.
    rows : iterable of sequence of str
        Cells.
    code : sequence of str
        Columns whose cells are names that a user types.
    """
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for row in rows:
        cells = [
            f"`{cell}`" if column in code and cell else escaped(cell)
            for column, cell in zip(columns, row, strict=True)
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def escaped(cell: str) -> str:
    """Return a cell in one line, in which nothing is taken for markup but code in backticks."""
    text = " ".join(cell.split()).replace("|", "\\|")
    parts = re.split(r"(`[^`]*`)", text)
    plain = [
        part if part.startswith("`") else re.sub(r"(\*|<(?=[A-Za-z/!]))", r"\\\1", part) for part in parts
    ]
    return "".join(plain)


def prose(text: str) -> str:
    """Return a paragraph, folded anew."""
    folded = textwrap.fill(" ".join(text.split()), 110, break_long_words=False, break_on_hyphens=False)
    return f"{folded}\n"


def sentence(docstring: str | None) -> str:
    """Return the first paragraph of a docstring in one line."""
    return " ".join((docstring or "").strip().split("\n\n")[0].split())
