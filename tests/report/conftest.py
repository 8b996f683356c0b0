# SPDX-License-Identifier: Apache-2.0
"""A real run of a small forest, once for all tests of the report; pages whose figures are not painted."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from small_forest import small_run

from greenrisk.report.charts import plate


@pytest.fixture(scope="session")
def real_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real run."""
    return small_run(tmp_path_factory)


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the paint of figures out, for tests of words: titles, texts and tables are made as ever."""

    def empty(name: str, painter: object, width: int, height: int, narrow: bool, alt: str) -> str:
        return f'<svg class="chart" aria-label="{escape(alt)}"></svg>'

    monkeypatch.setattr(plate, "_svg", empty)
