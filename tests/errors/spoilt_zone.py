# SPDX-License-Identifier: Apache-2.0
"""A folder with a small valid zone, for tests of messages to spoil."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_zone import small_zone
from studied_zone import SCENARIO, write_zone

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.library import find
from greenrisk.scenario.load import load

Change = tuple[str, int, str, object]
"""Table, place of the row, column, new cell."""


class Zone:
    """A folder with a small valid zone, for a test to spoil."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.frames = small_zone()
        self.scenario = SCENARIO

    def set(self, *changes: Change) -> None:
        """Change cells of tables."""
        for table, row, column, value in changes:
            frame = self.frames[f"zone-{table}"]
            frame[column] = frame[column].astype(object)
            frame.loc[row, column] = value

    def say(self, old: str, new: str) -> None:
        """Replace a text of the scenario, which must stand there once."""
        assert self.scenario.count(old) == 1, old
        self.scenario = self.scenario.replace(old, new)

    def add(self, text: str) -> None:
        """Add lines to the end of the scenario."""
        self.scenario += text

    def card(self, name: str, pattern: str, new: str) -> None:
        """Put a shipped card into the folder as ``own.yaml``, a pattern replaced."""
        shipped = find("models", name)
        assert shipped is not None
        text, times = re.subn(pattern, new, shipped.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert times == 1, f"{pattern} stands {times} times in {name}"
        text = text.replace(f"\nname: {name}\n", "\nname: own\n")
        (self.folder / "own.yaml").write_text(text, encoding="utf-8")

    def refusal(self) -> str:
        """Prepare the zone, check that nothing is left behind, and return the whole message."""
        path = write_zone(self.folder, self.frames, self.scenario)
        before = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        with pytest.raises(GreenRiskError) as caught:
            load(path.name).prepare()
        after = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        assert after == before, "something half-written was left behind"
        return str(caught.value)


def places(message: str) -> list[str]:
    """Return file and row of every fault of a message."""
    return [line.split("  ")[0] for line in message.splitlines()[:-1] if not line.startswith("  ")]
