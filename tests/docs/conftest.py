# SPDX-License-Identifier: Apache-2.0
"""Puts the generator of the docs on the path; walks the README once: its blocks take two full runs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from generator.walk import Walked, walk  # noqa: E402


@pytest.fixture(scope="session")
def bash() -> str:
    found = shutil.which("bash")
    if found is None:
        pytest.skip("The blocks of the pages are written for bash, which is not here.")
    return found


@pytest.fixture(scope="session")
def walked_readme(bash: str, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """All who ask for it stand in one file: with ``--dist loadfile`` another file may be another process."""
    return walk(ROOT / "README.md", tmp_path_factory.mktemp("readme"))
