# SPDX-License-Identifier: Apache-2.0
"""Every page: its links lead somewhere, it names no machine, somebody links to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|Users|mnt|var)/|[A-Z]:\\")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_inside_the_house_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for target in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_page_names_a_folder_of_somebodys_machine(page: Path) -> None:
    assert MACHINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent != ROOT], ids=lambda page: page.name)
def test_every_page_of_the_docs_is_linked_from_their_table_of_contents(page: Path) -> None:
    contents = ROOT / "docs" / "README.md"
    linked = {
        (contents.parent / target).resolve() for target in LINK.findall(contents.read_text(encoding="utf-8"))
    }
    # The list of the decisions stands on a page of its own.
    decisions = ROOT / "docs" / "adr" / "README.md"
    linked |= {
        (decisions.parent / target).resolve()
        for target in LINK.findall(decisions.read_text(encoding="utf-8"))
    }
    assert page == contents or page in linked
