# SPDX-License-Identifier: Apache-2.0
"""What the benchmark scripts share: the tables of README.md between their marks, and the machine they ran on."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

README = Path(__file__).with_name("README.md")


def replaced(text: str, tables: Mapping[str, Sequence[str]]) -> str:
    """Return the text with the lines between ``<!-- name -->`` and ``<!-- /name -->`` replaced, for each name."""
    for name, rows in tables.items():
        before, rest = text.split(f"<!-- {name} -->\n")
        after = rest.split(f"<!-- /{name} -->", 1)[1]
        text = f"{before}<!-- {name} -->\n" + "\n".join(rows) + f"\n<!-- /{name} -->{after}"
    return text


def publish(tables: Mapping[str, Sequence[str]], write: bool) -> None:
    """Print the tables and, where ``write``, put them into README.md."""
    for name, rows in tables.items():
        print(f"\n{name}\n" + "\n".join(rows))
    text = replaced(README.read_text(encoding="utf-8"), tables)
    if write:
        README.write_text(text, encoding="utf-8", newline="\n")


def machine(packages: Sequence[str]) -> list[str]:
    """Say what the figures were measured on, with the versions of the packages that are installed."""
    versions = []
    for name in packages:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    return [
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}, "
        f"{', '.join(versions)}; one thread; load average {os.getloadavg()[0]:.1f} at the start."
    ]
