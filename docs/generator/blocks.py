# SPDX-License-Identifier: Apache-2.0
"""The fenced blocks of a page: what they hold, and the page with other text in them.

The first word after the fence is the language. Further words say what a block is for:

- ``output``: a ``text`` block that shows what the last command block before it prints;
- ``exit=2``: a ``bash`` block that is meant to end with that code, and whose output includes its messages;
- ``file=NAME``: the block is a file; it is written before what follows is run;
- ``show``: the block is for reading only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RUNNABLE = ("bash", "python")
"""Languages of the blocks that are run."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Parameters
    ----------
    language : str
        First word after the fence.
    words : tuple of str
        The others.
    text : str
        What stands inside; ends with a line break unless it is empty.
    first, last : int
        Indices of the lines that hold the fences.
    """

    language: str
    words: tuple[str, ...]
    text: str
    first: int
    last: int

    @property
    def is_output(self) -> bool:
        """Whether the block shows what the command before it prints."""
        return "output" in self.words

    @property
    def is_run(self) -> bool:
        """Whether the block is a command or a piece of Python that a reader types."""
        return self.language in RUNNABLE and "show" not in self.words and not self.value("file")

    def value(self, key: str) -> str:
        """Return the text after ``key=`` among the words; empty where there is none."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{key}=")), "")


def read_blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a Markdown page in their order.

    Raises
    ------
    ValueError
        Where a fence is not closed.
    """
    found: list[Block] = []
    lines = page.splitlines()
    opened = -1
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened < 0:
            opened = number
            continue
        language, *words = lines[opened][3:].split() or [""]
        text = "".join(f"{inner}\n" for inner in lines[opened + 1 : number])
        found.append(Block(language, tuple(words), text, opened, number))
        opened = -1
    if opened >= 0:
        raise ValueError(f"The fence in line {opened + 1} is not closed.")
    return found


def with_texts(page: str, texts: Mapping[Block, str]) -> str:
    """Return the page with other texts inside some of its blocks."""
    lines = page.splitlines()
    for block in sorted(texts, key=lambda block: -block.first):
        lines[block.first + 1 : block.last] = texts[block].splitlines()
    return "\n".join(lines) + "\n"


def with_outputs(blocks: list[Block]) -> list[tuple[Block, Block | None]]:
    """Pair each block that is run, or is a file, with the block that shows its output."""
    pairs: list[tuple[Block, Block | None]] = []
    for block in blocks:
        if block.is_output:
            if not pairs or pairs[-1][1] is not None:
                raise ValueError(f"The output in line {block.first + 1} has no command before it.")
            pairs[-1] = (pairs[-1][0], block)
        elif block.is_run or block.value("file"):
            pairs.append((block, None))
    return pairs
