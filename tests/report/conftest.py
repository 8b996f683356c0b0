# SPDX-License-Identifier: Apache-2.0
"""A real run of a small forest, once for all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_forest import small_forest

import greenrisk


@pytest.fixture(scope="session")
def real_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real run."""
    folder = tmp_path_factory.mktemp("real")
    greenrisk.run(str(small_forest(folder)), out=folder / "run")
    return folder / "run"
