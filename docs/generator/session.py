# SPDX-License-Identifier: Apache-2.0
"""Runs the blocks of a page as a reader would: in one folder, one after the other."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from generator.blocks import Block
from generator.readme import without_install

COLUMNS = "100"
"""Width of the terminal that the pages assume."""


class BlockFailed(Exception):
    """A block of a page does not do what the page says."""


class Session:
    """A folder, a shell environment and a Python namespace that the blocks of one page share.

    Parameters
    ----------
    folder : Path
        Where the blocks are run; empty at the start.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.names: dict[str, Any] = {"__name__": "__main__"}
        environment = {key: value for key, value in os.environ.items() if key != "GREENRISK_DATA"}
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
        environment |= {"COLUMNS": COLUMNS, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"}
        self.environment = environment

    def run(self, block: Block) -> str:
        """Run a block, or write the file that it is; return what it prints.

        Raises
        ------
        BlockFailed
            Where it ends in another way than the page says.
        """
        if name := block.value("file"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(block.text, encoding="utf-8")
            return ""
        text = self._bash(block) if block.language == "bash" else self._python(block)
        return plain(text, self.folder)

    def _bash(self, block: Block) -> str:
        expected = int(block.value("exit") or 0)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", without_install(block.text)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != expected:
            raise BlockFailed(
                f"line {block.first + 1}: ends with {done.returncode}, not {expected}\n"
                f"{block.text}{done.stdout}{done.stderr}"
            )
        return done.stdout + done.stderr if expected else done.stdout

    def _python(self, block: Block) -> str:
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            try:
                # Line numbers in a traceback are those of the page.
                code = compile("\n" * (block.first + 1) + block.text, "page", "exec")
                exec(code, self.names)
            except Exception as error:
                raise BlockFailed(f"line {block.first + 1}: {type(error).__name__}: {error}") from error
        return printed.getvalue()


def plain(text: str, folder: Path) -> str:
    """Return what was printed without the name of the folder and without spaces at line ends."""
    lines = text.replace(str(folder), "FOLDER").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)
