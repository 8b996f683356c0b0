# SPDX-License-Identifier: Apache-2.0
"""What is special about the README: two commands, a run on the user's data, the closing line of the tests."""

from __future__ import annotations

from generator.blocks import Block, read_blocks

README_RUNS = tuple(
    f"runs/{name}"
    for name in (
        "forest-jingdezhen",
        "zone-leping",
        "issuers-jingdezhen",
        "fire-index-jiangxi",
        "wetland-manaus",
    )
)
"""Run folders that the commands of the wings make, in the order of the page of the run folder."""

INSTALL = "python -m pip install"
"""How a command begins that sets things up; left out when a page is refreshed."""


def commands(page: str) -> list[str]:
    """Return the commands of the README's bash blocks in their order, each in one line."""
    return [block.text.strip() for block in read_blocks(page) if block.language == "bash"]


def without_install(command: str) -> str:
    """Return a command without the part that installs."""
    first, both, rest = command.partition(" && ")
    return rest if both and first.startswith(INSTALL) else command


def pytest_output(blocks: list[Block]) -> Block:
    """Return the block that quotes the last line of the tests."""
    return _marked(blocks, "pytest")


def itr_output(blocks: list[Block]) -> Block:
    """Return the block that quotes the run on the ITR sample, whose workbook the user brings."""
    return _marked(blocks, "itr")


def _marked(blocks: list[Block], word: str) -> Block:
    """Return the one block with a mark.

    Raises
    ------
    ValueError
        Where there is none, or more than one.
    """
    found = [block for block in blocks if word in block.words]
    if len(found) != 1:
        raise ValueError(f"The README has {len(found)} blocks marked `{word}`; it needs one.")
    return found[0]
