# SPDX-License-Identifier: Apache-2.0
"""Computes the cells of a workbook as a spreadsheet would: + - * / =, SUM, IF, references and names, nothing more."""

from __future__ import annotations

import re

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

TOKEN = re.compile(r"\s*(\d+\.?\d*|[A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?(?![A-Za-z_\d])|[A-Za-z_]\w*|[-+*/=(),])")


class Sheet:
    """A sheet whose formulas are computed when asked for; each cell once."""

    def __init__(self, book: Workbook, title: str) -> None:
        self.cells: Worksheet = book[title]
        self.names = {
            name: d.attr_text.rpartition("!")[2].replace("$", "") for name, d in book.defined_names.items()
        }
        self.known: dict[str, float] = {}

    def __getitem__(self, place: str) -> float:
        """Return the value of a cell."""
        if place not in self.known:
            value = self.cells[place].value
            self.known[place] = (
                Formula(self, value[1:]).whole() if self.is_formula(place) else float(value or 0.0)
            )
        return self.known[place]

    def is_formula(self, place: str) -> bool:
        """Return whether a spreadsheet would compute the cell."""
        return self.cells[place].data_type == "f"


class Formula:
    """Reads one formula from left to right."""

    def __init__(self, sheet: Sheet, text: str) -> None:
        self.sheet = sheet
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == text.replace(" ", ""), text

    def whole(self) -> float:
        value = self.compared()
        assert not self.tokens, self.tokens
        return value

    def next_is(self, *tokens: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in tokens

    def compared(self) -> float:
        value = self.sum()
        while self.next_is("="):
            self.tokens.pop(0)
            value = float(value == self.sum())
        return value

    def sum(self) -> float:
        value = self.product()
        while self.next_is("+", "-"):
            value = value + self.product() if self.tokens.pop(0) == "+" else value - self.product()
        return value

    def product(self) -> float:
        value = self.one()
        while self.next_is("*", "/"):
            value = value * self.one() if self.tokens.pop(0) == "*" else value / self.one()
        return value

    def one(self) -> float:
        token = self.tokens.pop(0)
        if token == "(":
            value = self.compared()
            assert self.tokens.pop(0) == ")"
            return value
        if token[0].isdigit():
            return float(token)
        if token == "SUM":
            first, last = self.tokens[1].split(":")
            del self.tokens[:3]
            return sum(self.sheet[cell.coordinate] for row in self.sheet.cells[first:last] for cell in row)
        if token == "IF":
            return self.choice()
        return self.sheet[self.sheet.names.get(token, token)]

    def choice(self) -> float:
        """Both branches are read, but a spreadsheet divides only in the one that it takes."""
        parts, depth = [""], 0
        while True:
            token = self.tokens.pop(0)
            depth += {"(": 1, ")": -1}.get(token, 0)
            if depth == 0:
                break
            if token == "," and depth == 1:
                parts.append("")
            elif not (token == "(" and depth == 1 and parts == [""]):
                parts[-1] += token
        asked, then, otherwise = parts
        return Formula(self.sheet, then if Formula(self.sheet, asked).whole() else otherwise).whole()
