# SPDX-License-Identifier: Apache-2.0
"""What the scripts behind docs/explanation share: computed tables, printed or put between the marks of a page."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path


def begin(script: str, name: str) -> str:
    """The mark before a table."""
    return f"<!-- {name}: made by benchmarks/{script}.py --write -->"


def end(name: str) -> str:
    """The mark after a table."""
    return f"<!-- /{name} -->"


def run(about: str, script: str, page: Path, tables: Callable[[], Mapping[str, str]]) -> None:
    """Run a script from the command line: print its tables and, with ``--write``, put them into the page."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    arguments = parser.parse_args()
    made = tables()
    for name, text in made.items():
        print(f"{name}\n\n{text}\n")
    if arguments.write:
        whole = page.read_text(encoding="utf-8")
        for name, text in made.items():
            head, rest = whole.split(begin(script, name))
            whole = f"{head}{begin(script, name)}\n{text}\n{end(name)}{rest.split(end(name))[1]}"
        page.write_text(whole, encoding="utf-8")
