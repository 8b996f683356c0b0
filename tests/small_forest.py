# SPDX-License-Identifier: Apache-2.0
"""A real forest scenario that runs in seconds: the first stands of the shipped book, few years, few draws."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import greenrisk
from greenrisk.core.library import find

STANDS = 300


def small_forest(folder: Path, **settings: object) -> Path:
    """Write ``forest.yaml`` and ``book.csv`` into a folder; return the scenario's path.

    Parameters
    ----------
    folder : Path
        An existing folder.
    **settings
        Keys of the scenario to set, dots as two underscores.
    """
    shipped = find("data", "jingdezhen_stands_synthetic")
    assert shipped is not None
    with shipped.open(encoding="utf-8") as file:
        (folder / "book.csv").write_text("".join(itertools.islice(file, STANDS + 1)), encoding="utf-8")
    keys: dict[str, object] = {"book": "book.csv", "years": 2000, "name": "small-forest"}
    keys |= {"knowledge.draws": 20, "knowledge.years": 1000, "terms_alternatives.years": 1000}
    keys |= {"named_events[1].county": "Changjiang"}  # the county of the first stands
    keys |= {key.replace("__", "."): value for key, value in settings.items()}
    scenario = greenrisk.load("forest-jingdezhen", keys)
    scenario.dump(folder / "forest.yaml")
    return folder / "forest.yaml"


def command(*words: str | Path) -> list[str]:
    """Return the command line of ``greenrisk`` with the running interpreter."""
    return [sys.executable, "-m", "greenrisk", *map(str, words)]


def greenrisk_command(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the real command in a folder and return what it printed."""
    root = str(Path(greenrisk.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root, "PYTHONUTF8": "1"}
    return subprocess.run(
        command(*words), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
