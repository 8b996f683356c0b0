# SPDX-License-Identifier: Apache-2.0
"""The issuer study, small: the shipped scenario with few draws, made once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

import greenrisk
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.job import IssuersJob
from greenrisk.scenario.load import load
from tests.once import once

SMALL = {"knowledge.draws": "5", "credit.portfolio_years": "2000"}
"""Settings of the small study."""


def prepared_issuers(**overrides: str) -> IssuersJob:
    """Prepare the shipped scenario, small; two underscores in a key stand for a dot."""
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    job = load("issuers-jingdezhen", SMALL | given).prepare()
    assert isinstance(job, IssuersJob)
    return job


def small_issuers_run(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real run of the small study, made once for all processes of the tests."""

    def make(folder: Path) -> Path:
        greenrisk.run(load("issuers-jingdezhen", SMALL), out=folder / "run")
        return folder / "run"

    return once(factory, "small-issuers-run", make)


def run_issuers(job: IssuersJob) -> xr.DataTree:
    """Run a job in this process."""
    parts = [job.run_block(block) for block in range(job.n_blocks)]
    return job.finish(parts, Ledger(job.ledger))


def issuers_tree(factory: pytest.TempPathFactory) -> xr.DataTree:
    """Return the result of the small study, made once for all processes of the tests."""

    def make(_folder: Path) -> dict[str, xr.Dataset]:
        tree = run_issuers(prepared_issuers())
        return {node.path: node.to_dataset(inherit=False) for node in tree.subtree}

    return xr.DataTree.from_dict(once(factory, "small-issuers-tree", make))
