# SPDX-License-Identifier: Apache-2.0
"""The issuer study with a production path, small: the shipped scenario with changes of its text."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.library import library_root
from greenrisk.issuer.job import IssuersJob
from greenrisk.scenario.load import load
from tests.studied_issuers import run_issuers

SHIPPED = library_root() / "scenarios" / "issuers-late-sudden.yaml"
DATA = library_root() / "data"
NONE = {"knowledge.draws": "0", "knowledge.tornado": "false", "credit.portfolio_years": "2000"}


def own(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the shipped scenario with changes of its text."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def run(path: Path | str, keys: dict[str, str] | None = None, data: Path | None = None) -> xr.DataTree:
    job = load(path, NONE if keys is None else keys).prepare(data_dir=data)
    assert isinstance(job, IssuersJob)
    return run_issuers(job)


def faults_of(path: Path | str, data: Path | None = None) -> list[str]:
    with pytest.raises(GreenRiskError) as caught:
        load(path).prepare(data_dir=data)
    return [f"{fault.where} {fault.what} {fault.expected}" for fault in caught.value.faults]
