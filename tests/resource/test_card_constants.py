# SPDX-License-Identifier: Apache-2.0
"""Constants of judged cards: they have no range, so each says beside it what it is, on what it rests, and its unit."""

from __future__ import annotations

import re

import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.library import find, names


def constants_of(name: str) -> dict[str, str]:
    """Return the comment beside each constant of a shipped card."""
    path = find("models", name)
    assert path is not None
    block = re.search(r"^constants:\n((?:  .*\n)+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    if block is None:
        return {}
    lines = re.findall(r"^  (\w+): \S+(.*)$", block[1], re.MULTILINE)
    return {key: comment.strip() for key, comment in lines}


@pytest.mark.parametrize("name", names("models"))
def test_a_constant_of_a_judged_card_says_what_it_rests_on_and_its_unit(name: str) -> None:
    path = find("models", name)
    assert path is not None
    card, comments = read_card(path), constants_of(name)
    assert set(comments) == set(card.constants)
    if card.fitted_by == "judgement":
        for constant, comment in comments.items():
            assert re.fullmatch(r"# .+ \[(day|year|m/s|mm|km|ha|unitless)\]", comment), f"{name}: {constant}"
            assert re.search(r"judgement|from memory", comment), f"{name}: {constant}"
