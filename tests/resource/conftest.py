# SPDX-License-Identifier: Apache-2.0
"""Jobs that several test files of the forest study share."""

from collections.abc import Callable

import pytest
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.resource.job import ForestJob
from greenrisk.scenario.load import load

SMALL = {
    "knowledge.draws": "20",
    "knowledge.years": "1000",
    "years": "4000",
    "terms_alternatives.years": "1000",
}

BARE = {
    "reinsurance": "{covers: [{kind: quota_share, share: 0.3, commission: 0.2}]}",
    "named_events": "[]",
    "catastrophe_reserve": "null",
}
"""Without what names a peril, for tests that take perils out."""


@pytest.fixture(scope="session")
def prepare() -> Callable[..., ForestJob]:
    """Prepare the shipped scenario with overrides; keys use dots."""

    def prepared(**overrides: str) -> ForestJob:
        return load("forest-jingdezhen", SMALL | overrides).prepare()

    return prepared


def run(job: ForestJob) -> xr.DataTree:
    """Run a job in this process."""
    return job.finish((job.run_block(block) for block in range(job.n_blocks)), Ledger(job.ledger))


@pytest.fixture(scope="session")
def job(prepare: Callable[..., ForestJob]) -> ForestJob:
    """The shipped scenario, small."""
    return prepare()


@pytest.fixture(scope="session")
def tree(job: ForestJob) -> xr.DataTree:
    """Its result."""
    return run(job)
