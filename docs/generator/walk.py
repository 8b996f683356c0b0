# SPDX-License-Identifier: Apache-2.0
"""A page walked as a reader would: what its blocks print now beside what it shows."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from generator.blocks import Block, read_blocks, with_outputs, with_texts
from generator.session import Session


@dataclass(frozen=True)
class Walked:
    """A page whose blocks were run.

    Parameters
    ----------
    page : str
        Its text.
    printed : dict
        What each output block ought to show.
    folder : Path
        Where it was run.
    """

    page: str
    printed: dict[Block, str]
    folder: Path

    def refreshed(self) -> str:
        """Return the page with what is printed now."""
        return with_texts(self.page, self.printed)

    def stale(self) -> list[str]:
        """Return the output blocks that do not show what is printed now."""
        return [
            f"line {block.first + 1}, the page shows\n{block.text}but now it prints\n{text}"
            for block, text in self.printed.items()
            if block.text != text
        ]


def walk(path: Path, folder: Path) -> Walked:
    """Run every block of a page, in order, in an empty folder.

    Raises
    ------
    BlockFailed
        Where a block ends in another way than the page says.
    """
    page = path.read_text(encoding="utf-8")
    session = Session(folder)
    printed: dict[Block, str] = {}
    for block, shown in with_outputs(read_blocks(page)):
        text = session.run(block)
        if shown is not None:
            printed[shown] = text
    return Walked(page, printed, folder)


def itr_run(folder: Path, data: Path) -> str:
    """Return the first lines that the run on the ITR sample prints.

    Parameters
    ----------
    folder : Path
        Where it is run; empty.
    data : Path
        Folder of the workbook.
    """
    command = f"greenrisk run issuers-itr --data-dir {shlex.quote(str(data))} | sed -n '1,15p'\n"
    return Session(folder).run(Block("bash", (), command, 0, 0))
