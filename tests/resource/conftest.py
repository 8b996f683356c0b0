# SPDX-License-Identifier: Apache-2.0
"""Jobs that several test files of the forest study share."""

from collections.abc import Callable

import pytest
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.resource.job import ForestJob
from greenrisk.scenario.load import load
from tests.once import once
from tests.small_forest import TWO_PERILS

SMALL = {
    "knowledge.draws": "20",
    "knowledge.years": "1000",
    "years": "4000",
    "terms_alternatives.years": "1000",
}

BARE = {key: value for key, value in TWO_PERILS.items() if key != "perils"}
"""Without what names a peril, for tests that take perils out."""

FIRE_ALONE = BARE | {"perils": "[{kind: wildfire}]"}
"""A study of one peril, a fourth as dear."""


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
def parts(job: ForestJob, tmp_path_factory: pytest.TempPathFactory) -> list[xr.Dataset]:
    """All its blocks, in order: whoever wants to finish them in another way need not run them again."""
    return once(
        tmp_path_factory,
        "small-parts",
        lambda folder: [job.run_block(block) for block in range(job.n_blocks)],
    )


@pytest.fixture(scope="session")
def tree(job: ForestJob, parts: list[xr.Dataset]) -> xr.DataTree:
    """Its result."""
    return job.finish(iter(parts), Ledger(job.ledger))
