# SPDX-License-Identifier: Apache-2.0
"""Runs the blocks of a page as a reader would: in one folder, one after the other."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tomllib
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
            if name == "pyproject.toml":
                self._install()
            return ""
        text = self._bash(block) if block.language == "bash" else self._python(block)
        return plain(text, self.folder)

    def _install(self) -> None:
        """Do what ``pip install -e .`` would do for a single module: put it and its entry points on the path."""
        project = tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        stem = f"{project['name'].replace('-', '_')}-{project['version']}"
        facts = self.folder / f"{stem}.dist-info"
        facts.mkdir(exist_ok=True)
        named = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        (facts / "METADATA").write_text(named, encoding="utf-8")
        groups = project["entry-points"].items()
        lines = [
            f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in groups
        ]
        (facts / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
        paths = [str(self.folder), self.environment.get("PYTHONPATH", "")]
        self.environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))

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
