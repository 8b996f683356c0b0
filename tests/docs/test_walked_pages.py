# SPDX-License-Identifier: Apache-2.0
"""The tutorials and the how-to guides, walked as a reader would: every block is run, every output compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from generate import walked_pages
from generator.walk import walk

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.usefixtures("bash")
@pytest.mark.parametrize("name", walked_pages())
def test_every_block_of_a_page_does_what_the_page_says(name: str, tmp_path: Path) -> None:
    stale = walk(ROOT / name, tmp_path).stale()
    assert not stale, "\n".join([*stale, "Refresh with `python docs/generate.py --write`."])


def test_the_tutorial_is_among_the_walked_pages() -> None:
    assert "docs/tutorials/forest.md" in walked_pages()
