# SPDX-License-Identifier: Apache-2.0
"""The explanation tells of every shipped card whether it is fitted, judged or unknown, as the card itself does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.library import find, names

EXPLANATION = Path(__file__).parents[2] / "docs" / "explanation"
PAGES = ("forest.md", "pollution.md", "issuer.md", "wetland.md")
"""Pages that end with a table of what is known: one for each wing."""


def rows() -> dict[str, list[str]]:
    """Return the rows of the last tables by card; a row without a card belongs to the one above it."""
    found: dict[str, list[str]] = {}
    for page in PAGES:
        text = (EXPLANATION / page).read_text(encoding="utf-8")
        section = text.split("## What is fitted, what is judged, what is unknown\n")[1]
        card = ""
        for line in re.findall(r"^\| (?!number|-)(.*) \|$", section.split("## References")[0], re.MULTILINE):
            *_, last = (cell.strip() for cell in line.split("|"))
            named = re.match(r"`([a-z-]+)`", last)
            card = named[1] if named else ("" if last else card)
            if card:
                found.setdefault(card, []).append(line)
    return found


def test_every_shipped_card_has_a_row() -> None:
    assert set(rows()) == set(names("models"))


@pytest.mark.parametrize("name", names("models"))
def test_a_row_says_judgement_where_the_card_does(name: str) -> None:
    path = find("models", name)
    assert path is not None
    card, told = read_card(path), " ".join(rows()[name])
    statuses = {parameter.status for parameter in card.parameters.values()}
    if "confirmed" not in statuses:
        assert re.search(r"judge|from memory|printed year", told), told
        assert re.search(r"\bno\b|factor of four", told), told
    if "unconfirmed" in statuses and name == "catastrophe-reserve-rules":
        assert "unconfirmed" in told
