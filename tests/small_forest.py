# SPDX-License-Identifier: Apache-2.0
"""A real forest scenario that runs in seconds: the first stands of the shipped book, few years, few draws."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

import greenrisk
from greenrisk.core.library import find
from tests.once import once

STANDS = 300

TWO_PERILS = {
    "perils": "[{kind: wildfire}, {kind: storm}]",
    "reinsurance": "{covers: [{kind: quota_share, share: 0.3, commission: 0.2}]}",
    "named_events": "[]",
    "catastrophe_reserve": "null",
}
"""Fire and storm, and nothing that names another peril: half as dear, for tests of what happens around a study."""


def small_forest(folder: Path, two_perils: bool = False, **settings: object) -> Path:
    """Write ``forest.yaml`` and ``book.csv`` into a folder; return the scenario's path.

    Parameters
    ----------
    folder : Path
        An existing folder.
    two_perils : bool
        With :data:`TWO_PERILS` instead of all six.
    **settings
        Keys of the scenario to set, dots as two underscores.
    """
    shipped = find("data", "jingdezhen_stands_synthetic")
    assert shipped is not None
    with shipped.open(encoding="utf-8") as file:
        (folder / "book.csv").write_text("".join(itertools.islice(file, STANDS + 1)), encoding="utf-8")
    keys: dict[str, object] = {"book": "book.csv", "years": 2000, "name": "small-forest"}
    keys |= {"knowledge.draws": 20, "knowledge.years": 1000, "terms_alternatives.years": 1000}
    # Changjiang is the county of the first stands
    keys |= TWO_PERILS if two_perils else {"named_events[1].county": "Changjiang"}
    keys |= {key.replace("__", "."): value for key, value in settings.items()}
    scenario = greenrisk.load("forest-jingdezhen", keys)
    scenario.dump(folder / "forest.yaml")
    return folder / "forest.yaml"


def small_run(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real run of a small forest, made once for all processes of the tests."""

    def make(folder: Path) -> Path:
        greenrisk.run(str(small_forest(folder)), out=folder / "run")
        return folder / "run"

    return once(factory, "small-run", make)


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
