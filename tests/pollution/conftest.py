# SPDX-License-Identifier: Apache-2.0
"""Jobs that several test files of the zone study share."""

from __future__ import annotations

import pytest
import xarray as xr
from studied_zone import parts_of, prepared

from greenrisk.core.ledger import Ledger
from greenrisk.pollution.job import ZoneJob


@pytest.fixture(scope="session")
def job() -> ZoneJob:
    """The shipped scenario, small."""
    return prepared()


@pytest.fixture(scope="session")
def parts(job: ZoneJob) -> list[xr.Dataset]:
    """All its parts."""
    return parts_of(job)


@pytest.fixture(scope="session")
def tree(job: ZoneJob, parts: list[xr.Dataset]) -> xr.DataTree:
    """Its result."""
    return job.finish(iter(parts), Ledger(job.ledger))
